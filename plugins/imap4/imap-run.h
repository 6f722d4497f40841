/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs of plain tokens go straight into the tree. */
#pragma once

#include "imap-reader.h"

#if defined __x86_64__ && !defined PH_NO_SSE2 && !defined PH_NO_AVX2
#define PH_IMAP_HAS_WIDE_RUN
extern const guint8 ph_imap_unclean[32], ph_imap_ends_quoted[32], ph_imap_ends_atom[32], ph_imap_blanks[32];
#endif

/* As far as there are any; not within a response code, nor where backslashes escape nothing. The builder's depth is the reader's. */
void ph_imap_run      (PhImapReader *self);
/* The list that begins at @list, into an empty builder; what is behind it, NULL where it is not plain, or not whole in front of @readable */
const char *ph_imap_run_list (PhImapReader *self, const char *list, const char *readable);
/* The same, on machines that have AVX2 */
void ph_imap_run_wide (PhImapReader *self);
const char *ph_imap_run_wide_list (PhImapReader *self, const char *list, const char *readable);
