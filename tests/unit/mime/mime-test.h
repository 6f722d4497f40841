/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of posthorn-mime share: messages out of text, and what they are written as. */
#pragma once

#include "ph-mime-cleanup.h"
#include "ph-mime-plan.h"
#include "ph-mime-stream.h"

/* (transfer full) */
static inline GMimeMessage *
mime_parse (const char *text)
{
  g_autoptr (GMimeStream) stream = g_mime_stream_mem_new_with_buffer (text, strlen (text));
  g_autoptr (GMimeParser) parser = g_mime_parser_new_with_stream (stream);
  GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);

  g_assert_nonnull (message);
  return message;
}

/* By GMime itself, with CR LF. (transfer full) */
static inline char *
mime_print (GMimeMessage *message)
{
  GMimeFormatOptions *options = g_mime_format_options_new ();
  char *text;

  g_mime_format_options_set_newline_format (options, GMIME_NEWLINE_FORMAT_DOS);
  text = g_mime_object_to_string (GMIME_OBJECT (message), options);
  g_mime_format_options_free (options);
  return text;
}

/* All of @plan, @step octets at a time. (transfer full) */
static inline GByteArray *
mime_read (PhMimePlan *plan, gsize step)
{
  g_autoptr (GInputStream) stream = ph_mime_stream_new (plan);
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *buffer = g_malloc (step);
  GByteArray *all = g_byte_array_new ();
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, step, NULL, &error)) > 0)
    g_byte_array_append (all, buffer, (guint) n);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, plan->scan.octets);
  return all;
}

/* As it goes out. (transfer full) */
static inline char *
mime_write (GMimeMessage *message, PhMimeForm form, PhMimeFlags flags)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMimePlan) plan = ph_mime_plan_new (message, form, flags, &error);
  GByteArray *all;

  g_assert_no_error (error);
  all = mime_read (plan, 1000);
  g_byte_array_append (all, (const guint8 *) "", 1);
  return (char *) g_byte_array_free (all, FALSE);
}

#define mime_assert_has(text, part) \
  G_STMT_START { \
    if (strstr (text, part) == NULL) \
      g_error ("%s: “%s” isn't in “%s”", G_STRLOC, part, text); \
  } G_STMT_END
#define mime_assert_lacks(text, part) \
  G_STMT_START { \
    if (strstr (text, part) != NULL) \
      g_error ("%s: “%s” is in “%s”", G_STRLOC, part, text); \
  } G_STMT_END
