/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhSession: one conversation with one server. */
#include "ph-session-private.h"

#include "contracts/ph-extension-private.h"
#include "plugins/ph-registry-private.h"

/**
 * PhSession:
 *
 * One conversation with one server, named by a URI.
 *
 * [ctor@Session.new] loads the plugin that speaks the URI's scheme and returns what its role calls for: a
 * [class@Transport] for SMTP and LMTP, a [class@Store] for IMAP4, a plain session where a protocol has no role.
 * Nothing is connected until [method@Session.open] or the first call that needs the server; a session that was closed or
 * lost is opened again the same way.
 *
 * Each call comes twice: blocking, and as an `_async`/`_finish` pair that works in the thread-default main context of the
 * caller. Both may be mixed, except that a blocking call inside of one of the session's signal handlers, or while an
 * asynchronous call is still connecting or logging in, fails with %G_IO_ERROR_PENDING.
 *
 * A session and everything made by it belong to one thread at a time. Any number of sessions may share a
 * [class@SecurityPolicy], whose trust store is loaded once.
 *
 * ```c
 * g_autoptr (PhSession) session = ph_session_new ("imaps://alice@mail.example.org", &error);
 * ph_session_set_password (session, "secret");
 * if (!ph_session_open (session, NULL, &error))
 *   g_printerr ("%s\n", error->message);
 * ```
 */

static GParamSpec *properties[PH_SESSION_N_PROPERTIES];

G_DEFINE_TYPE_WITH_PRIVATE (PhSession, ph_session, G_TYPE_OBJECT)

static const PhLimits default_limits = {
  .line = 1024 * 1024,
  .literal = 128 * 1024 * 1024,
  .response = 256 * 1024 * 1024,
  .nesting = 64,
  .values = 4 * 1000 * 1000,
  .reply_lines = 1000,
};

static const PhTimeouts default_timeouts = {
  .connect = 30,
  .tls = 30,
  .greeting = 300,
  .command = 300,
  .content = 180,
  .delivered = 600,
  .idle = 1740,
};

PhSessionPrivate *
ph_session_get_private (PhSession *self)
{
  return ph_session_get_instance_private (self);
}

