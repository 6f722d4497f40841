/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asking for the PIN of a token, or the password of a key's file: from whichever thread needs it, in the one where the program lives. */
#include "transport/ph-security-policy-private.h"

#include <string.h>

/* As many as most cards allow before they lock themselves */
#define MAX_ATTEMPTS 3

typedef struct {
  GMainContext *context;
  GCancellable *cancellable;
} Scope;

/* One question on its way to the program's thread; both sides hold it. */
typedef struct {
  gint              references;
  PhSecurityPolicy *policy;
  char             *what;
  guint             attempt;
  GMutex            lock;
  GCond             answered;
  gboolean          done;
  PhSecret         *answer;
} Question;

static GPrivate scope = G_PRIVATE_INIT (NULL);
static guint ask_signal;

static void
question_unref (gpointer data)
{
  Question *self = data;

  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_object_unref (self->policy);
  g_free (self->what);
  g_clear_pointer (&self->answer, ph_secret_unref);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->answered);
  g_free (self);
}

static void
question_end (Question *self, PhSecret *answer)
{
  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->answer, ph_secret_unref);
  self->answer = answer;
  self->done = TRUE;
  g_cond_signal (&self->answered);
  g_mutex_unlock (&self->lock);
}

static PhSecret *
emit (PhSecurityPolicy *policy, const char *what, guint attempt)
{
  PhSecret *answer = NULL;

  g_atomic_int_inc (&policy->asking);
  g_signal_emit (policy, ask_signal, 0, what, attempt, &answer);
  g_atomic_int_add (&policy->asking, -1);
  return answer;
}

static gboolean
on_question (gpointer data)
{
  Question *self = data;
  gboolean done;

  g_mutex_lock (&self->lock);
  done = self->done;
  g_mutex_unlock (&self->lock);
  if (!done)
    question_end (self, emit (self->policy, self->what, self->attempt));
  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  question_end (data, NULL);
}

static PhSecret *
ask_elsewhere (const Scope *where, PhSecurityPolicy *policy, const char *what, guint attempt)
{
  Question *self = g_new0 (Question, 1);
  GSource *source = g_idle_source_new ();
  PhSecret *answer;
  gulong handler;

  self->references = 3;
  self->policy = g_object_ref (policy);
  self->what = g_strdup (what);
  self->attempt = attempt;
  g_mutex_init (&self->lock);
  g_cond_init (&self->answered);
  g_source_set_callback (source, on_question, self, question_unref);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_attach (source, where->context);
  handler = g_cancellable_connect (where->cancellable, G_CALLBACK (on_cancelled), self, question_unref);

  g_mutex_lock (&self->lock);
  while (!self->done)
    g_cond_wait (&self->answered, &self->lock);
  answer = g_steal_pointer (&self->answer);
  g_mutex_unlock (&self->lock);

  g_source_destroy (source);
  g_source_unref (source);
  g_cancellable_disconnect (where->cancellable, handler);
  question_unref (self);
  return answer;
}

void
ph_key_password_begin (GMainContext *context, GCancellable *cancellable)
{
  Scope *self = g_new (Scope, 1);

  self->context = g_main_context_ref (context);
  self->cancellable = g_object_ref (cancellable);
  g_private_set (&scope, self);
}

void
ph_key_password_end (void)
{
  Scope *self = g_private_get (&scope);

  g_private_set (&scope, NULL);
  g_main_context_unref (self->context);
  g_object_unref (self->cancellable);
  g_free (self);
}

PhSecret *
ph_key_password_ask (PhSecurityPolicy *self, const char *what, guint attempt)
{
  const Scope *where = g_private_get (&scope);

  if (attempt == 0 && self->key_password != NULL)
    return ph_secret_ref (self->key_password);
  if (attempt >= MAX_ATTEMPTS || !g_signal_has_handler_pending (self, ask_signal, 0, TRUE))
    return NULL;
  return where != NULL ? ask_elsewhere (where, self, what, attempt) : emit (self, what, attempt);
}

/* No answer leaves the token's own count of wrong PINs where it is. */
int
ph_key_password_answer (void *policy, int attempt, const char *url, const char *label, guint flags, char *pin, gsize pin_size)
{
  const char *what = label != NULL && *label != '\0' ? label : url;
  g_autoptr (PhSecret) answer = NULL;
  const char *text;
  gsize length;

  if (attempt == 0 && (flags & GNUTLS_PIN_WRONG))
    attempt = 1;
  answer = ph_key_password_ask (policy, what != NULL ? what : "", MAX (attempt, 0));
  if (answer == NULL)
    return GNUTLS_E_PKCS11_PIN_ERROR;
  text = ph_secret_get (answer, &length);
  if (length >= pin_size)
    return GNUTLS_E_PKCS11_PIN_ERROR;
  memcpy (pin, text, length + 1);
  return 0;
}

void
ph_key_password_add_signal (GObjectClass *klass)
{
  /**
   * PhSecurityPolicy::ask-key-password:
   * @self: the policy
   * @what: the token's label, or the file's path
   * @attempt: how often this was asked before and answered wrongly; a token locks itself after a few
   *
   * The client's private key can't be used without a PIN or password. Emitted in
   * the thread of the session that needs it, when its TLS begins. Without a
   * handler, or where it returns %NULL, the session ends with %PH_ERROR_TLS. A
   * handler may run a main loop, to ask a person; a session with the same policy
   * that is opened meanwhile by a blocking call is refused with
   * %G_IO_ERROR_PENDING.
   *
   * Returns: (transfer full) (nullable): the secret
   */
  ask_signal = g_signal_new ("ask-key-password", G_OBJECT_CLASS_TYPE (klass), G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_first_wins, NULL, NULL,
                             PH_TYPE_SECRET, 2, G_TYPE_STRING, G_TYPE_UINT);
}
