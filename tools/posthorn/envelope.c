/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What posthorn send asks of the server beside the delivery: options, and the envelope that they are written on. */
#include "tool.h"

#include <string.h>

static char *notify, *dsn_return, *envelope_id, *submitter, *deliver_by, *hold_for, *hold_until, *priority, *priority_profile;
static char *valid_since, *body_type, *verp;
static char **solicitations, **parameters, **recipient_parameters;
static gboolean require_tls, utf8_headers, allow_conversion, best_effort;

const GOptionEntry tool_envelope_entries[] = {
  { "dsn-notify", 0, 0, G_OPTION_ARG_STRING, &notify, "Report to the sender: never, or success, failure, delay", "WHEN,…" },
  { "dsn-return", 0, 0, G_OPTION_ARG_STRING, &dsn_return, "What of the message comes back with a report", "full|headers" },
  { "envelope-id", 0, 0, G_OPTION_ARG_STRING, &envelope_id, "Named in every report", "ID" },
  { "require-tls", 0, 0, G_OPTION_ARG_NONE, &require_tls, "TLS on the whole way, or no delivery", NULL },
  { "deliver-by", 0, 0, G_OPTION_ARG_STRING, &deliver_by,
    "Return the message if it wasn't delivered in time (90s, 30m, 2h, 1d); with ,notify tell the sender and go on",
    "TIME[,notify][,trace]" },
  { "hold-for", 0, 0, G_OPTION_ARG_STRING, &hold_for, "Have the server hold the message so long", "TIME" },
  { "hold-until", 0, 0, G_OPTION_ARG_STRING, &hold_until, "Have the server hold the message until then", "DATE" },
  { "priority", 0, 0, G_OPTION_ARG_STRING, &priority, "-9 (last) to 9 (first)", "NUMBER" },
  { "priority-profile", 0, 0, G_OPTION_ARG_STRING, &priority_profile, "The policy that the server must read it by", "NAME" },
  { "valid-since", 0, 0, G_OPTION_ARG_STRING, &valid_since, "Only if the mailboxes are the same persons' since then", "DATE" },
  { "body", 0, 0, G_OPTION_ARG_STRING, &body_type, "What the content is; otherwise what the server takes", "7bit|8bit|binary" },
  { "utf8-headers", 0, 0, G_OPTION_ARG_NONE, &utf8_headers, "The message's headers are in UTF-8", NULL },
  { "submitter", 0, 0, G_OPTION_ARG_STRING, &submitter, "Who submitted the message; \"\": nobody knows", "ADDRESS" },
  { "solicitation", 0, 0, G_OPTION_ARG_STRING_ARRAY, &solicitations, "A class of its Solicitation field; once for each", "CLASS" },
  { "allow-conversion", 0, 0, G_OPTION_ARG_NONE, &allow_conversion, "Relays may convert it as its Content-Convert fields say", NULL },
  { "verp", 0, 0, G_OPTION_ARG_STRING, &verp, "A sender address for each recipient; two delimiters, or \"\"", "DELIMITERS" },
  { "best-effort", 0, 0, G_OPTION_ARG_NONE, &best_effort, "Leave out what the server doesn't offer, where that is allowed", NULL },
  { "parameter", 0, 0, G_OPTION_ARG_STRING_ARRAY, &parameters, "Any other parameter of MAIL; once for each", "NAME[=VALUE]" },
  { "recipient-parameter", 0, 0, G_OPTION_ARG_STRING_ARRAY, &recipient_parameters, "And of each RCPT", "NAME[=VALUE]" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
refuse (GError **error, const char *option, const char *value, const char *wanted)
{
  return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "--%s takes %s, not %s", option, wanted, value);
}

/* One of @words; its place into @value */
static gboolean
parse_word (const char *option, const char *text, const char *const *words, guint *value, GError **error)
{
  g_autofree char *all = g_strjoinv (", ", (char **) words);

  for (*value = 0; words[*value] != NULL; (*value)++)
    if (g_ascii_strcasecmp (text, words[*value]) == 0)
      return TRUE;
  return refuse (error, option, text, all);
}

/* "90", "90s", "30m", "2h", "1d" */
static gboolean
parse_time (const char *option, const char *text, gint64 *seconds, GError **error)
{
  static const char units[] = "smhd";
  static const guint factors[] = { 1, 60, 3600, 86400 };
  char *end;
  gint64 number = g_ascii_strtoll (text, &end, 10);
  const char *unit = *end != '\0' ? strchr (units, *end) : units;

  if (end == text || unit == NULL || (*end != '\0' && end[1] != '\0') || ABS (number) > 999999999)
    return refuse (error, option, text, "a time like 90s, 30m, 2h or 1d");
  *seconds = number * factors[unit - units];
  if (ABS (*seconds) > 999999999)
    return refuse (error, option, text, "a time of 999999999 seconds at most");
  return TRUE;
}

static GDateTime *
parse_date (const char *option, const char *text, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  GDateTime *date = g_date_time_new_from_iso8601 (text, zone);

  if (date == NULL)
    refuse (error, option, text, "a date like 2026-12-24T18:00:00Z");
  return date;
}

static gboolean
ask_dsn (PhEnvelope *envelope, GError **error)
{
  static const char *const words[] = { "never", "success", "failure", "delay", NULL };
  static const char *const parts[] = { "full", "headers", NULL };
  g_auto (GStrv) split = g_strsplit (notify != NULL ? notify : "", ",", -1);
  guint flags = 0;
  guint value;

  for (char **word = split; *word != NULL; word++)
    {
      if (!parse_word ("dsn-notify", *word, words, &value, error))
        return FALSE;
      flags |= 1u << value;
    }
  for (guint i = 0; i < ph_envelope_get_n_recipients (envelope); i++)
    ph_envelope_set_recipient_notify (envelope, i, (PhDsnNotify) flags);
  ph_envelope_set_envelope_id (envelope, envelope_id);
  if (dsn_return == NULL)
    return TRUE;
  if (!parse_word ("dsn-return", dsn_return, parts, &value, error))
    return FALSE;
  ph_envelope_set_dsn_return (envelope, value == 0 ? PH_DSN_RETURN_FULL : PH_DSN_RETURN_HEADERS);
  return TRUE;
}

static gboolean
ask_deliver_by (PhEnvelope *envelope, GError **error)
{
  static const char *const words[] = { "return", "notify", "trace", NULL };
  g_auto (GStrv) split = g_strsplit (deliver_by != NULL ? deliver_by : "", ",", -1);
  PhDeliverBy mode = PH_DELIVER_BY_RETURN;
  gboolean trace = FALSE;
  gint64 seconds;
  guint value;

  if (deliver_by == NULL)
    return TRUE;
  if (split[0] == NULL || !parse_time ("deliver-by", split[0], &seconds, error))
    return split[0] != NULL ? FALSE : refuse (error, "deliver-by", "nothing", "a time");
  for (char **word = split + 1; *word != NULL; word++)
    {
      if (!parse_word ("deliver-by", *word, words, &value, error))
        return FALSE;
      if (value == 2)
        trace = TRUE;
      else
        mode = value == 0 ? PH_DELIVER_BY_RETURN : PH_DELIVER_BY_NOTIFY;
    }
  ph_envelope_set_deliver_by (envelope, (int) seconds, mode, trace);
  return TRUE;
}

static gboolean
ask_hold (PhEnvelope *envelope, GError **error)
{
  g_autoptr (GDateTime) until = NULL;
  gint64 seconds = 0;

  if (hold_for != NULL && !parse_time ("hold-for", hold_for, &seconds, error))
    return FALSE;
  if (hold_for != NULL && seconds <= 0)
    return refuse (error, "hold-for", hold_for, "a time ahead");
  if (hold_until != NULL && (until = parse_date ("hold-until", hold_until, error)) == NULL)
    return FALSE;
  ph_envelope_set_hold_for (envelope, (guint) seconds);
  ph_envelope_set_hold_until (envelope, until);
  return TRUE;
}

static gboolean
ask_priority (PhEnvelope *envelope, GError **error)
{
  gint64 number;

  ph_envelope_set_priority_profile (envelope, priority_profile);
  if (priority == NULL)
    return priority_profile == NULL || tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "--priority-profile needs --priority");
  if (!g_ascii_string_to_signed (priority, 10, -9, 9, &number, NULL))
    return refuse (error, "priority", priority, "a number from -9 to 9");
  ph_envelope_set_priority (envelope, (int) number);
  return TRUE;
}

