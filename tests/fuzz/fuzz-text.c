/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts that servers pass on: header fields, dates and sets. What comes out is clean, bounded, and reads the same again. */
#include "fuzz.h"

#include "values/ph-encoded-word.h"
#include "values/ph-internal-date.h"

#include <string.h>

static void
check_header (const char *text, gsize size)
{
  g_autofree char *decoded = ph_header_text_decode (text, size);
  g_autofree char *plain = ph_header_text_plain (text, size);

  g_assert_true (g_utf8_validate (decoded, -1, NULL) && g_utf8_validate (plain, -1, NULL));
  g_assert_null (strpbrk (decoded, "\r\n"));
  g_assert_null (strpbrk (plain, "\r\n"));
  g_assert_cmpuint (strlen (decoded), <=, 8 * size);
}

static void
check_set (const char *text, gsize size)
{
  g_autofree char *terminated = g_strndup (text, size);
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string (terminated, NULL);
  g_autoptr (PhMessageSet) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *rewritten = NULL;

  if (set == NULL)
    return;
  written = ph_message_set_to_string (set);
  again = ph_message_set_new_from_string (written, NULL);
  rewritten = ph_message_set_to_string (again);
  g_assert_cmpstr (written, ==, rewritten);
  g_assert_cmpuint (ph_message_set_get_count (set), ==, ph_message_set_get_count (again));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GDateTime) date = ph_internal_date_parse ((const char *) data, size);
  gint64 time;
  int offset;

  g_assert_cmpint (ph_internal_date_read ((const char *) data, size, &time, &offset), ==, date != NULL);
  g_assert_true (date == NULL || g_date_time_to_unix (date) == time);
  check_header ((const char *) data, size);
  check_set ((const char *) data, size);
  return 0;
}
