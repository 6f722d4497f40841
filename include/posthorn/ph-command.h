/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A command as an object: it writes its arguments, reads its own answers and keeps its result. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

/**
 * PhCommandState:
 * @PH_COMMAND_NEW: not submitted
 * @PH_COMMAND_QUEUED: submitted, not a byte of it written
 * @PH_COMMAND_SENT: some of it written, its reply is awaited
 * @PH_COMMAND_DONE: ended; reply, result and error stand
 *
 * Where a command is in its one life; a command is run once.
 */
typedef enum {
  PH_COMMAND_NEW,
  PH_COMMAND_QUEUED,
  PH_COMMAND_SENT,
  PH_COMMAND_DONE
} PhCommandState;

/**
 * PhCommandFlags:
 * @PH_COMMAND_NONE: may share the line with others (pipelining)
 * @PH_COMMAND_ALONE: waits until all before it are done, and nothing follows until it is
 * @PH_COMMAND_IDLE: runs until interrupted (IDLE); the engine interrupts it when another is submitted
 * @PH_COMMAND_SECRET: its line is hidden in traces
 * @PH_COMMAND_RESETS: a reply that is OK leaves the session as it was before the login: no mailbox is selected, nothing is enabled, layers
 *   above TLS are off and extensions reset. Such a command runs alone. IMAP4 only
 * @PH_COMMAND_SELECTED: is about the selected mailbox: without one when it is the command's turn, it fails unsent with
 *   %PH_ERROR_WRONG_STATE. IMAP4 only
 *
 * How an engine may schedule a command.
 */
typedef enum {
  PH_COMMAND_NONE     = 0,
  PH_COMMAND_ALONE    = 1 << 0,
  PH_COMMAND_IDLE     = 1 << 1,
  PH_COMMAND_SECRET   = 1 << 2,
  PH_COMMAND_RESETS   = 1 << 3,
  PH_COMMAND_SELECTED = 1 << 4
} PhCommandFlags;

#define PH_TYPE_COMMAND (ph_command_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_DERIVABLE_TYPE (PhCommand, ph_command, PH, COMMAND, GObject)

/**
 * PhCommandClass:
 * @write: writes what stands behind the tag: the command's name and arguments. The default writes
 *   the name and the arguments that the command was made with.
 * @receive: an untagged response while the command runs; %TRUE claims it. The engine has done its own
 *   bookkeeping before. Copy what is to be kept. The default keeps, in the reply, responses whose name is the command's.
 * @proceed: a continuation request that belongs to the command and not to one of its literals; may
 *   write a further line through @writer. %FALSE: not expected (a protocol error). The default expects none.
 * @interrupt: the command runs until told to stop (%PH_COMMAND_IDLE): writes the line that ends it
 * @finish: the reply came. Turns what was read into the result (ph_command_take_result ()), or sets an error
 *   of its own and returns %FALSE. Called only for a reply that is OK. The default does nothing.
 * @get_filter: what is to be put into the channel right behind a reply that is OK (COMPRESS). A channel
 *   takes six such layers, TLS among them; one more ends the session with %PH_ERROR_LIMIT. (transfer full) (nullable)
 * @next_part: for a command that may be made of others, in place of one that a server doesn't have: asked when it is the command's turn,
 *   with %NULL and %NULL, and then with each part that succeeded and its reply; no other command comes between. %NULL: there are no more, and
 *   the command ends with the last part's reply; at first: the command writes itself. Where the server answers that with OK or BAD, it is asked
 *   once more, with @self and the reply. A part that fails is the command's failure. The default has none. IMAP4 only. (transfer full) (nullable)
 * @take_items: @part has items: take all of them, by ph_command_pop_item ()
 * @refuse: what a reply that isn't OK means, where its response code is the command's own; %NULL: what it always means. (transfer full)
 *
 * Virtual functions are called by the engine while it parses or writes; they must not call the session.
 */
struct _PhCommandClass {
  GObjectClass parent_class;

  void      (*write)      (PhCommand *self, PhWriter *writer);
  gboolean  (*receive)    (PhCommand *self, const PhResponse *response);
  gboolean  (*proceed)    (PhCommand *self, const PhResponse *continuation, PhWriter *writer);
  void      (*interrupt)  (PhCommand *self, PhWriter *writer);
  gboolean  (*finish)     (PhCommand *self, PhReply *reply, GError **error);
  PhFilter *(*get_filter) (PhCommand *self);
  PhCommand *(*next_part) (PhCommand *self, PhCommand *previous, PhReply *reply);
  void      (*take_items) (PhCommand *self, PhCommand *part);
  GError   *(*refuse)     (PhCommand *self, PhReply *reply);

  gpointer reserved[5];
};

/* A command of any name; @arguments: a list, or NULL. (transfer full) */
PH_AVAILABLE_IN_1_0 PhCommand      *ph_command_new           (const char *name, const PhValue *arguments);
/* The raw door: a line as it is to be sent, without tag and line end. CR, LF and NUL make it fail unsent. Its reply holds
 * every untagged response that came meanwhile. (transfer full) */
PH_AVAILABLE_IN_1_0 PhCommand      *ph_command_new_line      (const char *line);

