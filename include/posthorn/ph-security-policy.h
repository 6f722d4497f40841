/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a session demands of channel and login; shared by any number of sessions, with one trust store. */
#pragma once

#include <posthorn/ph-certificate.h>
#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_SECURITY_POLICY (ph_security_policy_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhSecurityPolicy, ph_security_policy, PH, SECURITY_POLICY, GObject)

/**
 * PhTlsVersion:
 * @PH_TLS_BY_PRIORITY: what the policy's priority allows; by itself that is 1.2 and newer
 * @PH_TLS_V1_0: TLS 1.0 (RFC 2246), broken
 * @PH_TLS_V1_1: TLS 1.1 (RFC 4346), broken
 * @PH_TLS_V1_2: TLS 1.2 (RFC 5246)
 * @PH_TLS_V1_3: TLS 1.3 (RFC 8446)
 *
 * A version of TLS.
 */
typedef enum {
  PH_TLS_BY_PRIORITY,
  PH_TLS_V1_0,
  PH_TLS_V1_1,
  PH_TLS_V1_2,
  PH_TLS_V1_3
} PhTlsVersion;

/**
 * PhDaneMode:
 * @PH_DANE_NEVER: don't ask; the default
 * @PH_DANE_PREFER: ask, and where the domain has published signed records, one must match the certificate
 * @PH_DANE_REQUIRED: without a signed record that matches, the certificate is not valid
 *
 * What is demanded of the domain name system (RFC 6698, RFC 7673).
 */
typedef enum {
  PH_DANE_NEVER,
  PH_DANE_PREFER,
  PH_DANE_REQUIRED
} PhDaneMode;

/**
 * PhDaneResult:
 * @PH_DANE_NOT_ASKED: the policy does not ask, or the server is an address
 * @PH_DANE_NO_RECORD: the domain has published no signed record
 * @PH_DANE_MATCH: a signed record matches the certificate
 * @PH_DANE_MISMATCH: there are signed records, and none matches
 *
 * What came of it.
 */
typedef enum {
  PH_DANE_NOT_ASKED,
  PH_DANE_NO_RECORD,
  PH_DANE_MATCH,
  PH_DANE_MISMATCH
} PhDaneResult;

/*
 * Signal: "ask-key-password" (string what, guint attempt) → PhSecret: the PIN of a token, or the password of a key's file
 */

/* System trust, TLS required, no plaintext in the clear. Set up before the first session uses it; then any thread. */
PH_AVAILABLE_IN_1_0 PhSecurityPolicy  *ph_security_policy_new              (void);
/* what sessions use that are given none. (transfer none) */
PH_AVAILABLE_IN_1_0 PhSecurityPolicy  *ph_security_policy_get_default      (void);
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_tls_mode     (PhSecurityPolicy *self, PhTlsMode mode);
PH_AVAILABLE_IN_1_0 PhTlsMode          ph_security_policy_get_tls_mode     (PhSecurityPolicy *self);
/* A PEM file of authorities, in place of the system's; NULL: the system's */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_ca_file      (PhSecurityPolicy *self, const char *path);
PH_AVAILABLE_IN_1_0 const char        *ph_security_policy_get_ca_file      (PhSecurityPolicy *self);
/* Client certificate: PEM files, or PKCS#11 URIs (RFC 7512); @key_path NULL: the same */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_certificate  (PhSecurityPolicy *self, const char *certificate_path, const char *key_path);
PH_AVAILABLE_IN_1_0 const char        *ph_security_policy_get_certificate  (PhSecurityPolicy *self, const char **key_path);
/* In place of the two files, a PKCS#12 file */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_pkcs12       (PhSecurityPolicy *self, const char *path);
PH_AVAILABLE_IN_1_0 const char        *ph_security_policy_get_pkcs12       (PhSecurityPolicy *self);
/* The password of the key's file, or the PIN of the token; otherwise "ask-key-password" is emitted when it is needed */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_key_password (PhSecurityPolicy *self, PhSecret *password);
/* A PEM file of lists of revoked certificates; every list of every file counts */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_add_crl_file     (PhSecurityPolicy *self, const char *path);
/* @pin: "sha256:AB:CD:…" or "sha256//Base64="; @host NULL: any. Where a host has pins, its certificate must have one, and then is trusted.
 * FALSE and PH_ERROR_INVALID_ARGUMENT where @pin can't be read */
