/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhConverted: what became of a part that the server converted. */
#include <posthorn/posthorn.h>

#include <string.h>

/**
 * PhConverted:
 *
 * What became of a part that the server converted (CONVERTED, RFC 5259 section 8.1). It never changes, so that any thread may use it.
 */
struct _PhConverted {
  gatomicrefcount ref_count;
  PhValue *items; /* names and values in turn */
};

G_DEFINE_BOXED_TYPE (PhConverted, ph_converted, ph_converted_ref, ph_converted_unref)

/**
 * ph_converted_new:
 * @items: a list of names and values in turn; copied
 *
 * For extensions.
 *
 * Returns: (transfer full): a new one
 */
PhConverted *
ph_converted_new (const PhValue *items)
{
  g_return_val_if_fail (items != NULL, NULL);

  PhConverted *self = g_new0 (PhConverted, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->items = ph_value_copy (items);
  return self;
}

/**
 * ph_converted_ref:
 * @self: what became of a part
 *
 * Returns: (transfer full): @self
 */
PhConverted *
ph_converted_ref (PhConverted *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_converted_unref:
 * @self: what became of a part
 *
 * Lets go of a reference.
 */
void
ph_converted_unref (PhConverted *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  ph_value_free (self->items);
  g_free (self);
}

/* converterror-phrase: ("ERROR" text code …) */
static gboolean
is_problem (const PhValue *value)
{
  g_autofree char *word = ph_value_get_kind (value) == PH_VALUE_LIST ? ph_value_dup_text (ph_value_first (value)) : NULL;

  return word != NULL && g_ascii_strcasecmp (word, "ERROR") == 0;
}

/**
 * ph_converted_check:
 * @self: what became of a part
 * @error: return location for an error
 *
 * Tells whether the server could convert all that was asked for. %PH_ERROR_UNAVAILABLE: not just now (TEMPFAIL); %PH_ERROR_CANNOT: not this part,
 * or not with these parameters, as the server's words say (BADPARAMETERS, MISSINGPARAMETERS; RFC 5259 section 9).
 *
 * Returns: %TRUE where it could
 */
gboolean
ph_converted_check (PhConverted *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (const PhValue *name = ph_value_first (self->items); name != NULL; name = ph_value_next (ph_value_next (name)))
    {
      const PhValue *value = ph_value_next (name);
      g_autofree char *text = NULL;
      g_autofree char *code = NULL;

      if (!is_problem (value))
        continue;
      text = ph_value_dup_text (ph_value_get_child (value, 1));
      code = ph_value_dup_text (ph_value_get_child (value, 2));
      g_propagate_error (error, ph_error_new (g_strcmp0 (code, "TEMPFAIL") == 0 ? PH_ERROR_UNAVAILABLE : PH_ERROR_CANNOT, NULL, NULL,
                                              "The server could not convert it: %s", text != NULL ? text : "it does not say why"));
      return FALSE;
    }
  return TRUE;
}

/* The value of "BINARY[3]" or "BINARY[3]<0>" by "BINARY[" */
static const PhValue *
find (PhConverted *self, const char *prefix)
{
  const PhValue *name = ph_value_first (self->items);

  for (; name != NULL; name = ph_value_next (ph_value_next (name)))
    {
      g_autofree char *text = ph_value_dup_text (name);

      if (text != NULL && g_ascii_strncasecmp (text, prefix, strlen (prefix)) == 0)
        return is_problem (ph_value_next (name)) ? NULL : ph_value_next (name);
    }
  return NULL;
}

/**
 * ph_converted_get_data:
 * @self: what became of a part
 *
 * Returns: (transfer full) (nullable): the octets, or the header; %NULL where they weren't asked for
 */
GBytes *
ph_converted_get_data (PhConverted *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  const PhValue *value = find (self, "BINARY[");
  gsize length;
  const char *data = ph_value_get_data (value != NULL ? value : find (self, "BODY["), &length);
  return data != NULL ? g_bytes_new (data, length) : NULL;
}

/**
 * ph_converted_get_size:
 * @self: what became of a part
 *
 * Returns: how many octets the whole converted part has, in this session; -1 where that wasn't asked for
 */
gint64
ph_converted_get_size (PhConverted *self)
{
  guint64 size;

  g_return_val_if_fail (self != NULL, -1);

  return ph_value_get_number (find (self, "BINARY.SIZE["), &size) && size <= G_MAXINT64 ? (gint64) size : -1;
}

/**
 * ph_converted_get_structure:
 * @self: what became of a part
 *
 * Returns: (transfer none) (nullable): what the octets are, a list as in BODYSTRUCTURE; %NULL where that wasn't asked for
 */
const PhValue *
ph_converted_get_structure (PhConverted *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return find (self, "BODYPARTSTRUCTURE[");
}

/**
 * ph_converted_get_targets:
 * @self: what became of a part
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): the media types that the part can be converted into, perhaps none; %NULL where they
 *   weren't asked for
 */
char **
ph_converted_get_targets (PhConverted *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  const PhValue *list = find (self, "AVAILABLECONVERSIONS[");
  return list != NULL ? ph_value_dup_strings (ph_value_first (ph_value_first (list))) : NULL;
}
