/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The driver: the one place where engine, login, filters and connection meet. step () never blocks. */
#pragma once

#include <posthorn/posthorn.h>

#include "transport/ph-tls-filter.h"

G_BEGIN_DECLS

typedef struct _PhDriver PhDriver;

/* What the driver can't do in a step, because it may block or is the program's to decide. The session does it, in whichever way
 * fits its caller, and says how it ended; until then the engine's clock stands still. */
typedef enum {
  PH_JOB_NONE,
  PH_JOB_LOAD_POLICY,   /* the trust store, for the first time */
  PH_JOB_DANE,          /* ph_driver_look_up () in a thread, then ph_driver_looked_up () */
  PH_JOB_HANDSHAKE,     /* the client's key is in a token: ph_driver_shake_hands () in a thread, then ph_driver_hands_shaken () */
  PH_JOB_CERTIFICATE,   /* ask the program about the server's certificate: ph_driver_certificate_decided () */
  PH_JOB_CREDENTIALS,   /* fetch credentials into the SASL context: ph_driver_credentials_done () */
  PH_JOB_RESPOND,       /* ph_driver_respond () in a thread, then ph_driver_responded () */
  PH_JOB_BODY,          /* read the body: ph_driver_body_read () with what came */
  PH_JOB_SINK           /* write the sink: ph_driver_sink_written () */
} PhDriverJob;

/* One thing to tell the program, in the order in which it happened. */
typedef struct {
  gboolean         is_trace;
  PhSaslNeeds      refused;         /* not NOTHING: what of the credentials the server did not accept; event.reply has its words */
  PhEvent          event;
  PhTraceDirection direction;
  GBytes          *trace;
} PhRecord;

typedef struct {
  PhEngine         *engine;
  PhConnection     *connection;
  gboolean requires_tls;  /* whatever the policy allows */
  PhSecurityPolicy *policy;
  PhCredentials    *credentials;    /* may be NULL */
  const char       *uri;            /* what credentials are asked for */
  const char       *user;           /* may be NULL */
  const char       *authorization;  /* may be NULL */
  const char       *domain;         /* may be NULL; ASCII */
  guint16           port;           /* 0: none */
  const PhScheme   *scheme;
  const char       *scheme_name;
  const char       *host;
  const char       *hello_name;
  const char *const *uses;          /* what the program asked for by name; may be NULL */
  PhLimits          limits;
  PhTimeouts        timeouts;
  gboolean          trace;
  /* called while the step runs, for core only: the engine lists new capabilities. @hello: the reply that listed them, or NULL */
  void            (*capabilities) (gpointer data, PhReply *hello);
  gpointer          data;
} PhDriverSetup;

PhDriver       *ph_driver_new                  (const PhDriverSetup *setup);
void            ph_driver_free                 (PhDriver *self);
/* The engine's own command that ends the session: it goes with the driver */
void            ph_driver_keep_goodbye         (PhDriver *self, PhCommand *goodbye);
/* The connection ends, and whatever is not the driver's alone is let go of: then it may as well be freed later. */
void            ph_driver_let_go               (PhDriver *self);
void            ph_driver_step                 (PhDriver *self);
/* The next step's read waits for what comes, until @deadline (monotonic, 0: without end) or less. FALSE: the connection has to be polled. */
gboolean        ph_driver_wait_in_step         (PhDriver *self, gint64 deadline);
/* The next record, FALSE where there is none; ph_record_clear () */
gboolean        ph_driver_take_record          (PhDriver *self, PhRecord *record);
void            ph_record_clear                (PhRecord *record);
/* Nothing is under way: buffers go back */
void            ph_driver_rest                 (PhDriver *self);

void            ph_driver_submit               (PhDriver *self, PhCommand *command);
/* @error (transfer full) */
void            ph_driver_cancel               (PhDriver *self, PhCommand *command, GError *error);
void            ph_driver_set_idle             (PhDriver *self, gboolean idle);
/* The program gives up, or the process ends the session: no goodbye. @error (transfer none) (nullable) */
void            ph_driver_abort                (PhDriver *self, const GError *error);

/* After a step: what to wait for. @deadline in monotonic microseconds, 0 for none; PH_JOB_NONE and no condition and no deadline: nothing. */
GIOCondition    ph_driver_get_wanted           (PhDriver *self);
gint64          ph_driver_get_deadline         (PhDriver *self);
/* There is more to do at once; the step ended to let others have their turn */
gboolean        ph_driver_is_ready             (PhDriver *self);
/* The engine wants nothing to be read until what it has brought is taken */
gboolean        ph_driver_is_paused            (PhDriver *self);
/* The connection has been closed, by either side */
gboolean        ph_driver_is_closed            (PhDriver *self);
PhConnection   *ph_driver_get_connection       (PhDriver *self);
/* How far the message that is being written is */
PhCommand      *ph_driver_get_progress_command (PhDriver *self);
PhTlsInfo      *ph_driver_get_tls_info         (PhDriver *self);
const char     *ph_driver_get_mechanism        (PhDriver *self);
void            ph_driver_set_trace            (PhDriver *self, gboolean trace);

PhDriverJob     ph_driver_get_job              (PhDriver *self);
/* CERTIFICATE, LOAD_POLICY */
void            ph_driver_certificate_decided  (PhDriver *self, gboolean accept);
void            ph_driver_policy_loaded        (PhDriver *self);
/* DANE: touches nothing */
GPtrArray      *ph_driver_look_up              (PhDriver *self, GCancellable *cancellable, GError **error);
/* @records (transfer none); NULL with @error */
void            ph_driver_looked_up            (PhDriver *self, GPtrArray *records, const GError *error);
/* HANDSHAKE: touches only TLS and its queues */
gboolean        ph_driver_shake_hands          (PhDriver *self, GError **error);
/* @error (transfer none) (nullable) */
void            ph_driver_hands_shaken         (PhDriver *self, const GError *error);
/* CREDENTIALS: who is asked, for what, and where to put it. @error (transfer none) (nullable) */
PhCredentials  *ph_driver_get_credentials      (PhDriver *self);
/* Of the next login; (transfer none), each may be NULL */
void            ph_driver_set_login            (PhDriver *self, const char *user, const char *authorization, PhCredentials *credentials);
PhSaslNeeds     ph_driver_get_needs            (PhDriver *self);
PhSaslContext  *ph_driver_get_sasl_context     (PhDriver *self);
void            ph_driver_credentials_done     (PhDriver *self, const GError *error);
/* RESPOND: touches only the login's state; @response (transfer full) */
GBytes         *ph_driver_respond              (PhDriver *self, GError **error);
void            ph_driver_responded            (PhDriver *self, GBytes *response, const GError *error);
/* BODY. @data empty: the end; NULL: only look again; @error (transfer none) (nullable) */
PhBody         *ph_driver_get_body             (PhDriver *self);
void            ph_driver_body_read            (PhDriver *self, GBytes *data, const GError *error);
/* SINK: what to write where. @error (transfer none) (nullable) */
GOutputStream  *ph_driver_get_sink             (PhDriver *self);
const void     *ph_driver_get_sink_data        (PhDriver *self, gsize *length);
void            ph_driver_sink_written         (PhDriver *self, const GError *error);

G_END_DECLS
