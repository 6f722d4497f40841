/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --trace: the conversation on standard error, a line at a time; the library has hidden the secrets. */
#include "tool.h"

#include <string.h>

#define LONGEST 1000 /* a longer line is shown in pieces */

typedef struct
{
  GString *line;
  PhTraceDirection direction; /* of what is in @line */
} Trace;

static const char *const prefixes[] = {
  [PH_TRACE_NOTE] = "* ",
  [PH_TRACE_SENT] = "C: ",
  [PH_TRACE_RECEIVED] = "S: ",
};

static void
print_line (Trace *self)
{
  g_autofree char *clean = NULL;

  if (self->line->len > 0 && self->line->str[self->line->len - 1] == '\r')
    g_string_truncate (self->line, self->line->len - 1);
  clean = tool_clean (self->line->str);
  g_printerr ("%s%s\n", prefixes[self->direction], clean);
  g_string_truncate (self->line, 0);
}

static void
on_trace (PhSession *session G_GNUC_UNUSED, PhTraceDirection direction, GBytes *bytes, gpointer data)
{
  Trace *self = data;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  fflush (stdout);
  if (direction != self->direction && self->line->len > 0)
    print_line (self);
  self->direction = direction;
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\n' || self->line->len >= LONGEST)
        print_line (self);
      if (text[i] != '\n')
        g_string_append_c (self->line, text[i] != '\0' ? text[i] : '\x01');
    }
  if (direction == PH_TRACE_NOTE && self->line->len > 0)
    print_line (self);
}

static void
trace_free (gpointer data, GClosure *closure G_GNUC_UNUSED)
{
  Trace *self = data;

  if (self->line->len > 0)
    print_line (self);
  g_string_free (self->line, TRUE);
  g_free (self);
}

void
tool_trace_session (PhSession *session)
{
  Trace *self = g_new0 (Trace, 1);

  self->line = g_string_new (NULL);
  g_signal_connect_data (session, "trace", G_CALLBACK (on_trace), self, trace_free, 0);
}
