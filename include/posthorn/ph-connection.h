/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The way to the server: octets in, octets out, and how to wait for either. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_CONNECTION (ph_connection_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhConnection, ph_connection, PH, CONNECTION, GObject)

/**
 * PhConnectionInterface:
 * @try_read: up to @count octets without waiting. 0 is the end of the stream; -1 an error, %G_IO_ERROR_WOULD_BLOCK where
 *   there is nothing yet
 * @try_write: up to @count octets without waiting; how many were taken, or -1 and an error as above
 * @get_fd: the descriptor that becomes ready for @condition (%G_IO_IN or %G_IO_OUT), -1 where there is none
 * @create_source: for connections without a descriptor: a source that fires once @condition may hold; its callback is a
 *   #GSourceFunc. May be %NULL where get_fd always answers.
 * @close: ends it; further calls give %G_IO_ERROR_CLOSED. Called once, never blocks.
 * @is_local: nobody on a network can read or change what passes (unix socket, pipe): plain passwords are allowed.
 *   %NULL means no.
 * @describe: for people: "127.0.0.1:25", "/run/dovecot/lmtp". (transfer full)
 *
 * A connection knows nothing of what it carries. It is used by one thread at a time.
 */
struct _PhConnectionInterface {
  GTypeInterface g_iface;

  gssize    (*try_read)      (PhConnection *self, void *buffer, gsize count, GError **error);
  gssize    (*try_write)     (PhConnection *self, const void *buffer, gsize count, GError **error);
  int       (*get_fd)        (PhConnection *self, GIOCondition condition);
  GSource  *(*create_source) (PhConnection *self, GIOCondition condition);
  void      (*close)         (PhConnection *self);
  gboolean  (*is_local)      (PhConnection *self);
  char     *(*describe)      (PhConnection *self);

  gpointer reserved[8];
};

PH_AVAILABLE_IN_1_0 gssize    ph_connection_try_read      (PhConnection *self, void *buffer, gsize count, GError **error);
PH_AVAILABLE_IN_1_0 gssize    ph_connection_try_write     (PhConnection *self, const void *buffer, gsize count, GError **error);
PH_AVAILABLE_IN_1_0 int       ph_connection_get_fd        (PhConnection *self, GIOCondition condition);
PH_AVAILABLE_IN_1_0 GSource  *ph_connection_create_source (PhConnection *self, GIOCondition condition);
PH_AVAILABLE_IN_1_0 void      ph_connection_close         (PhConnection *self);
PH_AVAILABLE_IN_1_0 gboolean  ph_connection_is_local      (PhConnection *self);
PH_AVAILABLE_IN_1_0 char     *ph_connection_describe      (PhConnection *self);

/*
 * Ours. open: by TCP (all addresses, happy eyeballs, system proxies) or unix socket, for a URI of any installed scheme;
 * PH_ERROR_HOST_NOT_FOUND, PH_ERROR_CONNECT, PH_ERROR_TIMED_OUT. @timeout in seconds, 0 for none.
 */
PH_AVAILABLE_IN_1_0 PhConnection *ph_connection_open            (const char *uri, guint timeout, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void          ph_connection_open_async      (const char *uri, guint timeout, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhConnection *ph_connection_open_finish     (GAsyncResult *result, GError **error);
/* A child process' standard input and output; ended by close(). @argv: never from a URI. */
PH_AVAILABLE_IN_1_0 PhConnection *ph_connection_new_for_command (const char *const *argv, GError **error);
/* A connected stream socket, or a descriptor that can be polled; owned from now on */
PH_AVAILABLE_IN_1_0 PhConnection *ph_connection_new_for_fd      (int fd, GError **error);
/* Any stream: pollable as it is, others through a socket pair and a pump */
PH_AVAILABLE_IN_1_0 PhConnection *ph_connection_new_for_stream  (GIOStream *stream, GError **error);

/* By which way: proxy, and address of this machine. Shared by any number of sessions; set up before the first uses it, then any thread. */
#define PH_TYPE_CONNECTOR (ph_connector_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhConnector, ph_connector, PH, CONNECTOR, GObject)

PH_AVAILABLE_IN_1_0 PhConnector  *ph_connector_new                (void);
/* "socks5://host:port", "socks4a:", "socks4:", "http:", "https:"; "direct://": none; NULL: the system's. PH_ERROR_INVALID_ARGUMENT */
PH_AVAILABLE_IN_1_0 gboolean      ph_connector_set_proxy          (PhConnector *self, const char *uri, GError **error);
PH_AVAILABLE_IN_1_0 const char   *ph_connector_get_proxy          (PhConnector *self);
/* "192.0.2.7"; NULL: any. PH_ERROR_INVALID_ARGUMENT */
PH_AVAILABLE_IN_1_0 gboolean      ph_connector_set_source_address (PhConnector *self, const char *address, GError **error);
PH_AVAILABLE_IN_1_0 const char   *ph_connector_get_source_address (PhConnector *self);
/* As ph_connection_open () */
PH_AVAILABLE_IN_1_0 PhConnection *ph_connector_open               (PhConnector *self, const char *uri, guint timeout, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void          ph_connector_open_async         (PhConnector *self, const char *uri, guint timeout, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhConnection *ph_connector_open_finish        (PhConnector *self, GAsyncResult *result, GError **error);

G_END_DECLS
