/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * THREAD (RFC 5256); or, where the server does not have the algorithm, a SEARCH, a FETCH, and the threads found here.
 *
 *   thread   = ["UID" SP] "THREAD" SP algorithm SP charset 1*(SP key)
 *   response = "THREAD" [SP 1*list]
 *   list     = "(" (members / nested) ")"
 *   members  = number *(SP number) [SP nested]
 *   nested   = 2*list
 *
 * A list that begins with lists is of messages that answer one which isn't there.
 */
#include "imap4-thread.h"

typedef struct {
  PhCommand         parent;

  PhOrderParts      parts;
  PhThreadAlgorithm algorithm;
  PhThreadTree     *tree; /* the server's; NULL: none came */
  PhThreadRows     *rows; /* NULL: the server threads */
} PhImapThreadCommand;

typedef PhCommandClass PhImapThreadCommandClass;

GType ph_imap_thread_command_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapThreadCommand, ph_imap_thread_command, PH_TYPE_COMMAND, G_TYPE_INVALID, NULL)

static const struct {
  const char *name;
  const char *capability;
} algorithms[] = {
  [PH_THREAD_ALGORITHM_ORDERED_SUBJECT] = { "ORDEREDSUBJECT", "THREAD=ORDEREDSUBJECT" },
  [PH_THREAD_ALGORITHM_REFERENCES] = { "REFERENCES", "THREAD=REFERENCES" },
  [PH_THREAD_ALGORITHM_REFS] = { "REFS", "THREAD=REFS" },
};

gboolean
ph_imap_thread_read_algorithm (const PhValue *word, PhThreadAlgorithm *algorithm)
{
  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (algorithms); i++)
    if (ph_value_is (word, algorithms[i].name))
      {
        *algorithm = (PhThreadAlgorithm) i;
        return TRUE;
      }
  return FALSE;
}

static void
ph_imap_thread_command_write (PhCommand *command, PhWriter *writer)
{
  PhImapThreadCommand *self = (PhImapThreadCommand *) command;

  if (self->parts.by_uid)
    ph_writer_atom (writer, "UID");
  ph_writer_atom (writer, "THREAD");
  ph_writer_atom (writer, algorithms[self->algorithm].name);
  ph_writer_atom (writer, "UTF-8");
  ph_writer_query (writer, self->parts.keys);
}

/* --- the server's answer --- */

typedef struct {
  const PhValue *item;
  guint          depth;
} Frame;

/* Lists in lists that hold nothing else say nothing. */
static const PhValue *
unwrap (const PhValue *list)
{
  const PhValue *item = ph_value_first (list);

  while (item != NULL && ph_value_get_kind (item) == PH_VALUE_LIST && ph_value_next (item) == NULL)
    item = ph_value_first (item);
  return item;
}

/* Children have no descendants in ORDEREDSUBJECT, whatever a server says. */
static guint
limit_depth (PhImapThreadCommand *self, guint depth)
{
  return self->algorithm == PH_THREAD_ALGORITHM_ORDERED_SUBJECT ? MIN (depth, 1) : depth;
}

/* What is in a list; one that begins with a list has a message above it that isn't there. */
static Frame
enter (PhImapThreadCommand *self, const PhValue *list, guint depth)
{
  const PhValue *item = unwrap (list);

  if (ph_value_get_kind (item) == PH_VALUE_LIST)
    ph_thread_tree_add (self->tree, 0, limit_depth (self, depth++));
  return (Frame) { item, depth };
}

static void
read_thread (PhImapThreadCommand *self, const PhValue *list)
{
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (Frame));
  Frame              frame = enter (self, list, 0);

  for (;;)
    {
      guint64 number;

      while (frame.item == NULL && stack->len > 0)
        {
          frame = g_array_index (stack, Frame, stack->len - 1);
          g_array_set_size (stack, stack->len - 1);
        }
      if (frame.item == NULL)
        return;

      if (ph_value_get_kind (frame.item) == PH_VALUE_LIST)
        {
          Frame outer = { ph_value_next (frame.item), frame.depth };

          g_array_append_val (stack, outer);
          frame = enter (self, frame.item, frame.depth);
          continue;
        }
      if (ph_value_get_number (frame.item, &number) && number > 0 && number <= G_MAXUINT32)
        ph_thread_tree_add (self->tree, (guint32) number, limit_depth (self, frame.depth++));
      frame.item = ph_value_next (frame.item);
    }
}

