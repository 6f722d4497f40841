/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a body is made of, for the files that make, open and read it. */
#pragma once

#include "ph-body-private.h"

G_BEGIN_DECLS

typedef enum {
  PH_BODY_KIND_BYTES,
  PH_BODY_KIND_FILE, /* a regular file: pread, which neither waits nor moves an offset that others share */
  PH_BODY_KIND_PIPE, /* any other descriptor: polled before each read */
  PH_BODY_KIND_STREAM,
  PH_BODY_KIND_REMOTE /* a URL, or parts: never read by itself */
} PhBodyKind;

struct _PhBody {
  GObject parent_instance;

  PhBodyKind kind;
  gint64 size;

  GBytes *bytes;
  GInputStream *stream;
  gboolean pollable;
  int fd;
  gboolean owns_fd;
  GFile *file; /* to be opened when its turn comes, and closed behind its end; else NULL */
  gboolean is_closed;

  char *url;
  GPtrArray *parts; /* PhBody */

  goffset start; /* where the body begins in the file or stream */
  guint64 position;
};

PhBody  *ph_body_new_of_kind (PhBodyKind kind);
gboolean ph_body_can_seek    (GInputStream *stream);
/* One that waits closed is closed again until it is sent once more; its size is kept */
void     ph_body_close_file  (PhBody *self);

G_END_DECLS
