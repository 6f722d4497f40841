/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhMailboxState: what a program knows of a mailbox, eight octets a message. */
#include "ph-mailbox-state-private.h"

#include <string.h>

/**
 * PhMailboxState:
 *
 * What a program knows of a mailbox: UIDVALIDITY, a mod-sequence, and for each UID the flags that it had.
 *
 * [method@Store.get_changes] compares it with the server and answers with another; [method@MailboxState.to_bytes] keeps it from one
 * run of a program to the next. Flags are sets: their order, the case of their letters and `\Recent`, which is each session's own, make no
 * difference.
 *
 * A state is filled by its owner and not changed once it was handed on; from then on any thread may read it.
 */
G_DEFINE_BOXED_TYPE (PhMailboxState, ph_mailbox_state, ph_mailbox_state_ref, ph_mailbox_state_unref)

/* On disk: in little-endian order */
#define FORMAT "(uta(uu)as)"

/* The flags of a message that aren't known */
static const char unknown_key[] = "";

static void
flag_set_free (gpointer data)
{
  PhFlagSet *set = data;

  g_ref_string_release (set->key);
  g_free (set->text);
  g_free (set);
}

/**
 * ph_mailbox_state_new:
 * @uid_validity: the mailbox' UIDVALIDITY, 0 where it isn't known
 * @mod_seq: up to which mod-sequence (RFC 7162) what will be added is true; 0 where that isn't known
 *
 * Returns: (transfer full): a state without messages
 */
PhMailboxState *
ph_mailbox_state_new (guint32 uid_validity, guint64 mod_seq)
{
  PhMailboxState *self = g_new0 (PhMailboxState, 1);

  g_atomic_ref_count_init (&self->refs);
  self->uid_validity = uid_validity;
  self->mod_seq = mod_seq;
  self->entries = g_array_new (FALSE, FALSE, sizeof (PhStateEntry));
  self->flag_sets = g_ptr_array_new_with_free_func (flag_set_free);
  self->by_key = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

/**
 * ph_mailbox_state_ref:
 * @self: a state
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhMailboxState *
ph_mailbox_state_ref (PhMailboxState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_mailbox_state_unref:
 * @self: (transfer full): a state
 *
 * Drops a reference; any thread may.
 */
void
ph_mailbox_state_unref (PhMailboxState *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_hash_table_unref (self->by_key);
  g_ptr_array_unref (self->flag_sets);
  g_array_unref (self->entries);
  g_free (self);
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return g_ascii_strcasecmp (*(const char *const *) a, *(const char *const *) b);
}

/* "\\Seen x" for every way to say that */
static char *
join_flags (const char *const *flags)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  GString *text = g_string_new (NULL);
  const char *before = NULL;

  for (; *flags != NULL; flags++)
    if (**flags != '\0' && g_ascii_strcasecmp (*flags, "\\Recent") != 0)
      g_ptr_array_add (words, (gpointer) *flags);
  g_ptr_array_sort (words, compare_words);
  for (guint i = 0; i < words->len; i++)
    {
      const char *word = g_ptr_array_index (words, i);

      if (before == NULL || g_ascii_strcasecmp (before, word) != 0)
        g_string_append_printf (text, "%s%s", before != NULL ? " " : "", word);
      before = word;
    }
  return g_string_free (text, FALSE);
}

/* The index behind 0, which stands for flags that aren't known */
static guint32
find_flag_set (PhMailboxState *self, const char *text)
{
  g_autofree char *folded = g_ascii_strdown (text, -1);
  gpointer index = g_hash_table_lookup (self->by_key, folded);
  PhFlagSet *set;

  if (index != NULL)
    return GPOINTER_TO_UINT (index);
  set = g_new0 (PhFlagSet, 1);
  set->key = g_ref_string_new_intern (folded);
  set->text = g_strdup (text);
  g_ptr_array_add (self->flag_sets, set);
  g_hash_table_insert (self->by_key, set->key, GUINT_TO_POINTER (self->flag_sets->len));
  return self->flag_sets->len;
}

