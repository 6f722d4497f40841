/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What EHLO's reply offers, RFC 5321 section 4.1.1.1:
 *
 *   ehlo-line      = ehlo-keyword *( SP ehlo-param )
 *   ehlo-keyword   = (ALPHA / DIGIT) *(ALPHA / DIGIT / "-")
 *   ehlo-param     = 1*(%d33-126)
 *
 * and the form "AUTH=PLAIN LOGIN" that came before RFC 2554, whose names are merged with those of "AUTH".
 */
#include "ph-smtp-core.h"

void
ph_smtp_features_clear (PhSmtpFeatures *self)
{
  g_clear_pointer (&self->from, ph_reply_unref);
  g_free (self->all);
  *self = (PhSmtpFeatures){ 0 };
}

/* RFC 4422 section 3.1: 1 to 20 of A-Z, 0-9, "-", "_"; lower case is read as upper */
static gboolean
is_mechanism (const char *word, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (word[i]) && word[i] != '-' && word[i] != '_')
      return FALSE;
  return length > 0 && length <= 20;
}

static gboolean
is_among (char **names, guint n, const char *name)
{
  for (guint i = 0; i < n; i++)
    if (g_str_equal (names[i], name))
      return TRUE;
  return FALSE;
}

/* Each once, in upper case, its text at @room. Returns what is left of that. */
static char *
add_mechanisms (char **names, guint *n, const char *words, char *room)
{
  for (const char *word = words + strspn (words, " \t"); *word != '\0'; word += strspn (word, " \t"))
    {
      gsize length = strcspn (word, " \t");

      if (is_mechanism (word, length))
        {
          for (gsize i = 0; i < length; i++)
            room[i] = g_ascii_toupper (word[i]);
          room[length] = '\0';
          if (!is_among (names, *n, room))
            {
              names[(*n)++] = room;
              room += length + 1;
            }
        }
      word += length;
    }
  return room;
}

/* @keyword: of @length octets, in upper case */
static void
note (PhSmtpFeatures *self, const char *keyword, gsize length, const char *parameters)
{
#define IS(text) (length == sizeof (text) - 1 && memcmp (keyword, text, sizeof (text) - 1) == 0)
  if (IS ("STARTTLS"))
    self->starttls = TRUE;
  else if (IS ("PIPELINING"))
    self->pipelining = TRUE;
  else if (IS ("8BITMIME"))
    self->eight_bit_mime = TRUE;
  else if (IS ("SMTPUTF8"))
    self->smtp_utf8 = TRUE;
  else if (IS ("CHUNKING"))
    self->chunking = TRUE;
  else if (IS ("BINARYMIME"))
    self->binary_mime = TRUE;
  else if (IS ("LIMITS"))
    ph_smtp_limits_parse (self, parameters);
  else if (IS ("SIZE"))
    {
      self->size = TRUE;
      self->size_limit = g_ascii_strtoull (parameters, NULL, 10);
    }
#undef IS
}

static gboolean
ends_keyword (char c)
{
  return c == '\0' || c == ' ' || c == '\t' || c == '=';
}

/* Of a line that ends at @end, with nothing around it; its keyword is put into upper case. */
static char *
trim (char *line, char *end)
{
  while (line < end && g_ascii_isspace (*line))
    line++;
  while (end > line && g_ascii_isspace (end[-1]))
    end--;
  *end = '\0';
  for (char *c = line; !ends_keyword (*c); c++)
    if (*c >= 'a' && *c <= 'z')
      *c -= 'a' - 'A';
  return line;
}

/* One block of memory: the pointers to lines, those to mechanisms, the lines, the mechanisms' names, and the line that tells of all of them. */
static void
take_lines (PhSmtpFeatures *self, const char *text)
{
  gsize length = strlen (text), n_lines = 0, n_words = 0;
  guint n = 0, n_mechanisms = 0;
  char **auth_line = NULL;

  for (const char *c = text; *c != '\0'; c++)
    {
      n_lines += *c == '\n';
      n_words += *c == '\n' || *c == ' ' || *c == '\t' || *c == '=';
    }
  self->all = g_malloc ((n_lines + 1 + n_words + 1) * sizeof (char *) + 3 * (length + 1));
  char **mechanisms = self->all + n_lines + 1;
  char *line = (char *) (mechanisms + n_words + 1), *text_end = line + length, *names = text_end + 1, *joined = names + length + 1;
  memcpy (line, text, length + 1);
  /* the first line is the server's name and greeting */
  for (char *end = strchr (line, '\n'); end != NULL;)
    {
      gsize keyword_length = 0;

      line = end + 1;
      end = strchr (line, '\n');
      line = trim (line, end != NULL ? end : text_end);
      while (!ends_keyword (line[keyword_length]))
        keyword_length++;
      if (keyword_length == 0)
        continue;
      const char *parameters = line + keyword_length;
      while (*parameters != '\0' && ends_keyword (*parameters))
        parameters++;
      if (keyword_length == 4 && memcmp (line, "AUTH", 4) == 0)
        {
          names = add_mechanisms (mechanisms, &n_mechanisms, parameters, names);
          if (auth_line == NULL)
            auth_line = &self->all[n++];
          continue;
        }
      note (self, line, keyword_length, parameters);
      self->all[n++] = line;
    }
  self->all[n] = NULL;
  mechanisms[n_mechanisms] = NULL;
  if (auth_line == NULL)
    return;
  self->mechanisms = mechanisms;
  *auth_line = joined;
  joined = g_stpcpy (joined, "AUTH");
  for (guint i = 0; i < n_mechanisms; i++)
    {
      *joined++ = ' ';
      joined = g_stpcpy (joined, mechanisms[i]);
    }
}

void
ph_smtp_features_parse (PhSmtpFeatures *self, PhReply *reply)
{
  /* most servers offer the same behind a login */
  if (reply != NULL && self->from != NULL && (self->from == reply || g_str_equal (ph_reply_get_text (self->from), ph_reply_get_text (reply))))
    return;

  ph_smtp_features_clear (self);
  if (reply != NULL)
    self->from = ph_reply_ref (reply);
  take_lines (self, reply != NULL ? ph_reply_get_text (reply) : "");
}

const char *
ph_smtp_features_find (const PhSmtpFeatures *self, const char *keyword)
{
  gsize length = strlen (keyword);

  for (char **line = self->all; *line != NULL; line++)
    if (strncmp (*line, keyword, length) == 0 && strchr (" \t=", (*line)[length]) != NULL)
      return *line + length + strspn (*line + length, " \t=");
  return NULL;
}
