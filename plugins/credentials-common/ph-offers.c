/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Offers of secrets, and their refusals. */
#include "ph-offers.h"

#include <string.h>

struct _PhOffers {
  GMutex lock;
  GHashTable *given;   /* URI → Offer: the last */
  GHashTable *refused; /* URI → Offer: the last */
};

typedef struct {
  char *user;
  PhSecret *secret;
} Offer;

static Offer *
offer_new (const char *user, PhSecret *secret)
{
  Offer *offer = g_new (Offer, 1);

  offer->user = g_strdup (user);
  offer->secret = ph_secret_ref (secret);
  return offer;
}

static void
offer_free (gpointer data)
{
  Offer *offer = data;

  g_free (offer->user);
  ph_secret_unref (offer->secret);
  g_free (offer);
}

static gboolean
is_same (Offer *offer, const char *user, PhSecret *secret)
{
  gsize length, other_length;
  const char *text = ph_secret_get (secret, &length), *other = ph_secret_get (offer->secret, &other_length);

  return g_strcmp0 (offer->user, user) == 0 && length == other_length && memcmp (text, other, length) == 0;
}

PhOffers *
ph_offers_new (void)
{
  PhOffers *self = g_new0 (PhOffers, 1);

  g_mutex_init (&self->lock);
  self->given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, offer_free);
  self->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, offer_free);
  return self;
}

void
ph_offers_free (PhOffers *self)
{
  g_hash_table_unref (self->given);
  g_hash_table_unref (self->refused);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
ph_offers_give (PhOffers *self, const char *uri, const char *user, PhSecret *secret)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  Offer *refused = g_hash_table_lookup (self->refused, uri);

  if (refused != NULL && is_same (refused, user, secret))
    return FALSE;

  g_hash_table_replace (self->given, g_strdup (uri), offer_new (user, secret));
  return TRUE;
}

void
ph_offers_refuse (PhOffers *self, const char *uri)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  gpointer key, offer;

  if (g_hash_table_steal_extended (self->given, uri, &key, &offer))
    g_hash_table_replace (self->refused, key, offer);
}
