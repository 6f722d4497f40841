/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhAddress: one sender or recipient of a message's header.
 *
 *   address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"     RFC 9051 section 9, four nstrings
 *
 * A host of NIL marks a group (RFC 9051 section 7.5.2): its beginning where there's a mailbox, which is the
 * group's name, and its end where there is none.
 */
#include "ph-address-private.h"
#include "ph-encoded-word.h"
#include "ph-value-read.h"

#include <string.h>

/**
 * PhAddress:
 *
 * A name and an address, as a message's header has them; decoded.
 */
struct _PhAddress {
  gatomicrefcount refs;
  char *name;
  char *email;
};

G_DEFINE_BOXED_TYPE (PhAddress, ph_address, ph_address_ref, ph_address_unref)

enum { NAME, ROUTE, MAILBOX, HOST, N_FIELDS };

typedef struct {
  const PhValue *field[N_FIELDS]; /* NULL where NIL, empty or missing */
} Fields;

static PhAddress *
address_take (char *name, char *email)
{
  PhAddress *self = g_new0 (PhAddress, 1);

  g_atomic_ref_count_init (&self->refs);
  self->name = name;
  self->email = email;
  return self;
}

/**
 * ph_address_new:
 * @name: (nullable): the name that is shown, UTF-8
 * @email: "local@domain"
 *
 * Makes an address.
 *
 * Returns: (transfer full): a new address
 */
PhAddress *
ph_address_new (const char *name, const char *email)
{
  g_return_val_if_fail (email != NULL, NULL);

  return address_take (name != NULL && *name != '\0' ? g_strdup (name) : NULL, g_strdup (email));
}

/**
 * ph_address_ref:
 * @self: an address
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhAddress *
ph_address_ref (PhAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_address_unref:
 * @self: (transfer full): an address
 *
 * Drops a reference; any thread may.
 */
void
ph_address_unref (PhAddress *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->name);
  g_free (self->email);
  g_free (self);
}

/**
 * ph_address_get_name:
 * @self: an address
 *
 * Returns: (transfer none) (nullable): the name that is shown, decoded; %NULL without one
 */
const char *
ph_address_get_name (PhAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * ph_address_get_email:
 * @self: an address
 *
 * Returns: (transfer none): "local@domain"; without "@" where the server knew no domain, "" where it knew nothing
 */
const char *
ph_address_get_email (PhAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->email;
}

/* Words of atoms stand as they are, everything else goes into quotes (RFC 5322 section 3.2.4). */
static void
append_phrase (GString *text, const char *name)
{
  if (strpbrk (name, "()<>[]:;@\\,.\"") == NULL)
    {
      g_string_append (text, name);
      return;
    }
  g_string_append_c (text, '"');
  for (const char *p = name; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *p);
    }
  g_string_append_c (text, '"');
}

/**
 * ph_address_to_string:
 * @self: an address
 *
 * Writes the address for people to read, `Ann Ex <ann@example.org>`. Names are not encoded.
 *
 * Returns: (transfer full): its text, UTF-8
 */
char *
ph_address_to_string (PhAddress *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->name == NULL)
    return g_strdup (self->email);
  text = g_string_new (NULL);
  append_phrase (text, self->name);
  if (*self->email != '\0')
    g_string_append_printf (text, " <%s>", self->email);
  return g_string_free (text, FALSE);
}

static gboolean
contains (const PhValue *value, char c)
{
  gsize length;
  const char *data = ph_value_get_data (value, &length);

  return data != NULL && memchr (data, c, length) != NULL;
}

/* What servers write where the header had none. */
static gboolean
is_placeholder (const PhValue *value)
{
  static const char *const placeholders[] = { "MISSING_DOMAIN", "MISSING_MAILBOX", ".MISSING-HOST-NAME.", "UNSPECIFIED-DOMAIN" };

  for (gsize i = 0; i < G_N_ELEMENTS (placeholders); i++)
    {
      if (ph_value_is (value, placeholders[i]))
        return TRUE;
    }
  return FALSE;
}

static void
read_fields (const PhValue *address, Fields *fields)
{
  const PhValue *value = ph_value_first (address);

  for (int i = 0; i < N_FIELDS; i++)
    {
      gboolean told = !ph_value_is_empty (value) && ph_value_get_kind (value) != PH_VALUE_LIST;

      fields->field[i] = told ? value : NULL;
      value = value != NULL ? ph_value_next (value) : NULL;
    }
  /* Some servers have name and address the other way round. */
  if (fields->field[HOST] == NULL && contains (fields->field[NAME], '@') && !contains (fields->field[NAME], ' ')
      && !contains (fields->field[MAILBOX], '@'))
    {
      const PhValue *name = fields->field[MAILBOX];

      fields->field[MAILBOX] = fields->field[NAME];
      fields->field[NAME] = name;
    }
}

static gboolean
is_group_end (const Fields *fields)
{
  return fields->field[NAME] == NULL && fields->field[MAILBOX] == NULL && fields->field[HOST] == NULL;
}

static gboolean
is_group_start (const Fields *fields)
{
  return fields->field[NAME] == NULL && fields->field[MAILBOX] != NULL && fields->field[HOST] == NULL
         && !contains (fields->field[MAILBOX], '@');
}

static char *
dup_plain (const PhValue *value)
{
  gsize length;
  const char *data = ph_value_get_data (value, &length);

  return data != NULL ? ph_header_text_plain (data, length) : NULL;
}

static PhAddress *
address_from_fields (const Fields *fields)
{
  const PhValue *mailbox = is_placeholder (fields->field[MAILBOX]) ? NULL : fields->field[MAILBOX];
  const PhValue *host = is_placeholder (fields->field[HOST]) ? NULL : fields->field[HOST];
  g_autofree char *local = dup_plain (mailbox);
  g_autofree char *domain = dup_plain (host);
  char *email, *name = NULL;
  gsize length;
  const char *data = ph_value_get_data (fields->field[NAME], &length);

  if (data != NULL)
    name = ph_header_text_decode (data, length);
  if (domain != NULL)
    email = g_strconcat (local != NULL ? local : "", "@", domain, NULL);
  else
    email = g_strdup (local != NULL ? local : "");
  return address_take (name, email);
}

GPtrArray *
ph_address_list_from_value (const PhValue *list)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_address_unref);
  const PhValue *first = ph_value_first (list);
  gboolean has_groups = FALSE;
  Fields fields;

  /* One address without the list around it */
  if (first != NULL && ph_value_get_kind (first) != PH_VALUE_LIST)
    {
      read_fields (list, &fields);
      if (!is_group_end (&fields))
        g_ptr_array_add (addresses, address_from_fields (&fields));
      return addresses;
    }

  /* Without the mark of a group's end, a missing host is just a missing host. */
  for (const PhValue *value = first; value != NULL && !has_groups; value = ph_value_next (value))
    {
      read_fields (value, &fields);
      has_groups = is_group_end (&fields);
    }
  for (const PhValue *value = first; value != NULL; value = ph_value_next (value))
    {
      read_fields (value, &fields);
      if (!is_group_end (&fields) && !(has_groups && is_group_start (&fields)))
        g_ptr_array_add (addresses, address_from_fields (&fields));
    }
  return addresses;
}
