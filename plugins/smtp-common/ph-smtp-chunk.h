/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A message whose length isn't known, as chunks of what there is (RFC 3030). */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

typedef struct {
  guint    n_chunks;    /* written, the last one not counted */
  gboolean stopped;     /* the server refused one: no more of them */
} PhSmtpChunks;

/* As g_converter_convert (): each call makes one chunk of what it is given, and the end makes "BDAT 0 LAST". */
GConverterResult ph_smtp_chunks_convert (PhSmtpChunks *self, const guint8 *input, gsize input_length, guint8 *output, gsize output_length,
                                         GConverterFlags flags, gsize *taken, gsize *made, GError **error);

G_END_DECLS
