/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What one FETCH response costs, from the octets of a connection to the fields that a program reads: run by imap-cost.py, under
 * callgrind, with two numbers of responses whose difference leaves out what a session costs once.
 *
 *   imap-cost metadata|flags|kept N
 */
#include "imap-fields.h"
#include "imap-replay.h"

#include <posthorn/posthorn.h>

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define COPIES 64

/* --- a server in memory: each line is answered at once --- */

typedef struct {
  GObject     parent;
  GString    *copies;
  gsize       n_left;      /* octets of responses that are still to come */
  gsize       of_copies;   /* how far of @copies was read */
  GString    *line;
  GString    *out;
  gsize       at;          /* how far of @out was read */
} Server;
typedef GObjectClass ServerClass;

static void server_describe (PhConnectionInterface *iface);

GType server_get_type (void);
G_DEFINE_TYPE_WITH_CODE (Server, server, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (PH_TYPE_CONNECTION, server_describe))

static void
answer (Server *self, char *line)
{
  char *rest = strchr (line, ' ');

  g_assert_nonnull (rest);
  *rest++ = '\0';
  if (strstr (rest, "FETCH") != NULL)
    {
      /* the tagged reply waits for the responses */
      g_string_assign (self->line, line);
      return;
    }
  if (g_str_has_prefix (rest, "SELECT"))
    g_string_append (self->out, "* 999999 EXISTS\r\n* OK [UIDVALIDITY 1] valid\r\n");
  g_string_append_printf (self->out, "%s OK done\r\n", line);
  g_string_truncate (self->line, 0);
}

static gssize
server_write (PhConnection *connection, const void *buffer, gsize count, GError **error)
{
  Server *self = (Server *) connection;
  g_autofree char *text = g_strndup (buffer, count);
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);

  for (char **line = lines; *line != NULL; line++)
    if (**line != '\0')
      answer (self, *line);
  return (gssize) count;
}

static gssize
server_read (PhConnection *connection, void *buffer, gsize count, GError **error)
{
  Server *self = (Server *) connection;
  gsize n;

  /* as from a socket of a server that is ahead: reads are full, and cut responses anywhere */
  if (self->at == self->out->len && self->line->len > 0 && self->n_left > 0)
    {
      n = MIN (count, self->n_left);
      for (gsize done = 0, some; done < n; done += some)
        {
          /* what is copied at once is short: valgrind counts an instruction for each octet of what is long */
          some = MIN (MIN (n - done, 1024), self->copies->len - self->of_copies);
          memcpy ((char *) buffer + done, self->copies->str + self->of_copies, some);
          self->of_copies = (self->of_copies + some) % self->copies->len;
        }
      self->n_left -= n;
      return (gssize) n;
    }
  if (self->at == self->out->len && self->line->len > 0)
    {
      g_string_printf (self->out, "%s OK done\r\n", self->line->str);
      g_string_truncate (self->line, 0);
      self->at = 0;
    }
  if (self->at == self->out->len)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "nothing yet");
      return -1;
    }

  n = MIN (count, self->out->len - self->at);
  memcpy (buffer, self->out->str + self->at, n);
  self->at += n;
  return (gssize) n;
}

static int
server_get_fd (PhConnection *connection, GIOCondition condition)
{
  return -1;
}

static GSource *
server_create_source (PhConnection *connection, GIOCondition condition)
{
  return g_idle_source_new ();
}

static void
server_close (PhConnection *connection)
{
}

static gboolean
server_is_local (PhConnection *connection)
{
  return TRUE;
}

static char *
server_describe_place (PhConnection *connection)
{
  return g_strdup ("memory");
}

static void
server_describe (PhConnectionInterface *iface)
{
  iface->try_read = server_read;
  iface->try_write = server_write;
  iface->get_fd = server_get_fd;
  iface->create_source = server_create_source;
  iface->close = server_close;
  iface->is_local = server_is_local;
  iface->describe = server_describe_place;
}

static void
server_finalize (GObject *object)
{
  Server *self = (Server *) object;

  g_string_free (self->copies, TRUE);
  g_string_free (self->line, TRUE);
  g_string_free (self->out, TRUE);
  G_OBJECT_CLASS (server_parent_class)->finalize (object);
}

static void
server_class_init (ServerClass *klass)
{
  klass->finalize = server_finalize;
}

static void
server_init (Server *self)
{
  self->line = g_string_new (NULL);
  self->copies = g_string_new (NULL);
  self->out = g_string_new ("* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n");
}

static PhConnection *
server_new (const char *response, guint n)
{
  Server *self = g_object_new (server_get_type (), NULL);

  self->n_left = n * strlen (response);
  for (guint i = 0; i < COPIES; i++)
    g_string_append (self->copies, response);
  return PH_CONNECTION (self);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSession) session = NULL;
  g_autoptr (PhConnection) server = NULL;
  g_autoptr (PhMailbox) mailbox = NULL;
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (PhMessageIter) iter = NULL;
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_message_unref);
  gboolean only_flags = argc > 1 && g_str_equal (argv[1], "flags");
  gboolean keep = argc > 1 && g_str_equal (argv[1], "kept");
  guint n = argc > 2 ? (guint) atoi (argv[2]) : 0;
  gsize before;
  PhMessage *message;

  server = server_new (only_flags ? replay_flags : replay_metadata, n);
  session = ph_session_new ("imap://localhost", &error);
  g_assert_no_error (error);
  ph_session_set_connection (session, server);
  mailbox = ph_store_select (PH_STORE (session), "INBOX", NULL, &error);
  g_assert_no_error (error);

  iter = ph_store_fetch (PH_STORE (session), set,
                         only_flags ? PH_FETCH_FLAGS
                                    : PH_FETCH_FLAGS | PH_FETCH_INTERNAL_DATE | PH_FETCH_SIZE | PH_FETCH_ENVELOPE | PH_FETCH_BODY_STRUCTURE,
                         NULL);
  before = mallinfo2 ().uordblks;
  while (keep && (message = ph_message_iter_next (iter, NULL, &error)) != NULL)
    g_ptr_array_add (kept, message);
  while (!keep && (message = ph_message_iter_next_borrowed (iter, NULL, &error)) != NULL)
    {
      if (only_flags)
        read_flags (message);
      else
        read_message (message);
    }
  g_assert_no_error (error);

  if (keep)
    g_print ("%" G_GSIZE_FORMAT "\n", (mallinfo2 ().uordblks - before) / MAX (n, 1));
  else
    g_print ("%" G_GSIZE_FORMAT "\n", total);
  return 0;
}
