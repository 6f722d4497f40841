/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The keys of a search, a tree: what they need of the server, and how the line has them. */
#include "imap-keys.h"

gboolean
ph_imap_is_ascii (const PhValue *value)
{
  gsize       length;
  const char *data = ph_value_get_data (value, &length);

  for (gsize i = 0; data != NULL && i < length; i++)
    if ((guint8) data[i] >= 0x80)
      return FALSE;

  return TRUE;
}

void
ph_imap_keys_walk (const PhValue *root, void (*visit) (const PhValue *node, const PhValue *before, guint depth, gpointer data), gpointer data)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  const PhValue *node = ph_value_first (root);
  const PhValue *before = NULL;

  while (node != NULL || open->len > 0)
    {
      const PhValue *list = node == NULL ? g_ptr_array_steal_index (open, open->len - 1) : NULL;

      visit (node, before, open->len, data);
      before = node;
      if (list != NULL)
        node = ph_value_next (list);
      else if (ph_value_get_kind (node) == PH_VALUE_LIST)
        {
          g_ptr_array_add (open, (gpointer) node);
          before = NULL;
          node = ph_value_first (node);
        }
      else
        node = ph_value_next (node);
    }
}

static void
check_ascii (const PhValue *node, const PhValue *before, guint depth, gpointer ascii)
{
  if (node != NULL && !ph_imap_is_ascii (node))
    *(gboolean *) ascii = FALSE;
}

gboolean
ph_imap_keys_are_ascii (const PhValue *keys)
{
  gboolean ascii = TRUE;

  ph_imap_keys_walk (keys, check_ascii, &ascii);
  return ascii;
}

/* Keys that not every server has */
static const struct {
  const char    *key;
  PhImapFeatures feature;
  const char    *name;
} needs[] = {
  { "OLDER", PH_IMAP_WITHIN, "WITHIN" },
  { "YOUNGER", PH_IMAP_WITHIN, "WITHIN" },
  { "MODSEQ", PH_IMAP_CONDSTORE, "CONDSTORE" },
};

typedef struct {
  PhImapFeatures features;
  const char    *lacks;
} Needs;

static void
check_needs (const PhValue *node, const PhValue *before, guint depth, gpointer data)
{
  Needs *self = data;

  /* what comes behind these is a keyword, whatever it is called */
  if (node == NULL || ph_value_get_kind (node) != PH_VALUE_ATOM || ph_value_is (before, "KEYWORD") || ph_value_is (before, "UNKEYWORD"))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (needs); i++)
    if (ph_value_is (node, needs[i].key) && (self->features & needs[i].feature) == 0)
      self->lacks = needs[i].name;
}

const char *
ph_imap_keys_get_lacking (const PhValue *keys, PhImapFeatures features)
{
  Needs lacking = { features, NULL };

  ph_imap_keys_walk (keys, check_needs, &lacking);
  return lacking.lacks;
}

void
ph_imap_writer_search (PhWriter *writer, const PhValue *keys)
{
  PhImapWriter *self = (PhImapWriter *) writer;
  const char   *lacks = ph_imap_keys_get_lacking (keys, ph_imap_writer_get_features (self));

  if (lacks != NULL)
    {
      ph_writer_fail (writer, ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "The search needs %s, which the server does not offer", lacks));
      return;
    }
  if (!ph_imap_writer_get_utf8 (self) && !ph_imap_keys_are_ascii (keys))
    {
      ph_writer_atom (writer, "CHARSET");
      ph_writer_atom (writer, "UTF-8");
    }
  ph_writer_query (writer, keys);
}
