/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What opening a connection takes from a connector. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* @self may be NULL. @is_local: a unix socket, to which nothing of it applies */
void ph_connector_prepare (PhConnector *self, GSocketClient *client, gboolean is_local);

G_END_DECLS
