/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhCommand: what an engine calls of it. */
#include <posthorn/posthorn.h>

/**
 * ph_command_write: (skip)
 * @self: a command
 * @writer: where to
 *
 * For engines: calls the virtual function.
 */
void
ph_command_write (PhCommand *self, PhWriter *writer)
{
  g_return_if_fail (self != NULL);

  PH_COMMAND_GET_CLASS (self)->write (self, writer);
}

/**
 * ph_command_receive: (skip)
 * @self: a command
 * @response: an untagged response
 *
 * For engines: calls the virtual function.
 *
 * Returns: %TRUE where the command claims the response
 */
gboolean
ph_command_receive (PhCommand *self, const PhResponse *response)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return PH_COMMAND_GET_CLASS (self)->receive (self, response);
}

/**
 * ph_command_proceed: (skip)
 * @self: a command
 * @continuation: a continuation request that is not for one of its literals
 * @writer: where a further line may be written
 *
 * For engines: calls the virtual function.
 *
 * Returns: %FALSE where the command expected none
 */
gboolean
ph_command_proceed (PhCommand *self, const PhResponse *continuation, PhWriter *writer)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return PH_COMMAND_GET_CLASS (self)->proceed (self, continuation, writer);
}

/**
 * ph_command_interrupt: (skip)
 * @self: a command with %PH_COMMAND_IDLE
 * @writer: where the line that ends it goes
 *
 * For engines: calls the virtual function.
 */
void
ph_command_interrupt (PhCommand *self, PhWriter *writer)
{
  g_return_if_fail (self != NULL);

  PH_COMMAND_GET_CLASS (self)->interrupt (self, writer);
}

/**
 * ph_command_get_filter: (skip)
 * @self: a command whose reply is OK
 *
 * For engines: calls the virtual function.
 *
 * Returns: (transfer full) (nullable): what is to be put into the channel right behind the reply
 */
PhFilter *
ph_command_get_filter (PhCommand *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return PH_COMMAND_GET_CLASS (self)->get_filter (self);
}

/**
 * ph_command_next_part: (skip)
 * @self: a command
 * @previous: (nullable): the part that succeeded, or @self where it wrote itself; %NULL at first
 * @reply: (nullable): what the server said to @previous
 *
 * For engines: calls the virtual function.
 *
 * Returns: (transfer full) (nullable): the command to be run next in place of @self; %NULL: there is none, or no more
 */
PhCommand *
ph_command_next_part (PhCommand *self, PhCommand *previous, PhReply *reply)
{
  g_return_val_if_fail (self != NULL, NULL);

  PhCommandClass *klass = PH_COMMAND_GET_CLASS (self);
  return klass->next_part != NULL ? klass->next_part (self, previous, reply) : NULL;
}

/**
 * ph_command_take_items: (skip)
 * @self: a command
 * @part: the running one of its parts
 *
 * For engines: calls the virtual function; without one the items are dropped.
 */
void
ph_command_take_items (PhCommand *self, PhCommand *part)
{
  g_return_if_fail (self != NULL && part != NULL);

  PhCommandClass *klass = PH_COMMAND_GET_CLASS (self);
  if (klass->take_items != NULL)
    klass->take_items (self, part);
}

/**
 * ph_command_refuse: (skip)
 * @self: a command
 * @reply: a reply that is not OK
 *
 * For engines: calls the virtual function, where there is one.
 *
 * Returns: (transfer full) (nullable): what @reply means to this command; %NULL: what it means to any
 */
GError *
ph_command_refuse (PhCommand *self, PhReply *reply)
{
  g_return_val_if_fail (self != NULL && reply != NULL, NULL);

  PhCommandClass *klass = PH_COMMAND_GET_CLASS (self);
  return klass->refuse != NULL ? klass->refuse (self, reply) : NULL;
}
