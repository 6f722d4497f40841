/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ph_dane_lookup: TLSA records by libunbound (RFC 6698 section 4, RFC 7673 section 3.2). */
#include "transport/ph-dane.h"

#ifdef PH_HAVE_UNBOUND

#include <gmodule.h>
#include <unbound.h>

#define TYPE_TLSA 52
#define CLASS_IN 1
/* More records than any domain has */
#define MAX_RECORDS 32

/* The functions that are called, of their own names. */
typedef struct {
  struct ub_ctx *(*ctx_create) (void);
  void (*ctx_delete) (struct ub_ctx *);
  int (*ctx_set_option) (struct ub_ctx *, const char *, const char *);
  int (*ctx_set_fwd) (struct ub_ctx *, const char *);
  int (*ctx_resolvconf) (struct ub_ctx *, const char *);
  int (*ctx_add_ta_file) (struct ub_ctx *, const char *);
  int (*ctx_async) (struct ub_ctx *, int);
  int (*resolve_async) (struct ub_ctx *, const char *, int, int, void *, ub_callback_type, int *);
  int (*cancel) (struct ub_ctx *, int);
  int (*fd) (struct ub_ctx *);
  int (*process) (struct ub_ctx *);
  void (*resolve_free) (struct ub_result *);
  const char *(*strerror) (int);
} Unbound;

static const struct { const char *name; gsize offset; } symbols[] = {
  { "ub_ctx_create", G_STRUCT_OFFSET (Unbound, ctx_create) },         { "ub_ctx_delete", G_STRUCT_OFFSET (Unbound, ctx_delete) },
  { "ub_ctx_set_option", G_STRUCT_OFFSET (Unbound, ctx_set_option) }, { "ub_ctx_set_fwd", G_STRUCT_OFFSET (Unbound, ctx_set_fwd) },
  { "ub_ctx_resolvconf", G_STRUCT_OFFSET (Unbound, ctx_resolvconf) }, { "ub_ctx_add_ta_file", G_STRUCT_OFFSET (Unbound, ctx_add_ta_file) },
  { "ub_ctx_async", G_STRUCT_OFFSET (Unbound, ctx_async) },           { "ub_resolve_async", G_STRUCT_OFFSET (Unbound, resolve_async) },
  { "ub_cancel", G_STRUCT_OFFSET (Unbound, cancel) },                 { "ub_fd", G_STRUCT_OFFSET (Unbound, fd) },
  { "ub_process", G_STRUCT_OFFSET (Unbound, process) },               { "ub_resolve_free", G_STRUCT_OFFSET (Unbound, resolve_free) },
  { "ub_strerror", G_STRUCT_OFFSET (Unbound, strerror) },
};

/* Where systems keep the key of the root */
static const char *const anchors[] = { "/usr/share/dns/root.key", "/var/lib/unbound/root.key", "/etc/unbound/root.key" };

/* NULL where it is not installed */
static const Unbound *
load_unbound (void)
{
  static Unbound functions;
  static gsize state;

  if (g_once_init_enter (&state))
    {
      GModule *module = g_module_open (PH_UNBOUND_LIBRARY, G_MODULE_BIND_LOCAL);
      gboolean complete = module != NULL;

      for (gsize i = 0; complete && i < G_N_ELEMENTS (symbols); i++)
        complete = g_module_symbol (module, symbols[i].name, (gpointer *) ((char *) &functions + symbols[i].offset));
      if (complete)
        g_module_make_resident (module);
      else if (module != NULL)
        g_module_close (module);
      g_once_init_leave (&state, complete ? 2 : 1);
    }
  return state == 2 ? &functions : NULL;
}

static gboolean
fail (GError **error, const char *host, const char *reason)
{
  g_set_error (error, PH_ERROR, PH_ERROR_TLS, "What DNS says of the certificate of %s (DANE) can't be had: %s", host, reason);
  return FALSE;
}

static gboolean
set_up (const Unbound *unbound, struct ub_ctx *context, const char *host, const char *resolver, const char *anchor, GError **error)
{
  int result = 0;

  for (gsize i = 0; anchor == NULL && i < G_N_ELEMENTS (anchors); i++)
    if (g_file_test (anchors[i], G_FILE_TEST_EXISTS))
      anchor = anchors[i];
  if (anchor == NULL)
    return fail (error, host, "no key of the root is installed");
  result = unbound->ctx_add_ta_file (context, anchor);
  if (result == 0 && resolver != NULL)
    {
      /* a resolver on this machine is as good as another */
      unbound->ctx_set_option (context, "do-not-query-localhost:", "no");
      result = unbound->ctx_set_fwd (context, resolver);
    }
  else if (result == 0)
    {
      unbound->ctx_set_option (context, "do-not-query-localhost:", "no");
      result = unbound->ctx_resolvconf (context, NULL);
    }
  unbound->ctx_async (context, 1);
  return result == 0 || fail (error, host, unbound->strerror (result));
}

