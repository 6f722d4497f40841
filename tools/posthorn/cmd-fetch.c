/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn fetch: lists messages, reads them, or writes them to files. */
#include "message-text.h"

#include <gio/gunixoutputstream.h>
#include <string.h>
#include <unistd.h>

#define LIST_ITEMS (PH_FETCH_UID | PH_FETCH_FLAGS | PH_FETCH_INTERNAL_DATE | PH_FETCH_ENVELOPE)

static gboolean numbers;
static char *output;

static const GOptionEntry entries[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Write whole messages to DIRECTORY/UID.eml, or one to FILE", "DIRECTORY|FILE" },
  { "numbers", 0, 0, G_OPTION_ARG_NONE, &numbers, "SET is of sequence numbers in place of UIDs", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const struct
{
  const char *name;
  guint item;
  const char *section; /* of an item that can be streamed by itself */
} item_names[] = {
  { "uid", PH_FETCH_UID, NULL },
  { "flags", PH_FETCH_FLAGS, NULL },
  { "date", PH_FETCH_INTERNAL_DATE, NULL },
  { "size", PH_FETCH_SIZE, NULL },
  { "envelope", PH_FETCH_ENVELOPE, NULL },
  { "structure", PH_FETCH_BODY_STRUCTURE, NULL },
  { "headers", PH_FETCH_HEADER, "HEADER" },
  { "body", PH_FETCH_BODY, "" },
  { "text", PH_FETCH_TEXT, "TEXT" },
};

typedef struct
{
  PhStore *store;
  PhMessageSet *set;
  guint items;
  GStrv extras;        /* NULL without */
  const char *section; /* where one section is all that was asked for */
  guint n_found;
} Fetch;

/* A word in capitals is the RFC's own: BODY.PEEK[1.2], X-GM-MSGID. */
static gboolean
parse_item (Fetch *self, const char *word, GStrvBuilder *extras, guint *n_extras, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (item_names); i++)
    if (g_ascii_strcasecmp (word, item_names[i].name) == 0)
      {
        self->items |= item_names[i].item;
        self->section = item_names[i].section;
        return TRUE;
      }
  if (g_ascii_isupper (*word))
    {
      g_strv_builder_add (extras, word);
      (*n_extras)++;
      return TRUE;
    }
  g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT,
               "there is no item %s; there are uid, flags, date, size, envelope, structure, headers, body, text and, in capitals, "
               "any of RFC 9051",
               word);
  return FALSE;
}

static gboolean
parse_items (Fetch *self, char **words, GError **error)
{
  g_autoptr (GStrvBuilder) extras = g_strv_builder_new ();
  guint n_extras = 0;
  guint n_items = 0;

  for (; *words != NULL; words++)
    {
      /* "flags,size", but not the commas and blanks inside of BODY[HEADER.FIELDS (FROM TO)] */
      g_auto (GStrv) parts = g_strsplit (*words, strchr (*words, '[') != NULL ? "\n" : ",", -1);

      for (char **part = parts; *part != NULL; part++, n_items++)
        if (!parse_item (self, *part, extras, &n_extras, error))
          return FALSE;
    }
  if (n_items != 1 || n_extras > 0)
    self->section = NULL;
  if (n_extras > 0)
    self->extras = g_strv_builder_end (extras);
  return TRUE;
}

static void
show_message (Fetch *self, PhMessage *message, ToolTable *table)
{
  self->n_found++;
  if (tool_options.json)
    tool_message_json (message, self->items, self->extras);
  else if (table != NULL)
    tool_message_add_row (message, table);
  else
    tool_message_print (message, self->items, self->extras, self->n_found > 1 || ph_message_set_get_count (self->set) != 1);
}

/* One message at a time; the session waits while this prints. */
static gboolean
show_all (Fetch *self, ToolTable *table, GError **error)
{
  g_autofree char *extra = self->extras != NULL ? g_strjoinv (" ", self->extras) : NULL;
  g_autoptr (PhMessageIter) iter = ph_store_fetch (self->store, self->set, (PhFetch) self->items, extra);
  g_autoptr (GError) problem = NULL;

  while (TRUE)
    {
      g_autoptr (PhMessage) message = ph_message_iter_next (iter, tool_cancellable (), &problem);

      if (message == NULL)
        break;
      show_message (self, message, table);
    }
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Appears under its name when it is complete. */
static gboolean
write_file (Fetch *self, guint32 uid, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream =
    g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION, NULL, error);
  g_autoptr (GCancellable) abandon = g_cancellable_new ();

  if (stream == NULL)
    return FALSE;
  if (ph_store_fetch_to_stream (self->store, uid, "", G_OUTPUT_STREAM (stream), tool_cancellable (), error))
    return g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, error);
  g_cancellable_cancel (abandon);
  g_output_stream_close (G_OUTPUT_STREAM (stream), abandon, NULL);
  return FALSE;
}

static void
tell_file (guint32 uid, const char *path)
{
  if (!tool_options.json)
    {
      g_print ("%u  %s\n", uid, path);
      return;
    }
  tool_json_open_object ();
  tool_json_member_number ("uid", uid);
  tool_json_member ("file", path);
  tool_json_close_object ();
  tool_json_end ();
}

