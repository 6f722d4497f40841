/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The IMAP4 engine's state, and which file does what to it. */
#pragma once

#include "imap-command.h"
#include "imap-flags.h"
#include "imap-framer.h"
#include "imap-parser.h"

#define PH_TYPE_IMAP_ENGINE (ph_imap_engine_get_type ())
/* the type with both of its interfaces */
GType ph_imap_engine_get_full_type (void);
GType ph_imap_engine_get_type (void);

typedef struct _PhImapEngine PhImapEngine;
typedef struct _PhImapEntry  PhImapEntry;

#define PH_IMAP_SECOND G_GINT64_CONSTANT (1000000)

/**
 * PhImapPhase:
 * @PH_IMAP_PHASE_NEW: not started
 * @PH_IMAP_PHASE_GREETING: the greeting is awaited
 * @PH_IMAP_PHASE_PLAIN: the greeting came; the channel may have to be secured
 * @PH_IMAP_PHASE_CONNECTED: the channel is what it will be
 * @PH_IMAP_PHASE_LOGIN: the login runs
 * @PH_IMAP_PHASE_AUTHENTICATED: logged in; what follows before the program's commands
 * @PH_IMAP_PHASE_OPEN: the program's commands run
 * @PH_IMAP_PHASE_ENDED: nothing more comes or goes
 */
typedef enum {
  PH_IMAP_PHASE_NEW,
  PH_IMAP_PHASE_GREETING,
  PH_IMAP_PHASE_PLAIN,
  PH_IMAP_PHASE_CONNECTED,
  PH_IMAP_PHASE_LOGIN,
  PH_IMAP_PHASE_AUTHENTICATED,
  PH_IMAP_PHASE_OPEN,
  PH_IMAP_PHASE_ENDED
} PhImapPhase;

/* What an internal command's end leads to; the command has its reply or error. */
typedef void (*PhImapDone) (PhImapEngine *self, PhCommand *command);

/* A command on its way */
struct _PhImapEntry {
  PhCommand     *command;
  PhImapCommand *own;          /* the same where the engine made it, else NULL */
  PhCommand     *whole;        /* what @command is a part of; NULL: of nothing */
  PhImapDone     done;         /* internal: no event */
  PhReply       *reply;        /* came while the line is still being written */
  gboolean       written;      /* all of its line has left */
  gboolean       cancelled;    /* has ended; what still comes for it is dropped */
  gboolean       retried;
  /* of one that runs until interrupted */
  gboolean       is_idle;
  gboolean       ready;        /* the server said "+" */
  gboolean       interrupted;
  gint64         interrupt_at; /* when it shall be, "+" or not; 0: not asked for */
};

struct _PhImapEngine {
  GObject            parent;

  /* as started */
  char              *host;
  char               tag_prefix[8];
  PhTlsMode          tls_mode;
  gboolean           login;
  char             **uses;                 /* what the program asked for by name; NULL: nothing */
  PhLimits           limits;
  PhTimeouts         timeouts;

  /* the channel */
  PhImapPhase        phase;
  gboolean           secure;
  PhImapFramer       framer;
  PhImapParser      *parser;         /* NULL while nothing is to be read */
  GByteArray        *held;           /* a response of which a literal was diverted */
  PhImapWriter      *writer;
  PhImapOutput       output;
  PhReply           *greeting;
  gint64             last_activity;
  guint              n_flaws;        /* responses in a row that could not be read */

  /* what is wanted of the driver, and stands until it is answered */
  gboolean           want_tls;
  PhFilter          *want_filter;
  PhImapEntry       *filtering;      /* whose filter it is */
  gboolean           want_unfilter;        /* the filters have ended with the login; filtering is who ended them */
  gboolean           diverting;
  guint64            divert_length;
  GBytes            *divert_bytes;   /* in place of received octets */
  PhImapEntry       *divert_entry;   /* NULL: to nowhere */
  gboolean           want_close;

  /* what the server can do */
  PhImapCapabilities capabilities;
  gboolean           capabilities_fresh;   /* told since the login began */
  gboolean           capabilities_asked;   /* by a command, in this phase */
  guint              n_capability_events;  /* not taken yet: extensions may come of them */
  gboolean           utf8;
  GPtrArray         *extensions;
  GHashTable        *by_response;          /* name → GPtrArray of PhExtension; NULL while nobody asked for any */
  GHashTable        *by_code;
  gboolean           steps_made;           /* of this phase */

