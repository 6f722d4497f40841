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
  g_clear_pointer (&self->all, g_strfreev);
  g_clear_pointer (&self->mechanisms, g_strfreev);
  *self = (PhSmtpFeatures){ 0 };
}

/* RFC 4422 section 3.1: 1 to 20 of A-Z, 0-9, "-", "_"; lower case is read as upper */
static gboolean
is_mechanism (const char *word)
{
  gsize length = strlen (word);

  for (const char *c = word; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-' && *c != '_')
      return FALSE;
  return length > 0 && length <= 20;
}

static void
add_mechanisms (GPtrArray *mechanisms, const char *words)
{
  for (const char *word = words + strspn (words, " \t"); *word != '\0'; word += strspn (word, " \t"))
    {
      gsize length = strcspn (word, " \t");
      g_autofree char *name = g_ascii_strup (word, (gssize) length);

      if (is_mechanism (name) && !g_ptr_array_find_with_equal_func (mechanisms, name, g_str_equal, NULL))
        g_ptr_array_add (mechanisms, g_steal_pointer (&name));
      word += length;
    }
}

static void
note (PhSmtpFeatures *self, const char *keyword, const char *parameters)
{
  if (g_str_equal (keyword, "STARTTLS"))
    self->starttls = TRUE;
  else if (g_str_equal (keyword, "PIPELINING"))
    self->pipelining = TRUE;
  else if (g_str_equal (keyword, "8BITMIME"))
    self->eight_bit_mime = TRUE;
  else if (g_str_equal (keyword, "SMTPUTF8"))
    self->smtp_utf8 = TRUE;
  else if (g_str_equal (keyword, "CHUNKING"))
    self->chunking = TRUE;
  else if (g_str_equal (keyword, "BINARYMIME"))
    self->binary_mime = TRUE;
  else if (g_str_equal (keyword, "LIMITS"))
    ph_smtp_limits_parse (self, parameters);
  else if (g_str_equal (keyword, "SIZE"))
    {
      self->size = TRUE;
      self->size_limit = g_ascii_strtoull (parameters, NULL, 10);
    }
}

void
ph_smtp_features_parse (PhSmtpFeatures *self, PhReply *reply)
{
  /* most servers offer the same behind a login */
  if (reply != NULL && self->from != NULL && g_str_equal (ph_reply_get_text (self->from), ph_reply_get_text (reply)))
    return;

  ph_smtp_features_clear (self);
  if (reply == NULL)
    {
      self->all = g_new0 (char *, 1);
      return;
    }

  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) mechanisms = g_ptr_array_new_with_free_func (g_free);
  int auth_line = -1;

  self->from = ph_reply_ref (reply);
  /* the first line is the server's name and greeting */
  for (const char *end = strchr (ph_reply_get_text (reply), '\n'); end != NULL;)
    {
      const char *start = end + 1;

      end = strchr (start, '\n');
      g_autofree char *line = g_strstrip (end != NULL ? g_strndup (start, (gsize) (end - start)) : g_strdup (start));
      gsize length = strcspn (line, " \t=");
      const char *parameters = line + length + strspn (line + length, " \t=");
      char keyword[16];

      if (length == 0)
        continue;
      for (gsize i = 0; i < length; i++)
        line[i] = g_ascii_toupper (line[i]);
      /* a longer one means nothing here */
      g_strlcpy (keyword, line, MIN (length + 1, sizeof keyword));
      if (g_str_equal (keyword, "AUTH"))
        {
          add_mechanisms (mechanisms, parameters);
          if (auth_line < 0)
            {
              auth_line = (int) all->len;
              g_ptr_array_add (all, NULL);
            }
          continue;
        }
      note (self, keyword, parameters);
      g_ptr_array_add (all, g_steal_pointer (&line));
    }
  g_ptr_array_add (mechanisms, NULL);
  if (auth_line >= 0)
    {
      g_autofree char *joined = g_strjoinv (" ", (char **) mechanisms->pdata);
      all->pdata[auth_line] = g_strconcat ("AUTH", joined[0] != '\0' ? " " : "", joined, NULL);
      self->mechanisms = (char **) g_ptr_array_steal (mechanisms, NULL);
    }
  g_ptr_array_add (all, NULL);
  self->all = (char **) g_ptr_array_steal (all, NULL);
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
