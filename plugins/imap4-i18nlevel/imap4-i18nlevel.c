/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension I18NLEVEL (RFC 5255): how SEARCH, SORT and THREAD compare texts. Level 1 has i;unicode-casemap and no command.
 *
 *   comparator-cmd  = "COMPARATOR" *(SP comp-order-quoted)                RFC 5255 section 4.10
 *   comparator-data = "COMPARATOR" SP comp-sel-quoted [SP "(" comp-id-quoted *(SP comp-id-quoted) ")"]
 */
#include <posthorn/posthorn-plugin.h>

static gboolean
receive_comparator (PhCommand *command, const PhResponse *response, gpointer *result)
{
  char *name = ph_value_dup_text (ph_value_first (ph_response_get_values (response)));

  if (name == NULL)
    return FALSE;
  g_free (*result);
  *result = name;
  return TRUE;
}

static const PhVerb verbs[] = {
  { .name = "COMPARATOR", .arguments = "s?*", .needs = "I18NLEVEL=2", .get_type = ph_verb_get_string_type, .receive = receive_comparator },
  { .name = NULL },
};

static PhCommand *
make_get (PhComparator *self)
{
  return ph_command_new_verb (&verbs[0], PH_EXTENSION (self), NULL);
}

static PhCommand *
make_select (PhComparator *self, const char *const *order)
{
  g_autoptr (PhValue) arguments = ph_value_new_strings (order);

  return ph_command_new_verb (&verbs[0], PH_EXTENSION (self), arguments);
}

static void
ph_imap_i18nlevel_describe (PhComparatorInterface *iface)
{
  iface->make_get = make_get;
  iface->make_select = make_select;
}

PH_DEFINE_EXTENSION (PhImapI18nlevel, ph_imap_i18nlevel, PH_TYPE_COMPARATOR, ph_imap_i18nlevel_describe, klass->verbs = verbs)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "I18NLEVEL=*", .summary = "How SEARCH, SORT and THREAD compare texts (RFC 5255)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_i18nlevel_get_type },
};

PH_DEFINE_PLUGIN (imap4_i18nlevel, "imap4-i18nlevel", "The IMAP extension I18NLEVEL", features)
