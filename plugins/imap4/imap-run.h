/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs of plain tokens go straight into the tree. */
#pragma once

#include "imap-reader.h"

/* As far as there are any; not within a response code, nor where backslashes escape nothing. The builder's depth is the reader's. */
void ph_imap_run (PhImapReader *self);
