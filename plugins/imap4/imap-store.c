/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engine as a store: the table of what makes its commands. */
#include "imap-store.h"

#include "imap-engine.h"

static char *
ph_imap_store_decode_mailbox (PhStoreEngine *engine, const PhValue *name)
{
  return ph_imap_decode_mailbox (name, ((PhImapEngine *) engine)->utf8);
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
  iface->decode_mailbox = ph_imap_store_decode_mailbox;
}
