/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Accounts, out of what the service says of its objects. */
#include "goa.h"

/* What the Mail interface says of one of its two protocols */
typedef struct {
  const char *service, *scheme, *tls_scheme;
  guint port; /* where none is said */
  const char *supported, *host, *user, *use_ssl;
} Protocol;

static const Protocol protocols[] = {
  { "imap", "imap", "imaps", 993, "ImapSupported", "ImapHost", "ImapUserName", "ImapUseSsl" },
  { "smtp", "smtp", "smtps", 465, "SmtpSupported", "SmtpHost", "SmtpUserName", "SmtpUseSsl" },
};

/* NULL where it is missing or empty */
static const char *
get_string (GVariant *properties, const char *name)
{
  const char *text = NULL;

  return g_variant_lookup (properties, name, "&s", &text) && *text != '\0' ? text : NULL;
}

static gboolean
get_boolean (GVariant *properties, const char *name)
{
  gboolean value = FALSE;

  return g_variant_lookup (properties, name, "b", &value) && value;
}

static GVariant *
get_interface (GVariant *interfaces, const char *name)
{
  return g_variant_lookup_value (interfaces, name, G_VARIANT_TYPE_VARDICT);
}

/* "mail.example.org", "mail.example.org:993", "[::1]:imaps"; port 0: none. (transfer full) (nullable) */
static char *
read_host (const char *text, guint *port)
{
  g_autoptr (GSocketConnectable) address = text != NULL ? g_network_address_parse (text, 0, NULL) : NULL;
  char *host, *ascii;

  if (address == NULL)
    return NULL;

  *port = g_network_address_get_port (G_NETWORK_ADDRESS (address));
  host = g_ascii_strdown (g_network_address_get_hostname (G_NETWORK_ADDRESS (address)), -1);
  ascii = g_hostname_to_ascii (host);
  if (ascii == NULL)
    return host;
  g_free (host);
  return ascii;
}

static gboolean
is_at (GVariant *mail, const Protocol *protocol, const PhPlace *place)
{
  guint port = 0;
  g_autofree char *host = read_host (get_string (mail, protocol->host), &port);

  return g_str_equal (protocol->service, place->service) && get_boolean (mail, protocol->supported) && g_strcmp0 (host, place->host) == 0 &&
         ph_place_has_port (place, port != 0 ? port : protocol->port);
}

static const Protocol *
find_protocol (GVariant *mail, const PhPlace *place)
{
  for (gsize i = 0; mail != NULL && i < G_N_ELEMENTS (protocols); i++)
    if (is_at (mail, &protocols[i], place))
      return &protocols[i];

  return NULL;
}

/* The name at the server, or the address: some people log in by either. */
static gboolean
is_user (GVariant *mail, const Protocol *protocol, const char *user)
{
  return user == NULL || g_strcmp0 (get_string (mail, protocol->user), user) == 0 || g_strcmp0 (get_string (mail, "EmailAddress"), user) == 0;
}

static gboolean
has_interface (GVariant *interfaces, const char *name)
{
  g_autoptr (GVariant) found = get_interface (interfaces, name);

  return found != NULL;
}

static void
take (GoaAccount *self, const char *path, GVariant *interfaces, GVariant *account, const char *user)
{
  const char *label = get_string (account, "PresentationIdentity");

  self->path = g_strdup (path);
  self->id = g_strdup (get_string (account, "Id"));
  self->label = g_strdup (label != NULL ? label : self->id);
  self->user = g_strdup (user);
  self->has_token = has_interface (interfaces, GOA_OAUTH2);
  self->has_password = has_interface (interfaces, GOA_PASSWORD);
  self->needs_attention = get_boolean (account, "AttentionNeeded");
}

gboolean
goa_account_find (GoaAccount *self, GVariant *objects, const char *id, const PhPlace *place, const char *user)
{
  GVariantIter iter;
  const char *path;
  GVariant *interfaces;

  g_variant_iter_init (&iter, objects);
  while (g_variant_iter_loop (&iter, "{&o@a{sa{sv}}}", &path, &interfaces))
    {
      g_autoptr (GVariant) account = get_interface (interfaces, GOA_ACCOUNT);
      g_autoptr (GVariant) mail = get_interface (interfaces, GOA_MAIL);
      const Protocol *protocol = account != NULL ? find_protocol (mail, place) : NULL;
      const char *name;

      if (protocol == NULL || !is_user (mail, protocol, user) || (id != NULL && g_strcmp0 (get_string (account, "Id"), id) != 0))
        continue;
      name = get_string (mail, protocol->user);
      take (self, path, interfaces, account, name != NULL ? name : get_string (mail, "EmailAddress"));
      g_variant_unref (interfaces);
      return TRUE;
    }

  return FALSE;
}

void
goa_account_clear (GoaAccount *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->user, g_free);
}

/* ---- all of them ---- */

static void
add_uri (GStrvBuilder *uris, GVariant *mail, const Protocol *protocol)
{
  guint port = 0;
  g_autofree char *host = read_host (get_string (mail, protocol->host), &port);
  g_autofree char *uri = NULL;

  if (host == NULL || !get_boolean (mail, protocol->supported))
    return;

  uri = g_uri_join_with_user (G_URI_FLAGS_NONE, get_boolean (mail, protocol->use_ssl) ? protocol->tls_scheme : protocol->scheme,
                              get_string (mail, protocol->user), NULL, NULL, host, port != 0 ? (int) port : -1, "", NULL, NULL);
  g_strv_builder_add (uris, uri);
}

static PhAccount *
describe (GVariant *account, GVariant *mail)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) uris = NULL;
  const char *id = get_string (account, "Id");
  const char *label = get_string (account, "PresentationIdentity");

  if (id == NULL)
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++)
    add_uri (builder, mail, &protocols[i]);
  uris = g_strv_builder_end (builder);
  return ph_account_new (id, label != NULL ? label : id, get_string (mail, "EmailAddress"), (const char *const *) uris,
                         get_boolean (account, "AttentionNeeded"));
}

GPtrArray *
goa_account_list (GVariant *objects)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_account_unref);
  GVariantIter iter;
  GVariant *interfaces;

  g_variant_iter_init (&iter, objects);
  while (g_variant_iter_loop (&iter, "{&o@a{sa{sv}}}", NULL, &interfaces))
    {
      g_autoptr (GVariant) account = get_interface (interfaces, GOA_ACCOUNT);
      g_autoptr (GVariant) mail = get_interface (interfaces, GOA_MAIL);
      PhAccount *described = account != NULL && mail != NULL ? describe (account, mail) : NULL;

      if (described != NULL)
        g_ptr_array_add (accounts, described);
    }

  return accounts;
}
