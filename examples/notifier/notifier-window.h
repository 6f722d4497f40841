/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NotifierWindow: the account's mailboxes, and the messages of the one that is chosen. */
#pragma once

#include <gtk/gtk.h>

#include "notifier-account.h"

G_BEGIN_DECLS

#define NOTIFIER_TYPE_WINDOW (notifier_window_get_type ())
G_DECLARE_FINAL_TYPE (NotifierWindow, notifier_window, NOTIFIER, WINDOW, GtkApplicationWindow)

NotifierWindow *notifier_window_new (GtkApplication *application, NotifierAccount *account);

/* notifier-lists.c: what lines look like. (transfer full) */
GtkWidget      *notifier_mailbox_view_new (GListModel *mailboxes);
GtkWidget      *notifier_message_view_new (void);
/* @messages: nullable */
void            notifier_message_view_set (GtkWidget *view, GListModel *messages);

G_END_DECLS
