/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A .netrc file: where it is, who may read it, what it says. */
#pragma once

#include <posthorn/ph-secret.h>

G_BEGIN_DECLS

/* $NETRC, or ~/.netrc. (transfer full) */
char    *netrc_default_path (void);
/* Who logs in to @host, and the password; each may come as NULL. @user NULL: whoever comes first. PH_ERROR_NO_CREDENTIALS. Blocks */
gboolean netrc_read         (const char *path, const char *host, const char *user, char **login, PhSecret **password, GError **error);

G_END_DECLS
