/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands that the engine itself makes: one class, a table of functions for each kind. */
#pragma once

#include "imap-writer.h"

#define PH_TYPE_IMAP_COMMAND (ph_imap_command_get_type ())
GType ph_imap_command_get_type (void);

typedef struct _PhImapCommand PhImapCommand;

/**
 * PhImapKindFlags:
 * @PH_IMAP_KIND_SELECTED: a mailbox must be selected
 * @PH_IMAP_KIND_ALONE: see PH_COMMAND_ALONE
 * @PH_IMAP_KIND_NO_EXPUNGE: with message numbers in it no EXPUNGE may come while it runs: FETCH, STORE, SEARCH (RFC 9051 section 7.5.1)
 */
typedef enum {
  PH_IMAP_KIND_NONE       = 0,
  PH_IMAP_KIND_SELECTED   = 1 << 0,
  PH_IMAP_KIND_ALONE      = 1 << 1,
  PH_IMAP_KIND_NO_EXPUNGE = 1 << 2
} PhImapKindFlags;

/**
 * PhImapKind:
 * @verb: what stands behind the tag, without "UID"
 * @answer: what the server answers with where that doesn't tell which of two commands it answers, unless by the mailbox' name in it;
 *   %NULL: it does, or there's no answer but the reply
 * @write: what stands behind the verb and "UID"; forgets what an earlier try had collected. %NULL: nothing
 * @receive: as PhCommandClass.receive; %NULL: claims nothing
 * @finish: as PhCommandClass.finish; %NULL: nothing to be done
 * @note: a line's reply that is OK, be it the last one's or not; %NULL: nothing to be kept
 * @retry: a line's reply that is NO: whether it is worth another try, once (write() does it otherwise); %NULL: never
 * @more: after a reply that is OK, whether a further line is needed (write() writes it); %NULL: never
 */
typedef struct {
  const char     *verb;
  const char     *answer;
  PhImapKindFlags flags;
  void          (*write)   (PhImapCommand *self, PhWriter *writer);
  gboolean      (*receive) (PhImapCommand *self, const PhResponse *response);
  gboolean      (*finish)  (PhImapCommand *self, PhReply *reply, GError **error);
  gboolean      (*more)    (PhImapCommand *self);
  void          (*note)    (PhImapCommand *self, PhReply *reply);
  gboolean      (*retry)   (PhImapCommand *self, PhReply *reply);
} PhImapKind;

struct _PhImapCommand {
  PhCommand         parent;
  const PhImapKind *kind;

  /* arguments; each kind uses some */
  char             *mailbox;
  char             *other;       /* a second mailbox, LIST's pattern, FETCH's further items */
  char            **words;       /* flags, STATUS items */
  const char       *list_verb;   /* LIST, or what an extension has for it */
  gboolean          by_list;     /* which that was refused for */
  PhMessageSet     *set;
  gboolean          by_uid;
  gboolean          option;      /* read-only, subscribed, expunge */
  guint             items;       /* PhFetch, PhStoreMode */
  PhNewMessage    **messages;    /* NULL-terminated */
  char            **patterns;    /* LIST's */
  PhValue          *keys;        /* SEARCH's */
  char          **needs;       /* capabilities that a query or new messages can't do without; NULL: none */
  PhSecret         *secret;      /* LOGIN's password, AUTHENTICATE's initial response */
  GOutputStream    *sink;
  guint             returns;     /* PhSearchReturn; 0: a plain search */
  int               first;       /* of a page; 0: none */
  int               last;
  guint64           since;       /* CHANGEDSINCE, UNCHANGEDSINCE */
  gboolean          conditional; /* STORE with UNCHANGEDSINCE */
  PhMailboxState   *known;       /* of changes: the state to compare with */
  guint32           uid_validity;
  guint64           mod_seq;     /* the mailbox', when the command was made */
  gboolean          uids_stick;  /* and whether what is known of its UIDs can be told again */

