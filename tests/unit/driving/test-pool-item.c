/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a try leaves to be tried again, how long to wait, and when the next message may go: without a session or a clock. */
#include "driving/ph-pool-item.h"

static PhPoolItem *
item_new (guint n_recipients, gboolean require_all)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice");
  g_autoptr (PhBody) body = ph_body_new_for_text ("text");

  for (guint i = 0; i < n_recipients; i++)
    ph_envelope_add_recipient (envelope, (const char *const[]){ "a", "b", "c", "d" }[i]);
  ph_envelope_set_require_all (envelope, require_all);
  return ph_pool_item_new (envelope, body, NULL);
}

static PhDelivery *
delivery_of (PhPoolItem *item)
{
  g_autoptr (PhEnvelope) envelope = ph_pool_item_envelope (item);

  return ph_delivery_new (envelope);
}

static void
test_rows (void)
{
  PhPoolItem *item = item_new (4, FALSE);
  g_autoptr (PhDelivery) first = delivery_of (item);
  g_autoptr (PhEnvelope) rest = NULL;
  g_autoptr (PhDelivery) second = NULL;
  g_autoptr (GError) lost = g_error_new_literal (PH_ERROR, PH_ERROR_CLOSED, "lost");
  g_autoptr (GError) error = NULL;

  ph_delivery_set (first, 0, PH_FATE_ACCEPTED, PH_DELIVERY_DATA, NULL);
  ph_delivery_set (first, 1, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, NULL);
  ph_delivery_set (first, 2, PH_FATE_UNKNOWN, PH_DELIVERY_CONNECTION, NULL);
  ph_delivery_set (first, 3, PH_FATE_REFUSED, PH_DELIVERY_RECIPIENT, NULL);
  g_assert_cmpint (ph_pool_item_settle (item, first, NULL, 5), ==, PH_POOL_AGAIN);
  rest = ph_pool_item_envelope (item);
  g_assert_cmpuint (ph_envelope_get_n_recipients (rest), ==, 1);
  g_assert_cmpstr (ph_envelope_get_recipient (rest, 0), ==, "b");

  second = delivery_of (item);
  ph_delivery_set (second, 0, PH_FATE_REFUSED, PH_DELIVERY_SENDER, NULL);
  g_assert_cmpint (ph_pool_item_settle (item, second, lost, 5), ==, PH_POOL_DONE);
  g_assert_true (ph_pool_item_conclude (item, &error));
  g_assert_cmpint (ph_delivery_get_fate (item->delivery, 0), ==, PH_FATE_ACCEPTED);
  g_assert_cmpint (ph_delivery_get_phase (item->delivery, 1), ==, PH_DELIVERY_SENDER);
  g_assert_cmpint (ph_delivery_get_fate (item->delivery, 2), ==, PH_FATE_UNKNOWN);
  ph_pool_item_free (item);
}

