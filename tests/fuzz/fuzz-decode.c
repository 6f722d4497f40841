/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Recorded streams: each unit is read or skipped, none twice, none beyond the end; a split changes nothing. */
#include "fuzz.h"

/* What an octet stream becomes when at most @step octets more are shown at a time: how many units, how much understood. */
static guint
decode (PhEngine *engine, const guint8 *data, gsize size, gsize step)
{
  gsize taken = 0, shown = 0;
  guint units = 0;

  while (taken < size)
    {
      g_autoptr (PhResponse) response = NULL;
      g_autoptr (GError) error = NULL;
      gsize length;

      shown = MIN (size, MAX (shown, taken) + step);
      length = ph_engine_decode (engine, data + taken, shown - taken, shown == size, &response, &error);
      g_assert (length <= shown - taken);
      if (length == 0 && shown == size)
        break;
      taken += length;
      if (response != NULL)
        fuzz_read_response (response);
      if (response != NULL && error == NULL)
        units++;
    }
  return units;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  static PhEngine *engine;
  guint whole;

  if (engine == NULL)
    engine = fuzz_make_engine (FUZZ_SCHEME);
  whole = decode (engine, data, size, G_MAXSIZE / 2);
  if (size < 4096)
    g_assert_cmpuint (decode (engine, data, size, 1), ==, whole);
  return 0;
}
