/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One step of a session: write what can be written, read what can be read, feed the engine, do what it wants. */
#include "ph-driver-private.h"

/* Of one step, in an ordinary talk */
#define FEW_RECORDS 4

/* Reads of one step; then others have their turn */
#define MAX_TURNS 32

void
ph_record_clear (PhRecord *record)
{
  if (!record->is_trace)
    ph_event_clear (&record->event);
  g_clear_pointer (&record->trace, g_bytes_unref);
}

PhDriver *
ph_driver_new (const PhDriverSetup *setup)
{
  PhDriver *self = g_new0 (PhDriver, 1);

  self->engine = g_object_ref (setup->engine);
  self->calls = PH_ENGINE_GET_IFACE (self->engine);
  self->connection = g_object_ref (setup->connection);
  self->link = PH_CONNECTION_GET_IFACE (self->connection);
  self->policy = g_object_ref (setup->policy);
  g_set_object (&self->credentials, setup->credentials);
  self->scheme = setup->scheme;
  self->scheme_name = g_strdup (setup->scheme_name);
  self->uri = g_strdup (setup->uri);
  self->user = g_strdup (setup->user);
  self->authorization = g_strdup (setup->authorization);
  self->domain = g_strdup (setup->domain);
  self->port = setup->port;
  self->host = g_strdup (setup->host);
  self->hello_name = g_strdup (setup->hello_name);
  self->uses = g_strdupv ((char **) setup->uses);
  self->limits = setup->limits;
  self->timeouts = setup->timeouts;
  self->trace = setup->trace;
  self->capabilities = setup->capabilities;
  self->data = setup->data;
  self->filters = g_ptr_array_new_with_free_func (g_object_unref);
  self->in = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_byte_queue_unref);
  self->out = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_byte_queue_unref);
  g_ptr_array_add (self->in, ph_byte_queue_new ());
  g_ptr_array_add (self->out, ph_byte_queue_new ());
  self->records = g_array_sized_new (FALSE, TRUE, sizeof (PhRecord), FEW_RECORDS);
  self->want = PH_WANT_READ;
  ph_driver_tick (self);

  if (self->scheme->implicit_tls)
    ph_driver_start_tls (self, FALSE);

  return self;
}

void
ph_driver_free (PhDriver *self)
{
  if (!self->closed)
    ph_connection_close (self->connection);
  if (self->wipe_out)
    g_ptr_array_foreach (self->out, (GFunc) (void (*) (void)) ph_byte_queue_wipe, NULL);
  for (PhRecord record; ph_driver_take_record (self, &record);)
    ph_record_clear (&record);
  g_array_unref (self->records);
  g_clear_pointer (&self->dialogue, ph_sasl_dialogue_free);
  g_clear_pointer (&self->challenge, g_bytes_unref);
  g_clear_object (&self->body);
  g_clear_object (&self->body_command);
  g_clear_object (&self->coder);
  g_clear_pointer (&self->body_raw, ph_byte_queue_unref);
  g_clear_object (&self->sink);
  g_clear_pointer (&self->sink_queue, ph_byte_queue_unref);
  g_clear_pointer (&self->sink_bytes, g_bytes_unref);
  g_clear_error (&self->sink_error);
  g_ptr_array_unref (self->filters);
  g_ptr_array_unref (self->in);
  g_ptr_array_unref (self->out);
  g_clear_object (&self->engine);
  g_clear_object (&self->connection);
  g_clear_object (&self->policy);
  g_clear_object (&self->credentials);
  g_free (self->scheme_name);
  g_free (self->mechanism);
  g_free (self->uri);
  g_free (self->authorization);
  g_free (self->domain);
  g_strfreev (self->offered);
  g_free (self->user);
  g_free (self->host);
  g_free (self->hello_name);
  g_strfreev (self->uses);
  g_free (self);
}

/* The engine's clock: monotonic, but it stands while the program holds things up. */
gint64
ph_driver_now (PhDriver *self)
{
  return (self->paused_since != 0 ? self->paused_since : self->now) - self->clock_lag;
}

