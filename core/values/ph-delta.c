/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhDelta: what lies between two states of a mailbox. */
#include "ph-mailbox-state-private.h"

/**
 * PhDelta:
 *
 * What has become different in a mailbox since it was looked at last: [method@Store.get_changes]. However the server was asked, the
 * answer is the same.
 *
 * A message that came and went meanwhile is in none of the sets.
 */
struct _PhDelta {
  gatomicrefcount refs;
  PhDeltaMethod   method;
  gboolean        is_reset;
  PhMailboxState *now;
  PhMessageSet   *added;
  PhMessageSet   *changed;
  PhMessageSet   *vanished;
};

G_DEFINE_BOXED_TYPE (PhDelta, ph_delta, ph_delta_ref, ph_delta_unref)

static void
compare (PhDelta *self, PhMailboxState *before, PhMailboxState *now)
{
  guint n_old, n_new, i = 0, j = 0;
  const PhStateEntry *old = ph_mailbox_state_peek (before, &n_old);
  const PhStateEntry *new = ph_mailbox_state_peek (now, &n_new);

  while (i < n_old || j < n_new)
    {
      if (j == n_new || (i < n_old && old[i].uid < new[j].uid))
        ph_message_set_add (self->vanished, old[i++].uid);
      else if (i == n_old || new[j].uid < old[i].uid)
        ph_message_set_add (self->added, new[j++].uid);
      else
        {
          if (ph_mailbox_state_get_key (before, old[i].flags) != ph_mailbox_state_get_key (now, new[j].flags))
            ph_message_set_add (self->changed, new[j].uid);
          i++;
          j++;
        }
    }
}

/**
 * ph_delta_new: (skip)
 * @before: (nullable): what was known; %NULL: nothing
 * @now: what is known now
 * @method: how it was found
 *
 * For engines: what lies between two states.
 *
 * Returns: (transfer full): a delta
 */
PhDelta *
ph_delta_new (PhMailboxState *before, PhMailboxState *now, PhDeltaMethod method)
{
  g_autoptr (PhMailboxState) nothing = NULL;
  PhDelta *self;

  g_return_val_if_fail (now != NULL, NULL);

  self = g_new0 (PhDelta, 1);
  g_atomic_ref_count_init (&self->refs);
  self->method = method;
  self->now = ph_mailbox_state_ref (now);
  self->added = ph_message_set_new (TRUE);
  self->changed = ph_message_set_new (TRUE);
  self->vanished = ph_message_set_new (TRUE);
  self->is_reset = before != NULL && before->uid_validity != now->uid_validity;
  if (before == NULL || self->is_reset)
    before = nothing = ph_mailbox_state_new (0, 0);
  compare (self, before, now);
  return self;
}

/**
 * ph_delta_ref:
 * @self: a delta
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhDelta *
ph_delta_ref (PhDelta *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_delta_unref:
 * @self: (transfer full): a delta
 *
 * Drops a reference; any thread may.
 */
void
ph_delta_unref (PhDelta *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  ph_mailbox_state_unref (self->now);
  ph_message_set_unref (self->added);
  ph_message_set_unref (self->changed);
  ph_message_set_unref (self->vanished);
  g_free (self);
}

/**
 * ph_delta_is_reset:
 * @self: a delta
 *
 * Whether the mailbox has another UIDVALIDITY than the state that was given: no UID in that means anything any more, nothing is said to
 * have vanished, and every message is an added one.
 *
 * Returns: whether what was known is worth nothing
 */
gboolean
ph_delta_is_reset (PhDelta *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_reset;
}

/**
 * ph_delta_get_method:
 * @self: a delta
 *
 * Returns: how it was found
 */
PhDeltaMethod
ph_delta_get_method (PhDelta *self)
{
  g_return_val_if_fail (self != NULL, PH_DELTA_SEARCH);

  return self->method;
}

/**
 * ph_delta_get_added:
 * @self: a delta
 *
 * Returns: (transfer none): UIDs of messages that were not known
 */
PhMessageSet *
ph_delta_get_added (PhDelta *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->added;
}

/**
 * ph_delta_get_changed:
 * @self: a delta
 *
 * Returns: (transfer none): UIDs of messages that have other flags than they had, or whose flags were not known
 */
PhMessageSet *
ph_delta_get_changed (PhDelta *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->changed;
}

/**
 * ph_delta_get_vanished:
 * @self: a delta
 *
 * Returns: (transfer none): UIDs of messages that are gone
 */
PhMessageSet *
ph_delta_get_vanished (PhDelta *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->vanished;
}

/**
 * ph_delta_get_state:
 * @self: a delta
 *
 * Returns: (transfer none): what is known now: where the new flags stand, and what the next call is to be given
 */
PhMailboxState *
ph_delta_get_state (PhDelta *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->now;
}
