/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Layers that commands put into the channel, one above the other: as many as there is room for, and no more. */
#include <posthorn/posthorn.h>

#include "ph-plain-session.h"

#define MOST 6

/* A layer that leaves everything as it is. */
typedef GObject Layer;
typedef GObjectClass LayerClass;

static GType layer_get_type (void);
static void layer_describe (PhFilterInterface *iface);

G_DEFINE_TYPE_WITH_CODE (Layer, layer, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (PH_TYPE_FILTER, layer_describe))

static guint n_layers;

static gboolean
pass (PhFilter *self, PhByteQueue *input, PhByteQueue *output, GError **error)
{
  gsize length;
  const guint8 *data = ph_byte_queue_peek (input, &length);

  ph_byte_queue_append (output, data, length);
  ph_byte_queue_consume (input, length);
  return TRUE;
}

static void
layer_describe (PhFilterInterface *iface)
{
  iface->receive = pass;
  iface->send = pass;
}

static void
layer_finalize (GObject *object)
{
  n_layers--;
  G_OBJECT_CLASS (layer_parent_class)->finalize (object);
}

static void
layer_class_init (LayerClass *klass)
{
  klass->finalize = layer_finalize;
}

static void
layer_init (Layer *self)
{
  n_layers++;
}

/* A command that brings one. */
typedef PhCommand Add;
typedef PhCommandClass AddClass;

static GType add_get_type (void);

G_DEFINE_TYPE (Add, add, PH_TYPE_COMMAND)

static PhFilter *
add_get_filter (PhCommand *self)
{
  return g_object_new (layer_get_type (), NULL);
}

static void
add_class_init (AddClass *klass)
{
  klass->get_filter = add_get_filter;
}

static void
add_init (Add *self)
{
  ph_command_set_name (self, "XLAYER");
}

static gboolean
add_layer (PhSession *session, GError **error)
{
  g_autoptr (PhCommand) command = g_object_new (add_get_type (), NULL);

  return ph_session_run (session, command, NULL, error);
}

static void
test_most (void)
{
  g_autoptr (GString) script = g_string_new ("send * PREAUTH [CAPABILITY IMAP4rev1] hello\n");
  PhScriptedServer *server;
  PhSession *session;
  GError *error = NULL;

  for (guint i = 0; i < MOST; i++)
    g_string_append (script, "match (?P<t>\\S+) XLAYER\nsend ${t} OK x\nmatch (?P<t>\\S+) NOOP\nsend ${t} OK x\n");
  g_string_append (script, "match (?P<t>\\S+) XLAYER\nsend ${t} OK x\ngone\n");
  server = ph_scripted_server_new (script->str, NULL, NULL);
  session = ph_plain_session_new (server, "imap://localhost");

  for (guint i = 0; i < MOST; i++)
    {
      g_assert_true (add_layer (session, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (n_layers, ==, i + 1);
      g_assert_true (ph_session_noop (session, NULL, &error));
      g_assert_no_error (error);
    }
  /* it succeeded, and the session ends behind it */
  add_layer (session, NULL);
  g_assert_false (ph_session_is_open (session));
  g_assert_cmpuint (n_layers, ==, 0);

  g_object_unref (session);
  ph_scripted_server_finish (server);
  ph_scripted_server_free (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layers/the-most-there-are", test_most);
  return g_test_run ();
}