void
ph_driver_tick (PhDriver *self)
{
  self->now = g_get_monotonic_time ();
}

static void
set_paused (PhDriver *self,
            gboolean  paused)
{
  if (paused == (self->paused_since != 0))
    return;
  ph_driver_tick (self);
  if (paused)
    {
      self->paused_since = self->now;
    }
  else
    {
      self->clock_lag += self->now - self->paused_since;
      self->paused_since = 0;
    }
}

static PhRecord *
add_record (PhDriver *self)
{
  g_array_set_size (self->records, self->records->len + 1);
  return &g_array_index (self->records, PhRecord, self->records->len - 1);
}

void
ph_driver_set_job (PhDriver    *self,
                   PhDriverJob  job)
{
  self->job = job;
  self->refused = 0;
  set_paused (self, job != PH_JOB_NONE);
}

void
ph_driver_add_trace (PhDriver         *self,
                     PhTraceDirection  direction,
                     const void       *data,
                     gsize             length)
{
  PhRecord *record;

  if (!self->trace || length == 0)
    return;

  record = add_record (self);
  record->is_trace = TRUE;
  record->direction = direction;
  record->trace = g_bytes_new (data, length);
}

/* The source of credentials hears of it after the step: it is the program's, and may take its time. */
void
ph_driver_add_refused (PhDriver    *self,
                       PhSaslNeeds  refused,
                       PhReply     *refusal)
{
  PhRecord *record = add_record (self);

  record->refused = refused;
  record->event.reply = refusal != NULL ? ph_reply_ref (refusal) : NULL;
}

void
ph_driver_note (PhDriver   *self,
                const char *format,
                ...)
{
  g_autofree char *text = NULL;
  va_list args;

  if (!self->trace)
    return;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  ph_driver_add_trace (self, PH_TRACE_NOTE, text, strlen (text));
}

/* Events are taken at once, so that new extensions are there before the engine's next poll (); the program hears of them
 * after the step. */
void
ph_driver_drain_events (PhDriver *self)
{
  PhEvent event = { 0 };

  while (self->calls->take_event (self->engine, &event))
    {
      if (event.kind == PH_EVENT_CAPABILITIES)
        self->capabilities (self->data, event.reply);
      else if (event.kind == PH_EVENT_FAILED)
        ph_driver_drop_body (self);
      add_record (self)->event = event;
      memset (&event, 0, sizeof event);
    }
}

gboolean
ph_driver_take_record (PhDriver *self,
                       PhRecord *record)
{
  if (self->first_record == self->records->len)
    {
      g_array_set_size (self->records, 0);
      self->first_record = 0;
      return FALSE;
    }
  *record = g_array_index (self->records, PhRecord, self->first_record++);
  return TRUE;
}

void
ph_driver_rest (PhDriver *self)
{
  if (self->records->len == 0)
    g_free (g_array_steal (self->records, NULL));
  for (guint i = 0; i < self->in->len; i++)
    if (ph_byte_queue_get_length (g_ptr_array_index (self->in, i)) == 0)
      ph_byte_queue_wipe (g_ptr_array_index (self->in, i));
  for (guint i = 0; i < self->out->len; i++)
    if (ph_byte_queue_get_length (g_ptr_array_index (self->out, i)) == 0)
      ph_byte_queue_wipe (g_ptr_array_index (self->out, i));
}

