/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an envelope asks of the server for the whole message; kept as given, checked by the engine. */
#include "ph-envelope-private.h"

void
ph_envelope_copy_options (PhEnvelope *self, PhEnvelope *from)
{
  ph_envelope_set_best_effort (self, from->best_effort);
  ph_envelope_set_dsn_return (self, from->dsn_return);
  ph_envelope_set_envelope_id (self, from->envelope_id);
  ph_envelope_set_auth (self, from->auth);
  ph_envelope_set_require_tls (self, from->require_tls);
  ph_envelope_set_deliver_by (self, from->deliver_by_seconds, from->deliver_by, from->deliver_by_trace);
  ph_envelope_set_hold_for (self, from->hold_for);
  ph_envelope_set_hold_until (self, from->hold_until);
  if (from->has_priority)
    ph_envelope_set_priority (self, from->priority);
  ph_envelope_set_priority_profile (self, from->priority_profile);
  ph_envelope_set_body_type (self, from->body_type);
  ph_envelope_set_utf8_headers (self, from->utf8_headers);
  ph_envelope_set_solicitation (self, (const char *const *) from->solicitation);
  ph_envelope_set_tracking (self, from->tracking, from->tracking_timeout);
  ph_envelope_set_conversion_permitted (self, from->conversion_permitted);
  ph_envelope_set_verp (self, from->verp);
}

/**
 * ph_envelope_set_best_effort:
 * @self: an envelope
 * @options: what may be left out
 *
 * Lets the engine leave out what was asked for and the server does not offer, where the RFC in question allows it.
 * Without, the sending fails with %PH_ERROR_NOT_SUPPORTED before anything is written.
 *
 * A delivery time of mode [enum@DeliverBy.RETURN] is never left out (RFC 2852 section 4.1.4.1).
 */
void
ph_envelope_set_best_effort (PhEnvelope *self, PhEnvelopeOption options)
{
  g_return_if_fail (self != NULL);

  self->best_effort = options;
}

/**
 * ph_envelope_get_best_effort:
 * @self: an envelope
 *
 * Returns: what may be left out; none by default
 */
PhEnvelopeOption
ph_envelope_get_best_effort (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, PH_ENVELOPE_OPTION_NONE);

  return self->best_effort;
}

/**
 * ph_envelope_set_dsn_return:
 * @self: an envelope
 * @dsn_return: how much of it
 *
 * How much of the message comes back with the report of its failure (RET, RFC 3461 section 4.3). Needs DSN.
 */
void
ph_envelope_set_dsn_return (PhEnvelope *self, PhDsnReturn dsn_return)
{
  g_return_if_fail (self != NULL);

  self->dsn_return = dsn_return;
}

/**
 * ph_envelope_get_dsn_return:
 * @self: an envelope
 *
 * Returns: how much of the message comes back with a failure's report
 */
PhDsnReturn
ph_envelope_get_dsn_return (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, PH_DSN_RETURN_DEFAULT);

  return self->dsn_return;
}

/**
 * ph_envelope_set_envelope_id:
 * @self: an envelope
 * @id: (nullable): printable ASCII, 100 octets at most as xtext; %NULL for none
 *
 * An identifier that comes back in every report about the message (ENVID, RFC 3461 section 4.4). Needs DSN.
 * It is given plain and encoded (as xtext) when sent.
 */
void
ph_envelope_set_envelope_id (PhEnvelope *self, const char *id)
{
  g_return_if_fail (self != NULL);

  ph_envelope_keep (&self->envelope_id, id);
}

/**
 * ph_envelope_get_envelope_id:
 * @self: an envelope
 *
 * Returns: (transfer none) (nullable): the identifier, as it was given
 */
const char *
ph_envelope_get_envelope_id (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->envelope_id;
}

/**
 * ph_envelope_set_auth:
 * @self: an envelope
 * @mailbox: (nullable): an address, 500 octets at most as xtext; "" says that it isn't known; %NULL: nothing is said
 *
 * Who submitted the message, as far as whoever relays it knows (AUTH=, RFC 4954 section 5). Needs a server that offers AUTH, which
 * will believe it only of those it trusts.
 */
void
ph_envelope_set_auth (PhEnvelope *self, const char *mailbox)
{
  g_return_if_fail (self != NULL);

  ph_envelope_keep (&self->auth, mailbox);
}

/**
 * ph_envelope_get_auth:
 * @self: an envelope
 *
 * Returns: (transfer none) (nullable): the mailbox, "" where it isn't known, %NULL where nothing is said
 */
const char *
ph_envelope_get_auth (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->auth;
}

/**
 * ph_envelope_set_require_tls:
 * @self: an envelope
 * @require_tls: %TRUE: TLS on the whole way, or no delivery
 *
 * Asks that each server on the way passes the message on over verified TLS only, to servers that promise the same (REQUIRETLS, RFC
 * 8689). Needs a session with TLS and a certificate that is right (section 4.2.1): one that was accepted in spite of what is wrong with
 * it is not enough, and %PH_ERROR_TLS_REQUIRED says so. A `TLS-Required: No` field in the message asks for the opposite, and servers
 * ignore it where this is set (section 4.1).
 */
