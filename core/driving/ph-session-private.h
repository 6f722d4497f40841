/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The session's inside, shared by its files: properties, opening, running. */
#pragma once

#include "ph-driver.h"

#include "ph-keeper.h"

#include "transport/ph-poller.h"

G_BEGIN_DECLS

typedef void (*PhRunFunc) (PhSession *self, PhCommand *command, gpointer user_data);
typedef gboolean (*PhSessionTest) (PhSession *self, gpointer user_data);

typedef struct _PhSessionJob PhSessionJob;

typedef enum {
  PH_SESSION_URI = 1,
  PH_SESSION_USER,
  PH_SESSION_POLICY,
  PH_SESSION_CREDENTIALS,
  PH_SESSION_HELLO_NAME,
  PH_SESSION_N_PROPERTIES
} PhSessionProperty;

typedef enum {
  PH_UNKNOWN,
  PH_NO,
  PH_YES
} PhAnswer;

/* A command under way on behalf of a caller; the command knows it. */
typedef struct _PhRun PhRun;
struct _PhRun {
  PhRun         *previous, *next;
  PhCommand     *command;
  PhRunFunc      item;
  PhRunFunc      done;
  gpointer       user_data;
  GDestroyNotify destroy;
  GSource       *cancelled;
  gboolean       is_lent;     /* its memory and command are held by the caller, until destroy () is called */
};

typedef enum {
  PH_SESSION_NEW,         /* nothing stands; also after a close or a loss */
  PH_SESSION_CONNECTING,  /* an async call waits for the connection */
  PH_SESSION_OPENING,     /* the driver runs: greeting to login */
  PH_SESSION_OPEN
} PhSessionState;

typedef struct {
  /* for life */
  char             *uri;
  char             *host;
  guint16           port;             /* 0: none, a unix socket or a program */
  char             *scheme_name;      /* without "+unix" */
  char            **argv;             /* of the program that is the server; NULL: there is none */
  PhFeatureInfo    *protocol;
  const PhScheme   *scheme;

  /* what the program set */
  char             *user;
  char             *authorization;
  guint n_hops;           /* referrals that led here, one behind the other */
  gboolean requires_tls;  /* whatever the policy allows: the session that led here had it */
  char             *domain;           /* whose mail it is; NULL: not said */
  char             *hello_name;
  PhCredentials    *credentials;
  PhSecurityPolicy *policy;
  PhConnection     *connection;       /* handed in */
  PhConnector      *connector;
  PhLimits          limits;
  PhTimeouts        timeouts;
  char            **uses;             /* NULL: nothing */
  gboolean          idle;

  /* one connection's life */
  PhSessionState    state;
  PhEngine         *engine;           /* while the state is NEW: unstarted, or NULL: get_engine () makes it */
  PhDriver         *driver;
  GPtrArray        *extensions;       /* NULL: none */
  gboolean          extensions_wait;  /* some are made when somebody asks for them */
  GPtrArray        *resting;          /* extensions of earlier connections; NULL: none */
  char            **capabilities;     /* one block */
  PhReply          *greeting;
  PhReply          *hello;          /* to EHLO and its like; NULL where the protocol has none */
  PhReply          *farewell;
  PhTlsInfo        *tls_info;         /* of the last connection, once it has ended */
  PhMailbox        *mailbox;          /* selected */
  GQueue            unsubmitted;      /* commands that wait for the driver */
  GQueue            iters;            /* PhMessageIter that were started and are not at their end */
  guint             n_iters;          /* blocking loops over messages that are not at their end: buffers stay meanwhile */
  GQueue            urgent;           /* the keeper's, which go before these */
  PhKeeper         *keeper;           /* NULL while nothing is to be restored */
  PhRun            *runs;             /* in the order in which they began */
  PhRun            *last_run;
  GError           *open_error;       /* of the last try to open */
  GQueue            open_tasks;       /* GTask */
  GQueue            close_tasks;      /* GTask */
  GCancellable     *connect_cancellable;

  /* waiting in a main loop */
  GMainContext     *context;
  PhWatch          *watch;
  PhSessionJob     *job;              /* an async job is under way */
  gboolean          in_step;
  PhAnswer          progress_heard;   /* somebody listens to it: asked once in a step, since it comes with each message */
  guint             emitting;         /* signals on the stack: sync calls are refused */
} PhSessionPrivate;

PhSessionPrivate *ph_session_get_private   (PhSession *self);

/* ph-session.c: another session with the settings of @model. (transfer full) */
PhSession        *ph_session_new_like      (PhSession *model);

/* ph-session-signals.c */
void              ph_session_install_signals (void);
/* Of a driver's record, to the program. */
void              ph_session_emit_record   (PhSession *self, PhRecord *record);
void              ph_session_emit_progress (PhSession *self, PhCommand *command);
/* ph-session.c: tells who listens to the property that it has changed */
void              ph_session_notify        (PhSession *self, PhSessionProperty property);
gboolean          ph_session_is_traced     (PhSession *self);
gboolean          ph_session_ask_certificate (PhSession *self);
void              ph_session_emit_closed   (PhSession *self, const GError *error);

