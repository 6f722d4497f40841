/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads whatever an engine made of its input, so that lazy decoding is fuzzed, too. */
#include "fuzz.h"

#define PARTS 200 /* of one body structure */

PhEngine *
fuzz_make_engine (const char *scheme)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) info = ph_registry_find_scheme (registry, scheme, NULL);
  g_autoptr (GError) error = NULL;
  GObject *engine;

  if (info == NULL)
    g_error ("no plugin for %s", scheme);
  engine = ph_registry_create (registry, info, &error);
  if (engine == NULL)
    g_error ("%s", error->message);
  return PH_ENGINE (engine);
}

void
fuzz_read_value (const PhValue *value)
{
  g_autoptr (GPtrArray) open = g_ptr_array_new ();

  for (;;)
    {
      g_autofree char *text = ph_value_dup_text (value);
      guint64 number;

      ph_value_get_number (value, &number);
      g_assert (text == NULL || g_utf8_validate (text, -1, NULL));
      if (ph_value_first (value) != NULL)
        {
          g_ptr_array_add (open, (gpointer) value);
          value = ph_value_first (value);
          continue;
        }
      while (open->len > 0 && ph_value_next (value) == NULL)
        value = g_ptr_array_steal_index (open, open->len - 1);
      if (open->len == 0)
        return;
      value = ph_value_next (value);
    }
}

void
fuzz_read_response (const PhResponse *response)
{
  g_autoptr (PhResponse) copy = ph_response_copy (response);
  g_autoptr (PhReply) reply = ph_response_to_reply (copy);
  g_autofree char *text = ph_reply_to_string (reply);

  g_assert (g_utf8_validate (text, -1, NULL));
  ph_reply_is_temporary (reply);
  fuzz_read_value (ph_response_get_values (copy));
  fuzz_read_value (ph_response_get_code_arguments (copy));
}

static void
check_text (const char *text)
{
  g_assert (text == NULL || g_utf8_validate (text, -1, NULL));
}

static void
take_text (char *text)
{
  check_text (text);
  g_free (text);
}

/* @envelope (transfer full) (nullable) */
static void
read_envelope (PhMessageEnvelope *envelope)
{
  if (envelope == NULL)
    return;
  check_text (ph_message_envelope_get_subject (envelope));
  check_text (ph_message_envelope_get_date (envelope));
  check_text (ph_message_envelope_get_in_reply_to (envelope));
  check_text (ph_message_envelope_get_message_id (envelope));
  for (guint field = PH_ADDRESS_FROM; field <= PH_ADDRESS_BCC; field++)
    for (guint i = 0; i < ph_message_envelope_get_n_addresses (envelope, (PhAddressField) field); i++)
      take_text (ph_address_to_string (ph_message_envelope_get_address (envelope, (PhAddressField) field, i)));
  ph_message_envelope_unref (envelope);
}

static void
read_part (PhBodyPart *part)
{
  g_auto (GStrv) languages G_GNUC_UNUSED = ph_body_part_get_languages (part);
  g_autofree char *charset = ph_body_part_get_parameter (part, "charset");
  const char *peeked = ph_body_part_peek_parameter (part, "charset");

  check_text (ph_body_part_get_media_type (part));
  check_text (ph_body_part_get_encoding (part));
  check_text (charset);
  g_assert_true (peeked == NULL || g_strcmp0 (peeked, charset) == 0);
  take_text (ph_body_part_get_disposition (part));
  take_text (ph_body_part_get_filename (part));
  take_text (ph_body_part_get_id (part));
  take_text (ph_body_part_get_description (part));
  take_text (ph_body_part_get_md5 (part));
  take_text (ph_body_part_get_location (part));
  ph_body_part_get_size (part);
  ph_body_part_get_n_lines (part);
  ph_body_part_is_attachment (part);
  read_envelope (ph_body_part_get_envelope (part));
}

/* Each part, and each found again by its section */
static void
read_structure (PhMessage *message)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_body_part_unref);
  g_autoptr (PhBodyPart) text = NULL;
  g_autoptr (GPtrArray) attachments = NULL;
  PhBodyPart *root = ph_message_get_body_structure (message);

  if (root == NULL)
    return;
  g_ptr_array_add (parts, root);
  text = ph_body_part_find_text (root, NULL);
  attachments = ph_body_part_get_attachments (root);
  for (guint i = 0; i < parts->len; i++)
    {
      PhBodyPart *part = g_ptr_array_index (parts, i);
      g_autoptr (PhBodyPart) again = ph_body_part_find (root, ph_body_part_get_section (part));

      g_assert (again != NULL || i == 0);
      read_part (part);
      for (guint j = 0; j < ph_body_part_get_n_parts (part) && parts->len < PARTS; j++)
        {
          PhBodyPart *child = ph_body_part_get_part (part, j);

          if (child != NULL)
            g_ptr_array_add (parts, child);
        }
    }
}

void
fuzz_read_message (PhMessage *message)
{
  g_auto (GStrv) flags G_GNUC_UNUSED = ph_message_get_flags (message);
  g_autoptr (GDateTime) date G_GNUC_UNUSED = ph_message_get_internal_date (message);
  g_autoptr (GBytes) section G_GNUC_UNUSED = ph_message_get_section (message, "");

  ph_message_get_mod_seq (message);
  read_envelope (ph_message_get_envelope (message));
  read_structure (message);
}
