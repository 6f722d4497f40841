/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The provider: tells which mechanisms libsasl2 has, and what is known of them. */
#include "cyrus-library.h"

#include <string.h>

#define PASSWORD (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET)

/* What libsasl2's tables don't tell of a mechanism. The first line that fits counts. */
static const struct {
  const char *pattern;
  guint needs;
  guint flags;
  int rank;
} traits[] = {
  /* libsasl2 calls client-first what must be; SCRAM may be, and is */
  { "SCRAM-SHA-512", PASSWORD, PH_SASL_CLIENT_FIRST, PH_RANK_PRIMARY + 4 },
  { "SCRAM-SHA-384", PASSWORD, PH_SASL_CLIENT_FIRST, PH_RANK_PRIMARY + 3 },
  { "SCRAM-SHA-256", PASSWORD, PH_SASL_CLIENT_FIRST, PH_RANK_PRIMARY + 2 },
  { "SCRAM-SHA-224", PASSWORD, PH_SASL_CLIENT_FIRST, PH_RANK_PRIMARY + 1 },
  { "SCRAM-*", PASSWORD, PH_SASL_CLIENT_FIRST, PH_RANK_PRIMARY },
  { "GSSAPI", PH_SASL_NEEDS_TICKET, PH_SASL_NONE, PH_RANK_PRIMARY + 7 },
  { "GS2-*", PH_SASL_NEEDS_TICKET, PH_SASL_NONE, PH_RANK_PRIMARY + 6 },
  { "GSS-SPNEGO", PH_SASL_NEEDS_TICKET, PH_SASL_NONE, PH_RANK_PRIMARY + 5 },
  { "DIGEST-MD5", PASSWORD, PH_SASL_DEPRECATED, PH_RANK_SECONDARY },
  { "NTLM", PASSWORD, PH_SASL_DEPRECATED, PH_RANK_MARGINAL },
  /* its hashes are MD5 or SHA-1, and who listens can guess; a pass phrase that the program has is no list of passwords on paper */
  { "OTP", PASSWORD, PH_SASL_DEPRECATED, PH_RANK_MARGINAL },
  { "*", PASSWORD, PH_SASL_NONE, PH_RANK_NONE },
};

/* What libsasl2 would bring if it had the module: for errors that say so */
static const struct {
  const char *name;
  const char *missing;
} known[] = {
  { "SCRAM-SHA-1", "libsasl2 lacks its module \"scram\"" },
  { "SCRAM-SHA-1-PLUS", "libsasl2 lacks its module \"scram\"" },
  { "SCRAM-SHA-224", "libsasl2 lacks its module \"scram\"" },
  { "SCRAM-SHA-224-PLUS", "libsasl2 lacks its module \"scram\"" },
  { "SCRAM-SHA-256", "libsasl2 lacks its module \"scram\"" },
  { "SCRAM-SHA-256-PLUS", "libsasl2 lacks its module \"scram\"" },
  { "SCRAM-SHA-384", "libsasl2 lacks its module \"scram\"" },
  { "SCRAM-SHA-384-PLUS", "libsasl2 lacks its module \"scram\"" },
  { "SCRAM-SHA-512", "libsasl2 lacks its module \"scram\"" },
  { "SCRAM-SHA-512-PLUS", "libsasl2 lacks its module \"scram\"" },
  { "GSSAPI", "libsasl2 lacks its module \"gssapiv2\"" },
  { "GSS-SPNEGO", "libsasl2 lacks its module \"gssapiv2\"" },
  { "GS2-KRB5", "libsasl2 lacks its module \"gs2\"" },
  { "GS2-KRB5-PLUS", "libsasl2 lacks its module \"gs2\"" },
  { "GS2-IAKERB", "libsasl2 lacks its module \"gs2\"" },
  { "DIGEST-MD5", "libsasl2 lacks its module \"digestmd5\"" },
  { "NTLM", "libsasl2 lacks its module \"ntlm\"" },
  { "OTP", "libsasl2 lacks its module \"otp\"" },
  { "SRP", "libsasl2 lacks its module \"srp\"" },
};

/* Plugins of our own do these. */
static const char *const left_out[] = { "PLAIN", "LOGIN", "CRAM-MD5", "EXTERNAL", "ANONYMOUS", NULL };

/* The questions that the bridge can answer */
static const unsigned long answered[] = { SASL_CB_USER, SASL_CB_AUTHNAME, SASL_CB_PASS, SASL_CB_GETREALM };

static gboolean
matches (const char *pattern, const char *name)
{
  gsize length = strlen (pattern);

  if (length > 0 && pattern[length - 1] == '*')
    return strncmp (pattern, name, length - 1) == 0;

  return strcmp (pattern, name) == 0;
}

