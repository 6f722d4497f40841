/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Responses and what they are read as: RFC 9051 section 7, the mistakes of real servers, hostile input. */
#include "imap-parser.h"

#include "imap-test.h"

static const struct {
  const char *bytes, *printed;
} known[] = {
  /* RFC 9051 section 7.1 and 7.2 */
  { "* OK IMAP4rev2 server ready\r\n", "* OK — — IMAP4rev2 server ready" },
  { "* OK [ALERT] System shutdown in 10 minutes\r\n", "* OK [ALERT] — System shutdown in 10 minutes" },
  { "A442 OK SELECT completed\r\n", "A442 OK — — SELECT completed" },
  { "A223 NO [TRYCREATE] No such mailbox\r\n", "A223 NO [TRYCREATE] — No such mailbox" },
  { "* BAD Disk crash, attempting salvage\r\n", "* BAD — — Disk crash, attempting salvage" },
  { "* PREAUTH IMAP4rev2 server logged in as Smith\r\n", "* PREAUTH — — IMAP4rev2 server logged in as Smith" },
  { "* BYE Autologout; idle for too long\r\n", "* BYE — — Autologout; idle for too long" },
  { "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited\r\n", "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] — Limited" },
  { "* OK [UIDVALIDITY 3857529045] UIDs valid\r\n", "* OK [UIDVALIDITY #3857529045] — UIDs valid" },
  { "a OK [COPYUID 432432 42:69 1202:1229] x\r\n", "a OK [COPYUID #432432 42:69 1202:1229] — x" },
  { "A5 NO [BADCHARSET (US-ASCII UTF-8)]\r\n", "A5 NO [BADCHARSET (US-ASCII UTF-8)] — " },
  { "* CAPABILITY STARTTLS AUTH=GSSAPI IMAP4rev2 LOGINDISABLED\r\n",
    "* CAPABILITY STARTTLS AUTH=GSSAPI IMAP4rev2 LOGINDISABLED" },
  { "* ENABLED CONDSTORE QRESYNC\r\n", "* ENABLED CONDSTORE QRESYNC" },
  /* section 7.3 */
  { "* LIST (\\NoSelect) \"/\" ~/Mail/foo\r\n", "* LIST (\\NoSelect) '/' ~/Mail/foo" },
  { "* LIST () \"/\" foo (\"OLDNAME\" (\"bar\"))\r\n", "* LIST () '/' foo ('OLDNAME' ('bar'))" },
  { "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n", "* NAMESPACE (('' '/')) NIL NIL" },
  { "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)\r\n", "* STATUS blurdybloop (MESSAGES #231 UIDNEXT #44292)" },
  { "* ESEARCH (TAG \"h\") UID MIN 7 COUNT 3\r\n", "* ESEARCH (TAG 'h') UID MIN #7 COUNT #3" },
  { "* SEARCH\r\n", "* SEARCH" },
  { "* FLAGS (\\Answered \\Flagged)\r\n", "* FLAGS (\\Answered \\Flagged)" },
  /* section 7.4, 7.5 */
  { "* 23 EXISTS\r\n", "* 23 EXISTS" },
  { "* 0 EXISTS\r\n", "* 0 EXISTS" },
  { "* 44 EXPUNGE\r\n", "* 44 EXPUNGE" },
  { "* 23 FETCH (FLAGS (\\Seen) RFC822.SIZE 44827 UID 447)\r\n", "* 23 FETCH (FLAGS (\\Seen) RFC822.SIZE #44827 UID #447)" },
  { "* 1 FETCH (BODY[TEXT]<0> {3}\r\nab) X \"c\")\r\n", "* 1 FETCH (BODY[TEXT]<0> <ab)> X 'c')" },
  { "* 1 FETCH (BODY[HEADER.FIELDS (DATE FROM)]<0> NIL UID 5)\r\n", "* 1 FETCH (BODY[HEADER.FIELDS (DATE FROM)]<0> NIL UID #5)" },
  { "* 1 FETCH (BODY[HEADER.FIELDS (\"X Y)\")] \"\")\r\n", "* 1 FETCH (BODY[HEADER.FIELDS (\"X Y)\")] '')" },
  { "* 1 FETCH (BINARY[1] ~{4}\r\n\1\2\r\n)\r\n", "* 1 FETCH (BINARY[1] <\1\2\r\n>)" },
  /* section 7.6 */
  { "+ Ready for additional command text\r\n", "+ Ready for additional command text" },
  { "+ \r\n", "+ " },
  { "+\r\n", "+ " },
  { "+ [X] y\r\n", "+ [X] y" },
  /* any case, any letter */
  { "* 3 exists\r\n", "* 3 EXISTS" },
  { "* x-new (a)\r\n", "* X-NEW (a)" },
  { "a1 ok Done\r\n", "a1 OK — — Done" },
  { "* 7 UIDFETCH (FLAGS (a))\r\n", "* 7 UIDFETCH (FLAGS (a))" },
  /* quoted */
  { "* X \"a\\\"b\\\\c\" \"\" \"(\" \"\xc3\xa4\"\r\n", "* X 'a\"b\\c' '' '(' '\xc3\xa4'" },
  { "* X nil NIL \"NIL\" nilly\r\n", "* X NIL NIL 'NIL' nilly" },
  { "* X 18446744073709551615 18446744073709551616 -1 9.37e+06 007\r\n",
    "* X #18446744073709551615 18446744073709551616 -1 9.37e+06 #007" },
  { "* X {3}\r\n{3} {0}\r\n {2+}\r\n\r\n\r\n", "* X <{3}> <> <\r\n>" },
  { "* X { } {a} ~ ~x {1\r\n", "* X { } {a} ~ ~x {1" },
  { "* X a\n", "* X a" },
  /* FEATURES of real servers: twice the blanks, missing text, odd flags, unquoted names, lost escapes */
  { "*  5  EXISTS \r\n", "* 5 EXISTS" },
  { "a OK\r\n", "a OK — — " },
  { "* OK \r\n", "* OK — — " },
  { "* FLAGS (a] NIL  b ( ) )\r\n", "* FLAGS (a] NIL b ())" },
  { "* FLAGS NIL\r\n", "* FLAGS NIL" },
  { "* OK [PERMANENTFLAGS (a] \\*)] x\r\n", "* OK [PERMANENTFLAGS (a] \\*)] — x" },
  { "* LIST () \"\\\" a\\b\r\n", "* LIST () '\\' a\\b" },
  { "* X \"a\\\"\r\n", "* X 'a\\'" },
  { "* LIST () NIL a b[c]\td\r\n", "* LIST () NIL a b[c]\td" },
  { "* LIST(\\x)\"/\"\"y\"\r\n", "* LIST (\\x) '/' 'y'" },
  { "* 1 FETCH (ENVELOPE (NIL \"a \"b\"c\" NIL))\r\n", "* 1 FETCH (ENVELOPE (NIL 'a \"b\"c' NIL))" },
  { "* 1 FETCH (FLAGS (x[1 y]))\r\n", "* 1 FETCH (FLAGS (x[1 y]))" },
  { "* 1 FETCH (UID 1))\r\n", "* 1 FETCH (UID #1)" },
  /* codes that can't be read as values are one text; without a closing bracket it's no code */
  { "* OK [X (a] b\r\n", "* OK [X '(a'] — b" },
  { "* OK [X \"a] b\r\n", "* OK [X '\"a'] — b" },
  { "* OK [X b\r\n", "* OK — — [X b" },
  { "* OK []\r\n", "* OK — — []" },
  { "* OK [ALERT]\r\n", "* OK [ALERT] — " },
  { "* NO [ALERT]no blank\r\n", "* NO [ALERT] — no blank" },
  { "* OK [REFERRAL imap://a;AUTH=*@b/] c {5}\r\n", "* OK [REFERRAL imap://a;AUTH=*@b/] — c {5}" },
  { "* OK caf\xe9\r\n", "* OK — — caf\xef\xbf\xbd" },
};

