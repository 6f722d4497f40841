/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSaslContext: what a SASL mechanism may know. */
#include "ph-sasl-context-private.h"

#include <string.h>

const char ph_sasl_nul[1] = "";

/**
 * PhSaslContext:
 *
 * What a SASL mechanism may know: which of its names was chosen, for whom and with what, and how far the dialogue is. Strings
 * are UTF-8, and %NULL where there is none. Secrets are wiped when the dialogue is over.
 */
struct _PhSaslContext {
  GObject parent_instance;

  char     *mechanism;
  char     *service;
  char     *host;
  guint16   port;
  guint     step;

  char     *user;
  char     *authorization;
  PhSecret *secret;
  PhSecret *token;

  char     *binding_type;
  GBytes   *binding;

  char     *refusal;
};

G_DEFINE_FINAL_TYPE (PhSaslContext, ph_sasl_context, G_TYPE_OBJECT)

static void
clear_string (char **string)
{
  if (*string != NULL)
    ph_wipe (*string, strlen (*string));
  g_clear_pointer (string, g_free);
}

static void
set_string (char **string, const char *value)
{
  char *copy = g_strdup (value);

  clear_string (string);
  *string = copy;
}

static void
set_secret (PhSecret **secret, PhSecret *value)
{
  if (value != NULL)
    ph_secret_ref (value);
  g_clear_pointer (secret, ph_secret_unref);
  *secret = value;
}

static void
ph_sasl_context_finalize (GObject *object)
{
  PhSaslContext *self = PH_SASL_CONTEXT (object);

  ph_sasl_context_clear (self);
  clear_string (&self->authorization);
  g_clear_pointer (&self->mechanism, g_free);
  g_clear_pointer (&self->service, g_free);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->binding_type, g_free);
  g_clear_pointer (&self->binding, g_bytes_unref);
  g_clear_pointer (&self->refusal, g_free);

  G_OBJECT_CLASS (ph_sasl_context_parent_class)->finalize (object);
}

static void
ph_sasl_context_class_init (PhSaslContextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_sasl_context_finalize;
}

static void
ph_sasl_context_init (PhSaslContext *self)
{
}

/**
 * ph_sasl_context_new:
 * @mechanism: (nullable): the mechanism's name
 * @service: (nullable): the GSSAPI service name: "imap", "smtp", "lmtp"
 * @host: (nullable): the server's name
 *
 * Makes a context, for tests and drivers.
 *
 * Returns: (transfer full): a context
 */
PhSaslContext *
ph_sasl_context_new (const char *mechanism, const char *service, const char *host)
{
  PhSaslContext *self = g_object_new (PH_TYPE_SASL_CONTEXT, NULL);

  self->mechanism = g_strdup (mechanism);
  self->service = g_strdup (service);
  self->host = g_strdup (host);
  return self;
}

/**
 * ph_sasl_context_set_user:
 * @self: a context
 * @user: (nullable): who logs in
 *
 * Sets the user's name (the authentication identity).
 */
void
ph_sasl_context_set_user (PhSaslContext *self, const char *user)
{
  g_return_if_fail (PH_IS_SASL_CONTEXT (self));

  set_string (&self->user, user);
}

/**
 * ph_sasl_context_set_authorization:
 * @self: a context
 * @authorization: (nullable): whom to act as, %NULL for the user itself
 *
 * Sets the authorization identity.
 */
void
ph_sasl_context_set_authorization (PhSaslContext *self, const char *authorization)
{
  g_return_if_fail (PH_IS_SASL_CONTEXT (self));

  set_string (&self->authorization, authorization);
}

/**
 * ph_sasl_context_set_secret:
 * @self: a context
 * @secret: (nullable): the password; referenced
 *
 * Sets the password.
 */
void
ph_sasl_context_set_secret (PhSaslContext *self, PhSecret *secret)
{
  g_return_if_fail (PH_IS_SASL_CONTEXT (self));

  set_secret (&self->secret, secret);
}

/**
 * ph_sasl_context_set_token:
 * @self: a context
 * @token: (nullable): the token; referenced
 *
 * Sets the OAuth 2 access token.
 */
void
ph_sasl_context_set_token (PhSaslContext *self, PhSecret *token)
{
  g_return_if_fail (PH_IS_SASL_CONTEXT (self));

  set_secret (&self->token, token);
}

/**
 * ph_sasl_context_set_binding:
 * @self: a context
 * @type: (nullable): "tls-exporter", "tls-server-end-point" or "tls-unique"; %NULL for none
 * @data: (nullable): the channel's data of that type
 *
 * Sets the channel binding (RFC 5056, RFC 5929, RFC 9266).
 */
void
ph_sasl_context_set_binding (PhSaslContext *self, const char *type, GBytes *data)
{
  g_return_if_fail (PH_IS_SASL_CONTEXT (self));
  g_return_if_fail ((type == NULL) == (data == NULL));

  set_string (&self->binding_type, type);
  if (data != NULL)
    g_bytes_ref (data);
  g_clear_pointer (&self->binding, g_bytes_unref);
  self->binding = data;
}

/**
 * ph_sasl_context_set_port:
 * @self: a context
 * @port: the server's port, 0 where there is none
 *
 * Sets the port that the client connected to.
 */
void
ph_sasl_context_set_port (PhSaslContext *self, guint16 port)
{
  g_return_if_fail (PH_IS_SASL_CONTEXT (self));

  self->port = port;
}

/**
 * ph_sasl_context_set_refusal:
 * @self: a context
 * @words: (nullable): what a person is to know, UTF-8; never a secret
 *
 * For mechanisms whose server tells by a challenge why it is about to refuse, before the protocol does: the words become part of
 * the error.
 */
