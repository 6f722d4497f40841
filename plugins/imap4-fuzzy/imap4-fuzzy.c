/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension SEARCH=FUZZY (RFC 6203): how well messages match. The key FUZZY is one of any search's (PhQuery).
 *
 *   search   = "UID SEARCH RETURN (RELEVANCY ALL)" SP "FUZZY" SP key      RFC 6203 section 7
 *   response = "ESEARCH" SP "(TAG" SP string ")" SP "UID" *(SP ("ALL" SP set / "RELEVANCY" SP "(" [score *(SP score)] ")"))
 */
#include <posthorn/posthorn-plugin.h>

/* More messages are in no mailbox that a session could work with */
#define MAX_MESSAGES 16000000

/* (transfer full) */
static GByteArray *
read_scores (const PhValue *list)
{
  GByteArray *scores = g_byte_array_new ();

  for (const PhValue *value = ph_value_first (list); value != NULL; value = ph_value_next (value))
    {
      guint64 number = 0;
      guint8  score;

      ph_value_get_number (value, &number);
      score = number <= 100 ? (guint8) number : 0;
      g_byte_array_append (scores, &score, 1);
    }
  return scores;
}

/* A server that finds nothing may answer by OK alone, as Cyrus does without an index of texts. */
static gpointer
begin_scores (PhCommand *command)
{
  return ph_scored_result_new (NULL, 0, NULL, 0);
}

static gboolean
receive_scores (PhCommand *command, const PhResponse *response, gpointer *result)
{
  g_autofree char         *text = ph_value_dup_text (ph_esearch_find (response, "ALL"));
  g_autoptr (PhMessageSet) set = NULL;
  g_autoptr (GByteArray)   scores = NULL;
  g_autofree guint32      *uids = NULL;
  gsize                    n_uids = 0;

  if (!ph_esearch_is_for (response, ph_command_get_tag (command)))
    return FALSE;
  set = text != NULL ? ph_message_set_new_from_string (text, NULL) : ph_message_set_new (TRUE);
  g_clear_pointer ((PhScoredResult **) result, ph_scored_result_unref);
  if (set == NULL || ph_message_set_get_count (set) > MAX_MESSAGES)
    return TRUE;
  uids = ph_message_set_to_array (set, &n_uids);
  scores = read_scores (ph_esearch_find (response, "RELEVANCY"));
  *result = ph_scored_result_new (uids, n_uids, scores->data, scores->len);
  return TRUE;
}

/* Another search's answers could be taken for its own. */
static const PhVerb verb = {
  .name = "UID SEARCH", .arguments = "avc", .needs = "ESEARCH IMAP4rev2", .flags = PH_COMMAND_ALONE | PH_COMMAND_SELECTED,
  .responses = "ESEARCH", .get_type = ph_scored_result_get_type, .begin = begin_scores, .receive = receive_scores,
};

static PhCommand *
make_search (PhFuzzy *self, PhQuery *query)
{
  g_autoptr (PhValue) relevancy = ph_value_new_atom ("RELEVANCY");
  g_autoptr (PhValue) all = ph_value_new_atom ("ALL");
  PhValue            *words[] = { relevancy, all };
  g_autoptr (PhValue) returns = ph_value_new_list (words, G_N_ELEMENTS (words));
  g_autoptr (PhQuery) about = ph_query_new ();

  return ph_extension_make (PH_EXTENSION (self), &verb, "RETURN", returns, ph_query_fuzzy (about, query));
}

static void
ph_imap_fuzzy_describe (PhFuzzyInterface *iface)
{
  iface->make_search = make_search;
}

PH_DEFINE_EXTENSION (PhImapFuzzy, ph_imap_fuzzy, PH_TYPE_FUZZY, ph_imap_fuzzy_describe, (void) klass)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "SEARCH=FUZZY", .summary = "How well messages match (RFC 6203)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_fuzzy_get_type },
};

PH_DEFINE_PLUGIN (imap4_fuzzy, "imap4-fuzzy", "The IMAP extension SEARCH=FUZZY", features)
