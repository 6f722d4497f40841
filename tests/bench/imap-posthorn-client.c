/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posthorn's blocking calls: a loop over messages, of which each field is read. */
#include "bench.h"

#include "imap-fields.h"

static void
check (gboolean well, GError *error)
{
  if (!well)
    bench_fail (error != NULL ? error->message : "reading");
}

static PhStore *
store_new (const char *uri, PhSecurityPolicy *policy)
{
  GError *error = NULL;
  PhSession *session = ph_session_new (uri, &error);

  check (session != NULL, error);
  ph_session_set_policy (session, policy);
  ph_session_set_password (session, "wonderland");
  return PH_STORE (session);
}

static void
open_mailbox (PhStore *store, const char *name)
{
  GError *error = NULL;
  PhMailbox *mailbox = ph_store_select (store, name, NULL, &error);

  check (mailbox != NULL, error);
  g_object_unref (mailbox);
}

static void
close_store (PhStore *store)
{
  GError *error = NULL;

  check (ph_session_close (PH_SESSION (store), NULL, &error), error);
}

/* @again: the same object for each; otherwise one of its own, from its URI to its end. */
static void
connect_many (const char *uri, PhSecurityPolicy *policy, guint count, gboolean again)
{
  g_autoptr (PhStore) store = NULL;

  for (guint i = 0; i < count; i++)
    {
      if (store == NULL)
        store = store_new (uri, policy);
      open_mailbox (store, "flags-1");
      close_store (store);
      if (!again)
        g_clear_object (&store);
    }
}

static void
fetch (PhStore *store, const char *what, guint count)
{
  gboolean flags = g_str_has_prefix (what, "flags"), bodies = g_str_has_prefix (what, "bodies");
  g_autoptr (PhMessageSet) set = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (PhMessageIter) iter = NULL;
  PhFetch items = PH_FETCH_FLAGS;
  GError *error = NULL;
  PhMessage *message;
  guint n = 0;

  if (bodies)
    items = PH_FETCH_BODY;
  else if (!flags)
    items |= PH_FETCH_INTERNAL_DATE | PH_FETCH_SIZE | PH_FETCH_ENVELOPE | PH_FETCH_BODY_STRUCTURE;
  iter = ph_store_fetch (store, set, items, NULL);
  for (; (message = ph_message_iter_next_borrowed (iter, NULL, &error)) != NULL; n++)
    if (flags)
      read_flags (message);
    else if (!bodies)
      read_message (message);
    else
      {
        g_autoptr (GBytes) body = ph_message_get_section (message, "");

        total += g_bytes_get_size (body);
      }
  check (error == NULL && n == count, error);
}

/* As bench_file () */
static GFileIOStream *
open_file (void)
{
  GError *error = NULL;
  GFileIOStream *io;
  g_autoptr (GFile) file = g_file_new_tmp (NULL, &io, &error);

  check (file != NULL && g_file_delete (file, NULL, &error), error);
  return io;
}

static void
fetch_to_file (PhStore *store, GFileIOStream *io)
{
  GError *error = NULL;

  check (ph_store_fetch_to_stream (store, 1, "", g_io_stream_get_output_stream (G_IO_STREAM (io)), NULL, &error), error);
}

/* What the extensions that are installed are for */
static int
print_extensions (void)
{
  g_autoptr (GPtrArray) features = ph_registry_list (ph_registry_get_default (), FALSE);

  for (guint i = 0; i < features->len; i++)
    if (ph_feature_info_get_kind (g_ptr_array_index (features, i)) == PH_FEATURE_EXTENSION)
      g_print ("%s\n", ph_feature_info_get_name (g_ptr_array_index (features, i)));
  return 0;
}

int
main (int argc, char **argv)
{
  const char *what = argc > 3 ? argv[1] : "";
  guint count = argc > 3 ? (guint) strtoul (argv[3], NULL, 10) : 0;
  gboolean with_tls = strchr (what, '-') != NULL && !g_str_equal (what, "connect-again"), is_file = g_str_has_prefix (what, "file");
  gboolean is_first = g_str_equal (what, "first");
  g_autoptr (PhSecurityPolicy) policy = ph_security_policy_new ();
  g_autofree char *uri = g_strdup_printf ("%s://alice@127.0.0.1:%s", with_tls ? "imaps" : "imap", argc > 2 ? argv[2] : "");
  g_autofree char *mailbox = g_strdup_printf ("%.*s-%u-%s", (int) strcspn (what, "-"), what, is_file ? 1 : count,
                                              is_file ? argv[3] : argc > 4 ? argv[4] : "0");
  g_autoptr (GFileIOStream) io = is_file ? open_file () : NULL;
  g_autoptr (PhStore) store = NULL;

  if (argc == 2 && g_str_equal (argv[1], "extensions"))
    return print_extensions ();
  if (with_tls)
    ph_security_policy_set_ca_file (policy, g_getenv ("CA_FILE"));
  else
    ph_security_policy_set_tls_mode (policy, PH_TLS_NEVER);
  /* plugins are loaded by then, as the others' libraries are; but for a process' first session, which is measured with them */
  if (!is_first)
    store = store_new (uri, policy);
  bench_begin ();
  if (is_first || g_str_has_prefix (what, "connect"))
    {
      ph_security_policy_set_resumption (policy, g_str_equal (what, "connect-resumed"));
      connect_many (uri, policy, count, g_str_equal (what, "connect-again"));
      bench_end ();
      return 0;
    }

  open_mailbox (store, mailbox);
  if (is_file)
    fetch_to_file (store, io);
  else
    fetch (store, what, count);
  close_store (store);
  bench_end ();
  return 0;
}
