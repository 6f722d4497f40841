/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhQuery: what to search for, kept as the tokens of RFC 9051 section 6.4.4 in the order in which they are written. */
#include <posthorn/posthorn-plugin.h>

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
struct _PhQuery {
  GObject parent_instance;

  GPtrArray *tokens;
  GPtrArray *needs;  /* of capabilities, with NULL at the end; NULL: none */
};

G_DEFINE_FINAL_TYPE (PhQuery, ph_query, G_TYPE_OBJECT)

typedef struct {
  const char *flag;
  const char *key;
  const char *not_key;
} FlagKey;

static const FlagKey flag_keys[] = {
  { "\\Seen", "SEEN", "UNSEEN" },
  { "\\Answered", "ANSWERED", "UNANSWERED" },
  { "\\Flagged", "FLAGGED", "UNFLAGGED" },
  { "\\Deleted", "DELETED", "UNDELETED" },
  { "\\Draft", "DRAFT", "UNDRAFT" },
  { "\\Recent", "RECENT", "OLD" },
};

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

static PhQuery *
add (PhQuery *self, PhValue *token)
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

static PhQuery *
add_key (PhQuery *self, const char *key)
{
  return add (self, ph_value_new_atom (key));
}

static PhQuery *
add_text (PhQuery *self, const char *key, const char *text)
{
  return add (add_key (self, key), ph_value_new_string (text));
}

/* English month names whatever the locale, and the day as it is in @day's own zone. */
static PhQuery *
add_day (PhQuery *self, const char *key, GDateTime *day)
{
  static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  char text[16];
  int year, month, day_of_month;

  g_date_time_get_ymd (day, &year, &month, &day_of_month);
  g_snprintf (text, sizeof text, "%d-%s-%04d", day_of_month, months[month - 1], year);
  return add (add_key (self, key), ph_value_new_atom (text));
}

/* Twenty calls differ in a word only. */
#define DEFINE_KEY(function, key)                                                                                      \
  PhQuery *function (PhQuery *self)                                                                                    \
  {                                                                                                                    \
    g_return_val_if_fail (PH_IS_QUERY (self), NULL);                                                                   \
    return add_key (self, key);                                                                                        \
  }

#define DEFINE_TEXT_KEY(function, key)                                                                                 \
  PhQuery *function (PhQuery *self, const char *text)                                                                  \
  {                                                                                                                    \
    g_return_val_if_fail (PH_IS_QUERY (self), NULL);                                                                   \
    g_return_val_if_fail (text != NULL, self);                                                                         \
    return add_text (self, key, text);                                                                                 \
  }

