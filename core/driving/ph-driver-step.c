/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One step of a session: write what can be written, read what can be read, feed the engine, do what it wants. */
#include "ph-driver-private.h"

#include "transport/ph-fd-connection.h"

/* Reads of one step; then others have their turn */
#define MAX_TURNS 32

static void
start_engine (PhDriver *self)
{
  PhEngineSetup setup = {
    .scheme = self->scheme_name,
    .host = self->host,
    .hello_name = self->hello_name,
    .tls_mode = self->requires_tls ? PH_TLS_REQUIRED : ph_security_policy_get_tls_mode (self->policy),
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
  if (!ph_driver_push_filter (self, filter))
    return;
  ph_engine_upgraded (self->engine, NULL, ph_driver_now (self));
  ph_driver_drain_events (self);
}

static void
want_unfilter (PhDriver *self)
{
  ph_driver_flush (self);
  if (!ph_driver_pop_filters (self))
    return;
  ph_driver_note (self, "what was above TLS is off");
  ph_engine_upgraded (self->engine, NULL, ph_driver_now (self));
  ph_driver_drain_events (self);
}

static void
write_text (PhDriver     *self,
            const PhWant *want)
{
  if (want->kind == PH_WANT_WRITE_SECRET)
    ph_driver_guard_out (self);
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

/* Asks the engine until it wants something that a step can't go on without. @all_said: it has no more to say until it hears something. */
static gboolean
obey (PhDriver *self, gboolean *all_said)
{
  gboolean progress = FALSE;

  *all_said = FALSE;

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
      ph_driver_set_paused (self, want.kind == PH_WANT_PAUSE);
      switch (want.kind)
        {
        case PH_WANT_READ:
        case PH_WANT_PAUSE:
          *all_said = TRUE;
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
        case PH_WANT_UNFILTER:
          want_unfilter (self);
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
  self->waits = FALSE;
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

/* One round between engine and connection, but for reading. TRUE where another one may bring something. */
static gboolean
go_round (PhDriver *self)
{
  gboolean progress = FALSE, heard = FALSE, all_said;

  if (!self->started && !self->handshaking && self->job == PH_JOB_NONE)
    {
      start_engine (self);
      ph_driver_prepare_login (self);
      /* to read before the server can have said its first word would be a call in vain */
      self->drained = TRUE;
    }
  if (obey (self, &all_said))
    {
      self->refused = 0;
      progress = TRUE;
    }
  if (ph_driver_flush (self))
    {
      progress = TRUE;
      /* what leaves just now has no answer yet */
      self->drained |= self->body == NULL;
    }
  heard |= ph_driver_rise (self);
  heard |= ph_driver_watch_tls (self);
  heard |= feed (self);
  return heard || (progress && !all_said);
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
      /* between a step that left nothing to do but to wait and this one nobody has asked anything of the engine */
      gboolean again = !self->waits && go_round (self);

      if (self->closed)
        break;
      if (again && self->body == NULL)
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
      if (may_read (self) && !self->drained && ph_driver_fill (self))
        feed (self);
      else if (!again)
        break;
    }
  self->waits = FALSE;
  /* what follows the login has left: the server has something to do meanwhile */
  if (self->logged_in && !self->heard)
    ph_driver_forget_login (self);
}

gboolean
ph_driver_wait_in_step (PhDriver *self,
                        gint64    deadline)
{
  self->wait_until = deadline;
  self->waits = ph_connection_can_wait (self->connection) && ph_driver_has_room (self);
  return self->waits;
}

GIOCondition
ph_driver_get_wanted (PhDriver *self)
{
  GIOCondition wanted = 0;

  if (self->closed || self->job == PH_JOB_HANDSHAKE)
    return 0;
  if (may_read (self))
    wanted |= G_IO_IN;
  if (!self->write_failed && ph_byte_queue_get_length (self->out[0]) > 0)
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