  /* while it runs */
  PhImapFeatures    used;        /* what its last line counted on beyond the base; BAD turns these off */
  gboolean          utf8;        /* mailbox names come in UTF-8 */
  gboolean          discard;     /* cancelled: claims its answers and drops them */
  guint             step;        /* which line of several; in FETCH and its like the first range of the set that is still to be sent */
  guint             next_step;
  guint32           step_from;   /* of that range the first number that is still to be sent; 0: all of it */
  guint32           next_from;
  guint             stage;       /* which of several commands that stand in for one */
  guint32           max_set;     /* messages that a COPY may name and an APPEND bring (MESSAGELIMIT, SAVELIMIT, RFC 9738); 0: any number */
  gboolean          leaves_rest; /* the server may do a part only and say OK (MESSAGELIMIT) */
  guint             n_removals;  /* how many messages had gone when its first line left */
  guint32           line_first;  /* what the line named, from and to */
  guint32           line_last;
  guint32           below;       /* of that the server has dealt with the UIDs from here on only; 0: with all */
  GPtrArray        *terms;       /* of a search: the several that stand for it (PhImapTerm), and which runs; NULL: it is one */
  guint             term;
  gboolean          planned;
  PhMessageSet     *saved;       /* what "$" stands for where the server doesn't keep it; NULL: it does */

  /* what was collected */
  GPtrArray        *rows;
  PhMessageSet     *found;
  guint             asked;       /* PhSearchReturn: what the line asked for */
  gboolean          paged;       /* found is the page already */
  gboolean          limited;     /* the server left something undone */
  gboolean          kept;        /* the server keeps what was found */
  PhUidMapping     *mapping;
  guint32           found_min, found_max, found_count;
  guint64           found_mod_seq;
  PhMessageSet     *total;       /* what the terms up to now found; NULL: the first runs */
  PhMailboxState   *now;         /* what changes were told */
  guint64           now_mod_seq;
  gpointer          result;      /* PhMailbox, PhMailboxStatus */
  GDestroyNotify    free_result;
  GBytes           *spill;       /* for the sink, of a section that came as a quoted string */
  gboolean          answered;    /* something was for the sink, though it be nothing */
  GError           *failure;     /* the sink refused */
};

/* @kind: constant */
PhImapCommand *ph_imap_command_new       (const PhImapKind *kind);
/* NULL where @command is of another class */
PhImapCommand *ph_imap_command_cast      (PhCommand *command);
/* of an engine's command only */
gboolean       ph_imap_command_is        (PhCommand *command, const PhImapKind *kind);
/* "COPY to “Archive”": for people */
void           ph_imap_command_set_title (PhImapCommand *self, const char *verb, const char *mailbox);
/* A mailbox name out of a response, as UTF-8; "" for what is no text. (transfer full) */
char          *ph_imap_decode_mailbox    (const PhValue *name, gboolean utf8);
/* whether numbers that an EXPUNGE would move stand in its line; a UID SEARCH may ask for them, too */
gboolean       ph_imap_command_uses_numbers (PhImapCommand *self);
/* whether an EXPUNGE may come while it runs */
gboolean       ph_imap_command_may_expunge (PhImapCommand *self);
/*
 * Writes as much of the command's set as one line may hold, from range `step` on, and sets `next_step`: servers refuse lines that are
 * too long (RFC 7162 section 4 recommends 8192 octets). more() of such commands is ph_imap_command_has_more_ranges.
 */
void           ph_imap_command_write_set (PhImapCommand *self, PhWriter *writer);
gboolean       ph_imap_command_has_more_ranges (PhImapCommand *self);
/* note() of such commands: MESSAGELIMIT in the reply (RFC 9738), by which the rest is still to be asked for */
void           ph_imap_command_note_limit (PhImapCommand *self, PhReply *reply);
/* Fails the command: what it needs isn't offered */
void           ph_imap_command_lacks     (PhImapCommand *self, PhWriter *writer, const char *what);
/* The numbers of a sequence-set that a server sent ("2:4,7"), added to @set. FALSE where it can't be read. */
gboolean       ph_imap_read_set          (PhMessageSet *set, const PhValue *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhImapCommand, g_object_unref)
