/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The protocol engine: commands and bytes in, wants and events out. It does no I/O and owns no clock. */
#pragma once

#include <posthorn/ph-mailbox.h>
#include <posthorn/ph-message.h>
#include <posthorn/ph-search-result.h>
#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_ENGINE (ph_engine_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhEngine, ph_engine, PH, ENGINE, GObject)

/**
 * PhLimits:
 * @line: octets of one line (default 1 MiB in IMAP terms; SMTP engines take the smaller of this and 64 KiB)
 * @literal: octets of one literal kept in memory (default 128 MiB); larger ones must go to a stream
 * @response: octets of one whole response, literals that go to a stream not counted (default 256 MiB; IMAP takes up to 2 GiB)
 * @nesting: depth of parentheses (default 64)
 * @values: nodes of one response's tree (default 4 million, at most 100 million)
 * @reply_lines: lines of one SMTP reply (default 1000)
 *
 * What a server may make a client hold. Beyond it: %PH_ERROR_LIMIT.
 */
typedef struct {
  gsize line;
  gsize literal;
  gsize response;
  guint nesting;
  guint values;
  guint reply_lines;
} PhLimits;

/**
 * PhTimeouts:
 * @connect: until the connection stands, seconds (default 30)
 * @tls: for one TLS handshake (default 30)
 * @greeting: until the greeting (default 300, RFC 5321 section 4.5.3.2.1)
 * @command: until a command's reply, or more of it, comes (default 300)
 * @content: for the server to take the next piece of a message (default 180)
 * @delivered: from the content's end to its reply (default 600)
 * @idle: an IDLE is renewed after so long (default 1740, RFC 2177)
 *
 * Patience, stage by stage, in seconds; 0 means without end.
 */
typedef struct {
  guint connect;
  guint tls;
  guint greeting;
  guint command;
  guint content;
  guint delivered;
  guint idle;
} PhTimeouts;

/**
 * PhEngineSetup:
 * @scheme: the URI's, in lower case, without "+unix" and its like
 * @host: whom we think to talk to, for messages
 * @hello_name: what EHLO says; never empty
 * @tls_mode: what the policy demands
 * @channel_secure: TLS is on already, or nobody can listen (unix socket, pipe)
 * @login: the program gave a user or credentials: opening includes the login
 * @limits: not %NULL
 * @timeouts: not %NULL
 * @uses: features that the program asked for by ph_session_use (); %NULL: none
 *
 * What an engine is told at its start. Valid during start() only, strings too.
 */
typedef struct {
  const char       *scheme;
  const char       *host;
  const char       *hello_name;
  PhTlsMode         tls_mode;
  gboolean          channel_secure;
  gboolean          login;
  const PhLimits   *limits;
  const PhTimeouts *timeouts;
  const char *const *uses;
} PhEngineSetup;

/**
 * PhWantKind:
 * @PH_WANT_READ: nothing to write; read what comes
 * @PH_WANT_WRITE: write @data; it is visible in traces
 * @PH_WANT_WRITE_SECRET: write @data; traces show `***`, memory is wiped
 * @PH_WANT_WRITE_BODY: write what is left of @body through @coder (%NULL: as it is); @length is what a literal promised, -1
 *   where nothing was. With @more the next @length octets only: a later want has those behind. The driver answers with body_written().
 * @PH_WANT_DIVERT: the next @length received octets go to @sink, or @bytes where it is not %NULL (they came otherwise than as counted
 *   octets); the driver answers with diverted()
 * @PH_WANT_TLS: start TLS now; answer: upgraded(). Octets received behind the reply are an error, found by the driver
 * @PH_WANT_SASL_START: pick one of @mechanisms (and may use @initial_response); @reply is why the last try was refused,
 *   %NULL at the first. Where @login_command, "*" may be picked: the protocol's own command with user and password. Answer: sasl_reply()
 * @PH_WANT_SASL_CHALLENGE: answer @bytes; by sasl_reply()
 * @PH_WANT_SASL_DONE: the server says success, with @bytes of additional data or %NULL; is the mechanism satisfied? The driver
 *   pushes the security layer, if any, then answers by sasl_reply()
 * @PH_WANT_FILTER: push @filter; answer: upgraded(). Octets received behind the reply belong to the filter's input
 * @PH_WANT_PAUSE: results wait to be taken: do not read
 * @PH_WANT_CLOSE: nothing more will come; close the connection
 * @PH_WANT_UNFILTER: take all filters off but TLS; answer: upgraded(). Octets that came through one of them and are still unread are an
 *   error, found by the driver
 *
 * What an engine wants next.
 */
