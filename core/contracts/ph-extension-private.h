/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* Once for each connection. @session and @engine are borrowed: whoever attaches says when they go. */
void ph_extension_attach  (PhExtension *self, PhSession *session, PhEngine *engine, const char *name, gboolean requested);
/* The connection ended. */
void ph_extension_detach  (PhExtension *self);
/* The session goes; a program may have the extension still. */
void ph_extension_forget  (PhExtension *self);
/* call the virtual function */
void ph_extension_deliver (PhExtension *self, GType type, gpointer boxed);

G_END_DECLS