#define DEFINE_DAY_KEY(function, key)                                                                                  \
  PhQuery *function (PhQuery *self, GDateTime *day)                                                                    \
  {                                                                                                                    \
    g_return_val_if_fail (PH_IS_QUERY (self), NULL);                                                                   \
    g_return_val_if_fail (day != NULL, self);                                                                          \
    return add_day (self, key, day);                                                                                   \
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
 * ph_query_all:
 * @self: a query
 *
 * Every message; narrows nothing.
 *
 * Returns: (transfer none): @self
 */
DEFINE_KEY (ph_query_all, "ALL")

/**
 * ph_query_seen:
 * @self: a query
 *
 * Only messages with the flag \Seen.
 *
 * Returns: (transfer none): @self
 */
DEFINE_KEY (ph_query_seen, "SEEN")

/**
 * ph_query_unseen:
 * @self: a query
 *
 * Only messages without the flag \Seen.
 *
 * Returns: (transfer none): @self
 */
DEFINE_KEY (ph_query_unseen, "UNSEEN")

/**
 * ph_query_flagged:
 * @self: a query
 *
 * Only messages with the flag \Flagged.
 *
 * Returns: (transfer none): @self
 */
DEFINE_KEY (ph_query_flagged, "FLAGGED")

/**
 * ph_query_answered:
 * @self: a query
 *
 * Only messages with the flag \Answered.
 *
 * Returns: (transfer none): @self
 */
DEFINE_KEY (ph_query_answered, "ANSWERED")

/**
 * ph_query_deleted:
 * @self: a query
 *
 * Only messages with the flag \Deleted.
 *
 * Returns: (transfer none): @self
 */
DEFINE_KEY (ph_query_deleted, "DELETED")

/**
 * ph_query_draft:
 * @self: a query
 *
 * Only messages with the flag \Draft.
 *
 * Returns: (transfer none): @self
 */
DEFINE_KEY (ph_query_draft, "DRAFT")

/* A keyword is an atom; one that can't be an atom goes as a quoted string, which the server refuses,
 * so that it never turns into keys. */
static PhValue *
new_keyword (const char *flag)
{
  for (const char *p = flag; *p != '\0'; p++)
    {
      if (*p <= ' ' || *p == 0x7f || strchr ("(){%*\"\\]", *p) != NULL)
        return ph_value_new_string (flag);
    }
  return *flag != '\0' ? ph_value_new_atom (flag) : ph_value_new_string (flag);
}

static PhQuery *
add_flag (PhQuery *self, const char *flag, gboolean set)
{
  for (gsize i = 0; i < G_N_ELEMENTS (flag_keys); i++)
    {
      if (g_ascii_strcasecmp (flag, flag_keys[i].flag) == 0)
        return add_key (self, set ? flag_keys[i].key : flag_keys[i].not_key);
    }
  return add (add_key (self, set ? "KEYWORD" : "UNKEYWORD"), new_keyword (flag));
}

/**
 * ph_query_flag:
 * @self: a query
 * @flag: a system flag, "\\Seen", or a keyword, "$Junk"
 *
 * Only messages with a flag.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_flag (PhQuery *self, const char *flag)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);
  g_return_val_if_fail (flag != NULL, self);

  return add_flag (self, flag, TRUE);
}

/**
 * ph_query_not_flag:
 * @self: a query
 * @flag: a system flag, "\\Seen", or a keyword, "$Junk"
 *
 * Only messages without a flag.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_not_flag (PhQuery *self, const char *flag)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);
  g_return_val_if_fail (flag != NULL, self);

  return add_flag (self, flag, FALSE);
}

/**
 * ph_query_from:
 * @self: a query
 * @text: what the From field contains
 *
 * Only messages from someone.
 *
 * Returns: (transfer none): @self
 */
DEFINE_TEXT_KEY (ph_query_from, "FROM")

/**
 * ph_query_to:
 * @self: a query
 * @text: what the To field contains
 *
 * Only messages to someone.
 *
 * Returns: (transfer none): @self
 */
DEFINE_TEXT_KEY (ph_query_to, "TO")

/**
 * ph_query_cc:
 * @self: a query
 * @text: what the Cc field contains
 *
 * Only messages with someone in copy.
 *
 * Returns: (transfer none): @self
 */
DEFINE_TEXT_KEY (ph_query_cc, "CC")

/**
 * ph_query_bcc:
 * @self: a query
 * @text: what the Bcc field contains
 *
 * Only messages with someone in blind copy.
 *
 * Returns: (transfer none): @self
 */
DEFINE_TEXT_KEY (ph_query_bcc, "BCC")

/**
 * ph_query_subject:
 * @self: a query
 * @text: what the subject contains
 *
 * Only messages on a subject.
 *
 * Returns: (transfer none): @self
 */
DEFINE_TEXT_KEY (ph_query_subject, "SUBJECT")

/**
 * ph_query_body:
 * @self: a query
 * @text: what the text behind the header contains
 *
 * Only messages whose body holds a text.
 *
 * Returns: (transfer none): @self
 */
DEFINE_TEXT_KEY (ph_query_body, "BODY")

/**
 * ph_query_text:
 * @self: a query
 * @text: what the message, header or body, contains
 *
 * Only messages that hold a text anywhere.
 *
 * Returns: (transfer none): @self
 */
DEFINE_TEXT_KEY (ph_query_text, "TEXT")

/**
 * ph_query_header:
 * @self: a query
 * @field: a field's name, "List-Id"
 * @text: what it contains; "": the field is there
 *
 * Only messages with something in a header field.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_header (PhQuery *self, const char *field, const char *text)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);
  g_return_val_if_fail (field != NULL, self);
  g_return_val_if_fail (text != NULL, self);

  return add (add_text (self, "HEADER", field), ph_value_new_string (text));
}

/**
 * ph_query_since:
 * @self: a query
 * @day: only its date counts, in its own zone; [func@date] makes one
 *
 * Only messages that the server received on a day or later, in the server's zone.
 *
 * Returns: (transfer none): @self
 */
DEFINE_DAY_KEY (ph_query_since, "SINCE")

/**
 * ph_query_before:
 * @self: a query
 * @day: only its date counts, in its own zone
 *
 * Only messages that the server received before a day.
 *
 * Returns: (transfer none): @self
 */
DEFINE_DAY_KEY (ph_query_before, "BEFORE")

/**
 * ph_query_on:
 * @self: a query
 * @day: only its date counts, in its own zone
 *
 * Only messages that the server received on a day.
 *
 * Returns: (transfer none): @self
 */
DEFINE_DAY_KEY (ph_query_on, "ON")

/**
 * ph_query_sent_since:
 * @self: a query
 * @day: only its date counts, in its own zone
 *
 * Only messages whose Date field names a day or a later one.
 *
 * Returns: (transfer none): @self
 */
DEFINE_DAY_KEY (ph_query_sent_since, "SENTSINCE")

/**
 * ph_query_sent_before:
 * @self: a query
 * @day: only its date counts, in its own zone
 *
 * Only messages whose Date field names an earlier day.
 *
 * Returns: (transfer none): @self
 */
DEFINE_DAY_KEY (ph_query_sent_before, "SENTBEFORE")

/**
 * ph_query_larger:
 * @self: a query
 * @octets: a size
 *
 * Only messages of more than so many octets.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_larger (PhQuery *self, guint32 octets)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);

  return add (add_key (self, "LARGER"), ph_value_new_number (octets));
}

/**
 * ph_query_smaller:
 * @self: a query
 * @octets: a size
 *
 * Only messages of fewer than so many octets.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_smaller (PhQuery *self, guint32 octets)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);

  return add (add_key (self, "SMALLER"), ph_value_new_number (octets));
}

/**
 * ph_query_older:
 * @self: a query
 * @seconds: an age, from 1
 *
 * Only messages that the server received so long ago or longer (WITHIN, RFC 5032). A search fails with %PH_ERROR_NOT_SUPPORTED where the
 * server can't, before anything is sent: [method@Query.before] knows whole days only.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_older (PhQuery *self, guint32 seconds)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);

  return add (add_key (self, "OLDER"), ph_value_new_number (MAX (seconds, 1)));
}

/**
 * ph_query_younger:
 * @self: a query
 * @seconds: an age, from 1
 *
 * Only messages that the server received no longer ago (WITHIN, RFC 5032); see [method@Query.older].
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_younger (PhQuery *self, guint32 seconds)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);

  return add (add_key (self, "YOUNGER"), ph_value_new_number (MAX (seconds, 1)));
}

/**
 * ph_query_mod_seq:
 * @self: a query
 * @mod_seq: a mod-sequence
 *
 * Only messages that were changed at @mod_seq or later (CONDSTORE, RFC 7162 section 3.1.5). A search fails with %PH_ERROR_NOT_SUPPORTED
 * where the server can't, before anything is sent.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_mod_seq (PhQuery *self, guint64 mod_seq)
{
  g_return_val_if_fail (PH_IS_QUERY (self), NULL);

  return add (add_key (self, "MODSEQ"), ph_value_new_number (mod_seq));
}

/**
 * ph_query_in_set:
 * @self: a query
 * @set: UIDs or sequence numbers; copied
 *
 * Only messages of a set; an empty one matches none.
 *
 * Returns: (transfer none): @self
 */
PhQuery *
ph_query_in_set (PhQuery *self, PhMessageSet *set)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (PH_IS_QUERY (self), NULL);
  g_return_val_if_fail (set != NULL, self);

  if (ph_message_set_is_saved (set))
    return add_key (self, "$");
  /* The grammar has no empty set. */
  if (ph_message_set_is_empty (set))
    return add_key (add_key (self, "NOT"), "ALL");
  if (ph_message_set_is_by_uid (set))
    add_key (self, "UID");
  text = ph_message_set_to_string (set);
  return add_key (self, text);
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
  return add (add_key (self, "NOT"), list);
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
  return add (add (add_key (self, "OR"), first), second);
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
  return add (add_key (self, "FUZZY"), list);
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
  return add_text (self, "FILTER", name);
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
    add (self, ph_value_copy (key));
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

  return *keys != '\0' ? add_key (self, keys) : self;
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

/**
 * ph_date:
 * @year: 1 to 9999
 * @month: 1 to 12
 * @day: 1 to 31
 *
 * A day at midnight UTC, for [method@Query.since] and its like.
 *
 * Returns: (transfer full) (nullable): the day, %NULL where there is no such day
 */
GDateTime *
ph_date (int year, int month, int day)
{
  return g_date_time_new_utc (year, month, day, 0, 0, 0);
}
