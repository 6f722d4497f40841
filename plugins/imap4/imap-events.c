/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The engine's events: kept in order until they are taken, and bounded by not reading on. */
#include "imap-engine.h"

#include <string.h>

/* At so many nothing more is read. One response may add several, so this is no hard bound. */
#define MAX_EVENTS 256
/* So many keep their memory when they were taken, while commands run. */
#define KEPT_EVENTS 16

static guint
get_n_events (PhImapEngine *self)
{
  return self->events->len - self->first_event;
}

void
ph_imap_engine_push_event (PhImapEngine *self, PhEvent *event)
{
  if (event->kind == PH_EVENT_CAPABILITIES)
    self->n_capability_events++;

  g_array_append_val (self->events, *event);
  memset (event, 0, sizeof *event);
}

void
ph_imap_engine_post (PhEngine *engine, PhEvent *event)
{
  ph_imap_engine_push_event ((PhImapEngine *) engine, event);
}

/* One event for all items that wait. */
void
ph_imap_engine_push_item (PhImapEngine *self, PhCommand *command)
{
  PhEvent event = { .kind = PH_EVENT_ITEM };

  if (get_n_events (self) > 0)
    {
      const PhEvent *last = &g_array_index (self->events, PhEvent, self->events->len - 1);

      if (last->kind == PH_EVENT_ITEM && last->command == command)
        return;
    }

  event.command = g_object_ref (command);
  ph_imap_engine_push_event (self, &event);
}

void
ph_imap_engine_warn (PhImapEngine *self, GError *error)
{
  PhEvent event = { .kind = PH_EVENT_WARNING, .error = error };

  ph_imap_engine_push_event (self, &event);
}

/* A session that idles holds no memory of busier times. */
static void
forget_taken (PhImapEngine *self)
{
  self->first_event = 0;
  if (self->events->len <= KEPT_EVENTS && self->parser != NULL)
    {
      g_array_set_size (self->events, 0);
      return;
    }

  g_free (g_array_steal (self->events, NULL));
}

gboolean
ph_imap_engine_take_event (PhEngine *engine, PhEvent *event)
{
  PhImapEngine *self = (PhImapEngine *) engine;

  if (get_n_events (self) == 0)
    return FALSE;

  *event = g_array_index (self->events, PhEvent, self->first_event);
  self->first_event++;
  if (event->kind == PH_EVENT_CAPABILITIES)
    self->n_capability_events--;
  if (get_n_events (self) == 0)
    forget_taken (self);

  return TRUE;
}

gboolean
ph_imap_engine_is_full (PhImapEngine *self)
{
  if (get_n_events (self) >= MAX_EVENTS)
    return TRUE;

  for (GList *link = self->running.head; link != NULL; link = link->next)
    if (ph_command_is_full (((PhImapEntry *) link->data)->command))
      return TRUE;

  return FALSE;
}

void
ph_imap_engine_clear_events (PhImapEngine *self)
{
  for (guint i = self->first_event; i < self->events->len; i++)
    ph_event_clear (&g_array_index (self->events, PhEvent, i));
  g_clear_pointer (&self->events, g_array_unref);
}
