/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bar on standard error while octets pass, where that is a terminal. */
#include "tool.h"

#include <unistd.h>

#define WIDTH 30
#define INTERVAL (G_USEC_PER_SEC / 10)

struct _ToolProgress
{
  PhSession *session;
  gulong handler;
  char *what;
  guint64 n_steps;
  guint64 step;   /* steps that are done */
  gint64 drawn_at;
  gboolean drawn;
};

static void
draw (ToolProgress *self, guint64 done, guint64 total)
{
  double part = total > 0 ? MIN ((double) done / (double) total, 1.0) : 0.0;
  double all = ((double) self->step + part) / (double) MAX (self->n_steps, 1);
  g_autofree char *size = tool_format_size (done);
  int filled = (int) (MIN (all, 1.0) * WIDTH);

  g_printerr ("\r%s [", self->what);
  for (int i = 0; i < WIDTH; i++)
    g_printerr ("%c", i < filled ? '#' : '.');
  if (self->n_steps > 1)
    g_printerr ("] %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT " %s\033[K", self->step, self->n_steps, size);
  else
    g_printerr ("] %s\033[K", size);
  self->drawn = TRUE;
}

static void
on_progress (PhSession *session G_GNUC_UNUSED, PhCommand *command G_GNUC_UNUSED, guint64 done, guint64 total, gpointer data)
{
  ToolProgress *self = data;
  gint64 now = g_get_monotonic_time ();

  if (now - self->drawn_at < INTERVAL)
    return;
  self->drawn_at = now;
  draw (self, done, total);
}

/* NULL where nobody would see it. @n_steps: messages, if more than one. */
ToolProgress *
tool_progress_new (PhSession *session, const char *what, guint64 n_steps)
{
  ToolProgress *self;

  if (tool_options.json || tool_options.trace || !isatty (STDERR_FILENO))
    return NULL;
  self = g_new0 (ToolProgress, 1);
  self->session = g_object_ref (session);
  self->what = g_strdup (what);
  self->n_steps = n_steps;
  self->drawn_at = g_get_monotonic_time (); /* what is done within the first interval needs no bar */
  self->handler = g_signal_connect (session, "progress", G_CALLBACK (on_progress), self);
  return self;
}

/* One more of @n_steps is done. */
void
tool_progress_step (ToolProgress *self)
{
  if (self == NULL)
    return;
  self->step++;
  on_progress (self->session, NULL, 0, 0, self);
}

void
tool_progress_free (ToolProgress *self)
{
  if (self == NULL)
    return;
  if (self->drawn)
    g_printerr ("\r\033[K");
  g_signal_handler_disconnect (self->session, self->handler);
  g_object_unref (self->session);
  g_free (self->what);
  g_free (self);
}
