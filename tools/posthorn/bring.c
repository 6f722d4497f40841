/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Many messages in few round trips: what they are is asked for SLICE at a time; then small ones come in one FETCH for as many as memory may
 * hold at worst (a server that answers in another order), each large one by itself, as a stream.
 *
 * A message that the server has lost or won't give doesn't hold up the others. Where it refuses a whole group for one of them, the ones that
 * did not come are asked for one by one.
 */
#include "bring.h"

#define SLICE 500                     /* messages that are asked about at once */
#define LARGE ((guint64) 512 * 1024)  /* octets from which on a message is streamed */
#define GROUP ((guint64) 4 << 20)     /* octets of a group */

typedef struct
{
  GPtrArray *messages; /* what is known of each, in their order */
  GHashTable *arrived; /* UID → GBytes, before their turn */
  guint next;
  guint64 size;
  guint64 n_arrived;   /* octets of @arrived */
  gboolean incomplete; /* some came that there was no room for, or the server refused */
} Group;

static void
group_clear (Group *group)
{
  g_ptr_array_set_size (group->messages, 0);
  g_hash_table_remove_all (group->arrived);
  group->next = 0;
  group->size = group->n_arrived = 0;
  group->incomplete = FALSE;
}

/* Only what is wrong with one message may be passed over. */
static gboolean
pass_over (ToolBring *self, PhMessage *message, GError *problem, GError **error)
{
  g_autoptr (GError) owned = problem;
  int status;

  if (problem->domain != PH_ERROR || problem->code == PH_ERROR_BODY || !ph_session_is_open (PH_SESSION (self->store)))
    {
      g_propagate_error (error, g_steal_pointer (&owned));
      return FALSE;
    }
  g_prefix_error (&owned, "UID %u: ", ph_message_get_uid (message));
  status = tool_fail (owned);
  if (self->status == 0)
    self->status = status;
  return TRUE;
}

static gboolean
give (ToolBring *self, PhMessage *message, GBytes *octets, GError **error)
{
  GError *problem = NULL;

  if (!self->take (self->data, message, octets, &problem) && !pass_over (self, message, problem, error))
    return FALSE;
  self->done (self->data);
  return TRUE;
}

static gboolean
lose (ToolBring *self, PhMessage *message, GError **error)
{
  GError *problem = NULL;

  tool_set_error (&problem, PH_ERROR_NO_MESSAGE, "the message is gone from the mailbox");
  if (!pass_over (self, message, problem, error))
    return FALSE;
  self->done (self->data);
  return TRUE;
}

static PhMessage *
get_next (Group *group)
{
  return group->next < group->messages->len ? g_ptr_array_index (group->messages, group->next) : NULL;
}

