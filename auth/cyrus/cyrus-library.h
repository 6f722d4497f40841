/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libsasl2, loaded with its first use. */
#pragma once

#include <posthorn/posthorn-plugin.h>
#include <sasl/sasl.h>
#include <sasl/saslplug.h>

G_BEGIN_DECLS

/* The functions that the bridge calls */
typedef struct {
  __typeof__ (&sasl_client_init)        client_init;
  __typeof__ (&sasl_client_plugin_info) client_plugin_info;
  __typeof__ (&sasl_client_new)         client_new;
  __typeof__ (&sasl_client_start)       client_start;
  __typeof__ (&sasl_client_step)        client_step;
  __typeof__ (&sasl_setprop)            setprop;
  __typeof__ (&sasl_getprop)            getprop;
  __typeof__ (&sasl_encode)             encode;
  __typeof__ (&sasl_decode)             decode;
  __typeof__ (&sasl_errdetail)          errdetail;
  __typeof__ (&sasl_dispose)            dispose;
} CyrusLibrary;

/* Loaded and initialised, once for the process and never given back; NULL where that fails. Any thread. */
const CyrusLibrary *cyrus_library_get (void);

/*
 * A connection to libsasl2, and the lock that is held around its calls (NULL: none is needed). libsasl2 takes no locks of its own
 * unless the program gives it some. There is one for the mechanisms that share state in their plugin, and another for those that
 * may wait for the network, so that a Kerberos login stops no other.
 */
typedef struct {
  const CyrusLibrary *library;
  sasl_conn_t *sasl;
  GMutex *lock;
} CyrusConnection;

void cyrus_connection_init   (CyrusConnection *self, const CyrusLibrary *library, const char *mechanism);
void cyrus_connection_clear  (CyrusConnection *self);
void cyrus_connection_lock   (CyrusConnection *self);
void cyrus_connection_unlock (CyrusConnection *self);

/* The features that libsasl2 finds, up to one without a name */
const PhFeature *cyrus_list (void);

GType     cyrus_mechanism_get_type (void);
/* The layer that @connection has negotiated; @owner, whose it is, lives as long: libsasl2 keeps pointers into it. */
PhFilter *cyrus_layer_new          (GObject *owner, CyrusConnection *connection);

G_END_DECLS
