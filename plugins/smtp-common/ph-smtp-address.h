/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Addresses and ESMTP parameters on their way onto a command line. */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

/**
 * PhSmtpAddressForm:
 * @PH_SMTP_ADDRESS_ASCII: goes as it is
 * @PH_SMTP_ADDRESS_DOMAIN: only its domain is not ASCII: goes as IDNA A-labels, or in UTF-8 with SMTPUTF8
 * @PH_SMTP_ADDRESS_LOCAL: its local part is not ASCII: goes with SMTPUTF8 only (RFC 6531)
 *
 * What an address asks of the server, in rising order.
 */
typedef enum {
  PH_SMTP_ADDRESS_ASCII,
  PH_SMTP_ADDRESS_DOMAIN,
  PH_SMTP_ADDRESS_LOCAL
} PhSmtpAddressForm;

/* FALSE and PH_ERROR_INVALID_ARGUMENT for what can't stand between angle brackets: control characters, brackets and blanks outside
 * quotes, a quote that does not end, what is not UTF-8, more than 998 octets. The empty address is fine here. */
gboolean ph_smtp_address_check   (const char *address, PhSmtpAddressForm *form, GError **error);
/* As it goes onto the wire; NULL where the domain can't be converted. @utf8: SMTPUTF8 is in use. (transfer full) */
char    *ph_smtp_address_convert (const char *address, PhSmtpAddressForm form, gboolean utf8);
/* FALSE and PH_ERROR_INVALID_ARGUMENT for blanks, control characters and nothing at all */
gboolean ph_smtp_parameter_check (const char *parameter, GError **error);

G_END_DECLS