static gboolean
can_answer (const unsigned long *questions)
{
  for (; questions != NULL && *questions != SASL_CB_LIST_END; questions++)
    {
      gboolean found = FALSE;

      for (guint i = 0; i < G_N_ELEMENTS (answered); i++)
        found = found || answered[i] == *questions;
      if (!found)
        return FALSE;
    }

  return TRUE;
}

/* Any may wait: sasl_client_new () asks for this host's full name, which may go to the network, Kerberos for tickets; SCRAM hashes long. */
static guint
translate_flags (const sasl_client_plug_t *plug)
{
  guint flags = PH_SASL_MAY_BLOCK;

  if (!(plug->security_flags & SASL_SEC_NOPLAINTEXT))
    flags |= PH_SASL_PLAINTEXT;
  if (plug->security_flags & SASL_SEC_MUTUAL_AUTH)
    flags |= PH_SASL_MUTUAL;
  if (plug->features & SASL_FEAT_WANT_CLIENT_FIRST)
    flags |= PH_SASL_CLIENT_FIRST;
  if (plug->features & SASL_FEAT_ALLOWS_PROXY)
    flags |= PH_SASL_AUTHORIZATION;
  if (plug->max_ssf > 0)
    flags |= PH_SASL_LAYER;

  return flags;
}

static void
add_feature (GArray *features, const char *name, guint flags, guint needs, int rank)
{
  PhFeature feature = {
    .kind = PH_FEATURE_MECHANISM,
    .name = g_intern_string (name),
    .summary = "Done by libsasl2",
    .rank = rank,
    .flags = flags,
    .needs = needs,
    .get_type = cyrus_mechanism_get_type,
  };

  g_array_append_val (features, feature);
}

static void
add_mechanism (client_sasl_mechanism_t *mechanism, sasl_info_callback_stage_t stage, void *data)
{
  const sasl_client_plug_t *plug;
  guint i = 0, flags;

  if (stage != SASL_INFO_LIST_MECH)
    return;

  plug = mechanism->plug;
  if (g_strv_contains (left_out, plug->mech_name) || !can_answer (plug->required_prompts))
    return;

  while (!matches (traits[i].pattern, plug->mech_name))
    i++;
  flags = translate_flags (plug) | traits[i].flags;
  add_feature (data, plug->mech_name, flags, traits[i].needs, traits[i].rank);

  /* those of whom RFC 5801 and RFC 5802 say so; libsasl2 has the flag on GSSAPI as well, which has no such name */
  if ((plug->features & SASL_FEAT_CHANNEL_BINDING) && (matches ("SCRAM-*", plug->mech_name) || matches ("GS2-*", plug->mech_name)))
    {
      g_autofree char *plus = g_strconcat (plug->mech_name, "-PLUS", NULL);

      add_feature (data, plus, flags | PH_SASL_CHANNEL_BINDING, traits[i].needs, traits[i].rank);
    }
}

static gboolean
has_feature (GArray *features, const char *name)
{
  for (guint i = 0; i < features->len; i++)
    if (strcmp (g_array_index (features, PhFeature, i).name, name) == 0)
      return TRUE;

  return FALSE;
}

static void
add_missing (GArray *features, gboolean has_library)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      PhFeature feature = {
        .kind = PH_FEATURE_MECHANISM,
        .name = known[i].name,
        .summary = "Done by libsasl2",
        .get_type = cyrus_mechanism_get_type,
        .missing = has_library ? known[i].missing : "libsasl2 can't be loaded",
      };

      if (!has_feature (features, known[i].name))
        g_array_append_val (features, feature);
    }
}

static const PhFeature *
list_features (void)
{
  const CyrusLibrary *library = cyrus_library_get ();
  GArray *features = g_array_new (TRUE, TRUE, sizeof (PhFeature));

  if (library != NULL)
    library->client_plugin_info (NULL, add_mechanism, features);
  add_missing (features, library != NULL);

  return (const PhFeature *) (gpointer) g_array_free (features, FALSE);
}

/* The list lives as long as the process. */
const PhFeature *
cyrus_list (void)
{
  static const PhFeature *list = NULL;

  if (g_once_init_enter (&list))
    g_once_init_leave (&list, list_features ());

  return list;
}

static const PhFeature cyrus_features[] = {
  { .kind = PH_FEATURE_MECHANISM,
    .name = "*",
    .summary = "Whatever libsasl2 has: SCRAM-*, GSSAPI, GS2-*, DIGEST-MD5, NTLM...",
    .rank = PH_RANK_NONE,
    .list = cyrus_list },
};

PH_DEFINE_PLUGIN (cyrus, "cyrus", "SASL mechanisms of libsasl2", cyrus_features)
