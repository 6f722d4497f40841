/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ANONYMOUS (RFC 4505): logs in as nobody, and may leave a trace.
 *
 *   message = [email / token]
 *   token   = 1*255TCHAR
 */
#include <posthorn/posthorn-plugin.h>

#define MAX_TRACE 255

static gboolean
is_trace (const char *text)
{
  if (!g_utf8_validate (text, -1, NULL) || g_utf8_strlen (text, -1) > MAX_TRACE)
    return FALSE;

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;

  return TRUE;
}

static GBytes *
anonymous_respond (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *challenge, GError **error)
{
  const char *trace = ph_sasl_context_get_user (context);

  if (ph_sasl_context_get_step (context) > 0)
    {
      g_set_error_literal (error, PH_ERROR, PH_ERROR_PROTOCOL, "The server asked for more after ANONYMOUS' only message");
      return NULL;
    }

  if (trace != NULL && !is_trace (trace))
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "ANONYMOUS takes no trace of more than %d characters, or with control characters",
                   MAX_TRACE);
      return NULL;
    }

  return ph_sasl_context_reply (context, trace != NULL ? trace : "", NULL);
}

static void
anonymous_describe (PhSaslMechanismInterface *iface)
{
  iface->respond = anonymous_respond;
}

PH_DEFINE_SASL_MECHANISM_FULL (Anonymous, anonymous, "anonymous", "ANONYMOUS", PH_SASL_CLIENT_FIRST | PH_SASL_ANONYMOUS, PH_SASL_NEEDS_NOTHING,
                               PH_RANK_MARGINAL, "As nobody, with a trace (RFC 4505)")
