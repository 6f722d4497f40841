/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parameters of MAIL and RCPT: the exact lines, and what is refused before an octet is written. */
#include "smtp-test.h"

/* @sender NULL: alice@example.com. @to NULL: bob@example.net. @offers: EHLO lines. @lines: what is written; NULL: nothing, and @code,
 * @message tell why. */
typedef struct {
  const char  *name;
  const char  *sender;
  const char  *to;
  const char  *offers;
  void       (*ask) (PhEnvelope *envelope);
  const char  *lines;
  int          code;
  const char  *message;
  const char  *scheme;
  gboolean     unverified;
} Case;

#define ASK(name, ...) \
  static void ask_##name (PhEnvelope *e) \
  { \
    __VA_ARGS__; \
  }
#define NOTIFY(index, what) ph_envelope_set_recipient_notify (e, index, what)
#define ORIGINAL(index, type, address) ph_envelope_set_recipient_original (e, index, type, address)
#define UNSUPPORTED .code = PH_ERROR_NOT_SUPPORTED
#define INVALID .code = PH_ERROR_INVALID_ARGUMENT

static GDateTime *
instant (const char *text)
{
  GDateTime *time = g_date_time_new_from_iso8601 (text, NULL);
  g_assert_nonnull (time);
  return time;
}

static void
hold_until (PhEnvelope *envelope, const char *text)
{
  g_autoptr (GDateTime) time = instant (text);
  ph_envelope_set_hold_until (envelope, time);
}

static void
valid_since (PhEnvelope *envelope, const char *text, gboolean required)
{
  g_autoptr (GDateTime) time = instant (text);
  ph_envelope_set_recipient_valid_since (envelope, 0, time, required);
}

static void
track (PhEnvelope *envelope, const char *secret, guint timeout)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (secret, strlen (secret));
  ph_envelope_set_tracking (envelope, bytes, timeout);
}

/* A text of @length octets */
static const char *
filled (gsize length)
{
  static char text[20000];

  memset (text, 'x', length);
  text[length] = '\0';
  return text;
}

ASK (nothing, (void) e)
ASK (dsn_example, ph_envelope_set_dsn_return (e, PH_DSN_RETURN_HEADERS); ph_envelope_set_envelope_id (e, "QQ314159");
     NOTIFY (0, PH_DSN_NOTIFY_SUCCESS); ORIGINAL (0, NULL, "Bob@Example.COM"); NOTIFY (1, PH_DSN_NOTIFY_SUCCESS | PH_DSN_NOTIFY_FAILURE);
     ORIGINAL (1, "rfc822", "Dana@Ivory.EDU"); NOTIFY (2, PH_DSN_NOTIFY_NEVER))
ASK (dsn_encoded, ph_envelope_set_envelope_id (e, "a+b = c~"); ph_envelope_set_dsn_return (e, PH_DSN_RETURN_FULL);
     ORIGINAL (0, "x400", "/S=a b+c/"); NOTIFY (0, PH_DSN_NOTIFY_DELAY | PH_DSN_NOTIFY_SUCCESS | PH_DSN_NOTIFY_FAILURE))
