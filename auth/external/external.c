/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * EXTERNAL (RFC 4422 appendix A): the channel has proven already who the client is, by its certificate.
 *
 *   message = [authzid]
 */
#include <posthorn/posthorn-plugin.h>

static GBytes *
external_respond (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *challenge, GError **error)
{
  const char *authorization = ph_sasl_context_get_authorization (context);

  if (ph_sasl_context_get_step (context) > 0)
    {
      g_set_error_literal (error, PH_ERROR, PH_ERROR_PROTOCOL, "The server asked for more after EXTERNAL's only message");
      return NULL;
    }

  /* the session's user is not named here: the certificate says who logs in, and a name beside it asks to act as another */
  return ph_sasl_context_reply (context, authorization != NULL ? authorization : "", NULL);
}

static void
external_describe (PhSaslMechanismInterface *iface)
{
  iface->respond = external_respond;
}

PH_DEFINE_SASL_MECHANISM_FULL (External, external, "external", "EXTERNAL", PH_SASL_CLIENT_FIRST | PH_SASL_AUTHORIZATION,
                               PH_SASL_NEEDS_CERTIFICATE, PH_RANK_PRIMARY, "By the channel: a client certificate (RFC 4422)")
