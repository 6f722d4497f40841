/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a session tells its program by signals. */
#include "ph-session-private.h"

#include "contracts/ph-command-private.h"
#include "contracts/ph-extension-private.h"
#include "values/ph-mailbox-private.h"

enum { TRACE, PROGRESS, RESPONSE, ALERT, WARNING, CAPABILITIES_CHANGED, ACCEPT_CERTIFICATE, CLOSED, N_SIGNALS };

static guint signals[N_SIGNALS];

static guint
new_signal (const char *name,
            GType       returns,
            guint       n_params,
            ...)
{
  va_list types;
  guint id;

  va_start (types, n_params);
  id = g_signal_new_valist (name, PH_TYPE_SESSION, G_SIGNAL_RUN_LAST, NULL,
                            returns == G_TYPE_BOOLEAN ? g_signal_accumulator_true_handled : NULL, NULL, NULL, returns, n_params, types);
  va_end (types);
  return id;
}

static void
install_signals_of_the_talk (void)
{
  /**
   * PhSession::trace:
   * @self: the session
   * @direction: which way
   * @data: octets, or a note's text
   *
   * What passes between the session and its server, inside of TLS and compression. Secrets are shown as `***`, messages on their
   * way out by their size. Costs nothing where nobody is connected.
   */
  signals[TRACE] = new_signal ("trace", G_TYPE_NONE, 2, PH_TYPE_TRACE_DIRECTION, G_TYPE_BYTES);
  /**
   * PhSession::progress:
   * @self: the session
   * @command: whose
   * @done: octets that are through
   * @total: octets in all, 0 where that isn't known
   *
   * A long command is on its way.
   */
  signals[PROGRESS] = new_signal ("progress", G_TYPE_NONE, 3, PH_TYPE_COMMAND, G_TYPE_UINT64, G_TYPE_UINT64);
  /**
   * PhSession::response:
   * @self: the session
   * @response: what came
   *
   * The server sent what no command and no extension claimed.
   */
  signals[RESPONSE] = new_signal ("response", G_TYPE_NONE, 1, PH_TYPE_RESPONSE);
  /**
   * PhSession::alert:
   * @self: the session
   * @text: the server's words
   *
   * The server wants this shown to the person (RFC 9051 section 7.1, ALERT).
   */
  signals[ALERT] = new_signal ("alert", G_TYPE_NONE, 1, G_TYPE_STRING);
  /**
   * PhSession::warning:
   * @self: the session
   * @error: what was wrong
   *
   * The server sent something wrong, or a step that isn't needed failed; the session goes on.
   */
  signals[WARNING] = new_signal ("warning", G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
install_signals_of_the_channel (void)
{
  /**
   * PhSession::capabilities-changed:
   * @self: the session
   *
   * [method@Session.get_capabilities] has something new.
   */
  signals[CAPABILITIES_CHANGED] = new_signal ("capabilities-changed", G_TYPE_NONE, 0);
  /**
   * PhSession::accept-certificate:
   * @self: the session
   * @info: the channel as far as it is known: the certificates and what is wrong with them
   *
   * The server's certificate isn't valid for its host. Without a handler, or where all return %FALSE, the session ends with
   * %PH_ERROR_BAD_CERTIFICATE. Emitted before anything was sent inside of TLS. To ask a person in an asynchronous program,
   * run a nested main loop, or refuse, ask, and open again.
   *
   * Returns: %TRUE to go on in spite of that
   */
  signals[ACCEPT_CERTIFICATE] = new_signal ("accept-certificate", G_TYPE_BOOLEAN, 1, PH_TYPE_TLS_INFO);
  /**
   * PhSession::closed:
   * @self: the session
   * @error: (nullable): why; %NULL after [method@Session.close]
   *
   * The connection has ended.
   */
  signals[CLOSED] = new_signal ("closed", G_TYPE_NONE, 1, G_TYPE_ERROR);
}

void
ph_session_install_signals (void)
{
  install_signals_of_the_talk ();
  install_signals_of_the_channel ();
}

static void
emit_mailbox_change (PhSession             *self,
                     const PhMailboxChange *change)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhMailbox *mailbox = change->mailbox != NULL ? change->mailbox : priv->mailbox;
  guint32 before;

  if (mailbox == NULL)
    return;
  if (change->kind == PH_CHANGE_SELECTED)
    {
      ph_session_selected (self, mailbox);
      return;
    }
  if (priv->keeper != NULL)
    mailbox = ph_keeper_resolve (priv->keeper, mailbox, change);
  before = ph_mailbox_get_n_messages (mailbox);
  ph_mailbox_apply (mailbox, change);
  if (change->kind == PH_CHANGE_COUNT && change->number > before)
    ph_session_announce (self, mailbox, before + 1);
  if (change->kind == PH_CHANGE_DESELECTED && mailbox == priv->mailbox)
    g_clear_object (&priv->mailbox);
}

void
ph_session_emit_record (PhSession *self,
                        PhRecord  *record)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  priv->emitting++;
  if (record->is_trace)
    g_signal_emit (self, signals[TRACE], 0, record->direction, record->trace);
  else if (record->event.kind == PH_EVENT_CAPABILITIES)
    g_signal_emit (self, signals[CAPABILITIES_CHANGED], 0);
  else if (record->event.kind == PH_EVENT_MAILBOX)
    emit_mailbox_change (self, &record->event.change);
  else if (record->event.kind == PH_EVENT_RESPONSE && record->event.response != NULL)
    g_signal_emit (self, signals[RESPONSE], 0, record->event.response);
  else if (record->event.kind == PH_EVENT_ALERT && record->event.response != NULL)
    g_signal_emit (self, signals[ALERT], 0, ph_response_get_text (record->event.response));
  else if (record->event.kind == PH_EVENT_WARNING && record->event.error != NULL)
    g_signal_emit (self, signals[WARNING], 0, record->event.error);
  else if (record->event.kind == PH_EVENT_EXTENSION)
    ph_extension_deliver (record->event.extension, record->event.type, record->event.boxed);
  priv->emitting--;
}

void
ph_session_emit_progress (PhSession *self,
                          PhCommand *command)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  guint64 done;
  guint64 total;

  if (command == NULL || !ph_command_take_progress (command, &done, &total))
    return;
  priv->emitting++;
  ph_command_emit_progress (command, done, total);
  if (priv->progress_heard == PH_UNKNOWN)
    priv->progress_heard = g_signal_has_handler_pending (self, signals[PROGRESS], 0, FALSE) ? PH_YES : PH_NO;
  if (priv->progress_heard == PH_YES)
    g_signal_emit (self, signals[PROGRESS], 0, command, done, total);
  priv->emitting--;
}

gboolean
ph_session_is_traced (PhSession *self)
{
  return g_signal_has_handler_pending (self, signals[TRACE], 0, TRUE);
}

gboolean
ph_session_ask_certificate (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhTlsInfo *info = ph_driver_get_tls_info (priv->driver);
  gboolean accept = FALSE;

  if (info == NULL)
    return FALSE;
  priv->emitting++;
  g_signal_emit (self, signals[ACCEPT_CERTIFICATE], 0, info, &accept);
  priv->emitting--;
  return accept;
}

void
ph_session_emit_closed (PhSession    *self,
                        const GError *error)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  priv->emitting++;
  g_signal_emit (self, signals[CLOSED], 0, error);
  priv->emitting--;
}
