/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension ANNOTATE-EXPERIMENT-1 (RFC 5257): notes on messages.
 *
 *   select-param   = "ANNOTATE"                                              RFC 5257 section 5
 *   fetch-att      = "ANNOTATION" SP "(" entries SP attribs ")"
 *   msg-att        = "ANNOTATION" SP ("(" entry-att *(SP entry-att) ")" / "(" entry *(SP entry) ")")
 *   att-annotate   = "ANNOTATION" SP "(" entry-att *(SP entry-att) ")"       of STORE and APPEND
 *   entry-att      = entry SP "(" att-value *(SP att-value) ")"
 *   search-key     = "ANNOTATION" SP entry-match SP att-search SP value
 *   sort-key       = "ANNOTATION" SP entry SP att-sort
 *   resp-text-code = "ANNOTATE" SP ("TOOBIG" / "TOOMANY") / "ANNOTATIONS" SP ("NONE" / (("READ-ONLY" / nz-number) [SP "NOPRIVATE"]))
 *
 * "/private" and "/shared" in front of an entry's name are its attribute value.priv and value.shared, as RFC 5464 names them.
 */
#include <posthorn/posthorn-plugin.h>

#include <string.h>

#define CAPABILITY "ANNOTATE-EXPERIMENT-1"

typedef struct {
  PhExtension parent;

  /* of the mailbox that was selected last */
  PhAnnotationsSupport support;
  guint32              max_size;
} PhImapAnnotate;
typedef PhExtensionClass PhImapAnnotateClass;

static void ph_imap_annotate_describe (PhAnnotationsInterface *iface);

GType ph_imap_annotate_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapAnnotate, ph_imap_annotate, PH_TYPE_EXTENSION, PH_TYPE_ANNOTATIONS, ph_imap_annotate_describe)

/* --- names --- */

/* What stands behind the prefix; @attribute: "value" where there is none */
static const char *
split_name (const char *name, const char **attribute)
{
  *attribute = "value";
  if (g_str_has_prefix (name, "/private/"))
    {
      *attribute = "value.priv";
      return name + strlen ("/private");
    }
  if (g_str_has_prefix (name, "/shared/"))
    {
      *attribute = "value.shared";
      return name + strlen ("/shared");
    }
  return name;
}

static gboolean
check_name (const char *name, GError **error)
{
  const char *attribute, *entry = split_name (name, &attribute);

  if (entry != name && entry[1] != '\0')
    return TRUE;
  g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL,
                                          "“%s” is no annotation: it is neither below /private/ nor below /shared/", name));
  return FALSE;
}

/* (/comment (value.priv "My comment")), whatever the names are. (transfer full) */
static PhValue *
make_values (GPtrArray *entries)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);

  for (guint i = 0; i < entries->len; i++)
    {
      PhMetadataEntry *entry = g_ptr_array_index (entries, i);
      GBytes          *value = ph_metadata_entry_get_value (entry);
      const char      *attribute, *name = split_name (ph_metadata_entry_get_name (entry), &attribute);
      g_autoptr (GPtrArray) pair = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);

      g_ptr_array_add (pair, ph_value_new_atom (attribute));
      g_ptr_array_add (pair, value != NULL ? ph_value_new_bytes (value) : ph_value_new_nil ());
      g_ptr_array_add (list, ph_value_new_string (name));
      g_ptr_array_add (list, ph_value_new_array (pair));
    }
  return ph_value_new_array (list);
}

/* --- commands --- */

static void
append_quoted (GString *text, const char *word)
{
  g_string_append_c (text, '"');
  for (; *word != '\0'; word++)
    {
      if (*word == '"' || *word == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *word);
    }
  g_string_append_c (text, '"');
}

