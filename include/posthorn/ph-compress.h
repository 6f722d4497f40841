/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhCompress: a deflated channel (RFC 4978), and what it saves; found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

#define PH_TYPE_COMPRESS (ph_compress_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhCompress, ph_compress, PH, COMPRESS, PhExtension)

struct _PhCompressInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_start) (PhCompress *self);
  void       (*set_level)  (PhCompress *self, int level);
  int        (*get_level)  (PhCompress *self);
  gboolean   (*get_octets) (PhCompress *self, guint64 *sent, guint64 *sent_deflated, guint64 *received, guint64 *received_deflated);

  gpointer reserved[4];
};

/* From now on, where ph_session_use () did not ask for it before the session opened */
PH_AVAILABLE_IN_1_0 gboolean ph_compress_start        (PhCompress *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void     ph_compress_start_async  (PhCompress *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_compress_start_finish (PhCompress *self, GAsyncResult *result, GError **error);
/* 1, the fastest, to 9; -1, the default: zlib's own, 6. For what start () begins */
PH_AVAILABLE_IN_1_0 void     ph_compress_set_level    (PhCompress *self, int level);
PH_AVAILABLE_IN_1_0 int      ph_compress_get_level    (PhCompress *self);
/* As they were and as they went over the line; FALSE where nothing is deflated (out) (optional) */
PH_AVAILABLE_IN_1_0 gboolean ph_compress_get_octets   (PhCompress *self, guint64 *sent, guint64 *sent_deflated, guint64 *received, guint64 *received_deflated);

G_END_DECLS
