/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which servers serve an address: by SRV records of a resolver that stands in for the system's, and by autoconfig files. */
#include <posthorn/posthorn.h>

#include "ph-await.h"

#include <string.h>

typedef struct { GResolver parent_instance; } StandIn;
typedef GResolverClass StandInClass;
GType stand_in_get_type (void);
G_DEFINE_TYPE (StandIn, stand_in, G_TYPE_RESOLVER)

static const struct { const char *name, *target; guint16 port, priority, weight; } records[] = {
  { "_imaps._tcp.example.org", "second.example.org", 993, 20, 0 },
  { "_imaps._tcp.example.org", "first.example.org", 993, 10, 5 },
  { "_imap._tcp.example.org", "imap.example.org.", 1143, 0, 1 },
  { "_submissions._tcp.example.org", "smtp.hoster.example.net", 465, 0, 1 },
  { "_submission._tcp.example.org", ".", 0, 0, 0 },
  { "_submission._tcp.notexample.org", "mail.example.org", 587, 0, 0 },
  { "_imaps._tcp.xn--bcher-kva.example", "imap.xn--bcher-kva.example", 993, 0, 0 },
  { "_submissions._tcp.evil.example", "bad host", 465, 0, 0 },
  { "_submissions._tcp.evil.example", "a@b", 465, 0, 0 },
  { "_submissions._tcp.evil.example", "evil.example/..", 465, 0, 0 },
  { "_submissions._tcp.evil.example", "evil.example", 0, 0, 0 },
};

static GList *
lookup_service (GResolver *resolver, const char *name, GCancellable *cancellable, GError **error)
{
  GList *targets = NULL;

  if (g_str_has_suffix (name, ".broken.example"))
    {
      g_set_error_literal (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE, "the name server is asleep");
      return NULL;
    }
  if (g_str_has_suffix (name, ".many.example"))
    for (int i = 0; i < 1000; i++)
      targets = g_list_prepend (targets, g_srv_target_new ("many.example", 1000 + i, 0, 0));
  for (gsize i = 0; i < G_N_ELEMENTS (records); i++)
    if (strcmp (records[i].name, name) == 0)
      targets = g_list_prepend (targets, g_srv_target_new (records[i].target, records[i].port, records[i].priority, records[i].weight));
  if (targets == NULL)
    g_set_error (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No records for “%s”", name);
  /* as GResolver's own lookups do */
  return targets != NULL ? g_srv_target_list_sort (targets) : NULL;
}

static void
stand_in_class_init (StandInClass *klass)
{
  klass->lookup_service = lookup_service;
}

static void
stand_in_init (StandIn *self)
{
}

static char *
describe (GPtrArray *servers)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; servers != NULL && i < servers->len; i++)
    {
      PhServer *server = g_ptr_array_index (servers, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (PhSession) session = ph_session_new (ph_server_get_uri (server), &error);

      g_assert_no_error (error);
      g_assert_cmpstr (ph_session_get_host (session), ==, ph_server_get_host (server));
      g_assert_cmpstr (ph_session_get_user (session), ==, ph_server_get_user (server));
      g_assert_true (ph_session_set_domain (session, ph_server_get_domain (server), &error));
      g_assert_cmpstr (ph_session_get_domain (session), ==, ph_server_get_domain (server));
      g_string_append_printf (text, "%s%s\n", ph_server_get_uri (server), ph_server_is_foreign (server) ? " foreign" : "");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const struct { const char *address, *servers; } finds[] = {
  { "alice@example.org",
    "imaps://alice%40example.org@first.example.org\nimaps://alice%40example.org@second.example.org\n"
    "imap://alice%40example.org@imap.example.org:1143\nsmtps://alice%40example.org@smtp.hoster.example.net foreign\n" },
  { "Alice+x@EXAMPLE.org", NULL },
  { "example.org",
    "imaps://first.example.org\nimaps://second.example.org\nimap://imap.example.org:1143\nsmtps://smtp.hoster.example.net foreign\n" },
  /* the end of a name is not its domain */
  { "bob@notexample.org", "smtp://bob%40notexample.org@mail.example.org foreign\n" },
  { "eve@bücher.example", "imaps://eve%40bücher.example@imap.xn--bcher-kva.example\n" },
};

/* Plugins are listed in no order that means anything: of each protocol apart. */
static char *
only (const char *text, const char *scheme)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GString) kept = g_string_new (NULL);

  for (char **line = lines; *line != NULL; line++)
    if (g_str_has_prefix (*line, scheme))
      g_string_append_printf (kept, "%s\n", *line);
  return g_string_free (g_steal_pointer (&kept), FALSE);
}

