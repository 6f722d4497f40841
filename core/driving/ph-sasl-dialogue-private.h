/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The dialogue's inside, shared by its two files: the choice of a mechanism, and the exchange with the one that was chosen. */
#pragma once

#include "driving/ph-sasl-dialogue.h"

G_BEGIN_DECLS

typedef struct {
  char *type;
  GBytes *data;
} PhSaslBinding;

struct _PhSaslDialogue
{
  PhSecurityPolicy *policy;
  /* its maker's */
  const char *service;
  const char *host;
  guint16 port;
  const char *user;
  const char *authorization;
  PhSaslNeeds kinds;
  gboolean secure;
  /* the one in use, and those behind it, for servers that don't know its type */
  GArray *bindings; /* NULL: none */
  guint binding;
  PhSaslBindingFunc more_bindings; /* NULL: all are there */
  gpointer more_bindings_data;
  gboolean has_lost_binding; /* each of them was refused, the proof in hand */
  gboolean tells_of_binding; /* the mechanism that was chosen last does */

  GArray *candidates; /* PhSaslCandidate, of the last choice */
  GArray *tried; /* PhSaslTry, in the order in which they were tried */
  guint n_tries;

  /* of the mechanism that was chosen last; no feature and no mechanism for the login command */
  PhFeatureInfo *feature;
  PhSaslMechanism *mechanism;
  PhSaslContext *context;
  PhSaslContext *next_context; /* made ahead, knows no mechanism yet; or NULL */
  gboolean has_proof; /* the server has been given what it can judge the secret by */

  /* what our side found wrong; a fatal one ends the login, whatever else the server offers */
  GError *failure;
  gboolean is_fatal;
  /* what the server said of the secret */
  GError *refusal;
  PhSaslNeeds refused;
  PhSecret *refused_token;
};

gboolean ph_sasl_dialogue_has_flag (PhSaslDialogue *self, PhSaslFlags flag);

G_END_DECLS
