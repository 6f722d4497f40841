/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhExtension: what a plugin adds to a protocol's session without a line changed in its engine. */
#pragma once

#include <posthorn/ph-command.h>

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

/**
 * PhVerb:
 * @name: "GETACL", "UID SORT"
 * @arguments: a letter for each argument: `m` a mailbox, `s` a string, `a` an atom, `v` a value as it is, `l` a list whose strings are mailboxes,
 *   `q` a query's keys (ph_query_to_value()), which the server must be able to be asked, `c` the same with the charset before
 *   them where one must be told; a `?` behind a letter: NIL, or nothing at the end, leaves it out; a `*` at the end: more may
 *   follow, as they are. %NULL: none
 * @needs: see ph_command_set_needs()
 * @flags: how it is scheduled. Two of the same name never run at once; where another's answers could be taken for its own: %PH_COMMAND_ALONE;
 *   where it is about the selected mailbox: %PH_COMMAND_SELECTED
 * @get_type: the result's: a boxed type, an object's, ph_verb_get_string_type(). %NULL: there is none
 * @begin: makes the result that is filled as answers come. %NULL: an answer makes it, and without one the command fails (%PH_ERROR_PROTOCOL)
 * @responses: names of untagged responses that @receive is shown, upper case, with blanks between. %NULL: @name alone
 * @receive: one of @responses; %TRUE claims it. @result may be replaced. %NULL: claims nothing
 * @check: whether the arguments can be sent; %FALSE and an error where they can't. %NULL: all that fit @arguments
 * @finish: a reply that is OK, before the result is the command's. %NULL: nothing to be done
 * @refuse: what a reply that isn't OK means after what came before it; %NULL: what it always means. (transfer full)
 *
 * A command of an extension, as constant data: ph_command_new_verb() makes an object of it. What a table can't say takes a class of its own,
 * derived from #PhCommand.
 */
#ifndef __GI_SCANNER__
typedef struct {
  const char    *name;
  const char    *arguments;
  const char    *needs;
  PhCommandFlags flags;
  GType        (*get_type) (void);
  gpointer     (*begin)    (PhCommand *command);
  gboolean     (*receive)  (PhCommand *command, const PhResponse *response, gpointer *result);
  gboolean     (*finish)   (PhCommand *command, PhReply *reply, gpointer *result, GError **error);
  gboolean     (*check)    (PhCommand *command, GError **error);
  const char    *responses;
  GError      *(*refuse)   (PhCommand *command, PhReply *reply, gpointer *result);
  gpointer       reserved[4];
} PhVerb;
#endif

/**
 * PhListening:
 * @PH_LISTENING_NONE: to nothing
 * @PH_LISTENING_ELSEWHERE: the server tells of more than the selected mailbox, so there is something to wait for without one
 * @PH_LISTENING_REMOVALS: the server may tell at any time that messages of the selected mailbox are gone, so that message numbers in
 *   commands mean nothing
 *
 * What an extension made the server tell of by itself.
 */
typedef enum {
  PH_LISTENING_NONE      = 0,
  PH_LISTENING_ELSEWHERE = 1 << 0,
  PH_LISTENING_REMOVALS  = 1 << 1
} PhListening;

#define PH_TYPE_EXTENSION (ph_extension_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_DERIVABLE_TYPE (PhExtension, ph_extension, PH, EXTENSION, GObject)

