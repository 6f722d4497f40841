/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extensions METADATA and METADATA-SERVER (RFC 5464), and LIST-METADATA (RFC 9590).
 *
 *   getmetadata   = "GETMETADATA" [SP "(" option *(SP option) ")"] SP mailbox SP entries      RFC 5464 section 5
 *   option        = "MAXSIZE" SP number / "DEPTH" SP ("0" / "1" / "infinity")
 *   entries       = entry / "(" entry *(SP entry) ")"
 *   setmetadata   = "SETMETADATA" SP mailbox SP "(" entry SP value *(SP entry SP value) ")"
 *   value         = nstring / literal8
 *   metadata-resp = "METADATA" SP mailbox SP ("(" entry SP value *(SP entry SP value) ")" / entry *(SP entry))
 *   return-option = "METADATA" SP "(" entry *(SP entry) ")"                                   RFC 9590 section 5
 *
 * The second form of metadata-resp tells unasked that something changed: no command claims it, and the signal "changed" tells the program.
 */
#include <posthorn/posthorn-plugin.h>

static gpointer
begin_result (PhCommand *command)
{
  return ph_metadata_result_new ();
}

static gboolean
receive_entries (PhCommand *command, const PhResponse *response, gpointer *result)
{
  return ph_metadata_result_receive (*result, command, 1, response);
}

/* OK [METADATA LONGENTRIES 2199] */
static gboolean
finish_entries (PhCommand *command, PhReply *reply, gpointer *result, GError **error)
{
  const PhValue *word = ph_value_first (ph_reply_get_response_arguments (reply));
  guint64        octets;

  if (g_strcmp0 (ph_reply_get_response_code (reply), "METADATA") == 0 && ph_value_is (word, "LONGENTRIES") &&
      ph_value_get_number (ph_value_next (word), &octets))
    ph_metadata_result_set_longest (*result, (guint32) MIN (octets, G_MAXUINT32));
  return TRUE;
}

enum { GETMETADATA, SETMETADATA };

static const PhVerb verbs[] = {
  [GETMETADATA] = { .name = "GETMETADATA", .arguments = "v?mv", .needs = "METADATA METADATA-SERVER", .get_type = ph_metadata_result_get_type,
                    .begin = begin_result, .responses = "METADATA", .receive = receive_entries, .finish = finish_entries },
  [SETMETADATA] = { .name = "SETMETADATA", .arguments = "mv", .needs = "METADATA METADATA-SERVER" },
  { .name = NULL },
};

/* A server with METADATA-SERVER alone keeps data about itself only (RFC 5464 section 1). */
static PhCommand *
narrow (PhCommand *command, const char *mailbox)
{
  if (*mailbox != '\0')
    ph_command_set_needs (command, "METADATA");
  return command;
}

/* NULL where both are as without options. (transfer full) (nullable) */
static PhValue *
make_options (PhMetadataDepth depth, guint32 max_size)
{
  static const char *const depths[] = { "0", "1", "infinity" };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);

  if (max_size > 0)
    {
      g_ptr_array_add (items, ph_value_new_atom ("MAXSIZE"));
      g_ptr_array_add (items, ph_value_new_number (max_size));
    }
  if (depth != PH_METADATA_DEPTH_SELF)
    {
      g_ptr_array_add (items, ph_value_new_atom ("DEPTH"));
      g_ptr_array_add (items, ph_value_new_atom (depths[MIN (depth, PH_METADATA_DEPTH_ALL)]));
    }
  return items->len > 0 ? ph_value_new_array (items) : NULL;
}

static PhCommand *
make_get (PhMetadata *self, const char *mailbox, const char *const *names, PhMetadataDepth depth, guint32 max_size)
{
  g_autoptr (PhValue) options = make_options (depth, max_size);
  g_autoptr (PhValue) entries = ph_value_new_strings (names);

  return narrow (ph_extension_make (PH_EXTENSION (self), &verbs[GETMETADATA], options, mailbox, entries), mailbox);
}

static PhCommand *
make_set_all (PhMetadata *self, const char *mailbox, GPtrArray *entries)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue) pairs = NULL;

  for (guint i = 0; i < entries->len; i++)
    {
      GBytes *value = ph_metadata_entry_get_value (g_ptr_array_index (entries, i));

      g_ptr_array_add (items, ph_value_new_string (ph_metadata_entry_get_name (g_ptr_array_index (entries, i))));
      g_ptr_array_add (items, value != NULL ? ph_value_new_bytes (value) : ph_value_new_nil ());
    }
  pairs = ph_value_new_array (items);
  return narrow (ph_extension_make (PH_EXTENSION (self), &verbs[SETMETADATA], mailbox, pairs), mailbox);
}

static PhCommand *
make_list (PhMetadata *self, const char *pattern, const char *const *names)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue) options = NULL;

  g_ptr_array_add (items, ph_value_new_atom ("METADATA"));
  g_ptr_array_add (items, ph_value_new_strings (names));
  options = ph_value_new_array (items);
  return ph_extension_make_list (PH_EXTENSION (self), pattern, options, "METADATA", "LIST-METADATA");
}

/* What is posted: the mailbox, and its entries */
static gboolean
receive (PhExtension *extension, const PhResponse *response)
{
  const PhValue        *mailbox = ph_value_first (ph_response_get_values (response)), *entry = ph_value_next (mailbox);
  g_autofree char      *name = ph_extension_decode_mailbox (extension, mailbox);
  g_autoptr (GPtrArray) words = NULL;

  if (name == NULL || ph_value_get_data (entry, NULL) == NULL)
    return FALSE;
  words = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_ptr_array_add (words, ph_value_new_string (name));
  for (; entry != NULL; entry = ph_value_next (entry))
    g_ptr_array_add (words, ph_value_copy (entry));
  ph_extension_post (extension, PH_TYPE_VALUE, ph_value_new_array (words));
  return TRUE;
}

static void
deliver (PhExtension *extension, GType type, gpointer boxed)
{
  const PhValue   *first = ph_value_first (boxed);
  g_autofree char *mailbox = ph_value_dup_text (first);
  g_auto (GStrv)   entries = ph_value_dup_strings (ph_value_next (first));

  g_signal_emit_by_name (extension, "changed", mailbox, entries);
}

static const char *const responses[] = { "METADATA", NULL };

static void
ph_imap_metadata_describe (PhMetadataInterface *iface)
{
  iface->make_get = make_get;
  iface->make_set_all = make_set_all;
  iface->make_list = make_list;
}

PH_DEFINE_EXTENSION (PhImapMetadata, ph_imap_metadata, PH_TYPE_METADATA, ph_imap_metadata_describe,
                     klass->verbs = verbs; klass->responses = responses; klass->receive = receive; klass->deliver = deliver)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "METADATA*", .summary = "What is kept with mailboxes and the server (RFC 5464)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_metadata_get_type },
};

PH_DEFINE_PLUGIN (imap4_metadata, "imap4-metadata", "The IMAP extension METADATA", features)
