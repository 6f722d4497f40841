/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FETCH responses of nothing but flags and a UID, read in one pass. */
#pragma once

#include <posthorn/posthorn-plugin.h>

/* Octets of a response; longer ones are none of these. */
#define PH_IMAP_FLAGS_LONGEST 512

typedef struct {
  PhValueBuilderHead tree;       /* where each response's begins */

  /* of the last */
  guint32            number;
  guint32            uid;
  const PhValue     *attributes; /* UID, its number, FLAGS, their list; valid until the next, or a call of the builder */
} PhImapFlags;

/* @builder: stays untouched while @self is used */
void  ph_imap_flags_begin (PhImapFlags *self, PhValueBuilder *builder);
/* How many octets the response at @data takes, line end included; 0 where it is none of these, or not whole */
gsize ph_imap_flags_read  (PhImapFlags *self, const char *data, gsize length);
