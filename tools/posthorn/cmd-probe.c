/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn probe: what a server offers, how its channel is protected, and where it is weak. */
#include "tool.h"

#include <string.h>

typedef struct
{
  PhSession *session;
  PhTlsInfo *tls;        /* what was negotiated, or refused */
  char **in_clear;       /* capabilities before TLS; NULL where it was on from the start */
  GPtrArray *mechanisms; /* names that the server offered last: after the login it offers none */
  GPtrArray *warnings;
  ToolResumption resumption;
} Probe;

static char *autoconfig;

static const GOptionEntry entries[] = {
  { "autoconfig", 0, 0, G_OPTION_ARG_FILENAME, &autoconfig, "Find an address' servers in this file (Mozilla's format) in place of DNS", "FILE" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
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
    warn (self, "the LOGIN command is allowed before TLS: a careless client sends its password in the clear");
}

/* The server has taken no binding that it offers, or there is none that both have. */
static void
check_binding (Probe *self)
{
  const char *mechanism = ph_session_get_mechanism (self->session);
  g_autofree char *bound = mechanism != NULL ? g_strconcat (mechanism, "-PLUS", NULL) : NULL;

  for (guint i = 0; bound != NULL && tool_options.mechanism == NULL && i < self->mechanisms->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (self->mechanisms, i), bound) == 0)
      warn (self, "%s is offered, and the login went by %s: it is not bound to the channel", bound, mechanism);
}

static void
check_all (Probe *self)
{
  gboolean strong = FALSE;

  if (self->tls != NULL)
    tool_probe_check_tls (self->tls, self->warnings);
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
  check_binding (self);
  if (self->mechanisms->len > 0 && !strong)
    warn (self, "no mechanism is offered that isn't deprecated");
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

      tool_print_line (i == 0 ? "mechanisms" : "", line);
    }
}

static void
print_text (Probe *self)
{
  PhReply *greeting = ph_session_get_greeting (self->session);
  const char *const *capabilities = ph_session_get_capabilities (self->session);
  g_autofree char *text = greeting != NULL ? ph_reply_to_string (greeting) : NULL;
  const char *size = ph_session_get_capability (self->session, "SIZE");

  tool_print_line ("greeting", text);
  if (self->tls != NULL)
    tool_probe_print_tls (self->tls, self->resumption);
  else
    tool_print_line ("TLS", "none");
  for (gsize i = 0; capabilities[i] != NULL; i++)
    tool_print_line (i == 0 ? "capabilities" : "", capabilities[i]);
  print_mechanisms (self);
  if (size != NULL && *size != '\0' && strcmp (size, "0") != 0)
    g_print ("%-14s messages up to %s octets\n", "limits", size);
  tool_print_line ("logged in by", ph_session_get_mechanism (self->session));
  for (guint i = 0; i < self->warnings->len; i++)
    tool_print_line ("WARNING", g_ptr_array_index (self->warnings, i));
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
  tool_json_key ("tls");
  if (self->tls != NULL)
    tool_probe_json_tls (self->tls, self->resumption);
  else
    tool_json_null ();
  tool_json_member_words ("capabilities", ph_session_get_capabilities (self->session));
  json_mechanisms (self);
  tool_json_member ("mechanism", ph_session_get_mechanism (self->session));
  tool_json_member_words ("warnings", (const char *const *) self->warnings->pdata);
  tool_json_close_object ();
  tool_json_end ();
}

/* With nothing to lose, a server without TLS, or with a broken version of it, is looked at as well. */
static void
relax (PhSession *session)
{
  PhSecurityPolicy *policy = ph_session_get_policy (session);

  if (tool_session_has_login (session))
    return;
  if (tool_options.tls == NULL)
    ph_security_policy_set_tls_mode (policy, PH_TLS_PREFER);
  if (tool_options.tls_min == NULL)
    ph_security_policy_set_minimum_version (policy, PH_TLS_V1_0);
}

/* Whether the ticket of the session that was looked at is worth anything. Another login is not worth asking for. */
static void
try_resumption (Probe *self)
{
  PhTlsInfo *tls;

  if (self->tls == NULL || tool_session_has_login (self->session) || !ph_session_is_open (self->session))
    return;
  ph_session_close (self->session, tool_cancellable (), NULL);
  if (!ph_session_open (self->session, tool_cancellable (), NULL))
    return;
  tls = ph_session_get_tls_info (self->session);
  self->resumption = tls != NULL && ph_tls_info_is_resumed (tls) ? TOOL_RESUMES : TOOL_RESUMES_NOT;
}

