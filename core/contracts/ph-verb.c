/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhVerb: an extension's command as constant data, and the one class that is made of all of them. */
#include "ph-command-data.h"

#include <string.h>

typedef struct {
  PhCommand     parent;
  const PhVerb *verb;
  PhExtension  *extension; /* NULL: names of mailboxes are read as they are */
  char        **query_needs; /* what the query that is among its arguments can't be asked without; NULL: nothing */
  gpointer      result;    /* until it is the command's */
} PhVerbCommand;

typedef PhCommandClass PhVerbCommandClass;

GType ph_verb_command_get_type (void);
G_DEFINE_TYPE (PhVerbCommand, ph_verb_command, PH_TYPE_COMMAND)

static const char *
get_kind_name (char letter)
{
  return letter == 'm' ? "mailbox" : letter == 's' ? "string" : letter == 'a' ? "word" : "value";
}

static gboolean
is_tree (char letter)
{
  return strchr ("vlcq", letter) != NULL;
}

/* (mailboxes ("A" "B")): words, names, and lists of names */
static void
write_mailboxes (PhWriter *writer, const PhValue *list)
{
  ph_writer_open (writer);
  for (const PhValue *value = ph_value_first (list); value != NULL; value = ph_value_next (value))
    {
      PhValueKind      kind = ph_value_get_kind (value);
      g_autofree char *text = ph_value_dup_text (value);

      if (kind == PH_VALUE_STRING || kind == PH_VALUE_LITERAL)
        ph_writer_mailbox (writer, text);
      else if (kind != PH_VALUE_LIST)
        ph_writer_value (writer, value);
      else
        {
          ph_writer_open (writer);
          for (const PhValue *name = ph_value_first (value); name != NULL; name = ph_value_next (name))
            {
              g_autofree char *inner = ph_value_dup_text (name);

              ph_writer_mailbox (writer, inner != NULL ? inner : "");
            }
          ph_writer_close (writer);
        }
    }
  ph_writer_close (writer);
}

/* FALSE: the server lacks something that the query is about */
static gboolean
check_query (PhVerbCommand *self, PhWriter *writer)
{
  for (char **word = self->query_needs; word != NULL && *word != NULL; word++)
    if (!ph_extension_has_capability (self->extension, *word))
      {
        ph_writer_fail (writer, ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "%s needs %s, which the server does not offer",
                                              ph_command_get_name (&self->parent), *word));
        return FALSE;
      }
  return TRUE;
}

static void
write_argument (PhWriter *writer, char letter, const PhValue *value)
{
  g_autofree char *text = is_tree (letter) ? NULL : ph_value_dup_text (value);

  if (letter == 'm')
    ph_writer_mailbox (writer, text);
  else if (letter == 's')
    ph_writer_string (writer, text);
  else if (letter == 'a')
    ph_writer_atom (writer, text);
  else if (letter == 'q')
    ph_writer_query (writer, value);
  else if (letter == 'c')
    ph_writer_search (writer, value);
  else if (letter == 'l')
    write_mailboxes (writer, value);
  else
    ph_writer_value (writer, value);
}

static gboolean
is_text (const PhValue *value)
{
  return ph_value_get_data (value, NULL) != NULL;
}

static void
ph_verb_command_write (PhCommand *command, PhWriter *writer)
{
  PhVerbCommand *self = (PhVerbCommand *) command;
  const PhValue *value = ph_value_first (ph_command_get_priv (command)->arguments);
  g_auto (GStrv) words = g_strsplit (self->verb->name, " ", -1);
  const char    *letter = self->verb->arguments != NULL ? self->verb->arguments : "";
  GError        *error = NULL;

  if (self->verb->check != NULL && !self->verb->check (command, &error))
    {
      ph_writer_fail (writer, error);
      return;
    }
  for (guint i = 0; words[i] != NULL; i++)
    ph_writer_atom (writer, words[i]);
  if (!check_query (self, writer))
    return;
  for (; *letter != '\0' && *letter != '*'; letter++)
    {
      gboolean may_lack = letter[1] == '?';

      if (value != NULL && (is_tree (*letter) ? !may_lack || !ph_value_is_nil (value) : is_text (value)))
        write_argument (writer, *letter, value);
      else if (!may_lack || (value != NULL && !ph_value_is_nil (value)))
        {
          ph_writer_fail (writer, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "%s lacks a %s", self->verb->name,
                                                get_kind_name (*letter)));
          return;
        }
      value = ph_value_next (value);
      letter += may_lack;
    }
  if (value != NULL && *letter != '*')
    ph_writer_fail (writer, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "%s does not take so many arguments", self->verb->name));
  for (; value != NULL; value = ph_value_next (value))
    ph_writer_value (writer, value);
}

