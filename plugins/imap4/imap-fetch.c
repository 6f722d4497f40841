/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * FETCH (RFC 9051 sections 6.4.5, 7.5.2): messages as they come, each an item of the command.
 *
 *   fetch    = ["UID"] "FETCH" SP sequence-set SP "(UID" *(SP item) ")" [SP "(" [CHANGEDSINCE n] [PARTIAL a:b] ")"]
 *   response = "*" SP number SP "FETCH" SP "(" [name SP value *(SP name SP value)] ")"
 *
 * A server may send FETCH responses at any time, to tell of flags that changed. A response is the command's where it tells of a message
 * that was asked for, and something that was asked for beside flags (or flags, where nothing else was).
 *
 * A page of a set (RFC 9394) is searched for first where the server has no PARTIAL. After ENABLE UIDONLY (RFC 9586) a response is called
 * UIDFETCH, and its number is the UID.
 */
#include "imap-digits.h"
#include "imap-engine.h"
#include "imap-store.h"

#include <string.h>

/* Further items (or'ed to PhFetch), which the engine doesn't know by name */
#define FETCH_EXTRA (1u << 30)

#define ITEM(item, asked, told) { item, asked, told, sizeof told - 1 }

static const struct {
  PhFetch     item;
  const char *asked;
  const char *told;
  gsize       told_length;
} items[] = {
  ITEM (PH_FETCH_UID, "UID", "UID"),
  ITEM (PH_FETCH_FLAGS, "FLAGS", "FLAGS"),
  ITEM (PH_FETCH_INTERNAL_DATE, "INTERNALDATE", "INTERNALDATE"),
  ITEM (PH_FETCH_SIZE, "RFC822.SIZE", "RFC822.SIZE"),
  ITEM (PH_FETCH_ENVELOPE, "ENVELOPE", "ENVELOPE"),
  ITEM (PH_FETCH_BODY_STRUCTURE, "BODYSTRUCTURE", "BODYSTRUCTURE"),
  ITEM (PH_FETCH_HEADER, "BODY.PEEK[HEADER]", "BODY[HEADER]"),
  ITEM (PH_FETCH_BODY, "BODY.PEEK[]", "BODY[]"),
  ITEM (PH_FETCH_TEXT, "BODY.PEEK[TEXT]", "BODY[TEXT]"),
  ITEM (PH_FETCH_MOD_SEQ, "MODSEQ", "MODSEQ"),
};

enum { FETCH_DIRECTLY, FETCH_SEARCH, FETCH_FOUND };

/* A set that one line can hold: a page of one that needs several would be a page of each. */
#define MAX_PAGED_RANGES 300

static gboolean
check_fetch (PhImapCommand *self, PhWriter *writer, PhImapFeatures features)
{
  if (self->since > 0 && (features & PH_IMAP_CONDSTORE) == 0)
    ph_imap_command_lacks (self, writer, "CONDSTORE");
  else if (self->other != NULL && g_ascii_strncasecmp (self->other, "BINARY", 6) == 0 && (features & PH_IMAP_BINARY_FETCH) == 0)
    ph_imap_command_lacks (self, writer, "BINARY");
  else if (self->first != 0 && (!ph_imap_is_page (self->first, self->last) || !self->by_uid))
    ph_writer_fail (writer, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "%d:%d is no page of a set of UIDs", self->first, self->last));
  else
    return TRUE;
  return FALSE;
}

static void
write_modifiers (PhImapCommand *self, PhWriter *writer)
{
  gboolean paged = self->first != 0 && self->stage == FETCH_DIRECTLY;

  if (self->since == 0 && !paged)
    return;

  ph_writer_open (writer);
  if (self->since > 0)
    {
      ph_writer_atom (writer, "CHANGEDSINCE");
      ph_writer_number (writer, self->since);
    }
  if (paged)
    ph_imap_write_page (writer, self->first, self->last);
  ph_writer_close (writer);
}

static void
write_items (PhImapCommand *self, PhWriter *writer, PhImapFeatures features)
{
  guint unknown = (features & PH_IMAP_CONDSTORE) == 0 ? PH_FETCH_MOD_SEQ : 0;

  ph_writer_atom (writer, "FETCH");
  ph_imap_command_write_set (self, writer);
  ph_writer_open (writer);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if ((self->items & ~unknown & items[i].item) != 0)
      ph_writer_line (writer, items[i].asked);
  if (self->other != NULL)
    ph_writer_line (writer, self->other);
  ph_writer_close (writer);
  write_modifiers (self, writer);
}

