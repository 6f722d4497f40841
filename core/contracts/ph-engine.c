/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhEngine and its roles: commands and bytes in, wants and events out. */
#include <posthorn/posthorn.h>

#include <string.h>

/**
 * PhEngine:
 *
 * A protocol. It is fed octets and asked what it wants next; it does no I/O and owns no connection, clock, thread or secret,
 * so it runs in a test without a socket. Protocol plugins implement it; only a driver calls it, from one thread at a time.
 *
 * `now` is a clock in microseconds that never runs backwards, and that stands still while the engine wants
 * %PH_WANT_PAUSE.
 */
G_DEFINE_INTERFACE (PhEngine, ph_engine, G_TYPE_OBJECT)

/**
 * PhTransportEngine:
 *
 * The role of an engine that takes mail (SMTP, LMTP). It only makes commands; [class@Posthorn.Transport] runs them.
 */
G_DEFINE_INTERFACE (PhTransportEngine, ph_transport_engine, PH_TYPE_ENGINE)

/**
 * PhStoreEngine:
 *
 * The role of an engine that has mailboxes (IMAP4). It only makes commands; [class@Posthorn.Store] runs them.
 */
G_DEFINE_INTERFACE (PhStoreEngine, ph_store_engine, PH_TYPE_ENGINE)

static void
ph_engine_default_init (PhEngineInterface *iface)
{
}

static void
ph_transport_engine_default_init (PhTransportEngineInterface *iface)
{
}

static void
ph_store_engine_default_init (PhStoreEngineInterface *iface)
{
}

/**
 * ph_event_clear: (skip)
 * @event: an event that ph_engine_take_event() filled
 *
 * Gives up what the event holds. The event may be used again.
 */
void
ph_event_clear (PhEvent *event)
{
  g_return_if_fail (event != NULL);

  g_clear_object (&event->command);
  g_clear_pointer (&event->reply, ph_reply_unref);
  g_clear_pointer (&event->response, ph_response_free);
  g_clear_error (&event->error);
  g_clear_object (&event->change.mailbox);
  g_clear_pointer (&event->change.words, g_strfreev);
  g_clear_pointer (&event->change.message, ph_message_unref);
  g_clear_pointer (&event->change.uids, ph_message_set_unref);
  g_clear_object (&event->extension);
  if (event->boxed != NULL && G_TYPE_IS_OBJECT (event->type))
    g_object_unref (event->boxed);
  else if (event->boxed != NULL)
    g_boxed_free (event->type, event->boxed);
  event->boxed = NULL;
}

/**
 * ph_engine_start: (skip)
 * @self: an engine
 * @setup: what it is told; valid during the call only
 * @now: the time
 *
 * The connection stands. Called once, before anything else.
 */
void
ph_engine_start (PhEngine *self, const PhEngineSetup *setup, gint64 now)
{
  g_return_if_fail (PH_IS_ENGINE (self) && setup != NULL);

  PH_ENGINE_GET_IFACE (self)->start (self, setup, now);
}

/**
 * ph_engine_submit: (skip)
 * @self: an engine
 * @command: a new command; referenced until its event was taken
 * @now: the time
 *
 * Queues a command. Before %PH_EVENT_OPENED it waits.
 */
void
ph_engine_submit (PhEngine *self, PhCommand *command, gint64 now)
{
  g_return_if_fail (PH_IS_ENGINE (self) && PH_IS_COMMAND (command));

  PH_ENGINE_GET_IFACE (self)->submit (self, command, now);
}

/**
 * ph_engine_cancel: (skip)
 * @self: an engine
 * @command: a command that was submitted
 * @error: (transfer full): what it ends with
 *
 * Ends a command now. An unsent one is removed; one in flight has its reply read and dropped; a half-written literal or message
 * makes the engine fail the session.
 */
void
ph_engine_cancel (PhEngine *self, PhCommand *command, GError *error)
{
  g_return_if_fail (PH_IS_ENGINE (self) && PH_IS_COMMAND (command) && error != NULL);

  PH_ENGINE_GET_IFACE (self)->cancel (self, command, error);
}

/**
 * ph_engine_receive: (skip)
 * @self: an engine
 * @data: octets
 * @length: how many
 * @now: the time
 *
 * Gives octets to the engine. It stops right behind a reply that changes the byte stream and at the start of a diverted literal,
 * and may leave an incomplete unit, which the driver then gives again with more behind it.
 *
 * Returns: how many octets it took
 */
gsize
ph_engine_receive (PhEngine *self, const guint8 *data, gsize length, gint64 now)
{
  g_return_val_if_fail (self != NULL, length);

  return PH_ENGINE_GET_IFACE (self)->receive (self, data, length, now);
}

