/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* TLS as a byte filter: GnuTLS between two queues. */
#include "transport/ph-tls-filter.h"

#include "transport/ph-security-policy-private.h"
#include "transport/ph-tls-identity.h"
#include "transport/ph-tls-info-private.h"
#include "transport/ph-tlsa.h"

#include <errno.h>
#include <gnutls/x509.h>
#include <string.h>

/* One record's worth */
#define PIECE (16 * 1024)
/* What stands before a record: its type, a version, its length; and the longest that it may have (RFC 5246 section 6.2.3, the more generous) */
#define RECORD_HEAD 5
#define RECORD_LONGEST (PIECE + 2048)

struct _PhTlsFilter {
  GObject parent_instance;

  PhSecurityPolicy *policy; /* owns the credentials that the session points to */
  char             *host;   /* for people, and to be compared with the certificate: ASCII, without zone and last dot */
  gboolean          is_address;
  char             *srv;    /* the service; NULL: it has no name of its own */
  char             *domain; /* whose mail it serves; NULL: not said */
  gnutls_session_t  session;
  PhTlsState        state;
  PhTlsInfo        *info;
  GError           *failure; /* of the channel, for good */
  gboolean          has_heard; /* anything from the peer */
  gboolean          said_goodbye;
  gboolean          is_amid;   /* GnuTLS has asked for more than there was: it may hold the beginning of a record */
  char             *peer; /* whose tickets to use; NULL: none */
  gboolean          has_kept_ticket;
  GPtrArray        *records; /* of DNS; NULL: it was not asked */
  PhDaneResult      dane;

  /* during a call: where GnuTLS reads from and writes to. What it writes while it reads waits in @answers for the next send (). */
  PhByteQueue *source;
  PhByteQueue *target;
  PhByteQueue *answers;
};

static void ph_tls_filter_implement (PhFilterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhTlsFilter, ph_tls_filter, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PH_TYPE_FILTER, ph_tls_filter_implement))

static gssize
push (gnutls_transport_ptr_t pointer, const void *data, gsize length)
{
  PhTlsFilter *self = pointer;

  ph_byte_queue_append (self->target != NULL ? self->target : self->answers, data, length);
  return length;
}

static gssize
pull (gnutls_transport_ptr_t pointer, void *buffer, gsize length)
{
  PhTlsFilter *self = pointer;
  gsize queued = 0;
  const guint8 *data = self->source != NULL ? ph_byte_queue_peek (self->source, &queued) : NULL;

  self->is_amid = length > queued;
  if (queued == 0)
    {
      gnutls_transport_set_errno (self->session, EAGAIN);
      return -1;
    }
  length = MIN (length, queued);
  memcpy (buffer, data, length);
  ph_byte_queue_consume (self->source, length);
  return length;
}

/* Without one, GnuTLS takes the transport pointer for a descriptor. */
static int
pull_timeout (gnutls_transport_ptr_t pointer, guint milliseconds)
{
  PhTlsFilter *self = pointer;

  return self->source != NULL && ph_byte_queue_get_length (self->source) > 0;
}

static gboolean
fail (PhTlsFilter *self, GError *failure, GError **error)
{
  if (self->failure == NULL)
    self->failure = failure;
  else
    g_clear_error (&failure);
  g_propagate_error (error, g_error_copy (self->failure));
  return FALSE;
}

static const char *
get_oldest_version (PhTlsFilter *self)
{
  const guint *versions;
  int n = gnutls_priority_protocol_list (ph_security_policy_get_tls_priority (self->policy), &versions);
  guint oldest = GNUTLS_TLS1_3;

  for (int i = 0; i < n; i++)
    oldest = versions[i] < GNUTLS_DTLS_VERSION_MIN ? MIN (oldest, versions[i]) : oldest;
  return gnutls_protocol_get_name (oldest);
}

static gboolean
is_about_version (PhTlsFilter *self, int result)
{
  return result == GNUTLS_E_UNSUPPORTED_VERSION_PACKET ||
         (result == GNUTLS_E_FATAL_ALERT_RECEIVED && gnutls_alert_get (self->session) == GNUTLS_A_PROTOCOL_VERSION);
}

