/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMessage and its ENVELOPE: RFC 9051's examples, and what servers make of them. */
#include "test-tree.h"

#include "values/ph-internal-date.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

static PhMessage *
new_message (const char *attributes)
{
  g_autoptr (PhValue) value = test_value (attributes);

  return ph_message_new (12, value);
}

/* RFC 9051 section 8 */
static const char rfc_example[] =
  "(FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 ENVELOPE ("
  "\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg summary and minutes\" "
  "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
  "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((NIL NIL \"imap\" \"cac.washington.edu\")) "
  "((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL "
  "\"<B27397-0100000@cac.washington.ed>\") "
  "BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 3028 92))";

static char *
addresses_to_string (GPtrArray *addresses)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < addresses->len; i++)
    {
      PhAddress *address = g_ptr_array_index (addresses, i);
      g_autofree char *one = ph_address_to_string (address);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", one);
    }
  g_ptr_array_unref (addresses);
  return g_string_free (text, FALSE);
}

static void
test_rfc_example (void)
{
  g_autoptr (PhMessage) message = new_message (rfc_example);
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  g_autoptr (PhBodyPart) body = ph_message_get_body_structure (message);
  g_autoptr (GDateTime) date = ph_message_get_internal_date (message);
  g_autofree char *iso = g_date_time_format_iso8601 (date);
  g_auto (GStrv) flags = ph_message_get_flags (message);
  const char *subject = ph_message_envelope_get_subject (envelope);
  const char *sent = ph_message_envelope_get_date (envelope);
  const char *id = ph_message_envelope_get_message_id (envelope);
  g_autofree char *from = addresses_to_string (ph_message_envelope_get_from (envelope));
  g_autofree char *to = addresses_to_string (ph_message_envelope_get_to (envelope));
  g_autofree char *cc = addresses_to_string (ph_message_envelope_get_cc (envelope));
  g_autofree char *bcc = addresses_to_string (ph_message_envelope_get_bcc (envelope));
  const char *type = ph_body_part_get_media_type (body);

  g_assert_cmpuint (ph_message_get_number (message), ==, 12);
  g_assert_cmpuint (ph_message_get_uid (message), ==, 0);
  g_assert_cmpuint (ph_message_get_size (message), ==, 4286);
  g_assert_cmpstr (iso, ==, "1996-07-17T02:44:25-07");
  g_assert_cmpuint (g_strv_length (flags), ==, 1);
  g_assert_cmpstr (flags[0], ==, "\\Seen");
  g_assert_cmpstr (sent, ==, "Wed, 17 Jul 1996 02:23:25 -0700 (PDT)");
  g_assert_cmpstr (subject, ==, "IMAP4rev2 WG mtg summary and minutes");
  g_assert_cmpstr (id, ==, "<B27397-0100000@cac.washington.ed>");
  g_assert_cmpstr (from, ==, "Terry Gray <gray@cac.washington.edu>");
  g_assert_cmpstr (to, ==, "imap@cac.washington.edu");
  g_assert_cmpstr (cc, ==, "minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>");
  g_assert_cmpstr (bcc, ==, "");
  g_assert_null (ph_message_envelope_get_in_reply_to (envelope));
  g_assert_cmpstr (type, ==, "text/plain");
}

static void
test_views_outlive_the_message (void)
{
  PhMessage *message = new_message (rfc_example);
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  g_autoptr (PhBodyPart) body = ph_message_get_body_structure (message);
  const char *subject;

  ph_message_unref (message);
  subject = ph_message_envelope_get_subject (envelope);
  g_assert_cmpstr (subject, ==, "IMAP4rev2 WG mtg summary and minutes");
  g_assert_cmpuint (ph_body_part_get_size (body), ==, 3028);
}

