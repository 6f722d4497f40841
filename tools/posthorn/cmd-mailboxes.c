/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn mailboxes: the tree, with special uses, counts and sizes. */
#include "tool.h"

#include <string.h>

static gboolean subscribed;
static gboolean special;

static const GOptionEntry entries[] = {
  { "subscribed", 0, 0, G_OPTION_ARG_NONE, &subscribed, "Only mailboxes that are subscribed to, without counts", NULL },
  { "special", 0, 0, G_OPTION_ARG_NONE, &special, "Only mailboxes for a special use: Sent, Drafts …", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static GPtrArray *
get_list (PhStore *store, const char *pattern, GError **error)
{
  const char *items[] = { "MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY", NULL, NULL };

  if (subscribed)
    return ph_store_list_subscribed (store, pattern, tool_cancellable (), error);
  if (!ph_session_open (PH_SESSION (store), tool_cancellable (), error))
    return NULL;
  if (ph_session_has_capability (PH_SESSION (store), "STATUS=SIZE") || ph_session_has_capability (PH_SESSION (store), "IMAP4rev2"))
    items[4] = "SIZE"; /* RFC 8438 */
  if (special)
    return ph_store_list_selected (store, (const char *const[]){ pattern, NULL }, PH_LIST_SPECIAL_USE, items, tool_cancellable (), error);
  return ph_store_list_with_status (store, pattern, items, tool_cancellable (), error);
}

static void
print_json (PhMailboxInfo *mailbox)
{
  static const char *const items[][2] = {
    { "messages", "MESSAGES" }, { "unseen", "UNSEEN" },           { "size", "SIZE" },
    { "uid-next", "UIDNEXT" },  { "uid-validity", "UIDVALIDITY" },
  };
  PhMailboxStatus *status = ph_mailbox_info_get_status (mailbox);
  guint64 value;

  tool_json_open_object ();
  tool_json_member ("name", ph_mailbox_info_get_name (mailbox));
  tool_json_member ("delimiter", ph_mailbox_info_get_delimiter (mailbox));
  tool_json_member_words ("attributes", ph_mailbox_info_get_attributes (mailbox));
  tool_json_member ("special-use", ph_mailbox_info_get_special_use (mailbox));
  for (gsize i = 0; status != NULL && i < G_N_ELEMENTS (items); i++)
    if (ph_mailbox_status_get_item (status, items[i][1], &value))
      tool_json_member_number (items[i][0], value);
  tool_json_close_object ();
  tool_json_end ();
}

/* The last part of the name, as far in as it lies deep; a parent that isn't listed itself is named in full. */
static char *
get_label (PhMailboxInfo *mailbox, GHashTable *names)
{
  const char *name = ph_mailbox_info_get_name (mailbox);
  const char *delimiter = ph_mailbox_info_get_delimiter (mailbox);
  const char *shown = name;
  int depth = 0;

  if (delimiter == NULL || *delimiter == '\0')
    return g_strdup (name);
  for (const char *at = strstr (name, delimiter); at != NULL; at = strstr (at + strlen (delimiter), delimiter))
    {
      g_autofree char *parent = g_strndup (name, (gsize) (at - name));

      if (!g_hash_table_contains (names, parent))
        continue;
      shown = at + strlen (delimiter);
      depth++;
    }
  return g_strdup_printf ("%*s%s", 2 * depth, "", *shown != '\0' ? shown : name);
}

static char *
get_item (PhMailboxStatus *status, const char *item)
{
  guint64 value;

  if (status == NULL || !ph_mailbox_status_get_item (status, item, &value))
    return g_strdup ("");
  return strcmp (item, "SIZE") == 0 ? tool_format_size (value) : g_strdup_printf ("%" G_GUINT64_FORMAT, value);
}

static void
add_row (ToolTable *table, PhMailboxInfo *mailbox, GHashTable *names)
{
  PhMailboxStatus *status = ph_mailbox_info_get_status (mailbox);
  const char *use = ph_mailbox_info_get_special_use (mailbox);
  g_autofree char *label = get_label (mailbox, names);
  g_autofree char *messages = get_item (status, "MESSAGES");
  g_autofree char *unseen = get_item (status, "UNSEEN");
  g_autofree char *size = get_item (status, "SIZE");

  if (use == NULL)
    use = ph_mailbox_info_is_selectable (mailbox) ? "" : "(holds no messages)";
  tool_table_add (table, label, messages, unseen, size, use, NULL);
}

/* INBOX first, then by name, a mailbox before what is below it. */
static int
compare (gconstpointer one, gconstpointer other)
{
  const char *a = ph_mailbox_info_get_name (*(PhMailboxInfo *const *) one);
  const char *b = ph_mailbox_info_get_name (*(PhMailboxInfo *const *) other);
  gboolean a_first = g_ascii_strncasecmp (a, "INBOX", 5) == 0;
  gboolean b_first = g_ascii_strncasecmp (b, "INBOX", 5) == 0;

  return a_first != b_first ? b_first - a_first : g_strcmp0 (a, b);
}

static void
print_tree (GPtrArray *mailboxes)
{
  static const char *const headings[] = { "MAILBOX", "MESSAGES", "UNSEEN", "SIZE", "USE", NULL };
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (ToolTable) table = tool_table_new (headings);

  for (guint i = 0; i < mailboxes->len; i++)
    g_hash_table_add (names, (gpointer) ph_mailbox_info_get_name (g_ptr_array_index (mailboxes, i)));
  for (guint i = 0; i < mailboxes->len; i++)
    add_row (table, g_ptr_array_index (mailboxes, i), names);
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = tool_store_new (args[0], &error);
  g_autoptr (GPtrArray) mailboxes = NULL;

  if (store == NULL)
    return tool_fail (error);
  mailboxes = get_list (store, args[1] != NULL ? args[1] : "*", &error);
  if (mailboxes == NULL)
    return tool_fail (error);
  g_ptr_array_sort (mailboxes, compare);
  if (tool_options.json)
    g_ptr_array_foreach (mailboxes, (GFunc) (void (*) (void)) print_json, NULL);
  else
    print_tree (mailboxes);
  return 0;
}

const ToolCommand tool_mailboxes_command = {
  .name = "mailboxes",
  .arguments = "URI [PATTERN]",
  .summary = "Show the tree of mailboxes with special uses, counts and sizes",
  .help = "In PATTERN, * stands for anything and % for anything but the hierarchy's delimiter.\n"
          "\n"
          "Examples:\n"
          "  posthorn mailboxes imaps://alice@mail.example.org\n"
          "  posthorn mailboxes imaps://alice@mail.example.org 'Archive/%'\n"
          "\n"
          "Exit codes: 0 listed (even where nothing matches), 77 (EX_NOPERM) wrong password; man posthorn has all.",
  .min_args = 1,
  .max_args = 2,
  .entries = entries,
  .has_session = TRUE,
  .run = run,
};
