/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * URLs of messages and their parts (RFC 5092 section 11; URL-PARTIAL, RFC 5550 section 3.2, needs no more).
 *
 *   iurl     = ["imap://" [user "@"] host [":" port]] "/" mailbox [";UIDVALIDITY=" nz-number]
 *              "/;UID=" nz-number ["/;SECTION=" section] ["/;PARTIAL=" offset ["." length]]
 *              [";EXPIRE=" date-time] ";URLAUTH=" access
 */
#include <posthorn/posthorn.h>

/* bchar beside the unreserved ones */
#define ALLOWED "!$'()*+,&=:@/"

static void
append_escaped (GString *url, const char *text)
{
  g_string_append_uri_escaped (url, text, ALLOWED, FALSE);
}

/**
 * ph_url_for_message:
 * @base: (nullable): whose server: `imap://alice@mail.example.org`; %NULL for the one that is asked
 * @mailbox: a mailbox' name, UTF-8
 * @uid_validity: the mailbox' UIDVALIDITY, so that the URL is never another message's; 0 leaves it out
 * @uid: the message's UID, from 1
 * @section: (nullable): which part, as in `BODY[…]`: `1.2`, `HEADER`, `1.MIME`; %NULL for all of it
 *
 * Makes the URL of a message or of a part of it (RFC 5092). A relative one is for [ctor@Body.new_for_url] in an APPEND (CATENATE, RFC 4469), an
 * absolute one for [method@UrlAuth.generate].
 *
 * Returns: (transfer full): the URL
 */
char *
ph_url_for_message (const char *base, const char *mailbox, guint32 uid_validity, guint32 uid, const char *section)
{
  g_return_val_if_fail (mailbox != NULL, NULL);
  g_return_val_if_fail (uid > 0, NULL);

  GString *url = g_string_new (base);
  if (url->len == 0 || url->str[url->len - 1] != '/')
    g_string_append_c (url, '/');
  append_escaped (url, mailbox);
  if (uid_validity > 0)
    g_string_append_printf (url, ";UIDVALIDITY=%u", uid_validity);
  g_string_append_printf (url, "/;UID=%u", uid);
  if (section != NULL && *section != '\0')
    {
      g_string_append (url, "/;SECTION=");
      append_escaped (url, section);
    }
  return g_string_free (url, FALSE);
}

/**
 * ph_url_with_range:
 * @url: of a message or of a part
 * @offset: in octets, from 0
 * @length: in octets; 0 for all behind @offset
 *
 * Makes the URL of some octets (RFC 5092 section 6): servers with `URL-PARTIAL` (RFC 5550) take it.
 *
 * Returns: (transfer full): the URL
 */
char *
ph_url_with_range (const char *url, guint64 offset, guint64 length)
{
  g_return_val_if_fail (url != NULL, NULL);

  if (length == 0)
    return g_strdup_printf ("%s/;PARTIAL=%" G_GUINT64_FORMAT, url, offset);
  return g_strdup_printf ("%s/;PARTIAL=%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT, url, offset, length);
}

/**
 * ph_url_with_access:
 * @url: of a message or of a part, absolute
 * @expire: (nullable): when it ends to be valid; %NULL: never
 * @access: for whom: `submit+alice` (a submission server on behalf of alice), `user+bob`, `authuser`, `anonymous`
 *
 * Says who may fetch what @url stands for, and until when (RFC 4467 section 3): what [method@UrlAuth.generate] then authorizes.
 *
 * Returns: (transfer full): the URL
 */
char *
ph_url_with_access (const char *url, GDateTime *expire, const char *access)
{
  g_return_val_if_fail (url != NULL, NULL);
  g_return_val_if_fail (access != NULL, NULL);

  GString *result = g_string_new (url);
  if (expire != NULL)
    {
      g_autoptr (GDateTime) utc = g_date_time_to_utc (expire);
      g_autofree char *text = g_date_time_format (utc, ";EXPIRE=%Y-%m-%dT%H:%M:%SZ");

      g_string_append (result, text);
    }
  g_string_append (result, ";URLAUTH=");
  append_escaped (result, access);
  return g_string_free (result, FALSE);
}
