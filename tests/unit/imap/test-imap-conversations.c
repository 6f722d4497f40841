/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Conversations in files, each fed in every way, "=== NAME" begins one. quirks/: what real servers say, right and wrong, from which server and
 * where it was seen; sets that fit no line: test-imap-messages.c, test-imap-moving.c. examples/: what the RFCs show of features that no server at
 * hand has; the tags and this side's words are the engine's.
 */
#include "imap-conversation.h"

#include "contracts/ph-extension-private.h"

#include <locale.h>

GType ph_imap_idle_get_type (void);

static void
add_idle (PhHarness *harness, PhEvent *event)
{
  if (event->kind != PH_EVENT_CAPABILITIES || harness->user_data == NULL ||
      !g_strv_contains (ph_engine_get_capabilities (harness->engine), "IDLE"))
    return;

  ph_engine_add_extension (harness->engine, harness->user_data);
  harness->user_data = NULL;
}

static PhCommand *
step_new (PhHarness *harness, gpointer data)
{
  PhExtension *idle = g_object_new (ph_imap_idle_get_type (), NULL);

  g_strlcpy (((PhImapEngine *) harness->engine)->tag_prefix, "A", 8);
  ph_extension_attach (idle, NULL, harness->engine, "IDLE", FALSE);
  g_object_set_data_full (G_OBJECT (harness->engine), "idle", idle, g_object_unref);
  harness->on_event = add_idle;
  harness->user_data = idle;
  ph_harness_take_items (harness, (GDestroyNotify) ph_message_unref);
  return NULL;
}

static const PhReplayStep new_harness[] = {
  { PH_REPLAY_NEW, step_new, NULL },
  { NULL, NULL, NULL },
};

static GArray *steps;

typedef struct {
  char *name;
  char *text;
} Conversation;

static void
test_conversation (gconstpointer data)
{
  const Conversation *self = data;
  g_autofree char *text = g_strconcat ("! set scheme=imap host=imap.example.org\n", self->text, "\n! quiet\n", NULL);

  ph_replay_text (ph_imap_engine_get_full_type (), self->name, text, (const PhReplayStep *) steps->data, NULL);
}

static void
conversation_free (gpointer data)
{
  Conversation *self = data;

  g_free (self->name);
  g_free (self->text);
  g_free (self);
}

static void
add_steps (const PhReplayStep *more)
{
  for (; more->name != NULL; more++)
    g_array_append_val (steps, *more);
}

static void
add_file (const char *path)
{
  g_autofree char *file = g_path_get_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *kind = g_path_get_basename (folder);
  g_autofree char *contents = NULL;
  g_auto (GStrv) parts = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  parts = g_strsplit (contents, "\n=== ", -1);
  g_assert_cmpuint (g_strv_length (parts), >, 1);
  for (char **part = parts + 1; *part != NULL; part++)
    {
      Conversation *conversation = g_new0 (Conversation, 1);
      gsize         title = strcspn (*part, "\n");
      g_autofree char *name = g_strndup (*part, title);
      g_autofree char *test = NULL;

      conversation->name = g_strdup_printf ("%s: %s", file, name);
      conversation->text = g_strdup (*part + title);
      g_strdelimit (name, " ", '-');
      test = g_strdup_printf ("/imap/%s/%s/%s", kind, file, name);
      g_test_add_data_func_full (test, conversation, test_conversation, conversation_free);
    }
}

int
main (int argc, char **argv)
{
  int failed;

  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "");
  steps = g_array_new (TRUE, FALSE, sizeof (PhReplayStep));
  add_steps (new_harness);
  add_steps (imap_conversation_commands);
  add_steps (imap_conversation_answers);
  for (int i = 1; i < argc; i++)
    add_file (argv[i]);
  failed = g_test_run ();
  g_array_unref (steps);
  return failed;
}
