/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When connections are in doubt: logind's PrepareForSleep and GNetworkMonitor, once for each main context. */
#include "ph-wake.h"

/* What the watches of one context share; used in its thread only, but for the network's signal. */
typedef struct {
  gatomicrefcount  refs;
  GMainContext    *context;
  GPtrArray       *watches;      /* PhWake */
  GCancellable    *cancellable;
  GDBusConnection *bus;
  guint            subscription;
  gulong           network[2];
} Hub;

struct _PhWake {
  Hub        *hub;
  PhWakeFunc  func;
  gpointer    data;
};

static GMutex lock;
static GHashTable *hubs;  /* GMainContext → Hub, without a reference */

static Hub *
hub_ref (Hub *hub)
{
  g_atomic_ref_count_inc (&hub->refs);
  return hub;
}

static void
hub_unref (gpointer data)
{
  Hub *hub = data;

  if (!g_atomic_ref_count_dec (&hub->refs))
    return;
  g_clear_object (&hub->cancellable);
  g_clear_object (&hub->bus);
  g_ptr_array_unref (hub->watches);
  g_main_context_unref (hub->context);
  g_free (hub);
}

/* A watch may be freed by what it is told, or by what another one is told. */
static void
tell (Hub          *hub,
      PhWakeReason  reason)
{
  g_autoptr (GPtrArray) watches = g_ptr_array_copy (hub->watches, NULL, NULL);

  for (guint i = 0; i < watches->len; i++)
    {
      PhWake *watch = g_ptr_array_index (watches, i);

      if (g_ptr_array_find (hub->watches, watch, NULL))
        watch->func (reason, watch->data);
    }
}

/* org.freedesktop.login1.Manager.PrepareForSleep (b start): TRUE before the machine sleeps, FALSE when it is awake again. */
static void
on_sleep (GDBusConnection *bus,
          const char      *sender,
          const char      *path,
          const char      *interface,
          const char      *name,
          GVariant        *parameters,
          gpointer         data)
{
  gboolean start = TRUE;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(b)")))
    return;
  g_variant_get (parameters, "(b)", &start);
  if (!start)
    tell (data, PH_WAKE_RESUMED);
}

static void
on_bus (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  Hub *hub = data;
  g_autoptr (GDBusConnection) bus = g_dbus_connection_new_for_address_finish (result, NULL);

  if (bus != NULL && !g_cancellable_is_cancelled (hub->cancellable))
    {
      hub->subscription = g_dbus_connection_signal_subscribe (bus, "org.freedesktop.login1", "org.freedesktop.login1.Manager", "PrepareForSleep",
                                                              "/org/freedesktop/login1", NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_sleep, hub, NULL);
      hub->bus = g_steal_pointer (&bus);
    }
  hub_unref (hub);
}

/* A connection of its own: the shared one ends the process when the bus ends, which is not a library's to decide. */
static void
connect_bus (Hub *hub)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);

  if (address == NULL)
    return;
  g_main_context_push_thread_default (hub->context);
  g_dbus_connection_new_for_address (address, G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, hub->cancellable, on_bus, hub_ref (hub));
  g_main_context_pop_thread_default (hub->context);
}

static gboolean
tell_network (gpointer data)
{
  tell (data, PH_WAKE_NETWORK);
  return G_SOURCE_REMOVE;
}

/* In whatever thread the monitor lives */
static void
on_network (GNetworkMonitor *monitor,
            gpointer         data)
{
  GSource *source;

  if (!g_network_monitor_get_network_available (monitor))
    return;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_network, hub_ref (data), hub_unref);
  g_source_attach (source, ((Hub *) data)->context);
  g_source_unref (source);
}

static void
on_network_changed (GNetworkMonitor *monitor,
                    gboolean         available,
                    gpointer         data)
{
  on_network (monitor, data);
}

static void
on_network_available (GNetworkMonitor *monitor,
                      GParamSpec      *pspec,
                      gpointer         data)
{
  on_network (monitor, data);
}

static Hub *
hub_new (GMainContext *context)
{
  Hub *hub = g_new0 (Hub, 1);

  g_atomic_ref_count_init (&hub->refs);
  hub->context = g_main_context_ref (context);
  hub->watches = g_ptr_array_new ();
  hub->cancellable = g_cancellable_new ();
  /* the signal comes of routes, the property of what NetworkManager says as well */
  hub->network[0] = g_signal_connect (g_network_monitor_get_default (), "network-changed", G_CALLBACK (on_network_changed), hub);
  hub->network[1] = g_signal_connect (g_network_monitor_get_default (), "notify::network-available", G_CALLBACK (on_network_available), hub);
  connect_bus (hub);
  return hub;
}

static void
hub_close (Hub *hub)
{
  for (guint i = 0; i < G_N_ELEMENTS (hub->network); i++)
    g_signal_handler_disconnect (g_network_monitor_get_default (), hub->network[i]);
  g_cancellable_cancel (hub->cancellable);
  if (hub->bus != NULL)
    {
      g_dbus_connection_signal_unsubscribe (hub->bus, hub->subscription);
      g_dbus_connection_close (hub->bus, NULL, NULL, NULL);
    }
  hub_unref (hub);
}

PhWake *
ph_wake_new (GMainContext *context,
             PhWakeFunc    func,
             gpointer      data)
{
  PhWake *self = g_new0 (PhWake, 1);
  Hub *hub;

  self->func = func;
  self->data = data;
  g_mutex_lock (&lock);
  if (hubs == NULL)
    hubs = g_hash_table_new (NULL, NULL);
  hub = g_hash_table_lookup (hubs, context);
  if (hub == NULL)
    {
      hub = hub_new (context);
      g_hash_table_insert (hubs, context, hub);
    }
  self->hub = hub;
  g_ptr_array_add (hub->watches, self);
  g_mutex_unlock (&lock);
  return self;
}

void
ph_wake_free (PhWake *self)
{
  Hub *hub = self->hub;
  gboolean last;

  g_mutex_lock (&lock);
  g_ptr_array_remove_fast (hub->watches, self);
  last = hub->watches->len == 0;
  if (last)
    g_hash_table_remove (hubs, hub->context);
  g_mutex_unlock (&lock);
  if (last)
    hub_close (hub);
  g_free (self);
}
