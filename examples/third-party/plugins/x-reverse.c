/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A SASL mechanism that nobody needs: user, NUL, and the password backwards. This file is all that it takes. */
#include <posthorn/posthorn-plugin.h>

static GBytes *
x_reverse_respond (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *challenge, GError **error)
{
  gsize length;
  const char *secret = ph_secret_get (ph_sasl_context_get_secret (context), &length);
  g_autofree char *backwards = g_malloc0 (length + 1);
  GBytes *response;

  for (gsize i = 0; i < length; i++)
    backwards[i] = secret[length - 1 - i];
  response = ph_sasl_context_reply (context, ph_sasl_context_get_user (context), PH_SASL_NUL, backwards, NULL);
  ph_wipe (backwards, length);
  return response;
}

static void
x_reverse_describe (PhSaslMechanismInterface *iface)
{
  iface->respond = x_reverse_respond;
}

PH_DEFINE_SASL_MECHANISM (XReverse, x_reverse, "X-REVERSE", PH_SASL_PLAINTEXT | PH_SASL_CLIENT_FIRST, PH_RANK_MARGINAL)
