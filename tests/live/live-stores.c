/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-stores.h"

const LiveStore live_stores[LIVE_N_STORES] = {
  { "dovecot", "imaps", "" },
  { "cyrus", "cyrus-imaps", "" },
  { "courier", "courier-imaps", "INBOX." },
};

const char live_plain_message[] = "From: bob@example.test\r\nTo: alice@example.test\r\nSubject: a \\ and \" b\r\n\r\nA2 OK done\r\n* BYE\r\n";
const char live_empty_message[] = "Subject: nothing\r\n\r\n";

char *
live_store_name (guint server, const char *name)
{
  return g_strconcat (live_stores[server].prefix, name, NULL);
}

PhStore *
live_store_open (guint server)
{
  PhStore *store = PH_STORE (live_session_new (live_stores[server].service, NULL, "alice"));
  g_autoptr (GError) error = NULL;

  ph_session_open (PH_SESSION (store), NULL, &error);
  g_assert_no_error (error);
  return store;
}

void
live_store_make (PhStore *store, const char *name)
{
  g_autoptr (PhMailbox) selected = NULL;
  g_autoptr (GError) error = NULL;

  ph_store_create (store, name, NULL, &error);
  g_assert_no_error (error);
  selected = ph_store_select (store, name, NULL, &error);
  g_assert_no_error (error);
}
