/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PH_ERROR: the one error domain; the server's reply and the recipients' table travel with the error. */
#include <posthorn/posthorn.h>

typedef struct {
  PhReply    *reply;
  PhDelivery *delivery;
} PhErrorPrivate;

static void
ph_error_private_init (PhErrorPrivate *priv)
{
  /* GLib gives it zeroed */
}

static void
ph_error_private_copy (const PhErrorPrivate *source, PhErrorPrivate *copy)
{
  copy->reply = source->reply != NULL ? ph_reply_ref (source->reply) : NULL;
  copy->delivery = source->delivery != NULL ? ph_delivery_ref (source->delivery) : NULL;
}

static void
ph_error_private_clear (PhErrorPrivate *priv)
{
  /* for all that the compiler knows, there may be none */
  if (priv == NULL)
    return;
  g_clear_pointer (&priv->reply, ph_reply_unref);
  g_clear_pointer (&priv->delivery, ph_delivery_unref);
}

/**
 * ph_error_quark:
 *
 * The domain of [error@Error]; %PH_ERROR in C.
 *
 * Returns: the domain
 */
G_DEFINE_EXTENDED_ERROR (PhError, ph_error)

static const PhErrorPrivate *
ph_error_get_attached (const GError *error)
{
  return error != NULL && error->domain == PH_ERROR ? ph_error_get_private (error) : NULL;
}

/**
 * ph_error_get_reply: (skip)
 * @error: (nullable): any error
 *
 * The server's reply that the error is about. Bindings, which cannot see what is attached to an error, read it from the
 * command ([method@Posthorn.Command.get_reply]).
 *
 * Returns: (transfer none) (nullable): the reply, valid as long as @error; %NULL where no reply came, and for errors of
 *   other domains
 */
PhReply *
ph_error_get_reply (const GError *error)
{
  const PhErrorPrivate *priv = ph_error_get_attached (error);

  return priv != NULL ? priv->reply : NULL;
}

/**
 * ph_error_get_delivery: (skip)
 * @error: (nullable): any error
 *
 * What became of each recipient, where the error is about sending a message. Bindings read it from the command
 * ([method@Posthorn.Command.get_result]).
 *
 * Returns: (transfer none) (nullable): the table, valid as long as @error
 */
PhDelivery *
ph_error_get_delivery (const GError *error)
{
  const PhErrorPrivate *priv = ph_error_get_attached (error);

  return priv != NULL ? priv->delivery : NULL;
}

/**
 * ph_error_new: (skip)
 * @code: which error
 * @reply: (nullable): the server's reply; referenced
 * @delivery: (nullable): what became of the recipients; referenced
 * @format: (not nullable): printf format of the message: a sentence that says what was tried, with whom, what came back
 * @...: its arguments
 *
 * Makes an error of the domain %PH_ERROR.
 *
 * Returns: (transfer full): an error
 */
GError *
ph_error_new (PhError code, PhReply *reply, PhDelivery *delivery, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  GError *error = g_error_new_valist (PH_ERROR, (int) code, format, arguments);
  va_end (arguments);

  PhErrorPrivate *priv = ph_error_get_private (error);
  if (priv == NULL)
    return error;
  priv->reply = reply != NULL ? ph_reply_ref (reply) : NULL;
  priv->delivery = delivery != NULL ? ph_delivery_ref (delivery) : NULL;
  return error;
}
