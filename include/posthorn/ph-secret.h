/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Octets that are wiped when the last reference goes: passwords, tokens. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_SECRET (ph_secret_get_type ())
PH_AVAILABLE_IN_1_0 GType       ph_secret_get_type  (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhSecret   *ph_secret_new       (const char *text);
/* @length -1: NUL-terminated */
PH_AVAILABLE_IN_1_0 PhSecret   *ph_secret_new_len   (const char *data, gssize length);
PH_AVAILABLE_IN_1_0 PhSecret   *ph_secret_ref       (PhSecret *self);
PH_AVAILABLE_IN_1_0 void        ph_secret_unref     (PhSecret *self);
/* NUL-terminated, too */
PH_AVAILABLE_IN_1_0 const char *ph_secret_get       (PhSecret *self, gsize *length);
/* Overwrites memory in a way that the compiler keeps. */
PH_AVAILABLE_IN_1_0 void        ph_wipe             (void *memory, gsize length);
#ifndef __GI_SCANNER__ /* which would take it for a constructor of PhSecret */
#ifndef __GI_SCANNER__ /* which takes it for a constructor of PhSecret */
/* A GBytes whose octets are wiped with its last reference. (transfer full) */
PH_AVAILABLE_IN_1_0 GBytes     *ph_secret_bytes_new (const void *data, gsize length);
#endif
#endif

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhSecret, ph_secret_unref)

G_END_DECLS
