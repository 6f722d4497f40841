/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver's inside, shared by its files: step, channel, login, bodies. */
#pragma once

#include "ph-driver.h"
#include "ph-sasl-dialogue.h"

G_BEGIN_DECLS

/* Octets that may wait to be written, or to be read beyond one response, before the other side is waited for */
#define PH_OUT_HIGH (128 * 1024)
#define PH_IN_HIGH (256 * 1024)
/* What is read of a body at a time; of a file it leaves before the next is read, without a copy on the way */
#define PH_OUT_PIECE ((gsize) 64 * 1024)

/* TLS, a security layer of SASL, compression, and as many that nobody has thought of yet */
#define PH_MAX_FILTERS 6

struct _PhDriver {
  /* for life */
  PhEngine         *engine;
  PhEngineInterface *calls;           /* the engine's: what is called for each piece goes there straight */
  PhConnection     *connection;
  PhConnectionInterface *link;        /* the connection's */
  PhSecurityPolicy *policy;
  gboolean          requires_tls;
  PhCredentials    *credentials;
  const PhScheme   *scheme;
  char             *scheme_name;
  char             *uri;
  char             *user;
  char             *host;
  char             *authorization;
  char             *domain;
  guint16           port;
  char             *hello_name;
  char            **uses;             /* one block, as offered */
  PhLimits          limits;
  PhTimeouts        timeouts;
  void            (*capabilities) (gpointer data, PhReply *hello);
  gpointer          data;
  gboolean          trace;

  /* the channel: in[0] and out[0] touch the connection, those at n_filters the engine; filter i stands between i and i + 1 */
  PhFilter         *filters[PH_MAX_FILTERS];
  PhByteQueue      *in[PH_MAX_FILTERS + 1];
  PhByteQueue      *out[PH_MAX_FILTERS + 1];
  guint             n_filters;
  gboolean          wipe_out;         /* a secret is among what waits to be written */
  gboolean          drained;          /* the last read was short: nothing more at once */
  gboolean          filled;           /* the last one of this step was full */
  gboolean          bulk;             /* it brought much: the next one asks for more */
  gboolean          waits;            /* the next read of this step waits for what comes, */
  gint64            wait_until;       /* until then; 0: without end */
  gboolean          read_ended;
  gboolean          heard;            /* something was read behind the last write */
  gboolean          write_failed;     /* what the peer still has to say is read all the same */
  gint64            last_written;     /* monotonic; for a peer that stops reading */

  /* TLS */
  PhTlsFilter      *tls;
  gboolean          handshaking;
  gboolean          answer_upgraded;  /* STARTTLS: the engine waits for upgraded () */
  gboolean          insecure_start;   /* TLS was asked for by the engine, not by the scheme */
  gint64            tls_deadline;

  /* the engine */
  gboolean          started;
  gboolean          closed_told;      /* closed () was called */
  gboolean          closed;           /* the connection is gone */
  gboolean          saying_goodbye;   /* the engine wants CLOSE */
  PhCommand        *goodbye;          /* that the session ends by; or NULL */
  PhWantKind        want;             /* the last that poll () gave, READ while one is answered */
  gsize             refused;          /* octets that the engine left though it wants to read */
  gint64            now;              /* monotonic, as it was when this step began or last read */
  gint64            clock_lag;        /* monotonic minus the engine's clock */
  gint64            paused_since;     /* monotonic, 0 while the clock runs */
  GArray           *records;          /* PhRecord */
  guint             first_record;     /* the others were taken */

  PhDriverJob       job;
  gboolean          ready;

  /* the login */
  PhSaslDialogue   *dialogue;
  gboolean          again;            /* not the connection's first login */
  gboolean          login_changed;    /* what follows is for the next one */
  char             *next_user;
  char             *next_authorization;
  PhCredentials    *next_credentials;
  guint             n_bindings; /* types that the channel was asked for */
  char             *mechanism;        /* that is being tried, then the one that succeeded */
  gboolean          choosing;         /* the engine waits for a mechanism */
  char            **offered;
  gboolean          logged_in;        /* the dialogue has something to forget */
  gboolean          login_command;
  gboolean          initial_allowed;
  gboolean          first_answered;   /* the mechanism has given its first response */
  GBytes           *challenge;        /* for a response in a thread */

