/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the IMAP engine share: harnesses whose tags are A1, A2 …, opened or not. */
#pragma once

#include "imap-engine.h"
#include "ph-engine-harness.h"

#include <string.h>

static inline PhHarness *
imap_harness_new (void)
{
  PhHarness *harness = ph_harness_new (ph_imap_engine_get_full_type ());

  harness->setup.scheme = "imap";
  harness->setup.host = "imap.example.org";
  g_strlcpy (((PhImapEngine *) harness->engine)->tag_prefix, "A", 8);
  return harness;
}

/* Open, logged in, with IMAP4rev1 and @capabilities; nothing was written. */
static inline PhHarness *
imap_harness_open (const char *capabilities)
{
  PhHarness       *harness = imap_harness_new ();
  g_autofree char *greeting = g_strdup_printf ("* PREAUTH [CAPABILITY IMAP4rev1 %s] hello\r\n", capabilities);

  ph_harness_start (harness);
  ph_harness_push (harness, greeting);
  ph_harness_expect_event (harness, PH_EVENT_CAPABILITIES);
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
  ph_harness_expect_nothing (harness);
  return harness;
}

/* The same with INBOX selected, 3 messages; the next tag is A2. */
static inline PhHarness *
imap_harness_select (const char *capabilities)
{
  PhHarness *harness = imap_harness_open (capabilities);
  g_autoptr (PhCommand) command = PH_STORE_ENGINE_GET_IFACE (PH_STORE_ENGINE (harness->engine))
                                    ->make_select (PH_STORE_ENGINE (harness->engine), "INBOX", FALSE);

  gboolean counts_changes = strstr (capabilities, "CONDSTORE") != NULL || strstr (capabilities, "QRESYNC") != NULL;

  ph_harness_submit (harness, command);
  ph_harness_expect (harness, counts_changes ? "A1 SELECT \"INBOX\" (CONDSTORE)\r\n" : "A1 SELECT \"INBOX\"\r\n");
  ph_harness_push (harness, "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 40] ok\r\nA1 OK [READ-WRITE] done\r\n");
  ph_harness_expect_done (harness, command);
  return harness;
}

#define imap_store(harness) PH_STORE_ENGINE ((harness)->engine)
#define imap_make(harness, what, ...) (PH_STORE_ENGINE_GET_IFACE (imap_store (harness))->make_##what (imap_store (harness), ##__VA_ARGS__))

static inline void
imap_run_every_feed (gconstpointer scenario)
{
  ph_harness_every_feed ((void (*) (gconstpointer)) scenario, NULL);
}

/* A scenario that holds however the network cuts what the server says */
#define imap_test(path, scenario) g_test_add_data_func ("/imap/" path, (gconstpointer) (scenario), imap_run_every_feed)
