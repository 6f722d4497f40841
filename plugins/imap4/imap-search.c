/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SEARCH (RFC 9051 section 6.4.4): a tree of keys to the line, and numbers from whichever of the two answers the server gives.
 *
 *   search = ["UID"] "SEARCH" ["RETURN" SP "(" *return ")"] ["CHARSET" SP charset] 1*(SP key)
 *   return = "ALL" / "MIN" / "MAX" / "COUNT" / "SAVE" / "PARTIAL" SP range          (RFC 4731, RFC 5182, RFC 9394)
 *
 * A set that is too long for a line is searched in parts, and so is what a server leaves undone (MESSAGELIMIT, RFC 9738); where it can't be
 * cut, several searches stand for one (imap-search-plan.c). Then, and where there is no ESEARCH, all is asked for and counted here. The
 * answers are read in imap-found.c.
 */
#include "imap-engine.h"
#include "imap-keys.h"
#include "imap-search-plan.h"
#include "imap-store.h"

#include <string.h>

/* Of a set in a query: longer ones are sent in parts */
#define MAX_SET 7500

typedef struct {
  PhWriter      *writer;
  const char    *charset; /* NULL: UTF-8 */
  gboolean       failed;  /* a string can't be said in it */
  PhImapCommand *command;
  const PhValue *split;   /* the set that is sent in parts; NULL: none */
} Keys;

/* A string in the charset; NULL where it can't be. (transfer full) */
static GBytes *
convert (const PhValue *node, const char *charset)
{
  g_autofree char *text = ph_value_dup_text (node);
  gsize            length;
  char            *converted = g_convert (text, -1, charset, "UTF-8", NULL, &length, NULL);

  return converted != NULL ? g_bytes_new_take (converted, length) : NULL;
}

static void
try_charset (const PhValue *node, const PhValue *before, guint depth, gpointer data)
{
  Keys *keys = data;

  if (ph_value_get_kind (node) == PH_VALUE_STRING || ph_value_get_kind (node) == PH_VALUE_LITERAL)
    {
      g_autoptr (GBytes) bytes = convert (node, keys->charset);

      keys->failed |= bytes == NULL;
    }
}

/* What the session kept, where the server keeps nothing; the grammar has no empty set. */
static void
write_saved (PhWriter *writer, PhMessageSet *saved)
{
  g_autofree char *text = ph_message_set_to_string (saved);

  ph_writer_open (writer);
  ph_writer_line (writer, *text != '\0' ? "UID" : "NOT ALL");
  if (*text != '\0')
    ph_writer_line (writer, text);
  ph_writer_close (writer);
}

static void
write_key (const PhValue *node, const PhValue *before, guint depth, gpointer data)
{
  Keys            *keys = data;
  PhWriter        *writer = keys->writer;
  g_autofree char *text = NULL;

  if (node == NULL)
    {
      ph_writer_close (writer);
      return;
    }
  if (ph_value_get_kind (node) == PH_VALUE_LIST)
    {
      ph_writer_open (writer);
      return;
    }

  if (node == keys->split)
    {
      ph_imap_command_write_set (keys->command, writer);
      return;
    }
  if (keys->command->saved != NULL && ph_value_get_kind (node) == PH_VALUE_ATOM && ph_value_is (node, "$"))
    {
      write_saved (writer, keys->command->saved);
      return;
    }

  /* a word may be several: what the program wrote by hand */
  text = ph_value_dup_text (node);
  if (keys->charset != NULL && !ph_imap_is_ascii (node))
    {
      g_autoptr (GBytes) bytes = convert (node, keys->charset);

      if (bytes != NULL)
        ph_writer_bytes (writer, bytes);
    }
  else if (ph_value_get_kind (node) == PH_VALUE_STRING || ph_value_get_kind (node) == PH_VALUE_LITERAL)
    ph_writer_string (writer, text);
  else if (text != NULL)
    ph_writer_line (writer, text);
}

