/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads SMTP and LMTP replies from octets that come in any pieces. */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

/**
 * PhSmtpReplyFlaw:
 * @PH_SMTP_REPLY_FAIR: nothing wrong
 * @PH_SMTP_REPLY_CODES: lines of the reply have different codes of one class; the last one counts
 * @PH_SMTP_REPLY_CLASSES: even their first digits differ; the worst one counts. It may as well have been two replies
 *
 * What was wrong with a reply that could be read all the same.
 */
typedef enum {
  PH_SMTP_REPLY_FAIR,
  PH_SMTP_REPLY_CODES,
  PH_SMTP_REPLY_CLASSES
} PhSmtpReplyFlaw;

/* Replies of one line that came lately: most servers say the same again and again */
#define PH_SMTP_RECENT 8
#define PH_SMTP_RECENT_LENGTH 52
/* Octets of a reply of several lines that is kept likewise */
#define PH_SMTP_LONGEST 1024

typedef struct {
  PhReply *reply;
  guint16  length;
  gboolean came_again;
  char     line[PH_SMTP_RECENT_LENGTH];    /* as it came, without its LF */
} PhSmtpRecentReply;

typedef struct {
  gsize    max_line;       /* octets of a line without its end */
  gsize    max_octets;     /* of a whole reply */
  guint    max_lines;

  GString *line;           /* the start of a line whose end has not come */
  GString *text;           /* complete lines of the current reply */
  guint    n_lines;
  gsize    n_octets;
  int      code;           /* the one that counts so far; 0 between replies */
  char     enhanced[12];   /* "5.7.104", "" without */

  PhSmtpReplyFlaw flaw;    /* of the reply that was given last */
  PhSmtpRecentReply *recent; /* PH_SMTP_RECENT of them */
  guint    expected;       /* of them: the one behind the last that came; they mostly come round in the same order */
  guint    hand;           /* of them: the next to be given up, unless it came again */
  PhReply *long_reply;     /* the last of several lines, that came in one piece; or NULL */
  char    *long_octets;    /* as it came */
  gsize    long_length;
} PhSmtpReplyParser;

void     ph_smtp_reply_parser_init  (PhSmtpReplyParser *self, gsize max_line, guint max_lines, gsize max_octets);
void     ph_smtp_reply_parser_clear (PhSmtpReplyParser *self);

/* Takes octets up to the end of one reply and returns how many. @reply: NULL where it is not complete (then all were taken).
 * @error: PH_ERROR_PROTOCOL, PH_ERROR_LIMIT; the parser then stands behind the octets that were wrong. */
gsize    ph_smtp_reply_parser_feed  (PhSmtpReplyParser *self, const guint8 *data, gsize length, PhReply **reply, GError **error);

/* A reply has begun and not ended */
gboolean ph_smtp_reply_parser_is_within (PhSmtpReplyParser *self);

/* 2xx and 3xx OK, 421 BYE, 500 to 504 BAD, other 4xx and 5xx NO */
PhStatus ph_smtp_reply_status       (int code);

G_END_DECLS
