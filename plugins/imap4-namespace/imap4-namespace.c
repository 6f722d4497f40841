/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension NAMESPACE (RFC 2342): where mailboxes are.
 *
 *   namespace          = "NAMESPACE"                                              RFC 2342 section 6
 *   namespace-response = "NAMESPACE" SP namespaces SP namespaces SP namespaces    personal, other users', shared
 *   namespaces         = NIL / "(" 1*("(" string SP (quoted-char / NIL) *(SP string SP "(" 1*string ")") ")") ")"
 *   translation        = "TRANSLATION" SP "(" string ")"                          RFC 5255 section 3.4
 */
#include <posthorn/posthorn-plugin.h>

static gpointer
begin_namespaces (PhCommand *command)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ph_namespace_unref);
}

/* The prefix to be shown, among what extensions told. (transfer full) (nullable) */
static char *
find_translation (PhCommand *command, const PhValue *name)
{
  for (; name != NULL; name = ph_value_next (ph_value_next (name)))
    if (ph_value_is (name, "TRANSLATION"))
      return ph_command_decode_mailbox (command, ph_value_first (ph_value_next (name)));
  return NULL;
}

static void
add_namespace (PhCommand *command, GPtrArray *namespaces, PhNamespaceKind kind, const PhValue *row)
{
  const PhValue   *prefix = ph_value_first (row);
  g_autofree char *name = ph_command_decode_mailbox (command, prefix);
  g_autofree char *delimiter = ph_value_dup_text (ph_value_next (prefix));
  g_autofree char *translation = find_translation (command, ph_value_next (ph_value_next (prefix)));

  if (name != NULL)
    g_ptr_array_add (namespaces, ph_namespace_new (kind, name, delimiter != NULL && *delimiter != '\0' ? delimiter : NULL, translation));
}

static gboolean
receive_namespaces (PhCommand *command, const PhResponse *response, gpointer *result)
{
  const PhValue *list = ph_value_first (ph_response_get_values (response));

  for (PhNamespaceKind kind = PH_NAMESPACE_PERSONAL; kind <= PH_NAMESPACE_SHARED; kind++, list = ph_value_next (list))
    for (const PhValue *row = ph_value_first (list); row != NULL; row = ph_value_next (row))
      add_namespace (command, *result, kind, row);
  return TRUE;
}

static const PhVerb verbs[] = {
  { .name = "NAMESPACE", .needs = "NAMESPACE IMAP4rev2", .get_type = g_ptr_array_get_type, .begin = begin_namespaces,
    .receive = receive_namespaces },
  { .name = NULL },
};

static PhCommand *
make_get (PhNamespaces *self)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[0]);
}

static void
ph_imap_namespace_describe (PhNamespacesInterface *iface)
{
  iface->make_get = make_get;
}

PH_DEFINE_EXTENSION (PhImapNamespace, ph_imap_namespace, PH_TYPE_NAMESPACES, ph_imap_namespace_describe, klass->verbs = verbs)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "NAMESPACE", .summary = "Where mailboxes are (RFC 2342)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_namespace_get_type },
  { .kind = PH_FEATURE_EXTENSION, .name = "IMAP4rev2", .summary = "The same as a part of IMAP4rev2 (RFC 9051 section 6.3.10)",
    .rank = PH_RANK_SECONDARY, .protocol = "imap4", .get_type = ph_imap_namespace_get_type },
};

PH_DEFINE_PLUGIN (imap4_namespace, "imap4-namespace", "The IMAP extension NAMESPACE", features)
