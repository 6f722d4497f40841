/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PREVIEW, with the lines of RFC 8970. */
#include "imap-extension-test.h"

GType ph_imap_preview_get_type (void);

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
      g_autoptr (PhMessage) message = ext_fetch (test, items, lazy ? "PREVIEW (LAZY)" : "PREVIEW", forms[i].told);
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
