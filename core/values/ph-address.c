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
#include "ph-value-private.h"

#include <string.h>

/**
 * PhAddress:
 *
 * A name and an address, as a message's header has them; decoded.
 */
G_DEFINE_BOXED_TYPE (PhAddress, ph_address, ph_address_ref, ph_address_unref)

enum { NAME, ROUTE, MAILBOX, HOST, N_FIELDS };

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

  PhAddress *self = g_new0 (PhAddress, 1);

  g_atomic_ref_count_init (&self->refs);
  self->name = name != NULL && *name != '\0' ? g_strdup (name) : NULL;
  self->email = g_strdup (email);
  return self;
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

  if (self->envelope != NULL)
    ph_message_envelope_ref (self->envelope);
  else
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

  if (self->envelope != NULL)
    {
      ph_message_envelope_unref (self->envelope);
      return;
    }
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free ((char *) self->name);
  g_free ((char *) self->email);
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

typedef struct {
  PhText field[N_FIELDS];
} Fields;

static gboolean
contains (const PhText *field, char c)
{
  return field->text != NULL && memchr (field->text, c, field->length) != NULL;
}

static G_GNUC_NO_INLINE gboolean
is_one_of_placeholders (const PhText *field)
{
  static const char *const placeholders[] = { "MISSING_DOMAIN", "MISSING_MAILBOX", ".MISSING-HOST-NAME.", "UNSPECIFIED-DOMAIN" };

  for (gsize i = 0; i < G_N_ELEMENTS (placeholders); i++)
    {
      if (strlen (placeholders[i]) == field->length && g_ascii_strncasecmp (field->text, placeholders[i], field->length) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What servers write where the header had none. */
static inline gboolean
is_placeholder (const PhText *field)
{
  char first;

  if (field->length < 14 || field->length > 19)
    return FALSE;
  first = *field->text & ~0x20;
  return (first == 'M' || first == 'U' || *field->text == '.') && is_one_of_placeholders (field);
}

static void
read_fields (const PhValue *address, Fields *fields)
{
  const guint8 *p = ph_value_octets (address) + PH_VALUE_LIST_HEAD;

  /* some servers write an empty string for NIL */
  for (int i = 0; i < N_FIELDS; i++)
    p = ph_value_take_text (p, &fields->field[i]);
  if (G_LIKELY (fields->field[HOST].text != NULL))
    return;

  /* Some servers have name and address the other way round. */
  if (contains (&fields->field[NAME], '@') && !contains (&fields->field[NAME], ' ') && !contains (&fields->field[MAILBOX], '@'))
    {
      PhText name = fields->field[MAILBOX];

      fields->field[MAILBOX] = fields->field[NAME];
      fields->field[NAME] = name;
    }
}

static gboolean
is_group_end (const Fields *fields)
{
  return fields->field[HOST].text == NULL && fields->field[NAME].text == NULL && fields->field[MAILBOX].text == NULL;
}

static gboolean
is_group_start (const Fields *fields)
{
  return fields->field[NAME].text == NULL && fields->field[MAILBOX].text != NULL && fields->field[HOST].text == NULL
         && !contains (&fields->field[MAILBOX], '@');
}

static const char *
keep (GPtrArray **decoded, char *text)
{
  if (*decoded == NULL)
    *decoded = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (*decoded, text);
  return text;
}

static gboolean
is_clean (const PhText *text, gboolean words)
{
  return text->clean || text->length == 0 || ph_header_text_is_clean (text->text, text->length, words);
}

static G_GNUC_NO_INLINE const char *
join_decoded (const PhText *local, const PhText *domain, GPtrArray **decoded)
{
  g_autofree char *before = ph_header_text_plain (local->text != NULL ? local->text : "", local->length);
  g_autofree char *behind = ph_header_text_plain (domain->text != NULL ? domain->text : "", domain->length);

  return keep (decoded, domain->text != NULL ? g_strconcat (before, "@", behind, NULL) : g_strdup (before));
}

static const char *
join (const PhText *local, const PhText *domain, char **text, GPtrArray **decoded)
{
  char *start = *text;
  char *p = start;

  if (G_UNLIKELY (!is_clean (local, FALSE) || !is_clean (domain, FALSE)))
    return join_decoded (local, domain, decoded);
  /* in place, where there is nothing to join */
  if (domain->text == NULL)
    return local->text != NULL ? local->text : "";

  if (local->text != NULL)
    p = ph_address_put_text (p, local->text, local->length);
  *p++ = '@';
  p = ph_address_put_text (p, domain->text, domain->length);
  *p++ = '\0';
  *text = p;
  return start;
}

static void
fill (PhAddress *address, PhMessageEnvelope *envelope, Fields *fields, char **text, GPtrArray **decoded)
{
  static const PhText none = { NULL, 0, TRUE };
  const PhText *name = &fields->field[NAME];
  const PhText *local = &fields->field[MAILBOX];
  const PhText *domain = &fields->field[HOST];

  address->envelope = envelope;
  address->name = name->text;
  if (G_UNLIKELY (!is_clean (name, TRUE)))
    address->name = keep (decoded, ph_header_text_decode (name->text, name->length));
  address->email = join (is_placeholder (local) ? &none : local, is_placeholder (domain) ? &none : domain, text, decoded);
}

/* One address without the list around it */
static gboolean
is_bare (const PhValue *list)
{
  const PhValue *first = ph_value_begin (list);

  return first != NULL && ph_value_kind (first) != PH_VALUE_LIST;
}

/* Without the mark of a group's end, a missing host is just a missing host. */
static gboolean
has_group_end (const PhValue *list)
{
  Fields fields;

  for (const PhValue *value = ph_value_begin (list); value != NULL; value = ph_value_step (value))
    {
      if (ph_value_kind (value) != PH_VALUE_LIST)
        continue;
      read_fields (value, &fields);
      if (is_group_end (&fields))
        return TRUE;
    }
  return FALSE;
}

guint
ph_address_read_odd (const PhValue *list, const PhValue *first, guint n, PhMessageEnvelope *envelope, PhAddress *addresses, char **text,
                     GPtrArray **decoded)
{
  gboolean bare = is_bare (list);
  gboolean looked = FALSE, has_groups = FALSE;
  Fields fields;

  for (const PhValue *value = bare ? list : first; value != NULL; value = bare ? NULL : ph_value_step (value))
    {
      if (ph_value_kind (value) != PH_VALUE_LIST)
        continue;
      read_fields (value, &fields);
      if (fields.field[HOST].text == NULL && is_group_end (&fields))
        continue;
      if (fields.field[HOST].text == NULL && is_group_start (&fields))
        {
          has_groups = looked ? has_groups : !bare && has_group_end (list);
          looked = TRUE;
          if (has_groups)
            continue;
        }
      fill (&addresses[n++], envelope, &fields, text, decoded);
    }
  return n;
}
