/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs of plain tokens go straight into the tree. */
#pragma once

#include "imap-parser.h"
#include "imap-reader.h"

#if defined __x86_64__ && !defined PH_NO_SSE2 && !defined PH_NO_AVX2
#define PH_IMAP_HAS_WIDE_RUN
extern const guint8 ph_imap_unclean[32], ph_imap_ends_quoted[32], ph_imap_ends_atom[32], ph_imap_blanks[32];
#endif

/* As far as there are any; not within a response code, nor where backslashes escape nothing. The builder's depth is the reader's. */
void ph_imap_run      (PhImapReader *self);
/* A FETCH response's list, which begins at @list and ends wherever it does, into the room of @fetched: what is behind it; NULL where it is not plain, too long
 * for that, or not whole a little before @readable, up to which octets may be looked at. The reader tells the limits alone. */
const char *ph_imap_run_list (const PhImapReader *self, const char *list, const char *readable, PhImapFetched *fetched);
/* The same, on machines that have AVX2 */
void ph_imap_run_wide (PhImapReader *self);
const char *ph_imap_run_wide_list (const PhImapReader *self, const char *list, const char *readable, PhImapFetched *fetched);
