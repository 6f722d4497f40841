/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Header fields as they go out.
 *
 *   fields        = *(field-name ":" unstructured CRLF)                 RFC 5322 sections 2.2 and 3.6
 *   field-name    = 1*%d33-57 / %d59-126
 *   folding       = CRLF before a blank                                 section 2.2.3
 *   utf8          = non-ASCII in unstructured text and addresses        RFC 6532 section 3.2
 *
 * GMime writes a field; here it is looked through, left out, or written anew where its octets don't fit the form that is asked
 * for. Everything else keeps the octets that it came with: signatures may cover them.
 */
#include "ph-mime-header.h"

#include "ph-mime-cleanup.h"

#include <string.h>

static const char *const address_fields[] = {
  "From", "Sender", "Reply-To", "To", "Cc", "Resent-From", "Resent-Sender", "Resent-Reply-To", "Resent-To", "Resent-Cc",
};

static const char *const hidden_fields[] = { "Bcc", "Resent-Bcc" };

static gboolean
is_one_of (const char *name, const char *const *names, gsize n_names)
{
  for (gsize i = 0; i < n_names; i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text >= 0x80)
      return FALSE;
  return TRUE;
}

GError *
ph_mime_error (PhError code, const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return ph_error_new (code, NULL, NULL, "%s", text);
}

/* What can be shown of a name or address that may hold anything */
static char *
show (const char *text)
{
  g_autofree char *start = g_strndup (text, 60);
  char *valid = g_utf8_make_valid (start, -1);

  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  return valid;
}

static gboolean
refuse (const char *name, const char *why, GError **error)
{
  g_autofree char *shown = show (name);

  g_propagate_error (error, ph_mime_error (PH_ERROR_INVALID_ARGUMENT, "the header field “%s” can't be sent: %s", shown, why));
  return FALSE;
}

static gboolean
check_name (const char *name, GError **error)
{
  gsize length = strcspn (name, " \t"); /* a blank before the colon is obsolete, not wrong (RFC 5322 section 4.5.8) */

  for (gsize i = 0; i < length; i++)
    if (name[i] < 33 || name[i] > 126 || name[i] == ':')
      return refuse (name, "its name is none (RFC 5322 section 2.2)", error);
  if (length == 0 || name[length + strspn (name + length, " \t")] != '\0')
    return refuse (name, "its name is none (RFC 5322 section 2.2)", error);
  return TRUE;
}

/* A line end that no blank follows would begin another field, or the message's text. */
static gboolean
check_value (const char *name, const char *value, GError **error)
{
  gsize column = strlen (name) + 1;

  for (const char *c = value; *c != '\0'; c++)
    {
      if (*c == '\r' && c[1] != '\n')
        return refuse (name, "there is a lone CR in it", error);
      if (*c == '\n' && c[1] != '\0' && c[1] != ' ' && c[1] != '\t')
        return refuse (name, "there is a line end in it that would begin another field", error);
      if (*c == '\n' && (c[1] == ' ' || c[1] == '\t') && c[1 + strspn (c + 1, " \t\r")] == '\n')
        return refuse (name, "there is an empty line in it", error);
      column = *c == '\n' ? 0 : column + (*c != '\r');
      if (column > PH_MIME_MAX_LINE)
        return refuse (name, "a line of it is longer than 998 octets (RFC 5322 section 2.1.1)", error);
    }
  return TRUE;
}

