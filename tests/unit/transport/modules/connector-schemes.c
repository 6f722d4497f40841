/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A protocol that exists for its schemes alone: the connector asks for nothing else. */
#include <posthorn/posthorn-plugin.h>

static GType
get_type (void)
{
  return G_TYPE_INVALID;
}

static const PhScheme schemes[] = { { .scheme = "x-connector", .port = 7, .service = "x-connector" }, { NULL } };

static const PhFeature features[] = {
  { .kind = PH_FEATURE_PROTOCOL, .name = "x-connector", .summary = "For the connector's tests", .schemes = schemes, .get_type = get_type },
};

PH_DEFINE_PLUGIN (connector_schemes, "connector-schemes", "For the connector's tests", features)
