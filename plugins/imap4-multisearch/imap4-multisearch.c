/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension MULTISEARCH (RFC 7377): one search through several mailboxes.
 *
 *   esearch  = "ESEARCH" SP "IN" SP "(" scope [SP mailboxes] *(SP scope [SP mailboxes]) ")" SP query     RFC 7377 section 4
 *   scope    = "selected" / "inboxes" / "personal" / "subscribed" / "subtree" / "subtree-one" / "mailboxes"
 *   response = "ESEARCH" SP "(" "TAG" SP string SP "MAILBOX" SP astring SP "UIDVALIDITY" SP number ")" SP "UID" SP "ALL" SP set
 */
#include <posthorn/posthorn-plugin.h>

/* What is asked: scopes, and one name or a list of them behind some */
static const PhValue *
get_scopes (PhCommand *command)
{
  return ph_value_first (ph_value_get_child (ph_command_get_arguments (command), 1));
}

/* Of all scopes one alone is about a state. */
static gpointer
begin_rows (PhCommand *command)
{
  for (const PhValue *word = get_scopes (command); word != NULL; word = ph_value_next (word))
    if (ph_value_get_kind (word) == PH_VALUE_ATOM && ph_value_is (word, "selected"))
      ph_command_set_flags (command, ph_command_get_flags (command) | PH_COMMAND_SELECTED);
  return ph_multisearch_result_new ();
}

static gboolean
receive_row (PhCommand *command, const PhResponse *response, gpointer *result)
{
  g_autofree char *mailbox = ph_command_decode_mailbox (command, ph_esearch_get_correlator (response, "MAILBOX"));
  g_autofree char *text = ph_value_dup_text (ph_esearch_find (response, "ALL"));
  g_autoptr (PhMessageSet) uids = NULL;
  guint64          uid_validity = 0;

  if (!ph_value_is (ph_esearch_get_correlator (response, "TAG"), ph_command_get_tag (command)))
    return FALSE;
  uids = text != NULL ? ph_message_set_new_from_string (text, NULL) : NULL;
  if (mailbox == NULL || uids == NULL)
    return TRUE;
  ph_value_get_number (ph_esearch_get_correlator (response, "UIDVALIDITY"), &uid_validity);
  ph_multisearch_result_add (*result, ph_mailbox_match_new (mailbox, (guint32) MIN (uid_validity, G_MAXUINT32), uids));
  return TRUE;
}

/* "OK [LIMIT]": a part of it all (section 2.4) */
static gboolean
finish_rows (PhCommand *command, PhReply *reply, gpointer *result, GError **error)
{
  if (g_strcmp0 (ph_reply_get_response_code (reply), "LIMIT") == 0)
    ph_multisearch_result_set_partial (*result);
  return TRUE;
}

static const struct {
  const char *word;
  gboolean    named;
} scopes[] = {
  [PH_SEARCH_IN_SELECTED] = { "selected", FALSE },
  [PH_SEARCH_IN_INBOXES] = { "inboxes", FALSE },
  [PH_SEARCH_IN_PERSONAL] = { "personal", FALSE },
  [PH_SEARCH_IN_SUBSCRIBED] = { "subscribed", FALSE },
  [PH_SEARCH_IN_SUBTREE] = { "subtree", TRUE },
  [PH_SEARCH_IN_CHILDREN] = { "subtree-one", TRUE },
  [PH_SEARCH_IN_MAILBOXES] = { "mailboxes", TRUE },
};

static gboolean
check_scope (PhCommand *command, GError **error)
{
  const PhValue *word = get_scopes (command);
  gboolean       right = word != NULL;

  while (word != NULL && right)
    {
      const PhValue *names = ph_value_next (word);
      guint          i = 0;

      while (i < G_N_ELEMENTS (scopes) && !(ph_value_get_kind (word) == PH_VALUE_ATOM && ph_value_is (word, scopes[i].word)))
        i++;
      right = i < G_N_ELEMENTS (scopes) && (!scopes[i].named || (names != NULL && ph_value_get_kind (names) != PH_VALUE_ATOM));
      word = right && scopes[i].named ? ph_value_next (names) : names;
    }
  if (right)
    return TRUE;
  g_set_error_literal (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "ESEARCH was not told where to search, or of mailboxes where none are named");
  return FALSE;
}

static const PhVerb verbs[] = {
  { .name = "ESEARCH", .arguments = "alc", .needs = "MULTISEARCH", .get_type = ph_multisearch_result_get_type, .begin = begin_rows, .receive = receive_row,
    .check = check_scope, .finish = finish_rows },
  { .name = NULL },
};

/* (transfer full) */
static PhValue *
make_where (PhSearchScopes *where)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);

  for (guint i = 0; i < ph_search_scopes_get_n_scopes (where); i++)
    {
      PhSearchScope      scope = ph_search_scopes_get_scope (where, i);
      const char *const *mailboxes = ph_search_scopes_get_mailboxes (where, i);

      /* what is no scope is refused by check_scope () */
      g_ptr_array_add (items, ph_value_new_atom ((guint) scope < G_N_ELEMENTS (scopes) ? scopes[scope].word : "none"));
      if (mailboxes != NULL)
        g_ptr_array_add (items, mailboxes[1] == NULL ? ph_value_new_string (mailboxes[0]) : ph_value_new_strings (mailboxes));
    }
  return ph_value_new_array (items);
}

static PhCommand *
make_search (PhMultisearch *self, PhSearchScopes *in, PhQuery *query)
{
  g_autoptr (PhValue) where = make_where (in);

  return ph_extension_make (PH_EXTENSION (self), &verbs[0], "IN", where, query);
}

static void
ph_imap_multisearch_describe (PhMultisearchInterface *iface)
{
  iface->make_search = make_search;
}

PH_DEFINE_EXTENSION (PhImapMultisearch, ph_imap_multisearch, PH_TYPE_MULTISEARCH, ph_imap_multisearch_describe, klass->verbs = verbs)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "MULTISEARCH", .summary = "One search through several mailboxes (RFC 7377)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_multisearch_get_type },
};

PH_DEFINE_PLUGIN (imap4_multisearch, "imap4-multisearch", "The IMAP extension MULTISEARCH", features)
