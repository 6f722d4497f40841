/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session to a scripted server, without TLS. */
#pragma once

#include <posthorn/posthorn.h>

#include "ph-scripted-server.h"

G_BEGIN_DECLS

/* @base: "smtp://localhost". Nothing is connected. (transfer full) */
static inline PhSession *
ph_plain_session_new (PhScriptedServer *server, const char *base)
{
  g_autofree char *uri = ph_scripted_server_uri (server, base);
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autoptr (GError) error = NULL;
  PhSession *session = ph_session_new (uri, &error);

  g_assert_no_error (error);
  ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  ph_session_set_policy (session, policy);
  return session;
}

G_END_DECLS
