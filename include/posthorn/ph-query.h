/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to search for, as a tree of keys (RFC 9051 section 6.4.4). */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_QUERY (ph_query_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhQuery, ph_query, PH, QUERY, GObject)

/* Matches everything; each call below narrows it and returns the same object, for chains. (transfer none) */
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_new        (void);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_all        (PhQuery *self);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_seen       (PhQuery *self);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_unseen     (PhQuery *self);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_flagged    (PhQuery *self);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_answered   (PhQuery *self);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_deleted    (PhQuery *self);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_draft      (PhQuery *self);
/* a keyword or "\\Seen" */
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_flag       (PhQuery *self, const char *flag);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_not_flag   (PhQuery *self, const char *flag);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_from       (PhQuery *self, const char *text);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_to         (PhQuery *self, const char *text);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_cc         (PhQuery *self, const char *text);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_bcc        (PhQuery *self, const char *text);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_subject    (PhQuery *self, const char *text);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_body       (PhQuery *self, const char *text);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_text       (PhQuery *self, const char *text);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_header     (PhQuery *self, const char *field, const char *text);
/* days, in the server's zone; only the date counts */
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_since      (PhQuery *self, GDateTime *day);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_before     (PhQuery *self, GDateTime *day);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_on         (PhQuery *self, GDateTime *day);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_sent_since (PhQuery *self, GDateTime *day);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_sent_before(PhQuery *self, GDateTime *day);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_larger     (PhQuery *self, guint32 octets);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_smaller    (PhQuery *self, guint32 octets);
/* received longer ago than so many seconds, or since; the server must have WITHIN (RFC 5032) */
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_older      (PhQuery *self, guint32 seconds);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_younger    (PhQuery *self, guint32 seconds);
/* whose mod-sequence is @mod_seq or more; the server must have CONDSTORE (RFC 7162) */
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_mod_seq    (PhQuery *self, guint64 mod_seq);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_in_set     (PhQuery *self, PhMessageSet *set);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_not        (PhQuery *self, PhQuery *other);
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_or         (PhQuery *self, PhQuery *one, PhQuery *other);
/* what @other matches about, as the server sees fit; it must have SEARCH=FUZZY (RFC 6203) */
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_fuzzy      (PhQuery *self, PhQuery *other);
/* what a query finds that the server keeps under a name; it must have FILTERS (RFC 5466) */
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_filter     (PhQuery *self, const char *name);
/* keys of an extension, as ph_query_to_value () writes them; the server must list @capability */
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_extended   (PhQuery *self, const char *capability, const PhValue *keys);
/* keys as the RFC writes them, "UNSEEN FROM \"ldj\""; sent as they are, CR LF NUL refused */
PH_AVAILABLE_IN_1_0 PhQuery *ph_query_raw        (PhQuery *self, const char *keys);

/* For engines: the keys as a tree of atoms, numbers, strings and lists, in the order that RFC 9051 writes them.
 * A set is an atom. ph_query_raw()'s text is an atom as it stands. Strings are UTF-8. (transfer full) */
PH_AVAILABLE_IN_1_0 PhValue *ph_query_to_value   (PhQuery *self);

/* For engines: capabilities without which it can't be asked, NULL: none. (transfer none) (nullable) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 const char *const *ph_query_get_needs (PhQuery *self);

/* A day at midnight UTC, for since() and its like. (transfer full) (nullable): NULL where there's no such day */
PH_AVAILABLE_IN_1_0 GDateTime *ph_date           (int year, int month, int day);

G_END_DECLS
