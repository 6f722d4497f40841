/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the server offers: its words as they came, and a bit for each that the engine itself asks about. */
#include "imap-capabilities.h"

#include <string.h>

static const struct {
  const char    *word;
  PhImapFeatures feature;
} known[] = {
  { "STARTTLS", PH_IMAP_STARTTLS },
  { "LOGINDISABLED", PH_IMAP_LOGIN_DISABLED },
  { "SASL-IR", PH_IMAP_SASL_IR },
  { "LITERAL+", PH_IMAP_LITERAL_PLUS },
  { "LITERAL-", PH_IMAP_LITERAL_MINUS },
  { "ENABLE", PH_IMAP_ENABLE },
  { "UIDPLUS", PH_IMAP_UIDPLUS },
  { "UNSELECT", PH_IMAP_UNSELECT },
  { "MOVE", PH_IMAP_MOVE },
  { "ESEARCH", PH_IMAP_ESEARCH },
  { "LIST-EXTENDED", PH_IMAP_LIST_EXTENDED },
  { "LIST-STATUS", PH_IMAP_LIST_STATUS },
  { "SPECIAL-USE", PH_IMAP_SPECIAL_USE },
  { "BINARY", PH_IMAP_BINARY | PH_IMAP_BINARY_FETCH },
  { "IMAP4REV1", PH_IMAP_REV1 },
  { "IMAP4REV2", PH_IMAP_REV2 | PH_IMAP_ENABLE }, /* RFC 9051 section 6.3.1: part of it, whatever else is listed */
  { "UTF8=ACCEPT", PH_IMAP_UTF8_ACCEPT },
  { "UTF8=ONLY", PH_IMAP_UTF8_ACCEPT },
  { "CONDSTORE", PH_IMAP_CONDSTORE },
  { "QRESYNC", PH_IMAP_CONDSTORE },
  { "SEARCHRES", PH_IMAP_SEARCHRES },
  { "WITHIN", PH_IMAP_WITHIN },
  { "PARTIAL", PH_IMAP_PARTIAL },
  { "MULTIAPPEND", PH_IMAP_MULTIAPPEND },
  { "REPLACE", PH_IMAP_REPLACE },
  { "CREATE-SPECIAL-USE", PH_IMAP_CREATE_FOR_USE },
  { "UIDBATCHES", PH_IMAP_UIDBATCHES },
};

void
ph_imap_capabilities_init (PhImapCapabilities *self)
{
  self->words = g_ptr_array_new_with_free_func (g_free);
  self->broken = 0;
  ph_imap_capabilities_forget (self);
}

void
ph_imap_capabilities_clear (PhImapCapabilities *self)
{
  g_clear_pointer (&self->words, g_ptr_array_unref);
}

void
ph_imap_capabilities_forget (PhImapCapabilities *self)
{
  g_ptr_array_set_size (self->words, 0);
  g_ptr_array_add (self->words, NULL);
  self->features = 0;
}

gboolean
ph_imap_capabilities_are_known (const PhImapCapabilities *self)
{
  return self->words->len > 1;
}

/* Most servers offer the same behind a login. */
static gboolean
are_same (const PhImapCapabilities *self, const PhValue *words)
{
  const PhValue *word = ph_value_first (words);

  for (guint i = 0; i + 1 < self->words->len; i++, word = ph_value_next (word))
    {
      const char *known_word = g_ptr_array_index (self->words, i);
      gsize       length;
      const char *data = word != NULL ? ph_value_get_data (word, &length) : NULL;

      if (data == NULL || strlen (known_word) != length || memcmp (known_word, data, length) != 0)
        return FALSE;
    }
  return word == NULL;
}

void
ph_imap_capabilities_set (PhImapCapabilities *self, const PhValue *words)
{
  if (are_same (self, words))
    return;

  g_ptr_array_set_size (self->words, 0);
  self->features = 0;

  for (const PhValue *word = ph_value_first (words); word != NULL; word = ph_value_next (word))
    {
      char *text = ph_value_dup_text (word);
      char  first;

      if (text == NULL)
        continue;

      g_ptr_array_add (self->words, text);
      first = g_ascii_toupper (*text);
      for (guint i = 0; i < G_N_ELEMENTS (known); i++)
        if (first == *known[i].word && g_ascii_strcasecmp (text, known[i].word) == 0)
          self->features |= known[i].feature;
    }
  g_ptr_array_add (self->words, NULL);

  if ((self->features & (PH_IMAP_REV1 | PH_IMAP_REV2)) == PH_IMAP_REV2)
    self->features |= PH_IMAP_REV2_FEATURES;
}

PhImapFeatures
ph_imap_capabilities_get (const PhImapCapabilities *self)
{
  return self->features & ~self->broken;
}

gboolean
ph_imap_capabilities_has (const PhImapCapabilities *self, const char *word)
{
  for (guint i = 0; i + 1 < self->words->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (self->words, i), word) == 0)
      return TRUE;

  return FALSE;
}

gboolean
ph_imap_capabilities_get_number (const PhImapCapabilities *self, const char *word, guint64 *number)
{
  gsize length = strlen (word);

  for (guint i = 0; i + 1 < self->words->len; i++)
    {
      const char *text = g_ptr_array_index (self->words, i);

      if (g_ascii_toupper (*text) == *word && g_ascii_strncasecmp (text, word, length) == 0 &&
          g_ascii_string_to_unsigned (text + length, 10, 0, G_MAXUINT64, number, NULL))
        return TRUE;
    }

  return FALSE;
}

char **
ph_imap_capabilities_dup_mechanisms (const PhImapCapabilities *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i + 1 < self->words->len; i++)
    {
      const char *word = g_ptr_array_index (self->words, i);

      if (g_ascii_strncasecmp (word, "AUTH=", 5) == 0 && word[5] != '\0')
        g_strv_builder_add (builder, word + 5);
    }

  return g_strv_builder_end (builder);
}
