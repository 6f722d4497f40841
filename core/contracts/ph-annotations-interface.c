/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhAnnotations: the typed interface of extensions that keep notes with messages (RFC 5257). */
#include <posthorn/posthorn.h>

/**
 * PhAnnotations:
 *
 * Notes on messages and on their parts, one's own and those that all see (ANNOTATE-EXPERIMENT-1, RFC 5257). They are called as #PhMetadata calls
 * its entries: what the RFC has as attribute `value.priv` of the entry `/comment` is `/private/comment` here, and `value.shared` of a
 * part's `/1.2/comment` is `/shared/1.2/comment`. A program has it from `ph_session_require_extension (session, PH_TYPE_ANNOTATIONS, …)`; an
 * extension implements it by making commands; what runs them is the library's.
 */
G_DEFINE_INTERFACE (PhAnnotations, ph_annotations, PH_TYPE_EXTENSION)

static void
ph_annotations_default_init (PhAnnotationsInterface *iface)
{
  /**
   * PhAnnotations::changed:
   * @self: a session's annotations
   * @number: a message's number in the selected mailbox
   * @entries: (array zero-terminated=1): the RFC's names of what changed, `/comment`, be it private or shared
   *
   * Somebody else changed annotations (RFC 5257 section 4.4). A server tells it where the mailbox was selected behind
   * `ph_session_use (session, "ANNOTATE-EXPERIMENT-1")`; what it tells while a FETCH runs may be that one's.
   */
  g_signal_new ("changed", PH_TYPE_ANNOTATIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRV);
}

/**
 * ph_annotations_annotate:
 * @self: a session's annotations
 * @message: a message that is to be put into a mailbox
 * @entries: (element-type PhMetadataEntry): what to note, each below `/private/` or `/shared/`
 * @error: return location for an error
 *
 * Describes the same message with annotations, for [method@Store.append_all] and [method@Store.replace] (RFC 5257 section 4.7).
 *
 * Fails with %PH_ERROR_INVALID_ARGUMENT where a name is below neither.
 *
 * Returns: (transfer full): a new message
 */
PhNewMessage *
ph_annotations_annotate (PhAnnotations *self, PhNewMessage *message, GPtrArray *entries, GError **error)
{
  g_return_val_if_fail (PH_IS_ANNOTATIONS (self) && message != NULL && entries != NULL, NULL);

  return PH_ANNOTATIONS_GET_IFACE (self)->annotate (self, message, entries, error);
}

/**
 * ph_annotations_get_support:
 * @self: a session's annotations
 * @max_size: (out) (optional): how many octets a value may have; 0: none can be changed
 *
 * What the selected mailbox does with annotations, as the server said when it was selected (the response code ANNOTATIONS, RFC 5257 section 4.1).
 *
 * Returns: what can be done
 */
PhAnnotationsSupport
ph_annotations_get_support (PhAnnotations *self, guint32 *max_size)
{
  guint32 size = 0;

  g_return_val_if_fail (PH_IS_ANNOTATIONS (self), PH_ANNOTATIONS_NONE);

  PhAnnotationsSupport support = PH_ANNOTATIONS_GET_IFACE (self)->get_support (self, &size);
  if (max_size != NULL)
    *max_size = size;
  return support;
}
