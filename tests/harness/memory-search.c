/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks for octets in all writable memory of this process. */
#include "memory-search.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MASK 0x5a

void
memory_pattern_set (MemoryPattern *pattern, const void *data, gsize length)
{
  g_assert_cmpuint (length, <=, sizeof pattern->masked);
  pattern->length = length;
  for (gsize i = 0; i < length; i++)
    pattern->masked[i] = ((const guint8 *) data)[i] ^ MASK;
}

static gsize
count_in_chunk (const MemoryPattern *pattern, const guint8 *chunk, gsize length)
{
  const guint8 *end = chunk + length;
  int first = pattern->masked[0] ^ MASK;
  gsize found = 0;

  for (const guint8 *at = memchr (chunk, first, length); at != NULL; at = memchr (at + 1, first, (gsize) (end - at - 1)))
    {
      gsize i = 0;

      if ((gsize) (end - at) < pattern->length)
        break;
      while (i < pattern->length && (at[i] ^ MASK) == pattern->masked[i])
        i++;
      found += i == pattern->length;
    }
  return found;
}

/* Most of what is mapped was never touched: with sanitizers, gigabytes of it. */
static gboolean
is_touched (int pagemap, guint64 from, gsize length)
{
  guint64 entries[32];
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize n_pages = (from % page + length + page - 1) / page;

  g_assert_cmpuint (n_pages, <=, G_N_ELEMENTS (entries));
  gssize n = pread (pagemap, entries, n_pages * sizeof entries[0], (off_t) (from / page * sizeof entries[0]));
  for (gsize i = 0; n > 0 && i < (gsize) n / sizeof entries[0]; i++)
    {
      if (entries[i] >> 62 != 0)
        return TRUE;
    }
  return n <= 0;
}

static gsize
count_in_mapping (const MemoryPattern *pattern, int mem, int pagemap, guint64 from, guint64 to)
{
  static guint8 chunk[65536];
  gsize found = 0;

  for (guint64 at = from; at < to; at += sizeof chunk - pattern->length + 1)
    {
      if (!is_touched (pagemap, at, MIN (sizeof chunk, to - at)))
        continue;
      gssize n = pread (mem, chunk, MIN (sizeof chunk, to - at), (off_t) at);
      if (n <= 0)
        break;
      found += count_in_chunk (pattern, chunk, (gsize) n);
      /* lest it be found here */
      memset (chunk, 0, sizeof chunk);
    }
  return found;
}

gsize
memory_pattern_count (const MemoryPattern *pattern)
{
  static char maps[1 << 18];
  gsize length = 0, found = 0;
  gssize n;
  int mem = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  int pagemap = open ("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  int list = open ("/proc/self/maps", O_RDONLY | O_CLOEXEC);

  g_assert_true (mem >= 0 && pagemap >= 0 && list >= 0);
  while ((n = read (list, maps + length, sizeof maps - 1 - length)) > 0)
    length += (gsize) n;
  g_assert_cmpuint (length, <, sizeof maps - 1);
  maps[length] = '\0';
  for (const char *line = maps; line != NULL && *line != '\0'; line = strchr (line, '\n') != NULL ? strchr (line, '\n') + 1 : NULL)
    {
      char *end;
      guint64 from = g_ascii_strtoull (line, &end, 16);
      guint64 to = g_ascii_strtoull (end + 1, &end, 16);
      /* shadows of sanitizers and valgrind are huge, and hold no copies */
      if (strncmp (end, " rw", 3) == 0 && to - from < 16 << 20)
        found += count_in_mapping (pattern, mem, pagemap, from, to);
    }
  close (mem);
  close (pagemap);
  close (list);
  return found;
}
