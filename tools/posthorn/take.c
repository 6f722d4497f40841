/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Messages out of files. An mbox is read as mboxrd: "From " behind an empty line begins a message, and of a line that begins with any number
 * of ">" and "From " one ">" goes. Of a Maildir all of new/ and cur/ comes, in the order of its names, with flags and dates.
 */
#include "take.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK (64 * 1024)

struct _ToolTake
{
  char *path;         /* NULL: standard input */
  gboolean done;      /* of a single message */
  GPtrArray *names;   /* a Maildir's; NULL in other cases */
  guint next;
  FILE *mbox;         /* NULL in other cases; behind "From " of the next message */
  char *piece;
  gboolean at_end;
};

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  g_autofree char *one = g_path_get_basename (*(const char *const *) a);
  g_autofree char *other = g_path_get_basename (*(const char *const *) b);

  return strcmp (one, other);
}

static gboolean
list_folder (ToolTake *self, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (self->path, folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    if (*name != '.')
      g_ptr_array_add (self->names, g_build_filename (path, name, NULL));
  return dir != NULL;
}

static gboolean
open_maildir (ToolTake *self, GError **error)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
  if (!list_folder (self, "new", error) || !list_folder (self, "cur", error))
    return FALSE;
  g_ptr_array_sort (self->names, compare_paths);
  return TRUE;
}

/* Up to a line's end, or to what is held at most; the end is one LF. The piece's length, 0 at the file's end */
static int
read_piece (ToolTake *self)
{
  int n = 0, c = '\0';

  while (n < CHUNK - 1 && c != '\n' && (c = getc (self->mbox)) != EOF)
    {
      if (c == '\r')
        {
          int next = getc (self->mbox);

          if (next == '\n')
            c = '\n';
          else
            ungetc (next, self->mbox);
        }
      self->piece[n++] = (char) c;
    }
  self->piece[n] = '\0';
  return n;
}

static gboolean
open_mbox (ToolTake *self, GError **error)
{
  self->piece = g_malloc (CHUNK);
  self->mbox = self->path != NULL ? fopen (self->path, "re") : stdin;
  if (self->mbox == NULL)
    return tool_set_error (error, PH_ERROR_BODY, "can't open %s: %s", self->path, g_strerror (errno));
  if (read_piece (self) == 0)
    self->at_end = TRUE;
  else if (!g_str_has_prefix (self->piece, "From "))
    return tool_set_error (error, PH_ERROR_BODY, "%s is no mbox: it doesn't begin with “From ”", self->path != NULL ? self->path : "standard input");
  return TRUE;
}

/* What is there, where nobody says what it is */
static const char *
guess_format (const char *path)
{
  char start[5];
  FILE *file;
  gboolean is_mbox;

  if (path == NULL)
    return "eml";
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return "maildir";
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR) || (file = fopen (path, "re")) == NULL)
    return "eml"; /* what is wrong is told when it is read */
  is_mbox = fread (start, 1, sizeof start, file) == sizeof start && memcmp (start, "From ", sizeof start) == 0;
  fclose (file);
  return is_mbox ? "mbox" : "eml";
}

ToolTake *
tool_take_new (const char *path, const char *format, GError **error)
{
  g_autoptr (ToolTake) self = g_new0 (ToolTake, 1);
  gboolean opened = TRUE;

  if (path != NULL && strcmp (path, "-") != 0)
    self->path = g_strdup (path);
  if (format == NULL)
    format = guess_format (self->path);
  if (g_str_equal (format, "maildir") && self->path != NULL)
    opened = open_maildir (self, error);
  else if (g_str_equal (format, "mbox"))
    opened = open_mbox (self, error);
  else if (!g_str_equal (format, "eml"))
    opened = tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "messages come as eml, mbox or, from a directory, maildir, not as %s", format);
  return opened ? g_steal_pointer (&self) : NULL;
}

void
tool_take_free (ToolTake *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->names, g_ptr_array_unref);
  if (self->mbox != NULL && self->mbox != stdin)
    fclose (self->mbox);
  g_free (self->piece);
  g_free (self->path);
  g_free (self);
}

guint
tool_take_get_count (ToolTake *self)
{
  return self->names != NULL ? self->names->len : self->mbox != NULL ? 0 : 1;
}