ASK (dsn_left_out, ask_dsn_example (e); ph_envelope_set_best_effort (e, PH_ENVELOPE_OPTION_DSN))
ASK (never_and, NOTIFY (0, PH_DSN_NOTIFY_NEVER | PH_DSN_NOTIFY_DELAY))
ASK (notify_unknown, NOTIFY (0, (PhDsnNotify) 16))
ASK (return_unknown, ph_envelope_set_dsn_return (e, (PhDsnReturn) 3))
ASK (id_control, ph_envelope_set_envelope_id (e, "a\r\nRSET"))
ASK (id_eight_bit, ph_envelope_set_envelope_id (e, "ü"))
ASK (id_empty, ph_envelope_set_envelope_id (e, ""))
ASK (id_100, ph_envelope_set_envelope_id (e, filled (100)))
ASK (id_101, ph_envelope_set_envelope_id (e, filled (101)))
ASK (id_34_plus, ph_envelope_set_envelope_id (e, "++++++++++++++++++++++++++++++++++"))
ASK (original_control, ORIGINAL (0, NULL, "a\nb"))
ASK (original_utf8_control, ORIGINAL (0, NULL, "ü\nb"))
ASK (original_latin1, ORIGINAL (0, NULL, "\xfc@x"))
ASK (original_rfc822_utf8, ORIGINAL (0, "rfc822", "ü@x"))
ASK (original_type, ORIGINAL (0, "x; y", "a@b"))
ASK (original_empty, ORIGINAL (0, NULL, ""))
ASK (original_501, ORIGINAL (0, NULL, filled (494)))
ASK (original_utf8, ORIGINAL (0, NULL, "jörg+a=b\\c d@bücher.example"))
ASK (original_utf8_8bit, ph_envelope_set_utf8_headers (e, TRUE); ask_original_utf8 (e))
ASK (original_utf8_ascii, ORIGINAL (0, "utf-8", "a+b@x"))
ASK (auth_example, ph_envelope_set_auth (e, "e=mc2@example.com"))
ASK (auth_unknown, ph_envelope_set_auth (e, ""))
ASK (auth_control, ph_envelope_set_auth (e, "a\r\n@b"))
ASK (auth_blank, ph_envelope_set_auth (e, "a b@c"))
ASK (auth_long, ph_envelope_set_auth (e, filled (501)))
ASK (auth_utf8, ph_envelope_set_auth (e, "jörg@x.example"))
ASK (auth_idn, ph_envelope_set_auth (e, "j@bücher.example"))
ASK (auth_left_out, ask_auth_utf8 (e); ph_envelope_set_best_effort (e, PH_ENVELOPE_OPTION_AUTH))
ASK (require_tls, ph_envelope_set_require_tls (e, TRUE))
ASK (require_tls_left_out, ask_require_tls (e); ph_envelope_set_best_effort (e, (PhEnvelopeOption) ~0u))
ASK (by_120, ph_envelope_set_deliver_by (e, 120, PH_DELIVER_BY_RETURN, FALSE))
ASK (by_trace, ph_envelope_set_deliver_by (e, 999999999, PH_DELIVER_BY_NOTIFY, TRUE))
ASK (by_past, ph_envelope_set_deliver_by (e, -999999999, PH_DELIVER_BY_NOTIFY, FALSE))
ASK (by_0, ph_envelope_set_deliver_by (e, 0, PH_DELIVER_BY_RETURN, FALSE))
ASK (by_too_far, ph_envelope_set_deliver_by (e, 1000000000, PH_DELIVER_BY_NOTIFY, FALSE))
ASK (by_unknown, ph_envelope_set_deliver_by (e, 1, (PhDeliverBy) 3, FALSE))
ASK (by_left_out, ask_by_past (e); ph_envelope_set_best_effort (e, PH_ENVELOPE_OPTION_DELIVER_BY))
ASK (by_return_left_out, ask_by_120 (e); ph_envelope_set_best_effort (e, PH_ENVELOPE_OPTION_DELIVER_BY))
ASK (hold_for, ph_envelope_set_hold_for (e, 86400))
ASK (hold_for_too_long, ph_envelope_set_hold_for (e, 1000000000))
ASK (hold_until, hold_until (e, "2026-12-24T19:30:00.5+02:00"))
ASK (hold_both, ask_hold_for (e); ask_hold_until (e))
ASK (hold_and_by, ask_hold_for (e); ph_envelope_set_deliver_by (e, 86401, PH_DELIVER_BY_RETURN, FALSE))
ASK (hold_beyond_by, ask_hold_for (e); ph_envelope_set_deliver_by (e, 86400, PH_DELIVER_BY_RETURN, FALSE))
ASK (hold_until_beyond_by, hold_until (e, "9999-01-01T00:00:00Z"); ask_by_120 (e))
ASK (priority_3, ph_envelope_set_priority (e, 3))
ASK (priority_lowest, ph_envelope_set_priority (e, -9))
ASK (priority_0, ph_envelope_set_priority (e, 0))
ASK (priority_10, ph_envelope_set_priority (e, 10))
ASK (priority_mixer, ask_priority_3 (e); ph_envelope_set_priority_profile (e, "mixer"))
ASK (priority_mixer_left_out, ask_priority_mixer (e); ph_envelope_set_best_effort (e, PH_ENVELOPE_OPTION_PRIORITY))
ASK (since, valid_since (e, "2014-04-03T23:01:00Z", TRUE))
ASK (since_soft, valid_since (e, "2014-04-04T01:01:00+02:00", FALSE))
ASK (seven_bit, ph_envelope_set_body_type (e, PH_BODY_TYPE_SEVEN_BIT))
ASK (eight_bit, ph_envelope_set_body_type (e, PH_BODY_TYPE_EIGHT_BIT))
ASK (binary, ph_envelope_set_body_type (e, PH_BODY_TYPE_BINARY))
ASK (body_unknown, ph_envelope_set_body_type (e, (PhBodyType) 4))
ASK (body_twice, ask_eight_bit (e); ph_envelope_add_parameter (e, "body=7BIT"))
ASK (utf8, ph_envelope_set_utf8_headers (e, TRUE))
ASK (solicit, ph_envelope_set_solicitation (e, (const char *const[]){ "org.example:ADV:ADLT", NULL }))
ASK (solicit_two, ph_envelope_set_solicitation (e, (const char *const[]){ "net.example:ADV", "org.example:ADV:ADLT", NULL }))
ASK (solicit_comma, ph_envelope_set_solicitation (e, (const char *const[]){ "a,b", NULL }))
ASK (solicit_empty, ph_envelope_set_solicitation (e, (const char *const[]){ "", NULL }))
ASK (solicit_1000, ph_envelope_set_solicitation (e, (const char *const[]){ filled (1000), NULL }))
ASK (solicit_left_out, ask_solicit (e); ph_envelope_set_best_effort (e, PH_ENVELOPE_OPTION_SOLICITATION))
ASK (track, ph_envelope_set_envelope_id (e, "12345-20010101@example.com"); track (e, "0123456789abcdef", 0))
ASK (track_timeout, ph_envelope_set_envelope_id (e, "1@example.com"); track (e, "0123456789abcdef", 86400))
ASK (track_without_id, track (e, "0123456789abcdef", 0))
ASK (track_local_id, ph_envelope_set_envelope_id (e, "1"); track (e, "0123456789abcdef", 0))
ASK (track_short, ph_envelope_set_envelope_id (e, "1@x"); track (e, "0123456789abcde", 0))
ASK (track_left_out, ask_track (e);
     ph_envelope_set_best_effort (e, PH_ENVELOPE_OPTION_TRACKING | PH_ENVELOPE_OPTION_DSN))
