/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A fetched message for people and as JSON. */
#pragma once

#include "tool.h"

/* @items: PhFetch flags; @extras: further FETCH items as the RFC writes them, or NULL */
char *tool_join_addresses (GPtrArray *addresses, gboolean brief);
void tool_message_add_row (PhMessage *message, ToolTable *table);
void tool_message_print (PhMessage *message, guint items, char **extras, gboolean heading);
void tool_message_json (PhMessage *message, guint items, char **extras);
