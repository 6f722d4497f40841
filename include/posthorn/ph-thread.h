/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhThread: the messages of a mailbox as conversations (RFC 5256); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

/**
 * PhThreadAlgorithm:
 * @PH_THREAD_ALGORITHM_ORDERED_SUBJECT: all with the same base subject, the first of them above the others
 * @PH_THREAD_ALGORITHM_REFERENCES: who answers whom, by References and In-Reply-To; then threads of the same subject together
 * @PH_THREAD_ALGORITHM_REFS: who answers whom, and no more; the thread with the newest message last
 *
 * How to find what belongs together.
 */
typedef enum {
  PH_THREAD_ALGORITHM_ORDERED_SUBJECT,
  PH_THREAD_ALGORITHM_REFERENCES,
  PH_THREAD_ALGORITHM_REFS
} PhThreadAlgorithm;

/* A forest: its nodes in the order in which a person reads them, each before those that answer it. Boxed. */
#define PH_TYPE_THREAD_TREE (ph_thread_tree_get_type ())
PH_AVAILABLE_IN_1_0 GType         ph_thread_tree_get_type         (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhThreadTree *ph_thread_tree_ref              (PhThreadTree *self);
PH_AVAILABLE_IN_1_0 void          ph_thread_tree_unref            (PhThreadTree *self);
PH_AVAILABLE_IN_1_0 guint         ph_thread_tree_get_n_threads    (PhThreadTree *self);
PH_AVAILABLE_IN_1_0 guint         ph_thread_tree_get_n_nodes      (PhThreadTree *self);
/* UID or message number, as was asked; 0: a message that all below it answer to, and that isn't there */
PH_AVAILABLE_IN_1_0 guint32       ph_thread_tree_get_message      (PhThreadTree *self, guint node);
/* 0: the first of a thread */
PH_AVAILABLE_IN_1_0 guint         ph_thread_tree_get_depth        (PhThreadTree *self, guint node);
/* Nodes; -1: there is none */
PH_AVAILABLE_IN_1_0 int           ph_thread_tree_get_parent       (PhThreadTree *self, guint node);
PH_AVAILABLE_IN_1_0 int           ph_thread_tree_get_first_child  (PhThreadTree *self, guint node);
PH_AVAILABLE_IN_1_0 int           ph_thread_tree_get_next_sibling (PhThreadTree *self, guint node);
/* For engines. Nodes are added in their order, @depth at most one more than that of the node before; then nobody adds any more. */
PH_AVAILABLE_IN_1_0 PhThreadTree *ph_thread_tree_new              (void);
PH_AVAILABLE_IN_1_0 void          ph_thread_tree_add              (PhThreadTree *self, guint32 message, guint depth);

#define PH_TYPE_THREAD (ph_thread_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhThread, ph_thread, PH, THREAD, PhExtension)

/* makes commands only; results: PhThreadTree */
struct _PhThreadInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_thread) (PhThread *self, PhThreadAlgorithm algorithm, PhQuery *query, gboolean by_uid);

  gpointer reserved[8];
};

PH_AVAILABLE_IN_1_0 PhThreadTree *ph_thread_messages        (PhThread *self, PhThreadAlgorithm algorithm, PhQuery *query, gboolean by_uid, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void          ph_thread_messages_async  (PhThread *self, PhThreadAlgorithm algorithm, PhQuery *query, gboolean by_uid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhThreadTree *ph_thread_messages_finish (PhThread *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhThreadTree, ph_thread_tree_unref)

G_END_DECLS