static void
report (Probe *self)
{
  check_all (self);
  if (tool_options.json)
    print_json (self);
  else
    print_text (self);
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
  if (error == NULL)
    try_resumption (self);
  if (error == NULL || ph_session_get_greeting (self->session) != NULL || self->tls != NULL)
    report (self);
  return error != NULL ? tool_fail (error) : 0;
}

/* @domain: whose mail the server was found by, or NULL */
static int
probe_uri (const char *uri, const char *domain)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSession) session = tool_session_new (uri, PH_TYPE_SESSION, &error);
  Probe self = { .session = session };
  int status;

  if (session == NULL || !ph_session_set_domain (session, domain, &error))
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

/* The servers of an address, by the file that was given or by DNS. */
static GPtrArray *
find_servers (const char *address, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GBytes) xml = NULL;
  g_autoptr (GError) reason = NULL;
  gsize length;

  if (autoconfig == NULL)
    return ph_server_find (address, tool_cancellable (), error);
  if (!g_file_get_contents (autoconfig, &text, &length, &reason))
    {
      tool_set_error (error, PH_ERROR_BODY, "can't read %s: %s", autoconfig, reason->message);
      return NULL;
    }
  xml = g_bytes_new_take (g_steal_pointer (&text), length);
  return ph_server_read_autoconfig (xml, address, error);
}

/* RFC 6186 section 6: who is in another domain is for the person to judge, before a single octet is sent there. */
static void
print_foreign (PhServer *server)
{
  if (tool_options.json)
    {
      tool_json_open_object ();
      tool_json_member ("uri", ph_server_get_uri (server));
      tool_json_member_boolean ("foreign", TRUE);
      tool_json_close_object ();
      tool_json_end ();
      return;
    }
  tool_print_line ("server", ph_server_get_uri (server));
  tool_print_line ("WARNING", "it is in another domain, which anybody who forges DNS could name: not connected to; if you know it, probe it by its URI");
  g_print ("\n");
}

/* Without the user: nobody's password is asked for while looking. */
static int
probe_server (PhServer *server)
{
  g_autofree char *uri = g_strdup_printf ("%s://%s:%u", ph_server_get_scheme (server), ph_server_get_host (server), ph_server_get_port (server));
  int status;

  if (!tool_options.json)
    tool_print_line ("server", ph_server_get_uri (server));
  status = probe_uri (uri, ph_server_get_domain (server));
  tool_session_end ();
  if (!tool_options.json)
    g_print ("\n");
  return status;
}

static int
probe_address (const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) servers = find_servers (address, &error);
  int worst = 0;

  if (servers == NULL)
    return tool_fail (error);
  for (guint i = 0; i < servers->len; i++)
    {
      PhServer *server = g_ptr_array_index (servers, i);
      int status = 0;

      if (ph_server_is_foreign (server))
        print_foreign (server);
      else
        status = probe_server (server);
      worst = MAX (worst, status);
    }
  return worst;
}

static int
run (char **args)
{
  return strstr (args[0], ":/") == NULL && strchr (args[0], '@') != NULL ? probe_address (args[0]) : probe_uri (args[0], NULL);
}

const ToolCommand tool_probe_command = {
  .name = "probe",
  .arguments = "URI | ADDRESS",
  .entries = entries,
  .summary = "Show what a server offers, how it is protected, and where it is weak",
  .help = "Prints the greeting, TLS with the certificate, capabilities, mechanisms and limits, and a WARNING for each\n"
          "weakness. It logs in only where a user is given. Without one, a bad certificate or missing TLS is reported\n"
          "and the look goes on.\n"
          "\n"
          "Examples:\n"
          "  posthorn probe imaps://mail.example.org\n"
          "  posthorn probe smtp://mail.example.org:25 --json\n"
          "  posthorn probe alice@example.org\n"
          "\n"
          "Exit codes: 0 the server answered (whatever its weaknesses), 68 (EX_NOHOST) unknown host,\n"
          "75 (EX_TEMPFAIL) nobody answers there; man posthorn has all.",
  .min_args = 1,
  .max_args = 1,
  .has_session = TRUE,
  .run = run,
};
