/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages as rows of keys, and their order (RFC 5256 section 3). */
#include "imap4-sort.h"

#include <string.h>

typedef union {
  gint64      number;
  const char *text;   /* folded, in the chunk */
} Key;

typedef struct {
  guint32 number;
  Key     keys[];
} Row;

struct _PhSortRows {
  PhSortOrder  *order;
  gboolean      by_uid;
  PhOrderTexts  texts;
  gsize         size;
  gsize         row_size;
  GArray       *rows;
};

static gboolean
is_number (PhSortKey key)
{
  return key == PH_SORT_KEY_ARRIVAL || key == PH_SORT_KEY_DATE || key == PH_SORT_KEY_SIZE;
}

PhSortRows *
ph_sort_rows_new (PhSortOrder *order, gboolean by_uid)
{
  PhSortRows *self = g_new0 (PhSortRows, 1);

  self->order = ph_sort_order_ref (order);
  self->by_uid = by_uid;
  ph_order_texts_init (&self->texts);
  self->row_size = sizeof (Row) + ph_sort_order_get_n_keys (order) * sizeof (Key);
  self->rows = g_array_new (FALSE, FALSE, (guint) self->row_size);
  return self;
}

void
ph_sort_rows_free (PhSortRows *self)
{
  ph_sort_order_unref (self->order);
  ph_order_texts_clear (&self->texts);
  g_array_unref (self->rows);
  g_free (self);
}

PhFetch
ph_sort_rows_get_items (PhSortRows *self)
{
  PhFetch items = PH_FETCH_UID;

  for (guint i = 0; i < ph_sort_order_get_n_keys (self->order); i++)
    switch (ph_sort_order_get_key (self->order, i, NULL))
      {
      case PH_SORT_KEY_ARRIVAL:
        items |= PH_FETCH_INTERNAL_DATE;
        break;
      case PH_SORT_KEY_SIZE:
        items |= PH_FETCH_SIZE;
        break;
      case PH_SORT_KEY_DATE:
        items |= PH_FETCH_INTERNAL_DATE | PH_FETCH_ENVELOPE;
        break;
      case PH_SORT_KEY_CC:
      case PH_SORT_KEY_FROM:
      case PH_SORT_KEY_SUBJECT:
      case PH_SORT_KEY_TO:
      case PH_SORT_KEY_DISPLAY_FROM:
      case PH_SORT_KEY_DISPLAY_TO:
      case PH_SORT_KEY_EXTENDED:
      default:
        items |= PH_FETCH_ENVELOPE;
      }
  return items;
}

static gint64
get_number (PhMessage *message, PhMessageEnvelope *envelope, PhSortKey key)
{
  if (key == PH_SORT_KEY_SIZE)
    return (gint64) MIN (ph_message_get_size (message), G_MAXINT64);
  return key == PH_SORT_KEY_DATE ? ph_order_get_sent (message, envelope) : ph_order_get_arrival (message);
}

/* (transfer full) (nullable) */
static char *
get_text (PhMessage *message, PhMessageEnvelope *envelope, PhSortKey key)
{
  switch (key)
    {
    case PH_SORT_KEY_CC:
      return ph_order_get_mailbox (message, PH_ORDER_CC);
    case PH_SORT_KEY_FROM:
      return ph_order_get_mailbox (message, PH_ORDER_FROM);
    case PH_SORT_KEY_TO:
      return ph_order_get_mailbox (message, PH_ORDER_TO);
    case PH_SORT_KEY_DISPLAY_FROM:
      return ph_order_get_display (message, PH_ORDER_FROM);
    case PH_SORT_KEY_DISPLAY_TO:
      return ph_order_get_display (message, PH_ORDER_TO);
    case PH_SORT_KEY_ARRIVAL:
    case PH_SORT_KEY_DATE:
    case PH_SORT_KEY_SIZE:
    case PH_SORT_KEY_SUBJECT:
    case PH_SORT_KEY_EXTENDED:
    default:
      return envelope != NULL ? ph_order_base_subject (ph_message_envelope_get_subject (envelope), NULL) : NULL;
    }
}

gboolean
ph_sort_rows_add (PhSortRows *self, PhMessage *message)
{
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  guint32 number = self->by_uid ? ph_message_get_uid (message) : ph_message_get_number (message);
  Row    *row;

  /* nothing but flags of a message that isn't asked for */
  if (number == 0)
    return TRUE;
  g_array_set_size (self->rows, self->rows->len + 1);
  row = (Row *) (gpointer) (self->rows->data + (self->rows->len - 1) * self->row_size);
  row->number = number;
  for (guint i = 0; i < ph_sort_order_get_n_keys (self->order); i++)
    {
      PhSortKey key = ph_sort_order_get_key (self->order, i, NULL);

      if (is_number (key))
        row->keys[i].number = get_number (message, envelope, key);
      else
        {
          g_autofree char *text = get_text (message, envelope, key);

          row->keys[i].text = ph_order_texts_keep (&self->texts, text, &self->size);
        }
    }
  self->size += self->row_size;
  return self->size <= PH_ORDER_LIMIT;
}

static int
compare_rows (gconstpointer first, gconstpointer second, gpointer data)
{
  const Row  *one = first, *other = second;
  PhSortRows *self = data;

  for (guint i = 0; i < ph_sort_order_get_n_keys (self->order); i++)
    {
      gboolean  reverse;
      PhSortKey key = ph_sort_order_get_key (self->order, i, &reverse);
      int       difference;

      if (is_number (key))
        difference = (one->keys[i].number > other->keys[i].number) - (one->keys[i].number < other->keys[i].number);
      else
        difference = one->keys[i].text != other->keys[i].text ? strcmp (one->keys[i].text, other->keys[i].text) : 0;
      if (difference != 0)
        return reverse ? -difference : difference;
    }

  return (one->number > other->number) - (one->number < other->number);
}

GArray *
ph_sort_rows_sort (PhSortRows *self)
{
  GArray *numbers = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->rows->len);

  g_array_sort_with_data (self->rows, compare_rows, self);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = (const Row *) (gpointer) (self->rows->data + i * self->row_size);

      /* a message may be told of twice */
      if (numbers->len == 0 || g_array_index (numbers, guint32, numbers->len - 1) != row->number)
        g_array_append_val (numbers, row->number);
    }
  return numbers;
}
