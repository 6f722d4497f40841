/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session's driver: making it, its clock, what it has to tell, and what the session asks of it between steps. */
#include "ph-driver-private.h"

#include "transport/ph-fd-connection.h"
#include "values/ph-memory.h"

/* Of one step, in an ordinary talk */
#define FEW_RECORDS 4

void
ph_record_clear (PhRecord *record)
{
  if (!record->is_trace)
    ph_event_clear (&record->event);
  g_clear_pointer (&record->trace, g_bytes_unref);
}

/* In one block of memory with what it is told by its session and that never changes. */
static PhDriver *
allocate (const PhDriverSetup *setup)
{
  const struct {
    const char *text;
    gsize       place;
  } texts[] = {
    { setup->scheme_name, G_STRUCT_OFFSET (PhDriver, scheme_name) }, { setup->uri, G_STRUCT_OFFSET (PhDriver, uri) },
    { setup->domain, G_STRUCT_OFFSET (PhDriver, domain) },           { setup->host, G_STRUCT_OFFSET (PhDriver, host) },
    { setup->hello_name, G_STRUCT_OFFSET (PhDriver, hello_name) },
  };
  gsize lengths[G_N_ELEMENTS (texts)], length = 0;
  PhDriver *self;
  char *room;

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    length += lengths[i] = texts[i].text != NULL ? strlen (texts[i].text) + 1 : 0;
  self = ph_malloc_cleared (sizeof (PhDriver) + length);
  room = (char *) (self + 1);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].text != NULL)
      {
        G_STRUCT_MEMBER (char *, self, texts[i].place) = memcpy (room, texts[i].text, lengths[i]);
        room += lengths[i];
      }
  return self;
}

PhDriver *
ph_driver_new (const PhDriverSetup *setup)
{
  PhDriver *self = allocate (setup);

  self->engine = g_object_ref (setup->engine);
  self->calls = PH_ENGINE_GET_IFACE (self->engine);
  self->connection = g_object_ref (setup->connection);
  self->link = PH_CONNECTION_GET_IFACE (self->connection);
  self->policy = g_object_ref (setup->policy);
  self->requires_tls = setup->requires_tls;
  g_set_object (&self->credentials, setup->credentials);
  self->scheme = setup->scheme;
  self->user = g_strdup (setup->user);
  self->authorization = g_strdup (setup->authorization);
  self->port = setup->port;
  self->uses = ph_strv_pack (setup->uses);
  self->limits = setup->limits;
  self->timeouts = setup->timeouts;
  self->trace = setup->trace;
  self->capabilities = setup->capabilities;
  self->data = setup->data;
  self->in[0] = ph_byte_queue_new ();
  self->out[0] = ph_byte_queue_new ();
  self->records = g_array_sized_new (FALSE, TRUE, sizeof (PhRecord), FEW_RECORDS);
  self->want = PH_WANT_READ;
  ph_driver_tick (self);

  if (self->scheme->implicit_tls)
    ph_driver_start_tls (self, FALSE);

  return self;
}

void
ph_driver_let_go (PhDriver *self)
{
  if (self->connection != NULL && !self->closed)
    ph_connection_close (self->connection);
  if (self->wipe_out)
    ph_driver_wipe_out (self);
  self->closed = TRUE;
  self->wipe_out = FALSE;
  for (PhRecord record; ph_driver_take_record (self, &record);)
    ph_record_clear (&record);
  ph_driver_drop_dialogue (self);
  self->tls = NULL;
  while (self->n_filters > 0)
    ph_driver_pop_filter (self);
  g_clear_object (&self->next_credentials);
  g_clear_object (&self->body);
  g_clear_object (&self->body_command);
  g_clear_object (&self->coder);
  g_clear_object (&self->sink);
  /* of one that is no more than a closed descriptor there is only memory */
  if (self->connection != NULL && G_OBJECT_TYPE (self->connection) != PH_TYPE_FD_CONNECTION)
    g_clear_object (&self->connection);
  g_clear_object (&self->policy);
  g_clear_object (&self->credentials);
}

void
ph_driver_keep_goodbye (PhDriver  *self,
                        PhCommand *goodbye)
{
  g_set_object (&self->goodbye, goodbye);
}

void
ph_driver_free (PhDriver *self)
{
  ph_driver_let_go (self);
  g_array_unref (self->records);
  g_free (self->next_user);
  g_free (self->next_authorization);
  g_clear_pointer (&self->challenge, g_bytes_unref);
  g_clear_pointer (&self->body_raw, ph_byte_queue_unref);
  g_clear_pointer (&self->sink_queue, ph_byte_queue_unref);
  g_clear_pointer (&self->sink_bytes, g_bytes_unref);
  g_clear_error (&self->sink_error);
  ph_byte_queue_unref (self->in[0]);
  ph_byte_queue_unref (self->out[0]);
  g_clear_object (&self->connection);
  g_clear_object (&self->goodbye);
  g_clear_object (&self->engine);
  g_free (self->mechanism);
  g_free (self->authorization);
  g_free (self->offered);
  g_free (self->user);
  g_free (self->uses);
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

void
ph_driver_set_paused (PhDriver *self,
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
  ph_driver_set_paused (self, job != PH_JOB_NONE);
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
  if (self->logged_in)
    ph_driver_forget_login (self);
  if (self->records->len == 0)
    g_free (g_array_steal (self->records, NULL));
  for (guint i = 0; i <= self->n_filters; i++)
    {
      if (ph_byte_queue_get_length (self->in[i]) == 0)
        ph_byte_queue_wipe (self->in[i]);
      if (ph_byte_queue_get_length (self->out[i]) == 0)
        ph_byte_queue_wipe (self->out[i]);
    }
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
