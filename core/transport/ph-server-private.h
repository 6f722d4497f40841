/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* A mail address or domain, taken apart: @local (nullable), @domain in ASCII. PH_ERROR_INVALID_ARGUMENT */
gboolean  ph_server_read_address (const char *address, char **local, char **domain, GError **error);
/* NULL where @host is none. @domain: the address's, in ASCII */
PhServer *ph_server_new          (const PhScheme *scheme, const char *host, guint port, const char *user, const char *domain);

G_END_DECLS