/* @result: what GnuTLS says, something fatal. The peer is told, where it does not know. */
static gboolean
fail_session (PhTlsFilter *self, int result, GError **error)
{
  gboolean shaking = self->state == PH_TLS_STATE_HANDSHAKE;
  const char *what = shaking ? "handshake" : "channel";
  const char *alert = NULL;

  /* a ticket may have been what the server did not like */
  if (shaking && self->peer != NULL)
    ph_tls_tickets_drop (self->policy->tickets, self->peer);

  if (result == GNUTLS_E_REHANDSHAKE)
    {
      gnutls_alert_send (self->session, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
      return fail (self, g_error_new (PH_ERROR, PH_ERROR_TLS, "%s asked for a second TLS handshake, which is refused", self->host), error);
    }
  if (shaking && is_about_version (self, result))
    {
      gnutls_alert_send_appropriate (self->session, result);
      return fail (self, g_error_new (PH_ERROR, PH_ERROR_TLS, "%s speaks no version of TLS that is new enough (%s or newer is asked for)", self->host,
                                      get_oldest_version (self)), error);
    }
  if (result == GNUTLS_E_FATAL_ALERT_RECEIVED)
    alert = gnutls_alert_get_name (gnutls_alert_get (self->session));
  if (alert != NULL)
    return fail (self, g_error_new (PH_ERROR, PH_ERROR_TLS, "The TLS %s with %s failed: the server's alert: %s", what, self->host, alert), error);
  gnutls_alert_send_appropriate (self->session, result);
  return fail (self, g_error_new (PH_ERROR, PH_ERROR_TLS, "The TLS %s with %s failed: %s", what, self->host, gnutls_strerror (result)), error);
}

/* What GnuTLS finds wrong with the certificates, its authorities, names, dates, lists and staple. */
static guint
verify_chain (PhTlsFilter *self)
{
  g_autoptr (GInetAddress) address = self->is_address ? g_inet_address_new_from_string (self->host) : NULL;
  gnutls_typed_vdata_st data[] = {
    { .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (guint8 *) GNUTLS_KP_TLS_WWW_SERVER },
    { .type = GNUTLS_DT_DNS_HOSTNAME, .data = (guint8 *) self->host },
  };
  guint status = 0;

  if (address != NULL)
    {
      data[1].type = GNUTLS_DT_IP_ADDRESS;
      data[1].data = (guint8 *) g_inet_address_to_bytes (address);
      data[1].size = g_inet_address_get_native_size (address);
    }
  if (gnutls_certificate_verify_peers (self->session, data, G_N_ELEMENTS (data), &status) < 0)
    return GNUTLS_CERT_INVALID | PH_STATUS_NOT_CHECKED;
  return status;
}

static guint
verify (PhTlsFilter *self)
{
  guint n = 0;
  const gnutls_datum_t *chain = gnutls_certificate_get_peers (self->session, &n);
  guint status = verify_chain (self);

  if (n > 0)
    status = ph_tls_identity_check (chain, self->srv, self->host, self->domain, status);
  if (self->records != NULL)
    status = ph_tlsa_check (self->records, ph_security_policy_get_dane (self->policy), self->session, self->host, status, &self->dane);
  return ph_security_policy_check_pins (self->policy, self->host, n > 0 ? chain : NULL, status);
}

/* RFC 9266 section 4, RFC 7627: without the extended master secret somebody in the middle can bring two channels to the
 * same value. */
static const struct { const char *name; gnutls_channel_binding_t type; gboolean needs_one; } binding_types[] = {
  { "tls-exporter", GNUTLS_CB_TLS_EXPORTER, TRUE },
  { "tls-server-end-point", GNUTLS_CB_TLS_SERVER_END_POINT, FALSE },
  { "tls-unique", GNUTLS_CB_TLS_UNIQUE, TRUE },
};

static gboolean
is_bound_to_one (PhTlsFilter *self)
{
  return gnutls_protocol_get_version (self->session) == GNUTLS_TLS1_3 ||
         (gnutls_session_get_flags (self->session) & GNUTLS_SFLAGS_EXT_MASTER_SECRET);
}

static GBytes *
export_binding (PhTlsFilter *self, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (binding_types); i++)
    {
      gnutls_datum_t datum;
      GBytes *binding;

      if (!g_str_equal (binding_types[i].name, name) || (binding_types[i].needs_one && !is_bound_to_one (self)) ||
          gnutls_session_channel_binding (self->session, binding_types[i].type, &datum) < 0)
        continue;
      binding = g_bytes_new (datum.data, datum.size);
      gnutls_free (datum.data);
      return binding;
    }
  return NULL;
}

static void
make_info (PhTlsFilter *self, guint status)
{
  g_autoptr (GBytes) unique = export_binding (self, "tls-unique");

  self->info = ph_tls_info_new (self->session, self->host, status, self->dane, is_bound_to_one (self), unique != NULL);
}

