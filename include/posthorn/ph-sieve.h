/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSieve: scripts that run when something happens in a mailbox (RFC 6785); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

#define PH_TYPE_SIEVE (ph_sieve_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhSieve, ph_sieve, PH, SIEVE, PhExtension)

/* make commands only */
struct _PhSieveInterface {
  GTypeInterface g_iface;

  char      *(*get_url)         (PhSieve *self);
  PhCommand *(*make_get_script) (PhSieve *self, const char *mailbox);                      /* PhMetadataResult */
  PhCommand *(*make_set_script) (PhSieve *self, const char *mailbox, const char *script);

  gpointer reserved[4];
};

/* Of the ManageSieve server that has the scripts. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char *ph_sieve_get_url (PhSieve *self);
/* @mailbox "": of those that have none. NULL without an error: there is none. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char *ph_sieve_get_script (PhSieve *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_sieve_get_script_async (PhSieve *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 char *ph_sieve_get_script_finish (PhSieve *self, GAsyncResult *result, GError **error);
/* @script NULL: the mailbox has none of its own; "": none runs for it */
PH_AVAILABLE_IN_1_0 gboolean ph_sieve_set_script (PhSieve *self, const char *mailbox, const char *script, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_sieve_set_script_async (PhSieve *self, const char *mailbox, const char *script, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean ph_sieve_set_script_finish (PhSieve *self, GAsyncResult *result, GError **error);

G_END_DECLS
