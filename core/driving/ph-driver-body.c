/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Large octets through the driver: a message on its way out, a literal on its way to a stream. Memory stays flat. */
#include "ph-driver-private.h"

#include "values/ph-body-private.h"

#define PIECE PH_OUT_PIECE

/* Also where the session has failed: nobody wants the rest of it. */
void
ph_driver_drop_body (PhDriver *self)
{
  if (self->job == PH_JOB_BODY)
    ph_driver_set_job (self, PH_JOB_NONE);
  g_clear_object (&self->body);
  g_clear_object (&self->body_command);
  g_clear_object (&self->coder);
  g_clear_pointer (&self->body_raw, ph_byte_queue_unref);
}

static void
end_body (PhDriver     *self,
          const GError *error)
{
  g_autoptr (GError) owned = error != NULL ? g_error_copy (error) : NULL;
  guint64 octets = self->body_octets;

  ph_driver_drop_body (self);
  if (self->calls->body_written != NULL)
    self->calls->body_written (self->engine, octets, owned, ph_driver_now (self));
  ph_driver_drain_events (self);
}

/* All that was promised is in memory, nothing is to be made of it, and it is little: it needs no state. */
static gboolean
write_at_once (PhDriver     *self,
               const PhWant *want)
{
  gsize length;
  const guint8 *data = want->coder == NULL && !want->more ? ph_body_peek_memory (want->body, &length) : NULL;

  if (data == NULL || length > PIECE || want->length != (gint64) length)
    return FALSE;
  ph_byte_queue_append (ph_driver_top_out (self), data, length);
  ph_body_skip (want->body, length);
  if (want->command != NULL)
    ph_command_set_progress (want->command, length, (guint64) ph_body_get_size (want->body));
  ph_driver_note (self, "%" G_GSIZE_FORMAT " octets of message", length);
  if (self->calls->body_written != NULL)
    self->calls->body_written (self->engine, length, NULL, ph_driver_now (self));
  ph_driver_drain_events (self);
  return TRUE;
}

void
ph_driver_start_body (PhDriver     *self,
                      const PhWant *want)
{
  gint64 size;

  if (write_at_once (self, want))
    return;
  size = ph_body_get_size (want->body);
  self->body = g_object_ref (want->body);
  g_set_object (&self->body_command, want->command);
  g_set_object (&self->coder, want->coder);
  self->body_promised = want->length;
  self->body_octets = 0;
  self->body_done = 0;
  self->body_total = size > 0 ? (guint64) size : 0;
  self->body_ended = FALSE;
  self->body_more = want->more;
}

/* A source that ends early or late must not pass for a whole message; and an octet more than a literal promised would be read as the
 * next command. */
static gboolean
check_size (PhDriver  *self,
            GError   **error)
{
  gint64 size = self->body_promised >= 0 ? self->body_promised : ph_body_get_size (self->body);

  if (size < 0 || self->body_done == (guint64) size || (self->body_done < (guint64) size && !self->body_ended))
    return TRUE;
  g_propagate_error (error, ph_error_new (PH_ERROR_BODY, NULL, NULL,
                                          "The message has %s than the %" G_GINT64_FORMAT " octets that were announced",
                                          self->body_ended ? "fewer" : "more", size));
  return FALSE;
}

/* Through the coder. @taken: what it left of @data wants more behind it. */
static gboolean
send_coded (PhDriver      *self,
            const guint8  *data,
            gsize          length,
            gsize         *taken,
            GError       **error)
{
  PhByteQueue *out = ph_driver_top_out (self);
  GConverterResult result = G_CONVERTER_CONVERTED;
  GConverterIface *coder = G_CONVERTER_GET_IFACE (self->coder);

  *taken = 0;
  while (result != G_CONVERTER_FINISHED && (*taken < length || self->body_ended))
    {
      gsize left = length - *taken;
      gsize room = 2 * left + 64;
      gsize read = 0;
      gsize written = 0;
      g_autoptr (GError) local = NULL;

      result = coder->convert (self->coder, left > 0 ? data + *taken : (const guint8 *) "", left, ph_byte_queue_reserve (out, room), room,
                               self->body_ended ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &read, &written, &local);
      ph_byte_queue_commit (out, written);
      *taken += read;
      self->body_octets += written;
      if (result != G_CONVERTER_ERROR)
        continue;
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) && !self->body_ended)
        return TRUE;
      g_propagate_error (error, ph_error_new (PH_ERROR_BODY, NULL, NULL, "The message can't be sent: %s", local->message));
      return FALSE;
    }
  return TRUE;
}

