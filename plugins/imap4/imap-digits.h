/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Short numbers, whose digits are looked at eight at once; and numbers as text. */
#pragma once

#include <glib.h>

#include <string.h>

static inline guint64
ph_imap_load_digits (const char *p)
{
  guint64 octets;

  memcpy (&octets, p, sizeof octets);
  return GUINT64_FROM_LE (octets) ^ G_GUINT64_CONSTANT (0x3030303030303030);
}

/* Room for any number and a NUL */
#define PH_IMAP_NUMBER_ROOM 21

/* Writes @number so that it ends in front of @end; returns where its first digit is. */
static inline char *
ph_imap_put_digits (char *end, guint64 number)
{
  do
    *--end = (char) ('0' + number % 10);
  while ((number /= 10) != 0);
  return end;
}

/* How many digits begin the eight octets at @p */
static inline guint
ph_imap_count_digits (const char *p)
{
  guint64 octets = ph_imap_load_digits (p);
  guint64 others = ((octets + G_GUINT64_CONSTANT (0x7676767676767676)) | octets) & G_GUINT64_CONSTANT (0x8080808080808080);

  return others != 0 ? (guint) __builtin_ctzll (others) / 8 : 8;
}

/* The number that the first @n of eight octets are, one to eight digits: pairs become numbers, these pairs of numbers, and so on */
static inline guint32
ph_imap_read_digits (const char *p, guint n)
{
  guint64 octets = ph_imap_load_digits (p) << (64 - 8 * n);

  octets = (octets * (1 + (10 << 8))) >> 8 & G_GUINT64_CONSTANT (0x00ff00ff00ff00ff);
  octets = (octets * (1 + (100 << 16))) >> 16 & G_GUINT64_CONSTANT (0x0000ffff0000ffff);
  return (guint32) (octets * (1 + (G_GUINT64_CONSTANT (10000) << 32)) >> 32);
}
