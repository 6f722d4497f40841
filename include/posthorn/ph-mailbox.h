/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailbox: the selected mailbox, kept true. PhMailboxInfo, PhMailboxStatus: what LIST and STATUS told. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_MAILBOX (ph_mailbox_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhMailbox, ph_mailbox, PH, MAILBOX, GObject)

/*
 * Properties of the same names, notified when the server tells of a change; signals
 * "message-added" (guint32 number, guint32 uid; uid 0 where the server did not say it),
 * "message-removed" (guint32 number, guint32 uid), "flags-changed" (PhMessage), "uid-validity-changed" (guint32 before).
 */
PH_AVAILABLE_IN_1_0 const char        *ph_mailbox_get_name            (PhMailbox *self);
PH_AVAILABLE_IN_1_0 guint32            ph_mailbox_get_n_messages      (PhMailbox *self);
PH_AVAILABLE_IN_1_0 guint32            ph_mailbox_get_n_recent        (PhMailbox *self);
/* number of the first unseen message; 0 unknown */
PH_AVAILABLE_IN_1_0 guint32            ph_mailbox_get_first_unseen    (PhMailbox *self);
PH_AVAILABLE_IN_1_0 guint32            ph_mailbox_get_uid_validity    (PhMailbox *self);
PH_AVAILABLE_IN_1_0 guint32            ph_mailbox_get_uid_next        (PhMailbox *self);
PH_AVAILABLE_IN_1_0 guint64            ph_mailbox_get_highest_mod_seq (PhMailbox *self);
PH_AVAILABLE_IN_1_0 const char *const *ph_mailbox_get_flags           (PhMailbox *self);
PH_AVAILABLE_IN_1_0 const char *const *ph_mailbox_get_permanent_flags (PhMailbox *self);
PH_AVAILABLE_IN_1_0 gboolean           ph_mailbox_is_read_only        (PhMailbox *self);
/* FALSE: UIDs are others each time that it is selected (UIDNOTSTICKY, RFC 4315): nothing that is known by UID may be kept */
PH_AVAILABLE_IN_1_0 gboolean           ph_mailbox_get_uids_stick      (PhMailbox *self);
/* FALSE once another is selected, the mailbox is closed or the session has ended */
PH_AVAILABLE_IN_1_0 gboolean           ph_mailbox_is_selected         (PhMailbox *self);
/* whether a change of @flag ("\\Seen", "$Junk") is kept; TRUE where the server did not say */
PH_AVAILABLE_IN_1_0 gboolean           ph_mailbox_keeps_flag          (PhMailbox *self, const char *flag);
/* Of UIDs that are known: see ph_store_map_uids (). 0: unknown, or no such message */
PH_AVAILABLE_IN_1_0 guint32            ph_mailbox_get_uid             (PhMailbox *self, guint32 number);
PH_AVAILABLE_IN_1_0 guint32            ph_mailbox_get_number          (PhMailbox *self, guint32 uid);
/* whether the UID of every message is known */
PH_AVAILABLE_IN_1_0 gboolean           ph_mailbox_has_uids            (PhMailbox *self);
/* Those that are known. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet      *ph_mailbox_get_uids            (PhMailbox *self);

/**
 * PhMailboxChangeKind:
 * @PH_CHANGE_COUNT: @number is the new message count
 * @PH_CHANGE_RECENT: @number is the new \Recent count
 * @PH_CHANGE_UNSEEN: @number is the first unseen message's
 * @PH_CHANGE_REMOVED: @number (and @uid, 0 unknown) is gone; those above move down
 * @PH_CHANGE_UID_VALIDITY: @number
 * @PH_CHANGE_UID_NEXT: @number
 * @PH_CHANGE_MOD_SEQ: @mod_seq
 * @PH_CHANGE_FLAGS: @words are the mailbox' flags
 * @PH_CHANGE_PERMANENT_FLAGS: @words
 * @PH_CHANGE_READ_ONLY: @number is 1 or 0
 * @PH_CHANGE_MESSAGE: @message tells new flags or more
 * @PH_CHANGE_DESELECTED: it isn't the selected one any more
 * @PH_CHANGE_UIDS: the messages from @number on have the UIDs of @uids, in ascending order
 * @PH_CHANGE_SELECTED: it is the selected one from now on, by a command whose result it isn't
 * @PH_CHANGE_UIDS_STICK: @number is 1 or 0
 *
 * What an engine says of the selected mailbox.
 */
