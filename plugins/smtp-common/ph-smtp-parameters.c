/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parameters of MAIL and RCPT. Each is built by a function of its own, which says nothing where it was not asked for, and otherwise
 * finds whether it is in its range, whether the server offers it, and whether the server offers so much:
 *
 *   MAIL  SIZE (RFC 1870)  BODY (RFC 6152, RFC 3030)  SMTPUTF8 (RFC 6531)  RET, ENVID (RFC 3461)  AUTH (RFC 4954)  REQUIRETLS (RFC 8689)
 *         BY (RFC 2852)  HOLDFOR, HOLDUNTIL (RFC 4865)  MT-PRIORITY (RFC 6710)  SOLICIT (RFC 3865)  MTRK (RFC 3885)  CONPERM (RFC 4141)
 *         XVERP (Postfix)
 *   RCPT  NOTIFY, ORCPT (RFC 3461, RFC 6533)  RRVS (RFC 7293)
 */
#include "ph-smtp-parameters.h"

#include "ph-smtp-encode.h"

#define MAX_SECONDS 999999999
#define MAX_LINE 12288    /* no RFC lets a command be longer than AUTH's (RFC 4954 section 4) */

/* One line's parameters on their way. An error sticks. */
typedef struct {
  PhSmtpCore        *core;
  PhSmtpSend        *send;
  PhEnvelope        *envelope;
  guint              index;       /* RCPT: the recipient */
  GString           *line;
  const char *const *free;        /* the caller's own for this line */
  GError            *error;
} Parameters;

static gboolean
is_among (const char *const *parameters, const char *keyword)
{
  gsize length = strlen (keyword);

  for (; parameters != NULL && *parameters != NULL; parameters++)
    if (g_ascii_strncasecmp (*parameters, keyword, length) == 0 && ((*parameters)[length] == '\0' || (*parameters)[length] == '='))
      return TRUE;
  return FALSE;
}

static void G_GNUC_PRINTF (3, 4)
refuse (Parameters *self, PhError code, const char *format, ...)
{
  va_list arguments;

  if (self->error != NULL)
    return;
  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->error = ph_error_new (code, NULL, NULL, "%s", message);
}

static void
refuse_value (Parameters *self, const char *why)
{
  refuse (self, PH_ERROR_INVALID_ARGUMENT, "%s", why);
}

static void
refuse_unsupported (Parameters *self, const char *what)
{
  refuse (self, PH_ERROR_NOT_SUPPORTED, "%s does not offer %s", self->core->host, what);
}

/* What the server says behind @keyword; NULL where it does not offer it, which is an error unless @option may be left out */
static const char *
offer (Parameters *self, const char *keyword, PhEnvelopeOption option)
{
  const char *offered = ph_smtp_features_find (&self->core->features, keyword);

  if (offered == NULL && (ph_envelope_get_best_effort (self->envelope) & option) == 0)
    refuse_unsupported (self, keyword);
  return offered;
}

/* " KEYWORD", behind which the value goes */
static GString *
begin (Parameters *self, const char *keyword)
{
  if (is_among (self->free, keyword))
    refuse (self, PH_ERROR_INVALID_ARGUMENT, "%s is given twice: as a parameter, and by its own call", keyword);
  g_string_append_printf (self->line, " %s", keyword);
  return self->line;
}

static void
limit (Parameters *self, gsize from, gsize maximum, const char *what)
{
  if (self->line->len - from > maximum)
    refuse (self, PH_ERROR_INVALID_ARGUMENT, "%s is longer than %" G_GSIZE_FORMAT " octets", what, maximum);
}

static void
add_return (Parameters *self)
{
  PhDsnReturn value = ph_envelope_get_dsn_return (self->envelope);

  if (value == PH_DSN_RETURN_DEFAULT)
    return;
  if (value != PH_DSN_RETURN_FULL && value != PH_DSN_RETURN_HEADERS)
    refuse_value (self, "what is to be returned is neither the whole message nor its headers");
  else if (offer (self, "DSN", PH_ENVELOPE_OPTION_DSN) != NULL)
    g_string_append (begin (self, "RET"), value == PH_DSN_RETURN_FULL ? "=FULL" : "=HDRS");
}

