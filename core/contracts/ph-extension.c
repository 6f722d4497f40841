/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhExtension: what a plugin adds to a protocol's session without a line changed in its engine. */
#include "ph-extension-private.h"

#include <string.h>

/**
 * PhExtension:
 *
 * The base of what a plugin adds to a protocol: commands, untagged responses, response codes, steps of opening, a way to
 * listen while nothing is to be done. One object is made per session, when the server first lists one of the
 * feature's capabilities, and stays with it over later connections; it may implement typed interfaces such as
 * [iface@Posthorn.Quota]. Its virtual functions are called by the engine and must not call the session.
 */
typedef struct {
  PhSession *session; /* borrowed, until ph_extension_forget () */
  PhEngine  *engine;  /* borrowed, until ph_extension_detach () */
  char      *name;
  gboolean   requested;
} PhExtensionPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PhExtension, ph_extension, G_TYPE_OBJECT)

static inline PhExtensionPrivate *
ph_extension_get_priv (PhExtension *self)
{
  return ph_extension_get_instance_private (self);
}

static void
ph_extension_finalize (GObject *object)
{
  PhExtensionPrivate *priv = ph_extension_get_priv (PH_EXTENSION (object));

  g_free (priv->name);

  G_OBJECT_CLASS (ph_extension_parent_class)->finalize (object);
}

static PhCommand *
ph_extension_real_make_command (PhExtension *self, const char *name, const PhValue *arguments)
{
  for (const PhVerb *verb = PH_EXTENSION_GET_CLASS (self)->verbs; verb != NULL && verb->name != NULL; verb++)
    if (g_ascii_strcasecmp (verb->name, name) == 0)
      return ph_command_new_verb (verb, self, arguments);
  return NULL;
}

static void
ph_extension_real_disconnected (PhExtension *self)
{
  ph_extension_reset (self);
}

static void
ph_extension_class_init (PhExtensionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_extension_finalize;
  klass->make_command = ph_extension_real_make_command;
  klass->disconnected = ph_extension_real_disconnected;
}

static void
ph_extension_init (PhExtension *self)
{
}

void
ph_extension_attach (PhExtension *self, PhSession *session, PhEngine *engine, const char *name, gboolean requested)
{
  g_return_if_fail (PH_IS_EXTENSION (self));

  PhExtensionPrivate *priv = ph_extension_get_priv (self);
  priv->session = session;
  priv->engine = engine;
  g_free (priv->name);
  priv->name = g_strdup (name);
  priv->requested = requested;
}

void
ph_extension_detach (PhExtension *self)
{
  g_return_if_fail (PH_IS_EXTENSION (self));

  ph_extension_get_priv (self)->engine = NULL;
  PH_EXTENSION_GET_CLASS (self)->disconnected (self);
}

void
ph_extension_forget (PhExtension *self)
{
  g_return_if_fail (PH_IS_EXTENSION (self));

  PhExtensionPrivate *priv = ph_extension_get_priv (self);
  priv->session = NULL;
  priv->engine = NULL;
}

void
ph_extension_deliver (PhExtension *self, GType type, gpointer boxed)
{
  g_return_if_fail (PH_IS_EXTENSION (self));

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  if (klass->deliver != NULL)
    klass->deliver (self, type, boxed);
}

/**
 * ph_extension_post: (skip)
 * @self: an extension
 * @type: a boxed type or that of an object
 * @boxed: (transfer full) (nullable): a boxed or object of that type
 *
 * For extensions, from within any virtual function that the engine calls, of theirs or of their commands: what the program is to be told.
 * The session hands it to deliver() in its place among everything else that it tells, when the engine has returned.
 */
void
ph_extension_post (PhExtension *self, GType type, gpointer boxed)
{
  g_return_if_fail (PH_IS_EXTENSION (self));

  PhEngine *engine = ph_extension_get_priv (self)->engine;
  PhEvent event = { .kind = PH_EVENT_EXTENSION, .extension = g_object_ref (self), .type = type, .boxed = boxed };

  if (engine != NULL && PH_ENGINE_GET_IFACE (engine)->post != NULL)
    PH_ENGINE_GET_IFACE (engine)->post (engine, &event);
  else
    ph_event_clear (&event);
}

/**
 * ph_extension_get_engine: (skip)
 * @self: an extension
 *
 * For extensions: the connection's engine, whose interfaces make commands, as [iface@Posthorn.StoreEngine].
 *
 * Returns: (transfer none) (nullable): the engine; %NULL once that has gone
 */
PhEngine *
ph_extension_get_engine (PhExtension *self)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self), NULL);

  return ph_extension_get_priv (self)->engine;
}

