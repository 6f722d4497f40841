/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A mailbox cut into sets of UIDs (RFC 10022), or UID SEARCH and the same done here:
 *
 *   uidbatches = "UIDBATCHES" SP size
 *   response   = "UIDBATCHES" SP "(TAG" SP string ")" [SP range *("," range)]        the highest UIDs first, each range high:low
 */
#include "imap-engine.h"
#include "imap-store.h"

/* What a client may ask for (RFC 10022), whoever cuts */
#define MIN_SIZE 500

static void
write_batches (PhImapCommand *self, PhWriter *writer)
{
  PhImapFeatures features = ph_imap_writer_get_features ((PhImapWriter *) writer);

  if (self->items < MIN_SIZE || self->items > G_MAXINT)
    {
      ph_writer_fail (writer, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "%u messages are no batch: %d at least", self->items, MIN_SIZE));
      return;
    }
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->found, ph_message_set_unref);
  if (!self->option && (features & PH_IMAP_UIDBATCHES) != 0)
    {
      self->used = PH_IMAP_UIDBATCHES;
      self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_message_set_unref);
      ph_writer_atom (writer, "UIDBATCHES");
      ph_writer_number (writer, self->items);
      return;
    }

  self->found = ph_message_set_new (TRUE);
  ph_writer_line (writer, (features & PH_IMAP_ESEARCH) != 0 ? "UID SEARCH RETURN (ALL) ALL" : "UID SEARCH ALL");
}

/* "91200:88001,88000": each in a set of its own, in the server's order */
static void
add_batches (PhImapCommand *self, const PhValue *value)
{
  g_autofree char *text = ph_value_dup_text (value);
  g_auto (GStrv) ranges = g_strsplit (text != NULL ? text : "", ",", -1);

  for (char **range = ranges; *range != NULL; range++)
    {
      g_autoptr (PhMessageSet) set = ph_message_set_new_from_string (*range, NULL);

      if (set != NULL && !ph_message_set_contains (set, PH_MESSAGE_SET_STAR))
        g_ptr_array_add (self->rows, g_steal_pointer (&set));
    }
}

static gboolean
receive_batches (PhImapCommand *self, const PhResponse *response)
{
  const PhValue *value = ph_value_first (ph_response_get_values (response));

  if (self->found != NULL)
    return ph_imap_search_receive (self, response);
  if (!g_str_equal (ph_response_get_name (response), "UIDBATCHES"))
    return FALSE;

  if (ph_value_get_kind (value) == PH_VALUE_LIST)
    value = ph_value_next (value);
  if (value != NULL)
    add_batches (self, value);
  return TRUE;
}

/* Asked too often, or for more than a server likes: a search is always allowed. */
static gboolean
retry_batches (PhImapCommand *self, PhReply *reply)
{
  self->option = self->found == NULL;
  return self->option;
}

static gboolean
finish_batches (PhImapCommand *self, PhReply *reply, GError **error)
{
  ph_command_take_boxed (PH_COMMAND (self), G_TYPE_PTR_ARRAY,
                         self->found != NULL ? ph_imap_cut_batches (self->found, self->items) : g_steal_pointer (&self->rows));
  return TRUE;
}

static const PhImapKind batches_kind = {
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_ALONE,
  .write = write_batches,
  .receive = receive_batches,
  .finish = finish_batches,
  .retry = retry_batches,
};

PhCommand *
ph_imap_store_make_uid_batches (PhStoreEngine *engine, guint size)
{
  PhImapCommand *command = ph_imap_command_new (&batches_kind);

  ph_command_set_name (PH_COMMAND (command), "UIDBATCHES");
  command->items = size;
  return PH_COMMAND (command);
}
