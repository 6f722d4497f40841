/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What PhMailbox consists of, for its own files. */
#pragma once

#include "ph-mailbox-private.h"
#include "ph-uid-map.h"

G_BEGIN_DECLS

enum {
  PH_MAILBOX_PROP_NAME = 1,
  PH_MAILBOX_PROP_N_MESSAGES,
  PH_MAILBOX_PROP_N_RECENT,
  PH_MAILBOX_PROP_FIRST_UNSEEN,
  PH_MAILBOX_PROP_UID_VALIDITY,
  PH_MAILBOX_PROP_UID_NEXT,
  PH_MAILBOX_PROP_HIGHEST_MOD_SEQ,
  PH_MAILBOX_PROP_FLAGS,
  PH_MAILBOX_PROP_PERMANENT_FLAGS,
  PH_MAILBOX_PROP_READ_ONLY,
  PH_MAILBOX_PROP_UIDS_STICK,
  PH_MAILBOX_PROP_SELECTED,
  PH_MAILBOX_N_PROPERTIES
};

enum {
  PH_MAILBOX_MESSAGE_ADDED,
  PH_MAILBOX_MESSAGE_REMOVED,
  PH_MAILBOX_FLAGS_CHANGED,
  PH_MAILBOX_UID_VALIDITY_CHANGED,
  PH_MAILBOX_N_SIGNALS
};

extern GParamSpec *ph_mailbox_properties[PH_MAILBOX_N_PROPERTIES];
extern guint ph_mailbox_signals[PH_MAILBOX_N_SIGNALS];

struct _PhMailbox {
  GObject parent_instance;

  char *name;

  /* what the server told last */
  guint32 n_messages;
  guint32 n_recent;
  guint32 first_unseen;
  guint32 uid_validity;
  guint32 uid_next;
  guint64 highest_mod_seq;
  char **flags;
  char **permanent_flags; /* NULL until told: then all flags are permanent, RFC 9051 section 6.3.2 */
  gboolean read_only;
  gboolean uids_stick;
  gboolean selected;

  PhUidMap *uids;         /* NULL while nobody asked for them */
  guint32 first_new;      /* the first that "message-added" is still to tell of; 0: none */
};

G_END_DECLS
