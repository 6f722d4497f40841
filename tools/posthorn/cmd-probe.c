/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn probe: what a server offers, how its channel is protected, and where it is weak. */
#include "tool.h"

#include <string.h>

#define SOON_DAYS 21

typedef struct
{
  PhSession *session;
  PhTlsInfo *tls;        /* what was negotiated, or refused */
  char **in_clear;       /* capabilities before TLS; NULL where it was on from the start */
  GPtrArray *mechanisms; /* names that the server offered last: after the login it offers none */
  GPtrArray *warnings;
} Probe;

static const struct
{
  GTlsCertificateFlags flag;
  const char *text;
} certificate_errors[] = {
  { G_TLS_CERTIFICATE_UNKNOWN_CA, "no authority that is trusted here has signed the certificate" },
  { G_TLS_CERTIFICATE_BAD_IDENTITY, "the certificate is for another name" },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED, "the certificate isn't valid yet" },
  { G_TLS_CERTIFICATE_EXPIRED, "the certificate has expired" },
  { G_TLS_CERTIFICATE_REVOKED, "the certificate was revoked" },
  { G_TLS_CERTIFICATE_INSECURE, "the certificate's algorithm is too weak" },
  { G_TLS_CERTIFICATE_GENERIC_ERROR, "the certificate can't be verified" },
};

static void warn (Probe *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
warn (Probe *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->warnings, g_strdup_vprintf (format, args));
  va_end (args);
}

/* A look is allowed where no secret will follow; a login never goes past a bad certificate. */
static gboolean
on_accept_certificate (PhSession *session, PhTlsInfo *info, gpointer data)
{
  Probe *self = data;

  g_clear_pointer (&self->tls, ph_tls_info_unref);
  self->tls = ph_tls_info_ref (info);
  return !tool_session_has_login (session);
}

/* "AUTH PLAIN LOGIN" (SMTP) and "AUTH=PLAIN" (IMAP) */
static GPtrArray *
list_mechanisms (const char *const *capabilities)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; capabilities != NULL && capabilities[i] != NULL; i++)
    {
      g_auto (GStrv) words = NULL;

      if (g_ascii_strncasecmp (capabilities[i], "AUTH=", 5) != 0 && g_ascii_strncasecmp (capabilities[i], "AUTH ", 5) != 0)
        continue;
      words = g_strsplit (capabilities[i] + 5, " ", -1);
      for (char **word = words; *word != NULL; word++)
        if (**word != '\0' && !g_ptr_array_find_with_equal_func (names, *word, g_str_equal, NULL))
          g_ptr_array_add (names, g_strdup (*word));
    }
  return names;
}

static void
on_capabilities_changed (PhSession *session, gpointer data)
{
  Probe *self = data;
  const char *const *capabilities = ph_session_get_capabilities (session);
  GPtrArray *mechanisms = list_mechanisms (capabilities);

  if (self->in_clear == NULL && ph_session_get_tls_info (session) == NULL)
    self->in_clear = g_strdupv ((char **) capabilities);
  if (mechanisms->len > 0)
    {
      g_ptr_array_unref (self->mechanisms);
      self->mechanisms = mechanisms;
    }
  else
    g_ptr_array_unref (mechanisms);
}

static guint
get_mechanism_flags (const char *name)
{
  g_autoptr (PhFeatureInfo) feature = ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, name);

  return feature != NULL ? (guint) ph_feature_info_get_flags (feature) : 0;
}

static void
check_certificate (Probe *self)
{
  GTlsCertificateFlags errors = ph_tls_info_get_errors (self->tls);
  GDateTime *expiry = ph_tls_info_get_expiry (self->tls);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  for (gsize i = 0; i < G_N_ELEMENTS (certificate_errors); i++)
    if ((errors & certificate_errors[i].flag) != 0)
      warn (self, "%s", certificate_errors[i].text);
  if (errors != 0 || expiry == NULL)
    return;
  if (g_date_time_difference (expiry, now) < SOON_DAYS * G_TIME_SPAN_DAY)
    warn (self, "the certificate expires in less than %d days", SOON_DAYS);
}

static gboolean
is_on_network (Probe *self)
{
  return strstr (ph_session_get_uri (self->session), "+unix:") == NULL;
}

