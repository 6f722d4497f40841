/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver's channel: queues and filters between engine and connection, and TLS coming and going. */
#include "ph-driver-private.h"

#include "transport/ph-dane.h"
#include "transport/ph-fd-connection.h"
#include "transport/ph-security-policy-private.h"

/* What one read asks for: enough for lines, for bulk while more than that comes, or for a literal that goes from here to a stream as it is */
#define READ_SMALL (4 * 1024)
#define READ_LARGE (64 * 1024)
#define READ_LARGEST (256 * 1024)

PhByteQueue *
ph_driver_top_in (PhDriver *self)
{
  return self->in[self->n_filters];
}

PhByteQueue *
ph_driver_top_out (PhDriver *self)
{
  return self->out[self->n_filters];
}

gsize
ph_driver_out_length (PhDriver *self)
{
  gsize length = 0;

  if (self->write_failed || self->job == PH_JOB_HANDSHAKE)
    return 0;
  for (guint i = 0; i <= self->n_filters; i++)
    length += ph_byte_queue_get_length (self->out[i]);
  return length;
}

/* What stands in the topmost queue becomes the new filter's input. */
gboolean
ph_driver_push_filter (PhDriver *self,
                       PhFilter *filter)
{
  if (self->n_filters == PH_MAX_FILTERS)
    {
      g_autoptr (GError) error = ph_error_new (PH_ERROR_LIMIT, NULL, NULL, "The session with %s has %d layers already", self->host, PH_MAX_FILTERS);

      ph_driver_fail (self, error);
      return FALSE;
    }
  self->filters[self->n_filters++] = g_object_ref (filter);
  self->in[self->n_filters] = ph_byte_queue_new ();
  self->out[self->n_filters] = ph_byte_queue_new ();
  self->refused = 0;
  return TRUE;
}

void
ph_driver_wipe_out (PhDriver *self)
{
  for (guint i = 0; i <= self->n_filters; i++)
    ph_byte_queue_wipe (self->out[i]);
}

void
ph_driver_guard_out (PhDriver *self)
{
  for (guint i = 0; i <= self->n_filters; i++)
    ph_byte_queue_set_secret (self->out[i]);
}

void
ph_driver_pop_filter (PhDriver *self)
{
  g_clear_pointer (&self->in[self->n_filters], ph_byte_queue_unref);
  g_clear_pointer (&self->out[self->n_filters], ph_byte_queue_unref);
  g_clear_object (&self->filters[--self->n_filters]);
}

/* What stands below the lowest that goes was not meant for it. */
gboolean
ph_driver_pop_filters (PhDriver *self)
{
  PhFilter *tls = (PhFilter *) self->tls;
  gboolean any = self->n_filters > 0 && self->filters[self->n_filters - 1] != tls;

  if (any && ph_byte_queue_get_length (ph_driver_top_in (self)) > 0)
    {
      g_autoptr (GError) error = ph_error_new (PH_ERROR_PROTOCOL, NULL, NULL, "%s sent more through a layer that it had ended", self->host);

      ph_driver_fail (self, error);
      return FALSE;
    }
  while (self->n_filters > 0 && self->filters[self->n_filters - 1] != tls)
    ph_driver_pop_filter (self);
  self->refused = 0;
  return TRUE;
}

/* TRUE where octets left. */
static gboolean
write_out (PhDriver *self)
{
  PhByteQueue *bottom = self->out[0];
  gboolean progress = FALSE;

  while (!self->write_failed && ph_byte_queue_get_length (bottom) > 0)
    {
      g_autoptr (GError) error = NULL;
      gsize length;
      const guint8 *data = ph_byte_queue_peek (bottom, &length);
      gssize written = self->link->try_write (self->connection, data, length, &error);

      if (written > 0)
        {
          ph_byte_queue_consume (bottom, written);
          self->last_written = self->now;
          self->heard = FALSE;
          progress = TRUE;
          if ((gsize) written < length)
            break;
          continue;
        }
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        break;
      /* The peer has hung up; what it said before is still to be read, and tells more than a broken pipe. */
      self->write_failed = TRUE;
    }

  return progress;
}

