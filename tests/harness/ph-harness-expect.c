/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Expectations of the harness: each failure shows what was expected, what came, and the conversation so far. */
#include "ph-engine-harness-private.h"

char *
ph_harness_escape (const char *data, gsize length)
{
  GString *shown = g_string_new ("\"");

  for (gsize i = 0; i < length; i++)
    {
      unsigned char octet = (unsigned char) data[i];
      if (octet == '\r')
        g_string_append (shown, "\\r");
      else if (octet == '\n')
        g_string_append (shown, "\\n");
      else if (octet == '"' || octet == '\\')
        g_string_append_printf (shown, "\\%c", octet);
      else if (octet < 0x20 || octet > 0x7e)
        g_string_append_printf (shown, "\\x%02x", octet);
      else
        g_string_append_c (shown, (char) octet);
    }
  return g_string_free (g_string_append_c (shown, '"'), FALSE);
}

static void
fail (PhHarness *self, const char *where, const char *expected, const char *got)
{
  static const char *const feeds[] = { "whole", "octet by octet", "cut in two" };
  g_autofree char *text = g_strdup_printf ("%s (fed %s, %" G_GSIZE_FORMAT ")\n  expected: %s\n  came:     %s\nconversation:\n%s", where,
                                           feeds[self->priv->feed], self->priv->split, expected, got, self->priv->trace->str);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  /* TAP takes lines of a program's own for comments only behind a "#" */
  g_autofree char *joined = g_strjoinv ("\n# ", lines);
  g_error ("%s", joined);
}

static const char *
kind_name (PhEventKind kind)
{
  static const char *const names[] = { "opened", "capabilities", "command", "item", "mailbox", "response", "alert", "warning",
                                       "failed", "extension" };
  return names[kind];
}

static char *
describe_events (PhHarness *self)
{
  GString *text = g_string_new (self->events->len == 0 ? "no event" : "events:");

  for (guint i = 0; i < self->events->len; i++)
    {
      PhEvent *event = self->events->pdata[i];
      g_string_append_printf (text, " %s", kind_name (event->kind));
      if (event->command != NULL)
        g_string_append_printf (text, "(%s)", ph_command_get_name (event->command));
      if (event->error != NULL)
        g_string_append_printf (text, "(%s)", event->error->message);
    }
  return g_string_free (text, FALSE);
}

void
ph_harness_expect_ (PhHarness *self, const char *where, const char *text)
{
  GString *written = self->priv->written;

  if (written->len != strlen (text) || memcmp (written->str, text, written->len) != 0)
    {
      g_autofree char *expected = ph_harness_escape (text, strlen (text));
      g_autofree char *got = ph_harness_escape (written->str, written->len);
      fail (self, where, expected, got);
    }
  g_string_truncate (written, 0);
}

static PhEvent *
steal_event (PhHarness *self, guint index)
{
  PhEvent *event = g_ptr_array_steal_index (self->events, index);

  if (self->priv->last_event != NULL)
    {
      ph_event_clear (self->priv->last_event);
      g_free (self->priv->last_event);
    }
  self->priv->last_event = event;
  return event;
}

static PhEvent *
find_event (PhHarness *self, PhEventKind kind, PhCommand *command)
{
  for (guint i = 0; i < self->events->len; i++)
    {
      PhEvent *event = self->events->pdata[i];
      if (event->kind == kind && (command == NULL || event->command == command))
        return steal_event (self, i);
    }
  return NULL;
}

PhEvent *
ph_harness_expect_event_ (PhHarness *self, const char *where, PhEventKind kind)
{
  PhEvent *event = find_event (self, kind, NULL);

  if (event == NULL)
    {
      g_autofree char *got = describe_events (self);
      fail (self, where, kind_name (kind), got);
    }
  return event;
}

void
ph_harness_expect_no_event_ (PhHarness *self, const char *where, PhEventKind kind)
{
  g_autofree char *got = describe_events (self);

  if (find_event (self, kind, NULL) != NULL)
    {
      g_autofree char *expected = g_strconcat ("no ", kind_name (kind), NULL);
      fail (self, where, expected, got);
    }
}

static void
expect_ended (PhHarness *self, const char *where, PhCommand *command)
{
  if (find_event (self, PH_EVENT_COMMAND, command) == NULL)
    {
      g_autofree char *got = describe_events (self);
      g_autofree char *expected = g_strconcat ("the end of ", ph_command_get_name (command), NULL);
      fail (self, where, expected, got);
    }
  if (ph_command_get_state (command) != PH_COMMAND_DONE)
    fail (self, where, "a command that is done", "its event alone");
}

void
ph_harness_expect_done_ (PhHarness *self, const char *where, PhCommand *command)
{
  expect_ended (self, where, command);
  const GError *error = ph_command_get_error (command);
  if (error != NULL)
    fail (self, where, "success", error->message);
}

static void
check_error (PhHarness *self, const char *where, const GError *error, int code)
{
  if (error == NULL)
    fail (self, where, "an error", "success");
  if (g_error_matches (error, PH_ERROR, code))
    return;
  g_autofree char *expected = g_strdup_printf ("PH_ERROR %d", code);
  g_autofree char *got = g_strdup_printf ("%s %d: %s", g_quark_to_string (error->domain), error->code, error->message);
  fail (self, where, expected, got);
}

const GError *
ph_harness_expect_error_ (PhHarness *self, const char *where, PhCommand *command, int code)
{
  expect_ended (self, where, command);
  const GError *error = ph_command_get_error (command);
  check_error (self, where, error, code);
  return error;
}

const GError *
ph_harness_expect_failed_ (PhHarness *self, const char *where, int code)
{
  PhEvent *event = ph_harness_expect_event_ (self, where, PH_EVENT_FAILED);

  check_error (self, where, event->error, code);
  if (!self->wants_close)
    fail (self, where, "an engine that wants to close", "one that does not");
  return event->error;
}

void
ph_harness_expect_capabilities_ (PhHarness *self, const char *where, const char *joined)
{
  g_autofree char *got = g_strjoinv (", ", (char **) ph_engine_get_capabilities (self->engine));

  if (!g_str_equal (got, joined))
    fail (self, where, joined, got);
}