static void
test_names_in_any_case (void)
{
  g_autoptr (PhMessage) message = new_message ("(uid 7 Flags (\\SEEN $Junk) rfc822.size 10 ModSeq (99) X-gm-MsgId 5)");

  g_assert_cmpuint (ph_message_get_uid (message), ==, 7);
  g_assert_cmpuint (ph_message_get_size (message), ==, 10);
  g_assert_cmpuint (ph_message_get_mod_seq (message), ==, 99);
  g_assert_true (ph_message_has_flag (message, "\\Seen"));
  g_assert_true (ph_message_has_flag (message, "$JUNK"));
  g_assert_false (ph_message_has_flag (message, "Junk"));
  g_assert_nonnull (ph_message_get_attribute (message, "X-GM-MSGID"));
  g_assert_null (ph_message_get_attribute (message, "X-GM"));
}

/* Wrong kinds, missing halves, nothing at all: absent, never a crash. */
static void
test_malformed_is_absent (void)
{
  static const char *const broken[] = {
    "()", "NIL", "atom", "5", "\"text\"", "(UID)", "(UID NIL FLAGS NIL INTERNALDATE NIL ENVELOPE NIL BODYSTRUCTURE NIL RFC822.SIZE NIL)",
    "(UID (1) FLAGS \\Seen INTERNALDATE (x) ENVELOPE \"x\" BODYSTRUCTURE 5 RFC822.SIZE (1) MODSEQ NIL)",
    "(UID -1 RFC822.SIZE 9.37e+06 MODSEQ () ENVELOPE x BODY \"\" INTERNALDATE 5)",
    "(UID 4294967296 RFC822.SIZE 99999999999999999999 MODSEQ (x))",
    "((UID) 5 () () NIL NIL)",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (PhMessage) message = new_message (broken[i]);
      g_auto (GStrv) flags = ph_message_get_flags (message);

      g_assert_cmpuint (ph_message_get_uid (message), ==, 0);
      g_assert_cmpuint (ph_message_get_size (message), ==, 0);
      g_assert_cmpuint (ph_message_get_mod_seq (message), ==, 0);
      g_assert_cmpuint (g_strv_length (flags), ==, 0);
      g_assert_false (ph_message_has_flag (message, "\\Seen"));
      g_assert_null (ph_message_get_internal_date (message));
      g_assert_null (ph_message_get_envelope (message));
      g_assert_null (ph_message_get_body_structure (message));
      g_assert_null (ph_message_get_section (message, ""));
    }
}

static void
test_without_attributes (void)
{
  g_autoptr (PhMessage) message = ph_message_new (3, NULL);

  g_assert_cmpuint (ph_message_get_number (message), ==, 3);
  g_assert_cmpuint (ph_message_get_uid (message), ==, 0);
  g_assert_null (ph_message_get_envelope (message));
}

static void
test_numbers_as_strings (void)
{
  g_autoptr (PhMessage) message = new_message ("(UID \"7\" RFC822.SIZE \"4286\" MODSEQ (\"5\"))");

  g_assert_cmpuint (ph_message_get_uid (message), ==, 7);
  g_assert_cmpuint (ph_message_get_size (message), ==, 4286);
  g_assert_cmpuint (ph_message_get_mod_seq (message), ==, 5);
}

typedef struct {
  const char *attributes;
  const char *section;
  const char *octets;
} SectionCase;

static const SectionCase sections[] = {
  { "(BODY[] {all})", "", "all" },
  { "(UID 1 body[] \"all\")", "", "all" },
  { "(BODY[]<0> {part})", "", "part" },
  { "(BODY[]<5> {part})", "", NULL },
  { "(RFC822 {old})", "", "old" },
  { "(RFC822.HEADER {h} RFC822.TEXT {t})", "HEADER", "h" },
  { "(RFC822.HEADER {h} RFC822.TEXT {t})", "text", "t" },
  { "(RFC822.HEADER {h} RFC822.TEXT {t})", "", NULL },
  { "(BODY[HEADER] {h} BODY[TEXT] {t})", "TEXT", "t" },
  { "(BODY[1.2] {x} BODY[1] {y})", "1", "y" },
  { "(BODY[1.2.MIME] {x} BODY[1.2] {y})", "1.2.mime", "x" },
  { "(BINARY[1] {decoded})", "1", "decoded" },
  { "(BINARY[1] {decoded} BODY[1] {as it was})", "1", "as it was" },
  { "(BINARY.SIZE[1] 5)", "1", NULL },
  { "(BODY[HEADER.FIELDS (DATE FROM)] {d})", "HEADER.FIELDS (Date From)", "d" },
  { "(BODY[HEADER.FIELDS (\"DATE\" \"From\")] {d})", "HEADER.FIELDS (Date From)", "d" },
  { "(BODY[HEADER.FIELDS (DATE)] {d})", "HEADER", NULL },
  { "(BODY[1] NIL)", "1", NULL },
  { "(BODY[1] \"\")", "1", "" },
  { "(BODY[1 {x})", "1", NULL },
  { "(BODY (\"TEXT\" \"PLAIN\" NIL NIL NIL NIL 5) BODY[1] {x})", "1", "x" },
};