static gboolean
reads (const PhVerb *verb, const char *name)
{
  g_auto (GStrv) names = NULL;

  if (verb->receive == NULL || name == NULL)
    return FALSE;
  if (verb->responses == NULL)
    return g_str_equal (verb->name, name);
  names = g_strsplit (verb->responses, " ", -1);
  return g_strv_contains ((const char *const *) names, name);
}

static gboolean
ph_verb_command_receive (PhCommand *command, const PhResponse *response)
{
  PhVerbCommand *self = (PhVerbCommand *) command;

  return reads (self->verb, ph_response_get_name (response)) && self->verb->receive (command, response, &self->result);
}

static GError *
ph_verb_command_refuse (PhCommand *command, PhReply *reply)
{
  PhVerbCommand *self = (PhVerbCommand *) command;

  return self->verb->refuse != NULL ? self->verb->refuse (command, reply, &self->result) : NULL;
}

static void
keep_result (PhVerbCommand *self, GType type)
{
  GValue value = G_VALUE_INIT;

  if (type != G_TYPE_STRING)
    {
      ph_command_take_boxed (&self->parent, type, g_steal_pointer (&self->result));
      return;
    }
  g_value_init (&value, type);
  g_value_take_string (&value, g_steal_pointer (&self->result));
  ph_command_take_result (&self->parent, &value);
}

static gboolean
ph_verb_command_finish (PhCommand *command, PhReply *reply, GError **error)
{
  PhVerbCommand *self = (PhVerbCommand *) command;

  if (self->verb->finish != NULL && !self->verb->finish (command, reply, &self->result, error))
    return FALSE;
  if (self->verb->get_type == NULL)
    return TRUE;
  if (self->result == NULL)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_PROTOCOL, reply, NULL, "%s was answered without what it asks for", self->verb->name));
      return FALSE;
    }

  keep_result (self, self->verb->get_type ());
  return TRUE;
}

static void
ph_verb_command_finalize (GObject *object)
{
  PhVerbCommand *self = (PhVerbCommand *) (gpointer) object;
  GType          type = self->result != NULL ? self->verb->get_type () : G_TYPE_INVALID;

  if (type == G_TYPE_STRING)
    g_free (self->result);
  else if (G_TYPE_IS_BOXED (type))
    g_boxed_free (type, self->result);
  else if (self->result != NULL)
    g_object_unref (self->result);
  g_clear_object (&self->extension);
  g_strfreev (self->query_needs);
  G_OBJECT_CLASS (ph_verb_command_parent_class)->finalize (object);
}

static void
ph_verb_command_class_init (PhVerbCommandClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_verb_command_finalize;
  klass->write = ph_verb_command_write;
  klass->receive = ph_verb_command_receive;
  klass->finish = ph_verb_command_finish;
  klass->refuse = ph_verb_command_refuse;
}

static void
ph_verb_command_init (PhVerbCommand *self)
{
}

/**
 * ph_verb_get_string_type: (skip)
 *
 * For verbs whose result is a text.
 *
 * Returns: `G_TYPE_STRING`
 */
GType
ph_verb_get_string_type (void)
{
  return G_TYPE_STRING;
}

/**
 * ph_command_new_verb: (skip)
 * @verb: constant data
 * @extension: (nullable): whose command it is
 * @arguments: (nullable): a list; copied
 *
 * Makes a command of an extension. Arguments that do not fit @verb make it fail unsent, with %PH_ERROR_INVALID_ARGUMENT.
 *
 * Returns: (transfer full): a command
 */
PhCommand *
ph_command_new_verb (const PhVerb *verb, PhExtension *extension, const PhValue *arguments)
{
  g_return_val_if_fail (verb != NULL && verb->name != NULL, NULL);

  PhVerbCommand *self = g_object_new (ph_verb_command_get_type (), NULL);
  PhCommandPrivate *priv = ph_command_get_priv (&self->parent);
  self->verb = verb;
  g_set_object (&self->extension, extension);
  ph_command_set_name (&self->parent, verb->name);
  ph_command_set_flags (&self->parent, verb->flags);
  ph_command_set_needs (&self->parent, verb->needs);
  priv->arguments = arguments != NULL ? ph_value_copy (arguments) : NULL;
  if (verb->begin != NULL)
    self->result = verb->begin (&self->parent);
  return &self->parent;
}

