/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of features against what a server lists: "QUOTA=RES-*" is "QUOTA=RES-STORAGE". */
#include "plugins/ph-registry-private.h"

#include <string.h>

gboolean
ph_feature_is_pattern (const char *name)
{
  return strchr (name, '*') != NULL;
}

/* On a mismatch only the last '*' need take one octet more, so this walks back, but never recurses. */
gboolean
ph_feature_match (const char *pattern, const char *name, gsize length)
{
  const char *end = name + length;
  const char *star = NULL;
  const char *retry = NULL;

  while (name < end)
    {
      if (*pattern == '*')
        {
          star = ++pattern;
          retry = name;
        }
      else if (*pattern != '\0' && g_ascii_tolower (*pattern) == g_ascii_tolower (*name))
        {
          pattern++;
          name++;
        }
      else if (star != NULL)
        {
          pattern = star;
          name = ++retry;
        }
      else
        {
          return FALSE;
        }
    }

  while (*pattern == '*')
    pattern++;

  return *pattern == '\0';
}
