/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The shape of an ESEARCH response, for extensions that search.
 *
 *   ESEARCH = ["(" correlator SP value *(SP correlator SP value) ")"] [SP "UID"] *(SP name SP value)     (RFC 4731, RFC 7377)
 */
#include <posthorn/posthorn.h>

static const PhValue *
get_correlators (const PhResponse *response)
{
  const PhValue *value = ph_value_first (ph_response_get_values (response));

  return ph_value_get_kind (value) == PH_VALUE_LIST ? value : NULL;
}

/**
 * ph_esearch_get_correlator: (skip)
 * @response: ESEARCH
 * @name: "TAG", "MAILBOX", "UIDVALIDITY"
 *
 * What the response is about.
 *
 * Returns: (transfer none) (nullable): the value behind @name
 */
const PhValue *
ph_esearch_get_correlator (const PhResponse *response, const char *name)
{
  g_return_val_if_fail (response != NULL && name != NULL, NULL);

  for (const PhValue *at = ph_value_first (get_correlators (response)); at != NULL; at = ph_value_next (ph_value_next (at)))
    if (ph_value_is (at, name))
      return ph_value_next (at);
  return NULL;
}

/**
 * ph_esearch_first: (skip)
 * @response: ESEARCH
 *
 * Where the names and values of what was found begin: "ALL", its set, "COUNT", a number.
 *
 * Returns: (transfer none) (nullable): the first name
 */
const PhValue *
ph_esearch_first (const PhResponse *response)
{
  g_return_val_if_fail (response != NULL, NULL);

  const PhValue *correlators = get_correlators (response);
  const PhValue *value = correlators != NULL ? ph_value_next (correlators) : ph_value_first (ph_response_get_values (response));

  return ph_value_is (value, "UID") ? ph_value_next (value) : value;
}

/**
 * ph_esearch_find: (skip)
 * @response: ESEARCH
 * @name: "ALL", "RELEVANCY"
 *
 * Returns: (transfer none) (nullable): the value behind @name
 */
const PhValue *
ph_esearch_find (const PhResponse *response, const char *name)
{
  g_return_val_if_fail (response != NULL && name != NULL, NULL);

  for (const PhValue *at = ph_esearch_first (response); at != NULL; at = ph_value_next (ph_value_next (at)))
    if (ph_value_is (at, name))
      return ph_value_next (at);
  return NULL;
}

/**
 * ph_esearch_is_for: (skip)
 * @response: ESEARCH
 * @tag: a command's
 *
 * Returns: whether it may be that command's answer: it names no other. Without a tag it is taken for that of the only search that runs
 */
gboolean
ph_esearch_is_for (const PhResponse *response, const char *tag)
{
  const PhValue *told = ph_esearch_get_correlator (response, "TAG");

  return told == NULL || ph_value_is (told, tag);
}

/**
 * ph_esearch_read_set: (skip)
 * @set: (nullable): a set whose order counts
 * @range: (scope call): called for each range, the lower number first; %FALSE ends it
 * @data: for @range
 *
 * Returns: %FALSE where @range said so
 */
gboolean
ph_esearch_read_set (const PhValue *set, gboolean (*range) (gpointer data, guint64 first, guint64 last), gpointer data)
{
  g_autofree char *text = ph_value_dup_text (set);
  const char *at = text;

  while (at != NULL && g_ascii_isdigit (*at))
    {
      char *end;
      guint64 first = g_ascii_strtoull (at, &end, 10);
      guint64 last = *end == ':' ? g_ascii_strtoull (end + 1, &end, 10) : first;

      if (!range (data, MIN (first, last), MAX (first, last)))
        return FALSE;
      at = *end == ',' ? end + 1 : NULL;
    }
  return TRUE;
}