typedef enum {
  PH_WANT_READ,
  PH_WANT_WRITE,
  PH_WANT_WRITE_SECRET,
  PH_WANT_WRITE_BODY,
  PH_WANT_DIVERT,
  PH_WANT_TLS,
  PH_WANT_SASL_START,
  PH_WANT_SASL_CHALLENGE,
  PH_WANT_SASL_DONE,
  PH_WANT_FILTER,
  PH_WANT_PAUSE,
  PH_WANT_CLOSE,
  PH_WANT_UNFILTER
} PhWantKind;

/**
 * PhWant:
 * @kind: what is wanted; it says which of the other fields count
 * @data: WRITE and WRITE_SECRET: what to write
 * @length: octets of @data; of the literal that @body fills, or -1; of what is to be diverted
 * @body: WRITE_BODY: where the octets come from
 * @command: whose body or literal it is, for its progress; may be %NULL
 * @coder: WRITE_BODY: what turns the body into its form on the wire; %NULL: it goes as it is
 * @sink: DIVERT: where the octets go
 * @mechanisms: SASL_START: what the server offers, in upper case
 * @initial_response: SASL_START: the mechanism's first response may come with the choice
 * @login_command: SASL_START: "*", the protocol's own login command, may be chosen
 * @reply: SASL_START: why the last mechanism was refused, %NULL at the first
 * @bytes: SASL_CHALLENGE: the challenge; SASL_DONE: the data that came with success, or %NULL; DIVERT: octets that came otherwise
 *   than counted, or %NULL
 * @filter: FILTER: what to push onto the connection
 *
 * What an engine wants next. Nothing in it is owned by the caller; all of it is valid until the engine's next call (get_deadline
 * excepted). A field that does not count for @kind is zero.
 */
typedef struct {
  PhWantKind         kind;
  const guint8      *data;
  gint64             length;
  gboolean           more;
  PhBody            *body;
  PhCommand         *command;
  GConverter        *coder;
  GOutputStream     *sink;
  const char *const *mechanisms;
  gboolean           initial_response;
  gboolean           login_command;
  PhReply           *reply;
  GBytes            *bytes;
  PhFilter          *filter;
} PhWant;

/**
 * PhEventKind:
 * @PH_EVENT_OPENED: opening is complete; queued commands run now. @reply is the greeting
 * @PH_EVENT_CAPABILITIES: get_capabilities() has something new; @reply is what listed it, where that was the reply to a hello
 * @PH_EVENT_COMMAND: @command is done
 * @PH_EVENT_ITEM: @command has new items; one event may stand for several
 * @PH_EVENT_MAILBOX: @change happened to the selected mailbox
 * @PH_EVENT_RESPONSE: @response was claimed by nobody
 * @PH_EVENT_ALERT: @response must be shown to the user (IMAP's ALERT)
 * @PH_EVENT_WARNING: @error tells what the server sent wrongly; the session goes on
 * @PH_EVENT_FAILED: the session is over because of @error; commands in flight come as events of their own, before
 * @PH_EVENT_EXTENSION: @extension is to deliver @boxed
 *
 * What an engine tells the session.
 */
typedef enum {
  PH_EVENT_OPENED,
  PH_EVENT_CAPABILITIES,
  PH_EVENT_COMMAND,
  PH_EVENT_ITEM,
  PH_EVENT_MAILBOX,
  PH_EVENT_RESPONSE,
  PH_EVENT_ALERT,
  PH_EVENT_WARNING,
  PH_EVENT_FAILED,
  PH_EVENT_EXTENSION
} PhEventKind;

/**
 * PhEvent:
 * @kind: what happened; it says which of the other fields are set
 * @command: COMMAND and ITEM: whose
 * @reply: OPENED: the greeting
 * @response: RESPONSE and ALERT: what the server said
 * @error: WARNING and FAILED: why
 * @change: MAILBOX: what changed in the selected mailbox
 * @extension: EXTENSION: whose
 * @type: EXTENSION: the type of @boxed, boxed or an object's
 * @boxed: EXTENSION: what it posted, or %NULL
 *
 * What take_event() fills; its parts are the caller's, to be freed by ph_event_clear (). A field that is not set is zero.
 */
