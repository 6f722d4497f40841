/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension QUOTA (RFC 9208; RFC 2087's servers say the same): how much a mailbox may hold, and holds.
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

/* --- the command: any of the three --- */

typedef struct {
  PhCommand  parent;

  PhValue   *arguments;
  gboolean   of_mailbox;  /* the first argument is a mailbox' name, and the answer may have several roots */
  GPtrArray *resources;
} PhImapQuotaCommand;

typedef PhCommandClass PhImapQuotaCommandClass;

GType ph_imap_quota_command_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapQuotaCommand, ph_imap_quota_command, PH_TYPE_COMMAND, G_TYPE_INVALID, NULL)

static void
ph_imap_quota_command_write (PhCommand *command, PhWriter *writer)
{
  PhImapQuotaCommand *self = (PhImapQuotaCommand *) command;
  const PhValue *first = ph_value_first (self->arguments);
  g_autofree char *name = ph_value_dup_text (first);

  if (name == NULL)
    {
      ph_writer_fail (writer, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "%s takes a %s", ph_command_get_name (command),
                                            self->of_mailbox ? "mailbox" : "quota root"));
      return;
    }
  ph_writer_atom (writer, ph_command_get_name (command));
  if (self->of_mailbox)
    ph_writer_mailbox (writer, name);
  else
    ph_writer_string (writer, name);
  for (const PhValue *more = ph_value_next (first); more != NULL; more = ph_value_next (more))
    ph_writer_value (writer, more);
}

/* A root that wasn't asked for is somebody else's answer, or the server's own idea (RFC 9208 section 4.2.1). */
static gboolean
is_ours (PhImapQuotaCommand *self, const char *root)
{
  g_autofree char *wanted = NULL;

  if (self->of_mailbox)
    return TRUE;
  wanted = ph_value_dup_text (ph_value_first (self->arguments));
  return g_strcmp0 (wanted, root) == 0;
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

static gboolean
ph_imap_quota_command_receive (PhCommand *command, const PhResponse *response)
{
  PhImapQuotaCommand *self = (PhImapQuotaCommand *) command;
  const PhValue *values = ph_response_get_values (response);
  g_autofree char *root = NULL;

  if (g_strcmp0 (ph_response_get_name (response), "QUOTAROOT") == 0)
    return self->of_mailbox;
  if (g_strcmp0 (ph_response_get_name (response), "QUOTA") != 0)
    return FALSE;
  root = ph_value_dup_text (ph_value_first (values));
  if (root == NULL || !is_ours (self, root))
    return FALSE;
  add_resources (self->resources, root, ph_value_get_child (values, 1));
  return TRUE;
}

static gboolean
ph_imap_quota_command_finish (PhCommand *command, PhReply *reply, GError **error)
{
  PhImapQuotaCommand *self = (PhImapQuotaCommand *) command;

  ph_command_take_boxed (command, G_TYPE_PTR_ARRAY, g_steal_pointer (&self->resources));
  return TRUE;
}

static void
ph_imap_quota_command_finalize (GObject *object)
{
  PhImapQuotaCommand *self = (PhImapQuotaCommand *) (gpointer) object;

  g_clear_pointer (&self->arguments, ph_value_free);
  g_clear_pointer (&self->resources, g_ptr_array_unref);
  G_OBJECT_CLASS (ph_imap_quota_command_parent_class)->finalize (object);
}

static void
ph_imap_quota_command_class_init (PhImapQuotaCommandClass *klass)
{
  klass->parent_class.finalize = ph_imap_quota_command_finalize;
  klass->write = ph_imap_quota_command_write;
  klass->receive = ph_imap_quota_command_receive;
  klass->finish = ph_imap_quota_command_finish;
}

static void
ph_imap_quota_command_init (PhImapQuotaCommand *self)
{
  self->resources = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_quota_resource_unref);
}

/* @arguments (transfer none) */
static PhCommand *
make (const char *name, const PhValue *arguments)
{
  PhImapQuotaCommand *self = g_object_new (ph_imap_quota_command_get_type (), NULL);

  ph_command_set_name (&self->parent, name);
  self->arguments = ph_value_copy (arguments);
  self->of_mailbox = g_str_equal (name, "GETQUOTAROOT");
  return &self->parent;
}

/* --- the extension --- */

typedef struct { PhExtension parent; } PhImapQuota;
typedef PhExtensionClass PhImapQuotaClass;

static void ph_imap_quota_describe (PhQuotaInterface *iface);

GType ph_imap_quota_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapQuota, ph_imap_quota, PH_TYPE_EXTENSION, PH_TYPE_QUOTA, ph_imap_quota_describe)

static const char *const commands[] = { "GETQUOTA", "GETQUOTAROOT", "SETQUOTA", NULL };

static PhCommand *
ph_imap_quota_make_command (PhExtension *self, const char *name, const PhValue *arguments)
{
  for (guint i = 0; commands[i] != NULL; i++)
    if (g_ascii_strcasecmp (name, commands[i]) == 0)
      return make (commands[i], arguments);
  return NULL;
}

static PhCommand *
make_of (const char *name, const char *text)
{
  PhValue *items[] = { ph_value_new_string (text) };
  g_autoptr (PhValue) arguments = ph_value_new_list (items, G_N_ELEMENTS (items));
  PhCommand *command = make (name, arguments);

  ph_value_free (items[0]);
  return command;
}

static PhCommand *
ph_imap_quota_make_get (PhQuota *self, const char *root)
{
  return make_of ("GETQUOTA", root);
}

static PhCommand *
ph_imap_quota_make_get_root (PhQuota *self, const char *mailbox)
{
  return make_of ("GETQUOTAROOT", mailbox);
}

static PhCommand *
ph_imap_quota_make_set (PhQuota *self, const char *root, const char *resource, guint64 limit)
{
  PhValue *pair[] = { ph_value_new_atom (resource), ph_value_new_number (limit) };
  PhValue *items[] = { ph_value_new_string (root), ph_value_new_list (pair, G_N_ELEMENTS (pair)) };
  g_autoptr (PhValue) arguments = ph_value_new_list (items, G_N_ELEMENTS (items));

  for (guint i = 0; i < G_N_ELEMENTS (pair); i++)
    ph_value_free (pair[i]);
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    ph_value_free (items[i]);
  return make ("SETQUOTA", arguments);
}

static void
ph_imap_quota_describe (PhQuotaInterface *iface)
{
  iface->make_get = ph_imap_quota_make_get;
  iface->make_get_root = ph_imap_quota_make_get_root;
  iface->make_set = ph_imap_quota_make_set;
}

static void
ph_imap_quota_class_init (PhImapQuotaClass *klass)
{
  klass->commands = commands;
  klass->make_command = ph_imap_quota_make_command;
}

static void
ph_imap_quota_init (PhImapQuota *self)
{
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "QUOTA", .summary = "How much a mailbox may hold, and holds (RFC 9208)", .rank = PH_RANK_PRIMARY,
    .protocol = "imap4", .get_type = ph_imap_quota_get_type },
};

PH_DEFINE_PLUGIN (imap4_quota, "imap4-quota", "The IMAP extension QUOTA", features)
