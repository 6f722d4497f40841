/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhTransport: a session that takes mail (SMTP, LMTP). Each call opens the session when needed. */
#pragma once

#include <posthorn/ph-session.h>

G_BEGIN_DECLS

#define PH_TYPE_TRANSPORT (ph_transport_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhTransport, ph_transport, PH, TRANSPORT, PhSession)

/*
 * NULL only where nobody accepted it (PH_ERROR_SENDER_REFUSED, _RECIPIENTS_REFUSED, _DATA_REFUSED, _DELIVERY_UNKNOWN,
 * _INVALID_ARGUMENT, …); the delivery is then ph_error_get_delivery () of the error. Partial refusal is a result. (transfer full)
 */
PH_AVAILABLE_IN_1_0 PhDelivery *ph_transport_send          (PhTransport *self, PhEnvelope *envelope, PhBody *body, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void        ph_transport_send_async    (PhTransport *self, PhEnvelope *envelope, PhBody *body, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhDelivery *ph_transport_send_finish   (PhTransport *self, GAsyncResult *result, GError **error);
/* The command of ph_transport_send (), for ph_session_run (): bindings read its result after failure, too. (transfer full) */
PH_AVAILABLE_IN_1_0 PhCommand  *ph_transport_make_send     (PhTransport *self, PhEnvelope *envelope, PhBody *body);

/* VRFY, EXPN, HELP, RSET: the server's reply, refusals included; an error only where there is none. (transfer full) */
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_verify        (PhTransport *self, const char *address, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void        ph_transport_verify_async  (PhTransport *self, const char *address, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_verify_finish (PhTransport *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_expand        (PhTransport *self, const char *list, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void        ph_transport_expand_async  (PhTransport *self, const char *list, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_expand_finish (PhTransport *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_help          (PhTransport *self, const char *topic, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void        ph_transport_help_async    (PhTransport *self, const char *topic, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_help_finish   (PhTransport *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_reset         (PhTransport *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void        ph_transport_reset_async   (PhTransport *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_reset_finish  (PhTransport *self, GAsyncResult *result, GError **error);

/* ETRN (RFC 1985), XCLIENT and XFORWARD (Postfix; "NAME=value" each, plain): as those above, and PH_ERROR_NOT_SUPPORTED where the server
 * does not offer it. XCLIENT begins the session anew, as the client that it describes. (transfer full) */
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_etrn          (PhTransport *self, const char *node, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void        ph_transport_etrn_async    (PhTransport *self, const char *node, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_etrn_finish   (PhTransport *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_xclient       (PhTransport *self, const char *const *attributes, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void        ph_transport_xclient_async (PhTransport *self, const char *const *attributes, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_xclient_finish(PhTransport *self, GAsyncResult *result, GError **error);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_xforward      (PhTransport *self, const char *const *attributes, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void        ph_transport_xforward_async(PhTransport *self, const char *const *attributes, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_xforward_finish(PhTransport *self, GAsyncResult *result, GError **error);
/* The reply to the last EHLO, LHLO or HELO: the server's name, then its capabilities (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhReply    *ph_transport_get_hello    (PhTransport *self);

G_END_DECLS
