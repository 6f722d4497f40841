/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the posthorn command's files share: options, sessions, tables, JSON, exit codes. */
#pragma once

#include <posthorn/posthorn.h>
#include <stdio.h>
#include <sysexits.h>

/* One command: how it is called, what its help teaches, what it runs. */
typedef struct
{
  const char *name;
  const char *arguments;       /* "URI MAILBOX [FILE]" */
  const char *summary;         /* one line */
  const char *help;            /* examples and exit codes */
  int min_args;
  int max_args;                /* -1: any number */
  const GOptionEntry *entries; /* its own options, or NULL */
  const GOptionEntry *more_entries;
  gboolean has_session;        /* takes the options about server and login */
  gboolean has_minus_words;    /* "-seen" is an argument, not an option */
  int (*run) (char **args);    /* NULL-terminated; returns the exit code */
} ToolCommand;

extern const ToolCommand tool_acl_command;
extern const ToolCommand tool_append_command;
extern const ToolCommand tool_copy_command;
extern const ToolCommand tool_decode_command;
extern const ToolCommand tool_expunge_command;
extern const ToolCommand tool_fetch_command;
extern const ToolCommand tool_flag_command;
extern const ToolCommand tool_mailboxes_command;
extern const ToolCommand tool_metadata_command;
extern const ToolCommand tool_move_command;
extern const ToolCommand tool_notify_command;
extern const ToolCommand tool_password_command;
extern const ToolCommand tool_plugins_command;
extern const ToolCommand tool_probe_command;
extern const ToolCommand tool_quota_command;
extern const ToolCommand tool_search_command;
extern const ToolCommand tool_send_command;
extern const ToolCommand tool_shell_command;
extern const ToolCommand tool_sort_command;
extern const ToolCommand tool_watch_command;
extern const ToolCommand tool_status_command;
extern const ToolCommand tool_thread_command;

/* The options that commands share, as given. */
typedef struct
{
  gboolean json;
  gboolean trace;
  gboolean allow_plaintext;
  gboolean compress;
  char *ca;
  char *cert;
  char *key;
  char *pkcs12;
  char *key_password_file;
  char **pins;
  char **crls;
  char *tls_min;
  char *dane;
  char *proxy;
  char *proxy_password_file;
  char *source_address;
  char *mechanism;
  char *user;
  char *credentials; /* name of a plugin's source */
  char *password_file;
  char *password_command;
  char *token_file;
  char *token_command;
  char *authorize_as;
  char *tls;
  int timeout; /* seconds, -1: the library's own */
} ToolOptions;

extern ToolOptions tool_options;

GOptionGroup *tool_options_group_new (const ToolCommand *command);
gboolean tool_options_check (GError **error);

/* exit.c: every message to a person, and the exit code that goes with an error */
int tool_exit_status (const GError *error);
int tool_fail (const GError *error);
int tool_fail_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);
int tool_finish_output (int status);
void tool_note (const char *format, ...) G_GNUC_PRINTF (1, 2);
gboolean tool_set_error (GError **error, PhError code, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* interrupt.c: cancelled by SIGINT, SIGTERM or SIGHUP */
GCancellable *tool_cancellable (void);
void tool_catch_signals (void);

/* session.c */
PhSession *tool_session_new (const char *uri, GType role, GError **error);
PhStore *tool_store_new (const char *uri, GError **error);
void tool_session_end (void);
gboolean tool_session_has_login (PhSession *session);

/* credentials.c, password.c */
PhCredentials *tool_credentials_new (const char *user);
PhSecret *tool_read_password (const char *prompt, GError **error);
PhSecret *tool_read_token (GError **error);
gboolean tool_has_password (void);
gboolean tool_has_token (void);
/* @path: NULL: the person at the terminal is asked */
PhSecret *tool_read_secret (const char *path, const char *prompt, GError **error);
gboolean tool_can_ask (void);

/* probe-tls.c */
typedef enum
{
  TOOL_RESUMPTION_UNKNOWN,
  TOOL_RESUMES,
  TOOL_RESUMES_NOT
} ToolResumption;

void tool_probe_check_tls (PhTlsInfo *tls, GPtrArray *warnings);
void tool_probe_print_tls (PhTlsInfo *tls, ToolResumption resumption);
void tool_probe_json_tls (PhTlsInfo *tls, ToolResumption resumption);

/* trace.c */
void tool_trace_session (PhSession *session);

/* input.c: a message from a file, "-" or NULL being standard input */
PhBody *tool_message_open (const char *path, GError **error);
int tool_message_copy (const char *path, GError **error);

/* envelope.c: what the options of send ask of the server, onto an envelope with its recipients */
extern const GOptionEntry tool_envelope_entries[];
gboolean tool_envelope_ask (PhEnvelope *envelope, GError **error);

/* search-keys.c */
PhQuery *tool_parse_keys (char **words, GError **error);

/* cmd-flag.c: "seen" as "\\Seen" */
char *tool_flag_name (const char *word);
char **tool_flag_names (char **words);

/* progress.c */
typedef struct _ToolProgress ToolProgress;
ToolProgress *tool_progress_new (PhSession *session, const char *what, guint64 n_steps);
void tool_progress_step (ToolProgress *self);
void tool_progress_free (ToolProgress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolProgress, tool_progress_free)

/* text.c: what a server or a file said, safe to print */
char *tool_clean (const char *text);
char *tool_flags_words (GType type, guint value, const char *separator);
const char *tool_enum_word (GType type, int value);
char *tool_format_size (guint64 octets);
int tool_text_width (const char *text);
/* A label and what it is for; nothing where @text is empty */
void tool_print_line (const char *label, const char *text);

/* table.c: columns on standard output; rows are printed as they come, a few hundred at a time */
typedef struct _ToolTable ToolTable;
ToolTable *tool_table_new (const char *const *headings);
void tool_table_add (ToolTable *self, const char *first, ...) G_GNUC_NULL_TERMINATED;
void tool_table_end (ToolTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolTable, tool_table_end)

/* json.c: one JSON text after another on standard output, each on its line */
void tool_json_open_object (void);
void tool_json_close_object (void);
void tool_json_open_array (void);
void tool_json_close_array (void);
void tool_json_key (const char *key);
void tool_json_null (void);
void tool_json_boolean (gboolean value);
void tool_json_number (guint64 value);
void tool_json_integer (gint64 value);
void tool_json_string (const char *text);
void tool_json_bytes (const char *key, const void *data, gsize length);
void tool_json_end (void);
void tool_json_member (const char *key, const char *text);
void tool_json_member_number (const char *key, guint64 value);
void tool_json_member_boolean (const char *key, gboolean value);
void tool_json_member_words (const char *key, const char *const *words);
void tool_json_member_flags (const char *key, GType type, guint value);
void tool_json_member_date (const char *key, GDateTime *date);

/* json-values.c: what the library returns, as JSON */
void tool_json_value (const PhValue *value);
void tool_json_response (const PhResponse *response);
void tool_json_member_reply (const char *key, PhReply *reply);
