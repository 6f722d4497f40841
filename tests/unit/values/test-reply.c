/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Replies, responses, and errors that carry them. */
#include <posthorn/posthorn.h>

#include <string.h>

static PhValue *
make_list (const char *word)
{
  g_autoptr (PhValue) atom = ph_value_new_atom (word);

  return ph_value_new_list (&atom, 1);
}

static void
assert_line (PhReply *reply, const char *expected)
{
  g_autofree char *line = ph_reply_to_string (reply);

  g_assert_cmpstr (line, ==, expected);
}

static void
test_smtp_reply_reads_as_a_person_reads_it (void)
{
  g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_NO, 550, "no such user\nask your administrator");

  ph_reply_set_enhanced_status (reply, "5.1.1");
  assert_line (reply, "550 5.1.1 no such user ask your administrator");
  g_assert_cmpint (ph_reply_get_code (reply), ==, 550);
  g_assert_cmpstr (ph_reply_get_enhanced_status (reply), ==, "5.1.1");
  g_assert_false (ph_reply_is_ok (reply));
  g_assert_false (ph_reply_is_temporary (reply));

  g_auto (GStrv) lines = ph_reply_get_lines (reply);
  g_assert_cmpuint (g_strv_length (lines), ==, 2);
  g_assert_cmpstr (lines[1], ==, "ask your administrator");

  g_autoptr (PhReply) with_status = ph_reply_new (PH_STATUS_OK, 250, "2.1.0 fine");
  ph_reply_set_enhanced_status (with_status, "2.1.0");
  assert_line (with_status, "250 2.1.0 fine");
}

static void
test_imap_reply_reads_as_a_person_reads_it (void)
{
  g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_NO, 0, "no such mailbox");
  g_autoptr (PhReply) bare = ph_reply_new (PH_STATUS_BYE, 0, NULL);
  g_autoptr (PhReply) none = ph_reply_new (PH_STATUS_NONE, 0, "go on");
  g_autoptr (PhValue) charsets = make_list ("UTF-8");

  ph_reply_set_response_code (reply, "trycreate", NULL);
  assert_line (reply, "NO [TRYCREATE] no such mailbox");
  g_assert_null (ph_reply_get_response_arguments (reply));
  g_autoptr (PhValue) arguments = ph_value_new_list (&charsets, 1);
  ph_reply_set_response_code (reply, "BADCHARSET", arguments);
  assert_line (reply, "NO [BADCHARSET (UTF-8)] no such mailbox");
  g_assert_true (ph_reply_get_response_arguments (reply) == arguments);
  assert_line (bare, "BYE");
  assert_line (none, "go on");
  g_auto (GStrv) lines = ph_reply_get_lines (bare);
  g_assert_cmpuint (g_strv_length (lines), ==, 0);
}

static void
test_hostile_text_is_repaired (void)
{
  g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_NO, 554, "\x1b[2J\xff evil\r\n\xc2\x9b" "2J\x7f");
  g_autofree char *line = ph_reply_to_string (reply);

  g_assert_true (g_utf8_validate (ph_reply_get_text (reply), -1, NULL));
  g_assert_true (g_utf8_validate (line, -1, NULL));
  g_assert_cmpstr (line, ==, "554  [2J\357\277\275 evil   2J ");
}

static void
test_long_arguments_are_cut_in_a_line (void)
{
  g_autofree char *word = g_strnfill (100000, 'a');
  g_autoptr (PhValue) arguments = make_list (word);
  g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_OK, 0, "x");

  ph_reply_set_response_code (reply, "X", arguments);
  g_autofree char *line = ph_reply_to_string (reply);
  g_assert_cmpuint (strlen (line), <, 300);
}

