/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extensions LOGIN-REFERRALS (RFC 2221) and MAILBOX-REFERRALS (RFC 2193). What a refusal refers to is in its reply; here is what a login
 * that succeeded refers to, and the lists that have mailboxes of other servers in them.
 *
 *   code     = "REFERRAL" 1*(SP url)                                      RFC 2221 section 5, RFC 2193 section 6
 *   rlist    = "RLIST" SP mailbox SP list-mailbox
 *   rlsub    = "RLSUB" SP mailbox SP list-mailbox
 */
#include <posthorn/posthorn-plugin.h>

/* --- LOGIN-REFERRALS --- */

typedef struct {
  PhExtension parent;
  PhReferral *home;
} PhImapLoginReferrals;

typedef PhExtensionClass PhImapLoginReferralsClass;

static void ph_imap_login_referrals_describe (PhLoginReferralsInterface *iface);

GType ph_imap_login_referrals_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapLoginReferrals, ph_imap_login_referrals, PH_TYPE_EXTENSION, PH_TYPE_LOGIN_REFERRALS, ph_imap_login_referrals_describe)

static PhReferral *
get_home (PhLoginReferrals *self)
{
  return ((PhImapLoginReferrals *) self)->home;
}

static void
ph_imap_login_referrals_describe (PhLoginReferralsInterface *iface)
{
  iface->get_home = get_home;
}

static void
ph_imap_login_referrals_reset (PhExtension *extension)
{
  g_clear_pointer (&((PhImapLoginReferrals *) extension)->home, ph_referral_unref);
}

/* Of a NO it is in the error. */
static void
ph_imap_login_referrals_receive_code (PhExtension *extension, const PhResponse *response)
{
  PhImapLoginReferrals *self = (PhImapLoginReferrals *) extension;
  g_autoptr (PhReply)   reply = ph_response_to_reply (response);
  g_autoptr (GPtrArray) referrals = NULL;

  if (!ph_reply_is_ok (reply))
    return;
  referrals = ph_reply_get_referrals (reply);
  ph_imap_login_referrals_reset (extension);
  if (referrals->len > 0)
    self->home = ph_referral_ref (referrals->pdata[0]);
}

static void
ph_imap_login_referrals_finalize (GObject *object)
{
  ph_imap_login_referrals_reset (PH_EXTENSION (object));
  G_OBJECT_CLASS (ph_imap_login_referrals_parent_class)->finalize (object);
}

static void
ph_imap_login_referrals_class_init (PhImapLoginReferralsClass *klass)
{
  static const char *const codes[] = { "REFERRAL", NULL };

  G_OBJECT_CLASS (klass)->finalize = ph_imap_login_referrals_finalize;
  klass->response_codes = codes;
  klass->receive_code = ph_imap_login_referrals_receive_code;
  klass->reset = ph_imap_login_referrals_reset;
}

static void
ph_imap_login_referrals_init (PhImapLoginReferrals *self)
{
}

/* --- MAILBOX-REFERRALS --- */

static gpointer
begin_rows (PhCommand *command)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ph_mailbox_info_unref);
}

static gboolean
receive_row (PhCommand *command, const PhResponse *response, gpointer *result)
{
  const PhValue   *attributes = ph_value_first (ph_response_get_values (response));
  const PhValue   *delimiter = ph_value_next (attributes);
  g_auto (GStrv)   words = ph_value_dup_strings (ph_value_first (attributes));
  g_autofree char *delimiter_text = ph_value_dup_text (delimiter);
  g_autofree char *name = ph_command_decode_mailbox (command, ph_value_next (delimiter));

  if (name != NULL)
    g_ptr_array_add (*result, ph_mailbox_info_new (name, delimiter_text, (const char *const *) words));
  return TRUE;
}

enum { RLIST, RLSUB };

/* The engine's own LIST is answered in the same way. */
static const PhVerb verbs[] = {
  [RLIST] = { .name = "RLIST", .arguments = "mm", .needs = "MAILBOX-REFERRALS", .flags = PH_COMMAND_ALONE, .responses = "LIST",
              .get_type = g_ptr_array_get_type, .begin = begin_rows, .receive = receive_row },
  [RLSUB] = { .name = "RLSUB", .arguments = "mm", .needs = "MAILBOX-REFERRALS", .flags = PH_COMMAND_ALONE, .responses = "LSUB",
              .get_type = g_ptr_array_get_type, .begin = begin_rows, .receive = receive_row },
  { .name = NULL },
};

static PhCommand *
make_list (PhMailboxReferrals *self, const char *reference, const char *pattern)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[RLIST], reference, pattern);
}

static PhCommand *
make_list_subscribed (PhMailboxReferrals *self, const char *reference, const char *pattern)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[RLSUB], reference, pattern);
}

static void
ph_imap_mailbox_referrals_describe (PhMailboxReferralsInterface *iface)
{
  iface->make_list = make_list;
  iface->make_list_subscribed = make_list_subscribed;
}

PH_DEFINE_EXTENSION (PhImapMailboxReferrals, ph_imap_mailbox_referrals, PH_TYPE_MAILBOX_REFERRALS, ph_imap_mailbox_referrals_describe,
                     klass->verbs = verbs)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "LOGIN-REFERRALS", .summary = "A user whose mailboxes are elsewhere (RFC 2221)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_login_referrals_get_type },
  { .kind = PH_FEATURE_EXTENSION, .name = "MAILBOX-REFERRALS", .summary = "Lists with mailboxes of other servers (RFC 2193)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_mailbox_referrals_get_type },
};

PH_DEFINE_PLUGIN (imap4_referrals, "imap4-referrals", "The IMAP extensions LOGIN-REFERRALS and MAILBOX-REFERRALS", features)
