/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhLoginReferrals, PhMailboxReferrals: the typed interfaces of extensions by which servers refer to others (RFC 2221, RFC 2193). */
#include <posthorn/posthorn.h>

/**
 * PhLoginReferrals:
 *
 * A login that succeeded, while the user's own mailboxes are elsewhere (RFC 2221). A program has it from
 * `ph_session_get_extension (session, PH_TYPE_LOGIN_REFERRALS)`. A refused login needs none of it: `ph_error_get_referrals ()`.
 */
G_DEFINE_INTERFACE (PhLoginReferrals, ph_login_referrals, PH_TYPE_EXTENSION)

/**
 * PhMailboxReferrals:
 *
 * Lists that have mailboxes of other servers in them (RFC 2193). A program has it from
 * `ph_session_get_extension (session, PH_TYPE_MAILBOX_REFERRALS)`, which is %NULL where the server can't.
 */
G_DEFINE_INTERFACE (PhMailboxReferrals, ph_mailbox_referrals, PH_TYPE_EXTENSION)

static void
ph_login_referrals_default_init (PhLoginReferralsInterface *iface)
{
}

static void
ph_mailbox_referrals_default_init (PhMailboxReferralsInterface *iface)
{
}

/**
 * ph_login_referrals_get_home:
 * @self: a session's
 *
 * Where the server said that the user's own mailboxes are, when the login succeeded (RFC 2221 section 4.1).
 *
 * Returns: (transfer none) (nullable): a referral; %NULL: it said nothing of the kind
 */
PhReferral *
ph_login_referrals_get_home (PhLoginReferrals *self)
{
  g_return_val_if_fail (PH_IS_LOGIN_REFERRALS (self), NULL);

  return PH_LOGIN_REFERRALS_GET_IFACE (self)->get_home (self);
}
