/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One GSource around one epoll set for all watches of a main context and priority. */
#include "transport/ph-poller.h"

#include "transport/ph-deadlines.h"
#include "transport/ph-fd-connection.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/epoll.h>
#endif

/* Events taken from the kernel per turn. What doesn't fit comes with the next one: it hands them out in rotation. */
#define BATCH 256

typedef struct {
  GMainContext *context;
  int           priority;
} PollerKey;

/* The source itself. The lock guards all of it: watches may be woken, and are dropped by garbage collectors, in any thread. It is never
 * held while a callback runs. */
typedef struct {
  GSource      source;
  PollerKey    key;
  guint        n_watches;
  GMutex       lock;
  int          epoll; /* -1: there is none, and every watch has plain sources */
  gpointer     epoll_tag;
  GPtrArray   *by_fd; /* the registration that holds a descriptor, NULL for the others */
  guint32      serial;
  GQueue       ready;
  PhDeadlines  deadlines;
} PhPoller;

/* One descriptor of a watch, in the epoll set or with a plain source. */
typedef struct {
  PhWatch     *watch;
  GIOCondition condition; /* 0: neither registered nor plain */
  int          wanted_fd; /* the connection's */
  int          fd;        /* in the epoll set: wanted_fd, or a duplicate where another watch has that one; -1: none */
  guint32      serial;    /* tells an event from one of this descriptor's earlier holder */
  GSource     *plain;
} Registration;

struct _PhWatch {
  PhPoller     *poller;
  PhConnection *connection;
  PhWatchFunc   func;
  gpointer      user_data;
  GIOCondition  wanted;
  Registration  registrations[2]; /* reading and writing; the first alone where one descriptor does both */
  PhDeadline    deadline;
  GList         link; /* in poller->ready */
  gboolean      is_ready;
};

static GMutex pollers_lock;
static GHashTable *pollers; /* PollerKey in PhPoller → PhPoller (not referenced) */

static void
make_ready (PhWatch *watch)
{
  if (watch->is_ready)
    return;
  watch->is_ready = TRUE;
  g_queue_push_tail_link (&watch->poller->ready, &watch->link);
}

#ifdef __linux__

static int
make_epoll (void)
{
  return epoll_create1 (EPOLL_CLOEXEC);
}

/* 0, or the errno of what failed */
static int
control (PhPoller *self, int operation, Registration *registration, GIOCondition condition)
{
  struct epoll_event event = { .data.u64 = (guint64) registration->serial << 32 | (guint32) registration->fd };

  event.events = (condition & G_IO_IN ? EPOLLIN : 0) | (condition & G_IO_OUT ? EPOLLOUT : 0);
  return epoll_ctl (self->epoll, operation, registration->fd, &event) < 0 ? errno : 0;
}

static void
forget_fd (Registration *registration)
{
  if (registration->fd != registration->wanted_fd)
    close (registration->fd);
  registration->fd = -1;
}

static gboolean
epoll_add (PhPoller *self, Registration *registration, GIOCondition condition)
{
  Registration *before;
  int code;

  if (self->epoll < 0)
    return FALSE;
  registration->fd = registration->wanted_fd;
  registration->serial = ++self->serial;
  code = control (self, EPOLL_CTL_ADD, registration, condition);
  if (code == EEXIST)
    {
      registration->fd = fcntl (registration->wanted_fd, F_DUPFD_CLOEXEC, 3);
      code = registration->fd < 0 ? errno : control (self, EPOLL_CTL_ADD, registration, condition);
    }
  if (code != 0)
    {
      if (registration->fd >= 0)
        forget_fd (registration);
      return FALSE;
    }

  if (self->by_fd->len <= (guint) registration->fd)
    g_ptr_array_set_size (self->by_fd, registration->fd + 1);
  /* The kernel let us have it, so it was closed under the watch that had it: that one must not take ours away later. */
  before = self->by_fd->pdata[registration->fd];
  if (before != NULL)
    before->fd = -1;
  self->by_fd->pdata[registration->fd] = registration;
  return TRUE;
}

static void
epoll_remove (PhPoller *self, Registration *registration)
{
  control (self, EPOLL_CTL_DEL, registration, 0);
  self->by_fd->pdata[registration->fd] = NULL;
  forget_fd (registration);
}

