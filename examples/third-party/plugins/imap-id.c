/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension ID (RFC 2971): client and server tell each other who they are. docs/write-an-imap-extension.md goes through it.
 *
 *   id             = "ID" SP id-params-list
 *   id-response    = "ID" SP id-params-list
 *   id-params-list = "(" #(string SP nstring) ")" / nil
 */
#include <posthorn/posthorn-plugin.h>

#define MOST_FIELDS 30 /* RFC 2971 section 3.3 */

typedef struct
{
  PhCommand parent;

  PhValue *fields; /* NULL: nothing about ourselves */
  PhValue *answer;
} ExampleIdCommand;

typedef PhCommandClass ExampleIdCommandClass;

GType example_id_command_get_type (void);
PH_DEFINE_PLUGIN_TYPE (ExampleIdCommand, example_id_command, PH_TYPE_COMMAND, G_TYPE_INVALID, NULL)

static void
example_id_command_write (PhCommand *command, PhWriter *writer)
{
  ExampleIdCommand *self = (ExampleIdCommand *) command;

  if (ph_value_get_length (self->fields) > 2 * MOST_FIELDS || ph_value_get_length (self->fields) % 2 != 0)
    {
      ph_writer_fail (writer, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL,
                                            "ID takes pairs of a name and a value, at most %d", MOST_FIELDS));
      return;
    }
  ph_writer_atom (writer, "ID");
  ph_writer_value (writer, self->fields);
}

static gboolean
example_id_command_receive (PhCommand *command, const PhResponse *response)
{
  ExampleIdCommand *self = (ExampleIdCommand *) command;

  if (g_strcmp0 (ph_response_get_name (response), "ID") != 0)
    return FALSE;
  g_clear_pointer (&self->answer, ph_value_free);
  self->answer = ph_value_copy (ph_value_first (ph_response_get_values (response)));
  return TRUE;
}

static gboolean
example_id_command_finish (PhCommand *command, PhReply *reply, GError **error)
{
  ExampleIdCommand *self = (ExampleIdCommand *) command;

  if (self->answer == NULL)
    self->answer = ph_value_new_nil ();
  ph_command_take_boxed (command, PH_TYPE_VALUE, g_steal_pointer (&self->answer));
  return TRUE;
}

static void
example_id_command_finalize (GObject *object)
{
  ExampleIdCommand *self = (ExampleIdCommand *) object;

  ph_value_free (self->fields);
  ph_value_free (self->answer);
  G_OBJECT_CLASS (example_id_command_parent_class)->finalize (object);
}

static void
example_id_command_class_init (ExampleIdCommandClass *class)
{
  G_OBJECT_CLASS (class)->finalize = example_id_command_finalize;
  class->write = example_id_command_write;
  class->receive = example_id_command_receive;
  class->finish = example_id_command_finish;
}

static void
example_id_command_init (ExampleIdCommand *self)
{
  ph_command_set_name (PH_COMMAND (self), "ID");
}

typedef struct
{
  PhExtension parent;
} ExampleId;

typedef PhExtensionClass ExampleIdClass;

GType example_id_get_type (void);
PH_DEFINE_PLUGIN_TYPE (ExampleId, example_id, PH_TYPE_EXTENSION, G_TYPE_INVALID, NULL)

static PhCommand *
example_id_make_command (PhExtension *extension, const char *name, const PhValue *arguments)
{
  ExampleIdCommand *command = g_object_new (example_id_command_get_type (), NULL);

  command->fields = ph_value_copy (arguments);
  return PH_COMMAND (command);
}

/* After the login, where the program wants it. */
static PhCommand *
example_id_make_step (PhExtension *extension, PhStage stage)
{
  if (stage != PH_STAGE_AUTHENTICATED || !ph_extension_is_requested (extension))
    return NULL;
  return example_id_make_command (extension, "ID", NULL);
}

static void
example_id_class_init (ExampleIdClass *class)
{
  static const char *const commands[] = { "ID", NULL };

  class->commands = commands;
  class->make_command = example_id_make_command;
  class->make_step = example_id_make_step;
}

static void
example_id_init (ExampleId *self)
{
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "ID", .summary = "Who is there, client and server (RFC 2971)", .rank = PH_RANK_PRIMARY + 1,
    .protocol = "imap4", .get_type = example_id_get_type },
};

PH_DEFINE_PLUGIN (imap_id, "imap-id", "The IMAP extension ID", features)
