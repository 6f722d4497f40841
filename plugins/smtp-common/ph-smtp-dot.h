/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The content of a message on its way to the wire: canonical line ends, dots doubled. */
#pragma once

#include <posthorn/posthorn-plugin.h>

#include "ph-smtp-chunk.h"

G_BEGIN_DECLS

/*
 * What is kept between pieces. CRLF, bare LF and lone CR each become CRLF; a dot at a line's start is doubled; content that does
 * not end in a line end gets one. The final "." line is the engine's to write, since from that octet on the server may deliver.
 */
typedef struct {
  gboolean within_line;    /* something stands on the current line */
  gboolean after_cr;       /* the CRLF was written when the CR came; an LF right behind it belongs to it */
  gboolean seven_bit;      /* octets above 127 are an error */
} PhSmtpDot;

/* As g_converter_convert (); for the types that each module registers. */
GConverterResult ph_smtp_dot_convert (PhSmtpDot *self, const guint8 *input, gsize input_length, guint8 *output, gsize output_length,
                                      GConverterFlags flags, gsize *taken, gsize *made, GError **error);

/* The instance of those types: one for each engine, set up anew for each message */
typedef struct {
  GObject      parent;
  gboolean     chunked;     /* BDAT of unknown length, otherwise DATA */
  PhSmtpDot    dots;
  PhSmtpChunks chunks;
} PhSmtpCoder;

void ph_smtp_coder_describe (GConverterIface *iface);

G_END_DECLS