/* The connection is of no more use. What the engine makes of that depends on what was under way. */
void
ph_driver_fail (PhDriver     *self,
                const GError *error)
{
  if (self->closed)
    return;

  self->closed = TRUE;
  ph_driver_set_job (self, PH_JOB_NONE);
  ph_connection_close (self->connection);
  if (self->closed_told)
    return;

  self->closed_told = TRUE;
  if (error != NULL && !self->saying_goodbye)
    ph_driver_note (self, "%s", error->message);
  if (!self->started)
    {
      /* an engine must have been started before it can be told of anything */
      PhRecord *record = add_record (self);

      record->event.kind = PH_EVENT_FAILED;
      record->event.error = error != NULL ? g_error_copy (error)
                                          : ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "%s closed the connection", self->host);
      return;
    }
  /* behind a filter there may be more that did not leave */
  ph_engine_unwritten (self->engine, ph_byte_queue_get_length (ph_driver_top_out (self)));
  ph_engine_closed (self->engine, self->saying_goodbye ? NULL : error);
  ph_driver_drain_events (self);
}

static void
start_engine (PhDriver *self)
{
  PhEngineSetup setup = {
    .scheme = self->scheme_name,
    .host = self->host,
    .hello_name = self->hello_name,
    .tls_mode = ph_security_policy_get_tls_mode (self->policy),
    .channel_secure = self->tls != NULL || ph_connection_is_local (self->connection),
    .login = self->user != NULL || self->credentials != NULL,
    .limits = &self->limits,
    .timeouts = &self->timeouts,
    .uses = (const char *const *) self->uses,
  };

  self->started = TRUE;
  ph_engine_start (self->engine, &setup, ph_driver_now (self));
  ph_driver_drain_events (self);
}

static void
want_filter (PhDriver *self,
             PhFilter *filter)
{
  ph_driver_note (self, "%s is on", G_OBJECT_TYPE_NAME (filter));
  ph_driver_flush (self);
  ph_driver_push_filter (self, filter);
  ph_engine_upgraded (self->engine, NULL, ph_driver_now (self));
  ph_driver_drain_events (self);
}

static void
write_text (PhDriver     *self,
            const PhWant *want)
{
  if (want->kind == PH_WANT_WRITE_SECRET)
    g_ptr_array_foreach (self->out, (GFunc) (void (*) (void)) ph_byte_queue_set_secret, NULL);
  ph_byte_queue_append (ph_driver_top_out (self), want->data, want->length);
  if (want->kind == PH_WANT_WRITE_SECRET)
    {
      gboolean whole_line = want->length > 0 && want->data[want->length - 1] == '\n';

      self->wipe_out = TRUE;
      ph_driver_add_trace (self, PH_TRACE_SENT, "***\r\n", whole_line ? 5 : 3);
      return;
    }
  ph_driver_add_trace (self, PH_TRACE_SENT, want->data, want->length);
}

/* Asks the engine until it wants something that a step can't go on without. */
static gboolean
obey (PhDriver *self)
{
  gboolean progress = FALSE;

  while (self->started && !self->closed && !self->handshaking && self->job == PH_JOB_NONE && !self->diverting && !self->saying_goodbye &&
         ph_driver_out_length (self) < (self->body_raw != NULL ? PH_OUT_PIECE : PH_OUT_HIGH))
    {
      PhWant want = { 0 };

      if (self->body != NULL)
        {
          if (!ph_driver_pump_body (self))
            return progress;
          progress = TRUE;
          continue;
        }

      self->calls->poll (self->engine, &want, ph_driver_now (self));
      ph_driver_drain_events (self);
      if (self->want == PH_WANT_PAUSE)
        self->refused = 0;
      self->want = want.kind;
      set_paused (self, want.kind == PH_WANT_PAUSE);
      switch (want.kind)
        {
        case PH_WANT_READ:
        case PH_WANT_PAUSE:
          return progress;
        case PH_WANT_WRITE:
        case PH_WANT_WRITE_SECRET:
          write_text (self, &want);
          break;
        case PH_WANT_WRITE_BODY:
          ph_driver_start_body (self, &want);
          break;
        case PH_WANT_DIVERT:
          ph_driver_start_divert (self, &want);
          break;
        case PH_WANT_TLS:
          ph_driver_flush (self);
          ph_driver_start_tls (self, TRUE);
          break;
        case PH_WANT_SASL_START:
          ph_driver_sasl_start (self, &want);
          break;
        case PH_WANT_SASL_CHALLENGE:
          ph_driver_sasl_challenge (self, want.bytes);
          break;
        case PH_WANT_SASL_DONE:
          ph_driver_sasl_done (self, want.bytes);
          break;
        case PH_WANT_FILTER:
          want_filter (self, want.filter);
          break;
        case PH_WANT_CLOSE:
          ph_driver_say_goodbye (self);
          break;
        default:
          g_return_val_if_reached (progress);
        }
      progress = TRUE;
    }

  return progress;
}