const char *
ph_mailbox_state_get_key (PhMailboxState *self, guint32 flags)
{
  return flags == 0 ? unknown_key : ((PhFlagSet *) g_ptr_array_index (self->flag_sets, flags - 1))->key;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const PhStateEntry *one = a;
  const PhStateEntry *other = b;

  return (one->uid > other->uid) - (one->uid < other->uid);
}

/* Entries ascend, each UID once, and what came last is what counts (g_array_sort () keeps the order of equals). */
static void
tidy (PhMailboxState *self)
{
  PhStateEntry *entries = (PhStateEntry *) (void *) self->entries->data;
  guint n = 0;

  if (!self->unsorted)
    return;
  self->unsorted = FALSE;
  g_array_sort (self->entries, compare_entries);
  for (guint i = 0; i < self->entries->len; i++)
    {
      if (n > 0 && entries[n - 1].uid == entries[i].uid)
        n--;
      entries[n++] = entries[i];
    }
  g_array_set_size (self->entries, n);
}

const PhStateEntry *
ph_mailbox_state_peek (PhMailboxState *self, guint *n_entries)
{
  tidy (self);
  *n_entries = self->entries->len;
  return (const PhStateEntry *) (const void *) self->entries->data;
}

static void
append (PhMailboxState *self, guint32 uid, guint32 flags)
{
  const PhStateEntry entry = { uid, flags };

  if (self->entries->len > 0 && g_array_index (self->entries, PhStateEntry, self->entries->len - 1).uid >= uid)
    self->unsorted = TRUE;
  g_array_append_val (self->entries, entry);
}

/**
 * ph_mailbox_state_add:
 * @self: a state that was not handed on yet
 * @uid: a UID
 * @flags: (nullable) (array zero-terminated=1): its flags; %NULL where they aren't known
 *
 * Adds a message. What was added of that UID before is forgotten. In ascending order this costs least.
 */
void
ph_mailbox_state_add (PhMailboxState *self, guint32 uid, const char *const *flags)
{
  g_autofree char *text = NULL;

  g_return_if_fail (self != NULL);

  if (uid == 0 || uid == PH_MESSAGE_SET_STAR)
    return;
  text = flags != NULL ? join_flags (flags) : NULL;
  append (self, uid, text != NULL ? find_flag_set (self, text) : 0);
}

/**
 * ph_mailbox_state_add_uids:
 * @self: a state that was not handed on yet
 * @uids: UIDs, at most 16 million
 *
 * Adds messages whose flags aren't known.
 */
void
ph_mailbox_state_add_uids (PhMailboxState *self, PhMessageSet *uids)
{
  g_autofree guint32 *values = NULL;
  gsize n_values = 0;

  g_return_if_fail (self != NULL);
  g_return_if_fail (uids != NULL);

  values = ph_message_set_to_array (uids, &n_values);
  for (gsize i = 0; i < n_values; i++)
    append (self, values[i], 0);
}

/**
 * ph_mailbox_state_inherit: (skip)
 * @self: a state that was not handed on yet
 * @from: another
 * @only: (nullable): of these UIDs only
 * @without: (nullable): and of none of these
 *
 * For engines: takes over what @from knows; what @self was told itself counts more.
 */
