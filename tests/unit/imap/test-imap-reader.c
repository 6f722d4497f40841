/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is read in runs, or without a frame and a response around it, comes to the same as what is looked at token by token: of real servers'
 * responses, and of these with any octet changed, left out or put in.
 */
#include "imap-runs.h"

#include <string.h>

#include <sys/mman.h>
#include <unistd.h>

/* More than stand between two marks of a list */
#define EIGHT_NILS "NIL NIL NIL NIL NIL NIL NIL NIL "
#define MANY_NILS EIGHT_NILS EIGHT_NILS EIGHT_NILS EIGHT_NILS EIGHT_NILS EIGHT_NILS EIGHT_NILS EIGHT_NILS "NIL"

/* RFC 9051 sections 6.4.5 and 7.5.2, RFC 3501 section 7.4.2, what Dovecot, Cyrus, Exchange and Courier write, and what is meant to be in the way */
static const char *const responses[] = {
  "* 12 FETCH (FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" "
  "\"IMAP4rev2 WG mtg summary and minutes\" ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((\"Terry Gray\" NIL \"gray\" "
  "\"cac.washington.edu\")) ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((NIL NIL \"imap\" \"cac.washington.edu\")) ((NIL NIL \"minutes\" "
  "\"CNRI.Reston.VA.US\") (\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL \"<B27397-0100000@cac.washington.edu>\") BODY (\"TEXT\" \"PLAIN\" "
  "(\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92))\r\n",
  "* 1 FETCH (UID 7 BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\") NIL NIL \"QUOTED-PRINTABLE\" 1152 23 NIL NIL NIL NIL)(\"TEXT\" \"HTML\" "
  "(\"CHARSET\" \"UTF-8\") NIL NIL \"QUOTED-PRINTABLE\" 4554 73 NIL NIL NIL NIL) \"ALTERNATIVE\" (\"BOUNDARY\" \"0000000000001f\") NIL NIL NIL))\r\n",
  "* 3 FETCH (UID 9 MODSEQ (12121231000) FLAGS (\\Seen $Forwarded x[1 y] NonJunk nil) X-GM-LABELS (\"\\\\Inbox\" \"caf\xc3\xa9\" nilly NIL(NIL)\"a\"))\r\n",
  "* 4 FETCH (ENVELOPE (NIL \"=?utf-8?q?=C3=A4?= and a subject that is longer than two blocks of octets\" NIL NIL NIL NIL NIL NIL \"\" "
  "\"<a=b@c>\") UID 00012 RFC822.SIZE 18446744073709551615)\r\n",
  "* 5 FETCH (UID 1 BODY[HEADER.FIELDS (DATE FROM)] NIL BODY[TEXT]<0> \"x \"y\" z\" BODY[1] \"\\\"\")\r\n",
  "* 6 FETCH (UID 2 BODY[] {5}\r\n)\r\n* FLAGS (a) ENVELOPE ({2}\r\nab NIL {0}\r\n () ))\r\n",
  "* 7 FETCH (UID 3 ()()(()) (((((a)b)c)d)e) 123456789 1234567890123456 12a -1 9.37e+06 ~ {x ]a b] \"exactly16octets_\" \"seventeen.octets.\")\r\n",
  "* 8 FETCH (UID 4  FLAGS ( \\Seen  \\Deleted\t) X \"tab\there\" Y \"not closed)\r\n",
  "* 8 FETCH (UID 6 ENVELOPE (NIL NIL ((\"=?utf-8?q?=C3=A4?=\" NIL \"a\" \"an.address.that.is.longer.than.two.blocks.of.octets.example.org\")"
  "(NIL NIL \"\" \"\")) ((\"A \\\"B\\\" C\" NIL \"a\" NIL)) ((NIL NIL \"g\" NIL)(\"a name of more than 32 octets, which is no block\" NIL \"b\" \"c\" )) NIL "
  "NIL NIL NIL NIL) BODY (\"a\" \"b\" (\"c\" \"d\" \"e\" \"f\"(\"g\")\"h\") 1234567 12345678 1234567x))\r\n",
  "* 99999999999 FETCH (UID 5 FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")\r\n",
  "* 1234567 FETCH (UID 1234567 FLAGS (\\Seen $A\\B nope) BODYSTRUCTURE (((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\" \"FORMAT\" \"flowed\") \"<i>\" NIL \"7BIT\" "
  "1 2)(\"IMAGE\" \"PNG\" (\"NAME\" \"a.png\") NIL NIL \"BASE64\" 1234567 NIL (\"ATTACHMENT\" (\"FILENAME\" \"a.png\")) NIL NIL)(\"a\" \"b\" (\"c\" \"d\") NIL "
  "NIL \"e\" 12345678 NIL)(\"a\" \"b\" (\"c\" \"d\") NIL NIL \"e\" 5) (\"a\" \"b\" (\"c\" \"d=\") NIL NIL \"\" 5 6 NIL NIL NIL NIL NIL NIL NIL)(\"a\" \"b\" (\"c\" \"d\") "
  "NIL NIL \"e\" 5 6 NIL nil)(\"a\" \"b\" (\"c\" \"d\" \"e\") NIL NIL \"e\" 5 6x) \"MIXED\") \"MIXED\"))\r\n",
  "* 12345678 FETCH (UID 12345678 FLAGS (\\Seen NIL $a 5 \\*) FLAGS ($Junk 7bit) FLAGS (\\Seen(a) $) X (\"a\" \"b\" (\"c\" \"d\") NIL NIL \"e\" 5 " MANY_NILS "))\r\n",
  "* 11 FETCH (FLAGS () ENVELOPE (\"a\" \"b\" NIL ((\"A\" NIL \"a\" \"b\")) ((\"A\" NIL \"a\" \"b\"))((\"A\" NIL \"a\" \"b\")) ((\"A\" NIL \"a\" \"c\"))NIL NIL \"<m>\") "
  "MODSEQ (1) RFC822.SIZE 12 X 7 ENVELOPE (\"a\" NIL ((NIL NIL \"g\" NIL)) NIL) BODYSTRUCTURE ((((\"a\" \"b\" (\"c\" \"d\") NIL NIL \"e\" 5 6) \"X\" NIL NIL)"
  "(\"a\" \"b\" (\"c\" \"d\") NIL NIL \"e\" 5) \"MIXED\" NIL) \"REPORT\" (\"a\" \"b\"))) UID 12)\r\n",
  "* 13 FETCH (UID 1 FLAGS (a) BODYSTRUCTURE ((\"a\" \"b\" (\"c\" \"d\") NIL NIL \"e\" 5 6)(\"a\" \"b\" NIL NIL NIL \"e\" 5)) BODYSTRUCTURE ((\"a\" \"b\" (\"c\" \"d\") NIL NIL "
  "\"e\" 5 6) NIL (\"c\" \"d\" \"e\") NIL NIL) BODYSTRUCTURE (((\"a\" \"b\"))) INTERNALDATE NIL RFC822.SIZE x ENVELOPE NIL ENVELOPE () FLAGS (a))\r\n",
  "* 2 FETCH (UID 0 FLAGS ()x INTERNALDATE NIL X (UID  FLAGS ()) (UID 5 FLAGS NIL) (UID 6 FLAGS (((UID 7 FLAGS (\\Seen))))) y)\r\n",
};