typedef struct {
  PhEventKind     kind;
  PhCommand      *command;
  PhReply        *reply;
  PhResponse     *response;
  GError         *error;
  PhMailboxChange change;
  PhExtension    *extension;
  GType           type;
  gpointer        boxed;
} PhEvent;

PH_AVAILABLE_IN_1_0 void ph_event_clear (PhEvent *event);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PhEvent, ph_event_clear)

/**
 * PhEngineInterface:
 * @start: the connection stands. Called once, before anything but secured()
 * @submit: queues @command (which the engine references until its event was taken). Before OPENED it waits
 * @cancel: an unsent command is removed and ends with @error; one in flight has its reply read and dropped, and ends now. A
 *   half-written literal or message makes the engine fail the session. @error is (transfer full)
 * @receive: takes octets of @data and returns how many. Stops right behind a reply that changes the byte stream and at the
 *   start of a diverted literal; then poll() says what is wanted. Octets come while a body is being written, too. While a want
 *   that needs an answer (TLS, SASL, FILTER, DIVERT) or PAUSE stands it takes none. It may leave an incomplete unit: the
 *   driver then calls again with the same octets and more behind them
 * @poll: what is wanted next; a WRITE given once is taken as written
 * @body_written: the body of PH_WANT_WRITE_BODY is out (@octets behind the coder), or @error says why not (transfer none)
 * @diverted: all octets of PH_WANT_DIVERT were taken; without @error (transfer none) they are in the sink, with it the sink
 *   refused some
 * @sasl_reply: @mechanism (START only; %NULL: none can be used) and @response (%NULL: none), or @error (transfer none): after START and
 *   DONE, end the opening with it; after CHALLENGE, cancel the mechanism, and want START again with the server's answer to that. After
 *   DONE: @error %NULL means satisfied
 * @upgraded: TLS or the filter is on, or @error (transfer none)
 * @secured: TLS is on: called before start() where it is on from the first octet, else before upgraded(). @verified: the server's
 *   certificate is right; %FALSE where it was accepted in spite of what is wrong with it. May be %NULL
 * @closed: the connection ended, cleanly (@error %NULL) or not (transfer none)
 * @unwritten: called before closed(): the last @octets that poll() and bodies gave did not leave, so that the server can't have acted on
 *   them. May be %NULL
 * @quit: the command that says goodbye (QUIT, LOGOUT); after its end the engine wants CLOSE. (transfer full)
 * @make_noop: the command that does nothing (NOOP). (transfer full)
 * @get_deadline: when timed_out() is to be called, in the clock of @now, 0 for never
 * @timed_out: the deadline has passed
 * @take_event: fills @event, %FALSE where there is none
 * @get_capabilities: "STARTTLS", "SIZE 1000", "AUTH PLAIN LOGIN"; as of now. (transfer none)
 * @add_extension: an extension that the capabilities call for: comes right after the CAPABILITIES event was taken and before the
 *   next poll(). So an engine takes its next step of opening in poll(), not in receive()
 * @set_idle: whether to keep up with the mailbox while nothing is queued (IDLE by an extension, else by NOOP). May be %NULL
 * @decode: reads one unit (a response, a reply) at the start of @data, apart from any session and without start(): for recorded
 *   streams. Returns the octets that it took, 0 where the unit is incomplete and, with @end, at the end of the data. @response
 *   (transfer full): what was understood; SMTP's has the code as number, the enhanced status as name, and the lines joined by
 *   "\n" as text. Where @error is set, the octets returned are to be skipped. May be %NULL
 * @post: called by extensions while the engine calls them: puts @event (transfer full) among its own, in this order. May be %NULL: then
 *   extensions of this protocol can't post
 * @make_login: the command that logs in within a session that is open and not logged in; its SASL_START is the first of a new login. It
 *   fails with %PH_ERROR_WRONG_STATE where somebody is logged in. May be %NULL: a login is part of opening only. (transfer full)
 *
 * @now is a clock in microseconds that never runs backwards and stands still while the engine wants PAUSE.
 * No function of an engine calls back into core except through values, commands, writers and extensions.
 */