/* In TLS 1.3 a ticket comes when the server sees fit; asking GnuTLS before would make it wait. */
static void
keep_ticket (PhTlsFilter *self)
{
  PhTlsTickets *tickets = ph_security_policy_get_tickets (self->policy);
  gboolean once = gnutls_protocol_get_version (self->session) == GNUTLS_TLS1_3;
  gnutls_datum_t data;

  if (self->peer == NULL || tickets == NULL || self->has_kept_ticket || !(gnutls_session_get_flags (self->session) & GNUTLS_SFLAGS_SESSION_TICKET))
    return;
  self->has_kept_ticket = TRUE;
  if (gnutls_session_get_data2 (self->session, &data) < 0)
    return;
  if (data.size > 0)
    {
      g_autoptr (PhSecret) ticket = ph_secret_new_len ((const char *) data.data, data.size);

      ph_tls_tickets_keep (tickets, self->peer, ticket, once);
    }
  ph_wipe (data.data, data.size);
  gnutls_free (data.data);
}

/* Goes on with the handshake as far as the input reaches. */
static gboolean
shake_hands (PhTlsFilter *self, GError **error)
{
  gsize before, left;
  guint status;
  int result;

  /* A warning, or a record that holds a part of a message, ends the call, and there may be more to read. */
  do
    {
      before = self->source != NULL ? ph_byte_queue_get_length (self->source) : 0;
      result = gnutls_handshake (self->session);
      left = self->source != NULL ? ph_byte_queue_get_length (self->source) : 0;
    }
  while (result < 0 && !gnutls_error_is_fatal (result) && left > 0 && left < before);
  if (result < 0)
    return gnutls_error_is_fatal (result) ? fail_session (self, result, error) : TRUE;

  status = verify (self);
  make_info (self, status);
  self->state = status == 0 ? PH_TLS_STATE_OPEN : PH_TLS_STATE_QUESTION;
  keep_ticket (self);
  return TRUE;
}

/* A server that speaks its protocol in the clear would be reported as a broken record otherwise: its first octet tells. */
static gboolean
hears_plain_text (PhTlsFilter *self, PhByteQueue *input)
{
  gsize length;
  const guint8 *data = ph_byte_queue_peek (input, &length);
  gboolean is_first = !self->has_heard && length > 0;

  self->has_heard |= length > 0;
  return is_first && g_ascii_isprint (data[0]);
}

/* What GnuTLS can make something of. The beginning of a record it would copy to and fro, and ask again; one that is too long it refuses. */
static gboolean
has_record (PhTlsFilter *self, PhByteQueue *input)
{
  gsize length, announced;
  const guint8 *data = ph_byte_queue_peek (input, &length);

  if (self->is_amid)
    return length > 0;
  if (length < RECORD_HEAD)
    return FALSE;
  announced = (gsize) data[3] << 8 | data[4];
  return announced > RECORD_LONGEST || length - RECORD_HEAD >= announced;
}

static gboolean
decrypt (PhTlsFilter *self, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  /* all at once: what waits there is moved before the rest has come, if at all */
  if (has_record (self, input))
    ph_byte_queue_reserve (output, ph_byte_queue_get_length (input));
  while (has_record (self, input))
    {
      gsize before = ph_byte_queue_get_length (input);
      /* a record is longer than what is in it */
      gsize room = self->is_amid ? PIECE : MIN (before, PIECE);
      gssize n = gnutls_record_recv (self->session, ph_byte_queue_reserve (output, room), room);

      ph_byte_queue_commit (output, MAX (n, 0));
      if (n > 0)
        continue;
      if (n == 0)
        {
          self->state = PH_TLS_STATE_CLOSED;
          return TRUE;
        }
      if (gnutls_error_is_fatal (n) || n == GNUTLS_E_REHANDSHAKE)
        return fail_session (self, n, error);
      keep_ticket (self);
      /* a ticket, a key update, a warning: there may be more behind it, unless nothing was taken */
      if (ph_byte_queue_get_length (input) == before)
        return TRUE;
    }
  return TRUE;
}

static gboolean
ph_tls_filter_receive (PhFilter *filter, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  PhTlsFilter *self = PH_TLS_FILTER (filter);
  gboolean success = TRUE;

  if (self->failure != NULL)
    return fail (self, NULL, error);
  self->source = input;
  if (self->state == PH_TLS_STATE_HANDSHAKE && hears_plain_text (self, input))
    success = fail (self, g_error_new (PH_ERROR, PH_ERROR_TLS, "%s does not speak TLS here: it answered in plain text", self->host), error);
  else if (self->state == PH_TLS_STATE_HANDSHAKE)
    success = shake_hands (self, error);
  if (success && self->state == PH_TLS_STATE_OPEN)
    success = decrypt (self, input, output, error);
  self->source = NULL;
  return success;
}

