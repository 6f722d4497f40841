/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One mechanism of libsasl2 in one dialogue. */
#include "cyrus-library.h"

#include <string.h>

/* What RFC 7677 asks for is 4096, what servers use goes up to some hundred thousand; a billion would keep this thread for an hour. */
#define MAX_ITERATIONS 5000000
/* libsasl2's buffer for one unit of a security layer */
#define MAX_BUFFER 65536
#define MAX_LAYER_STRENGTH 256

typedef struct
{
  GObject parent;

  CyrusConnection connection;
  gboolean has_begun;
  gboolean is_complete;

  /* what the callbacks answer with, valid while libsasl2 may ask; set at the first step */
  char *user;
  char *authorization;
  sasl_secret_t *secret;
  gsize secret_size;
  sasl_callback_t callbacks[6];

  GBytes *binding_data;
  char *binding_type;
  sasl_channel_binding_t binding;
} CyrusMechanism;

typedef GObjectClass CyrusMechanismClass;

static void cyrus_mechanism_describe (PhSaslMechanismInterface *iface);

PH_DEFINE_PLUGIN_TYPE (CyrusMechanism, cyrus_mechanism, G_TYPE_OBJECT, PH_TYPE_SASL_MECHANISM, cyrus_mechanism_describe)

/* ---- what libsasl2 asks ---- */

static int
answer_name (void *data, int id, const char **result, unsigned *length)
{
  CyrusMechanism *self = data;
  const char *name = id == SASL_CB_USER ? self->authorization : self->user;

  *result = name != NULL ? name : "";
  if (length != NULL)
    *length = strlen (*result);
  return SASL_OK;
}

static int
answer_secret (sasl_conn_t *sasl, void *data, int id, sasl_secret_t **secret)
{
  CyrusMechanism *self = data;

  if (self->secret == NULL)
    return SASL_FAIL;

  *secret = self->secret;
  return SASL_OK;
}

/* The first realm that the server names is its main one; "" lets the mechanism take the server's only one, or its host. */
static int
answer_realm (void *data, int id, const char **available, const char **result)
{
  *result = available != NULL && available[0] != NULL ? available[0] : "";
  return SASL_OK;
}

typedef int (*SaslFunction) (void);

#define CALLBACK(function) ((SaslFunction) (void (*) (void)) (function))

static void
prepare_answers (CyrusMechanism *self, PhSaslContext *context)
{
  PhSecret *secret = ph_sasl_context_get_secret (context);
  const sasl_callback_t callbacks[] = {
    { SASL_CB_USER, CALLBACK (answer_name), self },
    { SASL_CB_AUTHNAME, CALLBACK (answer_name), self },
    { SASL_CB_PASS, CALLBACK (answer_secret), self },
    { SASL_CB_GETREALM, CALLBACK (answer_realm), self },
    { SASL_CB_LIST_END, NULL, NULL },
  };

  memcpy (self->callbacks, callbacks, sizeof callbacks);
  self->user = g_strdup (ph_sasl_context_get_user (context));
  self->authorization = g_strdup (ph_sasl_context_get_authorization (context));

  if (secret != NULL)
    {
      gsize length;
      const char *text = ph_secret_get (secret, &length);

      self->secret_size = sizeof (sasl_secret_t) + length;
      self->secret = g_malloc0 (self->secret_size);
      self->secret->len = length;
      memcpy (self->secret->data, text, length);
    }
}

static void
forget_secret (CyrusMechanism *self)
{
  if (self->secret != NULL)
    ph_wipe (self->secret, self->secret_size);
  g_clear_pointer (&self->secret, g_free);
}

/* ---- errors ---- */

/* Our proof is out; what comes now is the server's. */
static gboolean
awaits_proof (PhSaslContext *context)
{
  const char *mechanism = ph_sasl_context_get_mechanism (context);
  guint step = ph_sasl_context_get_step (context);

  return (step >= 2 && g_str_has_prefix (mechanism, "SCRAM-")) || (step >= 1 && strcmp (mechanism, "DIGEST-MD5") == 0);
}

/* SCRAM's way to say no (RFC 5802 section 7, server-error) */
static gboolean
is_refusal (GBytes *message)
{
  gsize length = 0;
  const char *data = message != NULL ? g_bytes_get_data (message, &length) : NULL;

  return length >= 2 && memcmp (data, "e=", 2) == 0;
}

static PhError
get_error_code (PhSaslContext *context, GBytes *challenge, int code)
{
  if (awaits_proof (context))
    return is_refusal (challenge) ? PH_ERROR_AUTHENTICATION : PH_ERROR_SERVER_UNPROVEN;

  switch (code)
    {
    case SASL_BADSERV:
      return PH_ERROR_SERVER_UNPROVEN;
    case SASL_BADAUTH:
    case SASL_NOAUTHZ:
    case SASL_NOUSER:
      return PH_ERROR_AUTHENTICATION;
    case SASL_BADPROT:
      return PH_ERROR_PROTOCOL;
    case SASL_INTERACT:
      return PH_ERROR_NO_CREDENTIALS;
    case SASL_NOMECH:
    case SASL_WRONGMECH:
    case SASL_TOOWEAK:
      return PH_ERROR_NOT_SUPPORTED;
    case SASL_FAIL:
      /* Kerberos: no ticket, or none for this server */
      return ph_sasl_context_get_step (context) == 0 ? PH_ERROR_NO_CREDENTIALS : PH_ERROR_AUTHENTICATION;
    default:
      return PH_ERROR_FAILED;
    }
}