struct _PhEngineInterface {
  GTypeInterface g_iface;

  void                (*start)            (PhEngine *self, const PhEngineSetup *setup, gint64 now);
  void                (*submit)           (PhEngine *self, PhCommand *command, gint64 now);
  void                (*cancel)           (PhEngine *self, PhCommand *command, GError *error);
  gsize               (*receive)          (PhEngine *self, const guint8 *data, gsize length, gint64 now);
  void                (*poll)             (PhEngine *self, PhWant *want, gint64 now);
  void                (*body_written)     (PhEngine *self, guint64 octets, const GError *error, gint64 now);
  void                (*diverted)         (PhEngine *self, const GError *error, gint64 now);
  void                (*sasl_reply)       (PhEngine *self, const char *mechanism, GBytes *response, const GError *error, gint64 now);
  void                (*upgraded)         (PhEngine *self, const GError *error, gint64 now);
  void                (*closed)           (PhEngine *self, const GError *error);
  PhCommand          *(*quit)             (PhEngine *self);
  PhCommand          *(*make_noop)        (PhEngine *self);
  gint64              (*get_deadline)     (PhEngine *self);
  void                (*timed_out)        (PhEngine *self, gint64 now);
  gboolean            (*take_event)       (PhEngine *self, PhEvent *event);
  const char *const  *(*get_capabilities) (PhEngine *self);
  void                (*add_extension)    (PhEngine *self, PhExtension *extension);
  void                (*set_idle)         (PhEngine *self, gboolean idle, gint64 now);
  gsize               (*decode)           (PhEngine *self, const guint8 *data, gsize length, gboolean end, PhResponse **response,
                                           GError **error);
  void                (*unwritten)        (PhEngine *self, guint64 octets);
  void                (*secured)          (PhEngine *self, gboolean verified);
  void                (*post)             (PhEngine *self, PhEvent *event);
  PhCommand          *(*make_login)       (PhEngine *self);

  gpointer reserved[11];
};

PH_AVAILABLE_IN_1_0 void               ph_engine_start            (PhEngine *self, const PhEngineSetup *setup, gint64 now);
PH_AVAILABLE_IN_1_0 void               ph_engine_submit           (PhEngine *self, PhCommand *command, gint64 now);
PH_AVAILABLE_IN_1_0 void               ph_engine_cancel           (PhEngine *self, PhCommand *command, GError *error);
PH_AVAILABLE_IN_1_0 gsize              ph_engine_receive          (PhEngine *self, const guint8 *data, gsize length, gint64 now);
PH_AVAILABLE_IN_1_0 void               ph_engine_poll             (PhEngine *self, PhWant *want, gint64 now);
PH_AVAILABLE_IN_1_0 void               ph_engine_body_written     (PhEngine *self, guint64 octets, const GError *error, gint64 now);
PH_AVAILABLE_IN_1_0 void               ph_engine_diverted         (PhEngine *self, const GError *error, gint64 now);
PH_AVAILABLE_IN_1_0 void               ph_engine_sasl_reply       (PhEngine *self, const char *mechanism, GBytes *response, const GError *error, gint64 now);
PH_AVAILABLE_IN_1_0 void               ph_engine_upgraded         (PhEngine *self, const GError *error, gint64 now);
PH_AVAILABLE_IN_1_0 void               ph_engine_secured          (PhEngine *self, gboolean verified);
PH_AVAILABLE_IN_1_0 void               ph_engine_closed           (PhEngine *self, const GError *error);
PH_AVAILABLE_IN_1_0 void               ph_engine_unwritten        (PhEngine *self, guint64 octets);
PH_AVAILABLE_IN_1_0 PhCommand         *ph_engine_quit             (PhEngine *self);
PH_AVAILABLE_IN_1_0 PhCommand         *ph_engine_make_noop        (PhEngine *self);
PH_AVAILABLE_IN_1_0 PhCommand         *ph_engine_make_login       (PhEngine *self);
PH_AVAILABLE_IN_1_0 gint64             ph_engine_get_deadline     (PhEngine *self);
PH_AVAILABLE_IN_1_0 void               ph_engine_timed_out        (PhEngine *self, gint64 now);
PH_AVAILABLE_IN_1_0 gboolean           ph_engine_take_event       (PhEngine *self, PhEvent *event);
PH_AVAILABLE_IN_1_0 const char *const *ph_engine_get_capabilities (PhEngine *self);
PH_AVAILABLE_IN_1_0 void               ph_engine_add_extension    (PhEngine *self, PhExtension *extension);
PH_AVAILABLE_IN_1_0 void               ph_engine_set_idle         (PhEngine *self, gboolean idle, gint64 now);
PH_AVAILABLE_IN_1_0 gsize              ph_engine_decode           (PhEngine *self, const guint8 *data, gsize length, gboolean end,
                                                                   PhResponse **response, GError **error);