static void
test_sections (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    {
      g_autoptr (PhMessage) message = new_message (sections[i].attributes);
      g_autoptr (GBytes) octets = ph_message_get_section (message, sections[i].section);

      if (sections[i].octets == NULL)
        {
          g_assert_null (octets);
          continue;
        }
      g_assert_nonnull (octets);
      g_assert_cmpmem (g_bytes_get_data (octets, NULL), g_bytes_get_size (octets), sections[i].octets, strlen (sections[i].octets));
    }
}

typedef struct {
  const char *list;
  const char *addresses;
} AddressCase;

static const AddressCase addresses[] = {
  { "NIL", "" },
  { "()", "" },
  { "\"\"", "" },
  { "\"someone\"", "" },
  { "((NIL NIL \"a\" \"b\"))", "a@b" },
  { "((\"Ann Ex\" NIL \"ann\" \"example.org\")(NIL NIL \"bob\" \"example.net\"))", "Ann Ex <ann@example.org>, bob@example.net" },
  { "((\"Ex, Ann\" NIL \"ann\" \"example.org\"))", "\"Ex, Ann\" <ann@example.org>" },
  { "((\"a \\\"b\\\" \\\\\" NIL \"ann\" \"example.org\"))", "\"a \\\"b\\\" \\\\\" <ann@example.org>" },
  { "((\"=?utf-8?q?J=C3=B8rn?=\" NIL \"j\" \"x.dk\"))", "Jørn <j@x.dk>" },
  { "((\"J\370rn\" NIL \"j\" \"x.dk\"))", "Jørn <j@x.dk>" },
  { "(({Ann} NIL {ann} {example.org}))", "Ann <ann@example.org>" },
  { "((Ann NIL ann example.org))", "Ann <ann@example.org>" },
  { "((\"\" \"\" \"ann\" \"example.org\"))", "ann@example.org" },
  /* groups, RFC 9051 section 7.5.2 */
  { "((NIL NIL \"friends\" NIL)(NIL NIL \"a\" \"b\")(\"C\" NIL \"c\" \"d\")(NIL NIL NIL NIL)(NIL NIL \"e\" \"f\"))", "a@b, C <c@d>, e@f" },
  { "((NIL NIL \"undisclosed-recipients\" NIL)(NIL NIL NIL NIL))", "" },
  { "((\"\" \"\" \"g\" \"\")(NIL NIL \"a\" \"b\")(\"\" \"\" \"\" \"\"))", "a@b" },
  /* quirks: no host and no group, the address in one piece, the other way round, one without its list, too short, too long */
  { "((NIL NIL \"root\" NIL))", "root" },
  { "((\"Ann\" NIL \"ann\" NIL))", "Ann <ann>" },
  { "((\"Ann\" NIL \"ann@example.org\" NIL))", "Ann <ann@example.org>" },
  { "((\"ann@example.org\" NIL \"Ann Ex\" NIL))", "Ann Ex <ann@example.org>" },
  { "((\"ann@example.org\" NIL NIL NIL))", "ann@example.org" },
  { "((\"ann@example.org\" NIL \"ann\" \"example.org\"))", "\"ann@example.org\" <ann@example.org>" },
  { "(\"Ann\" NIL \"ann\" \"example.org\")", "Ann <ann@example.org>" },
  { "((\"Ann\"))", "Ann" },
  { "((NIL NIL \"a\" \"b\" \"c\" \"d\"))", "a@b" },
  { "((NIL NIL (\"a\") \"b\"))", "@b" },
  { "((\"Some One\" NIL \"MISSING_MAILBOX\" \"MISSING_DOMAIN\"))", "Some One" },
  { "((NIL NIL \"a\" \".MISSING-HOST-NAME.\"))", "a" },
  { "((NIL NIL \"a\" \"b\") NIL \"x\" (NIL NIL \"c\" \"d\"))", "a@b, c@d" },
};