/* Only what is refused for now; what can't be read is unknown, and nothing is believed beyond a day. */
static void
test_delays (void)
{
  static const struct {
    int         code;
    const char *response_code;
    const char *text;
    guint       delay;
  } cases[] = {
    { 0, NULL, "Request is throttled. Suggested Backoff Time: 299910 milliseconds", 300 },
    { 0, NULL, "Request is throttled. Suggested Backoff Time: 1 milliseconds", 1 },
    { 0, "LIMIT", "Slow down, try again in 5 minutes", 300 },
    { 0, "LIMIT", "Slow down, try again in 5m.", 300 },
    { 0, "UNAVAILABLE", "Please wait 30s", 30 },
    { 451, NULL, "4.7.650 Rate limit. Retry after 2 hours", 7200 },
    { 421, NULL, "RETRY IN (60 SECONDS)", 60 },
    { 450, NULL, "try again in 99999999999999999999999 hours", 86400 },
    { 450, NULL, "try again in 5 messages", 0 },
    { 450, NULL, "try again in five minutes", 0 },
    { 450, NULL, "try again in 0 minutes", 0 },
    { 450, NULL, "try again in 5", 0 },
    { 450, NULL, "try again in", 0 },
    { 450, NULL, "Greylisted for 5 minutes", 0 },
    { 550, NULL, "Retry after 2 hours", 0 },
    { 0, "NOPERM", "try again in 5 minutes", 0 },
    { 0, "LIMIT", "", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_NO, cases[i].code, cases[i].text);

      ph_reply_set_response_code (reply, cases[i].response_code, NULL);
      g_test_message ("%s", cases[i].text);
      g_assert_cmpuint (ph_reply_get_delay (reply), ==, cases[i].delay);
    }
  g_autoptr (PhReply) fine = ph_reply_new (PH_STATUS_OK, 0, "throttled, try again in 5 minutes");
  g_assert_cmpuint (ph_reply_get_delay (fine), ==, 0);
}

static void
test_what_is_temporary (void)
{
  static const struct {
    PhStatus    status;
    int         code;
    const char *response_code;
    gboolean    temporary;
  } cases[] = {
    { PH_STATUS_OK, 250, NULL, FALSE },        { PH_STATUS_NO, 450, NULL, TRUE },
    { PH_STATUS_BYE, 421, NULL, TRUE },        { PH_STATUS_BAD, 500, NULL, FALSE },
    { PH_STATUS_NO, 0, NULL, FALSE },          { PH_STATUS_NO, 0, "UNAVAILABLE", TRUE },
    { PH_STATUS_NO, 0, "inuse", TRUE },        { PH_STATUS_NO, 0, "LIMIT", TRUE },
    { PH_STATUS_NO, 0, "NONEXISTENT", FALSE }, { PH_STATUS_OK, 0, "LIMIT", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhReply) reply = ph_reply_new (cases[i].status, cases[i].code, NULL);
      ph_reply_set_response_code (reply, cases[i].response_code, NULL);
      g_assert_cmpint (ph_reply_is_temporary (reply), ==, cases[i].temporary);
      g_assert_cmpint (ph_reply_is_ok (reply), ==, cases[i].status == PH_STATUS_OK);
    }
  g_autoptr (PhReply) preauth = ph_reply_new (PH_STATUS_PREAUTH, 0, NULL);
  g_assert_true (ph_reply_is_ok (preauth));
}