static void
test_known (void)
{
  /* which of them are plain enough */
  static const char by_itself[] = "yyyyynynynynyyy", readable[] = "yyyyyyynyyyyyyy";

  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    {
      gsize length = strlen (responses[i]);

      g_assert_cmpint (imap_runs_check (responses[i], length), ==, readable[i] == 'y');
      g_assert_cmpint (imap_runs_check_fetch (responses[i], length, length), ==, by_itself[i] == 'y');
      g_assert_false (imap_runs_check_fetch (responses[i], length, length - 1));
      g_assert_false (imap_runs_check_fetch (responses[i], length - 1, length));
    }
}

/* Wherever blocks of octets begin and end */
static void
test_every_length (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    for (guint n = 0; n < 300; n++)
      {
        g_autoptr (GString) text = g_string_new ("* 1 FETCH (UID 5 X ");

        g_string_append_c (text, n % 2 == 0 ? '"' : 'x');
        for (guint j = 0; j < n; j++)
          g_string_append_c (text, n % 7 == 0 && j == n - 1 ? '=' : (char) ('a' + j % 26));
        g_string_append (text, n % 2 == 0 ? "\" " : " ");
        g_string_append (text, strchr (responses[i], '(') + 1);
        imap_runs_check (text->str, text->len);
        imap_runs_check_fetch (text->str, text->len, text->len);
      }
}

