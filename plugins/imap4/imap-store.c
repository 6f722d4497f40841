/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engine as a store: the table of what makes its commands. */
#include "imap-store.h"

#include "imap-engine.h"
#include "imap-utf7.h"

static char *
ph_imap_store_decode_mailbox (PhStoreEngine *engine, const PhValue *name)
{
  return ph_imap_decode_mailbox (name, ((PhImapEngine *) engine)->utf8);
}

static char *
ph_imap_store_encode_mailbox (PhStoreEngine *engine, const char *name)
{
  return ((PhImapEngine *) engine)->utf8 ? g_strdup (name) : ph_imap_utf7_encode (name);
}

static const char *const *
ph_imap_store_get_enabled (PhStoreEngine *engine)
{
  return (const char *const *) ((PhImapEngine *) engine)->enabled_words->pdata;
}

void
ph_imap_store_describe (PhStoreEngineInterface *iface)
{
  iface->make_list = ph_imap_store_make_list;
  iface->make_status = ph_imap_store_make_status;
  iface->make_select = ph_imap_store_make_select;
  iface->make_close = ph_imap_store_make_close;
  iface->make_create = ph_imap_store_make_create;
  iface->make_delete = ph_imap_store_make_delete;
  iface->make_rename = ph_imap_store_make_rename;
  iface->make_subscribe = ph_imap_store_make_subscribe;
  iface->make_search = ph_imap_store_make_search;
  iface->make_fetch = ph_imap_store_make_fetch;
  iface->make_store = ph_imap_store_make_store;
  iface->make_copy = ph_imap_store_make_copy;
  iface->make_append = ph_imap_store_make_append;
  iface->make_expunge = ph_imap_store_make_expunge;
  iface->make_move = ph_imap_store_make_move;
  iface->make_changes = ph_imap_store_make_changes;
  iface->make_map_uids = ph_imap_store_make_map_uids;
  iface->get_enabled = ph_imap_store_get_enabled;
  iface->make_search_for = ph_imap_store_make_search_for;
  iface->make_store_unchanged = ph_imap_store_make_store_unchanged;
  iface->make_fetch_some = ph_imap_store_make_fetch_some;
  iface->make_resume = ph_imap_store_make_resume;
  iface->make_append_all = ph_imap_store_make_append_all;
  iface->make_replace = ph_imap_store_make_replace;
  iface->make_transfer = ph_imap_store_make_transfer;
  iface->make_create_for = ph_imap_store_make_create_for;
  iface->make_list_selected = ph_imap_store_make_list_selected;
  iface->make_uid_batches = ph_imap_store_make_uid_batches;
  iface->make_list_with = ph_imap_store_make_list_with;
  iface->make_store_item = ph_imap_store_make_store_item;
  iface->decode_mailbox = ph_imap_store_decode_mailbox;
  iface->encode_mailbox = ph_imap_store_encode_mailbox;
}
