/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What somebody on the way can do before TLS begins, for each protocol: all of it ends the session, and no secret has left. */
#include <posthorn/posthorn.h>

#include "ph-await.h"
#include "ph-scripted-server.h"

#include <string.h>

#define SMTP_HELLO "send 220 mail.example.org ESMTP\nprefix EHLO \n"
#define LMTP_HELLO "send 220 mail.example.org LMTP\nprefix LHLO \n"
#define OFFER "send 250-mail.example.org\nsend 250-AUTH PLAIN\nsend 250 STARTTLS\nexpect STARTTLS\n"
#define IMAP_OFFER "send * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hi\nmatch (?P<tag>[^ ]+) STARTTLS\n"

typedef struct {
  const char *name;
  const char *scheme;
  const char *script;
  int         code;
} Attack;

static const Attack attacks[] = {
  /* the offer is taken away */
  { "stripped", "smtp", SMTP_HELLO "send 250-mail.example.org\nsend 250 AUTH PLAIN\ngone", PH_ERROR_TLS_REQUIRED },
  { "stripped", "lmtp", LMTP_HELLO "send 250-mail.example.org\nsend 250 AUTH PLAIN\ngone", PH_ERROR_TLS_REQUIRED },
  { "stripped", "imap", "send * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\nmatch (?P<tag>[^ ]+) CAPABILITY\n"
                              "send * CAPABILITY IMAP4rev1 AUTH=PLAIN\nsend ${tag} OK done\ngone", PH_ERROR_TLS_REQUIRED },
  { "misspelt", "smtp", SMTP_HELLO "send 250-mail.example.org\nsend 250-AUTH PLAIN\nsend 250 XXXXXXXX\ngone", PH_ERROR_TLS_REQUIRED },
  { "misspelt", "lmtp", LMTP_HELLO "send 250-mail.example.org\nsend 250-AUTH PLAIN\nsend 250 XXXXXXXX\ngone", PH_ERROR_TLS_REQUIRED },
  { "misspelt", "imap", "send * OK [CAPABILITY IMAP4rev1 XXXXXXXX] hi\nmatch (?P<tag>[^ ]+) CAPABILITY\n"
                        "send * CAPABILITY IMAP4rev1 XXXXXXXX\nsend ${tag} OK done\ngone", PH_ERROR_TLS_REQUIRED },
  /* in front of the consent */
  { "injected-before", "smtp", SMTP_HELLO OFFER "raw 250 AUTH PLAIN\\r\\n220 go\\r\\n\ngone", PH_ERROR_INJECTED },
  { "injected-before", "lmtp", LMTP_HELLO OFFER "raw 250 AUTH PLAIN\\r\\n220 go\\r\\n\ngone", PH_ERROR_INJECTED },
  { "injected-before", "imap", IMAP_OFFER "raw ${tag} OK go\\r\\n${tag} OK go\\r\\n\ngone", PH_ERROR_INJECTED },
  /* consent to what was not asked yet; IMAP's tag can't be known before */
  { "answered-before", "smtp", SMTP_HELLO "raw 250-mail\\r\\n250-AUTH PLAIN\\r\\n250 STARTTLS\\r\\n220 go\\r\\n\ngone", PH_ERROR_INJECTED },
  { "answered-before", "lmtp", LMTP_HELLO "raw 250-mail\\r\\n250-AUTH PLAIN\\r\\n250 STARTTLS\\r\\n220 go\\r\\n\ngone", PH_ERROR_INJECTED },
  /* the command is refused */
  { "refused", "smtp", SMTP_HELLO OFFER "send 454 not now\ngone", PH_ERROR_TLS_REQUIRED },
  { "refused", "lmtp", LMTP_HELLO OFFER "send 454 not now\ngone", PH_ERROR_TLS_REQUIRED },
  { "refused", "imap", IMAP_OFFER "send ${tag} NO not now\ngone", PH_ERROR_TLS_REQUIRED },
  /* in the same segment as the consent */
  { "injected", "smtp", SMTP_HELLO OFFER "raw 220 go\\r\\n250 AUTH PLAIN\\r\\n\ngone", PH_ERROR_INJECTED },
  { "injected", "lmtp", LMTP_HELLO OFFER "raw 220 go\\r\\n250 AUTH PLAIN\\r\\n\ngone", PH_ERROR_INJECTED },
  { "injected", "imap", IMAP_OFFER "raw ${tag} OK go\\r\\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\\r\\n\ngone", PH_ERROR_INJECTED },
  { "injected-octet", "smtp", SMTP_HELLO OFFER "raw 220 go\\r\\n\\x16\ngone", PH_ERROR_INJECTED },
  { "injected-octet", "lmtp", LMTP_HELLO OFFER "raw 220 go\\r\\n\\x16\ngone", PH_ERROR_INJECTED },
  { "injected-octet", "imap", IMAP_OFFER "raw ${tag} OK go\\r\\n\\x16\ngone", PH_ERROR_INJECTED },
  /* the answer to the next commands, smuggled */
  { "smuggled-login", "smtp", SMTP_HELLO OFFER "raw 220 go\\r\\n250-mail\\r\\n250 AUTH PLAIN\\r\\n235 welcome\\r\\n\ngone", PH_ERROR_INJECTED },
  { "smuggled-login", "lmtp", LMTP_HELLO OFFER "raw 220 go\\r\\n250-mail\\r\\n250 AUTH PLAIN\\r\\n235 welcome\\r\\n\ngone", PH_ERROR_INJECTED },
  { "smuggled-login", "imap", IMAP_OFFER "raw ${tag} OK go\\r\\nA2 OK [CAPABILITY IMAP4rev1] logged in\\r\\n\ngone", PH_ERROR_INJECTED },
  /* plain text where the handshake should be */
  { "plain-handshake", "smtp", SMTP_HELLO OFFER "send 220 go\nread 1\nsend 250 AUTH PLAIN\ngone", PH_ERROR_TLS },
  { "plain-handshake", "lmtp", LMTP_HELLO OFFER "send 220 go\nread 1\nsend 250 AUTH PLAIN\ngone", PH_ERROR_TLS },
  { "plain-handshake", "imap", IMAP_OFFER "send ${tag} OK go\nread 1\nsend * CAPABILITY IMAP4rev1 AUTH=PLAIN\ngone", PH_ERROR_TLS },
  { "ended", "smtp", SMTP_HELLO OFFER "send 220 go\nread 1\nclose", PH_ERROR_TLS },
  { "ended", "lmtp", LMTP_HELLO OFFER "send 220 go\nread 1\nclose", PH_ERROR_TLS },
  { "ended", "imap", IMAP_OFFER "send ${tag} OK go\nread 1\nclose", PH_ERROR_TLS },
  /* logged in already, so that STARTTLS can't be said any more (RFC 9051 section 11.1) */
  { "preauth", "imap", "send * PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] welcome\ngone", PH_ERROR_TLS_REQUIRED },
  { "preauth-without-offer", "imap", "send * PREAUTH welcome\ngone", PH_ERROR_TLS_REQUIRED },
};

