/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The steps of IMAP conversations: "! call NAME TEXT" of ph-replay.h. */
#pragma once

#include "imap-engine-test.h"
#include "ph-replay.h"

G_BEGIN_DECLS

/* Commands that are submitted; the last one's result is what the answers look at. */
extern const PhReplayStep imap_conversation_commands[];
/* What came of them, and what the mailbox was told. */
extern const PhReplayStep imap_conversation_answers[];

G_END_DECLS
