/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A source of credentials that asks a function of the program. */
#include <posthorn/posthorn.h>

#define PH_TYPE_FUNCTION_CREDENTIALS (ph_function_credentials_get_type ())
G_DECLARE_FINAL_TYPE (PhFunctionCredentials, ph_function_credentials, PH, FUNCTION_CREDENTIALS, GObject)

struct _PhFunctionCredentials
{
  GObject parent;

  PhSaslNeeds kinds;
  PhCredentialsFunc function;
  gpointer user_data;
  GDestroyNotify destroy;

  /* what was refused since it was last given */
  PhSaslNeeds refused;
};

/**
 * PhCredentialsRequest:
 *
 * A question for credentials, put to the function of [func@Posthorn.Credentials.new_function]. It says for which URI and what kinds
 * are needed; the function sets them and calls [method@Posthorn.CredentialsRequest.complete], before it returns or later, in
 * any thread. A request that is dropped without an answer counts as given up; an answer that comes after another one, or after the
 * session has given up waiting, changes nothing.
 *
 * A call that blocks waits for the answer without running the program's main loop. A program that asks a person by its own
 * windows opens its sessions by the asynchronous calls.
 */
struct _PhCredentialsRequest
{
  GObject parent;

  GTask *task;            /* NULL once answered */
  GCancellable *cancellable;
  gulong cancelled;       /* the handler's id */
  PhSaslContext *context;
  char *uri;
  PhSaslNeeds needs;
  gboolean is_retry;
};

G_DEFINE_FINAL_TYPE (PhCredentialsRequest, ph_credentials_request, G_TYPE_OBJECT)

/* ---- the request ---- */

/* The one who answers first takes the task, whatever thread it is in. */
static GTask *
take_task (PhCredentialsRequest *self)
{
  return g_atomic_pointer_exchange (&self->task, NULL);
}

static void
give_up (GTask *task, PhCredentialsRequest *self, const char *why)
{
  if (why != NULL)
    g_task_return_new_error (task, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "There is nothing to log in to %s with: %s", self->uri, why);
  else
    g_task_return_new_error (task, PH_ERROR, PH_ERROR_NO_CREDENTIALS, "There is nothing to log in to %s with", self->uri);
}

static void
ph_credentials_request_dispose (GObject *object)
{
  PhCredentialsRequest *self = PH_CREDENTIALS_REQUEST (object);
  g_autoptr (GTask) task = take_task (self);

  if (task != NULL)
    give_up (task, self, "the question was not answered");

  G_OBJECT_CLASS (ph_credentials_request_parent_class)->dispose (object);
}

static void
ph_credentials_request_finalize (GObject *object)
{
  PhCredentialsRequest *self = PH_CREDENTIALS_REQUEST (object);

  /* g_cancellable_disconnect () waits for handlers, and this may be one */
  if (self->cancelled != 0)
    g_signal_handler_disconnect (self->cancellable, self->cancelled);
  g_clear_object (&self->cancellable);
  g_object_unref (self->context);
  g_free (self->uri);

  G_OBJECT_CLASS (ph_credentials_request_parent_class)->finalize (object);
}

static void
ph_credentials_request_class_init (PhCredentialsRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ph_credentials_request_dispose;
  G_OBJECT_CLASS (klass)->finalize = ph_credentials_request_finalize;
}

static void
ph_credentials_request_init (PhCredentialsRequest *self)
{
}

/**
 * ph_credentials_request_get_uri:
 * @self: a request
 *
 * Returns: the session's URI
 */
const char *
ph_credentials_request_get_uri (PhCredentialsRequest *self)
{
  g_return_val_if_fail (PH_IS_CREDENTIALS_REQUEST (self), NULL);

  return self->uri;
}

/**
 * ph_credentials_request_get_host:
 * @self: a request
 *
 * Returns: (nullable): the server's name
 */
const char *
ph_credentials_request_get_host (PhCredentialsRequest *self)
{
  g_return_val_if_fail (PH_IS_CREDENTIALS_REQUEST (self), NULL);

  return ph_sasl_context_get_host (self->context);
}

