/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads transcripts and plays both parts. */
#include "ph-replay.h"

#include "ph-engine-harness-private.h"

typedef struct {
  GType               type;
  const char         *name;
  const char         *text;
  const PhReplayStep *steps;
  gpointer            data;
} Script;

typedef struct {
  const Script *script;
  PhHarness    *harness;
  GPtrArray    *strings;     /* that setup points to */
  char        **uses;
  GQueue       *commands;    /* submitted, not yet asked for */
  GString      *said;        /* S: lines not yet pushed */
  GString      *expected;    /* C: lines not yet compared */
  gboolean      started;
  guint         line;
} Player;

/* of GLib's own escapes, \0 and \x are what a transcript needs; \0 ends a C string, so lengths are kept */
static void
append_escaped (GString *to, const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (*text != '\\')
        {
          g_string_append_c (to, *text);
          continue;
        }
      switch (*++text)
        {
        case 'r':
          g_string_append_c (to, '\r');
          break;
        case 'n':
          g_string_append_c (to, '\n');
          break;
        case 't':
          g_string_append_c (to, '\t');
          break;
        case '0':
          g_string_append_c (to, '\0');
          break;
        case 'x':
          g_assert_true (g_ascii_isxdigit (text[1]) && g_ascii_isxdigit (text[2]));
          g_string_append_c (to, (char) (g_ascii_xdigit_value (text[1]) * 16 + g_ascii_xdigit_value (text[2])));
          text += 2;
          break;
        default:
          g_string_append_c (to, *text);
        }
    }
}

static void
start (Player *self)
{
  if (self->started)
    return;
  self->started = TRUE;
  ph_harness_start (self->harness);
}

static char *
where (const Player *self)
{
  return g_strdup_printf ("%s, line %u", self->script->name, self->line);
}

/* Pushes what the server was to say, then compares what the client was to say: the order in which they stand. */
static void
settle (Player *self)
{
  g_autofree char *place = where (self);

  if (self->said->len > 0)
    {
      start (self);
      ph_harness_push_bytes (self->harness, self->said->str, self->said->len);
      g_string_truncate (self->said, 0);
    }
  if (self->started)
    ph_harness_expect_ (self->harness, place, self->expected->str);
  g_string_truncate (self->expected, 0);
}

static void
set_one (Player *self, char *key, char *value)
{
  PhEngineSetup *setup = &self->harness->setup;
  gboolean yes = g_str_equal (value, "yes");

  if (g_str_equal (key, "scheme"))
    setup->scheme = value;
  else if (g_str_equal (key, "host"))
    setup->host = value;
  else if (g_str_equal (key, "hello"))
    setup->hello_name = value;
  else if (g_str_equal (key, "secure"))
    setup->channel_secure = yes;
  else if (g_str_equal (key, "login"))
    setup->login = yes;
  else if (g_str_equal (key, "tls"))
    setup->tls_mode = g_str_equal (value, "required") ? PH_TLS_REQUIRED : g_str_equal (value, "prefer") ? PH_TLS_PREFER : PH_TLS_NEVER;
  else if (g_str_equal (key, "uses"))
    {
      self->uses = g_strsplit (value, ",", -1);
      setup->uses = (const char *const *) self->uses;
    }
  else
    g_error ("%s: there is no setting %s", self->script->name, key);
}

static void
do_set (Player *self, const char *arguments)
{
  g_auto (GStrv) words = g_strsplit (arguments, " ", -1);

  g_assert_false (self->started);
  for (guint i = 0; words[i] != NULL; i++)
    {
      char *equals = strchr (words[i], '=');
      if (equals == NULL)
        continue;
      g_autofree char *key = g_strndup (words[i], equals - words[i]);
      char *value = g_strdup (equals + 1);
      g_ptr_array_add (self->strings, value);
      set_one (self, key, value);
    }
}

static void
do_command (Player *self, const char *arguments)
{
  PhCommand *command = ph_command_new_line (arguments);
  g_queue_push_tail (self->commands, command);
  ph_harness_submit (self->harness, command);
}

