/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the live tests share: sessions with the servers of servers.py, and each call in both its forms. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/* "IMAPS_PORT" → the value of PH_TEST_IMAPS_PORT. Where it is missing the test fails, with the reason. */
const char *live_get (const char *name);
/* "alice", "bob", "tiny" */
const char *live_get_password (const char *user);
/* "imap", "cyrus-lmtp+unix", … of @user at @host (NULL: "localhost") with the tests' authority trusted; @user NULL: no login. (transfer full) */
PhSession  *live_session_new (const char *service, const char *host, const char *user);
/* The same as a store, open, with @mailbox made anew and selected. (transfer full) */
PhStore    *live_store_new   (const char *user, const char *mailbox);
/* @mailbox of @user holds @count messages or more; waits for deliveries. (transfer full) */
PhStore    *live_wait_for_mail (const char *user, guint count);
/* Removes all messages of INBOX */
void        live_empty_inbox (const char *user);
/* From Subject: @subject, To: @to, and @text. (transfer full) */
PhBody     *live_body_new    (const char *subject, const char *text);
/* Octets of the only section that was fetched as text. (transfer full) */
char       *live_get_section (PhMessage *message, const char *section);

/* As g_test_add_data_func (), twice: PATH/sync and PATH/async; the data says which. */
void        live_add         (const char *path, GTestDataFunc test);

void        live_done        (GObject *source, GAsyncResult *result, gpointer slot);
void        live_wait        (GAsyncResult **slot);

/* live_call (async, ph_store_select, store, &error, "INBOX"): the sync call, or the async pair and a main loop */
#define live_call(async, name, self, error, ...) live_call_full (async, name, NULL, self, error, ##__VA_ARGS__)
#define live_call_full(async, name, cancellable, self, error, ...) \
  (!(async) ? name (self, ##__VA_ARGS__, cancellable, error) : ({ \
    GAsyncResult *live_result = NULL; \
    name##_async (self, ##__VA_ARGS__, cancellable, live_done, &live_result); \
    live_wait (&live_result); \
    __auto_type live_value = name##_finish (self, live_result, error); \
    g_object_unref (live_result); \
    live_value; \
  }))

#define live_assert_error(error, code) \
  G_STMT_START { \
    g_assert_error (error, PH_ERROR, code); \
    g_test_message ("%s", error->message); \
    g_clear_error (&error); \
  } G_STMT_END

/* live-logins.c: the tests of each mechanism */
void live_logins_add (void);

G_END_DECLS