/**
 * ph_credentials_request_get_user:
 * @self: a request
 *
 * Returns: (nullable): who is to log in; %NULL where that is to be answered, too
 */
const char *
ph_credentials_request_get_user (PhCredentialsRequest *self)
{
  g_return_val_if_fail (PH_IS_CREDENTIALS_REQUEST (self), NULL);

  return ph_sasl_context_get_user (self->context);
}

/**
 * ph_credentials_request_get_needs:
 * @self: a request
 *
 * Returns: what is needed: a user name, a password, a token
 */
PhSaslNeeds
ph_credentials_request_get_needs (PhCredentialsRequest *self)
{
  g_return_val_if_fail (PH_IS_CREDENTIALS_REQUEST (self), PH_SASL_NEEDS_NOTHING);

  return self->needs;
}

/**
 * ph_credentials_request_is_retry:
 * @self: a request
 *
 * Whether the server has refused what was answered the last time: a person is to be asked again, a token to be renewed.
 *
 * Returns: %TRUE where it has
 */
gboolean
ph_credentials_request_is_retry (PhCredentialsRequest *self)
{
  g_return_val_if_fail (PH_IS_CREDENTIALS_REQUEST (self), FALSE);

  return self->is_retry;
}

/* What comes behind the answer, or behind a cancelling, is too late: the login goes on already. */
static gboolean
is_open (PhCredentialsRequest *self)
{
  return g_atomic_pointer_get (&self->task) != NULL;
}

/**
 * ph_credentials_request_set_user:
 * @self: a request that isn't answered
 * @user: who logs in, UTF-8
 *
 * Sets the user name, in place of the session's.
 */
void
ph_credentials_request_set_user (PhCredentialsRequest *self, const char *user)
{
  g_return_if_fail (PH_IS_CREDENTIALS_REQUEST (self));

  if (is_open (self))
    ph_sasl_context_set_user (self->context, user);
}

/**
 * ph_credentials_request_set_password:
 * @self: a request that isn't answered
 * @password: the user's password, UTF-8; copied, and the copy wiped after the login
 *
 * Sets the password.
 */
void
ph_credentials_request_set_password (PhCredentialsRequest *self, const char *password)
{
  g_autoptr (PhSecret) secret = NULL;

  g_return_if_fail (PH_IS_CREDENTIALS_REQUEST (self));
  g_return_if_fail (password != NULL);

  secret = ph_secret_new (password);
  if (is_open (self))
    ph_sasl_context_set_secret (self->context, secret);
}

/**
 * ph_credentials_request_set_token:
 * @self: a request that isn't answered
 * @token: an OAuth 2 access token; copied, and the copy wiped after the login
 *
 * Sets the token.
 */
void
ph_credentials_request_set_token (PhCredentialsRequest *self, const char *token)
{
  g_autoptr (PhSecret) secret = NULL;

  g_return_if_fail (PH_IS_CREDENTIALS_REQUEST (self));
  g_return_if_fail (token != NULL);

  secret = ph_secret_new (token);
  if (is_open (self))
    ph_sasl_context_set_token (self->context, secret);
}

/**
 * ph_credentials_request_complete:
 * @self: a request that isn't answered
 *
 * Everything is set: the login goes on.
 */
void
ph_credentials_request_complete (PhCredentialsRequest *self)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PH_IS_CREDENTIALS_REQUEST (self));

  task = take_task (self);
  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

/**
 * ph_credentials_request_give_up:
 * @self: a request that isn't answered
 * @why: (nullable): the reason, a sentence for a person
 *
 * There is nothing to log in with. The login goes on with mechanisms that need something else, or fails with
 * %PH_ERROR_NO_CREDENTIALS.
 */
void
ph_credentials_request_give_up (PhCredentialsRequest *self, const char *why)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PH_IS_CREDENTIALS_REQUEST (self));

  task = take_task (self);
  if (task != NULL)
    give_up (task, self, why);
}

/* ---- the source ---- */