void
ph_mailbox_state_inherit (PhMailboxState *self, PhMailboxState *from, PhMessageSet *only, PhMessageSet *without)
{
  g_autoptr (GArray) own = NULL;
  guint n_entries, n_own, j = 0;
  const PhStateEntry *entries = ph_mailbox_state_peek (from, &n_entries);
  const PhStateEntry *told = ph_mailbox_state_peek (self, &n_own);

  own = g_steal_pointer (&self->entries);
  self->entries = g_array_sized_new (FALSE, FALSE, sizeof (PhStateEntry), MAX (n_entries, n_own));
  for (guint i = 0; i < n_entries; i++)
    {
      guint32 uid = entries[i].uid;

      for (; j < n_own && told[j].uid < uid; j++)
        g_array_append_val (self->entries, told[j]);
      if ((j < n_own && told[j].uid == uid) || (only != NULL && !ph_message_set_contains (only, uid)) ||
          (without != NULL && ph_message_set_contains (without, uid)))
        continue;
      append (self, uid, entries[i].flags == 0 ? 0 : find_flag_set (self, ((PhFlagSet *) g_ptr_array_index (from->flag_sets, entries[i].flags - 1))->text));
    }
  if (j < n_own)
    g_array_append_vals (self->entries, told + j, n_own - j);
}

/**
 * ph_mailbox_state_add_missing: (skip)
 * @self: a state that was not handed on yet
 * @uids: UIDs, at most 16 million
 *
 * For engines: adds those that @self doesn't know yet, without flags.
 */
void
ph_mailbox_state_add_missing (PhMailboxState *self, PhMessageSet *uids)
{
  g_autoptr (PhMailboxState) bare = NULL;

  g_return_if_fail (self != NULL && uids != NULL);

  bare = ph_mailbox_state_new (0, 0);
  ph_mailbox_state_add_uids (bare, uids);
  ph_mailbox_state_inherit (self, bare, NULL, NULL);
}

/**
 * ph_mailbox_state_get_uid_validity:
 * @self: a state
 *
 * Returns: UIDVALIDITY; 0 unknown
 */
guint32
ph_mailbox_state_get_uid_validity (PhMailboxState *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->uid_validity;
}

/**
 * ph_mailbox_state_get_mod_seq:
 * @self: a state
 *
 * Returns: the mod-sequence up to which the state is true; 0 unknown
 */
guint64
ph_mailbox_state_get_mod_seq (PhMailboxState *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->mod_seq;
}

/**
 * ph_mailbox_state_get_n_messages:
 * @self: a state
 *
 * Returns: how many messages it knows of
 */
guint
ph_mailbox_state_get_n_messages (PhMailboxState *self)
{
  guint n_entries;

  g_return_val_if_fail (self != NULL, 0);

  ph_mailbox_state_peek (self, &n_entries);
  return n_entries;
}

static const PhStateEntry *
find (PhMailboxState *self, guint32 uid)
{
  const PhStateEntry wanted = { uid, 0 };
  guint n_entries;
  const PhStateEntry *entries = ph_mailbox_state_peek (self, &n_entries);

  return n_entries > 0 ? bsearch (&wanted, entries, n_entries, sizeof wanted, compare_entries) : NULL;
}

/**
 * ph_mailbox_state_contains:
 * @self: a state
 * @uid: a UID
 *
 * Returns: whether it knows of that message
 */
gboolean
ph_mailbox_state_contains (PhMailboxState *self, guint32 uid)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return find (self, uid) != NULL;
}

/**
 * ph_mailbox_state_get_uids:
 * @self: a state
 *
 * Returns: (transfer full): the UIDs of the messages that it knows of
 */
PhMessageSet *
ph_mailbox_state_get_uids (PhMailboxState *self)
{
  PhMessageSet *uids = ph_message_set_new (TRUE);
  const PhStateEntry *entries;
  guint n_entries;

  g_return_val_if_fail (self != NULL, uids);

  entries = ph_mailbox_state_peek (self, &n_entries);
  for (guint i = 0; i < n_entries; i++)
    ph_message_set_add (uids, entries[i].uid);
  return uids;
}

/**
 * ph_mailbox_state_get_flags:
 * @self: a state
 * @uid: a UID
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): its flags, in an order of their own and without `\Recent`; %NULL where
 *   they aren't known
 */