static PhSession *
session_for (PhScriptedServer *server, const char *scheme)
{
  g_autofree char *base = g_strdup_printf ("%s://alice@localhost", scheme);
  g_autofree char *uri = ph_scripted_server_uri (server, base);
  g_autofree char *ca = ph_scripted_server_certificate ("ca.pem");
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (GError) error = NULL;
  PhSession *session = ph_session_new (uri, &error);

  g_assert_no_error (error);
  ph_security_policy_set_ca_file (policy, ca);
  ph_session_set_policy (session, policy);
  ph_session_set_password (session, "wonderland");
  return session;
}

static void
test_attack (gconstpointer data)
{
  const Attack *attack = data;
  /* blocking and asynchronous calls share all but the waiting */
  gboolean both = strcmp (attack->name, "injected") == 0;
  int first = both ? 0 : (int) ((attack - attacks) % 2);

  for (int async = first; async <= (both ? 1 : first); async++)
    {
      g_autofree char *record = NULL;
      g_autofree char *said = NULL;
      g_autoptr (PhScriptedServer) server = NULL;
      g_autoptr (PhSession) session = NULL;
      g_autoptr (GError) error = NULL;

      close (g_file_open_tmp ("posthorn-said-XXXXXX", &record, NULL));
      server = ph_scripted_server_new (attack->script, "--record", record, NULL);
      session = session_for (server, attack->scheme);
      g_assert_false (ph_await_open (session, async, &error));
      g_assert_error (error, PH_ERROR, attack->code);
      g_assert_false (ph_session_is_open (session));
      g_assert_null (ph_session_get_mechanism (session));
      ph_scripted_server_finish (server);
      g_assert_true (g_file_get_contents (record, &said, NULL, NULL));
      g_assert_null (strstr (said, "AUTH"));
      g_assert_null (strstr (said, "LOGIN"));
      g_assert_null (strstr (said, "wonderland"));
      unlink (record);
    }
}

