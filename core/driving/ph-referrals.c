/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailboxReferrals' calls, and the way to another server. */
#include "ph-session-calls.h"

/* RFC 2221 section 3: more than ten are not followed without a person's consent */
#define MOST_HOPS 10

/**
 * ph_mailbox_referrals_list:
 * @self: a session's mailboxes elsewhere
 * @reference: where to begin, mostly empty
 * @pattern: names with `*` and `%`, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Lists mailboxes, with those that are on other servers (RLIST, RFC 2193 section 5.1). To work with one of these fails with a referral.
 *
 * Fails with %PH_ERROR_NOT_SUPPORTED where the server can't, before anything is sent, and as [method@Store.list].
 *
 * Returns: (transfer container) (element-type PhMailboxInfo): mailboxes
 */
/**
 * ph_mailbox_referrals_list_async:
 * @self: a session's mailboxes elsewhere
 * @reference: where to begin, mostly empty
 * @pattern: names with `*` and `%`, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@MailboxReferrals.list] without blocking.
 */
/**
 * ph_mailbox_referrals_list_finish:
 * @self: a session's mailboxes elsewhere
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer container) (element-type PhMailboxInfo): as [method@MailboxReferrals.list]
 */
PH_DEFINE_CALL (GPtrArray *, PhMailboxReferrals, ph_mailbox_referrals, list,
                PH_PARAMETERS (const char *reference, const char *pattern, ),
                ph_extension_get_session (PH_EXTENSION (self)),
                PH_MAILBOX_REFERRALS_GET_IFACE (self)->make_list (self, reference, pattern),
                ph_session_call_result, ph_session_call_result_finish)

/**
 * ph_mailbox_referrals_list_subscribed:
 * @self: a session's mailboxes elsewhere
 * @reference: where to begin, mostly empty
 * @pattern: names with `*` and `%`, UTF-8
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * The same of those that are subscribed to (RLSUB, RFC 2193 section 5.2).
 *
 * Fails with %PH_ERROR_NOT_SUPPORTED where the server can't, before anything is sent, and as [method@Store.list].
 *
 * Returns: (transfer container) (element-type PhMailboxInfo): mailboxes
 */
/**
 * ph_mailbox_referrals_list_subscribed_async:
 * @self: a session's mailboxes elsewhere
 * @reference: where to begin, mostly empty
 * @pattern: names with `*` and `%`, UTF-8
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [method@MailboxReferrals.list_subscribed] without blocking.
 */
/**
 * ph_mailbox_referrals_list_subscribed_finish:
 * @self: a session's mailboxes elsewhere
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer container) (element-type PhMailboxInfo): as [method@MailboxReferrals.list_subscribed]
 */
PH_DEFINE_CALL (GPtrArray *, PhMailboxReferrals, ph_mailbox_referrals, list_subscribed,
                PH_PARAMETERS (const char *reference, const char *pattern, ),
                ph_extension_get_session (PH_EXTENSION (self)),
                PH_MAILBOX_REFERRALS_GET_IFACE (self)->make_list_subscribed (self, reference, pattern),
                ph_session_call_result, ph_session_call_result_finish)

/* Of the same protocol; under TLS from the first octet there, too, unless a port was named. (transfer full) */
static char *
choose_scheme (PhReferral *self, PhSessionPrivate *from, GError **error)
{
  const char      *url = ph_referral_get_url (self);
  g_autofree char *named = g_ascii_strdown (url, strstr (url, "://") - url);
  g_autoptr (PhFeatureInfo) protocol = ph_registry_find_scheme (ph_registry_get_default (), named, NULL);

  if (protocol == NULL || !g_str_equal (ph_feature_info_get_name (protocol), ph_feature_info_get_name (from->protocol)))
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_UNKNOWN_SCHEME, NULL, NULL, "%s refers to “%.200s”, which is not to be spoken with as it is",
                                              from->host, url));
      return NULL;
    }
  return g_strdup (from->scheme->implicit_tls && ph_referral_get_port (self) == 0 ? from->scheme_name : named);
}

/**
 * ph_referral_make_session:
 * @self: a referral
 * @from: the session whose server referred to it
 * @error: return location for an error
 *
 * Makes a session with the server that is referred to, for the user whom the referral names; nothing is connected. It is made as @from
 * is: policy,
 * way of connecting, limits, timeouts. Where @from is under TLS, so must be the new one, whatever the policy allows. Neither password nor
 * credentials go along: the program decides what that server is told, by [method@Session.set_password] or [method@Session.set_credentials].
 *
 * Fails with %PH_ERROR_LIMIT where ten referrals have been followed already, one behind the other, and with
 * %PH_ERROR_UNKNOWN_SCHEME where the referral is to a server of another protocol.
 *
 * Returns: (transfer full): a session, not opened
 */
PhSession *
ph_referral_make_session (PhReferral *self, PhSession *from, GError **error)
{
  g_return_val_if_fail (self != NULL && PH_IS_STORE (from), NULL);

  PhSessionPrivate *model = ph_session_get_private (from);
  const char       *host = ph_referral_get_host (self);
  g_autofree char  *scheme = NULL;
  g_autoptr (GString) uri = NULL;
  PhSession        *session;
  PhSessionPrivate *priv;

  if (model->n_hops >= MOST_HOPS)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_LIMIT, NULL, NULL, "%s refers to %s, and was itself the last of %u referrals",
                                              model->host, host, MOST_HOPS));
      return NULL;
    }
  scheme = choose_scheme (self, model, error);
  if (scheme == NULL)
    return NULL;
  uri = g_string_new (scheme);
  g_string_append_printf (uri, strchr (host, ':') != NULL ? "://[%s]" : "://%s", host);
  if (ph_referral_get_port (self) != 0)
    g_string_append_printf (uri, ":%u", ph_referral_get_port (self));
  session = ph_session_new (uri->str, error);
  if (session == NULL)
    return NULL;

  priv = ph_session_get_private (session);
  priv->n_hops = model->n_hops + 1;
  priv->requires_tls = model->requires_tls || model->scheme->implicit_tls || ph_session_get_tls_info (from) != NULL;
  ph_session_set_user (session, ph_referral_get_user (self));
  ph_session_set_policy (session, model->policy);
  ph_session_set_hello_name (session, model->hello_name);
  ph_session_set_connector (session, model->connector);
  priv->limits = model->limits;
  priv->timeouts = model->timeouts;
  priv->uses = g_strdupv (model->uses);
  return session;
}
