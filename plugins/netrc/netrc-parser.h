/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The grammar of a .netrc file. */
#pragma once

#include <posthorn/ph-secret.h>

G_BEGIN_DECLS

/* Strings lie in the text that was parsed; NULL where the entry has none */
typedef struct {
  const char *login;
  const char *password;
  const char *account;
} NetrcEntry;

typedef enum {
  NETRC_FOUND,
  NETRC_NOTHING,  /* for this machine and user */
  NETRC_MALFORMED
} NetrcResult;

/*
 * Finds who logs in to @host. @user NULL: whoever comes first.
 * @text: changed on the way; @length octets and one more, which is overwritten
 * @line: where it is malformed, from 1
 */
NetrcResult netrc_find (char *text, gsize length, const char *host, const char *user, NetrcEntry *entry, guint *line);

G_END_DECLS