/* Hands the engine what has come through the filters. */
static gboolean
feed (PhDriver *self)
{
  PhByteQueue *top = ph_driver_top_in (self);
  const guint8 *data;
  gsize length;
  gsize taken;

  if (self->diverting)
    return ph_driver_pump_divert (self);
  if (!self->started || self->handshaking || (self->job != PH_JOB_NONE && self->job != PH_JOB_BODY) || self->saying_goodbye)
    return FALSE;
  if (self->want == PH_WANT_PAUSE)
    return FALSE;

  data = ph_byte_queue_peek (top, &length);
  if (length == 0 || length == self->refused)
    return FALSE;

  taken = self->calls->receive (self->engine, data, length, ph_driver_now (self));
  g_return_val_if_fail (taken <= length, FALSE);
  ph_driver_add_trace (self, PH_TRACE_RECEIVED, data, taken);
  ph_byte_queue_consume (top, taken);
  /* A whole unit is missing, or the engine wants something first: obey () tells which, and a want that was answered lets it
   * see the same octets again. */
  self->refused = taken == 0 ? length : 0;
  ph_driver_drain_events (self);
  return taken > 0;
}

static void
check_deadlines (PhDriver *self)
{
  gint64 now = self->now;
  gint64 deadline;
  g_autoptr (GError) error = NULL;

  if (self->handshaking && self->tls_deadline != 0 && now >= self->tls_deadline && self->job == PH_JOB_NONE)
    error = ph_error_new (PH_ERROR_TIMED_OUT, NULL, NULL, "%s did not complete the TLS handshake within %u seconds", self->host,
                          self->timeouts.tls);
  else if (ph_driver_out_length (self) > 0 && self->timeouts.content != 0 &&
           now >= self->last_written + (gint64) self->timeouts.content * G_USEC_PER_SEC)
    error = ph_error_new (PH_ERROR_TIMED_OUT, NULL, NULL, "%s took nothing more of what is being sent for %u seconds", self->host,
                          self->timeouts.content);
  if (error != NULL)
    {
      ph_driver_fail (self, error);
      return;
    }

  if (!self->started || self->closed || self->job != PH_JOB_NONE || self->body != NULL || self->paused_since != 0 || self->handshaking)
    return;
  deadline = self->calls->get_deadline (self->engine);
  if (deadline == 0 || ph_driver_now (self) < deadline)
    return;
  ph_engine_timed_out (self->engine, ph_driver_now (self));
  ph_driver_drain_events (self);
}

static gboolean
may_read (PhDriver *self)
{
  if (self->read_ended || self->closed || self->saying_goodbye)
    return FALSE;
  if (self->handshaking)
    return self->job == PH_JOB_NONE;
  /* while a body is read from a slow stream the server's early answer is heard, too */
  return self->started && self->want != PH_WANT_PAUSE && (self->job == PH_JOB_NONE || self->job == PH_JOB_BODY);
}

