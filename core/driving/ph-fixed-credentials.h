/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A source of credentials that has its answer at hand, for blocking calls: they need no main context for it. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* FALSE: @credentials are of another kind. Otherwise @context was filled, or @error says why not, as lookup_finish () would */
gboolean ph_fixed_credentials_answer (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                                      GCancellable *cancellable, GError **error);

G_END_DECLS
