/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pages of what a search finds (RFC 9394): how they are written, and cut where the server can't.
 *
 *   partial-range = nz-number ":" nz-number            1 is the lowest UID
 *                 / "-" nz-number ":-" nz-number       -1 is the highest
 */
#include "imap-store.h"

gboolean
ph_imap_is_page (int first, int last)
{
  return (first > 0 && last > 0) || (first < 0 && last < 0);
}

void
ph_imap_write_page (PhWriter *writer, int first, int last)
{
  char text[32];

  g_snprintf (text, sizeof text, "%d:%d", first, last);
  ph_writer_atom (writer, "PARTIAL");
  ph_writer_atom (writer, text);
}

PhMessageSet *
ph_imap_cut_page (PhMessageSet *set, int first, int last)
{
  PhMessageSet *page = ph_message_set_new (ph_message_set_is_by_uid (set));
  gint64        count = (gint64) ph_message_set_get_count (set);
  gint64        low = MIN (first, last), high = MAX (first, last);
  gint64        position = 1;

  if (low < 0)
    {
      low += count + 1;
      high += count + 1;
    }
  for (guint i = 0; i < ph_message_set_get_n_ranges (set) && position <= high; i++)
    {
      guint32 begin, end;
      gint64  length;

      ph_message_set_get_range (set, i, &begin, &end);
      length = (gint64) end - begin + 1;
      if (position + length > low)
        ph_message_set_add_range (page, begin + (guint32) MAX (low - position, 0), begin + (guint32) MIN (high - position, length - 1));
      position += length;
    }

  return page;
}

GPtrArray *
ph_imap_cut_batches (PhMessageSet *set, guint size)
{
  GPtrArray *batches = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_message_set_unref);
  gint64     count = (gint64) ph_message_set_get_count (set);

  for (gint64 done = 0; done < count && done + size <= G_MAXINT; done += size)
    g_ptr_array_add (batches, ph_imap_cut_page (set, (int) (-1 - done), (int) (-done - size)));
  return batches;
}
