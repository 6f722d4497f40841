/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhWriter for SMTP: one command line of words. */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

typedef struct {
  GObject  parent;
  GString *line;        /* without its end */
  GError  *error;       /* the first that happened */
  gboolean is_secret;
} PhSmtpWriter;

void ph_smtp_writer_init     (PhSmtpWriter *self);
void ph_smtp_writer_finalize (GObject *object);    /* wipes the line */
void ph_smtp_writer_describe (PhWriterInterface *iface);

/* The command's line is in the writer until it is cleared; FALSE and its error where it can't be sent. */
gboolean ph_smtp_writer_run      (PhSmtpWriter *self, PhCommand *command, GError **error);
void     ph_smtp_writer_clear    (PhSmtpWriter *self);

G_END_DECLS
