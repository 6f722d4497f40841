/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was given to which server, and what of it was refused: the same is not given twice. */
#pragma once

#include <posthorn/ph-secret.h>

G_BEGIN_DECLS

typedef struct _PhOffers PhOffers;

PhOffers *ph_offers_new    (void);
void      ph_offers_free   (PhOffers *self);
/* @secret is about to be given for @uri and @user (nullable). FALSE where it is what was refused there the last time. Any thread */
gboolean  ph_offers_give   (PhOffers *self, const char *uri, const char *user, PhSecret *secret);
/* The server of @uri did not accept what was given last */
void      ph_offers_refuse (PhOffers *self, const char *uri);

G_END_DECLS
