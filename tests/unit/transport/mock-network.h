/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names and proxies as a test wants them; nothing is asked of a network. */
#pragma once

#include <gio/gio.h>

/*
 * One for the process. What a name means: "v6.test" ::1; "v4.test" 127.0.0.1; "both.test" both, IPv6 first; "never.test": no answer until
 * cancelled; any other: not found.
 */
void        mock_network_install   (void);
/* Called in each look-up; NULL for none */
void        mock_network_on_lookup (void (*func) (gpointer), gpointer user_data);
const char *mock_network_get_name  (void);
/* "socks5://127.0.0.1:1080", or NULL for none */
void        mock_network_set_proxy (const char *uri);