static gboolean
check_list (GMimeObject *object, GError **error)
{
  GMimeHeaderList *list = g_mime_object_get_header_list (object);

  for (int i = 0; i < g_mime_header_list_get_count (list); i++)
    {
      GMimeHeader *header = g_mime_header_list_get_header_at (list, i);
      const char *value = g_mime_header_get_raw_value (header);

      /* GMime keeps places for fields that aren't there */
      if (value == NULL)
        continue;
      if (!check_name (g_mime_header_get_raw_name (header), error) || !check_value (g_mime_header_get_raw_name (header), value, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
ph_mime_header_check (GMimeObject *object, GError **error)
{
  GMimeObject *part = GMIME_IS_MESSAGE (object) ? g_mime_message_get_mime_part (GMIME_MESSAGE (object)) : NULL;

  return check_list (object, error) && (part == NULL || check_list (part, error));
}

/* --- addresses --- */

PhMimeReach
ph_mime_address_reach (const char *address)
{
  const char *at = strrchr (address, '@');
  g_autofree char *local = at != NULL ? g_strndup (address, (gsize) (at - address)) : g_strdup (address);

  if (!is_ascii (local))
    return PH_MIME_REACH_LOCAL;
  return at != NULL && !is_ascii (at) ? PH_MIME_REACH_DOMAIN : PH_MIME_REACH_ASCII;
}

PhMimeReach
ph_mime_list_reach (InternetAddressList *list)
{
  PhMimeReach reach = PH_MIME_REACH_ASCII;

  for (int i = 0; i < internet_address_list_length (list); i++)
    {
      InternetAddress *one = internet_address_list_get_address (list, i);
      PhMimeReach of_one = PH_MIME_REACH_ASCII;

      if (INTERNET_ADDRESS_IS_GROUP (one))
        of_one = ph_mime_list_reach (internet_address_group_get_members (INTERNET_ADDRESS_GROUP (one)));
      else if (internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (one)) != NULL)
        of_one = ph_mime_address_reach (internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (one)));
      reach = MAX (reach, of_one);
    }
  return reach;
}

guint
ph_mime_count_fields (GMimeMessage *message, const char *name)
{
  GMimeHeaderList *list = g_mime_object_get_header_list (GMIME_OBJECT (message));
  guint n = 0;

  for (int i = 0; i < g_mime_header_list_get_count (list); i++)
    {
      GMimeHeader *header = g_mime_header_list_get_header_at (list, i);

      n += g_mime_header_get_raw_value (header) != NULL && g_ascii_strcasecmp (g_mime_header_get_name (header), name) == 0;
    }
  return n;
}

InternetAddressList *
ph_mime_read_addresses (GMimeMessage *message, const char *name)
{
  GMimeHeaderList *list = g_mime_object_get_header_list (GMIME_OBJECT (message));
  InternetAddressList *all = internet_address_list_new ();

  for (int i = 0; i < g_mime_header_list_get_count (list); i++)
    {
      GMimeHeader *header = g_mime_header_list_get_header_at (list, i);
      const char *value = g_mime_header_get_raw_value (header);
      g_autoptr (InternetAddressList) some = NULL;

      if (value == NULL || g_ascii_strcasecmp (g_mime_header_get_name (header), name) != 0)
        continue;
      some = internet_address_list_parse (NULL, value);
      if (some != NULL)
        internet_address_list_append (all, some);
    }
  return all;
}

PhMimeReach
ph_mime_message_reach (GMimeMessage *message)
{
  PhMimeReach reach = PH_MIME_REACH_ASCII;

  for (gsize i = 0; i < G_N_ELEMENTS (address_fields); i++)
    {
      g_autoptr (InternetAddressList) list = ph_mime_read_addresses (message, address_fields[i]);
      PhMimeReach of_field = ph_mime_list_reach (list);

      reach = MAX (reach, of_field);
    }
  return reach;
}

/* --- writing --- */

/* Folds before blanks; words of any length stay whole. */
static char *
fold (const char *name, const char *text)
{
  GString *field = g_string_new (name);
  g_auto (GStrv) words = g_strsplit_set (text, " \t\r\n", -1);
  gsize column = strlen (name) + 1;

  g_string_append_c (field, ':');
  for (char **word = words; *word != NULL; word++)
    {
      if (**word == '\0')
        continue;
      if (column + 1 + strlen (*word) > 76 && column > strlen (name) + 1)
        {
          g_string_append (field, "\r\n");
          column = 0;
        }
      g_string_append_c (field, ' ');
      g_string_append (field, *word);
      column += 1 + strlen (*word);
    }
  g_string_append (field, "\r\n");
  return g_string_free (field, FALSE);
}

static char *
rewrite_addresses (const char *name, const char *value, gboolean utf8)
{
  g_autoptr (InternetAddressList) list = internet_address_list_parse (NULL, value);
  g_autofree char *text = list != NULL ? internet_address_list_to_string (list, NULL, !utf8) : NULL;

  return fold (name, text != NULL ? text : "");
}

static char *
rewrite_text (const char *name, const char *value, gboolean utf8)
{
  g_autofree char *unfolded = g_mime_utils_header_unfold (value);
  g_autofree char *text = g_mime_utils_header_decode_text (NULL, g_strstrip (unfolded));
  g_autofree char *encoded = utf8 ? g_strdup (text) : g_mime_utils_header_encode_text (NULL, text, "utf-8");

  return fold (name, encoded);
}

/* In UTF-8 form addresses and text come out of their encodings; in the others nothing but ASCII may stand. Structured fields
 * stay as they are: what they encode they encode by rules of their own. */
static char *
rewrite (const char *name, const char *value, const char *field, const PhMimeHeaderStyle *style)
{
  gboolean utf8 = style->form == PH_MIME_FORM_UTF8;
  gboolean encoded = strstr (value, "=?") != NULL;

  if (is_one_of (name, address_fields, G_N_ELEMENTS (address_fields)))
    {
      if (!is_ascii (value) || (utf8 && encoded))
        return rewrite_addresses (name, value, utf8);
    }
  else if (utf8 ? encoded && g_ascii_strcasecmp (name, "Subject") == 0 : !is_ascii (value))
    return rewrite_text (name, value, utf8);
  else if (utf8 && !g_utf8_validate (value, -1, NULL))
    return rewrite_text (name, value, FALSE);
  return g_strdup (field);
}

/* @field: one field with its CR LF. (nullable) where it is left out */
static char *
style_field (const char *field, const PhMimeHeaderStyle *style, GError **error)
{
  const char *colon = strchr (field, ':');
  g_autofree char *name = NULL;
  g_autofree char *written = NULL;

  if (colon == NULL)
    {
      refuse (field, "there is no colon in it", error);
      return NULL;
    }
  name = g_strchomp (g_strndup (field, (gsize) (colon - field)));
  if (style->encoding != NULL && g_ascii_strcasecmp (name, "Content-Transfer-Encoding") == 0)
    return g_strdup ("");
  if (!style->top)
    return g_strdup (field);
  if (is_one_of (name, hidden_fields, G_N_ELEMENTS (hidden_fields)))
    return g_strdup ("");
  written = rewrite (name, colon + 1, field, style);
  if (style->form != PH_MIME_FORM_UTF8 && !is_ascii (written))
    {
      g_propagate_error (error, ph_mime_error (PH_ERROR_NOT_SUPPORTED, "the header field “%s” needs SMTPUTF8: what is before the “@” of an "
                                               "address has no ASCII form", name));
      return NULL;
    }
  return check_value (name, written + strlen (name) + 1, error) ? g_steal_pointer (&written) : NULL;
}

/* To the end of a field that begins at @start: the first line end that no blank follows */
static gsize
field_length (const char *start)
{
  const char *end = start;

  do
    {
      end = strchr (end, '\n');
      if (end == NULL)
        return strlen (start);
      end++;
    }
  while (*end == ' ' || *end == '\t');
  return (gsize) (end - start);
}

char *
ph_mime_header_write (GMimeObject *object, const PhMimeHeaderStyle *style, GError **error)
{
  GMimeFormatOptions *options = g_mime_format_options_new ();
  g_autofree char *text = NULL;
  g_autoptr (GString) out = g_string_new (NULL);

  g_mime_format_options_set_newline_format (options, GMIME_NEWLINE_FORMAT_DOS);
  text = g_mime_object_get_headers (object, options);
  g_mime_format_options_free (options);
  for (const char *start = text; start != NULL && *start != '\0';)
    {
      gsize length = field_length (start);
      g_autofree char *field = g_strndup (start, length);
      g_autofree char *styled = style_field (field, style, error);

      if (styled == NULL)
        return NULL;
      g_string_append (out, styled);
      start += length;
    }
  if (style->encoding != NULL)
    g_string_append_printf (out, "Content-Transfer-Encoding: %s\r\n", style->encoding);
  if (style->top && style->tls_optional && ph_mime_count_fields (GMIME_MESSAGE (object), "TLS-Required") == 0)
    g_string_append (out, "TLS-Required: No\r\n");
  return g_string_free (g_steal_pointer (&out), FALSE);
}
