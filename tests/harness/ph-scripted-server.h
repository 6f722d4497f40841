/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A C test's hold on scripted-server.py, which plays a written conversation with one client. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PhScriptedServer PhScriptedServer;

/* Starts it: @script as scripted-server.py documents it, then its command line's options, %NULL at the end. It listens by
 * the time this returns. The certificates are in ph_scripted_server_certificate (). */
PhScriptedServer *ph_scripted_server_new         (const char *script, ...) G_GNUC_NULL_TERMINATED;
guint16           ph_scripted_server_get_port    (PhScriptedServer *self);
/* @base and the port: "imap://alice@localhost" → "imap://alice@localhost:40123" (transfer full) */
char             *ph_scripted_server_uri         (PhScriptedServer *self, const char *base);
/* Blocks until the script has come to `tell NAME` */
void              ph_scripted_server_await       (PhScriptedServer *self, const char *name);
/* Lets the script go on that stands at `wait NAME` */
void              ph_scripted_server_release     (PhScriptedServer *self, const char *name);
/* Waits for its end. A conversation that did not go as written fails the test, with the server's sentence. */
void              ph_scripted_server_finish      (PhScriptedServer *self);
/* As finish (), for tests that expect the mismatch: the server's sentence, NULL where all went as written (transfer full) */
char             *ph_scripted_server_get_mismatch (PhScriptedServer *self);
/* Ends it at once, and frees it */
void              ph_scripted_server_free        (PhScriptedServer *self);
/* "ca.pem", "client.pem", … in full (transfer full) */
char             *ph_scripted_server_certificate (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhScriptedServer, ph_scripted_server_free)

G_END_DECLS
