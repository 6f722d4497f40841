/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Two threads that carry octets between a stream that can only be waited for and a socket that can be polled. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PhStreamPump PhStreamPump;

/* Begins to carry between @stream and @fd, a blocking socket that it owns from now on */
PhStreamPump *ph_stream_pump_new       (GIOStream *stream, int fd);
/* What @stream failed with, for who finds the socket closed; NULL for an ordinary end. (transfer full) */
GError       *ph_stream_pump_get_error (PhStreamPump *self);
/* Nobody reads any more: what was written still goes out, then @stream is closed, both without being waited for */
void          ph_stream_pump_end       (PhStreamPump *self);

/* Closes @stream in a thread where that might wait */
void          ph_stream_close_quietly  (GIOStream *stream);

G_END_DECLS
