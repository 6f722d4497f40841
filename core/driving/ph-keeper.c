/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What restores a store's session after a loss: whether it is to, what is kept for it, and doubt whether the server is still there. */
#include "ph-keeper-private.h"

#include "contracts/ph-extension-private.h"

/* A session that lasted so long was a good one: the next loss is the first again */
#define GOOD_SESSION (60 * G_USEC_PER_SEC)
/* A program that wants something doesn't make tries follow each other faster. */
#define HURRY_INTERVAL (5 * G_USEC_PER_SEC)

void
ph_keeper_clear_timer (PhKeeper *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

void
ph_keeper_set_timer (PhKeeper    *self,
                     guint        milliseconds,
                     GSourceFunc  func)
{
  ph_keeper_clear_timer (self);
  self->timer = g_timeout_source_new (milliseconds);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_attach (self->timer, self->context);
}

/* --- doubt: is the server still there? --- */

static gboolean
on_silence (gpointer data)
{
  PhKeeper *self = data;
  PhSessionPrivate *priv = ph_session_get_private (self->session);
  g_autoptr (GError) error = ph_error_new (PH_ERROR_TIMED_OUT, NULL, NULL, "%s does not answer any more", priv->host);

  ph_keeper_clear_timer (self);
  self->checking = FALSE;
  ph_session_tear_down (self->session, error);
  return G_SOURCE_REMOVE;
}

static void
on_answer (PhSession *session,
           PhCommand *command,
           gpointer   data)
{
  PhKeeper *self = data;

  if (!self->checking || self->active)
    return;
  self->checking = FALSE;
  ph_keeper_clear_timer (self);
}

static void
check (PhKeeper *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self->session);
  g_autoptr (PhCommand) noop = NULL;

  if (self->checking || priv->state != PH_SESSION_OPEN)
    return;
  noop = ph_engine_make_noop (priv->engine);
  self->checking = TRUE;
  if (priv->timeouts.connect > 0)
    ph_keeper_set_timer (self, priv->timeouts.connect * 1000, on_silence);
  ph_session_start (self->session, noop, NULL, NULL, on_answer, self, NULL);
}

static void
on_wake (PhWakeReason reason,
         gpointer     data)
{
  PhKeeper *self = data;

  if (!self->active)
    {
      check (self);
      return;
    }
  self->n_tries = 0;
  if (self->timer != NULL)
    ph_keeper_set_timer (self, 0, ph_keeper_on_timer);
}

/* --- the session's side --- */

PhKeeper *
ph_keeper_new (PhSession *session)
{
  PhKeeper *self = g_new0 (PhKeeper, 1);

  self->session = session;
  return self;
}

static void
stop (PhKeeper *self)
{
  self->epoch++;
  self->checking = FALSE;
  ph_keeper_clear_timer (self);
  if (self->mailbox != NULL)
    g_signal_handlers_disconnect_by_data (self->mailbox, self);
  g_clear_object (&self->mailbox);
  g_clear_object (&self->stand_in);
  g_clear_object (&self->fresh);
  g_clear_pointer (&self->flags, ph_mailbox_state_unref);
}

void
ph_keeper_set_enabled (PhKeeper *self,
                       gboolean  enabled)
{
  g_autoptr (GError) error = NULL;
  gboolean was_active = self->active;

  self->enabled = enabled;
  if (enabled)
    {
      PhSessionPrivate *priv = ph_session_get_private (self->session);

      if (priv->mailbox != NULL && self->mailbox == NULL)
        ph_keeper_selected (self, priv->mailbox);
      return;
    }
  stop (self);
  g_clear_pointer (&self->wake, ph_wake_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  error = ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "The session was lost and is not restored");
  if (was_active)
    ph_keeper_give_up (self, error);
}

gboolean
ph_keeper_is_enabled (PhKeeper *self)
{
  return self->enabled;
}