static void
begin_handshake (PhDriver  *self,
                 GPtrArray *records)
{
  g_autoptr (GError) error = NULL;
  /* another port may be another server, with tickets of its own */
  g_autofree char *peer = g_strdup_printf ("%s %s:%u", self->scheme_name, self->host, self->port);

  self->tls = ph_tls_filter_new (self->policy, self->host, self->scheme->alpn, &error);
  if (self->tls == NULL)
    {
      ph_driver_fail (self, error);
      return;
    }
  ph_tls_filter_set_identity (self->tls, self->scheme->srv, self->domain);
  ph_tls_filter_resume (self->tls, peer);
  if (records != NULL)
    ph_tls_filter_set_dane (self->tls, records);
  ph_driver_push_filter (self, PH_FILTER (self->tls));
  g_object_unref (self->tls);  /* the channel's */
  if (ph_security_policy_may_block (self->policy))
    ph_driver_set_job (self, PH_JOB_HANDSHAKE);
}

/* The filters stand still until the job is done, or until there is more for it to do. */
static gboolean
waits_for_token (PhDriver *self)
{
  return self->job == PH_JOB_HANDSHAKE || (self->handshaking && self->tls != NULL && ph_security_policy_may_block (self->policy) &&
                                           ph_tls_filter_get_state (self->tls) == PH_TLS_STATE_HANDSHAKE);
}

gboolean
ph_driver_shake_hands (PhDriver  *self,
                       GError   **error)
{
  PhFilter *tls = PH_FILTER (self->tls);

  return (ph_byte_queue_get_length (self->in[0]) == 0 || ph_filter_receive (tls, self->in[0], self->in[1], error)) &&
         ph_filter_send (tls, self->out[1], self->out[0], error);
}

/* The peer is told why, where TLS has a word for it. */
static void
fail_tls (PhDriver     *self,
          const GError *error)
{
  if (self->tls != NULL)
    ph_filter_finish (PH_FILTER (self->tls), self->out[0]);
  write_out (self);
  ph_driver_fail (self, error);
}

void
ph_driver_hands_shaken (PhDriver     *self,
                        const GError *error)
{
  ph_driver_set_job (self, PH_JOB_NONE);
  if (error != NULL)
    fail_tls (self, error);
}

/* RFC 7673 section 3.4: an address has no records. */
static void
prepare_handshake (PhDriver *self)
{
  if (ph_security_policy_get_dane (self->policy) != PH_DANE_NEVER && self->port != 0 && !g_hostname_is_ip_address (self->host))
    ph_driver_set_job (self, PH_JOB_DANE);
  else
    begin_handshake (self, NULL);
}

GPtrArray *
ph_driver_look_up (PhDriver      *self,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autofree char *ascii = g_hostname_to_ascii (self->host);

  return ph_dane_lookup (ascii != NULL ? ascii : self->host, self->port, self->policy->dane_resolver, self->policy->dane_anchor,
                         self->timeouts.tls, cancellable, error);
}

void
ph_driver_looked_up (PhDriver     *self,
                     GPtrArray    *records,
                     const GError *error)
{
  ph_driver_set_job (self, PH_JOB_NONE);
  if (records == NULL)
    {
      ph_driver_fail (self, error);
      return;
    }
  ph_driver_note (self, "DNS has %u signed records of the certificate", records->len);
  begin_handshake (self, records);
}

/* A plain octet behind the STARTTLS reply was put there by somebody who hopes that it is read as the server's word under TLS
 * (CVE-2011-0411 and its family): the session ends. */
