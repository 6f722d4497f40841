/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A module that wants a function which nobody has. */
#include <posthorn/posthorn-plugin.h>

extern GType ph_test_function_that_nobody_has (void);

static const PhFeature features[] = {
  { .kind = PH_FEATURE_MECHANISM, .name = "X-UNRESOLVED", .summary = "Of a test", .get_type = ph_test_function_that_nobody_has },
};

PH_DEFINE_PLUGIN (unresolved, "unresolved", "Of a test", features)