void
ph_keeper_free (PhKeeper *self)
{
  stop (self);
  g_clear_pointer (&self->wake, ph_wake_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_free (self);
}

static void
listen (PhKeeper *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self->session);

  if (priv->context == NULL)
    priv->context = g_main_context_ref_thread_default ();
  if (self->context == priv->context)
    return;
  g_clear_pointer (&self->wake, ph_wake_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  self->context = g_main_context_ref (priv->context);
  self->wake = ph_wake_new (self->context, on_wake, self);
}

static void
on_flags (PhMailbox *mailbox,
          PhMessage *message,
          PhKeeper  *self)
{
  g_auto (GStrv) flags = ph_message_get_flags (message);

  if (self->flags != NULL && ph_message_get_uid (message) != 0)
    ph_mailbox_state_add (self->flags, ph_message_get_uid (message), (const char *const *) flags);
}

static void
on_all_flags (PhSession *session,
              PhCommand *command,
              gpointer   data)
{
  PhKeeper *self = ph_keeper_get_valid (data);
  PhDelta *delta = ph_command_get_error (command) == NULL ? ph_command_peek_result (command) : NULL;

  if (self != NULL && delta != NULL && self->mailbox != NULL)
    self->flags = ph_mailbox_state_ref (ph_delta_get_state (delta));
}

static void
on_first_map (PhSession *session,
              PhCommand *command,
              gpointer   data)
{
}

void
ph_keeper_selected (PhKeeper  *self,
                    PhMailbox *mailbox)
{
  PhStoreEngine *engine = PH_STORE_ENGINE (ph_session_get_engine (self->session));
  g_autoptr (PhCommand) map = NULL;
  g_autoptr (PhCommand) changes = NULL;

  if (!self->enabled || self->active)
    return;  /* not wanted, or our own */
  stop (self);
  listen (self);
  self->mailbox = g_object_ref (mailbox);
  self->n_tries = 0;
  g_signal_connect (mailbox, "flags-changed", G_CALLBACK (on_flags), self);
  map = PH_STORE_ENGINE_GET_IFACE (engine)->make_map_uids (engine);
  ph_keeper_run (self, map, on_first_map);
  if (ph_mailbox_get_highest_mod_seq (mailbox) != 0)
    return;
  changes = PH_STORE_ENGINE_GET_IFACE (engine)->make_changes (engine, NULL);
  ph_keeper_run (self, changes, on_all_flags);
}

/* What the extensions asked for is asked for again by their steps of opening. */
static gboolean
listens_elsewhere (PhKeeper *self)
{
  GPtrArray *extensions = ph_session_get_private (self->session)->extensions;

  for (guint i = 0; i < extensions->len; i++)
    if ((ph_extension_get_listening (g_ptr_array_index (extensions, i)) & PH_LISTENING_ELSEWHERE) != 0)
      return TRUE;
  return FALSE;
}

/* an engine that fails has left its mailbox already */
static gboolean
is_worth_it (PhKeeper  *self,
             PhMailbox *mailbox)
{
  if (self->mailbox != NULL)
    return mailbox == NULL || self->mailbox == mailbox;
  return mailbox == NULL && listens_elsewhere (self);
}

gboolean
ph_keeper_lose (PhKeeper     *self,
                PhMailbox    *mailbox,
                const GError *error)
{
  self->checking = FALSE;
  if (self->active && error != NULL)
    return TRUE;  /* a try that failed: its command tells */
  if (!self->enabled || error == NULL || !is_worth_it (self, mailbox))
    {
      stop (self);
      self->active = FALSE;
      return FALSE;
    }
  ph_keeper_clear_timer (self);
  listen (self);
  g_clear_object (&self->stand_in);
  if (self->restored_at != 0 && g_get_monotonic_time () - self->restored_at > GOOD_SESSION)
    self->n_tries = 0;
  self->active = TRUE;
  return TRUE;
}

void
ph_keeper_settle (PhKeeper *self)
{
  if (!self->active && self->mailbox != NULL && ph_session_get_private (self->session)->mailbox == NULL)
    stop (self);
}

void
ph_keeper_begin (PhKeeper *self)
{
  gboolean is_new = self->active && !self->told;

  ph_keeper_tell_active (self);
  if (is_new && self->active && self->timer == NULL)
    ph_keeper_try_again (self, NULL);
}

void
ph_keeper_hurry (PhKeeper *self)
{
  if (self->active && self->timer != NULL && g_get_monotonic_time () - self->tried_at > HURRY_INTERVAL)
    ph_keeper_set_timer (self, 0, ph_keeper_on_timer);
}

gboolean
ph_keeper_is_active (PhKeeper *self)
{
  return self->active;
}

PhMailbox *
ph_keeper_resolve (PhKeeper              *self,
                   PhMailbox             *mailbox,
                   const PhMailboxChange *change)
{
  if (self->stand_in == NULL || self->stand_in != mailbox)
    return mailbox;
  /* the engine looks there whether UIDs are wanted, and for the name */
  if (change->kind == PH_CHANGE_UID_VALIDITY || change->kind == PH_CHANGE_MOD_SEQ)
    ph_mailbox_apply (mailbox, change);
  return self->mailbox;
}
