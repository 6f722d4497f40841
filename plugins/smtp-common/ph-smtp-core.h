/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine that SMTP and LMTP share. It has no GType: each module registers types of its own whose instances begin with
 * these structures, and whose interfaces ph_smtp_core_describe () and its like fill.
 */
#pragma once

#include <posthorn/posthorn-plugin.h>

#include "ph-smtp-reply.h"
#include "ph-smtp-ring.h"
#include "ph-smtp-writer.h"

#include <string.h>

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
  PH_SMTP_SLOT_CHUNK,      /* a BDAT that isn't the last */
  PH_SMTP_SLOT_CONTENT,    /* LMTP: as many replies as recipients were accepted */
  PH_SMTP_SLOT_LONE_DOT,   /* ends a content that was never to be */
  PH_SMTP_SLOT_ABANDON     /* RSET in place of a content's end */
} PhSmtpSlotKind;

typedef struct {
  PhSmtpSlotKind kind;
  guint          index;      /* RCPT: the recipient */
  PhCommand     *command;    /* COMMAND: referenced, NULL where it was cancelled meanwhile. MAIL to ABANDON: in flight, which holds it */
  char           verb[12];   /* COMMAND: its first word in upper case */
} PhSmtpSlot;

/* What the server offers, out of the capabilities */
typedef struct {
  PhReply *from;             /* that they were read out of; NULL: none was */
  char   **all;              /* "SIZE 1000"; never NULL */
  char   **mechanisms;       /* of AUTH, upper case; NULL without */
  gboolean starttls, pipelining, eight_bit_mime, smtp_utf8, size, chunking, binary_mime;
  guint64  size_limit;       /* 0: none */
  guint    mail_max, rcpt_max, rcpt_domain_max;    /* LIMITS (RFC 9422); 0: none */
} PhSmtpFeatures;

struct _PhSmtpCore {
  GObject             parent;
  const PhSmtpFlavor *flavor;
  GType               send_type;   /* the flavor's, which is asked for with each message */

  /* from start () */
  char      *host;
  char      *hello_name;
  PhTlsMode  tls_mode;
  gboolean   secure;           /* TLS is on, or nobody can listen */
  gboolean   tls, verified;    /* TLS is on; with a certificate that is right */
  gboolean   login;
  PhTimeouts timeouts;

  /* the conversation */
  PhSmtpReplyParser parser;
  PhSmtpRing slots;            /* PhSmtpSlot */
  PhSmtpRing events;           /* PhEvent */
  GQueue     pending;          /* PhCommand: submitted, unsent */
  GList     *spare;            /* links that were its, for the next */
  GQueue     again;            /* PhSmtpSend: with recipients left, or to be asked once more; in front of the pending */
  PhWantKind standing;         /* READ, or what waits for the driver's answer, or CLOSE */
  void     (*next) (PhSmtpCore *self);    /* step of opening that poll() takes */
  GString   *out, *secret;     /* to be written, the one in front of the other */
  GString   *given_text;       /* what the last poll () gave */
  PhSmtpWriter *writer;        /* of commands' lines, from start () on */
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

  /* mail in flight */
  PhSmtpSend *first, *last;    /* in the order in which they were written; each holds the next, this the first */
  PhSmtpSend *writing;         /* of them: its content isn't all out */
  guint       n_in_flight;
  guint       n_uncertain;     /* of them: content is out, without its reply */
  guint64     uncertain_octets;
  guint       window;          /* uncertain ones that may be when a content leaves before its recipients are answered; 0: none */
  gboolean    window_full;     /* and not yet half empty */
  guint       n_clean;         /* accepted without a refusal since the window was closed */
  guint64     given;           /* octets that the driver was given */
  guint64     written;         /* of them: may have reached the server, once the connection is lost */
  GObject    *coder;
  guint       n_mails;         /* MAIL lines written */
  GHashTable *domains;         /* of recipients, where the server limits them; or NULL */

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

/* A piece of a line: GLib's own calls cost more than the copy, and there are a dozen pieces to a message. */
static inline void
ph_smtp_put (GString *to, const char *text, gsize length)
{
  if (to->allocated_len - to->len <= length)
    {
      g_string_append_len (to, text, (gssize) length);
      return;
    }
  memcpy (to->str + to->len, text, length);
  to->len += length;
  to->str[to->len] = '\0';
}

#define PH_SMTP_PUT(to, literal) ph_smtp_put ((to), "" literal, sizeof (literal) - 1)

/* between the parts: ph-smtp-core.c */
/* @argument: NULL for none */
void  ph_smtp_core_write          (PhSmtpCore *self, PhSmtpSlotKind kind, const char *verb, const char *argument);
/* A line that traces hide; its end is added. */
void  ph_smtp_core_write_secret   (PhSmtpCore *self, const char *text, gsize length);
/* Returns the new slot, good until the next */
PhSmtpSlot *ph_smtp_core_expect   (PhSmtpCore *self, PhSmtpSlotKind kind, PhCommand *command, guint index);
void  ph_smtp_core_emit           (PhSmtpCore *self, PhEventKind kind, PhReply *reply, GError *error);
/* Ends a command and queues its event. @error (transfer full) (nullable) */
void  ph_smtp_core_complete       (PhSmtpCore *self, PhCommand *command, PhReply *reply, GError *error);
/* The session is over. @error (transfer full); @reply: the one that said so, or NULL */
void  ph_smtp_core_fail           (PhSmtpCore *self, PhReply *reply, GError *error);
/* "WHAT refused by HOST: 550 5.1.1 no such user" (transfer full) */
GError *ph_smtp_core_refused      (PhSmtpCore *self, PhError code, PhReply *reply, PhDelivery *delivery, const char *what);
PhSmtpSlot *ph_smtp_core_first_slot (PhSmtpCore *self);
/* One reply goes to who waits for it. */
void  ph_smtp_core_take_reply    (PhSmtpCore *self, PhReply *reply);
/* A reply that fits nothing that was asked; fatal. */
void  ph_smtp_core_unexpected     (PhSmtpCore *self, PhReply *reply, const char *what);
/* Appends a number: printf would cost as much as all the rest of a line */
void  ph_smtp_put_number          (GString *to, guint64 number);
/* "550 5.1.1 no such user", on one line */
char *ph_smtp_reply_sentence      (PhReply *reply);

/* ph-smtp-schedule.c: which command is written when */
void     ph_smtp_schedule         (PhSmtpCore *self);
void     ph_smtp_command_replied  (PhSmtpCore *self, PhSmtpSlot *slot, PhReply *reply);
char    *ph_smtp_slot_describe    (PhSmtpCore *self, const PhSmtpSlot *slot);
PhCommand *ph_smtp_make_command   (const char *verb, const char *argument);

/* ph-smtp-limits.c: what one transaction of a send may hold. The recipients that the next one asks; FALSE and an error: none can */
gboolean ph_smtp_limits_choose    (PhSmtpCore *self, PhSmtpSend *send, GError **error);
/* "RCPTMAX=100 MAILMAX=20" */
void     ph_smtp_limits_parse     (PhSmtpFeatures *features, const char *parameters);

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
/* What stands behind @keyword (upper case), "" where nothing does; NULL where it is not offered */
const char *ph_smtp_features_find (const PhSmtpFeatures *self, const char *keyword);

G_END_DECLS
