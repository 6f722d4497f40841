/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A certificate in words. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_CERTIFICATE (ph_certificate_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_certificate_get_type                (void) G_GNUC_CONST;
/* PH_ERROR_INVALID_ARGUMENT where @der is none */
PH_AVAILABLE_IN_1_0 PhCertificate     *ph_certificate_new                     (GBytes *der, GError **error);
PH_AVAILABLE_IN_1_0 PhCertificate     *ph_certificate_ref                     (PhCertificate *self);
PH_AVAILABLE_IN_1_0 void               ph_certificate_unref                   (PhCertificate *self);
PH_AVAILABLE_IN_1_0 GBytes            *ph_certificate_get_der                 (PhCertificate *self);
/* Distinguished names (RFC 4514); (nullable) where they can't be read */
PH_AVAILABLE_IN_1_0 const char        *ph_certificate_get_subject             (PhCertificate *self);
PH_AVAILABLE_IN_1_0 const char        *ph_certificate_get_issuer              (PhCertificate *self);
/* Host names, addresses and services ("_imaps.example.org") that it is made out to, the first 64 */
PH_AVAILABLE_IN_1_0 const char *const *ph_certificate_get_names               (PhCertificate *self);
PH_AVAILABLE_IN_1_0 GDateTime         *ph_certificate_get_activation          (PhCertificate *self);
PH_AVAILABLE_IN_1_0 GDateTime         *ph_certificate_get_expiry              (PhCertificate *self);
/* "RSA", 2048; "EC/ECDSA", 256 */
PH_AVAILABLE_IN_1_0 const char        *ph_certificate_get_key_algorithm       (PhCertificate *self);
PH_AVAILABLE_IN_1_0 guint              ph_certificate_get_key_size            (PhCertificate *self);
/* "RSA-SHA256" */
PH_AVAILABLE_IN_1_0 const char        *ph_certificate_get_signature_algorithm (PhCertificate *self);
/* As ph_security_policy_add_pin () takes them: "sha256:AB:CD:…" of the whole, "sha256//Base64=" of the public key alone */
PH_AVAILABLE_IN_1_0 const char        *ph_certificate_get_fingerprint         (PhCertificate *self);
PH_AVAILABLE_IN_1_0 const char        *ph_certificate_get_key_fingerprint     (PhCertificate *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhCertificate, ph_certificate_unref)

G_END_DECLS
