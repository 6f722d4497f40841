/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engine's interfaces: octets to replies, what is wanted next, deadlines. */
#include "ph-smtp-core.h"

#include "ph-smtp-commands.h"
#include "ph-smtp-send.h"

/* RFC 5321 section 4.5.3.1.5 allows 512 octets; what a server may make us hold is this at most. */
#define MAX_LINE (64 * 1024)

static PhSmtpCore *
core_of (gpointer engine)
{
  return engine;
}

static const char *
setup_string (const char *given)
{
  return given != NULL ? given : "";
}

static void
core_start (PhEngine *engine, const PhEngineSetup *setup, gint64 now)
{
  PhSmtpCore *self = core_of (engine);

  self->host = g_strdup (setup_string (setup->host));
  self->hello_name = g_strdup (setup_string (setup->hello_name));
  self->tls_mode = setup->tls_mode;
  self->secure = setup->channel_secure;
  self->login = setup->login;
  self->timeouts = *setup->timeouts;
  ph_smtp_reply_parser_init (&self->parser, MIN (setup->limits->line, MAX_LINE), setup->limits->reply_lines, setup->limits->response);
  self->writer = g_object_new (self->flavor->get_writer_type (), NULL);
  ph_smtp_core_expect (self, PH_SMTP_SLOT_GREETING, NULL, 0);
  self->patience = self->timeouts.greeting;
  self->deadline = self->patience != 0 ? now + (gint64) self->patience * G_USEC_PER_SEC : 0;
}

/* Patience begins again: something was written, or something came. While the driver has to answer, or writes a body and sees
 * itself whether it moves, nobody waits for the server. */
static void
renew (PhSmtpCore *self, gint64 now)
{
  PhSmtpSlot *slot = ph_smtp_core_first_slot (self);

  self->deadline = 0;
  if (slot == NULL || self->standing != PH_WANT_READ)
    return;
  if (slot->kind == PH_SMTP_SLOT_GREETING)
    self->patience = self->timeouts.greeting;
  else if (slot->kind >= PH_SMTP_SLOT_CHUNK)
    self->patience = self->timeouts.delivered;
  else
    self->patience = self->timeouts.command;
  if (self->patience != 0)
    self->deadline = now + (gint64) self->patience * G_USEC_PER_SEC;
}

static void
put_pending (PhSmtpCore *self, PhCommand *command)
{
  GList *link = self->spare != NULL ? self->spare : g_list_alloc ();

  self->spare = link->next;
  link->next = NULL;
  link->data = g_object_ref (command);
  g_queue_push_tail_link (&self->pending, link);
}

static void
core_submit (PhEngine *engine, PhCommand *command, gint64 now)
{
  PhSmtpCore *self = core_of (engine);

  ph_command_set_state (command, PH_COMMAND_QUEUED);
  if (self->standing == PH_WANT_CLOSE)
    ph_smtp_core_complete (self, command, NULL, ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "the session with %s is over", self->host));
  else
    put_pending (self, command);
}

/* Raw commands have one slot each. */
static void
cancel_line (PhSmtpCore *self, PhCommand *command, GError *error)
{
  PhSmtpSlot *slot;

  for (guint i = 0; (slot = ph_smtp_ring_peek (&self->slots, sizeof (PhSmtpSlot), i)) != NULL; i++)
    if (slot->kind == PH_SMTP_SLOT_COMMAND && slot->command == command)
      {
        ph_smtp_core_complete (self, command, NULL, error);
        g_clear_object (&slot->command);
        return;
      }
  g_error_free (error);
}

static void
core_cancel (PhEngine *engine, PhCommand *command, GError *error)
{
  PhSmtpCore *self = core_of (engine);

  if (g_queue_remove (&self->pending, command))
    {
      ph_smtp_core_complete (self, command, NULL, error);
      g_object_unref (command);
    }
  else if (G_OBJECT_TYPE (command) == self->send_type)
    ph_smtp_send_cancel (self, (PhSmtpSend *) command, error);
  else
    cancel_line (self, command, error);
}

