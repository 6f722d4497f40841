/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libsasl2's server side against a mechanism of ours, with a database of users that lives as long as the test. */
#include "ph-sasl-peer.h"

#include <glib/gstdio.h>
#include <string.h>

#define MECHANISMS \
  "PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-224 SCRAM-SHA-256 SCRAM-SHA-384 SCRAM-SHA-512 ANONYMOUS NTLM EXTERNAL OTP " \
  "GSSAPI GSS-SPNEGO GS2-KRB5"

static char *directory;
static char *database;

static int
get_option (void *context, const char *plugin, const char *option, const char **result, unsigned *length)
{
  const struct {
    const char *option;
    const char *value;
  } options[] = {
    { "pwcheck_method", "auxprop" },
    { "auxprop_plugin", "sasldb" },
    { "sasldb_path", database },
    { "mech_list", MECHANISMS },
    /* 4096 by default; hashing is not what is tested, and slow under valgrind */
    { "scram_iteration_counter", "64" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (strcmp (options[i].option, option) == 0)
      {
        *result = options[i].value;
        if (length != NULL)
          *length = strlen (*result);
        return SASL_OK;
      }

  return SASL_FAIL;
}

static int
ignore_message (void *context, int level, const char *message)
{
  return SASL_OK;
}

#define CALLBACK(function) ((int (*) (void)) (void (*) (void)) (function))

static const sasl_callback_t callbacks[] = {
  { SASL_CB_GETOPT, CALLBACK (get_option), NULL },
  { SASL_CB_LOG, CALLBACK (ignore_message), NULL },
  { SASL_CB_LIST_END, NULL, NULL },
};

void
ph_sasl_peer_init (void)
{
  g_autoptr (GError) error = NULL;

  directory = g_dir_make_tmp ("ph-sasl-XXXXXX", &error);
  g_assert_no_error (error);
  database = g_build_filename (directory, "sasldb2", NULL);

  g_assert_cmpint (sasl_server_init (callbacks, "posthorn-test"), ==, SASL_OK);
}

void
ph_sasl_peer_exit (void)
{
  g_remove (database);
  g_rmdir (directory);
  g_clear_pointer (&database, g_free);
  g_clear_pointer (&directory, g_free);
}

static sasl_conn_t *
new_server (unsigned flags)
{
  sasl_conn_t *server = NULL;

  g_assert_cmpint (sasl_server_new ("imap", PH_SASL_PEER_HOST, PH_SASL_PEER_HOST, NULL, NULL, NULL, flags, &server), ==, SASL_OK);
  return server;
}

void
ph_sasl_peer_add_user (const char *user, const char *password)
{
  sasl_conn_t *server = new_server (0);

  g_assert_cmpint (sasl_setpass (server, user, password, strlen (password), NULL, 0, SASL_SET_CREATE), ==, SASL_OK);
  sasl_dispose (&server);
}

/* ---- one login ---- */

typedef struct
{
  PhSaslPeerTalk *talk;
  PhSaslMechanism *mechanism;
  PhSaslContext *context;
  PhSaslFlags flags;
  guint n_messages;
  sasl_channel_binding_t binding;
} Dialogue;

static void
begin_client (Dialogue *dialogue)
{
  PhSaslPeerTalk *talk = dialogue->talk;
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) feature = ph_registry_find (registry, PH_FEATURE_MECHANISM, talk->mechanism);
  g_autoptr (PhSecret) secret = ph_secret_new (talk->password != NULL ? talk->password : "");
  GObject *object;

  g_assert_nonnull (feature);
  object = ph_registry_create (registry, feature, &talk->error);
  g_assert_no_error (talk->error);

  dialogue->flags = ph_feature_info_get_flags (feature);
  dialogue->mechanism = PH_SASL_MECHANISM (object);
  dialogue->context = ph_sasl_context_new (talk->mechanism, "imap", PH_SASL_PEER_HOST);
  ph_sasl_context_set_user (dialogue->context, talk->user);
  ph_sasl_context_set_authorization (dialogue->context, talk->authorization);
  ph_sasl_context_set_secret (dialogue->context, secret);
  if (talk->token != NULL)
    {
      g_autoptr (PhSecret) token = ph_secret_new (talk->token);

      ph_sasl_context_set_token (dialogue->context, token);
    }

  if (talk->binding_type != NULL)
    {
      g_autoptr (GBytes) binding = g_bytes_new (talk->binding, strlen (talk->binding));

      ph_sasl_context_set_binding (dialogue->context, talk->binding_type, binding);
    }
}

static void
begin_server (Dialogue *dialogue)
{
  PhSaslPeerTalk *talk = dialogue->talk;
  sasl_security_properties_t security = { .max_ssf = talk->max_strength, .maxbufsize = 65536 };

  talk->server = new_server (talk->success_data ? SASL_SUCCESS_DATA : 0);
  g_assert_cmpint (sasl_setprop (talk->server, SASL_SEC_PROPS, &security), ==, SASL_OK);

  if (talk->external != NULL)
    {
      const sasl_ssf_t strength = 256;

      g_assert_cmpint (sasl_setprop (talk->server, SASL_SSF_EXTERNAL, &strength), ==, SASL_OK);
      g_assert_cmpint (sasl_setprop (talk->server, SASL_AUTH_EXTERNAL, talk->external), ==, SASL_OK);
    }

  if (talk->binding_type != NULL)
    {
      const char *data = talk->server_binding != NULL ? talk->server_binding : talk->binding;

      dialogue->binding.name = talk->binding_type;
      dialogue->binding.data = (const unsigned char *) data;
      dialogue->binding.len = strlen (data);
      g_assert_cmpint (sasl_setprop (talk->server, SASL_CHANNEL_BINDING, &dialogue->binding), ==, SASL_OK);
    }
}

static GBytes *
respond (Dialogue *dialogue, GBytes *challenge)
{
  return ph_sasl_mechanism_respond (dialogue->mechanism, dialogue->context, challenge, &dialogue->talk->error);
}

/* NULL: the mechanism's initial response is to be asked for by an empty challenge. */
static GBytes *
respond_first (Dialogue *dialogue)
{
  return dialogue->flags & PH_SASL_CLIENT_FIRST ? respond (dialogue, NULL) : NULL;
}

static GBytes *
take_message (Dialogue *dialogue, const char *data, unsigned length)
{
  GBytes *message = g_bytes_new (data, length);
  guint number = dialogue->n_messages++;

  return dialogue->talk->tamper != NULL ? dialogue->talk->tamper (number, message) : message;
}

static gboolean
finish_client (Dialogue *dialogue, GBytes *data)
{
  PhSaslPeerTalk *talk = dialogue->talk;

  if (!ph_sasl_mechanism_finish (dialogue->mechanism, dialogue->context, data, &talk->error))
    return FALSE;

  talk->layer = ph_sasl_mechanism_get_filter (dialogue->mechanism, dialogue->context);
  return TRUE;
}

static int
give_to_server (Dialogue *dialogue, gboolean is_first, GBytes *response, const char **message, unsigned *length)
{
  PhSaslPeerTalk *talk = dialogue->talk;
  gsize size = 0;
  const char *data = response != NULL ? g_bytes_get_data (response, &size) : NULL;

  /* an empty response is one, for all that GBytes has no pointer to it */
  if (response != NULL && data == NULL)
    data = "";

  *message = NULL;
  *length = 0;
  if (is_first)
    return sasl_server_start (talk->server, talk->mechanism, data, size, message, length);

  return sasl_server_step (talk->server, data, size, message, length);
}

/* The protocol has no initial response: the server's first challenge is empty. */
static void
ask_for_first (Dialogue *dialogue)
{
  const char *message;
  unsigned length;

  g_assert_cmpint (give_to_server (dialogue, TRUE, NULL, &message, &length), ==, SASL_CONTINUE);
  g_assert_cmpuint (length, ==, 0);
}

static PhSaslPeerOutcome
converse (Dialogue *dialogue)
{
  PhSaslPeerTalk *talk = dialogue->talk;
  g_autoptr (GBytes) response = respond_first (dialogue);
  gboolean is_first = TRUE;

  if (response == NULL && talk->error != NULL)
    return PH_SASL_PEER_FAILED;
  if (talk->early_success)
    return finish_client (dialogue, NULL) ? PH_SASL_PEER_LOGGED_IN : PH_SASL_PEER_FAILED;
  if (talk->no_initial && response != NULL)
    {
      ask_for_first (dialogue);
      is_first = FALSE;
    }

  for (;;)
    {
      const char *data;
      unsigned length;
      int code = give_to_server (dialogue, is_first, response, &data, &length);
      g_autoptr (GBytes) message = NULL;

      if (code != SASL_OK && code != SASL_CONTINUE)
        return PH_SASL_PEER_REFUSED;

      message = data != NULL || code == SASL_CONTINUE ? take_message (dialogue, data, length) : NULL;
      if (code == SASL_OK)
        return finish_client (dialogue, message) ? PH_SASL_PEER_LOGGED_IN : PH_SASL_PEER_FAILED;

      is_first = FALSE;
      g_clear_pointer (&response, g_bytes_unref);
      response = respond (dialogue, message);
      if (response == NULL)
        return PH_SASL_PEER_FAILED;
    }
}

void
ph_sasl_peer_run (PhSaslPeerTalk *talk)
{
  Dialogue dialogue = { .talk = talk };

  begin_client (&dialogue);
  begin_server (&dialogue);
  talk->outcome = converse (&dialogue);

  if (talk->outcome == PH_SASL_PEER_LOGGED_IN && !talk->early_success)
    {
      const void *name = NULL;

      g_assert_cmpint (sasl_getprop (talk->server, SASL_USERNAME, &name), ==, SASL_OK);
      talk->logged_in_as = g_strdup (name);
    }

  g_object_unref (dialogue.context);
  g_object_unref (dialogue.mechanism);
}

void
ph_sasl_peer_talk_clear (PhSaslPeerTalk *talk)
{
  g_clear_error (&talk->error);
  g_clear_object (&talk->layer);
  g_clear_pointer (&talk->logged_in_as, g_free);
  if (talk->server != NULL)
    sasl_dispose (&talk->server);
}

void
ph_sasl_peer_assert (PhSaslPeerTalk talk, PhSaslPeerOutcome outcome)
{
  ph_sasl_peer_run (&talk);
  if (outcome != PH_SASL_PEER_FAILED)
    g_assert_no_error (talk.error);
  g_assert_cmpint (talk.outcome, ==, outcome);
  ph_sasl_peer_talk_clear (&talk);
}

void
ph_sasl_peer_assert_error (PhSaslPeerTalk talk, PhError code)
{
  ph_sasl_peer_run (&talk);
  g_assert_cmpint (talk.outcome, ==, PH_SASL_PEER_FAILED);
  g_assert_error (talk.error, PH_ERROR, (int) code);
  g_test_message ("%s", talk.error->message);
  ph_sasl_peer_talk_clear (&talk);
}