static void
test_find (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (finds); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) servers = ph_server_find (finds[i].address, NULL, &error);
      g_autofree char *text = describe (servers);

      g_assert_no_error (error);
      for (guint k = 0; finds[i].servers != NULL && k < 2; k++)
        {
          g_autofree char *found = only (text, k == 0 ? "imap" : "smtp");
          g_autofree char *wanted = only (finds[i].servers, k == 0 ? "imap" : "smtp");

          g_assert_cmpstr (found, ==, wanted);
        }
    }
}

static void
test_none (void)
{
  static const struct { const char *address; int code; const char *words; } cases[] = {
    { "carol@nothing.example", PH_ERROR_HOST_NOT_FOUND, "The domain nothing.example names no server for mail" },
    { "carol@broken.example", PH_ERROR_HOST_NOT_FOUND, "The domain broken.example names no server for mail: the name server is asleep" },
    { "carol@evil.example", PH_ERROR_HOST_NOT_FOUND, "The domain evil.example names no server for mail" },
    { "", PH_ERROR_INVALID_ARGUMENT, "“” is neither a mail address nor a domain" },
    { "carol@", PH_ERROR_INVALID_ARGUMENT, NULL },
    { "@example.org", PH_ERROR_INVALID_ARGUMENT, NULL },
    { "a b@example.org", PH_ERROR_INVALID_ARGUMENT, NULL },
    { "carol@exam\nple.org", PH_ERROR_INVALID_ARGUMENT, "“carol@exam\\nple.org” is neither a mail address nor a domain" },
    { "carol@192.0.2.1", PH_ERROR_INVALID_ARGUMENT, NULL },
    { "carol@[192.0.2.1]", PH_ERROR_INVALID_ARGUMENT, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (ph_server_find (cases[i].address, NULL, &error));
      g_assert_error (error, PH_ERROR, cases[i].code);
      if (cases[i].words != NULL)
        g_assert_cmpstr (error->message, ==, cases[i].words);
    }
}

static void
test_bounded (void)
{
  g_autoptr (GPtrArray) servers = ph_server_find ("many.example", NULL, NULL);

  g_assert_cmpint (servers->len, <=, 64);
}

static void
test_async (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) servers = NULL;

      ph_server_find_async ("example.org", cancellable, ph_keep_result, &result);
      if (i == 1)
        g_cancellable_cancel (cancellable);
      ph_await_result (&result);
      servers = ph_server_find_finish (result, &error);
      if (i == 0)
        g_assert_cmpint (servers->len, ==, 4);
    }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define SERVER(kind, type, host, port, socket, user) \
  "<" kind " type=\"" type "\"><hostname>" host "</hostname><port>" port "</port><socketType>" socket "</socketType>" \
  "<authentication>password-cleartext</authentication><username>" user "</username></" kind ">"
#define CONFIG(servers) \
  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a provider's -->\n<clientConfig version=\"1.1\"><emailProvider id=\"example.org\">" \
  "<domain>example.org</domain><displayName>Mail &amp; more</displayName>" servers \
  "<documentation url=\"https://example.org\"><descr lang=\"en\">words</descr></documentation></emailProvider></clientConfig>\n"

