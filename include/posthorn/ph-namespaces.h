/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhNamespaces: where mailboxes are (RFC 2342); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

/**
 * PhNamespaceKind:
 * @PH_NAMESPACE_PERSONAL: the user's own mailboxes
 * @PH_NAMESPACE_OTHER: other users'
 * @PH_NAMESPACE_SHARED: those of all
 *
 * Whose mailboxes a namespace holds.
 */
typedef enum {
  PH_NAMESPACE_PERSONAL,
  PH_NAMESPACE_OTHER,
  PH_NAMESPACE_SHARED
} PhNamespaceKind;

/* One namespace. Boxed. */
typedef struct _PhNamespace PhNamespace;
#define PH_TYPE_NAMESPACE (ph_namespace_get_type ())
PH_AVAILABLE_IN_1_0 GType           ph_namespace_get_type        (void) G_GNUC_CONST;
/* @delimiter, @translation: nullable */
PH_AVAILABLE_IN_1_0 PhNamespace    *ph_namespace_new             (PhNamespaceKind kind, const char *prefix, const char *delimiter, const char *translation);
PH_AVAILABLE_IN_1_0 PhNamespace    *ph_namespace_ref             (PhNamespace *self);
PH_AVAILABLE_IN_1_0 void            ph_namespace_unref           (PhNamespace *self);
PH_AVAILABLE_IN_1_0 PhNamespaceKind ph_namespace_get_kind        (PhNamespace *self);
/* "", "INBOX.", "#shared/": what the names of its mailboxes begin with, UTF-8 */
PH_AVAILABLE_IN_1_0 const char     *ph_namespace_get_prefix      (PhNamespace *self);
/* one character as a string; NULL in a flat hierarchy */
PH_AVAILABLE_IN_1_0 const char     *ph_namespace_get_delimiter   (PhNamespace *self);
/* The prefix in the language that LANGUAGE chose (RFC 5255 section 3.4), to be shown; NULL: none was told */
PH_AVAILABLE_IN_1_0 const char     *ph_namespace_get_translation (PhNamespace *self);

#define PH_TYPE_NAMESPACES (ph_namespaces_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhNamespaces, ph_namespaces, PH, NAMESPACES, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhNamespacesInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_get) (PhNamespaces *self);

  gpointer reserved[8];
};

/* (element-type PhNamespace) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray *ph_namespaces_get (PhNamespaces *self, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void ph_namespaces_get_async (PhNamespaces *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray *ph_namespaces_get_finish (PhNamespaces *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhNamespace, ph_namespace_unref)

G_END_DECLS
