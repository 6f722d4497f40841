/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhLanguage: in which language the server speaks to people (RFC 5255); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

#define PH_TYPE_LANGUAGE (ph_language_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhLanguage, ph_language, PH, LANGUAGE, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhLanguageInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_list)   (PhLanguage *self);
  PhCommand *(*make_select) (PhLanguage *self, const char *const *ranges);

  gpointer reserved[8];
};

/* "EN", "I-DEFAULT" … (transfer full) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 char **ph_language_list (PhLanguage *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_language_list_async (PhLanguage *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 char **ph_language_list_finish (PhLanguage *self, GAsyncResult *result, GError **error);
/* The first of @ranges that the server has. (transfer full) */
PH_AVAILABLE_IN_1_0 char *ph_language_select (PhLanguage *self, const char *const *ranges, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_language_select_async (PhLanguage *self, const char *const *ranges, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 char *ph_language_select_finish (PhLanguage *self, GAsyncResult *result, GError **error);

G_END_DECLS
