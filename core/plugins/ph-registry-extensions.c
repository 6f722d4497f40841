/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which extensions answer to what a server lists. */
#include "plugins/ph-registry-private.h"

#include <string.h>

void
ph_registry_forget_answer (PhRegistry *self)
{
  g_clear_pointer (&self->asked_protocol, g_free);
  g_clear_pointer (&self->asked_capabilities, g_strfreev);
  g_clear_pointer (&self->answer, g_ptr_array_unref);
}

gboolean
ph_feature_info_is_listed (PhFeatureInfo *info, const char *const *capabilities)
{
  for (; *capabilities != NULL; capabilities++)
    if (ph_feature_match (ph_feature_info_get_name (info), *capabilities, strcspn (*capabilities, " ")))
      return TRUE;

  return FALSE;
}

static GPtrArray *
find_extensions (PhRegistry *self, const char *protocol, const char *const *capabilities)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_feature_info_unref);

  for (guint i = 0; i < self->features[PH_FEATURE_EXTENSION]->len; i++)
    {
      PhFeatureInfo *info = g_ptr_array_index (self->features[PH_FEATURE_EXTENSION], i);

      if (ph_feature_info_get_rank (info) >= 0 &&
          g_strcmp0 (ph_feature_info_get_protocol (info), protocol) == 0 &&
          ((ph_feature_info_get_feature (info)->flags & PH_EXTENSION_ALWAYS) != 0 || ph_feature_info_is_listed (info, capabilities)))
        g_ptr_array_add (list, ph_feature_info_ref (info));
    }

  g_ptr_array_sort (list, ph_feature_info_compare_rows);
  return list;
}

static gboolean
was_asked (PhRegistry *self, const char *protocol, const char *const *capabilities)
{
  return self->answer != NULL && self->asked_among == self->features[PH_FEATURE_EXTENSION]->len && strcmp (self->asked_protocol, protocol) == 0 &&
         g_strv_equal ((const char *const *) self->asked_capabilities, capabilities);
}

GPtrArray *
ph_registry_ask_extensions (PhRegistry *self, const char *protocol, const char *const *capabilities)
{
  g_autoptr (GRecMutexLocker) locker G_GNUC_UNUSED = g_rec_mutex_locker_new (&self->lock);

  ph_registry_ensure_loaded (self);
  if (!was_asked (self, protocol, capabilities))
    {
      ph_registry_forget_answer (self);
      self->asked_protocol = g_strdup (protocol);
      self->asked_capabilities = g_strdupv ((char **) capabilities);
      self->asked_among = self->features[PH_FEATURE_EXTENSION]->len;
      self->answer = find_extensions (self, protocol, capabilities);
    }
  return g_ptr_array_ref (self->answer);
}

/**
 * ph_registry_find_extensions:
 * @self: the registry
 * @protocol: a protocol's name, "imap4"
 * @capabilities: (array zero-terminated=1): what the server lists; of each, the word before the first space counts
 *
 * The extensions of a protocol that answer to what a server lists, or to any (%PH_EXTENSION_ALWAYS), each once, the highest rank first. Those of negative rank are left out.
 *
 * Returns: (transfer container) (element-type PhFeatureInfo): the extensions
 */
GPtrArray *
ph_registry_find_extensions (PhRegistry *self, const char *protocol, const char *const *capabilities)
{
  g_autoptr (GPtrArray) answer = NULL;

  g_return_val_if_fail (PH_IS_REGISTRY (self), NULL);
  g_return_val_if_fail (protocol != NULL, NULL);
  g_return_val_if_fail (capabilities != NULL, NULL);

  answer = ph_registry_ask_extensions (self, protocol, capabilities);
  return g_ptr_array_copy (answer, ph_feature_info_ref_row, NULL);
}
