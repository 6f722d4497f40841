/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of the two extensions behind PhMetadata share. */
#pragma once

#include "imap-extension-test.h"

#define MAKE(test, what, ...) \
  PH_METADATA_GET_IFACE (PH_METADATA ((test)->extension))->make_##what (PH_METADATA ((test)->extension), __VA_ARGS__)

/* As ph_metadata_set (). (transfer full) */
static inline PhCommand *
make_set (ExtTest *test, const char *mailbox, const char *name, GBytes *value)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_metadata_entry_unref);

  g_ptr_array_add (entries, ph_metadata_entry_new (name, value));
  return MAKE (test, set_all, mailbox, entries);
}

static inline void
assert_value (PhMetadataResult *result, const char *name, const char *value)
{
  PhMetadataEntry *entry = ph_metadata_result_find (result, name);
  g_autofree char *text = entry != NULL ? ph_metadata_entry_dup_text (entry) : NULL;

  g_assert_cmpstr (text, ==, value);
}
