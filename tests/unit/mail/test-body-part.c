/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhBodyPart: section numbers, and structures as servers write them, good and bad. */
#include "test-tree.h"

#include <string.h>

static PhBodyPart *
new_structure (const char *text)
{
  g_autofree char *attributes = g_strdup_printf ("(BODYSTRUCTURE %s)", text);
  g_autoptr (PhValue) value = test_value (attributes);
  g_autoptr (PhMessage) message = ph_message_new (1, value);

  return ph_message_get_body_structure (message);
}

/* "1:text/plain", "2:message/rfc822(2.1:text/plain)" … */
static void
append_part (GString *text, PhBodyPart *part)
{
  const char *type = ph_body_part_get_media_type (part);

  g_string_append_printf (text, "%s:%s", ph_body_part_get_section (part), type);
  for (guint i = 0; i < ph_body_part_get_n_parts (part); i++)
    {
      g_autoptr (PhBodyPart) child = ph_body_part_get_part (part, i);

      g_string_append_c (text, i == 0 ? '(' : ' ');
      append_part (text, child);
    }
  if (ph_body_part_get_n_parts (part) > 0)
    g_string_append_c (text, ')');
}

static char *
structure_to_string (const char *structure)
{
  g_autoptr (PhBodyPart) root = new_structure (structure);
  GString *text;

  if (root == NULL)
    return NULL;
  text = g_string_new (NULL);
  append_part (text, root);
  g_assert_null (ph_body_part_get_part (root, ph_body_part_get_n_parts (root)));
  return g_string_free (text, FALSE);
}

#define ENV "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"
#define PLAIN "(\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\") NIL NIL \"7BIT\" 10 1 NIL NIL NIL NIL)"
#define RICH "(\"text\" \"richtext\" NIL NIL NIL \"quoted-printable\" 20 2)"
#define OCTETS "(\"APPLICATION\" \"OCTET-STREAM\" (\"NAME\" \"a.bin\") NIL NIL \"BASE64\" 30 NIL (\"attachment\" (\"filename\" \"a.bin\")) NIL NIL)"
#define GIF "(\"image\" \"gif\" NIL NIL NIL \"base64\" 40)"
#define MESSAGE(body) "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 50 " ENV " " body " 9)"

typedef struct {
  const char *structure;
  const char *tree;
} Case;

