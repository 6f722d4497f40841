/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client's key in a token (SoftHSM): its PIN is asked for where the program lives, and its work leaves the program's thread. */
#include "ph-await.h"
#include "ph-scripted-server.h"
#include "transport/ph-security-policy-private.h"

#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/pkcs11.h>
#include <string.h>

#define CERTIFICATE "pkcs11:token=posthorn-test;object=alice;type=cert"
#define KEY "pkcs11:token=posthorn-test;object=alice;type=private"
#define SCRIPT "send 220 mail.example.org ESMTP\nprefix EHLO \nsend 250 mail.example.org\nexpect QUIT\nsend 221 bye\nclosed\n"

static char *directory;

/* A token of SoftHSM's with alice's certificate and key; its PIN is "1234". */
static int
give_first_pin (void *data, int attempt, const char *url, const char *label, guint flags, char *pin, gsize size)
{
  g_strlcpy (pin, (flags & GNUTLS_PIN_SO) ? "5678" : "1234", size);
  return 0;
}

static void
make_token (void)
{
  g_autofree char *path = g_build_filename (directory, "softhsm2.conf", NULL);
  g_autofree char *text = g_strdup_printf ("directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", directory);
  g_autofree char *certificate_path = ph_scripted_server_certificate ("client.pem");
  g_autofree char *key_path = ph_scripted_server_certificate ("client.key");
  gnutls_datum_t data;
  gnutls_x509_crt_t certificate;
  gnutls_x509_privkey_t key;
  const char *token = "pkcs11:token=posthorn-test";

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_setenv ("SOFTHSM2_CONF", path, TRUE);
  gnutls_pkcs11_init (GNUTLS_PKCS11_FLAG_MANUAL, NULL);
  gnutls_pkcs11_set_pin_function (give_first_pin, NULL);
  g_assert_cmpint (gnutls_pkcs11_add_provider (PH_TEST_SOFTHSM, NULL), ==, 0);
  g_assert_cmpint (gnutls_pkcs11_token_init ("pkcs11:model=SoftHSM%20v2", "5678", "posthorn-test"), ==, 0);
  g_assert_cmpint (gnutls_pkcs11_token_set_pin (token, NULL, "1234", GNUTLS_PIN_USER), ==, 0);

  g_assert_cmpint (gnutls_load_file (certificate_path, &data), ==, 0);
  gnutls_x509_crt_init (&certificate);
  g_assert_cmpint (gnutls_x509_crt_import (certificate, &data, GNUTLS_X509_FMT_PEM), ==, 0);
  gnutls_free (data.data);
  g_assert_cmpint (gnutls_load_file (key_path, &data), ==, 0);
  gnutls_x509_privkey_init (&key);
  g_assert_cmpint (gnutls_x509_privkey_import (key, &data, GNUTLS_X509_FMT_PEM), ==, 0);
  gnutls_free (data.data);
  g_assert_cmpint (gnutls_pkcs11_copy_x509_crt (token, certificate, "alice", GNUTLS_PKCS11_OBJ_FLAG_LOGIN), ==, 0);
  g_assert_cmpint (gnutls_pkcs11_copy_x509_privkey (token, key, "alice", GNUTLS_KEY_DIGITAL_SIGNATURE,
                                                    GNUTLS_PKCS11_OBJ_FLAG_LOGIN | GNUTLS_PKCS11_OBJ_FLAG_MARK_SENSITIVE), ==, 0);
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);
  gnutls_pkcs11_set_pin_function (NULL, NULL);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);

  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
    {
      g_autofree char *below = g_build_filename (path, name, NULL);

      remove_all (below);
    }
  g_remove (path);
}

typedef struct {
  const char *answers[4];
  guint       asked;
  GThread    *thread;
} Person;

static PhSecret *
on_ask (PhSecurityPolicy *policy, const char *what, guint attempt, gpointer data)
{
  Person *person = data;
  const char *answer = person->answers[person->asked++];
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (what, ==, "posthorn-test");
  g_assert_true (g_thread_self () == person->thread);
  /* a blocking call in here can't wait for the answer that is being given */
  g_assert_false (ph_security_policy_load (policy, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  return answer != NULL ? ph_secret_new (answer) : NULL;
}

static PhSession *
session_for (PhScriptedServer *server, Person *person)
{
  g_autofree char *uri = ph_scripted_server_uri (server, "smtps://localhost");
  g_autofree char *ca = ph_scripted_server_certificate ("ca.pem");
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (GError) error = NULL;
  PhSession *session = ph_session_new (uri, &error);

  g_assert_no_error (error);
  ph_security_policy_set_ca_file (policy, ca);
  ph_security_policy_set_certificate (policy, CERTIFICATE, KEY);
  g_assert_true (ph_security_policy_may_block (policy));
  person->thread = g_thread_self ();
  g_signal_connect (policy, "ask-key-password", G_CALLBACK (on_ask), person);
  ph_session_set_policy (session, policy);
  return session;
}

static void
test_token (gconstpointer async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new (SCRIPT, "--tls", "--client-certificate", NULL);
  Person person = { .answers = { "9999", "1234" } };
  g_autoptr (PhSession) session = session_for (server, &person);
  g_autoptr (GError) error = NULL;

  g_assert_true (ph_await_open (session, async != NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (person.asked, ==, 2);
  g_assert_true (ph_session_close (session, NULL, &error));
  ph_scripted_server_finish (server);
}

static void
test_no_answer (gconstpointer async)
{
  g_autoptr (PhScriptedServer) server = ph_scripted_server_new ("gone", NULL);
  Person person = { .answers = { NULL } };
  g_autoptr (PhSession) session = session_for (server, &person);
  g_autoptr (GError) error = NULL;

  g_assert_false (ph_await_open (session, async != NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_TLS);
  g_assert_nonnull (strstr (error->message, "The client certificate " CERTIFICATE));
  g_assert_cmpint (person.asked, ==, 1);
  ph_scripted_server_finish (server);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("posthorn-token-XXXXXX", NULL);
  make_token ();
  g_test_add_data_func ("/token/a-pin-is-asked-for-until-it-is-right/blocking", NULL, test_token);
  g_test_add_data_func ("/token/a-pin-is-asked-for-until-it-is-right/async", "async", test_token);
  g_test_add_data_func ("/token/no-answer-is-said-so/blocking", NULL, test_no_answer);
  g_test_add_data_func ("/token/no-answer-is-said-so/async", "async", test_no_answer);
  status = g_test_run ();
  gnutls_pkcs11_deinit ();
  remove_all (directory);
  g_free (directory);
  return status;
}
