/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What imap-run.c does, 32 octets at once, for machines that can: it asks them, and comes here. */
#include "imap-run.h"

#ifdef PH_IMAP_HAS_WIDE_RUN

#include <immintrin.h>
#include <string.h>

#ifdef __clang__
#pragma clang attribute push (__attribute__ ((target ("avx2,bmi"))), apply_to = function)
#else
#pragma GCC target ("avx2,bmi")
#endif

#define PH_IMAP_AVX2
#define ph_imap_run ph_imap_run_wide
#define ph_imap_run_list ph_imap_run_wide_list
#include "imap-run.c"

#ifdef __clang__
#pragma clang attribute pop
#endif

#endif