/* MTRK's server must take ENVID, too (RFC 3885 section 3.2). */
static void
add_envelope_id (Parameters *self)
{
  const char *id = ph_envelope_get_envelope_id (self->envelope);
  gboolean tracked = ph_envelope_get_tracking (self->envelope, NULL) != NULL &&
                     ph_smtp_features_find (&self->core->features, "MTRK") != NULL;

  if (id == NULL)
    return;
  if (!ph_smtp_is_printable (id))
    {
      refuse_value (self, "the envelope id is empty, or something else than printable ASCII is in it");
      return;
    }
  if (!tracked && offer (self, "DSN", PH_ENVELOPE_OPTION_DSN) == NULL)
    return;
  gsize from = g_string_append_c (begin (self, "ENVID"), '=')->len;
  ph_smtp_append_xtext (self->line, id);
  limit (self, from, 100, "the envelope id, as xtext,");
}

static void
add_auth (Parameters *self)
{
  const char *mailbox = ph_envelope_get_auth (self->envelope);
  PhSmtpAddressForm form;

  if (mailbox == NULL || !ph_smtp_address_check (mailbox, &form, self->error == NULL ? &self->error : NULL))
    return;
  gboolean left_out = (ph_envelope_get_best_effort (self->envelope) & PH_ENVELOPE_OPTION_AUTH) != 0;
  if (offer (self, "AUTH", PH_ENVELOPE_OPTION_AUTH) == NULL)
    return;
  if (form == PH_SMTP_ADDRESS_LOCAL && !self->core->features.smtp_utf8)
    {
      if (!left_out)
        refuse_unsupported (self, "SMTPUTF8, which the submitter's address needs");
      return;
    }
  g_autofree char *converted = ph_smtp_address_convert (mailbox, form, self->core->features.smtp_utf8);
  gsize from = g_string_append_c (begin (self, "AUTH"), '=')->len;
  if (*mailbox == '\0')
    g_string_append (self->line, "<>");
  else
    ph_smtp_append_xtext (self->line, converted);
  limit (self, from, 500, "the submitter's address, as xtext,");
}

static void
add_require_tls (Parameters *self)
{
  if (!ph_envelope_get_require_tls (self->envelope))
    return;
  if (!self->core->tls)
    refuse (self, PH_ERROR_TLS_REQUIRED, "TLS is required on the whole way, and this connection to %s has none", self->core->host);
  else if (!self->core->verified)
    refuse (self, PH_ERROR_TLS_REQUIRED, "TLS is required on the whole way, and the certificate of %s was accepted unverified", self->core->host);
  else if (offer (self, "REQUIRETLS", PH_ENVELOPE_OPTION_NONE) != NULL)
    begin (self, "REQUIRETLS");
}

static void
add_deliver_by (Parameters *self)
{
  int seconds;
  gboolean trace;
  PhDeliverBy mode = ph_envelope_get_deliver_by (self->envelope, &seconds, &trace);
  gboolean is_return = mode == PH_DELIVER_BY_RETURN;

  if (mode == PH_DELIVER_BY_NONE)
    return;
  if ((!is_return && mode != PH_DELIVER_BY_NOTIFY) || seconds < -MAX_SECONDS || seconds > MAX_SECONDS || (is_return && seconds <= 0))
    {
      refuse_value (self, "the time to deliver by is beyond 999999999 seconds, or not ahead though the message is to be returned then");
      return;
    }
  const char *minimum = offer (self, "DELIVERBY", is_return ? PH_ENVELOPE_OPTION_NONE : PH_ENVELOPE_OPTION_DELIVER_BY);
  if (minimum == NULL)
    return;
  if (is_return && g_ascii_strtoull (minimum, NULL, 10) > (guint64) seconds)
    refuse (self, PH_ERROR_NOT_SUPPORTED, "%s wants %" G_GUINT64_FORMAT " seconds at least to deliver a message, and %d were given",
            self->core->host, g_ascii_strtoull (minimum, NULL, 10), seconds);
  g_string_append_printf (begin (self, "BY"), "=%d;%s%s", seconds, is_return ? "R" : "N", trace ? "T" : "");
}

