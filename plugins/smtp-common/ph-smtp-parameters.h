/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands behind the paths of MAIL and RCPT: ESMTP parameters, typed ones as well as free ones. */
#pragma once

#include "ph-smtp-address.h"
#include "ph-smtp-send.h"

G_BEGIN_DECLS

/* FALSE for whatever of them can't be sent, or not to this server, before an octet is written. @form: what the addresses ask for.
 * Settles whether SMTPUTF8 is in use. */
gboolean ph_smtp_parameters_check           (PhSmtpCore *core, PhSmtpSend *send, PhSmtpAddressForm form, GError **error);
/* A blank in front of each; the engine's own are among those of MAIL, and own_parameters is told. */
void     ph_smtp_parameters_write_mail      (PhSmtpCore *core, PhSmtpSend *send, GString *line);
void     ph_smtp_parameters_write_recipient (PhSmtpCore *core, PhSmtpSend *send, guint index, GString *line);

G_END_DECLS
