/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An account: one connection that shows a mailbox and follows it, restored by itself after a loss; a pool that asks after the others; the
 * keyring for its password.
 */
#include "notifier-account.h"

struct _NotifierAccount {
  GObject parent;

  /* for life */
  PhStore *store;
  char *title;
  PhCredentials *keyring;   /* NULL: there is no such plugin */
  GListStore *mailboxes;
  GCancellable *cancellable;

  /* since it was opened */
  PhStorePool *pool;
  char *shown;              /* the mailbox' name */
  PhMessageList *messages;

  NotifierState state;
  char *message;
  GError *loss;             /* the last */
  PhSecret *typed;          /* to be kept once it has proven right */
};

G_DEFINE_FINAL_TYPE (NotifierAccount, notifier_account, G_TYPE_OBJECT)

enum { CHANGED, ARRIVED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
set_state (NotifierAccount *self, NotifierState state, const char *message)
{
  self->state = state;
  g_free (self->message);
  self->message = g_strdup (message);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* A password that was refused is asked for again; so is one that nobody has. */
static void
fail (NotifierAccount *self, const GError *error)
{
  static const PhError about_password[] = { PH_ERROR_AUTHENTICATION, PH_ERROR_EXPIRED, PH_ERROR_NO_CREDENTIALS };

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_pointer (&self->typed, ph_secret_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (about_password); i++)
    if (g_error_matches (error, PH_ERROR, (int) about_password[i]))
      {
        set_state (self, NOTIFIER_NEEDS_PASSWORD, about_password[i] != PH_ERROR_NO_CREDENTIALS ? error->message : NULL);
        return;
      }
  set_state (self, NOTIFIER_FAILED, error->message);
}

/* ---- new mail ---- */

char *
notifier_get_sender (PhMessage *message)
{
  g_autoptr (PhMessageEnvelope) envelope = message != NULL ? ph_message_get_envelope (message) : NULL;
  g_autoptr (GPtrArray) from = envelope != NULL ? ph_message_envelope_get_from (envelope) : NULL;
  PhAddress *first = from != NULL && from->len > 0 ? from->pdata[0] : NULL;
  const char *name = first != NULL ? ph_address_get_name (first) : NULL;

  if (first == NULL)
    return g_strdup (envelope != NULL ? "Unknown sender" : "…");
  return g_strdup (name != NULL && *name != '\0' ? name : ph_address_get_email (first));
}

char *
notifier_get_subject (PhMessage *message)
{
  g_autoptr (PhMessageEnvelope) envelope = message != NULL ? ph_message_get_envelope (message) : NULL;
  const char *subject = envelope != NULL ? ph_message_envelope_get_subject (envelope) : NULL;

  return g_strdup (subject != NULL && *subject != '\0' ? subject : envelope != NULL ? "No subject" : "");
}

static void
on_new_message (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (NotifierAccount) self = data;
  g_autoptr (PhMessage) message = ph_store_fetch_one_finish (PH_STORE (source), result, NULL);
  g_autofree char *id = NULL, *sender = NULL, *subject = NULL;

  if (message == NULL || ph_message_has_flag (message, "\\Seen"))
    return; /* somebody else was quicker */
  id = g_strdup_printf ("message-%u", ph_message_get_uid (message));
  sender = notifier_get_sender (message);
  subject = notifier_get_subject (message);
  g_signal_emit (self, signals[ARRIVED], 0, id, sender, subject);
}

static NotifierMailbox *
find_mailbox (NotifierAccount *self, const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes)); i++)
    {
      g_autoptr (NotifierMailbox) mailbox = g_list_model_get_item (G_LIST_MODEL (self->mailboxes), i);

      if (g_str_equal (notifier_mailbox_get_name (mailbox), name))
        return mailbox; /* the list holds it */
    }
  return NULL;
}

/* Of the mailbox that is shown each message is told by itself. */
static void
on_status (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (NotifierAccount) self = data;
  g_autoptr (PhMailboxStatus) status = ph_store_status_finish (PH_STORE (source), result, NULL);
  const char *name = status != NULL ? ph_mailbox_status_get_name (status) : "";
  NotifierMailbox *mailbox = find_mailbox (self, name);
  guint before = 0, now = status != NULL ? ph_mailbox_status_get_n_unseen (status) : 0;
  g_autofree char *body = NULL;

  if (mailbox == NULL)
    return;
  g_object_get (mailbox, "n-unseen", &before, NULL);
  g_object_set (mailbox, "n-unseen", now, NULL);
  if (now <= before || g_strcmp0 (name, self->shown) == 0)
    return;
  body = now - before == 1 ? g_strdup ("A new message") : g_strdup_printf ("%u new messages", now - before);
  g_signal_emit (self, signals[ARRIVED], 0, name, name, body);
}

static void
count_unseen (NotifierAccount *self, const char *mailbox)
{
  static const char *const items[] = { "UNSEEN", NULL };

  ph_store_status_async (self->store, mailbox, items, self->cancellable, on_status, g_object_ref (self));
}

/* What a connection follows is told without the number of unread messages. */
static void
on_news (PhStorePool *pool, const char *name, PhMailboxStatus *status, gpointer data)
{
  count_unseen (data, name);
}

