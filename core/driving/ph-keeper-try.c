/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What restores a store's session after a loss.
 *
 *   lost → (wait) → SELECT → UIDs → changes since → the program's mailbox takes over what the new one knows → restored
 *   lost → (wait) → open → restored, where an extension had the server tell of other mailboxes and none was selected
 *
 * Any failure on the way leads back to the waiting, which grows from nothing to five minutes; a failure that only a person can end, such as
 * a refused login, ends it. The program keeps the mailbox object that it has; the one that the engine made for the new session stands
 * behind it.
 */
#include "ph-keeper-private.h"

#include "contracts/ph-command-private.h"
#include "values/ph-mailbox-private.h"

/* The longest wait, in milliseconds */
#define MAX_DELAY (300 * 1000)
/* Some servers say no more of a mailbox that is gone than NO, which may be said in passing as well. */
#define MAX_REFUSALS 5

/* What a command of one try is for */
typedef struct {
  PhKeeper *keeper;
  guint     epoch;
} Try;

static void begin (PhKeeper *self);

guint
ph_keeper_get_delay (guint  n,
                     double random)
{
  double delay = n == 0 ? 0 : MIN (1000.0 * (double) (1u << MIN (n - 1, 20)), MAX_DELAY);

  /* Many clients that lost the same server must not come back at the same moment. */
  return (guint) (delay * (0.75 + 0.5 * random));
}

gboolean
ph_keeper_is_final (const GError *error)
{
  static const PhError final[] = {
    PH_ERROR_AUTHENTICATION, PH_ERROR_NO_MECHANISM, PH_ERROR_NO_CREDENTIALS, PH_ERROR_SERVER_UNPROVEN, PH_ERROR_BAD_CERTIFICATE,
    PH_ERROR_TLS_REQUIRED,   PH_ERROR_INJECTED,     PH_ERROR_INVALID_URI,    PH_ERROR_NO_MAILBOX,      PH_ERROR_NO_PERMISSION,
    PH_ERROR_PLUGIN,
  };

  for (guint i = 0; i < G_N_ELEMENTS (final); i++)
    if (g_error_matches (error, PH_ERROR, final[i]))
      return TRUE;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* --- giving up, succeeding --- */

void
ph_keeper_tell_active (PhKeeper *self)
{
  if (self->told == self->active)
    return;
  self->told = self->active;
  g_object_notify (G_OBJECT (self->session), "restoring");
}

/* While a mailbox is being restored there is nothing to listen to between two commands. */
static void
listen_again (PhKeeper *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self->session);

  self->active = FALSE;
  if (priv->idle && priv->driver != NULL)
    ph_driver_set_idle (priv->driver, TRUE);
}

/* What waited for the restored session has waited in vain. */
void
ph_keeper_give_up (PhKeeper     *self,
                   const GError *error)
{
  PhSessionPrivate *priv = ph_session_get_private (self->session);
  GQueue waiting = priv->unsubmitted;

  g_queue_init (&priv->unsubmitted);
  g_clear_object (&self->mailbox);
  g_clear_object (&self->stand_in);
  listen_again (self);
  ph_keeper_tell_active (self);
  for (PhCommand *command; (command = g_queue_pop_head (&waiting)) != NULL; g_object_unref (command))
    {
      if (ph_command_get_state (command) != PH_COMMAND_DONE)
        ph_command_complete (command, NULL, g_error_copy (error));
      ph_session_finish_run (self->session, command);
    }
}

static void
emit_restored (PhKeeper *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self->session);

  priv->emitting++;
  g_signal_emit_by_name (self->session, "restored", self->mailbox);
  priv->emitting--;
}

static void
succeed (PhKeeper *self,
         PhDelta  *delta)
{
  PhSessionPrivate *priv = ph_session_get_private (self->session);
  g_autoptr (PhSession) alive G_GNUC_UNUSED = g_object_ref (self->session);
  g_autoptr (PhMailbox) mailbox = self->mailbox != NULL ? g_object_ref (self->mailbox) : NULL;

  ph_keeper_clear_timer (self);
  self->restored_at = g_get_monotonic_time ();
  if (self->flags != NULL && delta != NULL)
    {
      ph_mailbox_state_unref (self->flags);
      self->flags = ph_mailbox_state_ref (ph_delta_get_state (delta));
    }
  g_set_object (&self->stand_in, self->fresh);
  g_clear_object (&self->fresh);
  g_set_object (&priv->mailbox, self->mailbox);
  priv->emitting++;
  if (mailbox != NULL)
    ph_mailbox_become (mailbox, self->stand_in);
  if (delta != NULL && !ph_delta_is_reset (delta))
    ph_mailbox_take_flags (mailbox, delta);
  priv->emitting--;
  listen_again (self);
  ph_keeper_tell_active (self);
  if (self->mailbox == mailbox)
    emit_restored (self);
  ph_session_schedule (self->session);
}

/* --- one try --- */

gboolean
ph_keeper_on_timer (gpointer data)
{
  PhKeeper *self = data;

  ph_keeper_clear_timer (self);
  begin (self);
  return G_SOURCE_REMOVE;
}

