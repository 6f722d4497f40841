/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailboxMatch: what a search found in one mailbox. */
#include <posthorn/posthorn.h>

/**
 * PhMailboxMatch:
 *
 * What [method@Multisearch.search] found in one of several mailboxes. Not changed once it is made.
 */
struct _PhMailboxMatch {
  gatomicrefcount refs;
  char           *mailbox;
  guint32         uid_validity;
  PhMessageSet   *uids;
};

G_DEFINE_BOXED_TYPE (PhMailboxMatch, ph_mailbox_match, ph_mailbox_match_ref, ph_mailbox_match_unref)

/**
 * ph_mailbox_match_new: (skip)
 * @mailbox: its name, UTF-8
 * @uid_validity: 0 where it isn't told
 * @uids: referenced
 *
 * For extensions.
 *
 * Returns: (transfer full): a row
 */
PhMailboxMatch *
ph_mailbox_match_new (const char *mailbox, guint32 uid_validity, PhMessageSet *uids)
{
  g_return_val_if_fail (mailbox != NULL && uids != NULL, NULL);

  PhMailboxMatch *self = g_new0 (PhMailboxMatch, 1);
  g_atomic_ref_count_init (&self->refs);
  self->mailbox = g_utf8_make_valid (mailbox, -1);
  self->uid_validity = uid_validity;
  self->uids = ph_message_set_ref (uids);
  return self;
}

/**
 * ph_mailbox_match_ref:
 * @self: a row
 *
 * Takes a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhMailboxMatch *
ph_mailbox_match_ref (PhMailboxMatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_mailbox_match_unref:
 * @self: (transfer full): a row
 *
 * Gives up a reference; any thread may.
 */
void
ph_mailbox_match_unref (PhMailboxMatch *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->mailbox);
  ph_message_set_unref (self->uids);
  g_free (self);
}

/**
 * ph_mailbox_match_get_mailbox:
 * @self: a row
 *
 * Returns: the mailbox' name, UTF-8
 */
const char *
ph_mailbox_match_get_mailbox (PhMailboxMatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->mailbox;
}

/**
 * ph_mailbox_match_get_uid_validity:
 * @self: a row
 *
 * Returns: the mailbox' UIDVALIDITY, without which the UIDs mean nothing; 0: the server did not tell
 */
guint32
ph_mailbox_match_get_uid_validity (PhMailboxMatch *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->uid_validity;
}

/**
 * ph_mailbox_match_get_uids:
 * @self: a row
 *
 * Returns: (transfer none): the messages that match
 */
PhMessageSet *
ph_mailbox_match_get_uids (PhMailboxMatch *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->uids;
}
