/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A whole session with a hostile server: the first octet chooses how it goes, the rest is what the server says. */
#include "fuzz.h"

#include "contracts/ph-extension-private.h"
#include "values/ph-body-private.h"

#define STEPS 20000 /* more, and the engine wants something for ever */

typedef struct {
  PhEngine     *engine;
  GPtrArray    *extensions;
  const guint8 *data;    /* not taken yet */
  gsize         size;
  gsize         shown;   /* of it, what has come */
  gsize         chunk;
  gint64        now;
} Conversation;

static void
submit (Conversation *self, PhCommand *command)
{
  if (command == NULL)
    return;
  ph_engine_submit (self->engine, command, self->now);
  g_object_unref (command);
}

/* @n recipients; of a length that is known, or not */
static PhCommand *
make_mail (Conversation *self, guint n, gboolean stream, gboolean require_all)
{
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (self->engine);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
  g_autoptr (GInputStream) memory = g_memory_input_stream_new_from_data ("Subject: x\r\n\r\n.dot\n", 20, NULL);
  g_autoptr (PhBody) text = ph_body_new_for_text ("Subject: x\r\n\r\n.dot\r\n");
  g_autoptr (GCharsetConverter) same = g_charset_converter_new ("ISO-8859-1", "ISO-8859-1", NULL);
  g_autoptr (GInputStream) unsized = g_converter_input_stream_new (memory, G_CONVERTER (same));
  g_autoptr (PhBody) streamed = ph_body_new_for_stream (unsized, -1);
  char address[] = "a@example.net";

  for (guint i = 0; i < n; i++, address[0]++)
    ph_envelope_add_recipient (envelope, address);
  ph_envelope_set_require_all (envelope, require_all);
  return PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_send (engine, envelope, stream ? streamed : text);
}

static void
submit_mail (Conversation *self)
{
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (self->engine);
  PhTransportEngineInterface *iface = PH_TRANSPORT_ENGINE_GET_IFACE (engine);

  submit (self, make_mail (self, 2, FALSE, FALSE));
  submit (self, make_mail (self, 3, FALSE, FALSE));
  submit (self, make_mail (self, 1, TRUE, FALSE));
  submit (self, make_mail (self, 2, FALSE, TRUE));
  submit (self, make_mail (self, 1, FALSE, FALSE));
  submit (self, iface->make_verify (engine, "bob"));
  submit (self, iface->make_reset (engine));
}

/* Through the coder, as the driver does it; and as many octets as were asked for. */
static void
write_body (Conversation *self, const PhWant *want)
{
  g_autoptr (GError) error = NULL;
  guint8 input[16], output[128];
  guint64 octets = 0;
  guint64 left = want->more ? (guint64) want->length : G_MAXUINT64;
  gssize got = 1;

  while (got > 0 && error == NULL)
    {
      GConverterResult result = G_CONVERTER_CONVERTED;
      gsize done = 0;

      got = ph_body_read (want->body, input, MIN (sizeof input, left), &error);
      left -= (guint64) MAX (got, 0);
      octets += want->coder == NULL ? (guint64) MAX (got, 0) : 0;
      while (want->coder != NULL && error == NULL && got >= 0 && result != G_CONVERTER_FINISHED && (got == 0 || done < (gsize) got))
        {
          gsize taken = 0, made = 0;

          result = g_converter_convert (want->coder, input + done, (gsize) got - done, output, sizeof output,
                                        got == 0 ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &taken, &made, &error);
          g_assert (error != NULL || taken + made > 0 || result == G_CONVERTER_FINISHED);
          done += taken;
          octets += made;
        }
    }
  ph_engine_body_written (self->engine, octets, error, self->now);
}

/* What only newer servers can, or the engine makes of older commands */
static void
submit_more_reading (Conversation *self, PhStoreEngineInterface *iface, PhStoreEngine *engine)
{
  g_autoptr (PhMessageSet) all = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (PhMessageSet) saved = ph_message_set_new_saved ();
  g_autoptr (PhMailboxState) known = ph_mailbox_state_new (1, 1);
  g_autoptr (PhQuery) query = ph_query_unseen (ph_query_new ());
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: x\r\n\r\n");
  g_autoptr (PhNewMessage) message = ph_new_message_new (body, NULL, NULL);
  const char *const seen[] = { "\\Seen", NULL };
  const char *const patterns[] = { "*", "%", NULL };

  ph_mailbox_state_add (known, 5, seen);
  submit (self, iface->make_list_selected (engine, patterns, PH_LIST_SUBSCRIBED | PH_LIST_RECURSIVE_MATCH, NULL));
  submit (self, iface->make_resume (engine, "INBOX", FALSE, known));
  submit (self, iface->make_search_for (engine, query, PH_SEARCH_MIN | PH_SEARCH_MAX | PH_SEARCH_COUNT | PH_SEARCH_SAVE, 0, 0));
  submit (self, iface->make_search_for (engine, query, PH_SEARCH_COUNT, -1, -50));
  submit (self, iface->make_transfer (engine, saved, "Sent", FALSE));
  submit (self, iface->make_transfer (engine, all, "Sent", TRUE));
  submit (self, iface->make_store_unchanged (engine, all, PH_STORE_ADD, seen, 5));
  submit (self, iface->make_fetch_some (engine, all, PH_FETCH_FLAGS, NULL, 0, 1, 10));
  submit (self, iface->make_uid_batches (engine, 500));
  submit (self, iface->make_replace (engine, 1, "Drafts", message));
}

