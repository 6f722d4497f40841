/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What one FETCH response costs, from the octets of a connection to the fields that a program reads: run by imap-cost.py, under
 * callgrind, with two numbers of responses whose difference leaves out what a session costs once.
 *
 *   imap-cost metadata|flags|kept N
 */
#include <posthorn/posthorn.h>

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define COPIES 64

static const char metadata[] =
  "* 12345 FETCH (UID 67890 FLAGS (\\Seen $Forwarded) INTERNALDATE \"17-Nov-2026 02:44:25 -0700\" RFC822.SIZE 44827 "
  "ENVELOPE (\"Tue, 17 Nov 2026 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg summary and minutes\" "
  "((\"Terry Gray\" NIL \"gray\" \"cac.example.edu\")) ((\"Terry Gray\" NIL \"gray\" \"cac.example.edu\")) "
  "((\"Terry Gray\" NIL \"gray\" \"cac.example.edu\")) ((NIL NIL \"imap\" \"cac.example.edu\")) "
  "((NIL NIL \"minutes\" \"cnri.reston.example.us\")(\"John Klensin\" NIL \"klensin\" \"mit.example.edu\")) NIL "
  "\"<b27390-0099999.20261116.17@cac.example.edu>\" \"<b27397-0100000.20261117.9@cac.example.edu>\") "
  "BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\") NIL NIL \"QUOTED-PRINTABLE\" 1152 23 NIL NIL NIL NIL)"
  "(\"TEXT\" \"HTML\" (\"CHARSET\" \"UTF-8\") NIL NIL \"QUOTED-PRINTABLE\" 4554 73 NIL NIL NIL NIL) \"ALTERNATIVE\" "
  "(\"BOUNDARY\" \"0000000000001f\") NIL NIL NIL))\r\n";
static const char flags[] = "* 123456 FETCH (UID 654321 FLAGS (\\Seen $Junk))\r\n";

G_STATIC_ASSERT (sizeof metadata - 1 == 815);
G_STATIC_ASSERT (sizeof flags - 1 == 49);

/* --- a server in memory: each line is answered at once --- */

typedef struct {
  GObject     parent;
  const char *response;
  GString    *copies;
  guint       n_left;      /* responses that are still to come */
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

  if (self->at == self->out->len && self->line->len > 0 && self->n_left > 0)
    {
      /* straight from where they stand; a read takes whole responses, and as many as there are */
      gsize length = strlen (self->response);
      gsize copies = MIN (MIN (count / length, self->n_left), COPIES);

      memcpy (buffer, self->copies->str, copies * length);
      self->n_left -= (guint) copies;
      return (gssize) (copies * length);
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

  self->response = response;
  self->n_left = n;
  for (guint i = 0; i < COPIES; i++)
    g_string_append (self->copies, response);
  return PH_CONNECTION (self);
}

/* --- the program: reads every field --- */

static gsize total;

static void
read_text (const char *text)
{
  if (text != NULL)
    total += strlen (text);
}

static void
read_envelope (PhMessageEnvelope *envelope)
{
  read_text (ph_message_envelope_get_date (envelope));
  read_text (ph_message_envelope_get_subject (envelope));
  for (PhAddressField field = PH_ADDRESS_FROM; field <= PH_ADDRESS_BCC; field++)
    {
      PhAddress *address;

      for (guint i = 0; (address = ph_message_envelope_get_address (envelope, field, i)) != NULL; i++)
        {
          read_text (ph_address_get_name (address));
          read_text (ph_address_get_email (address));
        }
    }
  read_text (ph_message_envelope_get_in_reply_to (envelope));
  read_text (ph_message_envelope_get_message_id (envelope));
}

static void
read_part (PhBodyPart *part)
{
  total += ph_body_part_get_size (part) + ph_body_part_get_n_lines (part);
  read_text (ph_body_part_get_section (part));
  read_text (ph_body_part_get_media_type (part));
  read_text (ph_body_part_get_encoding (part));
  if (ph_body_part_get_n_parts (part) == 0)
    {
      g_autofree char *charset = ph_body_part_get_parameter (part, "charset");

      read_text (charset);
    }
}

static void
read_flags (PhMessage *message)
{
  total += ph_message_get_uid (message) + ph_message_get_number (message);
  total += ph_message_has_flag (message, "\\Seen");
}

static void
read_message (PhMessage *message)
{
  g_autoptr (PhMessageEnvelope) envelope = ph_message_get_envelope (message);
  g_autoptr (PhBodyPart) root = ph_message_get_body_structure (message);
  g_autoptr (GDateTime) date = ph_message_get_internal_date (message);
  const char *flag;

  total += ph_message_get_uid (message) + ph_message_get_number (message) + ph_message_get_size (message);
  total += (gsize) g_date_time_to_unix (date);
  for (guint i = 0; (flag = ph_message_get_flag (message, i)) != NULL; i++)
    read_text (flag);
  read_envelope (envelope);
  read_part (root);
  for (guint i = 0; i < ph_body_part_get_n_parts (root); i++)
    {
      g_autoptr (PhBodyPart) part = ph_body_part_get_part (root, i);

      read_part (part);
    }
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

  server = server_new (only_flags ? flags : metadata, n);
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
