/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhNotify: the typed interface of extensions by which a server tells of any mailbox (RFC 5465). */
#include <posthorn/posthorn.h>

/**
 * PhNotify:
 *
 * A server that tells by itself of what happens, in the selected mailbox and in others (NOTIFY, RFC 5465). A program has it from
 * `ph_session_get_extension (session, PH_TYPE_NOTIFY)`, which is %NULL where the server can't. What happens in the selected mailbox is
 * told by #PhMailbox as ever; what happens elsewhere by the signals here, whenever the session is in a main loop or in a call. With
 * [method@Store.set_watch] the session stays in IDLE meanwhile, which also keeps the server from ending it.
 *
 * ```c
 * PhNotify *notify = PH_NOTIFY (ph_session_get_extension (session, PH_TYPE_NOTIFY));
 * g_signal_connect (notify, "status", G_CALLBACK (on_status), self);
 * g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
 * ph_notify_request_add (request, PH_NOTIFY_PERSONAL, NULL, PH_NOTIFY_MESSAGES);
 * g_autoptr (GPtrArray) now = ph_notify_set (notify, request, TRUE, NULL, &error);
 * ```
 *
 * The request stands for the session: on its next connection it is made again, and with it comes how the mailboxes stand, so
 * nothing is missed. [class@StorePool] uses it by itself.
 */
G_DEFINE_INTERFACE (PhNotify, ph_notify, PH_TYPE_EXTENSION)

static void
ph_notify_default_init (PhNotifyInterface *iface)
{
  /**
   * PhNotify::status:
   * @self: the session's notify
   * @status: what is new of a mailbox that is not the selected one; which items it has is the server's choice
   *
   * Messages came or went, or flags or annotations changed (RFC 5465 sections 5.1 to 5.3).
   */
  g_signal_new ("status", PH_TYPE_NOTIFY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PH_TYPE_MAILBOX_STATUS);
  /**
   * PhNotify::mailbox:
   * @self: the session's notify
   * @info: what it is now: `\NonExistent` where it is gone, `\Subscribed`, `\NoAccess`; its former name where it was renamed
   *
   * A mailbox was created, deleted or renamed, subscribed to or not any more, or can't be watched (RFC 5465 sections 5.4, 5.5 and 5.9).
   */
  g_signal_new ("mailbox", PH_TYPE_NOTIFY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PH_TYPE_MAILBOX_INFO);
  /**
   * PhNotify::message:
   * @self: the session's notify
   * @message: its UID, and what was asked for by [method@NotifyRequest.set_fetch], or what changed
   *
   * A message of the selected mailbox is new, or its flags or annotations changed.
   */
  g_signal_new ("message", PH_TYPE_NOTIFY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PH_TYPE_MESSAGE);
  /**
   * PhNotify::metadata:
   * @self: the session's notify
   * @mailbox: whose, or empty: the server's
   * @entries: (array zero-terminated=1): the names of what changed, `/shared/comment`
   *
   * Metadata changed (RFC 5465 sections 5.6 and 5.7).
   */
  g_signal_new ("metadata", PH_TYPE_NOTIFY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRV);
  /**
   * PhNotify::overflow:
   * @self: the session's notify
   * @reply: what the server said
   *
   * The server tells no more by itself, as after [method@Notify.none]: it was too much (RFC 5465 section 5.8), or a new connection's
   * server would not have it.
   */
  g_signal_new ("overflow", PH_TYPE_NOTIFY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, PH_TYPE_REPLY);
}

/**
 * ph_notify_get_request:
 * @self: a session's notify
 *
 * What the server is to tell of.
 *
 * Returns: (transfer none) (nullable): the request; %NULL where there is none, or the server gave it up
 */
PhNotifyRequest *
ph_notify_get_request (PhNotify *self)
{
  g_return_val_if_fail (PH_IS_NOTIFY (self), NULL);

  return PH_NOTIFY_GET_IFACE (self)->get_request (self);
}