static void
test_addresses (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *attributes = g_strdup_printf ("(ENVELOPE (NIL NIL %s))", addresses[i].list);
      g_autoptr (PhMessage) message = new_message (attributes);
      g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
      g_autofree char *text = addresses_to_string (ph_message_envelope_get_from (envelope));

      g_assert_cmpstr (text, ==, addresses[i].addresses);
    }
}

static void
test_short_envelope (void)
{
  g_autoptr (PhMessage) message = new_message ("(ENVELOPE (\"date\" \"\" NIL))");
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  const char *date = ph_message_envelope_get_date (envelope);
  g_autofree char *bcc = addresses_to_string (ph_message_envelope_get_bcc (envelope));

  g_assert_cmpstr (date, ==, "date");
  g_assert_null (ph_message_envelope_get_subject (envelope));
  g_assert_null (ph_message_envelope_get_message_id (envelope));
  g_assert_cmpstr (bcc, ==, "");
}

static void
test_long_and_wrong_envelope (void)
{
  g_autoptr (PhMessage) message =
    new_message ("(ENVELOPE ((x) {=?utf-8?q?=C3=A4?=} NIL NIL NIL NIL NIL NIL (y) \"<id>\" \"more\" (and more)))");
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  const char *subject = ph_message_envelope_get_subject (envelope);
  const char *id = ph_message_envelope_get_message_id (envelope);

  g_assert_null (ph_message_envelope_get_date (envelope));
  g_assert_null (ph_message_envelope_get_in_reply_to (envelope));
  g_assert_cmpstr (subject, ==, "ä");
  g_assert_cmpstr (id, ==, "<id>");
}

typedef struct {
  const char *text;
  const char *utc; /* NULL: no date */
  int offset;      /* minutes */
} DateCase;

static const DateCase dates[] = {
  { "17-Jul-1996 02:44:25 -0700", "1996-07-17T09:44:25Z", -420 },
  { " 1-Feb-2026 00:00:00 +0000", "2026-02-01T00:00:00Z", 0 },
  { "1-Feb-2026 00:00:00 +0000", "2026-02-01T00:00:00Z", 0 },
  { "01-FEB-2026 23:59:59 +1245", "2026-02-01T11:14:59Z", 765 },
  { "01-jun-2026 1:02:03 +0530", "2026-05-31T19:32:03Z", 330 },
  { "31-Dec-99 12:00:00 +0000", "1999-12-31T12:00:00Z", 0 },
  { "31-Dec-26 12:00:00 +0000", "2026-12-31T12:00:00Z", 0 },
  { "31-Dec-126 12:00:00 +0000", "2026-12-31T12:00:00Z", 0 },
  { "29-Feb-2024 12:00 +0000", "2024-02-29T12:00:00Z", 0 },
  { "30-Jun-2015 23:59:60 +0000", "2015-06-30T23:59:59Z", 0 },
  /* odd zones */
  { "10-Apr-2026 12:00:00", "2026-04-10T12:00:00Z", 0 },
  { "10-Apr-2026 12:00:00 GMT", "2026-04-10T12:00:00Z", 0 },
  { "10-Apr-2026 12:00:00 EST", "2026-04-10T17:00:00Z", -300 },
  { "10-Apr-2026 12:00:00 +02:00", "2026-04-10T10:00:00Z", 120 },
  { "10-Apr-2026 12:00:00 +02", "2026-04-10T10:00:00Z", 120 },
  { "10-Apr-2026 12:00:00 -230", "2026-04-10T14:30:00Z", -150 },
  { "10-Apr-2026 12:00:00 0200", "2026-04-10T10:00:00Z", 120 },
  { "10-Apr-2026 12:00:00 +9999", "2026-04-10T12:00:00Z", 0 },
  { "10-Apr-2026 12:00:00 --0200", "2026-04-10T12:00:00Z", 0 },
  { "10-Apr-2026  12:00:00  +0200", "2026-04-10T10:00:00Z", 120 },
  /* as a Date field has it */
  { "10 Apr 2026 12:00:00 +0000", "2026-04-10T12:00:00Z", 0 },
  { "Fri, 10 Apr 2026 12:00:00 +0200", "2026-04-10T10:00:00Z", 120 },
  /* no such moment */
  { "00-Jan-0000 00:00:00 +0000", NULL, 0 },
  { "31-Feb-2026 00:00:00 +0000", NULL, 0 },
  { "29-Feb-2026 00:00:00 +0000", NULL, 0 },
  { "10-Apr-2026 24:00:00 +0000", NULL, 0 },
  { "10-Apr-2026 12:60:00 +0000", NULL, 0 },
  { "10-Apr-2026", NULL, 0 },
  { "10-Apr-2026 noon", NULL, 0 },
  { "10-Xyz-2026 12:00:00 +0000", NULL, 0 },
  { "-1-Apr-2026 12:00:00 +0000", NULL, 0 },
  { "10-Apr-1 12:00:00 +0000", NULL, 0 },
  { "10-Ap", NULL, 0 },
  { "", NULL, 0 },
};

