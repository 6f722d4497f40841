/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates as they go wrong, and the sentence that a person gets for each. */
#include "tls-peer.h"
#include "transport/ph-security-policy-private.h"
#include "transport/ph-tls-filter.h"

#include <gnutls/abstract.h>
#include <string.h>

#define WEAK ":%PROFILE_VERY_WEAK:%VERIFY_ALLOW_SIGN_WITH_SHA1"

typedef struct {
  const char          *name;
  const char          *certificate;
  const char          *host;
  const char          *srv;
  const char          *domain;
  const char          *staple;
  const char          *crl;
  const char          *pin_of; /* this certificate is expected */
  gboolean             pin_key;
  GTlsCertificateFlags errors;
  const char          *sentence; /* NULL: all is well */
} Animal;

static const Animal zoo[] = {
  { "wildcard", "wildcard.pem", "mail.zoo.test", .errors = 0 },
  { "wildcard-for-two-labels", "wildcard.pem", "a.b.zoo.test", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of a.b.zoo.test is made out to another (*.zoo.test)" },
  { "wildcard-for-none", "wildcard.pem", "zoo.test", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of zoo.test is made out to another (*.zoo.test)" },
  { "wildcard-as-a-fragment", "fragment.pem", "mail.zoo.test", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of mail.zoo.test is made out to another (m*.zoo.test)" },
  { "wildcard-in-the-middle", "middle.pem", "mail.zoo.test", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of mail.zoo.test is made out to another (mail.*.test)" },
  { "common-name", "common-name.pem", "localhost", .errors = 0 },
  { "common-name-beside-names", "other-name.pem", "localhost", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of localhost is made out to another (mail.example.org)" },
  { "service-of-the-domain", "service.pem", "mx.hosting.test", "imaps", "zoo.test", .errors = 0 },
  { "service-of-the-host", "service.pem", "ZOO.test", "imaps", .errors = 0 },
  { "another-service", "service.pem", "mx.hosting.test", "submissions", "zoo.test", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of mx.hosting.test is made out to another (_imaps.zoo.test)" },
  { "service-of-another-domain", "service.pem", "mx.hosting.test", "imaps", "zoo.test.example", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of mx.hosting.test is made out to another (_imaps.zoo.test)" },
  { "service-and-no-domain", "service.pem", "mx.hosting.test", "imaps", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of mx.hosting.test is made out to another (_imaps.zoo.test)" },
  { "service-that-ends-early", "service-nul.pem", "mx.hosting.test", "imaps", "zoo.test", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of mx.hosting.test is not made out to it" },
  { "service-in-another-string", "service-utf8.pem", "mx.hosting.test", "imaps", "zoo.test", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of mx.hosting.test is not made out to it" },
  { "service-beside-a-common-name", "service.pem", "localhost", "imaps", "zoo.test", .errors = 0 },
  { "common-name-beside-a-service", "service.pem", "localhost", "imaps", "localhost", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of localhost is made out to another (_imaps.zoo.test)" },
  { "domain", "wildcard.pem", "mx.hosting.test", "imaps", "mail.zoo.test", .errors = 0 },
  { "another-domain", "wildcard.pem", "mx.hosting.test", "imaps", "zoo.test", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of mx.hosting.test is made out to another (*.zoo.test)" },
  { "domain-of-an-expired", "expired.pem", "mx.hosting.test", NULL, "localhost", .errors = G_TLS_CERTIFICATE_EXPIRED,
    .sentence = "The certificate of mx.hosting.test has expired (on 2001-12-31)" },
  { "expired", "expired.pem", "localhost", .errors = G_TLS_CERTIFICATE_EXPIRED,
    .sentence = "The certificate of localhost has expired (on 2001-12-31)" },
  { "not-yet-valid", "not-yet-valid.pem", "localhost", .errors = G_TLS_CERTIFICATE_NOT_ACTIVATED,
    .sentence = "The certificate of localhost is not valid before 2048-01-01" },
  { "wrong-host", "wrong-name.pem", "localhost", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of localhost is made out to another (mail.example.org)" },
  { "self-signed", "self-signed.pem", "localhost", .errors = G_TLS_CERTIFICATE_UNKNOWN_CA,
    .sentence = "The certificate of localhost is signed by itself, and not trusted" },
  { "address", "address.pem", "127.0.0.1", .errors = 0 },
  { "address-for-a-name", "address.pem", "localhost", .errors = G_TLS_CERTIFICATE_BAD_IDENTITY,
    .sentence = "The certificate of localhost is made out to another (127.0.0.1)" },
  { "international", "international.pem", "bücher.test", .errors = 0 },
  { "international-in-capitals", "international.pem", "BÜCHER.test", .errors = 0 },
  { "short-key", "short-key.pem", "localhost", .errors = G_TLS_CERTIFICATE_INSECURE,
    .sentence = "The certificate of localhost has a key that is too short (RSA, 1024 bits)" },
  { "sha-1", "sha1.pem", "localhost", .errors = G_TLS_CERTIFICATE_INSECURE,
    .sentence = "The certificate of localhost is signed by too weak an algorithm (ECDSA-SHA1)" },
  { "intermediate", "intermediate.pem", "localhost", .errors = 0 },
  { "missing-intermediate", "incomplete.pem", "localhost", .errors = G_TLS_CERTIFICATE_UNKNOWN_CA,
    .sentence = "The certificate of localhost comes from an authority that is not trusted (CN=Posthorn test authority between), "
                "whose own certificate the server did not send" },
  { "client-only", "client-only.pem", "localhost", .errors = G_TLS_CERTIFICATE_GENERIC_ERROR,
    .sentence = "The certificate of localhost is not meant for servers" },
  { "not-revoked-by-list", "server.pem", "localhost", .crl = "crl.pem", .errors = 0 },
  { "revoked-by-list", "revoked.pem", "localhost", .crl = "crl.pem", .errors = G_TLS_CERTIFICATE_REVOKED,
    .sentence = "The certificate of localhost was revoked" },
  { "stapled", "stapled.pem", "localhost", .staple = "good.ocsp", .errors = 0 },
  { "revoked-by-staple", "revoked.pem", "localhost", .staple = "revoked.ocsp", .errors = G_TLS_CERTIFICATE_REVOKED,
    .sentence = "The certificate of localhost was revoked" },
  { "missing-staple", "stapled.pem", "localhost", .errors = G_TLS_CERTIFICATE_GENERIC_ERROR,
    .sentence = "The certificate of localhost must come with a statement that it is not revoked (OCSP), and came without" },
  { "stapled-without-need", "server.pem", "localhost", .staple = "plain.ocsp", .errors = 0 },
  { "stale-staple", "stapled.pem", "localhost", .staple = "stale.ocsp", .errors = G_TLS_CERTIFICATE_GENERIC_ERROR,
    .sentence = "The certificate of localhost can't be told from revoked ones: what says so is out of date" },
  { "stale-staple-without-need", "server.pem", "localhost", .staple = "plain-stale.ocsp", .errors = G_TLS_CERTIFICATE_GENERIC_ERROR,
    .sentence = "The certificate of localhost can't be told from revoked ones: what says so is out of date" },
  { "falsified-staple", "stapled.pem", "localhost", .staple = "changed.ocsp", .errors = G_TLS_CERTIFICATE_GENERIC_ERROR,
    .sentence = "The certificate of localhost came with a statement that it is not revoked (OCSP), which can't be believed" },
  { "anothers-staple", "server.pem", "localhost", .staple = "good.ocsp", .errors = G_TLS_CERTIFICATE_GENERIC_ERROR,
    .sentence = "The certificate of localhost came with a statement that it is not revoked (OCSP), which can't be believed" },
  { "pinned", "self-signed.pem", "localhost", .pin_of = "self-signed.pem", .errors = 0 },
  { "pinned-expired-and-misnamed", "expired.pem", "mail.example.net", .pin_of = "expired.pem", .errors = 0 },
  { "pinned-by-key", "self-signed.pem", "localhost", .pin_of = "server.pem", .pin_key = TRUE, .errors = 0 },
  { "pinned-and-revoked", "revoked.pem", "localhost", .crl = "crl.pem", .pin_of = "revoked.pem", .errors = G_TLS_CERTIFICATE_REVOKED,
    .sentence = "The certificate of localhost was revoked" },
  { "pinned-and-changed", "server.pem", "localhost", .pin_of = "self-signed.pem", .errors = G_TLS_CERTIFICATE_GENERIC_ERROR,
    .sentence = "The certificate of localhost is not the one that is expected there (it is sha256:" },
  { "pinned-and-changed-key", "short-key.pem", "localhost", .pin_of = "server.pem", .pin_key = TRUE,
    .errors = G_TLS_CERTIFICATE_GENERIC_ERROR | G_TLS_CERTIFICATE_INSECURE,
    .sentence = "The certificate of localhost is not the one that is expected there (it is sha256:" },
};

/* The first certificate of a file of the zoo. */
static PhCertificate *
read_certificate (const char *name)
{
  g_autofree char *path = tls_test_path (name);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der = NULL;
  PhCertificate *certificate;
  gnutls_datum_t pem, out;
  gsize length;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  pem.data = (guint8 *) text;
  pem.size = length;
  g_assert_cmpint (gnutls_pem_base64_decode2 ("CERTIFICATE", &pem, &out), ==, 0);
  der = g_bytes_new (out.data, out.size);
  gnutls_free (out.data);
  certificate = ph_certificate_new (der, &error);
  g_assert_no_error (error);
  return certificate;
}

static void
add_pin (PhSecurityPolicy *policy, const Animal *animal)
{
  g_autoptr (PhCertificate) certificate = read_certificate (animal->pin_of);
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_security_policy_add_pin (policy, animal->host,
                                             animal->pin_key ? ph_certificate_get_key_fingerprint (certificate)
                                                             : ph_certificate_get_fingerprint (certificate), &error));
  g_assert_no_error (error);
}

/* What the channel has is known without asking it. */
static void
expect_bindings (PhTlsFilter *tls)
{
  const char *const types[] = { "tls-exporter", "tls-server-end-point", "tls-unique" };
  const char *const *listed = ph_tls_info_get_bindings (ph_tls_filter_get_info (tls));

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (GBytes) binding = ph_tls_filter_get_binding_of_type (tls, types[i]);

      g_assert_cmpint (g_strv_contains (listed, types[i]), ==, binding != NULL);
    }
  g_assert_nonnull (listed[0]);
}

static void
test_animal (gconstpointer data)
{
  const Animal *animal = data;
  const char *priorities[] = { TLS13, TLS12 };

  /* what the versions do differently is how the staple comes */
  for (gsize i = 0; i < (animal->staple != NULL ? 2 : 1); i++)
    {
      g_autoptr (PhSecurityPolicy) policy = tls_test_policy ();
      gboolean short_key = g_str_equal (animal->certificate, "short-key.pem");
      g_autofree char *priority = g_strconcat (priorities[i], WEAK, NULL);
      g_autoptr (TlsPeer) peer = tls_peer_new_full (animal->certificate, short_key ? "short-key.key" : "server.key", animal->staple, priority);
      g_autofree char *crl = animal->crl != NULL ? tls_test_path (animal->crl) : NULL;
      g_autoptr (PhTlsFilter) tls = NULL;
      g_autoptr (GError) error = NULL;
      PhTlsInfo *info;

      if (crl != NULL)
        ph_security_policy_add_crl_file (policy, crl);
      if (animal->pin_of != NULL)
        add_pin (policy, animal);
      tls = ph_tls_filter_new (policy, animal->host, NULL, &error);
      g_assert_no_error (error);
      ph_tls_filter_set_identity (tls, animal->srv, animal->domain);
      g_assert_true (tls_peer_shake_hands (peer, tls, &error));
      g_assert_no_error (error);
      info = ph_tls_filter_get_info (tls);
      g_assert_nonnull (info);
      if (animal->sentence != NULL && !g_str_has_prefix (ph_tls_info_get_explanation (info), animal->sentence))
        g_error ("%s: %s", animal->name, ph_tls_info_get_explanation (info));
      if (animal->sentence == NULL)
        g_assert_cmpstr (ph_tls_info_get_explanation (info), ==, NULL);
      else if (!g_str_has_suffix (animal->sentence, ":"))
        g_assert_cmpstr (ph_tls_info_get_explanation (info), ==, animal->sentence);
      g_assert_cmpint (ph_tls_info_get_errors (info), ==, animal->errors);
      expect_bindings (tls);
      g_assert_cmpint (ph_tls_info_has_staple (info), ==, animal->staple != NULL && animal->sentence == NULL);
      g_assert_cmpint (ph_tls_filter_get_state (tls), ==, animal->sentence != NULL ? PH_TLS_STATE_QUESTION : PH_TLS_STATE_OPEN);
    }
}

static void
test_certificate (void)
{
  g_autoptr (PhCertificate) server = read_certificate ("server.pem");
  g_autoptr (PhCertificate) short_key = read_certificate ("short-key.pem");
  g_autoptr (GBytes) garbage = g_bytes_new_static ("garbage", 7);
  g_autofree char *hex = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, ph_certificate_get_der (server));
  const char *const names[] = { "localhost", "127.0.0.1", "::1", NULL };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) octets = g_strsplit (ph_certificate_get_fingerprint (server), ":", -1);
  g_autofree char *joined = g_strjoinv ("", octets + 1);
  g_autofree char *lower = g_ascii_strdown (joined, -1);

  g_assert_cmpstr (ph_certificate_get_subject (server), ==, "CN=localhost");
  g_assert_cmpstr (ph_certificate_get_issuer (server), ==, "CN=Posthorn test authority");
  g_assert_true (g_strv_equal (ph_certificate_get_names (server), names));
  g_assert_cmpint (g_date_time_get_year (ph_certificate_get_activation (server)), ==, 2020);
  g_assert_cmpint (g_date_time_get_year (ph_certificate_get_expiry (server)), ==, 2049);
  g_assert_cmpstr (ph_certificate_get_key_algorithm (server), ==, "EC/ECDSA");
  g_assert_cmpint (ph_certificate_get_key_size (server), ==, 256);
  g_assert_cmpstr (ph_certificate_get_signature_algorithm (server), ==, "ECDSA-SHA256");
  g_assert_cmpint (ph_certificate_get_key_size (short_key), ==, 1024);
  g_assert_cmpstr (octets[0], ==, "sha256");
  g_assert_cmpstr (lower, ==, hex);
  g_assert_true (g_str_has_prefix (ph_certificate_get_key_fingerprint (server), "sha256//"));

  g_assert_null (ph_certificate_new (garbage, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
}

/* The peer shows @certificate, and behind it what is no certificate. */
static void
spoil_chain (TlsPeer *peer, const char *name)
{
  g_autoptr (PhCertificate) certificate = read_certificate (name);
  g_autofree char *path = tls_test_path ("server.key");
  gnutls_pcert_st chain[2];
  gnutls_datum_t der, pem;
  gnutls_privkey_t key;
  gsize size;

  der.data = (guint8 *) g_bytes_get_data (ph_certificate_get_der (certificate), &size);
  der.size = size;
  for (gsize i = 0; i < G_N_ELEMENTS (chain); i++)
    g_assert_cmpint (gnutls_pcert_import_x509_raw (&chain[i], &der, GNUTLS_X509_FMT_DER, 0), ==, 0);
  memset (chain[1].cert.data, 'x', chain[1].cert.size);
  g_assert_cmpint (gnutls_load_file (path, &pem), ==, 0);
  gnutls_privkey_init (&key);
  g_assert_cmpint (gnutls_privkey_import_x509_raw (key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0), ==, 0);
  gnutls_free (pem.data);

  gnutls_certificate_free_credentials (peer->credentials);
  gnutls_certificate_allocate_credentials (&peer->credentials);
  g_assert_cmpint (gnutls_certificate_set_key (peer->credentials, NULL, 0, chain, G_N_ELEMENTS (chain), key), >=, 0);
  gnutls_credentials_set (peer->session, GNUTLS_CRD_CERTIFICATE, peer->credentials);
}

/* What can't be checked is not excused: not by a name that somebody who stands between has given himself, and not by a pin, whose
 * certificate could be a revoked one. */
static void
test_unreadable_chain (gconstpointer priority)
{
  for (int pinned = 0; pinned < 2; pinned++)
    {
      g_autoptr (PhSecurityPolicy) policy = tls_test_policy ();
      g_autoptr (PhCertificate) certificate = read_certificate ("self-signed.pem");
      g_autoptr (TlsPeer) peer = tls_peer_new ("self-signed.pem", priority);
      g_autoptr (PhTlsFilter) tls = NULL;
      g_autoptr (GError) error = NULL;

      spoil_chain (peer, "self-signed.pem");
      if (pinned)
        ph_security_policy_add_pin (policy, NULL, ph_certificate_get_fingerprint (certificate), &error);
      g_assert_no_error (error);
      tls = ph_tls_filter_new (policy, "mx.hosting.test", NULL, &error);
      g_assert_no_error (error);
      ph_tls_filter_set_identity (tls, "imaps", "localhost");
      if (g_str_equal (priority, TLS12)) /* there GnuTLS reads all of it in the handshake */
        {
          g_assert_false (tls_peer_shake_hands (peer, tls, &error));
          g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
          continue;
        }
      g_assert_true (tls_peer_shake_hands (peer, tls, &error));
      g_assert_no_error (error);
      g_assert_cmpint (ph_tls_filter_get_state (tls), ==, PH_TLS_STATE_QUESTION);
      g_assert_cmpstr (ph_tls_info_get_explanation (ph_tls_filter_get_info (tls)), ==,
                       "The certificate of mx.hosting.test can't be checked: the server has sent a chain that can't be read");
    }
}

static void
test_bad_pins (void)
{
  static const char *const bad[] = {
    "", "sha256", "sha256:", "sha256//", "md5:00", "sha256:zz", "sha256://", "sha256//AAAA",
    "sha256:0011223344556677889900112233445566778899001122334455667788990",
    "sha256:00:11:22:33:44:55:66:77:88:99:00:11:22:33:44:55:66:77:88:99:00:11:22:33:44:55:66:77:88:99:00:11:22",
    "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ",
  };
  g_autoptr (PhSecurityPolicy) policy = tls_test_policy ();

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ph_security_policy_add_pin (policy, NULL, bad[i], &error));
      g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
    }
  g_assert_true (ph_security_policy_add_pin (policy, NULL, "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", NULL));
  g_assert_true (ph_security_policy_add_pin (policy, NULL, "SHA256:00112233445566778899001122334455667788990011223344556677889900aa", NULL));
}

/* A pin is its host's: others are checked as before. */
static void
test_pin_of_another (void)
{
  g_autoptr (PhSecurityPolicy) policy = tls_test_policy ();
  g_autoptr (TlsPeer) peer = tls_peer_new ("server.pem", TLS13);
  g_autoptr (PhTlsFilter) tls = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_security_policy_add_pin (policy, "other.example.org", "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", NULL));
  tls = ph_tls_filter_new (policy, "localhost", NULL, &error);
  g_assert_true (tls_peer_shake_hands (peer, tls, &error));
  g_assert_cmpint (ph_tls_filter_get_state (tls), ==, PH_TLS_STATE_OPEN);
}

static void
test_bad_lists (void)
{
  g_autoptr (PhSecurityPolicy) missing = tls_test_policy ();
  g_autoptr (PhSecurityPolicy) strange = tls_test_policy ();
  g_autoptr (PhSecurityPolicy) stale = tls_test_policy ();
  g_autofree char *old = tls_test_path ("stale.crl.pem");
  g_autofree char *ca = tls_test_path ("ca.pem");
  g_autoptr (GError) error = NULL;

  ph_security_policy_add_crl_file (missing, "/nonexistent/crl.pem");
  g_assert_false (ph_security_policy_load (missing, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
  g_assert_nonnull (strstr (error->message, "/nonexistent/crl.pem"));
  g_clear_error (&error);

  ph_security_policy_add_crl_file (stale, old);
  g_assert_false (ph_security_policy_load (stale, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
  g_assert_true (g_str_has_suffix (error->message, "stale.crl.pem is out of date (since 2020-01-02)"));
  g_clear_error (&error);

  ph_security_policy_add_crl_file (strange, ca);
  g_assert_false (ph_security_policy_load (strange, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (zoo); i++)
    {
      g_autofree char *path = g_strdup_printf ("/tls-zoo/%s", zoo[i].name);

      g_test_add_data_func (path, &zoo[i], test_animal);
    }
  g_test_add_func ("/tls-zoo/a-certificate-in-words", test_certificate);
  g_test_add_data_func ("/tls-zoo/an-unreadable-chain/tls1.2", TLS12, test_unreadable_chain);
  g_test_add_data_func ("/tls-zoo/an-unreadable-chain/tls1.3", TLS13, test_unreadable_chain);
  g_test_add_func ("/tls-zoo/bad-pins-are-refused", test_bad_pins);
  g_test_add_func ("/tls-zoo/a-pin-is-its-hosts", test_pin_of_another);
  g_test_add_func ("/tls-zoo/bad-lists-are-named", test_bad_lists);
  return g_test_run ();
}