/* Among those that all have to hold: there a part finds a part. */
static const PhValue *
find_long_set (PhImapCommand *self, PhMessageSet **set)
{
  for (const PhValue *key = ph_value_first (self->keys); key != NULL; key = ph_value_next (key))
    {
      gboolean         by_uid = ph_value_get_kind (key) == PH_VALUE_ATOM && ph_value_is (key, "UID");
      const PhValue   *value = by_uid ? ph_value_next (key) : key;
      g_autofree char *text = NULL;
      gsize            length = 0;

      if (value == NULL || ph_value_get_kind (value) != PH_VALUE_ATOM || ph_value_get_data (value, &length) == NULL || length < MAX_SET)
        continue;
      text = ph_value_dup_text (value);
      *set = by_uid ? ph_message_set_new_from_string (text, NULL) : ph_message_set_new_numbers (text, NULL);
      if (*set != NULL)
        return value;
    }

  return NULL;
}

/* What one line asks for; what it doesn't is made of all that is found. */
static void
write_returns (PhImapCommand *self, PhWriter *writer, PhImapFeatures features, gboolean whole)
{
  static const struct {
    PhSearchReturn returns;
    const char    *word;
  } words[] = { { PH_SEARCH_MIN, "MIN" }, { PH_SEARCH_MAX, "MAX" }, { PH_SEARCH_COUNT, "COUNT" }, { PH_SEARCH_ALL, "ALL" } };
  const char    *option = NULL;
  PhImapFeatures paging = 0;
  PhSearchReturn here;

  whole = whole && !self->leaves_rest;
  if (whole && self->first != 0)
    {
      option = (features & PH_IMAP_OTHER_PAGES) != 0 ? ph_imap_writer_get_page_option ((PhImapWriter *) writer, self->first, self->last) : NULL;
      paging = (features & PH_IMAP_PARTIAL) | (option != NULL ? PH_IMAP_OTHER_PAGES : 0);
    }
  self->kept = whole && !self->option && (self->returns & PH_SEARCH_SAVE) != 0 && (features & PH_IMAP_SEARCHRES) != 0 && (features & PH_IMAP_ESEARCH) != 0;
  /* what isn't kept there is kept here, all of it */
  here = self->kept ? 0 : self->returns & PH_SEARCH_SAVE;
  self->paged = paging != 0 && here == 0 && (features & PH_IMAP_ESEARCH) != 0;
  self->asked = PH_SEARCH_ALL;
  if ((features & PH_IMAP_ESEARCH) == 0)
    return;

  self->used = PH_IMAP_ESEARCH;
  if (whole && here == 0 && (self->paged || (self->first == 0 && self->returns != 0)))
    self->asked = self->returns & ~((guint) PH_SEARCH_SAVE);
  /* RFC 9394 section 3.1: not beside ALL; section 3.2: by COUNT, more than the page is kept */
  if (self->paged)
    self->asked = (self->asked & ~((guint) PH_SEARCH_ALL)) | (self->kept ? PH_SEARCH_COUNT : 0);
  ph_writer_atom (writer, "RETURN");
  ph_writer_open (writer);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if ((self->asked & words[i].returns) != 0)
      ph_writer_atom (writer, words[i].word);
  if (self->paged)
    {
      self->used |= paging;
      if (option != NULL)
        ph_writer_atom (writer, option);
      ph_imap_write_page (writer, self->first, self->last);
    }
  if (self->kept)
    {
      self->used |= PH_IMAP_SEARCHRES;
      ph_writer_atom (writer, "SAVE");
    }
  ph_writer_close (writer);
}

static gboolean
check_search (PhImapCommand *self, PhWriter *writer, PhImapFeatures features)
{
  const char *lacks = ph_imap_keys_get_lacking (self->keys, features);

  if (lacks != NULL)
    ph_imap_command_lacks (self, writer, lacks);
  else if ((self->first != 0 || self->last != 0) && !ph_imap_is_page (self->first, self->last))
    ph_writer_fail (writer, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "%d:%d is no page", self->first, self->last));
  else
    return TRUE;
  return FALSE;
}