static void
on_message_added (PhMailbox *mailbox, guint number, guint uid, gpointer data)
{
  NotifierAccount *self = data;

  ph_store_fetch_one_async (self->store, uid, PH_FETCH_ENVELOPE | PH_FETCH_FLAGS, self->cancellable, on_new_message, g_object_ref (self));
  count_unseen (self, ph_mailbox_get_name (mailbox));
}

static void
on_flags_changed (PhMailbox *mailbox, PhMessage *message, gpointer data)
{
  count_unseen (data, ph_mailbox_get_name (mailbox));
}

/* ---- opening ---- */

static void
on_kept (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!ph_credentials_store_finish (PH_CREDENTIALS (source), result, &error))
    g_warning ("The password is not kept: %s", error->message);
}

static void
keep_password (NotifierAccount *self)
{
  PhSession *session = PH_SESSION (self->store);

  if (self->typed != NULL && self->keyring != NULL)
    ph_credentials_store_async (self->keyring, ph_session_get_uri (session), ph_session_get_user (session), self->typed, NULL, on_kept, NULL);
  g_clear_pointer (&self->typed, ph_secret_unref);
}

static void
on_selected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (NotifierAccount) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PhMailbox) mailbox = ph_store_select_finish (PH_STORE (source), result, &error);

  if (mailbox == NULL)
    {
      fail (self, error);
      return;
    }
  g_signal_connect_object (mailbox, "message-added", G_CALLBACK (on_message_added), self, 0);
  g_signal_connect_object (mailbox, "flags-changed", G_CALLBACK (on_flags_changed), self, 0);
  g_clear_object (&self->messages);
  self->messages = ph_message_list_new (self->store, mailbox, PH_FETCH_ENVELOPE | PH_FETCH_FLAGS | PH_FETCH_INTERNAL_DATE, TRUE);
  set_state (self, NOTIFIER_READY, NULL);
}

void
notifier_account_show (NotifierAccount *self, const char *mailbox)
{
  if (g_strcmp0 (mailbox, self->shown) == 0 && self->messages != NULL)
    return;
  g_free (self->shown);
  self->shown = g_strdup (mailbox);
  ph_store_select_async (self->store, mailbox, self->cancellable, on_selected, g_object_ref (self));
}

static gboolean
is_of_interest (PhMailboxInfo *info)
{
  const char *use = ph_mailbox_info_get_special_use (info);
  static const char *const dull[] = { "\\Trash", "\\Junk", "\\Drafts", "\\Sent", "\\All", NULL };

  return ph_mailbox_info_is_selectable (info) && (use == NULL || !g_strv_contains (dull, use));
}

/* INBOX first */
static int
compare_mailboxes (gconstpointer a, gconstpointer b)
{
  const char *one = notifier_mailbox_get_name (*(NotifierMailbox **) a), *other = notifier_mailbox_get_name (*(NotifierMailbox **) b);
  int order = (g_ascii_strcasecmp (other, "INBOX") == 0) - (g_ascii_strcasecmp (one, "INBOX") == 0);

  return order != 0 ? order : g_utf8_collate (one, other);
}

static GPtrArray *
make_mailboxes (GPtrArray *infos)
{
  GPtrArray *mailboxes = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < infos->len; i++)
    {
      PhMailboxInfo *info = infos->pdata[i];
      PhMailboxStatus *status = ph_mailbox_info_get_status (info);

      if (is_of_interest (info))
        g_ptr_array_add (mailboxes, g_object_new (NOTIFIER_TYPE_MAILBOX, "name", ph_mailbox_info_get_name (info), "n-unseen",
                                                  status != NULL ? ph_mailbox_status_get_n_unseen (status) : 0, NULL));
    }
  g_ptr_array_sort (mailboxes, compare_mailboxes);
  return mailboxes;
}

/* The last ones first: the one that is shown at the start has a connection already. */
static void
watch_mailboxes (NotifierAccount *self, GPtrArray *mailboxes)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = mailboxes->len; i-- > 0;)
    g_ptr_array_add (names, (gpointer) notifier_mailbox_get_name (mailboxes->pdata[i]));
  g_ptr_array_add (names, NULL);
  ph_store_pool_watch (self->pool, (const char *const *) names->pdata);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (NotifierAccount) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = ph_store_list_with_status_finish (PH_STORE (source), result, &error), mailboxes = NULL;

  if (infos == NULL)
    {
      fail (self, error);
      return;
    }
  keep_password (self);
  g_clear_object (&self->pool);
  self->pool = ph_store_pool_new (self->store);
  ph_store_pool_set_max_connections (self->pool, 2);
  g_signal_connect_object (self->pool, "news", G_CALLBACK (on_news), self, 0);
  mailboxes = make_mailboxes (infos);
  g_list_store_splice (self->mailboxes, 0, g_list_model_get_n_items (G_LIST_MODEL (self->mailboxes)), mailboxes->pdata, mailboxes->len);
  watch_mailboxes (self, mailboxes);
  notifier_account_show (self, "INBOX");
}

