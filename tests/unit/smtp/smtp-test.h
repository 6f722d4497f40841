/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the SMTP and LMTP engines share. */
#pragma once

#include "ph-engine-harness.h"
#include "ph-replay.h"

#define HELLO "EHLO client.example.com\r\n"

/* An engine that has said EHLO and heard @capabilities ("250-mail.example.org\r\n250 PIPELINING\r\n"), open and idle. */
static inline PhHarness *
smtp_open (const char *scheme, const char *capabilities)
{
  PhHarness *harness = ph_harness_new_for_scheme (scheme);
  ph_harness_start (harness);
  ph_harness_push (harness, "220 mail.example.org ready\r\n");
  ph_harness_expect (harness, g_str_equal (scheme, "lmtp") ? "LHLO client.example.com\r\n" : HELLO);
  ph_harness_push (harness, capabilities);
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
  return harness;
}

/* The command that sends @text to @recipients, up to NULL. (transfer full) */
static inline PhCommand *
smtp_make_send (PhHarness *harness, const char *const *recipients, const char *text)
{
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.com");
  g_autoptr (PhBody) body = ph_body_new_for_text (text);

  for (; *recipients != NULL; recipients++)
    ph_envelope_add_recipient (envelope, *recipients);
  return PH_TRANSPORT_ENGINE_GET_IFACE (harness->engine)->make_send (PH_TRANSPORT_ENGINE (harness->engine), envelope, body);
}

static inline PhCommand *
smtp_send (PhHarness *harness, const char *const *recipients, const char *text)
{
  PhCommand *command = smtp_make_send (harness, recipients, text);
  ph_harness_submit (harness, command);
  return command;
}

#define TO(...) ((const char *const[]){ __VA_ARGS__, NULL })

#define assert_row(command, index, fate, phase, code) assert_row_ (G_STRLOC, command, index, fate, phase, code)

/* @code 0: no reply decided it */
static inline void
assert_row_ (const char *where, PhCommand *command, guint index, PhDeliveryFate fate, PhDeliveryPhase phase, int code)
{
  PhDelivery *delivery = ph_command_peek_result (command);
  g_assert_nonnull (delivery);
  PhReply *reply = ph_delivery_get_reply (delivery, index);
  int got = reply != NULL ? ph_reply_get_code (reply) : 0;

  if (ph_delivery_get_fate (delivery, index) != fate || ph_delivery_get_phase (delivery, index) != phase || got != code)
    g_error ("%s: recipient %u: fate %d, phase %d, code %d; expected %d, %d, %d", where, index, ph_delivery_get_fate (delivery, index),
             ph_delivery_get_phase (delivery, index), got, fate, phase, code);
}

/* @rows: a row "fate:phase:code" for each recipient; @message: the error's, or NULL. The error carries the rows, too. */
static inline void
smtp_assert_rows (PhCommand *command, const char *expected, const char *message)
{
  static const char *const fates[] = { "refused", "accepted", "unknown" };
  static const char *const phases[] = { "pending", "sender", "recipient", "data", "connection", "limit" };
  PhDelivery *delivery = ph_command_peek_result (command);
  const GError *error = ph_command_get_error (command);
  g_autoptr (GString) rows = g_string_new (NULL);

  for (guint i = 0; i < ph_delivery_get_n_recipients (delivery); i++)
    {
      PhReply *reply = ph_delivery_get_reply (delivery, i);
      g_string_append_printf (rows, "%s%s:%s:%d", i > 0 ? " " : "", fates[ph_delivery_get_fate (delivery, i)],
                              phases[ph_delivery_get_phase (delivery, i)], reply != NULL ? ph_reply_get_code (reply) : 0);
    }
  g_assert_cmpstr (rows->str, ==, expected);
  if (message != NULL)
    g_assert_cmpstr (error->message, ==, message);
  if (error != NULL && error->domain == PH_ERROR)
    g_assert_true (ph_error_get_delivery (error) == delivery);
}
