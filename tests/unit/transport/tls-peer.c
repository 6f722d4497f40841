/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server side of the TLS filter's tests. */
#include "tls-peer.h"

#include <errno.h>
#include <string.h>

char *
tls_test_path (const char *name)
{
  return g_build_filename (PH_TEST_CERTIFICATES, name, NULL);
}

PhSecurityPolicy *
tls_test_policy (void)
{
  PhSecurityPolicy *policy = ph_security_policy_new ();
  g_autofree char *ca = tls_test_path ("ca.pem");

  ph_security_policy_set_ca_file (policy, ca);
  return policy;
}

static gssize
push (gnutls_transport_ptr_t pointer, const void *data, gsize length)
{
  ph_byte_queue_append (((TlsPeer *) pointer)->output, data, length);
  return length;
}

static gssize
pull (gnutls_transport_ptr_t pointer, void *buffer, gsize length)
{
  TlsPeer *self = pointer;
  gsize queued;
  const guint8 *data = ph_byte_queue_peek (self->input, &queued);

  if (queued == 0)
    {
      gnutls_transport_set_errno (self->session, EAGAIN);
      return -1;
    }
  length = MIN (length, queued);
  memcpy (buffer, data, length);
  ph_byte_queue_consume (self->input, length);
  return length;
}

static int
pull_timeout (gnutls_transport_ptr_t pointer, guint milliseconds)
{
  return ph_byte_queue_get_length (((TlsPeer *) pointer)->input) > 0;
}

static void
set_staple (TlsPeer *self, const char *name)
{
  g_autofree char *path = tls_test_path (name);

  /* one that is another's is to be sent all the same */
  gnutls_certificate_set_flags (self->credentials, GNUTLS_CERTIFICATE_SKIP_OCSP_RESPONSE_CHECK);
  g_assert_cmpint (gnutls_certificate_set_ocsp_status_request_file (self->credentials, path, 0), >=, 0);
}

TlsPeer *
tls_peer_new (const char *certificate, const char *priority)
{
  return tls_peer_new_full (certificate, "server.key", NULL, priority);
}

TlsPeer *
tls_peer_new_full (const char *certificate, const char *key_name, const char *staple, const char *priority)
{
  TlsPeer *self = g_new0 (TlsPeer, 1);
  g_autofree char *chain = tls_test_path (certificate);
  g_autofree char *key = tls_test_path (key_name);
  int result;

  self->input = ph_byte_queue_new ();
  self->output = ph_byte_queue_new ();
  self->received = g_string_new (NULL);
  gnutls_certificate_allocate_credentials (&self->credentials);
  result = gnutls_certificate_set_x509_key_file (self->credentials, chain, key, GNUTLS_X509_FMT_PEM);
  g_assert_cmpint (result, >=, 0);
  if (staple != NULL)
    set_staple (self, staple);
  gnutls_init (&self->session, GNUTLS_SERVER | GNUTLS_NONBLOCK);
  result = gnutls_priority_set_direct (self->session, priority != NULL ? priority : "NORMAL", NULL);
  g_assert_cmpint (result, >=, 0);
  gnutls_credentials_set (self->session, GNUTLS_CRD_CERTIFICATE, self->credentials);
  gnutls_transport_set_ptr (self->session, self);
  gnutls_transport_set_push_function (self->session, push);
  gnutls_transport_set_pull_function (self->session, pull);
  gnutls_transport_set_pull_timeout_function (self->session, pull_timeout);
  return self;
}

void
tls_peer_free (TlsPeer *self)
{
  gnutls_deinit (self->session);
  gnutls_certificate_free_credentials (self->credentials);
  ph_byte_queue_unref (self->input);
  ph_byte_queue_unref (self->output);
  g_string_free (self->received, TRUE);
  g_free (self);
}

void
tls_peer_ask_client (TlsPeer *self)
{
  g_autofree char *ca = tls_test_path ("ca.pem");

  gnutls_certificate_set_x509_trust_file (self->credentials, ca, GNUTLS_X509_FMT_PEM);
  gnutls_certificate_server_set_request (self->session, GNUTLS_CERT_REQUIRE);
}

void
tls_peer_run (TlsPeer *self)
{
  char buffer[4096];
  gssize n = 1;

  if (!self->is_open && self->error == 0)
    {
      int result = gnutls_handshake (self->session);

      self->is_open = result == 0;
      if (result < 0 && gnutls_error_is_fatal (result))
        {
          self->error = result;
          gnutls_alert_send_appropriate (self->session, result);
        }
    }
  while (self->is_open && n > 0)
    {
      n = gnutls_record_recv (self->session, buffer, sizeof buffer);
      if (n > 0)
        g_string_append_len (self->received, buffer, n);
      else if (n == 0)
        self->saw_goodbye = TRUE;
      else if (gnutls_error_is_fatal (n))
        self->error = n;
      else if (ph_byte_queue_get_length (self->input) > 0)
        n = 1;
    }
}

void
tls_peer_send (TlsPeer *self, const char *data, gsize length)
{
  while (length > 0)
    {
      gssize n = gnutls_record_send (self->session, data, length);

      g_assert_cmpint (n, >, 0);
      data += n;
      length -= n;
    }
}

gboolean
tls_peer_shake_hands (TlsPeer *self, PhTlsFilter *tls, GError **error)
{
  g_autoptr (PhByteQueue) nothing = ph_byte_queue_new ();
  gboolean success;

  do
    {
      success = ph_filter_send (PH_FILTER (tls), nothing, self->input, error);
      tls_peer_run (self);
      success = success && ph_filter_receive (PH_FILTER (tls), self->output, nothing, error);
    }
  while (success && ph_tls_filter_get_state (tls) != PH_TLS_STATE_QUESTION &&
         (ph_byte_queue_get_length (self->output) > 0 || !self->is_open));
  return success;
}
