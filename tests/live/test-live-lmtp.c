/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* LMTP against Dovecot: a reply for each recipient behind the content, over a unix socket and over TCP. */
#include "live.h"

#include <string.h>

static PhDelivery *
deliver (PhSession *session, const char *const *recipients, const char *text, gboolean async, GError **error)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.test");
  g_autoptr (PhBody) body = live_body_new ("by LMTP", text);

  for (gsize i = 0; recipients[i] != NULL; i++)
    ph_envelope_add_recipient (envelope, recipients[i]);
  return live_call (async, ph_transport_send, PH_TRANSPORT (session), error, envelope, body);
}

static void
test_one_of_two_over_a_unix_socket (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("lmtp+unix", NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhDelivery) delivery =
      deliver (session, (const char *const[]){ "bob@example.test", "nobody@example.test", NULL }, "x\r\n", async != NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ph_delivery_is_accepted (delivery, 0));
  g_assert_cmpint (ph_delivery_get_phase (delivery, 0), ==, PH_DELIVERY_DATA);
  g_assert_cmpint (ph_delivery_get_fate (delivery, 1), ==, PH_FATE_REFUSED);
  g_assert_cmpstr (ph_reply_get_enhanced_status (ph_delivery_get_reply (delivery, 1)), ==, "5.1.1");
}

/* tiny's mailbox cannot take it: refused behind the content, while alice and bob get it. */
static void
test_each_recipient_answers_behind_the_content (gconstpointer async)
{
  g_autofree char *text = g_strnfill (40 * 1024, 'x');
  g_autoptr (PhSession) session = live_session_new ("lmtp+unix", NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhDelivery) delivery = NULL;

  for (gsize i = 76; i + 2 < strlen (text); i += 78)
    memcpy (text + i, "\r\n", 2);
  delivery = deliver (session, (const char *const[]){ "alice@example.test", "tiny@example.test", "bob@example.test", NULL }, text,
                      async != NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 2);
  g_assert_false (ph_delivery_is_accepted (delivery, 1));
  g_assert_cmpint (ph_delivery_get_phase (delivery, 1), ==, PH_DELIVERY_DATA);
  g_assert_cmpstr (ph_reply_get_enhanced_status (ph_delivery_get_reply (delivery, 1)), ==, "5.2.2");
}

static void
test_over_tcp (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("lmtp", NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PhDelivery) delivery = NULL;

  delivery = deliver (session, (const char *const[]){ "alice@example.test", NULL }, "x\r\n", async != NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 1);
  g_assert_true (live_call (async != NULL, ph_session_close, session, &error));
}

static void
test_all_refused (gconstpointer async)
{
  g_autoptr (PhSession) session = live_session_new ("lmtp+unix", NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (deliver (session, (const char *const[]){ "nobody@example.test", NULL }, "x\r\n", async != NULL, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_RECIPIENTS_REFUSED);
  g_assert_cmpint (ph_reply_get_code (ph_delivery_get_reply (ph_error_get_delivery (error), 0)), ==, 550);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  live_add ("/live/lmtp/one-of-two-over-a-unix-socket", test_one_of_two_over_a_unix_socket);
  live_add ("/live/lmtp/each-recipient-answers-behind-the-content", test_each_recipient_answers_behind_the_content);
  live_add ("/live/lmtp/over-tcp", test_over_tcp);
  live_add ("/live/lmtp/all-refused", test_all_refused);
  return g_test_run ();
}
