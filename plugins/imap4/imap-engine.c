/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The IMAP4 engine (RFC 9051, RFC 3501) as PhEngine sees it; what it does stands in the other files, by concern. */
#include "imap-engine.h"

#include "imap-store.h"

typedef GObjectClass PhImapEngineClass;

static void ph_imap_engine_describe (PhEngineInterface *iface);

PH_DEFINE_PLUGIN_TYPE (PhImapEngine, ph_imap_engine, G_TYPE_OBJECT, PH_TYPE_ENGINE, ph_imap_engine_describe)

GType
ph_imap_engine_get_full_type (void)
{
  static gsize once = 0;
  GType        type = ph_imap_engine_get_type ();

  if (type != G_TYPE_INVALID && g_once_init_enter (&once))
    {
      const GInterfaceInfo info = { (GInterfaceInitFunc) (void (*) (void)) ph_imap_store_describe, NULL, NULL };

      g_type_add_interface_static (type, PH_TYPE_STORE_ENGINE, &info);
      g_once_init_leave (&once, 1);
    }

  return type;
}

/* What must be answered before anything else happens. */
static gboolean
poll_standing (PhImapEngine *self, PhWant *want)
{
  want->body = ph_imap_output_get_body (&self->output, &want->length);
  if (want->body != NULL)
    want->kind = PH_WANT_WRITE_BODY;
  else if (self->want_tls)
    want->kind = PH_WANT_TLS;
  else if (self->want_filter != NULL)
    {
      want->kind = PH_WANT_FILTER;
      want->filter = self->want_filter;
    }
  else if (self->want_unfilter)
    want->kind = PH_WANT_UNFILTER;
  else if (self->diverting)
    {
      want->kind = PH_WANT_DIVERT;
      want->length = (gint64) self->divert_length;
      want->bytes = self->divert_bytes;
      want->sink = self->divert_entry != NULL ? self->divert_entry->own->sink : NULL;
      want->command = self->divert_entry != NULL ? self->divert_entry->command : NULL;
    }
  else
    return ph_imap_engine_poll_sasl (self, want);

  return TRUE;
}

static gboolean
poll_output (PhImapEngine *self, PhWant *want)
{
  const PhImapSegment *next = g_queue_peek_head (&self->output.segments);
  PhImapEntry         *owner = next != NULL ? next->owner : NULL;

  if (!ph_imap_output_next (&self->output, want))
    return FALSE;

  /* a body's owner waits for it; that of text may have gone once it is noted as written */
  if (want->kind == PH_WANT_WRITE_BODY)
    want->command = owner->command;
  ph_imap_engine_note_written (self);
  return TRUE;
}

static void
ph_imap_engine_poll (PhEngine *engine, PhWant *want, gint64 now)
{
  PhImapEngine *self = (PhImapEngine *) engine;

  if (self->phase != PH_IMAP_PHASE_ENDED && poll_standing (self, want))
    return;

  do
    {
      ph_imap_engine_open (self);
      ph_imap_engine_update_idle (self, now);
      ph_imap_engine_send_queued (self, now);
    }
  while (self->phase == PH_IMAP_PHASE_CONNECTED && g_queue_is_empty (&self->running) && self->n_capability_events == 0);
  if (self->phase == PH_IMAP_PHASE_ENDED)
    want->kind = PH_WANT_CLOSE;
  else if (!poll_standing (self, want) && !poll_output (self, want))
    want->kind = ph_imap_engine_is_full (self) || self->n_capability_events > 0 ? PH_WANT_PAUSE : PH_WANT_READ;
}

static void
ph_imap_engine_body_written (PhEngine *engine, guint64 octets, const GError *error, gint64 now)
{
  PhImapEngine *self = (PhImapEngine *) engine;
  gint64        length = 0;

  if (ph_imap_output_get_body (&self->output, &length) == NULL)
    return;

  self->last_activity = now;
  if (error != NULL)
    {
      ph_imap_engine_fail (self, g_error_copy (error));
      return;
    }
  if ((guint64) length != octets)
    {
      ph_imap_engine_fail (self, ph_error_new (PH_ERROR_BODY, NULL, NULL,
                                               "The message has %" G_GUINT64_FORMAT " octets and not %" G_GINT64_FORMAT
                                               ", as %s was told; the session can’t go on",
                                               octets, length, self->host));
      return;
    }

  ph_imap_output_body_done (&self->output);
  ph_imap_engine_note_written (self);
}

static const PhImapKind noop_kind = { .verb = "NOOP" };
static const PhImapKind logout_kind = { .verb = "LOGOUT", .flags = PH_IMAP_KIND_ALONE };

static PhCommand *
ph_imap_engine_quit (PhEngine *engine)
{
  return PH_COMMAND (ph_imap_command_new (&logout_kind));
}