/**
 * ph_engine_poll: (skip)
 * @self: an engine
 * @want: (out caller-allocates): what is wanted; nothing in it is the caller's, and it is valid until the next call
 * @now: the time
 *
 * Asks what the engine wants next. A WRITE given once is taken as written.
 */
void
ph_engine_poll (PhEngine *self, PhWant *want, gint64 now)
{
  g_return_if_fail (self != NULL && want != NULL);

  *want = (PhWant) { .kind = PH_WANT_READ };
  PH_ENGINE_GET_IFACE (self)->poll (self, want, now);
}

/**
 * ph_engine_body_written: (skip)
 * @self: an engine
 * @octets: what was written, behind the coder
 * @error: (nullable): why the body could not be written to its end
 * @now: the time
 *
 * Answers %PH_WANT_WRITE_BODY.
 */
void
ph_engine_body_written (PhEngine *self, guint64 octets, const GError *error, gint64 now)
{
  g_return_if_fail (PH_IS_ENGINE (self));

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  if (iface->body_written != NULL)
    iface->body_written (self, octets, error, now);
}

/**
 * ph_engine_diverted: (skip)
 * @self: an engine
 * @error: (nullable): why the sink refused
 * @now: the time
 *
 * Answers %PH_WANT_DIVERT.
 */
void
ph_engine_diverted (PhEngine *self, const GError *error, gint64 now)
{
  g_return_if_fail (PH_IS_ENGINE (self));

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  if (iface->diverted != NULL)
    iface->diverted (self, error, now);
}

/**
 * ph_engine_sasl_reply: (skip)
 * @self: an engine
 * @mechanism: (nullable): what was picked, for %PH_WANT_SASL_START
 * @response: (nullable): the response, not encoded
 * @error: (nullable): why the login must end
 * @now: the time
 *
 * Answers the SASL wants.
 */
void
ph_engine_sasl_reply (PhEngine *self, const char *mechanism, GBytes *response, const GError *error, gint64 now)
{
  g_return_if_fail (PH_IS_ENGINE (self));

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  if (iface->sasl_reply != NULL)
    iface->sasl_reply (self, mechanism, response, error, now);
}

/**
 * ph_engine_upgraded: (skip)
 * @self: an engine
 * @error: (nullable): why it did not work
 * @now: the time
 *
 * Answers %PH_WANT_TLS, %PH_WANT_FILTER and %PH_WANT_UNFILTER.
 */
void
ph_engine_upgraded (PhEngine *self, const GError *error, gint64 now)
{
  g_return_if_fail (PH_IS_ENGINE (self));

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  if (iface->upgraded != NULL)
    iface->upgraded (self, error, now);
}

/**
 * ph_engine_secured: (skip)
 * @self: an engine
 * @verified: the server's certificate is right
 *
 * TLS is on.
 */
void
ph_engine_secured (PhEngine *self, gboolean verified)
{
  g_return_if_fail (PH_IS_ENGINE (self));

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  if (iface->secured != NULL)
    iface->secured (self, verified);
}

/**
 * ph_engine_closed: (skip)
 * @self: an engine
 * @error: (nullable): why; %NULL for a clean end
 *
 * The connection ended.
 */
void
ph_engine_closed (PhEngine *self, const GError *error)
{
  g_return_if_fail (PH_IS_ENGINE (self));

  PH_ENGINE_GET_IFACE (self)->closed (self, error);
}

/**
 * ph_engine_unwritten: (skip)
 * @self: an engine
 * @octets: of what it gave last, those that did not leave
 *
 * Tells before ph_engine_closed() what the server can't have seen.
 */
void
ph_engine_unwritten (PhEngine *self, guint64 octets)
{
  g_return_if_fail (PH_IS_ENGINE (self));

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  if (iface->unwritten != NULL)
    iface->unwritten (self, octets);
}

/**
 * ph_engine_quit: (skip)
 * @self: an engine
 *
 * Makes the command that says goodbye; behind its end the engine wants %PH_WANT_CLOSE.
 *
 * Returns: (transfer full): a command
 */
PhCommand *
ph_engine_quit (PhEngine *self)
{
  g_return_val_if_fail (PH_IS_ENGINE (self), NULL);

  return PH_ENGINE_GET_IFACE (self)->quit (self);
}

/**
 * ph_engine_make_noop: (skip)
 * @self: an engine
 *
 * Makes the command that does nothing.
 *
 * Returns: (transfer full): a command
 */
PhCommand *
ph_engine_make_noop (PhEngine *self)
{
  g_return_val_if_fail (PH_IS_ENGINE (self), NULL);

  return PH_ENGINE_GET_IFACE (self)->make_noop (self);
}

