/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a message's FETCH told, for people and as JSON. */
#include "tool.h"

#include "message-text.h"

#include <string.h>

/* "Ann, Bob <bob@example.net>"; names alone where @brief */
char *
tool_join_addresses (GPtrArray *addresses, gboolean brief)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    {
      PhAddress *address = g_ptr_array_index (addresses, i);
      g_autofree char *full = ph_address_to_string (address);
      const char *name = brief ? ph_address_get_name (address) : NULL;

      if (i > 0)
        g_string_append (text, ", ");
      g_string_append (text, name != NULL && *name != '\0' ? name : full);
    }
  return g_string_free (text, FALSE);
}

static char *
get_local_time (GDateTime *date)
{
  g_autoptr (GDateTime) local = date != NULL ? g_date_time_to_local (date) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M") : g_strdup ("");
}

/* UID, date, sender, subject, flags: the row of the default table */
void
tool_message_add_row (PhMessage *message, ToolTable *table)
{
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  g_autoptr (GPtrArray) from = envelope != NULL ? ph_message_envelope_get_from (envelope) : NULL;
  g_autoptr (GDateTime) date = ph_message_get_internal_date (message);
  const char *subject = envelope != NULL ? ph_message_envelope_get_subject (envelope) : NULL;
  g_autofree char *sender = tool_join_addresses (from, TRUE);
  g_autofree char *when = get_local_time (date);
  g_autofree char *uid = g_strdup_printf ("%u", ph_message_get_uid (message));
  g_auto (GStrv) flags = ph_message_get_flags (message);
  g_autofree char *words = flags != NULL ? g_strjoinv (" ", flags) : NULL;

  tool_table_add (table, uid, when, sender, subject != NULL ? subject : "", words, NULL);
}

static void
print_line (const char *label, const char *text)
{
  g_autofree char *clean = tool_clean (text);

  if (*clean != '\0')
    g_print ("%s: %s\n", label, clean);
}

typedef GPtrArray *(*GetAddresses) (PhMessageEnvelope *);
typedef const char *(*GetText) (PhMessageEnvelope *);

static const struct
{
  const char *label; /* as a header; the JSON key is the same in lower case */
  GetText text;
  GetAddresses addresses;
} envelope_fields[] = {
  { "Date", ph_message_envelope_get_date, NULL },
  { "From", NULL, ph_message_envelope_get_from },
  { "Sender", NULL, ph_message_envelope_get_sender },
  { "Reply-To", NULL, ph_message_envelope_get_reply_to },
  { "To", NULL, ph_message_envelope_get_to },
  { "Cc", NULL, ph_message_envelope_get_cc },
  { "Bcc", NULL, ph_message_envelope_get_bcc },
  { "Subject", ph_message_envelope_get_subject, NULL },
  { "In-Reply-To", ph_message_envelope_get_in_reply_to, NULL },
  { "Message-ID", ph_message_envelope_get_message_id, NULL },
};

static void
print_envelope (PhMessage *message)
{
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);

  for (gsize i = 0; envelope != NULL && i < G_N_ELEMENTS (envelope_fields); i++)
    {
      g_autoptr (GPtrArray) addresses =
        envelope_fields[i].addresses != NULL ? envelope_fields[i].addresses (envelope) : NULL;
      g_autofree char *joined = addresses != NULL ? tool_join_addresses (addresses, FALSE) : NULL;

      print_line (envelope_fields[i].label, joined != NULL ? joined : envelope_fields[i].text (envelope));
    }
}

static void
json_addresses (const char *key, GPtrArray *addresses)
{
  tool_json_key (key);
  tool_json_open_array ();
  for (guint i = 0; i < addresses->len; i++)
    {
      PhAddress *address = g_ptr_array_index (addresses, i);

      tool_json_open_object ();
      tool_json_member ("name", ph_address_get_name (address));
      tool_json_member ("email", ph_address_get_email (address));
      tool_json_close_object ();
    }
  tool_json_close_array ();
}

static void
json_envelope (PhMessage *message)
{
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);

  tool_json_key ("envelope");
  if (envelope == NULL)
    {
      tool_json_null ();
      return;
    }
  tool_json_open_object ();
  for (gsize i = 0; i < G_N_ELEMENTS (envelope_fields); i++)
    {
      g_autoptr (GPtrArray) addresses =
        envelope_fields[i].addresses != NULL ? envelope_fields[i].addresses (envelope) : NULL;
      const char *text = envelope_fields[i].text != NULL ? envelope_fields[i].text (envelope) : NULL;
      g_autofree char *key = g_ascii_strdown (envelope_fields[i].label, -1);

      if (addresses != NULL)
        json_addresses (key, addresses);
      else
        tool_json_member (key, text);
    }
  tool_json_close_object ();
}

static void
show_part (PhBodyPart *part, gboolean json)
{
  const char *type = ph_body_part_get_media_type (part);
  g_autofree char *charset = ph_body_part_get_parameter (part, "charset");
  g_autofree char *name = ph_body_part_get_parameter (part, "name");
  const char *encoding = ph_body_part_get_encoding (part);
  const char *section = ph_body_part_get_section (part);

  if (json)
    {
      tool_json_open_object ();
      tool_json_member ("section", section);
      tool_json_member ("type", type);
      tool_json_member ("charset", charset);
      tool_json_member ("name", name);
      tool_json_member ("encoding", encoding);
      tool_json_member_number ("size", ph_body_part_get_size (part));
      tool_json_member_number ("parts", ph_body_part_get_n_parts (part));
      tool_json_close_object ();
      return;
    }
  {
    g_autofree char *line =
      g_strdup_printf ("%-8s %s%s%s%s%s %s", *section != '\0' ? section : "-", type, charset != NULL ? "; charset=" : "",
                       charset != NULL ? charset : "", name != NULL ? "; name=" : "", name != NULL ? name : "",
                       encoding != NULL ? encoding : "");
    g_autofree char *clean = tool_clean (line);

    g_print ("%s %" G_GUINT64_FORMAT "\n", clean, ph_body_part_get_size (part));
  }
}

