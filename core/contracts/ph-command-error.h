/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* What a reply that is not OK means for the command called @name; @reply NULL: none came. (transfer full) */
GError *ph_command_error_new (const char *name, PhReply *reply);

G_END_DECLS