/*
 * Roles: an engine that takes mail, and one that has mailboxes. They only make commands; core turns each into the sync call and
 * the async pair. What a command's result is, stands behind it. (transfer full) each.
 */
#define PH_TYPE_TRANSPORT_ENGINE (ph_transport_engine_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhTransportEngine, ph_transport_engine, PH, TRANSPORT_ENGINE, PhEngine)

struct _PhTransportEngineInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_send)   (PhTransportEngine *self, PhEnvelope *envelope, PhBody *body);  /* PhDelivery, after failure too */
  PhCommand *(*make_verify) (PhTransportEngine *self, const char *address);                 /* none: the reply tells */
  PhCommand *(*make_expand) (PhTransportEngine *self, const char *list);
  PhCommand *(*make_help)   (PhTransportEngine *self, const char *topic);
  PhCommand *(*make_reset)  (PhTransportEngine *self);
  /* PH_ERROR_NOT_SUPPORTED where the server does not offer it, or not these of the attributes ("NAME=value", plain) */
  PhCommand *(*make_etrn)     (PhTransportEngine *self, const char *node);
  PhCommand *(*make_xclient)  (PhTransportEngine *self, const char *const *attributes);
  PhCommand *(*make_xforward) (PhTransportEngine *self, const char *const *attributes);
  /* As make_send, of a command of its that is done and that the caller alone holds: it is used once more. FALSE: it can't be.
   * Without an envelope and a body it only lets go of the body that it had. NULL: none can. */
  gboolean   (*renew_send)    (PhTransportEngine *self, PhCommand *command, PhEnvelope *envelope, PhBody *body);

  gpointer reserved[4];
};

#define PH_TYPE_STORE_ENGINE (ph_store_engine_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhStoreEngine, ph_store_engine, PH, STORE_ENGINE, PhEngine)

/**
 * PhStoreMode:
 * @PH_STORE_ADD: add the flags
 * @PH_STORE_REMOVE: take them away
 * @PH_STORE_SET: these and no others
 *
 * How to change flags.
 */
typedef enum {
  PH_STORE_ADD,
  PH_STORE_REMOVE,
  PH_STORE_SET
} PhStoreMode;

