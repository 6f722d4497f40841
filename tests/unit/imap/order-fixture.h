/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An extension that orders messages, at an engine with a selected mailbox. */
#pragma once

#include "imap-engine-test.h"

typedef struct {
  PhHarness   *harness;
  PhExtension *extension;
} OrderFixture;

OrderFixture order_begin             (GType type, const char *capabilities);
void         order_end               (OrderFixture *fixture);
/* The command that the extension makes of a name and its arguments; NULL: none */
PhCommand   *order_make_named        (OrderFixture *fixture, const char *name, const char *arguments);
/* @command fails unsent once the mailbox that was selected is closed. Ends @fixture */
void         order_expect_no_mailbox (OrderFixture *fixture, PhCommand *command);