static void
test_dates (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autofree char *attributes = g_strdup_printf ("(INTERNALDATE \"%s\")", dates[i].text);
      g_autoptr (PhMessage) message = new_message (attributes);
      g_autoptr (GDateTime) date = ph_message_get_internal_date (message);
      g_autoptr (GDateTime) utc = date != NULL ? g_date_time_to_utc (date) : NULL;
      g_autofree char *iso = utc != NULL ? g_date_time_format_iso8601 (utc) : NULL;

      g_assert_cmpstr (iso, ==, dates[i].utc);
      if (date != NULL)
        g_assert_cmpint ((int) (g_date_time_get_utc_offset (date) / G_TIME_SPAN_MINUTE), ==, dates[i].offset);
    }
}

/* The locale is compiled here, since few machines have it; LOCPATH is asked for at each setlocale (). */
static gboolean
use_turkish (const char *directory)
{
  g_autofree char *output = g_build_filename (directory, "tr_TR.UTF-8", NULL);
  const char *const argv[] = { "localedef", "--no-archive", "-i", "tr_TR", "-f", "UTF-8", output, NULL };
  g_autoptr (GSubprocess) localedef = NULL;

  if (setlocale (LC_ALL, "tr_TR.UTF-8") != NULL)
    return TRUE;
  localedef = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);
  if (localedef == NULL || !g_subprocess_wait (localedef, NULL, NULL))
    return FALSE;
  g_setenv ("LOCPATH", directory, TRUE);
  return setlocale (LC_ALL, "tr_TR.UTF-8") != NULL;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

/* In Turkish "i" and "I" are no pair; months, flags and names must not care. */
static void
test_turkish (void)
{
  g_autofree char *directory = g_dir_make_tmp ("ph-locale-XXXXXX", NULL);
  g_autoptr (PhMessage) message = new_message ("(uid 5 internaldate \"17-JUL-1996 02:44:25 -0700\" flags (\\dIrect))");
  g_autoptr (GDateTime) date = NULL;

  if (!use_turkish (directory))
    {
      g_test_skip ("no Turkish locale, and localedef can't make one (Debian's package locales)");
      remove_tree (directory);
      return;
    }
  date = ph_message_get_internal_date (message);
  g_assert_nonnull (date);
  g_assert_cmpuint (ph_message_get_uid (message), ==, 5);
  g_assert_true (ph_message_has_flag (message, "\\DIRECT"));
  setlocale (LC_ALL, "C");
  remove_tree (directory);
}

