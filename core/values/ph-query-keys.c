/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of a query: flags, texts, days, sizes, sets (RFC 9051 section 6.4.4, RFC 5032, RFC 7162). */
#include "ph-query-data.h"

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

static PhQuery *
add_day (PhQuery *self, const char *key, GDateTime *day)
{
  return ph_query_add (ph_query_add_key (self, key), ph_value_new_day (day));
}

/* Twenty calls differ in a word only. */
#define DEFINE_KEY(function, key)                                                                                      \
  PhQuery *function (PhQuery *self)                                                                                    \
  {                                                                                                                    \
    g_return_val_if_fail (PH_IS_QUERY (self), NULL);                                                                   \
    return ph_query_add_key (self, key);                                                                               \
  }

#define DEFINE_TEXT_KEY(function, key)                                                                                 \
  PhQuery *function (PhQuery *self, const char *text)                                                                  \
  {                                                                                                                    \
    g_return_val_if_fail (PH_IS_QUERY (self), NULL);                                                                   \
    g_return_val_if_fail (text != NULL, self);                                                                         \
    return ph_query_add_text (self, key, text);                                                                        \
  }

#define DEFINE_DAY_KEY(function, key)                                                                                  \
  PhQuery *function (PhQuery *self, GDateTime *day)                                                                    \
  {                                                                                                                    \
    g_return_val_if_fail (PH_IS_QUERY (self), NULL);                                                                   \
    g_return_val_if_fail (day != NULL, self);                                                                          \
    return add_day (self, key, day);                                                                                   \
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

static PhQuery *
add_flag (PhQuery *self, const char *flag, gboolean set)
{
  for (gsize i = 0; i < G_N_ELEMENTS (flag_keys); i++)
    {
      if (g_ascii_strcasecmp (flag, flag_keys[i].flag) == 0)
        return ph_query_add_key (self, set ? flag_keys[i].key : flag_keys[i].not_key);
    }
  return ph_query_add_word (self, set ? "KEYWORD" : "UNKEYWORD", flag);
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

  return ph_query_add (ph_query_add_text (self, "HEADER", field), ph_value_new_string (text));
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

  return ph_query_add (ph_query_add_key (self, "LARGER"), ph_value_new_number (octets));
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

  return ph_query_add (ph_query_add_key (self, "SMALLER"), ph_value_new_number (octets));
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

  return ph_query_add (ph_query_add_key (self, "OLDER"), ph_value_new_number (MAX (seconds, 1)));
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

  return ph_query_add (ph_query_add_key (self, "YOUNGER"), ph_value_new_number (MAX (seconds, 1)));
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

  return ph_query_add (ph_query_add_key (self, "MODSEQ"), ph_value_new_number (mod_seq));
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
    return ph_query_add_key (self, "$");
  /* The grammar has no empty set. */
  if (ph_message_set_is_empty (set))
    return ph_query_add_key (ph_query_add_key (self, "NOT"), "ALL");
  if (ph_message_set_is_by_uid (set))
    ph_query_add_key (self, "UID");
  text = ph_message_set_to_string (set);
  return ph_query_add_key (self, text);
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