void
ph_sasl_context_set_refusal (PhSaslContext *self, const char *words)
{
  g_return_if_fail (PH_IS_SASL_CONTEXT (self));

  g_free (self->refusal);
  self->refusal = g_strdup (words);
}

/**
 * ph_sasl_context_get_refusal:
 * @self: a context
 *
 * Returns: (nullable): what the server said by a challenge of its reasons to refuse
 */
const char *
ph_sasl_context_get_refusal (PhSaslContext *self)
{
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (self), NULL);

  return self->refusal;
}

/**
 * ph_sasl_context_get_mechanism:
 * @self: a context
 *
 * Which of a provider's names was chosen.
 *
 * Returns: (nullable): "SCRAM-SHA-256"
 */
const char *
ph_sasl_context_get_mechanism (PhSaslContext *self)
{
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (self), NULL);

  return self->mechanism;
}

/**
 * ph_sasl_context_get_step:
 * @self: a context
 *
 * Counts the responses that were given before this one.
 *
 * Returns: 0 at the first
 */
guint
ph_sasl_context_get_step (PhSaslContext *self)
{
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (self), 0);

  return self->step;
}

/**
 * ph_sasl_context_get_service:
 * @self: a context
 *
 * The GSSAPI service name.
 *
 * Returns: (nullable): "imap", "smtp" or "lmtp"
 */
const char *
ph_sasl_context_get_service (PhSaslContext *self)
{
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (self), NULL);

  return self->service;
}

/**
 * ph_sasl_context_get_host:
 * @self: a context
 *
 * The server's name.
 *
 * Returns: (nullable): the name that the program gave
 */
const char *
ph_sasl_context_get_host (PhSaslContext *self)
{
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (self), NULL);

  return self->host;
}

/**
 * ph_sasl_context_get_port:
 * @self: a context
 *
 * Returns: the port that the client connected to; 0 where there is none, or it isn't known
 */
guint16
ph_sasl_context_get_port (PhSaslContext *self)
{
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (self), 0);

  return self->port;
}

/**
 * ph_sasl_context_get_user:
 * @self: a context
 *
 * Who logs in (the authentication identity).
 *
 * Returns: (nullable): the user's name
 */
const char *
ph_sasl_context_get_user (PhSaslContext *self)
{
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (self), NULL);

  return self->user;
}

/**
 * ph_sasl_context_get_authorization:
 * @self: a context
 *
 * Whom to act as (the authorization identity).
 *
 * Returns: (nullable): a name; %NULL for the user itself
 */
const char *
ph_sasl_context_get_authorization (PhSaslContext *self)
{
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (self), NULL);

  return self->authorization;
}

/**
 * ph_sasl_context_get_secret:
 * @self: a context
 *
 * The password.
 *
 * Returns: (transfer none) (nullable): the password
 */
PhSecret *
ph_sasl_context_get_secret (PhSaslContext *self)
{
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (self), NULL);

  return self->secret;
}

/**
 * ph_sasl_context_get_token:
 * @self: a context
 *
 * The OAuth 2 access token.
 *
 * Returns: (transfer none) (nullable): the token
 */
PhSecret *
ph_sasl_context_get_token (PhSaslContext *self)
{
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (self), NULL);

  return self->token;
}

/**
 * ph_sasl_context_get_binding:
 * @self: a context
 * @type: (out) (optional) (nullable) (transfer none): "tls-exporter", "tls-server-end-point" or "tls-unique"
 *
 * The channel binding.
 *
 * Returns: (transfer none) (nullable): the channel's data; %NULL where there is no channel to bind to
 */
GBytes *
ph_sasl_context_get_binding (PhSaslContext *self, const char **type)
{
  g_return_val_if_fail (PH_IS_SASL_CONTEXT (self), NULL);

  if (type != NULL)
    *type = self->binding_type;
  return self->binding;
}

void
ph_sasl_context_set_mechanism (PhSaslContext *self, const char *mechanism)
{
  g_return_if_fail (PH_IS_SASL_CONTEXT (self));

  g_free (self->mechanism);
  self->mechanism = g_strdup (mechanism);
  self->step = 0;
}

void
ph_sasl_context_next_step (PhSaslContext *self)
{
  g_return_if_fail (PH_IS_SASL_CONTEXT (self));

  self->step++;
}

void
ph_sasl_context_clear (PhSaslContext *self)
{
  g_return_if_fail (PH_IS_SASL_CONTEXT (self));

  clear_string (&self->user);
  set_secret (&self->secret, NULL);
  set_secret (&self->token, NULL);
}

static gsize
get_part_length (const char *part)
{
  return part == PH_SASL_NUL ? 1 : strlen (part);
}

/**
 * ph_sasl_context_reply: (skip)
 * @self: a context
 * @first: the first part
 * @...: further parts up to %NULL
 *
 * Joins strings into a response. A part that is %PH_SASL_NUL gives one NUL. A %NULL ends the parts wherever it stands, so
 * what may be absent is to be passed as "".
 *
 * Returns: (transfer full): octets that are overwritten with their last reference
 */
GBytes *
ph_sasl_context_reply (PhSaslContext *self, const char *first, ...)
{
  va_list parts;
  gsize length = 0;

  va_start (parts, first);
  for (const char *part = first; part != NULL; part = va_arg (parts, const char *))
    length += get_part_length (part);
  va_end (parts);

  char *buffer = g_malloc (length + 1);
  char *end = buffer;

  va_start (parts, first);
  for (const char *part = first; part != NULL; part = va_arg (parts, const char *))
    {
      gsize n = get_part_length (part);
      memcpy (end, part, n);
      end += n;
    }
  va_end (parts);

  GBytes *bytes = ph_secret_bytes_new (buffer, length);
  ph_wipe (buffer, length);
  g_free (buffer);
  return bytes;
}
