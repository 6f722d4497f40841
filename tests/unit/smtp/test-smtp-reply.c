/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reply parser, fed whole, octet by octet and cut at every position. */
#include "ph-smtp-reply.h"

#include <string.h>

typedef struct {
  const char *name;
  const char *octets;
  const char *replies;    /* "code enhanced|text" each, "/" between them; "!code" for an error */
} Case;

static const Case cases[] = {
  { "a line", "250 ok\r\n", "250 -|ok" },
  { "no text", "250\r\n", "250 -|" },
  { "blank and no text", "250 \r\n", "250 -|" },
  { "many lines", "250-one\r\n250-two\r\n250 three\r\n", "250 -|one\ntwo\nthree" },
  { "many lines without text", "250-\r\n250-two\r\n250\r\n", "250 -|\ntwo\n" },
  { "two replies", "250 one\r\n354 two\r\n", "250 -|one/354 -|two" },
  { "the same lines again", "250-one\r\n250 two\r\n250-one\r\n250 two\r\n250-one\r\n250 two\r\n", "250 -|one\ntwo/250 -|one\ntwo/250 -|one\ntwo" },
  { "the same lines again, then others", "250-one\r\n250 two\r\n250-one\r\n250 two three\r\n", "250 -|one\ntwo/250 -|one\ntwo three" },
  { "the same lines again, then more", "250-one\r\n250 two\r\n250-one\r\n250-two\r\n250 three\r\n", "250 -|one\ntwo/250 -|one\ntwo\nthree" },
  { "flawed lines again", "250-one\r\n550 two\r\n250-one\r\n550 two\r\n", "550 -|one\ntwo/550 -|one\ntwo" },
  { "bare LF", "250-one\n250 two\n221 bye\r\n", "250 -|one\ntwo/221 -|bye" },
  { "CRs before LF", "250 ok\r\r\n", "250 -|ok" },
  { "CR within a line", "250 a\rb\r\n", "250 -|a\rb" },
  { "no blank behind the code", "250ok\r\n", "250 -|ok" },
  { "a tab behind the code", "250\tok\r\n", "250 -|ok" },
  { "text that begins with a dash", "250--ok\r\n250 -ok\r\n", "250 -|-ok\n-ok" },
  { "enhanced status", "550 5.1.1 no such user\r\n", "550 5.1.1|no such user" },
  { "enhanced status alone", "250 2.0.0\r\n", "250 2.0.0|" },
  { "enhanced status of three digits", "550 5.712.345 text\r\n", "550 5.712.345|text" },
  { "enhanced status on each line", "550-5.7.1 one\r\n550 5.7.1 two\r\n", "550 5.7.1|one\ntwo" },
  { "enhanced status of another class", "550 4.1.1 text\r\n", "550 -|4.1.1 text" },
  { "enhanced status with four digits", "550 5.1.1234 text\r\n", "550 -|5.1.1234 text" },
  { "enhanced status cut short", "550 5.1 text\r\n", "550 -|5.1 text" },
  { "enhanced status without end", "550 5.1.1text\r\n", "550 -|5.1.1text" },
  { "an address that looks like one", "250 2.0.0.1 text\r\n", "250 -|2.0.0.1 text" },
  { "354 has none", "354 3.0.0 go\r\n", "354 -|3.0.0 go" },
  { "second digit beyond the grammar", "571 no\r\n", "571 -|no" },
  { "codes that change", "250-one\r\n251 two\r\n", "251 -|one\ntwo" },
  { "classes that change", "250-one\r\n550 5.1.1 two\r\n", "550 5.1.1|one\ntwo" },
  { "classes that change to the better", "550-5.1.1 one\r\n250 2.0.0 two\r\n", "550 -|one\ntwo" },
  { "not UTF-8", "250 caf\xe9\r\n", "250 -|caf\xef\xbf\xbd" },
  { "UTF-8", "250 caf\xc3\xa9\r\n", "250 -|caf\xc3\xa9" },
  { "no code", "hello\r\n", "!protocol" },
  { "an empty line", "\r\n", "!protocol" },
  { "an HTTP server", "HTTP/1.1 400 Bad Request\r\n", "!protocol" },
  { "two digits", "25 ok\r\n", "!protocol" },
  { "four digits", "2500 ok\r\n", "!protocol" },
  { "code 1xx", "150 wait\r\n", "!protocol" },
  { "code 6xx", "650 no\r\n", "!protocol" },
  { "code 000", "000 no\r\n", "!protocol" },
  { "garbage within a reply", "250-one\r\ngarbage\r\n250 two\r\n", "!protocol/250 -|two" },
  { "goes on behind garbage", "garbage\r\n250 two\r\n", "!protocol/250 -|two" },
};

static void
append_result (GString *got, PhReply *reply, GError *error)
{
  if (got->len > 0)
    g_string_append_c (got, '/');
  if (error != NULL)
    {
      g_assert_cmpint (error->domain, ==, PH_ERROR);
      g_string_append (got, error->code == PH_ERROR_PROTOCOL ? "!protocol" : error->code == PH_ERROR_LIMIT ? "!limit" : "!other");
      return;
    }
  const char *enhanced = ph_reply_get_enhanced_status (reply);
  g_string_append_printf (got, "%d %s|%s", ph_reply_get_code (reply), enhanced != NULL ? enhanced : "-", ph_reply_get_text (reply));
}

