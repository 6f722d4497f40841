/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The library's values, responses and replies as JSON: each kind of value can be told from the others. */
#include "tool.h"

static void
write_leaf (const PhValue *value)
{
  gsize length = 0;
  guint64 number;
  const char *data = ph_value_get_data (value, &length);

  switch (ph_value_get_kind (value))
    {
    case PH_VALUE_NUMBER:
      if (ph_value_get_number (value, &number))
        tool_json_number (number);
      else
        tool_json_bytes ("atom", data, length);
      break;
    case PH_VALUE_ATOM:
      tool_json_bytes ("atom", data, length);
      break;
    case PH_VALUE_STRING:
      tool_json_bytes ("string", data, length);
      break;
    case PH_VALUE_LITERAL:
      tool_json_bytes ("literal", data, length);
      break;
    case PH_VALUE_NIL:
    case PH_VALUE_LIST:
    default:
      tool_json_null ();
      break;
    }
}

/* Walks with a stack of its own: a server decides how deep a tree is. */
void
tool_json_value (const PhValue *value)
{
  g_autoptr (GPtrArray) parents = g_ptr_array_new ();
  const PhValue *node = value;

  while (TRUE)
    {
      if (ph_value_get_kind (node) == PH_VALUE_LIST)
        {
          tool_json_open_array ();
          g_ptr_array_add (parents, (gpointer) node);
          node = ph_value_first (node);
        }
      else
        {
          write_leaf (node);
          node = parents->len > 0 ? ph_value_next (node) : NULL;
        }
      while (node == NULL && parents->len > 0)
        {
          const PhValue *parent = g_ptr_array_steal_index (parents, parents->len - 1);

          tool_json_close_array ();
          node = parents->len > 0 ? ph_value_next (parent) : NULL;
        }
      if (node == NULL)
        return;
    }
}

static void
member_values (const char *key, const PhValue *values)
{
  tool_json_key (key);
  if (ph_value_get_kind (values) == PH_VALUE_LIST)
    {
      tool_json_value (values);
      return;
    }
  tool_json_open_array ();
  if (!ph_value_is_nil (values))
    write_leaf (values);
  tool_json_close_array ();
}

static void
member_code (const char *name, const PhValue *arguments)
{
  tool_json_key ("code");
  if (name == NULL)
    {
      tool_json_null ();
      return;
    }
  tool_json_open_object ();
  tool_json_member ("name", name);
  member_values ("args", arguments);
  tool_json_close_object ();
}

static void
member_status (PhStatus status)
{
  g_autofree char *word = NULL;

  if (status != PH_STATUS_NONE)
    word = g_ascii_strup (tool_enum_word (PH_TYPE_STATUS, (int) status), -1);
  tool_json_member ("status", word);
}

/* As an IMAP server sent it. */
void
tool_json_response (const PhResponse *response)
{
  tool_json_open_object ();
  tool_json_member ("type", tool_enum_word (PH_TYPE_RESPONSE_TYPE, (int) ph_response_get_response_type (response)));
  tool_json_member ("tag", ph_response_get_tag (response));
  tool_json_member ("name", ph_response_get_name (response));
  tool_json_key ("number");
  if (ph_response_has_number (response))
    tool_json_number (ph_response_get_number (response));
  else
    tool_json_null ();
  member_status (ph_response_get_status (response));
  member_code (ph_response_get_code (response), ph_response_get_code_arguments (response));
  tool_json_member ("text", ph_response_get_text (response));
  member_values ("values", ph_response_get_values (response));
  tool_json_close_object ();
}

void
tool_json_member_reply (const char *key, PhReply *reply)
{
  tool_json_key (key);
  if (reply == NULL)
    {
      tool_json_null ();
      return;
    }
  tool_json_open_object ();
  member_status (ph_reply_get_status (reply));
  tool_json_key ("code");
  if (ph_reply_get_code (reply) > 0)
    tool_json_integer (ph_reply_get_code (reply));
  else
    tool_json_string (ph_reply_get_response_code (reply));
  tool_json_member ("enhanced", ph_reply_get_enhanced_status (reply));
  tool_json_member ("text", ph_reply_get_text (reply));
  tool_json_close_object ();
}
