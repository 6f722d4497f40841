/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Value trees out of text, so that tests can write them as servers do. */
#pragma once

#include <posthorn/posthorn.h>

/* "(UID 5 FLAGS (\Seen) BODY[TEXT] {hello} X \"a \\\" b\" NIL)": {…} is a literal, in it } cannot stand. What stands outside of
 * parentheses becomes the items of a list. (transfer full) */
PhValue *test_tree        (const char *text);
/* The first item of test_tree (). (transfer full) */
PhValue *test_value       (const char *text);
/* A tree as text in the same form, numbers as #5, for comparing. (transfer full) */
char    *test_tree_string (const PhValue *value);