/**
 * ph_extension_get_session:
 * @self: an extension
 *
 * The session that it belongs to.
 *
 * Returns: (transfer none) (nullable): the session; %NULL once that has gone
 */
PhSession *
ph_extension_get_session (PhExtension *self)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self), NULL);

  return ph_extension_get_priv (self)->session;
}

/**
 * ph_extension_get_name:
 * @self: an extension
 *
 * The feature that it was made for.
 *
 * Returns: (nullable): "QUOTA", "COMPRESS=DEFLATE"
 */
const char *
ph_extension_get_name (PhExtension *self)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self), NULL);

  return ph_extension_get_priv (self)->name;
}

/**
 * ph_extension_is_requested:
 * @self: an extension
 *
 * Tells whether the program asked for the feature by [method@Posthorn.Session.use].
 *
 * Returns: %TRUE where it did
 */
gboolean
ph_extension_is_requested (PhExtension *self)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self), FALSE);

  return ph_extension_get_priv (self)->requested;
}

/**
 * ph_extension_has_capability:
 * @self: an extension
 * @capability: a word, in any case: `LIST-MYRIGHTS`
 *
 * Tells whether the server's last list of capabilities has a word; of a session that has ended, no.
 *
 * Returns: %TRUE where it has
 */
gboolean
ph_extension_has_capability (PhExtension *self, const char *capability)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self) && capability != NULL, FALSE);

  PhEngine *engine = ph_extension_get_priv (self)->engine;
  const char *const *offered = engine != NULL ? ph_engine_get_capabilities (engine) : NULL;
  for (; offered != NULL && *offered != NULL; offered++)
    if (g_ascii_strcasecmp (*offered, capability) == 0)
      return TRUE;
  return FALSE;
}

/**
 * ph_extension_list_capabilities:
 * @self: an extension
 * @prefix: how the words begin, in any case: `QUOTA=RES-`
 *
 * Reads what the server's last list of capabilities says in words that begin alike.
 *
 * Returns: (transfer full) (array zero-terminated=1): what stands behind @prefix in each
 */
char **
ph_extension_list_capabilities (PhExtension *self, const char *prefix)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self) && prefix != NULL, NULL);

  g_autoptr (GStrvBuilder) rest = g_strv_builder_new ();
  PhEngine *engine = ph_extension_get_priv (self)->engine;
  const char *const *offered = engine != NULL ? ph_engine_get_capabilities (engine) : NULL;
  for (; offered != NULL && *offered != NULL; offered++)
    if (g_ascii_strncasecmp (*offered, prefix, strlen (prefix)) == 0)
      g_strv_builder_add (rest, *offered + strlen (prefix));
  return g_strv_builder_end (rest);
}

/**
 * ph_extension_decode_mailbox:
 * @self: an extension
 * @name: a mailbox name out of a response
 *
 * Decodes a mailbox name as the server wrote it.
 *
 * Returns: (transfer full) (nullable): UTF-8; %NULL where @name is NIL or a list
 */
char *
ph_extension_decode_mailbox (PhExtension *self, const PhValue *name)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self), NULL);

  PhEngine *engine = ph_extension_get_priv (self)->engine;
  if (ph_value_get_data (name, NULL) == NULL)
    return NULL;
  if (!PH_IS_STORE_ENGINE (engine))
    return ph_value_dup_text (name);

  PhStoreEngine *store = PH_STORE_ENGINE (engine);
  return PH_STORE_ENGINE_GET_IFACE (store)->decode_mailbox (store, name);
}

/**
 * ph_extension_encode_mailbox:
 * @self: an extension
 * @text: UTF-8
 *
 * Encodes what a server wants written like a mailbox name though it is none, as labels are. Names of mailboxes need this not: see
 * ph_writer_mailbox().
 *
 * Returns: (transfer full): in modified UTF-7, or as it is where the server takes UTF-8. What has a line break, or is no UTF-8, stays as it is
 */
char *
ph_extension_encode_mailbox (PhExtension *self, const char *text)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self) && text != NULL, NULL);

  PhEngine *engine = ph_extension_get_priv (self)->engine;
  PhStoreEngineInterface *iface = PH_IS_STORE_ENGINE (engine) ? PH_STORE_ENGINE_GET_IFACE (engine) : NULL;
  if (iface == NULL || iface->encode_mailbox == NULL || strpbrk (text, "\r\n") != NULL || !g_utf8_validate (text, -1, NULL))
    return g_strdup (text);
  return iface->encode_mailbox (PH_STORE_ENGINE (engine), text);
}

/**
 * ph_extension_receive: (skip)
 * @self: an extension
 * @response: an untagged response of one of the names that its class lists
 *
 * For engines: calls the virtual function.
 *
 * Returns: %TRUE where the extension claims the response
 */
