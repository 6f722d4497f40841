/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn fetch: lists messages, reads them, or writes them to files. */
#include "bring.h"
#include "keep.h"
#include "message-text.h"

#include <gio/gunixoutputstream.h>
#include <string.h>
#include <unistd.h>

#define LIST_ITEMS (PH_FETCH_UID | PH_FETCH_FLAGS | PH_FETCH_INTERNAL_DATE | PH_FETCH_ENVELOPE)

static gboolean numbers;
static char *output;
static char *format;

static const GOptionEntry entries[] = {
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "Keep whole messages in DIRECTORY/UID.eml, or one in FILE; see --as", "DIRECTORY|FILE" },
  { "as", 0, 0, G_OPTION_ARG_STRING, &format, "How --output keeps them: eml (one file each), mbox, maildir", "FORMAT" },
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
  int status;          /* of the first message that could not be had */
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

typedef struct
{
  Fetch *fetch;
  ToolKeep *keep;     /* NULL: the messages are printed */
  ToolProgress *progress;
  gboolean headings;
} Bringing;

static gboolean
print_one (gpointer data, PhMessage *message, GBytes *octets, GError **error)
{
  Bringing *self = data;
  guint32 uid = ph_message_get_uid (message);
  g_autoptr (GOutputStream) stream = NULL;
  gsize length = 0;
  const void *bytes = octets != NULL ? g_bytes_get_data (octets, &length) : NULL;

  if (self->headings)
    g_print ("--- UID %u ---\n", uid);
  if (octets != NULL)
    {
      fwrite (bytes, 1, length, stdout); /* what went wrong is told at the end */
    }
  else
    {
      fflush (stdout);
      stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
      if (!ph_store_fetch_to_stream (self->fetch->store, uid, self->fetch->section, stream, tool_cancellable (), error))
        return FALSE;
    }
  self->fetch->n_found++;
  return TRUE;
}

/* What is kept already isn't asked for. */
static gboolean
is_missing (gpointer data, PhMessage *message)
{
  Bringing *self = data;
  g_autofree char *path = tool_keep_find (self->keep, message);

  if (path == NULL)
    return TRUE;
  tool_note ("%s is there already, and stays as it is", path);
  self->fetch->n_found++;
  return FALSE;
}

static gboolean
keep_one (gpointer data, PhMessage *message, GBytes *octets, GError **error)
{
  Bringing *self = data;
  g_autofree char *path = tool_keep_add (self->keep, message, octets, error);

  if (path == NULL)
    return FALSE;
  tell_file (ph_message_get_uid (message), path);
  self->fetch->n_found++;
  return TRUE;
}

static void
step (gpointer data)
{
  tool_progress_step (((Bringing *) data)->progress);
}

static gboolean
check_place (guint64 count, GError **error)
{
  if (format != NULL || count < 2 || g_file_test (output, G_FILE_TEST_IS_DIR) || g_str_has_suffix (output, "/"))
    return TRUE;
  return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT,
                         "%s is one file, but there are %" G_GUINT64_FORMAT " messages: name a directory, ending it with /", output, count);
}

/* Nothing is asked about a single one that is printed. */
static gboolean
print_single (Bringing *self, PhMessageSet *set, GError **error)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  guint32 uid, last;

  ph_message_set_get_range (set, 0, &uid, &last);
  fflush (stdout);
  if (!ph_store_fetch_to_stream (self->fetch->store, uid, self->fetch->section, stream, tool_cancellable (), error))
    return FALSE;
  self->fetch->n_found++;
  return TRUE;
}

static gboolean
stream_all (Fetch *self, const char *mailbox, GError **error)
{
  g_autoptr (PhQuery) query = ph_query_in_set (ph_query_new (), self->set);
  g_autoptr (PhMessageSet) found = ph_store_search (self->store, query, tool_cancellable (), error);
  guint64 count = found != NULL ? ph_message_set_get_count (found) : 0;
  g_autoptr (ToolProgress) progress = tool_progress_new (PH_SESSION (self->store), "fetching", count);
  g_autoptr (ToolKeep) keep = NULL;
  Bringing bringing = { .fetch = self, .progress = progress, .headings = count > 1 };
  ToolBring bring = { .store = self->store, .data = &bringing, .item = PH_FETCH_BODY, .section = "", .take = keep_one, .done = step };
  gboolean good;

  if (found == NULL || count == 0)
    return found != NULL;
  if (output == NULL && count == 1)
    return print_single (&bringing, found, error);
  if (output == NULL)
    {
      bring.item = self->items;
      bring.section = self->section;
      bring.take = print_one;
    }
  else if (!check_place (count, error) || (keep = tool_keep_new (format, output, count == 1, self->store, mailbox, error)) == NULL)
    return FALSE;
  else
    bring.wants = is_missing;
  bringing.keep = keep;
  good = tool_bring (&bring, found, error);
  self->status = bring.status;
  return good;
}

static gboolean
fetch (Fetch *self, const char *mailbox, GError **error)
{
  static const char *const headings[] = { "UID", "DATE", "FROM", "SUBJECT", "FLAGS", NULL };
  g_autoptr (ToolTable) table = NULL;

  if (output != NULL || (self->section != NULL && !tool_options.json))
    return stream_all (self, mailbox, error);
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
  if (self->n_found > 0 || self->status != 0)
    return self->status;
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
  if (format != NULL && output == NULL)
    return tool_fail_usage ("--as needs --output");
  self.store = store;
  self.set = set;
  mailbox = ph_store_examine (store, args[1], tool_cancellable (), &error);
  if (mailbox != NULL)
    fetch (&self, args[1], &error);
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
          "Reading doesn't set \\Seen. Nothing that exists is written over: files and Maildirs go on where they were left.\n"
          "\n"
          "Examples:\n"
          "  posthorn fetch imaps://alice@mail.example.org INBOX 1:*\n"
          "  posthorn fetch imaps://alice@mail.example.org INBOX 17 body\n"
          "  posthorn fetch imaps://alice@mail.example.org INBOX 1:* --output mails/\n"
          "  posthorn fetch imaps://alice@mail.example.org INBOX 1:* --output Maildir --as maildir\n"
          "  posthorn fetch imaps://alice@mail.example.org INBOX 1:* --output inbox.mbox --as mbox\n"
          "\n"
          "A message that can't be had is told of, and the others come all the same.\n"
          "\n"
          "Exit codes: 0 fetched, 69 (EX_UNAVAILABLE) no such mailbox or message, 73 (EX_CANTCREAT) a file can't be\n"
          "written; man posthorn has all.",
  .min_args = 3,
  .max_args = -1,
  .entries = entries,
  .has_session = TRUE,
  .run = run,
};
