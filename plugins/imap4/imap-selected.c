/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The selected mailbox: what the server tells of it, and which one that is while SELECT runs. */
#include "imap-engine.h"

#include <string.h>

/* Changes that came while SELECT ran, and may be of the mailbox before: no server has so many to tell. */
#define MAX_DOUBTFUL 256
/* UIDs that a mailbox keeps, four octets each */
#define MAX_KEPT (1u << 24)
/* UIDs that are gathered before the mailbox is told of them */
#define MAX_LEARNED 4096
/* UIDs of a VANISHED that are told one by one */
#define MAX_VANISHED 65536

static void
clear_change (PhMailboxChange *change)
{
  g_clear_object (&change->mailbox);
  g_clear_pointer (&change->words, g_strfreev);
  g_clear_pointer (&change->message, ph_message_unref);
  g_clear_pointer (&change->uids, ph_message_set_unref);
}

void
ph_imap_engine_clear_doubtful (PhImapEngine *self)
{
  for (guint i = 0; i < self->doubtful->len; i++)
    clear_change (&g_array_index (self->doubtful, PhMailboxChange, i));
  g_array_set_size (self->doubtful, 0);
}

/* @change (transfer full): of the mailbox that is selected */
static void
tell (PhImapEngine *self, PhMailboxChange *change)
{
  PhEvent event = { .kind = PH_EVENT_MAILBOX, .change = *change };

  ph_imap_engine_tell_uids (self);
  if (self->mailbox == NULL)
    {
      clear_change (change);
      return;
    }

  event.change.mailbox = g_object_ref (self->mailbox);
  ph_imap_engine_push_event (self, &event);
}

void
ph_imap_engine_tell_uids (PhImapEngine *self)
{
  PhMailboxChange change = { .kind = PH_CHANGE_UIDS, .number = self->learned_first, .uids = g_steal_pointer (&self->learned) };

  if (change.uids != NULL)
    tell (self, &change);
}

/* Neighbours go into one set, since UIDs ascend with the numbers. */
static void
learn (PhImapEngine *self, guint32 number, guint32 uid)
{
  if (self->learned != NULL && (number != self->learned_next || uid <= self->learned_uid || number - self->learned_first >= MAX_LEARNED))
    ph_imap_engine_tell_uids (self);
  if (self->learned == NULL)
    {
      self->learned = ph_message_set_new (TRUE);
      self->learned_first = number;
    }
  ph_message_set_add (self->learned, uid);
  self->learned_next = number + 1;
  self->learned_uid = uid;
}

gboolean
ph_imap_engine_wants_uids (PhImapEngine *self)
{
  return self->mailbox != NULL && self->selecting == NULL && ph_mailbox_tracks_uids (self->mailbox);
}

void
ph_imap_engine_learn_uid (PhImapEngine *self, guint32 number, guint32 uid)
{
  if (number > 0 && number <= self->n_messages && uid > 0 && uid < PH_MESSAGE_SET_STAR)
    learn (self, number, uid);
}

void
ph_imap_engine_note_uid (PhImapEngine *self, const PhResponse *response)
{
  guint64 uid = 0;

  if (!ph_imap_engine_wants_uids (self))
    return;
  for (const PhValue *name = ph_value_first (ph_value_first (ph_response_get_values (response))); name != NULL; name = ph_value_next (name))
    {
      const PhValue *value = ph_value_next (name);

      if (ph_value_is (name, "UID") && ph_value_get_number (value, &uid) && uid < PH_MESSAGE_SET_STAR)
        ph_imap_engine_learn_uid (self, ph_response_get_number (response), (guint32) uid);
      if (uid > 0 || value == NULL)
        return;
      name = value;
    }
}

gboolean
ph_imap_engine_tell_all_uids (PhImapEngine *self, PhMessageSet *uids)
{
  PhMailboxChange change = { .kind = PH_CHANGE_UIDS, .number = 1 };

  if (self->mailbox == NULL || self->n_messages > MAX_KEPT || ph_message_set_get_count (uids) != self->n_messages)
    return FALSE;
  change.uids = ph_message_set_ref (uids);
  tell (self, &change);
  return TRUE;
}

/* @change (transfer full) */
static void
note (PhImapEngine *self, PhMailboxChange *change)
{
  if (self->selecting == NULL)
    {
      tell (self, change);
      return;
    }

  if (self->fresh != NULL && change->kind != PH_CHANGE_MESSAGE)
    ph_mailbox_apply (self->fresh, change);
  if (self->mailbox != NULL && self->doubtful->len < MAX_DOUBTFUL)
    g_array_append_val (self->doubtful, *change);
  else
    clear_change (change);
}

static void
note_number (PhImapEngine *self, PhMailboxChangeKind kind, guint32 number)
{
  PhMailboxChange change = { .kind = kind, .number = number };

  note (self, &change);
}

static void
note_words (PhImapEngine *self, PhMailboxChangeKind kind, const PhValue *list)
{
  PhMailboxChange change = { .kind = kind, .words = ph_value_dup_strings (ph_value_first (list)) };

  note (self, &change);
}

