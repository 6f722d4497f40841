/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All async sessions of a main context share one GSource around one epoll set. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef struct _PhWatch PhWatch;
typedef void (*PhWatchFunc) (gpointer user_data);

/*
 * @func is called from @context when a wanted condition of @connection may hold, the deadline has passed or ph_watch_wake () was called;
 * it may free the watch, run a nested main loop (in which it is called again where the condition still holds), or anything else.
 * Level-triggered. Connections without a descriptor and descriptors that epoll refuses (EPERM: plain files) get plain sources of their
 * own. Nothing is wanted at first. The watch is freed before the connection is closed. @context NULL: the default one.
 */
PhWatch *ph_watch_new          (GMainContext *context, PhConnection *connection, PhWatchFunc func, gpointer user_data);
/* @deadline: monotonic microseconds, 0 for none; it passes once, and is then set again or gone */
void     ph_watch_set          (PhWatch *self, GIOCondition wanted, gint64 deadline);
/* Watches of one priority share a source. Not while another thread may wake it */
void     ph_watch_set_priority (PhWatch *self, int priority);
/* As if ready; any thread */
void     ph_watch_wake         (PhWatch *self);
void     ph_watch_free         (PhWatch *self);

G_END_DECLS
