/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads values one after another out of a response: the part of the parser that makes the tree. */
#pragma once

#include <posthorn/posthorn-plugin.h>

typedef struct {
  guint           max_depth;
  guint           max_values;
  gboolean        singly;     /* no runs: each token is looked at by itself, which comes to the same */
  PhValueBuilder *builder;
  char           *scratch;    /* unescaped strings; as large as the response, since escapes only shrink it */
  gsize           scratch_size;

  /* of the response that is being read */
  const char     *start;
  const char     *end;        /* without the line end */
  const char     *readable;   /* octets may be looked at up to here, whatever they are; not before end */
  const char     *p;
  gsize           scratch_used;
  guint           n_values;
  gboolean        sections;   /* FETCH: attribute names hold brackets with blanks in them */
  gboolean        names;      /* LIST: a name may hold tabs, though it isn't quoted */
  gboolean        in_code;    /* a "]" outside of parentheses ends it */
  gboolean        escapes;
  gboolean        no_bracket; /* no "]" stands behind p */
  const char     *flaw;       /* why reading failed */
  gboolean        too_much;   /* it was a limit */
} PhImapReader;

/* @self: zeroes, or one that rests, whose memory serves again */
void     ph_imap_reader_init        (PhImapReader *self, guint max_depth, guint max_values);
/* What was read is no longer needed; FALSE where more memory is held than is worth keeping. */
gboolean ph_imap_reader_rest        (PhImapReader *self);
void     ph_imap_reader_clear       (PhImapReader *self);
/* @data: one response with its line end; borrowed until the next call. Whoever knows what stands behind it may set readable. */
void     ph_imap_reader_begin       (PhImapReader *self, const char *data, gsize length);
/* What is plain as a whole; FALSE, and nothing is done, where ph_imap_reader_read_values () is needed */
gboolean ph_imap_reader_run_whole   (PhImapReader *self);
/* Up to the response's end, or in a response code up to its "]"; FALSE with @flaw */
gboolean ph_imap_reader_read_values (PhImapReader *self);
/* What may stand in a tag, name or code; its length, 0 for none */
gsize    ph_imap_reader_take_word   (PhImapReader *self, const char **word);

static inline void
ph_imap_reader_skip_blanks (PhImapReader *self)
{
  while (self->p < self->end && (*self->p == ' ' || *self->p == '\t'))
    self->p++;
}
