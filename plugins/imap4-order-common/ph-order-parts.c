/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A command that is answered here where the server can't: a SEARCH, and a FETCH of what it found. */
#include "ph-order.h"

#include <string.h>

void
ph_order_parts_init (PhOrderParts *self, PhExtension *extension, PhQuery *query, gboolean by_uid)
{
  self->extension = g_object_ref (extension);
  self->query = g_object_ref (query);
  self->keys = ph_query_to_value (query);
  self->by_uid = by_uid;
}

void
ph_order_parts_clear (PhOrderParts *self)
{
  g_clear_object (&self->extension);
  g_clear_object (&self->query);
  g_clear_pointer (&self->keys, ph_value_free);
}

/* An answer that never came may have been deeper or longer than the session's limits. */
gboolean
ph_order_parts_are_needed (PhOrderParts *self, PhCommand *command, PhCommand *previous, PhReply *reply, gboolean can_ask, gboolean answered)
{
  if (previous == NULL && can_ask)
    return FALSE;
  if (previous == command && ph_reply_is_ok (reply) && answered)
    return FALSE;
  self->misunderstood |= previous == command && !ph_reply_is_ok (reply);
  return TRUE;
}

PhCommand *
ph_order_parts_next (PhOrderParts *self, PhCommand *previous, PhFetch items, const char *extra)
{
  PhStoreEngine          *engine = PH_STORE_ENGINE (ph_extension_get_engine (self->extension));
  PhStoreEngineInterface *make = PH_STORE_ENGINE_GET_IFACE (engine);

  if (!self->begun)
    {
      self->begun = TRUE;
      return make->make_search (engine, self->query, self->by_uid);
    }
  if (self->searched || ph_message_set_is_empty (ph_command_peek_result (previous)))
    return NULL;

  self->searched = TRUE;
  return make->make_fetch (engine, ph_command_peek_result (previous), items, extra, NULL);
}

void
ph_order_parts_take (PhOrderParts *self, PhCommand *part, PhOrderAdd add, gpointer rows)
{
  PhMessage *message;

  while ((message = ph_command_pop_item (part)) != NULL)
    {
      if (!self->overflowed)
        self->overflowed = !add (rows, message);
      ph_message_unref (message);
    }
}

/* --- what messages are ordered by, each text once --- */

void
ph_order_texts_init (PhOrderTexts *self)
{
  self->chunk = g_string_chunk_new (4096);
  self->known = g_hash_table_new (g_str_hash, g_str_equal);
}

void
ph_order_texts_clear (PhOrderTexts *self)
{
  g_string_chunk_free (self->chunk);
  g_hash_table_unref (self->known);
}

const char *
ph_order_texts_keep (PhOrderTexts *self, const char *text, gsize *size)
{
  g_autofree char *folded = ph_order_fold (text);
  const char      *kept = g_hash_table_lookup (self->known, folded);

  if (kept != NULL)
    return kept;

  kept = g_string_chunk_insert (self->chunk, folded);
  g_hash_table_add (self->known, (gpointer) kept);
  *size += strlen (folded) + 64;
  return kept;
}
