/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sessions with the servers of servers.py. */
#include "live.h"

#include <string.h>

const char *
live_get (const char *name)
{
  g_autofree char *variable = g_strconcat ("PH_TEST_", name, NULL);
  const char *value = g_getenv (variable);

  if (value != NULL)
    return value;
  if (g_getenv ("PH_TEST_NO_POSTFIX") != NULL)
    g_error ("%s", g_getenv ("PH_TEST_NO_POSTFIX"));
  g_error ("%s is not set: run this test by tests/live/servers.py run -- PROGRAM", variable);
}

const char *
live_get_password (const char *user)
{
  g_autofree char *upper = g_ascii_strup (user, -1);
  g_autofree char *name = g_strconcat ("PASSWORD_", upper, NULL);

  return live_get (name);
}

static const struct {
  const char *service;
  const char *scheme;
  const char *port;
} services[] = {
  { "imap", "imap", "IMAP_PORT" },   { "imaps", "imaps", "IMAPS_PORT" }, { "submission", "smtp", "SUBMISSION_PORT" },
  { "smtps", "smtps", "SMTPS_PORT" }, { "smtp", "smtp", "SMTP_PORT" },    { "lmtp", "lmtp", "LMTP_PORT" },
  /* servers.py --with=… */
  { "exim-submission", "smtp", "EXIM_SUBMISSION_PORT" },
  { "exim-smtps", "smtps", "EXIM_SMTPS_PORT" },
  { "exim-smtp", "smtp", "EXIM_SMTP_PORT" },
  { "sasl", "smtp", "SASL_PORT" },
  { "opensmtpd-smtp", "smtp", "OPENSMTPD_SMTP_PORT" },
  { "cyrus-imap", "imap", "CYRUS_IMAP_PORT" },
  { "cyrus-imaps", "imaps", "CYRUS_IMAPS_PORT" },
  { "cyrus-xlist", "imaps", "CYRUS_XLIST_PORT" },
  { "middle-imaps", "imaps", "MIDDLE_IMAPS_PORT" },
  { "cyrus-lmtp", "lmtp", "CYRUS_LMTP_PORT" },
  { "courier-imap", "imap", "COURIER_IMAP_PORT" },
  { "courier-imaps", "imaps", "COURIER_IMAPS_PORT" },
};

static char *
make_uri (const char *service, const char *host, const char *user)
{
  if (strcmp (service, "lmtp+unix") == 0)
    return g_strconcat ("lmtp+unix://", live_get ("LMTP_SOCKET"), NULL);
  if (strcmp (service, "cyrus-lmtp+unix") == 0)
    return g_strconcat ("lmtp+unix://", live_get ("CYRUS_LMTP_SOCKET"), NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    if (strcmp (services[i].service, service) == 0)
      return g_strdup_printf ("%s://%s%s%s:%s", services[i].scheme, user != NULL ? user : "", user != NULL ? "@" : "",
                              host != NULL ? host : "localhost", live_get (services[i].port));
  g_assert_not_reached ();
}

PhSession *
live_session_new (const char *service, const char *host, const char *user)
{
  g_autofree char *uri = make_uri (service, host, user);
  g_autofree char *authority = g_build_filename (live_get ("CERTIFICATES"), "ca.pem", NULL);
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (GError) error = NULL;
  PhSession *session = ph_session_new (uri, &error);

  g_assert_no_error (error);
  ph_security_policy_set_ca_file (policy, authority);
  ph_session_set_policy (session, policy);
  if (user != NULL)
    ph_session_set_password (session, live_get_password (user));
  return session;
}

PhStore *
live_store_new (const char *user, const char *mailbox)
{
  PhStore *store = PH_STORE (live_session_new ("imaps", NULL, user));
  g_autoptr (PhMailbox) selected = NULL;
  g_autoptr (GError) error = NULL;

  if (strcmp (mailbox, "INBOX") != 0)
    {
      ph_store_delete (store, mailbox, NULL, NULL);
      ph_store_create (store, mailbox, NULL, &error);
      g_assert_no_error (error);
    }
  selected = ph_store_select (store, mailbox, NULL, &error);
  g_assert_no_error (error);
  return store;
}

PhStore *
live_wait_for_mail (const char *user, guint count)
{
  PhStore *store = live_store_new (user, "INBOX");
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;

  while (ph_mailbox_get_n_messages (ph_store_get_selected (store)) < count)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      ph_session_noop (PH_SESSION (store), NULL, &error);
      g_assert_no_error (error);
    }
  return store;
}

void
live_empty_inbox (const char *user)
{
  g_autoptr (PhStore) store = live_store_new (user, "INBOX");
  g_autoptr (PhMessageSet) all = ph_message_set_new_from_string ("1:*", NULL);
  const char *const deleted[] = { "\\Deleted", NULL };
  g_autoptr (GError) error = NULL;

  if (ph_mailbox_get_n_messages (ph_store_get_selected (store)) > 0)
    ph_store_store (store, all, PH_STORE_ADD, deleted, NULL, &error);
  g_assert_no_error (error);
  ph_store_expunge (store, NULL, NULL, &error);
  g_assert_no_error (error);
}

PhBody *
live_body_new (const char *subject, const char *text)
{
  g_autofree char *message =
      g_strdup_printf ("From: Alice <alice@example.test>\r\nTo: bob@example.test\r\nSubject: %s\r\n\r\n%s", subject, text);

  return ph_body_new_for_text (message);
}

char *
live_get_section (PhMessage *message, const char *section)
{
  g_autoptr (GBytes) bytes = ph_message_get_section (message, section);

  g_assert_nonnull (bytes);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

void
live_add (const char *path, GTestDataFunc test)
{
  g_autofree char *sync = g_strconcat (path, "/sync", NULL);
  g_autofree char *async = g_strconcat (path, "/async", NULL);

  g_test_add_data_func (sync, GINT_TO_POINTER (FALSE), test);
  g_test_add_data_func (async, GINT_TO_POINTER (TRUE), test);
}

void
live_done (GObject *source, GAsyncResult *result, gpointer slot)
{
  g_assert_null (*(GAsyncResult **) slot);
  *(GAsyncResult **) slot = g_object_ref (result);
}

void
live_wait (GAsyncResult **slot)
{
  g_assert_null (*slot); /* an answer never comes before the call has returned */
  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
}
