/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program knows of a mailbox, and what has become different since. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

/* UIDVALIDITY, a mod-sequence, and for each UID its flags. Filled by its owner, not changed once handed on. */
#define PH_TYPE_MAILBOX_STATE (ph_mailbox_state_get_type ())
PH_AVAILABLE_IN_1_0 GType           ph_mailbox_state_get_type         (void) G_GNUC_CONST;
/* 0 for what isn't known */
PH_AVAILABLE_IN_1_0 PhMailboxState *ph_mailbox_state_new              (guint32 uid_validity, guint64 mod_seq);
PH_AVAILABLE_IN_1_0 PhMailboxState *ph_mailbox_state_ref              (PhMailboxState *self);
PH_AVAILABLE_IN_1_0 void            ph_mailbox_state_unref            (PhMailboxState *self);
/* @flags NULL: not known. What was added of that UID before is forgotten */
PH_AVAILABLE_IN_1_0 void            ph_mailbox_state_add              (PhMailboxState *self, guint32 uid, const char *const *flags);
/* The same of many, without flags */
PH_AVAILABLE_IN_1_0 void            ph_mailbox_state_add_uids         (PhMailboxState *self, PhMessageSet *uids);
PH_AVAILABLE_IN_1_0 guint32         ph_mailbox_state_get_uid_validity (PhMailboxState *self);
PH_AVAILABLE_IN_1_0 guint64         ph_mailbox_state_get_mod_seq      (PhMailboxState *self);
PH_AVAILABLE_IN_1_0 guint           ph_mailbox_state_get_n_messages   (PhMailboxState *self);
PH_AVAILABLE_IN_1_0 gboolean        ph_mailbox_state_contains         (PhMailboxState *self, guint32 uid);
/* (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet   *ph_mailbox_state_get_uids         (PhMailboxState *self);
/* NULL where they aren't known; in an order of their own, \Recent not among them. (transfer full) (nullable) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 char          **ph_mailbox_state_get_flags        (PhMailboxState *self, guint32 uid);
/* To be kept in a file, and back; PH_ERROR_INVALID_ARGUMENT. (transfer full) */
PH_AVAILABLE_IN_1_0 GBytes         *ph_mailbox_state_to_bytes         (PhMailboxState *self);
PH_AVAILABLE_IN_1_0 PhMailboxState *ph_mailbox_state_new_from_bytes   (GBytes *bytes, GError **error);
/* For engines. What @from knows goes to @self, of the UIDs in @only (nullable: all) but those in @without (nullable); what @self was told
 * before counts more. And UIDs that @self doesn't know yet, without flags. */
PH_AVAILABLE_IN_1_0 void            ph_mailbox_state_inherit          (PhMailboxState *self, PhMailboxState *from, PhMessageSet *only, PhMessageSet *without);
PH_AVAILABLE_IN_1_0 void            ph_mailbox_state_add_missing      (PhMailboxState *self, PhMessageSet *uids);

/**
 * PhDeltaMethod:
 * @PH_DELTA_SEARCH: all UIDs and flags were fetched and compared
 * @PH_DELTA_CONDSTORE: what changed was told by mod-sequence, and all UIDs were searched for
 * @PH_DELTA_QRESYNC: what changed and what vanished was told by mod-sequence
 *
 * How a [struct@Delta] was found.
 */
typedef enum {
  PH_DELTA_SEARCH,
  PH_DELTA_CONDSTORE,
  PH_DELTA_QRESYNC
} PhDeltaMethod;

#define PH_TYPE_DELTA (ph_delta_get_type ())
PH_AVAILABLE_IN_1_0 GType           ph_delta_get_type     (void) G_GNUC_CONST;
/* For engines: what lies between @before (nullable: nothing was known) and @now */
PH_AVAILABLE_IN_1_0 PhDelta        *ph_delta_new          (PhMailboxState *before, PhMailboxState *now, PhDeltaMethod method);
PH_AVAILABLE_IN_1_0 PhDelta        *ph_delta_ref          (PhDelta *self);
PH_AVAILABLE_IN_1_0 void            ph_delta_unref        (PhDelta *self);
/* UIDVALIDITY is another: what was known is worth nothing, and every message is in added */
PH_AVAILABLE_IN_1_0 gboolean        ph_delta_is_reset     (PhDelta *self);
PH_AVAILABLE_IN_1_0 PhDeltaMethod   ph_delta_get_method   (PhDelta *self);
/* (transfer none) each */
PH_AVAILABLE_IN_1_0 PhMessageSet   *ph_delta_get_added    (PhDelta *self);
/* Flags are others than they were, or were not known */
PH_AVAILABLE_IN_1_0 PhMessageSet   *ph_delta_get_changed  (PhDelta *self);
PH_AVAILABLE_IN_1_0 PhMessageSet   *ph_delta_get_vanished (PhDelta *self);
/* What is known now: for the next call, and where the flags stand. (transfer none) */
PH_AVAILABLE_IN_1_0 PhMailboxState *ph_delta_get_state    (PhDelta *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMailboxState, ph_mailbox_state_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhDelta, ph_delta_unref)

G_END_DECLS