char **
ph_mailbox_state_get_flags (PhMailboxState *self, guint32 uid)
{
  const PhStateEntry *entry;

  g_return_val_if_fail (self != NULL, NULL);

  entry = find (self, uid);
  if (entry == NULL || entry->flags == 0)
    return NULL;
  return g_strsplit (((PhFlagSet *) g_ptr_array_index (self->flag_sets, entry->flags - 1))->text, " ", -1);
}

static GVariant *
to_little_endian (GVariant *variant)
{
#if G_BYTE_ORDER == G_BIG_ENDIAN
  GVariant *swapped = g_variant_byteswap (variant);

  g_variant_unref (variant);
  return swapped;
#else
  return variant;
#endif
}

/**
 * ph_mailbox_state_to_bytes:
 * @self: a state
 *
 * For a file: [ctor@MailboxState.new_from_bytes] reads it on any machine.
 *
 * Returns: (transfer full): about eight octets a message
 */
GBytes *
ph_mailbox_state_to_bytes (PhMailboxState *self)
{
  GVariantBuilder texts;
  const PhStateEntry *entries;
  guint n_entries;
  g_autoptr (GVariant) variant = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  entries = ph_mailbox_state_peek (self, &n_entries);
  g_variant_builder_init (&texts, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < self->flag_sets->len; i++)
    g_variant_builder_add (&texts, "s", ((PhFlagSet *) g_ptr_array_index (self->flag_sets, i))->text);
  variant = g_variant_new ("(ut@a(uu)as)", self->uid_validity, self->mod_seq,
                           g_variant_new_fixed_array (G_VARIANT_TYPE ("(uu)"), entries, n_entries, sizeof *entries), &texts);
  variant = to_little_endian (g_variant_ref_sink (variant));
  return g_variant_get_data_as_bytes (variant);
}

static gboolean
read_entries (PhMailboxState *self, const PhStateEntry *entries, gsize n_entries, char **texts)
{
  guint n_texts = g_strv_length (texts);
  g_autofree guint32 *indexes = g_new0 (guint32, n_texts + 1);

  for (guint i = 0; i < n_texts; i++)
    {
      g_auto (GStrv) words = g_strsplit (texts[i], " ", -1);
      g_autofree char *text = join_flags ((const char *const *) words);

      indexes[i + 1] = find_flag_set (self, text);
    }
  for (gsize i = 0; i < n_entries; i++)
    {
      if (entries[i].uid == 0 || entries[i].uid == PH_MESSAGE_SET_STAR || entries[i].flags > n_texts)
        return FALSE;
      append (self, entries[i].uid, indexes[entries[i].flags]);
    }
  return TRUE;
}

/**
 * ph_mailbox_state_new_from_bytes:
 * @bytes: what [method@MailboxState.to_bytes] returned
 * @error: return location for an error
 *
 * Fails with %PH_ERROR_INVALID_ARGUMENT where @bytes is something else, or damaged.
 *
 * Returns: (transfer full): the state
 */
PhMailboxState *
ph_mailbox_state_new_from_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) array = NULL;
  g_autofree char **texts = NULL;
  g_autoptr (PhMailboxState) self = NULL;
  const PhStateEntry *entries;
  gsize n_entries;
  guint32 uid_validity;
  guint64 mod_seq;

  g_return_val_if_fail (bytes != NULL, NULL);

  variant = to_little_endian (g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (FORMAT), bytes, FALSE)));
  if (g_variant_is_normal_form (variant))
    {
      g_variant_get (variant, "(ut@a(uu)^a&s)", &uid_validity, &mod_seq, &array, &texts);
      entries = g_variant_get_fixed_array (array, &n_entries, sizeof *entries);
      self = ph_mailbox_state_new (uid_validity, mod_seq);
      if (read_entries (self, entries, n_entries, texts))
        return g_steal_pointer (&self);
    }
  g_set_error_literal (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "The octets are not the state of a mailbox");
  return NULL;
}