static gboolean
encrypt (PhTlsFilter *self, PhByteQueue *input, GError **error)
{
  gsize length;
  const guint8 *data;

  while ((data = ph_byte_queue_peek (input, &length)) != NULL && length > 0)
    {
      gssize n = gnutls_record_send (self->session, data, MIN (length, PIECE));

      if (n < 0)
        return fail_session (self, n, error);
      ph_byte_queue_consume (input, n);
    }
  return TRUE;
}

static gboolean
ph_tls_filter_send (PhFilter *filter, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  PhTlsFilter *self = PH_TLS_FILTER (filter);
  gboolean success = TRUE;

  if (self->failure != NULL)
    return fail (self, NULL, error);
  ph_byte_queue_move (output, self->answers);
  self->target = output;
  if (self->state == PH_TLS_STATE_HANDSHAKE)
    success = shake_hands (self, error);
  if (success && (self->state == PH_TLS_STATE_OPEN || self->state == PH_TLS_STATE_CLOSED))
    success = encrypt (self, input, error);
  self->target = NULL;
  return success;
}

static gboolean
ph_tls_filter_end_of_input (PhFilter *filter, GError **error)
{
  PhTlsFilter *self = PH_TLS_FILTER (filter);

  if (self->failure != NULL)
    return fail (self, NULL, error);
  if (self->state == PH_TLS_STATE_CLOSED)
    return TRUE;
  if (self->state == PH_TLS_STATE_HANDSHAKE)
    return fail (self, g_error_new (PH_ERROR, PH_ERROR_CLOSED, "%s closed the connection during the TLS handshake", self->host), error);
  return fail (self, g_error_new (PH_ERROR, PH_ERROR_CLOSED, "The connection to %s was cut off: it ended without TLS' word for it", self->host), error);
}

static void
ph_tls_filter_finish (PhFilter *filter, PhByteQueue *output)
{
  PhTlsFilter *self = PH_TLS_FILTER (filter);

  /* after a failure, the alert that says why */
  ph_byte_queue_move (output, self->answers);
  if (self->failure != NULL || self->state == PH_TLS_STATE_HANDSHAKE || self->said_goodbye)
    return;
  self->target = output;
  self->said_goodbye = TRUE;
  gnutls_bye (self->session, GNUTLS_SHUT_WR);
  self->target = NULL;
}

static void
ph_tls_filter_finalize (GObject *object)
{
  PhTlsFilter *self = PH_TLS_FILTER (object);

  g_clear_pointer (&self->session, gnutls_deinit);
  g_clear_object (&self->policy);
  g_clear_pointer (&self->info, ph_tls_info_unref);
  g_clear_pointer (&self->answers, ph_byte_queue_unref);
  g_clear_error (&self->failure);
  g_free (self->host);
  g_free (self->peer);
  g_free (self->srv);
  g_free (self->domain);
  g_clear_pointer (&self->records, g_ptr_array_unref);
  G_OBJECT_CLASS (ph_tls_filter_parent_class)->finalize (object);
}

static void
ph_tls_filter_class_init (PhTlsFilterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_tls_filter_finalize;
}

static void
ph_tls_filter_implement (PhFilterInterface *iface)
{
  iface->receive = ph_tls_filter_receive;
  iface->send = ph_tls_filter_send;
  iface->end_of_input = ph_tls_filter_end_of_input;
  iface->finish = ph_tls_filter_finish;
}

static void
ph_tls_filter_init (PhTlsFilter *self)
{
  self->answers = ph_byte_queue_new ();
}

static gboolean
set_host (PhTlsFilter *self, const char *host, GError **error)
{
  g_autofree char *name = g_strdup (host != NULL ? host : "");
  char *zone = strchr (name, '%');
  gsize length;

  if (zone != NULL)
    *zone = '\0';
  self->is_address = g_hostname_is_ip_address (name);
  length = strlen (name);
  if (length > 1 && name[length - 1] == '.')
    name[length - 1] = '\0';
  self->host = self->is_address ? g_steal_pointer (&name) : g_hostname_to_ascii (name);
  if (self->host != NULL)
    return TRUE;
  g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "“%s” is not a host name", host);
  return FALSE;
}