/**
 * PhExtensionClass:
 * @responses: names of untagged responses that it reads, upper case, %NULL-terminated, or %NULL. Set in class_init.
 * @commands: names of commands that make_command() makes, or %NULL
 * @response_codes: names of response codes it reads, or %NULL
 * @enable: names for ENABLE, or %NULL
 * @receive: one of @responses; %TRUE claims it. Commands in flight were asked before
 * @receive_code: a status, tagged or not, with one of @response_codes
 * @make_command: a command of this extension by name, for ph_session_make_command(). (transfer full)
 * @make_step: the command to run at @stage while the session opens, or %NULL; its failure is a warning, not an error
 * @make_idle: the command that listens while nothing is to be done (%PH_COMMAND_IDLE), or %NULL. (transfer full)
 * @reset: the session is as before the login again
 * @verbs: commands as tables, up to one without a name, or %NULL; the default make_command() makes them
 * @get_select_parameters: a list of what stands in the parentheses of SELECT and EXAMINE (RFC 4466), or %NULL. (transfer full)
 * @list_verb: a constant, "XLIST": where the server lists it as a capability and has no SPECIAL-USE, it stands in for LIST, with the same
 *   arguments and answers of its own name in the same form. %NULL: there's none
 * @write_body: writes a message whose parts the server is to fetch by their URLs (CATENATE), in place of a literal; %TRUE: it has
 * @disconnected: the connection ended; the object serves the session's next one, too. What the server told must be forgotten; what the
 *   program asked for may be asked for again by make_step(). The default calls reset()
 * @listening: what the server was made to tell of by itself
 * @deliver: what ph_extension_post() was given, in that order and outside of the engine: may emit signals. @boxed is a boxed or object
 *   of type @type (transfer none), or %NULL
 * @deselected: the mailbox that was selected is no more; another one may be next. May be %NULL
 * @get_page_option: a constant, "CONTEXT": what stands before PARTIAL (RFC 9394) in the RETURN of a search for the page from @first to @last
 *   (see ph_store_search_page()), which the server then takes, whether it lists PARTIAL or not; %NULL: this makes it take none
 *
 * One object per session, made when the server first lists one of the feature's capabilities. Virtual functions but deliver() are called
 * by the engine; they must not call the session.
 */
struct _PhExtensionClass {
  GObjectClass parent_class;

  const char *const *responses;
  const char *const *commands;
  const char *const *response_codes;
  const char *const *enable;

  gboolean   (*receive)      (PhExtension *self, const PhResponse *response);
  void       (*receive_code) (PhExtension *self, const PhResponse *response);
  PhCommand *(*make_command) (PhExtension *self, const char *name, const PhValue *arguments);
  PhCommand *(*make_step)    (PhExtension *self, PhStage stage);
  PhCommand *(*make_idle)    (PhExtension *self);
  void       (*reset)        (PhExtension *self);
  void       (*disconnected) (PhExtension *self);
  PhListening (*listening)   (PhExtension *self);
  void       (*deliver)      (PhExtension *self, GType type, gpointer boxed);

#ifndef __GI_SCANNER__
  const PhVerb *verbs;
#else
  gconstpointer verbs;
#endif
  PhValue   *(*get_select_parameters) (PhExtension *self);
  gboolean   (*write_body)            (PhExtension *self, PhBody *body, PhWriter *writer);
  const char *list_verb;
  void       (*deselected)            (PhExtension *self);
  const char *(*get_page_option)      (PhExtension *self, int first, int last);

  gpointer reserved[7];
};

/* The session it belongs to; NULL once that has gone. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhSession  *ph_extension_get_session     (PhExtension *self);
/* The connection's engine, whose interfaces make commands (#PhStoreEngine); NULL once that has gone. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhEngine   *ph_extension_get_engine      (PhExtension *self);
/* The feature it was made for: "QUOTA", "COMPRESS=DEFLATE" */
PH_AVAILABLE_IN_1_0 const char *ph_extension_get_name        (PhExtension *self);
/* whether the program asked for it by ph_session_use () */
PH_AVAILABLE_IN_1_0 gboolean    ph_extension_is_requested    (PhExtension *self);
/* whether the server's last list has @capability: "LIST-MYRIGHTS" */
PH_AVAILABLE_IN_1_0 gboolean    ph_extension_has_capability  (PhExtension *self, const char *capability);
/* what stands behind @prefix in each that begins with it: "STORAGE" of "QUOTA=RES-STORAGE". (transfer full) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 char      **ph_extension_list_capabilities (PhExtension *self, const char *prefix);
/* A mailbox name out of a response, as UTF-8. (transfer full) */
PH_AVAILABLE_IN_1_0 char       *ph_extension_decode_mailbox  (PhExtension *self, const PhValue *name);
/* What is written like a mailbox name without being one (a label): as the server wants such names. (transfer full) */
PH_AVAILABLE_IN_1_0 char       *ph_extension_encode_mailbox  (PhExtension *self, const char *text);
/* Something that the program is to be told, after the engine's step: deliver() gets it. @boxed (transfer full) */
PH_AVAILABLE_IN_1_0 void        ph_extension_post            (PhExtension *self, GType type, gpointer boxed);