/* Each command that an extension has a table for, with arguments that fit */
static void
submit_verbs (Conversation *self, PhExtension *extension)
{
  const char *const          words[] = { "INBOX", "a", NULL };
  g_autoptr (PhValue) list = ph_value_new_strings (words);

  for (const PhVerb *verb = PH_EXTENSION_GET_CLASS (extension)->verbs; verb != NULL && verb->name != NULL; verb++)
    {
      g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
      g_autoptr (PhValue) arguments = NULL;

      for (const char *letter = verb->arguments; letter != NULL && *letter != '\0'; letter++)
        if (g_ascii_isalpha (*letter))
          g_ptr_array_add (items, strchr ("vq", *letter) != NULL ? ph_value_copy (list) : ph_value_new_string ("INBOX"));
      arguments = ph_value_new_array (items);
      submit (self, ph_command_new_verb (verb, extension, arguments));
    }
}

static void
submit_reading (Conversation *self)
{
  PhStoreEngine *engine = PH_STORE_ENGINE (self->engine);
  PhStoreEngineInterface *iface = PH_STORE_ENGINE_GET_IFACE (engine);
  g_autoptr (PhMessageSet) all = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (PhMessageSet) one = ph_message_set_new_uid (1);
  g_autoptr (PhQuery) query = ph_query_subject (ph_query_new (), "Grüße");
  g_autoptr (PhBody) body = ph_body_new_for_text ("Subject: x\r\n\r\n");
  g_autoptr (GOutputStream) sink = g_memory_output_stream_new_resizable ();
  const char *const flags[] = { "\\Seen", NULL };

  submit (self, iface->make_list (engine, "", "*", FALSE, (const char *const[]){ "MESSAGES", NULL }));
  submit (self, iface->make_status (engine, "Entwürfe", (const char *const[]){ "UNSEEN", NULL }));
  submit (self, iface->make_select (engine, "INBOX", FALSE));
  submit (self, iface->make_search (engine, query, TRUE));
  submit (self, iface->make_fetch (engine, all, 0xff, "X-THING", NULL));
  submit (self, iface->make_fetch (engine, one, PH_FETCH_BODY, NULL, sink));
  submit (self, iface->make_store (engine, all, PH_STORE_ADD, flags));
  submit (self, iface->make_copy (engine, all, "Sent"));
  submit (self, iface->make_append (engine, "Sent", body, flags, NULL));
  submit (self, iface->make_expunge (engine, NULL));
  submit (self, ph_command_new_line ("XYZZY"));
  submit_more_reading (self, iface, engine);
  for (guint i = 0; i < self->extensions->len; i++)
    submit_verbs (self, g_ptr_array_index (self->extensions, i));
}

/* As the session does, for each capability that an extension answers to. */
static void
add_extensions (Conversation *self)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (GPtrArray) infos = ph_registry_find_extensions (registry, FUZZ_PROTOCOL, ph_engine_get_capabilities (self->engine));

  for (guint i = 0; i < infos->len; i++)
    {
      PhFeatureInfo *info = g_ptr_array_index (infos, i);
      g_autoptr (GObject) extension = NULL;
      gboolean known = FALSE;

      for (guint j = 0; j < self->extensions->len; j++)
        known |= strcmp (ph_extension_get_name (self->extensions->pdata[j]), ph_feature_info_get_name (info)) == 0;
      if (known)
        continue;
      extension = ph_registry_create (registry, info, NULL);
      g_assert (PH_IS_EXTENSION (extension));
      ph_extension_attach (PH_EXTENSION (extension), NULL, self->engine, ph_feature_info_get_name (info), TRUE);
      ph_engine_add_extension (self->engine, PH_EXTENSION (extension));
      g_ptr_array_add (self->extensions, g_steal_pointer (&extension));
    }
}

/* FALSE once the session has failed. */
static gboolean
take_events (Conversation *self)
{
  for (;;)
    {
      g_auto (PhEvent) event = { 0 };
      gpointer item;

      if (!ph_engine_take_event (self->engine, &event))
        return TRUE;
      if (event.kind == PH_EVENT_CAPABILITIES)
        add_extensions (self);
      if (event.kind == PH_EVENT_OPENED && PH_IS_TRANSPORT_ENGINE (self->engine))
        submit_mail (self);
      if (event.kind == PH_EVENT_OPENED && PH_IS_STORE_ENGINE (self->engine))
        submit_reading (self);
      if (event.response != NULL)
        fuzz_read_response (event.response);
      while (event.kind == PH_EVENT_ITEM && (item = ph_command_pop_item (event.command)) != NULL)
        {
          fuzz_read_message (item);
          ph_message_unref (item);
        }
      if (event.kind == PH_EVENT_FAILED)
        {
          g_assert (event.error != NULL && g_utf8_validate (event.error->message, -1, NULL));
          return FALSE;
        }
    }
}