/* ":2,FS" */
static char **
read_info (const char *name)
{
  static const struct { char letter; const char *flag; } letters[] = {
    { 'D', "\\Draft" }, { 'F', "\\Flagged" }, { 'P', "$Forwarded" }, { 'R', "\\Answered" }, { 'S', "\\Seen" }, { 'T', "\\Deleted" },
  };
  const char *info = strstr (name, ":2,");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; info != NULL && i < G_N_ELEMENTS (letters); i++)
    if (strchr (info + 3, letters[i].letter) != NULL)
      g_strv_builder_add (builder, letters[i].flag);
  return g_strv_builder_end (builder);
}

static PhBody *
take_from_maildir (ToolTake *self, char ***flags, GDateTime **date, GError **error)
{
  const char *path = self->next < self->names->len ? g_ptr_array_index (self->names, self->next++) : NULL;
  g_autofree char *name = NULL;
  struct stat status;

  if (path == NULL)
    return NULL;
  name = g_path_get_basename (path);
  *flags = read_info (name);
  if (stat (path, &status) == 0)
    *date = g_date_time_new_from_unix_utc (status.st_mtime);
  return tool_message_open (path, error);
}

/* "From SENDER Fri Nov 27 12:00:00 2026"; NULL where it is none of the kind */
static GDateTime *
read_from_date (const char *line)
{
  static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  g_auto (GStrv) words = g_strsplit_set (line, " \t\n", -1);
  const char *last[5] = { NULL };
  const char *month;
  int hour, minute, second = 0;

  for (char **word = words; *word != NULL; word++)
    if (**word != '\0')
      {
        memmove (last, last + 1, sizeof last - sizeof *last);
        last[4] = *word;
      }
  month = last[0] != NULL && strlen (last[1]) == 3 ? strstr (months, last[1]) : NULL;
  if (month == NULL || sscanf (last[3], "%2d:%2d:%2d", &hour, &minute, &second) < 2)
    return NULL;
  return g_date_time_new_utc ((int) g_ascii_strtoll (last[4], NULL, 10), (int) (month - months) / 3 + 1, (int) g_ascii_strtoll (last[2], NULL, 10),
                              hour, minute, second);
}

static void
write_piece (FILE *to, const char *piece, int n)
{
  gboolean ends = piece[n - 1] == '\n';

  fwrite (piece, 1, (size_t) (ends ? n - 1 : n), to);
  if (ends)
    fputs ("\r\n", to);
}

/* Up to the next "From " behind an empty line, which belongs to neither message */
static gboolean
copy_message (ToolTake *self, FILE *to)
{
  gboolean at_start = TRUE, held = FALSE;
  int n;

  while ((n = read_piece (self)) > 0)
    {
      const char *piece = self->piece;

      if (at_start && held && g_str_has_prefix (piece, "From "))
        return !ferror (to);
      if (held)
        fputs ("\r\n", to);
      held = at_start && n == 1 && *piece == '\n';
      if (at_start && *piece == '>' && g_str_has_prefix (piece + strspn (piece, ">"), "From "))
        write_piece (to, piece + 1, n - 1);
      else if (!held)
        write_piece (to, piece, n);
      at_start = piece[n - 1] == '\n';
    }
  self->at_end = TRUE;
  return !ferror (self->mbox) && !ferror (to);
}

static PhBody *
take_from_mbox (ToolTake *self, GDateTime **date, GError **error)
{
  FILE *file;
  PhBody *body = NULL;

  if (self->at_end)
    return NULL;
  file = tmpfile ();
  *date = read_from_date (self->piece);
  if (file == NULL || !copy_message (self, file) || fflush (file) != 0 || fseek (file, 0, SEEK_SET) != 0)
    tool_set_error (error, PH_ERROR_BODY, "can't copy a message out of %s: %s", self->path != NULL ? self->path : "standard input", g_strerror (errno));
  else
    body = ph_body_new_for_fd (fileno (file), error);
  if (file != NULL)
    fclose (file);
  return body;
}

PhBody *
tool_take_next (ToolTake *self, char ***flags, GDateTime **date, GError **error)
{
  *flags = NULL;
  *date = NULL;
  if (g_cancellable_set_error_if_cancelled (tool_cancellable (), error))
    return NULL;
  if (self->names != NULL)
    return take_from_maildir (self, flags, date, error);
  if (self->mbox != NULL)
    return take_from_mbox (self, date, error);
  if (self->done)
    return NULL;
  self->done = TRUE;
  return tool_message_open (self->path, error);
}
