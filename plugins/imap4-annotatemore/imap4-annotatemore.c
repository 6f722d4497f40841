/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension ANNOTATEMORE (draft-daboo-imap-annotatemore-08), which METADATA came of: what is called "/shared/comment" there, is the
 * attribute "value.shared" of the entry "/comment" here.
 *
 *   getannotation = "GETANNOTATION" SP list-mailbox SP entries SP attribs
 *   setannotation = "SETANNOTATION" SP list-mailbox SP entry SP "(" attrib SP value *(SP attrib SP value) ")"
 *   entries       = entry-match / "(" entry-match *(SP entry-match) ")"
 *   attribs       = attrib-match / "(" attrib-match *(SP attrib-match) ")"
 *   annotate-data = "ANNOTATION" SP mailbox *(SP entry SP "(" attrib SP value *(SP attrib SP value) ")")
 */
#include <posthorn/posthorn-plugin.h>

#include <string.h>

static const struct {
  const char *prefix;
  const char *attribute;
} kinds[] = {
  { "/shared", "value.shared" },
  { "/private", "value.priv" },
};

static gpointer
begin_result (PhCommand *command)
{
  return ph_metadata_result_new ();
}

static void
add_attributes (PhMetadataResult *result, const char *entry, const PhValue *attributes)
{
  for (const PhValue *name = ph_value_first (attributes); name != NULL; name = ph_value_next (ph_value_next (name)))
    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
      if (ph_value_is (name, kinds[i].attribute))
        {
          g_autofree char *full = g_strconcat (kinds[i].prefix, entry, NULL);

          ph_metadata_result_add (result, full, ph_value_next (name));
        }
}

static gboolean
receive_entries (PhCommand *command, const PhResponse *response, gpointer *result)
{
  const PhValue *mailbox = ph_value_first (ph_response_get_values (response));

  if (!ph_command_is_about (command, 0, mailbox))
    return FALSE;
  for (const PhValue *entry = ph_value_next (mailbox); entry != NULL; entry = ph_value_next (ph_value_next (entry)))
    {
      g_autofree char *text = ph_value_dup_text (entry);

      if (text != NULL)
        add_attributes (*result, text, ph_value_next (entry));
    }
  return TRUE;
}

enum { GETANNOTATION, SETANNOTATION };

static const PhVerb verbs[] = {
  [GETANNOTATION] = { .name = "GETANNOTATION", .arguments = "mvv", .needs = "ANNOTATEMORE", .get_type = ph_metadata_result_get_type,
                      .begin = begin_result, .responses = "ANNOTATION", .receive = receive_entries },
  [SETANNOTATION] = { .name = "SETANNOTATION", .arguments = "mv*", .needs = "ANNOTATEMORE" },
  { .name = NULL },
};

/* Which of @kinds a name is of; where it is of none, the server has no such entry: the first, with the whole name. */
static guint
split_name (const char *name, const char **entry)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gsize length = strlen (kinds[i].prefix);

      *entry = name + length;
      if (g_ascii_strncasecmp (name, kinds[i].prefix, length) == 0 && **entry == '/')
        return i;
    }
  *entry = name;
  return 0;
}

static PhCommand *
make_get (PhMetadata *self, const char *mailbox, const char *const *names, PhMetadataDepth depth, guint32 max_size)
{
  static const char *const below[] = { NULL, "/%", "/*" };
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (GPtrArray) attributes = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue) entry_list = NULL, attribute_list = NULL;
  gboolean   asked[G_N_ELEMENTS (kinds)] = { FALSE };
  PhCommand *command;

  for (; *names != NULL; names++)
    {
      const char *entry;

      asked[split_name (*names, &entry)] = TRUE;
      g_ptr_array_add (entries, ph_value_new_string (entry));
      if (depth != PH_METADATA_DEPTH_SELF)
        {
          g_autofree char *pattern = g_strconcat (entry, below[MIN (depth, PH_METADATA_DEPTH_ALL)], NULL);

          g_ptr_array_add (entries, ph_value_new_string (pattern));
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (asked[i])
      g_ptr_array_add (attributes, ph_value_new_string (kinds[i].attribute));

  entry_list = ph_value_new_array (entries);
  attribute_list = ph_value_new_array (attributes);
  command = ph_extension_make (PH_EXTENSION (self), &verbs[GETANNOTATION], mailbox, entry_list, attribute_list);
  /* the draft has no MAXSIZE */
  if (max_size > 0)
    ph_command_set_needs (command, "METADATA");
  return command;
}

/* What a command keeps of one entry: the entry's name, and the list of its attributes */
static void
add_setting (GPtrArray *arguments, PhMetadataEntry *entry)
{
  const char *name;
  const char *attribute = kinds[split_name (ph_metadata_entry_get_name (entry), &name)].attribute;
  GBytes     *value = ph_metadata_entry_get_value (entry);
  g_autoptr (PhValue) key = ph_value_new_string (attribute);
  g_autoptr (PhValue) text = value != NULL ? ph_value_new_bytes (value) : ph_value_new_nil ();
  PhValue *pair[] = { key, text };

  g_ptr_array_add (arguments, ph_value_new_string (name));
  g_ptr_array_add (arguments, ph_value_new_list (pair, G_N_ELEMENTS (pair)));
}

/* One command takes one entry, and to set several together can't be promised. */
static PhCommand *
make_set_all (PhMetadata *self, const char *mailbox, GPtrArray *entries)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue) list = NULL;
  PhCommand *command;

  g_ptr_array_add (arguments, ph_value_new_string (mailbox));
  for (guint i = 0; i < entries->len; i++)
    add_setting (arguments, g_ptr_array_index (entries, i));
  list = ph_value_new_array (arguments);
  command = ph_command_new_verb (&verbs[SETANNOTATION], PH_EXTENSION (self), list);
  if (entries->len != 1)
    ph_command_set_needs (command, "METADATA");
  return command;
}

static PhCommand *
make_list (PhMetadata *self, const char *pattern, const char *const *names)
{
  g_autoptr (PhValue) none = ph_value_new_list (NULL, 0);

  return ph_extension_make_list (PH_EXTENSION (self), pattern, none, "METADATA", "LIST-METADATA");
}

static void
ph_imap_annotatemore_describe (PhMetadataInterface *iface)
{
  iface->make_get = make_get;
  iface->make_set_all = make_set_all;
  iface->make_list = make_list;
}

PH_DEFINE_EXTENSION (PhImapAnnotatemore, ph_imap_annotatemore, PH_TYPE_METADATA, ph_imap_annotatemore_describe, klass->verbs = verbs)

/* Behind METADATA, where a server has both */
static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "ANNOTATEMORE", .summary = "What is kept with mailboxes and the server (the draft before RFC 5464)",
    .rank = PH_RANK_SECONDARY, .protocol = "imap4", .get_type = ph_imap_annotatemore_get_type },
};

PH_DEFINE_PLUGIN (imap4_annotatemore, "imap4-annotatemore", "The IMAP extension ANNOTATEMORE", features)
