/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the greeting to the program's first command (RFC 9051 sections 3, 6.1, 6.2): capabilities, STARTTLS, what extensions do on the
 * channel, login, capabilities again, ENABLE and what extensions do behind the login. Each step is taken in poll(), when nothing of the one
 * before is under way any more. A step that would only ask what was told already is left out.
 */
#include "imap-engine.h"

static const PhImapKind capability_kind = { .verb = "CAPABILITY", .flags = PH_IMAP_KIND_ALONE };
static const PhImapKind starttls_kind = { .verb = "STARTTLS", .flags = PH_IMAP_KIND_ALONE };

void
ph_imap_engine_start (PhEngine *engine, const PhEngineSetup *setup, gint64 now)
{
  PhImapEngine *self = (PhImapEngine *) engine;

  self->host = g_strdup (setup->host);
  self->uses = g_strdupv ((char **) setup->uses);
  self->tls_mode = setup->tls_mode;
  self->secure = setup->channel_secure;
  self->login = setup->login;
  self->limits = *setup->limits;
  /* what a tree of values can hold */
  self->limits.response = MIN (self->limits.response, G_MAXINT32);
  self->limits.values = MIN (self->limits.values, 100000000);
  self->timeouts = *setup->timeouts;
  ph_imap_framer_init (&self->framer, &self->limits);
  self->last_activity = now;
  self->phase = PH_IMAP_PHASE_GREETING;
}

void
ph_imap_engine_set_capabilities (PhImapEngine *self, const PhValue *words)
{
  PhEvent event = { .kind = PH_EVENT_CAPABILITIES };

  ph_imap_capabilities_set (&self->capabilities, words);
  self->capabilities_fresh = TRUE;
  ph_imap_engine_push_event (self, &event);
}

void
ph_imap_engine_enter (PhImapEngine *self, PhImapPhase phase)
{
  self->phase = phase;
  self->steps_made = FALSE;
  self->capabilities_asked = FALSE;
}

static void
fail_greeting (PhImapEngine *self, PhReply *reply)
{
  g_autofree char *text = ph_reply_to_string (reply);

  ph_imap_engine_fail (self, ph_error_new (PH_ERROR_GREETING, reply, NULL, "%s refuses the session in its greeting: %s", self->host, text));
}

static void
fail_tls_required (PhImapEngine *self, PhReply *reply, const char *why)
{
  ph_imap_engine_fail (self, ph_error_new (PH_ERROR_TLS_REQUIRED, reply, NULL, "TLS is required, and %s %s", self->host, why));
}

void
ph_imap_engine_greet (PhImapEngine *self, const PhResponse *greeting, PhImapName name)
{
  gboolean untagged = ph_response_get_response_type (greeting) == PH_RESPONSE_UNTAGGED;
  const char *code = ph_response_get_code (greeting);

  if (!untagged || !ph_imap_name_is_status (name))
    {
      ph_imap_engine_fail (self, ph_error_new (PH_ERROR_PROTOCOL, NULL, NULL, "%s does not greet as an IMAP server does", self->host));
      return;
    }

  self->greeting = ph_response_to_reply (greeting);
  if (name != PH_IMAP_NAME_OK && name != PH_IMAP_NAME_PREAUTH)
    {
      fail_greeting (self, self->greeting);
      return;
    }

  ph_imap_engine_enter (self, PH_IMAP_PHASE_PLAIN);
  self->authenticated = name == PH_IMAP_NAME_PREAUTH;
  if (self->authenticated && !self->secure && self->tls_mode == PH_TLS_REQUIRED)
    {
      fail_tls_required (self, self->greeting, "is logged in already, which leaves no way to it (PREAUTH)");
      return;
    }
  if (g_strcmp0 (code, "CAPABILITY") == 0)
    ph_imap_engine_set_capabilities (self, ph_response_get_code_arguments (greeting));
  else if (g_strcmp0 (code, "ALERT") == 0)
    {
      PhEvent event = { .kind = PH_EVENT_ALERT, .response = ph_response_copy (greeting) };

      ph_imap_engine_push_event (self, &event);
    }
}

static void
capability_done (PhImapEngine *self, PhCommand *command)
{
  PhReply *reply = ph_command_get_reply (command);
  g_autofree char *text = NULL;

  if (ph_command_get_error (command) == NULL && ph_imap_capabilities_are_known (&self->capabilities))
    return;

  text = reply != NULL ? ph_reply_to_string (reply) : g_strdup (ph_command_get_error (command)->message);
  ph_imap_engine_fail (self, ph_error_new (PH_ERROR_HELLO, reply, NULL, "%s does not say what it can do: CAPABILITY was answered by %s",
                                           self->host, text));
}

static void
ask_capabilities (PhImapEngine *self)
{
  g_autoptr (PhCommand) command = PH_COMMAND (ph_imap_command_new (&capability_kind));

  self->capabilities_asked = TRUE;
  ph_imap_engine_run (self, command, capability_done);
}

