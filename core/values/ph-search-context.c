/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PhSearchContext: the UIDs that a search found, in its order, and what the server adds and takes away.
 *
 *   ADDTO      = "(" position SP set *(SP position SP set) ")"            RFC 5267 section 4.3.3
 *   REMOVEFROM = the same                                                 section 4.3.4
 *
 * Position 0 is wherever a UID belongs by its number. Others count from 1, at the time that it is their turn.
 */
#include <posthorn/posthorn.h>

#include <string.h>

/* A change moves all that is behind it: with more messages, a server could keep a client busy with a few octets */
#define MAX_UIDS 1000000

/**
 * PhSearchContext:
 *
 * What a search or sort of the selected mailbox found, kept true by the server (RFC 5267): as messages come, go, or have their flags changed.
 * Made by [method@Contexts.search] and [method@Contexts.sort]. It belongs to its session's thread, changes within the session's calls and main
 * loop, and is live until [method@Contexts.cancel], until another mailbox is selected, or until the connection ends; what it holds then stays.
 */
struct _PhSearchContext {
  GObject  parent_instance;

  char    *tag;
  gboolean sorted;
  gboolean live;
  GArray  *uids;
};

enum { ITEMS_CHANGED, ENDED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PhSearchContext, ph_search_context, G_TYPE_OBJECT)

static void
ph_search_context_finalize (GObject *object)
{
  PhSearchContext *self = PH_SEARCH_CONTEXT (object);

  g_free (self->tag);
  g_array_unref (self->uids);
  G_OBJECT_CLASS (ph_search_context_parent_class)->finalize (object);
}