static gboolean
epoll_change (PhPoller *self, Registration *registration, GIOCondition condition)
{
  return control (self, EPOLL_CTL_MOD, registration, condition) == 0;
}

/* A descriptor was closed before its watch was freed, but lives on as a duplicate (in a child process): it reports for ever, and can't be
 * taken out any more. Begin afresh without it. */
static void
renew_epoll (PhPoller *self)
{
  g_source_remove_unix_fd (&self->source, self->epoll_tag);
  close (self->epoll);
  self->epoll = make_epoll ();
  if (self->epoll >= 0)
    self->epoll_tag = g_source_add_unix_fd (&self->source, self->epoll, G_IO_IN);
  for (guint i = 0; i < self->by_fd->len; i++)
    {
      Registration *registration = self->by_fd->pdata[i];

      if (registration == NULL || (self->epoll >= 0 && control (self, EPOLL_CTL_ADD, registration, registration->condition) == 0))
        continue;
      self->by_fd->pdata[i] = NULL;
      forget_fd (registration);
      registration->condition = 0;
      registration->watch->wanted = 0; /* the next ph_watch_set () finds another way */
      make_ready (registration->watch);
    }
}

static void
collect_events (PhPoller *self)
{
  struct epoll_event events[BATCH];
  gboolean is_stale = FALSE;
  int n;

  if (self->epoll < 0)
    return;
  n = epoll_wait (self->epoll, events, BATCH, 0);
  for (int i = 0; i < n; i++)
    {
      guint fd = (guint32) events[i].data.u64;
      Registration *registration = fd < self->by_fd->len ? self->by_fd->pdata[fd] : NULL;

      if (registration != NULL && registration->serial == events[i].data.u64 >> 32)
        make_ready (registration->watch);
      else
        is_stale = TRUE;
    }
  if (is_stale)
    renew_epoll (self);
}

#else

static int      make_epoll     (void) { return -1; }
static gboolean epoll_add      (PhPoller *self, Registration *registration, GIOCondition condition) { return FALSE; }
static gboolean epoll_change   (PhPoller *self, Registration *registration, GIOCondition condition) { return FALSE; }
static void     epoll_remove   (PhPoller *self, Registration *registration) {}
static void     collect_events (PhPoller *self) {}

#endif

static gboolean
ph_poller_prepare (GSource *source, int *timeout)
{
  PhPoller *self = (PhPoller *) source;
  gboolean is_ready;
  gint64 earliest, left;

  g_mutex_lock (&self->lock);
  is_ready = self->ready.length > 0;
  earliest = ph_deadlines_get_earliest (&self->deadlines);
  g_mutex_unlock (&self->lock);

  *timeout = -1;
  if (is_ready || earliest == 0)
    return is_ready;
  left = earliest - g_source_get_time (source);
  *timeout = CLAMP ((left + 999) / 1000, 0, G_MAXINT);
  return left <= 0;
}

static gboolean
ph_poller_check (GSource *source)
{
  PhPoller *self = (PhPoller *) source;
  int timeout;

  if (self->epoll >= 0 && g_source_query_unix_fd (source, self->epoll_tag) != 0)
    return TRUE;
  return ph_poller_prepare (source, &timeout);
}

static PhWatch *
take_ready (PhPoller *self)
{
  GList *link;
  PhWatch *watch = NULL;

  g_mutex_lock (&self->lock);
  link = g_queue_pop_head_link (&self->ready);
  if (link != NULL)
    {
      watch = link->data;
      watch->is_ready = FALSE;
    }
  g_mutex_unlock (&self->lock);
  return watch;
}

/* First all that is ready is queued, then one after the other is called. A callback that runs a loop of its own comes in here again, which
 * goes on with the queue; whatever it frees is no longer in it. Nothing of a watch is touched once it was called. */
static gboolean
ph_poller_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  PhPoller *self = (PhPoller *) source;
  PhDeadline *deadline;
  PhWatch *watch;
  guint n;

  g_mutex_lock (&self->lock);
  collect_events (self);
  while ((deadline = ph_deadlines_take (&self->deadlines, g_source_get_time (source))) != NULL)
    make_ready ((PhWatch *) ((char *) deadline - G_STRUCT_OFFSET (PhWatch, deadline)));
  n = self->ready.length;
  g_mutex_unlock (&self->lock);

  /* what becomes ready meanwhile waits for the next turn, so that other sources get theirs */
  while (n-- > 0 && (watch = take_ready (self)) != NULL)
    watch->func (watch->user_data);
  return G_SOURCE_CONTINUE;
}