static gsize
core_receive (PhEngine *engine, const guint8 *data, gsize length, gint64 now)
{
  PhSmtpCore *self = core_of (engine);
  gsize done = 0;

  if (self->standing == PH_WANT_CLOSE)
    return length;
  while (done < length && self->next == NULL && (self->standing == PH_WANT_READ || self->standing == PH_WANT_WRITE_BODY))
    {
      g_autoptr (PhReply) reply = NULL;
      g_autoptr (GError) error = NULL;

      done += ph_smtp_reply_parser_feed (&self->parser, data + done, length - done, &reply, &error);
      if (error != NULL)
        {
          g_prefix_error (&error, "%s sent what can't be understood: ", self->host);
          ph_smtp_core_fail (self, NULL, g_steal_pointer (&error));
          return done;
        }
      if (reply != NULL)
        ph_smtp_core_take_reply (self, reply);
    }
  if (done > 0)
    renew (self, now);
  return done;
}

/* Plain text first; what is secret stands behind it. */
static gboolean
give (PhSmtpCore *self, PhWant *want)
{
  gboolean secret = self->out->len == 0;
  GString **from = secret ? &self->secret : &self->out;
  GString *given = self->given_text;

  if ((*from)->len == 0)
    return FALSE;
  self->given_text = *from;
  *from = given;
  want->kind = secret ? PH_WANT_WRITE_SECRET : PH_WANT_WRITE;
  want->data = (const guint8 *) self->given_text->str;
  want->length = (gint64) self->given_text->len;
  self->given += self->given_text->len;
  return TRUE;
}

static void
core_poll (PhEngine *engine, PhWant *want, gint64 now)
{
  PhSmtpCore *self = core_of (engine);

  ph_wipe (self->given_text->str, self->given_text->len);
  g_string_truncate (self->given_text, 0);
  while (self->next != NULL)
    {
      void (*next) (PhSmtpCore *) = self->next;
      self->next = NULL;
      next (self);
    }
  if (self->open && self->standing == PH_WANT_READ)
    ph_smtp_schedule (self);

  want->kind = self->standing;
  if (self->standing == PH_WANT_CLOSE)
    return;
  if (give (self, want))
    {
      renew (self, now);
      return;
    }
  if (self->standing == PH_WANT_WRITE_BODY)
    ph_smtp_content_fill_want (self, want);
  else if (self->standing == PH_WANT_SASL_START)
    {
      want->mechanisms = (const char *const *) self->features.mechanisms;
      want->initial_response = TRUE;
      want->reply = self->refusal;
    }
  else if (self->standing == PH_WANT_SASL_CHALLENGE)
    want->bytes = self->challenge;
}

static void
core_body_written (PhEngine *engine, guint64 octets, const GError *error, gint64 now)
{
  PhSmtpCore *self = core_of (engine);

  if (self->standing != PH_WANT_WRITE_BODY)
    return;
  self->given += octets;
  ph_smtp_content_written (self, error);
  renew (self, now);
}

/* No content is ever diverted. */
static void
core_diverted (PhEngine *engine, const GError *error, gint64 now)
{
}

static void
core_sasl_reply (PhEngine *engine, const char *mechanism, GBytes *response, const GError *error, gint64 now)
{
  PhSmtpCore *self = core_of (engine);

  ph_smtp_login_answered (self, mechanism, response, error);
  renew (self, now);
}

static void
core_secured (PhEngine *engine, gboolean verified)
{
  PhSmtpCore *self = core_of (engine);

  self->tls = TRUE;
  self->verified = verified;
}

static void
core_upgraded (PhEngine *engine, const GError *error, gint64 now)
{
  PhSmtpCore *self = core_of (engine);

  if (self->standing != PH_WANT_TLS)
    return;
  self->standing = PH_WANT_READ;
  ph_smtp_open_secured (self, error);
  renew (self, now);
}

/* " before it answered RCPT TO:<bob@example.net>" (transfer full) */
static char *
describe_wait (PhSmtpCore *self)
{
  const PhSmtpSlot *slot = ph_smtp_core_first_slot (self);

  if (slot == NULL)
    return g_strdup ("");
  if (slot->kind == PH_SMTP_SLOT_GREETING)
    return g_strdup (" before its greeting");
  g_autofree char *what = ph_smtp_slot_describe (self, slot);
  return g_strconcat (" before it answered ", what, NULL);
}

static void
core_closed (PhEngine *engine, const GError *error)
{
  PhSmtpCore *self = core_of (engine);
  g_autofree char *waiting = NULL;

  if (self->standing == PH_WANT_CLOSE)
    return;
  self->written = MIN (self->written, self->given);
  waiting = describe_wait (self);
  if (error == NULL)
    ph_smtp_core_fail (self, NULL, ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "%s closed the connection%s", self->host, waiting));
  else if (error->domain == PH_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    ph_smtp_core_fail (self, NULL, g_error_copy (error));
  else
    ph_smtp_core_fail (self, NULL, ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "the connection to %s was lost%s: %s", self->host, waiting,
                                                 error->message));
}

