/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SORT (RFC 5256) and its extended form (RFC 5267); or, where the server has neither, a SEARCH, a FETCH of what the keys need, and the order
 * made here.
 *
 *   sort     = ["UID" SP] "SORT" [SP "RETURN" SP "(" [return *(SP return)] ")"] SP "(" criterion *(SP criterion) ")" SP charset 1*(SP key)
 *   return   = "MIN" / "MAX" / "ALL" / "COUNT" / "CONTEXT" / "PARTIAL" SP range
 *   response = "SORT" *(SP number)
 *            / "ESEARCH" [SP "(TAG" SP string ")"] [SP "UID"] *(SP name SP value)
 */
#include "imap4-sort.h"

#include <stdlib.h>
#include <string.h>

/* What a server's answer may come to: more messages are in no mailbox that a session could work with */
#define MAX_NUMBERS 16000000

typedef struct {
  PhCommand      parent;

  PhOrderParts   parts;
  PhSortOrder   *order;
  gboolean       only_there; /* by a key of another extension, which means nothing here */
  PhSearchReturn wanted;
  int            first, last;

  /* the server's answer */
  gboolean       extended;   /* MIN, MAX, COUNT are its own */
  gboolean       paged;      /* what it tells is the page */
  GArray        *numbers;
  guint32        min, max, count;
  gboolean       answered;

  PhSortRows    *rows;       /* NULL: the server sorts */
} PhImapSortCommand;

typedef PhCommandClass PhImapSortCommandClass;

GType ph_imap_sort_command_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapSortCommand, ph_imap_sort_command, PH_TYPE_COMMAND, G_TYPE_INVALID, NULL)

/* --- what is asked --- */

/* Without keys there is nothing to sort by, and the grammar has no way to say so. */
static gboolean
server_can (PhImapSortCommand *self)
{
  PhExtension    *extension = self->parts.extension;
  g_auto (GStrv)  needs = ph_sort_order_get_needs (self->order);

  for (guint i = 0; needs[i] != NULL; i++)
    if (!ph_extension_has_capability (extension, needs[i]))
      return FALSE;
  return !((PhImapSort *) extension)->is_broken && ph_sort_order_get_n_keys (self->order) > 0 && ph_order_can_ask (extension, self->parts.query, self->parts.keys) &&
         ph_extension_has_capability (extension, "SORT");
}

static gboolean
are_arguments_right (PhImapSortCommand *self)
{
  if (self->first == 0 && self->last == 0)
    return self->wanted != 0 && (self->wanted & PH_SEARCH_SAVE) == 0;
  return self->first != 0 && self->last != 0 && (self->first > 0) == (self->last > 0);
}

static void
write_returns (PhImapSortCommand *self, PhWriter *writer)
{
  static const struct {
    PhSearchReturn wanted;
    const char    *word;
  } words[] = { { PH_SEARCH_MIN, "MIN" }, { PH_SEARCH_MAX, "MAX" }, { PH_SEARCH_COUNT, "COUNT" }, { PH_SEARCH_ALL, "ALL" } };
  PhExtension *extension = self->parts.extension;

  self->extended = self->wanted != PH_SEARCH_ALL && self->first == 0 && ph_extension_has_capability (extension, "ESORT");
  self->paged = self->first > 0 && ph_extension_has_capability (extension, "CONTEXT=SORT");
  if (!self->extended && !self->paged)
    return;

  ph_writer_atom (writer, "RETURN");
  ph_writer_open (writer);
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (self->extended && (self->wanted & words[i].wanted) != 0)
      ph_writer_atom (writer, words[i].word);
  if (self->paged)
    {
      g_autofree char *range = g_strdup_printf ("%d:%d", self->first, self->last);

      /* RFC 5267 section 4.2: the same is likely to be asked again, for the next page */
      ph_writer_atom (writer, "CONTEXT");
      ph_writer_atom (writer, "PARTIAL");
      ph_writer_atom (writer, range);
    }
  ph_writer_close (writer);
}

