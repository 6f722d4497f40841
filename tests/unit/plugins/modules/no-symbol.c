/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Somebody's library that is no plugin. */
#include <glib.h>

extern __attribute__ ((visibility ("default"))) const int something_else;
const int something_else = 1;