static void
test_all_or_none (void)
{
  PhPoolItem *item = item_new (2, TRUE);
  g_autoptr (PhDelivery) delivery = delivery_of (item);
  g_autoptr (GError) lost = g_error_new_literal (PH_ERROR, PH_ERROR_CLOSED, "lost");
  g_autoptr (GError) error = NULL;

  ph_delivery_set (delivery, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, NULL);
  ph_delivery_set (delivery, 1, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, NULL);
  g_assert_cmpint (ph_pool_item_settle (item, delivery, lost, 5), ==, PH_POOL_AGAIN);
  ph_delivery_set (delivery, 1, PH_FATE_REFUSED, PH_DELIVERY_RECIPIENT, NULL);
  g_assert_cmpint (ph_pool_item_settle (item, delivery, lost, 5), ==, PH_POOL_DONE);
  g_assert_false (ph_pool_item_conclude (item, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_CLOSED);
  g_assert_true (ph_error_get_delivery (error) == item->delivery);
  ph_pool_item_free (item);
}

/* Only a try that the server heard of counts, or one that was alone. */
static void
test_tries (void)
{
  PhPoolItem *item = item_new (1, FALSE);
  g_autoptr (PhDelivery) unheard = delivery_of (item);
  g_autoptr (PhDelivery) heard = delivery_of (item);
  g_autoptr (GError) lost = g_error_new_literal (PH_ERROR, PH_ERROR_TIMED_OUT, "lost");
  g_autoptr (GError) invalid = g_error_new_literal (PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "bad");

  ph_delivery_set (heard, 0, PH_FATE_REFUSED, PH_DELIVERY_CONNECTION, NULL);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (ph_pool_item_settle (item, unheard, lost, 2), ==, PH_POOL_AGAIN);
  g_assert_cmpint (ph_pool_item_settle (item, heard, lost, 2), ==, PH_POOL_AGAIN);
  g_assert_cmpint (ph_pool_item_settle (item, heard, lost, 2), ==, PH_POOL_DONE);
  ph_pool_item_free (item);

  item = item_new (1, FALSE);
  g_assert_cmpint (ph_pool_item_settle (item, unheard, invalid, 2), ==, PH_POOL_DONE);
  ph_pool_item_free (item);
}

/* A session that had no room is no failure, and the message keeps its turn. */
static void
test_limited (void)
{
  PhPoolItem *item = item_new (2, FALSE);
  g_autoptr (PhDelivery) delivery = delivery_of (item);
  g_autoptr (GError) full = g_error_new_literal (PH_ERROR, PH_ERROR_THROTTLED, "no more");

  item->alone = TRUE;
  ph_delivery_set (delivery, 0, PH_FATE_REFUSED, PH_DELIVERY_LIMIT, NULL);
  ph_delivery_set (delivery, 1, PH_FATE_REFUSED, PH_DELIVERY_LIMIT, NULL);
  for (guint i = 0; i < 10; i++)
    g_assert_cmpint (ph_pool_item_settle (item, delivery, full, 2), ==, PH_POOL_AGAIN);
  g_assert_true (item->limited);
  g_assert_false (item->again);
  ph_delivery_set (delivery, 0, PH_FATE_ACCEPTED, PH_DELIVERY_DATA, NULL);
  g_assert_cmpint (ph_pool_item_settle (item, delivery, NULL, 2), ==, PH_POOL_AGAIN);
  g_assert_cmpuint (item->left->len, ==, 1);
  g_assert_cmpuint (g_array_index (item->left, guint, 0), ==, 1);
  ph_pool_item_free (item);
}

static void
test_back_off (void)
{
  g_assert_cmpint (ph_pool_back_off (1000, 1), ==, 1000);
  g_assert_cmpint (ph_pool_back_off (1000, 4), ==, 8000);
  g_assert_cmpint (ph_pool_back_off (1000, 1000), ==, 60 * G_USEC_PER_SEC);
  g_assert_cmpint (ph_pool_back_off (0, 1000), ==, 0);
  g_assert_cmpint (ph_pool_back_off (90 * G_USEC_PER_SEC, 3), ==, 90 * G_USEC_PER_SEC);
}

/* No second has more than the rate allows, and a pause earns nothing. */
static void
test_pace (void)
{
  gint64 next = 0;

  for (guint i = 0; i < 100; i++)
    g_assert_cmpint (ph_pool_pace (&next, 1000, 50), ==, 1000 + 20000 * i);
  g_assert_cmpint (ph_pool_pace (&next, 90 * G_USEC_PER_SEC, 50), ==, 90 * G_USEC_PER_SEC);
  g_assert_cmpint (ph_pool_pace (&next, 90 * G_USEC_PER_SEC, 50), ==, 90 * G_USEC_PER_SEC + 20000);
  g_assert_cmpint (ph_pool_pace (&next, 5, 0), ==, 5);
}

static void
test_passing (void)
{
  static const struct { int code; gboolean passing; } cases[] = {
    { PH_ERROR_CONNECT, TRUE }, { PH_ERROR_HOST_NOT_FOUND, TRUE }, { PH_ERROR_TIMED_OUT, TRUE },    { PH_ERROR_AUTHENTICATION, FALSE },
    { PH_ERROR_GREETING, FALSE }, { PH_ERROR_TLS, FALSE },         { PH_ERROR_BAD_CERTIFICATE, FALSE }, { PH_ERROR_NO_MECHANISM, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = ph_error_new ((PhError) cases[i].code, NULL, NULL, "x");

      g_assert_cmpint (ph_pool_is_passing (error), ==, cases[i].passing);
    }

  /* what the server says of it decides */
  for (int code = 454; code <= 554; code += 100)
    {
      g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_NO, code, "x");
      g_autoptr (GError) refused = ph_error_new (PH_ERROR_TLS_REQUIRED, reply, NULL, "x");

      g_assert_cmpint (ph_pool_is_passing (refused), ==, code == 454);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pool-item/rows", test_rows);
  g_test_add_func ("/pool-item/all-or-none", test_all_or_none);
  g_test_add_func ("/pool-item/tries-that-count", test_tries);
  g_test_add_func ("/pool-item/limited", test_limited);
  g_test_add_func ("/pool-item/back-off", test_back_off);
  g_test_add_func ("/pool-item/pace", test_pace);
  g_test_add_func ("/pool-item/passing-errors", test_passing);
  return g_test_run ();
}
