/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages that a program holds as GMimeMessage, through any PhTransport. What a program includes. */
#pragma once

#include <gmime/gmime.h>
#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/**
 * PhMimeForm:
 * @PH_MIME_FORM_SEVEN_BIT: ASCII only: what isn't becomes quoted-printable or base64. Every server takes it
 * @PH_MIME_FORM_EIGHT_BIT: contents as they are (8BITMIME, RFC 6152), header fields in ASCII
 * @PH_MIME_FORM_UTF8: contents as they are, header fields in UTF-8 (SMTPUTF8, RFC 6532)
 *
 * How a message is written.
 */
typedef enum {
  PH_MIME_FORM_SEVEN_BIT,
  PH_MIME_FORM_EIGHT_BIT,
  PH_MIME_FORM_UTF8
} PhMimeForm;

/**
 * PhMimeFlags:
 * @PH_MIME_NONE: the message as it is, or an error
 * @PH_MIME_CONVERT: contents that the server doesn't take (8-bit ones without 8BITMIME, binary ones) are sent as
 *   quoted-printable or base64. Signed parts never are: their signature would break
 * @PH_MIME_TLS_OPTIONAL: adds `TLS-Required: No` (RFC 8689 section 3): delivering matters more than protection on the way
 *
 * What may be done to a message on its way out. The message itself is never changed.
 */
typedef enum {
  PH_MIME_NONE         = 0,
  PH_MIME_CONVERT      = 1 << 0,
  PH_MIME_TLS_OPTIONAL = 1 << 1
} PhMimeFlags;

PH_AVAILABLE_IN_1_0 PhEnvelope *ph_mime_make_envelope (GMimeMessage *message, GError **error);
PH_AVAILABLE_IN_1_0 PhBody     *ph_mime_make_body     (GMimeMessage *message, PhMimeForm form, PhMimeFlags flags, GError **error);
/* On an open session; for ph_session_run (): bindings read its result, a PhDelivery, after failure, too */
PH_AVAILABLE_IN_1_0 PhCommand  *ph_mime_make_send     (PhTransport *transport, GMimeMessage *message, PhEnvelope *envelope,
                                                       PhMimeFlags flags, GError **error);
PH_AVAILABLE_IN_1_0 PhDelivery *ph_mime_send          (PhTransport *transport, GMimeMessage *message, PhEnvelope *envelope,
                                                       PhMimeFlags flags, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void        ph_mime_send_async    (PhTransport *transport, GMimeMessage *message, PhEnvelope *envelope,
                                                       PhMimeFlags flags, GCancellable *cancellable,
                                                       GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhDelivery *ph_mime_send_finish   (GAsyncResult *result, GError **error);

G_END_DECLS

#include <posthorn-mime/ph-mime-enum-types.h>
