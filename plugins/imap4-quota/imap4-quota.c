/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension QUOTA (RFC 9208; RFC 2087's servers say the same, and list no QUOTA=RES-…): how much a mailbox may hold, and holds.
 *
 *   getquota           = "GETQUOTA" SP quota-root-name                  RFC 9208 section 7
 *   getquotaroot       = "GETQUOTAROOT" SP mailbox
 *   setquota           = "SETQUOTA" SP quota-root-name SP setquota-list
 *   setquota-list      = "(" [setquota-resource *(SP setquota-resource)] ")"
 *   quota-response     = "QUOTA" SP quota-root-name SP quota-list
 *   quota-list         = "(" quota-resource *(SP quota-resource) ")"
 *   quota-resource     = resource-name SP resource-usage SP resource-limit
 *   quotaroot-response = "QUOTAROOT" SP mailbox *(SP quota-root-name)
 */
#include <posthorn/posthorn-plugin.h>

static gpointer
begin_resources (PhCommand *command)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ph_quota_resource_unref);
}

static void
add_resources (GPtrArray *resources, const char *root, const PhValue *list)
{
  const PhValue *name = ph_value_first (list);

  while (name != NULL)
    {
      const PhValue *usage = ph_value_next (name);
      const PhValue *limit = ph_value_next (usage);
      g_autofree char *text = ph_value_dup_text (name);
      guint64 used;
      guint64 allowed;

      if (text != NULL && ph_value_get_number (usage, &used) && ph_value_get_number (limit, &allowed))
        g_ptr_array_add (resources, ph_quota_resource_new (root, text, used, allowed));
      name = ph_value_next (limit);
    }
}

/* A root that wasn't asked for is somebody else's answer, or the server's own idea (RFC 9208 section 4.2.1). */
static gboolean
receive_of_root (PhCommand *command, const PhResponse *response, gpointer *result)
{
  const PhValue   *first = ph_value_first (ph_response_get_values (response));
  g_autofree char *root = ph_value_dup_text (first);
  g_autofree char *asked = ph_value_dup_text (ph_value_first (ph_command_get_arguments (command)));

  if (root == NULL || g_strcmp0 (root, asked) != 0)
    return FALSE;
  add_resources (*result, root, ph_value_next (first));
  return TRUE;
}

/* QUOTAROOT names the roots, and QUOTA responses follow, one for each */
static gboolean
receive_of_mailbox (PhCommand *command, const PhResponse *response, gpointer *result)
{
  const PhValue   *first = ph_value_first (ph_response_get_values (response));
  g_autofree char *root = ph_value_dup_text (first);

  if (g_str_equal (ph_response_get_name (response), "QUOTAROOT"))
    return TRUE;
  if (root == NULL)
    return FALSE;
  add_resources (*result, root, ph_value_next (first));
  return TRUE;
}

#define OF_RESOURCES .get_type = g_ptr_array_get_type, .begin = begin_resources

enum { GETQUOTA, GETQUOTAROOT, SETQUOTA };

/* Any QUOTA response is GETQUOTAROOT's, so nothing runs beside it. */
static const PhVerb verbs[] = {
  [GETQUOTA] = { .name = "GETQUOTA", .arguments = "s", .needs = "QUOTA", .responses = "QUOTA", .receive = receive_of_root, OF_RESOURCES },
  [GETQUOTAROOT] = { .name = "GETQUOTAROOT", .arguments = "m", .needs = "QUOTA", .flags = PH_COMMAND_ALONE, .responses = "QUOTAROOT QUOTA",
                     .receive = receive_of_mailbox, OF_RESOURCES },
  [SETQUOTA] = { .name = "SETQUOTA", .arguments = "sv", .needs = "QUOTA", .responses = "QUOTA", .receive = receive_of_root, OF_RESOURCES },
  { .name = NULL },
};

static PhCommand *
make_get (PhQuota *self, const char *root)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[GETQUOTA], root);
}

static PhCommand *
make_get_root (PhQuota *self, const char *mailbox)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[GETQUOTAROOT], mailbox);
}

static char **
list_resources (PhQuota *self)
{
  return ph_extension_list_capabilities (PH_EXTENSION (self), "QUOTA=RES-");
}

/* A server of RFC 9208 says whether it has it; one of RFC 2087 must be tried. */
static PhCommand *
make_set_limits (PhQuota *self, const char *root, GPtrArray *limits)
{
  g_auto (GStrv) told = list_resources (self);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue) list = NULL;
  PhCommand *command;

  for (guint i = 0; i < limits->len; i++)
    {
      g_ptr_array_add (items, ph_value_new_atom (ph_quota_resource_get_name (limits->pdata[i])));
      g_ptr_array_add (items, ph_value_new_number (ph_quota_resource_get_limit (limits->pdata[i])));
    }
  list = ph_value_new_array (items);
  command = ph_extension_make (PH_EXTENSION (self), &verbs[SETQUOTA], root, list);
  if (told[0] != NULL)
    ph_command_set_needs (command, "QUOTASET");
  return command;
}

static PhCommand *
make_set (PhQuota *self, const char *root, const char *resource, guint64 limit)
{
  g_autoptr (GPtrArray) limits = begin_resources (NULL);

  g_ptr_array_add (limits, ph_quota_resource_new (root, resource, 0, limit));
  return make_set_limits (self, root, limits);
}

static PhCommand *
make_get_deleted (PhQuota *self, const char *mailbox)
{
  const char    *items[3] = { NULL };
  guint          n_items = 0;
  PhStoreEngine *store = ph_extension_get_store (PH_EXTENSION (self));
  PhCommand     *command;

  if (ph_extension_has_capability (PH_EXTENSION (self), "QUOTA=RES-MESSAGE"))
    items[n_items++] = "DELETED";
  if (ph_extension_has_capability (PH_EXTENSION (self), "QUOTA=RES-STORAGE"))
    items[n_items++] = "DELETED-STORAGE";
  command = PH_STORE_ENGINE_GET_IFACE (store)->make_status (store, mailbox, items);
  ph_command_set_needs (command, "QUOTA=RES-MESSAGE QUOTA=RES-STORAGE");
  return command;
}

static void
ph_imap_quota_describe (PhQuotaInterface *iface)
{
  iface->make_get = make_get;
  iface->make_get_root = make_get_root;
  iface->make_set = make_set;
  iface->make_set_limits = make_set_limits;
  iface->make_get_deleted = make_get_deleted;
  iface->list_resources = list_resources;
}

PH_DEFINE_EXTENSION (PhImapQuota, ph_imap_quota, PH_TYPE_QUOTA, ph_imap_quota_describe, klass->verbs = verbs)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "QUOTA", .summary = "How much a mailbox may hold, and holds (RFC 9208)", .rank = PH_RANK_PRIMARY,
    .protocol = "imap4", .get_type = ph_imap_quota_get_type },
};

PH_DEFINE_PLUGIN (imap4_quota, "imap4-quota", "The IMAP extension QUOTA", features)
