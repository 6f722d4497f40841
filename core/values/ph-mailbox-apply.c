/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailbox: a change that the server told becomes true, is notified and signalled. */
#include "ph-mailbox-data.h"

static void
set_number (PhMailbox *self, guint32 *field, guint32 number, guint property)
{
  if (*field == number)
    return;
  *field = number;
  g_object_notify_by_pspec (G_OBJECT (self), ph_mailbox_properties[property]);
}

static void
set_boolean (PhMailbox *self, gboolean *field, gboolean value, guint property)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), ph_mailbox_properties[property]);
}

static void
set_mod_seq (PhMailbox *self, guint64 mod_seq)
{
  if (self->highest_mod_seq == mod_seq)
    return;
  self->highest_mod_seq = mod_seq;
  g_object_notify_by_pspec (G_OBJECT (self), ph_mailbox_properties[PH_MAILBOX_PROP_HIGHEST_MOD_SEQ]);
}

static gboolean
set_words (PhMailbox *self, char ***field, char **words, guint property)
{
  static const char *const none[] = { NULL };
  const char *const *given = words != NULL ? (const char *const *) words : none;

  if (*field != NULL && g_strv_equal ((const char *const *) *field, given))
    return FALSE;
  g_strfreev (*field);
  *field = g_strdupv ((char **) given);
  g_object_notify_by_pspec (G_OBJECT (self), ph_mailbox_properties[property]);
  return TRUE;
}

/* The one of number and UID that wasn't told, where the map knows it. FALSE: there is no such message. */
static gboolean
resolve (PhMailbox *self, guint32 *number, guint32 *uid)
{
  gboolean exact;
  guint32 place;

  /* A number that isn't there is the server's mistake; counting down for it would only spread it. */
  if (self->n_messages == 0 || *number > self->n_messages)
    return FALSE;
  if (self->uids == NULL)
    return TRUE;
  if (*number != 0)
    {
      guint32 known = ph_uid_map_remove (self->uids, *number);

      *uid = known != 0 ? known : *uid;
      return TRUE;
    }
  place = ph_uid_map_locate (self->uids, *uid, &exact);
  if (place == 0)
    return FALSE;
  ph_uid_map_remove (self->uids, place);
  *number = exact ? place : 0;
  return TRUE;
}

static void
remove_message (PhMailbox *self, guint32 number, guint32 uid)
{
  if (!resolve (self, &number, &uid))
    return;
  g_object_freeze_notify (G_OBJECT (self));
  set_number (self, &self->n_messages, self->n_messages - 1, PH_MAILBOX_PROP_N_MESSAGES);
  if (number != 0 && number < self->first_unseen)
    set_number (self, &self->first_unseen, self->first_unseen - 1, PH_MAILBOX_PROP_FIRST_UNSEEN);
  else if (number != 0 && number == self->first_unseen)
    set_number (self, &self->first_unseen, 0, PH_MAILBOX_PROP_FIRST_UNSEEN);
  if (number != 0 && number < self->first_new)
    self->first_new--;
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, ph_mailbox_signals[PH_MAILBOX_MESSAGE_REMOVED], 0, number, uid);
}

static void
set_count (PhMailbox *self, guint32 count)
{
  if (self->uids != NULL)
    ph_uid_map_set_count (self->uids, count);
  set_number (self, &self->n_messages, count, PH_MAILBOX_PROP_N_MESSAGES);
}

/* @uid is in use: the next one is above it. */
static void
note_used (PhMailbox *self, guint32 uid)
{
  if (uid >= self->uid_next && uid < PH_MESSAGE_SET_STAR)
    set_number (self, &self->uid_next, uid + 1, PH_MAILBOX_PROP_UID_NEXT);
}