/* FALSE at the end of what the server says. */
static gboolean
feed (Conversation *self)
{
  gsize taken = ph_engine_receive (self->engine, self->data, self->shown, self->now);

  g_assert (taken <= self->shown);
  self->data += taken;
  self->size -= taken;
  self->shown -= taken;
  if (taken > 0)
    return TRUE;
  if (self->shown == self->size)
    return FALSE;
  self->shown = MIN (self->size, self->shown + self->chunk);
  return TRUE;
}

static gboolean
divert (Conversation *self, const PhWant *want)
{
  gsize length = want->bytes != NULL ? 0 : MIN ((gsize) want->length, self->size);

  if (want->sink != NULL)
    g_output_stream_write_all (want->sink, self->data, length, NULL, NULL, NULL);
  self->data += length;
  self->size -= length;
  self->shown -= MIN (self->shown, length);
  if (want->bytes == NULL && (gint64) length < want->length)
    return FALSE;
  ph_engine_diverted (self->engine, NULL, self->now);
  return TRUE;
}

static void
start_login (Conversation *self, const PhWant *want)
{
  const char *mechanism = want->mechanisms != NULL ? want->mechanisms[0] : NULL;
  g_autoptr (GBytes) response = want->initial_response ? g_bytes_new_static ("\0alice\0secret", 13) : NULL;
  g_autoptr (GError) error = NULL;

  if (mechanism == NULL)
    error = g_error_new_literal (PH_ERROR, PH_ERROR_NO_MECHANISM, "none");
  ph_engine_sasl_reply (self->engine, mechanism, mechanism != NULL ? response : NULL, error, self->now);
}

/* One want; FALSE where the conversation is over. */
static gboolean
step (Conversation *self)
{
  PhWant want = { 0 };
  g_autoptr (GBytes) answer = NULL;

  self->now += 1000;
  ph_engine_poll (self->engine, &want, self->now);
  switch (want.kind)
    {
    case PH_WANT_READ:
      return feed (self);
    case PH_WANT_WRITE:
    case PH_WANT_WRITE_SECRET:
    case PH_WANT_PAUSE:
      return TRUE;
    case PH_WANT_WRITE_BODY:
      write_body (self, &want);
      return TRUE;
    case PH_WANT_DIVERT:
      return divert (self, &want);
    case PH_WANT_TLS:
      ph_engine_secured (self->engine, TRUE);
      ph_engine_upgraded (self->engine, NULL, self->now);
      return TRUE;
    case PH_WANT_FILTER:
    case PH_WANT_UNFILTER:
      ph_engine_upgraded (self->engine, NULL, self->now);
      return TRUE;
    case PH_WANT_SASL_START:
      start_login (self, &want);
      return TRUE;
    case PH_WANT_SASL_CHALLENGE:
      answer = g_bytes_new_static ("answer", 6);
      ph_engine_sasl_reply (self->engine, NULL, answer, NULL, self->now);
      return TRUE;
    case PH_WANT_SASL_DONE:
      ph_engine_sasl_reply (self->engine, NULL, NULL, NULL, self->now);
      return TRUE;
    case PH_WANT_CLOSE:
    default:
      return FALSE;
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  const PhLimits limits = { .line = 65536, .literal = 65536, .response = 262144, .nesting = 64, .values = 100000, .reply_lines = 100 };
  const PhTimeouts timeouts = { 30, 30, 300, 300, 180, 600, 1740 };
  guint8 options = size > 0 ? data[0] : 0;
  static const char *const uses[] = { "IMAP4rev2", "UTF8=ACCEPT", "QRESYNC", "UIDONLY", NULL };
  const PhEngineSetup setup = {
    .scheme = FUZZ_SCHEME, .host = "mail.example.org", .hello_name = "client.example.org",
    .tls_mode = (options & 2) ? PH_TLS_PREFER : PH_TLS_REQUIRED, .channel_secure = (options & 4) != 0, .login = (options & 8) != 0,
    .limits = &limits, .timeouts = &timeouts,
    .uses = (options & 16) ? uses : NULL,
  };
  Conversation self = { .data = data + 1, .size = size > 0 ? size - 1 : 0, .chunk = (options & 1) ? 1 : G_MAXSIZE / 2 };
  gsize steps = 0;

  /* IMAP's tags begin at random: the corpus and the dictionary know how with this seed */
  g_random_set_seed (0);
  self.engine = fuzz_make_engine (FUZZ_SCHEME);
  self.extensions = g_ptr_array_new_with_free_func (g_object_unref);
  ph_engine_start (self.engine, &setup, self.now);
  ph_engine_set_idle (self.engine, (options & 16) != 0, self.now);
  while (take_events (&self) && step (&self))
    g_assert_cmpuint (steps++, <, STEPS + 4 * size);
  ph_engine_closed (self.engine, NULL);
  take_events (&self);
  g_ptr_array_unref (self.extensions);
  g_object_unref (self.engine);
  return 0;
}
