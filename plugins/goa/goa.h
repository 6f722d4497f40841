/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of this plugin share. */
#pragma once

#include "ph-offers.h"
#include "ph-place.h"

G_BEGIN_DECLS

#define GOA_NAME "org.gnome.OnlineAccounts"
#define GOA_PATH "/org/gnome/OnlineAccounts"
#define GOA_ACCOUNT "org.gnome.OnlineAccounts.Account"
#define GOA_MAIL "org.gnome.OnlineAccounts.Mail"
#define GOA_OAUTH2 "org.gnome.OnlineAccounts.OAuth2Based"
#define GOA_PASSWORD "org.gnome.OnlineAccounts.PasswordBased"

typedef struct {
  GObject parent;

  char *account;       /* its id; NULL: whichever fits */
  PhOffers *offers;
  GHashTable *doubtful; /* URIs whose credentials are to be ensured first */
} PhGoa;

/* ---- goa-account.c: an account as it stands in the answer of GetManagedObjects ---- */

typedef struct {
  char *path;
  char *id;
  char *label;
  char *user;           /* at the server that was asked about */
  gboolean has_token, has_password;
  gboolean needs_attention;
} GoaAccount;

/* The account of @objects (a{oa{sa{sv}}}) whose mail is at @place. @id, @user: nullable. FALSE where there is none */
gboolean   goa_account_find        (GoaAccount *self, GVariant *objects, const char *id, const PhPlace *place, const char *user);
void       goa_account_clear       (GoaAccount *self);
/* (element-type PhAccount) (transfer full) */
GPtrArray *goa_account_list        (GVariant *objects);

/* ---- goa-list.c: talking to the service ---- */

/* GetManagedObjects, on the session bus. PH_ERROR_NO_CREDENTIALS: there is no such service */
void       goa_list_objects_async  (gpointer source, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GVariant  *goa_list_objects_finish (GAsyncResult *result, GDBusConnection **connection, GError **error);
/* With a code of ours; a cancelling stays one. @error (transfer full) */
GError    *goa_translate           (GError *error, const char *what);
void       goa_list_accounts_async (PhCredentials *credentials, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *goa_list_accounts_finish (PhCredentials *credentials, GAsyncResult *result, GError **error);

/* ---- goa-lookup.c ---- */

void       goa_lookup_async        (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean   goa_lookup_finish       (PhCredentials *credentials, GAsyncResult *result, GError **error);

G_END_DECLS
