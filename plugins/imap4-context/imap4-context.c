/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extensions CONTEXT=SEARCH and CONTEXT=SORT (RFC 5267): what a search found, kept true by the server.
 *
 *   search  = "UID SEARCH RETURN (ALL UPDATE)" SP query                   RFC 5267 section 5
 *   page    = "UID SEARCH RETURN (… CONTEXT PARTIAL" SP range ")" SP query  written by the engine, with our word in it
 *   sort    = "UID SORT RETURN (ALL UPDATE)" SP order SP charset SP query
 *   cancel  = "CANCELUPDATE" 1*(SP quoted)
 *   update  = "ESEARCH" SP "(TAG" SP string ")" SP "UID" 1*(SP ("ADDTO" / "REMOVEFROM") SP pairs)
 *   code    = "NOUPDATE" SP quoted
 */
#include <posthorn/posthorn-plugin.h>

typedef struct {
  PhExtension parent;
  GHashTable *contexts;  /* by tag, until "ended" was told */
  char       *refused;   /* the tag of the search that the server won't keep true */
  gboolean    too_many;  /* of the search that runs: they run alone */
} PhImapContext;

/* --- the commands --- */

static gboolean
receive_found (PhCommand *command, const PhResponse *response, gpointer *result)
{
  PhImapContext *self = (PhImapContext *) ph_command_get_extension (command);
  const char    *tag = ph_command_get_tag (command);

  if (!ph_value_is (ph_esearch_get_correlator (response, "TAG"), tag))
    return FALSE;
  if (*result == NULL)
    *result = ph_search_context_new (tag, g_str_has_suffix (ph_command_get_name (command), "SORT"));
  self->too_many |= !ph_search_context_apply (*result, ph_esearch_first (response));
  return TRUE;
}

static gboolean
finish_found (PhCommand *command, PhReply *reply, gpointer *result, GError **error)
{
  PhImapContext *self = (PhImapContext *) ph_command_get_extension (command);
  const char    *tag = ph_command_get_tag (command);
  gboolean       too_many = self->too_many;

  self->too_many = FALSE;
  if (too_many)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_LIMIT, reply, NULL, "%s found more messages than can be kept true",
                                              ph_command_get_name (command)));
      return FALSE;
    }
  if (*result == NULL)
    return TRUE;
  if (g_strcmp0 (self->refused, tag) == 0)
    ph_search_context_refuse (*result);
  else
    g_hash_table_insert (self->contexts, g_strdup (tag), g_object_ref (*result));
  return TRUE;
}

/* By which keys; the grammar has no way to say: by none */
static gboolean
check_order (PhCommand *command, GError **error)
{
  if (ph_value_get_length (ph_value_get_child (ph_command_get_arguments (command), 2)) > 0)
    return TRUE;
  g_set_error_literal (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "UID SORT takes one key at least");
  return FALSE;
}

static gboolean
finish_cancel (PhCommand *command, PhReply *reply, gpointer *result, GError **error)
{
  PhImapContext   *self = (PhImapContext *) ph_command_get_extension (command);
  g_autofree char *tag = ph_value_dup_text (ph_value_first (ph_command_get_arguments (command)));
  PhSearchContext *context = g_hash_table_lookup (self->contexts, tag);

  if (context == NULL || !ph_search_context_is_live (context))
    return TRUE;
  ph_search_context_refuse (context);
  ph_extension_post (&self->parent, PH_TYPE_SEARCH_CONTEXT, g_object_ref (context));
  return TRUE;
}

enum { SEARCH, SORT, CANCEL };

static const PhVerb verbs[] = {
  [SEARCH] = { .name = "UID SEARCH", .arguments = "avc", .needs = "CONTEXT=SEARCH", .flags = PH_COMMAND_ALONE | PH_COMMAND_SELECTED,
               .responses = "ESEARCH", .get_type = ph_search_context_get_type, .receive = receive_found, .finish = finish_found },
  [SORT] = { .name = "UID SORT", .arguments = "avvaq", .needs = "CONTEXT=SORT", .flags = PH_COMMAND_ALONE | PH_COMMAND_SELECTED,
             .responses = "ESEARCH", .get_type = ph_search_context_get_type, .receive = receive_found, .check = check_order, .finish = finish_found },
  [CANCEL] = { .name = "CANCELUPDATE", .arguments = "s", .needs = "CONTEXT=SEARCH CONTEXT=SORT", .finish = finish_cancel },
};

