/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads and initialises libsasl2; what its calls need around them. */
#include "cyrus-library.h"

#include <gmodule.h>

#define FILE_NAME "libsasl2.so.2"

static CyrusLibrary library;

static GMutex shared_lock;
static GMutex network_lock;

/* Without it libsasl2 writes to the system's log, in this program's name. */
static int
ignore_message (void *context, int level, const char *message)
{
  return SASL_OK;
}

static const sasl_callback_t callbacks[] = {
  { SASL_CB_LOG, (int (*) (void)) (void (*) (void)) ignore_message, NULL },
  { SASL_CB_LIST_END, NULL, NULL },
};

static gboolean
find_symbols (GModule *module)
{
  const struct {
    const char *name;
    gpointer address;
  } symbols[] = {
    { "sasl_client_init", &library.client_init },
    { "sasl_client_plugin_info", &library.client_plugin_info },
    { "sasl_client_new", &library.client_new },
    { "sasl_client_start", &library.client_start },
    { "sasl_client_step", &library.client_step },
    { "sasl_setprop", &library.setprop },
    { "sasl_getprop", &library.getprop },
    { "sasl_encode", &library.encode },
    { "sasl_decode", &library.decode },
    { "sasl_errdetail", &library.errdetail },
    { "sasl_dispose", &library.dispose },
  };

  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (!g_module_symbol (module, symbols[i].name, symbols[i].address))
      return FALSE;

  return TRUE;
}

static gboolean
load (void)
{
  GModule *module = g_module_open (FILE_NAME, G_MODULE_BIND_LOCAL);

  if (module == NULL)
    return FALSE;

  g_module_make_resident (module);
  return find_symbols (module) && library.client_init (callbacks) == SASL_OK;
}

/* sasl_done () is never called: it would take the ground from under everyone else in the process who uses libsasl2. */
const CyrusLibrary *
cyrus_library_get (void)
{
  static gsize once = 0;

  if (g_once_init_enter (&once))
    g_once_init_leave (&once, load () ? 1 : 2);

  return once == 1 ? &library : NULL;
}

static GMutex *
choose_lock (const char *mechanism)
{
  if (g_str_has_prefix (mechanism, "SCRAM-"))
    return NULL;

  return g_str_has_prefix (mechanism, "GS") ? &network_lock : &shared_lock;
}

void
cyrus_connection_init (CyrusConnection *self, const CyrusLibrary *from, const char *mechanism)
{
  self->library = from;
  self->lock = choose_lock (mechanism);
}

void
cyrus_connection_clear (CyrusConnection *self)
{
  if (self->sasl == NULL)
    return;

  cyrus_connection_lock (self);
  self->library->dispose (&self->sasl);
  cyrus_connection_unlock (self);
}

void
cyrus_connection_lock (CyrusConnection *self)
{
  if (self->lock != NULL)
    g_mutex_lock (self->lock);
}

void
cyrus_connection_unlock (CyrusConnection *self)
{
  if (self->lock != NULL)
    g_mutex_unlock (self->lock);
}
