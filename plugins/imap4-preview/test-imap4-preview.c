/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PREVIEW, with the lines of RFC 8970. */
#include "imap-extension-test.h"

GType ph_imap_preview_get_type (void);

/* What a FETCH with the extension's items brings: one message */
static PhMessage *
fetch (ExtTest *test, const char *items, const char *sent, const char *told)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new (TRUE);
  g_autofree char *line = g_strdup_printf ("UID FETCH 5 (UID %s)", sent);
  g_autofree char *answer = g_strdup_printf ("* 1 FETCH (UID 5 %s)\r\n", told);
  g_autoptr (PhCommand) command = NULL;

  ph_message_set_add (set, 5);
  command = imap_make (test->harness, fetch, set, PH_FETCH_UID, items, NULL);
  ext_ask (test, command, line, answer);
  return ph_command_pop_item (command);
}

/* RFC 8970 sections 3 and 4; a literal of more lines; nothing to show; none at hand */
static void
test_previews (gconstpointer data)
{
  static const struct {
    const char *told, *preview;
  } forms[] = {
    { "PREVIEW \"This is the first line of text from the first text part.\"", "This is the first line of text from the first text part." },
    { "preview {7}\r\nGr\303\274\303\237e", "Gr\303\274\303\237e" },
    { "PREVIEW \"\"", "" },
    { "PREVIEW NIL", NULL },
  };
  g_autoptr (ExtTest) test = ext_open (ph_imap_preview_get_type (), "PREVIEW", "PREVIEW");
  PhPreviewInterface *iface = PH_PREVIEW_GET_IFACE (PH_PREVIEW (test->extension));

  ext_select (test, "SELECT \"INBOX\"");
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      gboolean lazy = i % 2 == 1;
      const char *items = iface->get_items (PH_PREVIEW (test->extension), lazy);
      g_autoptr (PhMessage) message = fetch (test, items, lazy ? "PREVIEW (LAZY)" : "PREVIEW", forms[i].told);
      g_autofree char *preview = ph_message_get_preview (message);

      g_assert_cmpuint (ph_message_get_uid (message), ==, 5);
      g_assert_cmpstr (preview, ==, forms[i].preview);
    }
}


int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  imap_test ("preview/forms", test_previews);
  return g_test_run ();
}
