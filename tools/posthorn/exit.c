/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a failure says to a person, and to a script by its exit code (sysexits.h). */
#include "tool.h"

#include <errno.h>
#include <string.h>

#define INTERRUPTED 130 /* what shells show for SIGINT */

static const int ph_error_statuses[] = {
  [PH_ERROR_FAILED] = EX_SOFTWARE,
  [PH_ERROR_INVALID_ARGUMENT] = EX_USAGE,
  [PH_ERROR_INVALID_URI] = EX_USAGE,
  [PH_ERROR_UNKNOWN_SCHEME] = EX_USAGE,
  [PH_ERROR_PLUGIN] = EX_CONFIG,
  [PH_ERROR_NOT_SUPPORTED] = EX_UNAVAILABLE,
  [PH_ERROR_WRONG_STATE] = EX_SOFTWARE,
  [PH_ERROR_HOST_NOT_FOUND] = EX_NOHOST,
  [PH_ERROR_CONNECT] = EX_TEMPFAIL,
  [PH_ERROR_CLOSED] = EX_TEMPFAIL,
  [PH_ERROR_TIMED_OUT] = EX_TEMPFAIL,
  [PH_ERROR_SHUTTING_DOWN] = EX_TEMPFAIL,
  [PH_ERROR_GREETING] = EX_UNAVAILABLE,
  [PH_ERROR_HELLO] = EX_UNAVAILABLE,
  [PH_ERROR_TLS] = EX_PROTOCOL,
  [PH_ERROR_BAD_CERTIFICATE] = EX_PROTOCOL,
  [PH_ERROR_TLS_REQUIRED] = EX_UNAVAILABLE,
  [PH_ERROR_INJECTED] = EX_PROTOCOL,
  [PH_ERROR_AUTHENTICATION] = EX_NOPERM,
  [PH_ERROR_NO_MECHANISM] = EX_UNAVAILABLE,
  [PH_ERROR_NO_CREDENTIALS] = EX_CONFIG,
  [PH_ERROR_SERVER_UNPROVEN] = EX_PROTOCOL,
  [PH_ERROR_PROTOCOL] = EX_PROTOCOL,
  [PH_ERROR_LIMIT] = EX_PROTOCOL,
  [PH_ERROR_REFUSED] = EX_UNAVAILABLE,
  [PH_ERROR_BAD_COMMAND] = EX_PROTOCOL,
  [PH_ERROR_SENDER_REFUSED] = EX_UNAVAILABLE,
  [PH_ERROR_RECIPIENTS_REFUSED] = EX_UNAVAILABLE,
  [PH_ERROR_DATA_REFUSED] = EX_UNAVAILABLE,
  [PH_ERROR_DELIVERY_UNKNOWN] = EX_TEMPFAIL,
  [PH_ERROR_TOO_LARGE] = EX_DATAERR,
  [PH_ERROR_BODY] = EX_NOINPUT,
  [PH_ERROR_THROTTLED] = EX_TEMPFAIL,
  [PH_ERROR_NO_MAILBOX] = EX_UNAVAILABLE,
  [PH_ERROR_ALREADY_EXISTS] = EX_CANTCREAT,
  [PH_ERROR_NO_PERMISSION] = EX_NOPERM,
  [PH_ERROR_OVER_QUOTA] = EX_UNAVAILABLE,
  [PH_ERROR_EXPIRED] = EX_NOPERM,
  [PH_ERROR_NO_MESSAGE] = EX_UNAVAILABLE,
  [PH_ERROR_BAD_CHARSET] = EX_UNAVAILABLE,
  [PH_ERROR_IN_USE] = EX_TEMPFAIL,
  [PH_ERROR_UNAVAILABLE] = EX_TEMPFAIL,
  [PH_ERROR_CANNOT] = EX_UNAVAILABLE,
  [PH_ERROR_EXPUNGED] = EX_UNAVAILABLE,
  [PH_ERROR_PRIVACY_REQUIRED] = EX_NOPERM,
  [PH_ERROR_CONTACT_ADMIN] = EX_UNAVAILABLE,
  [PH_ERROR_CORRUPTION] = EX_UNAVAILABLE,
  [PH_ERROR_SERVER_BUG] = EX_PROTOCOL,
  [PH_ERROR_CLIENT_BUG] = EX_PROTOCOL,
};

/* A refusal that the server calls temporary is worth another try, whatever it refused. */
int
tool_exit_status (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return INTERRUPTED;
  if (error->domain == PH_ERROR && (guint) error->code < G_N_ELEMENTS (ph_error_statuses))
    {
      int status = ph_error_statuses[error->code];
      PhReply *reply = ph_error_get_reply (error);

      return status == EX_UNAVAILABLE && reply != NULL && ph_reply_is_temporary (reply) ? EX_TEMPFAIL : status;
    }
  if (error->domain == G_OPTION_ERROR)
    return EX_USAGE;
  if (error->domain == G_FILE_ERROR || error->domain == G_IO_ERROR)
    return EX_NOINPUT;
  return EX_SOFTWARE;
}

/* One line on standard error. */
void
tool_note (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  clean = tool_clean (text);
  fflush (stdout);
  g_printerr ("posthorn: %s\n", clean);
}

int
tool_fail (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tool_note ("interrupted");
  else
    tool_note ("%s", error->message);
  return tool_exit_status (error);
}

int
tool_fail_usage (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  tool_note ("%s", text);
  return EX_USAGE;
}

/* A full disk is noticed here at the latest. */
int
tool_finish_output (int status)
{
  errno = 0;
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  if (errno != EPIPE)
    tool_note ("can't write to standard output: %s", errno != 0 ? g_strerror (errno) : "an earlier write failed");
  return status != 0 ? status : EX_IOERR;
}

/* For "return tool_set_error (…)": always FALSE. */
gboolean
tool_set_error (GError **error, PhError code, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, PH_ERROR, (int) code, message);
  return FALSE;
}