static const PhReplayStep *
find_step (const Script *script, const char *name)
{
  for (const PhReplayStep *step = script->steps; step != NULL && step->name != NULL; step++)
    if (g_str_equal (step->name, name))
      return step;
  return NULL;
}

static void
do_call (Player *self, const char *arguments)
{
  g_auto (GStrv) words = g_strsplit (arguments, " ", 2);
  const PhReplayStep *step = find_step (self->script, words[0]);
  PhCommand *command;

  if (step == NULL)
    g_error ("%s: there is no step %s", self->script->name, words[0]);
  if (step->run_text != NULL)
    command = step->run_text (self->harness, words[1] != NULL ? words[1] : "", self->script->data);
  else
    command = step->run (self->harness, self->script->data);
  if (command != NULL)
    g_queue_push_tail (self->commands, command);
}

static void
do_sasl (Player *self, const char *arguments)
{
  g_auto (GStrv) words = g_strsplit (arguments, " ", 2);
  g_autoptr (GString) response = g_string_new (NULL);

  if (words[1] != NULL)
    append_escaped (response, words[1]);
  g_autoptr (GBytes) bytes = words[1] != NULL ? g_bytes_new (response->str, response->len) : NULL;
  ph_harness_sasl_start_bytes (self->harness, g_str_equal (words[0], "-") ? NULL : words[0], bytes);
}

static void
do_answer (Player *self, const char *arguments)
{
  g_auto (GStrv) words = g_strsplit (arguments, " ", 2);
  g_autoptr (GString) challenge = g_string_new (NULL);
  g_autoptr (GString) response = g_string_new (NULL);

  append_escaped (challenge, words[0]);
  append_escaped (response, words[1] != NULL ? words[1] : "");
  ph_harness_sasl_challenge (self->harness, challenge->str, response->str);
}

static void
do_wait (Player *self, const char *arguments)
{
  ph_harness_advance (self->harness, (guint) g_ascii_strtoull (arguments, NULL, 10));
}

static void
do_close (Player *self, const char *arguments)
{
  ph_harness_close (self->harness, NULL);
}

static void
do_opened (Player *self, const char *arguments)
{
  g_autofree char *place = where (self);
  ph_harness_expect_event_ (self->harness, place, PH_EVENT_OPENED);
}

static void
do_done (Player *self, const char *arguments)
{
  g_autofree char *place = where (self);
  g_autoptr (PhCommand) command = g_queue_pop_head (self->commands);
  g_assert_nonnull (command);
  ph_harness_expect_done_ (self->harness, place, command);
}

static int
code_of (const char *nick)
{
  g_autoptr (GEnumClass) codes = g_type_class_ref (PH_TYPE_ERROR);
  GEnumValue *value = g_enum_get_value_by_nick (codes, nick);
  if (value == NULL)
    g_error ("there is no error %s", nick);
  return value->value;
}

static void
do_error (Player *self, const char *arguments)
{
  g_autofree char *place = where (self);
  g_auto (GStrv) words = g_strsplit (arguments, " ", 2);
  g_autoptr (PhCommand) command = g_queue_pop_head (self->commands);
  g_assert_nonnull (command);
  ph_harness_expect_error_ (self->harness, place, command, code_of (words[0]));
  if (words[1] != NULL)
    g_assert_cmpuint (ph_reply_get_delay (ph_command_get_reply (command)), ==, g_ascii_strtoull (words[1], NULL, 10));
}

static void
do_failed (Player *self, const char *arguments)
{
  g_autofree char *place = where (self);
  ph_harness_expect_failed_ (self->harness, place, code_of (arguments));
}

static void
do_closing (Player *self, const char *arguments)
{
  g_assert_true (self->harness->wants_close);
}

static void
do_capabilities (Player *self, const char *arguments)
{
  g_autofree char *place = where (self);
  ph_harness_expect_capabilities_ (self->harness, place, arguments);
}

static void
do_warning (Player *self, const char *arguments)
{
  g_autofree char *place = where (self);
  const char *message = ph_harness_expect_event_ (self->harness, place, PH_EVENT_WARNING)->error->message;

  if (strstr (message, arguments) == NULL)
    g_error ("%s, line %u: no “%s” in the warning: %s", self->script->name, self->line, arguments, message);
}

