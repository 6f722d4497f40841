/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A message on its way: MAIL, RCPT…, DATA or BDAT, the content; and each recipient's fate. Usually one transaction, several where the
 * server takes fewer recipients at a time.
 */
#pragma once

#include "ph-smtp-core.h"
#include "ph-smtp-dot.h"

G_BEGIN_DECLS

/* The window that a session begins with, and how far it may grow: messages and octets whose replies are awaited */
#define PH_SMTP_FIRST_WINDOW 2
#define PH_SMTP_MAX_WINDOW 256
#define PH_SMTP_MAX_UNCERTAIN (4 * 1024 * 1024)

/* Messages up to this may leave before their recipients are answered */
#define PH_SMTP_SMALL (64 * 1024)

/* What is known of a recipient */
typedef enum {
  PH_SMTP_RECIPIENT_WAITING,    /* no transaction had it yet */
  PH_SMTP_RECIPIENT_ASKED,
  PH_SMTP_RECIPIENT_TAKEN,      /* RCPT was accepted */
  PH_SMTP_RECIPIENT_LATER,      /* one too many for this transaction; its row says so meanwhile */
  PH_SMTP_RECIPIENT_DECIDED     /* its row stands */
} PhSmtpRecipient;

struct _PhSmtpSend {
  PhCommand   parent;
  PhEnvelope *envelope;
  PhBody     *body;
  PhDelivery *delivery;
  guint8     *recipients;       /* PhSmtpRecipient */
  guint       n_recipients;
  guint8      few[8];           /* where recipients stand if they are few */
  guint       n_waiting, n_later;

  /* of all its transactions */
  gboolean    checked;
  gint64      size;             /* of the body, as it was checked; -1: unknown */
  gboolean    plain;            /* the envelope asks for no parameters */
  gboolean    in_pieces;        /* the body is one of ph-smtp-pieces.c's */
  char       *mail_parameters;  /* as the envelope asks for them; NULL for none */
  gboolean    all_ascii;        /* every address goes as it is */
  gboolean    smtp_utf8;        /* SMTPUTF8 is on the MAIL line */
  gboolean    binary;           /* BODY=BINARYMIME is */
  gboolean    chunked;          /* BDAT, not DATA */
  gboolean    seven_bit;        /* whether it has octets above 127 is seen while it is written */
  gboolean    ended;            /* the command is done; what is outstanding is read and dropped */
  gboolean    retried;
  gboolean    content_used;     /* the body was read before */
  PhReply    *sender_refusal;
  PhReply    *refusal;          /* the first that refused a recipient or the message */
  guint       refused_index;
  PhReply    *acceptance;       /* the last that accepted the message */
  GError     *cancelled;

  /* of the one that runs */
  PhSmtpSend *next;             /* in flight behind it; referenced */
  guint      *part;             /* its recipients; NULL: all */
  guint       n_part;
  guint       n_asked, n_answered, n_taken;   /* RCPT: written, replied to, accepted */
  guint       n_contents;       /* recipients in front of the first whose reply to the content is awaited */
  gboolean    own_parameters;   /* BODY or SIZE of the engine's own are on the MAIL line */
  gboolean    data_asked;       /* DATA is written */
  gboolean    content_begun;
  gboolean    content_refused;  /* a chunk was */
  gboolean    content_taken;    /* by a recipient at least */
  guint64     left, chunk;      /* octets of the body that no chunk had, and of the current one */
  guint       n_pieces;         /* of a message in pieces, that are written */
  guint       n_chunks;         /* of unknown sizes, that replies are expected to */
  guint64     end_offset;       /* among the octets given: the content's end, from which on the server may deliver; 0: not reached */
};

