/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A message out of options: text, HTML, attachments; and one out of a file, its header deciding who gets it. */
#include "compose.h"

#ifdef HAVE_MIME

#include <posthorn-mime/posthorn-mime.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Text is read whole; what is longer is for --attach. */
#define MAX_TEXT (64 * 1024 * 1024)

static gboolean
fail (GError **error, const char *what, const char *name)
{
  return tool_set_error (error, PH_ERROR_BODY, "can't %s %s: %s", what, name, g_strerror (errno));
}

static int
open_file (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

  if (fd < 0)
    fail (error, "open", path);
  return fd;
}

static gboolean
read_whole (int fd, const char *name, GByteArray *all, GError **error)
{
  guint8 block[16 * 1024];
  gssize n;

  while ((n = read (fd, block, sizeof block)) != 0)
    {
      if (g_cancellable_set_error_if_cancelled (tool_cancellable (), error))
        return FALSE;
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (error, "read", name);
      if (all->len + (gsize) n > MAX_TEXT)
        return tool_set_error (error, PH_ERROR_BODY, "%s is longer than 64 MiB; --attach sends any length", name);
      g_byte_array_append (all, block, (guint) n);
    }
  /* none at all is a text, too */
  g_byte_array_append (all, (const guint8 *) "", 1);
  g_byte_array_set_size (all, all->len - 1);
  return TRUE;
}

/* A text part in UTF-8, which is what a terminal and an editor write. */
static GMimeObject *
make_text (const char *path, const char *subtype, GError **error)
{
  gboolean standard = strcmp (path, "-") == 0;
  const char *name = standard ? "standard input" : path;
  int fd = standard ? STDIN_FILENO : open_file (path, error);
  g_autoptr (GByteArray) all = g_byte_array_new ();
  GMimePart *part;
  GMimeStream *stream;
  GMimeDataWrapper *content;
  gboolean ascii, got;

  if (fd < 0)
    return NULL;
  got = read_whole (fd, name, all, error);
  if (!standard)
    close (fd);
  if (!got)
    return NULL;
  if (!g_utf8_validate ((const char *) all->data, (gssize) all->len, NULL))
    {
      tool_set_error (error, PH_ERROR_BODY, "%s is not UTF-8 text; --attach sends it as it is", name);
      return NULL;
    }
  ascii = !g_mime_utils_text_is_8bit (all->data, all->len);
  part = g_mime_part_new_with_type ("text", subtype);
  g_mime_object_set_content_type_parameter (GMIME_OBJECT (part), "charset", ascii ? "us-ascii" : "utf-8");
  stream = g_mime_stream_mem_new_with_buffer ((const char *) all->data, all->len);
  content = g_mime_data_wrapper_new_with_stream (stream, GMIME_CONTENT_ENCODING_DEFAULT);
  g_mime_part_set_content (part, content);
  g_mime_part_set_content_encoding (part, g_mime_part_get_best_content_encoding (part, GMIME_ENCODING_CONSTRAINT_7BIT));
  g_object_unref (content);
  g_object_unref (stream);
  return GMIME_OBJECT (part);
}

/* What the desktop would take it for, by its name and its first octets. */
static char *
guess_type (int fd, const char *path)
{
  guchar start[4096];
  gssize n = pread (fd, start, sizeof start, 0);
  g_autofree char *type = g_content_type_guess (path, start, (gsize) MAX (n, 0), NULL);
  char *mime_type = g_content_type_get_mime_type (type);

  return mime_type != NULL ? mime_type : g_strdup ("application/octet-stream");
}

/* A message stays one: its parts are read from the file (RFC 2046 section 5.2.1 forbids to encode it). */
static GMimeObject *
make_attached_message (GMimeStream *stream)
{
  GMimeParser *parser = g_mime_parser_new_with_stream (stream);
  GMimeMessage *message = g_mime_parser_construct_message (parser, NULL);
  GMimeMessagePart *part = message != NULL ? g_mime_message_part_new_with_message ("rfc822", message) : NULL;

  g_object_unref (parser);
  g_clear_object (&message);
  return (GMimeObject *) part;
}

