/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of this plugin share. */
#pragma once

#include "ph-offers.h"
#include "ph-place.h"

#include <libsecret/secret.h>

G_BEGIN_DECLS

typedef struct {
  GObject parent;

  PhOffers *offers;
} PhSecretService;

/* Of SECRET_SCHEMA_COMPAT_NETWORK, by which GNOME's programs have kept passwords since libgnome-keyring. @user NULL: anybody's;
 * @is_whole: with protocol and port, as they are kept. (transfer full) */
GHashTable *ph_secret_service_attributes   (const PhPlace *place, const char *user, gboolean is_whole);
/* How well an item fits a place: 0 not at all. One that says nothing of protocol or port is for all of them */
guint       ph_secret_service_get_fitness  (const PhPlace *place, SecretRetrievable *item);
/* What went wrong between us and the keyring, with a code of ours; a cancelling stays one. @error (transfer full) */
GError     *ph_secret_service_translate    (GError *error, PhError code);

void        ph_secret_service_lookup_async (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void        ph_secret_service_store_async  (PhCredentials *credentials, const char *uri, const char *user, PhSecret *password,
                                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void        ph_secret_service_clear_async  (PhCredentials *credentials, const char *uri, const char *user, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
/* of all three */
gboolean    ph_secret_service_finish       (PhCredentials *credentials, GAsyncResult *result, GError **error);

G_END_DECLS
