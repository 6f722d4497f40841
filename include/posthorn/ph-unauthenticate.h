/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhUnauthenticate: the same connection for another user (RFC 8437); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

#define PH_TYPE_UNAUTHENTICATE (ph_unauthenticate_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhUnauthenticate, ph_unauthenticate, PH, UNAUTHENTICATE, PhExtension)

struct _PhUnauthenticateInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_run) (PhUnauthenticate *self);

  gpointer reserved[4];
};

/* Nobody is logged in any more; ph_session_log_in () is next */
PH_AVAILABLE_IN_1_0 gboolean ph_unauthenticate_run        (PhUnauthenticate *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void     ph_unauthenticate_run_async  (PhUnauthenticate *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_unauthenticate_run_finish (PhUnauthenticate *self, GAsyncResult *result, GError **error);

G_END_DECLS
