/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ph-memory.h"

char **
ph_strv_pack (const char *const *strings)
{
  gsize n = 0, length = 0;
  char **packed;
  char *text;

  if (strings == NULL)
    return NULL;

  for (; strings[n] != NULL; n++)
    length += strlen (strings[n]) + 1;
  packed = g_malloc ((n + 1) * sizeof (char *) + length);
  text = (char *) (packed + n + 1);
  for (gsize i = 0; i < n; i++)
    {
      packed[i] = text;
      text = g_stpcpy (text, strings[i]) + 1;
    }
  packed[n] = NULL;
  return packed;
}
