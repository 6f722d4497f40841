/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhUrlAuth: URLs that let others fetch messages (RFC 4467, RFC 5524); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

/**
 * PhUrlFetch:
 * @PH_URL_FETCH_PLAIN: the octets as they are; every server with URLAUTH
 * @PH_URL_FETCH_BODY: the octets as they are
 * @PH_URL_FETCH_DECODED: the octets without base64 or quoted-printable; not with @PH_URL_FETCH_BODY
 * @PH_URL_FETCH_STRUCTURE: what they are
 *
 * What to fetch by a URL. All but the first need URLAUTH=BINARY (RFC 5524).
 */
typedef enum {
  PH_URL_FETCH_PLAIN     = 0,
  PH_URL_FETCH_BODY      = 1 << 0,
  PH_URL_FETCH_DECODED   = 1 << 1,
  PH_URL_FETCH_STRUCTURE = 1 << 2
} PhUrlFetch;

/* What a URL stands for. Boxed. */
typedef struct _PhUrlData PhUrlData;
#define PH_TYPE_URL_DATA (ph_url_data_get_type ())
PH_AVAILABLE_IN_1_0 GType          ph_url_data_get_type      (void) G_GNUC_CONST;
/* @data, @structure: nullable; @structure is copied */
PH_AVAILABLE_IN_1_0 PhUrlData     *ph_url_data_new           (const char *url, GBytes *data, const PhValue *structure);
PH_AVAILABLE_IN_1_0 PhUrlData     *ph_url_data_ref           (PhUrlData *self);
PH_AVAILABLE_IN_1_0 void           ph_url_data_unref         (PhUrlData *self);
PH_AVAILABLE_IN_1_0 const char    *ph_url_data_get_url       (PhUrlData *self);
/* NULL where the server does not follow the URL, can't decode it, or was not asked for octets. (transfer none) */
PH_AVAILABLE_IN_1_0 GBytes        *ph_url_data_get_data      (PhUrlData *self);
/* BODYPARTSTRUCTURE as the server wrote it; NULL where it wasn't asked for. (transfer none) */
PH_AVAILABLE_IN_1_0 const PhValue *ph_url_data_get_structure (PhUrlData *self);

#define PH_TYPE_URL_AUTH (ph_url_auth_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhUrlAuth, ph_url_auth, PH, URL_AUTH, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhUrlAuthInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_generate) (PhUrlAuth *self, const char *const *urls);
  PhCommand *(*make_fetch)    (PhUrlAuth *self, const char *const *urls, PhUrlFetch what);
  PhCommand *(*make_reset)    (PhUrlAuth *self, const char *mailbox);

  gpointer reserved[8];
};

/* @urls: of ph_url_with_access (); NULL-terminated. As many, in the same order, which whoever they name may fetch. (transfer full) */
PH_AVAILABLE_IN_1_0 char     **ph_url_auth_generate        (PhUrlAuth *self, const char *const *urls, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void       ph_url_auth_generate_async  (PhUrlAuth *self, const char *const *urls, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 char     **ph_url_auth_generate_finish (PhUrlAuth *self, GAsyncResult *result, GError **error);
/* (element-type PhUrlData) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_url_auth_fetch           (PhUrlAuth *self, const char *const *urls, PhUrlFetch what, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void       ph_url_auth_fetch_async     (PhUrlAuth *self, const char *const *urls, PhUrlFetch what, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_url_auth_fetch_finish    (PhUrlAuth *self, GAsyncResult *result, GError **error);
/* No URL made so far is valid any more: of one mailbox, or of all (NULL) */
PH_AVAILABLE_IN_1_0 gboolean   ph_url_auth_reset           (PhUrlAuth *self, const char *mailbox, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void       ph_url_auth_reset_async     (PhUrlAuth *self, const char *mailbox, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean   ph_url_auth_reset_finish    (PhUrlAuth *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhUrlData, ph_url_data_unref)

G_END_DECLS