/* Beyond the room that is made at once, whatever it is filled with */
static void
test_many (void)
{
  static const char *const pieces[] = { "NIL ", "NIL", "nil (", "()", "( )", ") ", "a ", "a(", "1 ", "\"\" ", "\"\"(", "\"a\" ", "\"=\")", " ", "(a)NIL \"b\"",
                                       "(\"a\" NIL \"b\" \"c\")", "((NIL NIL \"a\" \"b\"", "(\"a\" \"b\"", "\"a\" \"b\" ", "12 " };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr (GString) text = g_string_new ("* 1 FETCH (UID 5 (");

      for (guint j = 0; j < 20000; j++)
        g_string_append (text, pieces[i]);
      imap_runs_check (text->str, text->len);
      g_string_append (text, "))\r\n");
      imap_runs_check (text->str, text->len);
      imap_runs_check_fetch (text->str, text->len, text->len);
    }
}

static void
test_damaged (void)
{
  static const char octets[] = "()\"\\{}[] \r\n~1aNIL=\t\x7f\xe4\x01";
  g_autoptr (GRand) rand = g_rand_new_with_seed (9051);
  guint n_rounds = g_getenv ("PH_TEST_SLOW") != NULL ? 200 : 4000;
  guint n_read = 0, n_fetched = 0;

  for (guint i = 0; i < G_N_ELEMENTS (responses); i++)
    for (guint round = 0; round < n_rounds; round++)
      {
        g_autoptr (GString) text = g_string_new (responses[i]);

        for (int damages = g_rand_int_range (rand, 1, 4); damages > 0; damages--)
          {
            gssize at = g_rand_int_range (rand, 0, (int) text->len);
            char   octet = octets[g_rand_int_range (rand, 0, sizeof octets - 1)];

            switch (g_rand_int_range (rand, 0, 3))
              {
              case 0:
                text->str[at] = octet;
                break;
              case 1:
                g_string_insert_c (text, at, octet);
                break;
              default:
                g_string_erase (text, at, 1);
              }
          }
        n_read += imap_runs_check (text->str, text->len);
        n_fetched += imap_runs_check_fetch (text->str, text->len, text->len);
      }

  /* that it was not all in vain */
  g_assert_cmpuint (n_read, >, n_rounds);
  g_assert_cmpuint (n_fetched, >, n_rounds / 2);
}

/* What comes over the connection may end anywhere, and with it the memory that may be looked at. X: strings of more than a block, of one, of two less an
 * octet */
