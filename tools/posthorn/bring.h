/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many messages in few round trips, one after the other to whom they are for. */
#pragma once

#include "tool.h"

typedef struct
{
  PhStore *store;
  guint item;          /* PH_FETCH_BODY, PH_FETCH_HEADER, PH_FETCH_TEXT */
  const char *section; /* the same, as ph_store_fetch_to_stream () names it */
  gpointer data;       /* for the functions */

  /* Whether it is wanted at all; @message has UID, flags, date and size. %NULL: each is. */
  gboolean (*wants) (gpointer data, PhMessage *message);
  /* One that is wanted, in the order of the UIDs. @octets: %NULL: too many for memory, to be streamed by ph_store_fetch_to_stream () */
  gboolean (*take) (gpointer data, PhMessage *message, GBytes *octets, GError **error);
  /* One that is done with, whatever came of it */
  void (*done) (gpointer data);

  int status;          /* of the first message that failed, which was told already; 0: none */
} ToolBring;

/* @uids is empty afterwards. %FALSE with @error where nothing more can come: the session's end, a full disk. */
gboolean tool_bring (ToolBring *self, PhMessageSet *uids, GError **error);