PhCommand *ph_smtp_send_new          (const PhSmtpFlavor *flavor, PhEnvelope *envelope, PhBody *body);
/* A done one, which nobody else holds, becomes that of another message; FALSE: it is another module's */
gboolean   ph_smtp_send_renew        (const PhSmtpFlavor *flavor, PhCommand *command, PhEnvelope *envelope, PhBody *body);
void       ph_smtp_send_init         (PhSmtpSend *self);
void       ph_smtp_send_finalize     (GObject *object);   /* chaining up is the caller's */
/* The transaction's recipient @i, as an index of the envelope */
guint      ph_smtp_send_get_index    (PhSmtpSend *self, guint i);
gboolean   ph_smtp_send_has_parameter (PhSmtpSend *self, const char *keyword, const char *value);
void       ph_smtp_send_set          (PhSmtpSend *self, guint index, PhSmtpRecipient state);

/* @self (transfer full) */
void       ph_smtp_send_begin        (PhSmtpCore *core, PhSmtpSend *self);
void       ph_smtp_send_write_rcpt   (PhSmtpCore *core, PhSmtpSend *self);
void       ph_smtp_send_write_data   (PhSmtpCore *core, PhSmtpSend *self);
/* "RCPT TO:<bob@example.net>" (transfer full) */
char      *ph_smtp_send_describe     (PhSmtpSend *self, const PhSmtpSlot *slot);

/* ph-smtp-transaction.c: what replies make of it */
void       ph_smtp_send_replied      (PhSmtpCore *core, PhSmtpSend *self, PhSmtpSlot *slot, PhReply *reply);
/* @error (transfer full) */
void       ph_smtp_send_cancel       (PhSmtpCore *core, PhSmtpSend *self, GError *error);
/* The first in flight is no longer; NULL where there is none. (transfer full) */
PhSmtpSend *ph_smtp_send_land        (PhSmtpCore *core);
/* Its content's end may have reached the server */
gboolean   ph_smtp_send_is_out       (PhSmtpCore *core, PhSmtpSend *self);

/* ph-smtp-content.c: its octets. examine: what must be known before MAIL is written */
gboolean   ph_smtp_content_examine   (PhSmtpCore *core, PhSmtpSend *self, GError **error);
void       ph_smtp_content_begin     (PhSmtpCore *core, PhSmtpSend *self);
void       ph_smtp_content_fill_want (PhSmtpCore *core, PhWant *want);
void       ph_smtp_content_written   (PhSmtpCore *core, const GError *error);
/* Chunks of unknown sizes: replies to what has been written by now are expected */
void       ph_smtp_content_note_chunks (PhSmtpCore *core);

/* ph-smtp-pieces.c: a message in pieces, by BDAT and BURL. write: TRUE where octets of ours are to go, those of current () */
gboolean   ph_smtp_pieces_are       (PhBody *body);
gboolean   ph_smtp_pieces_examine   (PhSmtpCore *core, PhSmtpSend *self, GError **error);
gboolean   ph_smtp_pieces_write     (PhSmtpCore *core, PhSmtpSend *self);
gboolean   ph_smtp_pieces_were_all  (PhSmtpSend *self);
PhBody    *ph_smtp_pieces_current   (PhSmtpSend *self);

/* ph-smtp-verdict.c: what became of it. refuse_all: of those that no reply decided. */
void       ph_smtp_send_refuse       (PhSmtpSend *self, guint index, PhDeliveryPhase phase, PhReply *reply);
void       ph_smtp_send_refuse_all   (PhSmtpSend *self, PhDeliveryPhase phase, PhReply *reply);
void       ph_smtp_send_accept       (PhSmtpSend *self, guint index, PhReply *reply);
/* The command ends, well where anybody got the message. */
void       ph_smtp_send_conclude     (PhSmtpCore *core, PhSmtpSend *self);
/* The command ends with @error (transfer full); its undecided recipients are refused. */
void       ph_smtp_send_fail         (PhSmtpCore *core, PhSmtpSend *self, GError *error);
/* 421 came to @slot of it; ph_smtp_send_lost () follows. */
void       ph_smtp_send_shut_down    (PhSmtpCore *core, PhSmtpSend *self, PhSmtpSlot *slot, PhReply *reply);
/* The session is over because of @error; @reply said so, or NULL */
void       ph_smtp_send_lost         (PhSmtpCore *core, PhSmtpSend *self, PhReply *reply, const GError *error);

G_END_DECLS
