/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The harness' driver: what the real one does with an engine, without a connection. */
#include "ph-engine-harness.h"

#include "ph-engine-harness-private.h"
#include "values/ph-body-private.h"

#define MAX_TURNS 1000000

typedef struct {
  char    *mechanism;
  char    *challenge;
  GBytes  *response;
  GError  *error;
  gboolean is_start;
} Step;

static PhFeed current_feed = PH_FEED_WHOLE;
static gsize  current_split = 0;
static gsize  longest_push = 0;

static void
step_free (Step *step)
{
  g_free (step->mechanism);
  g_free (step->challenge);
  g_clear_pointer (&step->response, g_bytes_unref);
  g_clear_error (&step->error);
  g_free (step);
}

static void
event_free (PhEvent *event)
{
  ph_event_clear (event);
  g_free (event);
}

static PhHarness *
harness_new (PhEngine *engine)
{
  PhHarness *self = g_new0 (PhHarness, 1);

  self->setup = (PhEngineSetup){ .scheme = "smtp", .host = "mail.example.org", .hello_name = "client.example.com",
                                 .tls_mode = PH_TLS_NEVER };
  self->limits = (PhLimits){ .line = 1 << 20, .literal = 128 << 20, .response = 256 << 20, .nesting = 64, .values = 4000000,
                             .reply_lines = 1000 };
  self->timeouts = (PhTimeouts){ .connect = 30, .tls = 30, .greeting = 300, .command = 300, .content = 180, .delivered = 600,
                                 .idle = 1740 };
  self->setup.limits = &self->limits;
  self->setup.timeouts = &self->timeouts;
  self->engine = engine;
  self->now = 1000;
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) event_free);
  self->priv = g_new0 (PhHarnessPrivate, 1);
  self->priv->feed = current_feed;
  self->priv->split = current_split;
  self->priv->inbox = g_byte_array_new ();
  self->priv->written = g_string_new (NULL);
  self->priv->trace = g_string_new (NULL);
  self->priv->script = g_queue_new ();
  self->priv->coded = g_byte_array_new ();
  return self;
}

PhHarness *
ph_harness_new (GType type)
{
  g_assert_true (g_type_is_a (type, PH_TYPE_ENGINE));
  return harness_new (g_object_new (type, NULL));
}

PhHarness *
ph_harness_new_for_scheme (const char *scheme)
{
  g_autoptr (GError) error = NULL;
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) feature = ph_registry_find_scheme (registry, scheme, NULL);
  if (feature == NULL)
    g_error ("no plugin for %s", scheme);
  PhEngine *engine = PH_ENGINE (ph_registry_create (registry, feature, &error));
  g_assert_no_error (error);
  PhHarness *self = harness_new (engine);
  self->setup.scheme = scheme;
  return self;
}

void
ph_harness_free (PhHarness *self)
{
  PhHarnessPrivate *priv = self->priv;

  g_ptr_array_unref (self->events);
  g_clear_pointer (&priv->last_event, event_free);
  g_object_unref (self->engine);
  g_clear_object (&self->filter);
  g_clear_error (&self->tls_error);
  g_clear_error (&self->body_error);
  g_clear_error (&self->sink_error);
  g_byte_array_unref (priv->inbox);
  g_byte_array_unref (priv->coded);
  g_string_free (priv->written, TRUE);
  g_string_free (priv->trace, TRUE);
  g_queue_free_full (priv->script, (GDestroyNotify) step_free);
  g_clear_pointer (&priv->items, g_ptr_array_unref);
  g_free (priv);
  g_free (self);
}

/* 1; more under valgrind, which looks at memory and not at the grammar */
static gsize
get_split_step (void)
{
  const char *step = g_getenv ("PH_HARNESS_SPLIT_STEP");

  return step != NULL ? MAX (g_ascii_strtoull (step, NULL, 10), 1) : 1;
}

void
ph_harness_every_feed (void (*scenario) (gconstpointer data), gconstpointer data)
{
  longest_push = 0;
  scenario (data);
  current_feed = PH_FEED_BYTES;
  scenario (data);
  current_feed = PH_FEED_SPLIT;
  for (current_split = 1; current_split < longest_push; current_split += get_split_step ())
    scenario (data);
  current_feed = PH_FEED_WHOLE;
  current_split = 0;
}

static void
trace (PhHarness *self, char who, const char *data, gsize length)
{
  g_autofree char *shown = ph_harness_escape (data, length);
  g_string_append_printf (self->priv->trace, "%c: %s\n", who, shown);
}

