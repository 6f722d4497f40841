/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A mail account that is set up already, as a source of credentials knows it. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_ACCOUNT (ph_account_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_account_get_type        (void) G_GNUC_CONST;
/* For sources of credentials. @uris: up to NULL */
PH_AVAILABLE_IN_1_0 PhAccount         *ph_account_new             (const char *id, const char *label, const char *address, const char *const *uris,
                                                                   gboolean needs_attention);
PH_AVAILABLE_IN_1_0 PhAccount         *ph_account_ref             (PhAccount *self);
PH_AVAILABLE_IN_1_0 void               ph_account_unref           (PhAccount *self);
/* What tells it from others, for a program to remember; not for people */
PH_AVAILABLE_IN_1_0 const char        *ph_account_get_id          (PhAccount *self);
/* For people */
PH_AVAILABLE_IN_1_0 const char        *ph_account_get_label       (PhAccount *self);
/* The mail address (nullable) */
PH_AVAILABLE_IN_1_0 const char        *ph_account_get_address     (PhAccount *self);
/* For ph_session_new (), each with its user: "imaps://alice%40example.org@imap.example.org", "smtp://…" */
PH_AVAILABLE_IN_1_0 const char *const *ph_account_get_uris        (PhAccount *self);
/* Nobody can log in before a person has done something about it where the account is kept */
PH_AVAILABLE_IN_1_0 gboolean           ph_account_needs_attention (PhAccount *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhAccount, ph_account_unref)

G_END_DECLS