typedef struct {
  gboolean          done;
  int               code;
  struct ub_result *result;
} Answer;

static void
on_answer (void *data, int code, struct ub_result *result)
{
  Answer *answer = data;

  answer->done = TRUE;
  answer->code = code;
  answer->result = result;
}

/* FALSE: it was cancelled, or took too long. */
static gboolean
wait_for (const Unbound *unbound, struct ub_ctx *context, Answer *answer, const char *host, guint timeout, GCancellable *cancellable, GError **error)
{
  gint64 end = g_get_monotonic_time () + (gint64) timeout * G_USEC_PER_SEC;
  GPollFD fds[2] = { { .fd = unbound->fd (context), .events = G_IO_IN } };
  gboolean with_cancellable = g_cancellable_make_pollfd (cancellable, &fds[1]);

  while (!answer->done && !g_cancellable_is_cancelled (cancellable) && (timeout == 0 || g_get_monotonic_time () < end))
    {
      int left = timeout == 0 ? -1 : (int) MIN ((end - g_get_monotonic_time ()) / 1000 + 1, G_MAXINT);

      if (g_poll (fds, with_cancellable ? 2 : 1, left) > 0 && fds[0].revents != 0)
        unbound->process (context);
    }
  if (with_cancellable)
    g_cancellable_release_fd (cancellable);
  if (answer->done)
    return TRUE;
  return !g_cancellable_set_error_if_cancelled (cancellable, error) && fail (error, host, "no answer came in time");
}

static GPtrArray *
read_answer (const struct ub_result *result)
{
  GPtrArray *records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  for (guint i = 0; result->secure && result->havedata && result->data[i] != NULL && i < MAX_RECORDS; i++)
    g_ptr_array_add (records, g_bytes_new (result->data[i], result->len[i]));
  return records;
}

static GPtrArray *
judge (const Unbound *unbound, const Answer *answer, const char *host, GError **error)
{
  if (answer->code != 0)
    fail (error, host, unbound->strerror (answer->code));
  else if (answer->result->bogus)
    fail (error, host, "the answer is forged or broken (DNSSEC)");
  /* without an answer, whether there are records is not known: somebody may be holding them back (RFC 7672 section 2.1.2) */
  else if (answer->result->rcode != 0 && answer->result->rcode != 3)
    fail (error, host, "the name server failed");
  else
    return read_answer (answer->result);
  return NULL;
}

GPtrArray *
ph_dane_lookup (const char *host, guint port, const char *resolver, const char *anchor, guint timeout, GCancellable *cancellable, GError **error)
{
  const Unbound *unbound = load_unbound ();
  g_autofree char *name = g_strdup_printf ("_%u._tcp.%s", port, host);
  GPtrArray *records = NULL;
  struct ub_ctx *context;
  Answer answer = { 0 };
  int result, id = 0;

  if (unbound == NULL)
    {
      g_set_error_literal (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "DANE needs libunbound, which is not installed");
      return NULL;
    }
  context = unbound->ctx_create ();
  if (context == NULL)
    g_error ("out of memory");
  if (set_up (unbound, context, host, resolver, anchor, error))
    {
      result = unbound->resolve_async (context, name, TYPE_TLSA, CLASS_IN, &answer, on_answer, &id);
      if (result != 0)
        fail (error, host, unbound->strerror (result));
      else if (wait_for (unbound, context, &answer, host, timeout, cancellable, error))
        records = judge (unbound, &answer, host, error);
      else
        unbound->cancel (context, id);
    }
  if (answer.result != NULL)
    unbound->resolve_free (answer.result);
  unbound->ctx_delete (context);
  return records;
}

#else

GPtrArray *
ph_dane_lookup (const char *host, guint port, const char *resolver, const char *anchor, guint timeout, GCancellable *cancellable, GError **error)
{
  g_set_error_literal (error, PH_ERROR, PH_ERROR_NOT_SUPPORTED, "DANE is not built into this library");
  return NULL;
}

#endif