static void
ph_imap_sort_command_write (PhCommand *command, PhWriter *writer)
{
  PhImapSortCommand *self = (PhImapSortCommand *) command;
  g_autoptr (PhValue) keys = NULL;

  if (!are_arguments_right (self))
    {
      ph_writer_fail (writer, self->first != 0 || self->last != 0
                              ? ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "%d:%d is no page", self->first, self->last)
                              : ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "SORT tells MIN, MAX, ALL and COUNT, and keeps nothing"));
      return;
    }
  if (self->only_there && !server_can (self))
    {
      g_auto (GStrv)   needs = ph_sort_order_get_needs (self->order);
      g_autofree char *names = g_strjoinv (", ", needs);

      ph_writer_fail (writer, ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL,
                                            "Only a server with SORT and %s can sort by this, and this one can't be asked for it", names));
      return;
    }
  if (self->parts.by_uid)
    ph_writer_atom (writer, "UID");
  ph_writer_atom (writer, "SORT");
  write_returns (self, writer);
  keys = ph_sort_order_to_value (self->order);
  ph_writer_value (writer, keys);
  ph_writer_atom (writer, "UTF-8");
  ph_writer_query (writer, self->parts.keys);
}

/* --- the server's answer --- */

/* Always TRUE: what is too much is told at the end */
static gboolean
add_range (gpointer data, guint64 first, guint64 last)
{
  PhImapSortCommand *self = data;

  if (first == 0 || last > G_MAXUINT32 || last - first >= MAX_NUMBERS - self->numbers->len)
    {
      self->parts.overflowed = TRUE;
      return TRUE;
    }
  for (guint64 number = first; number <= last; number++)
    {
      guint32 one = (guint32) number;

      g_array_append_val (self->numbers, one);
    }
  return TRUE;
}

static void
read_number (const PhValue *value, guint32 *number)
{
  guint64 told;

  if (ph_value_get_number (value, &told) && told <= G_MAXUINT32)
    *number = (guint32) told;
}

static void
read_extended (PhImapSortCommand *self, const PhValue *value)
{
  for (; value != NULL && ph_value_next (value) != NULL; value = ph_value_next (ph_value_next (value)))
    {
      const PhValue *told = ph_value_next (value);

      if (ph_value_is (value, "ALL"))
        ph_esearch_read_set (told, add_range, self);
      else if (ph_value_is (value, "PARTIAL"))
        ph_esearch_read_set (ph_value_get_child (told, 1), add_range, self);
      else if (ph_value_is (value, "MIN"))
        read_number (told, &self->min);
      else if (ph_value_is (value, "MAX"))
        read_number (told, &self->max);
      else if (ph_value_is (value, "COUNT"))
        read_number (told, &self->count);
    }
}

static gboolean
ph_imap_sort_command_receive (PhCommand *command, const PhResponse *response)
{
  PhImapSortCommand *self = (PhImapSortCommand *) command;
  const char        *name = ph_response_get_name (response);
  const PhValue     *value = ph_value_first (ph_response_get_values (response));
  guint64            number;

  if (g_strcmp0 (name, "ESEARCH") == 0)
    {
      /* another's is news of an earlier one (RFC 5267 section 4.3) */
      if (!ph_esearch_is_for (response, ph_command_get_tag (command)))
        return FALSE;
      self->answered = TRUE;
      read_extended (self, ph_esearch_first (response));
      return TRUE;
    }
  if (g_strcmp0 (name, "SORT") != 0)
    return FALSE;

  self->answered = TRUE;
  for (; value != NULL; value = ph_value_next (value))
    if (ph_value_get_number (value, &number) && number > 0)
      add_range (self, number, number);
  return TRUE;
}

/* --- ours --- */

static PhCommand *
ph_imap_sort_command_next_part (PhCommand *command, PhCommand *previous, PhReply *reply)
{
  PhImapSortCommand *self = (PhImapSortCommand *) command;

  if (self->only_there || !are_arguments_right (self) || !ph_order_parts_are_needed (&self->parts, command, previous, reply, server_can (self), self->answered))
    return NULL;

  if (self->rows == NULL)
    {
      g_array_set_size (self->numbers, 0);
      self->extended = self->paged = FALSE;
      self->rows = ph_sort_rows_new (self->order, self->parts.by_uid);
    }
  return ph_order_parts_next (&self->parts, previous, ph_sort_rows_get_items (self->rows), NULL);
}

static gboolean
add_row (gpointer rows, PhMessage *message)
{
  return ph_sort_rows_add (rows, message);
}