static void
take_events (PhHarness *self)
{
  PhEvent event = { 0 };

  while (ph_engine_take_event (self->engine, &event))
    {
      if (event.kind == PH_EVENT_ITEM && self->priv->items != NULL)
        for (gpointer item; (item = ph_command_pop_item (event.command)) != NULL;)
          g_ptr_array_add (self->priv->items, item);
      PhEvent *kept = g_new (PhEvent, 1);
      *kept = event;
      event = (PhEvent){ 0 };
      g_ptr_array_add (self->events, kept);
      if (self->on_event != NULL)
        self->on_event (self, kept);
    }
}

/* Body octets through the coder, in pieces that are small where the input is, so that a coder's state is tried as well. */
static void
read_body (PhHarness *self, const PhWant *want)
{
  PhHarnessPrivate *priv = self->priv;
  gsize piece = priv->feed == PH_FEED_BYTES ? 1 : priv->feed == PH_FEED_SPLIT ? priv->split : 4096;
  g_autofree char *input = g_malloc (piece);
  gsize left = want->more ? (gsize) want->length : G_MAXSIZE;
  gssize got;

  do
    {
      g_autoptr (GError) error = NULL;
      got = ph_body_read (want->body, input, MIN (piece, left), &error);
      left -= want->more ? (gsize) got : 0;
      if (got < 0)
        g_error ("the body could not be read: %s", error->message);
      if (want->coder == NULL)
        {
          g_byte_array_append (priv->coded, (const guint8 *) input, (guint) got);
          continue;
        }
      gsize done = 0;
      GConverterResult result = G_CONVERTER_CONVERTED;
      while (result != G_CONVERTER_FINISHED && (got == 0 || done < (gsize) got))
        {
          char output[64];
          gsize taken = 0, made = 0;
          result = g_converter_convert (want->coder, input + done, (gsize) got - done, output, sizeof output,
                                        got == 0 ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &taken, &made, &error);
          g_assert_no_error (error);
          done += taken;
          g_byte_array_append (priv->coded, (guint8 *) output, (guint) made);
        }
    }
  while (got > 0);
  priv->body_read = TRUE;
}

/* TRUE where the engine was told of the body's end */
static gboolean
write_body (PhHarness *self, const PhWant *want, gssize octets)
{
  PhHarnessPrivate *priv = self->priv;

  if (!priv->body_read)
    read_body (self, want);
  gsize left = priv->coded->len - priv->body_done;
  gsize part = octets < 0 ? left : MIN ((gsize) octets, left);
  const char *data = (const char *) priv->coded->data + priv->body_done;
  g_string_append_len (priv->written, data, (gssize) part);
  if (part > 0)
    trace (self, 'C', data, part);
  priv->body_done += part;
  if (octets >= 0 && self->body_error == NULL)
    return FALSE;
  gsize total = priv->body_done;
  priv->body_read = FALSE;
  priv->body_done = 0;
  g_byte_array_set_size (priv->coded, 0);
  ph_engine_body_written (self->engine, total, self->body_error, self->now);
  return TRUE;
}

static void
divert (PhHarness *self, const PhWant *want)
{
  PhHarnessPrivate *priv = self->priv;

  if (want->bytes != NULL)
    {
      gsize length;
      const void *data = g_bytes_get_data (want->bytes, &length);
      if (want->sink != NULL && self->sink_error == NULL)
        g_assert_true (g_output_stream_write_all (want->sink, data, length, NULL, NULL, NULL));
      ph_engine_diverted (self->engine, want->sink != NULL ? self->sink_error : NULL, self->now);
      return;
    }

  if (priv->divert_left == 0)
    priv->divert_left = want->length;
  gsize part = (gsize) MIN ((gint64) priv->inbox->len, priv->divert_left);
  if (want->sink != NULL && self->sink_error == NULL && part > 0)
    g_assert_true (g_output_stream_write_all (want->sink, priv->inbox->data, part, NULL, NULL, NULL));
  if (part > 0)
    g_byte_array_remove_range (priv->inbox, 0, (guint) part);
  priv->divert_left -= (gint64) part;
  if (priv->divert_left == 0 || (want->sink != NULL && self->sink_error != NULL))
    {
      priv->divert_left = 0;
      ph_engine_diverted (self->engine, want->sink != NULL ? self->sink_error : NULL, self->now);
    }
}

