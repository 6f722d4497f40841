/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhNotifyRequest: which mailboxes a server is to tell of, and what of them (RFC 5465 sections 5 and 6). */
#include <posthorn/posthorn.h>

/**
 * PhNotifyRequest:
 *
 * What a server is asked to tell of by [method@Notify.set]: groups of mailboxes and events. Several groups may name the same mailbox; of
 * the selected one only the group with %PH_NOTIFY_SELECTED or %PH_NOTIFY_SELECTED_DELAYED counts for messages, and without such a
 * group nothing is told of it.
 *
 * ```c
 * g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
 * ph_notify_request_add (request, PH_NOTIFY_SELECTED_DELAYED, NULL, PH_NOTIFY_FLAGS);
 * ph_notify_request_add (request, PH_NOTIFY_PERSONAL, NULL, PH_NOTIFY_MESSAGES | PH_NOTIFY_NAMES);
 * ```
 *
 * What can't be asked for is an error of [method@Notify.set], before anything is sent.
 */
typedef struct {
  PhNotifyScope  scope;
  PhNotifyEvents events;
  char         **mailboxes;
} Group;

struct _PhNotifyRequest {
  GObject parent_instance;

  GArray *groups;
  char   *fetch;
};

G_DEFINE_FINAL_TYPE (PhNotifyRequest, ph_notify_request, G_TYPE_OBJECT)

static void
clear_group (gpointer data)
{
  g_strfreev (((Group *) data)->mailboxes);
}

static void
ph_notify_request_finalize (GObject *object)
{
  PhNotifyRequest *self = PH_NOTIFY_REQUEST (object);

  g_array_unref (self->groups);
  g_free (self->fetch);
  G_OBJECT_CLASS (ph_notify_request_parent_class)->finalize (object);
}

static void
ph_notify_request_class_init (PhNotifyRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_notify_request_finalize;
}

static void
ph_notify_request_init (PhNotifyRequest *self)
{
  self->groups = g_array_new (FALSE, TRUE, sizeof (Group));
  g_array_set_clear_func (self->groups, clear_group);
}

/**
 * ph_notify_request_new:
 *
 * Returns: (transfer full): a request without any group
 */
PhNotifyRequest *
ph_notify_request_new (void)
{
  return g_object_new (PH_TYPE_NOTIFY_REQUEST, NULL);
}

/**
 * ph_notify_request_add:
 * @self: a request
 * @scope: which mailboxes
 * @mailboxes: (nullable) (array zero-terminated=1): their names, UTF-8, for %PH_NOTIFY_SUBTREE and %PH_NOTIFY_MAILBOXES; else %NULL
 * @events: what to tell of them
 *
 * Adds a group. Names are no patterns. One that does not exist is ignored by the server (RFC 5465 section 3.1).
 *
 * Returns: (transfer none): @self
 */
PhNotifyRequest *
ph_notify_request_add (PhNotifyRequest   *self,
                       PhNotifyScope      scope,
                       const char *const *mailboxes,
                       PhNotifyEvents     events)
{
  Group group = { scope, events, NULL };

  g_return_val_if_fail (PH_IS_NOTIFY_REQUEST (self), NULL);

  group.mailboxes = mailboxes != NULL && *mailboxes != NULL ? g_strdupv ((char **) mailboxes) : NULL;
  g_array_append_val (self->groups, group);
  return self;
}

/**
 * ph_notify_request_set_fetch:
 * @self: a request
 * @items: (nullable): FETCH items as the RFC writes them, `UID FLAGS ENVELOPE BODY.PEEK[HEADER.FIELDS (LIST-ID)]`
 *
 * What comes with each new message of the selected mailbox, by #PhNotify::message. The UID is always among it. Items that set `\Seen` make
 * new mail read, and should not be asked for.
 *
 * Returns: (transfer none): @self
 */
PhNotifyRequest *
ph_notify_request_set_fetch (PhNotifyRequest *self,
                             const char      *items)
{
  g_return_val_if_fail (PH_IS_NOTIFY_REQUEST (self), NULL);

  g_free (self->fetch);
  self->fetch = items != NULL && *items != '\0' ? g_strdup (items) : NULL;
  return self;
}

/**
 * ph_notify_request_get_fetch:
 * @self: a request
 *
 * Returns: (nullable): what comes with new messages of the selected mailbox
 */
const char *
ph_notify_request_get_fetch (PhNotifyRequest *self)
{
  g_return_val_if_fail (PH_IS_NOTIFY_REQUEST (self), NULL);

  return self->fetch;
}

/**
 * ph_notify_request_get_n_groups:
 * @self: a request
 *
 * Returns: how many groups there are
 */
guint
ph_notify_request_get_n_groups (PhNotifyRequest *self)
{
  g_return_val_if_fail (PH_IS_NOTIFY_REQUEST (self), 0);

  return self->groups->len;
}

/**
 * ph_notify_request_get_scope:
 * @self: a request
 * @index: which group, from 0
 *
 * Returns: its mailboxes
 */
PhNotifyScope
ph_notify_request_get_scope (PhNotifyRequest *self,
                             guint            index)
{
  g_return_val_if_fail (PH_IS_NOTIFY_REQUEST (self) && index < self->groups->len, PH_NOTIFY_PERSONAL);

  return g_array_index (self->groups, Group, index).scope;
}

/**
 * ph_notify_request_get_events:
 * @self: a request
 * @index: which group, from 0
 *
 * Returns: what is told of it
 */
PhNotifyEvents
ph_notify_request_get_events (PhNotifyRequest *self,
                              guint            index)
{
  g_return_val_if_fail (PH_IS_NOTIFY_REQUEST (self) && index < self->groups->len, PH_NOTIFY_NOTHING);

  return g_array_index (self->groups, Group, index).events;
}

/**
 * ph_notify_request_get_mailboxes:
 * @self: a request
 * @index: which group, from 0
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): the names of its mailboxes, where it has any
 */
const char *const *
ph_notify_request_get_mailboxes (PhNotifyRequest *self,
                                 guint            index)
{
  g_return_val_if_fail (PH_IS_NOTIFY_REQUEST (self) && index < self->groups->len, NULL);

  return (const char *const *) g_array_index (self->groups, Group, index).mailboxes;
}
