/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhId: who is there (RFC 2971); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

#define PH_TYPE_ID (ph_id_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhId, ph_id, PH, ID, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhIdInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_exchange) (PhId *self, GHashTable *fields);

  gpointer reserved[8];
};

/* @fields: nullable: nothing is told. (element-type utf8 utf8) (transfer container) */
PH_AVAILABLE_IN_1_0 GHashTable *ph_id_exchange (PhId *self, GHashTable *fields, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_id_exchange_async (PhId *self, GHashTable *fields, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GHashTable *ph_id_exchange_finish (PhId *self, GAsyncResult *result, GError **error);

G_END_DECLS