/**
 * ph_engine_make_login: (skip)
 * @self: an engine
 *
 * Makes the command that logs in within an open session.
 *
 * Returns: (transfer full) (nullable): a command; %NULL: this protocol logs in while it opens, and not later
 */
PhCommand *
ph_engine_make_login (PhEngine *self)
{
  g_return_val_if_fail (PH_IS_ENGINE (self), NULL);

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  return iface->make_login != NULL ? iface->make_login (self) : NULL;
}

/**
 * ph_engine_get_deadline: (skip)
 * @self: an engine
 *
 * When ph_engine_timed_out() is to be called.
 *
 * Returns: a time in the clock of `now`, 0 for never
 */
gint64
ph_engine_get_deadline (PhEngine *self)
{
  g_return_val_if_fail (self != NULL, 0);

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  return iface->get_deadline != NULL ? iface->get_deadline (self) : 0;
}

/**
 * ph_engine_timed_out: (skip)
 * @self: an engine
 * @now: the time
 *
 * The deadline has passed.
 */
void
ph_engine_timed_out (PhEngine *self, gint64 now)
{
  g_return_if_fail (PH_IS_ENGINE (self));

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  if (iface->timed_out != NULL)
    iface->timed_out (self, now);
}

/**
 * ph_engine_take_event: (skip)
 * @self: an engine
 * @event: (out caller-allocates): filled, to be given to ph_event_clear()
 *
 * Takes the next event.
 *
 * Returns: %FALSE where there is none
 */
gboolean
ph_engine_take_event (PhEngine *self, PhEvent *event)
{
  g_return_val_if_fail (self != NULL && event != NULL, FALSE);

  memset (event, 0, sizeof *event);
  return PH_ENGINE_GET_IFACE (self)->take_event (self, event);
}

/**
 * ph_engine_get_capabilities: (skip)
 * @self: an engine
 *
 * What the server says that it can do, as of now.
 *
 * Returns: (transfer none) (array zero-terminated=1): "STARTTLS", "SIZE 1000", "AUTH PLAIN LOGIN"
 */
const char *const *
ph_engine_get_capabilities (PhEngine *self)
{
  static const char *const none[] = { NULL };

  g_return_val_if_fail (PH_IS_ENGINE (self), none);

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  const char *const *capabilities = iface->get_capabilities != NULL ? iface->get_capabilities (self) : NULL;
  return capabilities != NULL ? capabilities : none;
}

/**
 * ph_engine_add_extension: (skip)
 * @self: an engine
 * @extension: an extension; referenced
 *
 * Adds an extension that the capabilities call for, right behind the CAPABILITIES event and before the next ph_engine_poll().
 */
void
ph_engine_add_extension (PhEngine *self, PhExtension *extension)
{
  g_return_if_fail (PH_IS_ENGINE (self) && PH_IS_EXTENSION (extension));

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  if (iface->add_extension != NULL)
    iface->add_extension (self, extension);
}

/**
 * ph_engine_set_idle: (skip)
 * @self: an engine
 * @idle: whether to keep up with the mailbox while nothing is queued
 * @now: the time
 *
 * Says whether to listen while there is nothing else to do.
 */
void
ph_engine_set_idle (PhEngine *self, gboolean idle, gint64 now)
{
  g_return_if_fail (PH_IS_ENGINE (self));

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  if (iface->set_idle != NULL)
    iface->set_idle (self, idle, now);
}

/**
 * ph_engine_decode: (skip)
 * @self: an engine; it needs no ph_engine_start()
 * @data: octets of a recorded stream
 * @length: how many
 * @end: nothing comes behind them
 * @response: (out) (transfer full) (nullable): what was understood. SMTP's has the code as number, the enhanced status as name and
 *   the lines joined by "\n" as text
 * @error: return location
 *
 * Reads one unit (a response, a reply) at the start of @data, apart from any session.
 *
 * Returns: how many octets it took, also with @error set: they are to be skipped. 0 where the unit is incomplete and, with
 *   @end, at the end of the data
 */
gsize
ph_engine_decode (PhEngine *self, const guint8 *data, gsize length, gboolean end, PhResponse **response, GError **error)
{
  g_return_val_if_fail (PH_IS_ENGINE (self) && response != NULL, length);

  PhEngineInterface *iface = PH_ENGINE_GET_IFACE (self);
  *response = NULL;
  if (iface->decode != NULL)
    return iface->decode (self, data, length, end, response, error);
  g_set_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "%s can't decode recorded streams", G_OBJECT_TYPE_NAME (self));
  return length;
}
