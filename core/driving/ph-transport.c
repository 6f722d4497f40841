/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhTransport: a session that takes mail. */
#include "ph-outbox-private.h"
#include "ph-session-calls.h"

/**
 * PhTransport:
 *
 * A session that takes mail: SMTP (RFC 5321), LMTP (RFC 2033).
 *
 * [ctor@Session.new] returns one for `smtp:`, `smtps:` and `lmtp:` URIs. Each call opens the session when needed.
 *
 * ```c
 * g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
 * ph_envelope_add_recipient (envelope, "bob@example.net");
 * g_autoptr (PhDelivery) delivery = ph_transport_send (PH_TRANSPORT (session), envelope, body, NULL, &error);
 * ```
 */
struct _PhTransport {
  PhSession parent_instance;
};

G_DEFINE_FINAL_TYPE (PhTransport, ph_transport, PH_TYPE_SESSION)

static void
ph_transport_class_init (PhTransportClass *klass)
{
}

static void
ph_transport_init (PhTransport *self)
{
}

#define ENGINE PH_TRANSPORT_ENGINE (ph_session_get_engine (PH_SESSION (self)))
#define MAKE(function, ...) PH_TRANSPORT_ENGINE_GET_IFACE (ENGINE)->function (ENGINE, __VA_ARGS__)

/**
 * ph_transport_make_send:
 * @self: a transport
 * @envelope: from whom, to whom
 * @body: the message; read once
 *
 * The command that [method@Transport.send] runs. Its result is a [struct@Delivery], after failure too, which is how bindings read
 * each recipient's fate when all were refused.
 *
 * Returns: (transfer full): for [method@Session.run]
 */
PhCommand *
ph_transport_make_send (PhTransport *self,
                        PhEnvelope  *envelope,
                        PhBody      *body)
{
  g_return_val_if_fail (PH_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (envelope != NULL, NULL);
  g_return_val_if_fail (PH_IS_BODY (body), NULL);

  return MAKE (make_send, envelope, body);
}

gboolean
ph_transport_renew_send (PhTransport *self,
                         PhCommand   *command,
                         PhEnvelope  *envelope,
                         PhBody      *body)
{
  PhEngine *current = ph_session_get_private (PH_SESSION (self))->engine;
  PhTransportEngine *engine = current != NULL ? PH_TRANSPORT_ENGINE (current) : ENGINE;
  PhTransportEngineInterface *iface = PH_TRANSPORT_ENGINE_GET_IFACE (engine);

  return iface->renew_send != NULL && iface->renew_send (engine, command, envelope, body);
}

/**
 * ph_transport_send:
 * @self: a transport
 * @envelope: from whom, to whom
 * @body: the message; read once
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Sends a message: @body to each recipient of @envelope.
 *
 * That some recipients were refused is a result. It is an error where nobody accepted the message:
 * %PH_ERROR_SENDER_REFUSED, %PH_ERROR_RECIPIENTS_REFUSED, %PH_ERROR_DATA_REFUSED, %PH_ERROR_TOO_LARGE, %PH_ERROR_BODY;
 * %PH_ERROR_INVALID_ARGUMENT where an address can't be sent; %PH_ERROR_DELIVERY_UNKNOWN where the connection went
 * between the message's end and the server's reply: it may have been delivered. In C, ph_error_get_delivery() has the
 * rows then; see also [method@Transport.make_send].
 *
 * Returns: (transfer full): one row per recipient
 */
/**
 * ph_transport_send_async:
 * @self: a transport
 * @envelope: from whom, to whom
 * @body: the message; read once
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Transport.send] without blocking.
 */
/**
 * ph_transport_send_finish:
 * @self: a transport
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): one row per recipient
 */
PH_DEFINE_CALL (PhDelivery *, PhTransport, ph_transport, send, PH_PARAMETERS (PhEnvelope *envelope, PhBody *body, ),
                PH_SESSION (self), ph_transport_make_send (self, envelope, body),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_transport_verify:
 * @self: a transport
 * @address: what to look for
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks whether an address exists (VRFY, RFC 5321 section 4.1.1.6).
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
/**
 * ph_transport_verify_async:
 * @self: a transport
 * @address: what to look for
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Transport.verify] without blocking.
 */
/**
 * ph_transport_verify_finish:
 * @self: a transport
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
PH_DEFINE_CALL (PhReply *, PhTransport, ph_transport, verify, PH_PARAMETERS (const char *address, ),
                PH_SESSION (self), MAKE (make_verify, address),
                ph_session_call_reply, ph_session_call_reply_finish)

/**
 * ph_transport_expand:
 * @self: a transport
 * @list: a mailing list
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks who is on a list (EXPN, RFC 5321 section 4.1.1.7).
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
/**
 * ph_transport_expand_async:
 * @self: a transport
 * @list: a mailing list
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Transport.expand] without blocking.
 */
/**
 * ph_transport_expand_finish:
 * @self: a transport
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
PH_DEFINE_CALL (PhReply *, PhTransport, ph_transport, expand, PH_PARAMETERS (const char *list, ),
                PH_SESSION (self), MAKE (make_expand, list),
                ph_session_call_reply, ph_session_call_reply_finish)

/**
 * ph_transport_help:
 * @self: a transport
 * @topic: (nullable): a command's name
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Asks for help (HELP, RFC 5321 section 4.1.1.8).
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
/**
 * ph_transport_help_async:
 * @self: a transport
 * @topic: (nullable): a command's name
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Transport.help] without blocking.
 */
/**
 * ph_transport_help_finish:
 * @self: a transport
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
PH_DEFINE_CALL (PhReply *, PhTransport, ph_transport, help, PH_PARAMETERS (const char *topic, ),
                PH_SESSION (self), MAKE (make_help, topic),
                ph_session_call_reply, ph_session_call_reply_finish)

/**
 * ph_transport_reset:
 * @self: a transport
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Forgets a transaction that was begun by raw commands (RSET, RFC 5321 section 4.1.1.5).
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
/**
 * ph_transport_reset_async:
 * @self: a transport
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Transport.reset] without blocking.
 */
/**
 * ph_transport_reset_finish:
 * @self: a transport
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
PH_DEFINE_CALL (PhReply *, PhTransport, ph_transport, reset, PH_NO_PARAMETERS,
                PH_SESSION (self), PH_TRANSPORT_ENGINE_GET_IFACE (ENGINE)->make_reset (ENGINE),
                ph_session_call_reply, ph_session_call_reply_finish)
