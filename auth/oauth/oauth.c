/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * OAUTHBEARER (RFC 7628) and XOAUTH2 (Google's, older, and spoken by many): an OAuth 2 access token in one message.
 *
 *   OAUTHBEARER:  "n," ["a=" saslname] "," ^A "host=" host ^A "port=" port ^A "auth=Bearer " token ^A ^A
 *   XOAUTH2:      "user=" user ^A "auth=Bearer " token ^A ^A
 *
 * A server that refuses says why by a challenge with JSON in it, wants an answer to that without meaning, and only then refuses.
 */
#include "oauth-failure.h"

#include <string.h>

#define KVSEP "\001"

typedef struct { GObject parent; } OauthMechanism;
typedef GObjectClass OauthMechanismClass;

/* RFC 6750 section 2.1, b64token, less strict in its order. What else is in there could end the message. */
static gboolean
is_token (const char *text, gsize length)
{
  return length > 0 && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=:!$%&*@|") == length;
}

static gboolean
has_control (const char *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text))
      return TRUE;

  return FALSE;
}

/* RFC 5801 section 4: saslname */
static char *
escape_name (const char *name)
{
  GString *escaped = g_string_new (NULL);

  for (; *name != '\0'; name++)
    if (*name == ',')
      g_string_append (escaped, "=2C");
    else if (*name == '=')
      g_string_append (escaped, "=3D");
    else
      g_string_append_c (escaped, *name);

  return g_string_free (escaped, FALSE);
}

static GBytes *
make_bearer (PhSaslContext *context, const char *name, const char *token)
{
  g_autofree char *escaped = escape_name (name);
  const char *host = ph_sasl_context_get_host (context);
  guint16 port = ph_sasl_context_get_port (context);
  g_autofree char *place = g_strdup_printf ("%s%s%s", host != NULL ? "host=" : "", host != NULL ? host : "", host != NULL ? KVSEP : "");
  g_autofree char *door = port != 0 ? g_strdup_printf ("port=%u" KVSEP, port) : g_strdup ("");

  return ph_sasl_context_reply (context, "n,", *name != '\0' ? "a=" : "", escaped, "," KVSEP, place, door, "auth=Bearer ", token, KVSEP KVSEP,
                                NULL);
}

static GBytes *
make_message (PhSaslContext *context, gboolean is_bearer, GError **error)
{
  const char *authorization = ph_sasl_context_get_authorization (context), *user = ph_sasl_context_get_user (context);
  const char *name = authorization != NULL ? authorization : user != NULL ? user : "";
  gsize length;
  const char *token = ph_secret_get (ph_sasl_context_get_token (context), &length);

  if (!is_token (token, length) || has_control (name))
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "The %s can't be sent to %s: it has characters that don't belong there",
                   has_control (name) ? "user name" : "access token", ph_sasl_context_get_host (context));
      return NULL;
    }

  if (is_bearer)
    return make_bearer (context, name, token);

  return ph_sasl_context_reply (context, "user=", name, KVSEP "auth=Bearer ", token, KVSEP KVSEP, NULL);
}

static GBytes *
oauth_respond (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *challenge, GError **error)
{
  gboolean is_bearer = strcmp (ph_sasl_context_get_mechanism (context), "OAUTHBEARER") == 0;
  g_autofree char *words = NULL;

  if (ph_sasl_context_get_step (context) == 0)
    return make_message (context, is_bearer, error);

  if (ph_sasl_context_get_step (context) > 1)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_PROTOCOL, "%s goes on asking after it refused the access token",
                   ph_sasl_context_get_host (context));
      return NULL;
    }

  words = oauth_failure_describe (challenge);
  ph_sasl_context_set_refusal (context, words);
  return ph_sasl_context_reply (context, is_bearer ? KVSEP : "", NULL);
}

static gboolean
oauth_finish (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *data, GError **error)
{
  if (ph_sasl_context_get_step (context) == 1)
    return TRUE;

  g_set_error (error, PH_ERROR, PH_ERROR_PROTOCOL, "%s reported success after it had refused the access token",
               ph_sasl_context_get_host (context));
  return FALSE;
}

static void
oauth_mechanism_describe (PhSaslMechanismInterface *iface)
{
  iface->respond = oauth_respond;
  iface->finish = oauth_finish;
}

GType oauth_mechanism_get_type (void);

PH_DEFINE_PLUGIN_TYPE (OauthMechanism, oauth_mechanism, G_TYPE_OBJECT, PH_TYPE_SASL_MECHANISM, oauth_mechanism_describe)

static void
oauth_mechanism_init (OauthMechanism *self)
{
}

static void
oauth_mechanism_class_init (OauthMechanismClass *klass)
{
}

#define FLAGS (PH_SASL_PLAINTEXT | PH_SASL_CLIENT_FIRST | PH_SASL_AUTHORIZATION)

static const PhFeature oauth_features[] = {
  { .kind = PH_FEATURE_MECHANISM, .name = "OAUTHBEARER", .summary = "OAuth 2 access token (RFC 7628)", .rank = PH_RANK_PRIMARY + 20,
    .flags = FLAGS, .needs = PH_SASL_NEEDS_TOKEN, .get_type = oauth_mechanism_get_type },
  { .kind = PH_FEATURE_MECHANISM, .name = "XOAUTH2", .summary = "OAuth 2 access token, as Google began it", .rank = PH_RANK_PRIMARY + 10,
    .flags = FLAGS, .needs = PH_SASL_NEEDS_USER | PH_SASL_NEEDS_TOKEN, .get_type = oauth_mechanism_get_type },
};

PH_DEFINE_PLUGIN (oauth, "oauth", "SASL mechanisms OAUTHBEARER and XOAUTH2", oauth_features)
