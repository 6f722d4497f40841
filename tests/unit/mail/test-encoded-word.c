/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Header text: RFC 2047's examples, what mailers really write, and what only an enemy would. */
#include "values/ph-encoded-word.h"

#include <string.h>

typedef struct {
  const char *encoded;
  const char *decoded;
} Case;

static const Case rfc2047[] = {
  { "=?US-ASCII?Q?Keith_Moore?=", "Keith Moore" },
  { "=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=", "Keld Jørn Simonsen" },
  { "=?ISO-8859-1?Q?Andr=E9?= Pirard", "André Pirard" },
  { "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
    "If you can read this you understand the example." },
  { "=?ISO-8859-1?Q?Olle_J=E4rnefors?=", "Olle Järnefors" },
  { "=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?=", "Patrik Fältström" },
  { "Nathaniel Borenstein (=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=)", "Nathaniel Borenstein (םולש ןב ילטפנ)" },
  { "(=?ISO-8859-1?Q?a?=)", "(a)" },
  { "(=?ISO-8859-1?Q?a?= b)", "(a b)" },
  { "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)" },
  { "(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", "(ab)" },
  { "(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)" },
  { "(=?ISO-8859-1?Q?a_b?=)", "(a b)" },
  { "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)" },
};

static const Case wild[] = {
  { "", "" },
  { "plain text", "plain text" },
  { "=?utf-8?q?one?= and =?utf-8?q?two?=", "one and two" },
  { "a =?utf-8?Q?b?= c", "a b c" },
  { "=?UTF-8*en?Q?caf=C3=A9?=", "café" },
  /* a character split across words */
  { "=?utf-8?b?4oI=?= =?utf-8?b?rA==?=", "€" },
  { "=?utf-8?q?=E2=82?=\r\n =?UTF-8?q?=AC?=", "€" },
  { "=?utf-8?q?=E2=82?= =?utf-8?b?rA==?=", "€" },
  { "=?iso-2022-jp?b?GyRCRnxLXBsoQg==?= =?iso-2022-jp?b?GyRCOGwbKEI=?=", "日本語" },
  { "=?gb2312?B?1tDOxA==?=", "中文" },
  { "=?ks_c_5601-1987?B?x9GxuQ==?=", "한국" },
  { "=?shift_jis?B?k/qWew==?=", "日本" },
  { "=?koi8-r?Q?=D0=D2=C9=D7=C5=D4?=", "привет" },
  { "=?windows-1252?Q?=93quoted=94?=", "“quoted”" },
  { "=?iso-8859-1?Q?=93quoted=94?=", "“quoted”" },
  /* says one thing and means another */
  { "=?us-ascii?Q?caf=C3=A9?=", "café" },
  { "=?us-ascii?Q?caf=E9?=", "café" },
  /* against the rules, and clear */
  { "=?utf-8?q?with blanks in it?=", "with blanks in it" },
  { "glued=?utf-8?q?to?=text", "gluedtotext" },
  { "=?utf-8?b?Y2Fmw6k?=", "café" },
  { "=?utf-8?q?50=?=", "50=" },
  { "=?utf-8?q?=zz?=", "=zz" },
  { "=?utf-8?q?" "?=", "" },
  { "=?utf-8?q?a?==?utf-8?q?b?=", "ab" },
  /* no words at all, or broken ones: as they are */
  { "=?utf-8?x?abc?=", "=?utf-8?x?abc?=" },
  { "=?utf-8?q?abc", "=?utf-8?q?abc" },
  { "=?utf-8?q?abc?", "=?utf-8?q?abc?" },
  { "=?utf-8?b?a!b?=", "=?utf-8?b?a!b?=" },
  { "=?utf-8?b?YWJjZ?=", "=?utf-8?b?YWJjZ?=" },
  { "=?" "?q?abc?=", "=?" "?q?abc?=" },
  { "=?no-such-charset?q?abc?=", "=?no-such-charset?q?abc?=" },
  { "=?no-such-charset?q?a?= =?no-such-charset?q?b?=", "=?no-such-charset?q?a?= =?no-such-charset?q?b?=" },
  { "=?utf-8//IGNORE?q?abc?=", "=?utf-8//IGNORE?q?abc?=" },
  { "=?utf-8?q?a?= =?utf-8?b?!?= c", "a =?utf-8?b?!?= c" },
  { "1+1=2?", "1+1=2?" },
  { "=?", "=?" },
  { "==?==?=", "==?==?=" },
  /* bytes that aren't what they are said to be */
  { "=?utf-8?q?a=FFb?=", "a\357\277\275b" },
  { "=?utf-8?q?=E2=82?= x", "\357\277\275\357\277\275 x" },
  { "=?big5?q?=A4?=", "\357\277\275" },
  /* raw 8-bit text */
  { "Gr\303\274\303\237e", "Grüße" },
  { "Gr\374\337e", "Grüße" },
  { "Gr\374\337e =?utf-8?q?a?= \303\244", "Grüße a ä" },
  { "\200 \223x\224", "€ “x”" },
  /* nothing that ends a line or a string comes out */
  { "a\r\n b\r\n\tc", "a b c" },
  { "a\nb", "a b" },
  { "=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x" },
  { "=?utf-8?q?a=00b?=", "a\357\277\275b" },
  { "=?us-ascii?q?a=00b?=", "a\357\277\275b" },
  { "=?koi8-r?q?a=00b=1B?=", "a\357\277\275b\357\277\275" },
};