static void
ph_poller_finalize (GSource *source)
{
  PhPoller *self = (PhPoller *) source;

  if (self->epoll >= 0)
    close (self->epoll);
  g_ptr_array_unref (self->by_fd);
  ph_deadlines_clear (&self->deadlines);
  g_mutex_clear (&self->lock);
  g_main_context_unref (self->key.context);
}

static GSourceFuncs ph_poller_funcs = {
  .prepare = ph_poller_prepare,
  .check = ph_poller_check,
  .dispatch = ph_poller_dispatch,
  .finalize = ph_poller_finalize,
};

static PhPoller *
ph_poller_new (const PollerKey *key)
{
  GSource *source = g_source_new (&ph_poller_funcs, sizeof (PhPoller));
  PhPoller *self = (PhPoller *) source;

  self->key.context = g_main_context_ref (key->context);
  self->key.priority = key->priority;
  g_mutex_init (&self->lock);
  g_queue_init (&self->ready);
  ph_deadlines_init (&self->deadlines);
  self->by_fd = g_ptr_array_new ();
  self->epoll = make_epoll ();
  if (self->epoll >= 0)
    self->epoll_tag = g_source_add_unix_fd (source, self->epoll, G_IO_IN);
  g_source_set_static_name (source, "Posthorn");
  g_source_set_priority (source, key->priority);
  g_source_set_can_recurse (source, TRUE);
  return self;
}

static guint
hash_key (gconstpointer key)
{
  return g_direct_hash (((const PollerKey *) key)->context) ^ (guint) ((const PollerKey *) key)->priority;
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  const PollerKey *one = a, *other = b;

  return one->context == other->context && one->priority == other->priority;
}

/* A poller lives as long as it has watches. */
static PhPoller *
ph_poller_enter (GMainContext *context, int priority)
{
  const PollerKey key = { context, priority };
  PhPoller *self;

  g_mutex_lock (&pollers_lock);
  if (pollers == NULL)
    pollers = g_hash_table_new (hash_key, equal_keys);
  self = g_hash_table_lookup (pollers, &key);
  if (self == NULL)
    {
      self = ph_poller_new (&key);
      g_hash_table_insert (pollers, &self->key, self);
      g_source_attach (&self->source, context);
    }
  self->n_watches++;
  g_mutex_unlock (&pollers_lock);
  return self;
}

static void
ph_poller_leave (PhPoller *self)
{
  gboolean was_last;

  g_mutex_lock (&pollers_lock);
  was_last = --self->n_watches == 0;
  if (was_last)
    g_hash_table_remove (pollers, &self->key);
  if (g_hash_table_size (pollers) == 0)
    g_clear_pointer (&pollers, g_hash_table_unref);
  g_mutex_unlock (&pollers_lock);

  if (was_last)
    {
      g_source_destroy (&self->source);
      g_source_unref (&self->source);
    }
}

/* Its own thread comes by prepare () again before it sleeps. */
static void
rouse (PhPoller *self)
{
  if (!g_main_context_is_owner (self->key.context))
    g_main_context_wakeup (self->key.context);
}

static gboolean
on_plain_ready (gpointer user_data)
{
  PhWatch *watch = user_data;

  g_mutex_lock (&watch->poller->lock);
  make_ready (watch);
  g_mutex_unlock (&watch->poller->lock);
  return G_SOURCE_CONTINUE;
}

static void
registration_clear (PhPoller *poller, Registration *self)
{
  if (self->fd >= 0)
    epoll_remove (poller, self);
  if (self->plain != NULL)
    g_source_destroy (self->plain);
  g_clear_pointer (&self->plain, g_source_unref);
  self->condition = 0;
}

