/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection that is one descriptor: what TCP, unix sockets, child processes and pumped streams have in common. */
#pragma once

#include <posthorn/posthorn.h>

#include <sys/socket.h>

G_BEGIN_DECLS

#define PH_TYPE_FD_CONNECTION (ph_fd_connection_get_type ())
G_DECLARE_DERIVABLE_TYPE (PhFdConnection, ph_fd_connection, PH, FD_CONNECTION, GObject)

struct _PhFdConnectionClass {
  GObjectClass parent_class;
};

/* Makes @fd non-blocking and close-on-exec and hands it to @self; where that fails, @fd stays the caller's. */
gboolean ph_fd_connection_take        (PhFdConnection *self, int fd, GError **error);
/* The same for a TCP socket that was made close-on-exec, and non-blocking unless it @can_wait, and is connected to @peer: nothing is left to
 * ask the kernel for */
void     ph_fd_connection_take_own    (PhFdConnection *self, int fd, const struct sockaddr *peer, gboolean can_wait);
/* What describe() says from now on, in place of the peer's address */
void     ph_fd_connection_set_name    (PhFdConnection *self, const char *name);
/* What is behind the descriptor is not who is at its other end (a proxy, a pump): that this one is near says nothing */
void     ph_fd_connection_set_distant (PhFdConnection *self);
/* What close() does; for subclasses. Once closed, nothing. */
void     ph_fd_connection_shut        (PhFdConnection *self);

/* TCP to an address of this machine. Nobody else can listen, but it is not what ph_connection_is_local () means. */
gboolean ph_connection_is_loopback    (PhConnection *self);
/* Whether a read can wait for what comes, one call where there would be two; otherwise the connection has to be polled */
gboolean ph_connection_can_wait       (PhConnection *self);
/* The next read of one that can does, for @most microseconds (-1: without end) or less. Nothing where @most is 0. */
void     ph_connection_wait_in_read   (PhConnection *self, gint64 most);
/* Both ends are stream sockets, close-on-exec; a GError and nothing opened where that fails */
gboolean ph_socket_pair               (int fds[2], GError **error);
/* A source that fires while @condition holds on @fd (always, where that is -1); its callback is a GSourceFunc */
GSource *ph_fd_source_new             (int fd, GIOCondition condition);
/* A source that fires whenever one of those that are added to it does; its callback is a GSourceFunc */
GSource *ph_either_source_new         (void);
/* Takes @child over */
void     ph_either_source_add         (GSource *self, GSource *child);

G_END_DECLS
