/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * LOGIN (draft-murchison-sasl-login-00): the server asks for the name, then for the password.
 *
 * What its two challenges say ("Username:", "User Name", "Password:") differs between servers and does not matter.
 */
#include <posthorn/posthorn-plugin.h>

enum { STEP_USER, STEP_SECRET, N_STEPS };

static GBytes *
login_respond (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *challenge, GError **error)
{
  const char *secret;
  gsize length;

  switch (ph_sasl_context_get_step (context))
    {
    case STEP_USER:
      return ph_sasl_context_reply (context, ph_sasl_context_get_user (context), NULL);

    case STEP_SECRET:
      secret = ph_secret_get (ph_sasl_context_get_secret (context), &length);
      return ph_secret_bytes_new (secret, length);

    default:
      g_set_error_literal (error, PH_ERROR, PH_ERROR_PROTOCOL, "The server asked for more after LOGIN's name and password");
      return NULL;
    }
}

static gboolean
login_finish (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *data, GError **error)
{
  if (ph_sasl_context_get_step (context) == N_STEPS)
    return TRUE;

  g_set_error_literal (error, PH_ERROR, PH_ERROR_SERVER_UNPROVEN, "The server reported success before LOGIN had sent the password");
  return FALSE;
}

static void
login_describe (PhSaslMechanismInterface *iface)
{
  iface->respond = login_respond;
  iface->finish = login_finish;
}

PH_DEFINE_SASL_MECHANISM_FULL (Login, login, "login", "LOGIN", PH_SASL_PLAINTEXT | PH_SASL_DEPRECATED,
                               PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET, PH_RANK_MARGINAL, "Name, then password, as they are")
