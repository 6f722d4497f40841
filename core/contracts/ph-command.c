/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhCommand: a command as an object; it writes its arguments, reads its own answers and keeps its result. */
#include "ph-command-data.h"
#include "ph-command-private.h"
#include "values/ph-reply-private.h"

#include <string.h>

/* What the default receive () keeps at most */
#define KEPT_RESPONSES 100000
#define KEPT_OCTETS ((gsize) 64 << 20)

/**
 * PhCommand:
 *
 * One command to a server: its arguments, its life and its result. Any command runs through
 * [method@Posthorn.Session.run]; typed calls such as [method@Posthorn.Store.list] make one, run it and return its result.
 * A command runs once, and keeps what came of it, after failure too: the server's reply, the error, and where there is one a
 * typed result.
 *
 * A plugin derives from it: `write` writes the name and arguments, `receive` reads the untagged responses that belong to it,
 * `finish` turns them into a result. These are called by the engine while it parses or writes, and must not call the session.
 *
 * ```c
 * g_autoptr (PhCommand) command = ph_command_new_line ("XYZZY");
 * if (!ph_session_run (session, command, NULL, &error))
 *   …
 * PhReply *reply = ph_command_get_reply (command);
 * ```
 */
enum {
  PROP_0,
  PROP_NAME,
  PROP_STATE,
  PROP_FLAGS,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];
static guint progress_signal;

G_DEFINE_TYPE_WITH_PRIVATE (PhCommand, ph_command, G_TYPE_OBJECT)

int ph_command_private_offset;

static void
ph_command_real_write (PhCommand *self, PhWriter *writer)
{
  PhCommandPrivate *priv = ph_command_get_priv (self);

  /* of a class that only set its name, that is what it is called on the wire, too */
  const char *verb = priv->verb != NULL ? priv->verb : priv->name;

  if (verb == NULL)
    {
      ph_writer_fail (writer, g_error_new_literal (PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "The command has no name"));
      return;
    }
  if (priv->is_line)
    {
      ph_writer_line (writer, verb);
      return;
    }

  /* "UID FETCH" is two words */
  if (*verb != '\0' && strchr (verb, ' ') == NULL)
    ph_writer_atom (writer, verb);
  else
    {
      g_auto (GStrv) words = g_strsplit (verb, " ", -1);

      for (guint i = 0; words[i] != NULL; i++)
        ph_writer_atom (writer, words[i]);
    }
  for (const PhValue *value = ph_value_first (priv->arguments); value != NULL; value = ph_value_next (value))
    ph_writer_value (writer, value);
}

static gboolean
ph_command_real_receive (PhCommand *self, const PhResponse *response)
{
  PhCommandPrivate *priv = ph_command_get_priv (self);
  const char *name = ph_response_get_name (response);

  if (!priv->is_line && (name == NULL || priv->response == NULL || g_ascii_strcasecmp (name, priv->response) != 0))
    return FALSE;
  if (priv->overflowed)
    return TRUE;

  if (priv->responses == NULL)
    priv->responses = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_response_free);
  priv->responses_size += ph_response_get_footprint (response);
  if (priv->responses->len >= KEPT_RESPONSES || priv->responses_size > KEPT_OCTETS)
    {
      priv->overflowed = TRUE;
      g_clear_pointer (&priv->responses, g_ptr_array_unref);
      return TRUE;
    }
  g_ptr_array_add (priv->responses, ph_response_copy (response));
  return TRUE;
}

static gboolean
ph_command_real_proceed (PhCommand *self, const PhResponse *continuation, PhWriter *writer)
{
  return FALSE;
}

static void
ph_command_real_interrupt (PhCommand *self, PhWriter *writer)
{
}

static gboolean
ph_command_real_finish (PhCommand *self, PhReply *reply, GError **error)
{
  return TRUE;
}

static PhFilter *
ph_command_real_get_filter (PhCommand *self)
{
  return NULL;
}

