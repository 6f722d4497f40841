/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Fetched messages on disk. Nothing that exists is written over: a file of a message that is there already stays, so that what was interrupted
 * can be begun again; an mbox must be new, since nothing in it says which message is which.
 *
 *   eml       DIRECTORY/UID.eml, or one FILE: the octets as the server has them, lines ended by CR LF
 *   mbox      FILE: "From " lines, and ">" before each line of a message that looks like one, however many it has already (mboxrd)
 *   maildir   DIRECTORY/tmp, then new, or cur with the flags behind ":2,"
 *
 * A message is first fetched into a file without a name in an mbox' case, into tmp/ in a Maildir's: what is half there is nowhere.
 */
#include "keep.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#define CHUNK (64 * 1024)

typedef enum
{
  KEEP_FILES,
  KEEP_MBOX,
  KEEP_MAILDIR
} KeepFormat;

struct _ToolKeep
{
  KeepFormat format;
  char *path;
  gboolean single;        /* @path is the file */
  PhStore *store;
  guint32 uid_validity;
  char *origin;           /* digits that tell servers, users and mailboxes apart */
  char *host;             /* of this machine, as a Maildir's names have it */
  GHashTable *present;    /* a Maildir's: names without flags → where */
  FILE *mbox;
};

static gboolean
fail (GError **error, const char *what, const char *path)
{
  int number = errno;

  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (number), "can't %s %s: %s", what, path, g_strerror (number));
  return FALSE;
}

/* What of a name can't be in a Maildir's: the two characters that mean something there, and octal as the rule has it */
static char *
make_host (void)
{
  g_auto (GStrv) slashes = g_strsplit (g_get_host_name (), "/", -1);
  g_autofree char *without = g_strjoinv ("\\057", slashes);
  g_auto (GStrv) colons = g_strsplit (without, ":", -1);

  return g_strjoinv ("\\072", colons);
}

static char *
make_origin (PhStore *store, const char *mailbox)
{
  g_autofree char *whole = g_strdup_printf ("%s\n%s", ph_session_get_uri (PH_SESSION (store)), mailbox);
  g_autofree char *digits = g_compute_checksum_for_string (G_CHECKSUM_SHA256, whole, -1);

  return g_strndup (digits, 12);
}

static void
list_folder (ToolKeep *self, const char *folder)
{
  g_autofree char *path = g_build_filename (self->path, folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    g_hash_table_insert (self->present, g_strndup (name, strcspn (name, ":")), g_build_filename (path, name, NULL));
}

static gboolean
open_maildir (ToolKeep *self, GError **error)
{
  static const char *const folders[] = { "tmp", "new", "cur" };

  self->present = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (self->path, folders[i], NULL);

      if (g_mkdir_with_parents (path, 0700) != 0)
        return fail (error, "make", path);
    }
  list_folder (self, "new");
  list_folder (self, "cur");
  return TRUE;
}

static gboolean
open_mbox (ToolKeep *self, GError **error)
{
  int fd = open (self->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);

  if (fd < 0)
    return fail (error, "make", self->path);
  self->mbox = fdopen (fd, "w");
  return TRUE;
}

static gboolean
open_place (ToolKeep *self, GError **error)
{
  switch (self->format)
    {
    case KEEP_MBOX:
      return open_mbox (self, error);
    case KEEP_MAILDIR:
      return open_maildir (self, error);
    case KEEP_FILES:
    default:
      if (g_str_has_suffix (self->path, "/"))
        g_mkdir_with_parents (self->path, 0700); /* what went wrong is told at the first file */
      self->single = self->single && !g_file_test (self->path, G_FILE_TEST_IS_DIR);
      return TRUE;
    }
}

ToolKeep *
tool_keep_new (const char *format, const char *path, gboolean single, PhStore *store, const char *mailbox, GError **error)
{
  static const char *const formats[] = { "eml", "mbox", "maildir" };
  g_autoptr (ToolKeep) self = NULL;
  guint i = 0;

  while (format != NULL && i < G_N_ELEMENTS (formats) && !g_str_equal (format, formats[i]))
    i++;
  if (i == G_N_ELEMENTS (formats))
    {
      tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "there is no format %s; there are eml, mbox and maildir", format);
      return NULL;
    }

  self = g_new0 (ToolKeep, 1);
  self->format = (KeepFormat) i;
  self->path = g_strdup (path);
  self->single = single;
  self->store = g_object_ref (store);
  self->uid_validity = ph_mailbox_get_uid_validity (ph_store_get_selected (store));
  self->origin = make_origin (store, mailbox);
  self->host = make_host ();
  return open_place (self, error) ? g_steal_pointer (&self) : NULL;
}