gboolean
ph_extension_receive (PhExtension *self, const PhResponse *response)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self) && response != NULL, FALSE);

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  return klass->receive != NULL && klass->receive (self, response);
}

/**
 * ph_extension_receive_code: (skip)
 * @self: an extension
 * @response: a status, tagged or not, with one of the response codes that its class lists
 *
 * For engines: calls the virtual function.
 */
void
ph_extension_receive_code (PhExtension *self, const PhResponse *response)
{
  g_return_if_fail (PH_IS_EXTENSION (self) && response != NULL);

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  if (klass->receive_code != NULL)
    klass->receive_code (self, response);
}

/**
 * ph_extension_make_command: (skip)
 * @self: an extension
 * @name: one of the commands that its class lists
 * @arguments: (nullable): a list, or %NULL
 *
 * For engines and sessions: calls the virtual function.
 *
 * Returns: (transfer full) (nullable): a command; %NULL where the extension makes none of that name
 */
PhCommand *
ph_extension_make_command (PhExtension *self, const char *name, const PhValue *arguments)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self) && name != NULL, NULL);

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  return klass->make_command != NULL ? klass->make_command (self, name, arguments) : NULL;
}

/**
 * ph_extension_make_step: (skip)
 * @self: an extension
 * @stage: how far the session is
 *
 * For engines: calls the virtual function.
 *
 * Returns: (transfer full) (nullable): a command to run at @stage, or %NULL
 */
PhCommand *
ph_extension_make_step (PhExtension *self, PhStage stage)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self), NULL);

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  return klass->make_step != NULL ? klass->make_step (self, stage) : NULL;
}

/**
 * ph_extension_make_idle: (skip)
 * @self: an extension
 *
 * For engines: calls the virtual function.
 *
 * Returns: (transfer full) (nullable): a command that listens while nothing is to be done, or %NULL
 */
PhCommand *
ph_extension_make_idle (PhExtension *self)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self), NULL);

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  return klass->make_idle != NULL ? klass->make_idle (self) : NULL;
}

/**
 * ph_extension_deselected: (skip)
 * @self: an extension
 *
 * For engines: no mailbox is selected, until one is.
 */
void
ph_extension_deselected (PhExtension *self)
{
  g_return_if_fail (PH_IS_EXTENSION (self));

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  if (klass->deselected != NULL)
    klass->deselected (self);
}

/**
 * ph_extension_reset: (skip)
 * @self: an extension
 *
 * For engines: the session is as before the login again.
 */
void
ph_extension_reset (PhExtension *self)
{
  g_return_if_fail (PH_IS_EXTENSION (self));

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  if (klass->reset != NULL)
    klass->reset (self);
}

/**
 * ph_extension_get_select_parameters: (skip)
 * @self: an extension
 *
 * For engines: calls the virtual function.
 *
 * Returns: (transfer full) (nullable): a list of what SELECT and EXAMINE are to be given in parentheses, or %NULL
 */
PhValue *
ph_extension_get_select_parameters (PhExtension *self)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self), NULL);

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  return klass->get_select_parameters != NULL ? klass->get_select_parameters (self) : NULL;
}

/**
 * ph_extension_get_page_option: (skip)
 * @self: an extension
 * @first: the first of the page, counted from 1, or from -1 downwards
 * @last: the last
 *
 * For engines: calls the virtual function.
 *
 * Returns: (nullable): the word before PARTIAL in a search for that page, or %NULL
 */
const char *
ph_extension_get_page_option (PhExtension *self, int first, int last)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self), NULL);

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  return klass->get_page_option != NULL ? klass->get_page_option (self, first, last) : NULL;
}

/**
 * ph_extension_write_body: (skip)
 * @self: an extension
 * @body: a message, some of whose parts are URLs
 * @writer: where to
 *
 * For engines: calls the virtual function.
 *
 * Returns: %TRUE where the extension has written it, or made the writer fail
 */
gboolean
ph_extension_write_body (PhExtension *self, PhBody *body, PhWriter *writer)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self) && PH_IS_BODY (body), FALSE);

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  return klass->write_body != NULL && klass->write_body (self, body, writer);
}

/**
 * ph_extension_get_listening: (skip)
 * @self: an extension
 *
 * For engines: calls the virtual function.
 *
 * Returns: what the server was made to tell of by itself
 */
PhListening
ph_extension_get_listening (PhExtension *self)
{
  g_return_val_if_fail (PH_IS_EXTENSION (self), PH_LISTENING_NONE);

  PhExtensionClass *klass = PH_EXTENSION_GET_CLASS (self);
  return klass->listening != NULL ? klass->listening (self) : PH_LISTENING_NONE;
}
