/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one error domain: a code for each thing that a program would treat differently. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

/**
 * PH_ERROR:
 *
 * The domain of every error that Posthorn makes itself. Cancelling stays
 * %G_IO_ERROR_CANCELLED and a call inside another one %G_IO_ERROR_PENDING.
 */
#define PH_ERROR (ph_error_quark ())

/**
 * PhError:
 * @PH_ERROR_FAILED: none of the others
 * @PH_ERROR_INVALID_ARGUMENT: an argument that can't be sent (CR, LF, NUL, out of range); nothing was written
 * @PH_ERROR_INVALID_URI: the URI can't be read
 * @PH_ERROR_UNKNOWN_SCHEME: no installed plugin speaks the URI's scheme
 * @PH_ERROR_PLUGIN: a plugin's file was refused or broken
 * @PH_ERROR_NOT_SUPPORTED: the server (or this protocol) lacks what was asked for; nothing was written
 * @PH_ERROR_WRONG_STATE: the call doesn't fit the session's state (no mailbox selected, closed)
 * @PH_ERROR_HOST_NOT_FOUND: the name does not resolve
 * @PH_ERROR_CONNECT: no connection could be made (port refused, unreachable, program not started)
 * @PH_ERROR_CLOSED: the connection was lost
 * @PH_ERROR_TIMED_OUT: the server did not answer in time
 * @PH_ERROR_SHUTTING_DOWN: the server said that it closes the session (421, BYE)
 * @PH_ERROR_GREETING: the server refused the session in its greeting
 * @PH_ERROR_HELLO: the server refused EHLO and HELO, LHLO, or CAPABILITY
 * @PH_ERROR_TLS: the TLS handshake or channel failed
 * @PH_ERROR_BAD_CERTIFICATE: the server's certificate isn't valid for this host
 * @PH_ERROR_TLS_REQUIRED: TLS is required, and the server offers none or refuses to begin it
 * @PH_ERROR_INJECTED: bytes came in plain text behind the STARTTLS reply
 * @PH_ERROR_AUTHENTICATION: the server refused the login
 * @PH_ERROR_NO_MECHANISM: no mechanism that the server offers is installed, allowed and has what it needs
 * @PH_ERROR_NO_CREDENTIALS: no password, token or other secret at hand
 * @PH_ERROR_SERVER_UNPROVEN: the server did not prove that it knows the secret, or reported success too early
 * @PH_ERROR_PROTOCOL: the server sent what can't be understood
 * @PH_ERROR_LIMIT: the server sent more than a limit allows
 * @PH_ERROR_REFUSED: the server refused the command (NO, 4xx, 5xx)
 * @PH_ERROR_BAD_COMMAND: the server did not understand the command (BAD, 500 to 504)
 * @PH_ERROR_SENDER_REFUSED: the reverse-path was refused
 * @PH_ERROR_RECIPIENTS_REFUSED: every recipient was refused
 * @PH_ERROR_DATA_REFUSED: the message's content was refused, for all recipients
 * @PH_ERROR_DELIVERY_UNKNOWN: the connection went between the content's end and its reply: it may have been delivered
 * @PH_ERROR_TOO_LARGE: the message is above the server's limit; nothing was written
 * @PH_ERROR_BODY: the caller's message could not be read to its end
 * @PH_ERROR_THROTTLED: refused for now because of load or rate (LIMIT, or what a server without codes says in words)
 * @PH_ERROR_NO_MAILBOX: the mailbox does not exist (NONEXISTENT, TRYCREATE), or has another name now (NEWNAME)
 * @PH_ERROR_ALREADY_EXISTS: the mailbox exists (ALREADYEXISTS)
 * @PH_ERROR_NO_PERMISSION: not allowed (NOPERM, READ-ONLY)
 * @PH_ERROR_OVER_QUOTA: no space left (OVERQUOTA, 452, 552)
 * @PH_ERROR_EXPIRED: the credentials have expired (EXPIRED)
 * @PH_ERROR_NO_MESSAGE: no such message
 * @PH_ERROR_BAD_CHARSET: the server can't search in the text's charset; the message names those that it can (BADCHARSET)
 * @PH_ERROR_IN_USE: something else uses it just now (INUSE)
 * @PH_ERROR_UNAVAILABLE: a part of the server is down for now (UNAVAILABLE)
 * @PH_ERROR_CANNOT: it can never be done, whoever asks (CANNOT, UNKNOWN-CTE, HASCHILDREN)
 * @PH_ERROR_EXPUNGED: the message is gone, though it was not told yet (EXPUNGEISSUED)
 * @PH_ERROR_PRIVACY_REQUIRED: only over TLS (PRIVACYREQUIRED)
 * @PH_ERROR_CONTACT_ADMIN: a person must mend the account or the server (CONTACTADMIN)
 * @PH_ERROR_CORRUPTION: the server's data is damaged (CORRUPTION)
 * @PH_ERROR_SERVER_BUG: the server found a fault of its own (SERVERBUG)
 * @PH_ERROR_CLIENT_BUG: the server found fault with us (CLIENTBUG, UIDREQUIRED)
 *
 * Codes of %PH_ERROR.
 */
