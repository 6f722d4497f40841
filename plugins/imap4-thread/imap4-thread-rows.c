/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What of a message it is threaded by.
 *
 *   msg-id = "<" (dot-atom / quoted-string) "@" (dot-atom / "[" *dtext "]") ">"          RFC 5322 section 3.6.4
 *
 * The same ID may be written with and without quotes (RFC 5256 section 3, REFERENCES); what else stands between "<" and ">" is taken as
 * it is, as long as there is an "@" in it.
 */
#include "imap4-thread.h"

#include <string.h>

PhThreadRows *
ph_thread_rows_new (gboolean by_uid)
{
  PhThreadRows *self = g_new0 (PhThreadRows, 1);

  self->by_uid = by_uid;
  self->texts = g_string_chunk_new (4096);
  ph_order_texts_init (&self->subjects);
  self->ids = g_hash_table_new (g_str_hash, g_str_equal);
  self->references = g_array_new (FALSE, FALSE, sizeof (guint));
  self->rows = g_array_new (FALSE, FALSE, sizeof (PhThreadRow));
  return self;
}

void
ph_thread_rows_free (PhThreadRows *self)
{
  g_string_chunk_free (self->texts);
  ph_order_texts_clear (&self->subjects);
  g_hash_table_unref (self->ids);
  g_array_unref (self->references);
  g_array_unref (self->rows);
  g_free (self);
}

/* A quoted string's content; FALSE: it does not end */
static gboolean
unquote (const char **at, GString *id)
{
  for ((*at)++; **at != '\0' && **at != '"'; (*at)++)
    {
      if (**at == '\\' && (*at)[1] != '\0')
        (*at)++;
      g_string_append_c (id, **at);
    }
  if (**at == '\0')
    return FALSE;
  (*at)++;
  return TRUE;
}

/* From behind "<" to behind ">"; FALSE: it is none */
static gboolean
read_id (const char **at, GString *id)
{
  gboolean has_at = FALSE;

  while (**at != '\0' && **at != '>' && **at != '<')
    {
      if (**at == '"')
        {
          if (!unquote (at, id))
            return FALSE;
          continue;
        }
      has_at |= **at == '@';
      if (!g_ascii_isspace (**at))
        g_string_append_c (id, **at);
      (*at)++;
    }
  if (**at != '>')
    return FALSE;
  (*at)++;
  return has_at;
}

char *
ph_thread_next_id (const char **at)
{
  while (*at != NULL && (*at = strchr (*at, '<')) != NULL)
    {
      g_autoptr (GString) id = g_string_new (NULL);

      (*at)++;
      if (read_id (at, id))
        return g_string_free (g_steal_pointer (&id), FALSE);
    }
  return NULL;
}

static guint
keep_id (PhThreadRows *self, const char *id)
{
  gpointer known;

  if (g_hash_table_lookup_extended (self->ids, id, NULL, &known))
    return GPOINTER_TO_UINT (known);

  known = GUINT_TO_POINTER (g_hash_table_size (self->ids));
  g_hash_table_insert (self->ids, g_string_chunk_insert (self->texts, id), known);
  self->size += strlen (id) + 128; /* with its place in the table and in the forest */
  return GPOINTER_TO_UINT (known);
}

/* Its field's first ID: In-Reply-To often has more than that is one (RFC 5256 section 3) */
static guint
keep_first_id (PhThreadRows *self, const char *text)
{
  g_autofree char *id = ph_thread_next_id (&text);

  return id != NULL ? keep_id (self, id) : PH_THREAD_NONE;
}

static void
keep_references (PhThreadRows *self, PhThreadRow *row, PhMessage *message, PhMessageEnvelope *envelope)
{
  g_autoptr (GBytes) field = ph_message_get_section (message, "HEADER.FIELDS (REFERENCES)");
  g_autofree char   *text = field != NULL ? g_strndup (g_bytes_get_data (field, NULL), g_bytes_get_size (field)) : NULL;
  const char        *at = text;
  char              *id;

  row->first_reference = self->references->len;
  while ((id = ph_thread_next_id (&at)) != NULL)
    {
      guint index = keep_id (self, id);

      g_array_append_val (self->references, index);
      g_free (id);
    }
  if (self->references->len == row->first_reference && envelope != NULL)
    {
      guint index = keep_first_id (self, ph_message_envelope_get_in_reply_to (envelope));

      if (index != PH_THREAD_NONE)
        g_array_append_val (self->references, index);
    }
  row->n_references = self->references->len - row->first_reference;
}

static const char *
keep_subject (PhThreadRows *self, PhMessageEnvelope *envelope, gboolean *is_reply)
{
  g_autofree char *base = ph_order_base_subject (envelope != NULL ? ph_message_envelope_get_subject (envelope) : NULL, is_reply);

  return ph_order_texts_keep (&self->subjects, base, &self->size);
}

gboolean
ph_thread_rows_add (PhThreadRows *self, PhMessage *message)
{
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  PhThreadRow row = { .number = self->by_uid ? ph_message_get_uid (message) : ph_message_get_number (message) };

  if (row.number == 0)
    return TRUE;
  row.sent = ph_order_get_sent (message, envelope);
  row.subject = keep_subject (self, envelope, &row.is_reply);
  row.id = envelope != NULL ? keep_first_id (self, ph_message_envelope_get_message_id (envelope)) : PH_THREAD_NONE;
  keep_references (self, &row, message, envelope);
  g_array_append_val (self->rows, row);
  self->size += sizeof row + row.n_references * sizeof (guint) + 128;
  return self->size <= PH_ORDER_LIMIT;
}

static int
compare_numbers (gconstpointer first, gconstpointer second)
{
  const PhThreadRow *one = first, *other = second;

  return (one->number > other->number) - (one->number < other->number);
}

void
ph_thread_rows_sort (PhThreadRows *self)
{
  guint kept = 0;

  g_array_sort (self->rows, compare_numbers);
  for (guint i = 0; i < self->rows->len; i++)
    if (kept == 0 || ph_thread_rows_get (self, kept - 1)->number != ph_thread_rows_get (self, i)->number)
      *ph_thread_rows_get (self, kept++) = *ph_thread_rows_get (self, i);
  g_array_set_size (self->rows, kept);
}