/* RFC 4865 section 5.2.1: what is held must be released before it has to be delivered. */
static void
check_release (Parameters *self, guint hold_for, GDateTime *hold_until)
{
  int seconds;
  gint64 released = hold_for;

  if (ph_envelope_get_deliver_by (self->envelope, &seconds, NULL) == PH_DELIVER_BY_NONE)
    return;
  /* a time of day against a span: here alone the wall's clock is asked, and only whether it makes sense depends on it */
  if (hold_until != NULL)
    released = g_date_time_to_unix (hold_until) - g_get_real_time () / G_USEC_PER_SEC;
  if (seconds <= released)
    refuse_value (self, "the message is to be held for longer than the time to deliver it by");
}

static void
add_hold_for (Parameters *self, guint seconds, const char *limits)
{
  guint64 maximum = g_ascii_strtoull (limits, NULL, 10);

  if (seconds > MAX_SECONDS)
    refuse_value (self, "a message can't be held for more than 999999999 seconds");
  else if (seconds > maximum)
    refuse (self, PH_ERROR_NOT_SUPPORTED, "%s holds a message for %" G_GUINT64_FORMAT " seconds at most, and %u were asked for",
            self->core->host, maximum, seconds);
  g_string_append_printf (begin (self, "HOLDFOR"), "=%u", seconds);
}

static void
add_hold_until (Parameters *self, GDateTime *time, const char *limits)
{
  const char *latest = strchr (limits, ' ');
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) maximum = latest != NULL ? g_date_time_new_from_iso8601 (latest + strspn (latest, " "), utc) : NULL;

  if (maximum != NULL && g_date_time_compare (time, maximum) > 0)
    refuse (self, PH_ERROR_NOT_SUPPORTED, "%s holds a message until%s at most", self->core->host, latest);
  ph_smtp_append_time (g_string_append_c (begin (self, "HOLDUNTIL"), '='), time);
}

static void
add_hold (Parameters *self)
{
  guint seconds = ph_envelope_get_hold_for (self->envelope);
  GDateTime *until = ph_envelope_get_hold_until (self->envelope);

  if (seconds == 0 && until == NULL)
    return;
  if (seconds != 0 && until != NULL)
    refuse_value (self, "a message can be held for some time or until a time, not both");
  else if (*ph_envelope_get_sender (self->envelope) == '\0')
    refuse_value (self, "a message with the null reverse-path is a report, which can't be held (RFC 4865 section 5.1)");
  const char *limits = offer (self, "FUTURERELEASE", PH_ENVELOPE_OPTION_NONE);
  if (limits == NULL)
    return;
  check_release (self, seconds, until);
  if (until != NULL)
    add_hold_until (self, until, limits);
  else
    add_hold_for (self, seconds, limits);
}

static void
add_priority (Parameters *self)
{
  const char *profile = ph_envelope_get_priority_profile (self->envelope);
  gboolean left_out = (ph_envelope_get_best_effort (self->envelope) & PH_ENVELOPE_OPTION_PRIORITY) != 0;
  int priority;

  if (!ph_envelope_get_priority (self->envelope, &priority))
    return;
  if (priority < -9 || priority > 9)
    {
      refuse_value (self, "a priority is from -9 to 9");
      return;
    }
  const char *offered = offer (self, "MT-PRIORITY", PH_ENVELOPE_OPTION_PRIORITY);
  if (offered == NULL)
    return;
  if (profile == NULL || g_ascii_strcasecmp (profile, offered) == 0)
    g_string_append_printf (begin (self, "MT-PRIORITY"), "=%d", priority);
  else if (!left_out)
    refuse_unsupported (self, "priorities of the profile that is asked for");
}

/* word = ALPHA 0*("." / "-" / "_" / ":" / ALPHA / DIGIT) */
static gboolean
is_solicitation_class (const char *word)
{
  for (const char *c = word; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr (".-_:", *c) == NULL)
      return FALSE;
  return g_ascii_isalpha (*word);
}

