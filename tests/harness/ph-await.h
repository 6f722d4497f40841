/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asynchronous calls, waited for in the default context: an #GAsyncReadyCallback that keeps the result, and the wait for it. */
#pragma once

#include <posthorn/posthorn.h>

/* @kept: a GAsyncResult *, %NULL before */
static inline void
ph_keep_result (GObject *source, GAsyncResult *result, gpointer kept)
{
  *(GAsyncResult **) kept = g_object_ref (result);
}

static inline void
ph_await_result (GAsyncResult **kept)
{
  while (*kept == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Opens by either call. */
static inline gboolean
ph_await_open (PhSession *session, gboolean async, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (!async)
    return ph_session_open (session, NULL, error);
  ph_session_open_async (session, NULL, ph_keep_result, &result);
  ph_await_result (&result);
  return ph_session_open_finish (session, result, error);
}