static void ph_function_credentials_describe (PhCredentialsInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PhFunctionCredentials, ph_function_credentials, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PH_TYPE_CREDENTIALS, ph_function_credentials_describe))

static PhSaslNeeds
ph_function_credentials_get_kinds (PhCredentials *credentials, const char *uri)
{
  return PH_FUNCTION_CREDENTIALS (credentials)->kinds;
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_autoptr (PhCredentialsRequest) request = g_weak_ref_get (data);
  g_autoptr (GTask) task = request != NULL ? take_task (request) : NULL;

  if (task != NULL)
    g_task_return_error_if_cancelled (task);
}

static void
free_weak_ref (gpointer data, GClosure *closure)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* Whoever was asked may take his time; who gives up does not wait for him. */
static void
watch_cancellable (PhCredentialsRequest *self, GCancellable *cancellable)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  self->cancellable = g_object_ref (cancellable);
  self->cancelled = g_signal_connect_data (cancellable, "cancelled", G_CALLBACK (on_cancelled), weak, free_weak_ref, 0);
  if (g_cancellable_is_cancelled (cancellable))
    on_cancelled (cancellable, weak);
}

static void
ph_function_credentials_lookup_async (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhSaslContext *context,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  PhFunctionCredentials *self = PH_FUNCTION_CREDENTIALS (credentials);
  g_autoptr (PhCredentialsRequest) request = g_object_new (PH_TYPE_CREDENTIALS_REQUEST, NULL);

  request->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (request->task, ph_function_credentials_lookup_async);
  request->context = g_object_ref (context);
  request->uri = g_strdup (uri);
  request->needs = needs;
  request->is_retry = (self->refused & needs) != 0;
  self->refused &= ~needs;

  if (cancellable != NULL)
    watch_cancellable (request, cancellable);
  if (is_open (request))
    self->function (request, self->user_data);
}

static gboolean
ph_function_credentials_lookup_finish (PhCredentials *credentials, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, credentials), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
ph_function_credentials_refused (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhReply *reply)
{
  PH_FUNCTION_CREDENTIALS (credentials)->refused |= needs & (PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN);
}

static void
ph_function_credentials_describe (PhCredentialsInterface *iface)
{
  iface->get_kinds = ph_function_credentials_get_kinds;
  iface->lookup_async = ph_function_credentials_lookup_async;
  iface->lookup_finish = ph_function_credentials_lookup_finish;
  iface->refused = ph_function_credentials_refused;
}

static void
ph_function_credentials_finalize (GObject *object)
{
  PhFunctionCredentials *self = PH_FUNCTION_CREDENTIALS (object);

  if (self->destroy != NULL)
    self->destroy (self->user_data);

  G_OBJECT_CLASS (ph_function_credentials_parent_class)->finalize (object);
}

static void
ph_function_credentials_class_init (PhFunctionCredentialsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_function_credentials_finalize;
}

static void
ph_function_credentials_init (PhFunctionCredentials *self)
{
}

/**
 * ph_credentials_new_function:
 * @kinds: what @function may give: %PH_SASL_NEEDS_SECRET, %PH_SASL_NEEDS_TOKEN or both, and %PH_SASL_NEEDS_USER where it sets
 *   the user name, too
 * @function: (scope notified) (closure user_data) (destroy destroy): called when a login needs what @kinds says
 * @user_data: (nullable): for @function
 * @destroy: (nullable): frees @user_data
 *
 * Makes a source of credentials that asks a function of the program: to ask a person, or to renew an OAuth 2 token. It serves one
 * session at a time.
 *
 * Returns: (transfer full): the source
 */
PhCredentials *
ph_credentials_new_function (PhSaslNeeds kinds, PhCredentialsFunc function, gpointer user_data, GDestroyNotify destroy)
{
  PhFunctionCredentials *self;

  g_return_val_if_fail (function != NULL, NULL);

  self = g_object_new (PH_TYPE_FUNCTION_CREDENTIALS, NULL);
  self->kinds = kinds;
  self->function = function;
  self->user_data = user_data;
  self->destroy = destroy;
  return PH_CREDENTIALS (self);
}