ASK (conversion, ph_envelope_set_conversion_permitted (e, TRUE))
ASK (verp, ph_envelope_set_verp (e, ""))
ASK (verp_delimiters, ph_envelope_set_verp (e, "+="))
ASK (verp_one, ph_envelope_set_verp (e, "+"))
ASK (verp_control, ph_envelope_set_verp (e, "\r\n"))
ASK (twice, ask_dsn_example (e); ph_envelope_add_parameter (e, "ret=FULL"))
ASK (notify_twice, NOTIFY (0, PH_DSN_NOTIFY_NEVER); ph_envelope_add_recipient_parameter (e, 0, "NOTIFY=DELAY"))
ASK (free, ph_envelope_add_parameter (e, "X-ONE=1"); ph_envelope_add_parameter (e, "X-TWO");
     ph_envelope_add_recipient_parameter (e, 0, "CONNEG"))
ASK (free_control, ph_envelope_add_parameter (e, "X=1\r\nRSET"))
ASK (free_blank, ph_envelope_add_recipient_parameter (e, 0, "X=1 Y=2"))
ASK (free_empty, ph_envelope_add_parameter (e, ""))
ASK (free_latin1, ph_envelope_add_parameter (e, "X=\xfc"))
ASK (free_long, ph_envelope_add_recipient_parameter (e, 0, filled (12288)))
ASK (all, ask_dsn_example (e); ask_auth_example (e); ask_by_past (e); ask_priority_3 (e); ask_solicit (e); ask_conversion (e);
     ask_eight_bit (e); ask_utf8 (e); ask_verp (e))

#define THREE "Bob@Example.COM Dana@Ivory.EDU Fred@Bombs.AF.MIL"