static const struct { const char *xml, *servers; int code; } files[] = {
  { CONFIG (SERVER ("incomingServer", "imap", "imap.example.org", "993", "SSL", "%EMAILADDRESS%")
            SERVER ("incomingServer", "pop3", "pop.example.org", "995", "SSL", "%EMAILADDRESS%")
            SERVER ("incomingServer", "imap", "imap.example.org", "143", "STARTTLS", "%EMAILLOCALPART%")
            SERVER ("incomingServer", "imap", "imap.example.org", "143", "plain", "%EMAILADDRESS%")
            SERVER ("outgoingServer", "smtp", "smtp.%EMAILDOMAIN%", "587", "STARTTLS", "%EMAILLOCALPART%.%EMAILDOMAIN%")
            SERVER ("outgoingServer", "smtp", " smtp.hoster.test\n", "465", "SSL", "%EMAILADDRESS%")),
    "imaps://alice%40example.org@imap.example.org\nimap://alice@imap.example.org\nsmtp://alice.example.org@smtp.example.org\n"
    "smtps://alice%40example.org@smtp.hoster.test foreign\n", 0 },
  { CONFIG (SERVER ("incomingServer", "imap", "imap.example.org", "1993", "SSL", "")), "imaps://imap.example.org:1993\n", 0 },
  { CONFIG (SERVER ("incomingServer", "imap", "imap.example.org", "143", "plain", "")), NULL, PH_ERROR_NOT_SUPPORTED },
  { CONFIG (SERVER ("incomingServer", "imap", "imap.example.org", "0", "SSL", "")), NULL, PH_ERROR_NOT_SUPPORTED },
  { CONFIG (SERVER ("incomingServer", "imap", "imap.example.org", "99999", "SSL", "")), NULL, PH_ERROR_NOT_SUPPORTED },
  { CONFIG (SERVER ("incomingServer", "imap", "imap/../x", "993", "SSL", "")), NULL, PH_ERROR_NOT_SUPPORTED },
  { CONFIG (SERVER ("incomingServer", "imap", "imap.example.org", "993", "SSL", "a&#10;b")), NULL, PH_ERROR_NOT_SUPPORTED },
  { CONFIG (SERVER ("incomingServer", "imap+exec", "imap.example.org", "993", "SSL", "")), NULL, PH_ERROR_NOT_SUPPORTED },
  { CONFIG (""), NULL, PH_ERROR_NOT_SUPPORTED },
  { "<clientConfig>", NULL, PH_ERROR_INVALID_ARGUMENT },
  { "", NULL, PH_ERROR_INVALID_ARGUMENT },
  { "no XML at all", NULL, PH_ERROR_INVALID_ARGUMENT },
  { "<!DOCTYPE x [<!ENTITY a \"bbbb\">]><clientConfig>&a;</clientConfig>", NULL, PH_ERROR_INVALID_ARGUMENT },
};

static void
test_autoconfig (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (GBytes) xml = g_bytes_new_static (files[i].xml, strlen (files[i].xml));
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) servers = ph_server_read_autoconfig (xml, "alice@example.org", &error);
      g_autofree char *text = describe (servers);

      if (files[i].servers == NULL)
        {
          g_assert_null (servers);
          g_assert_error (error, PH_ERROR, files[i].code);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, files[i].servers);
    }
}

static void
test_large_file (void)
{
  g_autoptr (GString) text = g_string_new ("<clientConfig>");
  g_autoptr (GBytes) many = NULL;
  g_autoptr (GBytes) large = NULL;
  g_autoptr (GPtrArray) servers = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 1000; i++)
    g_string_append (text, SERVER ("incomingServer", "imap", "imap.example.org", "993", "SSL", ""));
  g_string_append (text, "</clientConfig>");
  many = g_bytes_new (text->str, text->len);
  servers = ph_server_read_autoconfig (many, "example.org", &error);
  g_assert_no_error (error);
  g_assert_cmpint (servers->len, ==, 32);

  g_string_set_size (text, 2 * 1024 * 1024);
  memset (text->str, ' ', text->len);
  large = g_bytes_new (text->str, text->len);
  g_assert_null (ph_server_read_autoconfig (large, "example.org", &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_autoptr (GResolver) resolver = NULL;

  g_test_init (&argc, &argv, NULL);
  resolver = g_object_new (stand_in_get_type (), NULL);
  g_resolver_set_default (resolver);
  g_test_add_func ("/server/records-name-servers-in-their-order", test_find);
  g_test_add_func ("/server/no-server-is-said-so", test_none);
  g_test_add_func ("/server/a-thousand-targets-are-cut-short", test_bounded);
  g_test_add_func ("/server/it-can-be-asked-without-waiting", test_async);
  g_test_add_func ("/server/autoconfig-files-name-servers", test_autoconfig);
  g_test_add_func ("/server/large-files-are-bounded", test_large_file);
  return g_test_run ();
}
