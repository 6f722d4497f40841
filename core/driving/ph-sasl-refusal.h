/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a server's refusal of a login says: is it the mechanism, the secret, or the hour? */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

/*
 * @PH_SASL_REFUSED_MECHANISM: this mechanism can't be used here, or not by this user; the secret was not looked at
 * @PH_SASL_REFUSED_SECRET: whoever logs in has been weighed and found wanting. Another mechanism would try the same secret again
 * @PH_SASL_REFUSED_FOR_NOW: nobody can log in at the moment
 */
typedef enum {
  PH_SASL_REFUSED_MECHANISM,
  PH_SASL_REFUSED_SECRET,
  PH_SASL_REFUSED_FOR_NOW
} PhSaslRefusal;

/* @has_proof: the server has got enough to judge by: a password, or what was made of one and its challenge */
G_GNUC_INTERNAL PhSaslRefusal ph_sasl_refusal_read (PhReply *reply, gboolean has_proof);
/* PH_ERROR_AUTHENTICATION, PH_ERROR_EXPIRED or PH_ERROR_THROTTLED */
G_GNUC_INTERNAL PhError       ph_sasl_refusal_get_code (PhReply *reply);

G_END_DECLS