void
ph_driver_start_tls (PhDriver *self,
                     gboolean  answer_upgraded)
{
  const char *what = NULL;

  if (ph_byte_queue_get_length (ph_driver_top_in (self)) > 0)
    what = "sent more in plain text behind its consent to TLS";
  else if (answer_upgraded && !self->heard)
    what = "consented to TLS before it was asked";
  if (what != NULL)
    {
      g_autoptr (GError) error = ph_error_new (PH_ERROR_INJECTED, NULL, NULL, "%s %s; somebody may be tampering with the connection", self->host,
                                               what);

      ph_driver_fail (self, error);
      return;
    }

  ph_driver_drop_dialogue (self);
  self->handshaking = TRUE;
  self->answer_upgraded = answer_upgraded;
  if (self->timeouts.tls != 0)
    self->tls_deadline = g_get_monotonic_time () + (gint64) self->timeouts.tls * G_USEC_PER_SEC;
  if (!ph_security_policy_is_loaded (self->policy))
    ph_driver_set_job (self, PH_JOB_LOAD_POLICY);
  else
    prepare_handshake (self);
}

void
ph_driver_policy_loaded (PhDriver *self)
{
  ph_driver_set_job (self, PH_JOB_NONE);
  prepare_handshake (self);
}

void
ph_driver_certificate_decided (PhDriver *self,
                               gboolean  accept)
{
  ph_driver_set_job (self, PH_JOB_NONE);
  ph_tls_filter_answer (self->tls, accept);
  if (!accept)
    {
      /* the filter has the sentence that says what is wrong with it */
      g_autoptr (GError) error = NULL;

      if (ph_filter_send (PH_FILTER (self->tls), self->out[1], self->out[0], &error))
        error = ph_error_new (PH_ERROR_BAD_CERTIFICATE, NULL, NULL, "The certificate of %s was refused", self->host);
      fail_tls (self, error);
    }
}

static void
note_tls (PhDriver *self)
{
  PhTlsInfo *info = ph_tls_filter_get_info (self->tls);

  ph_driver_note (self, "TLS is on: %s, %s", ph_tls_info_get_protocol (info), ph_tls_info_get_cipher (info));
}

/* TRUE where the handshake came to an end that changes what the session can do. */
gboolean
ph_driver_watch_tls (PhDriver *self)
{
  if (!self->handshaking || self->tls == NULL || self->job != PH_JOB_NONE || self->closed)
    return FALSE;

  switch (ph_tls_filter_get_state (self->tls))
    {
    case PH_TLS_STATE_HANDSHAKE:
      return FALSE;
    case PH_TLS_STATE_QUESTION:
      ph_driver_set_job (self, PH_JOB_CERTIFICATE);
      return FALSE;
    case PH_TLS_STATE_OPEN:
    case PH_TLS_STATE_CLOSED:
    default:
      break;
    }

  self->handshaking = FALSE;
  note_tls (self);
  ph_engine_secured (self->engine, ph_tls_info_get_errors (ph_tls_filter_get_info (self->tls)) == 0);
  if (self->answer_upgraded)
    {
      ph_engine_upgraded (self->engine, NULL, ph_driver_now (self));
      ph_driver_drain_events (self);
    }
  return TRUE;
}

