/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension OBJECTID (RFC 8474): identifiers of mailboxes, messages and threads.
 *
 *   fetch-att      = "EMAILID" / "THREADID"                                RFC 8474 section 7
 *   msg-att        = "EMAILID" SP "(" objectid ")" / "THREADID" SP ("(" objectid ")" / NIL)
 *   search-key     = ("EMAILID" / "THREADID") SP objectid
 *   status-att     = "MAILBOXID"
 *   resp-text-code = "MAILBOXID" SP "(" objectid ")"
 *   objectid       = 1*255(ALPHA / DIGIT / "_" / "-")
 */
#include <posthorn/posthorn-plugin.h>

#include <string.h>

/* --- the extension --- */

typedef struct {
  PhExtension parent;

  char *selected; /* the identifier of the mailbox that was selected last; NULL: none was told */
} PhImapObjectid;
typedef PhExtensionClass PhImapObjectidClass;

static void ph_imap_objectid_describe (PhObjectIdsInterface *iface);

GType ph_imap_objectid_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapObjectid, ph_imap_objectid, PH_TYPE_EXTENSION, PH_TYPE_OBJECT_IDS, ph_imap_objectid_describe)

static const char *
get_items (PhObjectIds *self)
{
  return "EMAILID THREADID";
}

/* SELECT and EXAMINE tell it in an untagged OK, CREATE in the tagged one, which is another mailbox'. */
static void
receive_code (PhExtension *extension, const PhResponse *response)
{
  PhImapObjectid *self = (PhImapObjectid *) extension;
  const PhValue  *value = ph_value_first (ph_response_get_code_arguments (response));

  if (ph_response_get_response_type (response) == PH_RESPONSE_TAGGED)
    return;
  g_free (self->selected);
  self->selected = ph_value_dup_text (ph_value_get_kind (value) == PH_VALUE_LIST ? ph_value_first (value) : value);
}

static void
reset (PhExtension *extension)
{
  g_clear_pointer (&((PhImapObjectid *) extension)->selected, g_free);
}

static const char *
get_selected (PhObjectIds *self)
{
  return ((PhImapObjectid *) self)->selected;
}

static PhCommand *
make_get_status (PhObjectIds *self, const char *mailbox)
{
  const char    *items[] = { "MAILBOXID", NULL };
  PhStoreEngine *store = ph_extension_get_store (PH_EXTENSION (self));
  PhCommand     *command = PH_STORE_ENGINE_GET_IFACE (store)->make_status (store, mailbox, items);

  ph_command_set_needs (command, "OBJECTID");
  return command;
}

/* A search of the store's, which needs this extension */
static PhCommand *
make_search_of (PhExtension *self, const char *keys)
{
  PhStoreEngine      *store = ph_extension_get_store (self);
  g_autoptr (PhQuery) query = ph_query_new ();
  PhCommand          *command = PH_STORE_ENGINE_GET_IFACE (store)->make_search (store, ph_query_raw (query, keys), TRUE);

  ph_command_set_needs (command, "OBJECTID");
  return command;
}

/* What isn't one goes as a string, and the server finds nothing. */
static void
append_id (GString *keys, const char *key, const char *id)
{
  g_autoptr (GString) text = g_string_new (id);

  if (id == NULL)
    return;
  g_string_replace (text, "\\", "\\\\", 0);
  g_string_replace (text, "\"", "\\\"", 0);
  g_string_append_printf (keys, "%s%s \"%s\"", keys->len > 0 ? " " : "", key, text->str);
}

static PhCommand *
make_search (PhObjectIds *self, const char *email_id, const char *thread_id)
{
  g_autoptr (GString) keys = g_string_new (NULL);

  append_id (keys, "EMAILID", email_id);
  append_id (keys, "THREADID", thread_id);
  return make_search_of (PH_EXTENSION (self), keys->len > 0 ? keys->str : "ALL");
}

static void
ph_imap_objectid_finalize (GObject *object)
{
  g_free (((PhImapObjectid *) (gpointer) object)->selected);
  G_OBJECT_CLASS (ph_imap_objectid_parent_class)->finalize (object);
}

static void
ph_imap_objectid_describe (PhObjectIdsInterface *iface)
{
  iface->get_items = get_items;
  iface->make_get_status = make_get_status;
  iface->make_search = make_search;
  iface->get_selected = get_selected;
}

static void
ph_imap_objectid_class_init (PhImapObjectidClass *klass)
{
  static const char *const codes[] = { "MAILBOXID", NULL };

  G_OBJECT_CLASS (klass)->finalize = ph_imap_objectid_finalize;
  klass->response_codes = codes;
  klass->receive_code = receive_code;
  klass->reset = reset;
}

static void
ph_imap_objectid_init (PhImapObjectid *self)
{
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "OBJECTID", .summary = "Identifiers that outlive renaming and copying (RFC 8474)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_objectid_get_type },
};

PH_DEFINE_PLUGIN (imap4_objectid, "imap4-objectid", "The IMAP extension OBJECTID", features)
