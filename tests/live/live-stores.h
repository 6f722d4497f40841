/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dovecot, Cyrus and Courier, and what tests of all three need. */
#pragma once

#include "live.h"

G_BEGIN_DECLS

/* As Dovecot is, the first one, so must the others be */
typedef struct {
  const char *name;
  const char *service;
  const char *prefix; /* of names beside INBOX */
} LiveStore;

#define LIVE_N_STORES 3

extern const LiveStore live_stores[LIVE_N_STORES];

/* "From: bob …", and a header alone */
extern const char live_plain_message[];
extern const char live_empty_message[];

/* of a mailbox beside INBOX. (transfer full) */
char    *live_store_name     (guint server, const char *name);
/* alice's, open. (transfer full) */
PhStore *live_store_open     (guint server);
/* A mailbox of this name, new and selected */
void     live_store_make     (PhStore *store, const char *name);

G_END_DECLS
