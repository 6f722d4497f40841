/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Octets that are copied, and looked at, many at once. PH_NO_SSE2: one by one, as where there is no SSE2. PH_IMAP_AVX2 is imap-run-wide.c's alone,
 * since not all machines have it.
 */
#pragma once

#include <glib.h>

#include <string.h>

#if defined PH_IMAP_AVX2
#include <immintrin.h>
#define PH_IMAP_BLOCK 32

/* @table: what is looked for, each at the place that its lower four bits say; elsewhere what has other lower bits. Tables are in another file,
 * since compilers make what they know anew each time. */
static inline __m256i
ph_imap_find (__m256i octets, const guint8 *table)
{
  return _mm256_cmpeq_epi8 (_mm256_shuffle_epi8 (*(const __m256i *) (gconstpointer) table, octets), octets);
}
#elif defined __SSE2__ && !defined PH_NO_SSE2
#define PH_IMAP_SSE2
#include <emmintrin.h>
#define PH_IMAP_BLOCK 16
#else
#define PH_IMAP_BLOCK 16
#endif

/* What ph_imap_copy_clean_block () looks things up in. A function of many strings has it for all of them, where there are registers for it. */
typedef struct {
#if defined PH_IMAP_AVX2
  __m256i blanks;
  __m256i unclean;
#else
  char nothing;
#endif
} PhImapTables;

static inline PhImapTables
ph_imap_get_tables (void)
{
  PhImapTables tables;

#if defined PH_IMAP_AVX2
  tables.blanks = *(const __m256i *) (gconstpointer) ph_imap_blanks;
  tables.unclean = *(const __m256i *) (gconstpointer) ph_imap_unclean;
  /* or they are loaded for each string, since compilers know where they come from */
  __asm__ ("" : "+x" (tables.blanks), "+x" (tables.unclean));
#else
  tables.nothing = 0;
#endif
  return tables;
}

/*
 * All copy up to PH_IMAP_BLOCK octets, and tell how many come before the first that needs a look; PH_IMAP_BLOCK: all. There is room for as many
 * on both sides.
 */

/* What isn't printable ASCII, and a quote, a backslash, an equals sign */
static inline guint
ph_imap_copy_clean_block (guint8 *to, const char *from, const PhImapTables *tables)
{
#if defined PH_IMAP_AVX2
  __m256i octets = _mm256_loadu_si256 ((const __m256i *) (gconstpointer) from);
  /* what is beyond ASCII is negative */
  __m256i controls = _mm256_cmpgt_epi8 (tables->blanks, octets);
  __m256i unclean = _mm256_cmpeq_epi8 (_mm256_shuffle_epi8 (tables->unclean, octets), octets);

  _mm256_storeu_si256 ((__m256i *) (gpointer) to, octets);
  return _tzcnt_u32 ((guint32) _mm256_movemask_epi8 (_mm256_or_si256 (controls, unclean)));
#elif defined PH_IMAP_SSE2
  __m128i octets = _mm_loadu_si128 ((const __m128i *) (gconstpointer) from);
  /* DEL becomes the lowest by 1, and what is beyond ASCII is negative already, as is all that is not greater than a blank */
  __m128i printable = _mm_cmpgt_epi8 (_mm_add_epi8 (octets, _mm_set1_epi8 (1)), _mm_set1_epi8 (' '));
  __m128i special = _mm_or_si128 (_mm_or_si128 (_mm_cmpeq_epi8 (octets, _mm_set1_epi8 ('"')), _mm_cmpeq_epi8 (octets, _mm_set1_epi8 ('\\'))),
                                  _mm_cmpeq_epi8 (octets, _mm_set1_epi8 ('=')));

  _mm_storeu_si128 ((__m128i *) (gpointer) to, octets);
  return (guint) __builtin_ctz (~(guint) _mm_movemask_epi8 (_mm_andnot_si128 (special, printable)));
#else
  guint n = 0;

  while (n < PH_IMAP_BLOCK && (guint8) (from[n] - ' ') < 0x7f - ' ' && from[n] != '"' && from[n] != '\\' && from[n] != '=')
    {
      to[n] = (guint8) from[n];
      n++;
    }
  return n;
#endif
}

