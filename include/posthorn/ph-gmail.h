/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhGmail: Gmail's identifiers, labels and search (X-GM-EXT-1); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

#define PH_TYPE_GMAIL (ph_gmail_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhGmail, ph_gmail, PH, GMAIL, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhGmailInterface {
  GTypeInterface g_iface;

  /* further items of a FETCH */
  const char *(*get_items)   (PhGmail *self);
  char      **(*get_labels)  (PhGmail *self, PhMessage *message);
  PhCommand *(*make_search)  (PhGmail *self, const char *words, const char *label, guint64 id, guint64 thread);   /* PhMessageSet */
  PhCommand *(*make_store_labels) (PhGmail *self, PhMessageSet *set, PhStoreMode mode, const char *const *labels);

  gpointer reserved[8];
};

/* Identifiers and labels. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageIter *ph_gmail_fetch (PhGmail *self, PhMessageSet *set);
/* Of a message that it brought; 0: it wasn't told. In hexadecimal digits they stand in the addresses of the web pages. */
PH_AVAILABLE_IN_1_0 guint64 ph_message_get_gmail_id (PhMessage *self);
PH_AVAILABLE_IN_1_0 guint64 ph_message_get_gmail_thread (PhMessage *self);
/* "Important", "\\Inbox" …, UTF-8; NULL: they weren't told. (transfer full) (nullable) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 char **ph_gmail_get_labels (PhGmail *self, PhMessage *message);
/* What all match that aren't NULL or 0; @words as in the web page's field. UIDs. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_gmail_search (PhGmail *self, const char *words, const char *label, guint64 id, guint64 thread, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_gmail_search_async (PhGmail *self, const char *words, const char *label, guint64 id, guint64 thread, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhMessageSet *ph_gmail_search_finish (PhGmail *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 gboolean ph_gmail_store_labels (PhGmail *self, PhMessageSet *set, PhStoreMode mode, const char *const *labels, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_gmail_store_labels_async (PhGmail *self, PhMessageSet *set, PhStoreMode mode, const char *const *labels, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_gmail_store_labels_finish (PhGmail *self, GAsyncResult *result, GError **error);

G_END_DECLS