/* What was read and waits goes into the channel. */
static void
send_raw (PhDriver  *self,
          GError   **error)
{
  gsize length = 0;
  gsize taken;
  const guint8 *data = self->body_raw != NULL ? ph_byte_queue_peek (self->body_raw, &length) : NULL;

  if (self->coder != NULL)
    {
      send_coded (self, data, length, &taken, error);
      if (self->body_raw != NULL)
        ph_byte_queue_consume (self->body_raw, taken);
      return;
    }
  self->body_octets += length;
  if (length > 0)
    ph_byte_queue_move (ph_driver_top_out (self), self->body_raw);
}

static void
advance (PhDriver *self,
         GError   *error)
{
  if (self->body_command != NULL)
    ph_command_set_progress (self->body_command, self->body_done, self->body_total);
  if (error == NULL && !self->body_ended)
    return;
  ph_driver_note (self, "%" G_GUINT64_FORMAT " octets of message", self->body_octets);
  end_body (self, error);
}

/* What was read so far goes into the channel; at the end the engine hears of it. The last octets of what was announced wait until it is
 * known that none are behind them: with them the message is whole for the server. */
static void
advance_body (PhDriver *self)
{
  g_autoptr (GError) error = NULL;

  if (self->body_more && self->body_done == (guint64) self->body_promised)
    self->body_ended = TRUE;
  if (self->body_ended || self->body_promised < 0 || self->body_done != (guint64) self->body_promised)
    {
      if (check_size (self, &error))
        send_raw (self, &error);
      advance (self, error);
    }
}

static void
fail_body (PhDriver     *self,
           const GError *error)
{
  g_autoptr (GError) why = ph_error_new (PH_ERROR_BODY, NULL, NULL, "The message could not be read to its end: %s", error->message);

  end_body (self, why);
}

/* Octets of the next piece at most */
static gsize
piece_size (PhDriver *self)
{
  return self->body_more ? MIN (PIECE, (guint64) self->body_promised - self->body_done) : PIECE;
}

/* Out of memory, with no copy on the way. */
static void
pump_memory (PhDriver     *self,
             const guint8 *data,
             gsize         available)
{
  gsize length = MIN (available, piece_size (self));
  gsize taken = length;
  g_autoptr (GError) error = NULL;

  self->body_done += length;
  self->body_ended = length == available || (self->body_more && self->body_done == (guint64) self->body_promised);
  if (check_size (self, &error) && self->coder != NULL)
    {
      send_coded (self, data, length, &taken, &error);
    }
  else if (error == NULL)
    {
      ph_byte_queue_append (ph_driver_top_out (self), data, length);
      self->body_octets += length;
    }
  self->body_done -= length - taken;
  ph_body_skip (self->body, taken);
  advance (self, error);
}

/* One piece of the body; FALSE where it must be waited for. */
gboolean
ph_driver_pump_body (PhDriver *self)
{
  g_autoptr (GError) error = NULL;
  gsize available;
  const guint8 *data = ph_body_peek_memory (self->body, &available);
  gsize count = piece_size (self);
  gssize got;

  if (data != NULL)
    {
      pump_memory (self, data, available);
      return TRUE;
    }
  if (ph_body_is_async (self->body))
    {
      ph_driver_set_job (self, PH_JOB_BODY);
      return FALSE;
    }
  if (self->body_raw == NULL)
    self->body_raw = ph_byte_queue_new ();
  got = ph_body_read (self->body, ph_byte_queue_reserve (self->body_raw, count), count, &error);
  ph_byte_queue_commit (self->body_raw, MAX (got, 0));
  if (got < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      ph_driver_set_job (self, PH_JOB_BODY);
      return FALSE;
    }
  if (got < 0)
    {
      fail_body (self, error);
      return TRUE;
    }
  self->body_done += got;
  self->body_ended = got == 0;
  advance_body (self);
  return TRUE;
}

