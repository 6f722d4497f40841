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

/* FALSE: its domain would be one too many for the session. */
static gboolean
admit_domain (PhSmtpCore *core, const char *address)
{
  const char *at = strrchr (address, '@');
  g_autofree char *domain = g_ascii_strdown (at != NULL ? at + 1 : "", -1);

  if (core->features.rcpt_domain_max == 0)
    return TRUE;
  if (core->domains == NULL)
    core->domains = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (g_hash_table_contains (core->domains, domain))
    return TRUE;
  if (g_hash_table_size (core->domains) >= core->features.rcpt_domain_max)
    return FALSE;
  return g_hash_table_add (core->domains, g_steal_pointer (&domain));
}

static void
choose (PhSmtpCore *core, PhSmtpSend *self)
{
  guint most = core->features.rcpt_max > 0 ? core->features.rcpt_max : G_MAXUINT;

  g_free (self->part);
  self->part = g_new (guint, MAX (MIN (self->n_recipients, most), 1));
  self->n_part = 0;
  for (guint i = 0; i < self->n_recipients && self->n_part < most; i++)
    if (self->recipients[i] == PH_SMTP_RECIPIENT_WAITING && admit_domain (core, ph_envelope_get_recipient (self->envelope, i)))
      self->part[self->n_part++] = i;
}

/* A message that goes out several times must be readable as often, and can't go to all or none. */
static gboolean
may_split (PhSmtpCore *core, PhSmtpSend *self, GError **error)
{
  if (ph_envelope_get_require_all (self->envelope))
    g_set_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "%s takes %u of the %u recipients at a time, and all or none are to get the message",
                 core->host, self->n_part, self->n_recipients);
  else if (!ph_body_can_rewind (self->body))
    g_set_error (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "%s takes %u of the %u recipients at a time, and the message can be read only once",
                 core->host, self->n_part, self->n_recipients);
  else
    return TRUE;
  return FALSE;
}

gboolean
ph_smtp_limits_choose (PhSmtpCore *core, PhSmtpSend *self, GError **error)
{
  const PhSmtpFeatures *features = &core->features;
  gboolean all_fit = features->rcpt_domain_max == 0 && (features->rcpt_max == 0 || self->n_recipients <= features->rcpt_max);

  if (features->mail_max > 0 && core->n_mails >= features->mail_max)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_THROTTLED, "%s takes %u messages in a session and no more", core->host, features->mail_max);
      return FALSE;
    }
  self->n_part = self->n_recipients;
  if (all_fit && self->n_waiting == self->n_recipients)
    g_clear_pointer (&self->part, g_free);
  else
    choose (core, self);
  if (self->n_part == 0)
    {
      g_set_error (error, PH_ERROR, PH_ERROR_THROTTLED, "%s takes recipients of %u domains in a session and no more", core->host,
                   features->rcpt_domain_max);
      return FALSE;
    }
  if (self->n_part < self->n_waiting && !may_split (core, self, error))
    return FALSE;
  core->n_mails++;
  return TRUE;
}
