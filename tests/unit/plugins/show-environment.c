/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints whether this process is a privileged one, and whether it has found what POSTHORN_PLUGIN_PATH leads to. */
#include <posthorn/posthorn-plugin.h>

#include <sys/auxv.h>

#ifdef PRETEND_PRIVILEGED
unsigned long getauxval (unsigned long type);

/* In place of the C library's: what the kernel would say of a set-user-ID program */
unsigned long
getauxval (unsigned long type)
{
  return type == AT_SECURE;
}
#endif

/* Whether the directory was looked into, with whatever result */
static gboolean
has_failed (const char *directory)
{
  g_autoptr (GPtrArray) failures = ph_registry_list_failures (ph_registry_get_default ());

  for (guint i = 0; i < failures->len; i++)
    if (g_str_has_prefix (ph_plugin_failure_get_path (failures->pdata[i]), directory))
      return TRUE;

  return FALSE;
}

int
main (void)
{
  g_autoptr (PhFeatureInfo) info = ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, "X-good-two");

  g_print ("%s %s %s\n", getauxval (AT_SECURE) ? "privileged" : "ordinary", info != NULL ? "found" : "nothing",
           has_failed (g_getenv ("POSTHORN_PLUGIN_PATH")) ? "refused" : "unread");
  return 0;
}
