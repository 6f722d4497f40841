/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhFilter: bytes to bytes, in the channel between engine and connection. */
#include <posthorn/posthorn.h>

/**
 * PhFilter:
 *
 * What changes the bytes between an engine and its connection: TLS, a SASL security layer, DEFLATE. A filter owns no descriptor,
 * never blocks, and an error of it ends the connection. Filters stack: the one that was put in last is nearest to the engine.
 */
G_DEFINE_INTERFACE (PhFilter, ph_filter, G_TYPE_OBJECT)

static void
ph_filter_default_init (PhFilterInterface *iface)
{
}

/**
 * ph_filter_receive: (skip)
 * @self: a filter
 * @input: octets from the network; an incomplete unit may stay in it
 * @output: where octets for the engine go
 * @error: return location
 *
 * Takes octets on their way from the network to the engine.
 *
 * Returns: %FALSE where the connection must end
 */
gboolean
ph_filter_receive (PhFilter *self, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  g_return_val_if_fail (PH_IS_FILTER (self) && input != NULL && output != NULL, FALSE);

  return PH_FILTER_GET_IFACE (self)->receive (self, input, output, error);
}

/**
 * ph_filter_send: (skip)
 * @self: a filter
 * @input: octets from the engine, may be empty
 * @output: where octets for the network go
 * @error: return location
 *
 * Takes octets on their way from the engine to the network, flushed so that the peer can read them. Called with an empty @input
 * behind each ph_filter_receive(), so that a filter can answer by itself.
 *
 * Returns: %FALSE where the connection must end
 */
gboolean
ph_filter_send (PhFilter *self, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  g_return_val_if_fail (PH_IS_FILTER (self) && input != NULL && output != NULL, FALSE);

  return PH_FILTER_GET_IFACE (self)->send (self, input, output, error);
}

/**
 * ph_filter_end_of_input: (skip)
 * @self: a filter
 * @error: return location
 *
 * Tells the filter that the transport ended.
 *
 * Returns: %FALSE where that cuts something off
 */
gboolean
ph_filter_end_of_input (PhFilter *self, GError **error)
{
  g_return_val_if_fail (PH_IS_FILTER (self), FALSE);

  PhFilterInterface *iface = PH_FILTER_GET_IFACE (self);
  return iface->end_of_input != NULL ? iface->end_of_input (self, error) : TRUE;
}

/**
 * ph_filter_finish: (skip)
 * @self: a filter
 * @output: where octets for the network go
 *
 * The session is closing: appends what says goodbye.
 */
void
ph_filter_finish (PhFilter *self, PhByteQueue *output)
{
  g_return_if_fail (PH_IS_FILTER (self) && output != NULL);

  PhFilterInterface *iface = PH_FILTER_GET_IFACE (self);
  if (iface->finish != NULL)
    iface->finish (self, output);
}
