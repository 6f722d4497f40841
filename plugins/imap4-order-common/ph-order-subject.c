/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The base subject (RFC 5256 section 2.1), and the form in which texts are compared (i;unicode-casemap, RFC 5051).
 *
 *   subj-refwd   = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
 *   subj-blob    = "[" *BLOBCHAR "]" *WSP          BLOBCHAR: all but "[" and "]"
 *   subj-leader  = (*subj-blob subj-refwd) / WSP
 *   subj-trailer = "(fwd)" / WSP
 *   subj-fwd     = "[fwd:" subject "]"
 */
#include "ph-order.h"

#include <string.h>

/* Step 1: runs of blanks, tabs and line ends become a blank. (transfer full) */
static char *
squeeze (const char *subject)
{
  char *text = g_strdup (subject);
  char *to = text;

  for (const char *from = text; *from != '\0'; from++)
    if (!g_ascii_isspace (*from))
      *to++ = *from;
    else if (to == text || to[-1] != ' ')
      *to++ = ' ';
  *to = '\0';
  return text;
}

/* Behind a blob at @at; NULL: there is none */
static const char *
skip_blob (const char *at, const char *end)
{
  if (at >= end || *at != '[')
    return NULL;
  for (at++; at < end && *at != ']'; at++)
    if (*at == '[')
      return NULL;
  if (at >= end)
    return NULL;
  for (at++; at < end && *at == ' '; at++)
    ;
  return at;
}

/* Behind "re:" and its like at @at; NULL: there is none */
static const char *
skip_refwd (const char *at, const char *end)
{
  const char *blob;

  if (end - at >= 2 && g_ascii_strncasecmp (at, "re", 2) == 0)
    at += 2;
  else if (end - at >= 3 && g_ascii_strncasecmp (at, "fwd", 3) == 0)
    at += 3;
  else if (end - at >= 2 && g_ascii_strncasecmp (at, "fw", 2) == 0)
    at += 2;
  else
    return NULL;

  while (at < end && *at == ' ')
    at++;
  blob = skip_blob (at, end);
  if (blob != NULL)
    at = blob;
  return at < end && *at == ':' ? at + 1 : NULL;
}

/* Steps 3 to 5 */
static const char *
skip_leaders (const char *at, const char *end, gboolean *is_reply)
{
  const char *searched = at; /* no blobs up to here lead to a "re:" */

  for (;;)
    {
      const char *next = at;
      const char *blob;

      while (at < end && *at == ' ')
        at++;
      if (at >= searched)
        {
          for (next = at; (blob = skip_blob (next, end)) != NULL;)
            next = blob;
          searched = next;
          next = skip_refwd (next, end);
          if (next != NULL)
            {
              *is_reply = TRUE;
              searched = at = next;
              continue;
            }
        }
      next = skip_blob (at, end);
      if (next == NULL || next >= end)
        return at;
      at = next;
    }
}

/* Step 2 */
static const char *
skip_trailers (const char *at, const char *end, gboolean *is_reply)
{
  for (;;)
    if (end > at && end[-1] == ' ')
      end--;
    else if (end - at >= 5 && g_ascii_strncasecmp (end - 5, "(fwd)", 5) == 0)
      {
        *is_reply = TRUE;
        end -= 5;
      }
    else
      return end;
}

char *
ph_order_base_subject (const char *subject, gboolean *is_reply)
{
  g_autofree char *text = squeeze (subject != NULL ? subject : "");
  const char      *at = text;
  const char      *end = text + strlen (text);
  gboolean         replied = FALSE;

  for (;;)
    {
      end = skip_trailers (at, end, &replied);
      at = skip_leaders (at, end, &replied);
      if (end - at < 6 || g_ascii_strncasecmp (at, "[fwd:", 5) != 0 || end[-1] != ']')
        break;
      replied = TRUE;
      at += 5;
      end--;
    }

  if (is_reply != NULL)
    *is_reply = replied;
  return g_strndup (at, (gsize) (end - at));
}

static void
fold_char (GString *folded, gunichar character)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
  gsize    n_parts = g_unichar_fully_decompose (g_unichar_totitle (character), TRUE, parts, G_N_ELEMENTS (parts));

  for (gsize i = 0; i < n_parts; i++)
    g_string_append_unichar (folded, parts[i]);
}

char *
ph_order_fold (const char *text)
{
  GString *folded;

  if (text == NULL || g_str_is_ascii (text))
    return g_ascii_strup (text != NULL ? text : "", -1);
  if (!g_utf8_validate (text, -1, NULL))
    return g_strdup (text);

  folded = g_string_sized_new (strlen (text));
  for (; *text != '\0'; text = g_utf8_next_char (text))
    fold_char (folded, g_utf8_get_char (text));
  return g_string_free (folded, FALSE);
}
