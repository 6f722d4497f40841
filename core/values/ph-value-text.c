/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A value tree as text for people: in errors and in replies. */
#include "ph-value-private.h"

#include <string.h>

static void
append_word (const PhValue *value, GString *string, gsize limit)
{
  gsize length;
  const char *data = ph_value_get_data (value, &length);

  if (data == NULL)
    {
      g_string_append (string, "NIL");
      return;
    }

  g_autofree char *text = g_utf8_make_valid (data, (gssize) MIN (length, limit));
  gboolean quoted = ph_value_kind (value) == PH_VALUE_STRING || ph_value_kind (value) == PH_VALUE_LITERAL;
  if (quoted)
    g_string_append_c (string, '"');
  g_string_append (string, text);
  if (quoted)
    g_string_append_c (string, '"');
}

void
ph_value_append_to (const PhValue *self, GString *string, gsize limit)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  const PhValue *node = self;
  gsize end = string->len + limit;

  while (string->len < end)
    {
      if (ph_value_get_kind (node) == PH_VALUE_LIST)
        {
          g_string_append_c (string, '(');
          if (ph_value_first (node) != NULL)
            {
              g_ptr_array_add (open, (gpointer) node);
              node = ph_value_first (node);
              continue;
            }
          g_string_append_c (string, ')');
        }
      else
        append_word (node, string, end - string->len);

      while (open->len > 0 && ph_value_next (node) == NULL)
        {
          node = g_ptr_array_steal_index (open, open->len - 1);
          g_string_append_c (string, ')');
        }
      if (open->len == 0)
        return;
      g_string_append_c (string, ' ');
      node = ph_value_next (node);
    }
  g_string_append (string, "…");
}

/**
 * ph_value_new_strings:
 * @texts: (array zero-terminated=1): UTF-8
 *
 * Makes a list of strings.
 *
 * Returns: (transfer full): a list
 */
PhValue *
ph_value_new_strings (const char *const *texts)
{
  g_return_val_if_fail (texts != NULL, NULL);

  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  for (; *texts != NULL; texts++)
    g_ptr_array_add (items, ph_value_new_string (*texts));
  return ph_value_new_array (items);
}

/**
 * ph_value_new_array:
 * @items: (element-type PhValue): values
 *
 * Makes a list of copies of what an array holds.
 *
 * Returns: (transfer full): a list
 */
PhValue *
ph_value_new_array (GPtrArray *items)
{
  g_return_val_if_fail (items != NULL, NULL);

  return ph_value_new_list ((PhValue **) items->pdata, items->len);
}

/**
 * ph_value_new_day:
 * @day: a moment
 *
 * Makes the day of a moment, in its own zone, as SEARCH takes it (RFC 9051 section 9: `date`): `1-Feb-1994`.
 *
 * Returns: (transfer full): an atom
 */
PhValue *
ph_value_new_day (GDateTime *day)
{
  static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  char text[16];
  int year, month, day_of_month;

  g_return_val_if_fail (day != NULL, NULL);

  g_date_time_get_ymd (day, &year, &month, &day_of_month);
  g_snprintf (text, sizeof text, "%d-%s-%04d", day_of_month, months[month - 1], year);
  return ph_value_new_atom (text);
}

/**
 * ph_value_dup_strings:
 * @first: (nullable): a value in a list
 *
 * Copies the texts of @first and of all that stand behind it, as [method@Value.dup_text] does; lists and NIL are left out.
 *
 * Returns: (transfer full) (array zero-terminated=1): the texts
 */
char **
ph_value_dup_strings (const PhValue *first)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (const PhValue *value = first; value != NULL; value = ph_value_next (value))
    {
      g_autofree char *text = ph_value_dup_text (value);

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }
  return g_strv_builder_end (builder);
}
