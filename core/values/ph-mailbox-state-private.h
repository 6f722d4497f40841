/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailboxState as PhDelta reads it. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef struct {
  guint32 uid;
  guint32 flags;  /* which flag set, counted from 1; 0: not known */
} PhStateEntry;

typedef struct {
  char *key;      /* a GRefString, the same pointer for the same set in every state */
  char *text;     /* as they were written, sorted */
} PhFlagSet;

struct _PhMailboxState {
  gatomicrefcount refs;
  guint32         uid_validity;
  guint64         mod_seq;
  GArray         *entries;
  gboolean        unsorted;
  GPtrArray      *flag_sets;
  GHashTable     *by_key;
};

/* Ascending */
const PhStateEntry *ph_mailbox_state_peek    (PhMailboxState *self, guint *n_entries);
/* The same pointer for the same flags, in whichever state */
const char         *ph_mailbox_state_get_key (PhMailboxState *self, guint32 flags);

G_END_DECLS
