/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses out of an ENVELOPE. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* One of an envelope's lives in it, and holds it. */
struct _PhAddress {
  gatomicrefcount    refs;
  PhMessageEnvelope *envelope; /* NULL: it stands alone */
  const char        *name;
  const char        *email;
};

/* The members of an env-from and its like, at most as many as @list has children, into @addresses. Their text stays where it is,
 * goes to *@text, which has as many octets as the list, or into @decoded, which is made where it is needed. */
guint ph_address_read_list (const PhValue *list, PhMessageEnvelope *envelope, PhAddress *addresses, char **text, GPtrArray **decoded);

G_END_DECLS
