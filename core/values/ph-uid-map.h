/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sequence numbers to UIDs and back, for mailboxes of any size. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef struct _PhUidMap PhUidMap;

/*
 * Numbers 1 to n, each with a UID that is known or 0. Known UIDs ascend. Every call takes logarithmic time in the number of blocks
 * of 1024 messages, and a message takes four octets; a run of messages whose UIDs aren't known takes none, however long it is.
 */
PhUidMap     *ph_uid_map_new          (void);
void          ph_uid_map_free         (PhUidMap *self);
/* Messages come and go at the end; new ones are unknown */
void          ph_uid_map_set_count    (PhUidMap *self, guint32 count);
guint32       ph_uid_map_get_count    (PhUidMap *self);
guint32       ph_uid_map_get_n_known  (PhUidMap *self);
/* 0: unknown, or there is no such message */
guint32       ph_uid_map_get_uid      (PhUidMap *self, guint32 number);
guint32       ph_uid_map_get_number   (PhUidMap *self, guint32 uid);
/* The highest known UID of the messages up to @number; 0 where none is known */
guint32       ph_uid_map_get_known_before (PhUidMap *self, guint32 number);
/* FALSE: that contradicts what is known, and nothing was changed */
gboolean      ph_uid_map_learn        (PhUidMap *self, guint32 number, guint32 uid);
/* All at once: as many messages as UIDs */
void          ph_uid_map_load         (PhUidMap *self, PhMessageSet *uids);
/* Keeps the count and forgets every UID */
void          ph_uid_map_forget       (PhUidMap *self);
/* The UID that it had, 0 unknown */
guint32       ph_uid_map_remove       (PhUidMap *self, guint32 number);
/*
 * Where a message of that UID is or, unknown, must be: one of the unknown messages between the two known ones around it. @exact:
 * whether it is the only one of these. 0: there is none.
 */
guint32       ph_uid_map_locate       (PhUidMap *self, guint32 uid, gboolean *exact);
/* Every known UID. (transfer full) */
PhMessageSet *ph_uid_map_to_set       (PhUidMap *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhUidMap, ph_uid_map_free)

G_END_DECLS
