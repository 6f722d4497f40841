/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension ID (RFC 2971): client and server tell each other who they are.
 *
 *   id             = "ID" SP id-params-list                              RFC 2971 section 4
 *   id-response    = "ID" SP id-params-list
 *   id-params-list = "(" #(string SP nstring) ")" / NIL                  at most 30 pairs
 */
#include <posthorn/posthorn-plugin.h>

#include <string.h>

#define MOST_FIELDS 30
#define MOST_OF_NAME 30
#define MOST_OF_VALUE 1024

static gpointer
begin_fields (PhCommand *command)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static gboolean
receive_fields (PhCommand *command, const PhResponse *response, gpointer *result)
{
  for (const PhValue *name = ph_value_first (ph_value_first (ph_response_get_values (response))); name != NULL;
       name = ph_value_next (ph_value_next (name)))
    {
      g_autofree char *key = ph_value_dup_text (name);
      char            *value = ph_value_dup_text (ph_value_next (name));

      if (key != NULL && value != NULL)
        g_hash_table_replace (*result, g_ascii_strdown (key, -1), value);
      else
        g_free (value);
    }
  return TRUE;
}

static gboolean
fits (const PhValue *value, gsize most)
{
  gsize length = 0;

  return ph_value_is_nil (value) || (ph_value_get_data (value, &length) != NULL && length <= most);
}

/* RFC 2971 section 3.3 */
static gboolean
check_fields (PhCommand *command, GError **error)
{
  const PhValue *fields = ph_value_first (ph_command_get_arguments (command));
  guint          n = ph_value_get_length (fields);
  gboolean       right = n <= 2 * MOST_FIELDS && n % 2 == 0;

  for (const PhValue *name = ph_value_first (fields); right && name != NULL; name = ph_value_next (ph_value_next (name)))
    right = !ph_value_is_nil (name) && fits (name, MOST_OF_NAME) && fits (ph_value_next (name), MOST_OF_VALUE);
  if (!right)
    g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL,
                                            "ID takes %d pairs at most, names of %d octets and values of %d", MOST_FIELDS,
                                            MOST_OF_NAME, MOST_OF_VALUE));
  return right;
}

static const PhVerb verbs[] = {
  { .name = "ID", .arguments = "v", .needs = "ID", .get_type = g_hash_table_get_type, .begin = begin_fields, .receive = receive_fields,
    .check = check_fields },
  { .name = NULL },
};

static int
compare (gconstpointer one, gconstpointer other)
{
  return strcmp (one, other);
}

static PhCommand *
make_exchange (PhId *self, GHashTable *fields)
{
  g_autoptr (GList) names = fields != NULL ? g_list_sort (g_hash_table_get_keys (fields), compare) : NULL;
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue) list = NULL;

  for (GList *name = names; name != NULL; name = name->next)
    {
      g_ptr_array_add (items, ph_value_new_string (name->data));
      g_ptr_array_add (items, ph_value_new_string (g_hash_table_lookup (fields, name->data)));
    }
  list = fields != NULL ? ph_value_new_array (items) : ph_value_new_nil ();
  return ph_extension_make (PH_EXTENSION (self), &verbs[0], list);
}

/* Where the program wants it: some servers let nobody in who doesn't say a name. */
static PhCommand *
make_step (PhExtension *self, PhStage stage)
{
  g_autoptr (GHashTable) fields = g_hash_table_new (g_str_hash, g_str_equal);

  if (stage != PH_STAGE_AUTHENTICATED || !ph_extension_is_requested (self))
    return NULL;
  g_hash_table_insert (fields, (gpointer) "name", (gpointer) "Posthorn");
  g_hash_table_insert (fields, (gpointer) "version", (gpointer) PH_VERSION_STRING);
  return make_exchange (PH_ID (self), fields);
}

static void
ph_imap_id_describe (PhIdInterface *iface)
{
  iface->make_exchange = make_exchange;
}

PH_DEFINE_EXTENSION (PhImapId, ph_imap_id, PH_TYPE_ID, ph_imap_id_describe, klass->verbs = verbs; klass->make_step = make_step)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "ID", .summary = "Who is there, client and server (RFC 2971)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_id_get_type },
};

PH_DEFINE_PLUGIN (imap4_id, "imap4-id", "The IMAP extension ID", features)
