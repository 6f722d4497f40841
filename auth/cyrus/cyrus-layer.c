/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A SASL security layer (RFC 4422 section 3.7) as a filter: libsasl2 wraps and unwraps what passes. */
#include "cyrus-library.h"

/* Some versions of libsasl2 take no more at once than the buffer that was negotiated; smaller pieces are joined by it. */
#define MAX_PIECE 4096

typedef struct
{
  GObject parent;

  GObject *owner;
  CyrusConnection *connection;
} CyrusLayer;

typedef GObjectClass CyrusLayerClass;

typedef int (*CyrusCoder) (sasl_conn_t *sasl, const char *input, unsigned length, const char **output, unsigned *output_length);

static void cyrus_layer_describe (PhFilterInterface *iface);

GType cyrus_layer_get_type (void);

PH_DEFINE_PLUGIN_TYPE (CyrusLayer, cyrus_layer, G_TYPE_OBJECT, PH_TYPE_FILTER, cyrus_layer_describe)

static unsigned
get_max_output (CyrusLayer *self)
{
  const void *value = NULL;

  if (self->connection->library->getprop (self->connection->sasl, SASL_MAXOUTBUF, &value) != SASL_OK || *(const unsigned *) value == 0)
    return MAX_PIECE;

  return MIN (MAX_PIECE, *(const unsigned *) value);
}

static gboolean
pass (CyrusLayer *self, CyrusCoder coder, unsigned max, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  int code = SASL_OK;

  cyrus_connection_lock (self->connection);
  while (code == SASL_OK && ph_byte_queue_get_length (input) > 0)
    {
      gsize available;
      const guint8 *data = ph_byte_queue_peek (input, &available);
      unsigned length = MIN (available, max), coded_length = 0;
      const char *coded = NULL;

      code = coder (self->connection->sasl, (const char *) data, length, &coded, &coded_length);
      if (code == SASL_OK && coded_length > 0)
        ph_byte_queue_append (output, coded, coded_length);
      ph_byte_queue_consume (input, length);
    }
  if (code != SASL_OK)
    g_set_error (error, PH_ERROR, PH_ERROR_PROTOCOL, "The security layer that was negotiated with the login is broken: %s",
                 self->connection->library->errdetail (self->connection->sasl));
  cyrus_connection_unlock (self->connection);

  return code == SASL_OK;
}

static gboolean
cyrus_layer_receive (PhFilter *filter, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  CyrusLayer *self = (CyrusLayer *) filter;

  return pass (self, self->connection->library->decode, MAX_PIECE, input, output, error);
}

static gboolean
cyrus_layer_send (PhFilter *filter, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  CyrusLayer *self = (CyrusLayer *) filter;

  return pass (self, self->connection->library->encode, get_max_output (self), input, output, error);
}

/* The layer has no sign of its end: what is cut off, the protocol notices. */
static gboolean
cyrus_layer_end_of_input (PhFilter *filter, GError **error)
{
  return TRUE;
}

static void
cyrus_layer_describe (PhFilterInterface *iface)
{
  iface->receive = cyrus_layer_receive;
  iface->send = cyrus_layer_send;
  iface->end_of_input = cyrus_layer_end_of_input;
}

static void
cyrus_layer_finalize (GObject *object)
{
  CyrusLayer *self = (CyrusLayer *) object;

  g_object_unref (self->owner);

  G_OBJECT_CLASS (cyrus_layer_parent_class)->finalize (object);
}

static void
cyrus_layer_class_init (CyrusLayerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cyrus_layer_finalize;
}

static void
cyrus_layer_init (CyrusLayer *self)
{
}

PhFilter *
cyrus_layer_new (GObject *owner, CyrusConnection *connection)
{
  GType type = cyrus_layer_get_type ();
  CyrusLayer *self;

  if (type == G_TYPE_INVALID)
    return NULL;

  self = g_object_new (type, NULL);
  self->owner = g_object_ref (owner);
  self->connection = connection;
  return PH_FILTER (self);
}
