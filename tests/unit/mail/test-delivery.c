/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhEnvelope and PhDelivery. */
#include <posthorn/posthorn-plugin.h>

static void
test_envelope (void)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");

  g_assert_cmpstr (ph_envelope_get_sender (envelope), ==, "alice@example.org");
  g_assert_cmpuint (ph_envelope_get_n_recipients (envelope), ==, 0);
  g_assert_null (ph_envelope_get_recipient (envelope, 0));
  g_assert_false (ph_envelope_get_require_all (envelope));
  ph_envelope_add_recipient (envelope, "bob@example.net");
  ph_envelope_add_recipient (envelope, "with\r\nline");
  ph_envelope_set_require_all (envelope, 5);
  g_assert_cmpuint (ph_envelope_get_n_recipients (envelope), ==, 2);
  g_assert_cmpstr (ph_envelope_get_recipient (envelope, 0), ==, "bob@example.net");
  g_assert_cmpstr (ph_envelope_get_recipient (envelope, 1), ==, "with\r\nline");
  g_assert_null (ph_envelope_get_recipient (envelope, 2));
  g_assert_cmpint (ph_envelope_get_require_all (envelope), ==, TRUE);
}

static void
test_null_sender (void)
{
  g_autoptr (PhEnvelope) bounce = ph_envelope_new (NULL);

  g_assert_cmpstr (ph_envelope_get_sender (bounce), ==, "");
}

static void
test_parameters (void)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("");
  const char *const expected[] = { "BODY=8BITMIME", "RET=HDRS", NULL };
  const char *const never[] = { "NOTIFY=NEVER", NULL };

  g_assert_null (ph_envelope_get_parameters (envelope)[0]);
  g_assert_null (ph_envelope_get_recipient_parameters (envelope, 0));
  ph_envelope_add_recipient (envelope, "a");
  ph_envelope_add_recipient (envelope, "b");
  ph_envelope_add_parameter (envelope, expected[0]);
  ph_envelope_add_parameter (envelope, expected[1]);
  ph_envelope_add_recipient_parameter (envelope, 1, never[0]);
  g_assert_true (g_strv_equal (ph_envelope_get_parameters (envelope), expected));
  g_assert_null (ph_envelope_get_recipient_parameters (envelope, 0)[0]);
  g_assert_true (g_strv_equal (ph_envelope_get_recipient_parameters (envelope, 1), never));
}

static void
test_plain (void)
{
  g_autoptr (PhEnvelope) plain = ph_envelope_new ("alice@example.test");

  ph_envelope_add_recipient (plain, "bob@example.test");
  ph_envelope_add_recipient (plain, "carol@example.test");
  ph_envelope_set_require_all (plain, TRUE);
  g_assert_true (ph_envelope_is_plain (plain));

  g_autoptr (PhEnvelope) mail = ph_envelope_select (plain, NULL, 0);
  ph_envelope_add_parameter (mail, "X-TRACE=7");
  g_assert_false (ph_envelope_is_plain (mail));

  g_autoptr (PhEnvelope) option = ph_envelope_select (plain, NULL, 0);
  ph_envelope_set_body_type (option, PH_BODY_TYPE_SEVEN_BIT);
  g_assert_false (ph_envelope_is_plain (option));

  g_autoptr (PhEnvelope) recipient = ph_envelope_select (plain, NULL, 0);
  ph_envelope_set_recipient_notify (recipient, 1, PH_DSN_NOTIFY_NEVER);
  g_assert_false (ph_envelope_is_plain (recipient));
}

/* The first few recipients lie elsewhere than many do */
static void
test_many_recipients (void)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new (NULL);

  for (guint n = 0; n < 300; n++)
    {
      g_autofree char *address = g_strdup_printf ("r%u@example.test", n);
      ph_envelope_add_recipient (envelope, address);
      ph_envelope_add_recipient_parameter (envelope, n, address);
      g_assert_cmpstr (ph_envelope_get_recipient (envelope, n), ==, address);
    }
  g_assert_cmpuint (ph_envelope_get_n_recipients (envelope), ==, 300);
  for (guint n = 0; n < 300; n++)
    g_assert_cmpstr (ph_envelope_get_recipient (envelope, n), ==, ph_envelope_get_recipient_parameters (envelope, n)[0]);
}

static void
test_select (void)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice");
  g_autoptr (PhEnvelope) all = NULL;
  g_autoptr (PhEnvelope) some = NULL;
  g_autoptr (PhEnvelope) none = NULL;
  const guint indices[] = { 2, 0 };

  for (guint i = 0; i < 3; i++)
    ph_envelope_add_recipient (envelope, (const char *const[]){ "a", "b", "c" }[i]);
  ph_envelope_add_parameter (envelope, "RET=HDRS");
  ph_envelope_add_recipient_parameter (envelope, 2, "NOTIFY=NEVER");
  ph_envelope_set_require_all (envelope, TRUE);
  some = ph_envelope_select (envelope, indices, G_N_ELEMENTS (indices));
  all = ph_envelope_select (envelope, NULL, 0);
  none = ph_envelope_select (envelope, indices, 0);
  ph_envelope_add_parameter (all, "BODY=8BITMIME");

  g_assert_cmpstr (ph_envelope_get_sender (some), ==, "alice");
  g_assert_cmpuint (ph_envelope_get_n_recipients (some), ==, 2);
  g_assert_cmpstr (ph_envelope_get_recipient (some, 0), ==, "c");
  g_assert_cmpstr (ph_envelope_get_recipient (some, 1), ==, "a");
  g_assert_cmpstr (ph_envelope_get_recipient_parameters (some, 0)[0], ==, "NOTIFY=NEVER");
  g_assert_null (ph_envelope_get_recipient_parameters (some, 1)[0]);
  g_assert_cmpstr (ph_envelope_get_parameters (some)[0], ==, "RET=HDRS");
  g_assert_true (ph_envelope_get_require_all (some));
  g_assert_cmpuint (ph_envelope_get_n_recipients (all), ==, 3);
  g_assert_cmpuint (ph_envelope_get_n_recipients (none), ==, 0);
  g_assert_cmpuint (g_strv_length ((char **) ph_envelope_get_parameters (envelope)), ==, 1);
}

