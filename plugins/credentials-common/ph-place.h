/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a session's URI says of who logs in where, as keyrings and accounts have it. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef struct {
  char *service; /* "imap", also of "imaps:" */
  char *host;    /* in lower case and ASCII */
  char *user;    /* NULL: not named */
  guint16 port;  /* that of TLS from the first octet stands for all that the service's schemes have of their own */
} PhPlace;

/* PH_ERROR_INVALID_URI: no such scheme, or no host */
gboolean ph_place_read  (PhPlace *self, const char *uri, GError **error);
void     ph_place_clear (PhPlace *self);
/* Whether @port is a way to the same server */
gboolean ph_place_has_port (const PhPlace *self, guint port);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PhPlace, ph_place_clear)

G_END_DECLS
