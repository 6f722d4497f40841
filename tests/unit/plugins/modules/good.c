/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A mechanism as a third party would write it. */
#include <posthorn/posthorn-plugin.h>

static GBytes *
good_one_respond (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *challenge, GError **error)
{
  return ph_sasl_context_reply (context, "hello ", ph_sasl_context_get_user (context), NULL);
}

static void
good_one_describe (PhSaslMechanismInterface *iface)
{
  iface->respond = good_one_respond;
}

PH_DEFINE_SASL_MECHANISM (GoodOne, good_one, "X-GOOD", PH_SASL_CLIENT_FIRST, PH_RANK_SECONDARY)