static char *
print (const PhResponse *response)
{
  g_autofree char *values = imap_test_print (ph_response_get_values (response));
  g_autofree char *arguments = imap_test_print (ph_response_get_code_arguments (response));
  const char      *name = ph_response_get_name (response);
  const char      *code = ph_response_get_code (response);
  GString         *text = g_string_new (NULL);

  if (ph_response_get_response_type (response) == PH_RESPONSE_CONTINUATION)
    {
      g_string_append_printf (text, "+ %s", ph_response_get_text (response));
      return g_string_free (text, FALSE);
    }

  g_string_append (text, ph_response_get_response_type (response) == PH_RESPONSE_TAGGED ? ph_response_get_tag (response) : "*");
  if (ph_response_has_number (response))
    g_string_append_printf (text, " %u", ph_response_get_number (response));
  g_string_append_printf (text, " %s", name);
  if (ph_response_get_status (response) != PH_STATUS_NONE)
    g_string_append_printf (text, code == NULL ? " —" : *arguments == '\0' ? " [%s]" : " [%s %s]", code, arguments);
  if (ph_response_get_status (response) != PH_STATUS_NONE)
    g_string_append_printf (text, " — %s", ph_response_get_text (response));
  if (*values != '\0')
    g_string_append_printf (text, " %s", values);

  return g_string_free (text, FALSE);
}

