/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhPreview: the first words of messages (RFC 8970); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

#define PH_TYPE_PREVIEW (ph_preview_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhPreview, ph_preview, PH, PREVIEW, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhPreviewInterface {
  GTypeInterface g_iface;

  /* further items of a FETCH */
  const char *(*get_items) (PhPreview *self, gboolean lazy);

  gpointer reserved[8];
};

/* @lazy: only those that the server has at hand. (transfer full) */
PH_AVAILABLE_IN_1_0 PhMessageIter *ph_preview_fetch (PhPreview *self, PhMessageSet *set, gboolean lazy);
/* Up to 256 characters; NULL where it wasn't told, or the server hasn't made one. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char *ph_message_get_preview (PhMessage *self);

G_END_DECLS
