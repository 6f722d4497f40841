/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "order-fixture.h"

#include "contracts/ph-extension-private.h"

OrderFixture
order_begin (GType type, const char *capabilities)
{
  OrderFixture fixture = { imap_harness_select (capabilities), g_object_new (type, NULL) };

  ph_extension_attach (fixture.extension, NULL, fixture.harness->engine, "SORT", FALSE);
  return fixture;
}

void
order_end (OrderFixture *fixture)
{
  g_object_unref (fixture->extension);
  ph_harness_free (fixture->harness);
}

void
order_expect_no_mailbox (OrderFixture *fixture, PhCommand *command)
{
  g_autoptr (PhCommand) close = imap_make (fixture->harness, close, TRUE);

  ph_harness_submit (fixture->harness, close);
  ph_harness_expect (fixture->harness, "A2 CLOSE\r\n");
  ph_harness_push (fixture->harness, "A2 OK done\r\n");
  ph_harness_expect_done (fixture->harness, close);
  ph_harness_submit (fixture->harness, command);
  ph_harness_expect_nothing (fixture->harness);
  ph_harness_expect_error (fixture->harness, command, PH_ERROR_WRONG_STATE);
  order_end (fixture);
}

PhCommand *
order_make_named (OrderFixture *fixture, const char *name, const char *arguments)
{
  g_autofree char *line = g_strdup_printf ("* X %s\r\n", arguments);
  g_autoptr (PhResponse) response = NULL;

  ph_engine_decode (fixture->harness->engine, (const guint8 *) line, strlen (line), TRUE, &response, NULL);
  g_assert_nonnull (response);
  return ph_extension_make_command (fixture->extension, name, ph_response_get_values (response));
}
