/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Policy first, rank second: weighs what a server offers. No mechanism's code is called. */
#include "driving/ph-sasl-selector.h"

#include <string.h>

/* RFC 4422 section 3.1 allows 20 octets; "SCRAM-SHA3-512-PLUS" is at the edge of it and vendors are beyond. */
#define MAX_NAME 63
/* So many are compared one by one, before a table costs less */
#define FEW_OFFERED 16
/* As most servers offer */
#define FEW_CANDIDATES 4
/* How many names an error tells of */
#define MAX_TOLD 20

static const struct {
  PhSaslNeeds need;
  const char *words;
} need_words[] = {
  { PH_SASL_NEEDS_USER, "a user name" },
  { PH_SASL_NEEDS_SECRET, "a password" },
  { PH_SASL_NEEDS_TOKEN, "an access token" },
  { PH_SASL_NEEDS_TICKET, "a Kerberos ticket" },
  { PH_SASL_NEEDS_CERTIFICATE, "a client certificate" },
};

static const char *const verdict_words[] = {
  [PH_SASL_USABLE] = "not tried after so many others",
  [PH_SASL_NOT_INSTALLED] = "not installed",
  [PH_SASL_NOT_ALLOWED] = "not among those that the policy allows",
  [PH_SASL_FORBIDDEN] = "refused by the policy",
  [PH_SASL_NOT_BY_ITSELF] = "only when asked for by name",
  [PH_SASL_UNSAFE] = "would send the password as it is over a channel that others can read",
  [PH_SASL_UNBOUND] = "there is no TLS channel to bind it to",
  [PH_SASL_ACTS_FOR_NONE] = "can't act as another than who logs in",
  [PH_SASL_TRIED] = "was refused already",
};

static gboolean
is_name (const char *name)
{
  gsize length = 0;

  while (g_ascii_isalnum (name[length]) || name[length] == '-' || name[length] == '_')
    length++;
  return length > 0 && length <= MAX_NAME && name[length] == '\0';
}

/*
 * Proven by the channel itself, then bound to it, then proving the server, then not sending the password, then plain. Deprecated ones
 * come after all others, even after plain ones: those are only usable where nobody can listen, and there PLAIN is the sounder of the two.
 */
static guint
get_strength (PhSaslFlags flags, PhSaslNeeds needs)
{
  guint strength;

  if (needs & PH_SASL_NEEDS_CERTIFICATE)
    strength = 5;
  else if (flags & PH_SASL_CHANNEL_BINDING)
    strength = 4;
  else if (flags & PH_SASL_MUTUAL)
    strength = 3;
  else if (!(flags & PH_SASL_PLAINTEXT))
    strength = 2;
  else
    strength = 1;

  return flags & PH_SASL_DEPRECATED ? strength : strength + 5;
}

/* From 1; 0 where the list does not have it. */
static guint
find_place (const char *const *mechanisms, const char *name)
{
  for (guint i = 0; mechanisms[i] != NULL; i++)
    if (g_ascii_strcasecmp (mechanisms[i], name) == 0)
      return i + 1;

  return 0;
}

/* What the program names is worth a try without a sign that there is a certificate or a ticket: the mechanism finds out. */
static PhSaslNeeds
get_missing_needs (const PhSaslSituation *situation, PhSaslNeeds needs, gboolean is_named)
{
  PhSaslNeeds missing = needs & ~situation->kinds;

  return is_named ? missing & ~(PH_SASL_NEEDS_CERTIFICATE | PH_SASL_NEEDS_TICKET) : missing;
}