static void
test_nothing_beyond (void)
{
  static const char *const templates[] = {
    "(BODYSTRUCTURE ((\"X\" \"X\" (\"X\" \"X\") NIL NIL \"X\" 1234567 12 NIL NIL NIL NIL)(\"X\" \"X\" (\"X\" \"X\") NIL NIL \"X\" 1) \"X\"))",
    "(ENVELOPE (\"X\" \"X\" ((\"X\" NIL \"X\" \"X\")(NIL NIL \"X\" \"X\")) ((\"X\" NIL \"X\" \"X\")) NIL NIL \"X\") FLAGS (X X) UID 1)",
  };
  static const guint lengths[] = { 1, 15, 16, 31, 32, 33, 40, 47, 62, 63, 64, 70 };
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  char *memory = mmap (NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  g_assert_true (memory != MAP_FAILED);
  g_assert_cmpint (mprotect (memory + page, page, PROT_NONE), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (templates) * G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *text = g_strnfill (lengths[i / G_N_ELEMENTS (templates)], 'x');
      g_auto (GStrv) pieces = g_strsplit (templates[i % G_N_ELEMENTS (templates)], "X", -1);
      g_autofree char *whole = g_strjoinv (text, pieces);
      gsize length = strlen (whole);

      g_assert_cmpuint (length, <, page);
      for (gsize cut = 1; cut <= length; cut++)
        {
          char *start = memory + page - cut;
          g_autofree char *at_the_end = NULL, *singly = NULL;

          memcpy (start, whole, cut);
          at_the_end = imap_runs_read (start, cut, FALSE);
          singly = imap_runs_read (start, cut, TRUE);
          g_assert_cmpstr (at_the_end, ==, singly);
        }
    }
  munmap (memory, 2 * page);
}

/* The same of responses of which the next one's beginning has come, too, or not all of their own */
static void
test_nothing_beyond_fetched (void)
{
  static const guint lengths[] = { 1, 15, 16, 31, 32, 33, 40, 47, 62, 63, 64, 70, 150 };
  static const char template[] =
    "* 7 FETCH (UID 7 FLAGS (\\Seen $a) INTERNALDATE \"X\" RFC822.SIZE 1234567 ENVELOPE (\"X\" NIL ((\"X\" NIL \"X\" \"X\")) ((\"X\" NIL \"X\" \"X\")) NIL "
    "((NIL NIL \"X\" \"X\")(\"X\" NIL \"X\" \"X\")) NIL NIL NIL \"X\") BODYSTRUCTURE ((\"X\" \"X\" (\"X\" \"X\" \"X\" \"X\") NIL NIL \"X\" 1234567 12 NIL NIL NIL NIL)"
    "(\"X\" \"X\" (\"X\" \"X\") NIL NIL \"X\" 1 NIL) \"X\" (\"X\" \"X\") NIL NIL NIL))\r\n" IMAP_RUNS_NEXT_ONES;
  gsize page = 4 * (gsize) sysconf (_SC_PAGESIZE);
  char *memory = mmap (NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  g_assert_true (memory != MAP_FAILED);
  g_assert_cmpint (mprotect (memory + page, page, PROT_NONE), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *text = g_strnfill (lengths[i], 'x');
      g_auto (GStrv) pieces = g_strsplit (template, "X", -1);
      g_autofree char *whole = g_strjoinv (text, pieces);
      gsize length = strlen (whole), own = (gsize) (strchr (whole, '\n') + 1 - whole);

      g_assert_cmpuint (length, <, page);
      for (gsize cut = 1; cut <= length; cut++)
        {
          char *start = memory + page - cut;

          memcpy (start, whole, cut);
          g_assert_cmpint (imap_runs_check_one_fetch (start, cut, cut, 24000), ==, cut >= own);
        }
    }
  munmap (memory, 2 * page);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap/reader/runs-are-what-single-tokens-are", test_known);
  g_test_add_func ("/imap/reader/of-every-length", test_every_length);
  g_test_add_func ("/imap/reader/of-any-number", test_many);
  g_test_add_func ("/imap/reader/damaged", test_damaged);
  g_test_add_func ("/imap/reader/nothing-beyond-the-end", test_nothing_beyond);
  g_test_add_func ("/imap/reader/nothing-beyond-what-has-come", test_nothing_beyond_fetched);
  return g_test_run ();
}