static const Case cases[] = {
  { PLAIN, "1:text/plain" },
  { "(" PLAIN OCTETS " \"MIXED\" (\"BOUNDARY\" \"x\") NIL NIL NIL)", ":multipart/mixed(1:text/plain 2:application/octet-stream)" },
  /* the example of RFC 9051 section 6.4.5.1 */
  { "(" PLAIN OCTETS MESSAGE ("(" PLAIN OCTETS " \"MIXED\")")
      "(" GIF MESSAGE ("(" PLAIN "(" PLAIN RICH " \"ALTERNATIVE\") \"MIXED\")") " \"MIXED\") \"MIXED\")",
    ":multipart/mixed(1:text/plain 2:application/octet-stream "
    "3:message/rfc822(3.1:text/plain 3.2:application/octet-stream) "
    "4:multipart/mixed(4.1:image/gif 4.2:message/rfc822(4.2.1:text/plain 4.2.2:multipart/alternative(4.2.2.1:text/plain "
    "4.2.2.2:text/richtext))))" },
  /* words of any length, up to the message's end; only letters have a case */
  { "(\"A\" \"B\")", "1:a/b" },
  { "((\"A\" \"B\") \"C\")", ":multipart/c(1:a/b)" },
  { "((\"@AZ[\" \"`az{\" NIL NIL NIL \"8BIT\") \"-ABCDEFGHIJKLMNOPQRSTUVWXYZ-\")", ":multipart/-abcdefghijklmnopqrstuvwxyz-(1:@az[/`az{)" },
  { "(\"APPLICATION\" \"VND.OPENXMLFORMATS-OFFICEDOCUMENT.WORDPROCESSINGML.DOCUMENT\" NIL NIL NIL \"BASE64\" 40)",
    "1:application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
  /* a message in a message */
  { MESSAGE (PLAIN), "1:message/rfc822(1.1:text/plain)" },
  { MESSAGE (MESSAGE (PLAIN)), "1:message/rfc822(1.1:message/rfc822(1.1.1:text/plain))" },
  { "(" MESSAGE (PLAIN) " \"DIGEST\")", ":multipart/digest(1:message/rfc822(1.1:text/plain))" },
  { "(\"message\" \"global\" NIL NIL NIL \"8bit\" 50 " ENV " " PLAIN " 9)", "1:message/global(1.1:text/plain)" },
  { "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 50)", "1:message/rfc822" },
  { "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 50 NIL NIL 9)", "1:message/rfc822" },
  { "(\"message\" \"delivery-status\" NIL NIL NIL \"7bit\" 50 NIL NIL NIL NIL)", "1:message/delivery-status" },
  /* quirks */
  { "(\"multipart\" \"mixed\" (\"boundary\" \"x\") NIL NIL \"7bit\" 0)", ":multipart/mixed" },
  { "(NIL \"mixed\" (\"boundary\" \"x\") NIL NIL)", ":multipart/mixed" },
  { "(() \"mixed\" (\"boundary\" \"x\") NIL NIL)", ":multipart/mixed" },
  { "(\"alternative\" (\"boundary\" \"x\") NIL NIL)", ":multipart/alternative" },
  { "(" PLAIN ")", ":multipart/mixed(1:text/plain)" },
  { "(" PLAIN " NIL)", ":multipart/mixed(1:text/plain)" },
  { "(" PLAIN " NIL \"related\")", ":multipart/related(1:text/plain)" },
  { "(" PLAIN "() \"mixed\")", ":multipart/mixed(1:text/plain 2:application/octet-stream)" },
  { "(NIL NIL NIL NIL NIL NIL NIL)", "1:application/octet-stream" },
  { "(\"\" \"\" NIL NIL NIL NIL -1)", "1:application/octet-stream" },
  { "(\"text\" NIL NIL NIL NIL NIL 5)", "1:text/plain" },
  { "(\"text\")", "1:text/plain" },
  { "(\"image\" NIL)", "1:application/octet-stream" },
  { "(text html)", "1:text/html" },
  { "({TEXT} {HTML} NIL)", "1:text/html" },
  { "()", NULL },
  { "NIL", NULL },
  { "\"text\"", NULL },
};

static void
test_trees (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *tree = structure_to_string (cases[i].structure);

      g_assert_cmpstr (tree, ==, cases[i].tree);
    }
}

typedef struct {
  const char *structure;
  const char *charset;
  const char *encoding;
  guint64 size;
} FieldCase;

static const FieldCase fields[] = {
  { PLAIN, "UTF-8", "7bit", 10 },
  { "(\"text\" \"plain\" (\"format\" \"flowed\" \"CharSet\" \"iso-8859-1\") NIL NIL \"QUOTED-PRINTABLE\" 4294967299 1)", "iso-8859-1",
    "quoted-printable", 4294967299u },
  { "(" PLAIN " \"MIXED\" (\"CHARSET\" \"x\") NIL NIL)", "x", NULL, 0 },
  { "(\"text\" \"plain\" NIL NIL NIL NIL NIL NIL)", NULL, NULL, 0 },
  { "(\"text\" \"plain\" \"\" NIL NIL \"\" \"12\" \"1\")", NULL, NULL, 12 },
  { "(\"text\" \"plain\" (\"charset\") NIL NIL \"8BIT\" -1 NIL)", NULL, "8bit", 0 },
  { "(\"text\" \"plain\" (\"charset\" NIL) NIL NIL (\"8BIT\") 9.37e+06 NIL)", NULL, NULL, 0 },
  { "(\"text\" \"plain\" (\"charset\" (\"x\")) NIL NIL 7 (5) NIL)", NULL, "7", 0 },
  { "(\"text\" \"plain\")", NULL, NULL, 0 },
};

static void
test_fields (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (PhBodyPart) part = new_structure (fields[i].structure);
      g_autofree char *charset = ph_body_part_get_parameter (part, "charset");
      const char *encoding = ph_body_part_get_encoding (part);

      g_assert_cmpstr (charset, ==, fields[i].charset);
      g_assert_cmpstr (ph_body_part_peek_parameter (part, "charset"), ==, fields[i].charset);
      g_assert_cmpstr (encoding, ==, fields[i].encoding);
      g_assert_cmpuint (ph_body_part_get_size (part), ==, fields[i].size);
    }
}

