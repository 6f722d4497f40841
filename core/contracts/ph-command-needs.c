/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a command needs of the server, and by which tag the server names it. */
#include "ph-command-data.h"

/**
 * ph_command_set_needs:
 * @self: a command that was not submitted yet
 * @capabilities: (nullable): words with blanks between, `METADATA METADATA-SERVER`; %NULL: none
 *
 * Says what the server must offer, one of @capabilities, when it is the command's turn: otherwise the command fails with
 * %PH_ERROR_NOT_SUPPORTED before anything of it is sent. SMTP has no such words, and asks for none of them.
 */
void
ph_command_set_needs (PhCommand *self, const char *capabilities)
{
  g_return_if_fail (PH_IS_COMMAND (self));

  PhCommandPrivate *priv = ph_command_get_priv (self);
  g_return_if_fail (priv->state == PH_COMMAND_NEW);
  g_free (priv->needs);
  priv->needs = g_strdup (capabilities);
}

/**
 * ph_command_get_needs:
 * @self: a command
 *
 * What the server must offer for the command.
 *
 * Returns: (nullable): words with blanks between, of which one is enough; %NULL: nothing
 */
const char *
ph_command_get_needs (PhCommand *self)
{
  g_return_val_if_fail (PH_IS_COMMAND (self), NULL);

  return ph_command_get_priv (self)->needs;
}

/**
 * ph_command_get_tag:
 * @self: a command
 *
 * By which name the server's responses call it (RFC 4466 section 2.6.2, RFC 5267): it has one from when it is sent.
 *
 * Returns: (nullable): the tag of its last line; %NULL before, and where the protocol has none
 */
const char *
ph_command_get_tag (PhCommand *self)
{
  g_return_val_if_fail (PH_IS_COMMAND (self), NULL);

  const char *tag = ph_command_get_priv (self)->tag;
  return *tag != '\0' ? tag : NULL;
}

/**
 * ph_command_set_tag: (skip)
 * @self: a command
 * @tag: what stands before its line
 *
 * For engines, before a line is written.
 */
void
ph_command_set_tag (PhCommand *self, const char *tag)
{
  g_return_if_fail (PH_IS_COMMAND (self));

  g_strlcpy (ph_command_get_priv (self)->tag, tag, sizeof ph_command_get_priv (self)->tag);
}
