/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The IMAP extensions SORT (RFC 5256), ESORT (RFC 5267) and SORT=DISPLAY (RFC 5957), which answer from any server. */
#include "imap4-sort.h"

typedef PhExtensionClass PhImapSortClass;

static void ph_imap_sort_describe (PhSortInterface *iface);

GType ph_imap_sort_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapSort, ph_imap_sort, PH_TYPE_EXTENSION, PH_TYPE_SORT, ph_imap_sort_describe)

static PhCommand *
ph_imap_sort_make_sort (PhSort *self, PhSortOrder *order, PhQuery *query, gboolean by_uid, PhSearchReturn wanted, int first, int last)
{
  return ph_imap_sort_command_make ((PhImapSort *) self, order, query, by_uid, wanted, first, last);
}

static void
ph_imap_sort_describe (PhSortInterface *iface)
{
  iface->make_sort = ph_imap_sort_make_sort;
}

/* In RFC 5256's form; RETURN, and keys that PhSortOrder can't read, are whoever's they are */
static PhCommand *
ph_imap_sort_make_command (PhExtension *self, const char *name, const PhValue *arguments)
{
  gboolean                by_uid = g_ascii_strcasecmp (name, "UID SORT") == 0;
  const PhValue          *list = ph_value_first (arguments);
  g_autoptr (PhSortOrder) order = NULL;
  g_autoptr (PhQuery)     query = NULL;

  if ((!by_uid && g_ascii_strcasecmp (name, "SORT") != 0) || ph_value_get_kind (list) != PH_VALUE_LIST)
    return NULL;
  order = ph_sort_order_new_from_value (list);
  query = ph_order_read_query (self, ph_value_next (list));
  if (order == NULL || query == NULL)
    return NULL;
  return ph_imap_sort_command_make ((PhImapSort *) self, order, query, by_uid, PH_SEARCH_ALL, 0, 0);
}

static void
ph_imap_sort_reset (PhExtension *self)
{
  ((PhImapSort *) self)->is_broken = FALSE;
}

static void
ph_imap_sort_class_init (PhImapSortClass *klass)
{
  klass->make_command = ph_imap_sort_make_command;
  klass->reset = ph_imap_sort_reset;
}

static void
ph_imap_sort_init (PhImapSort *self)
{
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "SORT", .summary = "Messages in an order, by any server (RFC 5256, RFC 5267, RFC 5957)",
    .rank = PH_RANK_PRIMARY, .flags = PH_EXTENSION_ALWAYS, .protocol = "imap4", .get_type = ph_imap_sort_get_type },
};

PH_DEFINE_PLUGIN (imap4_sort, "imap4-sort", "The IMAP extension SORT", features)
