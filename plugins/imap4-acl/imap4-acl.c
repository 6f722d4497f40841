/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension ACL (RFC 4314; RFC 2086's servers say the same with fewer letters), and LIST-MYRIGHTS (RFC 8440).
 *
 *   setacl          = "SETACL" SP mailbox SP identifier SP ["+" / "-"] rights      RFC 4314 section 7
 *   deleteacl       = "DELETEACL" SP mailbox SP identifier
 *   getacl          = "GETACL" SP mailbox
 *   listrights      = "LISTRIGHTS" SP mailbox SP identifier
 *   myrights        = "MYRIGHTS" SP mailbox
 *   acl-data        = "ACL" SP mailbox *(SP identifier SP rights)
 *   listrights-data = "LISTRIGHTS" SP mailbox SP identifier SP rights *(SP rights)
 *   myrights-data   = "MYRIGHTS" SP mailbox SP rights
 *   rights          = astring
 *   return-option   = "MYRIGHTS"                                                   RFC 8440 section 5
 *
 * No two commands of a name run at once, so an answer needs no look at its mailbox' name, which some write in another way than it was asked for.
 */
#include <posthorn/posthorn-plugin.h>

#include <string.h>

static gpointer
begin_entries (PhCommand *command)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ph_acl_entry_unref);
}

static gboolean
receive_entries (PhCommand *command, const PhResponse *response, gpointer *result)
{
  const PhValue *mailbox = ph_value_first (ph_response_get_values (response));

  for (const PhValue *identifier = ph_value_next (mailbox); identifier != NULL;)
    {
      const PhValue   *rights = ph_value_next (identifier);
      g_autofree char *who = ph_value_dup_text (identifier);
      g_autofree char *what = ph_value_dup_text (rights);

      if (who != NULL && what != NULL)
        g_ptr_array_add (*result, ph_acl_entry_new (who, what));
      identifier = ph_value_next (rights);
    }
  return TRUE;
}

static gboolean
receive_rights (PhCommand *command, const PhResponse *response, gpointer *result)
{
  const PhValue   *required = ph_value_get_child (ph_response_get_values (response), 2);
  g_autofree char *words = ph_value_dup_text (required);
  g_auto (GStrv)   optional = ph_value_dup_strings (ph_value_next (required));

  if (words == NULL)
    return FALSE;
  g_clear_pointer ((PhAclRights **) result, ph_acl_rights_unref);
  *result = ph_acl_rights_new (words, (const char *const *) optional);
  return TRUE;
}

static gboolean
receive_my_rights (PhCommand *command, const PhResponse *response, gpointer *result)
{
  char *rights = ph_value_dup_text (ph_value_get_child (ph_response_get_values (response), 1));

  if (rights == NULL)
    return FALSE;
  g_free (*result);
  *result = rights;
  return TRUE;
}

enum { GETACL, SETACL, DELETEACL, LISTRIGHTS, MYRIGHTS };

static const PhVerb verbs[] = {
  [GETACL] = { .name = "GETACL", .arguments = "m", .needs = "ACL", .get_type = g_ptr_array_get_type, .begin = begin_entries,
               .responses = "ACL", .receive = receive_entries },
  [SETACL] = { .name = "SETACL", .arguments = "mss", .needs = "ACL" },
  [DELETEACL] = { .name = "DELETEACL", .arguments = "ms", .needs = "ACL" },
  [LISTRIGHTS] = { .name = "LISTRIGHTS", .arguments = "ms", .needs = "ACL", .get_type = ph_acl_rights_get_type, .receive = receive_rights },
  [MYRIGHTS] = { .name = "MYRIGHTS", .arguments = "m", .needs = "ACL", .get_type = ph_verb_get_string_type, .receive = receive_my_rights },
  { .name = NULL },
};

static PhCommand *
make_get (PhAcl *self, const char *mailbox)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[GETACL], mailbox);
}

static PhCommand *
make_set (PhAcl *self, const char *mailbox, const char *identifier, const char *rights)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[SETACL], mailbox, identifier, rights);
}

static PhCommand *
make_delete (PhAcl *self, const char *mailbox, const char *identifier)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[DELETEACL], mailbox, identifier);
}

static PhCommand *
make_list_rights (PhAcl *self, const char *mailbox, const char *identifier)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[LISTRIGHTS], mailbox, identifier);
}

static PhCommand *
make_get_my_rights (PhAcl *self, const char *mailbox)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[MYRIGHTS], mailbox);
}

static PhCommand *
make_list_my_rights (PhAcl *self, const char *pattern)
{
  PhValue            *option = ph_value_new_atom ("MYRIGHTS");
  g_autoptr (PhValue) options = ph_value_new_list (&option, 1);

  ph_value_free (option);
  return ph_extension_make_list (PH_EXTENSION (self), pattern, options, "MYRIGHTS", "LIST-MYRIGHTS");
}

static char *
dup_added_rights (PhAcl *self)
{
  g_auto (GStrv) words = ph_extension_list_capabilities (PH_EXTENSION (self), "RIGHTS=");

  return g_strjoinv ("", words);
}

static void
ph_imap_acl_describe (PhAclInterface *iface)
{
  iface->make_get = make_get;
  iface->make_set = make_set;
  iface->make_delete = make_delete;
  iface->make_list_rights = make_list_rights;
  iface->make_get_my_rights = make_get_my_rights;
  iface->make_list_my_rights = make_list_my_rights;
  iface->dup_added_rights = dup_added_rights;
}

PH_DEFINE_EXTENSION (PhImapAcl, ph_imap_acl, PH_TYPE_ACL, ph_imap_acl_describe, klass->verbs = verbs)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "ACL", .summary = "Who may do what with a mailbox (RFC 4314)", .rank = PH_RANK_PRIMARY,
    .protocol = "imap4", .get_type = ph_imap_acl_get_type },
};

PH_DEFINE_PLUGIN (imap4_acl, "imap4-acl", "The IMAP extension ACL", features)