static const Case cases[] = {
  { "nothing-is-asked-for", NULL, NULL, "DSN", ask_nothing, "MAIL FROM:<alice@example.com>\nRCPT TO:<bob@example.net>\n" },
  { "rfc3461-section-10.1", "Alice@Example.ORG", THREE, "DSN", ask_dsn_example,
    "MAIL FROM:<Alice@Example.ORG> RET=HDRS ENVID=QQ314159\n"
    "RCPT TO:<Bob@Example.COM> NOTIFY=SUCCESS ORCPT=rfc822;Bob@Example.COM\n"
    "RCPT TO:<Dana@Ivory.EDU> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Dana@Ivory.EDU\n"
    "RCPT TO:<Fred@Bombs.AF.MIL> NOTIFY=NEVER\n" },
  { "rfc3461-section-10.5-left-out", "Alice@Example.ORG", THREE, "8BITMIME", ask_dsn_left_out,
    "MAIL FROM:<Alice@Example.ORG> BODY=8BITMIME\nRCPT TO:<Bob@Example.COM>\nRCPT TO:<Dana@Ivory.EDU>\nRCPT TO:<Fred@Bombs.AF.MIL>\n" },
  { "dsn-in-lmtp", "Alice@Example.ORG", THREE, "DSN", ask_dsn_example,
    "MAIL FROM:<Alice@Example.ORG> RET=HDRS ENVID=QQ314159\n"
    "RCPT TO:<Bob@Example.COM> NOTIFY=SUCCESS ORCPT=rfc822;Bob@Example.COM\n"
    "RCPT TO:<Dana@Ivory.EDU> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Dana@Ivory.EDU\n"
    "RCPT TO:<Fred@Bombs.AF.MIL> NOTIFY=NEVER\n", .scheme = "lmtp" },
  { "dsn-is-not-offered", NULL, THREE, "8BITMIME", ask_dsn_example, UNSUPPORTED, .message = "mail.example.org does not offer DSN" },
  { "dsn-encoded-as-xtext", NULL, NULL, "DSN", ask_dsn_encoded,
    "MAIL FROM:<alice@example.com> RET=FULL ENVID=a+2Bb+20+3D+20c~\n"
    "RCPT TO:<bob@example.net> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=x400;/S+3Da+20b+2Bc/\n" },
  { "notify-never-and-something", NULL, NULL, "DSN", ask_never_and, INVALID,
    .message = "a sender can't be told of nothing and of something at once" },
  { "notify-of-what-there-is-not", NULL, NULL, "DSN", ask_notify_unknown, INVALID },
  { "return-what-there-is-not", NULL, NULL, "DSN", ask_return_unknown, INVALID },
  { "envelope-id-with-a-line-end", NULL, NULL, "DSN", ask_id_control, INVALID },
  { "envelope-id-that-is-not-ascii", NULL, NULL, "DSN", ask_id_eight_bit, INVALID },
  { "envelope-id-that-is-empty", NULL, NULL, "DSN", ask_id_empty, INVALID },
  { "envelope-id-of-101", NULL, NULL, "DSN", ask_id_101, INVALID, .message = "the envelope id, as xtext, is longer than 100 octets" },
  { "envelope-id-of-102-as-xtext", NULL, NULL, "DSN", ask_id_34_plus, INVALID },
  { "original-with-a-line-end", NULL, NULL, "DSN", ask_original_control, INVALID },
  { "original-utf8-with-a-line-end", NULL, NULL, "DSN", ask_original_utf8_control, INVALID },
  { "original-that-is-not-utf8", NULL, NULL, "DSN", ask_original_latin1, INVALID },
  { "original-rfc822-that-is-not-ascii", NULL, NULL, "DSN", ask_original_rfc822_utf8, INVALID },
  { "original-of-no-type", NULL, NULL, "DSN", ask_original_type, INVALID },
  { "original-that-is-empty", NULL, NULL, "DSN", ask_original_empty, INVALID },
  { "original-of-501", NULL, NULL, "DSN", ask_original_501, INVALID },
  { "rfc6533-addr-xtext", NULL, NULL, "DSN", ask_original_utf8,
    "MAIL FROM:<alice@example.com>\n"
    "RCPT TO:<bob@example.net> ORCPT=utf-8;j\\x{F6}rg\\x{2B}a\\x{3D}b\\x{5C}c\\x{20}d@b\\x{FC}cher.example\n" },
  { "rfc6533-addr-unitext", NULL, NULL, "DSN SMTPUTF8", ask_original_utf8_8bit,
    "MAIL FROM:<alice@example.com> SMTPUTF8\n"
    "RCPT TO:<bob@example.net> ORCPT=utf-8;jörg\\x{2B}a\\x{3D}b\\x{5C}c\\x{20}d@bücher.example\n" },
  { "rfc6533-of-ascii", NULL, NULL, "DSN", ask_original_utf8_ascii,
    "MAIL FROM:<alice@example.com>\nRCPT TO:<bob@example.net> ORCPT=utf-8;a\\x{2B}b@x\n" },
  { "rfc4954-section-5.1", "e=mc2@example.com", NULL, "AUTH=PLAIN", ask_auth_example,
    "MAIL FROM:<e=mc2@example.com> AUTH=e+3Dmc2@example.com\nRCPT TO:<bob@example.net>\n" },
  { "rfc4954-section-5.1-unknown", "john+@example.org", NULL, "AUTH=PLAIN", ask_auth_unknown,
    "MAIL FROM:<john+@example.org> AUTH=<>\nRCPT TO:<bob@example.net>\n" },
  { "auth-is-not-offered", NULL, NULL, "DSN", ask_auth_example, UNSUPPORTED },
  { "auth-with-a-line-end", NULL, NULL, "AUTH=PLAIN", ask_auth_control, INVALID },
  { "auth-with-a-blank", NULL, NULL, "AUTH=PLAIN", ask_auth_blank, INVALID },
  { "auth-of-501", NULL, NULL, "AUTH=PLAIN", ask_auth_long, INVALID },
  { "auth-in-utf8", NULL, NULL, "AUTH=PLAIN SMTPUTF8", ask_auth_utf8,
    "MAIL FROM:<alice@example.com> AUTH=j+C3+B6rg@x.example\nRCPT TO:<bob@example.net>\n" },
  { "auth-in-utf8-that-is-not-offered", NULL, NULL, "AUTH=PLAIN", ask_auth_utf8, UNSUPPORTED },
  { "auth-of-which-only-the-domain-is-not-ascii", NULL, NULL, "AUTH=PLAIN", ask_auth_idn,
    "MAIL FROM:<alice@example.com> AUTH=j@xn--bcher-kva.example\nRCPT TO:<bob@example.net>\n" },
  { "auth-left-out", NULL, NULL, "AUTH=PLAIN", ask_auth_left_out, "MAIL FROM:<alice@example.com>\nRCPT TO:<bob@example.net>\n" },
  { "require-tls-without-tls", NULL, NULL, "REQUIRETLS", ask_require_tls, .code = PH_ERROR_TLS_REQUIRED,
    .message = "TLS is required on the whole way, and this connection to mail.example.org has none" },
  { "require-tls-over-a-unix-socket", NULL, NULL, "REQUIRETLS", ask_require_tls, .code = PH_ERROR_TLS_REQUIRED, .scheme = "lmtp" },
  { "rfc8689-appendix-a", "roger@example.org", "editor@example.net", "REQUIRETLS", ask_require_tls,
    "MAIL FROM:<roger@example.org> REQUIRETLS\nRCPT TO:<editor@example.net>\n", .scheme = "smtps" },
  { "rfc8689-section-4.2.1-unverified", NULL, NULL, "REQUIRETLS", ask_require_tls, .code = PH_ERROR_TLS_REQUIRED,
    .message = "TLS is required on the whole way, and the certificate of mail.example.org was accepted unverified", .scheme = "smtps",
    .unverified = TRUE },
  { "require-tls-is-never-left-out", NULL, NULL, "DSN", ask_require_tls_left_out, UNSUPPORTED, .scheme = "smtps" },
  { "rfc2852-section-7", "eljefe@bigbiz.com", "topbanana@other.com", "DELIVERBY", ask_by_120,
    "MAIL FROM:<eljefe@bigbiz.com> BY=120;R\nRCPT TO:<topbanana@other.com>\n" },
  { "deliver-by-with-trace", NULL, NULL, "DELIVERBY=240,x", ask_by_trace,
    "MAIL FROM:<alice@example.com> BY=999999999;NT\nRCPT TO:<bob@example.net>\n" },
  { "deliver-by-of-the-past", NULL, NULL, "DELIVERBY=240", ask_by_past,
    "MAIL FROM:<alice@example.com> BY=-999999999;N\nRCPT TO:<bob@example.net>\n" },
  { "deliver-by-at-the-minimum", NULL, NULL, "DELIVERBY=120,x", ask_by_120,
    "MAIL FROM:<alice@example.com> BY=120;R\nRCPT TO:<bob@example.net>\n" },
  { "deliver-by-below-the-minimum", NULL, NULL, "DELIVERBY=121", ask_by_120, UNSUPPORTED,
    .message = "mail.example.org wants 121 seconds at least to deliver a message, and 120 were given" },
  { "deliver-by-now-or-return", NULL, NULL, "DELIVERBY", ask_by_0, INVALID },
  { "deliver-by-too-far", NULL, NULL, "DELIVERBY", ask_by_too_far, INVALID },
  { "deliver-by-in-no-mode", NULL, NULL, "DELIVERBY", ask_by_unknown, INVALID },
  { "deliver-by-left-out", NULL, NULL, "DSN", ask_by_left_out, "MAIL FROM:<alice@example.com>\nRCPT TO:<bob@example.net>\n" },
  { "deliver-by-or-return-is-never-left-out", NULL, NULL, "DSN", ask_by_return_left_out, UNSUPPORTED },
  { "hold-for", NULL, NULL, "FUTURERELEASE=86400=2027-01-01T00:00:00Z", ask_hold_for,
    "MAIL FROM:<alice@example.com> HOLDFOR=86400\nRCPT TO:<bob@example.net>\n" },
  { "hold-for-longer-than-the-maximum", NULL, NULL, "FUTURERELEASE=86399=2027-01-01T00:00:00Z", ask_hold_for, UNSUPPORTED,
    .message = "mail.example.org holds a message for 86399 seconds at most, and 86400 were asked for" },
  { "hold-for-too-long", NULL, NULL, "FUTURERELEASE=9999999999=2027-01-01T00:00:00Z", ask_hold_for_too_long, INVALID },
  { "hold-until-in-utc", NULL, NULL, "FUTURERELEASE=86400=2027-01-01T00:00:00Z", ask_hold_until,
    "MAIL FROM:<alice@example.com> HOLDUNTIL=2026-12-24T17:30:00Z\nRCPT TO:<bob@example.net>\n" },
  { "hold-until-beyond-the-latest", NULL, NULL, "FUTURERELEASE=86400=2026-12-24T17:29:59Z", ask_hold_until, UNSUPPORTED,
    .message = "mail.example.org holds a message until 2026-12-24T17:29:59Z at most" },
  { "hold-for-and-until", NULL, NULL, "FUTURERELEASE=86400=2027-01-01T00:00:00Z", ask_hold_both, INVALID },
  { "hold-a-report", "", NULL, "FUTURERELEASE=86400=2027-01-01T00:00:00Z", ask_hold_for, INVALID },
  { "hold-is-not-offered", NULL, NULL, "DELIVERBY", ask_hold_for, UNSUPPORTED },
  { "hold-within-the-time-to-deliver-by", NULL, NULL, "DELIVERBY FUTURERELEASE=86400=2027-01-01T00:00:00Z", ask_hold_and_by,
    "MAIL FROM:<alice@example.com> BY=86401;R HOLDFOR=86400\nRCPT TO:<bob@example.net>\n" },
  { "hold-beyond-the-time-to-deliver-by", NULL, NULL, "DELIVERBY FUTURERELEASE=86400=2027-01-01T00:00:00Z", ask_hold_beyond_by, INVALID },
  { "hold-until-beyond-the-time-to-deliver-by", NULL, NULL, "DELIVERBY FUTURERELEASE=86400=9999-12-31T00:00:00Z",
    ask_hold_until_beyond_by, INVALID },
  { "rfc6710-appendix", NULL, NULL, "MT-PRIORITY=MIXER", ask_priority_3,
    "MAIL FROM:<alice@example.com> MT-PRIORITY=3\nRCPT TO:<bob@example.net>\n" },
  { "priority-lowest", NULL, NULL, "MT-PRIORITY", ask_priority_lowest,
    "MAIL FROM:<alice@example.com> MT-PRIORITY=-9\nRCPT TO:<bob@example.net>\n" },
  { "priority-normal", NULL, NULL, "MT-PRIORITY", ask_priority_0,
    "MAIL FROM:<alice@example.com> MT-PRIORITY=0\nRCPT TO:<bob@example.net>\n" },
  { "priority-out-of-range", NULL, NULL, "MT-PRIORITY", ask_priority_10, INVALID, .message = "a priority is from -9 to 9" },
  { "priority-by-its-profile", NULL, NULL, "MT-PRIORITY=MIXER", ask_priority_mixer,
    "MAIL FROM:<alice@example.com> MT-PRIORITY=3\nRCPT TO:<bob@example.net>\n" },
  { "priority-by-another-profile", NULL, NULL, "MT-PRIORITY=STANAG4406", ask_priority_mixer, UNSUPPORTED },
  { "priority-left-out", NULL, NULL, "MT-PRIORITY=STANAG4406", ask_priority_mixer_left_out,
    "MAIL FROM:<alice@example.com>\nRCPT TO:<bob@example.net>\n" },
  { "rfc7293-section-13.1", "sender@example.net", "receiver@example.com", "RRVS", ask_since,
    "MAIL FROM:<sender@example.net>\nRCPT TO:<receiver@example.com> RRVS=2014-04-03T23:01:00Z\n" },
  { "valid-since-and-continue", NULL, NULL, "RRVS", ask_since_soft,
    "MAIL FROM:<alice@example.com>\nRCPT TO:<bob@example.net> RRVS=2014-04-03T23:01:00Z;C\n" },
  { "valid-since-left-out", NULL, NULL, "DSN", ask_since_soft, "MAIL FROM:<alice@example.com>\nRCPT TO:<bob@example.net>\n" },
  { "valid-since-is-not-offered", NULL, NULL, "DSN", ask_since, UNSUPPORTED },
  { "body-7bit", NULL, NULL, "8BITMIME", ask_seven_bit, "MAIL FROM:<alice@example.com> BODY=7BIT\nRCPT TO:<bob@example.net>\n" },
  { "body-7bit-says-nothing-where-it-can-not", NULL, NULL, "DSN", ask_seven_bit,
    "MAIL FROM:<alice@example.com>\nRCPT TO:<bob@example.net>\n" },
  { "body-8bitmime", NULL, NULL, "8BITMIME", ask_eight_bit, "MAIL FROM:<alice@example.com> BODY=8BITMIME\nRCPT TO:<bob@example.net>\n" },
  { "body-8bitmime-is-not-offered", NULL, NULL, "DSN", ask_eight_bit, UNSUPPORTED },
  { "body-binarymime-is-not-offered", NULL, NULL, "CHUNKING 8BITMIME", ask_binary, UNSUPPORTED },
  { "body-binarymime-without-chunking", NULL, NULL, "BINARYMIME 8BITMIME", ask_binary, UNSUPPORTED },
  { "body-of-no-type", NULL, NULL, "8BITMIME", ask_body_unknown, INVALID },
  { "body-twice", NULL, NULL, "8BITMIME", ask_body_twice, INVALID },
  { "utf8-headers", NULL, NULL, "SMTPUTF8", ask_utf8, "MAIL FROM:<alice@example.com> SMTPUTF8\nRCPT TO:<bob@example.net>\n" },
  { "utf8-headers-are-not-offered", NULL, NULL, "DSN", ask_utf8, UNSUPPORTED },
  { "rfc3865-section-2.3", "save@example.com", NULL, "NO-SOLICITING=net.example:ADV", ask_solicit,
    "MAIL FROM:<save@example.com> SOLICIT=org.example:ADV:ADLT\nRCPT TO:<bob@example.net>\n" },
  { "solicitation-of-two-classes", NULL, NULL, "NO-SOLICITING", ask_solicit_two,
    "MAIL FROM:<alice@example.com> SOLICIT=net.example:ADV,org.example:ADV:ADLT\nRCPT TO:<bob@example.net>\n" },
  { "solicitation-that-is-not-wanted", NULL, NULL, "NO-SOLICITING=a:b,net.example:ADV", ask_solicit_two, UNSUPPORTED,
    .message = "mail.example.org wants no messages of the solicitation class net.example:ADV" },
  { "solicitation-with-a-comma", NULL, NULL, "NO-SOLICITING", ask_solicit_comma, INVALID },
  { "solicitation-that-is-empty", NULL, NULL, "NO-SOLICITING", ask_solicit_empty, INVALID },
  { "solicitation-of-1000", NULL, NULL, "NO-SOLICITING", ask_solicit_1000, INVALID },
  { "solicitation-left-out", NULL, NULL, "DSN", ask_solicit_left_out, "MAIL FROM:<alice@example.com>\nRCPT TO:<bob@example.net>\n" },
  { "tracking", NULL, NULL, "MTRK", ask_track,
    "MAIL FROM:<alice@example.com> ENVID=12345-20010101@example.com MTRK=/lVn6NdpVQhSGCzfaddLsW3/jik\nRCPT TO:<bob@example.net>\n" },
  { "tracking-with-a-timeout", NULL, NULL, "MTRK DSN", ask_track_timeout,
    "MAIL FROM:<alice@example.com> ENVID=1@example.com MTRK=/lVn6NdpVQhSGCzfaddLsW3/jik:86400\nRCPT TO:<bob@example.net>\n" },
  { "tracking-without-an-id", NULL, NULL, "MTRK DSN", ask_track_without_id, INVALID },
  { "tracking-with-a-local-id", NULL, NULL, "MTRK DSN", ask_track_local_id, INVALID },
  { "tracking-with-a-short-secret", NULL, NULL, "MTRK DSN", ask_track_short, INVALID },
  { "tracking-is-not-offered", NULL, NULL, "DSN", ask_track, UNSUPPORTED },
  { "tracking-left-out", NULL, NULL, "8BITMIME", ask_track_left_out,
    "MAIL FROM:<alice@example.com> BODY=8BITMIME\nRCPT TO:<bob@example.net>\n" },
  { "rfc4141-section-9.1", "May@some.example.com", "June@some.example.com", "CONPERM", ask_conversion,
    "MAIL FROM:<May@some.example.com> CONPERM\nRCPT TO:<June@some.example.com>\n" },
  { "conversion-is-not-offered", NULL, NULL, "DSN", ask_conversion, UNSUPPORTED },
  { "verp", NULL, NULL, "XVERP", ask_verp, "MAIL FROM:<alice@example.com> XVERP\nRCPT TO:<bob@example.net>\n" },
  { "verp-with-delimiters", NULL, NULL, "XVERP", ask_verp_delimiters,
    "MAIL FROM:<alice@example.com> XVERP=+=\nRCPT TO:<bob@example.net>\n" },
  { "verp-with-one-delimiter", NULL, NULL, "XVERP", ask_verp_one, INVALID },
  { "verp-with-a-line-end", NULL, NULL, "XVERP", ask_verp_control, INVALID },
  { "verp-is-not-offered", NULL, NULL, "DSN", ask_verp, UNSUPPORTED },
  { "given-twice-for-mail", NULL, THREE, "DSN", ask_twice, INVALID,
    .message = "RET is given twice: as a parameter, and by its own call" },
  { "given-twice-for-rcpt", NULL, NULL, "DSN", ask_notify_twice, INVALID },
  { "free-parameters", NULL, NULL, "DSN", ask_free,
    "MAIL FROM:<alice@example.com> X-ONE=1 X-TWO\nRCPT TO:<bob@example.net> CONNEG\n" },
  { "free-with-a-line-end", NULL, NULL, "DSN", ask_free_control, INVALID },
  { "free-with-a-blank", NULL, NULL, "DSN", ask_free_blank, INVALID },
  { "free-that-is-empty", NULL, NULL, "DSN", ask_free_empty, INVALID },
  { "free-that-is-not-utf8", NULL, NULL, "DSN", ask_free_latin1, INVALID },
  { "free-that-is-too-long", NULL, NULL, "DSN", ask_free_long, INVALID, .message = "a command would become longer than 12288 octets" },
  { "all-at-once", NULL, THREE, "DSN AUTH=PLAIN DELIVERBY MT-PRIORITY NO-SOLICITING CONPERM 8BITMIME SMTPUTF8 XVERP SIZE", ask_all,
    "MAIL FROM:<alice@example.com> SIZE=1 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ314159 AUTH=e+3Dmc2@example.com BY=-999999999;N "
    "MT-PRIORITY=3 SOLICIT=org.example:ADV:ADLT CONPERM XVERP\n"
    "RCPT TO:<Bob@Example.COM> NOTIFY=SUCCESS ORCPT=rfc822;Bob@Example.COM\n"
    "RCPT TO:<Dana@Ivory.EDU> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;Dana@Ivory.EDU\n"
    "RCPT TO:<Fred@Bombs.AF.MIL> NOTIFY=NEVER\n" },
};