PhBody *
ph_driver_get_body (PhDriver *self)
{
  return self->body;
}

void
ph_driver_body_read (PhDriver     *self,
                     GBytes       *data,
                     const GError *error)
{
  gsize length;
  const guint8 *octets;

  ph_driver_set_job (self, PH_JOB_NONE);
  if (self->body == NULL)
    return;
  if (error != NULL)
    {
      fail_body (self, error);
      return;
    }
  if (data == NULL)
    return;
  octets = g_bytes_get_data (data, &length);
  if (self->body_raw == NULL)
    self->body_raw = ph_byte_queue_new ();
  ph_byte_queue_append (self->body_raw, octets, length);
  self->body_done += length;
  self->body_ended = length == 0;
  advance_body (self);
}

void
ph_driver_start_divert (PhDriver     *self,
                        const PhWant *want)
{
  self->diverting = TRUE;
  self->divert_left = MAX (want->length, 0);
  g_set_object (&self->sink, want->sink);
  ph_driver_note (self, "%" G_GINT64_FORMAT " octets go to %s", want->length, want->sink != NULL ? "a stream" : "nowhere");
  if (want->bytes == NULL)
    return;

  /* they are at hand: nothing is to be read for them */
  self->divert_left = 0;
  if (self->sink != NULL)
    {
      self->sink_bytes = g_bytes_ref (want->bytes);
      ph_driver_set_job (self, PH_JOB_SINK);
    }
}

static void
end_divert (PhDriver *self)
{
  g_autoptr (GError) error = g_steal_pointer (&self->sink_error);

  self->diverting = FALSE;
  g_clear_object (&self->sink);
  g_clear_pointer (&self->sink_queue, ph_byte_queue_unref);
  ph_engine_diverted (self->engine, error, ph_driver_now (self));
  self->refused = 0;
  ph_driver_drain_events (self);
}

/* The sink may take its time, in which more comes from below: what it writes waits in a queue of its own. The two change memory, nothing is
 * copied but where the literal ends. */
static void
take_for_sink (PhDriver *self,
               PhByteQueue *top,
               gsize length)
{
  if (self->sink_queue == NULL)
    self->sink_queue = ph_byte_queue_new ();
  if (length == ph_byte_queue_get_length (top))
    {
      ph_byte_queue_move (self->sink_queue, top);
      return;
    }
  ph_byte_queue_append (self->sink_queue, ph_byte_queue_peek (top, NULL), length);
  ph_byte_queue_consume (top, length);
}

gboolean
ph_driver_pump_divert (PhDriver *self)
{
  PhByteQueue *top = ph_driver_top_in (self);
  gsize length;

  if (self->job != PH_JOB_NONE)
    return FALSE;
  if (self->divert_left == 0)
    {
      end_divert (self);
      return TRUE;
    }

  length = MIN ((guint64) ph_byte_queue_get_length (top), self->divert_left);
  if (length == 0)
    return FALSE;
  self->divert_left -= length;
  if (self->sink == NULL)
    {
      ph_byte_queue_consume (top, length);
      return TRUE;
    }
  take_for_sink (self, top, length);
  ph_driver_set_job (self, PH_JOB_SINK);
  return FALSE;
}

GOutputStream *
ph_driver_get_sink (PhDriver *self)
{
  return self->sink;
}

const void *
ph_driver_get_sink_data (PhDriver *self,
                         gsize    *length)
{
  if (self->sink_bytes != NULL)
    return g_bytes_get_data (self->sink_bytes, length);
  return ph_byte_queue_peek (self->sink_queue, length);
}

/* Behind a sink that refused, the rest of the literal goes nowhere, so that the session can go on. */
void
ph_driver_sink_written (PhDriver     *self,
                        const GError *error)
{
  ph_driver_set_job (self, PH_JOB_NONE);
  if (self->sink_bytes == NULL)
    ph_byte_queue_consume (self->sink_queue, ph_byte_queue_get_length (self->sink_queue));
  g_clear_pointer (&self->sink_bytes, g_bytes_unref);
  if (error != NULL && self->sink_error == NULL)
    {
      self->sink_error = g_error_copy (error);
      g_clear_object (&self->sink);
    }
}