/* A quote, a backslash, a line end */
static inline guint
ph_imap_copy_quoted_block (guint8 *to, const char *from)
{
#if defined PH_IMAP_AVX2
  __m256i octets = _mm256_loadu_si256 ((const __m256i *) (gconstpointer) from);

  _mm256_storeu_si256 ((__m256i *) (gpointer) to, octets);
  return _tzcnt_u32 ((guint32) _mm256_movemask_epi8 (ph_imap_find (octets, ph_imap_ends_quoted)));
#elif defined PH_IMAP_SSE2
  __m128i octets = _mm_loadu_si128 ((const __m128i *) (gconstpointer) from);
  __m128i found = _mm_or_si128 (_mm_or_si128 (_mm_cmpeq_epi8 (octets, _mm_set1_epi8 ('"')), _mm_cmpeq_epi8 (octets, _mm_set1_epi8 ('\\'))),
                                _mm_cmpeq_epi8 (octets, _mm_set1_epi8 ('\n')));

  _mm_storeu_si128 ((__m128i *) (gpointer) to, octets);
  return (guint) __builtin_ctz ((guint) _mm_movemask_epi8 (found) | 1u << PH_IMAP_BLOCK);
#else
  guint n = 0;

  while (n < PH_IMAP_BLOCK && from[n] != '"' && from[n] != '\\' && from[n] != '\n')
    {
      to[n] = (guint8) from[n];
      n++;
    }
  return n;
#endif
}

/* What can end an atom, whether it does here or not */
static inline guint
ph_imap_copy_atom_block (guint8 *to, const char *from)
{
#if defined PH_IMAP_AVX2
  __m256i octets = _mm256_loadu_si256 ((const __m256i *) (gconstpointer) from);
  __m256i controls = _mm256_cmpeq_epi8 (_mm256_min_epu8 (octets, *(const __m256i *) (gconstpointer) ph_imap_blanks), octets);

  _mm256_storeu_si256 ((__m256i *) (gpointer) to, octets);
  return _tzcnt_u32 ((guint32) _mm256_movemask_epi8 (_mm256_or_si256 (controls, ph_imap_find (octets, ph_imap_ends_atom))));
#elif defined PH_IMAP_SSE2
  __m128i octets = _mm_loadu_si128 ((const __m128i *) (gconstpointer) from);
  __m128i controls = _mm_cmpeq_epi8 (_mm_min_epu8 (octets, _mm_set1_epi8 (' ')), octets);
  __m128i parentheses = _mm_cmpeq_epi8 (_mm_and_si128 (octets, _mm_set1_epi8 ((char) 0xfe)), _mm_set1_epi8 ('('));
  __m128i found = _mm_or_si128 (_mm_or_si128 (controls, parentheses), _mm_cmpeq_epi8 (octets, _mm_set1_epi8 ('[')));

  _mm_storeu_si128 ((__m128i *) (gpointer) to, octets);
  return (guint) __builtin_ctz ((guint) _mm_movemask_epi8 (found) | 1u << PH_IMAP_BLOCK);
#else
  guint n = 0;

  while (n < PH_IMAP_BLOCK && (guint8) from[n] > ' ' && from[n] != '(' && from[n] != ')' && from[n] != '[')
    {
      to[n] = (guint8) from[n];
      n++;
    }
  return n;
#endif
}

static inline gboolean
ph_imap_is_same_block (const char *octets, const char *others)
{
#if defined PH_IMAP_AVX2
  __m256i same = _mm256_cmpeq_epi8 (_mm256_loadu_si256 ((const __m256i *) (gconstpointer) octets),
                                    _mm256_loadu_si256 ((const __m256i *) (gconstpointer) others));

  return _mm256_movemask_epi8 (same) == -1;
#elif defined PH_IMAP_SSE2
  __m128i same = _mm_cmpeq_epi8 (_mm_loadu_si128 ((const __m128i *) (gconstpointer) octets),
                                 _mm_loadu_si128 ((const __m128i *) (gconstpointer) others));

  return _mm_movemask_epi8 (same) == 0xffff;
#else
  return memcmp (octets, others, PH_IMAP_BLOCK) == 0;
#endif
}