void
tool_keep_free (ToolKeep *self)
{
  if (self == NULL)
    return;
  if (self->mbox != NULL)
    fclose (self->mbox);
  g_clear_pointer (&self->present, g_hash_table_unref);
  g_object_unref (self->store);
  g_free (self->path);
  g_free (self->origin);
  g_free (self->host);
  g_free (self);
}

static gint64
get_time (PhMessage *message)
{
  g_autoptr (GDateTime) date = ph_message_get_internal_date (message);

  return date != NULL ? g_date_time_to_unix (date) : 0;
}

/* The same for the same message, whenever it is fetched */
static char *
make_unique (ToolKeep *self, PhMessage *message)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT ".V%uU%uR%s.%s", get_time (message), self->uid_validity, ph_message_get_uid (message), self->origin,
                          self->host);
}

static char *
make_file_name (ToolKeep *self, PhMessage *message)
{
  g_autofree char *name = g_strdup_printf ("%u.eml", ph_message_get_uid (message));

  return self->single ? g_strdup (self->path) : g_build_filename (self->path, name, NULL);
}

char *
tool_keep_find (ToolKeep *self, PhMessage *message)
{
  g_autofree char *name = NULL;

  if (self->format == KEEP_MBOX)
    return NULL;
  if (self->format == KEEP_MAILDIR)
    {
      name = make_unique (self, message);
      return g_strdup (g_hash_table_lookup (self->present, name));
    }
  name = make_file_name (self, message);
  return !self->single && g_file_test (name, G_FILE_TEST_EXISTS) ? g_steal_pointer (&name) : NULL;
}

/* The whole message, its lines ended by CR LF */
static gboolean
fetch (ToolKeep *self, PhMessage *message, GBytes *octets, int fd, GError **error)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (fd, FALSE);
  gsize length;

  if (octets != NULL)
    {
      const void *data = g_bytes_get_data (octets, &length);

      return g_output_stream_write_all (stream, data, length, NULL, tool_cancellable (), error);
    }
  return ph_store_fetch_to_stream (self->store, ph_message_get_uid (message), "", stream, tool_cancellable (), error);
}

