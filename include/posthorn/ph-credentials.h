/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where user names and secrets come from. Asked only when needed, told when they were wrong. */
#pragma once

#include <posthorn/ph-account.h>
#include <posthorn/ph-sasl.h>

G_BEGIN_DECLS

#define PH_TYPE_CREDENTIALS (ph_credentials_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhCredentials, ph_credentials, PH, CREDENTIALS, GObject)

/**
 * PhCredentialsInterface:
 * @get_kinds: what may be had for @uri (user, secret, token…); decides which mechanisms come into question. Must not block, so it
 *   may promise too much: see @lookup_finish
 * @lookup_async: fetches what @needs says for @uri and puts it into @context, which knows service, host and user already
 * @lookup_finish: %FALSE and an error. After %PH_ERROR_NO_CREDENTIALS the login goes on without what was asked for, by another
 *   mechanism; any other error ends it
 * @refused: the server did not accept what was given for @uri; @needs says which kinds. The next lookup must not give the same.
 *   May be %NULL
 * @store_async: keeps @password for @user (%NULL: the URI's) at the server of @uri, in place of what was kept. @store_async and
 *   @clear_async may both be %NULL: nothing can be kept
 * @store_finish: %FALSE and an error
 * @clear_async: forgets what is kept for @user (%NULL: the URI's, or anybody where it has none) at the server of @uri
 * @clear_finish: %FALSE and an error; %PH_ERROR_NO_CREDENTIALS where nothing was kept
 * @list_accounts_async: finds the accounts that the source knows. May be %NULL
 * @list_accounts_finish: the accounts, each a #PhAccount; %NULL and an error
 * @lookup_now: as @lookup_async and @lookup_finish in one, for sources that have their answer at hand: must not wait for anything.
 *   Used wherever it is there, for what it brings costs no turn of a main loop. May be %NULL
 *
 * A source of credentials. Calls come from the session's thread.
 */
struct _PhCredentialsInterface {
  GTypeInterface g_iface;

