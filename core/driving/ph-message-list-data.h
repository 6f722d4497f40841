/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What PhMessageList consists of, for the files that keep its rows and tell of them. */
#pragma once

#include "ph-message-row-private.h"
#include "ph-session-private.h"

#include "values/ph-uid-map.h"

G_BEGIN_DECLS

/* Rows of one FETCH */
#define PH_LIST_MAX_ROWS 200

struct _PhMessageList {
  GObject     parent_instance;

  PhStore    *store;
  PhMailbox  *mailbox;
  PhFetch     items;
  gboolean    newest_first;
  guint       window;

  gboolean    loading;
  PhUidMap   *map;        /* what the list tells; the mailbox may be a signal ahead */
  GHashTable *rows;       /* UID → PhMessageRow, without a reference: those that somebody holds */
  GQueue      kept;       /* PhMessageRow */
  GArray     *wanted;     /* guint32: UIDs that were looked at and are still to be fetched */
  GHashTable *asked;      /* UIDs on their way */
  GSource    *idle;
  gboolean    fetching;
};

/* ph-message-list.c */
void          ph_message_list_emit_failed (PhMessageList *self, const GError *error);

/* ph-message-list-rows.c */
/* The row of @uid, made where there is none. (transfer full) */
PhMessageRow *ph_message_list_hold_row    (PhMessageList *self, guint32 uid);
/* It is shown: its message is fetched, unless that is known or on its way */
void          ph_message_list_want_row    (PhMessageList *self, PhMessageRow *row);
void          ph_message_list_forget_row  (PhMessageList *self, guint32 uid);
void          ph_message_list_forget_rows (PhMessageList *self);
/* A GWeakRef on the heap */
void          ph_message_list_free_weak   (gpointer weak);

G_END_DECLS