static void
test_delivery_starts_refused (void)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("a");
  g_autoptr (PhDelivery) none = ph_delivery_new (envelope);
  g_autoptr (PhDelivery) delivery = NULL;

  g_assert_cmpuint (ph_delivery_get_n_recipients (none), ==, 0);
  ph_envelope_add_recipient (envelope, "b");
  delivery = ph_delivery_new (envelope);
  ph_envelope_add_recipient (envelope, "late");
  g_assert_cmpuint (ph_delivery_get_n_recipients (delivery), ==, 1);
  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpstr (ph_delivery_get_address (delivery, i), ==, i == 0 ? "b" : NULL);
      g_assert_false (ph_delivery_is_accepted (delivery, i));
      g_assert_cmpint (ph_delivery_get_fate (delivery, i), ==, PH_FATE_REFUSED);
      g_assert_cmpint (ph_delivery_get_phase (delivery, i), ==, PH_DELIVERY_PENDING);
      g_assert_null (ph_delivery_get_reply (delivery, i));
    }
}

static void
test_delivery_rows (void)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("a");
  g_autoptr (PhReply) yes = ph_reply_new (PH_STATUS_OK, 250, "fine");
  g_autoptr (PhReply) no = ph_reply_new (PH_STATUS_NO, 550, "no such user");
  g_autoptr (PhDelivery) delivery = NULL;

  ph_envelope_add_recipient (envelope, "b");
  ph_envelope_add_recipient (envelope, "c");
  ph_envelope_add_recipient (envelope, "d");
  delivery = ph_delivery_new (envelope);
  ph_delivery_set (delivery, 0, PH_FATE_ACCEPTED, PH_DELIVERY_RECIPIENT, yes);
  ph_delivery_set (delivery, 0, PH_FATE_ACCEPTED, PH_DELIVERY_DATA, ph_delivery_get_reply (delivery, 0));
  ph_delivery_set (delivery, 1, PH_FATE_REFUSED, PH_DELIVERY_RECIPIENT, no);
  ph_delivery_set (delivery, 2, PH_FATE_ACCEPTED, PH_DELIVERY_RECIPIENT, yes);
  ph_delivery_set (delivery, 2, PH_FATE_UNKNOWN, PH_DELIVERY_CONNECTION, NULL);

  g_assert_cmpuint (ph_delivery_get_n_accepted (delivery), ==, 1);
  g_assert_true (ph_delivery_is_accepted (delivery, 0));
  g_assert_cmpint (ph_delivery_get_phase (delivery, 0), ==, PH_DELIVERY_DATA);
  g_assert_cmpint (ph_reply_get_code (ph_delivery_get_reply (delivery, 0)), ==, 250);
  g_assert_false (ph_delivery_is_accepted (delivery, 1));
  g_assert_cmpint (ph_reply_get_code (ph_delivery_get_reply (delivery, 1)), ==, 550);
  g_assert_cmpint (ph_delivery_get_fate (delivery, 2), ==, PH_FATE_UNKNOWN);
  g_assert_null (ph_delivery_get_reply (delivery, 2));
}

/* Only where nobody else would see it */
static void
test_renew (void)
{
  g_autoptr (PhEnvelope) one = ph_envelope_new ("");
  g_autoptr (PhEnvelope) other = ph_envelope_new ("");
  g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_OK, 250, "taken");
  PhDelivery *delivery;

  ph_envelope_add_recipient (one, "a");
  ph_envelope_add_recipient (other, "b");
  delivery = ph_delivery_new (one);
  ph_delivery_set (delivery, 0, PH_FATE_ACCEPTED, PH_DELIVERY_DATA, reply);
  delivery = ph_delivery_renew (delivery, other);
  g_assert_cmpstr (ph_delivery_get_address (delivery, 0), ==, "b");
  g_assert_cmpint (ph_delivery_get_fate (delivery, 0), ==, PH_FATE_REFUSED);
  g_assert_cmpint (ph_delivery_get_phase (delivery, 0), ==, PH_DELIVERY_PENDING);
  g_assert_null (ph_delivery_get_reply (delivery, 0));

  g_autoptr (PhDelivery) kept = ph_delivery_ref (delivery);
  delivery = ph_delivery_renew (delivery, one);
  g_assert_true (delivery != kept);
  g_assert_cmpstr (ph_delivery_get_address (kept, 0), ==, "b");
  ph_envelope_add_recipient (one, "c");
  delivery = ph_delivery_renew (delivery, one);
  g_assert_cmpuint (ph_delivery_get_n_recipients (delivery), ==, 2);
  ph_delivery_unref (delivery);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/envelope/keeps-what-it-is-given", test_envelope);
  g_test_add_func ("/envelope/null-sender", test_null_sender);
  g_test_add_func ("/envelope/parameters", test_parameters);
  g_test_add_func ("/envelope/one-without-requests-is-plain", test_plain);
  g_test_add_func ("/envelope/has-room-for-many", test_many_recipients);
  g_test_add_func ("/envelope/select-makes-another-for-some", test_select);
  g_test_add_func ("/delivery/starts-refused-and-pending", test_delivery_starts_refused);
  g_test_add_func ("/delivery/rows", test_delivery_rows);
  g_test_add_func ("/delivery/memory-is-used-again", test_renew);
  return g_test_run ();
}
