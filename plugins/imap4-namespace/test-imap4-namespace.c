/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NAMESPACE, with the lines of RFC 2342 and RFC 5255. */
#include "imap-extension-test.h"

GType ph_imap_namespace_get_type (void);

static PhCommand *
make (ExtTest *test)
{
  return PH_NAMESPACES_GET_IFACE (PH_NAMESPACES (test->extension))->make_get (PH_NAMESPACES (test->extension));
}

/* Kinds as letters, prefixes, delimiters: "p:INBOX.:. s::NIL" */
static char *
describe (GPtrArray *namespaces)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < namespaces->len; i++)
    {
      const char *delimiter = ph_namespace_get_delimiter (namespaces->pdata[i]);
      const char *translation = ph_namespace_get_translation (namespaces->pdata[i]);

      g_string_append_printf (text, "%s%c:%s:%s%s%s", i > 0 ? " " : "", "pos"[ph_namespace_get_kind (namespaces->pdata[i])],
                              ph_namespace_get_prefix (namespaces->pdata[i]), delimiter != NULL ? delimiter : "NIL",
                              translation != NULL ? "=" : "", translation != NULL ? translation : "");
    }
  return g_string_free (text, FALSE);
}

/* RFC 2342 section 5, examples 1 to 5, and RFC 5255 section 3.4 */
static void
test_forms (gconstpointer data)
{
  static const struct {
    const char *answer, *told;
  } forms[] = {
    { "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n", "p::/" },
    { "* NAMESPACE NIL NIL ((\"\" \".\"))\r\n", "s::." },
    { "* NAMESPACE ((\"\" \"/\")) NIL ((\"Public Folders/\" \"/\"))\r\n", "p::/ s:Public Folders/:/" },
    { "* NAMESPACE ((\"\" \"/\")) ((\"~\" \"/\")) ((\"#shared/\" \"/\")(\"#public/\" \"/\")(\"#ftp/\" \"/\")(\"#news.\" \".\"))\r\n",
      "p::/ o:~:/ s:#shared/:/ s:#public/:/ s:#ftp/:/ s:#news.:." },
    { "* NAMESPACE ((\"INBOX.\" \".\")) NIL  NIL\r\n", "p:INBOX.:." },
    { "* NAMESPACE ((\"\" \"/\")(\"#mh/\" \"/\" \"X-PARAM\" (\"FLAG1\" \"FLAG2\"))) NIL NIL\r\n", "p::/ p:#mh/:/" },
    { "* NAMESPACE ((\"\" \"/\")) ((\"Other Users/\" \"/\" \"TRANSLATION\" (\"Andere Ben&APw-tzer/\"))) "
      "((\"Public Folders/\" \"/\" \"TRANSLATION\" (\"Gemeinsame Postf&AM8-cher/\")))\r\n",
      "p::/ o:Other Users/:/=Andere Ben\303\274tzer/ s:Public Folders/:/=Gemeinsame Postf\303\217cher/" },
    /* a literal, a flat hierarchy, what is missing at the end, what is no namespace */
    { "* namespace (({9}\r\nEntw&APw- NIL)) (x (NIL NIL))\r\n", "p:Entw\303\274:NIL" },
    { "* NAMESPACE\r\n", "" },
  };
  g_autoptr (ExtTest) test = ext_open (ph_imap_namespace_get_type (), "NAMESPACE", "NAMESPACE");
  g_autoptr (ExtTest) without = ext_open (ph_imap_namespace_get_type (), "NAMESPACE", "");
  g_autoptr (PhCommand) lacking = make (without);

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (PhCommand) command = make (test);
      g_autofree char *told = describe (ext_ask (test, command, "NAMESPACE", forms[i].answer));

      g_assert_cmpstr (told, ==, forms[i].told);
    }
  ext_refuse (without, lacking, PH_ERROR_NOT_SUPPORTED);
}


int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("namespace/forms", test_forms);
  return g_test_run ();
}
