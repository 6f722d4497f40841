/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of features against what a server lists: "QUOTA=RES-*" is "QUOTA=RES-STORAGE". */
#include "plugins/ph-registry-private.h"

#include <string.h>

gboolean
ph_feature_is_pattern (const char *name)
{
  return strchr (name, '*') != NULL;
}

/* No call: it is asked of each octet of each feature for each word that a server lists */
static inline char
lower (char c)
{
  return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
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
      else if (*pattern != '\0' && lower (*pattern) == lower (*name))
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
