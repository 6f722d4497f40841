/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waiting for the next step without a main loop: blocking calls. */
#include "ph-session-private.h"

gboolean
ph_session_may_block (PhSession  *self,
                      GError    **error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (priv->emitting == 0 && !priv->in_step && priv->state != PH_SESSION_CONNECTING && priv->job == NULL &&
      (priv->keeper == NULL || !ph_keeper_is_active (priv->keeper)))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING,
                       "The session is in the middle of something else: inside of a handler, while an async call connects or logs in, or while it is restored, "
                       "use async calls");
  return FALSE;
}

static int
milliseconds_until (gint64 deadline)
{
  gint64 left;

  if (deadline == 0)
    return -1;
  left = deadline - g_get_monotonic_time ();
  return left <= 0 ? 0 : (int) MIN ((left + 999) / 1000, 3600 * 1000);
}

static gboolean
on_source (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_cancellable (GCancellable *cancellable G_GNUC_UNUSED,
                gpointer      data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_CONTINUE;
}

static void
add_source (GMainContext *context,
            GSource      *source,
            gboolean     *fired,
            GPtrArray    *sources)
{
  g_source_set_callback (source, on_source, fired, NULL);
  g_source_attach (source, context);
  g_ptr_array_add (sources, source);
}

static void
source_drop (gpointer source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

/* Connections without a descriptor: a loop of our own around their sources. */
static void
wait_by_sources (PhSession    *self,
                 GIOCondition  wanted,
                 gint64        deadline,
                 GCancellable *cancellable)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhConnection *connection = ph_driver_get_connection (priv->driver);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GPtrArray) sources = g_ptr_array_new_with_free_func (source_drop);
  gboolean fired = FALSE;
  GSource *source;

  source = wanted != 0 ? ph_connection_create_source (connection, wanted) : NULL;
  if (source != NULL)
    add_source (context, source, &fired, sources);
  if (cancellable != NULL)
    {
      source = g_cancellable_source_new (cancellable);
      g_source_set_callback (source, (GSourceFunc) (void (*) (void)) on_cancellable, &fired, NULL);
      g_source_attach (source, context);
      g_ptr_array_add (sources, source);
    }
  if (deadline != 0)
    {
      source = g_timeout_source_new (MAX (milliseconds_until (deadline), 0));
      add_source (context, source, &fired, sources);
    }
  while (!fired)
    g_main_context_iteration (context, TRUE);
}

/* FALSE: the connection has no descriptor. */
static gboolean
wait_by_poll (PhSession    *self,
              GIOCondition  wanted,
              gint64        deadline,
              GCancellable *cancellable)
{
  PhConnection *connection = ph_driver_get_connection (ph_session_get_private (self)->driver);
  GPollFD fds[3];
  guint n = 0;
  gboolean with_cancellable;

  for (guint i = 0; i < 2; i++)
    {
      GIOCondition condition = i == 0 ? G_IO_IN : G_IO_OUT;

      if ((wanted & condition) == 0)
        continue;
      fds[n].fd = ph_connection_get_fd (connection, condition);
      fds[n].events = condition;
      fds[n].revents = 0;
      if (fds[n++].fd < 0)
        return FALSE;
    }
  with_cancellable = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &fds[n]);
  g_poll (fds, n + (with_cancellable ? 1 : 0), milliseconds_until (deadline));
  if (with_cancellable)
    g_cancellable_release_fd (cancellable);
  return TRUE;
}

static void
wait_for_more (PhSession    *self,
               GCancellable *cancellable)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  GIOCondition wanted = ph_driver_get_wanted (priv->driver);
  gint64 deadline = ph_driver_get_deadline (priv->driver);

  if (wanted == G_IO_IN && cancellable == NULL && ph_driver_wait_in_step (priv->driver, deadline))
    return;
  if (!wait_by_poll (self, wanted, deadline, cancellable))
    wait_by_sources (self, wanted, deadline, cancellable);
}

gboolean
ph_session_wait_amid (PhSession      *self,
                      PhSessionTest   test,
                      gpointer        user_data,
                      GCancellable   *cancellable,
                      GError        **error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  for (;;)
    {
      ph_session_turn (self);
      if (test (self, user_data))
        break;
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (priv->driver == NULL)
        break;  /* torn down: what was tested for can't come any more */
      if (ph_driver_get_job (priv->driver) != PH_JOB_NONE)
        ph_session_do_job (self, cancellable);
      else if (!ph_driver_is_ready (priv->driver) && !ph_session_let_pass (self, TRUE))
        wait_for_more (self, cancellable);
    }

  ph_session_arm (self);
  return TRUE;
}

gboolean
ph_session_wait (PhSession      *self,
                 PhSessionTest   test,
                 gpointer        user_data,
                 GCancellable   *cancellable,
                 GError        **error)
{
  if (!ph_session_wait_amid (self, test, user_data, cancellable, error))
    return FALSE;
  ph_session_rest (self);
  return TRUE;
}