  PhSaslNeeds (*get_kinds)     (PhCredentials *self, const char *uri);
  void        (*lookup_async)  (PhCredentials *self, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  gboolean    (*lookup_finish) (PhCredentials *self, GAsyncResult *result, GError **error);
  void        (*refused)       (PhCredentials *self, const char *uri, PhSaslNeeds needs, PhReply *reply);

  void        (*store_async)   (PhCredentials *self, const char *uri, const char *user, PhSecret *password, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
  gboolean    (*store_finish)  (PhCredentials *self, GAsyncResult *result, GError **error);
  void        (*clear_async)   (PhCredentials *self, const char *uri, const char *user, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
  gboolean    (*clear_finish)  (PhCredentials *self, GAsyncResult *result, GError **error);
  void        (*list_accounts_async)  (PhCredentials *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
  GPtrArray  *(*list_accounts_finish) (PhCredentials *self, GAsyncResult *result, GError **error);

  gboolean    (*lookup_now)    (PhCredentials *self, const char *uri, PhSaslNeeds needs, PhSaslContext *context, GError **error);

  gpointer reserved[1];
};

PH_AVAILABLE_IN_1_0 PhSaslNeeds    ph_credentials_get_kinds     (PhCredentials *self, const char *uri);
PH_AVAILABLE_IN_1_0 gboolean       ph_credentials_lookup        (PhCredentials *self, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                                                                 GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_credentials_lookup_async  (PhCredentials *self, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                                                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean       ph_credentials_lookup_finish (PhCredentials *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_credentials_refused       (PhCredentials *self, const char *uri, PhSaslNeeds needs, PhReply *reply);

/* Keeping a password, where the source can: PH_ERROR_NOT_SUPPORTED. @user NULL: the URI's */
PH_AVAILABLE_IN_1_0 gboolean       ph_credentials_can_store     (PhCredentials *self);
PH_AVAILABLE_IN_1_0 gboolean       ph_credentials_store         (PhCredentials *self, const char *uri, const char *user, PhSecret *password,
                                                                 GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_credentials_store_async   (PhCredentials *self, const char *uri, const char *user, PhSecret *password,
                                                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean       ph_credentials_store_finish  (PhCredentials *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 gboolean       ph_credentials_clear         (PhCredentials *self, const char *uri, const char *user,
                                                                 GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_credentials_clear_async   (PhCredentials *self, const char *uri, const char *user,
                                                                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean       ph_credentials_clear_finish  (PhCredentials *self, GAsyncResult *result, GError **error);

/* The accounts that the source knows: none where it knows of no such thing. (element-type PhAccount) (transfer full) */
PH_AVAILABLE_IN_1_0 GPtrArray     *ph_credentials_list_accounts        (PhCredentials *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_credentials_list_accounts_async  (PhCredentials *self, GCancellable *cancellable,
                                                                        GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray     *ph_credentials_list_accounts_finish (PhCredentials *self, GAsyncResult *result, GError **error);

/* A user and a password that are known already. @user NULL: the URI's. */
PH_AVAILABLE_IN_1_0 PhCredentials *ph_credentials_new_password  (const char *user, PhSecret *password);
/* A user and an OAuth 2 access token that are known already. @user NULL: the URI's. */
PH_AVAILABLE_IN_1_0 PhCredentials *ph_credentials_new_token     (const char *user, PhSecret *token);
/* The source that a plugin brings, by the name of its feature ("secret-service"); PH_ERROR_PLUGIN. */
PH_AVAILABLE_IN_1_0 PhCredentials *ph_credentials_new_named     (const char *name, GError **error);

/* A question for credentials that the program's own function answers, at once or later, in any thread */
#define PH_TYPE_CREDENTIALS_REQUEST (ph_credentials_request_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhCredentialsRequest, ph_credentials_request, PH, CREDENTIALS_REQUEST, GObject)

/**
 * PhCredentialsFunc:
 * @request: what is asked for; reference it to answer later
 * @user_data: the data that was given with the function
 *
 * Answers a question for credentials. Called in the session's thread.
 */
typedef void (*PhCredentialsFunc) (PhCredentialsRequest *request, gpointer user_data);

/* @kinds: what @function may give */
PH_AVAILABLE_IN_1_0 PhCredentials *ph_credentials_new_function             (PhSaslNeeds kinds, PhCredentialsFunc function, gpointer user_data,
                                                                            GDestroyNotify destroy);
PH_AVAILABLE_IN_1_0 const char    *ph_credentials_request_get_uri          (PhCredentialsRequest *self);
PH_AVAILABLE_IN_1_0 const char    *ph_credentials_request_get_host         (PhCredentialsRequest *self);
/* who is to log in; NULL: that is to be answered, too */
PH_AVAILABLE_IN_1_0 const char    *ph_credentials_request_get_user         (PhCredentialsRequest *self);
PH_AVAILABLE_IN_1_0 PhSaslNeeds    ph_credentials_request_get_needs        (PhCredentialsRequest *self);
/* of the kinds in needs, what was given before was refused */
PH_AVAILABLE_IN_1_0 gboolean       ph_credentials_request_is_retry         (PhCredentialsRequest *self);
PH_AVAILABLE_IN_1_0 void           ph_credentials_request_set_user         (PhCredentialsRequest *self, const char *user);
PH_AVAILABLE_IN_1_0 void           ph_credentials_request_set_password     (PhCredentialsRequest *self, const char *password);
PH_AVAILABLE_IN_1_0 void           ph_credentials_request_set_token        (PhCredentialsRequest *self, const char *token);
/* once; then the login goes on */
PH_AVAILABLE_IN_1_0 void           ph_credentials_request_complete         (PhCredentialsRequest *self);
/* @why: a sentence, or NULL */
PH_AVAILABLE_IN_1_0 void           ph_credentials_request_give_up          (PhCredentialsRequest *self, const char *why);

G_END_DECLS