void
ph_session_notify (PhSession         *self,
                   PhSessionProperty  property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
drop_extensions (GPtrArray **extensions)
{
  for (guint i = 0; *extensions != NULL && i < (*extensions)->len; i++)
    ph_extension_forget (g_ptr_array_index (*extensions, i));
  g_clear_pointer (extensions, g_ptr_array_unref);
}

static void
ph_session_finalize (GObject *object)
{
  PhSession *self = PH_SESSION (object);
  PhSessionPrivate *priv = ph_session_get_private (self);

  g_clear_pointer (&priv->watch, ph_watch_free);
  g_clear_pointer (&priv->driver, ph_driver_free);
  ph_session_drop_runs (self);
  g_clear_pointer (&priv->keeper, ph_keeper_free);
  g_queue_clear_full (&priv->unsubmitted, g_object_unref);
  g_queue_clear_full (&priv->urgent, g_object_unref);
  g_clear_pointer (&priv->context, g_main_context_unref);
  drop_extensions (&priv->extensions);
  drop_extensions (&priv->resting);
  g_strfreev (priv->uses);
  g_clear_pointer (&priv->capabilities, g_free);
  g_clear_pointer (&priv->greeting, ph_reply_unref);
  g_clear_pointer (&priv->hello, ph_reply_unref);
  g_clear_pointer (&priv->farewell, ph_reply_unref);
  g_clear_pointer (&priv->tls_info, ph_tls_info_unref);
  g_clear_pointer (&priv->protocol, ph_feature_info_unref);
  g_clear_object (&priv->mailbox);
  g_clear_object (&priv->engine);
  g_clear_object (&priv->credentials);
  g_clear_object (&priv->policy);
  g_clear_object (&priv->connection);
  g_clear_object (&priv->connector);
  g_strfreev (priv->argv);
  g_clear_object (&priv->connect_cancellable);
  g_clear_error (&priv->open_error);
  g_free (priv->uri);
  g_free (priv->host);
  g_free (priv->scheme_name);
  g_free (priv->user);
  g_free (priv->authorization);
  g_free (priv->domain);
  g_free (priv->hello_name);

  G_OBJECT_CLASS (ph_session_parent_class)->finalize (object);
}

static void
ph_session_get_property (GObject    *object,
                         guint       id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  PhSessionPrivate *priv = ph_session_get_private (PH_SESSION (object));

  switch (id)
    {
    case PH_SESSION_URI:
      g_value_set_string (value, priv->uri);
      break;
    case PH_SESSION_USER:
      g_value_set_string (value, priv->user);
      break;
    case PH_SESSION_POLICY:
      g_value_set_object (value, priv->policy);
      break;
    case PH_SESSION_CREDENTIALS:
      g_value_set_object (value, priv->credentials);
      break;
    case PH_SESSION_HELLO_NAME:
      g_value_set_string (value, priv->hello_name);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
ph_session_set_property (GObject      *object,
                         guint         id,
                         const GValue *value,
                         GParamSpec   *pspec)
{
  PhSession *self = PH_SESSION (object);

  switch (id)
    {
    case PH_SESSION_USER:
      ph_session_set_user (self, g_value_get_string (value));
      break;
    case PH_SESSION_POLICY:
      ph_session_set_policy (self, g_value_get_object (value));
      break;
    case PH_SESSION_CREDENTIALS:
      ph_session_set_credentials (self, g_value_get_object (value));
      break;
    case PH_SESSION_HELLO_NAME:
      ph_session_set_hello_name (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  /**
   * PhSession:uri: (getter get_uri)
   *
   * The URI that the session was made with.
   */
  properties[PH_SESSION_URI] = g_param_spec_string ("uri", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * PhSession:user: (getter get_user) (setter set_user)
   *
   * Who logs in; %NULL: nobody.
   */
  properties[PH_SESSION_USER] = g_param_spec_string ("user", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /**
   * PhSession:policy: (getter get_policy) (setter set_policy)
   *
   * What the session demands of channel and login.
   */
  properties[PH_SESSION_POLICY] =
    g_param_spec_object ("policy", NULL, NULL, PH_TYPE_SECURITY_POLICY, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /**
   * PhSession:credentials: (getter get_credentials) (setter set_credentials)
   *
   * Where passwords and tokens come from.
   */
  properties[PH_SESSION_CREDENTIALS] =
    g_param_spec_object ("credentials", NULL, NULL, PH_TYPE_CREDENTIALS, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /**
   * PhSession:hello-name: (getter get_hello_name) (setter set_hello_name)
   *
   * How this host names itself (EHLO, LHLO); %NULL: by its own name or address.
   */
  properties[PH_SESSION_HELLO_NAME] = g_param_spec_string ("hello-name", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, PH_SESSION_N_PROPERTIES, properties);
}

static void
ph_session_class_init (PhSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = ph_session_finalize;
  object_class->get_property = ph_session_get_property;
  object_class->set_property = ph_session_set_property;
  install_properties (object_class);
  ph_session_install_signals ();
}

static void
ph_session_init (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  priv->limits = default_limits;
  priv->timeouts = default_timeouts;
  priv->policy = g_object_ref (ph_security_policy_get_default ());
  g_queue_init (&priv->unsubmitted);
  g_queue_init (&priv->urgent);
  g_queue_init (&priv->open_tasks);
  g_queue_init (&priv->close_tasks);
}

/* "lmtp+unix" is LMTP over a unix socket. No other way is a URI's to choose: it may come out of a file or from a server. */
static char *
protocol_scheme (const char  *scheme,
                 GError     **error)
{
  const char *plus = strchr (scheme, '+');

  if (plus != NULL && g_ascii_strcasecmp (plus, "+unix") != 0)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_URI, NULL, NULL, "A URI can't ask for “%s”: only for “+unix”", plus));
      return NULL;
    }
  return g_ascii_strdown (scheme, plus != NULL ? plus - scheme : -1);
}

typedef struct {
  char *scheme;
  char *user;
  char *host;
  int   port; /* -1: the scheme's */
} UriParts;

static gboolean
parse_uri (const char  *text,
           UriParts    *parts,
           GError     **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *password = NULL;

  if (!g_uri_split_with_user (text, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_NON_DNS, &parts->scheme, &parts->user, &password, NULL, &parts->host,
                              &parts->port, NULL, NULL, NULL, &local))
    g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_URI, NULL, NULL, "“%s” is not a URI: %s", text, local->message));
  else if (parts->scheme == NULL)
    g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_URI, NULL, NULL, "“%s” is not a URI: it has no scheme", text));
  else if (password != NULL)
    g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_URI, NULL, NULL,
                                            "The URI holds a password; give it by ph_session_set_password () or credentials instead"));
  else if (strchr (parts->scheme, '+') == NULL && (parts->host == NULL || *parts->host == '\0'))
    g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_URI, NULL, NULL, "“%s” names no host", text));
  else
    return TRUE;
  return FALSE;
}

static GType
type_for_engine (GType engine)
{
  if (g_type_is_a (engine, PH_TYPE_TRANSPORT_ENGINE))
    return PH_TYPE_TRANSPORT;
  if (g_type_is_a (engine, PH_TYPE_STORE_ENGINE))
    return PH_TYPE_STORE;
  return PH_TYPE_SESSION;
}

static void
adopt_uri (PhSession *self,
           UriParts  *parts)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  priv->host = parts->host != NULL && *parts->host != '\0' ? g_steal_pointer (&parts->host) : g_strdup ("localhost");
  if (strchr (parts->scheme, '+') == NULL)
    priv->port = parts->port >= 0 ? (guint16) parts->port : priv->scheme->port;
  if (parts->user != NULL && *parts->user != '\0')
    priv->user = g_steal_pointer (&parts->user);
}