static PhCommand *
ph_imap_engine_make_noop (PhEngine *engine)
{
  return PH_COMMAND (ph_imap_command_new (&noop_kind));
}

static const char *const *
ph_imap_engine_get_capabilities (PhEngine *engine)
{
  return (const char *const *) ((PhImapEngine *) engine)->capabilities.words->pdata;
}

static void
ph_imap_engine_describe (PhEngineInterface *iface)
{
  iface->start = ph_imap_engine_start;
  iface->submit = ph_imap_engine_submit;
  iface->cancel = ph_imap_engine_cancel;
  iface->receive = ph_imap_engine_receive;
  iface->poll = ph_imap_engine_poll;
  iface->body_written = ph_imap_engine_body_written;
  iface->diverted = ph_imap_engine_diverted;
  iface->sasl_reply = ph_imap_engine_sasl_reply;
  iface->upgraded = ph_imap_engine_upgraded;
  iface->closed = ph_imap_engine_closed;
  iface->quit = ph_imap_engine_quit;
  iface->make_noop = ph_imap_engine_make_noop;
  iface->get_deadline = ph_imap_engine_get_deadline;
  iface->timed_out = ph_imap_engine_timed_out;
  iface->take_event = ph_imap_engine_take_event;
  iface->post = ph_imap_engine_post;
  iface->make_login = ph_imap_engine_make_login;
  iface->get_capabilities = ph_imap_engine_get_capabilities;
  iface->add_extension = ph_imap_engine_add_extension;
  iface->set_idle = ph_imap_engine_set_idle;
  iface->decode = ph_imap_engine_decode;
}

static void
ph_imap_engine_finalize (GObject *object)
{
  PhImapEngine *self = (PhImapEngine *) object;

  g_free (self->host);
  g_strfreev (self->uses);
  g_ptr_array_unref (self->enabled_words);
  g_clear_pointer (&self->saved, ph_message_set_unref);
  g_clear_pointer (&self->parser, ph_imap_parser_free);
  g_clear_pointer (&self->held, g_byte_array_unref);
  g_clear_object ((GObject **) &self->writer);
  ph_imap_output_clear (&self->output);
  g_clear_pointer (&self->divert_bytes, g_bytes_unref);
  g_clear_pointer (&self->greeting, ph_reply_unref);
  g_clear_pointer (&self->limit, ph_reply_unref);
  g_clear_object (&self->want_filter);
  ph_imap_capabilities_clear (&self->capabilities);
  g_clear_pointer (&self->by_response, g_hash_table_unref);
  g_clear_pointer (&self->by_code, g_hash_table_unref);
  g_ptr_array_unref (self->extensions);
  g_strfreev (self->mechanisms);
  g_clear_pointer (&self->refusal, ph_reply_unref);
  g_clear_pointer (&self->challenge, g_bytes_unref);
  g_clear_pointer (&self->initial, g_bytes_unref);
  g_clear_error (&self->sasl_error);
  g_queue_clear_full (&self->internal, (GDestroyNotify) ph_imap_entry_free);
  g_queue_clear_full (&self->queue, (GDestroyNotify) ph_imap_entry_free);
  g_queue_clear_full (&self->running, (GDestroyNotify) ph_imap_entry_free);
  g_clear_error (&self->end_error);
  g_clear_object (&self->mailbox);
  ph_imap_engine_abandon_select (self);
  g_array_unref (self->doubtful);
  g_clear_pointer (&self->learned, ph_message_set_unref);
  ph_imap_engine_clear_events (self);

  G_OBJECT_CLASS (ph_imap_engine_parent_class)->finalize (object);
}

static void
ph_imap_engine_class_init (PhImapEngineClass *klass)
{
  klass->finalize = ph_imap_engine_finalize;
}

static void
ph_imap_engine_init (PhImapEngine *self)
{
  /* A tag that nobody can foresee: no message's text can be taken for the end of a command by a server's mistake. */
  guint32 random = g_random_int ();
  for (guint i = 0; i < 4; i++, random >>= 8)
    self->tag_prefix[i] = (char) ('A' + (random & 0xff) * 26 / 256);

  self->held = g_byte_array_new ();
  self->writer = ph_imap_writer_new ();
  ph_imap_output_init (&self->output);
  ph_imap_capabilities_init (&self->capabilities);
  self->enabled_words = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->enabled_words, NULL);
  self->extensions = g_ptr_array_new_with_free_func (g_object_unref);
  self->sasl = PH_WANT_READ;
  g_queue_init (&self->internal);
  g_queue_init (&self->queue);
  g_queue_init (&self->running);
  self->doubtful = g_array_new (FALSE, TRUE, sizeof (PhMailboxChange));
  self->events = g_array_new (FALSE, TRUE, sizeof (PhEvent));
}
