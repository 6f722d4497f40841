/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds where one whole response ends in what was received; looks at each octet once. */
#pragma once

#include <posthorn/posthorn.h>

/**
 * PhImapFrame:
 * @PH_IMAP_FRAME_MORE: the response isn't whole yet
 * @PH_IMAP_FRAME_WHOLE: it is
 * @PH_IMAP_FRAME_LITERAL: a literal begins here (only where `stop_at_literals` is set)
 * @PH_IMAP_FRAME_ERROR: a limit was passed
 */
typedef enum {
  PH_IMAP_FRAME_MORE,
  PH_IMAP_FRAME_WHOLE,
  PH_IMAP_FRAME_LITERAL,
  PH_IMAP_FRAME_ERROR
} PhImapFrame;

typedef struct {
  gsize    max_line;
  gsize    max_literal;
  gsize    max_response;
  gboolean stop_at_literals;

  /* of the response that is being read */
  gsize    scanned;     /* what needn't be looked at again; beyond the data's end inside a literal */
  gsize    line_start;
  gsize    header;      /* where the announcement of the literal that FRAME_LITERAL reported begins */
  guint64  literal;     /* its octets */
} PhImapFramer;

void        ph_imap_framer_init   (PhImapFramer *self, const PhLimits *limits);
/*
 * @data begins where the response begins, and holds at each call what it held before and more behind it. @end: where the response
 * ends, or the literal's octets begin. After FRAME_LITERAL either go on with the next call, or let the literal go elsewhere: divert().
 */
PhImapFrame ph_imap_framer_scan   (PhImapFramer *self, const char *data, gsize length, gsize *end, GError **error);
/* The literal just reported is taken out of the response: what comes next stands at @length. */
void        ph_imap_framer_divert (PhImapFramer *self, gsize length);
/* whether it is in the middle of a response */
gboolean    ph_imap_framer_is_busy (const PhImapFramer *self);
