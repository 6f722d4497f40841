/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhHarness: drives one engine without sockets. Push octets, expect octets, move time. */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

/*
 * What a test pushes reaches the engine whole, octet by octet, or cut in two. ph_harness_every_feed () runs a scenario in all
 * of these ways, the cut at every position (under valgrind: at every seventh) up to the longest push, so a scenario that passes does
 * not depend on how the network cuts what the server says. Scenarios about octets that follow a STARTTLS reply only hold whole: run them directly.
 */
typedef enum {
  PH_FEED_WHOLE,
  PH_FEED_BYTES,
  PH_FEED_SPLIT
} PhFeed;

typedef struct _PhHarness PhHarness;

/*
 * The fields in the first group may be changed before ph_harness_start (); defaults: scheme "smtp", host "mail.example.org", hello
 * "client.example.com", TLS never, channel insecure, no login, the library's documented limits and timeouts.
 */
struct _PhHarness {
  PhEngineSetup setup;
  PhLimits      limits;
  PhTimeouts    timeouts;

  PhEngine  *engine;
  gint64     now;            /* the engine's clock, microseconds */
  GPtrArray *events;         /* PhEvent: given by the engine and not yet expected */
  gboolean   wants_close;    /* poll() answered PH_WANT_CLOSE */
  gboolean   pausing;        /* poll() answered PH_WANT_PAUSE */
  guint      n_tls;          /* times that TLS was started */
  PhFilter  *filter;         /* the last one pushed */

  /* Answers to wants. All are optional. */
  GError   *tls_error;                                     /* what upgraded() is told, for TLS and filters */
  gboolean  unverified;                                    /* the certificate was accepted in spite of what is wrong with it */
  gboolean  hold_body;                                     /* write no body before ph_harness_write_body () */
  GError   *body_error;                                    /* given to body_written() in place of the body's end */
  GError   *sink_error;                                    /* given to diverted() */
  void    (*on_event) (PhHarness *self, PhEvent *event);   /* right when it was taken, before the next poll() */
  void    (*on_sasl)  (PhHarness *self, const PhWant *want);/* sees each SASL want before the script answers it */
  gpointer  user_data;

  struct _PhHarnessPrivate *priv;
};

/* The engine of @type, or the one that the registry finds for @scheme (which becomes setup.scheme). */
PhHarness *ph_harness_new            (GType type);
PhHarness *ph_harness_new_for_scheme (const char *scheme);
void       ph_harness_free           (PhHarness *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhHarness, ph_harness_free)

/* Runs @scenario once for every way of feeding; each harness it makes feeds that way. */
void       ph_harness_every_feed     (void (*scenario) (gconstpointer data), gconstpointer data);

void       ph_harness_start          (PhHarness *self);
void       ph_harness_submit         (PhHarness *self, PhCommand *command);
/* @error (transfer full) */
void       ph_harness_cancel         (PhHarness *self, PhCommand *command, GError *error);
/* The server says @text; all that the engine then wants is done. */
void       ph_harness_push           (PhHarness *self, const char *text);
void       ph_harness_push_bytes     (PhHarness *self, const void *data, gsize length);
/* Takes events and answers wants until the engine only wants to read. Other calls do it by themselves. */
void       ph_harness_pump           (PhHarness *self);
/* The connection ends. @error (transfer full) (nullable) */
void       ph_harness_close          (PhHarness *self, GError *error);
/* Lets time pass; timed_out() is called at each deadline on the way. */
void       ph_harness_advance        (PhHarness *self, guint seconds);

/*
 * The script of the login, answered in this order. START with @mechanism (NULL: none can be used) and @response (NULL: none);
 * a CHALLENGE, which must be @challenge; a DONE. @error (transfer full) in place of an answer. Where the script has ended, START
 * gets no mechanism and DONE is satisfied.
 */
void       ph_harness_sasl_start     (PhHarness *self, const char *mechanism, const char *response);
/* @response (transfer none) (nullable): may hold any octets */
void       ph_harness_sasl_start_bytes (PhHarness *self, const char *mechanism, GBytes *response);
void       ph_harness_sasl_challenge (PhHarness *self, const char *challenge, const char *response);
void       ph_harness_sasl_error     (PhHarness *self, GError *error);

/* With hold_body: writes up to @octets of the body; -1: all of it, and its end. */
void       ph_harness_write_body     (PhHarness *self, gssize octets);

/* Items of running commands are taken as they come, into the array returned by ph_harness_get_items () */
void       ph_harness_take_items     (PhHarness *self, GDestroyNotify free_func);
GPtrArray *ph_harness_get_items      (PhHarness *self);

/* All that was said, as a trace shows it: "S: …", "C: …", secrets as ***. */
const char *ph_harness_get_trace     (PhHarness *self);

/* Expectations; the macros say where they failed. */
#define ph_harness_expect(self, text) ph_harness_expect_ (self, G_STRLOC, text)
#define ph_harness_expect_nothing(self) ph_harness_expect_ (self, G_STRLOC, "")
#define ph_harness_expect_event(self, kind) ph_harness_expect_event_ (self, G_STRLOC, kind)
#define ph_harness_expect_no_event(self, kind) ph_harness_expect_no_event_ (self, G_STRLOC, kind)
#define ph_harness_expect_done(self, command) ph_harness_expect_done_ (self, G_STRLOC, command)
#define ph_harness_expect_error(self, command, code) ph_harness_expect_error_ (self, G_STRLOC, command, code)
#define ph_harness_expect_failed(self, code) ph_harness_expect_failed_ (self, G_STRLOC, code)
#define ph_harness_expect_capabilities(self, joined) ph_harness_expect_capabilities_ (self, G_STRLOC, joined)

/* Exactly @text was written since the last expectation; secrets as they are. */
void       ph_harness_expect_        (PhHarness *self, const char *where, const char *text);
/* The first event of @kind, which is taken; valid until the next call. Others stay. */
PhEvent   *ph_harness_expect_event_  (PhHarness *self, const char *where, PhEventKind kind);
void       ph_harness_expect_no_event_ (PhHarness *self, const char *where, PhEventKind kind);
/* @command's event came, and it ended well / with this code of PH_ERROR. Its error is returned. */
void          ph_harness_expect_done_  (PhHarness *self, const char *where, PhCommand *command);
const GError *ph_harness_expect_error_ (PhHarness *self, const char *where, PhCommand *command, int code);
/* The session failed with this code, and the engine wants the connection closed. The error is valid until the next call. */
const GError *ph_harness_expect_failed_ (PhHarness *self, const char *where, int code);
/* The capabilities, joined by ", " */
void       ph_harness_expect_capabilities_ (PhHarness *self, const char *where, const char *joined);

G_END_DECLS