static void
add_solicitation (Parameters *self)
{
  const char *const *words = ph_envelope_get_solicitation (self->envelope);

  if (words == NULL || *words == NULL)
    return;
  for (const char *const *word = words; *word != NULL; word++)
    if (!is_solicitation_class (*word))
      {
        refuse_value (self, "a class of solicitation is a letter and then letters, digits, “.”, “-”, “_” and “:”");
        return;
      }
  g_autofree char *joined = g_strjoinv (",", (char **) words);
  if (strlen (joined) > 999)
    {
      refuse_value (self, "the list of classes of solicitation is longer than 999 octets");
      return;
    }
  const char *unwanted = offer (self, "NO-SOLICITING", PH_ENVELOPE_OPTION_SOLICITATION);
  if (unwanted == NULL)
    return;
  g_auto (GStrv) refused = g_strsplit_set (unwanted, ", ", -1);
  for (const char *const *word = words; *word != NULL; word++)
    if (g_strv_contains ((const char *const *) refused, *word))
      refuse (self, PH_ERROR_NOT_SUPPORTED, "%s wants no messages of the solicitation class %s", self->core->host, *word);
  g_string_append_printf (begin (self, "SOLICIT"), "=%s", joined);
}

/* The digest's base64 goes without its "=", which no parameter's value may hold; RFC 3885 section 3.2 counts it as 27 octets, too. */
static void
add_tracking (Parameters *self)
{
  guint timeout;
  GBytes *secret = ph_envelope_get_tracking (self->envelope, &timeout);
  const char *id = ph_envelope_get_envelope_id (self->envelope);
  g_autoptr (GChecksum) checksum = NULL;
  guint8 digest[20];
  gsize length = sizeof digest;

  if (secret == NULL)
    return;
  if (g_bytes_get_size (secret) < 16 || g_bytes_get_size (secret) > 128 || timeout > MAX_SECONDS)
    refuse_value (self, "the secret of message tracking is not 16 to 128 octets long, or its timeout is above 999999999 seconds");
  if (id == NULL || strchr (id, '@') == NULL)
    refuse_value (self, "message tracking needs an envelope id of the form local@host");
  if (offer (self, "MTRK", PH_ENVELOPE_OPTION_TRACKING) == NULL)
    return;
  checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_checksum_update (checksum, g_bytes_get_data (secret, NULL), (gssize) g_bytes_get_size (secret));
  g_checksum_get_digest (checksum, digest, &length);
  g_autofree char *certifier = g_base64_encode (digest, length);
  g_string_append_printf (begin (self, "MTRK"), "=%.*s", (int) strcspn (certifier, "="), certifier);
  if (timeout > 0)
    g_string_append_printf (self->line, ":%u", timeout);
}

static void
add_conversion (Parameters *self)
{
  if (ph_envelope_get_conversion_permitted (self->envelope) && offer (self, "CONPERM", PH_ENVELOPE_OPTION_NONE) != NULL)
    begin (self, "CONPERM");
}

static void
add_verp (Parameters *self)
{
  const char *delimiters = ph_envelope_get_verp (self->envelope);

  if (delimiters == NULL)
    return;
  if (*delimiters != '\0' && (strlen (delimiters) != 2 || !ph_smtp_is_printable (delimiters) || strchr (delimiters, ' ') != NULL))
    refuse_value (self, "VERP needs two delimiters of printable ASCII, or none");
  else if (offer (self, "XVERP", PH_ENVELOPE_OPTION_NONE) != NULL)
    g_string_append_printf (begin (self, "XVERP"), "%s%s", *delimiters != '\0' ? "=" : "", delimiters);
}

static void
add_notify (Parameters *self)
{
  static const char *const words[] = { "NEVER", "SUCCESS", "FAILURE", "DELAY" };
  guint notify = ph_envelope_get_recipient_notify (self->envelope, self->index);
  char separator = '=';

  if (notify == PH_DSN_NOTIFY_DEFAULT)
    return;
  if (notify >= 1u << G_N_ELEMENTS (words) || ((notify & PH_DSN_NOTIFY_NEVER) != 0 && notify != PH_DSN_NOTIFY_NEVER))
    refuse_value (self, "a sender can't be told of nothing and of something at once");
  else if (offer (self, "DSN", PH_ENVELOPE_OPTION_DSN) != NULL)
    {
      begin (self, "NOTIFY");
      for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
        if ((notify & (1u << i)) != 0)
          {
            g_string_append_printf (self->line, "%c%s", separator, words[i]);
            separator = ',';
          }
    }
}