static GMimeObject *
make_attached_file (GMimeStream *stream, const char *type)
{
  GMimeContentType *parsed = g_mime_content_type_parse (NULL, type);
  GMimePart *part = g_mime_part_new_with_type (g_mime_content_type_get_media_type (parsed), g_mime_content_type_get_media_subtype (parsed));
  GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream (stream, GMIME_CONTENT_ENCODING_DEFAULT);

  g_mime_part_set_content (part, content);
  g_mime_part_set_content_encoding (part, GMIME_CONTENT_ENCODING_BASE64);
  g_object_unref (content);
  g_object_unref (parsed);
  return GMIME_OBJECT (part);
}

/* It stays in its file until it is sent. */
static GMimeObject *
make_attachment (const char *path, GError **error)
{
  int fd = open_file (path, error);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *shown = g_utf8_make_valid (name, -1);
  g_autofree char *type = NULL;
  struct stat info;
  GMimeObject *part;
  GMimeStream *stream;

  if (fd < 0)
    return NULL;
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      tool_set_error (error, PH_ERROR_BODY, "can't attach %s: it is not a regular file", path);
      close (fd);
      return NULL;
    }
  type = guess_type (fd, path);
  stream = g_mime_stream_fs_new (fd);
  part = g_str_equal (type, "message/rfc822") ? make_attached_message (stream) : make_attached_file (stream, type);
  g_object_unref (stream);
  if (part == NULL)
    {
      tool_set_error (error, PH_ERROR_BODY, "%s is no message", path);
      return NULL;
    }
  g_mime_object_set_disposition (part, GMIME_DISPOSITION_ATTACHMENT);
  g_mime_object_set_content_disposition_parameter (part, "filename", shown);
  return part;
}

/* @first: (transfer full), @second: (transfer full) (nullable) */
static GMimeObject *
combine (const char *subtype, GMimeObject *first, GMimeObject *second)
{
  GMimeMultipart *multipart;

  if (second == NULL)
    return first;
  multipart = g_mime_multipart_new_with_subtype (subtype);
  g_mime_multipart_add (multipart, first);
  g_mime_multipart_add (multipart, second);
  g_object_unref (first);
  g_object_unref (second);
  return GMIME_OBJECT (multipart);
}

static GMimeObject *
make_content (const ToolCompose *options, GError **error)
{
  const char *plain = options->text == NULL && options->html == NULL ? "-" : options->text;
  GMimeObject *text = NULL;
  GMimeObject *html = NULL;
  GMimeObject *all;

  if ((plain != NULL && (text = make_text (plain, "plain", error)) == NULL)
      || (options->html != NULL && (html = make_text (options->html, "html", error)) == NULL))
    {
      g_clear_object (&text);
      return NULL;
    }
  all = text != NULL ? combine ("alternative", text, html) : html;
  for (char **path = options->attachments; path != NULL && *path != NULL; path++)
    {
      GMimeObject *attachment = make_attachment (*path, error);

      if (attachment == NULL)
        {
          g_object_unref (all);
          return NULL;
        }
      if (path == options->attachments)
        all = combine ("mixed", all, attachment);
      else
        {
          g_mime_multipart_add (GMIME_MULTIPART (all), attachment);
          g_object_unref (attachment);
        }
    }
  return all;
}

static gboolean
add_addresses (GMimeMessage *message, GMimeAddressType type, const char *const *addresses, GError **error)
{
  for (; addresses != NULL && *addresses != NULL; addresses++)
    {
      InternetAddressList *list = strpbrk (*addresses, "\r\n") == NULL ? internet_address_list_parse (NULL, *addresses) : NULL;

      if (list == NULL || internet_address_list_length (list) == 0)
        {
          g_autofree char *shown = tool_clean (*addresses);

          g_clear_object (&list);
          return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "“%s” is no address", shown);
        }
      internet_address_list_append (g_mime_message_get_addresses (message, type), list);
      g_object_unref (list);
    }
  return TRUE;
}