/* "A B=c" as lines of EHLO's reply; "=" stands for a blank between keyword and parameters */
static char *
hello_reply (const char *offers)
{
  g_autoptr (GString) reply = g_string_new ("250-mail.example.org\r\n");
  g_auto (GStrv) words = g_strsplit (offers, " ", -1);

  for (char **word = words; *word != NULL; word++)
    g_string_append_printf (reply, "250-%s\r\n", g_strdelimit (*word, "=", ' '));
  g_string_append (reply, "250 PIPELINING\r\n");
  return g_string_free (g_steal_pointer (&reply), FALSE);
}

static PhHarness *
open_session (const Case *self)
{
  PhHarness *harness = ph_harness_new_for_scheme (self->scheme != NULL ? self->scheme : "smtp");
  g_autofree char *reply = hello_reply (self->offers);

  harness->setup.channel_secure = self->scheme != NULL;
  harness->unverified = self->unverified;
  ph_harness_start (harness);
  ph_harness_push (harness, "220 mail.example.org ready\r\n");
  ph_harness_expect (harness, g_strcmp0 (self->scheme, "lmtp") == 0 ? "LHLO client.example.com\r\n" : HELLO);
  ph_harness_push (harness, reply);
  ph_harness_expect_event (harness, PH_EVENT_OPENED);
  return harness;
}

