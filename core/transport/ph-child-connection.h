/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A connection to a program that this process has started. */
#pragma once

#include "transport/ph-fd-connection.h"

G_BEGIN_DECLS

#define PH_TYPE_CHILD_CONNECTION (ph_child_connection_get_type ())
G_DECLARE_FINAL_TYPE (PhChildConnection, ph_child_connection, PH, CHILD_CONNECTION, PhFdConnection)

/* How long the program may go on after close () before it is told to end, and again before it is made to; milliseconds */
void        ph_child_connection_set_grace      (PhChildConnection *self, guint grace);
/* The process' number while it runs, else NULL */
const char *ph_child_connection_get_identifier (PhChildConnection *self);

G_END_DECLS