/* (ALL UPDATE) (transfer full) */
static PhValue *
make_returns (void)
{
  g_autoptr (PhValue) all = ph_value_new_atom ("ALL");
  g_autoptr (PhValue) update = ph_value_new_atom ("UPDATE");
  PhValue            *words[] = { all, update };

  return ph_value_new_list (words, G_N_ELEMENTS (words));
}

static PhCommand *
make_search (PhContexts *self, PhQuery *query)
{
  g_autoptr (PhValue) returns = make_returns ();

  return ph_extension_make (PH_EXTENSION (self), &verbs[SEARCH], "RETURN", returns, query);
}

static PhCommand *
make_sort (PhContexts *self, PhSortOrder *order, PhQuery *query)
{
  PhExtension        *extension = PH_EXTENSION (self);
  g_autoptr (PhValue) returns = make_returns ();
  g_autoptr (PhValue) keys = ph_sort_order_to_value (order);
  g_auto (GStrv)      needs = ph_sort_order_get_needs (order);
  PhCommand          *command = ph_extension_make (extension, &verbs[SORT], "RETURN", returns, keys, "UTF-8", query);

  for (guint i = 0; needs[i] != NULL; i++)
    if (!ph_extension_has_capability (extension, needs[i]) && ph_extension_has_capability (extension, "CONTEXT=SORT"))
      ph_command_set_needs (command, needs[i]);
  return command;
}

static PhCommand *
make_cancel (PhContexts *self, PhSearchContext *context)
{
  if (!ph_search_context_is_live (context))
    return ph_engine_make_noop (PH_ENGINE (ph_extension_get_store (PH_EXTENSION (self))));
  return ph_extension_make (PH_EXTENSION (self), &verbs[CANCEL], ph_search_context_get_tag (context));
}

/* --- what the server tells --- */

typedef PhExtensionClass PhImapContextClass;

static void ph_imap_context_describe (PhContextsInterface *iface);

GType ph_imap_context_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapContext, ph_imap_context, PH_TYPE_EXTENSION, PH_TYPE_CONTEXTS, ph_imap_context_describe)

static void
ph_imap_context_describe (PhContextsInterface *iface)
{
  iface->make_search = make_search;
  iface->make_sort = make_sort;
  iface->make_cancel = make_cancel;
}

/* What is posted: the tag, and the items behind it */
static gboolean
ph_imap_context_receive (PhExtension *extension, const PhResponse *response)
{
  PhImapContext        *self = (PhImapContext *) extension;
  g_autofree char      *tag = ph_value_dup_text (ph_esearch_get_correlator (response, "TAG"));
  g_autoptr (GPtrArray) words = NULL;

  if (tag == NULL || !g_hash_table_contains (self->contexts, tag))
    return FALSE;
  words = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_ptr_array_add (words, ph_value_new_string (tag));
  for (const PhValue *item = ph_esearch_first (response); item != NULL; item = ph_value_next (item))
    g_ptr_array_add (words, ph_value_copy (item));
  ph_extension_post (extension, PH_TYPE_VALUE, ph_value_new_array (words));
  return TRUE;
}

static void
ph_imap_context_receive_code (PhExtension *extension, const PhResponse *response)
{
  PhImapContext *self = (PhImapContext *) extension;

  g_free (self->refused);
  self->refused = ph_value_dup_text (ph_value_first (ph_response_get_code_arguments (response)));
}

static void
forget (PhImapContext *self, PhSearchContext *context)
{
  g_autoptr (PhSearchContext) alive = g_object_ref (context);

  g_hash_table_remove (self->contexts, ph_search_context_get_tag (alive));
  ph_search_context_end (alive);
}