static void
ph_search_context_class_init (PhSearchContextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ph_search_context_finalize;

  /**
   * PhSearchContext::items-changed:
   * @self: a context
   * @position: where, from 0
   * @removed: how many UIDs went there
   * @added: how many came in their place
   *
   * The list has changed, as [signal@Gio.ListModel::items-changed] would say it.
   */
  signals[ITEMS_CHANGED] = g_signal_new ("items-changed", PH_TYPE_SEARCH_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                         G_TYPE_UINT, G_TYPE_UINT, G_TYPE_UINT);
  /**
   * PhSearchContext::ended:
   * @self: a context
   *
   * It is kept true no more. On a connection that was lost this is told from the main loop.
   */
  signals[ENDED] = g_signal_new ("ended", PH_TYPE_SEARCH_CONTEXT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ph_search_context_init (PhSearchContext *self)
{
  self->live = TRUE;
  self->uids = g_array_new (FALSE, FALSE, sizeof (guint32));
}

/**
 * ph_search_context_new: (skip)
 * @tag: the searching command's
 * @sorted: whether positions count; %FALSE: the order is that of the UIDs
 *
 * For extensions: nothing found yet.
 *
 * Returns: (transfer full): a context
 */
PhSearchContext *
ph_search_context_new (const char *tag, gboolean sorted)
{
  PhSearchContext *self = g_object_new (PH_TYPE_SEARCH_CONTEXT, NULL);

  self->tag = g_strdup (tag);
  self->sorted = sorted;
  return self;
}

/**
 * ph_search_context_get_tag: (skip)
 * @self: a context
 *
 * Returns: the tag by which the server names it
 */
const char *
ph_search_context_get_tag (PhSearchContext *self)
{
  g_return_val_if_fail (PH_IS_SEARCH_CONTEXT (self), NULL);

  return self->tag;
}

static guint32
uid_at (PhSearchContext *self, guint index)
{
  return g_array_index (self->uids, guint32, index);
}

/* The place of the first that is not lower */
static guint
find_place (PhSearchContext *self, guint32 uid)
{
  guint low = 0, high = self->uids->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (uid_at (self, middle) < uid)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
insert_run (PhSearchContext *self, guint place, guint32 first, guint n)
{
  guint32 *to;

  g_array_set_size (self->uids, self->uids->len + n);
  to = &g_array_index (self->uids, guint32, place);
  memmove (to + n, to, (self->uids->len - n - place) * sizeof (guint32));
  for (guint i = 0; i < n; i++)
    to[i] = first + i;
  g_signal_emit (self, signals[ITEMS_CHANGED], 0, place, 0, n);
}

static void
remove_run (PhSearchContext *self, guint place, guint n)
{
  g_array_remove_range (self->uids, place, n);
  g_signal_emit (self, signals[ITEMS_CHANGED], 0, place, n, 0);
}

/* By their numbers; what is there already stays as it is. */
static void
merge_range (PhSearchContext *self, guint32 first, guint32 last)
{
  for (guint64 at = first; at <= last;)
    {
      guint   place = find_place (self, (guint32) at);
      guint64 end = place < self->uids->len ? MIN ((guint64) last + 1, uid_at (self, place)) : (guint64) last + 1;

      if (end > at)
        insert_run (self, place, (guint32) at, (guint) (end - at));
      at = end + (end <= last);
    }
}

static gboolean
add_range (PhSearchContext *self, guint64 *position, guint64 first, guint64 last)
{
  guint n;

  if (last - first >= MAX_UIDS - self->uids->len)
    return FALSE;
  n = (guint) (last - first + 1);
  if (*position == 0 && !self->sorted)
    {
      merge_range (self, (guint32) first, (guint32) last);
      return TRUE;
    }
  insert_run (self, *position == 0 ? self->uids->len : (guint) MIN (*position - 1, self->uids->len), (guint32) first, n);
  *position += *position != 0 ? n : 0;
  return TRUE;
}

/* How many from @place on are within, one run */
static guint
count_run (PhSearchContext *self, guint place, guint64 first, guint64 last)
{
  guint n = 0;

  while (place + n < self->uids->len && uid_at (self, place + n) >= first && uid_at (self, place + n) <= last)
    n++;
  return n;
}

/* One pass, and one change that tells of all */
static void
remove_scattered (PhSearchContext *self, guint64 first, guint64 last)
{
  guint before = self->uids->len, kept = 0;

  for (guint i = 0; i < before; i++)
    if (uid_at (self, i) < first || uid_at (self, i) > last)
      g_array_index (self->uids, guint32, kept++) = uid_at (self, i);
  g_array_set_size (self->uids, kept);
  if (kept < before)
    g_signal_emit (self, signals[ITEMS_CHANGED], 0, 0, before, kept);
}

/* Where the server says, as far as they stand there; else wherever they are. */
static gboolean
remove_range (PhSearchContext *self, guint64 *position, guint64 first, guint64 last)
{
  guint   place = *position > 0 ? (guint) MIN (*position - 1, self->uids->len) : 0;
  guint64 wanted = last - first + 1;
  guint   n;

  if (!self->sorted)
    place = find_place (self, (guint32) first);
  n = count_run (self, place, first, last);
  if (n > 0)
    remove_run (self, place, n);
  if (self->sorted && n < wanted)
    remove_scattered (self, first, last);
  return TRUE;
}

typedef gboolean (*Step) (PhSearchContext *self, guint64 *position, guint64 first, guint64 last);

typedef struct {
  PhSearchContext *self;
  guint64          position;
  Step             step;
} Change;

static gboolean
apply_range (gpointer data, guint64 first, guint64 last)
{
  Change *change = data;

  return first == 0 || last >= G_MAXUINT32 || change->step (change->self, &change->position, first, last);
}

static gboolean
apply_set (PhSearchContext *self, guint64 position, const PhValue *set, Step step)
{
  Change change = { self, position, step };

  return ph_esearch_read_set (set, apply_range, &change);
}

static gboolean
apply_pairs (PhSearchContext *self, const PhValue *list, Step step)
{
  for (const PhValue *at = ph_value_first (list); ph_value_next (at) != NULL; at = ph_value_next (ph_value_next (at)))
    {
      guint64 position;

      if (ph_value_get_number (at, &position) && !apply_set (self, position, ph_value_next (at), step))
        return FALSE;
    }
  return TRUE;
}

/**
 * ph_search_context_apply: (skip)
 * @self: a context
 * @items: (nullable): the first name of an ESEARCH response's items, see ph_esearch_first()
 *
 * For extensions, outside of the engine: takes ALL, ADDTO and REMOVEFROM, in the order in which they stand, and emits
 * [signal@SearchContext::items-changed] for each run of UIDs. What can't be read is left out.
 *
 * Returns: %FALSE where there are more messages than it keeps; it is then to be ended
 */
gboolean
ph_search_context_apply (PhSearchContext *self, const PhValue *items)
{
  g_return_val_if_fail (PH_IS_SEARCH_CONTEXT (self), FALSE);

  gboolean fits = TRUE;
  for (; fits && ph_value_next (items) != NULL; items = ph_value_next (ph_value_next (items)))
    if (ph_value_is (items, "ALL"))
      fits = apply_set (self, 0, ph_value_next (items), add_range);
    else if (ph_value_is (items, "ADDTO"))
      fits = apply_pairs (self, ph_value_next (items), add_range);
    else if (ph_value_is (items, "REMOVEFROM"))
      fits = apply_pairs (self, ph_value_next (items), remove_range);
  return fits;
}

/**
 * ph_search_context_refuse: (skip)
 * @self: a context
 *
 * For extensions: the server keeps it true no more, or never did.
 */
void
ph_search_context_refuse (PhSearchContext *self)
{
  g_return_if_fail (PH_IS_SEARCH_CONTEXT (self));

  self->live = FALSE;
}

/**
 * ph_search_context_end: (skip)
 * @self: a context
 *
 * For extensions, outside of the engine: it is kept true no more, and whoever listens is told.
 */
void
ph_search_context_end (PhSearchContext *self)
{
  g_return_if_fail (PH_IS_SEARCH_CONTEXT (self));

  self->live = FALSE;
  g_signal_emit (self, signals[ENDED], 0);
}

/**
 * ph_search_context_get_n_uids:
 * @self: a context
 *
 * Returns: how many messages match
 */
guint
ph_search_context_get_n_uids (PhSearchContext *self)
{
  g_return_val_if_fail (PH_IS_SEARCH_CONTEXT (self), 0);

  return self->uids->len;
}

/**
 * ph_search_context_get_uid:
 * @self: a context
 * @index: from 0
 *
 * Returns: the UID at @index, in the order that was asked for; a search's are in ascending order. 0: there are not so many
 */
guint32
ph_search_context_get_uid (PhSearchContext *self, guint index)
{
  g_return_val_if_fail (PH_IS_SEARCH_CONTEXT (self), 0);

  return index < self->uids->len ? uid_at (self, index) : 0;
}

/**
 * ph_search_context_get_set:
 * @self: a context
 *
 * Returns: (transfer full): the UIDs of all messages that match
 */
PhMessageSet *
ph_search_context_get_set (PhSearchContext *self)
{
  g_return_val_if_fail (PH_IS_SEARCH_CONTEXT (self), NULL);

  PhMessageSet *set = ph_message_set_new (TRUE);
  for (guint i = 0; i < self->uids->len; i++)
    ph_message_set_add (set, uid_at (self, i));
  return set;
}

/**
 * ph_search_context_is_live:
 * @self: a context
 *
 * Returns: %FALSE where the server would not keep it true (NOUPDATE, RFC 5267 section 4.3.1), and once it has ended
 */
gboolean
ph_search_context_is_live (PhSearchContext *self)
{
  g_return_val_if_fail (PH_IS_SEARCH_CONTEXT (self), FALSE);

  return self->live;
}
