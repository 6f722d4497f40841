/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `posthorn send` makes of its options where it writes or reads header fields. */
#pragma once

#include "tool.h"

typedef struct
{
  gboolean from_header;  /* the message comes from a file, and its header says who gets it */
  char *from;
  char **to;
  char **cc;
  char **bcc;
  char *subject;
  char *text;            /* a file's name, "-": standard input */
  char *html;
  char **attachments;
} ToolCompose;

/* FALSE and an error, also where there is no GMime; @message is for tool_compose_send (), @envelope the caller's, both (transfer full) */
gboolean tool_compose (const ToolCompose *options, const char *path, PhEnvelope **envelope, gpointer *message, GError **error);
PhDelivery *tool_compose_send (PhTransport *transport, gpointer message, PhEnvelope *envelope, GError **error);
