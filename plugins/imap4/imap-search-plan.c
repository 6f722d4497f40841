/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A set that is too long for a line, and stands where its parts can't be searched for one after the other: behind NOT, in OR, or beside
 * another. Whatever the query E is, for a set S in it
 *
 *   E  =  (E where S is nothing, without S)  and  (E where S is everything, within S)
 *
 * S then stands where it can be sent in parts, or is only taken away from what was found. With several sets it is done for each choice.
 */
#include "imap-search-plan.h"

#include "imap-keys.h"

#include <string.h>

/* Octets of all sets that one line may hold, and of one that counts as long where they are too many together */
#define MAX_SETS 7500
#define LONG_SET 900
/* Each doubles the searches. */
#define MAX_LONG 5

typedef struct {
  const PhValue *value;
  PhMessageSet  *set;
  gboolean       nested;   /* not among the keys that all have to hold */
} LongSet;

static void
long_set_clear (gpointer data)
{
  ph_message_set_unref (((LongSet *) data)->set);
}

static void
term_free (gpointer data)
{
  PhImapTerm *self = data;

  ph_value_free (self->keys);
  g_clear_pointer (&self->minus, ph_message_set_unref);
  g_free (self);
}

/* The set that an atom is; NULL where it is none, or short. (transfer full) */
static PhMessageSet *
read_long_set (const PhValue *node, gboolean by_uid, gsize *length)
{
  const char *data = ph_value_get_data (node, length);

  if (data == NULL || ph_value_get_kind (node) != PH_VALUE_ATOM || *length < LONG_SET / 8)
    return NULL;

  g_autofree char *text = ph_value_dup_text (node);
  return text[strspn (text, "0123456789:,*")] != '\0' ? NULL
         : by_uid ? ph_message_set_new_from_string (text, NULL) : ph_message_set_new_numbers (text, NULL);
}

typedef struct {
  GArray *sets;
  gsize   length;
} Finder;

static gboolean
is_uid (const PhValue *before)
{
  return before != NULL && ph_value_get_kind (before) == PH_VALUE_ATOM && ph_value_is (before, "UID");
}

static void
note_set (const PhValue *node, const PhValue *before, guint depth, gpointer data)
{
  Finder       *self = data;
  gsize         length = 0;
  PhMessageSet *set = node != NULL ? read_long_set (node, is_uid (before), &length) : NULL;
  LongSet       found = { node, set, depth > 0 };

  if (set == NULL)
    return;
  self->length += length;
  g_array_append_val (self->sets, found);
}

/* Those that can't all stay as they are. (element-type LongSet) (transfer full) */
static GArray *
find_long_sets (const PhValue *keys)
{
  Finder finder = { g_array_new (FALSE, FALSE, sizeof (LongSet)), 0 };
  gsize  length;

  g_array_set_clear_func (finder.sets, long_set_clear);
  ph_imap_keys_walk (keys, note_set, &finder);
  for (guint i = finder.sets->len; i-- > 0;)
    {
      ph_value_get_data (g_array_index (finder.sets, LongSet, i).value, &length);
      if (finder.length <= MAX_SETS || length < LONG_SET)
        g_array_remove_index (finder.sets, i);
    }
  return finder.sets;
}

typedef struct {
  GArray         *sets;
  guint           chosen;    /* a bit for each that is everything; the others are nothing */
  PhValueBuilder *builder;
} Rewriter;

static int
find (GArray *sets, const PhValue *node)
{
  for (guint i = 0; i < sets->len; i++)
    if (g_array_index (sets, LongSet, i).value == node)
      return (int) i;
  return -1;
}

static void
rewrite_node (const PhValue *node, const PhValue *before G_GNUC_UNUSED, guint depth G_GNUC_UNUSED, gpointer data)
{
  Rewriter   *self = data;
  gsize       length;
  const char *text;
  int         index;

  if (node == NULL)
    {
      ph_value_builder_close (self->builder);
      return;
    }
  if (ph_value_get_kind (node) == PH_VALUE_LIST)
    {
      ph_value_builder_open (self->builder);
      return;
    }
  /* goes with its set */
  if (is_uid (node) && find (self->sets, ph_value_next (node)) >= 0)
    return;

  index = find (self->sets, node);
  text = ph_value_get_data (node, &length);
  if (index < 0)
    {
      ph_value_builder_add (self->builder, ph_value_get_kind (node), text, length);
      return;
    }
  if ((self->chosen & (1u << index)) == 0)
    ph_value_builder_add (self->builder, PH_VALUE_ATOM, "NOT", 3);
  ph_value_builder_add (self->builder, PH_VALUE_ATOM, "ALL", 3);
}

/* The query in which the chosen sets are everything and the others nothing, within @within (nullable). (transfer full) */
static PhValue *
rewrite (const PhValue *keys, GArray *sets, guint chosen, PhMessageSet *within)
{
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
  g_autofree char *text = within != NULL ? ph_message_set_to_string (within) : NULL;
  Rewriter rewriter = { sets, chosen, builder };

  if (within != NULL && ph_message_set_is_by_uid (within))
    ph_value_builder_add (builder, PH_VALUE_ATOM, "UID", 3);
  if (within != NULL)
    ph_value_builder_add (builder, PH_VALUE_ATOM, text, strlen (text));
  if (keys != NULL)
    ph_imap_keys_walk (keys, rewrite_node, &rewriter);
  return ph_value_copy (ph_value_builder_peek (builder));
}

