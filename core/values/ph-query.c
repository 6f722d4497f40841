/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhQuery: what to search for, kept as the tokens of RFC 9051 section 6.4.4 in the order in which they are written. */
#include "ph-query-data.h"

#include <string.h>

/**
 * PhQuery:
 *
 * What to search for. A new query matches every message; each call narrows it and returns the same
 * query, so that calls chain:
 *
 * ```c
 * g_autoptr (PhQuery) query = ph_query_new ();
 * ph_query_from (ph_query_unseen (query), "ldj");
 * ```
 *
 * Texts are UTF-8 and match anywhere in the field, without regard to case, as the server does it.
 * The query goes to the server as typed values, so no text can become a key of its own.
 */
G_DEFINE_FINAL_TYPE (PhQuery, ph_query, G_TYPE_OBJECT)

static void
ph_query_finalize (GObject *object)
{
  PhQuery *self = PH_QUERY (object);

  g_ptr_array_unref (self->tokens);
  g_clear_pointer (&self->needs, g_ptr_array_unref);
  G_OBJECT_CLASS (ph_query_parent_class)->finalize (object);
}

static void
ph_query_class_init (PhQueryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_query_finalize;
}

static void
ph_query_init (PhQuery *self)
{
  self->tokens = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
}

PhQuery *
ph_query_add (PhQuery *self, PhValue *token)
{
  g_ptr_array_add (self->tokens, token);
  return self;
}

static gboolean
is_same_word (gconstpointer one, gconstpointer other)
{
  return one != NULL && g_ascii_strcasecmp (one, other) == 0;
}

static void
add_need (PhQuery *self, const char *capability)
{
  if (self->needs == NULL)
    self->needs = g_ptr_array_new_with_free_func (g_free);
  else if (g_ptr_array_find_with_equal_func (self->needs, capability, is_same_word, NULL))
    return;
  else
    g_ptr_array_set_size (self->needs, (int) self->needs->len - 1);
  g_ptr_array_add (self->needs, g_strdup (capability));
  g_ptr_array_add (self->needs, NULL);
}

static void
add_needs (PhQuery *self, PhQuery *other)
{
  for (guint i = 0; self != other && other->needs != NULL && i + 1 < other->needs->len; i++)
    add_need (self, g_ptr_array_index (other->needs, i));
}

PhQuery *
ph_query_add_key (PhQuery *self, const char *key)
{
  return ph_query_add (self, ph_value_new_atom (key));
}

PhQuery *
ph_query_add_text (PhQuery *self, const char *key, const char *text)
{
  return ph_query_add (ph_query_add_key (self, key), ph_value_new_string (text));
}

/* A word that can't be an atom goes as a quoted string, which the server refuses, so that it never turns into keys. */
PhQuery *
ph_query_add_word (PhQuery *self, const char *key, const char *word)
{
  gboolean is_atom = *word != '\0';

  for (const char *p = word; *p != '\0'; p++)
    is_atom &= *p > ' ' && *p != 0x7f && strchr ("(){%*\"\\]", *p) == NULL;
  return ph_query_add (ph_query_add_key (self, key), is_atom ? ph_value_new_atom (word) : ph_value_new_string (word));
}

static PhValue *
tokens_to_list (PhQuery *self)
{
  if (self->tokens->len == 0)
    {
      g_autoptr (PhValue) all = ph_value_new_atom ("ALL");

      return ph_value_new_list (&all, 1);
    }
  return ph_value_new_list ((PhValue **) self->tokens->pdata, self->tokens->len);
}

/**
 * ph_query_new:
 *
 * Makes a query that matches every message.
 *
 * Returns: (transfer full): a new query
 */
PhQuery *
ph_query_new (void)
{
  return g_object_new (PH_TYPE_QUERY, NULL);
}

/**
 * ph_query_not:
 * @self: a query
 * @other: a query, taken as it is now
 *
 * Only messages that @other does not match.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_not (PhQuery *self, PhQuery *other)
{
  PhValue *list;

  g_return_val_if_fail (PH_IS_QUERY (self), NULL);
  g_return_val_if_fail (PH_IS_QUERY (other), self);

  /* Read before anything is added: @other may be @self. */
  list = tokens_to_list (other);
  add_needs (self, other);
  return ph_query_add (ph_query_add_key (self, "NOT"), list);
}