static void
test_copy_of_a_transient_response_stands_alone (void)
{
  char text[] = "sch\xf6n";
  char name[] = "OK";
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
  g_autoptr (PhResponse) transient = ph_response_new_transient ();

  ph_value_builder_add (builder, PH_VALUE_ATOM, "5", 1);
  const PhValue *arguments = ph_value_builder_peek (builder);
  ph_response_fill (transient, PH_RESPONSE_UNTAGGED, NULL, name, -1, PH_STATUS_OK, "UIDNEXT", arguments, text, NULL);
  g_assert_true (ph_response_get_text (transient) == text);
  g_autoptr (PhResponse) copy = ph_response_copy (transient);
  ph_value_builder_reset (builder);
  text[0] = name[0] = 'X';
  ph_response_fill (transient, PH_RESPONSE_CONTINUATION, NULL, NULL, -1, PH_STATUS_NONE, NULL, NULL, NULL, NULL);

  g_assert_cmpint (ph_response_get_response_type (copy), ==, PH_RESPONSE_UNTAGGED);
  g_assert_cmpstr (ph_response_get_name (copy), ==, "OK");
  g_assert_cmpstr (ph_response_get_text (copy), ==, "sch\357\277\275n");
  g_assert_cmpstr (ph_response_get_code (copy), ==, "UIDNEXT");
  guint64 number;
  g_assert_true (ph_value_get_number (ph_value_first (ph_response_get_code_arguments (copy)), &number));
  g_assert_cmpuint (number, ==, 5);
  g_assert_cmpuint (ph_value_get_length (ph_response_get_values (copy)), ==, 0);
  g_assert_cmpint (ph_value_get_kind (ph_response_get_values (copy)), ==, PH_VALUE_LIST);
  g_assert_null (ph_response_get_tag (copy));
  g_assert_false (ph_response_has_number (copy));

  g_autoptr (PhResponse) again = ph_response_copy (copy);
  g_assert_true (again == copy);
  /* a binding copies what it got, the shared empty list, too */
  g_autoptr (PhValue) empty = ph_value_copy (ph_response_get_values (copy));
  g_assert_cmpuint (ph_value_get_length (empty), ==, 0);

  g_autoptr (PhReply) reply = ph_response_to_reply (copy);
  assert_line (reply, "OK [UIDNEXT 5] sch\357\277\275n");
}

static void
test_a_number_of_zero_is_told_from_none (void)
{
  g_autoptr (PhResponse) response = ph_response_new_transient ();

  g_assert_false (ph_response_has_number (response));
  ph_response_fill (response, PH_RESPONSE_UNTAGGED, NULL, "EXISTS", 0, PH_STATUS_NONE, NULL, NULL, NULL, NULL);
  g_assert_true (ph_response_has_number (response));
  g_assert_cmpuint (ph_response_get_number (response), ==, 0);
  ph_response_fill (response, PH_RESPONSE_UNTAGGED, NULL, "EXISTS", G_MAXUINT32, PH_STATUS_NONE, NULL, NULL, NULL, NULL);
  g_assert_cmpuint (ph_response_get_number (response), ==, G_MAXUINT32);
  ph_response_fill (response, PH_RESPONSE_UNTAGGED, NULL, "EXISTS", -1, PH_STATUS_NONE, NULL, NULL, NULL, NULL);
  g_assert_false (ph_response_has_number (response));
  g_assert_cmpuint (ph_response_get_number (response), ==, 0);
}

static void
test_smtp_response_becomes_a_reply (void)
{
  g_autoptr (PhResponse) response = ph_response_new_transient ();

  ph_response_fill (response, PH_RESPONSE_TAGGED, NULL, "5.1.1", 550, PH_STATUS_NO, NULL, NULL, "no such user", NULL);
  g_autoptr (PhReply) reply = ph_response_to_reply (response);
  g_assert_cmpint (ph_reply_get_code (reply), ==, 550);
  assert_line (reply, "550 5.1.1 no such user");

  ph_response_fill (response, PH_RESPONSE_TAGGED, "A1", "OK", -1, PH_STATUS_OK, NULL, NULL, "done", NULL);
  g_autoptr (PhReply) imap = ph_response_to_reply (response);
  g_assert_cmpint (ph_reply_get_code (imap), ==, 0);
  g_assert_null (ph_reply_get_enhanced_status (imap));
}

static void
test_reply_keeps_responses_in_order (void)
{
  g_autoptr (PhReply) reply = ph_reply_new (PH_STATUS_OK, 0, NULL);
  g_autoptr (PhResponse) response = ph_response_new_transient ();

  g_assert_cmpuint (ph_reply_get_responses (reply)->len, ==, 0);
  for (guint i = 0; i < 3; i++)
    {
      ph_response_fill (response, PH_RESPONSE_UNTAGGED, NULL, "EXISTS", i, PH_STATUS_NONE, NULL, NULL, NULL, NULL);
      ph_reply_add_response (reply, response);
    }
  GPtrArray *responses = ph_reply_get_responses (reply);
  g_assert_cmpuint (responses->len, ==, 3);
  g_assert_cmpuint (ph_response_get_number (responses->pdata[2]), ==, 2);
}

