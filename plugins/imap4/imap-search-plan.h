/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A query whose sets are too long for a line, as several that are not. */
#pragma once

#include "imap-command.h"

/* One of several searches that stand for one. What it finds is added to what those before it found, or taken from it. */
typedef struct {
  PhValue      *keys;
  PhMessageSet *minus;     /* not these; NULL: all count */
  gboolean      subtract;
} PhImapTerm;

/* NULL: one search will do, in parts of a set that all messages have to be in. Fails where several long sets can't be compared here.
 * (element-type PhImapTerm) (transfer full) (nullable) */
GPtrArray *ph_imap_plan_search (const PhValue *keys, gboolean by_uid, GError **error);
