/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* FETCH responses by the parser's straight way and by its winding one: the same is read, or the straight one leaves it to the other. */
#include "fuzz.h"

#include "../unit/imap/imap-runs.h"

/* What is shorter is never read straight; what is much longer brings nothing new */
#define SHORTEST 70
#define LONGEST 4000

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  g_autoptr (GString) text = g_string_new ("* 7 FETCH (");

  if (size < SHORTEST || size > LONGEST)
    return 0;
  g_string_append_len (text, (const char *) data, (gssize) size);
  imap_runs_check (text->str, text->len);
  g_string_append (text, ")\r\n");
  imap_runs_check_fetch (text->str, text->len, text->len);
  return 0;
}
