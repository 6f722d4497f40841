/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which PH_ERROR a refusal is: by status, IMAP response code (RFC 5530) or SMTP code. */
#include "ph-command-error.h"

static const struct {
  const char *response_code;
  PhError     code;
} refusals[] = {
  { "ALREADYEXISTS", PH_ERROR_ALREADY_EXISTS },
  { "AUTHENTICATIONFAILED", PH_ERROR_AUTHENTICATION },
  { "AUTHORIZATIONFAILED", PH_ERROR_AUTHENTICATION },
  { "EXPIRED", PH_ERROR_EXPIRED },
  { "INUSE", PH_ERROR_THROTTLED },
  { "LIMIT", PH_ERROR_THROTTLED },
  { "NONEXISTENT", PH_ERROR_NO_MAILBOX },
  { "NOPERM", PH_ERROR_NO_PERMISSION },
  { "OVERQUOTA", PH_ERROR_OVER_QUOTA },
  { "READ-ONLY", PH_ERROR_NO_PERMISSION },
  { "TOOBIG", PH_ERROR_TOO_LARGE },
  { "TRYCREATE", PH_ERROR_NO_MAILBOX },
  { "UNAVAILABLE", PH_ERROR_THROTTLED },
};

/* 452 is said of a full disk and of too many recipients, 552 of a full mailbox and of a large message: the enhanced status
 * (RFC 3463 sections 3.3 and 3.4) tells which. */
static gboolean
is_out_of_space (PhReply *reply)
{
  int code = ph_reply_get_code (reply);
  const char *enhanced = ph_reply_get_enhanced_status (reply);

  if (code != 452 && code != 552)
    return FALSE;
  return enhanced == NULL || g_str_has_suffix (enhanced, ".2.2") || g_str_has_suffix (enhanced, ".3.1");
}

static PhError
get_refusal (PhReply *reply)
{
  const char *response_code = ph_reply_get_response_code (reply);

  for (guint i = 0; response_code != NULL && i < G_N_ELEMENTS (refusals); i++)
    {
      if (g_str_equal (response_code, refusals[i].response_code))
        return refusals[i].code;
    }
  return is_out_of_space (reply) ? PH_ERROR_OVER_QUOTA : PH_ERROR_REFUSED;
}

GError *
ph_command_error_new (const char *name, PhReply *reply)
{
  if (reply == NULL)
    return ph_error_new (PH_ERROR_FAILED, NULL, NULL, "%s ended without a reply", name);

  g_autofree char *text = ph_reply_to_string (reply);
  switch (ph_reply_get_status (reply))
    {
    case PH_STATUS_BAD:
      return ph_error_new (PH_ERROR_BAD_COMMAND, reply, NULL, "%s refused: %s", name, text);
    case PH_STATUS_BYE:
      return ph_error_new (PH_ERROR_SHUTTING_DOWN, reply, NULL, "%s refused: %s", name, text);
    case PH_STATUS_NO:
    case PH_STATUS_NONE:
    case PH_STATUS_OK:
    case PH_STATUS_PREAUTH:
    default:
      return ph_error_new (get_refusal (reply), reply, NULL, "%s refused: %s", name, text);
    }
}
