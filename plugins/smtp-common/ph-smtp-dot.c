/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transparency, RFC 5321 section 4.5.2: "Before sending a line of mail text, the SMTP client checks the first character of the
 * line. If it is a period, one additional period is inserted at the beginning of the line." Section 2.3.8: a line ends in CRLF
 * and in nothing else, so bare CR and LF must not leave.
 *
 * Most messages need nothing of this: what is found clean goes in one copy, the rest line by line.
 */
#include "ph-smtp-dot.h"

typedef struct {
  PhSmtpDot    *state;
  const guint8 *input, *input_end;
  guint8       *output, *output_end;
  const guint8 *newline;    /* the next LF, or input_end: known once for many lines that end in CR */
} Pass;

/* Octets side by side; compilers make vector instructions of it, on every machine that has some */
typedef guint8 Lanes __attribute__ ((vector_size (32)));

static inline __attribute__ ((always_inline)) void
load (Lanes *lanes, const guint8 *from)
{
  memcpy (lanes, from, sizeof *lanes);
}

static inline __attribute__ ((always_inline)) gboolean
has_any (const Lanes *lanes)
{
  guint64 parts[4];
  memcpy (parts, lanes, sizeof parts);
  return (parts[0] | parts[1] | parts[2] | parts[3]) != 0;
}

/* Octets that one look_at () reads */
#define SIGHT (sizeof (Lanes) + 2)

/* The octet in front, the LF, the one behind it: three loads cost less than to keep one and shift it. */
static inline __attribute__ ((always_inline)) void
look_at (Lanes *fault, const guint8 *at)
{
  Lanes before, here, behind;

  load (&before, at);
  load (&here, at + 1);
  load (&behind, at + 2);
  Lanes ends = (Lanes) (here == '\n');
  *fault |= ((Lanes) (before == '\r') ^ ends) | (ends & (Lanes) (behind == '.'));
}

static gboolean
is_short_clean (const guint8 *data, gsize length)
{
  for (gsize i = 0; i + 1 < length; i++)
    if ((data[i] == '\r') != (data[i + 1] == '\n') || (data[i] == '\n' && data[i + 1] == '.'))
      return FALSE;
  return TRUE;
}

/* Each CR has its LF, each LF its CR, no line but perhaps the first begins with a dot. */
static inline __attribute__ ((always_inline)) gboolean
look_clean (const guint8 *data, gsize length)
{
  Lanes fault = { 0 };

  if (length == 0 || data[0] == '\n' || data[length - 1] == '\r')
    return FALSE;
  if (length < SIGHT)
    return is_short_clean (data, length);
  /* the last look overlaps what was seen */
  const guint8 *last = data + length - SIGHT;
  for (; data + sizeof (Lanes) < last; data += 2 * sizeof (Lanes))
    {
      look_at (&fault, data);
      look_at (&fault, data + sizeof (Lanes));
    }
  if (data < last)
    look_at (&fault, data);
  look_at (&fault, last);
  /* but doesn't reach the very last pair */
  return !has_any (&fault) && (last[SIGHT - 2] == '\r') == (last[SIGHT - 1] == '\n');
}

#ifdef __x86_64__
__attribute__ ((target ("avx2"))) static gboolean
look_clean_wide (const guint8 *data, gsize length)
{
  return look_clean (data, length);
}
#endif

/* What every x86-64 machine has takes half as many octets at a time as what most have. */
static gboolean
is_clean (const guint8 *data, gsize length)
{
#ifdef __x86_64__
  if (__builtin_cpu_supports ("avx2"))
    return look_clean_wide (data, length);
#endif
  return look_clean (data, length);
}

static gboolean
is_seven_bit (const guint8 *data, gsize length)
{
  Lanes all = { 0 };
  guint8 rest = 0;
  gsize i = 0;

  for (; i + sizeof (Lanes) <= length; i += sizeof (Lanes))
    {
      Lanes here;
      load (&here, data + i);
      all |= here;
    }
  for (; i < length; i++)
    rest |= data[i];
  all &= 0x80;
  return !has_any (&all) && rest < 0x80;
}

static const guint8 *
find (const guint8 *from, const guint8 *to, int octet)
{
  const guint8 *found = from < to ? memchr (from, octet, (gsize) (to - from)) : NULL;
  return found != NULL ? found : to;
}

static gboolean
put_line_end (Pass *pass)
{
  if (pass->output_end - pass->output < 2)
    return FALSE;
  *pass->output++ = '\r';
  *pass->output++ = '\n';
  pass->state->within_line = FALSE;
  return TRUE;
}

