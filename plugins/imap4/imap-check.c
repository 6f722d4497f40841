/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a command can't even be tried, with this server and in this state. */
#include "imap-engine.h"

/* RFC 7889. (transfer full) */
static GError *
check_sizes (PhImapEngine *self, const PhImapEntry *entry)
{
  guint64 limit = 0;

  if (entry->own->messages == NULL || !ph_imap_capabilities_get_number (&self->capabilities, "APPENDLIMIT=", &limit))
    return NULL;
  for (PhNewMessage **message = entry->own->messages; *message != NULL; message++)
    {
      gint64 size = ph_body_get_size (ph_new_message_get_body (*message));

      if (size > (gint64) MIN (limit, G_MAXINT64))
        return ph_error_new (PH_ERROR_TOO_LARGE, NULL, NULL,
                             "%s: the message has %" G_GINT64_FORMAT " octets, and %s takes %" G_GUINT64_FORMAT " at most",
                             ph_command_get_name (entry->command), size, self->host, limit);
    }

  return NULL;
}

static GError *
new_lacking (PhImapEngine *self, PhCommand *command, const char *word)
{
  return ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "%s needs %s, which %s does not offer", ph_command_get_name (command), word, self->host);
}

/* A query's: all of them. (transfer full) (nullable) */
static GError *
check_query (PhImapEngine *self, PhImapCommand *own)
{
  for (char **word = own->needs; word != NULL && *word != NULL; word++)
    if (!ph_imap_capabilities_has (&self->capabilities, *word))
      return new_lacking (self, PH_COMMAND (own), *word);

  return NULL;
}

/* A command's: one of them. (transfer full) (nullable) */
static GError *
check_needs (PhImapEngine *self, PhCommand *command)
{
  const char *needs = ph_command_get_needs (command);
  g_auto (GStrv) words = needs != NULL ? g_strsplit (needs, " ", -1) : NULL;

  for (char **word = words; word != NULL && *word != NULL; word++)
    if (ph_imap_capabilities_has (&self->capabilities, *word))
      return NULL;

  return words != NULL ? new_lacking (self, command, words[0]) : NULL;
}

static gboolean
needs_mailbox (const PhImapEntry *entry)
{
  return (ph_command_get_flags (entry->command) & PH_COMMAND_SELECTED) != 0 ||
         (entry->own != NULL && (entry->own->kind->flags & PH_IMAP_KIND_SELECTED) != 0);
}

GError *
ph_imap_engine_check (PhImapEngine *self, const PhImapEntry *entry)
{
  GError *lacking = check_needs (self, entry->command);

  if (lacking == NULL && entry->own != NULL)
    lacking = check_query (self, entry->own);
  if (lacking != NULL)
    return lacking;
  if (!self->selected && needs_mailbox (entry))
    return ph_error_new (PH_ERROR_WRONG_STATE, NULL, NULL, "%s needs a selected mailbox, and there is none",
                         ph_command_get_name (entry->command));
  if (entry->own == NULL)
    return NULL;
  if (entry->own->line_first > 0 && entry->own->n_removals != self->n_removals &&
      ph_imap_command_uses_numbers (entry->own))
    return ph_error_new (PH_ERROR_EXPUNGED, NULL, NULL, "%s: messages went while it ran, and the numbers of the rest are others now",
                         ph_command_get_name (entry->command));
  /* RFC 9586 section 3 */
  if ((self->enabled & PH_IMAP_UIDONLY) != 0 && ph_imap_command_uses_numbers (entry->own))
    return ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "%s names messages by their numbers, and there are none since UIDONLY is on",
                         ph_command_get_name (entry->command));
  if (ph_imap_command_uses_numbers (entry->own) && (ph_imap_engine_get_listening (self) & PH_LISTENING_REMOVALS) != 0)
    return ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "%s names messages by their numbers, and %s may tell of removals at any time",
                         ph_command_get_name (entry->command), self->host);
  /* NOMODSEQ (RFC 7162 section 3.1.2.2) */
  if ((entry->own->conditional || entry->own->since > 0) && self->mailbox != NULL && ph_mailbox_get_highest_mod_seq (self->mailbox) == 0 &&
      (ph_imap_capabilities_get (&self->capabilities) & PH_IMAP_CONDSTORE) != 0)
    return ph_error_new (PH_ERROR_NOT_SUPPORTED, NULL, NULL, "%s asks for mod-sequences, and “%s” keeps none",
                         ph_command_get_name (entry->command), ph_mailbox_get_name (self->mailbox));

  return check_sizes (self, entry);
}
