/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailbox: the selected mailbox, kept true by the changes that the engine reports. */
#include "ph-mailbox-data.h"

/**
 * PhMailbox:
 *
 * The mailbox that a [class@Store] has selected, as the server tells of it. While it is selected its
 * properties follow the server's word, and each change is notified; afterwards they stay as they
 * were last.
 *
 * Signals come from the session, in the thread that drives it, after a step and never in the middle
 * of one.
 */
G_DEFINE_FINAL_TYPE (PhMailbox, ph_mailbox, G_TYPE_OBJECT)

GParamSpec *ph_mailbox_properties[PH_MAILBOX_N_PROPERTIES];
guint ph_mailbox_signals[PH_MAILBOX_N_SIGNALS];

static void
ph_mailbox_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PhMailbox *self = PH_MAILBOX (object);

  switch (id)
    {
    case PH_MAILBOX_PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PH_MAILBOX_PROP_N_MESSAGES:
      g_value_set_uint (value, self->n_messages);
      break;
    case PH_MAILBOX_PROP_N_RECENT:
      g_value_set_uint (value, self->n_recent);
      break;
    case PH_MAILBOX_PROP_FIRST_UNSEEN:
      g_value_set_uint (value, self->first_unseen);
      break;
    case PH_MAILBOX_PROP_UID_VALIDITY:
      g_value_set_uint (value, self->uid_validity);
      break;
    case PH_MAILBOX_PROP_UID_NEXT:
      g_value_set_uint (value, self->uid_next);
      break;
    case PH_MAILBOX_PROP_HIGHEST_MOD_SEQ:
      g_value_set_uint64 (value, self->highest_mod_seq);
      break;
    case PH_MAILBOX_PROP_FLAGS:
      g_value_set_boxed (value, ph_mailbox_get_flags (self));
      break;
    case PH_MAILBOX_PROP_PERMANENT_FLAGS:
      g_value_set_boxed (value, ph_mailbox_get_permanent_flags (self));
      break;
    case PH_MAILBOX_PROP_READ_ONLY:
      g_value_set_boolean (value, self->read_only);
      break;
    case PH_MAILBOX_PROP_UIDS_STICK:
      g_value_set_boolean (value, self->uids_stick);
      break;
    case PH_MAILBOX_PROP_SELECTED:
      g_value_set_boolean (value, self->selected);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ph_mailbox_finalize (GObject *object)
{
  PhMailbox *self = PH_MAILBOX (object);

  g_free (self->name);
  g_strfreev (self->flags);
  g_strfreev (self->permanent_flags);
  g_clear_pointer (&self->uids, ph_uid_map_free);
  G_OBJECT_CLASS (ph_mailbox_parent_class)->finalize (object);
}

static void
add_numbers (GParamFlags flags)
{
  /**
   * PhMailbox:n-messages:
   *
   * How many messages there are.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_N_MESSAGES] = g_param_spec_uint ("n-messages", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  /**
   * PhMailbox:n-recent:
   *
   * How many messages are new to this session; IMAP4rev1 servers only.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_N_RECENT] = g_param_spec_uint ("n-recent", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  /**
   * PhMailbox:first-unseen:
   *
   * The sequence number of the first unseen message; 0 unknown.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_FIRST_UNSEEN] = g_param_spec_uint ("first-unseen", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  /**
   * PhMailbox:uid-validity:
   *
   * What the UIDs are good for: with another value all UIDs are new. 0 unknown.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_UID_VALIDITY] = g_param_spec_uint ("uid-validity", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  /**
   * PhMailbox:uid-next:
   *
   * The UID that the next message will have at least; 0 unknown.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_UID_NEXT] = g_param_spec_uint ("uid-next", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  /**
   * PhMailbox:highest-mod-seq:
   *
   * The highest mod-sequence of any message (RFC 7162); 0 where the server keeps none.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_HIGHEST_MOD_SEQ] = g_param_spec_uint64 ("highest-mod-seq", NULL, NULL, 0, G_MAXUINT64, 0, flags);
}

static void
add_facts (GParamFlags flags)
{
  /**
   * PhMailbox:name:
   *
   * The mailbox' name in UTF-8.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  /**
   * PhMailbox:flags:
   *
   * The flags that messages of this mailbox can have.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_FLAGS] = g_param_spec_boxed ("flags", NULL, NULL, G_TYPE_STRV, flags);
  /**
   * PhMailbox:permanent-flags:
   *
   * The flags that a change of is kept; with "\\*" among them new keywords can be made.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_PERMANENT_FLAGS] = g_param_spec_boxed ("permanent-flags", NULL, NULL, G_TYPE_STRV, flags);
  /**
   * PhMailbox:read-only:
   *
   * Nothing in it can be changed.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_READ_ONLY] = g_param_spec_boolean ("read-only", NULL, NULL, FALSE, flags);
  /**
   * PhMailbox:uids-stick:
   *
   * A message has the same UID whenever the mailbox is selected, as long as UIDVALIDITY is the same. Where not (UIDNOTSTICKY, RFC 4315
   * section 3), nothing that is known by UID is worth keeping.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_UIDS_STICK] = g_param_spec_boolean ("uids-stick", NULL, NULL, TRUE, flags);
  /**
   * PhMailbox:selected:
   *
   * It is still the one that the session has selected.
   */
  ph_mailbox_properties[PH_MAILBOX_PROP_SELECTED] = g_param_spec_boolean ("selected", NULL, NULL, TRUE, flags);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  add_numbers (flags);
  add_facts (flags);
  g_object_class_install_properties (object_class, PH_MAILBOX_N_PROPERTIES, ph_mailbox_properties);
}

static void
install_signals (void)
{
  /**
   * PhMailbox::message-added:
   * @self: the mailbox
   * @number: its sequence number
   * @uid: its UID, 0 where the server did not say it
   *
   * A message is new in the mailbox.
   */
  ph_mailbox_signals[PH_MAILBOX_MESSAGE_ADDED] = g_signal_new ("message-added", PH_TYPE_MAILBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  /**
   * PhMailbox::message-removed:
   * @self: the mailbox
   * @number: the sequence number that it had; those above have moved down by one
   * @uid: its UID, 0 where that isn't known
   *
   * A message is gone.
   */
  ph_mailbox_signals[PH_MAILBOX_MESSAGE_REMOVED] = g_signal_new ("message-removed", PH_TYPE_MAILBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  /**
   * PhMailbox::flags-changed:
   * @self: the mailbox
   * @message: what the server told: flags, mostly UID, perhaps more
   *
   * The server told new flags of a message without having been asked.
   */
  ph_mailbox_signals[PH_MAILBOX_FLAGS_CHANGED] = g_signal_new ("flags-changed", PH_TYPE_MAILBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, PH_TYPE_MESSAGE);
  /**
   * PhMailbox::uid-validity-changed:
   * @self: the mailbox
   * @before: the value that it had
   *
   * The mailbox was made anew on the server: no UID of before means anything, and whatever was kept by UID is to be thrown away. It
   * comes when a lost session was restored ([method@Store.set_restore]); #PhMailbox::message-removed and
   * #PhMailbox::message-added don't come for the messages of before and after.
   */
  ph_mailbox_signals[PH_MAILBOX_UID_VALIDITY_CHANGED] = g_signal_new ("uid-validity-changed", PH_TYPE_MAILBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                                G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
ph_mailbox_class_init (PhMailboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ph_mailbox_get_property;
  object_class->finalize = ph_mailbox_finalize;
  install_properties (object_class);
  install_signals ();
}

static void
ph_mailbox_init (PhMailbox *self)
{
  self->flags = g_new0 (char *, 1);
  self->selected = TRUE;
  self->uids_stick = TRUE;
}

/**
 * ph_mailbox_new:
 * @name: its name in UTF-8
 *
 * For engines: a mailbox that is being selected; [method@Mailbox.apply] fills it.
 *
 * Returns: (transfer full): a new mailbox
 */
PhMailbox *
ph_mailbox_new (const char *name)
{
  PhMailbox *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (PH_TYPE_MAILBOX, NULL);
  self->name = g_strdup (name);
  return self;
}

/**
 * ph_mailbox_get_name:
 * @self: a mailbox
 *
 * Returns: (transfer none): its name in UTF-8
 */
const char *
ph_mailbox_get_name (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), NULL);

  return self->name;
}

/**
 * ph_mailbox_get_n_messages:
 * @self: a mailbox
 *
 * Returns: how many messages there are
 */
guint32
ph_mailbox_get_n_messages (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), 0);

  return self->n_messages;
}

/**
 * ph_mailbox_get_n_recent:
 * @self: a mailbox
 *
 * Returns: how many messages are new to this session (\Recent); always 0 with IMAP4rev2
 */
guint32
ph_mailbox_get_n_recent (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), 0);

  return self->n_recent;
}

