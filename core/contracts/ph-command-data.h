/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a command holds; shared by the files that make up the class. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

typedef struct {
  GType    type;
  gpointer data;
  gsize    stored; /* not 0: a message of so many octets, which is the next in `stored`, and the rest is unset */
} PhItem;

typedef struct {
  /* as made */
  char          *verb;     /* what the default write () writes */
  const char    *response; /* in @verb, its last word: responses of that name belong to it */
  gboolean       is_line;
  PhValue       *arguments;
  char          *name;     /* for people; NULL: the verb */
  PhCommandFlags flags;
  char          *needs;    /* NULL: nothing */
  char           tag[24];  /* "": not sent yet, or the protocol has none */

  /* while it runs */
  gpointer       run;      /* its session's */
  PhCommandState state;
  GPtrArray     *responses;
  gsize          responses_size;
  gboolean       overflowed;
  gboolean       has_progress;
  gboolean       unseen;   /* nobody can have connected to its signals */
  guint64        progress_done;
  guint64        progress_total;

  /* what came of it */
  PhReply       *reply;
  GError        *error;
  GValue         result;
  GType          boxed_type;   /* of @boxed; it becomes @result when somebody asks for a value */
  gpointer       boxed;

  /* undelivered items: a ring */
  PhItem        *items;
  guint          first_item;
  guint          n_items;
  guint          items_capacity; /* a power of 2, or 0 */
  gsize          items_size;     /* octets of the messages among them that are not stored */
  gboolean       boundless;      /* more than the bounds' may come, until what came is taken */

  /* small messages among them, one behind the other as they will lie in memory of their own */
  guint8        *stored;
  gsize          stored_start;
  gsize          stored_end;
  gsize          stored_capacity;
} PhCommandPrivate;

/* Set once, with the class; asked for with each message */
extern int ph_command_private_offset;

static inline PhCommandPrivate *
ph_command_get_priv (PhCommand *self)
{
  return G_STRUCT_MEMBER_P (self, ph_command_private_offset);
}

void              ph_command_clear_items  (PhCommandPrivate *priv);
void              ph_command_clear_result (PhCommandPrivate *priv);

G_END_DECLS
