/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where user names and secrets come from. Asked only when needed, told when they were wrong. */
#pragma once

#include <posthorn/ph-sasl.h>

G_BEGIN_DECLS

#define PH_TYPE_CREDENTIALS (ph_credentials_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhCredentials, ph_credentials, PH, CREDENTIALS, GObject)

/**
 * PhCredentialsInterface:
 * @get_kinds: what can be had (user, secret, token…); decides which mechanisms come into question. Must not block
 * @lookup_async: fetches what @needs says for @uri and puts it into @context
 * @lookup_finish: %FALSE and an error (%PH_ERROR_NO_CREDENTIALS) where it isn't to be had
 * @refused: the server did not accept them. May be %NULL
 *
 * A source of credentials. Calls come from the session's thread.
 */
struct _PhCredentialsInterface {
  GTypeInterface g_iface;

  PhSaslNeeds (*get_kinds)     (PhCredentials *self);
  void        (*lookup_async)  (PhCredentials *self, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean    (*lookup_finish) (PhCredentials *self, GAsyncResult *result, GError **error);
  void        (*refused)       (PhCredentials *self, PhReply *reply);

  gpointer reserved[8];
};

PH_AVAILABLE_IN_1_0 PhSaslNeeds    ph_credentials_get_kinds     (PhCredentials *self);
PH_AVAILABLE_IN_1_0 void           ph_credentials_lookup_async  (PhCredentials *self, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                                                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean       ph_credentials_lookup_finish (PhCredentials *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_credentials_refused       (PhCredentials *self, PhReply *reply);

/* A user and a password that are known already. @user NULL: the URI's. */
PH_AVAILABLE_IN_1_0 PhCredentials *ph_credentials_new_password  (const char *user, PhSecret *password);

G_END_DECLS
