/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSaslMechanism: the client's side of a SASL mechanism (RFC 4422). */
#include "ph-sasl-context-private.h"

/**
 * PhSaslMechanism:
 *
 * The client's side of a SASL mechanism (RFC 4422): challenge in, response out. A plugin implements it; one object serves one
 * dialogue. What it may know it finds in the [class@Posthorn.SaslContext], where everything that its feature table says it
 * needs has been put before. Mechanisms with %PH_SASL_MAY_BLOCK are called in a worker thread.
 */
G_DEFINE_INTERFACE (PhSaslMechanism, ph_sasl_mechanism, G_TYPE_OBJECT)

static void
ph_sasl_mechanism_default_init (PhSaslMechanismInterface *iface)
{
}

/**
 * ph_sasl_mechanism_respond:
 * @self: a mechanism
 * @context: what it may know
 * @challenge: (nullable): what the server sent, decoded; %NULL asks for the initial response
 * @error: return location
 *
 * Answers a challenge, and counts the answer in the context.
 *
 * Returns: (transfer full): the response, may be empty; %NULL and an error end the dialogue
 */
GBytes *
ph_sasl_mechanism_respond (PhSaslMechanism *self, PhSaslContext *context, GBytes *challenge, GError **error)
{
  g_return_val_if_fail (PH_IS_SASL_MECHANISM (self), NULL);
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (context), NULL);

  GBytes *response = PH_SASL_MECHANISM_GET_IFACE (self)->respond (self, context, challenge, error);
  if (response != NULL)
    ph_sasl_context_next_step (context);
  return response;
}

/**
 * ph_sasl_mechanism_finish:
 * @self: a mechanism
 * @context: what it may know
 * @data: (nullable): what stood behind the server's success, decoded
 * @error: return location
 *
 * The server reported success. A mechanism that has not come to its end, or was to see a proof and did not, says
 * %PH_ERROR_SERVER_UNPROVEN.
 *
 * Returns: %TRUE where the mechanism is satisfied
 */
gboolean
ph_sasl_mechanism_finish (PhSaslMechanism *self, PhSaslContext *context, GBytes *data, GError **error)
{
  g_return_val_if_fail (PH_IS_SASL_MECHANISM (self), FALSE);
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (context), FALSE);

  PhSaslMechanismInterface *iface = PH_SASL_MECHANISM_GET_IFACE (self);
  return iface->finish != NULL ? iface->finish (self, context, data, error) : TRUE;
}

/**
 * ph_sasl_mechanism_get_filter:
 * @self: a mechanism that was satisfied
 * @context: what it may know
 *
 * The security layer that was negotiated.
 *
 * Returns: (transfer full) (nullable): a filter, %NULL for none
 */
PhFilter *
ph_sasl_mechanism_get_filter (PhSaslMechanism *self, PhSaslContext *context)
{
  g_return_val_if_fail (PH_IS_SASL_MECHANISM (self), NULL);
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (context), NULL);

  PhSaslMechanismInterface *iface = PH_SASL_MECHANISM_GET_IFACE (self);
  return iface->get_filter != NULL ? iface->get_filter (self, context) : NULL;
}
