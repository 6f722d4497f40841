/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a fuzz target over files, without a fuzzer: the corpus as a regression test of every build. */
#include "fuzz.h"

static void
run_file (gconstpointer path)
{
  g_autofree char *data = NULL;
  g_autofree guint8 *exact = NULL; /* without the NUL behind, which would hide a read too far */
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);
  exact = g_memdup2 (data, size);
  LLVMFuzzerTestOneInput (exact, size);
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) directory = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_open (argc == 2 ? argv[1] : "", 0, &error);
  g_assert_no_error (error);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *test = g_strconcat ("/corpus/", name, NULL);

      g_test_add_data_func_full (test, g_build_filename (argv[1], name, NULL), run_file, g_free);
    }
  return g_test_run ();
}