/* NOT ALL among the keys that all have to hold: nothing is found. */
static gboolean
is_never (const PhValue *keys)
{
  const PhValue *before = NULL;

  for (const PhValue *key = ph_value_first (keys); key != NULL; before = key, key = ph_value_next (key))
    {
      const PhValue *next = ph_value_next (key);

      /* a keyword may have any name */
      if (ph_value_get_kind (key) != PH_VALUE_ATOM || !ph_value_is (key, "NOT") || next == NULL || ph_value_is (before, "KEYWORD") ||
          ph_value_is (before, "UNKEYWORD"))
        continue;
      if (ph_value_get_kind (next) == PH_VALUE_LIST && ph_value_get_length (next) == 1)
        next = ph_value_first (next);
      if (ph_value_get_kind (next) == PH_VALUE_ATOM && ph_value_is (next, "ALL"))
        return TRUE;
    }
  return FALSE;
}

/* @keys (transfer full), @minus (transfer full) (nullable) */
static void
add_term (GPtrArray *terms, PhValue *keys, PhMessageSet *minus, gboolean subtract)
{
  PhImapTerm *term = g_new (PhImapTerm, 1);

  term->keys = keys;
  term->minus = minus;
  term->subtract = subtract;
  g_ptr_array_add (terms, term);
}

/* Whether what was found can be compared with it here: "*" is for the server to know. */
static gboolean
is_comparable (PhMessageSet *set, gboolean by_uid)
{
  guint32 last = 0;

  ph_message_set_get_range (set, ph_message_set_get_n_ranges (set) - 1, NULL, &last);
  return ph_message_set_is_by_uid (set) == by_uid && last != PH_MESSAGE_SET_STAR;
}

static void
plan_one (GPtrArray *terms, const PhValue *keys, GArray *sets, gboolean by_uid)
{
  PhMessageSet *set = g_array_index (sets, LongSet, 0).set;
  gboolean      comparable = is_comparable (set, by_uid);
  g_autoptr (PhValue) without = rewrite (keys, sets, 0, NULL);
  g_autoptr (PhValue) within = rewrite (keys, sets, 1, set);

  if (!is_never (without))
    {
      add_term (terms, g_steal_pointer (&without), comparable ? ph_message_set_ref (set) : NULL, FALSE);
      if (!comparable)
        add_term (terms, rewrite (NULL, sets, 0, set), NULL, TRUE);
    }
  if (!is_never (within))
    add_term (terms, g_steal_pointer (&within), NULL, FALSE);
}

/* Of those in all chosen sets what is in none of the others: NULL where no set is chosen. (transfer full) (nullable) */
static PhMessageSet *
intersect (GArray *sets, guint chosen, PhMessageSet **minus)
{
  PhMessageSet *within = NULL;

  *minus = NULL;
  for (guint i = 0; i < sets->len; i++)
    {
      PhMessageSet *set = g_array_index (sets, LongSet, i).set;
      g_autoptr (PhMessageSet) rest = NULL;

      if ((chosen & (1u << i)) == 0)
        {
          *minus = *minus != NULL ? *minus : ph_message_set_new (ph_message_set_is_by_uid (set));
          ph_message_set_add_set (*minus, set);
          continue;
        }
      if (within == NULL)
        {
          within = ph_message_set_new (ph_message_set_is_by_uid (set));
          ph_message_set_add_set (within, set);
          continue;
        }
      rest = ph_message_set_new (ph_message_set_is_by_uid (set));
      ph_message_set_add_set (rest, within);
      ph_message_set_remove_set (rest, set);
      ph_message_set_remove_set (within, rest);
    }
  if (within != NULL && *minus != NULL)
    {
      ph_message_set_remove_set (within, *minus);
      g_clear_pointer (minus, ph_message_set_unref);
    }
  return within;
}

static void
plan_several (GPtrArray *terms, const PhValue *keys, GArray *sets)
{
  for (guint chosen = 0; chosen < 1u << sets->len; chosen++)
    {
      g_autoptr (PhMessageSet) minus = NULL;
      g_autoptr (PhMessageSet) within = intersect (sets, chosen, &minus);
      g_autoptr (PhValue) rewritten = NULL;

      if (within != NULL && ph_message_set_is_empty (within))
        continue;
      rewritten = rewrite (keys, sets, chosen, within);
      if (!is_never (rewritten))
        add_term (terms, g_steal_pointer (&rewritten), g_steal_pointer (&minus), FALSE);
    }
}

GPtrArray *
ph_imap_plan_search (const PhValue *keys, gboolean by_uid, GError **error)
{
  g_autoptr (GArray) sets = find_long_sets (keys);
  GPtrArray *terms;

  if (sets->len == 0 || (sets->len == 1 && !g_array_index (sets, LongSet, 0).nested))
    return NULL;
  for (guint i = 0; i < sets->len; i++)
    if (sets->len > MAX_LONG || (sets->len > 1 && !is_comparable (g_array_index (sets, LongSet, i).set, by_uid)))
      {
        g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "The query holds %u sets that are too long for a line%s", sets->len,
                     sets->len > MAX_LONG ? "" : ", and what is found can’t be compared with them");
        return NULL;
      }

  terms = g_ptr_array_new_with_free_func (term_free);
  if (sets->len == 1)
    plan_one (terms, keys, sets, by_uid);
  else
    plan_several (terms, keys, sets);
  /* nothing can be found, which the server may say */
  if (terms->len == 0)
    add_term (terms, rewrite (keys, sets, 0, NULL), NULL, FALSE);
  return terms;
}