/* A name beside @path that nobody else uses, and its file */
static int
open_beside (const char *path, char **temporary, GError **error)
{
  int fd;

  *temporary = g_strdup_printf ("%s.XXXXXX", path);
  fd = g_mkstemp_full (*temporary, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    fail (error, "make", path);
  return fd;
}

/* @temporary gets the name @path, if that is free; where a file can have one name only (FAT), after a look */
static gboolean
give_name (const char *temporary, const char *path, GError **error)
{
  gboolean done = link (temporary, path) == 0;
  int number = errno;

  if (!done && number != EEXIST && access (path, F_OK) != 0)
    {
      done = rename (temporary, path) == 0;
      number = errno;
    }
  unlink (temporary);
  errno = number;
  return done || fail (error, "make", path);
}

static char *
add_file (ToolKeep *self, PhMessage *message, GBytes *octets, GError **error)
{
  g_autofree char *path = make_file_name (self, message);
  g_autofree char *temporary = NULL;
  int fd = open_beside (path, &temporary, error);
  gboolean fetched;

  if (fd < 0)
    return NULL;
  fetched = fetch (self, message, octets, fd, error);
  if (close (fd) != 0 && fetched)
    fetched = fail (error, "write", path);
  if (!fetched)
    unlink (temporary);
  return fetched && give_name (temporary, path, error) ? g_steal_pointer (&path) : NULL;
}

/* A file of no name with the message in it, at its beginning; NULL: @error */
static FILE *
fetch_aside (ToolKeep *self, PhMessage *message, GBytes *octets, GError **error)
{
  FILE *file = tmpfile ();

  if (file == NULL)
    {
      fail (error, "make", "a temporary file");
      return NULL;
    }
  if (fetch (self, message, octets, fileno (file), error) && fseek (file, 0, SEEK_SET) == 0)
    return file;
  fclose (file);
  return NULL;
}

/* ">*From " at the start of a line */
static gboolean
looks_like_from (const char *line)
{
  return g_str_has_prefix (line + strspn (line, ">"), "From ");
}

/* Line by line, which end in LF from now on; a line may be as long as it likes, and have any octets. */
static gboolean
copy_lines (FILE *from, FILE *to, gboolean quote)
{
  g_autofree char *piece = g_malloc (CHUNK);
  gboolean at_start = TRUE;
  int c, n = 0;

  while ((c = getc (from)) != EOF)
    {
      int next = '\0';

      if (c == '\r' && (next = getc (from)) != '\n')
        ungetc (next, from);
      if (next == '\n')
        c = '\n';
      piece[n++] = (char) c;
      if (c != '\n' && n < CHUNK - 1)
        continue;
      piece[n] = '\0';
      if (quote && at_start && looks_like_from (piece))
        putc ('>', to);
      fwrite (piece, 1, (size_t) n, to);
      at_start = c == '\n';
      n = 0;
    }
  piece[n] = '\0';
  if (quote && at_start && looks_like_from (piece))
    putc ('>', to);
  fwrite (piece, 1, (size_t) n, to);
  if (quote && (n > 0 || !at_start))
    putc ('\n', to);
  return !ferror (from) && !ferror (to);
}

/* Whom the message came from on its last way, or nobody */
static char *
read_sender (FILE *file)
{
  char line[1024];
  char *end;

  if (fgets (line, sizeof line, file) == NULL || g_ascii_strncasecmp (line, "Return-Path: <", 14) != 0 || (end = strchr (line, '>')) == NULL ||
      end == line + 14)
    return g_strdup ("MAILER-DAEMON");
  *end = '\0';
  return line[14 + strcspn (line + 14, " \t\r\n")] == '\0' ? g_strdup (line + 14) : g_strdup ("MAILER-DAEMON");
}

static void
write_from (FILE *to, const char *sender, PhMessage *message)
{
  static const char days[][4] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (get_time (message));

  fprintf (to, "From %s %s %s %2d %02d:%02d:%02d %04d\n", sender, days[g_date_time_get_day_of_week (date) - 1],
           months[g_date_time_get_month (date) - 1], g_date_time_get_day_of_month (date), g_date_time_get_hour (date),
           g_date_time_get_minute (date), g_date_time_get_second (date), g_date_time_get_year (date));
}

static char *
add_to_mbox (ToolKeep *self, PhMessage *message, GBytes *octets, GError **error)
{
  FILE *file = fetch_aside (self, message, octets, error);
  long before = ftell (self->mbox);
  g_autofree char *sender = NULL;
  gboolean written;

  if (file == NULL)
    return NULL;
  sender = read_sender (file);
  rewind (file);
  write_from (self->mbox, sender, message);
  written = copy_lines (file, self->mbox, TRUE) && putc ('\n', self->mbox) != EOF && fflush (self->mbox) == 0;
  if (!written)
    {
      fail (error, "write", self->path);
      /* the messages before this one are whole */
      if (ftruncate (fileno (self->mbox), before) != 0)
        tool_note ("%s ends in a part of a message", self->path);
    }
  fclose (file);
  return written ? g_strdup (self->path) : NULL;
}

/* RFC 9051's flags as letters, in their order */
static void
append_info (GString *name, PhMessage *message)
{
  static const struct { char letter; const char *flag; } letters[] = {
    { 'D', "\\Draft" }, { 'F', "\\Flagged" }, { 'P', "$Forwarded" }, { 'R', "\\Answered" }, { 'S', "\\Seen" }, { 'T', "\\Deleted" },
  };

  g_string_append (name, ":2,");
  for (gsize i = 0; i < G_N_ELEMENTS (letters); i++)
    if (ph_message_has_flag (message, letters[i].flag))
      g_string_append_c (name, letters[i].letter);
}

static gboolean
write_tmp (ToolKeep *self, PhMessage *message, GBytes *octets, const char *path, GError **error)
{
  FILE *file = fetch_aside (self, message, octets, error);
  FILE *to;
  struct utimbuf times = { .actime = get_time (message), .modtime = get_time (message) };
  int fd;
  gboolean written;

  if (file == NULL)
    return FALSE;
  unlink (path); /* of a run that was interrupted */
  fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  to = fd >= 0 ? fdopen (fd, "w") : NULL;
  written = to != NULL && copy_lines (file, to, FALSE);
  if (to != NULL && fclose (to) != 0)
    written = FALSE;
  fclose (file);
  if (!written)
    return fail (error, "write", path);
  utime (path, &times);
  return TRUE;
}

static char *
add_to_maildir (ToolKeep *self, PhMessage *message, GBytes *octets, GError **error)
{
  g_autofree char *unique = make_unique (self, message);
  g_autofree char *temporary = g_build_filename (self->path, "tmp", unique, NULL);
  g_autoptr (GString) name = g_string_new (unique);
  g_autofree char *path = NULL;
  gboolean has_info;

  append_info (name, message);
  has_info = name->str[name->len - 1] != ',';
  path = g_build_filename (self->path, has_info ? "cur" : "new", has_info ? name->str : unique, NULL);
  if (!write_tmp (self, message, octets, temporary, error) || !give_name (temporary, path, error))
    return NULL;
  g_hash_table_insert (self->present, g_steal_pointer (&unique), g_strdup (path));
  return g_steal_pointer (&path);
}

char *
tool_keep_add (ToolKeep *self, PhMessage *message, GBytes *octets, GError **error)
{
  switch (self->format)
    {
    case KEEP_MBOX:
      return add_to_mbox (self, message, octets, error);
    case KEEP_MAILDIR:
      return add_to_maildir (self, message, octets, error);
    case KEEP_FILES:
    default:
      return add_file (self, message, octets, error);
    }
}