void
ph_envelope_set_require_tls (PhEnvelope *self, gboolean require_tls)
{
  g_return_if_fail (self != NULL);

  self->require_tls = require_tls != FALSE;
}

/**
 * ph_envelope_get_require_tls:
 * @self: an envelope
 *
 * Returns: whether TLS is required on the whole way
 */
gboolean
ph_envelope_get_require_tls (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->require_tls;
}

/**
 * ph_envelope_set_deliver_by:
 * @self: an envelope
 * @seconds: within which it is to be delivered, -999999999 to 999999999; above 0 and not below the server's
 *   minimum with [enum@DeliverBy.RETURN]
 * @mode: what happens otherwise; [enum@DeliverBy.NONE] takes it back
 * @trace: the sender is told of each relaying, too
 *
 * The time by which the message is to be delivered (BY, RFC 2852). Needs DELIVERBY.
 */
void
ph_envelope_set_deliver_by (PhEnvelope *self, int seconds, PhDeliverBy mode, gboolean trace)
{
  g_return_if_fail (self != NULL);

  self->deliver_by = mode;
  self->deliver_by_seconds = seconds;
  self->deliver_by_trace = trace != FALSE;
}

/**
 * ph_envelope_get_deliver_by:
 * @self: an envelope
 * @seconds: (out) (optional): as it was set
 * @trace: (out) (optional): as it was set
 *
 * Returns: the mode; [enum@DeliverBy.NONE] where there is no such time
 */
PhDeliverBy
ph_envelope_get_deliver_by (PhEnvelope *self, int *seconds, gboolean *trace)
{
  g_return_val_if_fail (self != NULL, PH_DELIVER_BY_NONE);

  if (seconds != NULL)
    *seconds = self->deliver_by_seconds;
  if (trace != NULL)
    *trace = self->deliver_by_trace;
  return self->deliver_by;
}

/**
 * ph_envelope_set_hold_for:
 * @self: an envelope
 * @seconds: 1 to 999999999, not above the server's maximum; 0 takes it back
 *
 * Has the submission server hold the message for so long (HOLDFOR, RFC 4865). Needs FUTURERELEASE; not for bounces, and not together
 * with [method@Envelope.set_hold_until].
 */
void
ph_envelope_set_hold_for (PhEnvelope *self, guint seconds)
{
  g_return_if_fail (self != NULL);

  self->hold_for = seconds;
}

/**
 * ph_envelope_get_hold_for:
 * @self: an envelope
 *
 * Returns: seconds; 0 where there is none
 */
guint
ph_envelope_get_hold_for (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->hold_for;
}

/**
 * ph_envelope_set_hold_until:
 * @self: an envelope
 * @time: (nullable): not behind the server's latest; %NULL takes it back
 *
 * Has the submission server hold the message until then (HOLDUNTIL, RFC 4865). It goes out in UTC, to the second. Needs FUTURERELEASE;
 * not for bounces, and not together with [method@Envelope.set_hold_for].
 */
void
ph_envelope_set_hold_until (PhEnvelope *self, GDateTime *time)
{
  g_return_if_fail (self != NULL);

  if (time != NULL)
    g_date_time_ref (time);
  g_clear_pointer (&self->hold_until, g_date_time_unref);
  self->hold_until = time;
}

/**
 * ph_envelope_get_hold_until:
 * @self: an envelope
 *
 * Returns: (transfer none) (nullable): when it is released; %NULL where there is no such time
 */
GDateTime *
ph_envelope_get_hold_until (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->hold_until;
}

/**
 * ph_envelope_set_priority:
 * @self: an envelope
 * @priority: -9 (last) to 9 (first); 0 is normal
 *
 * How urgent the message is (MT-PRIORITY, RFC 6710). Needs MT-PRIORITY.
 */
void
ph_envelope_set_priority (PhEnvelope *self, int priority)
{
  g_return_if_fail (self != NULL);

  self->has_priority = TRUE;
  self->priority = priority;
}

/**
 * ph_envelope_get_priority:
 * @self: an envelope
 * @priority: (out) (optional): the priority, 0 where none was set
 *
 * Returns: whether one was set
 */
gboolean
ph_envelope_get_priority (PhEnvelope *self, int *priority)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (priority != NULL)
    *priority = self->priority;
  return self->has_priority;
}

/**
 * ph_envelope_set_priority_profile:
 * @self: an envelope
 * @profile: (nullable): a policy's name, "MIXER"; %NULL: any
 *
 * The policy by which the server must say that it reads priorities (RFC 6710 section 9.2): with another, or none, a priority counts
 * as not supported. A server that names none has a policy of its own.
 */
void
ph_envelope_set_priority_profile (PhEnvelope *self, const char *profile)
{
  g_return_if_fail (self != NULL);

  ph_envelope_keep (&self->priority_profile, profile);
}

/**
 * ph_envelope_get_priority_profile:
 * @self: an envelope
 *
 * Returns: (transfer none) (nullable): the policy's name
 */
const char *
ph_envelope_get_priority_profile (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->priority_profile;
}