typedef enum {
  PH_ERROR_FAILED,
  PH_ERROR_INVALID_ARGUMENT,
  PH_ERROR_INVALID_URI,
  PH_ERROR_UNKNOWN_SCHEME,
  PH_ERROR_PLUGIN,
  PH_ERROR_NOT_SUPPORTED,
  PH_ERROR_WRONG_STATE,
  PH_ERROR_HOST_NOT_FOUND,
  PH_ERROR_CONNECT,
  PH_ERROR_CLOSED,
  PH_ERROR_TIMED_OUT,
  PH_ERROR_SHUTTING_DOWN,
  PH_ERROR_GREETING,
  PH_ERROR_HELLO,
  PH_ERROR_TLS,
  PH_ERROR_BAD_CERTIFICATE,
  PH_ERROR_TLS_REQUIRED,
  PH_ERROR_INJECTED,
  PH_ERROR_AUTHENTICATION,
  PH_ERROR_NO_MECHANISM,
  PH_ERROR_NO_CREDENTIALS,
  PH_ERROR_SERVER_UNPROVEN,
  PH_ERROR_PROTOCOL,
  PH_ERROR_LIMIT,
  PH_ERROR_REFUSED,
  PH_ERROR_BAD_COMMAND,
  PH_ERROR_SENDER_REFUSED,
  PH_ERROR_RECIPIENTS_REFUSED,
  PH_ERROR_DATA_REFUSED,
  PH_ERROR_DELIVERY_UNKNOWN,
  PH_ERROR_TOO_LARGE,
  PH_ERROR_BODY,
  PH_ERROR_THROTTLED,
  PH_ERROR_NO_MAILBOX,
  PH_ERROR_ALREADY_EXISTS,
  PH_ERROR_NO_PERMISSION,
  PH_ERROR_OVER_QUOTA,
  PH_ERROR_EXPIRED,
  PH_ERROR_NO_MESSAGE,
  PH_ERROR_BAD_CHARSET,
  PH_ERROR_IN_USE,
  PH_ERROR_UNAVAILABLE,
  PH_ERROR_CANNOT,
  PH_ERROR_EXPUNGED,
  PH_ERROR_PRIVACY_REQUIRED,
  PH_ERROR_CONTACT_ADMIN,
  PH_ERROR_CORRUPTION,
  PH_ERROR_SERVER_BUG,
  PH_ERROR_CLIENT_BUG
} PhError;

PH_AVAILABLE_IN_1_0 GQuark      ph_error_quark          (void);

/* What a C program finds attached; bindings read the same from the command. (nullable) (transfer none) */
PH_AVAILABLE_IN_1_0 PhReply    *ph_error_get_reply      (const GError *error);
PH_AVAILABLE_IN_1_0 PhDelivery *ph_error_get_delivery   (const GError *error);

/* For plugins. @reply and @delivery are referenced; each may be NULL. */
PH_AVAILABLE_IN_1_0 GError     *ph_error_new            (PhError     code,
                                                         PhReply    *reply,
                                                         PhDelivery *delivery,
                                                         const char *format,
                                                         ...) G_GNUC_PRINTF (4, 5);
/* "@what refused by @host: NO [NONEXISTENT] …", with the code that the reply's status and response code call for */
PH_AVAILABLE_IN_1_0 GError     *ph_error_new_refused    (const char *what, const char *host, PhReply *reply);

G_END_DECLS
