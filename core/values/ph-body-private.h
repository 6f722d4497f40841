/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading a body: the driver's side of PhBody. One reader at a time, from the start to the end. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* What can't be read here: a URL, or parts (transfer full) */
PhBody  *ph_body_new_remote    (const char *url, GPtrArray *parts, gint64 size);

/* Up to @count octets without waiting: 0 the end, -1 an error; G_IO_ERROR_WOULD_BLOCK: wait for ph_body_create_source (), or,
 * where ph_body_is_async (), use the async pair. */
gssize   ph_body_read          (PhBody *self, void *buffer, gsize count, GError **error);
/* A stream that can't be polled: only the async pair reads it. */
gboolean ph_body_is_async      (PhBody *self);
GSource *ph_body_create_source (PhBody *self);
void     ph_body_read_async    (PhBody *self, gsize count, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full); empty: the end */
GBytes  *ph_body_read_finish   (PhBody *self, GAsyncResult *result, GError **error);
/* Blocking, for sync calls on an async body */
gssize   ph_body_read_blocking (PhBody *self, void *buffer, gsize count, GCancellable *cancellable, GError **error);
/* In memory: what is left of it, and that it was read; NULL of any other */
const guint8 *ph_body_peek_memory (PhBody *self, gsize *length);
void     ph_body_skip          (PhBody *self, gsize length);
/* One of octets in memory gets others, or none, and is at its start again */
void     ph_body_set_bytes     (PhBody *self, GBytes *bytes);
/* Opens one that waits closed, and does nothing for others; without it the first look at its size or octets does so. FALSE: PH_ERROR_BODY */
gboolean ph_body_open          (PhBody *self, GError **error);

G_END_DECLS