static PhImapParser *
new_parser (void)
{
  return ph_imap_parser_new (imap_test_limits.nesting, imap_test_limits.values);
}

static void
test_known (void)
{
  g_autoptr (PhImapParser) parser = new_parser ();

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *printed = NULL, *kept = NULL;
      PhImapName       name;
      gsize            length = strlen (known[i].bytes);
      /* in memory of its own: a look beyond it is found */
      g_autofree char *bytes = g_memdup2 (known[i].bytes, length);
      PhResponse      *response = ph_imap_parser_parse (parser, bytes, length, &name, &error);
      g_autoptr (PhResponse) copy = NULL;

      g_assert_no_error (error);
      printed = print (response);
      g_assert_cmpstr (printed, ==, known[i].printed);
      copy = ph_response_copy (response);
      memset (bytes, 'x', length);
      kept = print (copy);
      g_assert_cmpstr (kept, ==, known[i].printed);
    }
}

static void
expect_refused (const char *bytes, gsize length, PhError code)
{
  g_autoptr (PhImapParser) parser = new_parser ();
  g_autoptr (GError) error = NULL;
  g_autofree char *copy = g_memdup2 (bytes, length);
  PhImapName       name;

  g_assert_null (ph_imap_parser_parse (parser, copy, length, &name, &error));
  g_assert_error (error, PH_ERROR, (int) code);

  /* the next one is read as if nothing had been */
  g_assert_nonnull (ph_imap_parser_parse (parser, "* 1 EXISTS\r\n", 12, &name, NULL));
  g_assert_cmpint (name, ==, PH_IMAP_NAME_EXISTS);
}