static void
registration_set (PhPoller *poller, Registration *self, int fd, GIOCondition condition)
{
  gboolean is_same = self->wanted_fd == fd;

  if (is_same && self->condition == condition)
    return;
  if (is_same && condition != 0 && self->fd >= 0 && epoll_change (poller, self, condition))
    {
      self->condition = condition;
      return;
    }
  registration_clear (poller, self);
  self->wanted_fd = fd;
  self->condition = condition;
  if (condition == 0 || (fd >= 0 && epoll_add (poller, self, condition)))
    return;

  self->plain = ph_connection_create_source (self->watch->connection, condition);
  if (self->plain == NULL)
    self->plain = ph_fd_source_new (fd, condition);
  g_source_set_priority (self->plain, poller->key.priority);
  g_source_set_callback (self->plain, on_plain_ready, self->watch, NULL);
  g_source_attach (self->plain, poller->key.context);
}

static void
apply_wanted (PhWatch *self)
{
  GIOCondition in = self->wanted & G_IO_IN, out = self->wanted & G_IO_OUT;
  int in_fd = -1, out_fd = -1;

  if (self->wanted != 0)
    {
      in_fd = ph_connection_get_fd (self->connection, G_IO_IN);
      out_fd = ph_connection_get_fd (self->connection, G_IO_OUT);
    }
  if (in_fd == out_fd && in_fd >= 0)
    {
      in |= out;
      out = 0;
    }
  registration_set (self->poller, &self->registrations[0], in_fd, in);
  registration_set (self->poller, &self->registrations[1], out_fd, out);
}

PhWatch *
ph_watch_new (GMainContext *context, PhConnection *connection, PhWatchFunc func, gpointer user_data)
{
  PhWatch *self = g_new0 (PhWatch, 1);

  self->poller = ph_poller_enter (context != NULL ? context : g_main_context_default (), G_PRIORITY_DEFAULT);
  self->connection = g_object_ref (connection);
  self->func = func;
  self->user_data = user_data;
  self->link.data = self;
  for (gsize i = 0; i < G_N_ELEMENTS (self->registrations); i++)
    self->registrations[i] = (Registration) { .watch = self, .fd = -1, .wanted_fd = -1 };
  return self;
}

void
ph_watch_set (PhWatch *self, GIOCondition wanted, gint64 deadline)
{
  PhPoller *poller = self->poller;
  gint64 before;
  gboolean is_earlier;

  g_mutex_lock (&poller->lock);
  if (self->wanted != wanted)
    {
      self->wanted = wanted;
      apply_wanted (self);
    }
  before = ph_deadlines_get_earliest (&poller->deadlines);
  ph_deadlines_set (&poller->deadlines, &self->deadline, deadline);
  is_earlier = deadline != 0 && (before == 0 || deadline < before);
  g_mutex_unlock (&poller->lock);
  if (is_earlier)
    rouse (poller);
}

/* Takes @self out of its poller. */
static void
detach (PhWatch *self)
{
  PhPoller *poller = self->poller;

  g_mutex_lock (&poller->lock);
  for (gsize i = 0; i < G_N_ELEMENTS (self->registrations); i++)
    registration_clear (poller, &self->registrations[i]);
  ph_deadlines_set (&poller->deadlines, &self->deadline, 0);
  if (self->is_ready)
    g_queue_unlink (&poller->ready, &self->link);
  self->is_ready = FALSE;
  g_mutex_unlock (&poller->lock);
}

void
ph_watch_set_priority (PhWatch *self, int priority)
{
  PhPoller *before = self->poller;
  gboolean was_ready = self->is_ready;
  gint64 deadline = self->deadline.time;
  GIOCondition wanted = self->wanted;

  if (before->key.priority == priority)
    return;
  detach (self);
  self->poller = ph_poller_enter (before->key.context, priority);
  self->wanted = 0;
  ph_watch_set (self, wanted, deadline);
  if (was_ready)
    ph_watch_wake (self);
  ph_poller_leave (before);
}

void
ph_watch_wake (PhWatch *self)
{
  PhPoller *poller = self->poller;

  g_mutex_lock (&poller->lock);
  make_ready (self);
  g_mutex_unlock (&poller->lock);
  rouse (poller);
}

void
ph_watch_free (PhWatch *self)
{
  PhPoller *poller = self->poller;

  detach (self);
  g_object_unref (self->connection);
  g_free (self);
  ph_poller_leave (poller);
}
