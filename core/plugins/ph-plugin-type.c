/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Registering the types of plugins, so that two modules with the same type name cost an error and not the process. */
#include "plugins/ph-registry-private.h"

/* What stands in a type's once variable after a refusal: no GType is 1. */
#define REFUSED ((gsize) 1)

/* Between looking a name up and registering it, no other module may register it. */
static GMutex register_lock;

static GPrivate last_refused;

const char *
ph_plugin_type_take_refused (void)
{
  const char *name = g_private_get (&last_refused);

  g_private_set (&last_refused, NULL);
  return name;
}

static GType
register_type (GType parent, const char *name, guint class_size, GClassInitFunc class_init, guint instance_size, GInstanceInitFunc init)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&register_lock);

  if (parent == G_TYPE_INVALID || g_type_from_name (name) != 0)
    return G_TYPE_INVALID;

  return g_type_register_static_simple (parent, g_intern_string (name), class_size, class_init, instance_size, init, 0);
}

/**
 * ph_plugin_register_type: (skip)
 * @once: a static variable, 0 at first
 * @parent: the type to derive from
 * @name: the new type's name
 * @class_size: octets of its class
 * @class_init: (nullable) (scope forever): initialises the class
 * @instance_size: octets of an instance
 * @init: (nullable) (scope forever): initialises an instance
 * @interface_type: an interface that it implements, or %G_TYPE_INVALID
 * @interface_init: (nullable) (scope forever): fills the interface
 *
 * Registers a type for a plugin, once; what %PH_DEFINE_PLUGIN_TYPE calls. GObject's own macros wait for ever where another
 * module has registered a type of the same name; this returns %G_TYPE_INVALID, and [method@Registry.create] fails with
 * %PH_ERROR_PLUGIN.
 *
 * May be called from any thread.
 *
 * Returns: the type, or %G_TYPE_INVALID where its name is taken
 */
GType
ph_plugin_register_type (gsize *once, GType parent, const char *name, guint class_size, GClassInitFunc class_init, guint instance_size,
                         GInstanceInitFunc init, GType interface_type, GInterfaceInitFunc interface_init)
{
  if (g_once_init_enter (once))
    {
      GType type = register_type (parent, name, class_size, class_init, instance_size, init);

      if (type != G_TYPE_INVALID && interface_type != G_TYPE_INVALID)
        {
          const GInterfaceInfo info = { interface_init, NULL, NULL };

          g_type_add_interface_static (type, interface_type, &info);
        }

      g_once_init_leave (once, type == G_TYPE_INVALID ? REFUSED : type);
    }

  if (*once != REFUSED)
    return *once;

  g_private_set (&last_refused, (gpointer) name);
  return G_TYPE_INVALID;
}
