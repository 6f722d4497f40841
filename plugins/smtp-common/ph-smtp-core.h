/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine that SMTP and LMTP share. It has no GType: each module registers types of its own whose instances begin with
 * these structures, and whose interfaces ph_smtp_core_describe () and its like fill.
 */
#pragma once

#include <posthorn/posthorn-plugin.h>

#include "ph-smtp-reply.h"

G_BEGIN_DECLS

typedef struct _PhSmtpCore PhSmtpCore;
typedef struct _PhSmtpSend PhSmtpSend;

/**
 * PhSmtpFlavor:
 * @name: for messages, "SMTP"
 * @hello: "EHLO", "LHLO"
 * @is_lmtp: one reply per accepted recipient behind the content, and no HELO (RFC 2033)
 *
 * What tells the two protocols apart.
 */
typedef struct {
  const char *name;
  const char *hello;
  gboolean    is_lmtp;
  GType     (*get_send_type)   (void);
  GType     (*get_writer_type) (void);
  GType     (*get_coder_type)  (void);
} PhSmtpFlavor;

/* What was written and has no reply yet; replies come in the order of these. */
typedef enum {
  PH_SMTP_SLOT_GREETING,
  PH_SMTP_SLOT_HELLO,      /* EHLO, LHLO */
  PH_SMTP_SLOT_HELO,
  PH_SMTP_SLOT_STARTTLS,
  PH_SMTP_SLOT_AUTH,
  PH_SMTP_SLOT_COMMAND,
  PH_SMTP_SLOT_RSET,       /* the engine's own */
  PH_SMTP_SLOT_MAIL,
  PH_SMTP_SLOT_RCPT,
  PH_SMTP_SLOT_DATA,
  PH_SMTP_SLOT_CONTENT,
  PH_SMTP_SLOT_LONE_DOT    /* ends a content that was never to be */
} PhSmtpSlotKind;

typedef struct {
  PhSmtpSlotKind kind;
  guint          index;      /* RCPT, LMTP's CONTENT: the recipient */
  PhCommand     *command;    /* COMMAND and those of a send; NULL where it was cancelled meanwhile */
  char           verb[12];   /* COMMAND: its first word in upper case */
} PhSmtpSlot;

/* What the server offers, out of the capabilities */
typedef struct {
  char   **all;              /* "SIZE 1000"; never NULL */
  char   **mechanisms;       /* of AUTH, upper case; NULL without */
  gboolean starttls, pipelining, eight_bit_mime, smtp_utf8, size;
  guint64  size_limit;       /* 0: none */
} PhSmtpFeatures;

struct _PhSmtpCore {
  GObject             parent;
  const PhSmtpFlavor *flavor;

  /* from start () */
  char      *host;
  char      *hello_name;
  PhTlsMode  tls_mode;
  gboolean   secure;           /* TLS is on, or nobody can listen */
  gboolean   login;
  PhTimeouts timeouts;

  /* the conversation */
  PhSmtpReplyParser parser;
  GQueue    *slots;
  GQueue    *pending;          /* PhCommand: submitted, unsent */
  GQueue    *events;
  PhWantKind standing;         /* READ, or what waits for the driver's answer, or CLOSE */
  void     (*next) (PhSmtpCore *self);    /* step of opening that poll() takes */
  GString   *out, *secret;     /* to be written, the one in front of the other */
  GString   *given;            /* what the last poll () gave */
  gboolean   group_ended;      /* the last command written must be the last of its group (RFC 2920) */
  gint64     deadline;
  guint      patience;         /* seconds that the deadline was set to */

  /* the session */
  PhSmtpFeatures features;
  PhReply   *greeting;
  gboolean   open;
  gboolean   authenticated;
  gboolean   started_tls;
  gboolean   needs_reset;      /* a raw MAIL was written */
  gboolean   no_parameters;    /* the server offered BODY or SIZE and then did not understand them */
  PhSmtpSend *send;            /* the transaction that runs; referenced */