struct _PhStoreEngineInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_list)        (PhStoreEngine *self, const char *reference, const char *pattern, gboolean subscribed,
                                  const char *const *status_items);       /* GPtrArray of PhMailboxInfo (G_TYPE_PTR_ARRAY) */
  PhCommand *(*make_status)      (PhStoreEngine *self, const char *mailbox, const char *const *items);  /* PhMailboxStatus */
  PhCommand *(*make_select)      (PhStoreEngine *self, const char *mailbox, gboolean read_only);        /* PhMailbox */
  PhCommand *(*make_close)       (PhStoreEngine *self, gboolean expunge);       /* CLOSE, or UNSELECT where FALSE */
  PhCommand *(*make_create)      (PhStoreEngine *self, const char *mailbox);
  PhCommand *(*make_delete)      (PhStoreEngine *self, const char *mailbox);
  PhCommand *(*make_rename)      (PhStoreEngine *self, const char *mailbox, const char *new_name);
  PhCommand *(*make_subscribe)   (PhStoreEngine *self, const char *mailbox, gboolean subscribe);
  PhCommand *(*make_search)      (PhStoreEngine *self, PhQuery *query, gboolean by_uid);                /* PhMessageSet */
  /* items of PhMessage, pushed as they come. @extra: further FETCH items as the RFC writes them, or NULL.
   * @sink: where section octets go that would be kept otherwise (one message only), or NULL */
  PhCommand *(*make_fetch)       (PhStoreEngine *self, PhMessageSet *set, PhFetch items, const char *extra, GOutputStream *sink);
  PhCommand *(*make_store)       (PhStoreEngine *self, PhMessageSet *set, PhStoreMode mode, const char *const *flags);
  PhCommand *(*make_copy)        (PhStoreEngine *self, PhMessageSet *set, const char *mailbox);         /* PhMessageSet of new UIDs (UIDPLUS), or none */
  PhCommand *(*make_append)      (PhStoreEngine *self, const char *mailbox, PhBody *body, const char *const *flags,
                                  GDateTime *date);                         /* PhMessageSet of the new UID (UIDPLUS), or none */
  PhCommand *(*make_expunge)     (PhStoreEngine *self, PhMessageSet *uids);  /* NULL: all that are \Deleted */
  /* a mailbox name out of a response, as UTF-8. (transfer full) */
  char      *(*decode_mailbox)   (PhStoreEngine *self, const PhValue *name);
  /* what is different from @known (NULL: nothing is known) in the selected mailbox */
  PhCommand *(*make_changes)     (PhStoreEngine *self, PhMailboxState *known);                          /* PhDelta */
  /* the UID of every message: the selected mailbox is told by PH_CHANGE_UIDS */
  PhCommand *(*make_map_uids)    (PhStoreEngine *self);
  PhCommand *(*make_move)        (PhStoreEngine *self, PhMessageSet *uids, const char *mailbox);        /* as make_copy */

  /* what was ENABLED; never NULL */
  const char *const *(*get_enabled) (PhStoreEngine *self);
  /* @first, @last: a page of what is found, from 1 upwards or from -1, the newest, downwards; 0: none */
  PhCommand *(*make_search_for)  (PhStoreEngine *self, PhQuery *query, PhSearchReturn returns, int first, int last);  /* PhSearchResult */
  /* @mod_seq: only if it has not changed since. PhMessageSet of those that had */
  PhCommand *(*make_store_unchanged) (PhStoreEngine *self, PhMessageSet *set, PhStoreMode mode, const char *const *flags, guint64 mod_seq);
  /* @mod_seq: only what has changed since, 0: any. @first, @last as above, of UIDs */
  PhCommand *(*make_fetch_some)  (PhStoreEngine *self, PhMessageSet *set, PhFetch items, const char *extra, guint64 mod_seq, int first, int last);
  /* selects, and compares with @known */
  PhCommand *(*make_resume)      (PhStoreEngine *self, const char *mailbox, gboolean read_only, PhMailboxState *known);  /* PhDelta */
  PhCommand *(*make_append_all)  (PhStoreEngine *self, const char *mailbox, PhNewMessage *const *messages, guint n_messages);  /* as make_append */
  /* the message of @uid in the selected mailbox by another, into @mailbox */
  PhCommand *(*make_replace)     (PhStoreEngine *self, guint32 uid, const char *mailbox, PhNewMessage *message);  /* as make_append */
  PhCommand *(*make_transfer)    (PhStoreEngine *self, PhMessageSet *set, const char *mailbox, gboolean move);  /* PhUidMapping */
  PhCommand *(*make_create_for)  (PhStoreEngine *self, const char *mailbox, const char *const *uses);
  PhCommand *(*make_list_selected) (PhStoreEngine *self, const char *const *patterns, PhListSelect select, const char *const *status_items);  /* as make_list */
  /* all UIDs in sets of at most @size, the newest first */
  PhCommand *(*make_uid_batches) (PhStoreEngine *self, guint size);                                     /* GPtrArray of PhMessageSet */

  /* for extensions */
  /* as make_list_selected; @options: a list of further return options. Responses called @answer that name a row's mailbox are kept with
   * it: ph_mailbox_info_get_answer () */
  PhCommand *(*make_list_with)   (PhStoreEngine *self, const char *const *patterns, PhListSelect select, const PhValue *options, const char *answer);
  /* STORE of something beside flags: @item is "+X-GM-LABELS", "ANNOTATION". The answers are the program's to see */
  PhCommand *(*make_store_item)  (PhStoreEngine *self, PhMessageSet *set, const char *item, const PhValue *value);
  /* valid UTF-8 as a mailbox name is written now, for what is written like one without being one. (transfer full) */
  char      *(*encode_mailbox)   (PhStoreEngine *self, const char *name);

  gpointer reserved[7];
};

G_END_DECLS
