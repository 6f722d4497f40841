/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension SAVEDATE (RFC 8514): when messages came into the mailbox that they are in.
 *
 *   fetch-att  = "SAVEDATE"                                               RFC 8514 section 6
 *   msg-att    = "SAVEDATE" SP (date-time / NIL)
 *   search-key = "SAVEDATESUPPORTED" / ("SAVEDBEFORE" / "SAVEDON" / "SAVEDSINCE") SP date
 */
#include <posthorn/posthorn-plugin.h>

static const char *
get_items (PhSaveDate *self)
{
  return "SAVEDATE";
}

static void
add_day (GPtrArray *keys, const char *key, GDateTime *day)
{
  if (day == NULL)
    return;
  g_ptr_array_add (keys, ph_value_new_atom (key));
  g_ptr_array_add (keys, ph_value_new_day (day));
}

static PhCommand *
make_search (PhSaveDate *self, GDateTime *since, GDateTime *before)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);

  add_day (keys, "SAVEDSINCE", since);
  add_day (keys, "SAVEDBEFORE", before);
  return ph_extension_make_search (PH_EXTENSION (self), "SAVEDATE", keys);
}

static void
ph_imap_savedate_describe (PhSaveDateInterface *iface)
{
  iface->get_items = get_items;
  iface->make_search = make_search;
}

PH_DEFINE_EXTENSION (PhImapSavedate, ph_imap_savedate, PH_TYPE_SAVE_DATE, ph_imap_savedate_describe, (void) klass)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "SAVEDATE", .summary = "When messages came into their mailbox (RFC 8514)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_savedate_get_type },
};

PH_DEFINE_PLUGIN (imap4_savedate, "imap4-savedate", "The IMAP extension SAVEDATE", features)
