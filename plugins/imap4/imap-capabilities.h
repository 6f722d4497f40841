/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the server offers: its words as they came, and a bit for each that the engine itself asks about. */
#pragma once

#include <posthorn/posthorn.h>

typedef enum {
  PH_IMAP_STARTTLS         = 1 << 0,
  PH_IMAP_LOGIN_DISABLED   = 1 << 1,
  PH_IMAP_SASL_IR          = 1 << 2,
  PH_IMAP_LITERAL_PLUS     = 1 << 3,
  PH_IMAP_LITERAL_MINUS    = 1 << 4,
  PH_IMAP_ENABLE           = 1 << 5,
  PH_IMAP_UIDPLUS          = 1 << 6,
  PH_IMAP_UNSELECT         = 1 << 7,
  PH_IMAP_ESEARCH          = 1 << 8,
  PH_IMAP_LIST_EXTENDED    = 1 << 9,
  PH_IMAP_LIST_STATUS      = 1 << 10,
  PH_IMAP_SPECIAL_USE      = 1 << 11,
  PH_IMAP_BINARY           = 1 << 12,
  PH_IMAP_REV1             = 1 << 13,
  PH_IMAP_REV2             = 1 << 14,
  PH_IMAP_UTF8_ACCEPT      = 1 << 15,
  PH_IMAP_CONDSTORE        = 1 << 16,
  PH_IMAP_MOVE             = 1 << 18,
  PH_IMAP_QRESYNC          = 1 << 17,   /* not by being listed: once it is ENABLED */
  PH_IMAP_UIDONLY          = 1 << 19,   /* the same */
  PH_IMAP_SEARCHRES        = 1 << 20,
  PH_IMAP_WITHIN           = 1 << 21,
  PH_IMAP_PARTIAL          = 1 << 22,
  PH_IMAP_OTHER_PAGES      = 1 << 23,   /* how an extension asks for pages, where there is one */
  PH_IMAP_MULTIAPPEND      = 1 << 24,
  PH_IMAP_REPLACE          = 1 << 25,
  PH_IMAP_CREATE_FOR_USE   = 1 << 26,
  PH_IMAP_UIDBATCHES       = 1 << 27,
  PH_IMAP_BINARY_FETCH     = 1 << 28,   /* of BINARY what IMAP4rev2 has */
  PH_IMAP_NO_RECENT        = 1 << 29,   /* IMAP4rev2 is spoken, which has no \Recent */
  PH_IMAP_OTHER_LIST       = 1 << 30    /* the command that an extension has in place of LIST, where there is one */
} PhImapFeatures;

/* What IMAP4rev2 has within it (RFC 9051 appendix E). It counts where a server speaks nothing else, or once it is ENABLED: others must be
 * told first to behave as rev2, and list these words anyway. */
#define PH_IMAP_REV2_FEATURES \
  (PH_IMAP_SASL_IR | PH_IMAP_LITERAL_MINUS | PH_IMAP_ENABLE | PH_IMAP_UIDPLUS | PH_IMAP_UNSELECT | PH_IMAP_MOVE | PH_IMAP_ESEARCH | \
   PH_IMAP_SEARCHRES | PH_IMAP_LIST_EXTENDED | PH_IMAP_LIST_STATUS | PH_IMAP_SPECIAL_USE | PH_IMAP_BINARY_FETCH | \
   PH_IMAP_NO_RECENT)

typedef struct {
  GPtrArray     *words;      /* NULL-terminated */
  PhImapFeatures features;
  PhImapFeatures broken;     /* advertised, and then answered with BAD: off for the session */
} PhImapCapabilities;

void           ph_imap_capabilities_init           (PhImapCapabilities *self);
void           ph_imap_capabilities_clear          (PhImapCapabilities *self);
/* @words: as a CAPABILITY response or code has them */
void           ph_imap_capabilities_set            (PhImapCapabilities *self, const PhValue *words);
void           ph_imap_capabilities_forget         (PhImapCapabilities *self);
gboolean       ph_imap_capabilities_are_known      (const PhImapCapabilities *self);
PhImapFeatures ph_imap_capabilities_get            (const PhImapCapabilities *self);
/* case-insensitive */
gboolean       ph_imap_capabilities_has            (const PhImapCapabilities *self, const char *word);
/* The number behind @word: "APPENDLIMIT=" */
gboolean       ph_imap_capabilities_get_number     (const PhImapCapabilities *self, const char *word, guint64 *number);
/* "PLAIN" of each "AUTH=PLAIN". (transfer full) */
char         **ph_imap_capabilities_dup_mechanisms (const PhImapCapabilities *self);
