/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text of header fields as UTF-8.
 *
 *   encoded-word = "=?" charset "?" encoding "?" encoded-text "?="      RFC 2047 section 2
 *   charset      = token ["*" language]                                 RFC 2231 section 5
 *   encoding     = "B" / "Q"
 *   encoded-text = 1*<any printable character but "?" and SPACE>
 *
 * Read more widely than written: words inside and next to other text, longer than 75 characters, with blanks in
 * Q text, Base64 without its padding. Characters split across neighbouring words of one charset are put together
 * again. Bytes that are no UTF-8 and in no word are taken for windows-1252.
 *
 * Time and memory are linear in the input: a word is looked for from "=?" to the third "?" behind it.
 */
#include "ph-encoded-word.h"

#include <errno.h>
#include <string.h>

/* Opening a converter is dear; a header that changes charset more often is nobody's. */
#define MAX_CONVERTERS 64

#define REPLACEMENT "\357\277\275"
#define MAX_CHARSET 64

typedef struct {
  char charset[MAX_CHARSET];
  char encoding;
  const char *text;
  gsize text_length;
  const char *end;
} Word;

typedef struct {
  GString *out;
  GByteArray *run;   /* decoded octets of neighbouring words, not yet converted */
  const char *start; /* where the first of these words begins */
  const char *end;   /* where the last one ends */
  char charset[MAX_CHARSET]; /* theirs */
  GIConv converter;
  char converter_charset[MAX_CHARSET];
  guint n_converters;
} Decoder;

static const struct {
  const char *name;
  const char *use;
} charset_aliases[] = {
  { "us-ascii", "windows-1252" },
  { "ascii", "windows-1252" },
  { "iso-8859-1", "windows-1252" },
  { "latin1", "windows-1252" },
  { "iso-8859-9", "windows-1254" },
  { "iso-8859-8-i", "iso-8859-8" },
  { "iso-8859-8-e", "iso-8859-8" },
  { "gb2312", "gb18030" },
  { "gbk", "gb18030" },
  { "x-gbk", "gb18030" },
  { "ks_c_5601-1987", "uhc" },
  { "euc-kr", "uhc" },
  { "shift_jis", "cp932" },
  { "shift-jis", "cp932" },
  { "x-sjis", "cp932" },
  { "windows-31j", "cp932" },
  { "unicode-1-1-utf-7", "utf-7" },
  { "utf8", "utf-8" },
  { "big5", "big5-hkscs" },
};

static gboolean
is_blank (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Eight octets at once: whether one is beyond ASCII or a control character */
static inline gboolean
is_odd (guint64 octets)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);
  guint64 del = octets ^ (ones * 0x7f);

  return ((octets | (octets - ones * ' ') | (del - ones)) & (ones * 0x80)) != 0;
}

gboolean
ph_header_text_is_clean (const char *text, gsize length, gboolean words)
{
  guint64 octets;

  for (gsize i = 0; i + 8 <= length; i += 8)
    {
      memcpy (&octets, text + i, 8);
      if (is_odd (octets))
        return FALSE;
    }
  /* the rest, of which some was seen already */
  if (length >= 8)
    memcpy (&octets, text + length - 8, 8);
  else if (length >= 4)
    {
      guint32 first, last;

      memcpy (&first, text, 4);
      memcpy (&last, text + length - 4, 4);
      octets = (guint64) first << 32 | last;
    }
  else
    {
      octets = G_GUINT64_CONSTANT (0x2020202020202020);
      for (gsize i = 0; i < length; i++)
        octets = octets << 8 | (guint8) text[i];
    }
  if (is_odd (octets))
    return FALSE;
  if (!words || length < 2)
    return TRUE;
  return memchr (text, '=', length - 1) == NULL || memmem (text, length, "=?", 2) == NULL;
}

/* Text goes out without anything that could end a line or a string. */
static void
append_clean (GString *out, const char *text, gsize length)
{
  gsize start = 0;

  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) text[i];

      if (c >= ' ' && c != 0x7f)
        continue;
      g_string_append_len (out, text + start, (gssize) (i - start));
      start = i + 1;
      /* CR LF in front of a blank is a fold: only the blank stays. */
      if (c == '\r' && i + 1 < length && text[i + 1] == '\n')
        continue;
      if (c == '\n' && i + 1 < length && is_blank (text[i + 1]))
        continue;
      g_string_append (out, c == '\t' || c == '\r' || c == '\n' ? " " : REPLACEMENT);
    }
  g_string_append_len (out, text + start, (gssize) (length - start));
}

