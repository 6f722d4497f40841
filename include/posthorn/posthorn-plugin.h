/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a plugin includes. */
#pragma once

#include <posthorn/posthorn.h>
#include <posthorn/ph-plugin.h>
#include <posthorn/ph-value-builder.h>