static void
feed (PhSmtpReplyParser *parser, const char *octets, gsize length, GString *got)
{
  gsize done = 0;

  while (done < length)
    {
      g_autoptr (PhReply) reply = NULL;
      g_autoptr (GError) error = NULL;
      gsize taken = ph_smtp_reply_parser_feed (parser, (const guint8 *) octets + done, length - done, &reply, &error);
      g_assert_cmpuint (taken, >, 0);
      g_assert_cmpuint (taken, <=, length - done);
      done += taken;
      g_assert_false (reply != NULL && error != NULL);
      if (reply != NULL || error != NULL)
        append_result (got, reply, error);
      else
        g_assert_cmpuint (done, ==, length);
    }
}

/* In pieces of @piece octets, the first of @first */
static char *
parse (const char *octets, gsize length, gsize first, gsize piece)
{
  PhSmtpReplyParser parser;
  GString *got = g_string_new (NULL);

  ph_smtp_reply_parser_init (&parser, 65536, 1000, 1 << 20);
  for (gsize done = 0; done < length;)
    {
      gsize part = MIN (done == 0 ? first : piece, length - done);
      /* a copy, so that a read beyond the piece is one beyond the block */
      g_autofree char *copy = g_memdup2 (octets + done, part);
      feed (&parser, copy, part, got);
      done += part;
    }
  g_assert_false (ph_smtp_reply_parser_is_within (&parser));
  ph_smtp_reply_parser_clear (&parser);
  return g_string_free (got, FALSE);
}

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].octets);
      for (gsize first = 1; first <= length; first++)
        {
          g_autofree char *got = parse (cases[i].octets, length, first, length);
          if (!g_str_equal (got, cases[i].replies))
            g_error ("%s, cut at %" G_GSIZE_FORMAT ": got %s", cases[i].name, first, got);
        }
      g_autofree char *got = parse (cases[i].octets, length, 1, 1);
      g_assert_cmpstr (got, ==, cases[i].replies);
    }
}

static void
test_nul (void)
{
  static const char octets[] = "250-a\0b\r\n250 \0\r\n";
  g_autofree char *got = parse (octets, sizeof octets - 1, 3, 1);
  g_assert_cmpstr (got, ==, "250 -|a\xef\xbf\xbd" "b\n\xef\xbf\xbd");
}

static void
test_flaws (void)
{
  static const struct {
    const char *octets;
    PhSmtpReplyFlaw flaw;
  } flaws[] = {
    { "250-a\r\n250 b\r\n", PH_SMTP_REPLY_FAIR },
    { "250-a\r\n251 b\r\n", PH_SMTP_REPLY_CODES },
    { "250-a\r\n550-b\r\n250 c\r\n", PH_SMTP_REPLY_CLASSES },
    { "550-a\r\n551-b\r\n450 c\r\n", PH_SMTP_REPLY_CLASSES },
  };

  for (guint i = 0; i < G_N_ELEMENTS (flaws); i++)
    {
      PhSmtpReplyParser parser;
      g_autoptr (PhReply) reply = NULL;

      ph_smtp_reply_parser_init (&parser, 100, 10, 1000);
      ph_smtp_reply_parser_feed (&parser, (const guint8 *) flaws[i].octets, strlen (flaws[i].octets), &reply, NULL);
      g_assert_nonnull (reply);
      g_assert_cmpint (parser.flaw, ==, flaws[i].flaw);
      ph_smtp_reply_parser_clear (&parser);
    }
}