  /* a body on its way out */
  PhBody           *body;
  PhCommand        *body_command;
  GConverter       *coder;
  gint64            body_promised;    /* octets of a literal, -1 where none were promised */
  guint64           body_octets;      /* behind the coder */
  guint64           body_done;        /* before it */
  guint64           body_total;
  gboolean          body_ended;       /* nothing left in front of the coder */
  gboolean          body_more;        /* only what was promised is wanted now */
  PhByteQueue      *body_raw;         /* read, not yet through the coder; or NULL */

  /* a literal on its way to a stream */
  guint64           divert_left;
  gboolean          diverting;
  GOutputStream    *sink;
  PhByteQueue      *sink_queue;       /* being written; or NULL */
  GBytes           *sink_bytes;       /* the same, where they are all there is */
  GError           *sink_error;
};

/* ph-driver.c */
gint64       ph_driver_now            (PhDriver *self);
/* Reads the clock: what doesn't wait needs no later time */
void         ph_driver_tick           (PhDriver *self);
/* The engine's clock stands, or goes on */
void         ph_driver_set_paused     (PhDriver *self, gboolean paused);
void         ph_driver_drain_events   (PhDriver *self);
void         ph_driver_fail           (PhDriver *self, const GError *error);
void         ph_driver_add_trace      (PhDriver *self, PhTraceDirection direction, const void *data, gsize length);
void         ph_driver_note           (PhDriver *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void         ph_driver_set_job        (PhDriver *self, PhDriverJob job);
void         ph_driver_add_refused    (PhDriver *self, PhSaslNeeds refused, PhReply *refusal);

/* ph-driver-channel.c */
PhByteQueue *ph_driver_top_in         (PhDriver *self);
PhByteQueue *ph_driver_top_out        (PhDriver *self);
gsize        ph_driver_out_length     (PhDriver *self);
/* FALSE: there are too many, the session has failed */
gboolean     ph_driver_push_filter    (PhDriver *self, PhFilter *filter);
/* The topmost; there is one */
void         ph_driver_pop_filter     (PhDriver *self);
/* All but TLS. FALSE: it has failed */
gboolean     ph_driver_pop_filters    (PhDriver *self);
/* What is queued on its way out is overwritten: at once, or before its memory is given back */
void         ph_driver_wipe_out       (PhDriver *self);
void         ph_driver_guard_out      (PhDriver *self);
void         ph_driver_start_tls      (PhDriver *self, gboolean answer_upgraded);
gboolean     ph_driver_flush          (PhDriver *self);
gboolean     ph_driver_rise           (PhDriver *self);
/* What has not been taken yet leaves room for more */
gboolean     ph_driver_has_room       (PhDriver *self);
gboolean     ph_driver_fill           (PhDriver *self);
gboolean     ph_driver_watch_tls      (PhDriver *self);
void         ph_driver_say_goodbye    (PhDriver *self);

/* ph-driver-login.c */
/* While the server is waited for anyway */
void         ph_driver_prepare_login  (PhDriver *self);
/* The channel has changed: what was prepared doesn't hold */
void         ph_driver_drop_dialogue  (PhDriver *self);
void         ph_driver_sasl_start     (PhDriver *self, const PhWant *want);
void         ph_driver_sasl_challenge (PhDriver *self, GBytes *challenge);
/* Once what follows a login has left, or nothing is to follow */
void         ph_driver_forget_login   (PhDriver *self);
void         ph_driver_sasl_done      (PhDriver *self, GBytes *data);

/* ph-driver-body.c */
void         ph_driver_start_body     (PhDriver *self, const PhWant *want);
void         ph_driver_drop_body      (PhDriver *self);
gboolean     ph_driver_pump_body      (PhDriver *self);
void         ph_driver_start_divert   (PhDriver *self, const PhWant *want);
gboolean     ph_driver_pump_divert    (PhDriver *self);

G_END_DECLS