/* The attribute is one for all: where the patterns differ, both are told. */
static char *
get_items (PhAnnotations *self, const char *const *patterns)
{
  GString    *items = g_string_new ("ANNOTATION ((");
  const char *common = NULL;

  for (guint i = 0; patterns[i] != NULL; i++)
    {
      const char *attribute, *entry = split_name (patterns[i], &attribute);

      common = common == NULL || g_str_equal (common, attribute) ? attribute : "value";
      if (i > 0)
        g_string_append_c (items, ' ');
      append_quoted (items, entry);
    }
  g_string_append_printf (items, ") %s)", common != NULL ? common : "value");
  return g_string_free (items, FALSE);
}

static gboolean
check_store (PhCommand *command, GError **error)
{
  g_autofree char *name = ph_value_dup_text (ph_value_first (ph_command_get_arguments (command)));

  return check_name (name != NULL ? name : "", error);
}

/* In place of the engine's STORE, which has no say in names */
static const PhVerb refused_verb = { .name = "UID STORE", .arguments = "s", .check = check_store };

/* The first that is none, or "" where there is none at all; NULL: all are */
static const char *
find_bad_name (GPtrArray *entries)
{
  for (guint i = 0; i < entries->len; i++)
    if (!check_name (ph_metadata_entry_get_name (g_ptr_array_index (entries, i)), NULL))
      return ph_metadata_entry_get_name (g_ptr_array_index (entries, i));

  return entries->len > 0 ? NULL : "";
}

static PhCommand *
make_store (PhAnnotations *self, PhMessageSet *set, GPtrArray *entries)
{
  PhStoreEngine      *store = ph_extension_get_store (PH_EXTENSION (self));
  const char         *bad = find_bad_name (entries);
  g_autoptr (PhValue) values = NULL;
  PhCommand          *command;

  if (bad != NULL)
    return ph_extension_make (PH_EXTENSION (self), &refused_verb, bad);
  values = make_values (entries);
  command = PH_STORE_ENGINE_GET_IFACE (store)->make_store_item (store, set, "ANNOTATION", values);
  ph_command_set_needs (command, CAPABILITY);
  return command;
}

static PhCommand *
make_search (PhAnnotations *self, const char *pattern, const char *text)
{
  const char           *attribute, *entry = split_name (pattern, &attribute);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);

  g_ptr_array_add (keys, ph_value_new_atom ("ANNOTATION"));
  g_ptr_array_add (keys, ph_value_new_string (entry));
  g_ptr_array_add (keys, ph_value_new_atom (attribute));
  g_ptr_array_add (keys, ph_value_new_string (text));
  return ph_extension_make_search (PH_EXTENSION (self), CAPABILITY, keys);
}

static gboolean
sort_by (PhAnnotations *self, PhSortOrder *order, const char *name, gboolean reverse, GError **error)
{
  const char           *attribute, *entry = split_name (name, &attribute);
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue)   key = NULL;

  if (!check_name (name, error))
    return FALSE;
  g_ptr_array_add (words, ph_value_new_atom ("ANNOTATION"));
  g_ptr_array_add (words, ph_value_new_string (entry));
  g_ptr_array_add (words, ph_value_new_atom (attribute));
  key = ph_value_new_array (words);
  ph_sort_order_extended (order, CAPABILITY, key, reverse);
  return TRUE;
}

static PhNewMessage *
annotate (PhAnnotations *self, PhNewMessage *message, GPtrArray *entries, GError **error)
{
  const char           *bad = find_bad_name (entries);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue)   list = NULL;

  if (bad != NULL && !check_name (bad, error))
    return NULL;
  g_ptr_array_add (items, ph_value_new_atom ("ANNOTATION"));
  g_ptr_array_add (items, make_values (entries));
  list = ph_value_new_array (items);
  return ph_new_message_extended (message, CAPABILITY, list);
}

/* --- what the server tells --- */

static PhAnnotationsSupport
get_support (PhAnnotations *annotations, guint32 *max_size)
{
  PhImapAnnotate *self = (PhImapAnnotate *) (gpointer) annotations;

  *max_size = self->max_size;
  return self->support;
}

static void
forget (PhExtension *extension)
{
  PhImapAnnotate *self = (PhImapAnnotate *) extension;

  self->support = PH_ANNOTATIONS_NONE;
  self->max_size = 0;
}

