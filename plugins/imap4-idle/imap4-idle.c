/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension IDLE (RFC 2177): the server tells of changes by itself while nothing else is to be done.
 *
 *   idle = "IDLE" CRLF "DONE"        RFC 2177 section 4
 *
 * When it is entered, left and renewed is the engine's business; what is said, stands here.
 */
#include <posthorn/posthorn-plugin.h>

typedef struct { PhCommand parent; } PhImapIdleCommand;
typedef PhCommandClass PhImapIdleCommandClass;

GType ph_imap_idle_command_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapIdleCommand, ph_imap_idle_command, PH_TYPE_COMMAND, G_TYPE_INVALID, NULL)

/* The server's "+": from now on it talks, and DONE may be said. */
static gboolean
ph_imap_idle_command_proceed (PhCommand *command, const PhResponse *continuation, PhWriter *writer)
{
  return TRUE;
}

static void
ph_imap_idle_command_interrupt (PhCommand *command, PhWriter *writer)
{
  ph_writer_atom (writer, "DONE");
}

static void
ph_imap_idle_command_class_init (PhImapIdleCommandClass *klass)
{
  klass->proceed = ph_imap_idle_command_proceed;
  klass->interrupt = ph_imap_idle_command_interrupt;
}

static void
ph_imap_idle_command_init (PhImapIdleCommand *self)
{
  ph_command_set_name (&self->parent, "IDLE");
  ph_command_set_flags (&self->parent, PH_COMMAND_ALONE | PH_COMMAND_IDLE);
}

static PhCommand *
ph_imap_idle_make_idle (PhExtension *self)
{
  return g_object_new (ph_imap_idle_command_get_type (), NULL);
}

PH_DEFINE_EXTENSION (PhImapIdle, ph_imap_idle, G_TYPE_INVALID, NULL, klass->make_idle = ph_imap_idle_make_idle)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "IDLE", .summary = "The server tells of changes by itself (RFC 2177)", .rank = PH_RANK_PRIMARY,
    .protocol = "imap4", .get_type = ph_imap_idle_get_type },
};

PH_DEFINE_PLUGIN (imap4_idle, "imap4-idle", "The IMAP extension IDLE", features)
