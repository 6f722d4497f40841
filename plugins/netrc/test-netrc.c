/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* .netrc files, well and badly written, and who may read them. */
#include <posthorn/posthorn.h>

#include <glib/gstdio.h>
#include <string.h>

#define URI "imaps://mail.example.org"
#define HOST "mail.example.org"
#define NEEDS (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET)

static char *directory, *path;

static void
write_file (const char *text, gssize length)
{
  g_unlink (path);
  g_assert_true (g_file_set_contents_full (path, text, length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static PhCredentials *
new_source (void)
{
  g_autoptr (GError) error = NULL;
  PhCredentials *credentials = ph_credentials_new_named ("netrc", &error);

  g_assert_no_error (error);
  return credentials;
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* (transfer full): filled, or NULL and an error */
static PhSaslContext *
look_up (PhCredentials *credentials, const char *host, const char *user, PhSaslNeeds needs, GError **error)
{
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("PLAIN", "imap", host);
  g_autoptr (GAsyncResult) result = NULL;

  ph_sasl_context_set_user (context, user);
  ph_credentials_lookup_async (credentials, URI, needs, context, NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return ph_credentials_lookup_finish (credentials, result, error) ? g_steal_pointer (&context) : NULL;
}

static void
assert_found (PhCredentials *credentials, const char *user, const char *login, const char *password)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSaslContext) context = look_up (credentials, HOST, user, NEEDS, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (ph_sasl_context_get_user (context), ==, login);
  g_assert_cmpstr (ph_secret_get (ph_sasl_context_get_secret (context), NULL), ==, password);
}

static void
assert_lacks (PhCredentials *credentials, const char *user, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSaslContext) context = look_up (credentials, HOST, user, NEEDS, &error);

  g_assert_null (context);
  g_assert_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_null (strstr (error->message, "wonderland"));
  if (strstr (error->message, words) == NULL)
    g_error ("“%s” does not say “%s”", error->message, words);
}

typedef struct {
  const char *name, *text, *user;
  const char *login, *password; /* NULL: @words are in the error */
  const char *words;
} Case;

static const Case cases[] = {
  { "one-line", "machine mail.example.org login alice password wonderland\n", NULL, "alice", "wonderland", NULL },
  { "several-lines", "machine mail.example.org\n\tlogin alice\r\n\taccount work\n\tpassword wonderland", NULL, "alice", "wonderland", NULL },
  { "other-words", "machine mail.example.org user alice passwd wonderland\n", NULL, "alice", "wonderland", NULL },
  { "case-of-the-host", "machine MAIL.Example.ORG login alice password wonderland\n", NULL, "alice", "wonderland", NULL },
  { "the-right-machine", "machine other login bob password x\nmachine mail.example.org login alice password wonderland\nmachine third login c password y\n",
    NULL, "alice", "wonderland", NULL },
  { "the-right-user", "machine mail.example.org login bob password x\nmachine mail.example.org login alice password wonderland\n", "alice", "alice",
    "wonderland", NULL },
  { "the-first-user", "machine mail.example.org login bob password x\nmachine mail.example.org login alice password wonderland\n", NULL, "bob", "x", NULL },
  { "no-login-is-for-everybody", "machine mail.example.org password wonderland\n", "alice", "alice", "wonderland", NULL },
  { "one-with-a-password", "machine mail.example.org login alice\nmachine mail.example.org login alice password wonderland\n", "alice", "alice",
    "wonderland", NULL },
  { "default", "machine other login bob password x\ndefault login alice password wonderland\n", NULL, "alice", "wonderland", NULL },
  { "machine-before-default", "default login bob password x\nmachine mail.example.org login alice password wonderland\n", NULL, "alice", "wonderland", NULL },
  { "default-for-another-user", "machine mail.example.org login bob password x\ndefault password wonderland\n", "alice", "alice", "wonderland", NULL },
  { "quotes", "machine \"mail.example.org\" login \"alice smith\" password \"won\\\"der # \\\\land\n\"\n", NULL, "alice smith", "won\"der # \\land\n", NULL },
  { "escapes", "machine mail.example.org login alice\\ smith password won\\\\der\\land\n", NULL, "alice smith", "won\\derland", NULL },
  { "quotes-within", "machine mail.example.org login al\"ice password won\"der\"\n", NULL, "al\"ice", "won\"der\"", NULL },
  { "an-empty-word", "machine mail.example.org login \"\" password \"wonderland\"", NULL, "", "wonderland", NULL },
  { "keywords-as-values", "machine mail.example.org login password password login\n", NULL, "password", "login", NULL },
  { "a-hash-in-a-value", "machine mail.example.org login #alice password #wonderland#\n", NULL, "#alice", "#wonderland#", NULL },
  { "comments", "# machine mail.example.org login bob password x\n#\nmachine mail.example.org # mine\nlogin alice #password no\npassword wonderland#\n", NULL,
    "alice", "wonderland#", NULL },
  { "a-macro", "machine other macdef init\nmachine mail.example.org login bob password x\n\nmachine mail.example.org login alice password wonderland\n", NULL,
    "alice", "wonderland", NULL },
  { "a-macro-of-CRLF", "macdef init\r\nlogin bob\r\n\r\nmachine mail.example.org login alice password wonderland\r\n", NULL, "alice", "wonderland", NULL },
  { "a-byte-order-mark", "\xef\xbb\xbfmachine mail.example.org login alice password wonderland\n", NULL, "alice", "wonderland", NULL },
  { "a-login-of-UTF-8", "machine mail.example.org login \xc3\xa4lice password wonderland\n", NULL, "\xc3\xa4lice", "wonderland", NULL },

  { "empty", "", NULL, NULL, NULL, "has nothing for mail.example.org" },
  { "other-machines-only", "machine other login alice password wonderland\n", NULL, NULL, NULL, "has nothing for mail.example.org" },
  { "other-users-only", "machine mail.example.org login bob password wonderland\n", "alice", NULL, NULL, "has nothing for alice on mail.example.org" },
  { "hidden-in-a-macro", "macdef init\nmachine mail.example.org login alice password wonderland\n", NULL, NULL, NULL, "has nothing" },
  { "no-password", "machine mail.example.org login alice\n", NULL, NULL, NULL, "has no password" },
  { "no-login", "machine mail.example.org password wonderland\n", NULL, NULL, NULL, "has no login" },
  { "an-unknown-word", "machine mail.example.org\nlogin alice\npassword my wonderland\n", NULL, NULL, NULL, "Line 3 of" },
  { "a-quoted-keyword", "machine mail.example.org \"login\" alice password wonderland\n", NULL, NULL, NULL, "Line 1 of" },
  { "no-machine", "login alice password wonderland\n", NULL, NULL, NULL, "Line 1 of" },
  { "no-name", "\n\nmachine", NULL, NULL, NULL, "Line 3 of" },
  { "no-value", "machine mail.example.org login alice\npassword\n", NULL, NULL, NULL, "Line 2 of" },
  { "an-open-quote", "machine mail.example.org login alice\npassword \"wonderland\n\n", NULL, NULL, NULL, "Line 2 of" },
  { "a-login-of-Latin-1", "machine mail.example.org login \xe4lice password wonderland\n", NULL, NULL, NULL, "not UTF-8" },
};

static void
test_case (gconstpointer data)
{
  const Case *example = data;
  g_autoptr (PhCredentials) credentials = new_source ();

  write_file (example->text, -1);
  if (example->password != NULL)
    assert_found (credentials, example->user, example->login, example->password);
  else
    assert_lacks (credentials, example->user, example->words);
}

static void
test_a_nul (void)
{
  static const char text[] = "machine mail.example.org login alice password won\0derland\n";
  g_autoptr (PhCredentials) credentials = new_source ();

  write_file (text, sizeof text - 1);
  assert_lacks (credentials, NULL, "malformed");
}

/* Cut off anywhere, it is read to its end and no further. */
static void
test_cut_off (void)
{
  static const char text[] = "# a\nmachine \"mail.example.org\" login al\\ ice password \"won\\\"derland\"\nmacdef init\nbin\n\ndefault login bob\n";
  g_autoptr (PhCredentials) credentials = new_source ();
  guint n_found = 0;

  for (gssize length = 0; length < (gssize) sizeof text; length++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PhSaslContext) context = NULL;

      write_file (text, length);
      context = look_up (credentials, HOST, NULL, NEEDS, &error);
      g_assert_true (context != NULL || g_error_matches (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS));
      n_found += context != NULL;
    }
  g_assert_cmpint (n_found, >, 10);
}

static void
test_others_can_read (void)
{
  static const int modes[] = { 0640, 0604, 0620, 0644, 0666 };
  g_autoptr (PhCredentials) credentials = new_source ();
  g_autoptr (PhSaslContext) context = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      write_file ("machine mail.example.org login alice password wonderland\n", -1);
      g_assert_cmpint (g_chmod (path, modes[i]), ==, 0);
      assert_lacks (credentials, NULL, "chmod 600");
    }

  /* a name is no secret */
  write_file ("machine mail.example.org login alice\n", -1);
  g_assert_cmpint (g_chmod (path, 0644), ==, 0);
  context = look_up (credentials, HOST, NULL, PH_SASL_NEEDS_USER, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ph_sasl_context_get_user (context), ==, "alice");
}

static void
test_no_file (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();
  g_autofree char *long_text = g_strnfill (300000, ' ');

  g_unlink (path);
  assert_lacks (credentials, NULL, "can't be opened");
  g_mkdir (path, 0700);
  assert_lacks (credentials, NULL, "is not a file");
  g_rmdir (path);
  write_file (long_text, -1);
  assert_lacks (credentials, NULL, "longer than");
}

static void
test_refused (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();

  write_file ("machine mail.example.org login alice password wonderland\n", -1);
  assert_found (credentials, NULL, "alice", "wonderland");
  ph_credentials_refused (credentials, URI, NEEDS, NULL);
  assert_lacks (credentials, NULL, "no other password than the one that was refused");
  write_file ("machine mail.example.org login alice password looking-glass\n", -1);
  assert_found (credentials, NULL, "alice", "looking-glass");
}

static void
test_kinds (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();
  g_autoptr (PhSaslContext) context = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmphex (ph_credentials_get_kinds (credentials, URI), ==, NEEDS);
  g_assert_false (ph_credentials_can_store (credentials));
  write_file ("machine mail.example.org login alice password wonderland\n", -1);
  context = look_up (credentials, HOST, NULL, PH_SASL_NEEDS_TOKEN, &error);
  g_assert_error (error, PH_ERROR, PH_ERROR_NO_CREDENTIALS);
}

static void
test_path (void)
{
  g_autoptr (PhCredentials) credentials = new_source ();
  g_autofree char *other = g_build_filename (directory, "other", NULL), *set = NULL;

  write_file ("machine mail.example.org login alice password wonderland\n", -1);
  g_assert_cmpint (g_rename (path, other), ==, 0);
  g_object_set (credentials, "path", other, NULL);
  g_object_get (credentials, "path", &set, NULL);
  g_assert_cmpstr (set, ==, other);
  assert_found (credentials, NULL, "alice", "wonderland");
  g_unlink (other);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("posthorn-netrc-XXXXXX", NULL);
  path = g_build_filename (directory, "netrc", NULL);
  g_setenv ("NETRC", path, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat (cases[i].password != NULL ? "/netrc/read/" : "/netrc/refused/", cases[i].name, NULL);

      g_test_add_data_func (name, &cases[i], test_case);
    }
  g_test_add_func ("/netrc/refused/a-nul", test_a_nul);
  g_test_add_func ("/netrc/cut-off-anywhere", test_cut_off);
  g_test_add_func ("/netrc/others-can-read-it", test_others_can_read);
  g_test_add_func ("/netrc/no-file", test_no_file);
  g_test_add_func ("/netrc/what-was-refused-is-not-given-again", test_refused);
  g_test_add_func ("/netrc/passwords-only", test_kinds);
  g_test_add_func ("/netrc/another-file", test_path);
  status = g_test_run ();

  g_unlink (path);
  g_rmdir (directory);
  g_free (path);
  g_free (directory);
  return status;
}
