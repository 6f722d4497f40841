/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Referrals, with the lines of RFC 2193 and RFC 2221. */
#include "imap-extension-test.h"

GType ph_imap_login_referrals_get_type (void);
GType ph_imap_mailbox_referrals_get_type (void);

static char *
show (PhReferral *referral)
{
  return g_strdup_printf ("%s %u %s %s %s", ph_referral_get_host (referral), ph_referral_get_port (referral), ph_referral_get_user (referral),
                          ph_referral_get_mechanism (referral), ph_referral_get_mailbox (referral));
}

static void
assert_only (GPtrArray *referrals, const char *shown)
{
  g_autofree char *text = referrals->len == 1 ? show (referrals->pdata[0]) : g_strdup_printf ("%u referrals", referrals->len);

  g_assert_cmpstr (text, ==, shown);
  g_ptr_array_unref (referrals);
}

static void
test_urls (void)
{
  static const struct { const char *url, *shown; } cases[] = {
    { "IMAP://user;AUTH=*@SERVER2/", "SERVER2 0 user (null) (null)" },
    { "IMAP://user;AUTH=*@SERVER2/SHARED/FOO", "SERVER2 0 user (null) SHARED/FOO" },
    { "IMAP://MIKE@SERVER2/", "SERVER2 0 MIKE (null) (null)" },
    { "IMAP://user;AUTH=GSSAPI@SERVER2/", "SERVER2 0 user GSSAPI (null)" },
    { "imap://;AUTH=*@mail.example.org:1143", "mail.example.org 1143 (null) (null) (null)" },
    { "imap://a%40b:c@[2001:db8::1]:143/Entw%C3%BCrfe;UIDVALIDITY=5/;UID=20", "2001:db8::1 143 a@b:c (null) Entw\303\274rfe" },
    { "imap://[::1]/", "::1 0 (null) (null) (null)" },
    { "imap://h/INBOX/;UID=20", "h 0 (null) (null) INBOX" },
    { "imap://h/a%20b?SUBJECT%20x", "h 0 (null) (null) a b" },
    { "imap://h", "h 0 (null) (null) (null)" },
  };
  static const char *const bad[] = {
    "", "imap:", "imap://", "imap:///x", "://h/", "h/imap://h", "imap://user@/", "imap://u;X=y@h/", "imap://h:0/", "imap://h:65536/", "imap://h:/",
    "imap://h:1x/", "imap://[::1/", "imap://[h]/", "imap://[::1]x/", "imap://h%0d%0aX/", "imap://h/%00", "imap://h/%ff", "imap://h/%zz", "imap://a b/",
    "imap://u%0a@h/", "imap://h%2fx/", "imap://u@v@h/", "imap://u;AUTH=@h/",
  };
  g_autofree char *tail = g_strnfill (10000, 'x');
  g_autofree char *huge = g_strconcat ("imap://h/", tail, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhReferral) referral = ph_referral_new (cases[i].url, &error);
      g_autofree char *shown = NULL;

      g_assert_no_error (error);
      shown = show (referral);
      g_assert_cmpstr (shown, ==, cases[i].shown);
      g_assert_cmpstr (ph_referral_get_url (referral), ==, cases[i].url);
    }
  for (guint i = 0; i <= G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%.40s", i < G_N_ELEMENTS (bad) ? bad[i] : huge);
      g_assert_null (ph_referral_new (i < G_N_ELEMENTS (bad) ? bad[i] : huge, &error));
      g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_URI);
    }
}

/* RFC 2193 section 4.1: two servers have it */
static void
test_of_a_mailbox (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("MAILBOX-REFERRALS");
  g_autoptr (PhCommand) delete = imap_make (harness, delete, "SHARED/FOO");
  g_autoptr (PhCommand) select = imap_make (harness, select, "REMOTE", FALSE);
  g_autoptr (GPtrArray) both = NULL;
  g_autofree char *second = NULL;

  ph_harness_submit (harness, delete);
  ph_harness_expect (harness, "A1 DELETE \"SHARED/FOO\"\r\n");
  ph_harness_push (harness, "A1 NO [REFERRAL IMAP://user;AUTH=*@SERVER2/SHARED/FOO] Remote mailbox. Try SERVER2.\r\n");
  assert_only (ph_error_get_referrals (ph_harness_expect_error (harness, delete, PH_ERROR_REFUSED)), "SERVER2 0 user (null) SHARED/FOO");
  ph_harness_submit (harness, select);
  ph_harness_push (harness, "A2 NO [REFERRAL IMAP://user;AUTH=*@SERVER2/REMOTE IMAP://user;AUTH=*@SERVER3/REMOTE] Remote mailbox.\r\n");
  both = ph_error_get_referrals (ph_harness_expect_error (harness, select, PH_ERROR_REFUSED));
  g_assert_cmpuint (both->len, ==, 2);
  second = show (both->pdata[1]);
  g_assert_cmpstr (second, ==, "SERVER3 0 user (null) REMOTE");
}

