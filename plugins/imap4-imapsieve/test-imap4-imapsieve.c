/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* IMAPSIEVE, with the capability of RFC 6785's example; the metadata lines are of RFC 5464's form, with RFC 6785's entry. */
#include "imap-extension-test.h"

GType ph_imap_imapsieve_get_type (void);

#define MAKE(test, what, ...) PH_SIEVE_GET_IFACE ((test)->extension)->make_##what (PH_SIEVE ((test)->extension), __VA_ARGS__)
#define EXAMPLE "ACL IMAPSIEVE=sieve://sieve.example.com MULTISEARCH"

static ExtTest *
sieve_open (const char *capabilities)
{
  return ext_open (ph_imap_imapsieve_get_type (), "IMAPSIEVE=*", capabilities);
}

/* RFC 6785 section 2.1 */
static void
test_url (gconstpointer data)
{
  g_autoptr (ExtTest) test = sieve_open (EXAMPLE), empty = sieve_open ("IMAPSIEVE=");
  g_autofree char *url = ph_sieve_get_url (PH_SIEVE (test->extension));

  g_assert_cmpstr (url, ==, "sieve://sieve.example.com");
  g_assert_null (ph_sieve_get_url (PH_SIEVE (empty->extension)));
}

/* RFC 6785 section 2.3.1 */
static void
test_get (gconstpointer data)
{
  static const struct {
    const char *answer, *script;
  } answers[] = {
    { "* METADATA \"INBOX\" (/shared/imapsieve/script \"flagged\")\r\n", "flagged" },
    { "* METADATA inbox (\"/SHARED/imapsieve/script\" {5}\r\nother)\r\n", "other" },
    { "* METADATA \"INBOX\" (/shared/imapsieve/script \"\")\r\n", "" },
    { "* METADATA \"INBOX\" (/shared/imapsieve/script NIL)\r\n", NULL },
    { "* METADATA \"INBOX\" (/shared/comment \"x\" /shared/imapsieve/script)\r\n", NULL },
    { "* METADATA \"x\" (/shared/imapsieve/script \"no\")\r\n", NULL },
    { "", NULL },
  };
  g_autoptr (ExtTest) test = sieve_open (EXAMPLE " METADATA");

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (PhCommand) command = MAKE (test, get_script, "INBOX");
      PhMetadataResult *result = ext_ask (test, command, "GETMETADATA \"INBOX\" (\"/shared/imapsieve/script\")", answers[i].answer);
      PhMetadataEntry *entry = ph_metadata_result_find (result, "/shared/imapsieve/script");
      g_autofree char *script = entry != NULL ? ph_metadata_entry_dup_text (entry) : NULL;

      g_assert_cmpstr (script, ==, answers[i].script);
    }
}

static void
test_set (gconstpointer data)
{
  g_autoptr (ExtTest) test = sieve_open (EXAMPLE " METADATA");
  g_autoptr (PhCommand) one = MAKE (test, set_script, "Gr\303\274n", "flagged"), none = MAKE (test, set_script, "INBOX", NULL);
  g_autoptr (PhCommand) empty = MAKE (test, set_script, "", ""), odd = MAKE (test, set_script, "INBOX", "a\r\nb");

  ext_ask (test, one, "SETMETADATA \"Gr&APw-n\" (\"/shared/imapsieve/script\" \"flagged\")", "");
  ext_ask (test, none, "SETMETADATA \"INBOX\" (\"/shared/imapsieve/script\" NIL)", "");
  ext_ask (test, empty, "SETMETADATA \"\" (\"/shared/imapsieve/script\" \"\")", "");
  ext_refuse (test, odd, PH_ERROR_INVALID_ARGUMENT);
}

static void
test_lacking (gconstpointer data)
{
  g_autoptr (ExtTest) test = sieve_open (EXAMPLE);
  g_autoptr (PhCommand) get = MAKE (test, get_script, "INBOX"), set = MAKE (test, set_script, "INBOX", "x");

  ext_refuse (test, get, PH_ERROR_NOT_SUPPORTED);
  ext_refuse (test, set, PH_ERROR_NOT_SUPPORTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("imapsieve/url", test_url);
  imap_test ("imapsieve/get", test_get);
  imap_test ("imapsieve/set", test_set);
  imap_test ("imapsieve/not-offered-not-sent", test_lacking);
  return g_test_run ();
}
