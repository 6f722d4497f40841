/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who sends and who receives, as SMTP and LMTP carry it (RFC 5321 section 2.3.1), and what is asked of the servers on the way; not the
 * headers. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

/**
 * PhDsnReturn:
 * @PH_DSN_RETURN_DEFAULT: as the server sees fit
 * @PH_DSN_RETURN_FULL: the whole message
 * @PH_DSN_RETURN_HEADERS: its header fields only
 *
 * What of a message comes back with the report of its failure (RET, RFC 3461 section 4.3).
 */
typedef enum {
  PH_DSN_RETURN_DEFAULT,
  PH_DSN_RETURN_FULL,
  PH_DSN_RETURN_HEADERS
} PhDsnReturn;

/**
 * PhDsnNotify:
 * @PH_DSN_NOTIFY_DEFAULT: as the server sees fit: of failures, perhaps of delays
 * @PH_DSN_NOTIFY_NEVER: of nothing; excludes the others
 * @PH_DSN_NOTIFY_SUCCESS: when the message was delivered
 * @PH_DSN_NOTIFY_FAILURE: when it could not be delivered
 * @PH_DSN_NOTIFY_DELAY: when it is delayed
 *
 * What the sender wants to be told of a recipient (NOTIFY, RFC 3461 section 4.1).
 */
typedef enum {
  PH_DSN_NOTIFY_DEFAULT = 0,
  PH_DSN_NOTIFY_NEVER   = 1 << 0,
  PH_DSN_NOTIFY_SUCCESS = 1 << 1,
  PH_DSN_NOTIFY_FAILURE = 1 << 2,
  PH_DSN_NOTIFY_DELAY   = 1 << 3
} PhDsnNotify;

/**
 * PhDeliverBy:
 * @PH_DELIVER_BY_NONE: there is no such time
 * @PH_DELIVER_BY_RETURN: give up and return the message
 * @PH_DELIVER_BY_NOTIFY: go on, and tell the sender
 *
 * What happens when a message was not delivered in time (BY, RFC 2852 section 4).
 */
typedef enum {
  PH_DELIVER_BY_NONE,
  PH_DELIVER_BY_RETURN,
  PH_DELIVER_BY_NOTIFY
} PhDeliverBy;

/**
 * PhBodyType:
 * @PH_BODY_TYPE_AUTO: 8BITMIME where it is offered, otherwise nothing is said
 * @PH_BODY_TYPE_SEVEN_BIT: ASCII, in lines (RFC 6152)
 * @PH_BODY_TYPE_EIGHT_BIT: any octets, in lines; needs 8BITMIME (RFC 6152)
 * @PH_BODY_TYPE_BINARY: any octets, as they are; needs BINARYMIME and CHUNKING (RFC 3030)
 *
 * What a message's content is, as its MIME headers declare it (BODY).
 */
typedef enum {
  PH_BODY_TYPE_AUTO,
  PH_BODY_TYPE_SEVEN_BIT,
  PH_BODY_TYPE_EIGHT_BIT,
  PH_BODY_TYPE_BINARY
} PhBodyType;

/**
 * PhEnvelopeOption:
 * @PH_ENVELOPE_OPTION_NONE: none of them
 * @PH_ENVELOPE_OPTION_DSN: return, envelope id, notify, original recipient
 * @PH_ENVELOPE_OPTION_AUTH: the identity that submitted the message
 * @PH_ENVELOPE_OPTION_DELIVER_BY: the time of delivery, where it is only to be notified of
 * @PH_ENVELOPE_OPTION_PRIORITY: the priority
 * @PH_ENVELOPE_OPTION_SOLICITATION: the classes of solicitation
 * @PH_ENVELOPE_OPTION_TRACKING: message tracking
 *
 * What may be left out for a server that does not offer it. For all others their RFC demands that the message is not sent there.
 */
typedef enum {
  PH_ENVELOPE_OPTION_NONE         = 0,
  PH_ENVELOPE_OPTION_DSN          = 1 << 0,
  PH_ENVELOPE_OPTION_AUTH         = 1 << 1,
  PH_ENVELOPE_OPTION_DELIVER_BY   = 1 << 2,
  PH_ENVELOPE_OPTION_PRIORITY     = 1 << 3,
  PH_ENVELOPE_OPTION_SOLICITATION = 1 << 4,
  PH_ENVELOPE_OPTION_TRACKING     = 1 << 5
} PhEnvelopeOption;

