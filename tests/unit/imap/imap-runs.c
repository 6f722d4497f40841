/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "imap-runs.h"

#include "imap-framer.h"
#include "imap-parser.h"
#include "imap-reader.h"

#include "imap-test.h"

#include <string.h>

char *
imap_runs_read (const char *list, gsize length, gboolean singly)
{
  PhImapReader reader = { 0 };
  char        *printed = NULL;

  ph_imap_reader_init (&reader, 20, 1000000);
  reader.singly = singly;
  ph_imap_reader_begin (&reader, list, length);
  reader.sections = TRUE;
  if (ph_imap_reader_read_values (&reader))
    {
      g_autofree char *values = imap_test_print (ph_value_builder_peek (reader.builder));

      printed = g_strdup_printf ("%u %s", ph_value_builder_get_n_nodes (reader.builder), values);
    }
  ph_imap_reader_clear (&reader);
  return printed;
}

gboolean
imap_runs_check (const char *bytes, gsize length)
{
  const char      *open = memchr (bytes, '(', length);
  gsize            before = open != NULL ? (gsize) (open - bytes) : 0;
  /* in memory of its own: a look beyond it is found */
  g_autofree char *list = g_memdup2 (bytes + before, MAX (length - before, 1));
  g_autofree char *in_runs = imap_runs_read (list, length - before, FALSE);
  g_autofree char *one_by_one = imap_runs_read (list, length - before, TRUE);

  g_assert_cmpstr (in_runs, ==, one_by_one);
  return in_runs != NULL;
}

gboolean
imap_runs_check_one_fetch (const char *data, gsize length, gsize most, gsize size)
{
  g_autofree char *here = NULL, *there = NULL;
  g_autoptr (PhImapParser) parser = ph_imap_parser_new (20, 1000000);
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *room = g_malloc (PH_VALUE_LIST_HEAD + size);
  PhImapFetched    fetched = { .room = room + PH_VALUE_LIST_HEAD, .size = size };
  PhResponse      *response;
  PhImapFramer     framer;
  PhImapName       name;
  gsize            end, taken = ph_imap_parser_read_fetch (parser, data, length, most, &fetched);

  if (taken == 0)
    return FALSE;

  g_assert_cmpuint (taken, <=, most);
  here = imap_test_print (fetched.attributes);
  ph_imap_framer_init (&framer, &imap_test_limits);
  g_assert_cmpint (ph_imap_framer_scan (&framer, data, length, &end, &error), ==, PH_IMAP_FRAME_WHOLE);
  g_assert_cmpuint (end, ==, taken);
  response = ph_imap_parser_parse (parser, data, end, &name, &error);
  g_assert_no_error (error);
  g_assert_cmpint (name, ==, PH_IMAP_NAME_FETCH);
  g_assert_cmpuint (ph_response_get_number (response), ==, fetched.number);
  there = imap_test_print (ph_value_first (ph_response_get_values (response)));
  g_assert_cmpstr (here, ==, there);
  return TRUE;
}

gboolean
imap_runs_check_fetch (const char *bytes, gsize length, gsize most)
{
  g_autofree char *data = g_memdup2 (bytes, MAX (length, 1));
  g_autofree char *more = g_malloc (length + strlen (IMAP_RUNS_NEXT_ONES));
  gboolean         by_itself = imap_runs_check_one_fetch (data, length, most, 18 * length);

  memcpy (more, bytes, length);
  memcpy (more + length, IMAP_RUNS_NEXT_ONES, strlen (IMAP_RUNS_NEXT_ONES));
  if (length > 0 && bytes[length - 1] == '\n')
    g_assert_cmpint (imap_runs_check_one_fetch (more, length + strlen (IMAP_RUNS_NEXT_ONES), most < length ? most : most + strlen (IMAP_RUNS_NEXT_ONES), 20 * length),
                     ==, by_itself);
  return by_itself;
}