static gboolean
filters_send (PhDriver *self)
{
  for (guint i = self->n_filters; i-- > 0;)
    {
      PhFilter *filter = self->filters[i];
      g_autoptr (GError) error = NULL;

      if (!PH_FILTER_GET_IFACE (filter)->send (filter, self->out[i + 1], self->out[i], &error))
        {
          ph_driver_fail (self, error);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
ph_driver_flush (PhDriver *self)
{
  gboolean progress;

  if (self->closed || self->job == PH_JOB_HANDSHAKE)
    return FALSE;
  if (ph_byte_queue_get_length (self->out[0]) == 0)
    self->last_written = self->now;
  if (!waits_for_token (self) && !filters_send (self))
    return FALSE;
  progress = write_out (self);

  if (self->wipe_out && ph_driver_out_length (self) == 0)
    {
      ph_driver_wipe_out (self);
      self->wipe_out = FALSE;
    }
  return progress;
}

/* Octets that may wait in queue @i before what is below stands still. An engine takes a response whole or not at all, so that the topmost
 * queue must have room for one; a stream takes what there is. */
static gsize
most_in (PhDriver *self,
         guint     i)
{
  if (i < self->n_filters || self->diverting)
    return PH_IN_HIGH;
  return MIN (self->limits.response, G_MAXSIZE - PH_IN_HIGH) + PH_IN_HIGH;
}

/* Lets octets rise through the filters; TRUE where any filter moved. */
gboolean
ph_driver_rise (PhDriver *self)
{
  gboolean progress = FALSE;

  if (waits_for_token (self))
    {
      if (self->job == PH_JOB_NONE && ph_byte_queue_get_length (self->in[0]) > 0)
        ph_driver_set_job (self, PH_JOB_HANDSHAKE);
      return FALSE;
    }
  for (guint i = 0; i < self->n_filters; i++)
    {
      PhFilter *filter = self->filters[i];
      PhByteQueue *input = self->in[i];
      PhByteQueue *output = self->in[i + 1];
      gsize before = ph_byte_queue_get_length (input);
      gsize behind = ph_byte_queue_get_length (output);
      g_autoptr (GError) error = NULL;

      if (before == 0 || behind > most_in (self, i + 1))
        continue;
      if (!PH_FILTER_GET_IFACE (filter)->receive (filter, input, output, &error))
        {
          fail_tls (self, error);
          return FALSE;
        }
      if (ph_byte_queue_get_length (input) != before || ph_byte_queue_get_length (output) != behind)
        progress = TRUE;
    }

  return progress;
}

static void
end_of_input (PhDriver     *self,
              const GError *read_error)
{
  g_autoptr (GError) error = NULL;

  self->read_ended = TRUE;
  if (self->handshaking)
    error = ph_error_new (PH_ERROR_TLS, NULL, NULL, "%s ended the connection during the TLS handshake", self->host);
  else if (read_error != NULL && read_error->domain == PH_ERROR)
    error = g_error_copy (read_error);
  else if (read_error != NULL)
    error = ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "The connection to %s was lost: %s", self->host, read_error->message);
  for (guint i = 0; error == NULL && i < self->n_filters; i++)
    ph_filter_end_of_input (self->filters[i], &error);
  ph_driver_fail (self, error);
}

static gsize
next_read (PhDriver *self)
{
  if (!self->bulk)
    return READ_SMALL;
  return self->diverting && self->n_filters == 0 ? READ_LARGEST : READ_LARGE;
}

gboolean
ph_driver_has_room (PhDriver *self)
{
  return ph_byte_queue_get_length (ph_driver_top_in (self)) <= most_in (self, self->n_filters);
}

/* Reads once, and lets what came rise. FALSE where nothing came. */
gboolean
ph_driver_fill (PhDriver *self)
{
  PhByteQueue *bottom = self->in[0];
  g_autoptr (GError) error = NULL;
  gsize room = next_read (self);
  gssize got;

  if (!ph_driver_has_room (self))
    return FALSE;

  if (self->waits)
    {
      ph_connection_wait_in_read (self->connection, self->wait_until == 0 ? -1 : MAX (self->wait_until - self->now, 0));
      self->waits = FALSE;
    }
  got = self->link->try_read (self->connection, ph_byte_queue_reserve (bottom, room), room, &error);
  ph_byte_queue_commit (bottom, MAX (got, 0));
  if (got > 0)
    {
      ph_driver_tick (self);
      self->heard = TRUE;
      self->drained = (gsize) got < room;
      self->filled = !self->drained;
      self->bulk = got >= READ_SMALL;
      ph_driver_rise (self);
      return TRUE;
    }
  if (got < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      self->drained = TRUE;
      return FALSE;
    }
  end_of_input (self, error);
  return FALSE;
}

/* The engine has said all: what waits is written as far as it goes at once, filters say goodbye, the connection ends. */
void
ph_driver_say_goodbye (PhDriver *self)
{
  self->saying_goodbye = TRUE;
  ph_driver_flush (self);
  for (guint i = self->n_filters; i-- > 0;)
    {
      ph_filter_finish (self->filters[i], self->out[i]);
      for (guint below = i; below-- > 0;)
        if (!ph_filter_send (self->filters[below], self->out[below + 1], self->out[below], NULL))
          break;
    }
  write_out (self);
  ph_driver_fail (self, NULL);
}
