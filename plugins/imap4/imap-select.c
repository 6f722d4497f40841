/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SELECT and EXAMINE, CLOSE and UNSELECT (RFC 9051 sections 6.3.2, 6.3.3, 6.4.1, 6.4.2; RFC 3691). The bookkeeping is the engine's. */
#include "imap-engine.h"
#include "imap-store.h"

void
ph_imap_engine_gather_select_parameters (PhImapEngine *self, PhImapCommand *command)
{
  g_autoptr (GPtrArray) items = NULL;

  for (guint i = 0; i < self->extensions->len; i++)
    {
      g_autoptr (PhValue) list = ph_extension_get_select_parameters (g_ptr_array_index (self->extensions, i));

      if (list != NULL && items == NULL)
        items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
      for (const PhValue *item = ph_value_first (list); item != NULL; item = ph_value_next (item))
        g_ptr_array_add (items, ph_value_copy (item));
    }

  g_clear_pointer (&command->keys, ph_value_free);
  if (items != NULL)
    command->keys = ph_value_new_array (items);
}

/* Some keep mod-sequences only from the first time that somebody asks for them (RFC 7162 section 3.1.8). */
void
ph_imap_write_select_parameters (PhImapCommand *self, PhWriter *writer, const char *resync)
{
  gboolean counts = resync == NULL && (ph_imap_writer_get_features ((PhImapWriter *) writer) & PH_IMAP_CONDSTORE) != 0;

  if (!counts && resync == NULL && self->keys == NULL)
    return;

  ph_writer_open (writer);
  if (counts)
    {
      self->used = PH_IMAP_CONDSTORE;
      ph_writer_atom (writer, "CONDSTORE");
    }
  if (resync != NULL)
    ph_writer_line (writer, resync);
  for (const PhValue *item = ph_value_first (self->keys); item != NULL; item = ph_value_next (item))
    ph_writer_value (writer, item);
  ph_writer_close (writer);
}

static void
write_select (PhImapCommand *self, PhWriter *writer)
{
  ph_writer_atom (writer, self->option ? "EXAMINE" : "SELECT");
  ph_writer_mailbox (writer, self->mailbox);
  ph_imap_write_select_parameters (self, writer, NULL);
}

static gboolean
finish_select (PhImapCommand *self, PhReply *reply, GError **error)
{
  ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_MAILBOX, g_steal_pointer (&self->result));
  return TRUE;
}

const PhImapKind ph_imap_select_kind = {
  .flags = PH_IMAP_KIND_ALONE,
  .write = write_select,
  .finish = finish_select,
};

const PhImapKind ph_imap_close_kind = { .verb = "CLOSE", .flags = PH_IMAP_KIND_ALONE | PH_IMAP_KIND_SELECTED };

/* Without UNSELECT the mailbox is opened once more for reading: CLOSE then removes nothing. */
static void
write_unselect (PhImapCommand *self, PhWriter *writer)
{
  gboolean offered = (ph_imap_writer_get_features ((PhImapWriter *) writer) & PH_IMAP_UNSELECT) != 0;

  if (self->step == 1)
    {
      ph_writer_atom (writer, "CLOSE");
    }
  else if (offered || self->mailbox == NULL)
    {
      self->used = PH_IMAP_UNSELECT;
      ph_writer_atom (writer, "UNSELECT");
    }
  else
    {
      ph_writer_atom (writer, "EXAMINE");
      ph_writer_mailbox (writer, self->mailbox);
    }
}

static gboolean
has_close_to_do (PhImapCommand *self)
{
  if (self->used != 0 || self->step == 1)
    return FALSE;

  self->step = 1;
  return TRUE;
}

const PhImapKind ph_imap_unselect_kind = {
  .flags = PH_IMAP_KIND_ALONE | PH_IMAP_KIND_SELECTED,
  .write = write_unselect,
  .more = has_close_to_do,
};

PhCommand *
ph_imap_store_make_select (PhStoreEngine *engine, const char *mailbox, gboolean read_only)
{
  PhImapCommand *command = ph_imap_command_new (&ph_imap_select_kind);

  command->mailbox = g_strdup (mailbox);
  command->option = read_only;
  ph_imap_command_set_title (command, read_only ? "EXAMINE" : "SELECT", mailbox);
  return PH_COMMAND (command);
}

PhCommand *
ph_imap_store_make_close (PhStoreEngine *engine, gboolean expunge)
{
  PhImapEngine  *self = (PhImapEngine *) engine;
  PhImapCommand *command = ph_imap_command_new (expunge ? &ph_imap_close_kind : &ph_imap_unselect_kind);

  if (expunge)
    return PH_COMMAND (command);

  ph_command_set_name (PH_COMMAND (command), "UNSELECT");
  if (self->mailbox != NULL)
    command->mailbox = g_strdup (ph_mailbox_get_name (self->mailbox));
  return PH_COMMAND (command);
}
