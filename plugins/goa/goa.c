/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Passwords and OAuth 2 tokens of the accounts in GNOME's settings, by D-Bus alone. */
#include "goa.h"

#include <posthorn/posthorn-plugin.h>

typedef GObjectClass PhGoaClass;

enum { PROP_0, PROP_ACCOUNT };

GType ph_goa_get_type (void);

/* Only the bus knows which it will be. */
static PhSaslNeeds
ph_goa_get_kinds (PhCredentials *credentials, const char *uri)
{
  return PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN;
}

static void
ph_goa_refused (PhCredentials *credentials, const char *uri, PhSaslNeeds needs, PhReply *reply)
{
  PhGoa *self = (PhGoa *) credentials;

  if ((needs & (PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN)) == 0)
    return;
  ph_offers_refuse (self->offers, uri);
  g_hash_table_add (self->doubtful, g_strdup (uri));
}

static void
ph_goa_describe (PhCredentialsInterface *iface)
{
  iface->get_kinds = ph_goa_get_kinds;
  iface->lookup_async = goa_lookup_async;
  iface->lookup_finish = goa_lookup_finish;
  iface->refused = ph_goa_refused;
  iface->list_accounts_async = goa_list_accounts_async;
  iface->list_accounts_finish = goa_list_accounts_finish;
}

PH_DEFINE_PLUGIN_TYPE (PhGoa, ph_goa, G_TYPE_OBJECT, PH_TYPE_CREDENTIALS, ph_goa_describe)

static void
ph_goa_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_string (value, ((PhGoa *) object)->account);
}

static void
ph_goa_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  PhGoa *self = (PhGoa *) object;

  g_free (self->account);
  self->account = g_value_dup_string (value);
}

static void
ph_goa_finalize (GObject *object)
{
  PhGoa *self = (PhGoa *) object;

  g_free (self->account);
  ph_offers_free (self->offers);
  g_hash_table_unref (self->doubtful);
  G_OBJECT_CLASS (ph_goa_parent_class)->finalize (object);
}

static void
ph_goa_class_init (PhGoaClass *klass)
{
  klass->get_property = ph_goa_get_property;
  klass->set_property = ph_goa_set_property;
  klass->finalize = ph_goa_finalize;
  g_object_class_install_property (klass, PROP_ACCOUNT,
                                   g_param_spec_string ("account", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
ph_goa_init (PhGoa *self)
{
  self->offers = ph_offers_new ();
  self->doubtful = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_CREDENTIALS, .name = "goa", .summary = "Passwords and tokens of GNOME Online Accounts", .rank = PH_RANK_PRIMARY,
    .needs = PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET | PH_SASL_NEEDS_TOKEN, .get_type = ph_goa_get_type },
};

PH_DEFINE_PLUGIN (goa, "goa", "Passwords and tokens of GNOME Online Accounts", features)
