/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A policy's inside, shared by its files (settings, loading, asking), and what TLS takes from it. */
#pragma once

#include <posthorn/posthorn.h>
#include <gnutls/gnutls.h>

#include "transport/ph-tls-tickets.h"

G_BEGIN_DECLS

struct _PhSecurityPolicy {
  GObject parent_instance;

  PhTlsMode    tls_mode;
  gboolean     allow_plaintext;
  gboolean     initial_response;
  char       **mechanisms;
  char       **refused_mechanisms;
  char        *ca_file;
  char        *certificate_path;
  char        *key_path;
  char        *pkcs12_path;
  PhSecret    *key_password;
  GPtrArray   *crl_files;
  GPtrArray   *pins;
  char        *priority;
  PhTlsVersion minimum;
  gboolean     resumption;
  PhDaneMode   dane;
  char        *dane_resolver;
  char        *dane_anchor;

  /* one loads at a time, which may take a person's answer; the lock guards what is below, made once, and is never held for long */
  GMutex                           loading;
  GMutex                           lock;
  guint                            asking; /* atomic: questions that a person is thinking about */
  gnutls_certificate_credentials_t credentials;
  gnutls_priority_t                cache;

  PhTlsTickets *tickets;
};

/* GnuTLS credentials with the trust store, loaded once per policy. Loading may take 30 ms, or ask a token: ph_security_policy_load () can run
 * in a worker thread beforehand. Any thread. (transfer none) */
gnutls_certificate_credentials_t ph_security_policy_get_tls_credentials (PhSecurityPolicy *self, GError **error);
/* The priority, read by GnuTLS. Behind a successful load only; (transfer none) */
gnutls_priority_t                ph_security_policy_get_tls_priority    (PhSecurityPolicy *self);
gboolean                         ph_security_policy_is_loaded           (PhSecurityPolicy *self);
/* PH_ERROR_TLS: a file or the priority can't be used */
gboolean                         ph_security_policy_load                (PhSecurityPolicy *self, GError **error);
/* The client's key is in a token: a handshake may wait for it, or for a person who types the PIN */
gboolean                         ph_security_policy_may_block           (PhSecurityPolicy *self);
/* NULL where nothing is to be kept */
PhTlsTickets                    *ph_security_policy_get_tickets         (PhSecurityPolicy *self);

/* What is wrong by the host's pins: @status as GnuTLS has it, with what a pin excuses taken away or PH_STATUS_PIN_MISMATCH added */
guint                            ph_security_policy_check_pins          (PhSecurityPolicy *self, const char *host, const gnutls_datum_t *certificate,
                                                                         guint status);

/* ph-key-password.c */
/*
 * What is asked in this thread from now on up to end () is asked in @context instead, while this thread waits; it gives up where @cancellable
 * is cancelled. Without it, the signal is emitted in the thread that asks.
 */
void                             ph_key_password_begin                  (GMainContext *context, GCancellable *cancellable);
void                             ph_key_password_end                    (void);
/* @attempt: 0 at first; the policy's own password answers that. NULL: nobody answers. (transfer full) */
PhSecret                        *ph_key_password_ask                    (PhSecurityPolicy *self, const char *what, guint attempt);
/* GnuTLS' form of it; @policy: a PhSecurityPolicy */
int                              ph_key_password_answer                 (void *policy, int attempt, const char *url, const char *label, guint flags,
                                                                         char *pin, gsize pin_size);
void                             ph_key_password_add_signal             (GObjectClass *klass);

G_END_DECLS