static void
do_quiet (Player *self, const char *arguments)
{
  g_autofree char *place = where (self);
  ph_harness_expect_no_event_ (self->harness, place, PH_EVENT_WARNING);
}

static const struct {
  const char *name;
  void (*run) (Player *self, const char *arguments);
  gboolean before_start;
} directives[] = {
  { "set", do_set, TRUE },
  { "start", NULL, FALSE },
  { "command", do_command, FALSE },
  { "call", do_call, FALSE },
  { "sasl", do_sasl, TRUE },
  { "answer", do_answer, TRUE },
  { "wait", do_wait, FALSE },
  { "close", do_close, FALSE },
  { "opened", do_opened, FALSE },
  { "done", do_done, FALSE },
  { "error", do_error, FALSE },
  { "failed", do_failed, FALSE },
  { "closing", do_closing, FALSE },
  { "capabilities", do_capabilities, FALSE },
  { "warning", do_warning, FALSE },
  { "quiet", do_quiet, FALSE },
};

static void
direct (Player *self, const char *line)
{
  const char *blank = strchr (line, ' ');
  g_autofree char *name = blank != NULL ? g_strndup (line, blank - line) : g_strdup (line);

  settle (self);
  for (guint i = 0; i < G_N_ELEMENTS (directives); i++)
    if (g_str_equal (directives[i].name, name))
      {
        if (!directives[i].before_start)
          start (self);
        if (directives[i].run != NULL)
          directives[i].run (self, blank != NULL ? blank + 1 : "");
        return;
      }
  g_error ("%s, line %u: there is no ! %s", self->script->name, self->line, name);
}

static void
play_line (Player *self, const char *line)
{
  gboolean server = line[0] == 'S';

  if (line[0] == '\0' || line[0] == '#')
    return;
  if (g_str_has_prefix (line, "! "))
    {
      direct (self, line + 2);
      return;
    }
  if ((!server && line[0] != 'C') || (line[1] != ':' && line[1] != '!'))
    g_error ("%s, line %u: not a transcript's line: %s", self->script->name, self->line, line);
  if (server && self->expected->len > 0)
    settle (self);
  const char *text = line[2] == ' ' ? line + 3 : line + 2;
  GString *to = server ? self->said : self->expected;
  if (line[1] == ':')
    g_string_append_printf (to, "%s\r\n", text);
  else
    append_escaped (to, text);
}

static void
play (gconstpointer data)
{
  const Script *script = data;
  g_auto (GStrv) lines = g_strsplit (script->text, "\n", -1);
  Player self = { .script = script, .strings = g_ptr_array_new_with_free_func (g_free), .commands = g_queue_new (),
                  .said = g_string_new (NULL), .expected = g_string_new (NULL) };
  const char *scheme = strstr (script->text, "scheme=");
  g_autofree char *name = scheme != NULL ? g_strndup (scheme + 7, strcspn (scheme + 7, " \n")) : g_strdup ("smtp");

  self.harness = script->type != G_TYPE_INVALID ? ph_harness_new (script->type) : ph_harness_new_for_scheme (name);
  if (find_step (script, PH_REPLAY_NEW) != NULL)
    find_step (script, PH_REPLAY_NEW)->run (self.harness, script->data);
  for (self.line = 1; lines[self.line - 1] != NULL; self.line++)
    play_line (&self, lines[self.line - 1]);
  settle (&self);
  ph_harness_free (self.harness);
  g_queue_free_full (self.commands, g_object_unref);
  g_ptr_array_unref (self.strings);
  g_strfreev (self.uses);
  g_string_free (self.said, TRUE);
  g_string_free (self.expected, TRUE);
}

void
ph_replay_text (GType type, const char *name, const char *text, const PhReplayStep *steps, gpointer data)
{
  Script script = { type, name, text, steps, data };
  ph_harness_every_feed (play, &script);
}

void
ph_replay_file (GType type, const char *path, const PhReplayStep *steps, gpointer data)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  ph_replay_text (type, path, text, steps, data);
}
