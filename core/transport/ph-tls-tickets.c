/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A bounded store of TLS tickets by server. They hold keys: PhSecret wipes them. */
#include "transport/ph-tls-tickets.h"

#include <string.h>

/* A ticket is some 2 KB; a program that talks to more servers at once has their newest */
#define MAX_TICKETS 256
/* of one server: sessions that open at the same time */
#define MAX_PER_PEER 4

typedef struct {
  char     *peer;
  PhSecret *ticket;
  gboolean  once;
} Entry;

struct _PhTlsTickets {
  GMutex lock;
  GQueue entries; /* newest first */
};

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_free (self->peer);
  ph_secret_unref (self->ticket);
  g_free (self);
}

PhTlsTickets *
ph_tls_tickets_new (void)
{
  PhTlsTickets *self = g_new0 (PhTlsTickets, 1);

  g_mutex_init (&self->lock);
  g_queue_init (&self->entries);
  return self;
}

void
ph_tls_tickets_free (PhTlsTickets *self)
{
  g_queue_clear_full (&self->entries, entry_free);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Behind the first @keep entries of @peer, its others go. */
static void
trim (PhTlsTickets *self, const char *peer, guint keep)
{
  guint n = 0;

  for (GList *link = self->entries.head, *next; link != NULL; link = next)
    {
      Entry *entry = link->data;

      next = link->next;
      if (strcmp (entry->peer, peer) != 0 || ++n <= keep)
        continue;
      g_queue_delete_link (&self->entries, link);
      entry_free (entry);
    }
}

void
ph_tls_tickets_keep (PhTlsTickets *self, const char *peer, PhSecret *ticket, gboolean once)
{
  Entry *entry = g_new (Entry, 1);

  entry->peer = g_strdup (peer);
  entry->ticket = ph_secret_ref (ticket);
  entry->once = once;

  g_mutex_lock (&self->lock);
  g_queue_push_head (&self->entries, entry);
  trim (self, peer, once ? MAX_PER_PEER : 1);
  if (self->entries.length > MAX_TICKETS)
    entry_free (g_queue_pop_tail (&self->entries));
  g_mutex_unlock (&self->lock);
}

PhSecret *
ph_tls_tickets_take (PhTlsTickets *self, const char *peer)
{
  PhSecret *ticket = NULL;

  g_mutex_lock (&self->lock);
  for (GList *link = self->entries.head; link != NULL; link = link->next)
    {
      Entry *entry = link->data;

      if (strcmp (entry->peer, peer) != 0)
        continue;
      ticket = ph_secret_ref (entry->ticket);
      if (entry->once)
        {
          g_queue_delete_link (&self->entries, link);
          entry_free (entry);
        }
      break;
    }
  g_mutex_unlock (&self->lock);
  return ticket;
}

void
ph_tls_tickets_drop (PhTlsTickets *self, const char *peer)
{
  g_mutex_lock (&self->lock);
  trim (self, peer, 0);
  g_mutex_unlock (&self->lock);
}
