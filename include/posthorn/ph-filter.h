/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes to bytes, in the channel between engine and connection: TLS, a SASL security layer, DEFLATE. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_FILTER (ph_filter_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhFilter, ph_filter, PH, FILTER, GObject)

/**
 * PhFilterInterface:
 * @receive: network to engine: takes octets of @input, appends to @output. May leave an incomplete unit in @input.
 * @send: engine to network: takes octets of @input, appends to @output, flushed so that the peer can read them. Also
 *   called with an empty @input after each @receive, so that a filter can answer by itself (alerts, key updates).
 * @end_of_input: the transport ended. %FALSE and an error where that cuts something off.
 * @finish: the session is closing: appends what says goodbye (close_notify). May be %NULL.
 *
 * A filter never blocks and owns no descriptor. An error ends the connection.
 */
struct _PhFilterInterface {
  GTypeInterface g_iface;

  gboolean (*receive)      (PhFilter *self, PhByteQueue *input, PhByteQueue *output, GError **error);
  gboolean (*send)         (PhFilter *self, PhByteQueue *input, PhByteQueue *output, GError **error);
  gboolean (*end_of_input) (PhFilter *self, GError **error);
  void     (*finish)       (PhFilter *self, PhByteQueue *output);

  gpointer reserved[8];
};

PH_AVAILABLE_IN_1_0 gboolean  ph_filter_receive       (PhFilter *self, PhByteQueue *input, PhByteQueue *output, GError **error);
PH_AVAILABLE_IN_1_0 gboolean  ph_filter_send          (PhFilter *self, PhByteQueue *input, PhByteQueue *output, GError **error);
PH_AVAILABLE_IN_1_0 gboolean  ph_filter_end_of_input  (PhFilter *self, GError **error);
PH_AVAILABLE_IN_1_0 void      ph_filter_finish        (PhFilter *self, PhByteQueue *output);

/* A filter of two GConverters (GZlibDecompressor, GZlibCompressor). (transfer full) */
PH_AVAILABLE_IN_1_0 PhFilter *ph_filter_new_converter (GConverter *receiving, GConverter *sending);

G_END_DECLS
