/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the fuzz targets share: an engine by its scheme, and reading all that a server's octets became. */
#pragma once

#include <posthorn/posthorn-plugin.h>
#include <posthorn/posthorn.h>

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

/* An engine for "imap", "smtp" or "lmtp". (transfer full) */
PhEngine *fuzz_make_engine  (const char *scheme);
/* Call every getter that decodes. */
void      fuzz_read_value   (const PhValue *value);
void      fuzz_read_response(const PhResponse *response);
void      fuzz_read_message (PhMessage *message);
