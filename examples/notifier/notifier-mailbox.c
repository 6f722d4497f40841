/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A mailbox with its number of unread messages. */
#include "notifier-account.h"

struct _NotifierMailbox {
  GObject parent;

  char *name;
  guint n_unseen;
};

G_DEFINE_FINAL_TYPE (NotifierMailbox, notifier_mailbox, G_TYPE_OBJECT)

enum { PROP_0, PROP_NAME, PROP_N_UNSEEN, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

static void
notifier_mailbox_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  NotifierMailbox *self = NOTIFIER_MAILBOX (object);

  if (id == PROP_NAME)
    g_value_set_string (value, self->name);
  else
    g_value_set_uint (value, self->n_unseen);
}

static void
notifier_mailbox_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  NotifierMailbox *self = NOTIFIER_MAILBOX (object);

  if (id == PROP_NAME)
    self->name = g_value_dup_string (value);
  else
    self->n_unseen = g_value_get_uint (value);
}

static void
notifier_mailbox_finalize (GObject *object)
{
  g_free (NOTIFIER_MAILBOX (object)->name);
  G_OBJECT_CLASS (notifier_mailbox_parent_class)->finalize (object);
}

static void
notifier_mailbox_class_init (NotifierMailboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = notifier_mailbox_get_property;
  object_class->set_property = notifier_mailbox_set_property;
  object_class->finalize = notifier_mailbox_finalize;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_UNSEEN] = g_param_spec_uint ("n-unseen", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
notifier_mailbox_init (NotifierMailbox *self)
{
}

const char *
notifier_mailbox_get_name (NotifierMailbox *self)
{
  return self->name;
}
