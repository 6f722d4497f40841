/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* QUOTA, with the lines of RFC 9208 and RFC 2087. */
#include "imap-extension-test.h"

GType ph_imap_quota_get_type (void);

#define MAKE(test, what, ...) PH_QUOTA_GET_IFACE (PH_QUOTA ((test)->extension))->make_##what (PH_QUOTA ((test)->extension), __VA_ARGS__)

static ExtTest *
quota_open (const char *capabilities)
{
  return ext_open (ph_imap_quota_get_type (), "QUOTA", capabilities);
}

static void
assert_resource (GPtrArray *resources, guint index, const char *root, const char *name, guint64 usage, guint64 limit)
{
  g_assert_cmpuint (resources->len, >, index);
  g_assert_cmpstr (ph_quota_resource_get_root (resources->pdata[index]), ==, root);
  g_assert_cmpstr (ph_quota_resource_get_name (resources->pdata[index]), ==, name);
  g_assert_cmpuint (ph_quota_resource_get_usage (resources->pdata[index]), ==, usage);
  g_assert_cmpuint (ph_quota_resource_get_limit (resources->pdata[index]), ==, limit);
}

/* RFC 9208 section 4.1.2; RFC 2087 section 4.2 */
static void
test_get (gconstpointer data)
{
  static const struct {
    const char *answer;
    guint       n;
    guint64     usage;
  } forms[] = {
    { "* QUOTA \"!partition/sda4\" (STORAGE 104 10923847)\r\n", 1, 104 },
    { "* QUOTA {15}\r\n!partition/sda4 (\"STORAGE\" 104 10923847 X-OTHER 1 2)\r\n", 2, 104 },
    { "* quota !partition/sda4 (storage 104 10923847)\r\n", 1, 104 },
    /* what can't be a resource is none: no number, below zero, a limit missing, beyond 64 bits */
    { "* QUOTA \"!partition/sda4\" (MESSAGE x 1 MESSAGE -1 5 STORAGE 104 10923847 MESSAGE 99999999999999999999 1 MAILBOX 3)\r\n", 1, 104 },
  };
  g_autoptr (ExtTest) test = quota_open ("QUOTA QUOTA=RES-STORAGE");
  g_autoptr (PhCommand) none = MAKE (test, get, "x");

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (PhCommand) command = MAKE (test, get, "!partition/sda4");
      GPtrArray *resources = ext_ask (test, command, "GETQUOTA \"!partition/sda4\"", forms[i].answer);
      g_autofree char *name = g_ascii_strup (ph_quota_resource_get_name (resources->pdata[0]), -1);

      g_assert_cmpuint (resources->len, ==, forms[i].n);
      g_assert_cmpstr (name, ==, "STORAGE");
      g_assert_cmpuint (ph_quota_resource_get_usage (resources->pdata[0]), ==, forms[i].usage);
    }
  /* no limits; and another's, which the program sees */
  g_assert_cmpuint (((GPtrArray *) ext_ask (test, none, "GETQUOTA \"x\"", "* QUOTA x ()\r\n* QUOTA y (STORAGE 1 2)\r\n"))->len, ==, 0);
  ph_harness_expect_event (test->harness, PH_EVENT_RESPONSE);
}

/* RFC 9208 sections 4.1.3 and 4.2.2 */
static void
test_get_root (gconstpointer data)
{
  g_autoptr (ExtTest) test = quota_open ("QUOTA QUOTA=RES-STORAGE QUOTA=RES-MESSAGE");
  g_autoptr (PhCommand) two = MAKE (test, get_root, "INBOX");
  g_autoptr (PhCommand) one = MAKE (test, get_root, "INBOX");
  g_autoptr (PhCommand) none = MAKE (test, get_root, "comp.mail.mime");
  g_autoptr (PhCommand) beside = MAKE (test, get, "");
  GPtrArray *resources = ext_ask (test, two, "GETQUOTAROOT \"INBOX\"",
                                  "* QUOTAROOT INBOX \"#user/alice\" \"!partition/sda4\"\r\n* QUOTA \"#user/alice\" (MESSAGE 42 1000)\r\n"
                                  "* QUOTA \"!partition/sda4\" (STORAGE 104 10923847)\r\n");

  g_assert_cmpuint (resources->len, ==, 2);
  assert_resource (resources, 0, "#user/alice", "MESSAGE", 42, 1000);
  assert_resource (resources, 1, "!partition/sda4", "STORAGE", 104, 10923847);
  /* what else is asked waits: its answer could be taken for this one's */
  ph_harness_submit (test->harness, one);
  ph_harness_submit (test->harness, beside);
  ph_harness_expect (test->harness, "A2 GETQUOTAROOT \"INBOX\"\r\n");
  ph_harness_push (test->harness, "* QUOTAROOT INBOX \"\"\r\n* QUOTA \"\" (STORAGE 10 512)\r\nA2 OK x\r\n");
  ph_harness_expect_done (test->harness, one);
  assert_resource (ph_command_peek_result (one), 0, "", "STORAGE", 10, 512);
  ph_harness_expect (test->harness, "A3 GETQUOTA \"\"\r\n");
  ph_harness_push (test->harness, "* QUOTA \"\" (STORAGE 10 512)\r\nA3 OK x\r\n");
  ph_harness_expect_done (test->harness, beside);
  test->n_lines = 3;
  g_assert_cmpuint (((GPtrArray *) ext_ask (test, none, "GETQUOTAROOT \"comp.mail.mime\"", "* QUOTAROOT comp.mail.mime\r\n"))->len, ==, 0);
}