static void
begin_search (PhImapCommand *self)
{
  g_clear_pointer (&self->found, ph_message_set_unref);
  self->found = ph_message_set_new (self->by_uid);
  self->found_min = self->found_max = self->found_count = 0;
  if (self->total == NULL)
    self->found_mod_seq = 0;
}

static void
load_term (PhImapCommand *self)
{
  const PhImapTerm *term = g_ptr_array_index (self->terms, self->term);

  ph_value_free (self->keys);
  self->keys = ph_value_copy (term->keys);
  self->step = self->step_from = self->next_step = self->next_from = 0;
}

static gboolean
plan (PhImapCommand *self, PhWriter *writer)
{
  GError *error = NULL;

  if (self->planned)
    return TRUE;
  self->planned = TRUE;
  self->terms = ph_imap_plan_search (self->keys, self->by_uid, &error);
  if (error != NULL)
    ph_writer_fail (writer, error);
  else if (self->terms != NULL)
    load_term (self);
  return error == NULL;
}

/* What was found becomes a part of all; whether there is another search to do. */
static gboolean
end_term (PhImapCommand *self)
{
  const PhImapTerm *term = g_ptr_array_index (self->terms, self->term);

  if (self->total == NULL)
    self->total = ph_message_set_new (self->by_uid);
  if (term->minus != NULL)
    ph_message_set_remove_set (self->found, term->minus);
  if (term->subtract)
    ph_message_set_remove_set (self->total, self->found);
  else
    ph_message_set_add_set (self->total, self->found);
  if (++self->term < self->terms->len)
    {
      load_term (self);
      /* numbers must mean in each the same */
      self->line_first = 1;
      return TRUE;
    }
  ph_message_set_unref (self->found);
  self->found = g_steal_pointer (&self->total);
  return FALSE;
}

static void
write_search (PhImapCommand *self, PhWriter *writer)
{
  PhImapFeatures features = ph_imap_writer_get_features ((PhImapWriter *) writer);
  Keys           keys = { writer, self->other, FALSE, self, NULL };

  if (!check_search (self, writer, features) || !plan (self, writer))
    return;
  self->paged = FALSE;
  if (self->step == 0 && self->step_from == 0 && self->below == 0)
    begin_search (self);
  g_clear_pointer (&self->set, ph_message_set_unref);
  keys.split = find_long_set (self, &self->set);
  write_returns (self, writer, features, keys.split == NULL && self->below == 0 && self->terms == NULL);

  if (!ph_imap_keys_are_ascii (self->keys) && !self->utf8)
    {
      ph_writer_atom (writer, "CHARSET");
      ph_writer_atom (writer, self->other != NULL ? self->other : "UTF-8");
    }
  if (self->below > 0)
    {
      g_autofree char *rest = g_strdup_printf ("UID 1:%u", self->below - 1);

      ph_writer_line (writer, rest);
    }
  ph_imap_keys_walk (self->keys, write_key, &keys);
}

/* MESSAGELIMIT: the code's UID is the lowest that was looked at. It falls, or there's no end to it. */
static void
note_search (PhImapCommand *self, PhReply *reply)
{
  const PhValue *limit = ph_value_first (ph_reply_get_response_arguments (reply));
  guint64        uid = 0;

  self->limited = g_strcmp0 (ph_reply_get_response_code (reply), "MESSAGELIMIT") == 0;
  if (!self->limited)
    return;
  ph_value_get_number (ph_value_next (limit), &uid);
  if (uid == 1)
    self->limited = FALSE;
  else if (uid > 0 && uid < (self->below > 0 ? self->below : PH_MESSAGE_SET_STAR) && self->asked == PH_SEARCH_ALL)
    self->below = (guint32) uid;
  else if (self->failure == NULL)
    self->failure = ph_error_new (PH_ERROR_CANNOT, reply, NULL, "SEARCH went through the newest messages only, and the rest can’t be asked for");
}