/**
 * ph_extension_make: (skip)
 * @self: an extension
 * @verb: constant data
 * @...: what each letter of the verb's arguments stands for: `const char *`, for `v` and `l` `const PhValue *`, for `c`
 *   and `q` #PhQuery; %NULL leaves out one that may lack
 *
 * Makes a command of an extension out of C's own types.
 *
 * Returns: (transfer full): a command
 */
PhCommand *
ph_extension_make (PhExtension *self, const PhVerb *verb, ...)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self) && verb != NULL, NULL);

  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  const char *const *needs = NULL;
  PhCommand *command;
  va_list list;
  va_start (list, verb);
  for (const char *letter = verb->arguments != NULL ? verb->arguments : ""; *letter != '\0'; letter++)
    {
      const void *argument;

      if (strchr ("?*", *letter) != NULL)
        continue;
      argument = va_arg (list, const void *);
      if (argument != NULL && (*letter == 'c' || *letter == 'q'))
        {
          needs = ph_query_get_needs ((PhQuery *) argument);
          g_ptr_array_add (items, ph_query_to_value ((PhQuery *) argument));
        }
      else if (argument == NULL)
        g_ptr_array_add (items, ph_value_new_nil ());
      else if (is_tree (*letter))
        g_ptr_array_add (items, ph_value_copy (argument));
      else
        g_ptr_array_add (items, ph_value_new_string (argument));
    }
  va_end (list);

  g_autoptr (PhValue) arguments = ph_value_new_array (items);
  command = ph_command_new_verb (verb, self, arguments);
  ((PhVerbCommand *) command)->query_needs = g_strdupv ((char **) needs);
  return command;
}

/**
 * ph_command_get_arguments:
 * @self: a command
 *
 * What the command was made with, by its name.
 *
 * Returns: (transfer none) (nullable): a list; %NULL where there are none, or the command's class keeps its own
 */
const PhValue *
ph_command_get_arguments (PhCommand *self)
{
  g_return_val_if_fail (PH_IS_COMMAND (self), NULL);

  return ph_command_get_priv (self)->arguments;
}

/**
 * ph_command_get_extension: (skip)
 * @self: a command
 *
 * Whose command it is, for the functions of its verb.
 *
 * Returns: (transfer none) (nullable): the extension; %NULL where it has none, or was not made with a verb
 */
PhExtension *
ph_command_get_extension (PhCommand *self)
{
  g_return_val_if_fail (PH_IS_COMMAND (self), NULL);

  return G_TYPE_CHECK_INSTANCE_TYPE (self, ph_verb_command_get_type ()) ? ((PhVerbCommand *) self)->extension : NULL;
}

/**
 * ph_command_decode_mailbox: (skip)
 * @self: a command that was made with a verb
 * @name: a mailbox' name, out of a response
 *
 * Decodes a mailbox' name as [method@Posthorn.Extension.decode_mailbox] does.
 *
 * Returns: (transfer full) (nullable): UTF-8; %NULL where @name is NIL or a list
 */
char *
ph_command_decode_mailbox (PhCommand *self, const PhValue *name)
{
  g_return_val_if_fail (G_TYPE_CHECK_INSTANCE_TYPE (self, ph_verb_command_get_type ()), NULL);

  PhExtension *extension = ((PhVerbCommand *) self)->extension;
  return extension != NULL ? ph_extension_decode_mailbox (extension, name) : ph_value_dup_text (name);
}

/**
 * ph_command_is_about: (skip)
 * @self: a command that was made with a verb
 * @index: which of its arguments is a mailbox' name, from 0
 * @name: a mailbox' name, out of a response
 *
 * Tells whether a response is about the mailbox that the command names. INBOX is one mailbox however it is written.
 *
 * Returns: %TRUE where it is
 */
gboolean
ph_command_is_about (PhCommand *self, guint index, const PhValue *name)
{
  g_autofree char *told = ph_command_decode_mailbox (self, name);
  g_autofree char *asked = ph_value_dup_text (ph_value_get_child (ph_command_get_arguments (self), index));

  if (told == NULL || asked == NULL)
    return FALSE;
  return g_str_equal (told, asked) || (g_ascii_strcasecmp (told, "INBOX") == 0 && g_ascii_strcasecmp (asked, "INBOX") == 0);
}
