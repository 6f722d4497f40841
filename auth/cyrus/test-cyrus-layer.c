/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The security layer of DIGEST-MD5 between a filter of ours and libsasl2's server. */
#include "ph-sasl-peer.h"

#include <string.h>

static PhSaslPeerTalk
log_in (guint max_strength)
{
  PhSaslPeerTalk talk = { .mechanism = "DIGEST-MD5", .user = "alice", .password = "wonderland", .max_strength = max_strength };

  ph_sasl_peer_run (&talk);
  g_assert_no_error (talk.error);
  g_assert_cmpint (talk.outcome, ==, PH_SASL_PEER_LOGGED_IN);
  return talk;
}

static void
assert_server_reads (PhSaslPeerTalk *talk, PhByteQueue *wire, const GString *expected)
{
  g_autoptr (GString) read = g_string_new (NULL);

  while (ph_byte_queue_get_length (wire) > 0)
    {
      gsize length;
      const guint8 *data = ph_byte_queue_peek (wire, &length);
      unsigned plain_length = 0;
      const char *plain = NULL;

      length = MIN (length, 1000);
      g_assert_cmpint (sasl_decode (talk->server, (const char *) data, length, &plain, &plain_length), ==, SASL_OK);
      g_string_append_len (read, plain, plain_length);
      ph_byte_queue_consume (wire, length);
    }

  g_assert_cmpmem (read->str, read->len, expected->str, expected->len);
}

static GString *
make_text (gsize length)
{
  GString *text = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    g_string_append_c (text, (char) (i * 7 + i / 251));

  return text;
}

/* A signed text can be read by everybody, an encrypted one can't. */
static void
send_through (PhSaslPeerTalk *talk, gsize length)
{
  gboolean is_signed = talk->max_strength == 1;
  g_autoptr (GString) text = make_text (length);
  g_autoptr (PhByteQueue) input = ph_byte_queue_new (), wire = ph_byte_queue_new ();
  g_autoptr (GError) error = NULL;

  ph_byte_queue_append (input, text->str, text->len);
  g_assert_true (ph_filter_send (talk->layer, input, wire, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (ph_byte_queue_get_length (input), ==, 0);
  if (length > 16)
    g_assert_true ((memmem (ph_byte_queue_peek (wire, NULL), ph_byte_queue_get_length (wire), text->str, 16) != NULL) == is_signed);
  assert_server_reads (talk, wire, text);
}

static void
receive_through (PhSaslPeerTalk *talk, gsize length, gsize piece)
{
  g_autoptr (GString) text = make_text (length);
  g_autoptr (PhByteQueue) input = ph_byte_queue_new (), output = ph_byte_queue_new ();
  g_autoptr (GError) error = NULL;
  const char *coded;
  unsigned coded_length;

  g_assert_cmpint (sasl_encode (talk->server, text->str, text->len, &coded, &coded_length), ==, SASL_OK);
  for (gsize at = 0; at < coded_length; at += piece)
    {
      ph_byte_queue_append (input, coded + at, MIN (piece, coded_length - at));
      g_assert_true (ph_filter_receive (talk->layer, input, output, &error));
      g_assert_no_error (error);
    }

  g_assert_cmpmem (ph_byte_queue_peek (output, NULL), ph_byte_queue_get_length (output), text->str, text->len);
}

static void
test_strength (gconstpointer data)
{
  PhSaslPeerTalk talk = log_in (GPOINTER_TO_UINT (data));
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (talk.layer);
  for (gsize length = 0; length < 40; length++)
    send_through (&talk, length);
  send_through (&talk, 300000);
  for (gsize piece = 1; piece < 40; piece++)
    receive_through (&talk, 100, piece);
  receive_through (&talk, 50000, 1000);
  g_assert_true (ph_filter_end_of_input (talk.layer, &error));

  ph_sasl_peer_talk_clear (&talk);
}

static void
test_no_layer (void)
{
  PhSaslPeerTalk talk = log_in (0);

  g_assert_null (talk.layer);
  ph_sasl_peer_talk_clear (&talk);
}

/* TLS protects already. */
static void
test_with_tls (void)
{
  PhSaslPeerTalk talk = { .mechanism = "DIGEST-MD5", .user = "alice", .password = "wonderland", .max_strength = 128,
                          .binding_type = "tls-exporter", .binding = "0123" };

  ph_sasl_peer_run (&talk);
  g_assert_cmpint (talk.outcome, ==, PH_SASL_PEER_LOGGED_IN);
  g_assert_null (talk.layer);
  ph_sasl_peer_talk_clear (&talk);
}

static void
assert_broken (const char *wire, gsize length)
{
  PhSaslPeerTalk talk = log_in (1);
  g_autoptr (PhByteQueue) input = ph_byte_queue_new (), output = ph_byte_queue_new ();
  g_autoptr (GError) error = NULL;

  ph_byte_queue_append (input, wire, length);
  g_assert_false (ph_filter_receive (talk.layer, input, output, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_PROTOCOL);
  g_assert_cmpuint (ph_byte_queue_get_length (output), ==, 0);
  ph_sasl_peer_talk_clear (&talk);
}

/* A length above what was agreed on; a unit whose checksum is wrong */
static void
test_broken (void)
{
  static const char unit[] = "\0\0\0\x1aHello world!0123456789\0\x01\0\0\0\0";

  assert_broken ("\xff\xff\xff\xff" "data", 8);
  assert_broken (unit, 4 + 26);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  ph_sasl_peer_init ();
  ph_sasl_peer_add_user ("alice", "wonderland");

  g_test_add_data_func ("/cyrus-layer/signs", GUINT_TO_POINTER (1), test_strength);
  g_test_add_data_func ("/cyrus-layer/encrypts", GUINT_TO_POINTER (128), test_strength);
  g_test_add_func ("/cyrus-layer/is-there-only-when-agreed-on", test_no_layer);
  g_test_add_func ("/cyrus-layer/is-left-to-tls", test_with_tls);
  g_test_add_func ("/cyrus-layer/reports-what-was-tampered-with", test_broken);

  status = g_test_run ();
  ph_sasl_peer_exit ();
  return status;
}
