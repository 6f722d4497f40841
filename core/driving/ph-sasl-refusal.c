/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads refusals of a login: SMTP's codes (RFC 4954 sections 4 and 6), IMAP's response codes (RFC 5530), and what servers write. */
#include "driving/ph-sasl-refusal.h"

#include <string.h>

static const char *const mechanism_response_codes[] = { "CANNOT", "PRIVACYREQUIRED", NULL };

/* 432: a password that must be changed into the mechanism's form first, by one that sends it; 501: the mechanism's octets were not
 * understood; 534 and 538: too weak, or not without encryption */
static const int mechanism_codes[] = { 432, 501, 534, 538 };

/* "Invalid authentication mechanism" (Postfix, behind 535 5.7.8), "Unsupported authentication mechanism." (Dovecot), "bad protocol /
 * cancel" (libsasl2's server side, for a mechanism's message that it can't use, one bound to another kind of binding for instance) */
static const char *const mechanism_words[] = { "mechanism", "unsupported", "not supported", "bad protocol" };

static gboolean
speaks_of_mechanism (PhReply *reply)
{
  int code = ph_reply_get_code (reply);
  const char *response_code = ph_reply_get_response_code (reply);
  const char *text = ph_reply_get_text (reply);
  g_autofree char *folded = text != NULL ? g_ascii_strdown (text, -1) : NULL;

  if (ph_reply_get_status (reply) == PH_STATUS_BAD)
    return TRUE;
  if (response_code != NULL && g_strv_contains (mechanism_response_codes, response_code))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (mechanism_codes); i++)
    if (code == mechanism_codes[i])
      return TRUE;
  for (guint i = 0; folded != NULL && i < G_N_ELEMENTS (mechanism_words); i++)
    if (strstr (folded, mechanism_words[i]) != NULL)
      return TRUE;

  return FALSE;
}

PhSaslRefusal
ph_sasl_refusal_read (PhReply *reply, gboolean has_proof)
{
  if (speaks_of_mechanism (reply))
    return PH_SASL_REFUSED_MECHANISM;
  if (ph_reply_is_temporary (reply))
    return PH_SASL_REFUSED_FOR_NOW;

  return has_proof ? PH_SASL_REFUSED_SECRET : PH_SASL_REFUSED_MECHANISM;
}

PhError
ph_sasl_refusal_get_code (PhReply *reply)
{
  if (g_strcmp0 (ph_reply_get_response_code (reply), "EXPIRED") == 0)
    return PH_ERROR_EXPIRED;

  return ph_reply_is_temporary (reply) ? PH_ERROR_THROTTLED : PH_ERROR_AUTHENTICATION;
}
