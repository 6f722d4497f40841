/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When connections are in doubt: the machine has slept, or its network is another. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  PH_WAKE_RESUMED,  /* logind: the machine woke up; every connection may be dead without a sign */
  PH_WAKE_NETWORK   /* GNetworkMonitor: there is a network, perhaps another one */
} PhWakeReason;

typedef struct _PhWake PhWake;

typedef void (*PhWakeFunc) (PhWakeReason reason, gpointer data);

/* Calls @func from @context, which is the caller's. All watches of a context share one connection to the system bus; where there is no
 * bus or no logind, only the network is heard of. */
PhWake *ph_wake_new  (GMainContext *context, PhWakeFunc func, gpointer data);
void    ph_wake_free (PhWake *self);

G_END_DECLS
