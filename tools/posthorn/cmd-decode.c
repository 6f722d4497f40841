/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn decode: a recorded server stream, each reply as one JSON object on a line. */
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (64 * 1024)
/* Above what any engine keeps of one unit; that an engine bounds itself is not taken for granted. */
#define CEILING (320u * 1024 * 1024)

typedef struct
{
  PhEngine *engine;
  gboolean replies;     /* SMTP's shape, not IMAP's */
  int fd;
  GByteArray *buffer;
  gsize taken;          /* octets of @buffer that are done with */
  gsize tried;          /* how much was there when the engine last wanted more */
  guint64 position;     /* of @taken in the stream */
  gboolean end;
  gboolean all_understood;
} Decoder;

static void
print_reply (const PhResponse *response)
{
  g_auto (GStrv) lines = g_strsplit (ph_response_get_text (response) != NULL ? ph_response_get_text (response) : "", "\n", -1);

  tool_json_open_object ();
  tool_json_member_number ("code", ph_response_get_number (response));
  tool_json_member ("enhanced", ph_response_get_name (response));
  tool_json_member_words ("lines", (const char *const *) lines);
  tool_json_close_object ();
}

static void
report (Decoder *self, const char *message)
{
  self->all_understood = FALSE;
  tool_note ("octet %" G_GUINT64_FORMAT ": %s", self->position, message);
}

static void
take (Decoder *self, gsize length)
{
  self->taken += length;
  self->position += length;
  self->tried = 0;
  if (self->taken < self->buffer->len / 2)
    return;
  g_byte_array_remove_range (self->buffer, 0, (guint) self->taken);
  self->taken = 0;
}

/* FALSE: more octets are needed. */
static gboolean
decode_one (Decoder *self)
{
  g_autoptr (PhResponse) response = NULL;
  g_autoptr (GError) error = NULL;
  gsize left = self->buffer->len - self->taken;
  gsize length;

  if (left == 0)
    return FALSE;
  length = ph_engine_decode (self->engine, self->buffer->data + self->taken, left, self->end, &response, &error);
  if (error != NULL)
    report (self, error->message);
  else if (length == 0 && (self->end || left > CEILING))
    report (self, self->end ? "the stream ends in the middle of a reply" : "a reply without end");
  else if (length == 0)
    {
      self->tried = left;
      return FALSE;
    }
  if (response != NULL)
    {
      if (self->replies)
        print_reply (response);
      else
        tool_json_response (response);
      tool_json_end ();
    }
  take (self, length > 0 ? length : left);
  return TRUE;
}

static gboolean
is_more_at_hand (int fd)
{
  struct pollfd wait = { .fd = fd, .events = POLLIN };

  return poll (&wait, 1, 0) > 0;
}

/*
 * The engine starts anew with each try at a unit. So that a long one isn't read over and over, it is tried again when there is
 * twice as much of it, or when the stream makes a pause behind a line's end.
 */
static gboolean
is_worth_a_try (Decoder *self, gboolean line_ended)
{
  gsize left = self->buffer->len - self->taken;

  return self->end || left >= 2 * self->tried || left > CEILING || (line_ended && !is_more_at_hand (self->fd));
}

static gboolean
fill (Decoder *self, GError **error)
{
  gboolean line_ended = FALSE;

  do
    {
      guint old = self->buffer->len;
      gssize got;

      g_byte_array_set_size (self->buffer, old + CHUNK);
      do
        got = read (self->fd, self->buffer->data + old, CHUNK);
      while (got < 0 && errno == EINTR && !g_cancellable_is_cancelled (tool_cancellable ()));
      g_byte_array_set_size (self->buffer, old + (guint) MAX (got, 0));
      if (got < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "can't read the stream: %s", g_strerror (errno));
          return FALSE;
        }
      self->end = got == 0;
      line_ended = line_ended || memchr (self->buffer->data + old, '\n', (gsize) got) != NULL;
    }
  while (!is_worth_a_try (self, line_ended));
  return TRUE;
}

static int
decode_all (Decoder *self)
{
  g_autoptr (GError) error = NULL;

  while (!self->end)
    {
      if (!fill (self, &error))
        return tool_fail (error);
      while (decode_one (self))
        if (ferror (stdout))
          return EX_IOERR;
    }
  return self->all_understood ? 0 : EX_DATAERR;
}

static PhEngine *
find_engine (const char *scheme, GError **error)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (PhFeatureInfo) feature = ph_registry_find_scheme (registry, scheme, NULL);
  g_autoptr (GObject) engine = NULL;

  if (feature == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_UNKNOWN_SCHEME, "no installed plugin speaks %s; see posthorn plugins", scheme);
      return NULL;
    }
  engine = ph_registry_create (registry, feature, error);
  if (engine == NULL)
    return NULL;
  if (!PH_IS_ENGINE (engine) || PH_ENGINE_GET_IFACE (engine)->decode == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "the plugin for %s can't decode recorded streams", scheme);
      return NULL;
    }
  return PH_ENGINE (g_steal_pointer (&engine));
}

static int
open_stream (const char *path, GError **error)
{
  int fd;

  if (path == NULL || g_strcmp0 (path, "-") == 0)
    return STDIN_FILENO;
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "can't open %s: %s", path, g_strerror (errno));
  return fd;
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhEngine) engine = find_engine (args[0], &error);
  Decoder decoder = { .engine = engine, .all_understood = TRUE };
  int status;

  if (engine == NULL)
    return tool_fail (error);
  decoder.fd = open_stream (args[1], &error);
  if (decoder.fd < 0)
    return tool_fail (error);
  decoder.replies = PH_IS_TRANSPORT_ENGINE (engine);
  decoder.buffer = g_byte_array_new ();
  status = decode_all (&decoder);
  g_byte_array_unref (decoder.buffer);
  if (decoder.fd != STDIN_FILENO)
    close (decoder.fd);
  return status;
}

const ToolCommand tool_decode_command = {
  .name = "decode",
  .arguments = "imap|smtp [FILE]",
  .summary = "Read a recorded server stream; print each reply as one JSON object a line",
  .help = "Reads what a server sent (and only that) from FILE or standard input. For IMAP each line is\n"
          "  {\"type\", \"tag\", \"name\", \"number\", \"status\", \"code\": {\"name\", \"args\"}, \"text\", \"values\"}\n"
          "where atoms, strings and literals are {\"atom\": …}, {\"string\": …}, {\"literal\": …}, octets that aren't\n"
          "UTF-8 {\"base64\": …}, lists arrays, and NIL null; for SMTP and LMTP {\"code\", \"enhanced\", \"lines\"}.\n"
          "What isn't understood is told on standard error and skipped.\n"
          "\n"
          "Examples:\n"
          "  printf '* 5 EXISTS\\r\\n' | posthorn decode imap\n"
          "  posthorn decode smtp session.log\n"
          "\n"
          "Exit codes: 0 all was understood, 65 (EX_DATAERR) something wasn't, 66 (EX_NOINPUT) FILE can't be read.",
  .min_args = 1,
  .max_args = 2,
  .run = run,
};
