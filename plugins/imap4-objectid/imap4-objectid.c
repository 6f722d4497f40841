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

static void
add_id (GPtrArray *keys, const char *key, const char *id)
{
  if (id == NULL)
    return;
  g_ptr_array_add (keys, ph_value_new_atom (key));
  g_ptr_array_add (keys, ph_value_new_string (id));
}

/* What isn't an identifier goes as any string, and the server finds nothing. */
static PhCommand *
make_search (PhObjectIds *self, const char *email_id, const char *thread_id)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);

  add_id (keys, "EMAILID", email_id);
  add_id (keys, "THREADID", thread_id);
  return ph_extension_make_search (PH_EXTENSION (self), "OBJECTID", keys);
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
