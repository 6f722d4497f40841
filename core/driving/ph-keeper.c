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
#include "ph-keeper.h"

#include "ph-session-private.h"
#include "ph-wake.h"

#include "contracts/ph-command-private.h"
#include "contracts/ph-extension-private.h"
#include "values/ph-mailbox-private.h"

/* The longest wait, in milliseconds */
#define MAX_DELAY (300 * 1000)
/* Some servers say no more of a mailbox that is gone than NO, which may be said in passing as well. */
#define MAX_REFUSALS 5
/* A session that lasted so long was a good one: the next loss is the first again */
#define GOOD_SESSION (60 * G_USEC_PER_SEC)
/* A program that wants something doesn't make tries follow each other faster. */
#define HURRY_INTERVAL (5 * G_USEC_PER_SEC)

struct _PhKeeper {
  PhSession      *session;   /* owns this */
  PhWake         *wake;
  GMainContext   *context;   /* whose wakings are heard of */

  PhMailbox      *mailbox;   /* the program's: selected, or to be selected again */
  PhMailbox      *stand_in;  /* the engine's that stands behind it; NULL: they are the same */
  PhMailboxState *flags;     /* where mod-sequences can't tell what changed */

  gboolean        enabled;
  gboolean        active;
  gboolean        told;      /* what the program was told of that */
  guint           n_tries;
  gint64          tried_at;
  gint64          restored_at;
  GSource        *timer;     /* until the next try, or until a silent server is given up */
  gboolean        checking;
  guint           epoch;     /* of this try: answers to an earlier one mean nothing */
  PhMailbox      *fresh;     /* selected in this try */
};

/* What a command of one try is for */
typedef struct {
  PhKeeper *keeper;
  guint     epoch;
} Try;

static void begin (PhKeeper *self);
static gboolean on_timer (gpointer data);

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

static void
clear_timer (PhKeeper *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
set_timer (PhKeeper    *self,
           guint        milliseconds,
           GSourceFunc  func)
{
  clear_timer (self);
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

  clear_timer (self);
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
  clear_timer (self);
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
    set_timer (self, priv->timeouts.connect * 1000, on_silence);
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
    set_timer (self, 0, on_timer);
}

/* --- giving up, succeeding --- */

static void
tell_active (PhKeeper *self)
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
static void
give_up (PhKeeper     *self,
         const GError *error)
{
  PhSessionPrivate *priv = ph_session_get_private (self->session);
  GQueue waiting = priv->unsubmitted;

  g_queue_init (&priv->unsubmitted);
  g_clear_object (&self->mailbox);
  g_clear_object (&self->stand_in);
  listen_again (self);
  tell_active (self);
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

  clear_timer (self);
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
  tell_active (self);
  if (self->mailbox == mailbox)
    emit_restored (self);
  ph_session_schedule (self->session);
}

/* --- one try --- */

static gboolean
on_timer (gpointer data)
{
  PhKeeper *self = data;

  clear_timer (self);
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

static void
try_again (PhKeeper     *self,
           const GError *error)
{
  self->epoch++;
  g_clear_object (&self->fresh);
  if (error != NULL && (ph_keeper_is_final (error) || (self->n_tries >= MAX_REFUSALS && g_error_matches (error, PH_ERROR, PH_ERROR_REFUSED))))
    {
      give_up (self, error);
      return;
    }
  set_timer (self, MAX (ph_keeper_get_delay (self->n_tries, g_random_double ()), get_asked_delay (error)), on_timer);
  self->n_tries++;
}

static void
run (PhKeeper  *self,
     PhCommand *command,
     PhRunFunc  done)
{
  Try *this = g_new0 (Try, 1);

  this->keeper = self;
  this->epoch = self->epoch;
  ph_session_start_urgent (self->session, command, done, this, g_free);
}

/* NULL: an answer to an earlier try */
static PhKeeper *
get_keeper (Try *this)
{
  return this->epoch == this->keeper->epoch ? this->keeper : NULL;
}

static void
on_changes (PhSession *session,
            PhCommand *command,
            gpointer   data)
{
  PhKeeper *self = get_keeper (data);
  const GError *error = ph_command_get_error (command);

  if (self == NULL)
    return;
  if (ph_session_get_private (session)->state != PH_SESSION_OPEN)
    try_again (self, error);
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
  PhKeeper *self = get_keeper (data);
  PhStoreEngine *engine = PH_STORE_ENGINE (ph_session_get_engine (session));
  g_autoptr (PhMailboxState) known = NULL;
  g_autoptr (PhCommand) changes = NULL;

  if (self == NULL)
    return;
  if (ph_session_get_private (session)->state != PH_SESSION_OPEN)
    {
      try_again (self, ph_command_get_error (command));
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
  run (self, changes, on_changes);
}

static void
on_selected (PhSession *session,
             PhCommand *command,
             gpointer   data)
{
  PhKeeper *self = get_keeper (data);
  PhStoreEngine *engine = PH_STORE_ENGINE (ph_session_get_engine (session));
  g_autoptr (PhCommand) map = NULL;

  if (self == NULL)
    return;
  if (ph_command_get_error (command) != NULL)
    {
      try_again (self, ph_command_get_error (command));
      return;
    }
  self->fresh = g_object_ref (ph_command_peek_result (command));
  map = PH_STORE_ENGINE_GET_IFACE (engine)->make_map_uids (engine);
  run (self, map, on_mapped);
}

static void
on_stands (PhSession *session,
           PhCommand *command,
           gpointer   data)
{
  PhKeeper *self = get_keeper (data);

  if (self == NULL)
    return;
  if (ph_session_get_private (session)->state != PH_SESSION_OPEN)
    try_again (self, ph_command_get_error (command));
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

      run (self, noop, on_stands);
      return;
    }
  select = PH_STORE_ENGINE_GET_IFACE (engine)->make_select (engine, ph_mailbox_get_name (self->mailbox),
                                                            ph_mailbox_is_read_only (self->mailbox));
  run (self, select, on_selected);
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
  clear_timer (self);
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
    give_up (self, error);
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
  PhKeeper *self = get_keeper (data);
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
  run (self, map, on_first_map);
  if (ph_mailbox_get_highest_mod_seq (mailbox) != 0)
    return;
  changes = PH_STORE_ENGINE_GET_IFACE (engine)->make_changes (engine, NULL);
  run (self, changes, on_all_flags);
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
  clear_timer (self);
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

  tell_active (self);
  if (is_new && self->active && self->timer == NULL)
    try_again (self, NULL);
}

void
ph_keeper_hurry (PhKeeper *self)
{
  if (self->active && self->timer != NULL && g_get_monotonic_time () - self->tried_at > HURRY_INTERVAL)
    set_timer (self, 0, on_timer);
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