static void
test_status (void)
{
  static const struct {
    int      code;
    PhStatus status;
  } codes[] = {
    { 220, PH_STATUS_OK }, { 354, PH_STATUS_OK }, { 421, PH_STATUS_BYE }, { 450, PH_STATUS_NO }, { 500, PH_STATUS_BAD },
    { 504, PH_STATUS_BAD }, { 505, PH_STATUS_NO }, { 550, PH_STATUS_NO }, { 599, PH_STATUS_NO },
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    g_assert_cmpint (ph_smtp_reply_status (codes[i].code), ==, codes[i].status);
}

static char *
parse_limited (const char *octets, gsize piece)
{
  PhSmtpReplyParser parser;
  GString *got = g_string_new (NULL);
  gsize length = strlen (octets);

  ph_smtp_reply_parser_init (&parser, 20, 3, 50);
  for (gsize done = 0; done < length && got->len == 0; done += piece)
    feed (&parser, octets + done, MIN (piece, length - done), got);
  ph_smtp_reply_parser_clear (&parser);
  return g_string_free (got, FALSE);
}

static void
test_limits (void)
{
  static const struct {
    const char *octets, *result;
  } limits[] = {
    { "250 456789012345678\r\n", "250 -|456789012345678" },
    { "250 345678901234567890", "!limit" },
    { "250-1\r\n250-2\r\n250 3\r\n", "250 -|1\n2\n3" },
    { "250-1\r\n250-2\r\n250-3\r\n250 4\r\n", "!limit" },
    { "250-456789012345678\r\n250-456789012345678\r\n250 456789012345678\r\n", "!limit" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    for (gsize piece = 1; piece < 30; piece++)
      {
        g_autofree char *got = parse_limited (limits[i].octets, piece);
        if (!g_str_has_prefix (got, limits[i].result))
          g_error ("limit %u in pieces of %" G_GSIZE_FORMAT ": got %s", i, piece, got);
      }
}

static void
test_endless (void)
{
  g_autofree char *line = g_strnfill (65536, 'x');
  PhSmtpReplyParser parser;
  g_autoptr (PhReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  gsize fed = 0;

  ph_smtp_reply_parser_init (&parser, 65536, 1000, G_MAXSIZE);
  while (error == NULL && fed < 1 << 20)
    fed += ph_smtp_reply_parser_feed (&parser, (const guint8 *) line, 4096, &reply, &error);
  g_assert_error (error, PH_ERROR, PH_ERROR_LIMIT);
  g_assert_cmpuint (fed, <=, 65536 + 4096);
  ph_smtp_reply_parser_clear (&parser);
}

static PhReply *
read_one (PhSmtpReplyParser *parser, const char *line)
{
  PhReply *reply;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (ph_smtp_reply_parser_feed (parser, (const guint8 *) line, strlen (line), &reply, &error), ==, strlen (line));
  g_assert_no_error (error);
  g_assert_nonnull (reply);
  return reply;
}

/* What a server says to each message is read once, though it says something new to each as well. */
static void
test_same_again (void)
{
  static const char *const lines[] = { "250 2.1.0 Ok\r\n", "250 2.1.5 Ok\r\n", "354 End data with <CR><LF>.<CR><LF>\r\n" };
  PhReply *first[G_N_ELEMENTS (lines)] = { NULL };
  PhSmtpReplyParser parser;

  ph_smtp_reply_parser_init (&parser, 512, 100, 65536);
  ph_reply_unref (read_one (&parser, "220 mx.example.test ESMTP\r\n"));
  for (guint n = 0; n < 100; n++)
    {
      g_autofree char *queued = g_strdup_printf ("250 2.0.0 Ok: queued as %X\r\n", 4711 * n);
      for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
        {
          g_autoptr (PhReply) reply = read_one (&parser, lines[i]);
          if (n == 0)
            first[i] = ph_reply_ref (reply);
          g_assert_true (reply == first[i]);
        }
      g_autoptr (PhReply) last = read_one (&parser, queued);
      g_assert_cmpint (ph_reply_get_code (last), ==, 250);
      g_assert_cmpstr (ph_reply_get_enhanced_status (last), ==, "2.0.0");
      g_assert_true (g_str_has_prefix (queued + 10, ph_reply_get_text (last)));
    }
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    ph_reply_unref (first[i]);
  ph_smtp_reply_parser_clear (&parser);
}

static void
test_lines_again (void)
{
  static const char hello[] = "250-mx.example.test\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n", other[] = "250-mx.example.test\r\n250 PIPELINING\r\n";
  PhSmtpReplyParser parser;

  ph_smtp_reply_parser_init (&parser, 512, 100, 65536);
  g_autoptr (PhReply) first = read_one (&parser, hello);
  ph_reply_unref (read_one (&parser, "235 2.7.0 well\r\n"));
  g_autoptr (PhReply) again = read_one (&parser, hello);
  g_assert_true (again == first);
  g_autoptr (PhReply) different = read_one (&parser, other);
  g_assert_cmpstr (ph_reply_get_text (different), ==, "mx.example.test\nPIPELINING");
  g_autoptr (PhReply) last = read_one (&parser, hello);
  g_assert_true (ph_reply_get_code (last) == 250 && strcmp (ph_reply_get_text (last), ph_reply_get_text (first)) == 0);

  /* one that is flawed is told of each time */
  for (guint i = 0; i < 2; i++)
    {
      ph_reply_unref (read_one (&parser, "250-one\r\n550 two\r\n"));
      g_assert_cmpint (parser.flaw, ==, PH_SMTP_REPLY_CLASSES);
    }
  ph_smtp_reply_parser_clear (&parser);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp/reply/table-holds-at-every-cut", test_table);
  g_test_add_func ("/smtp/reply/nul-becomes-a-replacement-character", test_nul);
  g_test_add_func ("/smtp/reply/flaws-are-told", test_flaws);
  g_test_add_func ("/smtp/reply/status-follows-the-code", test_status);
  g_test_add_func ("/smtp/reply/the-same-again-is-the-same-reply", test_same_again);
  g_test_add_func ("/smtp/reply/the-same-lines-again-are-the-same-reply", test_lines_again);
  g_test_add_func ("/smtp/reply/limits-hold", test_limits);
  g_test_add_func ("/smtp/reply/an-endless-line-ends", test_endless);
  return g_test_run ();
}
