/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What PhQuery consists of, for the files that add to it. */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

struct _PhQuery {
  GObject parent_instance;

  GPtrArray *tokens;
  GPtrArray *needs;  /* of capabilities, with NULL at the end; NULL: none */
};

/* Each returns @self; @token (transfer full) */
PhQuery *ph_query_add      (PhQuery *self, PhValue *token);
PhQuery *ph_query_add_key  (PhQuery *self, const char *key);
PhQuery *ph_query_add_text (PhQuery *self, const char *key, const char *text);
PhQuery *ph_query_add_word (PhQuery *self, const char *key, const char *word);

G_END_DECLS