#define PH_TYPE_ENVELOPE (ph_envelope_get_type ())
PH_AVAILABLE_IN_1_0 GType       ph_envelope_get_type                (void) G_GNUC_CONST;
/* @sender: the reverse-path without angle brackets; "" or NULL is the null reverse-path */
PH_AVAILABLE_IN_1_0 PhEnvelope *ph_envelope_new                     (const char *sender);
PH_AVAILABLE_IN_1_0 PhEnvelope *ph_envelope_ref                     (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 void        ph_envelope_unref                   (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 const char *ph_envelope_get_sender              (PhEnvelope *self);
/* Addresses are kept as given and checked when sent: CR, LF, NUL, brackets and blanks outside quotes are refused. */
PH_AVAILABLE_IN_1_0 void        ph_envelope_add_recipient           (PhEnvelope *self, const char *address);
PH_AVAILABLE_IN_1_0 guint       ph_envelope_get_n_recipients        (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 const char *ph_envelope_get_recipient           (PhEnvelope *self, guint index);
/* Free ESMTP parameters, "X-TRACE=7"; the first for MAIL, the second for recipient @index */
PH_AVAILABLE_IN_1_0 void        ph_envelope_add_parameter           (PhEnvelope *self, const char *parameter);
PH_AVAILABLE_IN_1_0 void        ph_envelope_add_recipient_parameter (PhEnvelope *self, guint index, const char *parameter);
/* (transfer none) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 const char *const *ph_envelope_get_parameters           (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 const char *const *ph_envelope_get_recipient_parameters (PhEnvelope *self, guint index);
/* TRUE: all recipients or none get the message. Default FALSE. */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_require_all         (PhEnvelope *self, gboolean require_all);
PH_AVAILABLE_IN_1_0 gboolean    ph_envelope_get_require_all         (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 gboolean    ph_envelope_is_plain                (PhEnvelope *self);
/* Another envelope with all that this one says, for some of its recipients (each index once, in this order). @indices NULL: all.
 * (transfer full) */
PH_AVAILABLE_IN_1_0 PhEnvelope *ph_envelope_select                  (PhEnvelope *self, const guint *indices, gsize n_indices);

/*
 * What is asked of the server beyond. Each is kept as given and checked when the message is sent, before an octet is written:
 * PH_ERROR_INVALID_ARGUMENT where it is out of its range, PH_ERROR_NOT_SUPPORTED where the server does not offer it, or not so much.
 */

/* Left out, not an error, where the server does not offer it. Default: none. */
PH_AVAILABLE_IN_1_0 void             ph_envelope_set_best_effort           (PhEnvelope *self, PhEnvelopeOption options);
PH_AVAILABLE_IN_1_0 PhEnvelopeOption ph_envelope_get_best_effort           (PhEnvelope *self);

/* DSN (RFC 3461). @id: 1 to 100 octets as xtext, printable ASCII; NULL for none */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_dsn_return            (PhEnvelope *self, PhDsnReturn dsn_return);
PH_AVAILABLE_IN_1_0 PhDsnReturn ph_envelope_get_dsn_return            (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_envelope_id           (PhEnvelope *self, const char *id);
PH_AVAILABLE_IN_1_0 const char *ph_envelope_get_envelope_id           (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_recipient_notify      (PhEnvelope *self, guint index, PhDsnNotify notify);
PH_AVAILABLE_IN_1_0 PhDsnNotify ph_envelope_get_recipient_notify      (PhEnvelope *self, guint index);
/* @type: NULL for "rfc822", or "utf-8" where @address is not ASCII (RFC 6533); @address: NULL for none */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_recipient_original    (PhEnvelope *self, guint index, const char *type, const char *address);
PH_AVAILABLE_IN_1_0 const char *ph_envelope_get_recipient_original    (PhEnvelope *self, guint index, const char **type);

/* AUTH= (RFC 4954): the mailbox of whoever submitted the message; "" says that it isn't known; NULL: nothing is said */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_auth                  (PhEnvelope *self, const char *mailbox);
PH_AVAILABLE_IN_1_0 const char *ph_envelope_get_auth                  (PhEnvelope *self);
/* REQUIRETLS (RFC 8689): the whole way, or not at all; only where TLS is on */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_require_tls           (PhEnvelope *self, gboolean require_tls);
PH_AVAILABLE_IN_1_0 gboolean    ph_envelope_get_require_tls           (PhEnvelope *self);
/* DELIVERBY (RFC 2852): -999999999 to 999999999 seconds, above 0 with RETURN; @trace: tell of each relaying, too */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_deliver_by            (PhEnvelope *self, int seconds, PhDeliverBy mode, gboolean trace);
PH_AVAILABLE_IN_1_0 PhDeliverBy ph_envelope_get_deliver_by            (PhEnvelope *self, int *seconds, gboolean *trace);
/* FUTURERELEASE (RFC 4865): 1 to 999999999 seconds, 0 for none; or a time, NULL for none; not both, not for bounces */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_hold_for              (PhEnvelope *self, guint seconds);
PH_AVAILABLE_IN_1_0 guint       ph_envelope_get_hold_for              (PhEnvelope *self);
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_hold_until            (PhEnvelope *self, GDateTime *time);
PH_AVAILABLE_IN_1_0 GDateTime  *ph_envelope_get_hold_until            (PhEnvelope *self);
/* MT-PRIORITY (RFC 6710): -9 (last) to 9 (first); FALSE where none was set */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_priority              (PhEnvelope *self, int priority);
PH_AVAILABLE_IN_1_0 gboolean    ph_envelope_get_priority              (PhEnvelope *self, int *priority);
/* The policy by which a server must say that it reads priorities, "MIXER", "STANAG4406"; NULL: any */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_priority_profile      (PhEnvelope *self, const char *profile);
PH_AVAILABLE_IN_1_0 const char *ph_envelope_get_priority_profile      (PhEnvelope *self);
/* RRVS (RFC 7293): deliver only if the mailbox has belonged to the same person since; @required FALSE: also by servers without RRVS */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_recipient_valid_since (PhEnvelope *self, guint index, GDateTime *since, gboolean required);
PH_AVAILABLE_IN_1_0 GDateTime  *ph_envelope_get_recipient_valid_since (PhEnvelope *self, guint index, gboolean *required);
/* BODY (RFC 6152, RFC 3030) */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_body_type             (PhEnvelope *self, PhBodyType body_type);
PH_AVAILABLE_IN_1_0 PhBodyType  ph_envelope_get_body_type             (PhEnvelope *self);
/* SMTPUTF8 (RFC 6531): TRUE where the message's headers need it; addresses that do are seen without */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_utf8_headers             (PhEnvelope *self, gboolean utf8_headers);
PH_AVAILABLE_IN_1_0 gboolean    ph_envelope_get_utf8_headers             (PhEnvelope *self);
/* SOLICIT (RFC 3865): "net.example:ADV", those of the message's Solicitation field; NULL for none (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_solicitation          (PhEnvelope *self, const char *const *keywords);
PH_AVAILABLE_IN_1_0 const char *const *ph_envelope_get_solicitation   (PhEnvelope *self);
/* MTRK (RFC 3885): @secret: 16 to 128 random octets, of which the SHA-1 is sent; @timeout: seconds, 0: the server's own. Needs an
 * envelope id of the form local@host */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_tracking              (PhEnvelope *self, GBytes *secret, guint timeout);
PH_AVAILABLE_IN_1_0 GBytes     *ph_envelope_get_tracking              (PhEnvelope *self, guint *timeout);
/* CONPERM (RFC 4141): relays may convert the content as its Content-Convert fields say */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_conversion_permitted  (PhEnvelope *self, gboolean permitted);
PH_AVAILABLE_IN_1_0 gboolean    ph_envelope_get_conversion_permitted  (PhEnvelope *self);
/* XVERP of Postfix: each recipient gets a sender address of its own; two delimiters, "" for the server's own, NULL for none */
PH_AVAILABLE_IN_1_0 void        ph_envelope_set_verp                  (PhEnvelope *self, const char *delimiters);
PH_AVAILABLE_IN_1_0 const char *ph_envelope_get_verp                  (PhEnvelope *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhEnvelope, ph_envelope_unref)

G_END_DECLS