static void
core_unwritten (PhEngine *engine, guint64 octets)
{
  PhSmtpCore *self = core_of (engine);

  self->written = self->given - MIN (octets, self->given);
}

static PhCommand *
core_quit (PhEngine *engine)
{
  return ph_command_new ("QUIT", NULL);
}

static PhCommand *
core_make_noop (PhEngine *engine)
{
  return ph_command_new ("NOOP", NULL);
}

static gint64
core_get_deadline (PhEngine *engine)
{
  return core_of (engine)->deadline;
}

static void
core_timed_out (PhEngine *engine, gint64 now)
{
  PhSmtpCore *self = core_of (engine);
  const PhSmtpSlot *slot = ph_smtp_core_first_slot (self);

  if (self->deadline == 0 || now < self->deadline || slot == NULL)
    return;
  g_autofree char *what = ph_smtp_slot_describe (self, slot);
  if (slot->kind == PH_SMTP_SLOT_GREETING)
    ph_smtp_core_fail (self, NULL, ph_error_new (PH_ERROR_TIMED_OUT, NULL, NULL, "%s sent no greeting within %u seconds", self->host,
                                                 self->patience));
  else
    ph_smtp_core_fail (self, NULL, ph_error_new (PH_ERROR_TIMED_OUT, NULL, NULL, "%s did not answer %s within %u seconds", self->host,
                                                 what, self->patience));
}

static gboolean
core_take_event (PhEngine *engine, PhEvent *event)
{
  PhSmtpCore *self = core_of (engine);
  return ph_smtp_ring_pop (&self->events, sizeof (PhEvent), event);
}

static const char *const *
core_get_capabilities (PhEngine *engine)
{
  return (const char *const *) core_of (engine)->features.all;
}

/* What extends SMTP are parameters and commands, which envelopes and raw lines carry. */
static void
core_add_extension (PhEngine *engine, PhExtension *extension)
{
}

static gsize
core_decode (PhEngine *engine, const guint8 *data, gsize length, gboolean end, PhResponse **response, GError **error)
{
  PhSmtpReplyParser parser;
  g_autoptr (PhReply) reply = NULL;
  g_autoptr (GError) local = NULL;

  *response = NULL;
  ph_smtp_reply_parser_init (&parser, MAX_LINE, 1000, MAX_LINE * 1000);
  gsize taken = ph_smtp_reply_parser_feed (&parser, data, length, &reply, &local);
  ph_smtp_reply_parser_clear (&parser);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return taken;
    }
  if (reply == NULL)
    {
      if (end && length > 0)
        g_set_error (error, PH_ERROR, PH_ERROR_PROTOCOL, "the stream ends within a reply");
      return end ? length : 0;
    }
  g_autoptr (PhResponse) transient = ph_response_new_transient ();
  ph_response_fill (transient, PH_RESPONSE_TAGGED, NULL, ph_reply_get_enhanced_status (reply), (guint32) ph_reply_get_code (reply),
                    ph_reply_get_status (reply), NULL, NULL, ph_reply_get_text (reply), NULL);
  *response = ph_response_copy (transient);
  return taken;
}

void
ph_smtp_core_describe (PhEngineInterface *iface)
{
  iface->start = core_start;
  iface->submit = core_submit;
  iface->cancel = core_cancel;
  iface->receive = core_receive;
  iface->poll = core_poll;
  iface->body_written = core_body_written;
  iface->diverted = core_diverted;
  iface->sasl_reply = core_sasl_reply;
  iface->upgraded = core_upgraded;
  iface->secured = core_secured;
  iface->closed = core_closed;
  iface->unwritten = core_unwritten;
  iface->quit = core_quit;
  iface->make_noop = core_make_noop;
  iface->get_deadline = core_get_deadline;
  iface->timed_out = core_timed_out;
  iface->take_event = core_take_event;
  iface->get_capabilities = core_get_capabilities;
  iface->add_extension = core_add_extension;
  iface->decode = core_decode;
}

static PhCommand *
make_verify (PhTransportEngine *engine, const char *address)
{
  return ph_smtp_make_command ("VRFY", address);
}

static PhCommand *
make_expand (PhTransportEngine *engine, const char *list)
{
  return ph_smtp_make_command ("EXPN", list);
}