  /* the login */
  PhWantKind         sasl;                 /* PH_WANT_READ: the server's turn */
  char             **mechanisms;
  PhReply           *refusal;
  GBytes            *challenge;
  GBytes            *initial;              /* an initial response that waits for the server's "+" */
  GError            *sasl_error;           /* the dialogue was cancelled */
  gboolean           authenticated;
  PhImapEntry       *reopening;            /* what ends when opening has once more; NULL: nothing */

  /* commands */
  guint              n_tags;
  GQueue             internal;             /* unsent, the engine's own; they go first */
  GQueue             queue;                /* unsent, the program's */
  GQueue             running;
  PhReply           *limit;                /* MESSAGELIMIT came by itself: of the next command, whose OK has EXPUNGEISSUED (RFC 9738 section 3.1) */
  gboolean           logging_out;
  GError            *end_error;            /* why the session failed; NULL where it was closed */

  /* the selected mailbox */
  gboolean           selected;
  PhMailbox         *mailbox;              /* NULL where a raw line selected it */
  guint32            n_messages;
  PhImapEntry       *selecting;
  PhMailbox         *fresh;                /* of the SELECT that runs */
  GArray            *doubtful;             /* PhMailboxChange: came during SELECT and may be the old mailbox' */
  PhMessageSet      *learned;              /* UIDs of neighbours, of which the mailbox isn't told yet; NULL: none */
  guint32            learned_first;        /* the number of the first */
  guint32            learned_next;
  guint32            learned_uid;          /* the last */
  guint              n_removals;           /* how often messages went */
  guint              n_moves;              /* how often messages came or went */
  PhImapFeatures     enabled;              /* what the server said ENABLED to, as far as commands depend on it */
  GPtrArray         *enabled_words;        /* the same as it said it, NULL-terminated */
  PhMessageSet      *saved;                /* what "$" stands for; NULL: the server knows, or it is empty */

  /* idleness */
  gboolean           want_idle;
  gboolean           no_idle;              /* the server refused it, or no extension has it */
  gint64             idle_since;
  gint64             poll_at;

  /* events: a queue in an array */
  GArray            *events;
  guint              first_event;
};

/* imap-events.c */
void       ph_imap_engine_push_event      (PhImapEngine *self, PhEvent *event);
void       ph_imap_engine_post            (PhEngine *engine, PhEvent *event);
void       ph_imap_engine_push_item       (PhImapEngine *self, PhCommand *command);
void       ph_imap_engine_warn            (PhImapEngine *self, GError *error);
gboolean   ph_imap_engine_take_event      (PhEngine *engine, PhEvent *event);
/* whether so much waits to be taken that nothing more may be read */
gboolean   ph_imap_engine_is_full         (PhImapEngine *self);
void       ph_imap_engine_clear_events    (PhImapEngine *self);

/* imap-queue.c */
PhImapEntry *ph_imap_engine_run           (PhImapEngine *self, PhCommand *command, PhImapDone done);
void       ph_imap_engine_submit          (PhEngine *engine, PhCommand *command, gint64 now);
void       ph_imap_engine_cancel          (PhEngine *engine, PhCommand *command, GError *error);
void       ph_imap_engine_send_queued     (PhImapEngine *self, gint64 now);
/* sends what was written in self->writer as a further line of the entry's; FALSE where it can't be sent */
gboolean   ph_imap_engine_send_line       (PhImapEngine *self, PhImapEntry *entry);
PhImapEntry *ph_imap_engine_find          (PhImapEngine *self, const char *tag);
/* the tagged reply came */
void       ph_imap_engine_finish          (PhImapEngine *self, PhImapEntry *entry, PhReply *reply);
/* what was written to its end */
void       ph_imap_engine_note_written    (PhImapEngine *self);
void       ph_imap_entry_free             (PhImapEntry *entry);

/* imap-check.c */
/* why @entry can't even be tried: a capability, the state, a size; NULL where it can. (transfer full) */
GError    *ph_imap_engine_check           (PhImapEngine *self, const PhImapEntry *entry);