/* The number is the object's, whatever is written, and where that is none there is none. */
static void
check_time (const char *text)
{
  g_autofree char *exact = g_memdup2 (text, MAX (strlen (text), 1));
  g_autoptr (GDateTime) date = ph_internal_date_parse (exact, strlen (text));
  gint64 time = -5;
  int offset = -7;

  g_assert_cmpint (ph_internal_date_read (exact, strlen (text), &time, &offset), ==, date != NULL);
  g_assert_cmpint (time, ==, date != NULL ? g_date_time_to_unix (date) : -5);
  g_assert_cmpint (offset, ==, date != NULL ? g_date_time_get_utc_offset (date) / G_USEC_PER_SEC : -7);
}

static void
test_dates_as_numbers (void)
{
  static const char usual[] = "17-Jul-1996 02:44:25 -0700";
  static const char octets[] = " 0123459:;/-+JFMAajfm\x7f\xb0\xc0";
  static const char *const others[] = {
    "29-Feb-2000 23:59:60 +0000", "29-Feb-1900 00:00:00 +0000", "29-Feb-2024 00:00:00 +2359", "31-Apr-2024 00:00:00 +0000",
    " 1-Jan-0001 00:00:00 +1200", "31-Dec-9999 23:59:59 -1200", "01-Jan-0000 00:00:00 +0000", "00-Jan-1970 00:00:00 +0000",
    "01-Jan-1970 00:00:00 +0099", "01-Jan-1970 24:00:00 +0000", "01-Jan-1970 00:60:00 +0000", "1-Mar-1900 1:2 EST", "Fri, 13 Feb 2026 10:11:12", "",
  };
  static const char *const months[] = { "Jan", "fEb", "MAR", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Abc", "Jum" };
  gint64 time = 0;

  g_assert_true (ph_internal_date_read (usual, strlen (usual), &time, &(int) { 0 }));
  g_assert_cmpint (time, ==, 837596665);
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    check_time (others[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (months); i++)
    for (guint day = 0; day < 33; day++)
      for (guint year = 1896; year < 1906; year++)
        {
          g_autofree char *text = g_strdup_printf ("%02u-%s-%u 02:44:25 +0130", day, months[i], year);

          check_time (text);
        }
  for (gsize i = 0; i < strlen (usual); i++)
    for (gsize j = 0; j < strlen (octets); j++)
      {
        char changed[sizeof usual];

        memcpy (changed, usual, sizeof usual);
        changed[i] = octets[j];
        check_time (changed);
      }
}

static void
test_dates_cut_anywhere (void)
{
  const char *text = "17-Jul-1996 02:44:25 -07:00";

  for (gsize length = 0; length <= strlen (text); length++)
    {
      g_autofree char *exact = g_memdup2 (text, MAX (length, 1));
      g_autoptr (GDateTime) date = ph_internal_date_parse (exact, length);

      g_assert_cmpint (date != NULL, ==, length >= strlen ("17-Jul-1996 02:4") && length != strlen ("17-Jul-1996 02:44:"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message/dates-as-numbers", test_dates_as_numbers);
  g_test_add_func ("/message/example-of-rfc-9051", test_rfc_example);
  g_test_add_func ("/message/views-outlive-it", test_views_outlive_the_message);
  g_test_add_func ("/message/names-in-any-case", test_names_in_any_case);
  g_test_add_func ("/message/malformed-is-absent", test_malformed_is_absent);
  g_test_add_func ("/message/without-attributes", test_without_attributes);
  g_test_add_func ("/message/numbers-as-strings", test_numbers_as_strings);
  g_test_add_func ("/message/sections", test_sections);
  g_test_add_func ("/message/envelope/addresses", test_addresses);
  g_test_add_func ("/message/envelope/missing-fields-are-absent", test_short_envelope);
  g_test_add_func ("/message/envelope/what-is-wrong-spoils-nothing-else", test_long_and_wrong_envelope);
  g_test_add_func ("/message/internal-date/every-form", test_dates);
  g_test_add_func ("/message/internal-date/turkish-locale", test_turkish);
  g_test_add_func ("/message/internal-date/cut-anywhere", test_dates_cut_anywhere);
  return g_test_run ();
}
