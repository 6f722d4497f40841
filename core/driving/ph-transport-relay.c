/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhTransport: what one server asks of another, and what the server said of itself. */
#include "ph-session-calls.h"

#define ENGINE PH_TRANSPORT_ENGINE (ph_session_get_engine (PH_SESSION (self)))
#define MAKE(function, argument) PH_TRANSPORT_ENGINE_GET_IFACE (ENGINE)->function (ENGINE, argument)

/**
 * ph_transport_get_hello:
 * @self: a transport
 *
 * The server's answer to EHLO or LHLO, or to HELO where it knows no EHLO: the first line has its name, what follows are the
 * capabilities as it wrote them.
 *
 * Returns: (transfer none) (nullable): the last such reply; %NULL before the session was opened
 */
PhReply *
ph_transport_get_hello (PhTransport *self)
{
  g_return_val_if_fail (PH_IS_TRANSPORT (self), NULL);

  return ph_session_get_private (PH_SESSION (self))->hello;
}

/**
 * ph_transport_etrn:
 * @self: a transport
 * @node: whose mail: "example.org"; "\@example.org" with all below it; "#queue" a queue by its name
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Has the server send the mail that waits for a host (ETRN, RFC 1985), over connections of its own.
 *
 * %PH_ERROR_NOT_SUPPORTED where the server does not offer ETRN, and %PH_ERROR_INVALID_ARGUMENT where @node can't be sent; nothing is
 * written then.
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
/**
 * ph_transport_etrn_async:
 * @self: a transport
 * @node: whose mail: "example.org"; "\@example.org" with all below it; "#queue" a queue by its name
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Transport.etrn] without blocking.
 */
/**
 * ph_transport_etrn_finish:
 * @self: a transport
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
PH_DEFINE_CALL (PhReply *, PhTransport, ph_transport, etrn, PH_PARAMETERS (const char *node, ),
                PH_SESSION (self), MAKE (make_etrn, node),
                ph_session_call_reply, ph_session_call_reply_finish)

/**
 * ph_transport_xclient:
 * @self: a transport
 * @attributes: (array zero-terminated=1): "NAME=value", the value plain: "ADDR=192.0.2.1"
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Speaks for another client: Postfix takes what follows as if it came from the host that the attributes describe (XCLIENT). They are
 * NAME, ADDR, PORT, PROTO, HELO, LOGIN, DESTADDR, DESTPORT, as far as the server lists them; a value may be `[UNAVAILABLE]` or
 * `[TEMPUNAVAIL]`.
 *
 * The server then begins anew, and so does the session: EHLO is said again, the capabilities are what it then offers, and no login is
 * made beyond what LOGIN claims. TLS stays.
 *
 * %PH_ERROR_NOT_SUPPORTED where the server does not offer XCLIENT, or not one of the attributes; %PH_ERROR_INVALID_ARGUMENT where there
 * is none.
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
/**
 * ph_transport_xclient_async:
 * @self: a transport
 * @attributes: (array zero-terminated=1): "NAME=value", the value plain: "ADDR=192.0.2.1"
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Transport.xclient] without blocking.
 */
/**
 * ph_transport_xclient_finish:
 * @self: a transport
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
PH_DEFINE_CALL (PhReply *, PhTransport, ph_transport, xclient, PH_PARAMETERS (const char *const *attributes, ),
                PH_SESSION (self), MAKE (make_xclient, attributes),
                ph_session_call_reply, ph_session_call_reply_finish)

/**
 * ph_transport_xforward:
 * @self: a transport
 * @attributes: (array zero-terminated=1): "NAME=value", the value plain: "HELO=client.example"
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Tells where the next message came from, for the server's log and filters (XFORWARD of Postfix): NAME, ADDR, PORT, PROTO, HELO, IDENT,
 * SOURCE, as far as the server lists them. It holds for one transaction; several calls add up.
 *
 * Fails as [method@Transport.xclient] does.
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
/**
 * ph_transport_xforward_async:
 * @self: a transport
 * @attributes: (array zero-terminated=1): "NAME=value", the value plain: "HELO=client.example"
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@Transport.xforward] without blocking.
 */
/**
 * ph_transport_xforward_finish:
 * @self: a transport
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the reply, a refusal included; %NULL only where there is none
 */
PH_DEFINE_CALL (PhReply *, PhTransport, ph_transport, xforward, PH_PARAMETERS (const char *const *attributes, ),
                PH_SESSION (self), MAKE (make_xforward, attributes),
                ph_session_call_reply, ph_session_call_reply_finish)