static void
write_search_of_set (PhImapCommand *self, PhWriter *writer, PhImapFeatures features)
{
  if (self->found == NULL)
    self->found = ph_message_set_new (TRUE);
  ph_writer_atom (writer, "SEARCH");
  if ((features & PH_IMAP_ESEARCH) != 0)
    ph_writer_line (writer, "RETURN (ALL)");
  ph_writer_atom (writer, "UID");
  ph_imap_command_write_set (self, writer);
}

static void
write_fetch (PhImapCommand *self, PhWriter *writer)
{
  PhImapFeatures features = ph_imap_writer_get_features ((PhImapWriter *) writer);

  if (!check_fetch (self, writer, features))
    return;
  if (self->first != 0 && self->stage == FETCH_DIRECTLY &&
      ((features & PH_IMAP_PARTIAL) == 0 || ph_message_set_get_n_ranges (self->set) > MAX_PAGED_RANGES))
    self->stage = FETCH_SEARCH;

  if (self->stage == FETCH_SEARCH)
    write_search_of_set (self, writer, features);
  else
    write_items (self, writer, features);
}

static gboolean
has_more_to_fetch (PhImapCommand *self)
{
  if (ph_imap_command_has_more_ranges (self))
    return TRUE;
  if (self->stage != FETCH_SEARCH)
    return FALSE;

  self->stage = FETCH_FOUND;
  self->step = self->step_from = 0;
  ph_message_set_unref (self->set);
  self->set = ph_imap_cut_page (self->found, self->first, self->last);
  return !ph_message_set_is_empty (self->set);
}

static inline PhFetch
item_of_name (const char *name, gsize length)
{
  /* what each response has */
  if (length == 3 && memcmp (name, "UID", 3) == 0)
    return PH_FETCH_UID;
  if (length == 5 && memcmp (name, "FLAGS", 5) == 0)
    return PH_FETCH_FLAGS;

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (items[i].told_length == length && (memcmp (name, items[i].told, length) == 0 || ph_imap_is_word (name, items[i].told, length)))
      return items[i].item;

  return FETCH_EXTRA;
}

/* A set that names "*" may mean a message below its first number. */
static gboolean
is_asked_for (PhImapCommand *self, guint32 number)
{
  guint   n_ranges;
  guint32 first, last;

  if (ph_message_set_contains (self->set, number) || ph_message_set_is_saved (self->set))
    return TRUE;

  n_ranges = ph_message_set_get_n_ranges (self->set);
  ph_message_set_get_range (self->set, n_ranges - 1, &first, &last);
  return n_ranges > 0 && last == PH_MESSAGE_SET_STAR;
}

/* What is looked for in an answer */
static guint
get_asked (PhImapCommand *self)
{
  guint asked = self->items & ~((guint) PH_FETCH_UID | PH_FETCH_FLAGS | PH_FETCH_MOD_SEQ);

  /* "BODY.PEEK[]" in the program's own words is told as the item that we know */
  if ((asked & FETCH_EXTRA) != 0)
    return ~((guint) PH_FETCH_UID | PH_FETCH_FLAGS | PH_FETCH_MOD_SEQ);
  if (asked != 0)
    return asked;
  return (self->items & PH_FETCH_FLAGS) != 0 ? PH_FETCH_FLAGS : PH_FETCH_UID;
}