/* RFC 2221 sections 4.1 and 4.2 */
static void
test_of_a_login (gconstpointer data)
{
  g_autoptr (PhHarness) refused = imap_harness_new ();
  g_autoptr (PhHarness) busy = imap_harness_new ();
  g_autoptr (GPtrArray) none = ph_error_get_referrals (NULL);

  refused->setup.login = TRUE;
  ph_harness_sasl_start (refused, "PLAIN", "x");
  ph_harness_start (refused);
  ph_harness_push (refused, "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN LOGIN-REFERRALS] hi\r\n");
  ph_harness_expect (refused, "A1 AUTHENTICATE PLAIN eA==\r\n");
  ph_harness_push (refused, "A1 NO [REFERRAL IMAP://user;AUTH=GSSAPI@SERVER2/] Specified user is invalid on this server. Try SERVER2.\r\n");
  assert_only (ph_error_get_referrals (ph_harness_expect_failed (refused, PH_ERROR_AUTHENTICATION)), "SERVER2 0 user GSSAPI (null)");

  ph_harness_start (busy);
  ph_harness_push (busy, "* BYE [REFERRAL IMAP://user;AUTH=*@SERVER2/] Server not accepting connections.  Try SERVER2\r\n");
  assert_only (ph_error_get_referrals (ph_harness_expect_failed (busy, PH_ERROR_GREETING)), "SERVER2 0 user (null) (null)");
  g_assert_cmpuint (none->len, ==, 0);
}

/* RFC 2221 section 4.1: the login succeeds all the same */
static void
test_home (gconstpointer data)
{
  g_autoptr (PhExtension) extension = g_object_new (ph_imap_login_referrals_get_type (), NULL);
  g_autoptr (PhHarness) harness = imap_harness_new ();
  g_autofree char *shown = NULL;

  ph_extension_attach (extension, NULL, harness->engine, "LOGIN-REFERRALS", FALSE);
  harness->on_event = ext_add;
  harness->user_data = extension;
  harness->setup.login = TRUE;
  ph_harness_sasl_start (harness, "PLAIN", "x");
  ph_harness_start (harness);
  ph_harness_push (harness, "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN LOGIN-REFERRALS] hi\r\n");
  ph_harness_expect (harness, "A1 AUTHENTICATE PLAIN eA==\r\n");
  ph_harness_push (harness, "A1 OK [REFERRAL IMAP://MATTHEW@SERVER2/] Specified user's personal mailboxes located on Server2, but public mailboxes are "
                            "available.\r\n");
  ph_harness_expect (harness, "A2 CAPABILITY\r\n");
  shown = show (ph_login_referrals_get_home (PH_LOGIN_REFERRALS (extension)));
  g_assert_cmpstr (shown, ==, "SERVER2 0 MATTHEW (null) (null)");
  ph_extension_reset (extension);
  g_assert_null (ph_login_referrals_get_home (PH_LOGIN_REFERRALS (extension)));
}

static void
test_lists (gconstpointer data)
{
  g_autoptr (ExtTest) test = ext_open (ph_imap_mailbox_referrals_get_type (), "MAILBOX-REFERRALS", "MAILBOX-REFERRALS");
  g_autoptr (ExtTest) without = ext_open (ph_imap_mailbox_referrals_get_type (), "MAILBOX-REFERRALS", "");
  PhMailboxReferralsInterface *iface = PH_MAILBOX_REFERRALS_GET_IFACE (PH_MAILBOX_REFERRALS (test->extension));
  g_autoptr (PhCommand) list = iface->make_list (PH_MAILBOX_REFERRALS (test->extension), "", "\303\244*");
  g_autoptr (PhCommand) subscribed = iface->make_list_subscribed (PH_MAILBOX_REFERRALS (test->extension), "", "%");
  g_autoptr (PhCommand) lacking = iface->make_list (PH_MAILBOX_REFERRALS (without->extension), "", "*");
  GPtrArray *rows = ext_ask (test, list, "RLIST \"\" \"&AOQ-*\"", "* LIST (\\Noselect) \"/\" &AOQ-\r\n* LIST () \"/\" &AOQ-/REMOTE\r\n* LIST () \"/\"\r\n");

  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (ph_mailbox_info_get_name (rows->pdata[1]), ==, "\303\244/REMOTE");
  rows = ext_ask (test, subscribed, "RLSUB \"\" \"%\"", "* LSUB () NIL REMOTE\r\n");
  g_assert_cmpuint (rows->len, ==, 1);
  ext_refuse (without, lacking, PH_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap/referrals/urls", test_urls);
  imap_test ("referrals/of-a-mailbox", test_of_a_mailbox);
  imap_test ("referrals/of-a-login", test_of_a_login);
  imap_test ("referrals/home", test_home);
  imap_test ("referrals/lists", test_lists);
  return g_test_run ();
}
