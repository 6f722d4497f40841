/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SEARCH (RFC 9051 section 6.4.4): a tree of keys to the line, and numbers from whichever of the two answers the server gives.
 *
 *   search   = ["UID"] "SEARCH" ["RETURN (ALL)"] ["CHARSET" SP charset] 1*(SP key)
 *   response = "SEARCH" *(SP number) / "ESEARCH" ["(TAG" SP string ")"] [SP "UID"] *(SP name SP value)
 */
#include "imap-engine.h"
#include "imap-store.h"

#include <string.h>

static gboolean
is_ascii (const PhValue *value)
{
  gsize       length;
  const char *data = ph_value_get_data (value, &length);

  for (gsize i = 0; data != NULL && i < length; i++)
    if ((guint8) data[i] >= 0x80)
      return FALSE;

  return TRUE;
}

/* Calls @visit for each node of the tree below @root, and with NULL where a list ends. */
static void
walk (const PhValue *root, void (*visit) (const PhValue *node, gpointer data), gpointer data)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  const PhValue *node = ph_value_first (root);

  while (node != NULL || open->len > 0)
    {
      if (node == NULL)
        {
          visit (NULL, data);
          node = ph_value_next (g_ptr_array_steal_index (open, open->len - 1));
          continue;
        }

      visit (node, data);
      if (ph_value_get_kind (node) == PH_VALUE_LIST)
        {
          g_ptr_array_add (open, (gpointer) node);
          node = ph_value_first (node);
        }
      else
        node = ph_value_next (node);
    }
}

static void
check_ascii (const PhValue *node, gpointer ascii)
{
  if (node != NULL && !is_ascii (node))
    *(gboolean *) ascii = FALSE;
}

typedef struct {
  PhWriter   *writer;
  const char *charset; /* NULL: UTF-8 */
  gboolean    failed;  /* a string can't be said in it */
} Keys;

/* A string in the charset; NULL where it can't be. (transfer full) */
static GBytes *
convert (const PhValue *node, const char *charset)
{
  g_autofree char *text = ph_value_dup_text (node);
  gsize            length;
  char            *converted = g_convert (text, -1, charset, "UTF-8", NULL, &length, NULL);

  return converted != NULL ? g_bytes_new_take (converted, length) : NULL;
}

static void
try_charset (const PhValue *node, gpointer data)
{
  Keys *keys = data;

  if (ph_value_get_kind (node) == PH_VALUE_STRING || ph_value_get_kind (node) == PH_VALUE_LITERAL)
    {
      g_autoptr (GBytes) bytes = convert (node, keys->charset);

      keys->failed |= bytes == NULL;
    }
}

static void
write_key (const PhValue *node, gpointer data)
{
  Keys            *keys = data;
  PhWriter        *writer = keys->writer;
  g_autofree char *text = NULL;

  if (node == NULL)
    {
      ph_writer_close (writer);
      return;
    }
  if (ph_value_get_kind (node) == PH_VALUE_LIST)
    {
      ph_writer_open (writer);
      return;
    }

  /* a word may be several: what the program wrote by hand */
  text = ph_value_dup_text (node);
  if (keys->charset != NULL && !is_ascii (node))
    {
      g_autoptr (GBytes) bytes = convert (node, keys->charset);

      if (bytes != NULL)
        ph_writer_bytes (writer, bytes);
    }
  else if (ph_value_get_kind (node) == PH_VALUE_STRING || ph_value_get_kind (node) == PH_VALUE_LITERAL)
    ph_writer_string (writer, text);
  else if (text != NULL)
    ph_writer_line (writer, text);
}

static void
write_search (PhImapCommand *self, PhWriter *writer)
{
  PhImapFeatures features = ph_imap_writer_get_features ((PhImapWriter *) writer);
  gboolean       ascii = TRUE;
  Keys           keys = { writer, self->other, FALSE };

  g_clear_pointer (&self->found, ph_message_set_unref);
  self->found = ph_message_set_new (self->by_uid);
  if ((features & PH_IMAP_ESEARCH) != 0)
    {
      self->used = PH_IMAP_ESEARCH;
      ph_writer_atom (writer, "RETURN");
      ph_writer_open (writer);
      ph_writer_atom (writer, "ALL");
      ph_writer_close (writer);
    }

  walk (self->keys, check_ascii, &ascii);
  if (!ascii && !self->utf8)
    {
      ph_writer_atom (writer, "CHARSET");
      ph_writer_atom (writer, self->other != NULL ? self->other : "UTF-8");
    }
  walk (self->keys, write_key, &keys);
}