static void
set_error (CyrusMechanism *self, PhSaslContext *context, GBytes *challenge, int code, GError **error)
{
  const char *detail = self->connection.sasl != NULL ? self->connection.library->errdetail (self->connection.sasl) : NULL;

  g_set_error (error, PH_ERROR, get_error_code (context, challenge, code), "The login to %s by %s was given up: %s",
               ph_sasl_context_get_host (context), ph_sasl_context_get_mechanism (context),
               detail != NULL ? detail : "libsasl2 could not begin");
}

/* ---- the dialogue ---- */

static gboolean
set_properties (CyrusMechanism *self, PhSaslContext *context)
{
  const CyrusLibrary *library = self->connection.library;
  const char *type = NULL;
  GBytes *data = ph_sasl_context_get_binding (context, &type);
  sasl_security_properties_t security = { .maxbufsize = MAX_BUFFER, .max_ssf = MAX_LAYER_STRENGTH };

  if (data != NULL)
    {
      gsize length;

      self->binding_data = g_bytes_ref (data);
      self->binding_type = g_strdup (type);
      self->binding.name = self->binding_type;
      self->binding.data = g_bytes_get_data (data, &length);
      self->binding.len = length;
      self->binding.critical = g_str_has_suffix (ph_sasl_context_get_mechanism (context), "-PLUS");
      /* what TLS protects needs no second layer */
      security.max_ssf = 0;
      if (library->setprop (self->connection.sasl, SASL_CHANNEL_BINDING, &self->binding) != SASL_OK)
        return FALSE;
    }

  return library->setprop (self->connection.sasl, SASL_SEC_PROPS, &security) == SASL_OK;
}

static gboolean
begin (CyrusMechanism *self, PhSaslContext *context, GError **error)
{
  const CyrusLibrary *library = cyrus_library_get ();
  int code;

  self->has_begun = TRUE;
  prepare_answers (self, context);
  cyrus_connection_init (&self->connection, library, ph_sasl_context_get_mechanism (context));

  cyrus_connection_lock (&self->connection);
  code = library->client_new (ph_sasl_context_get_service (context), ph_sasl_context_get_host (context), NULL, NULL, self->callbacks,
                              SASL_SUCCESS_DATA, &self->connection.sasl);
  if (code == SASL_OK && !set_properties (self, context))
    code = SASL_FAIL;
  cyrus_connection_unlock (&self->connection);

  if (code == SASL_OK)
    return TRUE;

  set_error (self, context, NULL, code, error);
  return FALSE;
}

/* A server's first message "r=…,s=…,i=4096" says how much work is to be done, and libsasl2 does whatever it says (RFC 5802 section 5.1). */
static gboolean
check_iterations (PhSaslContext *context, GBytes *challenge, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (challenge, &length);
  g_autofree char *message = g_strndup (data != NULL ? data : "", length);
  const char *iterations = strstr (message, ",i=");

  if (!g_str_has_prefix (ph_sasl_context_get_mechanism (context), "SCRAM-") || iterations == NULL ||
      g_ascii_strtoull (iterations + strlen (",i="), NULL, 10) <= MAX_ITERATIONS)
    return TRUE;

  g_set_error (error, PH_ERROR, PH_ERROR_LIMIT, "%s asks for more than %u rounds of hashing", ph_sasl_context_get_host (context),
               MAX_ITERATIONS);
  return FALSE;
}

/*
 * With a binding at hand and a mechanism that was not chosen as -PLUS, the server is to be told that we could bind ("y", RFC 5802
 * section 6). libsasl2 says so only where it has a choice of more than one name; with a single one it says that we can't.
 */
static char *
make_choice (CyrusMechanism *self, PhSaslContext *context)
{
  const char *mechanism = ph_sasl_context_get_mechanism (context);

  if (self->binding_data == NULL || self->binding.critical)
    return g_strdup (mechanism);

  return g_strdup_printf ("%s %s", mechanism, mechanism);
}

/* Takes one step; @challenge NULL begins. @output is libsasl2's. */
static int
step (CyrusMechanism *self, PhSaslContext *context, GBytes *challenge, const char **output, unsigned *length)
{
  const CyrusLibrary *library = self->connection.library;
  sasl_interact_t *questions = NULL;
  gsize size = 0;
  const char *data = challenge != NULL ? g_bytes_get_data (challenge, &size) : NULL;

  *output = NULL;
  *length = 0;

  if (challenge == NULL)
    {
      g_autofree char *choice = make_choice (self, context);
      const char *chosen;

      return library->client_start (self->connection.sasl, choice, &questions, output, length, &chosen);
    }

  return library->client_step (self->connection.sasl, data != NULL ? data : "", size, &questions, output, length);
}