typedef enum {
  PH_CHANGE_COUNT,
  PH_CHANGE_RECENT,
  PH_CHANGE_UNSEEN,
  PH_CHANGE_REMOVED,
  PH_CHANGE_UID_VALIDITY,
  PH_CHANGE_UID_NEXT,
  PH_CHANGE_MOD_SEQ,
  PH_CHANGE_FLAGS,
  PH_CHANGE_PERMANENT_FLAGS,
  PH_CHANGE_READ_ONLY,
  PH_CHANGE_MESSAGE,
  PH_CHANGE_DESELECTED,
  PH_CHANGE_UIDS,
  PH_CHANGE_SELECTED,
  PH_CHANGE_UIDS_STICK
} PhMailboxChangeKind;

/* One change; @mailbox, @words, @message and @uids are owned by whoever holds the struct. */
typedef struct {
  PhMailboxChangeKind kind;
  guint32             number;
  guint32             uid;
  guint64             mod_seq;
  PhMailbox          *mailbox;
  char              **words;
  PhMessage          *message;
  PhMessageSet       *uids;
} PhMailboxChange;

/* For engines: a new mailbox, filled by ph_mailbox_apply () while SELECT runs; afterwards the session applies
 * the changes that arrive as events, and signals follow. */
PH_AVAILABLE_IN_1_0 PhMailbox         *ph_mailbox_new                 (const char *name);
PH_AVAILABLE_IN_1_0 void               ph_mailbox_apply               (PhMailbox *self, const PhMailboxChange *change);
/* From now on the mailbox wants to be told UIDs (PH_CHANGE_UIDS) */
PH_AVAILABLE_IN_1_0 void               ph_mailbox_track_uids          (PhMailbox *self);
PH_AVAILABLE_IN_1_0 gboolean           ph_mailbox_tracks_uids         (PhMailbox *self);

/**
 * PhListSelect:
 * @PH_LIST_ALL: every mailbox that matches
 * @PH_LIST_SUBSCRIBED: those that the user subscribed to, also where they are gone
 * @PH_LIST_REMOTE: those on other servers as well
 * @PH_LIST_RECURSIVE_MATCH: parents, too, of what is selected by the others: ph_mailbox_info_get_child_info () tells by which
 * @PH_LIST_SPECIAL_USE: those with a special use (RFC 6154)
 *
 * Which mailboxes to list (RFC 5258).
 */
typedef enum {
  PH_LIST_ALL             = 0,
  PH_LIST_SUBSCRIBED      = 1 << 0,
  PH_LIST_REMOTE          = 1 << 1,
  PH_LIST_RECURSIVE_MATCH = 1 << 2,
  PH_LIST_SPECIAL_USE     = 1 << 3
} PhListSelect;

