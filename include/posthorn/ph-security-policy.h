/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a session demands of channel and login; shared by any number of sessions, with one trust store. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_SECURITY_POLICY (ph_security_policy_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhSecurityPolicy, ph_security_policy, PH, SECURITY_POLICY, GObject)

/* System trust, TLS required, no plaintext in the clear. Set up before the first session uses it; then any thread. */
PH_AVAILABLE_IN_1_0 PhSecurityPolicy  *ph_security_policy_new              (void);
/* what sessions use that are given none. (transfer none) */
PH_AVAILABLE_IN_1_0 PhSecurityPolicy  *ph_security_policy_get_default      (void);
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_tls_mode     (PhSecurityPolicy *self, PhTlsMode mode);
PH_AVAILABLE_IN_1_0 PhTlsMode          ph_security_policy_get_tls_mode     (PhSecurityPolicy *self);
/* A PEM file of authorities, in place of the system's; NULL: the system's */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_ca_file      (PhSecurityPolicy *self, const char *path);
PH_AVAILABLE_IN_1_0 const char        *ph_security_policy_get_ca_file      (PhSecurityPolicy *self);
/* Client certificate: PEM files; @key_path NULL: in the same file */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_certificate  (PhSecurityPolicy *self, const char *certificate_path, const char *key_path);
PH_AVAILABLE_IN_1_0 const char        *ph_security_policy_get_certificate  (PhSecurityPolicy *self, const char **key_path);
/* A GnuTLS priority string in place of "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_priority     (PhSecurityPolicy *self, const char *priority);
PH_AVAILABLE_IN_1_0 const char        *ph_security_policy_get_priority     (PhSecurityPolicy *self);
/* Passwords as they are over a channel that others can read. Default FALSE; loopback addresses are allowed without it. */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_allow_plaintext (PhSecurityPolicy *self, gboolean allow);
PH_AVAILABLE_IN_1_0 gboolean           ph_security_policy_get_allow_plaintext (PhSecurityPolicy *self);
/* Only these mechanisms, in this order ("*": the protocol's own login command); NULL: what is installed, strongest first */
PH_AVAILABLE_IN_1_0 void               ph_security_policy_set_mechanisms   (PhSecurityPolicy *self, const char *const *mechanisms);
PH_AVAILABLE_IN_1_0 const char *const *ph_security_policy_get_mechanisms   (PhSecurityPolicy *self);

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

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhTlsInfo, ph_tls_info_unref)

G_END_DECLS
