/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A typed call three times over: blocking, and the async pair. One line where the command is made, and no more. */
#pragma once

#include "ph-session-private.h"

/* @TYPE, @PREFIX: whose call; @PARAMETERS: behind self, in PH_PARAMETERS (), with a comma at the end; @MAKE: an expression for the command */
#define PH_PARAMETERS(...) __VA_ARGS__
#define PH_NO_PARAMETERS

/* New UIDs: an empty set where the server doesn't tell them */
gpointer ph_store_call_uids (PhSession *session, PhCommand *command, GCancellable *cancellable, GError **error);
gpointer ph_store_call_uids_finish (GAsyncResult *result, GError **error);

#define PH_DEFINE_CALL(RETURNS, TYPE, prefix, name, PARAMETERS, SESSION, MAKE, run, finish) \
  RETURNS prefix##_##name (TYPE *self, PARAMETERS GCancellable *cancellable, GError **error) \
  { \
    return run (SESSION, MAKE, cancellable, error); \
  } \
  void prefix##_##name##_async (TYPE *self, PARAMETERS GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data) \
  { \
    ph_session_call_async (SESSION, MAKE, cancellable, callback, user_data, prefix##_##name##_async); \
  } \
  RETURNS prefix##_##name##_finish (TYPE *self G_GNUC_UNUSED, GAsyncResult *result, GError **error) \
  { \
    return finish (result, error); \
  }