PH_AVAILABLE_IN_1_0 const char     *ph_command_get_name      (PhCommand *self);
PH_AVAILABLE_IN_1_0 PhCommandState  ph_command_get_state     (PhCommand *self);
PH_AVAILABLE_IN_1_0 PhCommandFlags  ph_command_get_flags     (PhCommand *self);
/* before it is submitted */
PH_AVAILABLE_IN_1_0 void            ph_command_set_flags     (PhCommand *self, PhCommandFlags flags);
/* By which the server names it (IMAP4): "A7"; NULL: it was not sent yet. Of a command that was sent as several lines, the last one's */
PH_AVAILABLE_IN_1_0 const char     *ph_command_get_tag       (PhCommand *self);
/* Capabilities, with blanks between, of which the server must offer one when it is the command's turn; else it fails unsent with
 * PH_ERROR_NOT_SUPPORTED. NULL: none. Before it is submitted */
PH_AVAILABLE_IN_1_0 void            ph_command_set_needs     (PhCommand *self, const char *capabilities);
PH_AVAILABLE_IN_1_0 const char     *ph_command_get_needs     (PhCommand *self);
/* The server's last word on it, after failure too; NULL where none came. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhReply        *ph_command_get_reply     (PhCommand *self);
/* NULL while it runs and after success. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const GError   *ph_command_get_error     (PhCommand *self);
/* The typed result, after failure too where there is one (a PhDelivery). (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const GValue   *ph_command_get_result    (PhCommand *self);
/* The boxed or object inside of it, without a reference; NULL without a result */
PH_AVAILABLE_IN_1_0 gpointer        ph_command_peek_result   (PhCommand *self);

/*
 * For engines and command classes.
 * take_result: @value's content moves into the command. take_boxed is the short form: @boxed or a GObject of type @type.
 * push_item: a piece of a running command's result; at 256 undelivered ones, or 1 MiB of messages, ph_command_is_full () says so and the
 *   engine answers poll() with PH_WANT_PAUSE. push_message: the same of a PhMessage, at less cost. pop_item: (transfer full) (nullable).
 * reserve_message: where the attributes of a message may be written, which push_message() then doesn't copy; @size: octets that may be. Until the
 *   next message is pushed or taken
 * complete: ends the command. With a reply that is OK and no @error, finish() is called; otherwise the error is @error
 *   (transfer full), or is made from @reply and PH_ERROR_REFUSED / PH_ERROR_BAD_COMMAND. The engine then gives the event.
 * set_progress: octets done and in all (0 unknown); the session emits "progress" after the step.
 * set_keep_all: default receive() keeps every response (raw lines do).
 */
PH_AVAILABLE_IN_1_0 void            ph_command_take_result   (PhCommand *self, GValue *value);
PH_AVAILABLE_IN_1_0 void            ph_command_take_boxed    (PhCommand *self, GType type, gpointer boxed);
PH_AVAILABLE_IN_1_0 void            ph_command_push_item     (PhCommand *self, GType type, gpointer boxed);
PH_AVAILABLE_IN_1_0 gboolean        ph_command_push_message  (PhCommand *self, guint32 number, guint32 uid, const PhValue *attributes);
PH_AVAILABLE_IN_1_0 guint8         *ph_command_reserve_message (PhCommand *self, gsize *size);
PH_AVAILABLE_IN_1_0 gpointer        ph_command_pop_item      (PhCommand *self);
PH_AVAILABLE_IN_1_0 gboolean        ph_command_is_full       (PhCommand *self);
PH_AVAILABLE_IN_1_0 void            ph_command_set_state     (PhCommand *self, PhCommandState state);
PH_AVAILABLE_IN_1_0 void            ph_command_set_progress  (PhCommand *self, guint64 done, guint64 total);
PH_AVAILABLE_IN_1_0 void            ph_command_complete      (PhCommand *self, PhReply *reply, GError *error);
PH_AVAILABLE_IN_1_0 void            ph_command_renew         (PhCommand *self);
/* What a person is told of: "SELECT", "RCPT TO:<bob@example.net>"; the name by default */
PH_AVAILABLE_IN_1_0 void            ph_command_set_name      (PhCommand *self, const char *name);

/* for engines: what stands before the line that is to be written */
PH_AVAILABLE_IN_1_0 void            ph_command_set_tag       (PhCommand *self, const char *tag);

/* call the virtual functions */
PH_AVAILABLE_IN_1_0 void            ph_command_write         (PhCommand *self, PhWriter *writer);
PH_AVAILABLE_IN_1_0 gboolean        ph_command_receive       (PhCommand *self, const PhResponse *response);
PH_AVAILABLE_IN_1_0 gboolean        ph_command_proceed       (PhCommand *self, const PhResponse *continuation, PhWriter *writer);
PH_AVAILABLE_IN_1_0 void            ph_command_interrupt     (PhCommand *self, PhWriter *writer);
PH_AVAILABLE_IN_1_0 PhFilter       *ph_command_get_filter    (PhCommand *self);
PH_AVAILABLE_IN_1_0 PhCommand      *ph_command_next_part     (PhCommand *self, PhCommand *previous, PhReply *reply);
PH_AVAILABLE_IN_1_0 void            ph_command_take_items    (PhCommand *self, PhCommand *part);
PH_AVAILABLE_IN_1_0 GError         *ph_command_refuse        (PhCommand *self, PhReply *reply);

G_END_DECLS
