/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhJmapAccess: where the same mail is to be had by JMAP (RFC 9698); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

#define PH_TYPE_JMAP_ACCESS (ph_jmap_access_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhJmapAccess, ph_jmap_access, PH, JMAP_ACCESS, PhExtension)

/* makes commands only; the result: G_TYPE_STRING */
struct _PhJmapAccessInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_get_url) (PhJmapAccess *self);

  gpointer reserved[4];
};

/* The URL of the JMAP session resource, always https. (transfer full) */
PH_AVAILABLE_IN_1_0 char *ph_jmap_access_get_url        (PhJmapAccess *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void  ph_jmap_access_get_url_async  (PhJmapAccess *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 char *ph_jmap_access_get_url_finish (PhJmapAccess *self, GAsyncResult *result, GError **error);

G_END_DECLS