static void
test_case (gconstpointer data)
{
  const Case *self = data;
  g_autoptr (PhHarness) harness = open_session (self);
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new (self->sender != NULL ? self->sender : "alice@example.com");
  g_autoptr (PhBody) body = ph_body_new_for_text ("x");
  g_auto (GStrv) to = g_strsplit (self->to != NULL ? self->to : "bob@example.net", " ", -1);

  for (char **address = to; *address != NULL; address++)
    ph_envelope_add_recipient (envelope, *address);
  self->ask (envelope);
  g_autoptr (PhCommand) command = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_send (engine, envelope, body);
  ph_harness_submit (harness, command);
  if (self->lines != NULL)
    {
      g_auto (GStrv) lines = g_strsplit (self->lines, "\n", -1);
      g_autofree char *group = g_strjoinv ("\r\n", lines);
      g_autofree char *expected = g_strconcat (group, "DATA\r\n", NULL);
      ph_harness_expect (harness, expected);
      return;
    }
  const GError *error = ph_harness_expect_error (harness, command, self->code);
  if (self->message != NULL)
    g_assert_cmpstr (error->message, ==, self->message);
  ph_harness_expect_nothing (harness);
  g_assert_true (ph_error_get_delivery (error) == ph_command_peek_result (command));
}

/* 100 octets are not too many. */
static void
test_longest_id (void)
{
  const Case self = { .offers = "DSN", .ask = ask_id_100 };
  g_autofree char *lines = g_strconcat ("MAIL FROM:<alice@example.com> ENVID=", filled (100), "\nRCPT TO:<bob@example.net>\n", NULL);
  Case longest = self;

  longest.lines = lines;
  test_case (&longest);
}

