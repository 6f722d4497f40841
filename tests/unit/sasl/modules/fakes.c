/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mechanisms with every combination of flags that the selector weighs, and some that misbehave. All do what their name says. */
#include <posthorn/posthorn-plugin.h>

#include <string.h>

typedef struct { GObject parent; } PhTestFake;
typedef GObjectClass PhTestFakeClass;

static GBytes *
fail (GError **error, PhError code, const char *message)
{
  g_set_error_literal (error, PH_ERROR, code, message);
  return NULL;
}

/* Says its name, its step, what it was asked, and which binding it knows */
static GBytes *
respond (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *challenge, GError **error)
{
  const char *name = ph_sasl_context_get_mechanism (context), *binding = NULL;
  gsize length = 0;
  const char *question = challenge != NULL ? g_bytes_get_data (challenge, &length) : "-";
  g_autofree char *asked = g_strndup (question != NULL ? question : "", challenge != NULL ? length : 1);
  g_autofree char *text = NULL;

  if (strcmp (name, "X-GIVES-UP") == 0)
    return fail (error, PH_ERROR_NOT_SUPPORTED, "this system is too old for X-GIVES-UP");
  if (strcmp (name, "X-SEES-THROUGH") == 0)
    return fail (error, PH_ERROR_SERVER_UNPROVEN, "this is not the server");

  ph_sasl_context_get_binding (context, &binding);
  text = g_strdup_printf ("%s %u %s %s", name, ph_sasl_context_get_step (context), asked,
                          binding != NULL ? binding : "unbound");
  return g_bytes_new (text, strlen (text));
}

static gboolean
finish (PhSaslMechanism *mechanism, PhSaslContext *context, GBytes *data, GError **error)
{
  if (data != NULL && g_bytes_get_size (data) > 0)
    return TRUE;

  g_set_error_literal (error, PH_ERROR, PH_ERROR_SERVER_UNPROVEN, "no proof came");
  return FALSE;
}

static void
describe (PhSaslMechanismInterface *iface)
{
  iface->respond = respond;
  iface->finish = finish;
}

GType ph_test_fake_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhTestFake, ph_test_fake, G_TYPE_OBJECT, PH_TYPE_SASL_MECHANISM, describe)

static void
ph_test_fake_init (PhTestFake *self)
{
}

static void
ph_test_fake_class_init (PhTestFakeClass *klass)
{
}

static GType
get_no_type (void)
{
  return G_TYPE_INVALID;
}

#define FAKE(fake_name, fake_flags, fake_needs, fake_rank) \
  { .kind = PH_FEATURE_MECHANISM, .name = fake_name, .summary = "Of a test", .flags = fake_flags, .needs = fake_needs, \
    .rank = fake_rank, .get_type = ph_test_fake_get_type }

#define PASSWORD (PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET)

static const PhFeature provided[] = {
  FAKE ("Z-FOUND", PH_SASL_MUTUAL | PH_SASL_CLIENT_FIRST, PASSWORD, 10),
  { .kind = PH_FEATURE_MECHANISM, .name = "Z-KNOWN", .summary = "Of a test", .get_type = ph_test_fake_get_type,
    .missing = "the library lacks its module \"z\"" },
  { .name = NULL },
};

static const PhFeature *
list (void)
{
  return provided;
}

static const PhFeature features[] = {
  FAKE ("X-BOUND", PH_SASL_CHANNEL_BINDING | PH_SASL_MUTUAL | PH_SASL_CLIENT_FIRST, PASSWORD, 1),
  FAKE ("X-MUTUAL-PLUS", PH_SASL_CHANNEL_BINDING | PH_SASL_MUTUAL | PH_SASL_CLIENT_FIRST, PASSWORD, 0),
  FAKE ("X-MUTUAL", PH_SASL_MUTUAL | PH_SASL_CLIENT_FIRST, PASSWORD, 10),
  FAKE ("X-MUTUAL-LOW", PH_SASL_MUTUAL, PASSWORD, 5),
  FAKE ("X-HIDES", PH_SASL_NONE, PASSWORD, 500),
  FAKE ("X-PLAIN", PH_SASL_PLAINTEXT | PH_SASL_CLIENT_FIRST | PH_SASL_AUTHORIZATION, PASSWORD, 1000),
  FAKE ("X-OLD-MUTUAL", PH_SASL_MUTUAL | PH_SASL_DEPRECATED, PASSWORD, 2000),
  FAKE ("X-OLD", PH_SASL_DEPRECATED, PASSWORD, 2000),
  FAKE ("X-OLD-PLAIN", PH_SASL_PLAINTEXT | PH_SASL_DEPRECATED, PASSWORD, 2000),
  FAKE ("X-NOBODY", PH_SASL_ANONYMOUS | PH_SASL_CLIENT_FIRST, PH_SASL_NEEDS_NOTHING, 3000),
  FAKE ("X-SHY", PH_SASL_MUTUAL, PASSWORD, -1),
  FAKE ("X-TOKEN", PH_SASL_PLAINTEXT | PH_SASL_CLIENT_FIRST, PH_SASL_NEEDS_USER | PH_SASL_NEEDS_TOKEN, 1000),
  FAKE ("X-TICKET", PH_SASL_MUTUAL | PH_SASL_MAY_BLOCK, PH_SASL_NEEDS_TICKET, 100),
  FAKE ("X-CERTIFICATE", PH_SASL_CLIENT_FIRST, PH_SASL_NEEDS_CERTIFICATE, 100),
  FAKE ("X-GIVES-UP", PH_SASL_MUTUAL | PH_SASL_CLIENT_FIRST, PASSWORD, 20),
  FAKE ("X-SEES-THROUGH", PH_SASL_MUTUAL | PH_SASL_CLIENT_FIRST, PASSWORD, 30),
  { .kind = PH_FEATURE_MECHANISM, .name = "X-BROKEN", .summary = "Of a test", .flags = PH_SASL_MUTUAL, .needs = PASSWORD, .rank = 40,
    .get_type = get_no_type },
  { .kind = PH_FEATURE_MECHANISM, .name = "Z-*", .summary = "The provider", .list = list },
};

PH_DEFINE_PLUGIN (fakes, "fakes", "Of a test", features)
