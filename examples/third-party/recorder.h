/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection that records what passes through another one. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

#define RECORDER_TYPE_CONNECTION (recorder_connection_get_type ())
G_DECLARE_FINAL_TYPE (RecorderConnection, recorder_connection, RECORDER, CONNECTION, GObject)

RecorderConnection *recorder_connection_new (PhConnection *inner);
GBytes *recorder_connection_get_sent (RecorderConnection *self);
GBytes *recorder_connection_get_received (RecorderConnection *self);

G_END_DECLS