static gboolean
has_more_to_search (PhImapCommand *self)
{
  if (self->failure != NULL)
    return FALSE;
  if (self->limited)
    return TRUE;

  self->below = 0;
  if (self->set != NULL && ph_imap_command_has_more_ranges (self))
    return TRUE;
  return self->terms != NULL && end_term (self);
}

/* NOTSAVED (RFC 5182 section 2.1): the server has no room for it. Here there is. */
static gboolean
is_not_saved (PhImapCommand *self, PhReply *reply)
{
  if (!self->kept || g_strcmp0 (ph_reply_get_response_code (reply), "NOTSAVED") != 0)
    return FALSE;

  self->option = TRUE;
  return TRUE;
}

/* BADCHARSET (RFC 9051 section 7.1) names what the server can: the first of it in which all that is looked for can be said. Without a
 * list, or with nothing of use in it, the error tells the program. */
static gboolean
retry_search (PhImapCommand *self, PhReply *reply)
{
  const PhValue *names = ph_value_first (ph_reply_get_response_arguments (reply));

  if (is_not_saved (self, reply))
    return TRUE;
  if (g_strcmp0 (ph_reply_get_response_code (reply), "BADCHARSET") != 0 || self->other != NULL)
    return FALSE;
  if (ph_value_get_kind (names) == PH_VALUE_LIST)
    names = ph_value_first (names);
  for (const PhValue *name = names; name != NULL; name = ph_value_next (name))
    {
      g_autofree char *charset = ph_value_dup_text (name);
      Keys             keys = { NULL, charset, charset == NULL || g_ascii_strcasecmp (charset, "UTF-8") == 0 };

      /* "//" is iconv's own language, and nothing of a charset's name is more than these */
      if (keys.failed || charset[strspn (charset, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:")] != '\0')
        continue;
      ph_imap_keys_walk (self->keys, try_charset, &keys);
      if (keys.failed)
        continue;
      self->other = g_steal_pointer (&charset);
      return TRUE;
    }

  return FALSE;
}

static gboolean
finish_search (PhImapCommand *self, PhReply *reply, GError **error)
{
  ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_MESSAGE_SET, g_steal_pointer (&self->found));
  return TRUE;
}

static const PhImapKind search_kind = {
  .verb = "SEARCH",
  .answer = "SEARCH",
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_NO_EXPUNGE,
  .write = write_search,
  .receive = ph_imap_search_receive,
  .finish = finish_search,
  .more = has_more_to_search,
  .note = note_search,
  .retry = retry_search,
};

static const PhImapKind search_for_kind = {
  .verb = "SEARCH",
  .answer = "SEARCH",
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_NO_EXPUNGE,
  .write = write_search,
  .receive = ph_imap_search_receive,
  .finish = ph_imap_search_finish,
  .more = has_more_to_search,
  .note = note_search,
  .retry = retry_search,
};

PhCommand *
ph_imap_store_make_search (PhStoreEngine *engine, PhQuery *query, gboolean by_uid)
{
  PhImapCommand *command = ph_imap_command_new (&search_kind);

  command->keys = ph_query_to_value (query);
  command->needs = g_strdupv ((char **) ph_query_get_needs (query));
  command->by_uid = by_uid;
  return PH_COMMAND (command);
}

PhCommand *
ph_imap_store_make_search_for (PhStoreEngine *engine, PhQuery *query, PhSearchReturn returns, int first, int last)
{
  PhImapCommand *command = ph_imap_command_new (&search_for_kind);

  command->keys = ph_query_to_value (query);
  command->needs = g_strdupv ((char **) ph_query_get_needs (query));
  command->by_uid = TRUE;
  command->returns = returns;
  command->first = first;
  command->last = last;
  /* what "$" stands for from then on must be known to what follows */
  if ((returns & PH_SEARCH_SAVE) != 0)
    ph_command_set_flags (PH_COMMAND (command), PH_COMMAND_ALONE);
  return PH_COMMAND (command);
}
