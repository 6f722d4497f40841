/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a session's URI says of who logs in where, as keyrings and accounts have it. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef struct {
  char *service; /* "imap", also of "imaps:" */
  char *host;    /* in lower case and ASCII */
  char *user;    /* NULL: not named */
  guint16 port;  /* 0: the scheme's own */
} PhPlace;

/* PH_ERROR_INVALID_URI: no such scheme, or no host */
gboolean ph_place_read  (PhPlace *self, const char *uri, GError **error);
void     ph_place_clear (PhPlace *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PhPlace, ph_place_clear)

G_END_DECLS
