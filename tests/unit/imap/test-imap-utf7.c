/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Modified UTF-7: the RFC's examples, every character there and back, and what is none. */
#include "imap-utf7.h"

#include <string.h>

static const struct {
  const char *utf7, *utf8;
} examples[] = {
  { "INBOX", "INBOX" },
  { "", "" },
  { "&-", "&" },
  { "a&-b", "a&b" },
  { "&AOQ-", "ä" },
  { "Entw&APw-rfe", "Entwürfe" },
  /* RFC 3501 section 5.1.3 */
  { "~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語" },
  { "&Jjo-!", "☺!" },
  { "&U,BTF2XlZyyKng-", "台北日本語" },
  /* beyond 16 bits: a pair of surrogates */
  { "&2D3eAA-", "😀" },
  { "&AAkACg-", "\t\n" },
};

static void
test_examples (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autofree char *utf7 = ph_imap_utf7_encode (examples[i].utf8);
      g_autofree char *utf8 = ph_imap_utf7_decode (examples[i].utf7, strlen (examples[i].utf7));

      g_assert_cmpstr (utf7, ==, examples[i].utf7);
      g_assert_cmpstr (utf8, ==, examples[i].utf8);
    }
}

static void
test_invalid (void)
{
  const char *const names[] = {
    "&", "a&", "&AOQ", "&A-", "&AO-",
    "&Jjo!",             /* RFC 3501: not shifted back */
    "&U,BTFw-&ZeVnLIqe-", /* RFC 3501: superfluous shift */
    "&AGE-",             /* a letter in base64 */
    "&AOR-",             /* bits left over */
    "&2D0-", "&3gA-", "&3gDYPQ-", /* half a pair, halves the wrong way round */
    "&AAA-",             /* NUL */
    "&A/Q-", "&A=-", "&A -",
    "Entw\xc3\xbcrfe", "\xff", "a\tb",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *utf8 = ph_imap_utf7_decode (names[i], strlen (names[i]));

      g_assert_null (utf8);
    }
  g_assert_null (ph_imap_utf7_decode ("a\0b", 3));
}

static void
test_round_trip (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (3501);

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) name = g_string_new (NULL);
      g_autofree char *utf7 = NULL, *utf8 = NULL;
      int              length = g_rand_int_range (rand, 0, 12);

      while (length-- > 0)
        {
          static const guint32 ends[] = { 0x7f, 0x7f, 0x800, 0x3100, 0x10ffff };
          gunichar             c = (gunichar) g_rand_int_range (rand, 1, (int) ends[g_rand_int_range (rand, 0, 5)]);

          if (g_unichar_validate (c))
            g_string_append_unichar (name, c);
        }

      utf7 = ph_imap_utf7_encode (name->str);
      g_assert_true (g_str_is_ascii (utf7));
      utf8 = ph_imap_utf7_decode (utf7, strlen (utf7));
      g_assert_cmpstr (utf8, ==, name->str);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap/utf7/examples-both-ways", test_examples);
  g_test_add_func ("/imap/utf7/other-spellings-are-refused", test_invalid);
  g_test_add_func ("/imap/utf7/names-come-back-as-they-were", test_round_trip);
  return g_test_run ();
}