/* Copies what fits of the octets before the line's end. FALSE: the output is full. */
static gboolean
put_text (Pass *pass, const guint8 *end)
{
  if (!pass->state->within_line && *pass->input == '.')
    {
      if (pass->output_end - pass->output < 2)
        return FALSE;
      *pass->output++ = '.';
    }
  gsize length = MIN ((gsize) (end - pass->input), (gsize) (pass->output_end - pass->output));
  if (length == 0)
    return FALSE;
  memcpy (pass->output, pass->input, length);
  pass->output += length;
  pass->input += length;
  pass->state->within_line = TRUE;
  return pass->input == end;
}

/* A line whose end is right already goes in one piece; FALSE where it doesn't fit. */
static gboolean
put_whole_line (Pass *pass)
{
  gsize length = (gsize) (pass->newline - pass->input) + 1;
  gsize dot = !pass->state->within_line && *pass->input == '.';

  if (length + dot > (gsize) (pass->output_end - pass->output))
    return FALSE;
  if (dot)
    *pass->output++ = '.';
  memcpy (pass->output, pass->input, length);
  pass->output += length;
  pass->input += length;
  pass->state->within_line = FALSE;
  return TRUE;
}

/* One line, or what there is of it. FALSE: the output is full. */
static gboolean
put_line (Pass *pass)
{
  if (pass->state->after_cr)
    {
      pass->state->after_cr = FALSE;
      if (*pass->input == '\n')
        {
          pass->input++;
          return TRUE;
        }
    }
  if (pass->newline < pass->input)
    pass->newline = find (pass->input, pass->input_end, '\n');
  const guint8 *end = find (pass->input, pass->newline, '\r');
  if (end + 1 == pass->newline && pass->newline < pass->input_end && put_whole_line (pass))
    return TRUE;
  if (end > pass->input && !put_text (pass, end))
    return FALSE;
  if (end == pass->input_end)
    return TRUE;
  if (!put_line_end (pass))
    return FALSE;
  pass->state->after_cr = *end == '\r';
  pass->input = end + 1;
  return TRUE;
}

/* All of it at once, where nothing is to be done about it */
static void
put_clean (Pass *pass)
{
  gsize length = (gsize) (pass->input_end - pass->input);

  if (pass->state->after_cr || length > (gsize) (pass->output_end - pass->output) || !is_clean (pass->input, length) ||
      (!pass->state->within_line && *pass->input == '.'))
    return;
  memcpy (pass->output, pass->input, length);
  pass->output += length;
  pass->input += length;
  pass->state->within_line = pass->input_end[-1] != '\n';
}

GConverterResult
ph_smtp_dot_convert (PhSmtpDot *self, const guint8 *input, gsize input_length, guint8 *output, gsize output_length, GConverterFlags flags,
                     gsize *taken, gsize *made, GError **error)
{
  Pass pass = { self, input, input + input_length, output, output + output_length, input };
  gboolean room = TRUE;

  *taken = *made = 0;
  if (self->seven_bit && !is_seven_bit (input, input_length))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "it has octets above 127, and the server takes 7 bits only");
      return G_CONVERTER_ERROR;
    }
  put_clean (&pass);
  pass.newline = find (pass.input, pass.input_end, '\n');
  while (room && pass.input < pass.input_end)
    room = put_line (&pass);
  gboolean at_end = (flags & G_CONVERTER_INPUT_AT_END) != 0;
  if (room && at_end && self->within_line)
    room = put_line_end (&pass);

  *taken = (gsize) (pass.input - input);
  *made = (gsize) (pass.output - output);
  if (room && at_end)
    return G_CONVERTER_FINISHED;
  if (room && (flags & G_CONVERTER_FLUSH) != 0)
    return G_CONVERTER_FLUSHED;
  if (*taken > 0 || *made > 0)
    return G_CONVERTER_CONVERTED;
  if (!room)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "the output has no room for a line end");
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "there is no input");
  return G_CONVERTER_ERROR;
}

static GConverterResult
convert (GConverter *converter, const void *input, gsize input_length, void *output, gsize output_length, GConverterFlags flags,
         gsize *taken, gsize *made, GError **error)
{
  PhSmtpCoder *self = (PhSmtpCoder *) converter;

  if (self->chunked)
    return ph_smtp_chunks_convert (&self->chunks, input, input_length, output, output_length, flags, taken, made, error);
  return ph_smtp_dot_convert (&self->dots, input, input_length, output, output_length, flags, taken, made, error);
}

static void
reset (GConverter *converter)
{
  PhSmtpCoder *self = (PhSmtpCoder *) converter;

  self->dots = (PhSmtpDot){ .seven_bit = self->dots.seven_bit };
  self->chunks = (PhSmtpChunks){ 0 };
}

void
ph_smtp_coder_describe (GConverterIface *iface)
{
  iface->convert = convert;
  iface->reset = reset;
}