/* @scheme_name: in lower case, taken; what the session is for is set by the caller. The engine is made when it is needed. */
static PhSession *
make_session (char        *scheme_name,
              const char  *uri,
              GError     **error)
{
  PhRegistry *registry = ph_registry_get_default ();
  const PhScheme *scheme = NULL;
  g_autofree char *name = scheme_name;
  g_autoptr (PhFeatureInfo) protocol = ph_registry_find_scheme (registry, scheme_name, &scheme);
  GType engine;
  PhSession *self;
  PhSessionPrivate *priv;

  if (protocol == NULL)
    {
      g_propagate_error (error, ph_error_new (PH_ERROR_UNKNOWN_SCHEME, NULL, NULL, "No installed plugin speaks “%s”", scheme_name));
      return NULL;
    }
  engine = ph_registry_check_type (registry, protocol, error);
  if (engine == G_TYPE_INVALID)
    return NULL;

  self = g_object_new (type_for_engine (engine), NULL);
  priv = ph_session_get_private (self);
  priv->uri = g_strdup (uri);
  priv->scheme_name = g_steal_pointer (&name);
  priv->protocol = g_steal_pointer (&protocol);
  priv->scheme = scheme;
  return self;
}

/**
 * ph_session_new:
 * @uri: `smtp://alice@mail.example.org`, `lmtp+unix:///run/dovecot/lmtp`, `imaps://mail.example.org:1993`: a scheme of an
 *   installed plugin, perhaps a user name, never a password
 * @error: return location for an error
 *
 * Makes a session for the server that @uri names. Nothing is connected.
 *
 * Fails with %PH_ERROR_INVALID_URI, with %PH_ERROR_UNKNOWN_SCHEME where no installed plugin speaks the scheme, and with
 * %PH_ERROR_PLUGIN where the one that does can't be used.
 *
 * Returns: (transfer full): a [class@Transport], a [class@Store], or a plain session
 */
PhSession *
ph_session_new (const char  *uri,
                GError     **error)
{
  UriParts parts = { .port = -1 };
  PhSession *self = NULL;

  g_return_val_if_fail (uri != NULL, NULL);

  if (parse_uri (uri, &parts, error))
    {
      char *scheme_name = protocol_scheme (parts.scheme, error);

      self = scheme_name != NULL ? make_session (scheme_name, uri, error) : NULL;
    }
  if (self != NULL)
    adopt_uri (self, &parts);
  g_free (parts.scheme);
  g_free (parts.user);
  g_free (parts.host);
  return self;
}

/**
 * ph_session_new_for_command:
 * @scheme: the protocol that the program speaks: `imap`
 * @argv: (array zero-terminated=1) (element-type filename): the program, looked for in `PATH`, and its arguments
 * @error: return location for an error
 *
 * Makes a session whose server is a program that is run at each opening, its standard input and output being the connection: an
 * `imapd` on this machine, or on another one by way of `ssh`. Nobody on a network can listen, so that no TLS is asked for. What is to
 * be run can't be said by a URI, since URIs come out of files and from servers.
 *
 * Fails with %PH_ERROR_UNKNOWN_SCHEME where no installed plugin speaks @scheme, and with %PH_ERROR_PLUGIN where the one that does can't
 * be used. A program that can't be started is an error of the opening, %PH_ERROR_CONNECT.
 *
 * Returns: (transfer full): a [class@Transport], a [class@Store], or a plain session
 */
PhSession *
ph_session_new_for_command (const char         *scheme,
                            const char *const  *argv,
                            GError            **error)
{
  g_autofree char *uri = NULL;
  char *scheme_name;
  PhSession *self;

  g_return_val_if_fail (scheme != NULL, NULL);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  scheme_name = g_ascii_strdown (scheme, -1);
  uri = g_strdup_printf ("%s://localhost", scheme_name);
  self = make_session (scheme_name, uri, error);
  if (self == NULL)
    return NULL;
  ph_session_get_private (self)->host = g_strdup ("localhost");
  ph_session_get_private (self)->argv = g_strdupv ((char **) argv);
  return self;
}

PhSession *
ph_session_new_like (PhSession *model)
{
  PhSessionPrivate *from = ph_session_get_private (model);
  PhSession *self = ph_session_new (from->uri, NULL);
  PhSessionPrivate *priv = ph_session_get_private (self);

  g_free (priv->user);
  priv->user = g_strdup (from->user);
  g_free (priv->hello_name);
  priv->hello_name = g_strdup (from->hello_name);
  g_set_object (&priv->credentials, from->credentials);
  g_set_object (&priv->policy, from->policy);
  priv->limits = from->limits;
  priv->timeouts = from->timeouts;
  priv->uses = g_strdupv (from->uses);
  return self;
}