/* Everything that @converter can read; what it can't becomes U+FFFD, octet by octet. */
static void
convert (GIConv converter, const char *text, gsize length, GString *out)
{
  char *in = (char *) text;
  gsize in_left = length;
  char buffer[512];

  g_iconv (converter, NULL, NULL, NULL, NULL);
  while (in_left > 0)
    {
      char *p = buffer;
      gsize out_left = sizeof buffer;
      gsize result = g_iconv (converter, &in, &in_left, &p, &out_left);
      int code = errno;

      append_clean (out, buffer, (gsize) (p - buffer));
      if (result != (gsize) -1 || (code == E2BIG && p > buffer))
        continue;
      g_string_append (out, REPLACEMENT);
      if (code == EINVAL)
        break;
      in++;
      in_left--;
    }
  {
    char *p = buffer;
    gsize out_left = sizeof buffer;

    g_iconv (converter, NULL, NULL, &p, &out_left);
    append_clean (out, buffer, (gsize) (p - buffer));
  }
}

static GIConv
get_converter (Decoder *self, const char *charset)
{
  if (g_ascii_strcasecmp (self->converter_charset, charset) == 0)
    return self->converter;
  if (++self->n_converters > MAX_CONVERTERS)
    return (GIConv) -1;
  if (self->converter != (GIConv) -1)
    g_iconv_close (self->converter);
  self->converter = g_iconv_open ("UTF-8", charset);
  g_strlcpy (self->converter_charset, charset, sizeof self->converter_charset);
  return self->converter;
}

/* Text outside of words: UTF-8 where it is, otherwise what 8-bit mail was written in most. */
static void
append_raw (Decoder *self, const char *text, gsize length)
{
  GIConv converter;

  if (g_utf8_validate_len (text, length, NULL) || memchr (text, '\0', length) != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);

      append_clean (self->out, valid, strlen (valid));
      return;
    }
  converter = get_converter (self, "windows-1252");
  if (converter != (GIConv) -1)
    {
      convert (converter, text, length, self->out);
      return;
    }
  /* no more converters: Latin-1 needs none */
  for (gsize i = 0; i < length; i++)
    {
      char utf8[2] = { (char) (0xc0 | (guchar) text[i] >> 6), (char) (0x80 | ((guchar) text[i] & 0x3f)) };

      append_clean (self->out, (guchar) text[i] < 0x80 ? text + i : utf8, (guchar) text[i] < 0x80 ? 1 : 2);
    }
}

static const char *
find_charset (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (charset_aliases); i++)
    {
      if (g_ascii_strcasecmp (name, charset_aliases[i].name) == 0)
        return charset_aliases[i].use;
    }
  return name;
}

/* Writes the words read so far; where their charset is unknown, as they stood. */
static void
flush_run (Decoder *self)
{
  gsize length = self->run->len;
  const char *bytes = length > 0 ? (const char *) self->run->data : "";
  const char *charset = find_charset (self->charset);
  GIConv converter;

  if (self->start == NULL)
    return;
  /* Many say ASCII or Latin-1 and write UTF-8; the reverse would be no valid UTF-8. */
  if (g_ascii_strcasecmp (charset, "utf-8") == 0
      || (g_ascii_strcasecmp (charset, "windows-1252") == 0 && g_utf8_validate_len (bytes, length, NULL)))
    {
      g_autofree char *valid = g_utf8_make_valid (bytes, (gssize) length);

      append_clean (self->out, valid, strlen (valid));
    }
  else if ((converter = get_converter (self, charset)) != (GIConv) -1)
    convert (converter, bytes, length, self->out);
  else
    append_raw (self, self->start, (gsize) (self->end - self->start));
  g_byte_array_set_size (self->run, 0);
  self->start = NULL;
}

static gboolean
read_charset (const char *text, const char *end, char *charset)
{
  const char *star = memchr (text, '*', (gsize) (end - text));
  gsize length = (gsize) ((star != NULL ? star : end) - text);

  if (length == 0 || length >= MAX_CHARSET)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      /* "//IGNORE" and its like are iconv's own language. */
      if (!g_ascii_isgraph (text[i]) || text[i] == '/')
        return FALSE;
    }
  memcpy (charset, text, length);
  charset[length] = '\0';
  return TRUE;
}