static void
test_malformed (void)
{
  const char *const lines[] = {
    "* \r\n", "*\r\n", "* 5\r\n", "* 4294967296 EXISTS\r\n", "* 99999999999999999999999 EXISTS\r\n",
    "* X (a\r\n", "* X ((a)\r\n", "* X \"a\r\n", "* X \"a\\\r\n", "* X {5}\r\nab\r\n",
    "HTTP/1.1 200 OK\r\n", "220 mail.example.org ESMTP\r\n", "a1\r\n", "a1 \r\n", "a1 MAYBE x\r\n", "(\r\n", "\"\r\n", "\xff\xfe\r\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    expect_refused (lines[i], strlen (lines[i]), PH_ERROR_PROTOCOL);
}

static void
test_empty (void)
{
  g_autoptr (PhImapParser) parser = new_parser ();
  g_autoptr (GError) error = NULL;
  PhImapName name;

  g_assert_null (ph_imap_parser_parse (parser, "\r\n", 2, &name, &error));
  g_assert_null (ph_imap_parser_parse (parser, " \n", 2, &name, &error));
  g_assert_no_error (error);
}

static void
test_nesting (void)
{
  g_autoptr (GString) deep = g_string_new ("* X ");
  g_autoptr (PhImapParser) parser = new_parser ();
  g_autoptr (GError) error = NULL;
  PhImapName name;

  for (guint i = 0; i < 64; i++)
    g_string_append_c (deep, '(');
  for (guint i = 0; i < 64; i++)
    g_string_append_c (deep, ')');
  g_string_append (deep, "\r\n");
  g_assert_nonnull (ph_imap_parser_parse (parser, deep->str, deep->len, &name, &error));
  g_assert_no_error (error);

  g_string_assign (deep, "* X ");
  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (deep, '(');
  g_string_append (deep, "\r\n");
  expect_refused (deep->str, deep->len, PH_ERROR_LIMIT);
}

static void
test_many_values (void)
{
  g_autoptr (PhImapParser) parser = ph_imap_parser_new (64, 100);
  g_autoptr (GString) wide = g_string_new ("* X");
  g_autoptr (GError) error = NULL;
  PhImapName name;

  for (guint i = 0; i < 100; i++)
    g_string_append (wide, " a");
  g_assert_nonnull (ph_imap_parser_parse (parser, wide->str, wide->len, &name, NULL));
  g_string_append (wide, " a");
  g_assert_null (ph_imap_parser_parse (parser, wide->str, wide->len, &name, &error));
  g_assert_error (error, PH_ERROR, PH_ERROR_LIMIT);
}

/* Were any of these read in more than linear time, this would take minutes. */
static void
test_linear (void)
{
  const char *const pieces[] = { "\"\\\" ", "a[ ", "\"a", "[", "{1", "~{", "\\" };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (PhImapParser) parser = new_parser ();
      g_autoptr (GString) text = g_string_new ("* 1 FETCH (");
      PhImapName name;

      for (guint j = 0; j < 300000; j++)
        g_string_append (text, pieces[i]);
      ph_imap_parser_parse (parser, text->str, text->len, &name, NULL);
      g_string_prepend (text, "* OK [X ");
      ph_imap_parser_parse (parser, text->str, text->len, &name, NULL);
    }
}

/* Whatever is cut off or changed: no look beyond the end, no tree that can't be walked. */
static void
test_damaged (void)
{
  g_autoptr (PhImapParser) parser = new_parser ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (9051);

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    for (gsize length = 0; length <= strlen (known[i].bytes); length++)
      {
        g_autofree char *bytes = g_memdup2 (known[i].bytes, MAX (length, 1));
        PhImapName       name;
        PhResponse      *response;

        if (length > 0)
          bytes[g_rand_int_range (rand, 0, (int) length)] = "()\"\\{}[] \r\n~1a*+"[g_rand_int_range (rand, 0, 16)];
        response = ph_imap_parser_parse (parser, bytes, length, &name, NULL);
        if (response != NULL)
          g_free (print (response));
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap/parser/known-answers", test_known);
  g_test_add_func ("/imap/parser/malformed-is-refused-alone", test_malformed);
  g_test_add_func ("/imap/parser/empty-lines-are-nothing", test_empty);
  g_test_add_func ("/imap/parser/nesting-has-a-limit", test_nesting);
  g_test_add_func ("/imap/parser/values-have-a-limit", test_many_values);
  g_test_add_func ("/imap/parser/hostile-input-costs-no-square", test_linear);
  g_test_add_func ("/imap/parser/damage-is-survived", test_damaged);
  return g_test_run ();
}
