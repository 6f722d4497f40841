/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn status: what a mailbox holds, without selecting it. */
#include "tool.h"

static const char *const items[] = { "MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY", "SIZE", "HIGHESTMODSEQ" };

static PhMailboxStatus *
ask (PhStore *store, const char *mailbox, GError **error)
{
  PhSession  *session = PH_SESSION (store);
  const char *asked[G_N_ELEMENTS (items) + 1] = { NULL };
  guint       n = 0;

  if (!ph_session_open (session, tool_cancellable (), error))
    return NULL;
  for (guint i = 0; i < 4; i++)
    asked[n++] = items[i];
  if (ph_session_has_capability (session, "STATUS=SIZE") || ph_session_has_capability (session, "IMAP4rev2"))
    asked[n++] = "SIZE"; /* RFC 8438 */
  if (ph_session_has_capability (session, "CONDSTORE"))
    asked[n++] = "HIGHESTMODSEQ"; /* RFC 7162 section 3.1.7 */
  return ph_store_status (store, mailbox, asked, tool_cancellable (), error);
}

static void
print_status (PhMailboxStatus *status)
{
  if (tool_options.json)
    {
      tool_json_open_object ();
      tool_json_member ("name", ph_mailbox_status_get_name (status));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autofree char *key = g_ascii_strdown (items[i], -1);
      guint64 value;

      if (!ph_mailbox_status_get_item (status, items[i], &value))
        continue;
      if (tool_options.json)
        tool_json_member_number (key, value);
      else
        g_print ("%-14s %" G_GUINT64_FORMAT "\n", key, value);
    }
  if (tool_options.json)
    {
      tool_json_close_object ();
      tool_json_end ();
    }
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = tool_store_new (args[0], &error);
  g_autoptr (PhMailboxStatus) status = store != NULL ? ask (store, args[1], &error) : NULL;

  if (status == NULL)
    return tool_fail (error);
  print_status (status);
  return 0;
}

const ToolCommand tool_status_command = {
  .name = "status",
  .arguments = "URI MAILBOX",
  .summary = "Show what a mailbox holds",
  .help = "Messages, unseen ones, the next UID, the UIDs' validity, and where the server knows them size and mod-sequence.\n"
          "\n"
          "Example:\n"
          "  posthorn status imaps://alice@mail.example.org INBOX\n"
          "\n"
          "Exit codes: 0 shown, 69 (EX_UNAVAILABLE) no such mailbox or refused; man posthorn has all.",
  .min_args = 2,
  .max_args = 2,
  .has_session = TRUE,
  .run = run,
};
