/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The bridge in a program that uses libsasl2 itself: before, meanwhile and afterwards, neither takes the ground from under the other. */
#include <posthorn/posthorn-plugin.h>

#include <sasl/sasl.h>
#include <string.h>

static guint n_logged;

static int
count_message (void *context, int level, const char *message)
{
  n_logged++;
  return SASL_OK;
}

static int
answer_name (void *context, int id, const char **result, unsigned *length)
{
  *result = "bob";
  if (length != NULL)
    *length = 3;
  return SASL_OK;
}

#define CALLBACK(function) ((int (*) (void)) (void (*) (void)) (function))

static const sasl_callback_t callbacks[] = {
  { SASL_CB_LOG, CALLBACK (count_message), NULL },
  { SASL_CB_LIST_END, NULL, NULL },
};

/* The program's own login, as far as its first message */
static void
log_in_as_program (void)
{
  const sasl_callback_t own[] = {
    { SASL_CB_USER, CALLBACK (answer_name), NULL },
    { SASL_CB_AUTHNAME, CALLBACK (answer_name), NULL },
    { SASL_CB_LIST_END, NULL, NULL },
  };
  sasl_conn_t *sasl = NULL;
  sasl_interact_t *questions = NULL;
  const char *message, *mechanism;
  unsigned length;

  g_assert_cmpint (sasl_client_new ("ldap", "ldap.example.test", NULL, NULL, own, 0, &sasl), ==, SASL_OK);
  g_assert_cmpint (sasl_client_start (sasl, "ANONYMOUS", &questions, &message, &length, &mechanism), ==, SASL_OK);
  g_assert_cmpstr (mechanism, ==, "ANONYMOUS");
  sasl_dispose (&sasl);
}

static GObject *
new_mechanism (void)
{
  g_autoptr (PhFeatureInfo) info = ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, "SCRAM-SHA-256");
  g_autoptr (GError) error = NULL;
  GObject *object = ph_registry_create (ph_registry_get_default (), info, &error);

  g_assert_no_error (error);
  return object;
}

static void
log_in_by (GObject *object)
{
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("SCRAM-SHA-256", "imap", "mail.example.test");
  g_autoptr (PhSecret) secret = ph_secret_new ("wonderland");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) response = NULL, second = NULL, challenge = NULL;
  g_autofree char *nonce = NULL, *text = NULL;

  ph_sasl_context_set_user (context, "alice");
  ph_sasl_context_set_secret (context, secret);
  response = ph_sasl_mechanism_respond (PH_SASL_MECHANISM (object), context, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (response, NULL), strlen ("n,,n=alice,r="), "n,,n=alice,r=", strlen ("n,,n=alice,r="));

  nonce = g_strndup ((const char *) g_bytes_get_data (response, NULL) + strlen ("n,,n=alice,"), g_bytes_get_size (response) - strlen ("n,,n=alice,"));
  text = g_strdup_printf ("%sserver,s=c2FsdHNhbHQ=,i=4096", nonce);
  challenge = g_bytes_new (text, strlen (text));
  second = ph_sasl_mechanism_respond (PH_SASL_MECHANISM (object), context, challenge, &error);
  g_assert_no_error (error);
  g_assert_nonnull (second);
}

static void
log_in_by_bridge (void)
{
  g_autoptr (GObject) object = new_mechanism ();

  log_in_by (object);
}

/* What libsasl2's modules keep is out of sight once they are unloaded, as they are here. */
int __lsan_is_turned_off (void);

__attribute__ ((visibility ("default"))) int
__lsan_is_turned_off (void)
{
  return 1;
}

int
main (int argc, char **argv)
{
  g_autoptr (GObject) kept = NULL;

  g_test_init (&argc, &argv, NULL);
  g_print ("1..5\n");

  /* the program comes first, and goes before the bridge comes */
  g_assert_cmpint (sasl_client_init (callbacks), ==, SASL_OK);
  log_in_as_program ();
  sasl_client_done ();
  log_in_by_bridge ();
  g_print ("ok 1 /cyrus-neighbours/the-bridge-works-after-the-program\n");

  g_assert_cmpint (sasl_client_init (callbacks), ==, SASL_OK);
  log_in_as_program ();
  kept = new_mechanism ();
  log_in_by_bridge ();
  log_in_as_program ();
  g_print ("ok 2 /cyrus-neighbours/both-work-side-by-side\n");

  sasl_client_done ();
  log_in_by (kept);
  log_in_by_bridge ();
  g_print ("ok 3 /cyrus-neighbours/the-bridge-stays-where-the-program-goes\n");

  g_assert_cmpint (sasl_client_init (callbacks), ==, SASL_OK);
  log_in_as_program ();
  sasl_done ();
  g_clear_object (&kept);
  log_in_by_bridge ();
  g_print ("ok 4 /cyrus-neighbours/sasl-done-ends-the-programs-use-alone\n");

  /* libsasl2's own idea of "nobody has begun" */
  g_assert_cmpint (sasl_client_init (callbacks), ==, SASL_OK);
  log_in_as_program ();
  log_in_by_bridge ();
  g_print ("ok 5 /cyrus-neighbours/the-program-may-begin-again\n");

  return 0;
}
