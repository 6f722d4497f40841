/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * X-GM-EXT-1: Gmail's numbers of messages and conversations, its labels and its search (developers.google.com/gmail/imap/imap-extensions).
 *
 *   fetch-att  = "X-GM-MSGID" / "X-GM-THRID" / "X-GM-LABELS"
 *   msg-att    = ("X-GM-MSGID" / "X-GM-THRID") SP number64 / "X-GM-LABELS" SP "(" [label *(SP label)] ")"
 *   store-att  = ["+" / "-"] "X-GM-LABELS" SP "(" [label *(SP label)] ")"
 *   search-key = ("X-GM-MSGID" / "X-GM-THRID") SP number64 / "X-GM-LABELS" SP label / "X-GM-RAW" SP astring
 *   label      = "\" atom, the system's / astring in modified UTF-7
 */
#include <posthorn/posthorn-plugin.h>

#include <string.h>

static const char *
get_items (PhGmail *self)
{
  return "X-GM-MSGID X-GM-THRID X-GM-LABELS";
}

static gboolean
is_system_label (const char *label)
{
  const char *p = label + 1;

  if (*label != '\\')
    return FALSE;
  while (g_ascii_isalnum (*p))
    p++;
  return *p == '\0' && p > label + 1;
}

static PhValue *
make_label (PhGmail *self, const char *label)
{
  g_autofree char *encoded = NULL;

  if (is_system_label (label))
    return ph_value_new_atom (label);
  encoded = ph_extension_encode_mailbox (PH_EXTENSION (self), label);
  return ph_value_new_string (encoded);
}

static char **
get_labels (PhGmail *self, PhMessage *message)
{
  const PhValue *list = ph_message_get_attribute (message, "X-GM-LABELS");
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();

  if (ph_value_get_kind (list) != PH_VALUE_LIST)
    return NULL;
  for (const PhValue *value = ph_value_first (list); value != NULL; value = ph_value_next (value))
    {
      g_autofree char *label = ph_extension_decode_mailbox (PH_EXTENSION (self), value);

      if (label != NULL)
        g_strv_builder_add (labels, label);
    }
  return g_strv_builder_end (labels);
}

/* Takes @value. */
static void
add_key (GPtrArray *keys, const char *key, PhValue *value)
{
  g_ptr_array_add (keys, ph_value_new_atom (key));
  g_ptr_array_add (keys, value);
}

static PhCommand *
make_search (PhGmail *self, const char *words, const char *label, guint64 id, guint64 thread)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);

  if (words != NULL)
    add_key (keys, "X-GM-RAW", ph_value_new_string (words));
  if (label != NULL)
    add_key (keys, "X-GM-LABELS", make_label (self, label));
  if (id != 0)
    add_key (keys, "X-GM-MSGID", ph_value_new_number (id));
  if (thread != 0)
    add_key (keys, "X-GM-THRID", ph_value_new_number (thread));
  return ph_extension_make_search (PH_EXTENSION (self), "X-GM-EXT-1", keys);
}

static PhCommand *
make_store_labels (PhGmail *self, PhMessageSet *set, PhStoreMode mode, const char *const *labels)
{
  static const char *const items[] = { "+X-GM-LABELS", "-X-GM-LABELS", "X-GM-LABELS" };
  PhStoreEngine        *store = ph_extension_get_store (PH_EXTENSION (self));
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue)   list = NULL;
  PhCommand            *command;

  for (; *labels != NULL; labels++)
    g_ptr_array_add (values, make_label (self, *labels));
  list = ph_value_new_array (values);
  command = PH_STORE_ENGINE_GET_IFACE (store)->make_store_item (store, set, items[MIN (mode, PH_STORE_SET)], list);
  ph_command_set_needs (command, "X-GM-EXT-1");
  return command;
}

static void
ph_imap_gmail_describe (PhGmailInterface *iface)
{
  iface->get_items = get_items;
  iface->get_labels = get_labels;
  iface->make_search = make_search;
  iface->make_store_labels = make_store_labels;
}

PH_DEFINE_EXTENSION (PhImapGmail, ph_imap_gmail, PH_TYPE_GMAIL, ph_imap_gmail_describe, (void) klass)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "X-GM-EXT-1", .summary = "Gmail's identifiers, labels and search", .rank = PH_RANK_PRIMARY,
    .protocol = "imap4", .get_type = ph_imap_gmail_get_type },
};

PH_DEFINE_PLUGIN (imap4_gmail, "imap4-gmail", "The IMAP extension X-GM-EXT-1", features)
