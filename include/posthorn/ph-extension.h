/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhExtension: what a plugin adds to a protocol's session without a line changed in its engine. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

/**
 * PhStage:
 * @PH_STAGE_CONNECTED: capabilities are known, not logged in
 * @PH_STAGE_AUTHENTICATED: logged in, capabilities read again
 * @PH_STAGE_SELECTED: a mailbox was just selected
 *
 * When an extension may run a step of opening.
 */
typedef enum {
  PH_STAGE_CONNECTED,
  PH_STAGE_AUTHENTICATED,
  PH_STAGE_SELECTED
} PhStage;

#define PH_TYPE_EXTENSION (ph_extension_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_DERIVABLE_TYPE (PhExtension, ph_extension, PH, EXTENSION, GObject)

/**
 * PhExtensionClass:
 * @responses: names of untagged responses that it reads, upper case, %NULL-terminated, or %NULL. Set in class_init.
 * @commands: names of commands that make_command() makes, or %NULL
 * @response_codes: names of response codes it reads, or %NULL
 * @enable: names for ENABLE, or %NULL
 * @receive: one of @responses; %TRUE claims it. Commands in flight were asked before
 * @receive_code: a reply (tagged or not) with one of @response_codes
 * @make_command: a command of this extension by name, for ph_session_make_command(). (transfer full)
 * @make_step: the command to run at @stage while the session opens, or %NULL; its failure is a warning, not an error
 * @make_idle: the command that listens while nothing is to be done (%PH_COMMAND_IDLE), or %NULL. (transfer full)
 * @reset: the session is as before the login again
 *
 * One object per session, made when the server first lists one of the feature's capabilities. Virtual functions are called by
 * the engine; they must not call the session.
 */
struct _PhExtensionClass {
  GObjectClass parent_class;

  const char *const *responses;
  const char *const *commands;
  const char *const *response_codes;
  const char *const *enable;

  gboolean   (*receive)      (PhExtension *self, const PhResponse *response);
  void       (*receive_code) (PhExtension *self, PhReply *reply);
  PhCommand *(*make_command) (PhExtension *self, const char *name, const PhValue *arguments);
  PhCommand *(*make_step)    (PhExtension *self, PhStage stage);
  PhCommand *(*make_idle)    (PhExtension *self);
  void       (*reset)        (PhExtension *self);

  gpointer reserved[16];
};

/* The session it belongs to; NULL once that has gone. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhSession  *ph_extension_get_session     (PhExtension *self);
/* The feature it was made for: "QUOTA", "COMPRESS=DEFLATE" */
PH_AVAILABLE_IN_1_0 const char *ph_extension_get_name        (PhExtension *self);
/* whether the program asked for it by ph_session_use () */
PH_AVAILABLE_IN_1_0 gboolean    ph_extension_is_requested    (PhExtension *self);
/* A mailbox name out of a response, as UTF-8. (transfer full) */
PH_AVAILABLE_IN_1_0 char       *ph_extension_decode_mailbox  (PhExtension *self, const PhValue *name);

/* for engines */
PH_AVAILABLE_IN_1_0 gboolean    ph_extension_receive         (PhExtension *self, const PhResponse *response);
PH_AVAILABLE_IN_1_0 void        ph_extension_receive_code    (PhExtension *self, PhReply *reply);
PH_AVAILABLE_IN_1_0 PhCommand  *ph_extension_make_command    (PhExtension *self, const char *name, const PhValue *arguments);
PH_AVAILABLE_IN_1_0 PhCommand  *ph_extension_make_step       (PhExtension *self, PhStage stage);
PH_AVAILABLE_IN_1_0 PhCommand  *ph_extension_make_idle       (PhExtension *self);
PH_AVAILABLE_IN_1_0 void        ph_extension_reset           (PhExtension *self);

G_END_DECLS
