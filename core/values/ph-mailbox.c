/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <posthorn/posthorn-plugin.h>