static gboolean
open_session (PhTlsFilter *self, const char *alpn, GError **error)
{
  gnutls_certificate_credentials_t credentials = ph_security_policy_get_tls_credentials (self->policy, error);
  const gnutls_datum_t protocol = { (guint8 *) alpn, alpn != NULL ? strlen (alpn) : 0 };
  int result;

  if (credentials == NULL)
    return FALSE;
  result = gnutls_init (&self->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
  if (result >= 0)
    result = gnutls_priority_set (self->session, ph_security_policy_get_tls_priority (self->policy));
  if (result >= 0)
    result = gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, credentials);
  if (result >= 0 && !self->is_address && *self->host != '\0')
    result = gnutls_server_name_set (self->session, GNUTLS_NAME_DNS, self->host, strlen (self->host));
  if (result >= 0 && alpn != NULL)
    result = gnutls_alpn_set_protocols (self->session, &protocol, 1, 0);
  if (result < 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_TLS, "TLS can't be begun: %s", gnutls_strerror (result));
      return FALSE;
    }
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_push_function (self->session, push);
  gnutls_transport_set_pull_function (self->session, pull);
  gnutls_transport_set_pull_timeout_function (self->session, pull_timeout);
  return TRUE;
}

PhTlsFilter *
ph_tls_filter_new (PhSecurityPolicy *policy, const char *host, const char *alpn, GError **error)
{
  g_autoptr (PhTlsFilter) self = g_object_new (PH_TYPE_TLS_FILTER, NULL);

  self->policy = g_object_ref (policy);
  if (!set_host (self, host, error) || !open_session (self, alpn, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
ph_tls_filter_set_dane (PhTlsFilter *self, GPtrArray *records)
{
  g_clear_pointer (&self->records, g_ptr_array_unref);
  self->records = g_ptr_array_ref (records);
}

void
ph_tls_filter_set_identity (PhTlsFilter *self, const char *srv, const char *domain)
{
  g_free (self->srv);
  g_free (self->domain);
  self->srv = g_strdup (srv);
  self->domain = g_strdup (domain);
}

void
ph_tls_filter_resume (PhTlsFilter *self, const char *peer)
{
  PhTlsTickets *tickets = ph_security_policy_get_tickets (self->policy);
  g_autoptr (PhSecret) ticket = tickets != NULL ? ph_tls_tickets_take (tickets, peer) : NULL;
  const char *data;
  gsize length;

  g_free (self->peer);
  self->peer = g_strdup (peer);
  if (ticket == NULL)
    return;
  data = ph_secret_get (ticket, &length);
  if (gnutls_session_set_data (self->session, data, length) < 0)
    ph_tls_tickets_drop (tickets, peer);
}

PhTlsState
ph_tls_filter_get_state (PhTlsFilter *self)
{
  return self->state;
}

static gnutls_alert_description_t
get_certificate_alert (GTlsCertificateFlags errors)
{
  if (errors & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return GNUTLS_A_UNKNOWN_CA;
  if (errors & G_TLS_CERTIFICATE_REVOKED)
    return GNUTLS_A_CERTIFICATE_REVOKED;
  return errors & G_TLS_CERTIFICATE_EXPIRED ? GNUTLS_A_CERTIFICATE_EXPIRED : GNUTLS_A_BAD_CERTIFICATE;
}

void
ph_tls_filter_answer (PhTlsFilter *self, gboolean accept)
{
  g_return_if_fail (self->state == PH_TLS_STATE_QUESTION);

  if (accept)
    {
      self->state = PH_TLS_STATE_OPEN;
      return;
    }
  gnutls_alert_send (self->session, GNUTLS_AL_FATAL, get_certificate_alert (ph_tls_info_get_errors (self->info)));
  fail (self, g_error_new_literal (PH_ERROR, PH_ERROR_BAD_CERTIFICATE, ph_tls_info_get_explanation (self->info)), NULL);
}

PhTlsInfo *
ph_tls_filter_get_info (PhTlsFilter *self)
{
  return self->info;
}

GBytes *
ph_tls_filter_get_binding_of_type (PhTlsFilter *self, const char *type)
{
  return self->info != NULL ? export_binding (self, type) : NULL;
}

GBytes *
ph_tls_filter_get_binding (PhTlsFilter *self, const char **type)
{
  const char *name = gnutls_protocol_get_version (self->session) == GNUTLS_TLS1_3 ? "tls-exporter" : "tls-server-end-point";

  if (type != NULL)
    *type = name;
  return ph_tls_filter_get_binding_of_type (self, name);
}

gboolean
ph_tls_filter_sent_certificate (PhTlsFilter *self)
{
  return self->info != NULL && gnutls_certificate_client_get_request_status (self->session) != 0 &&
         gnutls_certificate_get_ours (self->session) != NULL;
}
