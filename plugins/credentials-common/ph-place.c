/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who logs in where, out of a URI. */
#include "ph-place.h"

#include <string.h>

/* Who changes from STARTTLS to TLS keeps the password: 143 and 993 are one server's. */
static guint
get_usual_port (const char *service, guint port)
{
  g_autoptr (GPtrArray) features = ph_registry_list (ph_registry_get_default (), FALSE);
  guint best = port;
  gboolean is_usual = FALSE;

  for (guint i = 0; i < features->len; i++)
    {
      g_auto (GStrv) names = ph_feature_info_get_schemes (features->pdata[i]);

      for (char **name = names; name != NULL && *name != NULL; name++)
        {
          const PhScheme *scheme = NULL;
          g_autoptr (PhFeatureInfo) owner G_GNUC_UNUSED = ph_registry_find_scheme (ph_registry_get_default (), *name, &scheme);

          if (scheme == NULL || g_strcmp0 (scheme->service, service) != 0)
            continue;
          is_usual |= scheme->port == port;
          if (scheme->implicit_tls)
            best = scheme->port;
        }
    }

  return is_usual ? best : port;
}

static gboolean
find_service (PhPlace *self, const char *scheme, int port)
{
  /* "imap+unix" */
  g_autofree char *name = g_strndup (scheme, strcspn (scheme, "+"));
  const PhScheme *found = NULL;
  g_autoptr (PhFeatureInfo) owner G_GNUC_UNUSED = ph_registry_find_scheme (ph_registry_get_default (), name, &found);

  if (found == NULL)
    return FALSE;

  self->service = g_strdup (found->service != NULL ? found->service : name);
  self->port = (guint16) get_usual_port (self->service, port > 0 ? (guint) port : found->port);
  return TRUE;
}

gboolean
ph_place_has_port (const PhPlace *self, guint port)
{
  return get_usual_port (self->service, port) == self->port;
}

gboolean
ph_place_read (PhPlace *self, const char *uri, GError **error)
{
  g_autofree char *scheme = NULL, *host = NULL;
  int port = -1;

  memset (self, 0, sizeof *self);
  if (!g_uri_split_with_user (uri, G_URI_FLAGS_NON_DNS, &scheme, &self->user, NULL, NULL, &host, &port, NULL, NULL, NULL, NULL) ||
      scheme == NULL || host == NULL || *host == '\0' || !find_service (self, scheme, port))
    {
      ph_place_clear (self);
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_URI, "%s names no server that a password could be kept for", uri);
      return FALSE;
    }

  self->host = g_hostname_to_ascii (host);
  if (self->host == NULL)
    self->host = g_strdup (host);
  for (char *at = self->host; *at != '\0'; at++)
    *at = g_ascii_tolower (*at);
  return TRUE;
}

void
ph_place_clear (PhPlace *self)
{
  g_clear_pointer (&self->service, g_free);
  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->user, g_free);
}
