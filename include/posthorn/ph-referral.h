/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhReferral: what a server says is elsewhere (RFC 2193, RFC 2221), and who asks for it; found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

typedef struct _PhReferral PhReferral;
#define PH_TYPE_REFERRAL (ph_referral_get_type ())
PH_AVAILABLE_IN_1_0 GType ph_referral_get_type (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhReferral *ph_referral_ref (PhReferral *self);
PH_AVAILABLE_IN_1_0 void ph_referral_unref (PhReferral *self);
/* An IMAP URL (RFC 5092); PH_ERROR_INVALID_URI. (transfer full) */
PH_AVAILABLE_IN_1_0 PhReferral *ph_referral_new (const char *url, GError **error);
PH_AVAILABLE_IN_1_0 const char *ph_referral_get_url (PhReferral *self);
PH_AVAILABLE_IN_1_0 const char *ph_referral_get_host (PhReferral *self);
/* 0: the protocol's own */
PH_AVAILABLE_IN_1_0 guint ph_referral_get_port (PhReferral *self);
/* NULL: not said */
PH_AVAILABLE_IN_1_0 const char *ph_referral_get_user (PhReferral *self);
/* "GSSAPI"; NULL: any */
PH_AVAILABLE_IN_1_0 const char *ph_referral_get_mechanism (PhReferral *self);
/* UTF-8; NULL: none */
PH_AVAILABLE_IN_1_0 const char *ph_referral_get_mailbox (PhReferral *self);
/* A session with that server, not opened, without any password. PH_ERROR_LIMIT: too many, one behind the other. (transfer full) */
PH_AVAILABLE_IN_1_0 PhSession *ph_referral_make_session (PhReferral *self, PhSession *from, GError **error);
/* What a reply or an error says is elsewhere; empty: nothing. (transfer full) (element-type PhReferral) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_reply_get_referrals (PhReply *self);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_error_get_referrals (const GError *error);

#define PH_TYPE_LOGIN_REFERRALS (ph_login_referrals_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhLoginReferrals, ph_login_referrals, PH, LOGIN_REFERRALS, PhExtension)

struct _PhLoginReferralsInterface {
  GTypeInterface g_iface;

  PhReferral *(*get_home) (PhLoginReferrals *self);

  gpointer reserved[4];
};

/* Where the user's own mailboxes are, said when the login succeeded; NULL: here. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhReferral *ph_login_referrals_get_home (PhLoginReferrals *self);

#define PH_TYPE_MAILBOX_REFERRALS (ph_mailbox_referrals_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhMailboxReferrals, ph_mailbox_referrals, PH, MAILBOX_REFERRALS, PhExtension)

/* makes commands only */
struct _PhMailboxReferralsInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_list)            (PhMailboxReferrals *self, const char *reference, const char *pattern);  /* GPtrArray of PhMailboxInfo */
  PhCommand *(*make_list_subscribed) (PhMailboxReferrals *self, const char *reference, const char *pattern);

  gpointer reserved[6];
};

/* RLIST, RLSUB: with those on other servers. (transfer full) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_mailbox_referrals_list (PhMailboxReferrals *self, const char *reference, const char *pattern, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_mailbox_referrals_list_async (PhMailboxReferrals *self, const char *reference, const char *pattern, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_mailbox_referrals_list_finish (PhMailboxReferrals *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_mailbox_referrals_list_subscribed (PhMailboxReferrals *self, const char *reference, const char *pattern, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_mailbox_referrals_list_subscribed_async (PhMailboxReferrals *self, const char *reference, const char *pattern, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_mailbox_referrals_list_subscribed_finish (PhMailboxReferrals *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhReferral, ph_referral_unref)

G_END_DECLS