static void
ph_command_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PhCommand *self = PH_COMMAND (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, ph_command_get_name (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, (int) ph_command_get_state (self));
      break;
    case PROP_FLAGS:
      g_value_set_flags (value, ph_command_get_flags (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ph_command_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PhCommand *self = PH_COMMAND (object);

  switch (id)
    {
    case PROP_NAME:
      ph_command_set_name (self, g_value_get_string (value));
      break;
    case PROP_FLAGS:
      ph_command_set_flags (self, (PhCommandFlags) g_value_get_flags (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ph_command_finalize (GObject *object)
{
  PhCommandPrivate *priv = ph_command_get_priv (PH_COMMAND (object));

  ph_command_clear_items (priv);
  if (priv->verb != NULL && (priv->flags & PH_COMMAND_SECRET) != 0)
    ph_wipe (priv->verb, strlen (priv->verb));
  g_free (priv->verb);
  ph_value_free (priv->arguments);
  g_free (priv->name);
  g_free (priv->needs);
  g_clear_pointer (&priv->responses, g_ptr_array_unref);
  g_clear_pointer (&priv->reply, ph_reply_unref);
  g_clear_error (&priv->error);
  ph_command_clear_result (priv);

  G_OBJECT_CLASS (ph_command_parent_class)->finalize (object);
}

static void
ph_command_class_init (PhCommandClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  ph_command_private_offset = g_type_class_get_instance_private_offset (klass);
  object_class->get_property = ph_command_get_property;
  object_class->set_property = ph_command_set_property;
  object_class->finalize = ph_command_finalize;
  klass->write = ph_command_real_write;
  klass->receive = ph_command_real_receive;
  klass->proceed = ph_command_real_proceed;
  klass->interrupt = ph_command_real_interrupt;
  klass->finish = ph_command_real_finish;
  klass->get_filter = ph_command_real_get_filter;

  /**
   * PhCommand:name: (getter get_name) (setter set_name)
   *
   * What a person is told of: "SELECT", "RCPT TO:<bob@example.net>".
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * PhCommand:state: (getter get_state)
   *
   * Where the command is in its life. It is not notified.
   */
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PH_TYPE_COMMAND_STATE, PH_COMMAND_NEW,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * PhCommand:flags: (getter get_flags) (setter set_flags)
   *
   * How an engine may schedule the command. Set before it is submitted.
   */
  properties[PROP_FLAGS] = g_param_spec_flags ("flags", NULL, NULL, PH_TYPE_COMMAND_FLAGS, PH_COMMAND_NONE,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * PhCommand::progress:
   * @self: the command
   * @done: octets that have passed
   * @total: octets in all, 0 where that is unknown
   *
   * Emitted by the session while a message goes either way, after the step in which it did.
   */
  progress_signal = g_signal_new ("progress", PH_TYPE_COMMAND, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT64, G_TYPE_UINT64);
}

static void
ph_command_init (PhCommand *self)
{
}

void
ph_command_emit_progress (PhCommand *self, guint64 done, guint64 total)
{
  if (!ph_command_get_priv (self)->unseen && g_signal_has_handler_pending (self, progress_signal, 0, FALSE))
    g_signal_emit (self, progress_signal, 0, done, total);
}

void
ph_command_set_unseen (PhCommand *self)
{
  ph_command_get_priv (self)->unseen = TRUE;
}

static void
ph_command_set_verb (PhCommand *self, const char *verb)
{
  PhCommandPrivate *priv = ph_command_get_priv (self);
  const char *blank;

  priv->verb = g_strdup (verb);
  blank = strrchr (priv->verb, ' ');
  priv->response = blank != NULL ? blank + 1 : priv->verb;
}

/**
 * ph_command_new:
 * @name: the command's name, "CHECK"; of two words where it has two, "UID EXPUNGE"
 * @arguments: (nullable): a list, or %NULL for none; copied unless owned
 *
 * Makes a command of any name. Responses of the same name that come while it runs are kept in its reply
 * ([method@Posthorn.Reply.get_responses]): at most 100,000 of them and 64 MiB; beyond that the command fails with
 * %PH_ERROR_LIMIT.
 *
 * Returns: (transfer full): a command
 */
PhCommand *
ph_command_new (const char *name, const PhValue *arguments)
{
  g_return_val_if_fail (name != NULL, NULL);

  PhCommand *self = g_object_new (PH_TYPE_COMMAND, NULL);
  ph_command_set_verb (self, name);
  ph_command_get_priv (self)->arguments = ph_value_copy (arguments);
  return self;
}

/**
 * ph_command_new_line:
 * @line: a whole line, without tag and line end
 *
 * Makes a command of the raw door: the line is sent as it is. CR, LF and NUL in it make it fail with
 * %PH_ERROR_INVALID_ARGUMENT, unsent. Every untagged response that comes while it runs is kept in its reply, within the
 * bounds of [ctor@Posthorn.Command.new].
 *
 * Returns: (transfer full): a command
 */
PhCommand *
ph_command_new_line (const char *line)
{
  g_return_val_if_fail (line != NULL, NULL);

  PhCommand *self = g_object_new (PH_TYPE_COMMAND, NULL);
  PhCommandPrivate *priv = ph_command_get_priv (self);

  ph_command_set_verb (self, line);
  priv->is_line = TRUE;
  /* arguments may be secrets, and are nobody's business in an error */
  priv->name = g_strndup (line, strcspn (line, " \r\n"));
  return self;
}

/**
 * ph_command_get_name:
 * @self: a command
 *
 * What a person is told of: "SELECT", "RCPT TO:<bob@example.net>".
 *
 * Returns: the name
 */
const char *
ph_command_get_name (PhCommand *self)
{
  g_return_val_if_fail (PH_IS_COMMAND (self), NULL);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  if (priv->name != NULL)
    return priv->name;
  return priv->verb != NULL ? priv->verb : G_OBJECT_TYPE_NAME (self);
}

/**
 * ph_command_set_name:
 * @self: a command
 * @name: (nullable): for people; %NULL for the name that it was made with
 *
 * Sets what a person is told of, in errors above all. What is written does not change.
 */
void
ph_command_set_name (PhCommand *self, const char *name)
{
  g_return_if_fail (PH_IS_COMMAND (self));

  PhCommandPrivate *priv = ph_command_get_priv (self);
  if (g_strcmp0 (priv->name, name) == 0)
    return;
  g_free (priv->name);
  priv->name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * ph_command_get_state:
 * @self: a command
 *
 * Tells where the command is in its one life.
 *
 * Returns: the state
 */
PhCommandState
ph_command_get_state (PhCommand *self)
{
  g_return_val_if_fail (self != NULL, PH_COMMAND_DONE);

  return ph_command_get_priv (self)->state;
}

/**
 * ph_command_set_state: (skip)
 * @self: a command
 * @state: %PH_COMMAND_QUEUED or %PH_COMMAND_SENT
 *
 * For engines. Only ph_command_complete() ends a command; then it stays ended.
 */
void
ph_command_set_state (PhCommand *self, PhCommandState state)
{
  g_return_if_fail (self != NULL && state != PH_COMMAND_DONE);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  if (priv->state != PH_COMMAND_DONE)
    priv->state = state;
}

/**
 * ph_command_get_flags:
 * @self: a command
 *
 * Tells how an engine may schedule the command.
 *
 * Returns: the flags
 */
PhCommandFlags
ph_command_get_flags (PhCommand *self)
{
  g_return_val_if_fail (self != NULL, PH_COMMAND_NONE);

  return ph_command_get_priv (self)->flags;
}

/**
 * ph_command_set_flags:
 * @self: a command that was not submitted yet
 * @flags: the flags
 *
 * Says how an engine may schedule the command.
 */
void
ph_command_set_flags (PhCommand *self, PhCommandFlags flags)
{
  g_return_if_fail (PH_IS_COMMAND (self));

  PhCommandPrivate *priv = ph_command_get_priv (self);
  g_return_if_fail (priv->state == PH_COMMAND_NEW);
  if (priv->flags == flags)
    return;
  priv->flags = flags;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FLAGS]);
}

/* The command's error, or NULL for success, from what came of it */
static GError *
ph_command_conclude (PhCommand *self)
{
  PhCommandPrivate *priv = ph_command_get_priv (self);
  GError *error = NULL;

  if (priv->reply == NULL)
    return ph_error_new (PH_ERROR_FAILED, NULL, NULL, "%s ended without a reply", ph_command_get_name (self));
  if (!ph_reply_is_ok (priv->reply))
    return ph_error_new_refused (ph_command_get_name (self), NULL, priv->reply);
  if (priv->overflowed)
    return ph_error_new (PH_ERROR_LIMIT, priv->reply, NULL, "%s: the server sent more than %d responses or %d MiB of them",
                         ph_command_get_name (self), KEPT_RESPONSES, (int) (KEPT_OCTETS >> 20));
  if (!PH_COMMAND_GET_CLASS (self)->finish (self, priv->reply, &error) && error == NULL)
    return ph_error_new (PH_ERROR_FAILED, priv->reply, NULL, "%s: its result could not be read", ph_command_get_name (self));
  return error;
}

/**
 * ph_command_complete: (skip)
 * @self: a command
 * @reply: (nullable): the server's last word; referenced
 * @error: (transfer full) (nullable): why it failed
 *
 * For engines: ends the command. With a reply that is OK and no @error, the virtual function `finish` is called and may still
 * make it fail. Without @error a refusal becomes one of %PH_ERROR, by the reply's status and response code. The
 * engine then gives the event. A command that has ended already stays as it is.
 */
void
ph_command_complete (PhCommand *self, PhReply *reply, GError *error)
{
  g_return_if_fail (self != NULL);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  if (priv->state == PH_COMMAND_DONE)
    {
      g_clear_error (&error);
      return;
    }

  priv->state = PH_COMMAND_DONE;
  priv->reply = reply != NULL ? ph_reply_ref (reply) : NULL;
  if (reply != NULL && priv->responses != NULL)
    ph_reply_take_responses (reply, g_steal_pointer (&priv->responses));
  g_clear_pointer (&priv->responses, g_ptr_array_unref);
  priv->error = error != NULL ? error : ph_command_conclude (self);
}

/**
 * ph_command_renew: (skip)
 * @self: a command that is done, and that nobody but the caller knows
 *
 * For engines: the command may run once more. What came of it is forgotten; name, flags and what the class itself keeps stay.
 */
void
ph_command_renew (PhCommand *self)
{
  g_return_if_fail (self != NULL);

  PhCommandPrivate *priv = ph_command_get_priv (self);
  g_return_if_fail (priv->state == PH_COMMAND_DONE && priv->run == NULL);

  if (priv->items != NULL)
    ph_command_clear_items (priv);
  g_clear_pointer (&priv->reply, ph_reply_unref);
  g_clear_error (&priv->error);
  ph_command_clear_result (priv);
  priv->state = PH_COMMAND_NEW;
  priv->responses_size = 0;
  priv->overflowed = priv->has_progress = FALSE;
}