void
ph_driver_step (PhDriver *self)
{
  guint turns = 0;

  ph_driver_tick (self);
  self->ready = FALSE;
  self->drained = FALSE;
  self->filled = FALSE;
  if (!self->closed)
    check_deadlines (self);

  while (!self->closed)
    {
      gboolean progress = FALSE;

      if (!self->started && !self->handshaking && self->job == PH_JOB_NONE)
        start_engine (self);
      if (obey (self))
        {
          self->refused = 0;
          progress = TRUE;
        }
      progress |= ph_driver_flush (self);
      progress |= ph_driver_rise (self);
      progress |= ph_driver_watch_tls (self);
      progress |= feed (self);
      if (self->closed)
        break;
      if (progress && self->body == NULL)
        continue;
      /* A peer that takes a message as fast as it comes must neither keep others from their turn nor go unheard. */
      if (turns++ == MAX_TURNS)
        {
          self->ready = TRUE;
          break;
        }
      /* What came of a large read is taken while it is in the processor's cache, and its memory serves for the next. */
      if (self->filled && self->first_record < self->records->len)
        {
          self->ready = TRUE;
          break;
        }
      if ((!may_read (self) || self->drained || !ph_driver_fill (self)) && !progress)
        break;
    }
}

void
ph_driver_submit (PhDriver  *self,
                  PhCommand *command)
{
  ph_driver_tick (self);
  self->calls->submit (self->engine, command, ph_driver_now (self));
  ph_driver_drain_events (self);
}

void
ph_driver_cancel (PhDriver  *self,
                  PhCommand *command,
                  GError    *error)
{
  ph_engine_cancel (self->engine, command, error);
  ph_driver_drain_events (self);
}

void
ph_driver_set_idle (PhDriver *self,
                    gboolean  idle)
{
  ph_driver_tick (self);
  ph_engine_set_idle (self->engine, idle, ph_driver_now (self));
  ph_driver_drain_events (self);
}

void
ph_driver_abort (PhDriver     *self,
                 const GError *error)
{
  ph_driver_fail (self, error);
}

GIOCondition
ph_driver_get_wanted (PhDriver *self)
{
  GIOCondition wanted = 0;

  if (self->closed || self->job == PH_JOB_HANDSHAKE)
    return 0;
  if (may_read (self))
    wanted |= G_IO_IN;
  if (!self->write_failed && ph_byte_queue_get_length (g_ptr_array_index (self->out, 0)) > 0)
    wanted |= G_IO_OUT;
  return wanted;
}

static gint64
earlier (gint64 one,
         gint64 other)
{
  if (one == 0 || other == 0)
    return one + other;
  return MIN (one, other);
}

gint64
ph_driver_get_deadline (PhDriver *self)
{
  gint64 deadline = 0;

  if (self->closed)
    return 0;
  if (self->handshaking && self->job == PH_JOB_NONE)
    deadline = self->tls_deadline;
  if (ph_driver_out_length (self) > 0 && self->timeouts.content != 0)
    deadline = earlier (deadline, self->last_written + (gint64) self->timeouts.content * G_USEC_PER_SEC);
  if (self->started && self->job == PH_JOB_NONE && self->body == NULL && self->paused_since == 0 && !self->handshaking)
    {
      gint64 engine = self->calls->get_deadline (self->engine);

      if (engine != 0)
        deadline = earlier (deadline, engine + self->clock_lag);
    }
  return deadline;
}

gboolean
ph_driver_is_ready (PhDriver *self)
{
  return self->ready;
}

gboolean
ph_driver_is_paused (PhDriver *self)
{
  return !self->closed && self->job == PH_JOB_NONE && self->want == PH_WANT_PAUSE;
}

gboolean
ph_driver_is_closed (PhDriver *self)
{
  return self->closed;
}

PhConnection *
ph_driver_get_connection (PhDriver *self)
{
  return self->connection;
}

PhCommand *
ph_driver_get_progress_command (PhDriver *self)
{
  return self->body_command;
}

PhTlsInfo *
ph_driver_get_tls_info (PhDriver *self)
{
  return self->tls != NULL ? ph_tls_filter_get_info (self->tls) : NULL;
}

const char *
ph_driver_get_mechanism (PhDriver *self)
{
  return self->mechanism;
}

void
ph_driver_set_trace (PhDriver *self,
                     gboolean  trace)
{
  self->trace = trace;
}

PhDriverJob
ph_driver_get_job (PhDriver *self)
{
  return self->job;
}
