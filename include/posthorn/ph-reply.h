/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhReply: what ended a command. PhResponse: one thing that a server sent. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_REPLY (ph_reply_get_type ())
PH_AVAILABLE_IN_1_0 GType          ph_reply_get_type                  (void) G_GNUC_CONST;
/* @code: three digits, 0 in IMAP. @text: lines joined by "\n"; made valid UTF-8. */
PH_AVAILABLE_IN_1_0 PhReply       *ph_reply_new                       (PhStatus status, int code, const char *text);
PH_AVAILABLE_IN_1_0 PhReply       *ph_reply_ref                       (PhReply *self);
PH_AVAILABLE_IN_1_0 void           ph_reply_unref                     (PhReply *self);
PH_AVAILABLE_IN_1_0 PhStatus       ph_reply_get_status                (PhReply *self);
PH_AVAILABLE_IN_1_0 gboolean       ph_reply_is_ok                     (PhReply *self);
/* 4xx, or an IMAP response code that means "later" (UNAVAILABLE, INUSE, LIMIT) */
PH_AVAILABLE_IN_1_0 gboolean       ph_reply_is_temporary              (PhReply *self);
/* How long the server asks to be left alone, as it says it in words ("Suggested Backoff Time: 299910 milliseconds"); seconds, 0 unknown */
PH_AVAILABLE_IN_1_0 guint          ph_reply_get_delay                 (PhReply *self);
PH_AVAILABLE_IN_1_0 int            ph_reply_get_code                  (PhReply *self);
/* RFC 3463, "5.1.1"; NULL without one */
PH_AVAILABLE_IN_1_0 const char    *ph_reply_get_enhanced_status       (PhReply *self);
PH_AVAILABLE_IN_1_0 const char    *ph_reply_get_text                  (PhReply *self);
PH_AVAILABLE_IN_1_0 char         **ph_reply_get_lines                 (PhReply *self);
/* "UIDNEXT" of "[UIDNEXT 5]"; NULL without one */
PH_AVAILABLE_IN_1_0 const char    *ph_reply_get_response_code         (PhReply *self);
PH_AVAILABLE_IN_1_0 const PhValue *ph_reply_get_response_arguments    (PhReply *self);
/* What came for a raw command before its reply. (element-type PhResponse) (transfer none) */
PH_AVAILABLE_IN_1_0 GPtrArray     *ph_reply_get_responses             (PhReply *self);
/* As a person reads it: "550 5.1.1 no such user", "NO [TRYCREATE] no such mailbox". (transfer full) */
PH_AVAILABLE_IN_1_0 char          *ph_reply_to_string                 (PhReply *self);

/* For engines, before the reply is shared */
PH_AVAILABLE_IN_1_0 void           ph_reply_set_enhanced_status       (PhReply *self, const char *enhanced);
PH_AVAILABLE_IN_1_0 void           ph_reply_set_response_code         (PhReply *self, const char *name, const PhValue *arguments);
PH_AVAILABLE_IN_1_0 void           ph_reply_add_response              (PhReply *self, const PhResponse *response);

/**
 * PhResponseType:
 * @PH_RESPONSE_UNTAGGED: data or a status that belongs to no one command
 * @PH_RESPONSE_TAGGED: the end of a command; in SMTP every reply
 * @PH_RESPONSE_CONTINUATION: the server waits for more of the command
 *
 * The three things that a server can send.
 */
typedef enum {
  PH_RESPONSE_UNTAGGED,
  PH_RESPONSE_TAGGED,
  PH_RESPONSE_CONTINUATION
} PhResponseType;

#define PH_TYPE_RESPONSE (ph_response_get_type ())
/*
 * Like a value, a response is transient while an engine hands it round: whoever keeps it calls
 * ph_response_copy (), which for an owned one is a reference.
 */
PH_AVAILABLE_IN_1_0 GType          ph_response_get_type      (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhResponse    *ph_response_copy          (const PhResponse *self);
PH_AVAILABLE_IN_1_0 void           ph_response_free          (PhResponse *self);
PH_AVAILABLE_IN_1_0 PhResponseType ph_response_get_response_type (const PhResponse *self);
PH_AVAILABLE_IN_1_0 const char    *ph_response_get_tag       (const PhResponse *self);
/* upper case: "FETCH", "QUOTA", "OK"; NULL for a continuation */
PH_AVAILABLE_IN_1_0 const char    *ph_response_get_name      (const PhResponse *self);
/* 5 of "* 5 EXISTS"; 0 without one, which has_number tells from "* 0 EXISTS" */
PH_AVAILABLE_IN_1_0 guint32        ph_response_get_number    (const PhResponse *self);
PH_AVAILABLE_IN_1_0 gboolean       ph_response_has_number    (const PhResponse *self);
PH_AVAILABLE_IN_1_0 PhStatus       ph_response_get_status    (const PhResponse *self);
PH_AVAILABLE_IN_1_0 const char    *ph_response_get_code      (const PhResponse *self);
PH_AVAILABLE_IN_1_0 const PhValue *ph_response_get_code_arguments (const PhResponse *self);
PH_AVAILABLE_IN_1_0 const char    *ph_response_get_text      (const PhResponse *self);
/* What stands behind the name: a list, empty for a status response. (transfer none) */
PH_AVAILABLE_IN_1_0 const PhValue *ph_response_get_values    (const PhResponse *self);
/* The status, code and text as a reply. (transfer full) */
PH_AVAILABLE_IN_1_0 PhReply       *ph_response_to_reply      (const PhResponse *self);

/* For engines: an owned response that is refilled; strings and trees are borrowed until the next fill. @number -1: none. */
PH_AVAILABLE_IN_1_0 PhResponse    *ph_response_new_transient (void);
PH_AVAILABLE_IN_1_0 void           ph_response_fill          (PhResponse *self, PhResponseType type, const char *tag, const char *name,
                                                              gint64 number, PhStatus status, const char *code,
                                                              const PhValue *code_arguments, const char *text,
                                                              const PhValue *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhReply, ph_reply_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhResponse, ph_response_free)

G_END_DECLS
