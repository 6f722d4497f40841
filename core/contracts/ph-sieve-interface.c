/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSieve: the typed interface of extensions that name the script for what happens in a mailbox (RFC 6785). */
#include <posthorn/posthorn.h>

/**
 * PhSieve:
 *
 * Which Sieve script a server runs when a message is put into a mailbox, or its flags change (IMAPSIEVE, RFC 6785). Scripts themselves are kept by a
 * ManageSieve server. A program has it from `ph_session_require_extension (session, PH_TYPE_SIEVE, …)`. An extension implements it by
 * making commands; what runs them is the library's.
 */
G_DEFINE_INTERFACE (PhSieve, ph_sieve, PH_TYPE_EXTENSION)

static void
ph_sieve_default_init (PhSieveInterface *iface)
{
}

/**
 * ph_sieve_get_url:
 * @self: a session's scripts
 *
 * Where the scripts are kept: a ManageSieve server that the server names in its capability (RFC 6785 section 2.1). The host is the server's
 * choice: show it no password without asking the person.
 *
 * Returns: (transfer full) (nullable): `sieve://sieve.example.com`; %NULL where the session has ended
 */
char *
ph_sieve_get_url (PhSieve *self)
{
  g_return_val_if_fail (PH_IS_SIEVE (self), NULL);

  return PH_SIEVE_GET_IFACE (self)->get_url (self);
}
