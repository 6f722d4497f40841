/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension SAVEDATE (RFC 8514): when messages came into the mailbox that they are in.
 *
 *   fetch-att  = "SAVEDATE"                                               RFC 8514 section 6
 *   msg-att    = "SAVEDATE" SP (date-time / NIL)
 *   search-key = "SAVEDATESUPPORTED" / ("SAVEDBEFORE" / "SAVEDON" / "SAVEDSINCE") SP date
 */
#include <posthorn/posthorn-plugin.h>

/* --- the extension --- */

typedef struct { PhExtension parent; } PhImapSavedate;
typedef PhExtensionClass PhImapSavedateClass;

static void ph_imap_savedate_describe (PhSaveDateInterface *iface);

GType ph_imap_savedate_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapSavedate, ph_imap_savedate, PH_TYPE_EXTENSION, PH_TYPE_SAVE_DATE, ph_imap_savedate_describe)

static const char *
get_items (PhSaveDate *self)
{
  return "SAVEDATE";
}

static void
append_day (GString *keys, const char *key, GDateTime *day)
{
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  if (day != NULL)
    g_string_append_printf (keys, "%s%s %d-%s-%04d", keys->len > 0 ? " " : "", key, g_date_time_get_day_of_month (day),
                            months[g_date_time_get_month (day) - 1], g_date_time_get_year (day));
}

/* A search of the store's, which needs this extension */
static PhCommand *
make_search_of (PhExtension *self, const char *keys)
{
  PhStoreEngine      *store = ph_extension_get_store (self);
  g_autoptr (PhQuery) query = ph_query_new ();
  PhCommand          *command = PH_STORE_ENGINE_GET_IFACE (store)->make_search (store, ph_query_raw (query, keys), TRUE);

  ph_command_set_needs (command, "SAVEDATE");
  return command;
}

static PhCommand *
make_search (PhSaveDate *self, GDateTime *since, GDateTime *before)
{
  g_autoptr (GString) keys = g_string_new (NULL);

  append_day (keys, "SAVEDSINCE", since);
  append_day (keys, "SAVEDBEFORE", before);
  return make_search_of (PH_EXTENSION (self), keys->len > 0 ? keys->str : "ALL");
}

static void
ph_imap_savedate_describe (PhSaveDateInterface *iface)
{
  iface->get_items = get_items;
  iface->make_search = make_search;
}

static void
ph_imap_savedate_class_init (PhImapSavedateClass *klass)
{
}

static void
ph_imap_savedate_init (PhImapSavedate *self)
{
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "SAVEDATE", .summary = "When messages came into their mailbox (RFC 8514)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_savedate_get_type },
};

PH_DEFINE_PLUGIN (imap4_savedate, "imap4-savedate", "The IMAP extension SAVEDATE", features)
