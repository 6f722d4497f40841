/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is a file as long as it says? dlopen () does not ask: it maps what a full disk has cut off, and the process dies of SIGBUS. */
#include "plugins/ph-module.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A module has about ten. */
#define MAX_SEGMENTS 128

static gboolean
read_at (int fd, guint64 offset, void *buffer, gsize length)
{
  return offset <= G_MAXINT32 && pread (fd, buffer, length, (off_t) offset) == (gssize) length;
}

static gboolean
fits (guint64 offset, guint64 length, guint64 size)
{
  return offset <= size && length <= size - offset;
}

/* The table of sections stands at the end of nearly every file. */
static gboolean
is_header_complete (const ElfW (Ehdr) *header, guint64 size)
{
  return fits (header->e_shoff, (guint64) header->e_shnum * header->e_shentsize, size) && header->e_phnum <= MAX_SEGMENTS &&
         header->e_phentsize == sizeof (ElfW (Phdr));
}

static gboolean
are_segments_complete (int fd, const ElfW (Ehdr) *header, guint64 size)
{
  ElfW (Phdr) segments[MAX_SEGMENTS];

  if (!read_at (fd, header->e_phoff, segments, header->e_phnum * sizeof *segments))
    return FALSE;

  for (guint i = 0; i < header->e_phnum; i++)
    if (!fits (segments[i].p_offset, segments[i].p_filesz, size))
      return FALSE;

  return TRUE;
}

/* What is no ELF file at all is left to dlopen (), which says so. */
gboolean
ph_module_is_complete (const char *path)
{
  ElfW (Ehdr) header;
  struct stat status;
  gboolean complete = TRUE;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return TRUE;

  if (fstat (fd, &status) == 0 && read_at (fd, 0, &header, sizeof header) && memcmp (header.e_ident, ELFMAG, SELFMAG) == 0)
    complete = is_header_complete (&header, status.st_size) && are_segments_complete (fd, &header, status.st_size);

  g_close (fd, NULL);
  return complete;
}