static gboolean
is_base64 (const char *text, gsize length)
{
  gsize n_digits = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (g_ascii_isalnum (text[i]) || text[i] == '+' || text[i] == '/')
        n_digits++;
      else if (text[i] != '=' && !is_blank (text[i]))
        return FALSE;
    }
  return n_digits % 4 != 1;
}

/* @p stands at "=?" */
static gboolean
read_word (const char *p, const char *end, Word *word)
{
  const char *charset = p + 2;
  const char *mark = memchr (charset, '?', (gsize) (end - charset));

  if (mark == NULL || end - mark < 5 || mark[2] != '?' || !read_charset (charset, mark, word->charset))
    return FALSE;
  word->encoding = g_ascii_toupper (mark[1]);
  word->text = mark + 3;
  mark = memchr (word->text, '?', (gsize) (end - word->text));
  if (mark == NULL || mark + 1 == end || mark[1] != '=')
    return FALSE;
  word->text_length = (gsize) (mark - word->text);
  word->end = mark + 2;
  return word->encoding == 'Q' || (word->encoding == 'B' && is_base64 (word->text, word->text_length));
}

static void
decode_q (const Word *word, GByteArray *out)
{
  const char *p = word->text;
  const char *end = p + word->text_length;

  while (p < end)
    {
      guint8 c = (guint8) *p++;

      if (c == '_')
        c = ' ';
      else if (c == '=' && end - p >= 2 && g_ascii_isxdigit (p[0]) && g_ascii_isxdigit (p[1]))
        {
          c = (guint8) (g_ascii_xdigit_value (p[0]) << 4 | g_ascii_xdigit_value (p[1]));
          p += 2;
        }
      g_byte_array_append (out, &c, 1);
    }
}

static void
decode_b (const Word *word, GByteArray *out)
{
  const guint old_length = out->len;
  int state = 0;
  guint save = 0;
  gsize n;

  g_byte_array_set_size (out, old_length + (guint) (word->text_length / 4 * 3 + 6));
  n = g_base64_decode_step (word->text, word->text_length, out->data + old_length, &state, &save);
  /* for those who leave the padding out; behind a complete text it adds nothing */
  n += g_base64_decode_step ("==", 2, out->data + old_length + n, &state, &save);
  g_byte_array_set_size (out, old_length + (guint) n);
}

static void
add_word (Decoder *self, const char *start, const Word *word)
{
  if (self->start != NULL && g_ascii_strcasecmp (word->charset, self->charset) != 0)
    flush_run (self);
  if (word->encoding == 'Q')
    decode_q (word, self->run);
  else
    decode_b (word, self->run);
  if (self->start == NULL)
    self->start = start;
  self->end = word->end;
  memcpy (self->charset, word->charset, MAX_CHARSET);
}

static gboolean
all_blank (const char *p, const char *end)
{
  while (p < end && is_blank (*p))
    p++;
  return p == end;
}

char *
ph_header_text_decode (const char *text, gsize length)
{
  Decoder self = { .converter = (GIConv) -1 };
  const char *end = text + length;
  const char *plain = text;
  const char *p = text;

  if (ph_header_text_is_clean (text, length, TRUE))
    return g_strndup (text, length);
  self.out = g_string_sized_new (length + 1);
  self.run = g_byte_array_new ();
  while ((p = memchr (p, '=', (gsize) (end - p))) != NULL)
    {
      Word word;
      const char *start = p++;

      if (end - start < 8 || *p != '?' || !read_word (start, end, &word))
        continue;
      /* Blanks between two words belong to neither (section 6.2). */
      if (start > plain && !(self.start != NULL && all_blank (plain, start)))
        {
          flush_run (&self);
          append_raw (&self, plain, (gsize) (start - plain));
        }
      add_word (&self, start, &word);
      plain = p = word.end;
    }
  flush_run (&self);
  append_raw (&self, plain, (gsize) (end - plain));

  if (self.converter != (GIConv) -1)
    g_iconv_close (self.converter);
  g_byte_array_unref (self.run);
  return g_string_free (self.out, FALSE);
}

char *
ph_header_text_plain (const char *text, gsize length)
{
  Decoder self = { .converter = (GIConv) -1 };

  if (ph_header_text_is_clean (text, length, FALSE))
    return g_strndup (text, length);
  self.out = g_string_sized_new (length + 1);
  append_raw (&self, text, length);
  if (self.converter != (GIConv) -1)
    g_iconv_close (self.converter);
  return g_string_free (self.out, FALSE);
}