/* A server that offers BODY and SIZE and then does not know them is asked again; what was asked for is not left out. */
static void
test_asked_for_stays (void)
{
  const Case self = { .offers = "DSN 8BITMIME SIZE" };
  g_autoptr (PhHarness) harness = open_session (&self);
  g_autoptr (PhEnvelope) envelope = ph_envelope_new ("a@b");
  g_autoptr (PhBody) body = ph_body_new_for_text ("x");
  PhTransportEngine *engine = PH_TRANSPORT_ENGINE (harness->engine);

  ph_envelope_add_recipient (envelope, "c@d");
  ph_envelope_set_dsn_return (envelope, PH_DSN_RETURN_FULL);
  ph_envelope_set_body_type (envelope, PH_BODY_TYPE_EIGHT_BIT);
  ph_envelope_set_recipient_notify (envelope, 0, PH_DSN_NOTIFY_NEVER);
  g_autoptr (PhCommand) command = PH_TRANSPORT_ENGINE_GET_IFACE (engine)->make_send (engine, envelope, body);
  ph_harness_submit (harness, command);
  ph_harness_expect (harness, "MAIL FROM:<a@b> SIZE=1 BODY=8BITMIME RET=FULL\r\nRCPT TO:<c@d> NOTIFY=NEVER\r\nDATA\r\n");
  ph_harness_push (harness, "555 5.5.4 unknown\r\n503 no\r\n503 no\r\n");
  ph_harness_expect (harness, "MAIL FROM:<a@b> BODY=8BITMIME RET=FULL\r\nRCPT TO:<c@d> NOTIFY=NEVER\r\nDATA\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/smtp/parameters/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/smtp/parameters/envelope-id-of-100", test_longest_id);
  g_test_add_func ("/smtp/parameters/what-was-asked-for-stays-at-the-second-try", test_asked_for_stays);
  return g_test_run ();
}
