/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a policy is when it is loaded, and what a login can be bound to in the channel that it opens. */
#include "tls-peer.h"
#include "transport/ph-security-policy-private.h"

#include <string.h>

typedef struct {
  PhTlsFilter *tls;
  TlsPeer     *peer;
} Channel;

static void
channel_clear (Channel *self)
{
  g_object_unref (self->tls);
  tls_peer_free (self->peer);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Channel, channel_clear)

static Channel
open_channel (const char *priority)
{
  g_autoptr (PhSecurityPolicy) policy = tls_test_policy ();
  g_autoptr (GError) error = NULL;
  Channel self = { ph_tls_filter_new (policy, "localhost", NULL, &error), tls_peer_new ("server.pem", priority) };

  g_assert_no_error (error);
  g_assert_true (tls_peer_shake_hands (self.peer, self.tls, &error));
  g_assert_no_error (error);
  return self;
}

static void
test_binding (void)
{
  const struct { const char *priority, *name; gnutls_channel_binding_t type; } cases[] = {
    { TLS12, "tls-server-end-point", GNUTLS_CB_TLS_SERVER_END_POINT }, { TLS13, "tls-exporter", GNUTLS_CB_TLS_EXPORTER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Channel) channel = open_channel (cases[i].priority);
      const char *name = NULL;
      g_autoptr (GBytes) binding = ph_tls_filter_get_binding (channel.tls, &name);
      gnutls_datum_t other;

      g_assert_cmpstr (name, ==, cases[i].name);
      g_assert_cmpint (gnutls_session_channel_binding (channel.peer->session, cases[i].type, &other), ==, 0);
      g_assert_cmpmem (g_bytes_get_data (binding, NULL), g_bytes_get_size (binding), other.data, other.size);
      gnutls_free (other.data);
    }
}

static void
expect_binding (const Channel *channel, const char *name, gnutls_channel_binding_t type)
{
  g_autoptr (GBytes) binding = ph_tls_filter_get_binding_of_type (channel->tls, name);
  gnutls_datum_t other;

  g_assert_nonnull (binding);
  g_assert_cmpint (gnutls_session_channel_binding (channel->peer->session, type, &other), ==, 0);
  g_assert_cmpmem (g_bytes_get_data (binding, NULL), g_bytes_get_size (binding), other.data, other.size);
  gnutls_free (other.data);
}

static void
test_binding_types (void)
{
  g_auto (Channel) new = open_channel (TLS13);
  g_auto (Channel) old = open_channel (TLS12);
  g_auto (Channel) unsafe = open_channel (TLS12 ":%NO_SESSION_HASH");

  expect_binding (&new, "tls-exporter", GNUTLS_CB_TLS_EXPORTER);
  expect_binding (&new, "tls-server-end-point", GNUTLS_CB_TLS_SERVER_END_POINT);
  g_assert_null (ph_tls_filter_get_binding_of_type (new.tls, "tls-unique"));
  g_assert_null (ph_tls_filter_get_binding_of_type (new.tls, "tls-snake-oil"));

  expect_binding (&old, "tls-exporter", GNUTLS_CB_TLS_EXPORTER);
  expect_binding (&old, "tls-server-end-point", GNUTLS_CB_TLS_SERVER_END_POINT);
  expect_binding (&old, "tls-unique", GNUTLS_CB_TLS_UNIQUE);

  expect_binding (&unsafe, "tls-server-end-point", GNUTLS_CB_TLS_SERVER_END_POINT);
  g_assert_null (ph_tls_filter_get_binding_of_type (unsafe.tls, "tls-unique"));
  g_assert_null (ph_tls_filter_get_binding_of_type (unsafe.tls, "tls-exporter"));
  g_assert_true (g_strv_equal (ph_tls_info_get_bindings (ph_tls_filter_get_info (new.tls)),
                               (const char *const[]) { "tls-exporter", "tls-server-end-point", NULL }));
  g_assert_true (g_strv_equal (ph_tls_info_get_bindings (ph_tls_filter_get_info (old.tls)),
                               (const char *const[]) { "tls-exporter", "tls-server-end-point", "tls-unique", NULL }));
  g_assert_true (g_strv_equal (ph_tls_info_get_bindings (ph_tls_filter_get_info (unsafe.tls)), (const char *const[]) { "tls-server-end-point", NULL }));
}

static void
test_policy (void)
{
  g_autoptr (PhSecurityPolicy) missing = ph_security_policy_new ();
  g_autoptr (PhSecurityPolicy) strange = ph_security_policy_new ();
  g_autoptr (PhSecurityPolicy) keyless = ph_security_policy_new ();
  g_autoptr (PhSecurityPolicy) good = tls_test_policy ();
  g_autoptr (GError) error = NULL;
  g_autofree char *certificate = tls_test_path ("client.pem");
  g_autofree char *not_pem = g_test_build_filename (G_TEST_DIST, "meson.build", NULL);

  ph_security_policy_set_ca_file (missing, "/nonexistent/ca.pem");
  g_assert_null (ph_tls_filter_new (missing, "localhost", NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
  g_assert_nonnull (strstr (error->message, "/nonexistent/ca.pem"));
  g_clear_error (&error);

  ph_security_policy_set_ca_file (missing, not_pem);
  g_assert_false (ph_security_policy_load (missing, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
  g_clear_error (&error);

  ph_security_policy_set_priority (strange, "NORMAL:+SNAKE-OIL");
  g_assert_false (ph_security_policy_load (strange, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
  g_assert_nonnull (strstr (error->message, "SNAKE-OIL"));
  g_clear_error (&error);

  ph_security_policy_set_certificate (keyless, certificate, NULL);
  g_assert_false (ph_security_policy_load (keyless, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);

  g_assert_false (ph_security_policy_is_loaded (good));
  g_assert_true (ph_security_policy_load (good, NULL));
  g_assert_true (ph_security_policy_is_loaded (good));
  g_assert_true (ph_security_policy_get_tls_credentials (good, NULL) == ph_security_policy_get_tls_credentials (good, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tls-policy/channel-binding-is-the-servers", test_binding);
  g_test_add_func ("/tls-policy/channel-binding-is-there-by-each-type-that-is-safe", test_binding_types);
  g_test_add_func ("/tls-policy/a-policy-loads-once-or-says-what-is-wrong", test_policy);
  return g_test_run ();
}