/* What is told in attributes as nearly all are, up to where it is enough; 0 where they are to be looked at one by one */
static guint
find_told (const PhValue *attributes, guint asked, gboolean by_uid, guint64 *uid)
{
  static const guint8 usual[] = { PH_VALUE_ATOM, 3, 'U', 'I', 'D', '\0', PH_VALUE_NUMBER };
  const guint8 *name = (const guint8 *) attributes + PH_VALUE_LIST_HEAD;
  guint         told = 0;

  /* behind a short number is, where it's the last, the end of two lists */
  if (memcmp (name, usual, sizeof usual) == 0 && name[sizeof usual] - 1u < 8)
    {
      const guint8 *number = name + sizeof usual;

      *uid = ph_imap_read_digits ((const char *) number + 1, *number);
      told = PH_FETCH_UID;
      name = number + 1 + *number + 1;
    }
  while (*name == PH_VALUE_ATOM && name[1] != 0xff)
    {
      const guint8 *value = name + 3 + name[1];
      PhFetch       item = item_of_name ((const char *) name + 2, name[1]);

      if (item == PH_FETCH_UID && (*value != PH_VALUE_NUMBER || value[1] > 9 || (told & PH_FETCH_UID) != 0))
        return 0;
      if (item == PH_FETCH_UID)
        for (guint i = 0; i < value[1]; i++)
          *uid = *uid * 10 + (guint64) (value[2 + i] - '0');
      told |= item;
      if ((told & asked) != 0 && (*uid != 0 || !by_uid))
        return told;
      name = ph_value_builder_skip_at (value);
      if (name == NULL)
        return 0;
    }

  return 0;
}

gboolean
ph_imap_fetch_tells (PhImapCommand *self, const PhValue *attributes, guint32 *told_uid)
{
  guint   told = 0;
  guint   asked = get_asked (self);
  guint64 uid = 0;

  /* not borrowed, nor a root */
  if (*(const guint8 *) attributes == PH_VALUE_LIST)
    told = find_told (attributes, asked, self->by_uid, &uid);
  if (told == 0)
    uid = 0;
  for (const PhValue *name = told == 0 ? ph_value_first (attributes) : NULL; name != NULL; name = ph_value_next (name))
    {
      const PhValue *value = ph_value_next (name);
      gsize          length;
      const char    *text = ph_value_get_data (name, &length);
      PhFetch        item = text != NULL ? item_of_name (text, length) : 0;

      if (item == PH_FETCH_UID)
        ph_value_get_number (value, &uid);
      told |= item;
      /* the rest is the program's to read */
      if (value == NULL || ((told & asked) != 0 && (uid != 0 || !self->by_uid)))
        break;
      name = value;
    }

  *told_uid = uid <= G_MAXUINT32 ? (guint32) uid : 0;
  return (told & asked) != 0 && (*told_uid != 0 || !self->by_uid);
}

gboolean
ph_imap_fetch_told (PhImapCommand *self, PhImapFetched *fetched)
{
  if (G_UNLIKELY (fetched->told == 0))
    return ph_imap_fetch_tells (self, fetched->attributes, &fetched->uid);
  return (fetched->told & get_asked (self)) != 0 && (fetched->uid != 0 || !self->by_uid);
}

gboolean
ph_imap_fetch_claims (PhImapCommand *self, guint32 number, guint32 uid)
{
  return is_asked_for (self, self->by_uid ? uid : number);
}

static gboolean
is_section (const char *name, gsize length)
{
  return length >= 5 && (ph_imap_is_word (name, "BODY[", 5) || ph_imap_is_word (name, "BINAR", 5) || ph_imap_is_word (name, "RFC82", 5));
}

/* A literal has gone to the sink already, with an empty string in its place. */
static GBytes *
find_spill (const PhValue *attributes)
{
  for (const PhValue *name = ph_value_first (attributes); name != NULL; name = ph_value_next (name))
    {
      const PhValue *value = ph_value_next (name);
      gsize          length, size;
      const char    *text = ph_value_get_data (name, &length);

      if (text != NULL && is_section (text, length) && ph_value_get_kind (value) == PH_VALUE_STRING &&
          ph_value_get_data (value, &size) != NULL && size > 0)
        return ph_value_dup_bytes (value);
      if (value == NULL)
        break;
      name = value;
    }

  return NULL;
}

static gboolean
receive_fetch (PhImapCommand *self, const PhResponse *response)
{
  const PhValue *attributes = ph_value_first (ph_response_get_values (response));
  guint32        number = ph_response_get_number (response);
  const char    *name = ph_response_get_name (response);
  guint32        uid;

  if (self->stage == FETCH_SEARCH)
    return ph_imap_search_receive (self, response);
  if (number == 0 || (strcmp (name, "FETCH") != 0 && strcmp (name, "UIDFETCH") != 0))
    return FALSE;
  if (!ph_imap_fetch_tells (self, attributes, &uid) || !ph_imap_fetch_claims (self, number, uid))
    return FALSE;

  if (self->sink != NULL && !self->discard)
    self->spill = find_spill (attributes);
  self->answered = TRUE;
  if (!self->discard)
    ph_command_push_message (&self->parent, *name == 'U' ? 0 : number, uid, attributes);
  return TRUE;
}

