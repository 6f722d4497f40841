/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailboxInfo: what one LIST response told of a mailbox (RFC 9051 section 7.3.1, RFC 6154). */
#include <posthorn/posthorn-plugin.h>

/**
 * PhMailboxInfo:
 *
 * What LIST told of one mailbox: its name, the hierarchy's delimiter, its attributes and, where it
 * was asked for, its status.
 */
struct _PhMailboxInfo {
  gatomicrefcount refs;
  char *name;
  char *delimiter;
  char **attributes;
  PhMailboxStatus *status;
  char **child_info;
  char *old_name;
  char *answer_name;
  PhValue *answer; /* a list; NULL: none */
};

G_DEFINE_BOXED_TYPE (PhMailboxInfo, ph_mailbox_info, ph_mailbox_info_ref, ph_mailbox_info_unref)

/* An attribute as it came, and the special use that it stands for. The last three are of XLIST, which some servers still send. */
static const struct {
  const char *attribute;
  const char *special_use;
} special_uses[] = {
  { "\\All", "\\All" },
  { "\\Archive", "\\Archive" },
  { "\\Drafts", "\\Drafts" },
  { "\\Flagged", "\\Flagged" },
  { "\\Junk", "\\Junk" },
  { "\\Sent", "\\Sent" },
  { "\\Trash", "\\Trash" },
  { "\\Important", "\\Important" },
  { "\\AllMail", "\\All" },
  { "\\Spam", "\\Junk" },
  { "\\Starred", "\\Flagged" },
};

/* What one attribute says without saying it (RFC 5258 section 3.1). */
static const struct {
  const char *attribute;
  const char *implied;
} implications[] = {
  { "\\NonExistent", "\\Noselect" },
  { "\\NoInferiors", "\\HasNoChildren" },
};

/**
 * ph_mailbox_info_new:
 * @name: the mailbox' name in UTF-8
 * @delimiter: (nullable): one character, %NULL in a flat hierarchy
 * @attributes: (nullable) (array zero-terminated=1): "\\HasNoChildren" …
 *
 * For engines: one LIST response.
 *
 * Returns: (transfer full): a new row
 */
PhMailboxInfo *
ph_mailbox_info_new (const char *name, const char *delimiter, const char *const *attributes)
{
  static const char *const none[] = { NULL };
  PhMailboxInfo *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_new0 (PhMailboxInfo, 1);
  g_atomic_ref_count_init (&self->refs);
  self->name = g_strdup (name);
  self->delimiter = delimiter != NULL && *delimiter != '\0' ? g_strdup (delimiter) : NULL;
  self->attributes = g_strdupv ((char **) (attributes != NULL ? attributes : none));
  return self;
}

/**
 * ph_mailbox_info_ref:
 * @self: a mailbox' row
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhMailboxInfo *
ph_mailbox_info_ref (PhMailboxInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_mailbox_info_unref:
 * @self: (transfer full): a mailbox' row
 *
 * Drops a reference; any thread may.
 */
void
ph_mailbox_info_unref (PhMailboxInfo *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->name);
  g_free (self->delimiter);
  g_strfreev (self->attributes);
  g_clear_pointer (&self->status, ph_mailbox_status_unref);
  g_strfreev (self->child_info);
  g_free (self->old_name);
  g_free (self->answer_name);
  g_clear_pointer (&self->answer, ph_value_free);
  g_free (self);
}

/**
 * ph_mailbox_info_get_name:
 * @self: a mailbox' row
 *
 * Returns: (transfer none): the whole name, from the root, in UTF-8
 */
