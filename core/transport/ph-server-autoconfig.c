/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Servers out of a file in Mozilla's autoconfig format, of which this is read:
 *
 *   <clientConfig><emailProvider>
 *     <incomingServer type="imap"> <hostname/> <port/> <socketType>SSL | STARTTLS</socketType> <username/> </incomingServer>
 *     <outgoingServer type="smtp"> the same </outgoingServer>
 *
 * with %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN% in its texts.
 */
#include "transport/ph-server-private.h"

#include <string.h>

#define MAX_FILE (1024 * 1024)
#define MAX_TEXT 1024
#define MAX_SERVERS 32

typedef enum { FIELD_HOST, FIELD_PORT, FIELD_SOCKET, FIELD_USER, N_FIELDS } Field;

static const char *const field_names[N_FIELDS] = { "hostname", "port", "socketType", "username" };

typedef struct {
  const char *address;
  const char *local;
  const char *domain;
  GPtrArray  *servers;

  /* of the server that is being read */
  char    *type; /* NULL: none is */
  GString *fields[N_FIELDS];
  GString *open; /* the field that text belongs to, or NULL */
} Reader;

static void
start_element (GMarkupParseContext *context, const char *element, const char **names, const char **values, gpointer data, GError **error)
{
  Reader *self = data;

  self->open = NULL;
  if (g_str_equal (element, "incomingServer") || g_str_equal (element, "outgoingServer"))
    {
      g_clear_pointer (&self->type, g_free);
      for (guint i = 0; i < N_FIELDS; i++)
        g_string_truncate (self->fields[i], 0);
      for (guint i = 0; names[i] != NULL; i++)
        if (g_str_equal (names[i], "type") && self->type == NULL)
          self->type = g_ascii_strdown (values[i], -1);
      return;
    }
  for (guint i = 0; self->type != NULL && i < N_FIELDS; i++)
    /* the first of several counts */
    if (g_str_equal (element, field_names[i]) && self->fields[i]->len == 0)
      self->open = self->fields[i];
}

static void
text (GMarkupParseContext *context, const char *octets, gsize length, gpointer data, GError **error)
{
  Reader *self = data;

  if (self->open != NULL && self->open->len + length <= MAX_TEXT)
    g_string_append_len (self->open, octets, length);
}

/* The scheme of @type that has TLS the way that @socket says; NULL: none is installed, or no TLS is meant. */
static const PhScheme *
find_scheme (const char *type, const char *socket)
{
  PhRegistry *registry = ph_registry_get_default ();
  const PhScheme *scheme = NULL;
  g_autoptr (PhFeatureInfo) protocol = ph_registry_find_scheme (registry, type, &scheme);
  g_auto (GStrv) names = protocol != NULL ? ph_feature_info_get_schemes (protocol) : NULL;

  if (protocol == NULL || *socket == '\0' || g_ascii_strcasecmp (socket, "plain") == 0)
    return NULL;
  /* what is left is the protocol's own way to begin TLS, which sessions demand by themselves */
  if (g_ascii_strcasecmp (socket, "SSL") != 0)
    return scheme;
  for (char **name = names; *name != NULL; name++)
    {
      g_autoptr (PhFeatureInfo) same = ph_registry_find_scheme (registry, *name, &scheme);

      if (same == protocol && scheme->implicit_tls)
        return scheme;
    }
  return NULL;
}

static void
fill_in (Reader *self, GString *field)
{
  g_strstrip (field->str);
  field->len = strlen (field->str);
  g_string_replace (field, "%EMAILADDRESS%", self->address, 0);
  g_string_replace (field, "%EMAILLOCALPART%", self->local != NULL ? self->local : "", 0);
  g_string_replace (field, "%EMAILDOMAIN%", self->domain, 0);
}

static gboolean
has_control (const char *word)
{
  for (const char *p = word; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      return TRUE;
  return FALSE;
}

static void
add_server (Reader *self)
{
  const PhScheme *scheme;
  const char *user;
  guint64 port;
  PhServer *server;

  for (guint i = 0; i < N_FIELDS; i++)
    fill_in (self, self->fields[i]);
  scheme = find_scheme (self->type, self->fields[FIELD_SOCKET]->str);
  user = self->fields[FIELD_USER]->str;
  if (scheme == NULL || self->servers->len >= MAX_SERVERS || has_control (user))
    return;
  port = scheme->port;
  if (self->fields[FIELD_PORT]->len > 0 && !g_ascii_string_to_unsigned (self->fields[FIELD_PORT]->str, 10, 1, G_MAXUINT16, &port, NULL))
    return;
  server = ph_server_new (scheme, self->fields[FIELD_HOST]->str, port, self->local != NULL && *user != '\0' ? user : NULL, self->domain);
  if (server != NULL)
    g_ptr_array_add (self->servers, server);
}

static void
end_element (GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
  Reader *self = data;

  self->open = NULL;
  if (self->type == NULL || (!g_str_equal (element, "incomingServer") && !g_str_equal (element, "outgoingServer")))
    return;
  add_server (self);
  g_clear_pointer (&self->type, g_free);
}

static gboolean
parse (Reader *self, GBytes *xml, GError **error)
{
  static const GMarkupParser parser = { .start_element = start_element, .end_element = end_element, .text = text };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, self, NULL);
  g_autoptr (GError) reason = NULL;
  gsize length;
  const char *octets = g_bytes_get_data (xml, &length);

  if (length > MAX_FILE)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "The autoconfig file is larger than %d octets", MAX_FILE);
      return FALSE;
    }
  if (g_markup_parse_context_parse (context, octets, length, &reason) && g_markup_parse_context_end_parse (context, &reason))
    return TRUE;
  g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "The autoconfig file can't be read: %s", reason->message);
  return FALSE;
}

/**
 * ph_server_read_autoconfig:
 * @xml: the file
 * @address: a mail address, or a domain
 * @error: return location for an error
 *
 * Reads by which servers mail of @address is read and sent out of a file in the
 * format of Mozilla's autoconfig, version 1.1, which many providers publish. The
 * program gets the file, and knows whom it has it from. Servers without TLS, and
 * those of protocols that are not installed, are left out. A file of more than a
 * mebibyte is refused.
 *
 * Returns: (transfer container) (element-type PhServer): the servers in the file's
 *   order, at least one; %NULL with %PH_ERROR_INVALID_ARGUMENT, or with
 *   %PH_ERROR_NOT_SUPPORTED where none of them can be used
 */
GPtrArray *
ph_server_read_autoconfig (GBytes *xml, const char *address, GError **error)
{
  g_autoptr (GPtrArray) servers = NULL;
  g_autofree char *local = NULL;
  g_autofree char *domain = NULL;
  Reader reader = { .address = address };
  gboolean success;

  g_return_val_if_fail (xml != NULL, NULL);
  g_return_val_if_fail (address != NULL, NULL);

  if (!ph_server_read_address (address, &local, &domain, error))
    return NULL;
  servers = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_server_unref);
  reader.local = local;
  reader.domain = domain;
  reader.servers = servers;
  for (guint i = 0; i < N_FIELDS; i++)
    reader.fields[i] = g_string_new (NULL);
  success = parse (&reader, xml, error);
  for (guint i = 0; i < N_FIELDS; i++)
    g_string_free (reader.fields[i], TRUE);
  g_free (reader.type);
  if (success && servers->len == 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "The autoconfig file names no server that can be used for %s", address);
      return NULL;
    }
  return success ? g_steal_pointer (&servers) : NULL;
}
