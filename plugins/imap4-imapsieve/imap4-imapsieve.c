/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension IMAPSIEVE (RFC 6785): which Sieve script runs when something happens in a mailbox. It is kept as metadata (RFC 5464).
 *
 *   capability = "IMAPSIEVE=" sieveurl-server                          RFC 6785 section 2.1
 *   entry      = "/shared/imapsieve/script"                            section 2.3.1
 */
#include <posthorn/posthorn-plugin.h>

#define ENTRY "/shared/imapsieve/script"

static char *
get_url (PhSieve *self)
{
  g_auto (GStrv) urls = ph_extension_list_capabilities (PH_EXTENSION (self), "IMAPSIEVE=");

  return urls[0] != NULL && *urls[0] != '\0' ? g_strdup (urls[0]) : NULL;
}

static gpointer
begin_script (PhCommand *command)
{
  return ph_metadata_result_new ();
}

static gboolean
receive_script (PhCommand *command, const PhResponse *response, gpointer *result)
{
  return ph_metadata_result_receive (*result, command, 0, response);
}

enum { GET_SCRIPT, SET_SCRIPT };

static const PhVerb verbs[] = {
  [GET_SCRIPT] = { .name = "GETMETADATA", .arguments = "mv", .needs = "METADATA", .get_type = ph_metadata_result_get_type, .begin = begin_script,
                   .responses = "METADATA", .receive = receive_script },
  [SET_SCRIPT] = { .name = "SETMETADATA", .arguments = "mv", .needs = "METADATA" },
};

static PhCommand *
make_get_script (PhSieve *self, const char *mailbox)
{
  static const char *const names[] = { ENTRY, NULL };
  g_autoptr (PhValue) entries = ph_value_new_strings (names);

  return ph_extension_make (PH_EXTENSION (self), &verbs[GET_SCRIPT], mailbox, entries);
}

static PhCommand *
make_set_script (PhSieve *self, const char *mailbox, const char *script)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue) pair = NULL;

  g_ptr_array_add (items, ph_value_new_string (ENTRY));
  g_ptr_array_add (items, script != NULL ? ph_value_new_string (script) : ph_value_new_nil ());
  pair = ph_value_new_array (items);
  return ph_extension_make (PH_EXTENSION (self), &verbs[SET_SCRIPT], mailbox, pair);
}

static void
ph_imap_imapsieve_describe (PhSieveInterface *iface)
{
  iface->get_url = get_url;
  iface->make_get_script = make_get_script;
  iface->make_set_script = make_set_script;
}

PH_DEFINE_EXTENSION (PhImapImapsieve, ph_imap_imapsieve, PH_TYPE_SIEVE, ph_imap_imapsieve_describe, (void) klass)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "IMAPSIEVE=*", .summary = "Scripts for what happens in a mailbox (RFC 6785)", .rank = PH_RANK_PRIMARY,
    .protocol = "imap4", .get_type = ph_imap_imapsieve_get_type },
};

PH_DEFINE_PLUGIN (imap4_imapsieve, "imap4-imapsieve", "The IMAP extension IMAPSIEVE", features)
