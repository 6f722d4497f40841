/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* Once, right behind its creation. @session and @engine are held weakly. */
void ph_extension_attach (PhExtension *self, PhSession *session, PhEngine *engine, const char *name, gboolean requested);

G_END_DECLS
