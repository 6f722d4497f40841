/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * LIMITS, RFC 9422:
 *
 *   limits-param     = limit-name-value 0*[SP limit-name-value]
 *   limit-name-value = limit-name ["=" limit-value]
 *   limit-name       = 1*(ALPHA / DIGIT / "-" / "_")
 *
 * RCPTMAX recipients in a transaction, MAILMAX transactions and RCPTDOMAINMAX recipients' domains in a session; each 1 to 999999. Limits
 * that are unknown or can't be read are no limits. And what RFC 5321 section 4.5.3.1.10 says of servers that tell their limit by a
 * 452 reply.
 */
#include "ph-smtp-send.h"

static guint
read_limit (const char *text)
{
  gsize length = strspn (text, "0123456789");

  return length >= 1 && length <= 6 && text[length] == '\0' && text[0] != '0' ? (guint) g_ascii_strtoull (text, NULL, 10) : 0;
}

void
ph_smtp_limits_parse (PhSmtpFeatures *features, const char *parameters)
{
  g_auto (GStrv) words = g_strsplit_set (parameters, " \t", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      char *value = strchr (words[i], '=');
      if (value == NULL)
        continue;
      *value++ = '\0';
      if (g_ascii_strcasecmp (words[i], "MAILMAX") == 0)
        features->mail_max = read_limit (value);
      else if (g_ascii_strcasecmp (words[i], "RCPTMAX") == 0)
        features->rcpt_max = read_limit (value);
      else if (g_ascii_strcasecmp (words[i], "RCPTDOMAINMAX") == 0)
        features->rcpt_domain_max = read_limit (value);
    }
}

/* FALSE: its domain would be one too many for the session. @more: domains that were admitted, and not used yet */
static gboolean
admit_domain (PhSmtpCore *core, GHashTable *more, const char *address)
{
  const char *at = strrchr (address, '@');
  g_autofree char *domain = g_ascii_strdown (at != NULL ? at + 1 : "", -1);
  guint n_used = core->domains != NULL ? g_hash_table_size (core->domains) : 0;

  if ((core->domains != NULL && g_hash_table_contains (core->domains, domain)) || g_hash_table_contains (more, domain))
    return TRUE;
  if (n_used + g_hash_table_size (more) >= core->features.rcpt_domain_max)
    return FALSE;
  return g_hash_table_add (more, g_steal_pointer (&domain));
}

static GHashTable *
domains_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/* The domains that it needs (transfer full); NULL where they are not limited */
static GHashTable *
choose (PhSmtpCore *core, PhSmtpSend *self)
{
  guint most = core->features.rcpt_max > 0 ? core->features.rcpt_max : G_MAXUINT;
  GHashTable *more = core->features.rcpt_domain_max > 0 ? domains_new () : NULL;

  g_free (self->part);
  self->part = g_new (guint, MAX (MIN (self->n_recipients, most), 1));
  self->n_part = 0;
  for (guint i = 0; i < self->n_recipients && self->n_part < most; i++)
    if (self->recipients[i] == PH_SMTP_RECIPIENT_WAITING &&
        (more == NULL || admit_domain (core, more, ph_envelope_get_recipient (self->envelope, i))))
      self->part[self->n_part++] = i;
  return more;
}

static void
use_domains (PhSmtpCore *core, GHashTable *more)
{
  GHashTableIter iter;
  gpointer domain;

  if (core->domains == NULL)
    core->domains = domains_new ();
  for (g_hash_table_iter_init (&iter, more); g_hash_table_iter_next (&iter, &domain, NULL); g_hash_table_iter_steal (&iter))
    g_hash_table_add (core->domains, domain);
}

/* What is left of it is for another session. */
static gboolean
leave (PhSmtpCore *core, PhSmtpSend *self, guint limit, const char *what, GError **error)
{
  for (guint i = 0; i < self->n_recipients; i++)
    if (self->recipients[i] == PH_SMTP_RECIPIENT_WAITING)
      {
        ph_smtp_send_set (self, i, PH_SMTP_RECIPIENT_DECIDED);
        ph_delivery_set (self->delivery, i, PH_FATE_REFUSED, PH_DELIVERY_LIMIT, NULL);
      }
  g_set_error (error, PH_ERROR, PH_ERROR_THROTTLED, "%s limits a session to %u %s%s; another session takes the rest", core->host, limit,
               what, limit == 1 ? "" : "s");
  return FALSE;
}

static gboolean
leave_domains (PhSmtpCore *core, PhSmtpSend *self, GError **error)
{
  return leave (core, self, core->features.rcpt_domain_max, "recipient domain", error);
}

/* A session that had nothing yet takes it whole */
static gboolean
fits_alone (PhSmtpCore *core, PhSmtpSend *self)
{
  GHashTable *used = g_steal_pointer (&core->domains);
  GHashTable *needed = choose (core, self);

  core->domains = used;
  g_clear_pointer (&needed, g_hash_table_unref);
  return self->n_part == self->n_waiting;
}

/* A message that goes out several times must be readable as often, and can't go to all or none. */
static gboolean
may_split (PhSmtpCore *core, PhSmtpSend *self, GError **error)
{
  guint n_part = self->n_part;

  if (!ph_envelope_get_require_all (self->envelope) && ph_body_can_rewind (self->body))
    return TRUE;
  if (fits_alone (core, self))
    return leave_domains (core, self, error);
  g_set_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "%s takes %u of the %u recipients at a time, and %s", core->host, n_part,
               self->n_recipients,
               ph_envelope_get_require_all (self->envelope) ? "all or none are to get the message" : "the message can be read only once");
  return FALSE;
}

gboolean
ph_smtp_limits_choose (PhSmtpCore *core, PhSmtpSend *self, GError **error)
{
  const PhSmtpFeatures *features = &core->features;
  gboolean all_fit = features->rcpt_domain_max == 0 && (features->rcpt_max == 0 || self->n_recipients <= features->rcpt_max);
  g_autoptr (GHashTable) more = NULL;

  if (features->mail_max > 0 && core->n_mails >= features->mail_max)
    return leave (core, self, features->mail_max, "message", error);
  self->n_part = self->n_recipients;
  if (all_fit && self->n_waiting == self->n_recipients)
    g_clear_pointer (&self->part, g_free);
  else
    more = choose (core, self);
  if (self->n_part == 0)
    return leave_domains (core, self, error);
  if (self->n_part < self->n_waiting && !may_split (core, self, error))
    return FALSE;
  if (more != NULL)
    use_domains (core, more);
  core->n_mails++;
  return TRUE;
}