/* What the server would let a client say before TLS. */
static void
check_clear (Probe *self)
{
  g_autoptr (GPtrArray) offered = list_mechanisms ((const char *const *) self->in_clear);
  gboolean imap = FALSE;
  gboolean login_disabled = FALSE;

  for (char **word = self->in_clear; *word != NULL; word++)
    {
      imap = imap || g_ascii_strncasecmp (*word, "IMAP4", 5) == 0;
      login_disabled = login_disabled || g_ascii_strcasecmp (*word, "LOGINDISABLED") == 0;
    }
  for (guint i = 0; i < offered->len; i++)
    if ((get_mechanism_flags (g_ptr_array_index (offered, i)) & PH_SASL_PLAINTEXT) != 0)
      warn (self, "%s is offered before TLS: a careless client sends its password in the clear",
            (const char *) g_ptr_array_index (offered, i));
  if (imap && !login_disabled)
    warn (self, "LOGIN is allowed before TLS: a careless client sends its password in the clear");
}

static void
check_all (Probe *self)
{
  gboolean strong = FALSE;

  if (self->tls != NULL)
    check_certificate (self);
  else if (is_on_network (self))
    warn (self, "there is no TLS: everybody on the way can read and change what passes");
  if (self->in_clear != NULL && is_on_network (self))
    check_clear (self);
  for (guint i = 0; i < self->mechanisms->len; i++)
    {
      const char *name = g_ptr_array_index (self->mechanisms, i);
      guint flags = get_mechanism_flags (name);

      strong = strong || (flags & PH_SASL_DEPRECATED) == 0;
      if ((flags & PH_SASL_DEPRECATED) != 0 && (flags & PH_SASL_PLAINTEXT) == 0)
        warn (self, "%s is offered, which is weak by today's standards", name);
    }
  if (self->mechanisms->len > 0 && !strong)
    warn (self, "no mechanism is offered that isn't deprecated");
}

static void
print_line (const char *label, const char *text)
{
  g_autofree char *clean = tool_clean (text);

  if (*clean != '\0')
    g_print ("%-14s %s\n", label, clean);
}

static void
print_tls (PhTlsInfo *tls)
{
  GDateTime *expiry = ph_tls_info_get_expiry (tls);
  g_autofree char *channel = g_strdup_printf ("%s, %s%s%s", ph_tls_info_get_protocol (tls), ph_tls_info_get_cipher (tls),
                                              ph_tls_info_get_alpn (tls) != NULL ? ", ALPN " : "",
                                              ph_tls_info_get_alpn (tls) != NULL ? ph_tls_info_get_alpn (tls) : "");
  g_autofree char *until = expiry != NULL ? g_date_time_format (expiry, "%Y-%m-%d %H:%M %Z") : NULL;

  print_line ("TLS", channel);
  print_line ("certificate", ph_tls_info_get_subject (tls));
  print_line ("issued by", ph_tls_info_get_issuer (tls));
  print_line ("valid until", until);
}

static void
print_mechanisms (Probe *self)
{
  for (guint i = 0; i < self->mechanisms->len; i++)
    {
      const char *name = g_ptr_array_index (self->mechanisms, i);
      g_autoptr (PhFeatureInfo) feature = ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, name);
      g_autofree char *flags = tool_flags_words (PH_TYPE_SASL_FLAGS, get_mechanism_flags (name), ", ");
      g_autofree char *line = g_strdup_printf ("%s%s%s%s", name, feature == NULL ? " (no plugin for it)" : "",
                                               *flags != '\0' ? ": " : "", flags);

      print_line (i == 0 ? "mechanisms" : "", line);
    }
}

static void
print_text (Probe *self)
{
  PhReply *greeting = ph_session_get_greeting (self->session);
  const char *const *capabilities = ph_session_get_capabilities (self->session);
  g_autofree char *text = greeting != NULL ? ph_reply_to_string (greeting) : NULL;
  const char *size = ph_session_get_capability (self->session, "SIZE");

  print_line ("greeting", text);
  if (self->tls != NULL)
    print_tls (self->tls);
  else
    print_line ("TLS", "none");
  for (gsize i = 0; capabilities[i] != NULL; i++)
    print_line (i == 0 ? "capabilities" : "", capabilities[i]);
  print_mechanisms (self);
  if (size != NULL && *size != '\0' && strcmp (size, "0") != 0)
    g_print ("%-14s messages up to %s octets\n", "limits", size);
  print_line ("logged in by", ph_session_get_mechanism (self->session));
  for (guint i = 0; i < self->warnings->len; i++)
    print_line ("WARNING", g_ptr_array_index (self->warnings, i));
}