/* What every message must have (RFC 5322 section 3.6) and the first server would otherwise add, or refuse it for. */
static void
complete (GMimeMessage *message)
{
  g_autofree char *id = NULL;

  if (g_mime_object_get_header (GMIME_OBJECT (message), "Date") == NULL)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_local ();

      g_mime_message_set_date (message, now);
    }
  if (g_mime_object_get_header (GMIME_OBJECT (message), "Message-ID") != NULL)
    return;
  id = g_mime_utils_generate_message_id (g_get_host_name ());
  g_mime_message_set_message_id (message, id);
}

static GMimeMessage *
compose (const ToolCompose *options, GError **error)
{
  const char *const from[] = { options->from, NULL };
  GMimeMessage *message = g_mime_message_new (TRUE);
  GMimeObject *content = NULL;

  if (!add_addresses (message, GMIME_ADDRESS_TYPE_FROM, from, error)
      || !add_addresses (message, GMIME_ADDRESS_TYPE_TO, (const char *const *) options->to, error)
      || !add_addresses (message, GMIME_ADDRESS_TYPE_CC, (const char *const *) options->cc, error)
      || !add_addresses (message, GMIME_ADDRESS_TYPE_BCC, (const char *const *) options->bcc, error)
      || (content = make_content (options, error)) == NULL)
    {
      g_object_unref (message);
      return NULL;
    }
  if (options->subject != NULL)
    g_mime_message_set_subject (message, options->subject, "utf-8");
  g_mime_message_set_mime_part (message, content);
  g_object_unref (content);
  return message;
}

static GMimeMessage *
parse (const char *path, GError **error)
{
  int fd = tool_message_copy (path, error);
  GMimeStream *stream;
  GMimeParser *parser;
  GMimeMessage *message;

  if (fd < 0)
    return NULL;
  stream = g_mime_stream_fs_new (fd);
  parser = g_mime_parser_new_with_stream (stream);
  message = g_mime_parser_construct_message (parser, NULL);
  g_object_unref (parser);
  g_object_unref (stream);
  if (message == NULL)
    tool_set_error (error, PH_ERROR_BODY, "%s is no message", path != NULL ? path : "standard input");
  return message;
}

/* The header's, with another sender where one was given */
static PhEnvelope *
read_envelope (GMimeMessage *message, const char *sender, GError **error)
{
  g_autoptr (PhEnvelope) own = ph_mime_make_envelope (message, error);
  PhEnvelope *envelope;

  if (own == NULL || sender == NULL)
    return g_steal_pointer (&own);
  envelope = ph_envelope_new (sender);
  for (guint i = 0; i < ph_envelope_get_n_recipients (own); i++)
    ph_envelope_add_recipient (envelope, ph_envelope_get_recipient (own, i));
  return envelope;
}

gboolean
tool_compose (const ToolCompose *options, const char *path, PhEnvelope **envelope, gpointer *message, GError **error)
{
  GMimeMessage *made;

  g_mime_init ();
  made = options->from_header ? parse (path, error) : compose (options, error);
  if (made == NULL)
    return FALSE;
  complete (made);
  *envelope = read_envelope (made, options->from_header ? options->from : NULL, error);
  *message = made;
  return *envelope != NULL;
}

PhDelivery *
tool_compose_send (PhTransport *transport, gpointer message, PhEnvelope *envelope, GError **error)
{
  return ph_mime_send (transport, message, envelope, PH_MIME_CONVERT, tool_cancellable (), error);
}

#else

gboolean
tool_compose (const ToolCompose *options G_GNUC_UNUSED, const char *path G_GNUC_UNUSED, PhEnvelope **envelope G_GNUC_UNUSED,
              gpointer *message G_GNUC_UNUSED, GError **error)
{
  return tool_set_error (error, PH_ERROR_NOT_SUPPORTED, "this posthorn was built without GMime, which reads and writes header fields: "
                                                        "-T, --subject, --cc, --bcc, --text, --html and --attach need it");
}

PhDelivery *
tool_compose_send (PhTransport *transport G_GNUC_UNUSED, gpointer message G_GNUC_UNUSED, PhEnvelope *envelope G_GNUC_UNUSED,
                   GError **error G_GNUC_UNUSED)
{
  return NULL;
}

#endif