/**
 * ph_envelope_set_body_type:
 * @self: an envelope
 * @body_type: what the content is
 *
 * Declares the content, as its MIME headers do (BODY). The default asks for 8BITMIME where that is offered. [enum@BodyType.EIGHT_BIT] and
 * [enum@BodyType.BINARY] are not sent to a server that does not offer them: convert the message, or find another server.
 */
void
ph_envelope_set_body_type (PhEnvelope *self, PhBodyType body_type)
{
  g_return_if_fail (self != NULL);

  self->body_type = body_type;
}

/**
 * ph_envelope_get_body_type:
 * @self: an envelope
 *
 * Returns: what the content is
 */
PhBodyType
ph_envelope_get_body_type (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, PH_BODY_TYPE_AUTO);

  return self->body_type;
}

/**
 * ph_envelope_set_utf8_headers:
 * @self: an envelope
 * @utf8_headers: %TRUE: the message's headers are in UTF-8
 *
 * Needs SMTPUTF8 (RFC 6531). That an address needs it is seen without; one of which only the domain does goes as IDNA where the server
 * does not offer it.
 */
void
ph_envelope_set_utf8_headers (PhEnvelope *self, gboolean utf8_headers)
{
  g_return_if_fail (self != NULL);

  self->utf8_headers = utf8_headers != FALSE;
}

/**
 * ph_envelope_get_utf8_headers:
 * @self: an envelope
 *
 * Returns: whether the message's headers need SMTPUTF8
 */
gboolean
ph_envelope_get_utf8_headers (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->utf8_headers;
}

/**
 * ph_envelope_set_solicitation:
 * @self: an envelope
 * @keywords: (nullable) (array zero-terminated=1): "net.example:ADV" …, 999 octets in all at most; %NULL for none
 *
 * The classes of solicitation that the message belongs to, the same as in its `Solicitation` field (SOLICIT, RFC 3865). Needs
 * NO-SOLICITING; a server that lists one of them does not want the message, and it isn't sent there.
 */
void
ph_envelope_set_solicitation (PhEnvelope *self, const char *const *keywords)
{
  g_return_if_fail (self != NULL);

  g_strfreev (self->solicitation);
  self->solicitation = g_strdupv ((char **) keywords);
}

/**
 * ph_envelope_get_solicitation:
 * @self: an envelope
 *
 * Returns: (transfer none) (array zero-terminated=1) (nullable): the classes; %NULL for none
 */
const char *const *
ph_envelope_get_solicitation (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->solicitation;
}

/**
 * ph_envelope_set_tracking:
 * @self: an envelope
 * @secret: (nullable): 16 to 128 random octets, of which only the SHA-1 is sent; %NULL takes it back
 * @timeout: seconds for which servers are to remember the message, at most 999999999; 0: as long as they see fit
 *
 * Makes the message trackable by whoever knows @secret (MTRK, RFC 3885). Needs MTRK, and an envelope id of the form `local@host` that
 * is never used again.
 */
void
ph_envelope_set_tracking (PhEnvelope *self, GBytes *secret, guint timeout)
{
  g_return_if_fail (self != NULL);

  if (secret != NULL)
    g_bytes_ref (secret);
  g_clear_pointer (&self->tracking, g_bytes_unref);
  self->tracking = secret;
  self->tracking_timeout = timeout;
}

/**
 * ph_envelope_get_tracking:
 * @self: an envelope
 * @timeout: (out) (optional): seconds
 *
 * Returns: (transfer none) (nullable): the secret; %NULL where the message isn't tracked
 */
GBytes *
ph_envelope_get_tracking (PhEnvelope *self, guint *timeout)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (timeout != NULL)
    *timeout = self->tracking_timeout;
  return self->tracking;
}

/**
 * ph_envelope_set_conversion_permitted:
 * @self: an envelope
 * @permitted: %TRUE: relays may convert the content
 *
 * Lets relays convert the content, as its Content-Convert fields permit (CONPERM, RFC 4141). Needs CONPERM.
 */
void
ph_envelope_set_conversion_permitted (PhEnvelope *self, gboolean permitted)
{
  g_return_if_fail (self != NULL);

  self->conversion_permitted = permitted != FALSE;
}

/**
 * ph_envelope_get_conversion_permitted:
 * @self: an envelope
 *
 * Returns: whether relays may convert the content
 */
gboolean
ph_envelope_get_conversion_permitted (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->conversion_permitted;
}

/**
 * ph_envelope_set_verp:
 * @self: an envelope
 * @delimiters: (nullable): two of printable ASCII, "+="; "" for the server's own; %NULL for none
 *
 * Has Postfix deliver to each recipient from an address of its own, `sender+recipient=domain@example.org`, so that bounces tell whom they
 * are of (XVERP). Needs XVERP.
 */
void
ph_envelope_set_verp (PhEnvelope *self, const char *delimiters)
{
  g_return_if_fail (self != NULL);

  ph_envelope_keep (&self->verp, delimiters);
}

/**
 * ph_envelope_get_verp:
 * @self: an envelope
 *
 * Returns: (transfer none) (nullable): the delimiters, as they were given
 */
const char *
ph_envelope_get_verp (PhEnvelope *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->verp;
}