static void
note_expunge (PhImapEngine *self, guint32 number)
{
  PhMailboxChange change = { .kind = PH_CHANGE_REMOVED, .number = number };

  if (number == 0 || number > self->n_messages)
    {
      ph_imap_engine_warn (self, ph_error_new (PH_ERROR_PROTOCOL, NULL, NULL, "%s says that message %u of %u is gone", self->host, number,
                                               self->n_messages));
      return;
    }

  self->n_messages--;
  self->n_removals++;
  self->n_moves++;
  note (self, &change);
}

/* RFC 7162 section 3.2.10: UIDs, not numbers. With (EARLIER) it is history, and counted in EXISTS already. */
static gboolean
note_vanished (PhImapEngine *self, const PhValue *values)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new (TRUE);
  const PhValue *first = ph_value_first (values);
  guint64 count;

  if (ph_value_get_kind (first) == PH_VALUE_LIST || !ph_imap_read_set (set, first))
    return FALSE;

  count = MIN (ph_message_set_get_count (set), self->n_messages);
  self->n_messages -= (guint32) count;
  self->n_removals++;
  self->n_moves++;
  if (count > MAX_VANISHED)
    {
      note_number (self, PH_CHANGE_COUNT, self->n_messages);
      return TRUE;
    }

  for (guint i = 0; i < ph_message_set_get_n_ranges (set) && count > 0; i++)
    {
      guint32 low, high;

      ph_message_set_get_range (set, i, &low, &high);
      for (guint32 uid = low; uid <= high && count > 0; uid++, count--)
        {
          PhMailboxChange change = { .kind = PH_CHANGE_REMOVED, .uid = uid };

          note (self, &change);
        }
    }
  return TRUE;
}

gboolean
ph_imap_engine_note_mailbox (PhImapEngine *self, const PhResponse *response, PhImapName name)
{
  const PhValue *values = ph_response_get_values (response);
  guint32        number = ph_response_get_number (response);

  if (!self->selected && self->selecting == NULL)
    return FALSE;

  switch (name)
    {
    case PH_IMAP_NAME_EXISTS:
      self->n_moves += number != self->n_messages;
      self->n_messages = number;
      note_number (self, PH_CHANGE_COUNT, number);
      return TRUE;
    case PH_IMAP_NAME_RECENT:
      note_number (self, PH_CHANGE_RECENT, number);
      return TRUE;
    case PH_IMAP_NAME_EXPUNGE:
      note_expunge (self, number);
      return TRUE;
    case PH_IMAP_NAME_VANISHED:
      return note_vanished (self, values);
    case PH_IMAP_NAME_FLAGS:
      note_words (self, PH_CHANGE_FLAGS, ph_value_first (values));
      return TRUE;
    default:
      return FALSE;
    }
}

/* CLOSED: what came up to here was of the mailbox that is selected no more (RFC 9051 section 7.1). */
static void
note_closed (PhImapEngine *self)
{
  if (self->selecting == NULL || self->fresh == NULL)
    return;

  for (guint i = 0; i < self->doubtful->len; i++)
    {
      tell (self, &g_array_index (self->doubtful, PhMailboxChange, i));
    }
  g_array_set_size (self->doubtful, 0);
  ph_imap_engine_deselect (self);

  g_object_unref (self->fresh);
  self->fresh = ph_mailbox_new (self->selecting->own->mailbox);
  self->n_messages = 0;
}

/* 0 is said by servers that don't know */
static void
warn_of_code (PhImapEngine *self, const char *code, guint64 number)
{
  ph_imap_engine_warn (self, ph_error_new (PH_ERROR_PROTOCOL, NULL, NULL, "%s says %s %" G_GUINT64_FORMAT ", which means nothing", self->host,
                                           code, number));
}

