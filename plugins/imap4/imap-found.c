/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What SEARCH found, from whichever of the two answers the server gives (RFC 9051 section 7.3.4, RFC 7162 section 3.1.5, RFC 9394).
 *
 *   response = "SEARCH" *(SP number) [SP "(MODSEQ" SP number ")"]
 *            / "ESEARCH" ["(TAG" SP string ")"] [SP "UID"] *(SP name SP value)
 *   PARTIAL's value = "(" range SP (sequence-set / NIL) ")"
 */
#include "imap-store.h"

static void
read_mod_seq (PhImapCommand *self, const PhValue *value)
{
  guint64 mod_seq = 0;

  if (ph_value_get_number (value, &mod_seq))
    self->found_mod_seq = MAX (self->found_mod_seq, mod_seq);
}

static void
add_numbers (PhImapCommand *self, const PhValue *value)
{
  for (; value != NULL; value = ph_value_next (value))
    {
      guint64 number;

      if (ph_value_get_kind (value) == PH_VALUE_LIST && ph_value_is (ph_value_first (value), "MODSEQ"))
        read_mod_seq (self, ph_value_next (ph_value_first (value)));
      else if (ph_value_get_number (value, &number) && number > 0 && number < PH_MESSAGE_SET_STAR)
        ph_message_set_add (self->found, (guint32) number);
    }
}

static void
read_count (const PhValue *value, guint32 *count)
{
  guint64 number;

  if (ph_value_get_number (value, &number) && number <= G_MAXUINT32)
    *count = (guint32) number;
}

static void
read_item (PhImapCommand *self, const PhValue *name, const PhValue *value)
{
  if (ph_value_is (name, "ALL"))
    ph_imap_read_set (self->found, value);
  else if (ph_value_is (name, "PARTIAL"))
    ph_imap_read_set (self->found, ph_value_next (ph_value_first (value)));
  else if (ph_value_is (name, "MIN"))
    read_count (value, &self->found_min);
  else if (ph_value_is (name, "MAX"))
    read_count (value, &self->found_max);
  else if (ph_value_is (name, "COUNT"))
    read_count (value, &self->found_count);
  else if (ph_value_is (name, "MODSEQ"))
    read_mod_seq (self, value);
}

gboolean
ph_imap_search_receive (PhImapCommand *self, const PhResponse *response)
{
  const char    *name = ph_response_get_name (response);
  const PhValue *values = ph_response_get_values (response);

  if (g_str_equal (name, "ESEARCH"))
    {
      if (!ph_esearch_is_for (response, ph_command_get_tag (PH_COMMAND (self))))
        return FALSE;
      for (const PhValue *item = ph_esearch_first (response); ph_value_next (item) != NULL; item = ph_value_next (ph_value_next (item)))
        read_item (self, item, ph_value_next (item));
      return TRUE;
    }
  if (!g_str_equal (name, "SEARCH"))
    return FALSE;

  add_numbers (self, ph_value_first (values));
  return TRUE;
}

/* Where all was asked for, the rest is counted here. */
static void
count_found (PhImapCommand *self)
{
  guint n_ranges = ph_message_set_get_n_ranges (self->found);

  self->found_count = (guint32) ph_message_set_get_count (self->found);
  if (n_ranges == 0)
    return;
  ph_message_set_get_range (self->found, 0, &self->found_min, NULL);
  ph_message_set_get_range (self->found, n_ranges - 1, NULL, &self->found_max);
}

gboolean
ph_imap_search_finish (PhImapCommand *self, PhReply *reply, GError **error)
{
  g_autoptr (PhMessageSet) set = NULL;

  if (self->asked == PH_SEARCH_ALL && !self->paged)
    count_found (self);
  if (self->first != 0 && !self->paged)
    set = ph_imap_cut_page (self->found, self->first, self->last);
  else if (self->paged || (self->returns & PH_SEARCH_ALL) != 0)
    set = ph_message_set_ref (self->found);

  ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_SEARCH_RESULT,
                         ph_search_result_new (set, (self->returns & PH_SEARCH_MIN) != 0 ? self->found_min : 0,
                                               (self->returns & PH_SEARCH_MAX) != 0 ? self->found_max : 0,
                                               (self->returns & PH_SEARCH_COUNT) != 0 ? self->found_count : 0, self->found_mod_seq));
  return TRUE;
}
