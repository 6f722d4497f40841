/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSession: one conversation with one server; PhTransport and PhStore are what it is by its role. */
#pragma once

#include <posthorn/ph-engine.h>
#include <posthorn/ph-security-policy.h>

G_BEGIN_DECLS

#define PH_TYPE_SESSION (ph_session_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_DERIVABLE_TYPE (PhSession, ph_session, PH, SESSION, GObject)

struct _PhSessionClass {
  GObjectClass parent_class;
  gpointer     reserved[8];
};

/**
 * PhTraceDirection:
 * @PH_TRACE_NOTE: what the library did (connected, TLS is on, picked a mechanism)
 * @PH_TRACE_SENT: octets sent, secrets as `***`, before TLS and compression
 * @PH_TRACE_RECEIVED: octets received, behind TLS and compression
 *
 * Of [signal@Session::trace].
 */
typedef enum {
  PH_TRACE_NOTE,
  PH_TRACE_SENT,
  PH_TRACE_RECEIVED
} PhTraceDirection;

/**
 * PhTimeoutStage:
 * @PH_TIMEOUT_CONNECT: until the connection stands
 * @PH_TIMEOUT_TLS: for one TLS handshake
 * @PH_TIMEOUT_GREETING: until the greeting
 * @PH_TIMEOUT_COMMAND: until a command's reply, or more of it, comes
 * @PH_TIMEOUT_CONTENT: for the server to take the next piece of a message
 * @PH_TIMEOUT_DELIVERED: from a message's end to its reply
 * @PH_TIMEOUT_IDLE: until the waiting for changes is renewed
 *
 * Which patience of [struct@Timeouts] is meant.
 */
typedef enum {
  PH_TIMEOUT_CONNECT,
  PH_TIMEOUT_TLS,
  PH_TIMEOUT_GREETING,
  PH_TIMEOUT_COMMAND,
  PH_TIMEOUT_CONTENT,
  PH_TIMEOUT_DELIVERED,
  PH_TIMEOUT_IDLE
} PhTimeoutStage;

/*
 * Signals: "trace" (PhTraceDirection, GBytes), "progress" (PhCommand, guint64 done, guint64 total),
 * "response" (PhResponse that nobody claimed), "alert" (string), "warning" (GError), "capabilities-changed",
 * "accept-certificate" (PhTlsInfo) → gboolean (FALSE by default), "closed" (GError or NULL).
 */

/* PH_ERROR_INVALID_URI, PH_ERROR_UNKNOWN_SCHEME, PH_ERROR_PLUGIN. Nothing is connected yet. (transfer full) */
PH_AVAILABLE_IN_1_0 PhSession     *ph_session_new                (const char *uri, GError **error);
/* A session with a program that is run, its standard input and output being the connection: "imap", { "ssh", "host", "imapd", NULL }. Each
 * opening runs it anew. A URI can't say this. PH_ERROR_UNKNOWN_SCHEME, PH_ERROR_PLUGIN (transfer full) */
PH_AVAILABLE_IN_1_0 PhSession     *ph_session_new_for_command    (const char *scheme, const char *const *argv, GError **error);
PH_AVAILABLE_IN_1_0 const char    *ph_session_get_uri            (PhSession *self);
PH_AVAILABLE_IN_1_0 const char    *ph_session_get_host           (PhSession *self);

/* before open */
/* In place of the URI's address, a connection that stands; @connection is owned by the session from now on (transfer none: referenced) */
PH_AVAILABLE_IN_1_0 void           ph_session_set_connection     (PhSession *self, PhConnection *connection);
/* By which way connections are made; NULL: the system's */
PH_AVAILABLE_IN_1_0 void           ph_session_set_connector      (PhSession *self, PhConnector *connector);
PH_AVAILABLE_IN_1_0 PhConnector   *ph_session_get_connector      (PhSession *self);
PH_AVAILABLE_IN_1_0 void           ph_session_set_user           (PhSession *self, const char *user);
PH_AVAILABLE_IN_1_0 const char    *ph_session_get_user           (PhSession *self);
/* Whose mail the server serves, where it was found by that: its certificate may be made out to the domain or to the domain's service as well as to
 * the host (RFC 7817). FALSE with PH_ERROR_INVALID_ARGUMENT; NULL: not said. Counts from the next opening on. */