/* imap-parts.c */
/* what was submitted */
PhCommand *ph_imap_entry_get_known        (const PhImapEntry *entry);
/* a command that is made of others gives way to the first of them */
void       ph_imap_entry_begin_parts      (PhImapEntry *entry);
/* the server answered a command that may be made of others; TRUE: it is queued as such */
gboolean   ph_imap_engine_try_parts       (PhImapEngine *self, PhImapEntry *entry, PhReply *reply);
/* @entry, of no queue, has ended with @reply or @error; FALSE: its next part is queued. Else the whole is the entry's command again, and ends so */
gboolean   ph_imap_engine_end_part        (PhImapEngine *self, PhImapEntry *entry, PhReply **reply, GError **error);

/* imap-ending.c */
GError    *ph_imap_engine_refusal         (PhImapEngine *self, PhCommand *command, PhReply *reply);
void       ph_imap_engine_complete        (PhImapEngine *self, PhImapEntry *entry, PhReply *reply, GError *error);
/* @error (transfer full): the session is over */
void       ph_imap_engine_fail            (PhImapEngine *self, GError *error);
/* LOGOUT is done */
void       ph_imap_engine_end             (PhImapEngine *self);
/* What commands are told that come too late (transfer full) */
GError    *ph_imap_engine_dup_end_error   (PhImapEngine *self);
void       ph_imap_engine_closed          (PhEngine *engine, const GError *error);
void       ph_imap_engine_timed_out       (PhEngine *engine, gint64 now);
gint64     ph_imap_engine_get_deadline    (PhEngine *engine);

/* imap-opening.c */
void       ph_imap_engine_start           (PhEngine *engine, const PhEngineSetup *setup, gint64 now);
void       ph_imap_engine_greet           (PhImapEngine *self, const PhResponse *greeting, PhImapName name);
void       ph_imap_engine_enter           (PhImapEngine *self, PhImapPhase phase);
/* takes the next step of opening; from poll() */
void       ph_imap_engine_open            (PhImapEngine *self);
void       ph_imap_engine_upgraded        (PhEngine *engine, const GError *error, gint64 now);
void       ph_imap_engine_add_extension   (PhEngine *engine, PhExtension *extension);
void       ph_imap_engine_set_capabilities (PhImapEngine *self, const PhValue *words);
void       ph_imap_engine_authenticated   (PhImapEngine *self);
/* the extensions' commands of a stage; whether there are any */
gboolean   ph_imap_engine_run_steps       (PhImapEngine *self, PhStage stage);

/* imap-login.c */
void       ph_imap_engine_begin_login     (PhImapEngine *self);
/* FALSE where no AUTHENTICATE runs */
gboolean   ph_imap_engine_take_challenge  (PhImapEngine *self, const char *text);
void       ph_imap_engine_sasl_reply      (PhEngine *engine, const char *mechanism, GBytes *response, const GError *error, gint64 now);
gboolean   ph_imap_engine_poll_sasl       (PhImapEngine *self, PhWant *want);

/* the login can't go on; @error (transfer full) */
void       ph_imap_engine_fail_login      (PhImapEngine *self, GError *error);

/* imap-reopening.c */
PhCommand *ph_imap_engine_make_login      (PhEngine *engine);
/* what the server said OK to has ended the login: @entry (transfer full) waits for what comes of that */
void       ph_imap_engine_return          (PhImapEngine *self, PhImapEntry *entry);
/* FALSE: @entry is no login within the session; else it was taken */
gboolean   ph_imap_engine_begin_again     (PhImapEngine *self, PhImapEntry *entry);
/* opening has come to its end, with @error (transfer full) or without; FALSE: it was the session's own */
gboolean   ph_imap_engine_end_reopening   (PhImapEngine *self, GError *error);
/* FALSE: it isn't @command that waits */
gboolean   ph_imap_engine_cancel_reopening (PhImapEngine *self, PhCommand *command, GError *error);

/* imap-dispatch.c */
void       ph_imap_engine_dispatch        (PhImapEngine *self, PhResponse *response, PhImapName name);

/* imap-receive.c */
gsize      ph_imap_engine_receive         (PhEngine *engine, const guint8 *data, gsize length, gint64 now);
void       ph_imap_engine_diverted        (PhEngine *engine, const GError *error, gint64 now);
gsize      ph_imap_engine_decode          (PhEngine *engine, const guint8 *data, gsize length, gboolean end, PhResponse **response, GError **error);

/* imap-select.c */
/* what extensions add, into the command */
void       ph_imap_engine_gather_select_parameters (PhImapEngine *self, PhImapCommand *command);