static void
starttls_done (PhImapEngine *self, PhCommand *command)
{
  g_autofree char *why = NULL;

  if (ph_command_get_error (command) == NULL)
    {
      self->want_tls = TRUE;
      return;
    }
  if (self->tls_mode == PH_TLS_REQUIRED)
    {
      why = g_strdup_printf ("does not start it: %s", ph_command_get_error (command)->message);
      fail_tls_required (self, ph_command_get_reply (command), why);
      return;
    }

  ph_imap_engine_enter (self, PH_IMAP_PHASE_CONNECTED);
}

/* STARTTLS, or a decision to do without. */
static void
secure_channel (PhImapEngine *self)
{
  PhImapFeatures features = ph_imap_capabilities_get (&self->capabilities);

  if (self->secure || self->tls_mode == PH_TLS_NEVER || self->authenticated)
    {
      ph_imap_engine_enter (self, PH_IMAP_PHASE_CONNECTED);
    }
  else if ((features & PH_IMAP_STARTTLS) != 0)
    {
      g_autoptr (PhCommand) command = PH_COMMAND (ph_imap_command_new (&starttls_kind));

      ph_imap_engine_run (self, command, starttls_done);
    }
  else if (!self->capabilities_asked)
    {
      /* a greeting's list may be shorter than the whole truth */
      ask_capabilities (self);
    }
  else if (self->tls_mode == PH_TLS_REQUIRED)
    {
      fail_tls_required (self, NULL, "does not offer STARTTLS");
    }
  else
    {
      ph_imap_engine_enter (self, PH_IMAP_PHASE_CONNECTED);
    }
}

void
ph_imap_engine_upgraded (PhEngine *engine, const GError *error, gint64 now)
{
  PhImapEngine *self = (PhImapEngine *) engine;

  self->last_activity = now;
  if (error != NULL)
    {
      ph_imap_engine_fail (self, g_error_copy (error));
      return;
    }

  if (self->want_tls)
    {
      self->want_tls = FALSE;
      self->secure = TRUE;
      /* what was said in plain text may have been said by anybody */
      ph_imap_capabilities_forget (&self->capabilities);
      ph_imap_engine_enter (self, PH_IMAP_PHASE_CONNECTED);
    }
  else if (self->want_unfilter)
    {
      self->want_unfilter = FALSE;
      g_queue_remove (&self->running, self->filtering);
      ph_imap_engine_return (self, g_steal_pointer (&self->filtering));
    }
  else if (self->want_filter != NULL)
    {
      PhImapEntry *entry = g_steal_pointer (&self->filtering);
      g_autoptr (PhReply) reply = g_steal_pointer (&entry->reply);

      g_clear_object (&self->want_filter);
      g_queue_remove (&self->running, entry);
      ph_imap_engine_complete (self, entry, reply, NULL);
    }
}

static void
add_names (GHashTable **table, const char *const *names, PhExtension *extension)
{
  for (; names != NULL && *names != NULL; names++)
    {
      GPtrArray *listeners;

      if (*table == NULL)
        *table = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
      listeners = g_hash_table_lookup (*table, *names);
      if (listeners == NULL)
        {
          listeners = g_ptr_array_new ();
          g_hash_table_insert (*table, (gpointer) *names, listeners);
        }
      g_ptr_array_add (listeners, extension);
    }
}

void
ph_imap_engine_add_extension (PhEngine *engine, PhExtension *extension)
{
  PhImapEngine     *self = (PhImapEngine *) engine;
  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (extension);

  g_ptr_array_add (self->extensions, g_object_ref (extension));
  ph_imap_writer_set_extensions (self->writer, self->extensions);
  add_names (&self->by_response, klass->responses, extension);
  add_names (&self->by_code, klass->response_codes, extension);
}

static void
step_done (PhImapEngine *self, PhCommand *command)
{
  const GError *error = ph_command_get_error (command);

  if (error != NULL)
    ph_imap_engine_warn (self, g_error_copy (error));
}

gboolean
ph_imap_engine_run_steps (PhImapEngine *self, PhStage stage)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->extensions->len; i++)
    {
      g_autoptr (PhCommand) step = ph_extension_make_step (g_ptr_array_index (self->extensions, i), stage);

      if (step != NULL)
        ph_imap_engine_run (self, step, step_done);
      any = any || step != NULL;
    }

  return any;
}

static void
write_enable (PhImapCommand *command, PhWriter *writer)
{
  for (char **word = command->words; *word != NULL; word++)
    ph_writer_atom (writer, *word);
}

static gboolean
is_asked_for (PhImapEngine *self, const char *name)
{
  for (char **use = self->uses; use != NULL && *use != NULL; use++)
    if (g_ascii_strcasecmp (*use, name) == 0)
      return TRUE;

  return FALSE;
}

