/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn acl: who may do what with a mailbox, by the ACL extension's typed interface. */
#include "tool.h"

#include <string.h>

static gboolean mine, removing, denied, possible;

static const GOptionEntry entries[] = {
  { "mine", 'm', 0, G_OPTION_ARG_NONE, &mine, "What the logged-in user may do", NULL },
  { "possible", 'p', 0, G_OPTION_ARG_NONE, &possible, "What can be given to IDENTIFIER", NULL },
  { "delete", 'd', 0, G_OPTION_ARG_NONE, &removing, "Take IDENTIFIER out of the list", NULL },
  { "denied", 'n', 0, G_OPTION_ARG_NONE, &denied, "RIGHTS are those that IDENTIFIER does not have", NULL },
  { NULL },
};

static void
print_json (PhAclEntry *entry)
{
  tool_json_open_object ();
  tool_json_member ("identifier", ph_acl_entry_get_identifier (entry));
  tool_json_member ("rights", ph_acl_entry_get_rights (entry));
  tool_json_close_object ();
  tool_json_end ();
}

static gboolean
show (PhAcl *acl, const char *mailbox, GError **error)
{
  static const char *const headings[] = { "IDENTIFIER", "RIGHTS", NULL };
  g_autoptr (GPtrArray) list = ph_acl_get (acl, mailbox, tool_cancellable (), error);
  g_autoptr (ToolTable) table = NULL;

  if (list == NULL)
    return FALSE;
  if (!tool_options.json)
    table = tool_table_new (headings);
  for (guint i = 0; i < list->len; i++)
    if (tool_options.json)
      print_json (list->pdata[i]);
    else
      tool_table_add (table, ph_acl_entry_get_identifier (list->pdata[i]), ph_acl_entry_get_rights (list->pdata[i]), NULL);
  return TRUE;
}

static gboolean
show_mine (PhAcl *acl, const char *mailbox, GError **error)
{
  g_autofree char *rights = ph_acl_get_my_rights (acl, mailbox, tool_cancellable (), error);
  g_autofree char *clean = rights != NULL ? tool_clean (rights) : NULL;

  if (rights == NULL)
    return FALSE;
  if (tool_options.json)
    {
      tool_json_open_object ();
      tool_json_member ("rights", rights);
      tool_json_close_object ();
      tool_json_end ();
    }
  else
    g_print ("%s\n", clean);
  return TRUE;
}

static gboolean
show_possible (PhAcl *acl, const char *mailbox, const char *identifier, GError **error)
{
  g_autoptr (PhAclRights) rights = ph_acl_list_rights (acl, mailbox, identifier, tool_cancellable (), error);
  const char *const *words = rights != NULL ? ph_acl_rights_get_optional (rights) : NULL;
  g_autofree char *joined = words != NULL ? g_strjoinv (" ", (char **) words) : NULL;

  if (rights == NULL)
    return FALSE;
  if (tool_options.json)
    {
      tool_json_open_object ();
      tool_json_member ("required", ph_acl_rights_get_required (rights));
      tool_json_member_words ("optional", words);
      tool_json_close_object ();
      tool_json_end ();
      return TRUE;
    }
  tool_print_line ("always", ph_acl_rights_get_required (rights));
  tool_print_line ("possible", joined);
  return TRUE;
}

static gboolean
act (PhAcl *acl, char **args, GError **error)
{
  const char *mailbox = args[1];
  g_autofree char *identifier = args[2] != NULL ? g_strconcat (denied ? "-" : "", args[2], NULL) : NULL;

  if (mine)
    return show_mine (acl, mailbox, error);
  if (possible)
    return show_possible (acl, mailbox, identifier, error);
  if (removing)
    return ph_acl_delete (acl, mailbox, identifier, tool_cancellable (), error) && show (acl, mailbox, error);
  if (identifier != NULL && !ph_acl_set (acl, mailbox, identifier, args[3], tool_cancellable (), error))
    return FALSE;
  return show (acl, mailbox, error);
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = NULL;
  PhExtension *acl;
  gboolean named = possible || removing;

  if (mine + possible + removing > 1 || (named && (args[2] == NULL || args[3] != NULL)) || (mine && args[2] != NULL) ||
      (!named && args[2] != NULL && args[3] == NULL))
    return tool_fail_usage ("acl takes URI MAILBOX, and to change something IDENTIFIER RIGHTS; posthorn acl --help shows how");
  store = tool_store_new (args[0], &error);
  acl = store != NULL ? ph_session_require_extension (PH_SESSION (store), PH_TYPE_ACL, tool_cancellable (), &error) : NULL;
  if (acl == NULL || !act (PH_ACL (acl), args, &error))
    return tool_fail (error);
  return 0;
}

const ToolCommand tool_acl_command = {
  .name = "acl",
  .arguments = "URI MAILBOX [IDENTIFIER [RIGHTS]]",
  .summary = "Show and change who may do what with a mailbox",
  .help = "RIGHTS are a letter each: l list, r read, s seen, w flags, i insert, p post, k create below, x delete, t flag as\n"
          "deleted, e expunge, a administer. They take the place of those before; +RIGHTS adds, -RIGHTS removes. IDENTIFIER is\n"
          "a user, a group as the server writes it, or anyone. Prints the list as it is then.\n"
          "\n"
          "Examples:\n"
          "  posthorn acl imaps://alice@mail.example.org Team\n"
          "  posthorn acl imaps://alice@mail.example.org Team bob lrs\n"
          "  posthorn acl imaps://alice@mail.example.org Team bob -s\n"
          "  posthorn acl --mine imaps://alice@mail.example.org Team\n"
          "\n"
          "Exit codes: 0 done, 69 (EX_UNAVAILABLE) the server has no ACL, or refused, 77 (EX_NOPERM) not allowed;\n"
          "man posthorn has all.",
  .min_args = 2,
  .max_args = 4,
  .entries = entries,
  .has_session = TRUE,
  .has_minus_words = TRUE,
  .run = run,
};