/* for engines */
PH_AVAILABLE_IN_1_0 gboolean    ph_extension_receive         (PhExtension *self, const PhResponse *response);
PH_AVAILABLE_IN_1_0 void        ph_extension_receive_code    (PhExtension *self, const PhResponse *response);
PH_AVAILABLE_IN_1_0 PhCommand  *ph_extension_make_command    (PhExtension *self, const char *name, const PhValue *arguments);
PH_AVAILABLE_IN_1_0 PhCommand  *ph_extension_make_step       (PhExtension *self, PhStage stage);
PH_AVAILABLE_IN_1_0 PhCommand  *ph_extension_make_idle       (PhExtension *self);
PH_AVAILABLE_IN_1_0 void        ph_extension_reset           (PhExtension *self);
PH_AVAILABLE_IN_1_0 PhValue    *ph_extension_get_select_parameters (PhExtension *self);
PH_AVAILABLE_IN_1_0 void        ph_extension_deselected      (PhExtension *self);
/* (nullable) */
PH_AVAILABLE_IN_1_0 const char *ph_extension_get_page_option (PhExtension *self, int first, int last);

#ifndef __GI_SCANNER__
/* G_TYPE_STRING: a verb's result is a text */
PH_AVAILABLE_IN_1_0 GType       ph_verb_get_string_type      (void) G_GNUC_CONST;
/* @arguments: a list, or NULL. @extension: by which names of mailboxes are read. (transfer full) */
PH_AVAILABLE_IN_1_0 PhCommand  *ph_command_new_verb          (const PhVerb *verb, PhExtension *extension, const PhValue *arguments);
/* The same with an argument for each letter of the verb's: const char *, const PhValue * for `v` and `l`, PhQuery * for `c` and `q`; NULL
 * leaves one out that may be */
PH_AVAILABLE_IN_1_0 PhCommand  *ph_extension_make            (PhExtension *self, const PhVerb *verb, ...);
/* UID SEARCH for keys that the engine does not know, a list of them; @needs: the capability. (transfer full) */
PH_AVAILABLE_IN_1_0 PhCommand  *ph_extension_make_search     (PhExtension *self, const char *needs, GPtrArray *keys);
/* LIST of @pattern with @options, see PhStoreEngineInterface.make_list_with; @needs: see ph_command_set_needs (). (transfer full) */
PH_AVAILABLE_IN_1_0 PhCommand  *ph_extension_make_list       (PhExtension *self, const char *pattern, const PhValue *options, const char *answer,
                                                              const char *needs);
/* The engine that makes a store's commands. (transfer none) */
PH_AVAILABLE_IN_1_0 PhStoreEngine *ph_extension_get_store    (PhExtension *self);
#endif
/* What it was made with: a list, or NULL. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const PhValue *ph_command_get_arguments  (PhCommand *self);
/* Whose command it is; NULL: it was not made with a verb, or for nobody. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 PhExtension *ph_command_get_extension    (PhCommand *self);
/* whether @name, out of a response, is the mailbox that @index of the arguments names */
PH_AVAILABLE_IN_1_0 gboolean    ph_command_is_about          (PhCommand *self, guint index, const PhValue *name);
/* A mailbox name out of a response, by the command's extension, as UTF-8. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char       *ph_command_decode_mailbox    (PhCommand *self, const PhValue *name);
PH_AVAILABLE_IN_1_0 gboolean    ph_extension_write_body      (PhExtension *self, PhBody *body, PhWriter *writer);
PH_AVAILABLE_IN_1_0 PhListening ph_extension_get_listening   (PhExtension *self);

G_END_DECLS