static void
ph_imap_context_deliver (PhExtension *extension, GType type, gpointer boxed)
{
  PhImapContext   *self = (PhImapContext *) extension;
  g_autofree char *tag = NULL;
  PhSearchContext *context;

  if (type == PH_TYPE_SEARCH_CONTEXT)
    {
      forget (self, boxed);
      return;
    }
  tag = ph_value_dup_text (ph_value_first (boxed));
  context = g_hash_table_lookup (self->contexts, tag);
  if (context == NULL)
    return;

  {
    g_autoptr (PhSearchContext) alive = g_object_ref (context);

    if (!ph_search_context_apply (alive, ph_value_next (ph_value_first (boxed))) && ph_search_context_is_live (alive))
      forget (self, alive);
  }
}

static void
ph_imap_context_deselected (PhExtension *extension)
{
  PhImapContext  *self = (PhImapContext *) extension;
  GHashTableIter  iter;
  gpointer        context;

  g_hash_table_iter_init (&iter, self->contexts);
  while (g_hash_table_iter_next (&iter, NULL, &context))
    {
      if (!ph_search_context_is_live (context))
        continue;
      ph_search_context_refuse (context);
      ph_extension_post (extension, PH_TYPE_SEARCH_CONTEXT, g_object_ref (context));
    }
}

static gboolean
on_idle (gpointer context)
{
  ph_search_context_end (context);
  return G_SOURCE_REMOVE;
}

/* The session is being taken down, and a handler that would use it must wait until it is. */
static void
ph_imap_context_disconnected (PhExtension *extension)
{
  PhImapContext            *self = (PhImapContext *) extension;
  g_autoptr (GMainContext)  loop = g_main_context_ref_thread_default ();
  GHashTableIter            iter;
  gpointer                  context;

  g_hash_table_iter_init (&iter, self->contexts);
  while (g_hash_table_iter_next (&iter, NULL, &context))
    {
      GSource *idle = g_idle_source_new ();

      ph_search_context_refuse (context);
      g_source_set_callback (idle, on_idle, g_object_ref (context), g_object_unref);
      g_source_attach (idle, loop);
      g_source_unref (idle);
    }
  g_hash_table_remove_all (self->contexts);
  g_clear_pointer (&self->refused, g_free);
}

static void
ph_imap_context_finalize (GObject *object)
{
  PhImapContext *self = (PhImapContext *) (gpointer) object;
  GHashTableIter iter;
  gpointer       context;

  g_hash_table_iter_init (&iter, self->contexts);
  while (g_hash_table_iter_next (&iter, NULL, &context))
    ph_search_context_refuse (context);
  g_hash_table_unref (self->contexts);
  g_free (self->refused);
  G_OBJECT_CLASS (ph_imap_context_parent_class)->finalize (object);
}

/* Section 4.2: the same is likely to be asked again, for the next page. PARTIAL counts from the lowest only (section 4.4). */
static const char *
ph_imap_context_get_page_option (PhExtension *self, int first, int last)
{
  return first > 0 && last > 0 && ph_extension_has_capability (self, "CONTEXT=SEARCH") ? "CONTEXT" : NULL;
}

static void
ph_imap_context_class_init (PhImapContextClass *klass)
{
  static const char *const responses[] = { "ESEARCH", NULL };
  static const char *const codes[] = { "NOUPDATE", NULL };

  G_OBJECT_CLASS (klass)->finalize = ph_imap_context_finalize;
  klass->responses = responses;
  klass->response_codes = codes;
  klass->receive = ph_imap_context_receive;
  klass->receive_code = ph_imap_context_receive_code;
  klass->deliver = ph_imap_context_deliver;
  klass->deselected = ph_imap_context_deselected;
  klass->disconnected = ph_imap_context_disconnected;
  klass->get_page_option = ph_imap_context_get_page_option;
}

static void
ph_imap_context_init (PhImapContext *self)
{
  self->contexts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "CONTEXT=*", .summary = "Searches whose results are kept true (RFC 5267)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_context_get_type },
};

PH_DEFINE_PLUGIN (imap4_context, "imap4-context", "The IMAP extensions CONTEXT=SEARCH and CONTEXT=SORT", features)