static void
test_name_is_decoded (void)
{
  g_autoptr (PhBodyPart) part = new_structure ("(\"image\" \"png\" (\"name\" \"=?utf-8?q?=C3=A4.png?=\") NIL NIL \"base64\" 5)");
  g_autofree char *name = ph_body_part_get_parameter (part, "NAME");

  g_assert_cmpstr (name, ==, "ä.png");
  g_assert_null (ph_body_part_peek_parameter (part, "NAME"));
}

/* RFC 2231 section 4.1's example of a name, and both its mechanisms alone */
static void
test_encoded_parameters (void)
{
  static const struct {
    const char *parameters;
    const char *name;
  } names[] = {
    { "\"filename*\" \"iso-8859-1'de'Gr%FC%DFe.txt\"", "Grüße.txt" },
    { "\"filename*0\" \"a long \" \"filename*1\" \"name.txt\"", "a long name.txt" },
    { "\"filename*0*\" \"us-ascii'en'This%20is%20even%20more%20\" \"filename*1*\" \"%2A%2A%2Afun%2A%2A%2A%20\" \"filename*2\" \"isn't it!\"",
      "This is even more ***fun*** isn't it!" },
    { "\"filename\" \"=?utf-8?Q?=C3=A4?=.png\"", "ä.png" },
    { "\"size\" \"5\"", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *text = g_strdup_printf ("(\"image\" \"png\" NIL NIL NIL \"base64\" 7 NIL (\"attachment\" (%s)) NIL NIL)", names[i].parameters);
      g_autoptr (PhBodyPart) part = new_structure (text);
      g_autofree char *name = ph_body_part_get_filename (part);

      g_assert_cmpstr (name, ==, names[i].name);
    }
}

/* What stands behind the size, for each of the three shapes */
static void
test_extension_fields (void)
{
  g_autoptr (PhBodyPart) root = new_structure (
    "((\"text\" \"plain\" NIL \"<id@x>\" \"=?utf-8?Q?=C3=A4?=\" \"7bit\" 10 3 \"md5==\" (\"INLINE\" NIL) (\"en\" \"de\") \"http://x/\")"
    "(\"application\" \"pdf\" (\"name\" \"a.pdf\") NIL NIL \"base64\" 99 NIL NIL \"fr\" NIL)"
    "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 500 (NIL \"Inner\" NIL NIL NIL NIL NIL NIL NIL NIL)"
    " (\"text\" \"html\" NIL NIL NIL \"7bit\" 5 1) 12 \"m5\" (\"attachment\" NIL))"
    " \"mixed\" (\"boundary\" \"b\") (\"inline\" NIL) \"en\" \"loc\")");
  g_autoptr (PhBodyPart) text = ph_body_part_find (root, "1");
  g_autoptr (PhBodyPart) pdf = ph_body_part_find (root, "2");
  g_autoptr (PhBodyPart) mail = ph_body_part_find (root, "3");
  g_autoptr (PhBodyPart) inner = ph_body_part_find (root, "3.1");
  g_autoptr (PhMessageEnvelope) envelope = ph_body_part_get_envelope (mail);
  g_auto (GStrv) languages = ph_body_part_get_languages (text);
  g_auto (GStrv) one_language = ph_body_part_get_languages (pdf);
  g_autofree char *md5 = ph_body_part_get_md5 (text), *mail_md5 = ph_body_part_get_md5 (mail);
  g_autofree char *disposition = ph_body_part_get_disposition (text), *root_disposition = ph_body_part_get_disposition (root);
  g_autofree char *location = ph_body_part_get_location (root), *id = ph_body_part_get_id (text);
  g_autofree char *description = ph_body_part_get_description (text), *name = ph_body_part_get_filename (pdf);

  g_assert_cmpuint (ph_body_part_get_n_lines (text), ==, 3);
  g_assert_cmpuint (ph_body_part_get_n_lines (pdf), ==, 0);
  g_assert_cmpuint (ph_body_part_get_n_lines (mail), ==, 12);
  g_assert_cmpstr (md5, ==, "md5==");
  g_assert_cmpstr (mail_md5, ==, "m5");
  g_assert_cmpstr (disposition, ==, "inline");
  g_assert_cmpstr (root_disposition, ==, "inline");
  g_assert_cmpstr (location, ==, "loc");
  g_assert_cmpstr (id, ==, "<id@x>");
  g_assert_cmpstr (description, ==, "ä");
  g_assert_cmpstr (name, ==, "a.pdf");
  g_assert_cmpuint (g_strv_length (languages), ==, 2);
  g_assert_cmpstr (one_language[0], ==, "fr");
  g_assert_cmpstr (ph_message_envelope_get_subject (envelope), ==, "Inner");
  g_assert_cmpstr (ph_body_part_get_media_type (inner), ==, "text/html");
}

static void
test_finding (void)
{
  g_autoptr (PhBodyPart) root = new_structure (
    "(((\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 1 NIL (\"attachment\" NIL))(\"text\" \"html\" NIL NIL NIL \"7bit\" 2 1)"
    "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 3 1) \"alternative\")"
    "(\"image\" \"png\" (\"name\" \"a\") NIL NIL \"base64\" 4)"
    "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 5 NIL (\"image\" \"gif\" (\"name\" \"b\") NIL NIL \"base64\" 6) 1) \"mixed\")");
  g_autoptr (PhBodyPart) plain = ph_body_part_find_text (root, "plain");
  g_autoptr (PhBodyPart) any = ph_body_part_find_text (root, NULL);
  g_autoptr (PhBodyPart) none = ph_body_part_find_text (root, "calendar");
  g_autoptr (GPtrArray) attachments = ph_body_part_get_attachments (root);
  static const char *const wrong[] = { "4", "0", "1.4", "1.", "1.1.1", "x", ".1", "99999999999999999999", "1 " };

  g_assert_cmpstr (ph_body_part_get_section (plain), ==, "1.3");
  g_assert_cmpstr (ph_body_part_get_section (any), ==, "1.2");
  g_assert_null (none);
  g_assert_cmpuint (attachments->len, ==, 3);
  g_assert_cmpstr (ph_body_part_get_section (attachments->pdata[0]), ==, "1.1");
  g_assert_cmpstr (ph_body_part_get_section (attachments->pdata[1]), ==, "2");
  g_assert_cmpstr (ph_body_part_get_section (attachments->pdata[2]), ==, "3");
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_null (ph_body_part_find (root, wrong[i]));
}

/* Down to the bottom of what no parser should let through, without a stack of calls. */
static void
test_deep (void)
{
  enum { DEPTH = 2000 };
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
  g_autoptr (PhMessage) message = NULL;
  PhBodyPart *part;
  guint depth = 0;

  ph_value_builder_add (builder, PH_VALUE_ATOM, "BODYSTRUCTURE", 13);
  for (int i = 0; i < DEPTH; i++)
    ph_value_builder_open (builder);
  ph_value_builder_add (builder, PH_VALUE_STRING, "text", 4);
  ph_value_builder_add (builder, PH_VALUE_STRING, "plain", 5);
  message = ph_message_new (1, ph_value_builder_peek (builder));
  part = ph_message_get_body_structure (message);
  while (ph_body_part_get_n_parts (part) > 0)
    {
      PhBodyPart *child = ph_body_part_get_part (part, 0);

      ph_body_part_unref (part);
      part = child;
      depth++;
    }
  g_assert_cmpuint (depth, ==, DEPTH - 1);
  g_assert_cmpuint (strlen (ph_body_part_get_section (part)), ==, 2 * (DEPTH - 1) - 1);
  ph_body_part_unref (part);
}

static void
test_wide (void)
{
  enum { WIDTH = 50000 };
  g_autoptr (GString) text = g_string_new ("(");
  g_autoptr (PhBodyPart) root = NULL;

  for (int i = 0; i < WIDTH; i++)
    g_string_append (text, "(\"text\" \"plain\")");
  g_string_append (text, " \"mixed\")");
  root = new_structure (text->str);
  g_assert_cmpuint (ph_body_part_get_n_parts (root), ==, WIDTH);
  for (guint i = 0; i < WIDTH; i++)
    {
      g_autoptr (PhBodyPart) part = ph_body_part_get_part (root, i);

      g_assert_cmpuint (ph_body_part_get_n_parts (part), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/body-part/trees-and-sections", test_trees);
  g_test_add_func ("/body-part/fields", test_fields);
  g_test_add_func ("/body-part/name-is-decoded", test_name_is_decoded);
  g_test_add_func ("/body-part/encoded-and-split-parameters", test_encoded_parameters);
  g_test_add_func ("/body-part/extension-fields", test_extension_fields);
  g_test_add_func ("/body-part/finding", test_finding);
  g_test_add_func ("/body-part/depth-costs-no-stack", test_deep);
  g_test_add_func ("/body-part/width-costs-no-squares", test_wide);
  return g_test_run ();
}
