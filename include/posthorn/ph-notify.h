/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhNotify: being told of what happens in any mailbox (NOTIFY, RFC 5465); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

/**
 * PhNotifyScope:
 * @PH_NOTIFY_SELECTED: the selected mailbox, whichever that is, at once: from then on message numbers can't be used in commands
 * @PH_NOTIFY_SELECTED_DELAYED: the same, but removals only when a command allows it (NOOP, IDLE), so that numbers stay what they are
 * @PH_NOTIFY_PERSONAL: all mailboxes in the user's own namespaces
 * @PH_NOTIFY_INBOXES: those of them to which mail may be delivered
 * @PH_NOTIFY_SUBSCRIBED: those that the user subscribed to
 * @PH_NOTIFY_SUBTREE: the named ones and all below
 * @PH_NOTIFY_MAILBOXES: the named ones
 *
 * Which mailboxes to tell of (RFC 5465 section 6).
 */
typedef enum {
  PH_NOTIFY_SELECTED,
  PH_NOTIFY_SELECTED_DELAYED,
  PH_NOTIFY_PERSONAL,
  PH_NOTIFY_INBOXES,
  PH_NOTIFY_SUBSCRIBED,
  PH_NOTIFY_SUBTREE,
  PH_NOTIFY_MAILBOXES
} PhNotifyScope;

/**
 * PhNotifyEvents:
 * @PH_NOTIFY_NOTHING: nothing (NONE)
 * @PH_NOTIFY_MESSAGES: messages came or went (MessageNew and MessageExpunge, which go together)
 * @PH_NOTIFY_FLAGS: flags changed (FlagChange); includes MESSAGES
 * @PH_NOTIFY_ANNOTATIONS: annotations of messages changed (AnnotationChange); includes MESSAGES
 * @PH_NOTIFY_NAMES: mailboxes were created, deleted, renamed (MailboxName)
 * @PH_NOTIFY_SUBSCRIPTIONS: mailboxes were subscribed to, or not any more (SubscriptionChange)
 * @PH_NOTIFY_METADATA: metadata of mailboxes changed (MailboxMetadataChange)
 * @PH_NOTIFY_SERVER_METADATA: metadata of the server changed (ServerMetadataChange)
 *
 * What to tell of (RFC 5465 section 5). Of the selected mailbox only the first four can be asked for.
 */
typedef enum {
  PH_NOTIFY_NOTHING         = 0,
  PH_NOTIFY_MESSAGES        = 1 << 0,
  PH_NOTIFY_FLAGS           = 1 << 1,
  PH_NOTIFY_ANNOTATIONS     = 1 << 2,
  PH_NOTIFY_NAMES           = 1 << 3,
  PH_NOTIFY_SUBSCRIPTIONS   = 1 << 4,
  PH_NOTIFY_METADATA        = 1 << 5,
  PH_NOTIFY_SERVER_METADATA = 1 << 6
} PhNotifyEvents;

/* What to be told of: built first, then set. */
#define PH_TYPE_NOTIFY_REQUEST (ph_notify_request_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhNotifyRequest, ph_notify_request, PH, NOTIFY_REQUEST, GObject)

PH_AVAILABLE_IN_1_0 PhNotifyRequest   *ph_notify_request_new              (void);
/* One group more; @mailboxes, UTF-8, for SUBTREE and MAILBOXES only, else NULL. Returns @self, for chains. (transfer none) */
PH_AVAILABLE_IN_1_0 PhNotifyRequest   *ph_notify_request_add              (PhNotifyRequest *self, PhNotifyScope scope, const char *const *mailboxes, PhNotifyEvents events);
/* What comes with new messages of the selected mailbox, as the RFC writes it: "UID FLAGS ENVELOPE"; NULL: nothing. (transfer none) */
PH_AVAILABLE_IN_1_0 PhNotifyRequest   *ph_notify_request_set_fetch        (PhNotifyRequest *self, const char *items);
PH_AVAILABLE_IN_1_0 const char        *ph_notify_request_get_fetch        (PhNotifyRequest *self);
PH_AVAILABLE_IN_1_0 guint              ph_notify_request_get_n_groups     (PhNotifyRequest *self);
PH_AVAILABLE_IN_1_0 PhNotifyScope      ph_notify_request_get_scope        (PhNotifyRequest *self, guint index);
PH_AVAILABLE_IN_1_0 PhNotifyEvents     ph_notify_request_get_events       (PhNotifyRequest *self, guint index);
/* (transfer none) (nullable) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 const char *const *ph_notify_request_get_mailboxes    (PhNotifyRequest *self, guint index);

#define PH_TYPE_NOTIFY (ph_notify_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhNotify, ph_notify, PH, NOTIFY, PhExtension)

/*
 * Makes commands only. Signals, emitted by what implements it:
 * "status" (PhMailboxStatus), "mailbox" (PhMailboxInfo), "message" (PhMessage), "metadata" (string mailbox, strv entries), "overflow" (PhReply).
 */
struct _PhNotifyInterface {
  GTypeInterface g_iface;

  PhCommand       *(*make_set)    (PhNotify *self, PhNotifyRequest *request, gboolean status);  /* GPtrArray of PhMailboxStatus (G_TYPE_PTR_ARRAY) */
  PhCommand       *(*make_none)   (PhNotify *self);
  PhNotifyRequest *(*get_request) (PhNotify *self);  /* (transfer none) (nullable) */

  gpointer reserved[8];
};

/* From now on, and after a restored connection again, the server tells of what @request names, and of nothing else. With @status it
 * first tells how these mailboxes stand. (element-type PhMailboxStatus) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray       *ph_notify_set         (PhNotify *self, PhNotifyRequest *request, gboolean status, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void             ph_notify_set_async   (PhNotify *self, PhNotifyRequest *request, gboolean status, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray       *ph_notify_set_finish  (PhNotify *self, GAsyncResult *result, GError **error);
/* The server tells of nothing by itself */
PH_AVAILABLE_IN_1_0 gboolean         ph_notify_none        (PhNotify *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void             ph_notify_none_async  (PhNotify *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean         ph_notify_none_finish (PhNotify *self, GAsyncResult *result, GError **error);
/* What is told of; NULL: nothing was asked for, or the server gave it up. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhNotifyRequest *ph_notify_get_request (PhNotify *self);

G_END_DECLS