/* ph-store-announce.c: messages from @first on are new; their UIDs are fetched where somebody listens */
void              ph_session_announce      (PhSession *self, PhMailbox *mailbox, guint32 first);

/* ph-session-open.c */
/* Begins to open where nothing stands. Sync: blocks for the connection, TLS and login come by steps. */
gboolean          ph_session_connect       (PhSession *self, GCancellable *cancellable, GError **error);
void              ph_session_connect_async (PhSession *self, GCancellable *cancellable);
/* The connection is gone for good: ends what still waits, and makes a new engine for another try. @error nullable, (transfer none) */
void              ph_session_tear_down     (PhSession *self, const GError *error);
/* Makes the extensions that were not called for yet */
void              ph_session_attach_waiting (PhSession *self);
void              ph_session_opened        (PhSession *self, PhReply *greeting);

/* ph-session-run.c */
/* Opens when needed and runs @command. @item: it has a new item; @done: it is done; either may be NULL. Never calls back at once. */
void              ph_session_start         (PhSession *self, PhCommand *command, GCancellable *cancellable,
                                            PhRunFunc item, PhRunFunc done, gpointer user_data, GDestroyNotify destroy);
/* The same, but nothing is opened, and nothing runs by itself */
void              ph_session_enqueue       (PhSession *self, PhCommand *command, GCancellable *cancellable,
                                            PhRunFunc item, PhRunFunc done, gpointer user_data, GDestroyNotify destroy);
/* The same with a run of the caller's, in which done, user_data and destroy are set */
void              ph_session_enqueue_lent  (PhSession *self, PhRun *run, PhCommand *command);
/* FALSE and PH_ERROR_WRONG_STATE: it was run before */
gboolean          ph_session_check_new     (PhCommand *command, GError **error);
/* The same, before all that wait, and while a lost session is being restored */
void              ph_session_start_urgent  (PhSession *self, PhCommand *command, PhRunFunc done, gpointer user_data, GDestroyNotify destroy);
/* @command is done: its caller hears of it */
void              ph_session_finish_run    (PhSession *self, PhCommand *command);
/* Nobody hears of the commands under way any more */
void              ph_session_drop_runs     (PhSession *self);
/* A copy of @command's run is no more, whatever its state: for cancelled sync calls */
void              ph_session_cancel        (PhSession *self, PhCommand *command, const GError *error);

/* ph-session-turn.c */
/* One step and what came of it, without waiting. */
void              ph_session_turn          (PhSession *self);
/* After something was queued: sees to it that the main loop takes the next step */
void              ph_session_schedule      (PhSession *self);
void              ph_session_attach        (PhSession *self);
/* From now on the main loop waits for what the driver wants */
void              ph_session_arm           (PhSession *self);
/* An open session with nothing to do gives its buffers back */
void              ph_session_rest          (PhSession *self);
/* Makes room where messages that nobody takes hold up what is waited for. TRUE: there is some now */
gboolean          ph_session_let_pass      (PhSession *self, gboolean blocking);
/* @mailbox is the selected one */
void              ph_session_selected      (PhSession *self, PhMailbox *mailbox);

/* ph-session-wait.c */
/* Sync: turns and waits until @test holds. FALSE: cancelled */
gboolean          ph_session_wait          (PhSession *self, PhSessionTest test, gpointer user_data, GCancellable *cancellable, GError **error);
/* The same for one who goes on at once: the session keeps its buffers, though it may have nothing to do. */
gboolean          ph_session_wait_amid     (PhSession *self, PhSessionTest test, gpointer user_data, GCancellable *cancellable, GError **error);
/* FALSE and G_IO_ERROR_PENDING inside of a signal handler or while an async call connects */
gboolean          ph_session_may_block     (PhSession *self, GError **error);

/* ph-session-jobs.c */
void              ph_session_do_job        (PhSession *self, GCancellable *cancellable);
void              ph_session_do_job_async  (PhSession *self);
/* To the credentials that gave it, before they are asked again */
void              ph_session_tell_refused  (PhSession *self, PhSaslNeeds refused, PhReply *refusal);
void              ph_session_drop_driver   (PhSession *self);
void              ph_session_clear_left    (void);

/* ph-session-calls.c: the sync call and the async pair of every typed call. @command (transfer full) */
gboolean          ph_session_call          (PhSession *self, PhCommand *command, GCancellable *cancellable, GError **error);
/* A copy of the command's result, (transfer full); NULL without one */
gpointer          ph_session_call_result   (PhSession *self, PhCommand *command, GCancellable *cancellable, GError **error);
/* The reply, refusals included */
PhReply          *ph_session_call_reply    (PhSession *self, PhCommand *command, GCancellable *cancellable, GError **error);
void              ph_session_call_async    (PhSession *self, PhCommand *command, GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data, gpointer tag);
gboolean          ph_session_call_finish        (GAsyncResult *result, GError **error);
gpointer          ph_session_call_result_finish (GAsyncResult *result, GError **error);
PhReply          *ph_session_call_reply_finish  (GAsyncResult *result, GError **error);

G_END_DECLS
