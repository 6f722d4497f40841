/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What waits to be written, in order: text, secrets, message bodies, and the places where the server must say "+" first. */
#include "imap-output.h"

/* Octets that the lines of most commands stay below */
#define MOST_LINES 100

PhImapSegment *
ph_imap_segment_new (PhImapSegmentKind kind)
{
  PhImapSegment *self = g_new (PhImapSegment, 1);

  *self = (PhImapSegment) { .kind = kind };
  if (kind == PH_IMAP_SEGMENT_TEXT || kind == PH_IMAP_SEGMENT_SECRET)
    self->data = g_byte_array_sized_new (MOST_LINES);
  return self;
}

void
ph_imap_segment_free (PhImapSegment *self)
{
  if (self->kind == PH_IMAP_SEGMENT_SECRET)
    ph_wipe (self->data->data, self->data->len);
  g_clear_pointer (&self->data, g_byte_array_unref);
  g_clear_object (&self->body);
  g_free (self);
}

void
ph_imap_output_init (PhImapOutput *self)
{
  g_queue_init (&self->segments);
  self->given = NULL;
  self->finished = g_ptr_array_new ();
}

void
ph_imap_output_clear (PhImapOutput *self)
{
  g_queue_clear_full (&self->segments, (GDestroyNotify) ph_imap_segment_free);
  g_clear_pointer (&self->given, ph_imap_segment_free);
  g_clear_pointer (&self->finished, g_ptr_array_unref);
}

void
ph_imap_output_append (PhImapOutput *self, GPtrArray *segments, gpointer owner)
{
  for (guint i = 0; i < segments->len; i++)
    {
      PhImapSegment *segment = g_ptr_array_index (segments, i);

      segment->owner = owner;
      segment->last = i + 1 == segments->len;
      g_queue_push_tail (&self->segments, segment);
    }

  g_ptr_array_set_free_func (segments, NULL);
  g_ptr_array_set_size (segments, 0);
  g_ptr_array_set_free_func (segments, (GDestroyNotify) ph_imap_segment_free);
}

static void
note_finished (PhImapOutput *self, const PhImapSegment *segment)
{
  if (segment->last)
    g_ptr_array_add (self->finished, segment->owner);
}

/* What follows @text and is text, too, leaves with it: one write for a group of commands. */
static void
join_text (PhImapOutput *self, PhImapSegment *text)
{
  PhImapSegment *next;

  while ((next = g_queue_peek_head (&self->segments)) != NULL && next->kind == PH_IMAP_SEGMENT_TEXT)
    {
      g_byte_array_append (text->data, next->data->data, next->data->len);
      note_finished (self, next);
      ph_imap_segment_free (g_queue_pop_head (&self->segments));
    }
}

gboolean
ph_imap_output_next (PhImapOutput *self, PhWant *want)
{
  PhImapSegment *segment = g_queue_peek_head (&self->segments);

  g_clear_pointer (&self->given, ph_imap_segment_free);
  if (segment == NULL || segment->kind == PH_IMAP_SEGMENT_SYNC)
    return FALSE;

  self->given = g_queue_pop_head (&self->segments);
  if (segment->kind == PH_IMAP_SEGMENT_BODY)
    {
      want->kind = PH_WANT_WRITE_BODY;
      want->body = segment->body;
      want->length = segment->length;
      return TRUE;
    }

  note_finished (self, segment);
  if (segment->kind == PH_IMAP_SEGMENT_TEXT)
    join_text (self, segment);
  want->kind = segment->kind == PH_IMAP_SEGMENT_TEXT ? PH_WANT_WRITE : PH_WANT_WRITE_SECRET;
  want->data = segment->data->data;
  want->length = segment->data->len;
  return TRUE;
}

PhBody *
ph_imap_output_get_body (PhImapOutput *self, gint64 *length)
{
  if (self->given == NULL || self->given->kind != PH_IMAP_SEGMENT_BODY)
    return NULL;

  *length = self->given->length;
  return self->given->body;
}

void
ph_imap_output_body_done (PhImapOutput *self)
{
  note_finished (self, self->given);
  g_clear_pointer (&self->given, ph_imap_segment_free);
}

gpointer
ph_imap_output_get_waiting (PhImapOutput *self)
{
  PhImapSegment *segment = g_queue_peek_head (&self->segments);

  return segment != NULL && segment->kind == PH_IMAP_SEGMENT_SYNC ? segment->owner : NULL;
}

void
ph_imap_output_go_on (PhImapOutput *self)
{
  ph_imap_segment_free (g_queue_pop_head (&self->segments));
}

void
ph_imap_output_drop (PhImapOutput *self, gpointer owner)
{
  GList *link = self->segments.head;

  while (link != NULL)
    {
      GList         *next = link->next;
      PhImapSegment *segment = link->data;

      if (segment->owner == owner)
        {
          note_finished (self, segment);
          ph_imap_segment_free (segment);
          g_queue_delete_link (&self->segments, link);
        }
      link = next;
    }
}

gboolean
ph_imap_output_has_literal (PhImapOutput *self, gpointer owner)
{
  if (self->given != NULL && self->given->kind == PH_IMAP_SEGMENT_BODY && self->given->owner == owner)
    return TRUE;

  for (GList *link = self->segments.head; link != NULL; link = link->next)
    {
      const PhImapSegment *segment = link->data;

      if (segment->owner == owner && (segment->kind == PH_IMAP_SEGMENT_BODY || segment->kind == PH_IMAP_SEGMENT_SYNC))
        return TRUE;
    }

  return FALSE;
}