static gboolean
is_good (int code)
{
  return code == SASL_OK || code == SASL_CONTINUE;
}

/* The answer lies in libsasl2's memory until the next call, so it is copied under the lock. */
static GBytes *
take_step (CyrusMechanism *self, PhSaslContext *context, GBytes *challenge, GError **error)
{
  const char *output;
  unsigned length;
  GBytes *response = NULL;
  int code = SASL_CONTINUE;

  cyrus_connection_lock (&self->connection);
  if (ph_sasl_context_get_step (context) == 0)
    code = step (self, context, NULL, &output, &length);
  if (is_good (code) && challenge != NULL)
    code = step (self, context, challenge, &output, &length);

  if (is_good (code))
    response = ph_secret_bytes_new (output != NULL ? output : "", length);
  else
    set_error (self, context, challenge, code, error);
  cyrus_connection_unlock (&self->connection);

  self->is_complete = code == SASL_OK;
  if (self->is_complete)
    forget_secret (self);
  return response;
}

static void
set_unexpected (PhSaslContext *context, GError **error)
{
  const char *host = ph_sasl_context_get_host (context), *mechanism = ph_sasl_context_get_mechanism (context);

  /* Dovecot goes on to negotiate a layer, as GSSAPI does (RFC 4752); libsasl2's SPNEGO is Microsoft's, and at its end. */
  if (strcmp (mechanism, "GSS-SPNEGO") == 0)
    g_set_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "%s means another GSS-SPNEGO than libsasl2 has; GSSAPI is the same in both", host);
  else
    g_set_error (error, PH_ERROR, PH_ERROR_PROTOCOL, "%s asked for more after the end of %s", host, mechanism);
}

static GBytes *
cyrus_mechanism_respond (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *challenge, GError **error)
{
  CyrusMechanism *self = (CyrusMechanism *) mechanism;

  if (!self->has_begun && !begin (self, context, error))
    return NULL;

  if (self->connection.sasl == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_FAILED, "The login by %s has failed already", ph_sasl_context_get_mechanism (context));
      return NULL;
    }

  if (!self->is_complete)
    return challenge != NULL && !check_iterations (context, challenge, error) ? NULL : take_step (self, context, challenge, error);

  /* some servers ask once more after the end, for nothing */
  if (challenge != NULL && g_bytes_get_size (challenge) == 0)
    return g_bytes_new_static ("", 0);

  set_unexpected (context, error);
  return NULL;
}

/* What comes with the success is the server's last message where that was still to come: SCRAM's proof, DIGEST-MD5's rspauth. */
static gboolean
cyrus_mechanism_finish (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *data, GError **error)
{
  CyrusMechanism *self = (CyrusMechanism *) mechanism;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) rest = NULL;

  if (self->is_complete)
    return TRUE;

  if (data != NULL && self->connection.sasl != NULL)
    rest = take_step (self, context, data, &local_error);
  if (self->is_complete)
    return TRUE;

  g_set_error (error, PH_ERROR, PH_ERROR_SERVER_UNPROVEN, "%s reported success without the proof that %s demands%s%s",
               ph_sasl_context_get_host (context), ph_sasl_context_get_mechanism (context), local_error != NULL ? ": " : "",
               local_error != NULL ? local_error->message : "");
  return FALSE;
}

static PhFilter *
cyrus_mechanism_get_filter (PhSaslMechanism *mechanism, PhSaslContext *context)
{
  CyrusMechanism *self = (CyrusMechanism *) mechanism;
  const void *strength = NULL;
  int code;

  if (!self->is_complete)
    return NULL;

  cyrus_connection_lock (&self->connection);
  code = self->connection.library->getprop (self->connection.sasl, SASL_SSF, &strength);
  cyrus_connection_unlock (&self->connection);

  if (code != SASL_OK || *(const sasl_ssf_t *) strength == 0)
    return NULL;

  return cyrus_layer_new (G_OBJECT (self), &self->connection);
}

static void
cyrus_mechanism_describe (PhSaslMechanismInterface *iface)
{
  iface->respond = cyrus_mechanism_respond;
  iface->finish = cyrus_mechanism_finish;
  iface->get_filter = cyrus_mechanism_get_filter;
}

static void
cyrus_mechanism_finalize (GObject *object)
{
  CyrusMechanism *self = (CyrusMechanism *) object;

  cyrus_connection_clear (&self->connection);
  forget_secret (self);
  g_free (self->user);
  g_free (self->authorization);
  g_free (self->binding_type);
  g_clear_pointer (&self->binding_data, g_bytes_unref);

  G_OBJECT_CLASS (cyrus_mechanism_parent_class)->finalize (object);
}

static void
cyrus_mechanism_class_init (CyrusMechanismClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cyrus_mechanism_finalize;
}

static void
cyrus_mechanism_init (CyrusMechanism *self)
{
}