static gboolean
ph_imap_thread_command_receive (PhCommand *command, const PhResponse *response)
{
  PhImapThreadCommand *self = (PhImapThreadCommand *) command;
  const PhValue       *list = ph_value_first (ph_response_get_values (response));

  if (g_strcmp0 (ph_response_get_name (response), "THREAD") != 0)
    return FALSE;

  if (self->tree == NULL)
    self->tree = ph_thread_tree_new ();
  for (; list != NULL; list = ph_value_next (list))
    if (ph_value_get_kind (list) == PH_VALUE_LIST)
      read_thread (self, list);
  return TRUE;
}

/* --- ours --- */

static gboolean
server_can (PhImapThreadCommand *self)
{
  PhExtension *extension = self->parts.extension;

  return !((PhImapThread *) extension)->is_broken && ph_order_can_ask (extension, self->parts.query, self->parts.keys) &&
         ph_extension_has_capability (extension, algorithms[self->algorithm].capability);
}

static PhCommand *
ph_imap_thread_command_next_part (PhCommand *command, PhCommand *previous, PhReply *reply)
{
  PhImapThreadCommand *self = (PhImapThreadCommand *) command;

  if (!ph_order_parts_are_needed (&self->parts, command, previous, reply, server_can (self), self->tree != NULL))
    return NULL;

  if (self->rows == NULL)
    self->rows = ph_thread_rows_new (self->parts.by_uid);
  return ph_order_parts_next (&self->parts, previous, PH_FETCH_UID | PH_FETCH_INTERNAL_DATE | PH_FETCH_ENVELOPE,
                              self->algorithm != PH_THREAD_ALGORITHM_ORDERED_SUBJECT ? "BODY.PEEK[HEADER.FIELDS (REFERENCES)]" : NULL);
}

static gboolean
add_row (gpointer rows, PhMessage *message)
{
  return ph_thread_rows_add (rows, message);
}

static void
ph_imap_thread_command_take_items (PhCommand *command, PhCommand *part)
{
  PhImapThreadCommand *self = (PhImapThreadCommand *) command;

  ph_order_parts_take (&self->parts, part, add_row, self->rows);
}

static PhThreadTree *
find_threads (PhImapThreadCommand *self)
{
  ph_thread_rows_sort (self->rows);
  if (self->algorithm == PH_THREAD_ALGORITHM_ORDERED_SUBJECT)
    return ph_thread_by_subject (self->rows);
  return ph_thread_by_references (self->rows, self->algorithm == PH_THREAD_ALGORITHM_REFERENCES);
}

static gboolean
ph_imap_thread_command_finish (PhCommand *command, PhReply *reply, GError **error)
{
  PhImapThreadCommand *self = (PhImapThreadCommand *) command;

  if (self->parts.overflowed)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_LIMIT, reply, NULL, "Threading takes more than 256 MiB of memory here"));
      return FALSE;
    }
  ((PhImapThread *) self->parts.extension)->is_broken |= self->parts.misunderstood;
  if (self->rows != NULL)
    {
      g_clear_pointer (&self->tree, ph_thread_tree_unref);
      self->tree = find_threads (self);
    }
  ph_command_take_boxed (command, PH_TYPE_THREAD_TREE, g_steal_pointer (&self->tree));
  return TRUE;
}

static void
ph_imap_thread_command_finalize (GObject *object)
{
  PhImapThreadCommand *self = (PhImapThreadCommand *) (gpointer) object;

  ph_order_parts_clear (&self->parts);
  g_clear_pointer (&self->tree, ph_thread_tree_unref);
  g_clear_pointer (&self->rows, ph_thread_rows_free);
  G_OBJECT_CLASS (ph_imap_thread_command_parent_class)->finalize (object);
}

static void
ph_imap_thread_command_class_init (PhImapThreadCommandClass *klass)
{
  klass->parent_class.finalize = ph_imap_thread_command_finalize;
  klass->write = ph_imap_thread_command_write;
  klass->receive = ph_imap_thread_command_receive;
  klass->next_part = ph_imap_thread_command_next_part;
  klass->take_items = ph_imap_thread_command_take_items;
  klass->finish = ph_imap_thread_command_finish;
}

static void
ph_imap_thread_command_init (PhImapThreadCommand *self)
{
}

PhCommand *
ph_imap_thread_command_make (PhImapThread *extension, PhThreadAlgorithm algorithm, PhQuery *query, gboolean by_uid)
{
  PhImapThreadCommand *self = g_object_new (ph_imap_thread_command_get_type (), NULL);

  ph_command_set_name (&self->parent, by_uid ? "UID THREAD" : "THREAD");
  ph_command_set_flags (&self->parent, PH_COMMAND_ALONE | PH_COMMAND_SELECTED);
  ph_order_parts_init (&self->parts, PH_EXTENSION (extension), query, by_uid);
  self->algorithm = MIN (algorithm, PH_THREAD_ALGORITHM_REFS);
  return &self->parent;
}