/* imap-selected.c */
/* bookkeeping of the selected mailbox; whether the response was about it */
gboolean   ph_imap_engine_note_mailbox    (PhImapEngine *self, const PhResponse *response, PhImapName name);
gboolean   ph_imap_engine_note_code       (PhImapEngine *self, const PhResponse *response);
/* a FETCH response that no command claimed */
void       ph_imap_engine_note_message    (PhImapEngine *self, const PhResponse *response);
/* the same of a UIDFETCH response (RFC 9586) */
void       ph_imap_engine_note_uid_message (PhImapEngine *self, const PhResponse *response);
/* a FETCH response, whoever asked for it: the mailbox may want to know which UID the number has */
void       ph_imap_engine_note_uid        (PhImapEngine *self, const PhResponse *response);
/* whether it wants to know; then of which: */
gboolean   ph_imap_engine_wants_uids      (PhImapEngine *self);
void       ph_imap_engine_learn_uid       (PhImapEngine *self, guint32 number, guint32 uid);
/* the mailbox is told of what was noted, before anything else that it is told */
void       ph_imap_engine_tell_uids       (PhImapEngine *self);
/* the UIDs of all messages, where they are as many as there are messages; FALSE: they aren't */
gboolean   ph_imap_engine_tell_all_uids   (PhImapEngine *self, PhMessageSet *uids);
void       ph_imap_engine_begin_select    (PhImapEngine *self, PhImapEntry *entry);
void       ph_imap_engine_end_select      (PhImapEngine *self, PhImapEntry *entry, PhReply *reply);
void       ph_imap_engine_abandon_select  (PhImapEngine *self);
void       ph_imap_engine_deselect        (PhImapEngine *self);
void       ph_imap_engine_clear_doubtful  (PhImapEngine *self);

/* imap-idle.c */
void       ph_imap_engine_set_idle        (PhEngine *engine, gboolean idle, gint64 now);
/* starts, or ends, what listens while nothing is to be done */
/* what the extensions made the server tell of by itself */
PhListening ph_imap_engine_get_listening  (PhImapEngine *self);
void       ph_imap_engine_update_idle     (PhImapEngine *self, gint64 now);
void       ph_imap_engine_interrupt       (PhImapEngine *self, PhImapEntry *entry);
PhImapEntry *ph_imap_engine_get_idle      (PhImapEngine *self);
/* NOOP, where nothing listens */
void       ph_imap_engine_ask_mailbox     (PhImapEngine *self, gint64 now);

/* imap-select.c, imap-mailboxes.c, imap-fetch.c, imap-search.c, imap-append.c, imap-messages.c: what they make is in
 * imap-store.h; here what the engine asks of them. */
static inline gboolean
ph_imap_entry_is (const PhImapEntry *entry, const PhImapKind *kind)
{
  return entry->own != NULL && entry->own->kind == kind;
}

/* whether the line that is to be sent selects a mailbox */
gboolean   ph_imap_resume_is_selecting    (PhImapCommand *self);

extern const PhImapKind ph_imap_select_kind, ph_imap_close_kind, ph_imap_unselect_kind, ph_imap_fetch_kind, ph_imap_map_kind;

/* whether the literal that begins behind @head belongs to what the command's sink is for, or to nobody */
gboolean   ph_imap_fetch_wants_literal    (PhImapCommand *self, const char *head, gsize length);
/* whether it takes responses as they come: all of them, none of whose octets goes elsewhere */
gboolean   ph_imap_fetch_takes_plain      (PhImapCommand *self);
/* whether what it asked for is there where flags are told */
gboolean   ph_imap_fetch_is_for_flags     (PhImapCommand *self);
/* whether @attributes tell what it asked for, and the UID where it asked by UID; @uid: 0 where it isn't told, or where that was not looked for */
gboolean   ph_imap_fetch_tells            (PhImapCommand *self, const PhValue *attributes, guint32 *uid);
/* the same of what was read by itself */
gboolean   ph_imap_fetch_told             (PhImapCommand *self, PhImapFetched *fetched);
/* all of these numbers were asked for; others may have been as well */
void       ph_imap_fetch_get_range        (PhImapCommand *self, guint32 *first, guint32 *last);
gboolean   ph_imap_fetch_claims           (PhImapCommand *self, guint32 number, guint32 uid);
/* whether the command has nothing to ask for: an empty set, no messages */
gboolean   ph_imap_command_is_void        (PhImapCommand *self);
