/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * RFC 5321 section 4.1.2:
 *
 *   Reverse-path   = Path / "<>"
 *   Forward-path   = Path
 *   Path           = "<" [ A-d-l ":" ] Mailbox ">"
 *   Mailbox        = Local-part "@" ( Domain / address-literal )
 *   Local-part     = Dot-string / Quoted-string
 *   Quoted-string  = DQUOTE *QcontentSMTP DQUOTE
 *   QcontentSMTP   = qtextSMTP / quoted-pairSMTP
 *   quoted-pairSMTP = %d92 %d32-126
 *   qtextSMTP      = %d32-33 / %d35-91 / %d93-126
 *   esmtp-param    = esmtp-keyword ["=" esmtp-value]
 *   esmtp-value    = 1*(%d33-60 / %d62-126)
 *
 * with UTF-8 in local part, domain and value where SMTPUTF8 is in use (RFC 6531 section 3.3). Checked is what keeps an address
 * within its brackets and line; whether there is such a mailbox is for the server to say.
 */
#include "ph-smtp-address.h"

#define MAX_ADDRESS 998    /* no header line could hold a longer one (RFC 5322 section 2.1.1) */

static gboolean
refuse (GError **error, const char *what, const char *why)
{
  g_autofree char *valid = g_utf8_make_valid (what, (gssize) MIN (strlen (what), 100));

  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_ARGUMENT, NULL, NULL, "“%s” can't be sent: %s", valid, why));
  return FALSE;
}

/* The last "@" outside quotes; NULL without one */
static const char *
scan (const char *address, const char **fault)
{
  const char *at = NULL;
  gboolean quoted = FALSE;

  for (const char *c = address; *c != '\0' && *fault == NULL; c++)
    {
      if (g_ascii_iscntrl (*c))
        *fault = "there is a line end or another control character in it";
      else if (*c == '"')
        quoted = !quoted;
      else if (quoted && *c == '\\')
        {
          if (c[1] == '\0' || g_ascii_iscntrl (c[1]))
            *fault = "a backslash stands at the end of it or before a control character";
          else
            c++;
        }
      else if (!quoted && (*c == ' ' || *c == '<' || *c == '>'))
        *fault = "there is a blank or an angle bracket in it";
      else if (!quoted && *c == '@')
        at = c;
    }
  if (quoted && *fault == NULL)
    *fault = "its quotes are not closed";
  return at;
}

/* Nearly every address: there is nothing in it that needs a closer look. */
static gboolean
is_plain (const char *address)
{
  static const gboolean plain[256] = {
    ['0' ... '9'] = TRUE, ['A' ... 'Z'] = TRUE, ['a' ... 'z'] = TRUE,
    ['@'] = TRUE,         ['.'] = TRUE,         ['-'] = TRUE,         ['_'] = TRUE, ['+'] = TRUE, ['='] = TRUE,
  };
  gsize n = 0;

  while (n <= 320 && plain[(guint8) address[n]])
    n++;
  return address[n] == '\0';
}

gboolean
ph_smtp_address_check (const char *address, PhSmtpAddressForm *form, GError **error)
{
  const char *fault = NULL;

  *form = PH_SMTP_ADDRESS_ASCII;
  if (is_plain (address))
    return TRUE;
  if (strnlen (address, MAX_ADDRESS + 1) > MAX_ADDRESS)
    return refuse (error, address, "it is longer than 998 octets");
  const char *at = scan (address, &fault);
  if (fault != NULL)
    return refuse (error, address, fault);
  if (!g_utf8_validate (address, -1, NULL))
    return refuse (error, address, "it is not UTF-8");
  if (g_str_is_ascii (address))
    return TRUE;

  g_autofree char *local = at != NULL ? g_strndup (address, at - address) : g_strdup (address);
  *form = g_str_is_ascii (local) ? PH_SMTP_ADDRESS_DOMAIN : PH_SMTP_ADDRESS_LOCAL;
  g_autofree char *converted = ph_smtp_address_convert (address, *form, FALSE);
  if (*form == PH_SMTP_ADDRESS_DOMAIN && converted == NULL)
    return refuse (error, address, "its domain is no domain name");
  return TRUE;
}

char *
ph_smtp_address_convert (const char *address, PhSmtpAddressForm form, gboolean utf8)
{
  const char *fault = NULL;

  if (form != PH_SMTP_ADDRESS_DOMAIN || utf8)
    return g_strdup (address);
  const char *at = scan (address, &fault);
  g_autofree char *domain = g_hostname_to_ascii (at + 1);
  if (domain == NULL)
    return NULL;
  g_autofree char *local = g_strndup (address, at - address);
  return g_strconcat (local, "@", domain, NULL);
}

gboolean
ph_smtp_parameter_check (const char *parameter, GError **error)
{
  for (const char *c = parameter; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c) || *c == ' ')
      return refuse (error, parameter, "there is a blank, a line end or another control character in the parameter");
  if (*parameter == '\0')
    return refuse (error, parameter, "the parameter is empty");
  if (!g_utf8_validate (parameter, -1, NULL))
    return refuse (error, parameter, "the parameter is not UTF-8");
  return TRUE;
}