  /* the login */
  PhReply   *refusal;          /* of the last mechanism */
  GBytes    *initial;          /* a response that was too long for the AUTH line */
  GBytes    *challenge;
  GError    *cancel;           /* the driver gave up: the opening ends with this */
  gboolean   cancelling;       /* "*" was sent */
  guint      n_tries, n_challenges;
};

/* for the modules: ph-smtp-engine.c */
void ph_smtp_core_init               (PhSmtpCore *self, const PhSmtpFlavor *flavor);
void ph_smtp_core_finalize           (GObject *object);    /* chaining up is the caller's */
void ph_smtp_core_describe           (PhEngineInterface *iface);
/* Adds the role's interface to an engine's type, once. Returns the type. */
GType ph_smtp_core_register          (GType type);

/* between the parts: ph-smtp-core.c */
void  ph_smtp_core_write          (PhSmtpCore *self, PhSmtpSlotKind kind, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* A line that traces hide; its end is added. */
void  ph_smtp_core_write_secret   (PhSmtpCore *self, const char *text, gsize length);
void  ph_smtp_core_expect         (PhSmtpCore *self, PhSmtpSlotKind kind, PhCommand *command, guint index);
void  ph_smtp_core_emit           (PhSmtpCore *self, PhEventKind kind, PhReply *reply, GError *error);
/* Ends a command and queues its event. @error (transfer full) (nullable) */
void  ph_smtp_core_complete       (PhSmtpCore *self, PhCommand *command, PhReply *reply, GError *error);
/* The session is over. @error (transfer full); @reply: the one that said so, or NULL */
void  ph_smtp_core_fail           (PhSmtpCore *self, PhReply *reply, GError *error);
/* "WHAT refused by HOST: 550 5.1.1 no such user" (transfer full) */
GError *ph_smtp_core_refused      (PhSmtpCore *self, PhError code, PhReply *reply, PhDelivery *delivery, const char *what);
void  ph_smtp_slot_free          (PhSmtpSlot *slot);
/* One reply goes to who waits for it. */
void  ph_smtp_core_take_reply    (PhSmtpCore *self, PhReply *reply);
/* A reply that fits nothing that was asked; fatal. */
void  ph_smtp_core_unexpected     (PhSmtpCore *self, PhReply *reply, const char *what);
/* "550 5.1.1 no such user", on one line */
char *ph_smtp_reply_sentence      (PhReply *reply);

/* ph-smtp-schedule.c: which command is written when */
void     ph_smtp_schedule         (PhSmtpCore *self);
void     ph_smtp_command_replied  (PhSmtpCore *self, PhSmtpSlot *slot, PhReply *reply);
char    *ph_smtp_slot_describe    (PhSmtpCore *self, const PhSmtpSlot *slot);
PhCommand *ph_smtp_make_command   (const char *verb, const char *argument);

/* ph-smtp-open.c: greeting to OPENED */
void ph_smtp_open_replied         (PhSmtpCore *self, PhSmtpSlot *slot, PhReply *reply);
void ph_smtp_open_secured         (PhSmtpCore *self, const GError *error);

/* ph-smtp-login.c: AUTH */
void ph_smtp_login_begin          (PhSmtpCore *self);
void ph_smtp_login_answered       (PhSmtpCore *self, const char *mechanism, GBytes *response, const GError *error);
void ph_smtp_login_replied        (PhSmtpCore *self, PhReply *reply);
void ph_smtp_login_clear          (PhSmtpCore *self);
void ph_smtp_open_logged_in       (PhSmtpCore *self);

/* ph-smtp-features.c */
void ph_smtp_features_parse       (PhSmtpFeatures *self, PhReply *reply);    /* NULL: none */
void ph_smtp_features_clear       (PhSmtpFeatures *self);

G_END_DECLS
