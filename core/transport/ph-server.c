/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhServer: a server that was found for a mail address. */
#include "transport/ph-server-private.h"

#include <string.h>

/**
 * PhServer:
 *
 * A server that serves a mail address: found by its domain's SRV records with
 * [func@Server.find], or in a file with [func@Server.read_autoconfig]. It does
 * not change, and any thread can use it.
 *
 * What is found is for setting an account up, once: a program keeps the servers
 * that have worked, and does not look them up before each connection (RFC 8314
 * section 5.1). Nothing proves that the records are the domain's own. A server
 * [method@Server.is_foreign] is therefore one to ask a person about, before
 * anything is sent to it.
 */
struct _PhServer {
  char    *uri;
  char    *scheme;
  char    *host;
  char    *domain;
  char    *user;
  guint16  port;
  gboolean is_foreign;
};

G_DEFINE_BOXED_TYPE (PhServer, ph_server, ph_server_ref, ph_server_unref)

gboolean
ph_server_read_address (const char *address, char **local, char **domain, GError **error)
{
  const char *at = strrchr (address, '@');
  const char *name = at != NULL ? at + 1 : address;

  for (const char *p = address; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) || *p == ' ')
      name = "";
  *domain = *name != '\0' && at != address && !g_hostname_is_ip_address (name) && strpbrk (name, "/:?#[]\\%_") == NULL ? g_hostname_to_ascii (name)
                                                                                                                       : NULL;
  if (*domain == NULL)
    {
      g_autofree char *shown = g_strescape (address, NULL);

      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "“%s” is neither a mail address nor a domain", shown);
      return FALSE;
    }
  for (char *p = *domain; *p != '\0'; p++)
    *p = g_ascii_tolower (*p);
  *local = at != NULL ? g_strndup (address, at - address) : NULL;
  return TRUE;
}

/* RFC 6186 section 6: "in the queried domain" */
static gboolean
is_below (const char *host, const char *domain)
{
  gsize length = strlen (host), below = strlen (domain);

  return length >= below && g_ascii_strcasecmp (host + length - below, domain) == 0 && (length == below || host[length - below - 1] == '.');
}

static gboolean
is_host (const char *host)
{
  if (*host == '\0' || *host == '.' || strlen (host) > 253)
    return FALSE;
  for (const char *p = host; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '.' && *p != '_')
      return FALSE;
  return TRUE;
}

PhServer *
ph_server_new (const PhScheme *scheme, const char *host, guint port, const char *user, const char *domain)
{
  g_autofree char *ascii = g_hostname_to_ascii (host);
  PhServer *self;

  if (ascii != NULL && g_str_has_suffix (ascii, "."))
    ascii[strlen (ascii) - 1] = '\0';
  if (ascii == NULL || !is_host (ascii) || port == 0 || port > G_MAXUINT16)
    return NULL;

  self = g_atomic_rc_box_new0 (PhServer);
  self->uri = g_uri_join_with_user (G_URI_FLAGS_NONE, scheme->scheme, user, NULL, NULL, ascii, port != scheme->port ? (int) port : -1, "", NULL, NULL);
  self->scheme = g_strdup (scheme->scheme);
  self->is_foreign = !is_below (ascii, domain);
  self->host = g_steal_pointer (&ascii);
  self->domain = g_strdup (domain);
  self->user = g_strdup (user);
  self->port = port;
  return self;
}

static void
clear (gpointer data)
{
  PhServer *self = data;

  g_free (self->uri);
  g_free (self->scheme);
  g_free (self->host);
  g_free (self->domain);
  g_free (self->user);
}

/**
 * ph_server_ref:
 * @self: a server
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhServer *
ph_server_ref (PhServer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

/**
 * ph_server_unref:
 * @self: (transfer full): a server
 *
 * Drops a reference.
 */
void
ph_server_unref (PhServer *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear);
}

/**
 * ph_server_get_uri:
 * @self: a server
 *
 * Gets what [ctor@Session.new] takes.
 *
 * Returns: (transfer none): a URI with the user, where there is one, and with the
 *   port where it is not the scheme's own
 */
const char *
ph_server_get_uri (PhServer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->uri;
}

/**
 * ph_server_get_domain:
 * @self: a server
 *
 * Gets whose mail the server serves: the domain of the address that it was looked
 * for by. [method@Session.set_domain] takes it.
 *
 * Returns: (transfer none): the domain, in ASCII and small letters
 */
const char *
ph_server_get_domain (PhServer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->domain;
}

/**
 * ph_server_get_scheme:
 * @self: a server
 *
 * Gets what the server speaks.
 *
 * Returns: (transfer none): a scheme of an installed protocol, `imaps`
 */
const char *
ph_server_get_scheme (PhServer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->scheme;
}

/**
 * ph_server_get_host:
 * @self: a server
 *
 * Gets the server's name.
 *
 * Returns: (transfer none): a host name in ASCII
 */
const char *
ph_server_get_host (PhServer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->host;
}

/**
 * ph_server_get_port:
 * @self: a server
 *
 * Gets the server's port.
 *
 * Returns: 1 to 65535
 */
guint16
ph_server_get_port (PhServer *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

/**
 * ph_server_get_user:
 * @self: a server
 *
 * Gets who logs in there: what the file says, or the whole address (RFC 6186
 * section 4); where that is refused, the part before the `@` is worth a try.
 *
 * Returns: (transfer none) (nullable): a user's name; %NULL where only a domain
 *   was asked for
 */
const char *
ph_server_get_user (PhServer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->user;
}

/**
 * ph_server_is_foreign:
 * @self: a server
 *
 * Gets whether the server is in another domain than the address. Somebody who
 * forges answers of the domain name system can name a server of his own, with a
 * certificate that is right for it: a person has to agree before such a server is
 * connected to (RFC 6186 section 6, RFC 8314 section 5.1).
 *
 * Returns: %TRUE where it is
 */
gboolean
ph_server_is_foreign (PhServer *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->is_foreign;
}
