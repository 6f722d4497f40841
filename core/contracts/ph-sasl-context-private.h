/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

void ph_sasl_context_set_mechanism (PhSaslContext *self, const char *mechanism);
void ph_sasl_context_next_step     (PhSaslContext *self);
/* wipes and forgets user, secret and token */
void ph_sasl_context_clear         (PhSaslContext *self);

G_END_DECLS