static void
check_cases (const Case *cases, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *decoded = ph_header_text_decode (cases[i].encoded, strlen (cases[i].encoded));

      g_assert_cmpstr (decoded, ==, cases[i].decoded);
    }
}

static void
test_rfc2047 (void)
{
  check_cases (rfc2047, G_N_ELEMENTS (rfc2047));
}

static void
test_wild (void)
{
  check_cases (wild, G_N_ELEMENTS (wild));
}

static void
test_nul_inside (void)
{
  g_autofree char *decoded = ph_header_text_decode ("a\0b", 3);
  g_autofree char *plain = ph_header_text_plain ("a\0\374", 3);

  g_assert_cmpstr (decoded, ==, "a\357\277\275b");
  g_assert_true (g_utf8_validate (plain, -1, NULL));
}

static void
test_plain_leaves_words_alone (void)
{
  g_autofree char *plain = ph_header_text_plain ("<=?x?q?a?=@b>", 13);
  g_autofree char *latin = ph_header_text_plain ("<\374@b>", 5);

  g_assert_cmpstr (plain, ==, "<=?x?q?a?=@b>");
  g_assert_cmpstr (latin, ==, "<ü@b>");
}

/* Cut anywhere and with any octet in any place, the result is clean UTF-8. */
static void
test_any_damage_gives_clean_text (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wild); i++)
    {
      gsize length = strlen (wild[i].encoded);

      for (gsize k = 0; k < length; k++)
        {
          g_autofree char *damaged = g_memdup2 (wild[i].encoded, length);
          g_autofree char *cut = ph_header_text_decode (damaged, k);
          g_autofree char *decoded = NULL;

          damaged[k] = (char) g_test_rand_int_range (0, 256);
          decoded = ph_header_text_decode (damaged, length);
          g_assert_true (g_utf8_validate (cut, -1, NULL));
          g_assert_true (g_utf8_validate (decoded, -1, NULL));
          g_assert_null (strpbrk (decoded, "\r\n"));
        }
    }
}

static void
check_repeated (const char *piece, gsize n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *decoded = NULL;

  for (gsize i = 0; i < n; i++)
    g_string_append (text, piece);
  decoded = ph_header_text_decode (text->str, text->len);
  g_assert_true (g_utf8_validate (decoded, -1, NULL));
  g_assert_cmpuint (strlen (decoded), <=, 4 * text->len + 4);
}

/* None of these may take longer than its length: at a megabyte, squares would be seen. */
static void
test_hostile_lengths (void)
{
  check_repeated ("=?", 500000);
  check_repeated ("=?a?q?", 200000);
  check_repeated ("=?utf-8?q?x", 100000);
  check_repeated ("=?utf-8?q?=E2?= ", 60000);
  check_repeated ("=?x?q?a?= =?y?q?a?= ", 50000);
  check_repeated ("=?koi8-r?q?a?= =?koi8-u?q?a?= ", 30000);
  check_repeated ("\377", 1000000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encoded-word/examples-of-rfc-2047", test_rfc2047);
  g_test_add_func ("/encoded-word/what-mailers-write", test_wild);
  g_test_add_func ("/encoded-word/nul-does-not-cut", test_nul_inside);
  g_test_add_func ("/encoded-word/plain-leaves-words-alone", test_plain_leaves_words_alone);
  g_test_add_func ("/encoded-word/any-damage-gives-clean-text", test_any_damage_gives_clean_text);
  g_test_add_func ("/encoded-word/hostile-text-costs-its-length", test_hostile_lengths);
  return g_test_run ();
}