static void
start_tls (PhHarness *self)
{
  g_autoptr (GError) injected = NULL;

  self->n_tls++;
  g_string_append (self->priv->trace, "   (TLS)\n");
  if (self->priv->inbox->len > 0)
    injected = g_error_new_literal (PH_ERROR, PH_ERROR_INJECTED, "plain text behind the STARTTLS reply");
  g_byte_array_set_size (self->priv->inbox, 0);
  if (injected == NULL && self->tls_error == NULL)
    ph_engine_secured (self->engine, !self->unverified);
  ph_engine_upgraded (self->engine, injected != NULL ? injected : self->tls_error, self->now);
}

static void
answer_sasl (PhHarness *self, const PhWant *want)
{
  if (self->on_sasl != NULL)
    self->on_sasl (self, want);

  Step *head = g_queue_peek_head (self->priv->script);
  gboolean fits = head != NULL && want->kind != PH_WANT_SASL_DONE && head->is_start == (want->kind == PH_WANT_SASL_START);
  if (head != NULL && head->error != NULL)
    fits = TRUE;
  if (!fits)
    {
      if (want->kind == PH_WANT_SASL_CHALLENGE)
        g_error ("a challenge that the script does not expect\n%s", self->priv->trace->str);
      ph_engine_sasl_reply (self->engine, NULL, NULL, NULL, self->now);
      return;
    }
  Step *step = g_queue_pop_head (self->priv->script);
  if (want->kind == PH_WANT_SASL_CHALLENGE && step->challenge != NULL)
    {
      gsize length = 0;
      const char *data = want->bytes != NULL ? g_bytes_get_data (want->bytes, &length) : NULL;
      g_autofree char *got = g_strndup (data, length);
      g_assert_cmpstr (got, ==, step->challenge);
    }
  ph_engine_sasl_reply (self->engine, step->mechanism, step->response, step->error, self->now);
  step_free (step);
}

static gboolean
offer_input (PhHarness *self)
{
  GByteArray *inbox = self->priv->inbox;

  if (inbox->len == 0)
    return FALSE;
  gsize taken = ph_engine_receive (self->engine, inbox->data, inbox->len, self->now);
  g_assert_cmpuint (taken, <=, inbox->len);
  if (taken > 0)
    g_byte_array_remove_range (inbox, 0, (guint) taken);
  return taken > 0;
}

static void
write_out (PhHarness *self, const PhWant *want)
{
  g_assert_cmpint (want->length, >, 0);
  g_string_append_len (self->priv->written, (const char *) want->data, want->length);
  if (want->kind == PH_WANT_WRITE_SECRET)
    trace (self, 'C', "***", 3);
  else
    trace (self, 'C', (const char *) want->data, (gsize) want->length);
}

/* Does what the engine wants next. FALSE where only the test can go on. */
static gboolean
turn (PhHarness *self)
{
  PhWant want = { 0 };

  take_events (self);
  ph_engine_poll (self->engine, &want, self->now);
  self->pausing = want.kind == PH_WANT_PAUSE;
  switch (want.kind)
    {
    case PH_WANT_READ:
      return offer_input (self);
    case PH_WANT_WRITE:
    case PH_WANT_WRITE_SECRET:
      write_out (self, &want);
      return TRUE;
    case PH_WANT_WRITE_BODY:
      if (offer_input (self))
        return TRUE;
      if (self->hold_body && !self->priv->body_go)
        return FALSE;
      return write_body (self, &want, self->priv->body_limit);
    case PH_WANT_DIVERT:
      if (want.bytes == NULL && self->priv->inbox->len == 0)
        return FALSE;
      divert (self, &want);
      return TRUE;
    case PH_WANT_TLS:
      start_tls (self);
      return TRUE;
    case PH_WANT_FILTER:
      g_set_object (&self->filter, want.filter);
      ph_engine_upgraded (self->engine, self->tls_error, self->now);
      return TRUE;
    case PH_WANT_UNFILTER:
      g_clear_object (&self->filter);
      ph_engine_upgraded (self->engine, NULL, self->now);
      return TRUE;
    case PH_WANT_SASL_START:
    case PH_WANT_SASL_CHALLENGE:
    case PH_WANT_SASL_DONE:
      answer_sasl (self, &want);
      return TRUE;
    case PH_WANT_PAUSE:
      return FALSE;
    case PH_WANT_CLOSE:
      self->wants_close = TRUE;
      return FALSE;
    default:
      g_assert_not_reached ();
    }
}

