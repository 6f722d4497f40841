/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One mail transaction: MAIL, RCPT…, DATA, the content; and each recipient's fate. */
#pragma once

#include "ph-smtp-core.h"

G_BEGIN_DECLS

/* What is known of a recipient while the transaction runs */
typedef enum {
  PH_SMTP_RECIPIENT_WAITING,
  PH_SMTP_RECIPIENT_TAKEN,      /* RCPT was accepted */
  PH_SMTP_RECIPIENT_DECIDED     /* its row stands */
} PhSmtpRecipient;

struct _PhSmtpSend {
  PhCommand   parent;
  PhEnvelope *envelope;
  PhBody     *body;
  PhDelivery *delivery;
  GObject    *coder;
  guint8     *recipients;       /* PhSmtpRecipient */
  guint       n_recipients;
  guint       n_asked, n_answered, n_taken;   /* RCPT: written, replied to, accepted */
  guint       n_contents;                     /* replies to the content that are awaited */
  gboolean    smtp_utf8;        /* SMTPUTF8 is on the MAIL line */
  gboolean    own_parameters;   /* BODY or SIZE of the engine's own are on it */
  gboolean    data_asked;       /* DATA is written */
  gboolean    dot_queued, dot_written;        /* the content's end: from then on the server may have delivered */
  gboolean    ended;            /* the command is done; what is outstanding is read and dropped */
  gboolean    retried;
  PhReply    *sender_refusal;
  PhReply    *refusal;          /* the first that refused a recipient or the message */
  guint       refused_index;
  PhReply    *acceptance;       /* the last that accepted the message */
  GError     *cancelled;
};

PhCommand *ph_smtp_send_new          (const PhSmtpFlavor *flavor, PhEnvelope *envelope, PhBody *body);
void       ph_smtp_send_finalize     (GObject *object);   /* chaining up is the caller's */

void       ph_smtp_send_begin        (PhSmtpCore *core, PhSmtpSend *self);
void       ph_smtp_send_replied      (PhSmtpCore *core, PhSmtpSend *self, PhSmtpSlot *slot, PhReply *reply);
void       ph_smtp_send_fill_want    (PhSmtpSend *self, PhWant *want);
void       ph_smtp_send_body_written (PhSmtpCore *core, PhSmtpSend *self, const GError *error);
/* What is queued goes to the wire now. */
void       ph_smtp_send_given        (PhSmtpSend *self);
/* @error (transfer full) */
void       ph_smtp_send_cancel       (PhSmtpCore *core, PhSmtpSend *self, GError *error);
/* "RCPT TO:<bob@example.net>" (transfer full) */
char      *ph_smtp_send_describe     (PhSmtpSend *self, const PhSmtpSlot *slot);

/* ph-smtp-verdict.c: what became of it. refuse_all: of those that no reply decided. */
void       ph_smtp_send_refuse       (PhSmtpSend *self, guint index, PhDeliveryPhase phase, PhReply *reply);
void       ph_smtp_send_refuse_all   (PhSmtpSend *self, PhDeliveryPhase phase, PhReply *reply);
void       ph_smtp_send_accept       (PhSmtpSend *self, guint index, PhReply *reply);
/* The command ends, well where anybody got the message. */
void       ph_smtp_send_conclude     (PhSmtpCore *core, PhSmtpSend *self);
/* 421 came to @slot of it; ph_smtp_send_lost () follows. */
void       ph_smtp_send_shut_down    (PhSmtpCore *core, PhSmtpSend *self, PhSmtpSlot *slot, PhReply *reply);
/* The session is over because of @error; @reply said so, or NULL */
void       ph_smtp_send_lost         (PhSmtpCore *core, PhSmtpSend *self, PhReply *reply, const GError *error);

G_END_DECLS
