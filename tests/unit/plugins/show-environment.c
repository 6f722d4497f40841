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

int
main (void)
{
  g_autoptr (PhFeatureInfo) info = ph_registry_find (ph_registry_get_default (), PH_FEATURE_MECHANISM, "X-GOOD");

  g_print ("%s %s\n", getauxval (AT_SECURE) ? "privileged" : "ordinary", info != NULL ? "found" : "nothing");
  return 0;
}
