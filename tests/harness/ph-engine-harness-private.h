/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the harness' driver and its expectations share. */
#pragma once

#include "ph-engine-harness.h"

typedef struct _PhHarnessPrivate {
  PhFeed      feed;
  gsize       split;
  GByteArray *inbox;          /* pushed, not taken by the engine */
  GString    *written;        /* since the last expectation */
  GString    *trace;
  GQueue     *script;         /* of the login */
  PhEvent    *last_event;     /* the one that an expectation gave out */
  GPtrArray  *items;

  GByteArray *coded;          /* the body behind its coder */
  gboolean    body_read;
  gsize       body_done;
  gboolean    body_go;
  gssize      body_limit;
  gint64      divert_left;
} PhHarnessPrivate;

/* With \r, \n and what is not ASCII as C would write it. (transfer full) */
char *ph_harness_escape (const char *data, gsize length);