static gboolean
note_numeric_code (PhImapEngine *self, const char *code, guint64 number)
{
  static const struct {
    const char         *code;
    PhMailboxChangeKind kind;
  } kinds[] = {
    { "UIDNEXT", PH_CHANGE_UID_NEXT },
    { "UIDVALIDITY", PH_CHANGE_UID_VALIDITY },
    { "UNSEEN", PH_CHANGE_UNSEEN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (!g_str_equal (code, kinds[i].code))
        continue;
      if (number > 0 && number <= G_MAXUINT32)
        note_number (self, kinds[i].kind, (guint32) number);
      else if (kinds[i].kind != PH_CHANGE_UNSEEN)
        warn_of_code (self, code, number);
      return TRUE;
    }

  return FALSE;
}

gboolean
ph_imap_engine_note_code (PhImapEngine *self, const PhResponse *response)
{
  const char      *code = ph_response_get_code (response);
  const PhValue   *first = ph_value_first (ph_response_get_code_arguments (response));
  PhMailboxChange  change = { .kind = PH_CHANGE_MOD_SEQ };
  guint64          number = 0;

  if (!self->selected && self->selecting == NULL)
    return FALSE;

  ph_value_get_number (first, &number);
  if (note_numeric_code (self, code, number))
    return TRUE;
  if (g_str_equal (code, "UIDNOTSTICKY"))
    {
      note_number (self, PH_CHANGE_UIDS_STICK, FALSE);
      return TRUE;
    }
  if (g_str_equal (code, "READ-ONLY") || g_str_equal (code, "READ-WRITE"))
    {
      note_number (self, PH_CHANGE_READ_ONLY, g_str_equal (code, "READ-ONLY"));
      return TRUE;
    }
  if (g_str_equal (code, "PERMANENTFLAGS"))
    {
      note_words (self, PH_CHANGE_PERMANENT_FLAGS, first);
      return TRUE;
    }
  if (g_str_equal (code, "HIGHESTMODSEQ"))
    {
      change.mod_seq = number;
      if (number > 0)
        note (self, &change);
      else
        warn_of_code (self, code, number);
      return TRUE;
    }
  if (g_str_equal (code, "NOMODSEQ"))
    return TRUE;
  if (g_str_equal (code, "CLOSED"))
    {
      note_closed (self);
      return TRUE;
    }

  return FALSE;
}

void
ph_imap_engine_note_message (PhImapEngine *self, const PhResponse *response)
{
  guint32         number = ph_response_get_number (response);
  PhMailboxChange change = { .kind = PH_CHANGE_MESSAGE, .number = number };

  if (number == 0)
    {
      /* some send it, and mean nothing by it */
      ph_imap_engine_warn (self, ph_error_new (PH_ERROR_PROTOCOL, NULL, NULL, "%s tells of a message 0", self->host));
      return;
    }
  if (self->mailbox == NULL)
    return;

  change.message = ph_message_new (number, ph_value_first (ph_response_get_values (response)));
  change.uid = ph_message_get_uid (change.message);
  note (self, &change);
}

/* The message as if its UID had been among its attributes. (transfer full) */
static PhMessage *
with_uid (guint32 uid, const PhValue *attributes)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue) list = NULL;

  g_ptr_array_add (parts, ph_value_new_atom ("UID"));
  g_ptr_array_add (parts, ph_value_new_number (uid));
  for (const PhValue *value = ph_value_first (attributes); value != NULL; value = ph_value_next (value))
    g_ptr_array_add (parts, ph_value_copy (value));
  list = ph_value_new_array (parts);
  return ph_message_new (0, list);
}

void
ph_imap_engine_note_uid_message (PhImapEngine *self, const PhResponse *response)
{
  PhMailboxChange change = { .kind = PH_CHANGE_MESSAGE, .uid = ph_response_get_number (response) };

  if (self->mailbox == NULL)
    return;

  change.message = with_uid (change.uid, ph_value_first (ph_response_get_values (response)));
  note (self, &change);
}

void
ph_imap_engine_begin_select (PhImapEngine *self, PhImapEntry *entry)
{
  self->selecting = entry;
  self->fresh = ph_mailbox_new (entry->own->mailbox);
}

void
ph_imap_engine_end_select (PhImapEngine *self, PhImapEntry *entry, PhReply *reply)
{
  const char *code = ph_reply_get_response_code (reply);
  g_autoptr (PhMailbox) fresh = g_steal_pointer (&self->fresh);
  PhMailboxChange change = { .kind = PH_CHANGE_READ_ONLY, .number = 1 };

  self->selecting = NULL;
  ph_imap_engine_clear_doubtful (self);
  /* BAD: the server did not even try, and the old one stays */
  if (ph_reply_get_status (reply) == PH_STATUS_BAD)
    return;

  ph_imap_engine_deselect (self);
  if (!ph_reply_is_ok (reply))
    return;

  if (entry->own->option && g_strcmp0 (code, "READ-WRITE") != 0)
    ph_mailbox_apply (fresh, &change);
  self->selected = TRUE;
  self->n_messages = ph_mailbox_get_n_messages (fresh);
  self->mailbox = g_object_ref (fresh);
  entry->own->result = g_steal_pointer (&fresh);
  entry->own->free_result = g_object_unref;
  if (ph_imap_resume_is_selecting (entry->own))
    {
      PhMailboxChange selected = { .kind = PH_CHANGE_SELECTED };

      tell (self, &selected);
    }
  if (!entry->cancelled)
    ph_imap_engine_run_steps (self, PH_STAGE_SELECTED);
}

void
ph_imap_engine_abandon_select (PhImapEngine *self)
{
  self->selecting = NULL;
  g_clear_object (&self->fresh);
  ph_imap_engine_clear_doubtful (self);
}

void
ph_imap_engine_deselect (PhImapEngine *self)
{
  PhMailboxChange change = { .kind = PH_CHANGE_DESELECTED };

  tell (self, &change);
  for (guint i = 0; self->selected && i < self->extensions->len; i++)
    ph_extension_deselected (g_ptr_array_index (self->extensions, i));
  g_clear_pointer (&self->saved, ph_message_set_unref);
  g_clear_object (&self->mailbox);
  self->selected = FALSE;
  self->n_messages = 0;
}