static void
test_error_carries_reply_and_delivery (void)
{
  PhReply *reply = ph_reply_new (PH_STATUS_NO, 550, "no");
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("a@example.org");
  ph_envelope_add_recipient (envelope, "b@example.org");
  PhDelivery *delivery = ph_delivery_new (envelope);
  GError *error = ph_error_new (PH_ERROR_RECIPIENTS_REFUSED, reply, delivery, "%s %d", "refused:", 1);

  g_assert_error (error, PH_ERROR, PH_ERROR_RECIPIENTS_REFUSED);
  g_assert_cmpstr (error->message, ==, "refused: 1");
  ph_reply_unref (reply);
  ph_delivery_unref (delivery);

  g_autoptr (GError) copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_cmpint (ph_reply_get_code (ph_error_get_reply (copy)), ==, 550);
  g_assert_cmpstr (ph_delivery_get_address (ph_error_get_delivery (copy), 0), ==, "b@example.org");
}

static void
test_other_errors_carry_nothing (void)
{
  g_autoptr (GError) plain = g_error_new_literal (PH_ERROR, PH_ERROR_FAILED, "x");
  g_autoptr (GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr (GError) bare = ph_error_new (PH_ERROR_CLOSED, NULL, NULL, "x");

  g_assert_null (ph_error_get_reply (plain));
  g_assert_null (ph_error_get_delivery (plain));
  g_assert_null (ph_error_get_reply (foreign));
  g_assert_null (ph_error_get_delivery (foreign));
  g_assert_null (ph_error_get_reply (bare));
  g_assert_null (ph_error_get_reply (NULL));
  g_assert_null (ph_error_get_delivery (NULL));
}

static void
test_quota_resource_keeps_what_it_was_given (void)
{
  g_autoptr (PhQuotaResource) resource = ph_quota_resource_new ("", "STORAGE", 10, G_MAXUINT64);
  g_autoptr (PhQuotaResource) same = g_boxed_copy (PH_TYPE_QUOTA_RESOURCE, resource);

  g_assert_true (same == resource);
  g_assert_cmpstr (ph_quota_resource_get_root (resource), ==, "");
  g_assert_cmpstr (ph_quota_resource_get_name (resource), ==, "STORAGE");
  g_assert_cmpuint (ph_quota_resource_get_usage (resource), ==, 10);
  g_assert_cmpuint (ph_quota_resource_get_limit (resource), ==, G_MAXUINT64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/reply/smtp-reply-reads-as-a-person-reads-it", test_smtp_reply_reads_as_a_person_reads_it);
  g_test_add_func ("/reply/imap-reply-reads-as-a-person-reads-it", test_imap_reply_reads_as_a_person_reads_it);
  g_test_add_func ("/reply/hostile-text-is-repaired", test_hostile_text_is_repaired);
  g_test_add_func ("/reply/long-arguments-are-cut-in-a-line", test_long_arguments_are_cut_in_a_line);
  g_test_add_func ("/reply/what-is-temporary", test_what_is_temporary);
  g_test_add_func ("/reply/delays", test_delays);
  g_test_add_func ("/reply/keeps-responses-in-order", test_reply_keeps_responses_in_order);
  g_test_add_func ("/response/copy-of-a-transient-response-stands-alone", test_copy_of_a_transient_response_stands_alone);
  g_test_add_func ("/response/a-number-of-zero-is-told-from-none", test_a_number_of_zero_is_told_from_none);
  g_test_add_func ("/response/smtp-response-becomes-a-reply", test_smtp_response_becomes_a_reply);
  g_test_add_func ("/error/carries-reply-and-delivery", test_error_carries_reply_and_delivery);
  g_test_add_func ("/error/other-errors-carry-nothing", test_other_errors_carry_nothing);
  g_test_add_func ("/quota-resource/keeps-what-it-was-given", test_quota_resource_keeps_what_it_was_given);

  return g_test_run ();
}
