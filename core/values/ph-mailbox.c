/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailbox: the selected mailbox, kept true by the changes that the engine reports. */
#include "ph-mailbox-private.h"

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
struct _PhMailbox {
  GObject parent_instance;

  char *name;

  /* what the server told last */
  guint32 n_messages;
  guint32 n_recent;
  guint32 first_unseen;
  guint32 uid_validity;
  guint32 uid_next;
  guint64 highest_mod_seq;
  char **flags;
  char **permanent_flags; /* NULL until told: then all flags are permanent, RFC 9051 section 6.3.2 */
  gboolean read_only;
  gboolean selected;
};

G_DEFINE_FINAL_TYPE (PhMailbox, ph_mailbox, G_TYPE_OBJECT)

enum {
  PROP_NAME = 1,
  PROP_N_MESSAGES,
  PROP_N_RECENT,
  PROP_FIRST_UNSEEN,
  PROP_UID_VALIDITY,
  PROP_UID_NEXT,
  PROP_HIGHEST_MOD_SEQ,
  PROP_FLAGS,
  PROP_PERMANENT_FLAGS,
  PROP_READ_ONLY,
  PROP_SELECTED,
  N_PROPERTIES
};

enum {
  MESSAGE_ADDED,
  MESSAGE_REMOVED,
  FLAGS_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void
ph_mailbox_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PhMailbox *self = PH_MAILBOX (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_N_MESSAGES:
      g_value_set_uint (value, self->n_messages);
      break;
    case PROP_N_RECENT:
      g_value_set_uint (value, self->n_recent);
      break;
    case PROP_FIRST_UNSEEN:
      g_value_set_uint (value, self->first_unseen);
      break;
    case PROP_UID_VALIDITY:
      g_value_set_uint (value, self->uid_validity);
      break;
    case PROP_UID_NEXT:
      g_value_set_uint (value, self->uid_next);
      break;
    case PROP_HIGHEST_MOD_SEQ:
      g_value_set_uint64 (value, self->highest_mod_seq);
      break;
    case PROP_FLAGS:
      g_value_set_boxed (value, ph_mailbox_get_flags (self));
      break;
    case PROP_PERMANENT_FLAGS:
      g_value_set_boxed (value, ph_mailbox_get_permanent_flags (self));
      break;
    case PROP_READ_ONLY:
      g_value_set_boolean (value, self->read_only);
      break;
    case PROP_SELECTED:
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
  G_OBJECT_CLASS (ph_mailbox_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * PhMailbox:name:
   *
   * The mailbox' name in UTF-8.
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  /**
   * PhMailbox:n-messages:
   *
   * How many messages there are.
   */
  properties[PROP_N_MESSAGES] = g_param_spec_uint ("n-messages", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  /**
   * PhMailbox:n-recent:
   *
   * How many messages are new to this session; IMAP4rev1 servers only.
   */
  properties[PROP_N_RECENT] = g_param_spec_uint ("n-recent", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  /**
   * PhMailbox:first-unseen:
   *
   * The sequence number of the first unseen message; 0 unknown.
   */
  properties[PROP_FIRST_UNSEEN] = g_param_spec_uint ("first-unseen", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  /**
   * PhMailbox:uid-validity:
   *
   * What the UIDs are good for: with another value all UIDs are new. 0 unknown.
   */
  properties[PROP_UID_VALIDITY] = g_param_spec_uint ("uid-validity", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  /**
   * PhMailbox:uid-next:
   *
   * The UID that the next message will have at least; 0 unknown.
   */
  properties[PROP_UID_NEXT] = g_param_spec_uint ("uid-next", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  /**
   * PhMailbox:highest-mod-seq:
   *
   * The highest mod-sequence of any message (RFC 7162); 0 where the server keeps none.
   */
  properties[PROP_HIGHEST_MOD_SEQ] = g_param_spec_uint64 ("highest-mod-seq", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  /**
   * PhMailbox:flags:
   *
   * The flags that messages of this mailbox can have.
   */
  properties[PROP_FLAGS] = g_param_spec_boxed ("flags", NULL, NULL, G_TYPE_STRV, flags);
  /**
   * PhMailbox:permanent-flags:
   *
   * The flags that a change of is kept; with "\\*" among them new keywords can be made.
   */
  properties[PROP_PERMANENT_FLAGS] = g_param_spec_boxed ("permanent-flags", NULL, NULL, G_TYPE_STRV, flags);
  /**
   * PhMailbox:read-only:
   *
   * Nothing in it can be changed.
   */
  properties[PROP_READ_ONLY] = g_param_spec_boolean ("read-only", NULL, NULL, FALSE, flags);
  /**
   * PhMailbox:selected:
   *
   * It is still the one that the session has selected.
   */
  properties[PROP_SELECTED] = g_param_spec_boolean ("selected", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ph_mailbox_class_init (PhMailboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ph_mailbox_get_property;
  object_class->finalize = ph_mailbox_finalize;
  install_properties (object_class);

  /**
   * PhMailbox::message-added:
   * @self: the mailbox
   * @number: its sequence number
   * @uid: its UID, 0 where the server did not say it
   *
   * A message is new in the mailbox.
   */
  signals[MESSAGE_ADDED] = g_signal_new ("message-added", PH_TYPE_MAILBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  /**
   * PhMailbox::message-removed:
   * @self: the mailbox
   * @number: the sequence number that it had; those above have moved down by one
   * @uid: its UID, 0 where that isn't known
   *
   * A message is gone.
   */
  signals[MESSAGE_REMOVED] = g_signal_new ("message-removed", PH_TYPE_MAILBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  /**
   * PhMailbox::flags-changed:
   * @self: the mailbox
   * @message: what the server told: flags, mostly UID, perhaps more
   *
   * The server told new flags of a message without having been asked.
   */
  signals[FLAGS_CHANGED] = g_signal_new ("flags-changed", PH_TYPE_MAILBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, PH_TYPE_MESSAGE);
}

static void
ph_mailbox_init (PhMailbox *self)
{
  self->flags = g_new0 (char *, 1);
  self->selected = TRUE;
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

static void
set_number (PhMailbox *self, guint32 *field, guint32 number, guint property)
{
  if (*field == number)
    return;
  *field = number;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_boolean (PhMailbox *self, gboolean *field, gboolean value, guint property)
{
  if (*field == value)
    return;
  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_mod_seq (PhMailbox *self, guint64 mod_seq)
{
  if (self->highest_mod_seq == mod_seq)
    return;
  self->highest_mod_seq = mod_seq;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HIGHEST_MOD_SEQ]);
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
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
  return TRUE;
}

static void
remove_message (PhMailbox *self, guint32 number, guint32 uid)
{
  /* A number that isn't there is the server's mistake; counting down for it would only spread it. */
  if (self->n_messages == 0 || number > self->n_messages)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  set_number (self, &self->n_messages, self->n_messages - 1, PROP_N_MESSAGES);
  if (number != 0 && number < self->first_unseen)
    set_number (self, &self->first_unseen, self->first_unseen - 1, PROP_FIRST_UNSEEN);
  else if (number != 0 && number == self->first_unseen)
    set_number (self, &self->first_unseen, 0, PROP_FIRST_UNSEEN);
  g_object_thaw_notify (G_OBJECT (self));
  g_signal_emit (self, signals[MESSAGE_REMOVED], 0, number, uid);
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
      set_number (self, &self->n_messages, change->number, PROP_N_MESSAGES);
      break;
    case PH_CHANGE_RECENT:
      set_number (self, &self->n_recent, change->number, PROP_N_RECENT);
      break;
    case PH_CHANGE_UNSEEN:
      set_number (self, &self->first_unseen, change->number, PROP_FIRST_UNSEEN);
      break;
    case PH_CHANGE_REMOVED:
      remove_message (self, change->number, change->uid);
      break;
    case PH_CHANGE_UID_VALIDITY:
      set_number (self, &self->uid_validity, change->number, PROP_UID_VALIDITY);
      break;
    case PH_CHANGE_UID_NEXT:
      set_number (self, &self->uid_next, change->number, PROP_UID_NEXT);
      break;
    case PH_CHANGE_MOD_SEQ:
      set_mod_seq (self, change->mod_seq);
      break;
    case PH_CHANGE_FLAGS:
      if (set_words (self, &self->flags, change->words, PROP_FLAGS) && self->permanent_flags == NULL)
        g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PERMANENT_FLAGS]);
      break;
    case PH_CHANGE_PERMANENT_FLAGS:
      set_words (self, &self->permanent_flags, change->words, PROP_PERMANENT_FLAGS);
      break;
    case PH_CHANGE_READ_ONLY:
      set_boolean (self, &self->read_only, change->number != 0, PROP_READ_ONLY);
      break;
    case PH_CHANGE_MESSAGE:
      if (change->message != NULL)
        g_signal_emit (self, signals[FLAGS_CHANGED], 0, change->message);
      break;
    case PH_CHANGE_DESELECTED:
      set_boolean (self, &self->selected, FALSE, PROP_SELECTED);
      break;
    default:
      break;
    }
}

void
ph_mailbox_emit_added (PhMailbox *self, guint32 number, guint32 uid)
{
  g_signal_emit (self, signals[MESSAGE_ADDED], 0, number, uid);
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