/* In reading order, with a stack of its own. */
static void
show_structure (PhMessage *message, gboolean json)
{
  g_autoptr (GPtrArray) stack = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_body_part_unref);
  PhBodyPart *root = ph_message_get_body_structure (message);

  if (root != NULL)
    g_ptr_array_add (stack, root);
  while (stack->len > 0)
    {
      g_autoptr (PhBodyPart) part = g_ptr_array_steal_index (stack, stack->len - 1);

      show_part (part, json);
      for (guint i = ph_body_part_get_n_parts (part); i > 0; i--)
        {
          PhBodyPart *child = ph_body_part_get_part (part, i - 1);

          if (child != NULL)
            g_ptr_array_add (stack, child);
        }
    }
}

static void
print_octets (PhMessage *message, const char *section)
{
  g_autoptr (GBytes) bytes = ph_message_get_section (message, section);
  gsize length = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  if (length == 0)
    return;
  fwrite (data, 1, length, stdout);
  if (data[length - 1] != '\n')
    g_print ("\n");
}

static void
json_octets (PhMessage *message, const char *key, const char *section)
{
  g_autoptr (GBytes) bytes = ph_message_get_section (message, section);
  gsize length = 0;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  tool_json_key (key);
  if (bytes == NULL)
    tool_json_null ();
  else
    tool_json_bytes (NULL, data != NULL ? data : "", length);
}

/* The section of "BODY.PEEK[1.2]<0.100>", NULL where the item is no section. (transfer full) (nullable) */
static char *
get_section (const char *item)
{
  const char *open = strchr (item, '[');
  const char *close = strrchr (item, ']');

  return open != NULL && close > open ? g_strndup (open + 1, (gsize) (close - open - 1)) : NULL;
}

static void
print_extra (PhMessage *message, const char *item)
{
  g_autofree char *section = get_section (item);

  if (section != NULL)
    {
      print_octets (message, section);
      return;
    }
  g_print ("%s: ", item);
  tool_json_value (ph_message_get_attribute (message, item));
  tool_json_end ();
}

static void
json_extra (PhMessage *message, const char *item)
{
  g_autofree char *section = get_section (item);

  if (section != NULL)
    {
      json_octets (message, item, section);
      return;
    }
  tool_json_key (item);
  tool_json_value (ph_message_get_attribute (message, item));
}

/* What was asked for, a paragraph each. */
void
tool_message_print (PhMessage *message, guint items, char **extras, gboolean heading)
{
  g_auto (GStrv) flags = ph_message_get_flags (message);
  g_autoptr (GDateTime) date = ph_message_get_internal_date (message);
  g_autofree char *words = flags != NULL ? g_strjoinv (" ", flags) : NULL;
  g_autofree char *when = date != NULL ? g_date_time_format_iso8601 (date) : NULL;

  if (heading)
    g_print ("--- UID %u ---\n", ph_message_get_uid (message));
  if ((items & PH_FETCH_FLAGS) != 0)
    print_line ("flags", words);
  if ((items & PH_FETCH_INTERNAL_DATE) != 0)
    print_line ("received", when);
  if ((items & PH_FETCH_SIZE) != 0)
    g_print ("size: %" G_GUINT64_FORMAT "\n", ph_message_get_size (message));
  if ((items & PH_FETCH_ENVELOPE) != 0)
    print_envelope (message);
  if ((items & PH_FETCH_BODY_STRUCTURE) != 0)
    show_structure (message, FALSE);
  if ((items & PH_FETCH_HEADER) != 0)
    print_octets (message, "HEADER");
  if ((items & PH_FETCH_BODY) != 0)
    print_octets (message, "");
  if ((items & PH_FETCH_TEXT) != 0)
    print_octets (message, "TEXT");
  for (char **item = extras; item != NULL && *item != NULL; item++)
    print_extra (message, *item);
}

void
tool_message_json (PhMessage *message, guint items, char **extras)
{
  g_auto (GStrv) flags = ph_message_get_flags (message);
  g_autoptr (GDateTime) date = ph_message_get_internal_date (message);

  tool_json_open_object ();
  tool_json_member_number ("uid", ph_message_get_uid (message));
  if ((items & PH_FETCH_FLAGS) != 0)
    tool_json_member_words ("flags", (const char *const *) flags);
  if ((items & PH_FETCH_INTERNAL_DATE) != 0)
    tool_json_member_date ("received", date);
  if ((items & PH_FETCH_SIZE) != 0)
    tool_json_member_number ("size", ph_message_get_size (message));
  if ((items & PH_FETCH_ENVELOPE) != 0)
    json_envelope (message);
  if ((items & PH_FETCH_BODY_STRUCTURE) != 0)
    {
      tool_json_key ("structure");
      tool_json_open_array ();
      show_structure (message, TRUE);
      tool_json_close_array ();
    }
  if ((items & PH_FETCH_HEADER) != 0)
    json_octets (message, "headers", "HEADER");
  if ((items & PH_FETCH_BODY) != 0)
    json_octets (message, "body", "");
  if ((items & PH_FETCH_TEXT) != 0)
    json_octets (message, "text", "TEXT");
  for (char **item = extras; item != NULL && *item != NULL; item++)
    json_extra (message, *item);
  tool_json_close_object ();
  tool_json_end ();
}
