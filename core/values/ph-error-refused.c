/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which PH_ERROR a refusal is: by status, IMAP response code (RFC 5530) or SMTP code. */
#include <posthorn/posthorn.h>

static const struct {
  const char *response_code;
  PhError     code;
} refusals[] = {
  { "ALREADYEXISTS", PH_ERROR_ALREADY_EXISTS },
  { "BADCHARSET", PH_ERROR_BAD_CHARSET },
  { "BADCOMPARATOR", PH_ERROR_CANNOT },
  { "BADEVENT", PH_ERROR_CANNOT },
  { "CANNOT", PH_ERROR_CANNOT },
  { "CLIENTBUG", PH_ERROR_CLIENT_BUG },
  { "CONTACTADMIN", PH_ERROR_CONTACT_ADMIN },
  { "CORRUPTION", PH_ERROR_CORRUPTION },
  { "AUTHENTICATIONFAILED", PH_ERROR_AUTHENTICATION },
  { "AUTHORIZATIONFAILED", PH_ERROR_AUTHENTICATION },
  { "BADURL", PH_ERROR_NO_MESSAGE },
  { "EXPIRED", PH_ERROR_EXPIRED },
  { "EXPUNGEISSUED", PH_ERROR_EXPUNGED },
  { "HASCHILDREN", PH_ERROR_CANNOT },
  { "INUSE", PH_ERROR_IN_USE },
  { "LIMIT", PH_ERROR_THROTTLED },
  { "MAXCONVERTMESSAGES", PH_ERROR_CANNOT },
  { "MAXCONVERTPARTS", PH_ERROR_CANNOT },
  { "MESSAGELIMIT", PH_ERROR_TOO_LARGE },
  { "MODIFIED", PH_ERROR_EXPUNGED },
  { "NEWNAME", PH_ERROR_NO_MAILBOX },
  { "NONEXISTENT", PH_ERROR_NO_MAILBOX },
  { "NOTSAVED", PH_ERROR_CANNOT },
  { "NOPERM", PH_ERROR_NO_PERMISSION },
  { "NOTIFICATIONOVERFLOW", PH_ERROR_THROTTLED },
  { "OVERQUOTA", PH_ERROR_OVER_QUOTA },
  { "PRIVACYREQUIRED", PH_ERROR_PRIVACY_REQUIRED },
  { "READ-ONLY", PH_ERROR_NO_PERMISSION },
  { "SERVERBUG", PH_ERROR_SERVER_BUG },
  { "TEMPFAIL", PH_ERROR_UNAVAILABLE },
  { "TOOBIG", PH_ERROR_TOO_LARGE },
  { "TOOFEW", PH_ERROR_CANNOT },
  { "TOOMANY", PH_ERROR_CANNOT },
  { "TRYCREATE", PH_ERROR_NO_MAILBOX },
  { "UIDREQUIRED", PH_ERROR_CLIENT_BUG },
  { "UNAVAILABLE", PH_ERROR_UNAVAILABLE },
  { "UNKNOWN-CTE", PH_ERROR_CANNOT },
  { "USEATTR", PH_ERROR_CANNOT },
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

/* IMAP has a code for it (LIMIT), and words for servers that don't know it. */
static gboolean
is_throttling (PhReply *reply)
{
  return ph_reply_get_code (reply) == 0 && ph_reply_is_temporary (reply);
}

/* A second word says what is wrong (RFC 5464 section 4.3). */
static PhError
get_metadata_refusal (PhReply *reply)
{
  const PhValue *word = ph_value_first (ph_reply_get_response_arguments (reply));

  if (ph_value_is (word, "MAXSIZE"))
    return PH_ERROR_TOO_LARGE;
  if (ph_value_is (word, "TOOMANY"))
    return PH_ERROR_CANNOT;
  return ph_value_is (word, "NOPRIVATE") ? PH_ERROR_NOT_SUPPORTED : PH_ERROR_REFUSED;
}

/* RFC 5257 section 4.5 */
static PhError
get_annotate_refusal (PhReply *reply)
{
  const PhValue *word = ph_value_first (ph_reply_get_response_arguments (reply));

  if (ph_value_is (word, "TOOBIG"))
    return PH_ERROR_TOO_LARGE;
  return ph_value_is (word, "TOOMANY") ? PH_ERROR_CANNOT : PH_ERROR_REFUSED;
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
  if (g_strcmp0 (response_code, "METADATA") == 0)
    return get_metadata_refusal (reply);
  if (g_strcmp0 (response_code, "ANNOTATE") == 0)
    return get_annotate_refusal (reply);
  if (is_out_of_space (reply))
    return PH_ERROR_OVER_QUOTA;
  return is_throttling (reply) ? PH_ERROR_THROTTLED : PH_ERROR_REFUSED;
}

/**
 * ph_error_new_refused: (skip)
 * @what: what was tried, "SELECT “Archive”"
 * @host: (nullable): whom it was tried with
 * @reply: the reply that refused it
 *
 * The error that a refusal is, for plugins: its code from the reply's status and response code (RFC 5530), and
 * "SELECT “Archive” refused by mail.example.org: NO [NONEXISTENT] no such mailbox" as message.
 *
 * Returns: (transfer full): the error, with the reply attached
 */
GError *
ph_error_new_refused (const char *what, const char *host, PhReply *reply)
{
  g_return_val_if_fail (what != NULL && reply != NULL, NULL);

  g_autofree char *text = ph_reply_to_string (reply);
  const char *by = host != NULL ? " by " : "";
  PhError code;

  switch (ph_reply_get_status (reply))
    {
    case PH_STATUS_BAD:
      /* UIDREQUIRED and CLIENTBUG stand in one (RFC 9586, RFC 5530) */
      code = get_refusal (reply);
      if (code == PH_ERROR_REFUSED)
        code = PH_ERROR_BAD_COMMAND;
      break;
    case PH_STATUS_BYE:
      code = PH_ERROR_SHUTTING_DOWN;
      break;
    case PH_STATUS_NO:
    case PH_STATUS_NONE:
    case PH_STATUS_OK:
    case PH_STATUS_PREAUTH:
    default:
      code = get_refusal (reply);
      break;
    }
  return ph_error_new (code, reply, NULL, "%s refused%s%s: %s", what, by, host != NULL ? host : "", text);
}