const char *
ph_mailbox_info_get_name (PhMailboxInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * ph_mailbox_info_get_delimiter:
 * @self: a mailbox' row
 *
 * Returns: (transfer none) (nullable): what separates the levels of the name, one character; %NULL in a flat hierarchy
 */
const char *
ph_mailbox_info_get_delimiter (PhMailboxInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->delimiter;
}

/**
 * ph_mailbox_info_get_attributes:
 * @self: a mailbox' row
 *
 * Returns: (transfer none) (array zero-terminated=1): "\\HasNoChildren", "\\Sent" … as the server wrote them
 */
const char *const *
ph_mailbox_info_get_attributes (PhMailboxInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->attributes;
}

static gboolean
has_word (PhMailboxInfo *self, const char *attribute)
{
  for (char **word = self->attributes; *word != NULL; word++)
    {
      if (g_ascii_strcasecmp (*word, attribute) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * ph_mailbox_info_has_attribute:
 * @self: a mailbox' row
 * @attribute: "\\Noselect"; case does not matter
 *
 * Whether the server said it, or said something that implies it: \NonExistent implies \Noselect, and
 * \NoInferiors implies \HasNoChildren (RFC 5258).
 *
 * Returns: %TRUE where the mailbox has the attribute
 */
gboolean
ph_mailbox_info_has_attribute (PhMailboxInfo *self, const char *attribute)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (attribute != NULL, FALSE);

  if (has_word (self, attribute))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (implications); i++)
    {
      if (g_ascii_strcasecmp (implications[i].implied, attribute) == 0 && has_word (self, implications[i].attribute))
        return TRUE;
    }
  return FALSE;
}

/**
 * ph_mailbox_info_get_special_use:
 * @self: a mailbox' row
 *
 * What the mailbox is for (RFC 6154, RFC 8457): "\\All", "\\Archive", "\\Drafts", "\\Flagged", "\\Junk",
 * "\\Sent", "\\Trash" or "\\Important", in this spelling however the server writes it.
 *
 * Returns: (transfer none) (nullable): the first special use; %NULL for an ordinary mailbox
 */
const char *
ph_mailbox_info_get_special_use (PhMailboxInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (char **word = self->attributes; *word != NULL; word++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (special_uses); i++)
        {
          if (g_ascii_strcasecmp (*word, special_uses[i].attribute) == 0)
            return special_uses[i].special_use;
        }
    }
  return NULL;
}

/**
 * ph_mailbox_info_is_selectable:
 * @self: a mailbox' row
 *
 * Returns: %FALSE for a mere level of the hierarchy (\Noselect, \NonExistent)
 */
gboolean
ph_mailbox_info_is_selectable (PhMailboxInfo *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return !ph_mailbox_info_has_attribute (self, "\\Noselect");
}

/**
 * ph_mailbox_info_get_child_info:
 * @self: a mailbox' row
 *
 * Why a parent is listed that isn't selected itself (CHILDINFO, RFC 5258 section 4): by which criteria one of its children is.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): "SUBSCRIBED" …; %NULL without it
 */
const char *const *
ph_mailbox_info_get_child_info (PhMailboxInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->child_info;
}

/**
 * ph_mailbox_info_get_old_name:
 * @self: a mailbox' row
 *
 * Returns: (transfer none) (nullable): what it was called before it was renamed (OLDNAME, RFC 9051 section 6.3.9.7), in UTF-8
 */
const char *
ph_mailbox_info_get_old_name (PhMailboxInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->old_name;
}

/**
 * ph_mailbox_info_set_extended:
 * @self: a mailbox' row
 * @child_info: (nullable) (array zero-terminated=1): CHILDINFO
 * @old_name: (nullable): OLDNAME, in UTF-8
 *
 * For engines, before the row is shared: extended data items of LIST.
 */
void
ph_mailbox_info_set_extended (PhMailboxInfo *self, const char *const *child_info, const char *old_name)
{
  g_return_if_fail (self != NULL);

  g_strfreev (self->child_info);
  self->child_info = g_strdupv ((char **) child_info);
  g_free (self->old_name);
  self->old_name = g_strdup (old_name);
}

/**
 * ph_mailbox_info_get_status:
 * @self: a mailbox' row
 *
 * Returns: (transfer none) (nullable): the counts, where they were asked for and told
 */
PhMailboxStatus *
ph_mailbox_info_get_status (PhMailboxInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->status;
}

/**
 * ph_mailbox_info_set_status:
 * @self: a mailbox' row
 * @status: (nullable): the counts; referenced
 *
 * For engines, before the row is shared: what STATUS told.
 */
void
ph_mailbox_info_set_status (PhMailboxInfo *self, PhMailboxStatus *status)
{
  g_return_if_fail (self != NULL);

  if (status != NULL)
    ph_mailbox_status_ref (status);
  g_clear_pointer (&self->status, ph_mailbox_status_unref);
  self->status = status;
}

/**
 * ph_mailbox_info_get_answer:
 * @self: a mailbox' row
 * @name: a response's name, upper case: `MYRIGHTS`
 *
 * What an extension's return option brought (LIST-MYRIGHTS, RFC 8440; LIST-METADATA, RFC 9590): all that stood behind the mailbox' name in
 * responses of a name.
 *
 * Returns: (transfer none) (nullable): a list; %NULL where there was no such response
 */
const PhValue *
ph_mailbox_info_get_answer (PhMailboxInfo *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return g_strcmp0 (self->answer_name, name) == 0 ? self->answer : NULL;
}

/**
 * ph_mailbox_info_add_answer: (skip)
 * @self: a mailbox' row
 * @name: the response's name, upper case; of one row always the same
 * @first: (nullable): what stands behind the mailbox' name in it, and what follows; copied
 *
 * For engines, before the row is shared: what was told of the mailbox beside LIST.
 */
void
ph_mailbox_info_add_answer (PhMailboxInfo *self, const char *name, const PhValue *first)
{
  g_return_if_fail (self != NULL && name != NULL);

  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  for (const PhValue *item = ph_value_first (self->answer); item != NULL; item = ph_value_next (item))
    g_ptr_array_add (items, ph_value_copy (item));
  for (; first != NULL; first = ph_value_next (first))
    g_ptr_array_add (items, ph_value_copy (first));
  g_free (self->answer_name);
  self->answer_name = g_strdup (name);
  g_clear_pointer (&self->answer, ph_value_free);
  self->answer = ph_value_new_array (items);
}

/**
 * ph_mailbox_info_get_my_rights:
 * @self: a mailbox' row
 *
 * What the user may do with the mailbox, where [method@Acl.list_my_rights] asked for it.
 *
 * Returns: (transfer full) (nullable): a letter for each right (RFC 4314 section 2.1); %NULL where the server didn't tell
 */
char *
ph_mailbox_info_get_my_rights (PhMailboxInfo *self)
{
  return ph_value_dup_text (ph_value_first (ph_mailbox_info_get_answer (self, "MYRIGHTS")));
}
