/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From whom and to whom a message goes, out of its header:
 *
 *   originator  = [sender] from                                  RFC 5322 section 3.6.2
 *   destination = *(to / cc / bcc)                               section 3.6.3
 *   resent      = resent-date resent-from [resent-sender]
 *                 *(resent-to / resent-cc / resent-bcc)          section 3.6.6: one block for each time that it was sent again
 */
#include "ph-mime-header.h"

#include "ph-mime-cleanup.h"

#include <string.h>

static const char *const resent_once[] = { "Resent-Date", "Resent-From", "Resent-Sender", "Resent-Message-ID" };
static const char *const resent_recipients[] = { "Resent-To", "Resent-Cc", "Resent-Bcc" };
static const char *const recipients[] = { "To", "Cc", "Bcc" };

/* A field that each block has at most once tells how many there are. */
static guint
count_blocks (GMimeMessage *message)
{
  guint n_blocks = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (resent_once); i++)
    {
      guint n = ph_mime_count_fields (message, resent_once[i]);

      n_blocks = MAX (n_blocks, n);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (resent_recipients) && n_blocks == 0; i++)
    n_blocks = ph_mime_count_fields (message, resent_recipients[i]) > 0;
  return n_blocks;
}

static gboolean
refuse (const char *field, const char *address, const char *why, GError **error)
{
  g_autofree char *start = g_strndup (address, 60);
  g_autofree char *shown = g_utf8_make_valid (start, -1);

  for (char *c = shown; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  g_propagate_error (error, ph_mime_error (PH_ERROR_INVALID_ARGUMENT, "the address “%s” of the header field %s can't be sent to: %s", shown,
                                           field, why));
  return FALSE;
}

static gboolean
check_address (const char *field, const char *address, GError **error)
{
  if (*address == '\0')
    return refuse (field, address, "it is empty", error);
  if (strlen (address) > PH_MIME_MAX_LINE)
    return refuse (field, address, "it is longer than 998 octets", error);
  if (!g_utf8_validate (address, -1, NULL))
    return refuse (field, address, "it is not UTF-8", error);
  for (const char *c = address; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      return refuse (field, address, "there is a line end or another control character in it", error);
  return TRUE;
}

typedef struct {
  GPtrArray *addresses;
  GHashTable *seen;
  PhMimeReach reach;
} Collection;

/* Members of groups, too (RFC 5322 section 3.4); an address that stands twice gets the message once. */
static gboolean
collect (Collection *self, const char *field, InternetAddressList *list, GError **error)
{
  for (int i = 0; i < internet_address_list_length (list); i++)
    {
      InternetAddress *one = internet_address_list_get_address (list, i);
      const char *address;
      PhMimeReach reach;

      if (INTERNET_ADDRESS_IS_GROUP (one))
        {
          if (!collect (self, field, internet_address_group_get_members (INTERNET_ADDRESS_GROUP (one)), error))
            return FALSE;
          continue;
        }
      address = internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (one));
      if (!check_address (field, address != NULL ? address : "", error))
        return FALSE;
      reach = ph_mime_address_reach (address);
      self->reach = MAX (self->reach, reach);
      if (g_hash_table_add (self->seen, (gpointer) address))
        g_ptr_array_add (self->addresses, g_object_ref (one));
    }
  return TRUE;
}

static gboolean
collect_field (Collection *self, GMimeMessage *message, const char *field, GError **error)
{
  g_autoptr (InternetAddressList) list = ph_mime_read_addresses (message, field);

  return collect (self, field, list, error);
}

/* With SMTPUTF8 as it is; where that isn't needed, a domain in its ASCII form, which every server knows. */
static const char *
envelope_address (GPtrArray *addresses, guint index, PhMimeReach reach)
{
  InternetAddressMailbox *mailbox = INTERNET_ADDRESS_MAILBOX (g_ptr_array_index (addresses, index));
  const char *ascii = reach == PH_MIME_REACH_DOMAIN ? internet_address_mailbox_get_idn_addr (mailbox) : NULL;

  return ascii != NULL ? ascii : internet_address_mailbox_get_addr (mailbox);
}

static gboolean
collect_all (GMimeMessage *message, gboolean resent, Collection *from, Collection *to, GError **error)
{
  const char *const *fields = resent ? resent_recipients : recipients;

  if (!collect_field (from, message, resent ? "Resent-Sender" : "Sender", error)
      || (from->addresses->len == 0 && !collect_field (from, message, resent ? "Resent-From" : "From", error)))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (recipients); i++)
    if (!collect_field (to, message, fields[i], error))
      return FALSE;
  if (from->addresses->len > 0 && to->addresses->len > 0)
    return TRUE;
  g_propagate_error (error, ph_mime_error (PH_ERROR_INVALID_ARGUMENT, "the message names no %s: there is no address in %s",
                                           from->addresses->len == 0 ? "sender" : "recipient",
                                           from->addresses->len == 0 ? (resent ? "Resent-Sender and Resent-From" : "Sender and From")
                                                                     : (resent ? "Resent-To, Resent-Cc and Resent-Bcc" : "To, Cc and Bcc")));
  return FALSE;
}

static void
collection_init (Collection *self)
{
  self->addresses = g_ptr_array_new_with_free_func (g_object_unref);
  self->seen = g_hash_table_new (g_str_hash, g_str_equal);
  self->reach = PH_MIME_REACH_ASCII;
}

static void
collection_clear (Collection *self)
{
  g_hash_table_unref (self->seen);
  g_ptr_array_unref (self->addresses);
}

/**
 * ph_mime_make_envelope:
 * @message: a message
 * @error: return location for an error
 *
 * Reads from whom and to whom @message goes out of its header (RFC 5322 sections 3.6.2, 3.6.3 and 3.6.6): the sender is the
 * first address of Sender, otherwise of From; the recipients are those of To, Cc and Bcc, each field as often as it stands
 * there, members of groups included, an address that is repeated once. Where the message was sent again, the Resent- fields take
 * the place of these; with more than one block of them nobody can tell which is meant, and that is an error.
 *
 * Domains are in their ASCII form (IDNA) unless the part before an “@” is not ASCII, which only SMTPUTF8 carries.
 *
 * Errors: %PH_ERROR_INVALID_ARGUMENT where there is no sender or no recipient, where an address can't be sent, or where there is
 * more than one block of Resent- fields.
 *
 * Returns: (transfer full): the envelope, or %NULL
 */
PhEnvelope *
ph_mime_make_envelope (GMimeMessage *message, GError **error)
{
  PhEnvelope *envelope = NULL;
  Collection from, to;
  PhMimeReach reach;
  guint n_blocks;

  g_return_val_if_fail (GMIME_IS_MESSAGE (message), NULL);

  n_blocks = count_blocks (message);
  if (n_blocks > 1)
    {
      g_propagate_error (error, ph_mime_error (PH_ERROR_INVALID_ARGUMENT, "the message has %u blocks of Resent- header fields; which of them "
                                               "is meant can't be told", n_blocks));
      return NULL;
    }
  collection_init (&from);
  collection_init (&to);
  if (collect_all (message, n_blocks == 1, &from, &to, error))
    {
      reach = ph_mime_address_reach (internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (g_ptr_array_index (from.addresses, 0))));
      reach = MAX (reach, to.reach);
      envelope = ph_envelope_new (envelope_address (from.addresses, 0, reach));
      for (guint i = 0; i < to.addresses->len; i++)
        ph_envelope_add_recipient (envelope, envelope_address (to.addresses, i, reach));
    }
  collection_clear (&from);
  collection_clear (&to);
  return envelope;
}