PH_AVAILABLE_IN_1_0 gboolean           ph_security_policy_add_pin          (PhSecurityPolicy *self, const char *host, const char *pin, GError **error);
/* Default PH_TLS_BY_PRIORITY */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_minimum_version (PhSecurityPolicy *self, PhTlsVersion version);
PH_AVAILABLE_IN_1_0 PhTlsVersion       ph_security_policy_get_minimum_version (PhSecurityPolicy *self);
/* Whether sessions go on from earlier ones with the same server. Default TRUE */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_resumption   (PhSecurityPolicy *self, gboolean resumption);
PH_AVAILABLE_IN_1_0 gboolean           ph_security_policy_get_resumption   (PhSecurityPolicy *self);
/* Default PH_DANE_NEVER */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_dane         (PhSecurityPolicy *self, PhDaneMode mode);
PH_AVAILABLE_IN_1_0 PhDaneMode         ph_security_policy_get_dane         (PhSecurityPolicy *self);
/* Whom to ask: "192.0.2.1", "192.0.2.1@5353", NULL: the system's; and a file with the keys to trust, NULL: the root's */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_dane_resolver (PhSecurityPolicy *self, const char *resolver, const char *anchor_path);
/* A GnuTLS priority string in place of "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM" */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_priority     (PhSecurityPolicy *self, const char *priority);
PH_AVAILABLE_IN_1_0 const char        *ph_security_policy_get_priority     (PhSecurityPolicy *self);
/* Passwords as they are over a channel that others can read. Default FALSE; loopback addresses are allowed without it. */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_allow_plaintext (PhSecurityPolicy *self, gboolean allow);
PH_AVAILABLE_IN_1_0 gboolean           ph_security_policy_get_allow_plaintext (PhSecurityPolicy *self);
/* Whether a mechanism's first response goes along with its choice, where protocol and server allow that. Default TRUE */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_initial_response (PhSecurityPolicy *self, gboolean initial_response);
PH_AVAILABLE_IN_1_0 gboolean           ph_security_policy_get_initial_response (PhSecurityPolicy *self);
/* Only these mechanisms, in this order ("*": the protocol's own login command); NULL: what is installed, strongest first */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_mechanisms   (PhSecurityPolicy *self, const char *const *mechanisms);
PH_AVAILABLE_IN_1_0 const char *const *ph_security_policy_get_mechanisms   (PhSecurityPolicy *self);

/* Never these, whatever else is said: names, or patterns with '*'; NULL: none */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_refused_mechanisms (PhSecurityPolicy *self, const char *const *mechanisms);
PH_AVAILABLE_IN_1_0 const char *const *ph_security_policy_get_refused_mechanisms (PhSecurityPolicy *self);
PH_AVAILABLE_IN_1_0 gboolean           ph_security_policy_is_mechanism_refused   (PhSecurityPolicy *self, const char *mechanism);

/* The channel as it was negotiated. Boxed. */
#define PH_TYPE_TLS_INFO (ph_tls_info_get_type ())
PH_AVAILABLE_IN_1_0 GType                ph_tls_info_get_type     (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhTlsInfo           *ph_tls_info_ref          (PhTlsInfo *self);
PH_AVAILABLE_IN_1_0 void                 ph_tls_info_unref        (PhTlsInfo *self);
/* "TLS1.3", "TLS1.2" */
PH_AVAILABLE_IN_1_0 const char          *ph_tls_info_get_protocol (PhTlsInfo *self);
/* "AES-256-GCM" */
PH_AVAILABLE_IN_1_0 const char          *ph_tls_info_get_cipher   (PhTlsInfo *self);
/* chosen by ALPN; NULL without */
PH_AVAILABLE_IN_1_0 const char          *ph_tls_info_get_alpn     (PhTlsInfo *self);
/* DER, the server's own first. (element-type GBytes) (transfer none) */
PH_AVAILABLE_IN_1_0 GPtrArray           *ph_tls_info_get_chain    (PhTlsInfo *self);
/* 0: everything is right */
PH_AVAILABLE_IN_1_0 GTlsCertificateFlags ph_tls_info_get_errors   (PhTlsInfo *self);
/* The server's certificate in words: (nullable) where it can't be read */
PH_AVAILABLE_IN_1_0 const char          *ph_tls_info_get_subject  (PhTlsInfo *self);
PH_AVAILABLE_IN_1_0 const char          *ph_tls_info_get_issuer   (PhTlsInfo *self);
PH_AVAILABLE_IN_1_0 GDateTime           *ph_tls_info_get_expiry   (PhTlsInfo *self);
/* As get_chain (), in words. (element-type PhCertificate) (transfer none) */
PH_AVAILABLE_IN_1_0 GPtrArray           *ph_tls_info_get_certificates (PhTlsInfo *self);
/* What get_errors () means, as a sentence; (nullable) where everything is right */
PH_AVAILABLE_IN_1_0 const char          *ph_tls_info_get_explanation (PhTlsInfo *self);
PH_AVAILABLE_IN_1_0 gboolean             ph_tls_info_is_resumed   (PhTlsInfo *self);
/* The authority says, by way of the server, that the certificate is not revoked */
PH_AVAILABLE_IN_1_0 gboolean             ph_tls_info_has_staple   (PhTlsInfo *self);
/* "tls-exporter", "tls-server-end-point", "tls-unique": those that a login can be bound to (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 const char *const   *ph_tls_info_get_bindings (PhTlsInfo *self);
PH_AVAILABLE_IN_1_0 PhDaneResult         ph_tls_info_get_dane     (PhTlsInfo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhTlsInfo, ph_tls_info_unref)

G_END_DECLS
