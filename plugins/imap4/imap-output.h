/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What waits to be written, in order: text, secrets, message bodies, and the places where the server must say "+" first. */
#pragma once

#include <posthorn/posthorn.h>

typedef enum {
  PH_IMAP_SEGMENT_TEXT,
  PH_IMAP_SEGMENT_SECRET,
  PH_IMAP_SEGMENT_BODY,
  PH_IMAP_SEGMENT_SYNC     /* nothing behind it leaves before a continuation request */
} PhImapSegmentKind;

typedef struct {
  PhImapSegmentKind kind;
  gpointer          owner;  /* whose command it is a part of; only compared */
  gboolean          last;   /* ends the owner's line */
  GByteArray       *data;
  PhBody           *body;
  gint64            length;
} PhImapSegment;

PhImapSegment *ph_imap_segment_new  (PhImapSegmentKind kind);
void           ph_imap_segment_free (PhImapSegment *self);

typedef struct {
  GQueue         segments;
  PhImapSegment *given;     /* what poll() handed out, kept until the next one; a body until it is written */
  GPtrArray     *finished;  /* owners whose line has left since this was last looked at; not owned */
} PhImapOutput;

void     ph_imap_output_init       (PhImapOutput *self);
void     ph_imap_output_clear      (PhImapOutput *self);
/* takes all of @segments' elements */
void     ph_imap_output_append     (PhImapOutput *self, GPtrArray *segments, gpointer owner);
/* Fills @want with the next chunk; FALSE where nothing can be written now. Text of several commands is one chunk. */
gboolean ph_imap_output_next       (PhImapOutput *self, PhWant *want);
/* whether a body was handed out and isn't written yet */
PhBody  *ph_imap_output_get_body   (PhImapOutput *self, gint64 *length);
void     ph_imap_output_body_done  (PhImapOutput *self);
/* whether the next thing is a "+" to wait for; its owner */
gpointer ph_imap_output_get_waiting (PhImapOutput *self);
void     ph_imap_output_go_on      (PhImapOutput *self);
/* drops what is left of the owner's line; nothing of another's */
void     ph_imap_output_drop       (PhImapOutput *self, gpointer owner);
/* whether a body or a literal is still to come of the owner's line */
gboolean ph_imap_output_has_literal (PhImapOutput *self, gpointer owner);