static void
ph_imap_sort_command_take_items (PhCommand *command, PhCommand *part)
{
  PhImapSortCommand *self = (PhImapSortCommand *) command;

  ph_order_parts_take (&self->parts, part, add_row, self->rows);
}

/* --- the result --- */

static void
cut_page (PhImapSortCommand *self, gsize *start, gsize *length)
{
  gsize n = self->numbers->len;
  gsize low = (gsize) MIN (abs (self->first), abs (self->last));
  gsize high = (gsize) MAX (abs (self->first), abs (self->last));

  *start = *length = 0;
  if (low > n)
    return;
  high = MIN (high, n);
  *start = self->first > 0 ? low - 1 : n - high;
  *length = high - low + 1;
}

static gboolean
ph_imap_sort_command_finish (PhCommand *command, PhReply *reply, GError **error)
{
  PhImapSortCommand *self = (PhImapSortCommand *) command;
  gsize              start = 0, length;

  if (self->parts.overflowed)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_LIMIT, reply, NULL, self->rows != NULL
                                              ? "Sorting takes more than 256 MiB of memory here" : "SORT was answered with more than 16 million messages"));
      return FALSE;
    }
  ((PhImapSort *) self->parts.extension)->is_broken |= self->parts.misunderstood;
  if (self->rows != NULL)
    {
      g_array_unref (self->numbers);
      self->numbers = ph_sort_rows_sort (self->rows);
    }

  length = self->numbers->len;
  if (!self->extended && !self->paged)
    {
      self->min = length > 0 ? g_array_index (self->numbers, guint32, 0) : 0;
      self->max = length > 0 ? g_array_index (self->numbers, guint32, length - 1) : 0;
      self->count = (guint32) length;
    }
  if (self->first != 0 && !self->paged)
    cut_page (self, &start, &length);
  else if (self->first == 0 && (self->wanted & PH_SEARCH_ALL) == 0)
    length = 0;
  ph_command_take_boxed (command, PH_TYPE_SORT_RESULT,
                         ph_sort_result_new (length > 0 ? &g_array_index (self->numbers, guint32, start) : NULL, length,
                                             (self->wanted & PH_SEARCH_MIN) != 0 ? self->min : 0, (self->wanted & PH_SEARCH_MAX) != 0 ? self->max : 0,
                                             (self->wanted & PH_SEARCH_COUNT) != 0 ? self->count : 0));
  return TRUE;
}

static void
ph_imap_sort_command_finalize (GObject *object)
{
  PhImapSortCommand *self = (PhImapSortCommand *) (gpointer) object;

  ph_order_parts_clear (&self->parts);
  g_clear_pointer (&self->order, ph_sort_order_unref);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_clear_pointer (&self->rows, ph_sort_rows_free);
  G_OBJECT_CLASS (ph_imap_sort_command_parent_class)->finalize (object);
}

static void
ph_imap_sort_command_class_init (PhImapSortCommandClass *klass)
{
  klass->parent_class.finalize = ph_imap_sort_command_finalize;
  klass->write = ph_imap_sort_command_write;
  klass->receive = ph_imap_sort_command_receive;
  klass->next_part = ph_imap_sort_command_next_part;
  klass->take_items = ph_imap_sort_command_take_items;
  klass->finish = ph_imap_sort_command_finish;
}

static void
ph_imap_sort_command_init (PhImapSortCommand *self)
{
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
}

PhCommand *
ph_imap_sort_command_make (PhImapSort *extension, PhSortOrder *order, PhQuery *query, gboolean by_uid, PhSearchReturn wanted, int first, int last)
{
  PhImapSortCommand *self = g_object_new (ph_imap_sort_command_get_type (), NULL);

  ph_command_set_name (&self->parent, by_uid ? "UID SORT" : "SORT");
  ph_command_set_flags (&self->parent, PH_COMMAND_ALONE | PH_COMMAND_SELECTED);
  ph_order_parts_init (&self->parts, PH_EXTENSION (extension), query, by_uid);
  self->order = ph_sort_order_ref (order);
  self->only_there = ph_sort_order_is_extended (order);
  self->wanted = wanted;
  self->first = first;
  self->last = last;
  return &self->parent;
}
