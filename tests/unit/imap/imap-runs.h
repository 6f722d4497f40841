/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is read in runs, or without a frame and a response around it, held against what is looked at token by token: for a test and for a fuzzer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Responses behind the one that is looked at, more than is looked at at once */
#define IMAP_RUNS_NEXT_ONES \
  "* 1 FETCH (UID 1 FLAGS ())\r\n* 2 FETCH (UID 2 FLAGS ())\r\n* 3 FETCH (UID 3 FLAGS ())\r\n* 4 FETCH (UID 4 FLAGS ())\r\n"

/* What is read of @list, a response from its list on; NULL where it can't be read */
char    *imap_runs_read            (const char *list, gsize length, gboolean singly);
/* Whether it can be read, in runs and singly alike */
gboolean imap_runs_check           (const char *bytes, gsize length);
/* @size: of the room for its list. Whether the response at @data was read by itself; then it is what the framer cuts and the parser reads. */
gboolean imap_runs_check_one_fetch (const char *data, gsize length, gsize most, gsize size);
/* The same, in memory of its own; and with others behind it, up to which it is read in another way */
gboolean imap_runs_check_fetch     (const char *bytes, gsize length, gsize most);

G_END_DECLS
