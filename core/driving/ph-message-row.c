/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMessageRow: one message of a list. */
#include "ph-message-row-private.h"

/**
 * PhMessageRow:
 *
 * One message of a [class@MessageList]. As long as somebody holds it, the list gives the same object for the same message. Its
 * [property@MessageRow:message] comes later than itself, and is notified.
 */
struct _PhMessageRow {
  GObject    parent_instance;
  guint32    uid;
  PhMessage *message;
  char     **flags;
};

enum { PROP_0, PROP_UID, PROP_MESSAGE, PROP_FLAGS, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (PhMessageRow, ph_message_row, G_TYPE_OBJECT)

static void
ph_message_row_finalize (GObject *object)
{
  PhMessageRow *self = PH_MESSAGE_ROW (object);

  g_clear_pointer (&self->message, ph_message_unref);
  g_strfreev (self->flags);
  G_OBJECT_CLASS (ph_message_row_parent_class)->finalize (object);
}

static void
ph_message_row_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  PhMessageRow *self = PH_MESSAGE_ROW (object);

  switch (id)
    {
    case PROP_UID:
      g_value_set_uint (value, self->uid);
      break;
    case PROP_MESSAGE:
      g_value_set_boxed (value, self->message);
      break;
    case PROP_FLAGS:
      g_value_set_boxed (value, self->flags);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ph_message_row_class_init (PhMessageRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = ph_message_row_finalize;
  object_class->get_property = ph_message_row_get_property;
  /**
   * PhMessageRow:uid: (getter get_uid)
   *
   * Which message it is.
   */
  properties[PROP_UID] = g_param_spec_uint ("uid", NULL, NULL, 0, G_MAXUINT32, 0, flags);
  /**
   * PhMessageRow:message: (getter get_message)
   *
   * What was fetched of it; %NULL until it has come.
   */
  properties[PROP_MESSAGE] = g_param_spec_boxed ("message", NULL, NULL, PH_TYPE_MESSAGE, flags);
  /**
   * PhMessageRow:flags: (getter get_flags)
   *
   * Its flags, kept true.
   */
  properties[PROP_FLAGS] = g_param_spec_boxed ("flags", NULL, NULL, G_TYPE_STRV, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
ph_message_row_init (PhMessageRow *self)
{
  self->flags = g_new0 (char *, 1);
}

PhMessageRow *
ph_message_row_new (guint32 uid)
{
  PhMessageRow *self = g_object_new (PH_TYPE_MESSAGE_ROW, NULL);

  self->uid = uid;
  return self;
}

void
ph_message_row_take_flags (PhMessageRow *self,
                           PhMessage    *message)
{
  g_auto (GStrv) flags = ph_message_get_flags (message);

  if (flags == NULL || g_strv_equal ((const char *const *) flags, (const char *const *) self->flags))
    return;
  g_strfreev (self->flags);
  self->flags = g_steal_pointer (&flags);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FLAGS]);
}

void
ph_message_row_take (PhMessageRow *self,
                     PhMessage    *message)
{
  g_object_freeze_notify (G_OBJECT (self));
  g_clear_pointer (&self->message, ph_message_unref);
  self->message = ph_message_ref (message);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE]);
  ph_message_row_take_flags (self, message);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * ph_message_row_get_uid:
 * @self: a row
 *
 * Returns: the message's UID
 */
guint32
ph_message_row_get_uid (PhMessageRow *self)
{
  g_return_val_if_fail (PH_IS_MESSAGE_ROW (self), 0);

  return self->uid;
}

/**
 * ph_message_row_get_message:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what was fetched of it; %NULL until it has come
 */
PhMessage *
ph_message_row_get_message (PhMessageRow *self)
{
  g_return_val_if_fail (PH_IS_MESSAGE_ROW (self), NULL);

  return self->message;
}

/**
 * ph_message_row_get_flags:
 * @self: a row
 *
 * Returns: (transfer none) (array zero-terminated=1): the message's flags as they are now; empty until they are known. Valid until they
 *   change
 */
const char *const *
ph_message_row_get_flags (PhMessageRow *self)
{
  g_return_val_if_fail (PH_IS_MESSAGE_ROW (self), NULL);

  return (const char *const *) self->flags;
}

/**
 * ph_message_row_has_flag:
 * @self: a row
 * @flag: `\Seen`, `$Junk` …; case does not matter
 *
 * Returns: whether the message has that flag now
 */
gboolean
ph_message_row_has_flag (PhMessageRow *self,
                         const char   *flag)
{
  g_return_val_if_fail (PH_IS_MESSAGE_ROW (self), FALSE);
  g_return_val_if_fail (flag != NULL, FALSE);

  for (char **word = self->flags; *word != NULL; word++)
    if (g_ascii_strcasecmp (*word, flag) == 0)
      return TRUE;
  return FALSE;
}