/* A server that says for how long it wants to be left alone is left alone, as far as we ever wait: milliseconds */
static guint
get_asked_delay (const GError *error)
{
  PhReply *reply = error != NULL ? ph_error_get_reply (error) : NULL;

  return reply != NULL ? MIN (ph_reply_get_delay (reply) * 1000, MAX_DELAY) : 0;
}

void
ph_keeper_try_again (PhKeeper     *self,
                     const GError *error)
{
  self->epoch++;
  g_clear_object (&self->fresh);
  if (error != NULL && (ph_keeper_is_final (error) || (self->n_tries >= MAX_REFUSALS && g_error_matches (error, PH_ERROR, PH_ERROR_REFUSED))))
    {
      ph_keeper_give_up (self, error);
      return;
    }
  ph_keeper_set_timer (self, MAX (ph_keeper_get_delay (self->n_tries, g_random_double ()), get_asked_delay (error)), ph_keeper_on_timer);
  self->n_tries++;
}

void
ph_keeper_run (PhKeeper  *self,
               PhCommand *command,
               PhRunFunc  done)
{
  Try *this = g_new0 (Try, 1);

  this->keeper = self;
  this->epoch = self->epoch;
  ph_session_start_urgent (self->session, command, done, this, g_free);
}

/* NULL: an answer to an earlier try */
PhKeeper *
ph_keeper_get_valid (gpointer data)
{
  Try *this = data;

  return this->epoch == this->keeper->epoch ? this->keeper : NULL;
}

static void
on_changes (PhSession *session,
            PhCommand *command,
            gpointer   data)
{
  PhKeeper *self = ph_keeper_get_valid (data);
  const GError *error = ph_command_get_error (command);

  if (self == NULL)
    return;
  if (ph_session_get_private (session)->state != PH_SESSION_OPEN)
    ph_keeper_try_again (self, error);
  else
    succeed (self, error == NULL ? ph_command_peek_result (command) : NULL);
}

/* What the program's mailbox was when it was lost */
static PhMailboxState *
make_known (PhKeeper *self)
{
  g_autoptr (PhMessageSet) uids = ph_mailbox_get_uids (self->mailbox);
  PhMailboxState *known = ph_mailbox_state_new (ph_mailbox_get_uid_validity (self->mailbox), ph_mailbox_get_highest_mod_seq (self->mailbox));

  if (self->flags != NULL)
    ph_mailbox_state_inherit (known, self->flags, uids, NULL);
  ph_mailbox_state_add_missing (known, uids);
  return known;
}

static void
on_mapped (PhSession *session,
           PhCommand *command,
           gpointer   data)
{
  PhKeeper *self = ph_keeper_get_valid (data);
  PhStoreEngine *engine = PH_STORE_ENGINE (ph_session_get_engine (session));
  g_autoptr (PhMailboxState) known = NULL;
  g_autoptr (PhCommand) changes = NULL;

  if (self == NULL)
    return;
  if (ph_session_get_private (session)->state != PH_SESSION_OPEN)
    {
      ph_keeper_try_again (self, ph_command_get_error (command));
      return;
    }
  /* without mod-sequences and without flags of before, nothing could be compared */
  if (ph_mailbox_get_highest_mod_seq (self->fresh) == 0 && self->flags == NULL)
    {
      succeed (self, NULL);
      return;
    }
  known = make_known (self);
  changes = PH_STORE_ENGINE_GET_IFACE (engine)->make_changes (engine, known);
  ph_keeper_run (self, changes, on_changes);
}

static void
on_selected (PhSession *session,
             PhCommand *command,
             gpointer   data)
{
  PhKeeper *self = ph_keeper_get_valid (data);
  PhStoreEngine *engine = PH_STORE_ENGINE (ph_session_get_engine (session));
  g_autoptr (PhCommand) map = NULL;

  if (self == NULL)
    return;
  if (ph_command_get_error (command) != NULL)
    {
      ph_keeper_try_again (self, ph_command_get_error (command));
      return;
    }
  self->fresh = g_object_ref (ph_command_peek_result (command));
  map = PH_STORE_ENGINE_GET_IFACE (engine)->make_map_uids (engine);
  ph_keeper_run (self, map, on_mapped);
}

static void
on_stands (PhSession *session,
           PhCommand *command,
           gpointer   data)
{
  PhKeeper *self = ph_keeper_get_valid (data);

  if (self == NULL)
    return;
  if (ph_session_get_private (session)->state != PH_SESSION_OPEN)
    ph_keeper_try_again (self, ph_command_get_error (command));
  else
    succeed (self, NULL);
}

static void
begin (PhKeeper *self)
{
  PhStoreEngine *engine = PH_STORE_ENGINE (ph_session_get_engine (self->session));
  g_autoptr (PhCommand) select = NULL;

  self->epoch++;
  self->tried_at = g_get_monotonic_time ();
  if (self->mailbox == NULL)
    {
      g_autoptr (PhCommand) noop = ph_engine_make_noop (PH_ENGINE (engine));

      ph_keeper_run (self, noop, on_stands);
      return;
    }
  select = PH_STORE_ENGINE_GET_IFACE (engine)->make_select (engine, ph_mailbox_get_name (self->mailbox),
                                                            ph_mailbox_is_read_only (self->mailbox));
  ph_keeper_run (self, select, on_selected);
}