void
ph_harness_pump (PhHarness *self)
{
  if (!self->hold_body)
    self->priv->body_limit = -1;
  for (guint turns = 0; turn (self); turns++)
    if (turns > MAX_TURNS)
      g_error ("the engine turns in circles\n%.2000s", self->priv->trace->str);
  take_events (self);
}

void
ph_harness_start (PhHarness *self)
{
  if (self->setup.channel_secure && g_str_has_suffix (self->setup.scheme, "s"))
    ph_engine_secured (self->engine, !self->unverified);
  ph_engine_start (self->engine, &self->setup, self->now);
  ph_harness_pump (self);
}

void
ph_harness_submit (PhHarness *self, PhCommand *command)
{
  ph_engine_submit (self->engine, command, self->now);
  ph_harness_pump (self);
}

void
ph_harness_cancel (PhHarness *self, PhCommand *command, GError *error)
{
  ph_engine_cancel (self->engine, command, error);
  ph_harness_pump (self);
}

void
ph_harness_push_bytes (PhHarness *self, const void *data, gsize length)
{
  PhHarnessPrivate *priv = self->priv;
  const guint8 *bytes = data;
  gsize piece = priv->feed == PH_FEED_BYTES ? 1 : length;

  longest_push = MAX (longest_push, length);
  trace (self, 'S', data, length);
  if (priv->feed == PH_FEED_SPLIT && priv->split < length)
    {
      g_byte_array_append (priv->inbox, bytes, (guint) priv->split);
      ph_harness_pump (self);
      bytes += priv->split;
      length -= priv->split;
    }
  for (gsize done = 0; done < length; done += piece)
    {
      g_byte_array_append (priv->inbox, bytes + done, (guint) MIN (piece, length - done));
      ph_harness_pump (self);
    }
}

void
ph_harness_push (PhHarness *self, const char *text)
{
  ph_harness_push_bytes (self, text, strlen (text));
}

void
ph_harness_close (PhHarness *self, GError *error)
{
  g_string_append (self->priv->trace, "   (closed)\n");
  ph_engine_closed (self->engine, error);
  g_clear_error (&error);
  ph_harness_pump (self);
}

void
ph_harness_advance (PhHarness *self, guint seconds)
{
  gint64 until = self->now + (gint64) seconds * G_USEC_PER_SEC;

  for (;;)
    {
      gint64 deadline = ph_engine_get_deadline (self->engine);
      if (deadline == 0 || deadline > until)
        break;
      self->now = MAX (self->now, deadline);
      ph_engine_timed_out (self->engine, self->now);
      ph_harness_pump (self);
      if (ph_engine_get_deadline (self->engine) == deadline)
        g_error ("the deadline stands where it passed\n%s", self->priv->trace->str);
    }
  self->now = until;
}

void
ph_harness_sasl_start_bytes (PhHarness *self, const char *mechanism, GBytes *response)
{
  Step *step = g_new0 (Step, 1);
  step->is_start = TRUE;
  step->mechanism = g_strdup (mechanism);
  step->response = response != NULL ? g_bytes_ref (response) : NULL;
  g_queue_push_tail (self->priv->script, step);
}

void
ph_harness_sasl_start (PhHarness *self, const char *mechanism, const char *response)
{
  g_autoptr (GBytes) bytes = response != NULL ? g_bytes_new (response, strlen (response)) : NULL;
  ph_harness_sasl_start_bytes (self, mechanism, bytes);
}

void
ph_harness_sasl_challenge (PhHarness *self, const char *challenge, const char *response)
{
  Step *step = g_new0 (Step, 1);
  step->challenge = g_strdup (challenge);
  step->response = response != NULL ? g_bytes_new (response, strlen (response)) : NULL;
  g_queue_push_tail (self->priv->script, step);
}

void
ph_harness_sasl_error (PhHarness *self, GError *error)
{
  Step *step = g_new0 (Step, 1);
  step->error = error;
  g_queue_push_tail (self->priv->script, step);
}

void
ph_harness_write_body (PhHarness *self, gssize octets)
{
  self->priv->body_go = TRUE;
  self->priv->body_limit = octets;
  for (guint turns = 0; turn (self) && turns < MAX_TURNS; turns++)
    ;
  self->priv->body_go = FALSE;
  take_events (self);
}

void
ph_harness_take_items (PhHarness *self, GDestroyNotify free_func)
{
  self->priv->items = g_ptr_array_new_with_free_func (free_func);
}

GPtrArray *
ph_harness_get_items (PhHarness *self)
{
  return self->priv->items;
}

const char *
ph_harness_get_trace (PhHarness *self)
{
  return self->priv->trace->str;
}