static gboolean
ask_valid_since (PhEnvelope *envelope, GError **error)
{
  g_autoptr (GDateTime) since = valid_since != NULL ? parse_date ("valid-since", valid_since, error) : NULL;

  if (valid_since != NULL && since == NULL)
    return FALSE;
  for (guint i = 0; i < ph_envelope_get_n_recipients (envelope); i++)
    ph_envelope_set_recipient_valid_since (envelope, i, since, TRUE);
  return TRUE;
}

static gboolean
ask_body (PhEnvelope *envelope, GError **error)
{
  static const char *const words[] = { "7bit", "8bit", "binary", NULL };
  static const PhBodyType types[] = { PH_BODY_TYPE_SEVEN_BIT, PH_BODY_TYPE_EIGHT_BIT, PH_BODY_TYPE_BINARY };
  guint value;

  if (body_type == NULL)
    return TRUE;
  if (!parse_word ("body", body_type, words, &value, error))
    return FALSE;
  ph_envelope_set_body_type (envelope, types[value]);
  return TRUE;
}

static void
add_parameters (PhEnvelope *envelope)
{
  for (char **parameter = parameters; parameter != NULL && *parameter != NULL; parameter++)
    ph_envelope_add_parameter (envelope, *parameter);
  for (guint i = 0; i < ph_envelope_get_n_recipients (envelope); i++)
    for (char **parameter = recipient_parameters; parameter != NULL && *parameter != NULL; parameter++)
      ph_envelope_add_recipient_parameter (envelope, i, *parameter);
}

gboolean
tool_envelope_ask (PhEnvelope *envelope, GError **error)
{
  if (!ask_dsn (envelope, error) || !ask_deliver_by (envelope, error) || !ask_hold (envelope, error) || !ask_priority (envelope, error) ||
      !ask_valid_since (envelope, error) || !ask_body (envelope, error))
    return FALSE;
  ph_envelope_set_require_tls (envelope, require_tls);
  ph_envelope_set_auth (envelope, submitter);
  ph_envelope_set_solicitation (envelope, (const char *const *) solicitations);
  ph_envelope_set_conversion_permitted (envelope, allow_conversion);
  ph_envelope_set_verp (envelope, verp);
  if (utf8_headers)
    ph_envelope_set_utf8_headers (envelope, TRUE);
  if (best_effort)
    ph_envelope_set_best_effort (envelope, PH_ENVELOPE_OPTION_DSN | PH_ENVELOPE_OPTION_AUTH | PH_ENVELOPE_OPTION_DELIVER_BY |
                                             PH_ENVELOPE_OPTION_PRIORITY | PH_ENVELOPE_OPTION_SOLICITATION | PH_ENVELOPE_OPTION_TRACKING);
  add_parameters (envelope);
  return TRUE;
}
