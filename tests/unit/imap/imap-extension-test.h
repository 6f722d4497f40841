/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of IMAP's extensions share: an engine with the extension in it, and a command's whole conversation in one call. */
#pragma once

#include "imap-engine-test.h"

#include "contracts/ph-extension-private.h"

typedef struct {
  PhHarness   *harness;
  PhExtension *extension; /* of the type that was asked for, made when the engine told its capabilities */
  guint        n_lines;   /* tags given so far */
} ExtTest;

static inline void
ext_add (PhHarness *harness, PhEvent *event)
{
  if (event->kind != PH_EVENT_CAPABILITIES || harness->user_data == NULL)
    return;

  ph_engine_add_extension (harness->engine, harness->user_data);
  harness->user_data = NULL;
}

/* Open, logged in, with IMAP4rev1 and @capabilities. @type: the extension's; NULL: none. @feature: what it answers to */
static inline ExtTest *
ext_open (GType type, const char *feature, const char *capabilities)
{
  ExtTest *self = g_new0 (ExtTest, 1);
  g_autofree char *greeting = g_strdup_printf ("* PREAUTH [CAPABILITY IMAP4rev1 %s] hello\r\n", capabilities);

  self->harness = imap_harness_new ();
  self->extension = g_object_new (type, NULL);
  ph_extension_attach (self->extension, NULL, self->harness->engine, feature, FALSE);
  self->harness->on_event = ext_add;
  self->harness->user_data = self->extension;
  ph_harness_start (self->harness);
  ph_harness_push (self->harness, greeting);
  ph_harness_expect_event (self->harness, PH_EVENT_OPENED);
  ph_harness_expect_nothing (self->harness);
  return self;
}

static inline void
ext_free (ExtTest *self)
{
  ph_harness_free (self->harness);
  g_object_unref (self->extension);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ExtTest, ext_free)

/* Expectations; the macros say where they failed. */
#define ext_say(self, command, line, answers, reply) ext_say_ (G_STRLOC, self, command, line, answers, reply)
#define ext_ask(self, command, line, answers) ext_ask_ (G_STRLOC, self, command, line, answers)
#define ext_refuse(self, command, code) ext_refuse_ (G_STRLOC, self, command, code)
#define ext_fail(self, command, line, reply, code) ext_fail_ (G_STRLOC, self, command, line, reply, code)
#define ext_fetch(self, items, sent, told) ext_fetch_ (G_STRLOC, self, items, sent, told)
#define ext_select(self, line) ext_select_ (G_STRLOC, self, line)

/* @command leaves as @line, and is answered by @answers, each line with its end, and a tagged @reply: "OK done" */
static inline void
ext_say_ (const char *where, ExtTest *self, PhCommand *command, const char *line, const char *answers, const char *reply)
{
  g_autofree char *sent = g_strdup_printf ("A%u %s\r\n", ++self->n_lines, line);
  g_autofree char *said = g_strdup_printf ("%sA%u %s\r\n", answers, self->n_lines, reply);

  ph_harness_submit (self->harness, command);
  ph_harness_expect_ (self->harness, where, sent);
  ph_harness_push (self->harness, said);
}

/* The same, done, and its result, which is valid as long as @command */
static inline gpointer
ext_ask_ (const char *where, ExtTest *self, PhCommand *command, const char *line, const char *answers)
{
  ext_say_ (where, self, command, line, answers, "OK done");
  ph_harness_expect_done_ (self->harness, where, command);
  return ph_command_peek_result (command);
}

/* Fails with @code before anything is sent */
static inline void
ext_refuse_ (const char *where, ExtTest *self, PhCommand *command, int code)
{
  ph_harness_submit (self->harness, command);
  ph_harness_expect_ (self->harness, where, "");
  ph_harness_expect_error_ (self->harness, where, command, code);
}

/* The server refuses with @reply, "NO [NOPERM] x", which is @code */
static inline void
ext_fail_ (const char *where, ExtTest *self, PhCommand *command, const char *line, const char *reply, int code)
{
  ext_say_ (where, self, command, line, "", reply);
  ph_harness_expect_error_ (self->harness, where, command, code);
}

/* What a FETCH with an extension's @items, which leaves as @sent, brings: one message. (transfer full) */
static inline PhMessage *
ext_fetch_ (const char *where, ExtTest *self, const char *items, const char *sent, const char *told)
{
  g_autoptr (PhMessageSet) set = ph_message_set_new_uid (5);
  g_autofree char *line = g_strdup_printf ("UID FETCH 5 (UID %s)", sent);
  g_autofree char *answer = g_strdup_printf ("* 1 FETCH (UID 5 %s)\r\n", told);
  g_autoptr (PhCommand) command = imap_make (self->harness, fetch, set, PH_FETCH_UID, items, NULL);

  ext_ask_ (where, self, command, line, answer);
  return ph_command_pop_item (command);
}

/* With INBOX selected, 3 messages */
static inline void
ext_select_ (const char *where, ExtTest *self, const char *line)
{
  g_autoptr (PhCommand) select = imap_make (self->harness, select, "INBOX", FALSE);

  ext_ask_ (where, self, select, line, "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 40] ok\r\n");
}

/* By its name, as bindings have it. @arguments: as the parser reads them, "INBOX (a \"b\") 5"; NULL: none. (transfer full) */
static inline PhCommand *
ext_make (ExtTest *self, const char *name, const char *arguments)
{
  g_autofree char *line = g_strdup_printf ("* X %s\r\n", arguments != NULL ? arguments : "");
  g_autoptr (PhResponse) response = NULL;

  ph_engine_decode (self->harness->engine, (const guint8 *) line, strlen (line), TRUE, &response, NULL);
  g_assert_nonnull (response);
  return ph_extension_make_command (self->extension, name, arguments != NULL ? ph_response_get_values (response) : NULL);
}