/**
 * ph_mailbox_get_first_unseen:
 * @self: a mailbox
 *
 * Returns: the sequence number of the first unseen message; 0 unknown
 */
guint32
ph_mailbox_get_first_unseen (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), 0);

  return self->first_unseen;
}

/**
 * ph_mailbox_get_uid_validity:
 * @self: a mailbox
 *
 * Returns: what the UIDs are good for: keep it beside every UID that is stored; 0 unknown
 */
guint32
ph_mailbox_get_uid_validity (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), 0);

  return self->uid_validity;
}

/**
 * ph_mailbox_get_uid_next:
 * @self: a mailbox
 *
 * Returns: the UID that the next message will have at least; 0 unknown
 */
guint32
ph_mailbox_get_uid_next (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), 0);

  return self->uid_next;
}

/**
 * ph_mailbox_get_highest_mod_seq:
 * @self: a mailbox
 *
 * Returns: the highest mod-sequence (RFC 7162); 0 where the server keeps none
 */
guint64
ph_mailbox_get_highest_mod_seq (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), 0);

  return self->highest_mod_seq;
}

/**
 * ph_mailbox_get_flags:
 * @self: a mailbox
 *
 * Returns: (transfer none) (array zero-terminated=1): the flags that messages here can have; valid
 *   until the server tells others
 */
