/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NotifierAccount: one mail account, as the window shows it. NotifierMailbox: a line of its list of mailboxes. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef enum {
  NOTIFIER_OPENING,
  NOTIFIER_READY,
  NOTIFIER_TRYING,         /* the connection was lost, and is tried again by itself */
  NOTIFIER_NEEDS_PASSWORD, /* none is known, or it was refused */
  NOTIFIER_FAILED          /* nothing is tried before somebody says so */
} NotifierState;

#define NOTIFIER_TYPE_MAILBOX (notifier_mailbox_get_type ())
G_DECLARE_FINAL_TYPE (NotifierMailbox, notifier_mailbox, NOTIFIER, MAILBOX, GObject)

/* Properties "name", "n-unseen" */
const char *notifier_mailbox_get_name (NotifierMailbox *self);

#define NOTIFIER_TYPE_ACCOUNT (notifier_account_get_type ())
G_DECLARE_FINAL_TYPE (NotifierAccount, notifier_account, NOTIFIER, ACCOUNT, GObject)

/*
 * Signals: "changed": state, message or messages are others now; "arrived" (id, title, body): new mail.
 * @ca_file: nullable
 */
NotifierAccount *notifier_account_new           (const char *uri, const char *ca_file, GError **error);
/* With the password in the keyring */
void             notifier_account_open          (NotifierAccount *self);
/* With this one; @keep: put into the keyring once it was right */
void             notifier_account_log_in        (NotifierAccount *self, const char *password, gboolean keep);
/* Shows another mailbox */
void             notifier_account_show          (NotifierAccount *self, const char *mailbox);
/* Asks after all mailboxes now */
void             notifier_account_refresh       (NotifierAccount *self);
void             notifier_account_close         (NotifierAccount *self);

const char      *notifier_account_get_title     (NotifierAccount *self);
NotifierState    notifier_account_get_state     (NotifierAccount *self);
/* What went wrong, a sentence; or NULL */
const char      *notifier_account_get_message   (NotifierAccount *self);
/* (transfer none): of NotifierMailbox */
GListModel      *notifier_account_get_mailboxes (NotifierAccount *self);
/* (transfer none) (nullable): of PhMessageRow, of the mailbox that is shown */
GListModel      *notifier_account_get_messages  (NotifierAccount *self);

/* Who wrote it, for people. (transfer full) */
char            *notifier_get_sender            (PhMessage *message);
/* (transfer full) */
char            *notifier_get_subject           (PhMessage *message);

G_END_DECLS