/**
 * ph_query_or:
 * @self: a query
 * @one: a query, taken as it is now
 * @other: another, taken as it is now
 *
 * Only messages that @one or @other matches.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_or (PhQuery *self, PhQuery *one, PhQuery *other)
{
  PhValue *first, *second;

  g_return_val_if_fail (PH_IS_QUERY (self), NULL);
  g_return_val_if_fail (PH_IS_QUERY (one), self);
  g_return_val_if_fail (PH_IS_QUERY (other), self);

  first = tokens_to_list (one);
  second = tokens_to_list (other);
  add_needs (self, one);
  add_needs (self, other);
  return ph_query_add (ph_query_add (ph_query_add_key (self, "OR"), first), second);
}

/**
 * ph_query_fuzzy:
 * @self: a query
 * @other: a query, taken as it is now
 *
 * Only messages that @other matches about: with other forms of its words, with mistakes in them, as the server sees fit (FUZZY, RFC 6203). A
 * search fails with %PH_ERROR_NOT_SUPPORTED where the server can't, before anything is sent.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_fuzzy (PhQuery *self, PhQuery *other)
{
  PhValue *list;

  g_return_val_if_fail (PH_IS_QUERY (self), NULL);
  g_return_val_if_fail (PH_IS_QUERY (other), self);

  list = tokens_to_list (other);
  add_needs (self, other);
  add_need (self, "SEARCH=FUZZY");
  return ph_query_add (ph_query_add_key (self, "FUZZY"), list);
}

/**
 * ph_query_filter:
 * @self: a query
 * @name: a filter's name
 *
 * Only messages that a query finds which the server keeps under a name (FILTERS, RFC 5466; it is kept as the server's metadata
 * `/private/filters/values/NAME` or `/shared/filters/values/NAME`). A search fails with %PH_ERROR_NOT_SUPPORTED where the server keeps none,
 * before anything is sent, and is refused with the code `UNDEFINED-FILTER` where it knows no such name.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_filter (PhQuery *self, const char *name)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);
  g_return_val_if_fail (name != NULL, self);

  add_need (self, "FILTERS");
  return ph_query_add_word (self, "FILTER", name);
}

/**
 * ph_query_extended:
 * @self: a query
 * @capability: what the server must list, `SEARCH=X`
 * @keys: a list of atoms, numbers, strings and lists, as [method@Query.to_value] gives it; copied
 *
 * Adds keys of an extension. A search fails with %PH_ERROR_NOT_SUPPORTED where the server does not list @capability, before anything is sent.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_extended (PhQuery *self, const char *capability, const PhValue *keys)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);
  g_return_val_if_fail (capability != NULL && keys != NULL, self);

  add_need (self, capability);
  for (const PhValue *key = ph_value_first (keys); key != NULL; key = ph_value_next (key))
    ph_query_add (self, ph_value_copy (key));
  return self;
}

/**
 * ph_query_get_needs:
 * @self: a query
 *
 * For engines: what the server must list, all of it, so that it can be asked this.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): capabilities; %NULL: there are none
 */
const char *const *
ph_query_get_needs (PhQuery *self)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);

  return self->needs != NULL ? (const char *const *) self->needs->pdata : NULL;
}

/**
 * ph_query_raw:
 * @self: a query
 * @keys: keys as the RFC writes them, `UNSEEN FROM "ldj"`
 *
 * Adds keys that have no call of their own. They are sent as they are; CR, LF and NUL make the
 * search fail with %PH_ERROR_INVALID_ARGUMENT before anything was written. Never put text into it
 * that comes from elsewhere.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_raw (PhQuery *self, const char *keys)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);
  g_return_val_if_fail (keys != NULL, self);

  return *keys != '\0' ? ph_query_add_key (self, keys) : self;
}

/**
 * ph_query_to_value:
 * @self: a query
 *
 * For engines: the keys as a list, in the order in which RFC 9051 writes them. Keys, dates and sets
 * are atoms, texts are strings in UTF-8, sizes are numbers; what NOT and OR take are lists. The text of
 * [method@Query.raw] is one atom as it stands, blanks included.
 *
 * Returns: (transfer full): a list; (ALL) for a query that was not narrowed
 */
PhValue *
ph_query_to_value (PhQuery *self)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);

  return tokens_to_list (self);
}
