/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

typedef struct {
  char        *address;
  GPtrArray   *parameters;
  PhDsnNotify  notify;
  char        *original_type;
  char        *original;
  GDateTime   *valid_since;
  gboolean     valid_since_required;
} PhRecipient;

struct _PhEnvelope {
  gatomicrefcount  refs;
  GPtrArray       *parameters;
  PhRecipient     *recipients;
  guint            n_recipients;
  guint            most_recipients;    /* that there is room for */
  PhRecipient      first;              /* where there is only one */
  gboolean         require_all;

  /* what is asked of the server beyond */
  PhEnvelopeOption best_effort;
  PhDsnReturn      dsn_return;
  char            *envelope_id;
  char            *auth;
  gboolean         require_tls;
  PhDeliverBy      deliver_by;
  int              deliver_by_seconds;
  gboolean         deliver_by_trace;
  guint            hold_for;
  GDateTime       *hold_until;
  gboolean         has_priority;
  int              priority;
  char            *priority_profile;
  PhBodyType       body_type;
  gboolean         utf8_headers;
  char           **solicitation;
  GBytes          *tracking;
  guint            tracking_timeout;
  gboolean         conversion_permitted;
  char            *verp;
  char             sender[];
};

static inline void
ph_envelope_keep (char **field, const char *text)
{
  char *copy = g_strdup (text);

  g_free (*field);
  *field = copy;
}

/* What was asked for by calls of its own, into one where nothing was */
void         ph_envelope_copy_options   (PhEnvelope *self, PhEnvelope *from);
void         ph_recipient_copy_options  (PhRecipient *self, const PhRecipient *from);
/* NULL behind the last; good until another is added */
PhRecipient *ph_envelope_peek_recipient (PhEnvelope *self, guint index);

G_END_DECLS
