/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn append: messages into a mailbox. */
#include "take.h"

#define SLICE 50 /* messages of an mbox or a Maildir that are open and under way at once */

static char **flags;
static char *date_text;
static char *format;

static const GOptionEntry entries[] = {
  { "flag", 0, 0, G_OPTION_ARG_STRING_ARRAY, &flags, "Set this flag (seen, flagged, a keyword); once for each", "FLAG" },
  { "date", 0, 0, G_OPTION_ARG_STRING, &date_text, "When it was received, as 2026-11-23T14:00:00Z", "DATE" },
  { "as", 0, 0, G_OPTION_ARG_STRING, &format, "What FILE is: eml (one message), mbox, maildir; otherwise by a look at it", "FORMAT" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static gboolean
parse_date (GDateTime **date, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  if (date_text == NULL)
    return TRUE;
  *date = g_date_time_new_from_iso8601 (date_text, zone);
  if (*date == NULL)
    g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "%s is no date: write 2026-11-23T14:00:00Z", date_text);
  return *date != NULL;
}

static void
print_result (const char *mailbox, PhMessageSet *uids)
{
  g_autofree char *text = ph_message_set_to_string (uids);

  if (tool_options.json)
    {
      tool_json_open_object ();
      tool_json_member ("mailbox", mailbox);
      tool_json_member ("uid", ph_message_set_is_empty (uids) ? NULL : text);
      tool_json_close_object ();
      tool_json_end ();
    }
  else if (ph_message_set_is_empty (uids))
    g_print ("appended to %s\n", mailbox);
  else
    g_print ("appended to %s as UID %s\n", mailbox, text);
}

typedef struct
{
  PhStore *store;
  const char *mailbox;
  GDateTime *date;        /* of the options, and before the file's */
  char **flags;           /* the same, beside the file's */
  GPtrArray *messages;    /* read and not sent */
  PhMessageSet *uids;
  ToolProgress *progress;
} Append;

static gboolean
send_messages (Append *self, GError **error)
{
  g_autoptr (PhMessageSet) uids = NULL;

  if (self->messages->len == 0)
    return TRUE;
  uids = ph_store_append_all (self->store, self->mailbox, self->messages, tool_cancellable (), error);
  if (uids == NULL)
    return FALSE;
  ph_message_set_add_set (self->uids, uids);
  for (guint i = 0; i < self->messages->len; i++)
    tool_progress_step (self->progress);
  g_ptr_array_set_size (self->messages, 0);
  return TRUE;
}

static char **
join_flags (char **own, char **asked)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (own != NULL)
    g_strv_builder_addv (builder, (const char **) own);
  for (char **flag = asked; flag != NULL && *flag != NULL; flag++)
    if (own == NULL || !g_strv_contains ((const char *const *) own, *flag))
      g_strv_builder_add (builder, *flag);
  return g_strv_builder_end (builder);
}

/* Messages of one file each are all read before any is sent: what can't be read costs nothing. */
static gboolean
append_file (Append *self, const char *path, GError **error)
{
  g_autoptr (ToolTake) take = tool_take_new (path, format, error);
  g_autoptr (GError) problem = NULL;

  while (take != NULL)
    {
      g_autoptr (GDateTime) received = NULL;
      g_auto (GStrv) own = NULL;
      g_auto (GStrv) names = NULL;
      g_autoptr (PhBody) body = tool_take_next (take, &own, &received, &problem);

      if (body == NULL)
        break;
      names = join_flags (own, self->flags);
      g_ptr_array_add (self->messages, ph_new_message_new (body, (const char *const *) names, self->date != NULL ? self->date : received));
      if (tool_take_get_count (take) != 1 && self->messages->len >= SLICE && !send_messages (self, error))
        return FALSE;
    }
  if (problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return take != NULL && (error == NULL || *error == NULL);
}

static gboolean
append_all (Append *self, char **paths, GError **error)
{
  do
    if (!append_file (self, *paths, error))
      return FALSE;
  while (*paths != NULL && *++paths != NULL);
  return send_messages (self, error);
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDateTime) date = NULL;
  g_autoptr (PhStore) store = tool_store_new (args[0], &error);
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_new_message_unref);
  g_autoptr (PhMessageSet) uids = ph_message_set_new (TRUE);
  g_auto (GStrv) names = tool_flag_names (flags);
  Append self = { store, args[1], NULL, names, messages, uids, NULL };
  gboolean appended;

  if (store == NULL || !parse_date (&date, &error))
    return tool_fail (error);
  self.date = date;
  {
    g_autoptr (ToolProgress) progress = tool_progress_new (PH_SESSION (store), "appending", 1);

    self.progress = progress;
    appended = append_all (&self, args + 2, &error);
  }
  /* of what went before an error a person must know, too */
  if (appended || !ph_message_set_is_empty (uids))
    print_result (args[1], uids);
  return appended ? 0 : tool_fail (error);
}

const ToolCommand tool_append_command = {
  .name = "append",
  .arguments = "URI MAILBOX [FILE…]",
  .summary = "Put messages into a mailbox",
  .help = "The message comes from FILE or standard input. Lines are ended by CR LF on the way. Of several FILEs all go, or none\n"
          "where the server can do that (MULTIAPPEND). FILE may be an mbox or a Maildir, too: then all of its messages go, with\n"
          "their dates and, from a Maildir, their flags.\n"
          "\n"
          "Examples:\n"
          "  posthorn append imaps://alice@mail.example.org Drafts letter.eml --flag draft\n"
          "  posthorn append imaps://alice@mail.example.org Archive Maildir old.mbox\n"
          "  posthorn append imaps://alice@mail.example.org Archive --date 2026-11-23T14:00:00Z < letter.eml\n"
          "\n"
          "Exit codes: 0 appended, 66 (EX_NOINPUT) FILE can't be read, 69 (EX_UNAVAILABLE) no such mailbox or no room;\n"
          "man posthorn has all.",
  .min_args = 2,
  .max_args = -1,
  .entries = entries,
  .has_session = TRUE,
  .run = run,
};