gboolean
ph_imap_fetch_takes_plain (PhImapCommand *self)
{
  return self->stage != FETCH_SEARCH && self->sink == NULL && !self->discard;
}

gboolean
ph_imap_fetch_is_for_flags (PhImapCommand *self)
{
  return get_asked (self) == PH_FETCH_FLAGS;
}

void
ph_imap_fetch_get_range (PhImapCommand *self, guint32 *first, guint32 *last)
{
  *first = 1;
  *last = 0;
  if (ph_message_set_get_n_ranges (self->set) == 1)
    ph_message_set_get_range (self->set, 0, first, last);
  if (*last == PH_MESSAGE_SET_STAR)
    *first = 1;
}

/* RFC 9051 section 6.4.9: a UID that no message has is no error to the server. An empty stream would pass for an empty message. */
static gboolean
finish_fetch (PhImapCommand *self, PhReply *reply, GError **error)
{
  if (self->sink == NULL || self->answered)
    return TRUE;

  g_propagate_error (error, ph_error_new (PH_ERROR_NO_MESSAGE, reply, NULL, "The mailbox has no message of that UID"));
  return FALSE;
}

const PhImapKind ph_imap_fetch_kind = {
  .answer = "FETCH",
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_NO_EXPUNGE,
  .write = write_fetch,
  .receive = receive_fetch,
  .more = has_more_to_fetch,
  .finish = finish_fetch,
  .note = ph_imap_command_note_limit,
};

/* "* 5 FETCH (UID 7 BODY[] " and the like: what a section's literal has before it. */
gboolean
ph_imap_fetch_wants_literal (PhImapCommand *self, const char *head, gsize length)
{
  const char *end = head + length;
  const char *p;

  while (end > head && end[-1] == ' ')
    end--;
  p = end;
  while (p > head && p[-1] != ' ' && p[-1] != '(' && p[-1] != ']')
    p--;

  /* a section's name may have blanks in it: the bracket begins it */
  if (p > head && p[-1] == ']')
    p = g_strrstr_len (head, p - head, "[");
  while (p != NULL && p > head && p[-1] != ' ' && p[-1] != '(')
    p--;

  return p != NULL && is_section (p, (gsize) (end - p));
}

gboolean
ph_imap_command_is_void (PhImapCommand *self)
{
  return (self->set != NULL && ph_message_set_is_empty (self->set)) || (self->messages != NULL && self->messages[0] == NULL);
}

static PhImapCommand *
make (PhMessageSet *set, PhFetch asked, const char *extra)
{
  PhImapCommand *command = ph_imap_command_new (&ph_imap_fetch_kind);

  ph_command_set_name (PH_COMMAND (command), "FETCH");
  command->set = ph_message_set_ref (set);
  command->by_uid = ph_message_set_is_by_uid (set);
  command->items = asked | PH_FETCH_UID;
  if (extra != NULL && *extra != '\0')
    {
      command->items |= FETCH_EXTRA;
      command->other = g_strdup (extra);
    }
  return command;
}

PhCommand *
ph_imap_store_make_fetch (PhStoreEngine *engine, PhMessageSet *set, PhFetch asked, const char *extra, GOutputStream *sink)
{
  PhImapCommand *command = make (set, asked, extra);

  g_set_object (&command->sink, sink);
  return PH_COMMAND (command);
}

PhCommand *
ph_imap_store_make_fetch_some (PhStoreEngine *engine, PhMessageSet *set, PhFetch asked, const char *extra, guint64 mod_seq, int first, int last)
{
  PhImapCommand *command = make (set, asked, extra);

  command->since = mod_seq;
  command->first = first;
  command->last = last;
  /* perhaps by a search, whose answer could be another's */
  if (first != 0)
    ph_command_set_flags (PH_COMMAND (command), PH_COMMAND_ALONE);
  return PH_COMMAND (command);
}
