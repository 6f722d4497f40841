/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bodies that a server puts together: octets of ours, and URLs that it fetches. */
#include "ph-body-private.h"

/**
 * ph_body_new_for_url:
 * @url: an absolute URI, as IMAP's GENURLAUTH gives it: `imap://…;urlauth=submit+…`
 *
 * Content that a server fetches by itself: all of a message, or a part of it ([ctor@Body.new_for_parts]). A submission server does that
 * where it offers BURL (RFC 4468). Checked when it is sent: printable ASCII without blanks.
 *
 * Returns: (transfer full): a new body, of unknown size
 */
PhBody *
ph_body_new_for_url (const char *url)
{
  g_return_val_if_fail (url != NULL, NULL);

  return ph_body_new_remote (url, NULL, -1);
}

/**
 * ph_body_new_for_parts:
 * @parts: (array length=n_parts): bodies, one behind the other; referenced
 * @n_parts: how many
 *
 * A message of several pieces, some of which may be URLs. They go out as they are, so each is to end its lines in CR LF; those of
 * ours must know their size. A piece that is made of parts itself counts as these.
 *
 * Returns: (transfer full): a new body
 */
PhBody *
ph_body_new_for_parts (PhBody **parts, gsize n_parts)
{
  GPtrArray *array = g_ptr_array_new_with_free_func (g_object_unref);
  gint64 size = 0;

  for (gsize i = 0; i < n_parts; i++)
    {
      gint64 part = ph_body_get_size (parts[i]);

      size = size >= 0 && part >= 0 ? size + part : -1;
      if (ph_body_get_n_parts (parts[i]) == 0)
        g_ptr_array_add (array, g_object_ref (parts[i]));
      for (guint j = 0; j < ph_body_get_n_parts (parts[i]); j++)
        g_ptr_array_add (array, g_object_ref (ph_body_get_part (parts[i], j)));
    }
  return ph_body_new_remote (NULL, array, size);
}