static void
json_tls (PhTlsInfo *tls)
{
  tool_json_key ("tls");
  if (tls == NULL)
    {
      tool_json_null ();
      return;
    }
  tool_json_open_object ();
  tool_json_member ("protocol", ph_tls_info_get_protocol (tls));
  tool_json_member ("cipher", ph_tls_info_get_cipher (tls));
  tool_json_member ("alpn", ph_tls_info_get_alpn (tls));
  tool_json_member ("subject", ph_tls_info_get_subject (tls));
  tool_json_member ("issuer", ph_tls_info_get_issuer (tls));
  tool_json_member_date ("expiry", ph_tls_info_get_expiry (tls));
  tool_json_member_flags ("errors", G_TYPE_TLS_CERTIFICATE_FLAGS, (guint) ph_tls_info_get_errors (tls));
  tool_json_close_object ();
}

static void
json_mechanisms (Probe *self)
{
  tool_json_key ("mechanisms");
  tool_json_open_array ();
  for (guint i = 0; i < self->mechanisms->len; i++)
    {
      const char *name = g_ptr_array_index (self->mechanisms, i);
      g_autoptr (PhFeatureInfo) feature = ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, name);

      tool_json_open_object ();
      tool_json_member ("name", name);
      tool_json_member_boolean ("installed", feature != NULL);
      tool_json_member_flags ("flags", PH_TYPE_SASL_FLAGS, get_mechanism_flags (name));
      tool_json_close_object ();
    }
  tool_json_close_array ();
}

static void
print_json (Probe *self)
{
  g_ptr_array_add (self->warnings, NULL);
  tool_json_open_object ();
  tool_json_member ("uri", ph_session_get_uri (self->session));
  tool_json_member_reply ("greeting", ph_session_get_greeting (self->session));
  json_tls (self->tls);
  tool_json_member_words ("capabilities", ph_session_get_capabilities (self->session));
  json_mechanisms (self);
  tool_json_member ("mechanism", ph_session_get_mechanism (self->session));
  tool_json_member_words ("warnings", (const char *const *) self->warnings->pdata);
  tool_json_close_object ();
  tool_json_end ();
}

/* With nothing to lose, a server without TLS is looked at as well. */
static void
relax (PhSession *session)
{
  if (tool_options.tls == NULL && !tool_session_has_login (session))
    ph_security_policy_set_tls_mode (ph_session_get_policy (session), PH_TLS_PREFER);
}

static int
probe (Probe *self)
{
  g_autoptr (GError) error = NULL;

  relax (self->session);
  g_signal_connect (self->session, "accept-certificate", G_CALLBACK (on_accept_certificate), self);
  g_signal_connect (self->session, "capabilities-changed", G_CALLBACK (on_capabilities_changed), self);
  ph_session_open (self->session, tool_cancellable (), &error);
  if (self->tls == NULL && ph_session_get_tls_info (self->session) != NULL)
    self->tls = ph_tls_info_ref (ph_session_get_tls_info (self->session));
  on_capabilities_changed (self->session, self);
  if (error == NULL || ph_session_get_greeting (self->session) != NULL || self->tls != NULL)
    {
      check_all (self);
      if (tool_options.json)
        print_json (self);
      else
        print_text (self);
    }
  return error != NULL ? tool_fail (error) : 0;
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSession) session = tool_session_new (args[0], PH_TYPE_SESSION, &error);
  Probe self = { .session = session };
  int status;

  if (session == NULL)
    return tool_fail (error);
  self.mechanisms = g_ptr_array_new_with_free_func (g_free);
  self.warnings = g_ptr_array_new_with_free_func (g_free);
  status = probe (&self);
  g_signal_handlers_disconnect_by_data (session, &self);
  g_clear_pointer (&self.tls, ph_tls_info_unref);
  g_strfreev (self.in_clear);
  g_ptr_array_unref (self.mechanisms);
  g_ptr_array_unref (self.warnings);
  return status;
}

const ToolCommand tool_probe_command = {
  .name = "probe",
  .arguments = "URI",
  .summary = "Show what a server offers, how it is protected, and where it is weak",
  .help = "Prints the greeting, TLS with the certificate, capabilities, mechanisms and limits, and a WARNING for each\n"
          "weakness. It logs in only where a user is given. Without one, a bad certificate or missing TLS is reported\n"
          "and the look goes on.\n"
          "\n"
          "Examples:\n"
          "  posthorn probe imaps://mail.example.org\n"
          "  posthorn probe smtp://mail.example.org:25 --json\n"
          "\n"
          "Exit codes: 0 the server answered (whatever its weaknesses), 68 (EX_NOHOST) unknown host,\n"
          "75 (EX_TEMPFAIL) nobody answers there; man posthorn has all.",
  .min_args = 1,
  .max_args = 1,
  .has_session = TRUE,
  .run = run,
};
