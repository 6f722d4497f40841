/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of the plugin: the messages to be threaded here, who is above whom, the algorithms, the command, the extension. */
#pragma once

#include "ph-order.h"

G_BEGIN_DECLS

#define PH_THREAD_NONE G_MAXUINT

/* --- messages (imap4-thread-rows.c) --- */

typedef struct {
  guint32     number;    /* UID or sequence number */
  gint64      sent;
  const char *subject;   /* base subject, folded; "": none */
  gboolean    is_reply;
  guint       id;        /* its Message-ID's index; PH_THREAD_NONE: it has none */
  guint       first_reference;
  guint       n_references;
} PhThreadRow;

typedef struct {
  gboolean      by_uid;
  GStringChunk *texts;      /* of IDs */
  PhOrderTexts  subjects;
  GHashTable   *ids;        /* of text to index */
  GArray       *references; /* of guint: indexes of IDs */
  GArray       *rows;       /* of PhThreadRow */
  gsize         size;
} PhThreadRows;

PhThreadRows *ph_thread_rows_new  (gboolean by_uid);
void          ph_thread_rows_free (PhThreadRows *self);
/* FALSE: it is more than PH_ORDER_LIMIT */
gboolean      ph_thread_rows_add  (PhThreadRows *self, PhMessage *message);
/* By number, each once */
void          ph_thread_rows_sort (PhThreadRows *self);

static inline PhThreadRow *
ph_thread_rows_get (PhThreadRows *self, guint index)
{
  return &g_array_index (self->rows, PhThreadRow, index);
}

/* Every further Message-ID in a field: NULL behind the last. (transfer full) */
char         *ph_thread_next_id   (const char **at);

/* --- who is above whom, without loops (imap4-thread-forest.c) --- */

typedef struct _PhThreadForest PhThreadForest;

PhThreadForest *ph_thread_forest_new        (guint n_nodes);
void            ph_thread_forest_free       (PhThreadForest *self);
guint           ph_thread_forest_get_parent (PhThreadForest *self, guint node);
/* Unless @node has a parent, or is above @parent; in logarithmic time, as the next */
void            ph_thread_forest_link       (PhThreadForest *self, guint node, guint parent);
void            ph_thread_forest_cut        (PhThreadForest *self, guint node);

/* --- algorithms; (transfer full) --- */

PhThreadTree *ph_thread_by_subject    (PhThreadRows *rows);
PhThreadTree *ph_thread_by_references (PhThreadRows *rows, gboolean merge_subjects);

/* --- the extension --- */

/* @is_broken: the server lists THREAD and does not understand it */
typedef struct {
  PhExtension parent;
  gboolean    is_broken;
} PhImapThread;

PhCommand    *ph_imap_thread_command_make (PhImapThread *extension, PhThreadAlgorithm algorithm, PhQuery *query, gboolean by_uid);
/* FALSE: it is none that is known here */
gboolean      ph_imap_thread_read_algorithm (const PhValue *word, PhThreadAlgorithm *algorithm);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhThreadRows, ph_thread_rows_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhThreadForest, ph_thread_forest_free)

G_END_DECLS
