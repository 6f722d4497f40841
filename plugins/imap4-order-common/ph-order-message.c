/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a fetched message it is sorted by. */
#include "ph-order.h"

/* A server need not take longer ones (RFC 7162 section 4) */
#define MAX_LINE 7500

gint64
ph_order_get_arrival (PhMessage *message)
{
  g_autoptr (GDateTime) date = ph_message_get_internal_date (message);

  return date != NULL ? g_date_time_to_unix (date) : 0;
}

gint64
ph_order_get_sent (PhMessage *message, PhMessageEnvelope *envelope)
{
  gint64 sent;

  if (envelope != NULL && ph_order_parse_date (ph_message_envelope_get_date (envelope), &sent))
    return sent;
  return ph_order_get_arrival (message);
}

/* addr-name, addr-adl, addr-mailbox, addr-host; NULL where there is no address */
static const PhValue *
get_address (PhMessage *message, guint field)
{
  const PhValue *addresses = ph_value_get_child (ph_message_get_attribute (message, "ENVELOPE"), field);

  return ph_value_first (addresses);
}

char *
ph_order_get_mailbox (PhMessage *message, guint field)
{
  return ph_value_dup_text (ph_value_get_child (get_address (message, field), 2));
}

char *
ph_order_get_display (PhMessage *message, guint field)
{
  const PhValue   *address = get_address (message, field);
  g_autofree char *mailbox = ph_value_dup_text (ph_value_get_child (address, 2));
  g_autofree char *host = ph_value_dup_text (ph_value_get_child (address, 3));
  PhAddressField   which = field == PH_ORDER_FROM ? PH_ADDRESS_FROM : field == PH_ORDER_TO ? PH_ADDRESS_TO : PH_ADDRESS_CC;
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  PhAddress       *first = envelope != NULL && host != NULL ? ph_message_envelope_get_address (envelope, which, 0) : NULL;

  if (first != NULL && ph_address_get_name (first) != NULL && *ph_address_get_name (first) != '\0')
    return g_strdup (ph_address_get_name (first));
  if (mailbox != NULL && host != NULL)
    return g_strconcat (mailbox, "@", host, NULL);
  return g_steal_pointer (&mailbox);
}

static gboolean
fits (const PhValue *keys)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  const PhValue *node = ph_value_first (keys);
  gsize          length, sum = 0;

  while (node != NULL || open->len > 0)
    {
      if (node == NULL)
        {
          node = ph_value_next (g_ptr_array_steal_index (open, open->len - 1));
          continue;
        }
      /* what the last search found may be kept in the session, and then only its own SEARCH knows it */
      if (ph_value_get_kind (node) == PH_VALUE_ATOM && ph_value_is (node, "$"))
        return FALSE;
      sum += ph_value_get_data (node, &length) != NULL ? length + 3 : 3;
      if (ph_value_get_kind (node) == PH_VALUE_LIST)
        {
          g_ptr_array_add (open, (gpointer) node);
          node = ph_value_first (node);
        }
      else
        node = ph_value_next (node);
    }

  return sum < MAX_LINE;
}

gboolean
ph_order_can_ask (PhExtension *extension, PhQuery *query, const PhValue *keys)
{
  const char *const *needs = ph_query_get_needs (query);

  for (; needs != NULL && *needs != NULL; needs++)
    if (!ph_extension_has_capability (extension, *needs))
      return FALSE;
  return fits (keys);
}

PhQuery *
ph_order_read_query (PhExtension *extension, const PhValue *charset)
{
  g_autoptr (PhQuery)   query = ph_query_new ();
  g_autoptr (GPtrArray) copies = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue)   keys = NULL;

  if (!ph_value_is (charset, "UTF-8") && !ph_value_is (charset, "US-ASCII"))
    return NULL;
  for (const PhValue *key = ph_value_next (charset); key != NULL; key = ph_value_next (key))
    g_ptr_array_add (copies, ph_value_copy (key));
  if (copies->len == 0)
    return NULL;

  /* every server lists one of them, so that this asks for nothing */
  keys = ph_value_new_array (copies);
  ph_query_extended (query, ph_extension_has_capability (extension, "IMAP4rev1") ? "IMAP4rev1" : "IMAP4rev2", keys);
  return g_steal_pointer (&query);
}
