/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailbox: after a loss it becomes what another object of the same mailbox knows, with the signals that tell the difference. */
#include "ph-mailbox-data.h"

static void
apply_number (PhMailbox *self, PhMailboxChangeKind kind, guint32 number)
{
  const PhMailboxChange change = { .kind = kind, .number = number };

  ph_mailbox_apply (self, &change);
}

static void
apply_words (PhMailbox *self, PhMailboxChangeKind kind, char **words)
{
  const PhMailboxChange change = { .kind = kind, .words = words };

  if (words != NULL)
    ph_mailbox_apply (self, &change);
}

/* Those of @one that @other doesn't have. (transfer full) */
static PhMessageSet *
subtract (PhUidMap *one, PhUidMap *other)
{
  g_autoptr (PhMessageSet) all = ph_uid_map_to_set (one);
  PhMessageSet *rest = ph_message_set_new (TRUE);

  for (guint i = 0; i < ph_message_set_get_n_ranges (all); i++)
    {
      guint32 first, last;

      ph_message_set_get_range (all, i, &first, &last);
      for (guint32 uid = first; uid <= last; uid++)
        if (ph_uid_map_get_number (other, uid) == 0)
          ph_message_set_add (rest, uid);
    }
  return rest;
}

static void
remove_all (PhMailbox *self, PhMessageSet *gone)
{
  for (guint i = 0; i < ph_message_set_get_n_ranges (gone); i++)
    {
      guint32 first, last;

      ph_message_set_get_range (gone, i, &first, &last);
      for (guint32 uid = first; uid <= last; uid++)
        {
          const PhMailboxChange change = { .kind = PH_CHANGE_REMOVED, .uid = uid };

          ph_mailbox_apply (self, &change);
        }
    }
}

static void
load (PhMailbox *self, PhMailbox *fresh)
{
  g_autoptr (PhMessageSet) uids = ph_uid_map_to_set (fresh->uids);
  const PhMailboxChange change = { .kind = PH_CHANGE_UIDS, .number = 1, .uids = uids };

  ph_mailbox_track_uids (self);
  ph_uid_map_forget (self->uids);
  apply_number (self, PH_CHANGE_COUNT, fresh->n_messages);
  if (ph_uid_map_get_n_known (fresh->uids) == fresh->n_messages)
    ph_mailbox_apply (self, &change);
}

static void
tell_added (PhMailbox *self, PhMessageSet *added)
{
  for (guint i = 0; i < ph_message_set_get_n_ranges (added); i++)
    {
      guint32 first, last;

      ph_message_set_get_range (added, i, &first, &last);
      for (guint32 uid = first; uid <= last; uid++)
        ph_mailbox_emit_added (self, ph_uid_map_get_number (self->uids, uid), uid);
    }
}

static void
take_messages (PhMailbox *self, PhMailbox *fresh)
{
  g_autoptr (PhMessageSet) gone = NULL;
  g_autoptr (PhMessageSet) added = NULL;

  ph_mailbox_track_uids (fresh);
  if (!ph_mailbox_has_uids (self) || !ph_mailbox_has_uids (fresh))
    {
      load (self, fresh);
      return;
    }
  gone = subtract (self->uids, fresh->uids);
  added = subtract (fresh->uids, self->uids);
  remove_all (self, gone);
  load (self, fresh);
  tell_added (self, added);
}

void
ph_mailbox_become (PhMailbox *self, PhMailbox *fresh)
{
  const PhMailboxChange mod_seq = { .kind = PH_CHANGE_MOD_SEQ, .mod_seq = fresh->highest_mod_seq };
  guint32 before = self->uid_validity;
  gboolean is_reset = !fresh->uids_stick || (before != 0 && fresh->uid_validity != 0 && before != fresh->uid_validity);

  self->first_new = 0;
  apply_words (self, PH_CHANGE_FLAGS, fresh->flags);
  apply_words (self, PH_CHANGE_PERMANENT_FLAGS, fresh->permanent_flags);
  apply_number (self, PH_CHANGE_READ_ONLY, fresh->read_only);
  apply_number (self, PH_CHANGE_UIDS_STICK, fresh->uids_stick);
  apply_number (self, PH_CHANGE_UID_VALIDITY, fresh->uid_validity);
  if (is_reset)
    {
      ph_mailbox_track_uids (fresh);
      load (self, fresh);
      apply_number (self, PH_CHANGE_UID_NEXT, fresh->uid_next);
      g_signal_emit (self, ph_mailbox_signals[PH_MAILBOX_UID_VALIDITY_CHANGED], 0, before);
    }
  else
    take_messages (self, fresh);
  if (fresh->uid_next > self->uid_next)
    apply_number (self, PH_CHANGE_UID_NEXT, fresh->uid_next);
  apply_number (self, PH_CHANGE_RECENT, fresh->n_recent);
  apply_number (self, PH_CHANGE_UNSEEN, fresh->first_unseen);
  ph_mailbox_apply (self, &mod_seq);
  if (self->selected != fresh->selected)
    {
      self->selected = fresh->selected;
      g_object_notify_by_pspec (G_OBJECT (self), ph_mailbox_properties[PH_MAILBOX_PROP_SELECTED]);
    }
}

static PhMessage *
make_message (guint32 uid, guint32 number, GStrv flags)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  PhValue *items[4];
  g_autoptr (PhValue) attributes = NULL;
  PhMessage *message;

  for (char **flag = flags; flag != NULL && *flag != NULL; flag++)
    g_ptr_array_add (words, ph_value_new_atom (*flag));
  items[0] = ph_value_new_atom ("UID");
  items[1] = ph_value_new_number (uid);
  items[2] = ph_value_new_atom ("FLAGS");
  items[3] = ph_value_new_array (words);
  attributes = ph_value_new_list (items, G_N_ELEMENTS (items));
  message = ph_message_new (number, attributes);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    ph_value_free (items[i]);
  return message;
}

void
ph_mailbox_take_flags (PhMailbox *self, PhDelta *delta)
{
  PhMessageSet *changed = ph_delta_get_changed (delta);

  for (guint i = 0; i < ph_message_set_get_n_ranges (changed); i++)
    {
      guint32 first, last;

      ph_message_set_get_range (changed, i, &first, &last);
      for (guint32 uid = first; uid <= last; uid++)
        {
          guint32 number = ph_mailbox_get_number (self, uid);
          g_auto (GStrv) flags = ph_mailbox_state_get_flags (ph_delta_get_state (delta), uid);
          g_autoptr (PhMessage) message = number != 0 ? make_message (uid, number, flags) : NULL;
          const PhMailboxChange change = { .kind = PH_CHANGE_MESSAGE, .number = number, .uid = uid, .message = message };

          ph_mailbox_apply (self, &change);
        }
    }
}