/* one LIST response */
#define PH_TYPE_MAILBOX_INFO (ph_mailbox_info_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_mailbox_info_get_type       (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhMailboxInfo     *ph_mailbox_info_new            (const char *name, const char *delimiter, const char *const *attributes);
PH_AVAILABLE_IN_1_0 PhMailboxInfo     *ph_mailbox_info_ref            (PhMailboxInfo *self);
PH_AVAILABLE_IN_1_0 void               ph_mailbox_info_unref          (PhMailboxInfo *self);
/* UTF-8 */
PH_AVAILABLE_IN_1_0 const char        *ph_mailbox_info_get_name       (PhMailboxInfo *self);
/* one character as a string; NULL in a flat hierarchy */
PH_AVAILABLE_IN_1_0 const char        *ph_mailbox_info_get_delimiter  (PhMailboxInfo *self);
/* "\\HasNoChildren", "\\Sent" … as the server wrote them */
PH_AVAILABLE_IN_1_0 const char *const *ph_mailbox_info_get_attributes (PhMailboxInfo *self);
PH_AVAILABLE_IN_1_0 gboolean           ph_mailbox_info_has_attribute  (PhMailboxInfo *self, const char *attribute);
/* "\\Sent" and its like (RFC 6154), canonical case; NULL for an ordinary mailbox */
PH_AVAILABLE_IN_1_0 const char        *ph_mailbox_info_get_special_use(PhMailboxInfo *self);
PH_AVAILABLE_IN_1_0 gboolean           ph_mailbox_info_is_selectable  (PhMailboxInfo *self);
/* "SUBSCRIBED" …: why a parent is listed (CHILDINFO, RFC 5258); NULL where it matches itself. (transfer none) (nullable) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 const char *const *ph_mailbox_info_get_child_info (PhMailboxInfo *self);
/* What it was called until now (OLDNAME, RFC 9051 section 6.3.9.7); NULL without it */
PH_AVAILABLE_IN_1_0 const char        *ph_mailbox_info_get_old_name   (PhMailboxInfo *self);
/* For engines */
PH_AVAILABLE_IN_1_0 void               ph_mailbox_info_set_extended   (PhMailboxInfo *self, const char *const *child_info, const char *old_name);
/* What LIST-STATUS told; NULL without it. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhMailboxStatus   *ph_mailbox_info_get_status     (PhMailboxInfo *self);
PH_AVAILABLE_IN_1_0 void               ph_mailbox_info_set_status     (PhMailboxInfo *self, PhMailboxStatus *status);
/* What an extension's return option brought: what stood behind the mailbox' name in responses called @name, "MYRIGHTS": a list. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const PhValue     *ph_mailbox_info_get_answer     (PhMailboxInfo *self, const char *name);
/* For engines */
PH_AVAILABLE_IN_1_0 void               ph_mailbox_info_add_answer     (PhMailboxInfo *self, const char *name, const PhValue *first);

/* one STATUS response */
#define PH_TYPE_MAILBOX_STATUS (ph_mailbox_status_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_mailbox_status_get_type     (void) G_GNUC_CONST;
/* @items: name, number, name, number… as STATUS writes them */
PH_AVAILABLE_IN_1_0 PhMailboxStatus   *ph_mailbox_status_new          (const char *name, const PhValue *items);
PH_AVAILABLE_IN_1_0 PhMailboxStatus   *ph_mailbox_status_ref          (PhMailboxStatus *self);
PH_AVAILABLE_IN_1_0 void               ph_mailbox_status_unref        (PhMailboxStatus *self);
PH_AVAILABLE_IN_1_0 const char        *ph_mailbox_status_get_name     (PhMailboxStatus *self);
/* "MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY", "RECENT", "SIZE", "HIGHESTMODSEQ" …; FALSE where it wasn't told */
PH_AVAILABLE_IN_1_0 gboolean           ph_mailbox_status_get_item     (PhMailboxStatus *self, const char *item, guint64 *value);
/* What is no number: "MAILBOXID". (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const PhValue     *ph_mailbox_status_get_value    (PhMailboxStatus *self, const char *item);
/* 0 where they weren't told */
PH_AVAILABLE_IN_1_0 guint32            ph_mailbox_status_get_n_messages   (PhMailboxStatus *self);
PH_AVAILABLE_IN_1_0 guint32            ph_mailbox_status_get_n_unseen     (PhMailboxStatus *self);
PH_AVAILABLE_IN_1_0 guint32            ph_mailbox_status_get_uid_next     (PhMailboxStatus *self);
PH_AVAILABLE_IN_1_0 guint32            ph_mailbox_status_get_uid_validity (PhMailboxStatus *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMailboxInfo, ph_mailbox_info_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMailboxStatus, ph_mailbox_status_unref)

G_END_DECLS