static PhSaslVerdict
weigh_flags (const PhSaslSituation *situation, PhSaslFlags flags, PhSaslNeeds needs, int rank, gboolean is_named)
{
  if (!is_named && (rank < 0 || (flags & PH_SASL_ANONYMOUS)))
    return PH_SASL_NOT_BY_ITSELF;
  if ((flags & PH_SASL_PLAINTEXT) && !situation->secure)
    return PH_SASL_UNSAFE;
  if ((flags & PH_SASL_CHANNEL_BINDING) && !situation->has_binding)
    return PH_SASL_UNBOUND;
  if ((flags & PH_SASL_CHANNEL_BINDING) && situation->has_lost_binding)
    return PH_SASL_TRIED;
  if (situation->acts_for_another && !(flags & PH_SASL_AUTHORIZATION))
    return PH_SASL_ACTS_FOR_NONE;
  if (get_missing_needs (situation, needs, is_named) != 0)
    return PH_SASL_LACKS_CREDENTIALS;

  return PH_SASL_USABLE;
}

gboolean
ph_sasl_selector_is_allowed (PhSecurityPolicy *policy, const char *name)
{
  const char *const *mechanisms = ph_security_policy_get_mechanisms (policy);

  return !ph_security_policy_is_mechanism_refused (policy, name) && (mechanisms == NULL || find_place (mechanisms, name) > 0);
}

/* A second try is an entry of its own. */
static gboolean
was_tried (const PhSaslSituation *situation, const char *name)
{
  for (guint i = 0; i < situation->tried->len; i++)
    {
      const PhSaslTry *tried = &g_array_index (situation->tried, PhSaslTry, i);

      if (!tried->again && strcmp (tried->name, name) == 0)
        return TRUE;
    }

  return FALSE;
}

static void
weigh (const PhSaslSituation *situation, PhSaslCandidate *candidate)
{
  const char *const *mechanisms = ph_security_policy_get_mechanisms (situation->policy);
  gboolean is_command = strcmp (candidate->name, PH_SASL_LOGIN_COMMAND) == 0;
  PhSaslFlags flags = PH_SASL_PLAINTEXT;
  PhSaslNeeds needs = PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET;

  if (mechanisms != NULL)
    candidate->place = find_place (mechanisms, candidate->name);

  if (was_tried (situation, candidate->name))
    candidate->verdict = PH_SASL_TRIED;
  else if (ph_security_policy_is_mechanism_refused (situation->policy, candidate->name))
    candidate->verdict = PH_SASL_FORBIDDEN;
  else if (mechanisms != NULL && candidate->place == 0)
    candidate->verdict = PH_SASL_NOT_ALLOWED;
  if (candidate->verdict != PH_SASL_USABLE)
    return;

  if (!is_command)
    {
      candidate->feature = ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, candidate->name);
      if (candidate->feature == NULL)
        {
          candidate->missing = ph_registry_find_missing (ph_registry_get_default (), PH_FEATURE_MECHANISM, candidate->name);
          candidate->verdict = PH_SASL_NOT_INSTALLED;
          return;
        }
      flags = ph_feature_info_get_flags (candidate->feature);
      needs = ph_feature_info_get_needs (candidate->feature);
      candidate->rank = ph_feature_info_get_rank (candidate->feature);
      candidate->strength = get_strength (flags, needs);
    }

  candidate->verdict = weigh_flags (situation, flags, needs, candidate->rank, candidate->place > 0);
}

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const PhSaslCandidate *first = a, *second = b;

  if (first->verdict != second->verdict)
    return first->verdict < second->verdict ? -1 : 1;
  if (first->place != second->place)
    return first->place < second->place ? -1 : 1;
  if (first->strength != second->strength)
    return first->strength > second->strength ? -1 : 1;
  if (first->rank != second->rank)
    return first->rank > second->rank ? -1 : 1;

  return strcmp (first->name, second->name);
}

static void
clear_candidate (gpointer data)
{
  PhSaslCandidate *candidate = data;

  g_free (candidate->name);
  g_free (candidate->missing);
  g_clear_pointer (&candidate->feature, ph_feature_info_unref);
}

static void
add_candidate (GArray *candidates, const PhSaslSituation *situation, char *name)
{
  PhSaslCandidate candidate = { .name = name };

  weigh (situation, &candidate);
  g_array_append_val (candidates, candidate);
}