/* What the engine understands, and has told it where the program asks for it. A server with UTF8=ONLY refuses whom it isn't told
 * (RFC 9755), and QRESYNC is offered by servers that list CONDSTORE by implication only (RFC 7162 section 3.2.3). */
static void
add_own (PhImapEngine *self, GStrvBuilder *builder)
{
  static const struct {
    const char *name;
    const char *offered_by[3];
  } own[] = {
    { "IMAP4rev2", { "IMAP4rev2" } },
    { "UTF8=ACCEPT", { "UTF8=ACCEPT", "UTF8=ONLY" } },
    { "CONDSTORE", { "CONDSTORE", "QRESYNC" } },
    { "QRESYNC", { "QRESYNC" } },
    { "UIDONLY", { "UIDONLY" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    {
      gboolean must = i == 1 && ph_imap_capabilities_has (&self->capabilities, "UTF8=ONLY");

      if (!must && !is_asked_for (self, own[i].name))
        continue;
      for (const char *const *name = own[i].offered_by; *name != NULL; name++)
        if (ph_imap_capabilities_has (&self->capabilities, *name))
          {
            g_strv_builder_add (builder, own[i].name);
            break;
          }
    }
}

/* RFC 5161: before a mailbox is selected, and only what the server lists */
static gboolean
run_enable (PhImapEngine *self)
{
  static const PhImapKind enable_kind = { .verb = "ENABLE", .write = write_enable };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;
  g_autoptr (PhImapCommand) command = NULL;

  if ((ph_imap_capabilities_get (&self->capabilities) & PH_IMAP_ENABLE) == 0)
    return FALSE;
  add_own (self, builder);
  for (guint i = 0; i < self->extensions->len; i++)
    for (const char *const *name = PH_EXTENSION_GET_CLASS (g_ptr_array_index (self->extensions, i))->enable; name != NULL && *name != NULL; name++)
      if (ph_imap_capabilities_has (&self->capabilities, *name))
        g_strv_builder_add (builder, *name);

  words = g_strv_builder_end (builder);
  if (words[0] == NULL)
    return FALSE;

  command = ph_imap_command_new (&enable_kind);
  command->words = g_steal_pointer (&words);
  ph_imap_engine_run (self, PH_COMMAND (command), step_done);
  return TRUE;
}

void
ph_imap_engine_authenticated (PhImapEngine *self)
{
  self->authenticated = TRUE;
  if (!self->capabilities_fresh)
    ph_imap_capabilities_forget (&self->capabilities);
  ph_imap_engine_enter (self, PH_IMAP_PHASE_AUTHENTICATED);
}

static void
finish_opening (PhImapEngine *self)
{
  PhEvent event = { .kind = PH_EVENT_OPENED, .reply = ph_reply_ref (self->greeting) };

  ph_imap_engine_enter (self, PH_IMAP_PHASE_OPEN);
  if (ph_imap_engine_end_reopening (self, NULL))
    ph_event_clear (&event);
  else
    ph_imap_engine_push_event (self, &event);
}

static void
leave_connected (PhImapEngine *self)
{
  if (!self->steps_made)
    {
      self->steps_made = TRUE;
      if (ph_imap_engine_run_steps (self, PH_STAGE_CONNECTED))
        return;
    }

  if (self->authenticated)
    {
      ph_imap_engine_enter (self, PH_IMAP_PHASE_AUTHENTICATED);
    }
  else if (self->login)
    {
      ph_imap_engine_enter (self, PH_IMAP_PHASE_LOGIN);
      ph_imap_engine_begin_login (self);
    }
  else
    {
      finish_opening (self);
    }
}

static void
leave_authenticated (PhImapEngine *self)
{
  gboolean any = FALSE;

  if (!self->steps_made)
    {
      self->steps_made = TRUE;
      any = run_enable (self);
      any = ph_imap_engine_run_steps (self, PH_STAGE_AUTHENTICATED) || any;
    }
  if (!any)
    finish_opening (self);
}

void
ph_imap_engine_open (PhImapEngine *self)
{
  while (g_queue_is_empty (&self->running) && g_queue_is_empty (&self->internal) && !self->want_tls && self->want_filter == NULL &&
         !self->want_unfilter && self->n_capability_events == 0)
    {
      PhImapPhase phase = self->phase;

      if (phase != PH_IMAP_PHASE_PLAIN && phase != PH_IMAP_PHASE_CONNECTED && phase != PH_IMAP_PHASE_AUTHENTICATED)
        return;

      if (!ph_imap_capabilities_are_known (&self->capabilities))
        ask_capabilities (self);
      else if (phase == PH_IMAP_PHASE_PLAIN)
        secure_channel (self);
      else if (phase == PH_IMAP_PHASE_CONNECTED)
        leave_connected (self);
      else
        leave_authenticated (self);
    }
}