static PhCommand *
make_help (PhTransportEngine *engine, const char *topic)
{
  return ph_smtp_make_command ("HELP", topic);
}

static PhCommand *
make_reset (PhTransportEngine *engine)
{
  return ph_command_new ("RSET", NULL);
}

static PhCommand *
make_etrn (PhTransportEngine *engine, const char *node)
{
  return ph_smtp_make_etrn (node);
}

static PhCommand *
make_xclient (PhTransportEngine *engine, const char *const *attributes)
{
  return ph_smtp_make_attributes ("XCLIENT", attributes);
}

static PhCommand *
make_xforward (PhTransportEngine *engine, const char *const *attributes)
{
  return ph_smtp_make_attributes ("XFORWARD", attributes);
}

static PhCommand *
make_send (PhTransportEngine *engine, PhEnvelope *envelope, PhBody *body)
{
  return ph_smtp_send_new (core_of (engine)->flavor, envelope, body);
}

static gboolean
renew_send (PhTransportEngine *engine, PhCommand *command, PhEnvelope *envelope, PhBody *body)
{
  return ph_smtp_send_renew (core_of (engine)->flavor, command, envelope, body);
}

static void
describe_transport (PhTransportEngineInterface *iface)
{
  iface->make_send = make_send;
  iface->make_verify = make_verify;
  iface->make_expand = make_expand;
  iface->make_help = make_help;
  iface->make_reset = make_reset;
  iface->make_etrn = make_etrn;
  iface->make_xclient = make_xclient;
  iface->make_xforward = make_xforward;
  iface->renew_send = renew_send;
}

GType
ph_smtp_core_register (GType type)
{
  static const GInterfaceInfo transport = { (GInterfaceInitFunc) (void (*) (void)) describe_transport, NULL, NULL };
  static GMutex lock;

  g_mutex_lock (&lock);
  if (type != G_TYPE_INVALID && !g_type_is_a (type, PH_TYPE_TRANSPORT_ENGINE))
    g_type_add_interface_static (type, PH_TYPE_TRANSPORT_ENGINE, &transport);
  g_mutex_unlock (&lock);
  return type;
}

void
ph_smtp_core_init (PhSmtpCore *self, const PhSmtpFlavor *flavor)
{
  self->flavor = flavor;
  self->send_type = flavor->get_send_type ();
  g_queue_init (&self->pending);
  g_queue_init (&self->again);
  self->window = PH_SMTP_FIRST_WINDOW;
  self->written = G_MAXUINT64;
  self->standing = PH_WANT_READ;
  self->out = g_string_new (NULL);
  self->secret = g_string_new (NULL);
  self->given_text = g_string_new (NULL);
  ph_smtp_features_parse (&self->features, NULL);
}

static void
free_wiped (GString *text)
{
  ph_wipe (text->str, text->len);
  g_string_free (text, TRUE);
}

static void
drop_queues (PhSmtpCore *self)
{
  PhSmtpSlot slot;
  PhEvent event;
  PhSmtpSend *send;

  while (ph_smtp_ring_pop (&self->slots, sizeof (PhSmtpSlot), &slot))
    if (slot.kind == PH_SMTP_SLOT_COMMAND)
      g_clear_object (&slot.command);
  while (ph_smtp_ring_pop (&self->events, sizeof (PhEvent), &event))
    ph_event_clear (&event);
  while ((send = ph_smtp_send_land (self)) != NULL)
    g_object_unref (send);
  g_queue_clear_full (&self->again, g_object_unref);
  g_queue_clear_full (&self->pending, g_object_unref);
  g_clear_list (&self->spare, NULL);
  ph_smtp_ring_clear (&self->slots);
  ph_smtp_ring_clear (&self->events);
}

void
ph_smtp_core_finalize (GObject *object)
{
  PhSmtpCore *self = (PhSmtpCore *) object;

  ph_smtp_login_clear (self);
  drop_queues (self);
  g_clear_object (&self->writer);
  g_clear_object (&self->coder);
  g_clear_pointer (&self->domains, g_hash_table_unref);
  ph_smtp_reply_parser_clear (&self->parser);
  ph_smtp_features_clear (&self->features);
  g_clear_pointer (&self->greeting, ph_reply_unref);
  free_wiped (self->out);
  free_wiped (self->secret);
  free_wiped (self->given_text);
  g_free (self->host);
  g_free (self->hello_name);
}
