/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What opening a connection takes from a connector. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* @self may be NULL. Nothing of it applies to a unix socket */
void ph_connector_prepare (PhConnector *self, GSocketClient *client, GSocketConnectable *address);
/* Whatever it connects to, by no proxy and from any address. @self may be NULL */
gboolean ph_connector_is_direct (PhConnector *self, gboolean to_this_host);
/* Not looked for behind the system's proxies, which may be other machines */
gboolean ph_host_is_this (const char *host);

/* ph-connection-direct.c: TRUE where @host is an address by number that ph_direct_connect () reaches. @port may be 0: none */
gboolean ph_direct_applies (PhConnector *connector, const char *host, guint16 port);
/* Blocks. @timeout: seconds, 0 without end */
PhConnection *ph_direct_connect (const char *host, guint16 port, guint timeout, GCancellable *cancellable, GError **error);
void ph_socket_set_options (int fd);

G_END_DECLS