/* BADCHARSET (RFC 9051 section 7.1) names what the server can: the first of it in which all that is looked for can be said. Without a
 * list, or with nothing of use in it, the error tells the program. */
static gboolean
retry_search (PhImapCommand *self, PhReply *reply)
{
  const PhValue *names = ph_value_first (ph_reply_get_response_arguments (reply));

  if (g_strcmp0 (ph_reply_get_response_code (reply), "BADCHARSET") != 0 || self->other != NULL)
    return FALSE;
  if (ph_value_get_kind (names) == PH_VALUE_LIST)
    names = ph_value_first (names);
  for (const PhValue *name = names; name != NULL; name = ph_value_next (name))
    {
      g_autofree char *charset = ph_value_dup_text (name);
      Keys             keys = { NULL, charset, charset == NULL || g_ascii_strcasecmp (charset, "UTF-8") == 0 };

      /* "//" is iconv's own language, and nothing of a charset's name is more than these */
      if (keys.failed || charset[strspn (charset, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:")] != '\0')
        continue;
      walk (self->keys, try_charset, &keys);
      if (keys.failed)
        continue;
      self->other = g_steal_pointer (&charset);
      return TRUE;
    }

  return FALSE;
}

static void
add_numbers (PhImapCommand *self, const PhValue *value)
{
  for (; value != NULL; value = ph_value_next (value))
    {
      guint64 number;

      /* a list at the end is MODSEQ (RFC 7162) */
      if (ph_value_get_number (value, &number) && number > 0 && number < PH_MESSAGE_SET_STAR)
        ph_message_set_add (self->found, (guint32) number);
    }
}

/* Without a tag it's taken for ours, since no other search runs. */
static gboolean
is_other_tag (PhImapCommand *self, const PhValue *correlator)
{
  const PhValue *name = ph_value_first (correlator);

  return ph_value_is (name, "TAG") && ph_value_next (name) != NULL && !ph_value_is (ph_value_next (name), self->tag);
}

static gboolean
read_esearch (PhImapCommand *self, const PhValue *values)
{
  const PhValue *value = ph_value_first (values);

  if (ph_value_get_kind (value) == PH_VALUE_LIST)
    {
      if (is_other_tag (self, value))
        return FALSE;
      value = ph_value_next (value);
    }
  if (ph_value_is (value, "UID"))
    value = ph_value_next (value);

  for (; value != NULL; value = ph_value_next (value))
    {
      const PhValue *name = value;

      value = ph_value_next (value);
      if (value == NULL)
        break;
      if (ph_value_is (name, "ALL"))
        ph_imap_read_set (self->found, value);
    }
  return TRUE;
}

gboolean
ph_imap_search_receive (PhImapCommand *self, const PhResponse *response)
{
  const char    *name = ph_response_get_name (response);
  const PhValue *values = ph_response_get_values (response);

  if (g_str_equal (name, "ESEARCH"))
    return read_esearch (self, values);
  if (!g_str_equal (name, "SEARCH"))
    return FALSE;

  add_numbers (self, ph_value_first (values));
  return TRUE;
}

static gboolean
finish_search (PhImapCommand *self, PhReply *reply, GError **error)
{
  ph_command_take_boxed (PH_COMMAND (self), PH_TYPE_MESSAGE_SET, g_steal_pointer (&self->found));
  return TRUE;
}

static const PhImapKind search_kind = {
  .verb = "SEARCH",
  .flags = PH_IMAP_KIND_SELECTED | PH_IMAP_KIND_DISTINCT,
  .write = write_search,
  .receive = ph_imap_search_receive,
  .finish = finish_search,
  .retry = retry_search,
};

PhCommand *
ph_imap_store_make_search (PhStoreEngine *engine, PhQuery *query, gboolean by_uid)
{
  PhImapCommand *command = ph_imap_command_new (&search_kind);

  command->keys = ph_query_to_value (query);
  command->by_uid = by_uid;
  return PH_COMMAND (command);
}
