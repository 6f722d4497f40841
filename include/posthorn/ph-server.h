/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which servers serve a mail address. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_SERVER (ph_server_get_type ())
PH_AVAILABLE_IN_1_0 GType        ph_server_get_type        (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhServer    *ph_server_ref             (PhServer *self);
PH_AVAILABLE_IN_1_0 void         ph_server_unref           (PhServer *self);
/* For ph_session_new (): "imaps://alice%40example.org@imap.example.org" */
PH_AVAILABLE_IN_1_0 const char  *ph_server_get_uri         (PhServer *self);
PH_AVAILABLE_IN_1_0 const char  *ph_server_get_scheme      (PhServer *self);
PH_AVAILABLE_IN_1_0 const char  *ph_server_get_host        (PhServer *self);
PH_AVAILABLE_IN_1_0 guint16      ph_server_get_port        (PhServer *self);
/* Whose mail it serves, for ph_session_set_domain () */
PH_AVAILABLE_IN_1_0 const char  *ph_server_get_domain      (PhServer *self);
/* who logs in (nullable) */
PH_AVAILABLE_IN_1_0 const char  *ph_server_get_user        (PhServer *self);
/* It is in another domain than the address: a person has to agree before it is connected to (RFC 6186 section 6, RFC 8314 section 5.1) */
PH_AVAILABLE_IN_1_0 gboolean     ph_server_is_foreign      (PhServer *self);

/* By DNS (RFC 6186, RFC 8314): every service of the installed protocols, those with TLS from the first octet first, then as the records want
 * it. @address: "alice@example.org", or a domain. PH_ERROR_INVALID_ARGUMENT, PH_ERROR_HOST_NOT_FOUND: there are none.
 * (element-type PhServer) (transfer full) */
PH_AVAILABLE_IN_1_0 GPtrArray   *ph_server_find            (const char *address, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void         ph_server_find_async      (const char *address, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray   *ph_server_find_finish     (GAsyncResult *result, GError **error);
/* From a file in the format of Mozilla's autoconfig ("config-v1.1.xml"). PH_ERROR_INVALID_ARGUMENT, PH_ERROR_NOT_SUPPORTED: none can be used.
 * (element-type PhServer) (transfer full) */
PH_AVAILABLE_IN_1_0 GPtrArray   *ph_server_read_autoconfig (GBytes *xml, const char *address, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhServer, ph_server_unref)

G_END_DECLS