static gboolean
write_one (Fetch *self, guint32 uid, GError **error)
{
  gboolean directory = g_file_test (output, G_FILE_TEST_IS_DIR);
  g_autofree char *name = g_strdup_printf ("%u.eml", uid);
  g_autofree char *path = directory ? g_build_filename (output, name, NULL) : g_strdup (output);

  if (!write_file (self, uid, path, error))
    return FALSE;
  tell_file (uid, path);
  return TRUE;
}

static gboolean
print_one (Fetch *self, guint32 uid, gboolean heading, GError **error)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);

  if (heading)
    g_print ("--- UID %u ---\n", uid);
  fflush (stdout);
  return ph_store_fetch_to_stream (self->store, uid, self->section, stream, tool_cancellable (), error);
}

/* Message by message, streamed: none stands in memory. */
static gboolean
stream_all (Fetch *self, GError **error)
{
  g_autoptr (PhQuery) query = ph_query_in_set (ph_query_new (), self->set);
  g_autoptr (PhMessageSet) found = ph_store_search (self->store, query, tool_cancellable (), error);
  guint64 count = found != NULL ? ph_message_set_get_count (found) : 0;
  g_autoptr (ToolProgress) progress = tool_progress_new (PH_SESSION (self->store), "fetching", count);

  if (found == NULL)
    return FALSE;
  if (output != NULL && count > 1 && !g_file_test (output, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "%s is one file, but there are %" G_GUINT64_FORMAT
                   " messages: name a directory, ending it with /", output, count);
      return FALSE;
    }
  for (guint i = 0; i < ph_message_set_get_n_ranges (found); i++)
    {
      guint32 uid, last;

      for (ph_message_set_get_range (found, i, &uid, &last); uid != 0 && uid <= last; uid++, self->n_found++)
        {
          if (!(output != NULL ? write_one (self, uid, error) : print_one (self, uid, count > 1, error)))
            return FALSE;
          tool_progress_step (progress);
        }
    }
  return TRUE;
}

static gboolean
fetch (Fetch *self, GError **error)
{
  static const char *const headings[] = { "UID", "DATE", "FROM", "SUBJECT", "FLAGS", NULL };
  g_autoptr (ToolTable) table = NULL;

  if (output != NULL || (self->section != NULL && !tool_options.json))
    return stream_all (self, error);
  if (self->items == 0 && self->extras == NULL)
    {
      self->items = LIST_ITEMS;
      if (!tool_options.json)
        table = tool_table_new (headings);
    }
  return show_all (self, table, error);
}

static int
get_status (Fetch *self, const char *set, const GError *error)
{
  if (error != NULL)
    {
      int status = tool_fail (error);

      return status == EX_NOINPUT ? EX_CANTCREAT : status; /* this command reads no file */
    }
  if (self->n_found > 0)
    return 0;
  tool_note ("there is no message %s %s", numbers ? "numbered" : "with UID", set);
  return EX_UNAVAILABLE;
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhStore) store = NULL;
  g_autoptr (PhMessageSet) set = NULL;
  g_autoptr (PhMailbox) mailbox = NULL;
  Fetch self = { NULL };
  int status;

  set = numbers ? ph_message_set_new_numbers (args[2], &error) : ph_message_set_new_from_string (args[2], &error);
  if (set == NULL || !parse_items (&self, args + 3, &error) || (store = tool_store_new (args[0], &error)) == NULL)
    return tool_fail (error);
  if (output != NULL && g_str_has_suffix (output, "/"))
    g_mkdir_with_parents (output, 0700); /* what went wrong is told at the first file */
  self.store = store;
  self.set = set;
  mailbox = ph_store_examine (store, args[1], tool_cancellable (), &error);
  if (mailbox != NULL)
    fetch (&self, &error);
  status = get_status (&self, args[2], error);
  g_strfreev (self.extras);
  return status;
}

const ToolCommand tool_fetch_command = {
  .name = "fetch",
  .arguments = "URI MAILBOX SET [ITEM…]",
  .summary = "List messages, read them, or write them to files",
  .help = "SET names messages by UID: 5, 1:9, 3,7,20:*. Without ITEMs a table is printed. ITEMs are uid, flags, date, size,\n"
          "envelope, structure, headers, body, text and, in capitals, any FETCH item of RFC 9051, such as BODY.PEEK[1.2].\n"
          "Reading doesn't set \\Seen.\n"
          "\n"
          "Examples:\n"
          "  posthorn fetch imaps://alice@mail.example.org INBOX 1:*\n"
          "  posthorn fetch imaps://alice@mail.example.org INBOX 17 body\n"
          "  posthorn fetch imaps://alice@mail.example.org INBOX 1:* --output mails/\n"
          "\n"
          "Exit codes: 0 fetched, 69 (EX_UNAVAILABLE) no such mailbox or message, 73 (EX_CANTCREAT) a file can't be\n"
          "written; man posthorn has all.",
  .min_args = 3,
  .max_args = -1,
  .entries = entries,
  .has_session = TRUE,
  .run = run,
};
