/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which SASL mechanisms come into question, in which order, and why the others do not. */
#pragma once

#include <posthorn/posthorn-plugin.h>

G_BEGIN_DECLS

/* The name of the protocol's own login command among mechanisms */
#define PH_SASL_LOGIN_COMMAND "*"

/* @name: in upper case. @again: it may be tried once more */
typedef struct {
  char    *name;
  gboolean again;
} PhSaslTry;

/* What a choice depends on. @tried: of PhSaslTry. */
typedef struct {
  PhSecurityPolicy *policy;
  PhSaslNeeds       kinds;
  gboolean          secure;
  gboolean          has_binding;
  gboolean          has_lost_binding; /* the server has refused to bind in every way that there is */
  gboolean          acts_for_another;
  GArray           *tried;
} PhSaslSituation;

/* Whether a mechanism comes into question, and why not; usable ones sort first */
typedef enum {
  PH_SASL_USABLE,
  PH_SASL_NOT_INSTALLED,
  PH_SASL_NOT_ALLOWED,
  PH_SASL_FORBIDDEN,
  PH_SASL_NOT_BY_ITSELF,
  PH_SASL_UNSAFE,
  PH_SASL_UNBOUND,
  PH_SASL_ACTS_FOR_NONE,
  PH_SASL_LACKS_CREDENTIALS,
  PH_SASL_TRIED
} PhSaslVerdict;

/* @feature is NULL for the login command and for what is not installed. */
typedef struct {
  char          *name;
  PhFeatureInfo *feature;
  char          *missing;   /* where it isn't installed: what is lacking, if that is known */
  PhSaslVerdict  verdict;
  guint          place;     /* in the policy's list; 0 without one */
  guint          strength;  /* of what kind it is: higher is better */
  int            rank;
} PhSaslCandidate;

/* (element-type PhSaslCandidate) */
G_GNUC_INTERNAL GArray *ph_sasl_selector_new_candidates (void);
/* Fills in what is offered, each name once and in upper case, what is usable first and the best of it at the start. */
G_GNUC_INTERNAL void    ph_sasl_selector_weigh    (GArray *candidates, const PhSaslSituation *situation, const char *const *offered, gboolean login_command);
/* Whether the policy has nothing against a mechanism */
G_GNUC_INTERNAL gboolean ph_sasl_selector_is_allowed (PhSecurityPolicy *policy, const char *name);
/* Whether one of them that could be used would show the secret itself */
G_GNUC_INTERNAL gboolean ph_sasl_selector_shows_secret (GArray *candidates);
/* Of candidates none of which is usable: "PLAIN, LOGIN (would send the password …), GSSAPI (not installed)" */
G_GNUC_INTERNAL char   *ph_sasl_selector_describe (GArray *candidates);

G_END_DECLS