/* @seen: made when it is needed */
static gboolean
is_new (GArray *candidates, const char *name, GHashTable **seen)
{
  gboolean found = FALSE;

  if (*seen == NULL && candidates->len >= FEW_OFFERED)
    *seen = g_hash_table_new (g_str_hash, g_str_equal);
  else if (*seen != NULL)
    return !g_hash_table_contains (*seen, name);

  for (guint i = 0; i < candidates->len; i++)
    {
      const PhSaslCandidate *candidate = &g_array_index (candidates, PhSaslCandidate, i);

      found |= strcmp (candidate->name, name) == 0;
      if (*seen != NULL)
        g_hash_table_add (*seen, candidate->name);
    }

  return !found;
}

GArray *
ph_sasl_selector_new_candidates (void)
{
  GArray *candidates = g_array_sized_new (FALSE, FALSE, sizeof (PhSaslCandidate), FEW_CANDIDATES);

  g_array_set_clear_func (candidates, clear_candidate);
  return candidates;
}

void
ph_sasl_selector_weigh (GArray *candidates, const PhSaslSituation *situation, const char *const *offered, gboolean login_command)
{
  g_autoptr (GHashTable) seen = NULL;

  g_array_set_size (candidates, 0);

  for (; offered != NULL && *offered != NULL; offered++)
    {
      g_autofree char *name = is_name (*offered) ? g_ascii_strup (*offered, -1) : NULL;

      if (name == NULL || !is_new (candidates, name, &seen))
        continue;

      if (seen != NULL)
        g_hash_table_add (seen, name);
      add_candidate (candidates, situation, g_steal_pointer (&name));
    }

  if (login_command)
    add_candidate (candidates, situation, g_strdup (PH_SASL_LOGIN_COMMAND));

  if (candidates->len > 1)
    g_array_sort (candidates, compare_candidates);
}

gboolean
ph_sasl_selector_shows_secret (GArray *candidates)
{
  for (guint i = 0; i < candidates->len; i++)
    {
      const PhSaslCandidate *candidate = &g_array_index (candidates, PhSaslCandidate, i);

      if (candidate->verdict == PH_SASL_USABLE && (candidate->feature == NULL || (ph_feature_info_get_flags (candidate->feature) & PH_SASL_PLAINTEXT)))
        return TRUE;
    }

  return FALSE;
}

/* (transfer full) */
static char *
describe_verdict (const PhSaslCandidate *candidate)
{
  PhSaslNeeds needs = PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET;
  GString *text;

  if (candidate->missing != NULL)
    return g_strdup_printf ("%s: %s", verdict_words[candidate->verdict], candidate->missing);
  if (candidate->verdict != PH_SASL_LACKS_CREDENTIALS)
    return g_strdup (verdict_words[candidate->verdict]);

  if (candidate->feature != NULL)
    needs = ph_feature_info_get_needs (candidate->feature);

  text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (need_words); i++)
    if (needs & need_words[i].need)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " and " : "needs ", need_words[i].words);

  return g_string_free (text, FALSE);
}

/* Names that are out for the same reason stand together before it. */
char *
ph_sasl_selector_describe (GArray *candidates)
{
  GString *text = g_string_new (NULL);
  g_autofree char *reason = NULL;

  for (guint i = 0; i < candidates->len && i < MAX_TOLD; i++)
    {
      const PhSaslCandidate *candidate = &g_array_index (candidates, PhSaslCandidate, i);
      gboolean is_command = strcmp (candidate->name, PH_SASL_LOGIN_COMMAND) == 0;
      g_autofree char *next = describe_verdict (candidate);

      if (reason != NULL && strcmp (reason, next) != 0)
        g_string_append_printf (text, " (%s)", reason);
      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", is_command ? "a login command" : candidate->name);
      g_free (reason);
      reason = g_steal_pointer (&next);
    }

  if (reason != NULL)
    g_string_append_printf (text, " (%s)", reason);
  if (candidates->len > MAX_TOLD)
    g_string_append_printf (text, " and %u more", candidates->len - MAX_TOLD);

  return g_string_free (text, FALSE);
}
