/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension UNAUTHENTICATE (RFC 8437): the login ends, and not the connection.
 *
 *   command-auth = "UNAUTHENTICATE"                                       RFC 8437 section 6
 */
#include <posthorn/posthorn-plugin.h>

static const PhVerb verbs[] = {
  { .name = "UNAUTHENTICATE", .needs = "UNAUTHENTICATE", .flags = PH_COMMAND_RESETS },
  { .name = NULL },
};

static PhCommand *
make_run (PhUnauthenticate *self)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[0]);
}

static void
ph_imap_unauthenticate_describe (PhUnauthenticateInterface *iface)
{
  iface->make_run = make_run;
}

PH_DEFINE_EXTENSION (PhImapUnauthenticate, ph_imap_unauthenticate, PH_TYPE_UNAUTHENTICATE, ph_imap_unauthenticate_describe, klass->verbs = verbs)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "UNAUTHENTICATE", .summary = "The same connection for another user (RFC 8437)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_unauthenticate_get_type },
};

PH_DEFINE_PLUGIN (imap4_unauthenticate, "imap4-unauthenticate", "The IMAP extension UNAUTHENTICATE", features)