static void
receive_code (PhExtension *extension, const PhResponse *response)
{
  PhImapAnnotate *self = (PhImapAnnotate *) extension;
  const PhValue  *level = ph_value_first (ph_response_get_code_arguments (response));
  guint64         size;

  forget (extension);
  if (ph_value_get_number (level, &size) && size > 0)
    {
      self->support = PH_ANNOTATIONS_READABLE | PH_ANNOTATIONS_WRITABLE;
      self->max_size = (guint32) MIN (size, G_MAXUINT32);
    }
  else if (ph_value_is (level, "READ-ONLY"))
    self->support = PH_ANNOTATIONS_READABLE;
  if (self->support != PH_ANNOTATIONS_NONE && !ph_value_is (ph_value_next (level), "NOPRIVATE"))
    self->support |= PH_ANNOTATIONS_PRIVATE;
}

/* What another mailbox' server said of it is no more true. */
static PhValue *
get_select_parameters (PhExtension *extension)
{
  g_autoptr (GPtrArray) words = NULL;

  forget (extension);
  if (!ph_extension_is_requested (extension) || !ph_extension_has_capability (extension, CAPABILITY))
    return NULL;
  words = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_ptr_array_add (words, ph_value_new_atom ("ANNOTATE"));
  return ph_value_new_array (words);
}

/* Unasked, the names of entries stand there alone. What else there is in the response is the engine's to read. */
static gboolean
receive (PhExtension *extension, const PhResponse *response)
{
  const PhValue *attributes = ph_value_first (ph_response_get_values (response));
  g_autoptr (GPtrArray) words = NULL;

  for (const PhValue *name = ph_value_first (attributes); ph_value_next (name) != NULL; name = ph_value_next (ph_value_next (name)))
    {
      const PhValue *entries = ph_value_next (name);

      if (!ph_value_is (name, "ANNOTATION") || ph_value_first (entries) == NULL ||
          ph_value_get_kind (ph_value_next (ph_value_first (entries))) == PH_VALUE_LIST)
        continue;
      words = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
      g_ptr_array_add (words, ph_value_new_number (ph_response_get_number (response)));
      for (const PhValue *entry = ph_value_first (entries); entry != NULL; entry = ph_value_next (entry))
        g_ptr_array_add (words, ph_value_copy (entry));
      ph_extension_post (extension, PH_TYPE_VALUE, ph_value_new_array (words));
      break;
    }
  return FALSE;
}

static void
deliver (PhExtension *extension, GType type, gpointer boxed)
{
  const PhValue *words = boxed;
  guint64        number = 0;
  g_auto (GStrv) entries = ph_value_dup_strings (ph_value_next (ph_value_first (words)));

  ph_value_get_number (ph_value_first (words), &number);
  g_signal_emit_by_name (extension, "changed", (guint) number, entries);
}

static void
ph_imap_annotate_describe (PhAnnotationsInterface *iface)
{
  iface->get_items = get_items;
  iface->make_store = make_store;
  iface->make_search = make_search;
  iface->sort_by = sort_by;
  iface->annotate = annotate;
  iface->get_support = get_support;
}

static void
ph_imap_annotate_class_init (PhImapAnnotateClass *klass)
{
  static const char *const responses[] = { "FETCH", NULL };
  static const char *const codes[] = { "ANNOTATIONS", NULL };

  klass->responses = responses;
  klass->response_codes = codes;
  klass->receive = receive;
  klass->receive_code = receive_code;
  klass->get_select_parameters = get_select_parameters;
  klass->reset = forget;
  klass->deliver = deliver;
}

static void
ph_imap_annotate_init (PhImapAnnotate *self)
{
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = CAPABILITY, .summary = "Notes on messages (RFC 5257)", .rank = PH_RANK_PRIMARY, .protocol = "imap4",
    .get_type = ph_imap_annotate_get_type },
};

PH_DEFINE_PLUGIN (imap4_annotate, "imap4-annotate", "The IMAP extension ANNOTATE-EXPERIMENT-1", features)
