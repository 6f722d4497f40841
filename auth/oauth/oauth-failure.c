/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The JSON by which an OAuth server refuses (RFC 7628 section 3.2.2; XOAUTH2 has "schemes" in place of the last):
 *
 *   {"status":"invalid_token", "scope":"example_scope", "openid-configuration":"https://example.com/.well-known/openid-configuration"}
 */
#include "oauth-failure.h"

#include <json-glib/json-glib.h>

/* The real ones have 60 to 300 octets. json-glib descends once for each bracket. */
#define MAX_LENGTH 4096
#define MAX_DEPTH 16
#define MAX_WORD 200

static const char *const members[] = { "status", "scope", "schemes", "openid-configuration" };

static gboolean
is_flat (const char *text, gsize length)
{
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    if (text[i] == '{' || text[i] == '[')
      depth++;

  return depth <= MAX_DEPTH;
}

/* One word of @text, printable and of bounded length: it goes before a person. */
static void
append_word (GString *words, const char *name, const char *text)
{
  guint n = 0;

  g_string_append_printf (words, "%s%s ", words->len > 0 ? ", " : "", name);
  for (; *text != '\0' && n < MAX_WORD; text = g_utf8_next_char (text), n++)
    {
      gunichar character = g_utf8_get_char (text);

      g_string_append_unichar (words, g_unichar_isprint (character) ? character : '?');
    }
  if (*text != '\0')
    g_string_append (words, "…");
}

static void
append_member (GString *words, JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return;

  /* some write "status":401 */
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    {
      append_word (words, name, json_node_get_string (node));
    }
  else if (json_node_get_value_type (node) == G_TYPE_INT64)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));

      append_word (words, name, number);
    }
}

char *
oauth_failure_describe (GBytes *challenge)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  GString *words;
  JsonNode *root;
  gsize length = 0;
  const char *text = challenge != NULL ? g_bytes_get_data (challenge, &length) : NULL;

  if (length == 0 || length > MAX_LENGTH || !is_flat (text, length) || !g_utf8_validate (text, (gssize) length, NULL) ||
      !json_parser_load_from_data (parser, text, (gssize) length, NULL))
    return NULL;

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;

  words = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    append_member (words, json_node_get_object (root), members[i]);

  return g_string_free (words, words->len == 0);
}