PH_AVAILABLE_IN_1_0 gboolean       ph_session_set_domain         (PhSession *self, const char *domain, GError **error);
PH_AVAILABLE_IN_1_0 const char    *ph_session_get_domain         (PhSession *self);
/* Whom to act as (authorization identity); NULL: who logs in */
PH_AVAILABLE_IN_1_0 void           ph_session_set_authorization  (PhSession *self, const char *authorization);
PH_AVAILABLE_IN_1_0 const char    *ph_session_get_authorization  (PhSession *self);
PH_AVAILABLE_IN_1_0 void           ph_session_set_password       (PhSession *self, const char *password);
PH_AVAILABLE_IN_1_0 void           ph_session_set_credentials    (PhSession *self, PhCredentials *credentials);
PH_AVAILABLE_IN_1_0 PhCredentials *ph_session_get_credentials    (PhSession *self);
PH_AVAILABLE_IN_1_0 void           ph_session_set_policy         (PhSession *self, PhSecurityPolicy *policy);
PH_AVAILABLE_IN_1_0 PhSecurityPolicy *ph_session_get_policy      (PhSession *self);
/* what EHLO says; NULL: this machine's name, or its address in brackets */
PH_AVAILABLE_IN_1_0 void           ph_session_set_hello_name     (PhSession *self, const char *name);
PH_AVAILABLE_IN_1_0 const char    *ph_session_get_hello_name     (PhSession *self);
/* seconds; 0: without end */
PH_AVAILABLE_IN_1_0 void           ph_session_set_timeout        (PhSession *self, PhTimeoutStage stage, guint seconds);
PH_AVAILABLE_IN_1_0 void           ph_session_set_limits         (PhSession *self, const PhLimits *limits);
/* A feature that is used only when asked for: "COMPRESS=DEFLATE", "ID" */
PH_AVAILABLE_IN_1_0 void           ph_session_use                (PhSession *self, const char *feature);
PH_AVAILABLE_IN_1_0 gboolean       ph_session_uses               (PhSession *self, const char *feature);

/* Greeting, capabilities, STARTTLS, login. Called by itself at the first command. Once open, does nothing. */
PH_AVAILABLE_IN_1_0 gboolean       ph_session_open               (PhSession *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_session_open_async         (PhSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean       ph_session_open_finish        (PhSession *self, GAsyncResult *result, GError **error);
/* As who user, authorization and credentials now say, on a connection that is logged in no more or not yet. PH_ERROR_WRONG_STATE where somebody is */
PH_AVAILABLE_IN_1_0 gboolean       ph_session_log_in             (PhSession *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_session_log_in_async       (PhSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean       ph_session_log_in_finish      (PhSession *self, GAsyncResult *result, GError **error);
/* QUIT or LOGOUT, then the connection's end. An unopened or lost session closes with success. */
PH_AVAILABLE_IN_1_0 gboolean       ph_session_close              (PhSession *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_session_close_async        (PhSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean       ph_session_close_finish       (PhSession *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 gboolean       ph_session_is_open            (PhSession *self);

/* The one triple that runs every command. FALSE and the command's error where it failed; the command keeps its result. */
PH_AVAILABLE_IN_1_0 gboolean       ph_session_run                (PhSession *self, PhCommand *command, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_session_run_async          (PhSession *self, PhCommand *command, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean       ph_session_run_finish         (PhSession *self, GAsyncResult *result, GError **error);

/* The raw door: sends @line, returns the reply, refusals included; an error only where there is no reply. (transfer full) */
PH_AVAILABLE_IN_1_0 PhReply       *ph_session_command            (PhSession *self, const char *line, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_session_command_async      (PhSession *self, const char *line, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhReply       *ph_session_command_finish     (PhSession *self, GAsyncResult *result, GError **error);
/* A command by name with typed arguments (a list, or NULL), an extension's own class where one answers to @name. (transfer full) */
PH_AVAILABLE_IN_1_0 PhCommand     *ph_session_make_command       (PhSession *self, const char *name, const PhValue *arguments);

PH_AVAILABLE_IN_1_0 gboolean       ph_session_noop               (PhSession *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_session_noop_async         (PhSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 gboolean       ph_session_noop_finish        (PhSession *self, GAsyncResult *result, GError **error);

/* As the server listed them last; empty before open. (transfer none) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 const char *const *ph_session_get_capabilities (PhSession *self);
/* case-insensitive, by the first word: "SIZE", "QUOTA", "AUTH=PLAIN" */
PH_AVAILABLE_IN_1_0 gboolean       ph_session_has_capability     (PhSession *self, const char *name);
/* What stands behind it: "1000" of "SIZE 1000"; NULL without it, "" without more */
PH_AVAILABLE_IN_1_0 const char    *ph_session_get_capability     (PhSession *self, const char *name);
/* (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhReply       *ph_session_get_greeting       (PhSession *self);
/* The reply to QUIT or LOGOUT that the last session ended with (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhReply       *ph_session_get_farewell       (PhSession *self);
/* NULL without TLS (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhTlsInfo     *ph_session_get_tls_info       (PhSession *self);
/* "SCRAM-SHA-256", "*" for the protocol's own login command; NULL without a login */
PH_AVAILABLE_IN_1_0 const char    *ph_session_get_mechanism      (PhSession *self);
/* An extension's typed interface, PH_TYPE_QUOTA; NULL: this server has none. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhExtension   *ph_session_get_extension      (PhSession *self, GType type);
/* The same, of a session that is opened when needed; PH_ERROR_NOT_SUPPORTED where this server has none, or no plugin for it is installed.
 * (transfer none) */
PH_AVAILABLE_IN_1_0 PhExtension   *ph_session_require_extension        (PhSession *self, GType type, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void           ph_session_require_extension_async  (PhSession *self, GType type, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhExtension   *ph_session_require_extension_finish (PhSession *self, GAsyncResult *result, GError **error);
/* The engine, for who writes an extension. (transfer none) */
PH_AVAILABLE_IN_1_0 PhEngine      *ph_session_get_engine         (PhSession *self);


G_END_DECLS
