/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ctrl-C ends what is running in an orderly way; the second time at once. */
#include "tool.h"

#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#define INTERRUPTED 130

static GCancellable *cancellable;

GCancellable *
tool_cancellable (void)
{
  return cancellable;
}

static gboolean
on_signal (gpointer data G_GNUC_UNUSED)
{
  if (g_cancellable_is_cancelled (cancellable))
    _exit (INTERRUPTED);
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

static gpointer
watch_signals (gpointer context)
{
  while (TRUE)
    g_main_context_iteration (context, TRUE);
  return NULL;
}

/* The calls are sync, so signals have a thread and a context of their own; a signal mask would be inherited by children. */
void
tool_catch_signals (void)
{
  static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
  GMainContext *context = g_main_context_new ();

  cancellable = g_cancellable_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      g_autoptr (GSource) source = g_unix_signal_source_new (signals[i]);

      g_source_set_callback (source, on_signal, NULL, NULL);
      g_source_attach (source, context);
    }
  g_thread_unref (g_thread_new ("signals", watch_signals, context));
}