/* Those whose turn it is */
static gboolean
give_arrived (ToolBring *self, Group *group, GError **error)
{
  PhMessage *message;

  while ((message = get_next (group)) != NULL)
    {
      g_autoptr (GBytes) octets = NULL;

      if (!g_hash_table_steal_extended (group->arrived, GUINT_TO_POINTER (ph_message_get_uid (message)), NULL, (gpointer *) &octets))
        break;
      group->next++;
      group->n_arrived -= g_bytes_get_size (octets);
      if (!give (self, message, octets, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_waiting (Group *group, guint32 uid)
{
  for (guint i = group->next; i < group->messages->len; i++)
    if (ph_message_get_uid (g_ptr_array_index (group->messages, i)) == uid)
      return !g_hash_table_contains (group->arrived, GUINT_TO_POINTER (uid));
  return FALSE;
}

/* Keeps what came until its turn. A server that told small sizes and answers from the end doesn't fill the memory. (transfer full) */
static void
note_arrived (Group *group, guint32 uid, GBytes *octets)
{
  if (group->n_arrived + g_bytes_get_size (octets) > GROUP && ph_message_get_uid (get_next (group)) != uid)
    {
      group->incomplete = TRUE;
      g_bytes_unref (octets);
      return;
    }
  group->n_arrived += g_bytes_get_size (octets);
  g_hash_table_insert (group->arrived, GUINT_TO_POINTER (uid), octets);
}

/* @problem: what the server says of the group. FALSE: @error, of what is done with a message. */
static gboolean
receive (ToolBring *self, Group *group, GError **problem, GError **error)
{
  g_autoptr (PhMessageSet) uids = ph_message_set_new (TRUE);
  g_autoptr (PhMessageIter) iter = NULL;

  for (guint i = 0; i < group->messages->len; i++)
    ph_message_set_add (uids, ph_message_get_uid (g_ptr_array_index (group->messages, i)));
  iter = ph_store_fetch (self->store, uids, (PhFetch) (PH_FETCH_UID | self->item), NULL);
  while (TRUE)
    {
      g_autoptr (PhMessage) message = ph_message_iter_next (iter, tool_cancellable (), problem);
      GBytes *octets;

      if (message == NULL)
        return TRUE;
      octets = is_waiting (group, ph_message_get_uid (message)) ? ph_message_get_section (message, self->section) : NULL;
      if (octets == NULL)
        continue;
      note_arrived (group, ph_message_get_uid (message), octets);
      if (!give_arrived (self, group, error))
        return FALSE;
    }
}

/* What the group's FETCH left out */
static gboolean
ask_again (ToolBring *self, Group *group, GError **error)
{
  PhMessage *message;

  while ((message = get_next (group)) != NULL)
    {
      group->next++;
      if (!(group->incomplete ? give (self, message, NULL, error) : lose (self, message, error)) || !give_arrived (self, group, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
flush_group (ToolBring *self, Group *group, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gboolean done = group->messages->len == 0 || receive (self, group, &problem, error);

  if (done && problem != NULL && (problem->domain != PH_ERROR || !ph_session_is_open (PH_SESSION (self->store))))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      done = FALSE;
    }
  group->incomplete |= problem != NULL;
  done = done && ask_again (self, group, error);
  group_clear (group);
  return done;
}

/* A size that was not told may be any. */
static gboolean
add (ToolBring *self, Group *group, PhMessage *message, GError **error)
{
  guint64 size = ph_message_get_size (message);
  gboolean large = size == 0 || size >= LARGE;

  if (self->wants != NULL && !self->wants (self->data, message))
    {
      self->done (self->data);
      return TRUE;
    }
  if ((large || group->size + size > GROUP) && !flush_group (self, group, error))
    return FALSE;
  if (large)
    return give (self, message, NULL, error);
  g_ptr_array_add (group->messages, ph_message_ref (message));
  group->size += size;
  return TRUE;
}

/* Up to SLICE of @set's messages, which leave it. (transfer full) */
static PhMessageSet *
take_slice (PhMessageSet *set)
{
  PhMessageSet *slice = ph_message_set_new (TRUE);

  while (!ph_message_set_is_empty (set) && ph_message_set_get_count (slice) < SLICE)
    {
      guint32 first, last;

      ph_message_set_get_range (set, 0, &first, &last);
      last = MIN (last, first + SLICE - 1);
      ph_message_set_add_range (slice, first, last);
      ph_message_set_remove_range (set, first, last);
    }
  return slice;
}

static int
compare_uids (gconstpointer a, gconstpointer b)
{
  guint32 one = ph_message_get_uid (*(PhMessage *const *) a), other = ph_message_get_uid (*(PhMessage *const *) b);

  return one < other ? -1 : one > other;
}

gboolean
tool_bring (ToolBring *self, PhMessageSet *uids, GError **error)
{
  g_autoptr (GPtrArray) grouped = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_message_unref);
  g_autoptr (GHashTable) arrived = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_bytes_unref);
  Group group = { .messages = grouped, .arrived = arrived };

  while (!ph_message_set_is_empty (uids))
    {
      g_autoptr (PhMessageSet) slice = take_slice (uids);
      g_autoptr (GPtrArray) messages = ph_store_fetch_all (self->store, slice, PH_FETCH_FLAGS | PH_FETCH_INTERNAL_DATE | PH_FETCH_SIZE, NULL,
                                                           tool_cancellable (), error);

      if (messages == NULL)
        return FALSE;
      g_ptr_array_sort (messages, compare_uids);
      for (guint i = 0; i < messages->len; i++)
        if (!add (self, &group, g_ptr_array_index (messages, i), error))
          return FALSE;
      if (!flush_group (self, &group, error))
        return FALSE;
    }
  return TRUE;
}