const char *const *
ph_mailbox_get_flags (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), NULL);

  return (const char *const *) self->flags;
}

/**
 * ph_mailbox_get_permanent_flags:
 * @self: a mailbox
 *
 * Returns: (transfer none) (array zero-terminated=1): the flags that a change of is kept; all flags
 *   where the server did not say. Valid until the server tells others
 */
const char *const *
ph_mailbox_get_permanent_flags (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), NULL);

  return (const char *const *) (self->permanent_flags != NULL ? self->permanent_flags : self->flags);
}

/**
 * ph_mailbox_is_read_only: (get-property read-only)
 * @self: a mailbox
 *
 * Returns: %TRUE where nothing in it can be changed
 */
gboolean
ph_mailbox_is_read_only (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), FALSE);

  return self->read_only;
}

/**
 * ph_mailbox_get_uids_stick: (get-property uids-stick)
 * @self: a mailbox
 *
 * Returns: %FALSE where UIDs are others each time that it is selected (UIDNOTSTICKY); a delta of it is always a reset
 */
gboolean
ph_mailbox_get_uids_stick (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), TRUE);

  return self->uids_stick;
}

/**
 * ph_mailbox_is_selected: (get-property selected)
 * @self: a mailbox
 *
 * Returns: %FALSE once another is selected, the mailbox is closed or the session has ended
 */
gboolean
ph_mailbox_is_selected (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), FALSE);

  return self->selected;
}

/**
 * ph_mailbox_keeps_flag:
 * @self: a mailbox
 * @flag: `\\Seen`, `$Junk` …
 *
 * Whether a change of @flag outlives the session: it is one of the permanent flags, or a keyword where new ones can be made. Where the
 * server named no permanent flags, all are (RFC 9051 section 6.3.2).
 *
 * Returns: whether a change is kept
 */
gboolean
ph_mailbox_keeps_flag (PhMailbox *self, const char *flag)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), FALSE);
  g_return_val_if_fail (flag != NULL, FALSE);

  if (self->permanent_flags == NULL)
    return TRUE;
  for (char **word = self->permanent_flags; *word != NULL; word++)
    if (g_ascii_strcasecmp (*word, flag) == 0 || (*flag != '\\' && g_str_equal (*word, "\\*")))
      return TRUE;
  return FALSE;
}

/**
 * ph_mailbox_track_uids: (skip)
 * @self: a mailbox
 *
 * For engines and the session: from now on the mailbox remembers each UID that it is told.
 */
void
ph_mailbox_track_uids (PhMailbox *self)
{
  g_return_if_fail (PH_IS_MAILBOX (self));

  if (self->uids != NULL)
    return;
  self->uids = ph_uid_map_new ();
  ph_uid_map_set_count (self->uids, self->n_messages);
}

/**
 * ph_mailbox_tracks_uids: (skip)
 * @self: a mailbox
 *
 * Returns: whether the mailbox wants to be told UIDs
 */
gboolean
ph_mailbox_tracks_uids (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), FALSE);

  return self->uids != NULL;
}

/**
 * ph_mailbox_get_uid:
 * @self: a mailbox
 * @number: a sequence number
 *
 * Which message has that number now. [method@Store.map_uids] makes all UIDs known; from then on they are kept through whatever
 * the server tells.
 *
 * Returns: its UID; 0 where that isn't known or there is no such message
 */
guint32
ph_mailbox_get_uid (PhMailbox *self, guint32 number)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), 0);

  return self->uids != NULL ? ph_uid_map_get_uid (self->uids, number) : 0;
}

/**
 * ph_mailbox_get_number:
 * @self: a mailbox
 * @uid: a UID
 *
 * Which number a message has now; see [method@Mailbox.get_uid].
 *
 * Returns: its sequence number; 0 where that isn't known or there is no such message
 */
guint32
ph_mailbox_get_number (PhMailbox *self, guint32 uid)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), 0);

  return self->uids != NULL ? ph_uid_map_get_number (self->uids, uid) : 0;
}

/**
 * ph_mailbox_has_uids:
 * @self: a mailbox
 *
 * Returns: whether the UID of every message is known
 */
gboolean
ph_mailbox_has_uids (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), FALSE);

  return self->uids != NULL && ph_uid_map_get_n_known (self->uids) == self->n_messages;
}

/**
 * ph_mailbox_get_uids:
 * @self: a mailbox
 *
 * Returns: (transfer full): the UIDs that are known
 */
PhMessageSet *
ph_mailbox_get_uids (PhMailbox *self)
{
  g_return_val_if_fail (PH_IS_MAILBOX (self), NULL);

  return self->uids != NULL ? ph_uid_map_to_set (self->uids) : ph_message_set_new (TRUE);
}