/* What was listed before TLS counts for nothing behind it. */
static void
test_forgotten (void)
{
  static const struct { const char *scheme, *script; } cases[] = {
    { "smtp", SMTP_HELLO "send 250-mail\nsend 250-SIZE 1\nsend 250-AUTH X-EVIL\nsend 250 STARTTLS\nexpect STARTTLS\nsend 220 go\nstarttls\n"
              "prefix EHLO \nsend 250-mail\nsend 250 AUTH PLAIN\nprefix AUTH PLAIN \nsend 235 welcome\nexpect QUIT\nsend 221 bye\nclosed" },
    { "imap", IMAP_OFFER "send ${tag} OK [CAPABILITY IMAP4rev1 X-EVIL AUTH=X-EVIL] go\nstarttls\nmatch (?P<a>[^ ]+) CAPABILITY\n"
              "send * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nsend ${a} OK done\nmatch (?P<b>[^ ]+) AUTHENTICATE PLAIN .*\n"
              "send ${b} OK [CAPABILITY IMAP4rev1] welcome\nmatch (?P<c>[^ ]+) LOGOUT\nsend * BYE bye\nsend ${c} OK done\nclosed" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (cases[i].script, NULL);
      g_autoptr (PhSession) session = session_for (server, cases[i].scheme);
      g_autoptr (GError) error = NULL;

      g_assert_true (ph_session_open (session, NULL, &error));
      g_assert_no_error (error);
      g_assert_false (ph_session_has_capability (session, "SIZE"));
      g_assert_false (ph_session_has_capability (session, "X-EVIL"));
      g_assert_true (ph_session_close (session, NULL, NULL));
      ph_scripted_server_finish (server);
    }
}

static gboolean
accept_anything (PhSession *session, PhTlsInfo *info, gpointer data)
{
  return TRUE;
}

/* RFC 8689 section 4.2.1: REQUIRETLS goes over a channel whose certificate is right, and nothing of the message over another. */
static void
test_require_tls (gconstpointer data)
{
  gboolean verified = GPOINTER_TO_INT (data);
  const char *sent = "expect MAIL FROM:<alice@example.org> SIZE=1 REQUIRETLS\nsend 250 ok\nexpect RCPT TO:<bob@example.net>\nsend 250 ok\n"
                     "expect DATA\nsend 354 go\nexpect x\nexpect .\nsend 250 ok\n";
  const char *hello = "prefix EHLO \nsend 250-mail\nsend 250-SIZE\nsend 250 REQUIRETLS\n";

  for (int starttls = 0; starttls < 2; starttls++)
    {
      g_autofree char *script =
          g_strconcat (starttls ? SMTP_HELLO OFFER "send 220 go\nstarttls\n" : "starttls\nsend 220 hi\n", hello, verified ? sent : "",
                       "expect QUIT\nsend 221 bye\nclosed", NULL);
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (script, NULL);
      g_autoptr (PhSession) session = session_for (server, starttls ? "smtp" : "smtps");
      g_autoptr (PhEnvelope) envelope = ph_envelope_new ("alice@example.org");
      g_autoptr (PhBody) body = ph_body_new_for_text ("x");
      g_autoptr (PhDelivery) delivery = NULL;
      g_autoptr (GError) error = NULL;

      ph_session_set_user (session, NULL);
      ph_session_set_password (session, NULL);
      if (!verified)
        {
          g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();

          ph_session_set_policy (session, policy);
          g_signal_connect (session, "accept-certificate", G_CALLBACK (accept_anything), NULL);
        }
      ph_envelope_add_recipient (envelope, "bob@example.net");
      ph_envelope_set_require_tls (envelope, TRUE);
      delivery = ph_transport_send (PH_TRANSPORT (session), envelope, body, NULL, &error);
      if (verified)
        g_assert_no_error (error);
      else
        g_assert_error (error, PH_ERROR, PH_ERROR_TLS_REQUIRED);
      g_assert_true (ph_session_close (session, NULL, NULL));
      ph_scripted_server_finish (server);
    }
}

/* A session under TLS is referred to a server whose URL says nothing of it: the way there is under TLS, or none, and no secret is taken along. */
static void
test_referred (void)
{
  static const struct { const char *script; int code; gboolean with_password; } cases[] = {
    { "send * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\nmatch (?P<tag>[^ ]+) CAPABILITY\n"
      "send * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nsend ${tag} OK done\ngone", PH_ERROR_TLS_REQUIRED, TRUE },
    { IMAP_OFFER "send ${tag} BAD what\ngone", PH_ERROR_TLS_REQUIRED, TRUE },
    { IMAP_OFFER "send ${tag} OK go\nstarttls\nmatch (?P<a>[^ ]+) CAPABILITY\nsend * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nsend ${a} OK done\ngone",
      PH_ERROR_NO_CREDENTIALS, FALSE },
    { IMAP_OFFER "send ${tag} OK go\nstarttls\nmatch (?P<a>[^ ]+) CAPABILITY\nsend * CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\nsend ${a} OK done\n"
      "match (?P<b>[^ ]+) AUTHENTICATE PLAIN AGJvYgBzZXNhbWU=\nsend ${b} OK [CAPABILITY IMAP4rev1] welcome\nmatch (?P<c>[^ ]+) LOGOUT\n"
      "send * BYE bye\nsend ${c} OK done\nclosed", 0, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PhScriptedServer) server = ph_scripted_server_new (cases[i].script, NULL);
      g_autoptr (PhSession) from = session_for (server, "imaps");
      g_autofree char *url = ph_scripted_server_uri (server, "imap://bob@localhost");
      g_autoptr (PhReferral) referral = ph_referral_new (url, NULL);
      g_autoptr (PhSession) session = NULL;
      g_autoptr (GError) error = NULL;

      ph_security_policy_set_tls_mode (ph_session_get_policy (from), PH_TLS_NEVER);
      session = ph_referral_make_session (referral, from, &error);
      g_assert_no_error (error);
      if (cases[i].with_password)
        ph_session_set_password (session, "sesame");
      if (cases[i].code != 0)
        {
          g_assert_false (ph_session_open (session, NULL, &error));
          g_assert_error (error, PH_ERROR, cases[i].code);
        }
      else
        {
          g_assert_true (ph_session_open (session, NULL, &error));
          g_assert_no_error (error);
          g_assert_nonnull (ph_session_get_tls_info (session));
          g_assert_true (ph_session_close (session, NULL, NULL));
        }
      ph_scripted_server_finish (server);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (attacks); i++)
    {
      g_autofree char *path = g_strdup_printf ("/starttls/%s/%s", attacks[i].name, attacks[i].scheme);

      g_test_add_data_func (path, &attacks[i], test_attack);
    }
  g_test_add_func ("/starttls/what-came-before-is-forgotten", test_forgotten);
  g_test_add_func ("/starttls/a-referred-session-is-no-weaker", test_referred);
  g_test_add_data_func ("/starttls/rfc8689-a-right-certificate", GINT_TO_POINTER (TRUE), test_require_tls);
  g_test_add_data_func ("/starttls/rfc8689-an-accepted-certificate", GINT_TO_POINTER (FALSE), test_require_tls);
  return g_test_run ();
}
