/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhAccount: a mail account that is set up already. */
#include <posthorn/posthorn.h>

/**
 * PhAccount:
 *
 * A mail account that a person has set up somewhere, in GNOME's settings for one, as a source of credentials knows it:
 * [method@Credentials.list_accounts]. A program opens its sessions with [method@Account.get_uris] and the source that named it.
 *
 * It does not change, and any thread can use it.
 */
struct _PhAccount {
  char    *id;
  char    *label;
  char    *address;
  char   **uris;
  gboolean needs_attention;
};

G_DEFINE_BOXED_TYPE (PhAccount, ph_account, ph_account_ref, ph_account_unref)

/**
 * ph_account_new:
 * @id: what tells it from others
 * @label: its name for people
 * @address: (nullable): the mail address
 * @uris: (array zero-terminated=1): its servers
 * @needs_attention: a person must do something about it first
 *
 * Makes the description of an account, in a source of credentials.
 *
 * Returns: (transfer full): the account
 */
PhAccount *
ph_account_new (const char *id, const char *label, const char *address, const char *const *uris, gboolean needs_attention)
{
  PhAccount *self;

  g_return_val_if_fail (id != NULL && label != NULL && uris != NULL, NULL);

  self = g_atomic_rc_box_new0 (PhAccount);
  self->id = g_strdup (id);
  self->label = g_strdup (label);
  self->address = g_strdup (address);
  self->uris = g_strdupv ((char **) uris);
  self->needs_attention = needs_attention;
  return self;
}

static void
clear (gpointer data)
{
  PhAccount *self = data;

  g_free (self->id);
  g_free (self->label);
  g_free (self->address);
  g_strfreev (self->uris);
}

/**
 * ph_account_ref:
 * @self: an account
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhAccount *
ph_account_ref (PhAccount *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * ph_account_unref:
 * @self: (transfer full): an account
 *
 * Drops a reference.
 */
void
ph_account_unref (PhAccount *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}

/**
 * ph_account_get_id:
 * @self: an account
 *
 * Gets what tells the account from others and stays the same, for a program's settings. It is not for people.
 *
 * Returns: (transfer none): the identifier
 */
const char *
ph_account_get_id (PhAccount *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->id;
}

/**
 * ph_account_get_label:
 * @self: an account
 *
 * Gets the account's name for people, its address most often.
 *
 * Returns: (transfer none): the name
 */
const char *
ph_account_get_label (PhAccount *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->label;
}

/**
 * ph_account_get_address:
 * @self: an account
 *
 * Gets the address that the account's mail comes from.
 *
 * Returns: (nullable) (transfer none): the address
 */
const char *
ph_account_get_address (PhAccount *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->address;
}

/**
 * ph_account_get_uris:
 * @self: an account
 *
 * Gets the account's servers, each as [ctor@Session.new] takes it, with its user. The scheme says how there is TLS: `imaps:` from the first
 * octet, `imap:` by STARTTLS.
 *
 * Returns: (transfer none) (array zero-terminated=1): the URIs; may be empty
 */
const char *const *
ph_account_get_uris (PhAccount *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->uris;
}

/**
 * ph_account_needs_attention:
 * @self: an account
 *
 * Whether a person has to do something about the account before anybody can log in: to type a new password, to agree again.
 *
 * Returns: %TRUE where that is so
 */
gboolean
ph_account_needs_attention (PhAccount *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->needs_attention;
}