static void
learn_uids (PhMailbox *self, guint32 number, PhMessageSet *uids)
{
  guint n_ranges = ph_message_set_get_n_ranges (uids);
  guint32 first = 0, last = 0;

  if (self->uids == NULL || n_ranges == 0)
    return;
  if (number == 1 && ph_message_set_get_count (uids) == self->n_messages)
    {
      ph_uid_map_load (self->uids, uids);
      ph_message_set_get_range (uids, n_ranges - 1, &first, &last);
      note_used (self, last);
      return;
    }
  for (guint i = 0; i < n_ranges; i++)
    {
      ph_message_set_get_range (uids, i, &first, &last);
      for (guint32 uid = first; uid <= last && number <= self->n_messages; uid++, number++)
        if (!ph_uid_map_learn (self->uids, number, uid))
          {
            /* The server contradicts itself: what it said last counts, and nothing of what it said before. */
            ph_uid_map_forget (self->uids);
            ph_uid_map_learn (self->uids, number, uid);
          }
    }
  note_used (self, last);
}

static void
change_flags (PhMailbox *self, PhMessage *message)
{
  if (ph_message_get_mod_seq (message) > self->highest_mod_seq)
    set_mod_seq (self, ph_message_get_mod_seq (message));
  g_signal_emit (self, ph_mailbox_signals[PH_MAILBOX_FLAGS_CHANGED], 0, message);
}

/**
 * ph_mailbox_apply: (skip)
 * @self: a mailbox
 * @change: what the engine says
 *
 * For engines while SELECT runs, afterwards the session's business: makes @change true, notifies the
 * properties that it alters and emits #PhMailbox::message-removed or #PhMailbox::flags-changed.
 */
void
ph_mailbox_apply (PhMailbox *self, const PhMailboxChange *change)
{
  g_return_if_fail (PH_IS_MAILBOX (self));
  g_return_if_fail (change != NULL);

  switch (change->kind)
    {
    case PH_CHANGE_COUNT:
      set_count (self, change->number);
      break;
    case PH_CHANGE_RECENT:
      set_number (self, &self->n_recent, change->number, PH_MAILBOX_PROP_N_RECENT);
      break;
    case PH_CHANGE_UNSEEN:
      set_number (self, &self->first_unseen, change->number, PH_MAILBOX_PROP_FIRST_UNSEEN);
      break;
    case PH_CHANGE_REMOVED:
      remove_message (self, change->number, change->uid);
      break;
    case PH_CHANGE_UID_VALIDITY:
      set_number (self, &self->uid_validity, change->number, PH_MAILBOX_PROP_UID_VALIDITY);
      break;
    case PH_CHANGE_UID_NEXT:
      set_number (self, &self->uid_next, change->number, PH_MAILBOX_PROP_UID_NEXT);
      break;
    case PH_CHANGE_MOD_SEQ:
      set_mod_seq (self, change->mod_seq);
      break;
    case PH_CHANGE_FLAGS:
      if (set_words (self, &self->flags, change->words, PH_MAILBOX_PROP_FLAGS) && self->permanent_flags == NULL)
        g_object_notify_by_pspec (G_OBJECT (self), ph_mailbox_properties[PH_MAILBOX_PROP_PERMANENT_FLAGS]);
      break;
    case PH_CHANGE_PERMANENT_FLAGS:
      set_words (self, &self->permanent_flags, change->words, PH_MAILBOX_PROP_PERMANENT_FLAGS);
      break;
    case PH_CHANGE_READ_ONLY:
      set_boolean (self, &self->read_only, change->number != 0, PH_MAILBOX_PROP_READ_ONLY);
      break;
    case PH_CHANGE_UIDS_STICK:
      set_boolean (self, &self->uids_stick, change->number != 0, PH_MAILBOX_PROP_UIDS_STICK);
      break;
    case PH_CHANGE_MESSAGE:
      if (change->message != NULL)
        change_flags (self, change->message);
      break;
    case PH_CHANGE_DESELECTED:
      set_boolean (self, &self->selected, FALSE, PH_MAILBOX_PROP_SELECTED);
      break;
    case PH_CHANGE_UIDS:
      if (change->uids != NULL && change->number > 0)
        learn_uids (self, change->number, change->uids);
      break;
    default:
      break;
    }
}

void
ph_mailbox_emit_added (PhMailbox *self, guint32 number, guint32 uid)
{
  g_signal_emit (self, ph_mailbox_signals[PH_MAILBOX_MESSAGE_ADDED], 0, number, uid);
}

guint32
ph_mailbox_get_first_new (PhMailbox *self)
{
  return self->first_new;
}

void
ph_mailbox_set_first_new (PhMailbox *self, guint32 number)
{
  self->first_new = number;
}
