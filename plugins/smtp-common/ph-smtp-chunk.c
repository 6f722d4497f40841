/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RFC 3030 section 2:
 *
 *   bdat-cmd   ::= "BDAT" SP chunk-size [ SP end-marker ] CR LF
 *   chunk-size ::= 1*DIGIT
 *   end-marker ::= "LAST"
 *
 * A chunk is never begun without all of its octets: where a stream fails, the session stands between two chunks and can go on.
 */
#include "ph-smtp-chunk.h"

/* "BDAT " and 20 digits, CR LF, NUL */
#define MAX_HEADER 28

static gsize
put (guint8 *output, const char *header, const guint8 *input, gsize length)
{
  gsize header_length = strlen (header);

  memcpy (output, header, header_length);
  if (length > 0)
    memcpy (output + header_length, input, length);
  return header_length + length;
}

GConverterResult
ph_smtp_chunks_convert (PhSmtpChunks *self, const guint8 *input, gsize input_length, guint8 *output, gsize output_length,
                        GConverterFlags flags, gsize *taken, gsize *made, GError **error)
{
  char header[MAX_HEADER];

  *taken = *made = 0;
  if (self->stopped)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the server refused a part of it");
      return G_CONVERTER_ERROR;
    }
  if (output_length < MAX_HEADER)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "the output has no room for a chunk");
      return G_CONVERTER_ERROR;
    }
  if (input_length == 0 && (flags & G_CONVERTER_INPUT_AT_END) != 0)
    {
      *made = put (output, "BDAT 0 LAST\r\n", NULL, 0);
      return G_CONVERTER_FINISHED;
    }
  gsize length = MIN (input_length, output_length - MAX_HEADER);
  if (length == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "there is no input");
      return G_CONVERTER_ERROR;
    }
  g_snprintf (header, sizeof header, "BDAT %" G_GSIZE_FORMAT "\r\n", length);
  *made = put (output, header, input, length);
  *taken = length;
  self->n_chunks++;
  return G_CONVERTER_CONVERTED;
}