/* RFC 9208 section 4.1.1 */
static void
test_set (gconstpointer data)
{
  g_autoptr (ExtTest) test = quota_open ("QUOTA QUOTASET QUOTA=RES-STORAGE QUOTA=RES-MESSAGE");
  g_autoptr (ExtTest) old = quota_open ("QUOTA");
  g_autoptr (ExtTest) fixed = quota_open ("QUOTA QUOTA=RES-STORAGE");
  g_autoptr (GPtrArray) limits = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_quota_resource_unref);
  g_autoptr (PhCommand) one = MAKE (test, set, "#user/alice", "STORAGE", 510);
  g_autoptr (PhCommand) refused = MAKE (test, set, "!partition/sda4", "STORAGE", 99999999);
  g_autoptr (PhCommand) by_2087 = MAKE (old, set, "", "STORAGE", 512);
  g_autoptr (PhCommand) lacking = MAKE (fixed, set, "", "STORAGE", 512);
  g_autoptr (PhCommand) broken = MAKE (test, set, "", "STOR AGE", 512);
  g_autoptr (PhCommand) all = NULL, none = NULL;

  assert_resource (ext_ask (test, one, "SETQUOTA \"#user/alice\" (STORAGE 510)", "* QUOTA \"#user/alice\" (STORAGE 58 512)\r\n"), 0,
                   "#user/alice", "STORAGE", 58, 512);
  ext_fail (test, refused, "SETQUOTA \"!partition/sda4\" (STORAGE 99999999)", "NO Cannot change system limit", PH_ERROR_REFUSED);
  none = MAKE (test, set_limits, "x", limits);
  g_ptr_array_add (limits, ph_quota_resource_new ("", "STORAGE", 0, 512));
  g_ptr_array_add (limits, ph_quota_resource_new ("", "MESSAGE", 0, G_MAXINT64));
  all = MAKE (test, set_limits, "x", limits);
  ext_ask (test, all, "SETQUOTA \"x\" (STORAGE 512 MESSAGE 9223372036854775807)", "");
  ext_ask (test, none, "SETQUOTA \"x\" ()", "");
  ext_refuse (test, broken, PH_ERROR_INVALID_ARGUMENT);
  assert_resource (ext_ask (old, by_2087, "SETQUOTA \"\" (STORAGE 512)", "* QUOTA \"\" (STORAGE 10 512)\r\n"), 0, "", "STORAGE", 10, 512);
  ext_refuse (fixed, lacking, PH_ERROR_NOT_SUPPORTED);
}

/* RFC 9208 sections 3.1.1 and 4.1.4 */
static void
test_what_can_be_limited (gconstpointer data)
{
  g_autoptr (ExtTest) test = quota_open ("QUOTA QUOTA=RES-STORAGE quota=res-MESSAGE");
  g_autoptr (ExtTest) old = quota_open ("QUOTA");
  g_auto (GStrv) names = ph_quota_get_resources (PH_QUOTA (test->extension));
  g_auto (GStrv) none = ph_quota_get_resources (PH_QUOTA (old->extension));
  g_autoptr (PhCommand) deleted = MAKE (test, get_deleted, "INBOX");
  g_autoptr (PhCommand) lacking = MAKE (old, get_deleted, "INBOX");
  PhMailboxStatus *status;
  guint64 octets;

  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "STORAGE");
  g_assert_cmpstr (names[1], ==, "MESSAGE");
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  status = ext_ask (test, deleted, "STATUS \"INBOX\" (DELETED DELETED-STORAGE)", "* STATUS INBOX (MESSAGES 12 DELETED 4 DELETED-STORAGE 8)\r\n");
  g_assert_true (ph_mailbox_status_get_item (status, "DELETED-STORAGE", &octets));
  g_assert_cmpuint (octets, ==, 8);
  ext_refuse (old, lacking, PH_ERROR_NOT_SUPPORTED);
}

/* RFC 9208 section 4.3.1: a warning in any state is the program's to see, and a refusal has its code */
static void
test_over_quota (gconstpointer data)
{
  g_autoptr (ExtTest) test = quota_open ("QUOTA");
  g_autoptr (PhCommand) get = MAKE (test, get, "x");
  PhEvent *event;

  ph_harness_push (test->harness, "* NO [OVERQUOTA] Soft quota has been exceeded\r\n");
  event = ph_harness_expect_event (test->harness, PH_EVENT_RESPONSE);
  g_assert_cmpstr (ph_response_get_code (event->response), ==, "OVERQUOTA");
  ext_fail (test, get, "GETQUOTA \"x\"", "NO [OVERQUOTA] x", PH_ERROR_OVER_QUOTA);
}

static void
test_lacking (gconstpointer data)
{
  g_autoptr (ExtTest) test = quota_open ("ACL");
  g_autoptr (PhCommand) get = MAKE (test, get_root, "INBOX");
  g_autoptr (PhCommand) by_name = ext_make (test, "getquota", "x");

  ext_refuse (test, get, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (test, by_name, PH_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("quota/get", test_get);
  imap_test ("quota/get-root", test_get_root);
  imap_test ("quota/set", test_set);
  imap_test ("quota/what-can-be-limited", test_what_can_be_limited);
  imap_test ("quota/over-quota", test_over_quota);
  imap_test ("quota/not-offered-not-sent", test_lacking);
  return g_test_run ();
}
