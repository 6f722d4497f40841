/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that the server must offer before they are sent: ETRN, XCLIENT, XFORWARD. */
#pragma once

#include "ph-smtp-core.h"

G_BEGIN_DECLS

PhCommand *ph_smtp_make_etrn       (const char *node);
/* @verb: a literal, "XCLIENT"; @attributes: "NAME=value" each, plain */
PhCommand *ph_smtp_make_attributes (const char *verb, const char *const *attributes);

/* FALSE where @line is too long for any command, or @command was made here and the server does not offer it, or not this much of it */
gboolean   ph_smtp_command_check   (PhSmtpCore *core, PhCommand *command, const char *line, GError **error);

G_END_DECLS