static void
begin (NotifierAccount *self, PhCredentials *credentials)
{
  ph_session_set_credentials (PH_SESSION (self->store), credentials);
  set_state (self, NOTIFIER_OPENING, NULL);
  ph_store_list_with_status_async (self->store, "*", NULL, self->cancellable, on_listed, g_object_ref (self));
}

void
notifier_account_open (NotifierAccount *self)
{
  begin (self, self->keyring);
}

void
notifier_account_log_in (NotifierAccount *self, const char *password, gboolean keep)
{
  g_autoptr (PhSecret) secret = ph_secret_new (password);
  g_autoptr (PhCredentials) credentials = ph_credentials_new_password (NULL, secret);

  g_clear_pointer (&self->typed, ph_secret_unref);
  self->typed = keep ? g_steal_pointer (&secret) : NULL;
  begin (self, credentials);
}

/* ---- losses ---- */

static void
on_closed (PhSession *session, GError *error, gpointer data)
{
  NotifierAccount *self = data;

  g_clear_error (&self->loss);
  self->loss = error != NULL ? g_error_copy (error) : NULL;
}

/* FALSE again: it stands, or the store has given up, since the password is another now, say. */
static void
on_restoring (PhStore *store, GParamSpec *spec, gpointer data)
{
  NotifierAccount *self = data;

  if (ph_store_is_restoring (store))
    set_state (self, NOTIFIER_TRYING, self->loss != NULL ? self->loss->message : NULL);
  else if (ph_session_is_open (PH_SESSION (store)))
    set_state (self, NOTIFIER_READY, NULL);
  else if (self->loss != NULL)
    fail (self, self->loss);
}

void
notifier_account_refresh (NotifierAccount *self)
{
  if (self->pool != NULL)
    ph_store_pool_poll (self->pool);
}

void
notifier_account_close (NotifierAccount *self)
{
  g_cancellable_cancel (self->cancellable);
  if (self->pool != NULL)
    ph_store_pool_close (self->pool);
  ph_session_close_async (PH_SESSION (self->store), NULL, NULL, NULL);
}

/* ---- the object ---- */

static void
notifier_account_finalize (GObject *object)
{
  NotifierAccount *self = NOTIFIER_ACCOUNT (object);

  g_clear_object (&self->messages);
  g_clear_object (&self->pool);
  g_clear_object (&self->store);
  g_clear_object (&self->keyring);
  g_object_unref (self->mailboxes);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->typed, ph_secret_unref);
  g_clear_error (&self->loss);
  g_free (self->title);
  g_free (self->shown);
  g_free (self->message);
  G_OBJECT_CLASS (notifier_account_parent_class)->finalize (object);
}

static void
notifier_account_class_init (NotifierAccountClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = notifier_account_finalize;
  signals[CHANGED] = g_signal_new ("changed", NOTIFIER_TYPE_ACCOUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ARRIVED] = g_signal_new ("arrived", NOTIFIER_TYPE_ACCOUNT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3, G_TYPE_STRING,
                                   G_TYPE_STRING, G_TYPE_STRING);
}

static void
notifier_account_init (NotifierAccount *self)
{
  self->mailboxes = g_list_store_new (NOTIFIER_TYPE_MAILBOX);
  self->cancellable = g_cancellable_new ();
}

NotifierAccount *
notifier_account_new (const char *uri, const char *ca_file, GError **error)
{
  g_autoptr (NotifierAccount) self = g_object_new (NOTIFIER_TYPE_ACCOUNT, NULL);
  g_autoptr (PhSession) session = ph_session_new (uri, error);
  const char *user;

  if (session == NULL)
    return NULL;
  user = ph_session_get_user (session);
  if (!PH_IS_STORE (session) || user == NULL)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_INVALID_URI, "%s is not such as imaps://alice@mail.example.org", uri);
      return NULL;
    }

  if (ca_file != NULL)
    {
      g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();

      ph_security_policy_set_ca_file (policy, ca_file);
      ph_session_set_policy (session, policy);
    }
  self->keyring = ph_credentials_new_named ("secret-service", NULL);
  self->title = g_strdup_printf ("%s on %s", user, ph_session_get_host (session));
  self->store = PH_STORE (g_steal_pointer (&session));
  ph_store_set_watch (self->store, TRUE);
  ph_store_set_restore (self->store, TRUE);
  g_signal_connect_object (self->store, "closed", G_CALLBACK (on_closed), self, 0);
  g_signal_connect_object (self->store, "notify::restoring", G_CALLBACK (on_restoring), self, 0);
  return g_steal_pointer (&self);
}

const char *
notifier_account_get_title (NotifierAccount *self)
{
  return self->title;
}

NotifierState
notifier_account_get_state (NotifierAccount *self)
{
  return self->state;
}

const char *
notifier_account_get_message (NotifierAccount *self)
{
  return self->message;
}

GListModel *
notifier_account_get_mailboxes (NotifierAccount *self)
{
  return G_LIST_MODEL (self->mailboxes);
}

GListModel *
notifier_account_get_messages (NotifierAccount *self)
{
  return (GListModel *) self->messages;
}
