/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension JMAPACCESS (RFC 9698).
 *
 *   getjmapaccess   = "GETJMAPACCESS"
 *   resp-jmapaccess = "JMAPACCESS" SP quoted
 */
#include <posthorn/posthorn-plugin.h>

/* A login goes there next, so it must be secure. */
static gboolean
receive_url (PhCommand *command, const PhResponse *response, gpointer *result)
{
  g_autofree char *url = ph_value_dup_text (ph_value_first (ph_response_get_values (response)));
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_NONE, NULL) : NULL;

  if (uri != NULL && g_str_equal (g_uri_get_scheme (uri), "https") && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0')
    {
      g_free (*result);
      *result = g_steal_pointer (&url);
    }
  return TRUE;
}

static const PhVerb verbs[] = {
  { .name = "GETJMAPACCESS", .needs = "JMAPACCESS", .responses = "JMAPACCESS", .get_type = ph_verb_get_string_type, .receive = receive_url },
  { .name = NULL },
};

static PhCommand *
ph_imap_jmap_access_make_get_url (PhJmapAccess *self)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[0]);
}

static void
ph_imap_jmap_access_describe (PhJmapAccessInterface *iface)
{
  iface->make_get_url = ph_imap_jmap_access_make_get_url;
}

PH_DEFINE_EXTENSION (PhImapJmapAccess, ph_imap_jmap_access, PH_TYPE_JMAP_ACCESS, ph_imap_jmap_access_describe, klass->verbs = verbs)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "JMAPACCESS", .summary = "Where the same mail is to be had by JMAP (RFC 9698)", .rank = PH_RANK_PRIMARY,
    .protocol = "imap4", .get_type = ph_imap_jmap_access_get_type },
};

PH_DEFINE_PLUGIN (imap4_jmapaccess, "imap4-jmapaccess", "The IMAP extension JMAPACCESS", features)