static gboolean
is_address_type (const char *type)
{
  for (const char *c = type; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-')
      return FALSE;
  return *type != '\0';
}

static void
add_original (Parameters *self)
{
  const char *type;
  const char *address = ph_envelope_get_recipient_original (self->envelope, self->index, &type);

  if (address == NULL)
    return;
  if (type == NULL)
    type = g_str_is_ascii (address) ? "rfc822" : "utf-8";
  gboolean is_utf8 = g_ascii_strcasecmp (type, "utf-8") == 0;
  if (!is_address_type (type))
    refuse_value (self, "the type of an original recipient's address is made of letters, digits and “-”");
  else if (*address == '\0' || !g_utf8_validate (address, -1, NULL) || (!is_utf8 && !ph_smtp_is_printable (address)))
    refuse_value (self, "an original recipient's address is empty, or not printable ASCII, or not UTF-8");
  for (const char *c = address; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      refuse_value (self, "there is a line end or another control character in an original recipient's address");
  if (self->error != NULL || offer (self, "DSN", PH_ENVELOPE_OPTION_DSN) == NULL)
    return;
  gsize from = g_string_append_c (begin (self, "ORCPT"), '=')->len;
  g_string_append_printf (self->line, "%s;", type);
  if (is_utf8)
    ph_smtp_append_unitext (self->line, address, self->send->smtp_utf8);
  else
    ph_smtp_append_xtext (self->line, address);
  limit (self, from, 500, "an original recipient's address, encoded,");
}

static void
add_valid_since (Parameters *self)
{
  gboolean required;
  GDateTime *since = ph_envelope_get_recipient_valid_since (self->envelope, self->index, &required);
  gboolean offered = ph_smtp_features_find (&self->core->features, "RRVS") != NULL;

  if (since == NULL || (!offered && !required))
    return;
  if (!offered)
    refuse_unsupported (self, "RRVS");
  ph_smtp_append_time (g_string_append_c (begin (self, "RRVS"), '='), since);
  if (!required)
    g_string_append (self->line, ";C");
}

static void
add_free (Parameters *self)
{
  for (const char *const *parameter = self->free; parameter != NULL && *parameter != NULL; parameter++)
    {
      if (self->error == NULL)
        ph_smtp_parameter_check (*parameter, &self->error);
      g_string_append_printf (self->line, " %s", *parameter);
    }
}

static void
build_mail (Parameters *self)
{
  self->free = ph_envelope_get_parameters (self->envelope);
  add_return (self);
  add_envelope_id (self);
  add_auth (self);
  add_require_tls (self);
  add_deliver_by (self);
  add_hold (self);
  add_priority (self);
  add_solicitation (self);
  add_tracking (self);
  add_conversion (self);
  add_verp (self);
  add_free (self);
}

static void
build_recipient (Parameters *self)
{
  self->free = ph_envelope_get_recipient_parameters (self->envelope, self->index);
  add_notify (self);
  add_original (self);
  add_valid_since (self);
  add_free (self);
}

/* Neither is left out: what goes on would not be what was declared. */
static void
check_content (Parameters *self)
{
  PhBodyType type = ph_envelope_get_body_type (self->envelope);

  if (type > PH_BODY_TYPE_BINARY)
    refuse_value (self, "there is no such type of content");
  else if (type == PH_BODY_TYPE_EIGHT_BIT)
    offer (self, "8BITMIME", PH_ENVELOPE_OPTION_NONE);
  else if (type == PH_BODY_TYPE_BINARY && offer (self, "BINARYMIME", PH_ENVELOPE_OPTION_NONE) != NULL)
    offer (self, "CHUNKING", PH_ENVELOPE_OPTION_NONE);
  if (type != PH_BODY_TYPE_AUTO && ph_smtp_send_has_parameter (self->send, "BODY", NULL))
    refuse_value (self, "BODY is given twice: as a parameter, and by its own call");
}

/* RFC 6531 section 3.2: where the server does not offer it, only what has an ASCII form may go. */
static void
settle_utf8 (Parameters *self, PhSmtpAddressForm form)
{
  gboolean offered = self->core->features.smtp_utf8;

  if (form == PH_SMTP_ADDRESS_LOCAL && !offered)
    refuse (self, PH_ERROR_NOT_SUPPORTED, "%s takes ASCII addresses only", self->core->host);
  if (ph_envelope_get_utf8_headers (self->envelope) && !offered)
    refuse_unsupported (self, "SMTPUTF8, which the message's headers need");
  self->send->smtp_utf8 = offered && (form != PH_SMTP_ADDRESS_ASCII || ph_envelope_get_utf8_headers (self->envelope));
}

static void
check_length (Parameters *self, const char *address)
{
  if (self->line->len + strlen (address) + strlen ("MAIL FROM:<>") > MAX_LINE)
    refuse_value (self, "a command would become longer than 12288 octets");
}

gboolean
ph_smtp_parameters_check (PhSmtpCore *core, PhSmtpSend *send, PhSmtpAddressForm form, GError **error)
{
  if (send->plain && form == PH_SMTP_ADDRESS_ASCII)
    {
      send->smtp_utf8 = FALSE;
      return TRUE;
    }

  g_autoptr (GString) line = g_string_new (NULL);
  Parameters self = { .core = core, .send = send, .envelope = send->envelope, .line = line };

  settle_utf8 (&self, form);
  check_content (&self);
  build_mail (&self);
  check_length (&self, ph_envelope_get_sender (send->envelope));
  g_clear_pointer (&send->mail_parameters, g_free);
  if (line->len > 0)
    send->mail_parameters = g_strdup (line->str);
  for (self.index = 0; self.index < send->n_recipients && self.error == NULL; self.index++)
    {
      g_string_truncate (line, 0);
      build_recipient (&self);
      check_length (&self, ph_envelope_get_recipient (send->envelope, self.index));
    }
  if (self.error == NULL)
    return TRUE;
  g_propagate_error (error, self.error);
  return FALSE;
}

/* What was seen in it comes first (NUL octets), then what was said, then 8BITMIME, which a server is told once. */
static void
write_content (PhSmtpCore *core, PhSmtpSend *send, GString *line)
{
  PhBodyType type = ph_envelope_get_body_type (send->envelope);

  if (ph_smtp_send_has_parameter (send, "BODY", NULL))
    return;
  if (send->binary)
    g_string_append (line, " BODY=BINARYMIME");
  else if (type == PH_BODY_TYPE_EIGHT_BIT)
    g_string_append (line, " BODY=8BITMIME");
  else if (core->features.eight_bit_mime && !core->no_parameters)
    {
      if (type == PH_BODY_TYPE_SEVEN_BIT)
        PH_SMTP_PUT (line, " BODY=7BIT");
      else
        PH_SMTP_PUT (line, " BODY=8BITMIME");
      send->own_parameters = TRUE;
    }
}

void
ph_smtp_parameters_write_mail (PhSmtpCore *core, PhSmtpSend *send, GString *line)
{
  send->own_parameters = FALSE;
  if (core->features.size && send->size >= 0 && !core->no_parameters && !ph_smtp_send_has_parameter (send, "SIZE", NULL))
    {
      PH_SMTP_PUT (line, " SIZE=");
      ph_smtp_put_number (line, (guint64) send->size);
      send->own_parameters = TRUE;
    }
  write_content (core, send, line);
  if (send->smtp_utf8 && !ph_smtp_send_has_parameter (send, "SMTPUTF8", NULL))
    g_string_append (line, " SMTPUTF8");
  if (send->mail_parameters != NULL)
    g_string_append (line, send->mail_parameters);
}

void
ph_smtp_parameters_write_recipient (PhSmtpCore *core, PhSmtpSend *send, guint index, GString *line)
{
  Parameters self = { .core = core, .send = send, .envelope = send->envelope, .index = index, .line = line };

  build_recipient (&self);
  g_clear_error (&self.error);    /* checked before */
}
