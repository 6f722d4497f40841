/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* IMAP's extensions, all of them in one session: the first octet chooses a command of one's typed interface, the rest is what the
 * server answers. Its highest bit: the server has no LIST-EXTENDED. */
#include "fuzz.h"

#include "contracts/ph-extension-private.h"

#define ROUNDS 8 /* lines of one command, each with a reply */

/* What extensions ask for beside their own capability */
#define MORE "CHILDREN LIST-METADATA LIST-MYRIGHTS LITERAL+ BINARY QUOTASET STATUS=SIZE ESORT METADATA IMAPSIEVE=sieve://x RIGHTS=kxte "\
             "CONTEXT=SEARCH CONTEXT=SORT"

typedef struct {
  PhEngine   *engine;
  GPtrArray  *extensions;
  GByteArray *heard;    /* not taken yet */
  char       *tag;      /* of the line that was written last */
  gint64      now;
  gboolean    over;
} Talk;

static gpointer
find (Talk *self, GType type)
{
  for (guint i = 0; i < self->extensions->len; i++)
    if (g_type_is_a (G_OBJECT_TYPE (self->extensions->pdata[i]), type))
      return self->extensions->pdata[i];
  g_error ("no plugin has %s", g_type_name (type));
}

static char *
list_capabilities (void)
{
  g_autoptr (GPtrArray) features = ph_registry_list (ph_registry_get_default (), FALSE);
  GString *text = g_string_new (MORE);

  for (guint i = 0; i < features->len; i++)
    {
      const char *name = ph_feature_info_get_name (features->pdata[i]);

      if (ph_feature_info_get_kind (features->pdata[i]) == PH_FEATURE_EXTENSION && !g_str_has_suffix (name, "*"))
        g_string_append_printf (text, " %s", name);
    }
  g_string_append (text, " I18NLEVEL=2 THREAD=REFS");
  return g_string_free (text, FALSE);
}

static void
add_extensions (Talk *self)
{
  PhRegistry *registry = ph_registry_get_default ();
  g_autoptr (GPtrArray) infos = ph_registry_find_extensions (registry, "imap4", ph_engine_get_capabilities (self->engine));

  for (guint i = 0; i < infos->len && self->extensions->len < infos->len; i++)
    {
      GObject *extension = ph_registry_create (registry, infos->pdata[i], NULL);

      g_assert (PH_IS_EXTENSION (extension));
      ph_extension_attach (PH_EXTENSION (extension), NULL, self->engine, ph_feature_info_get_name (infos->pdata[i]), FALSE);
      ph_engine_add_extension (self->engine, PH_EXTENSION (extension));
      g_ptr_array_add (self->extensions, extension);
    }
}

static void
read_message (Talk *self, PhMessage *message)
{
  g_autoptr (GPtrArray) notes = ph_message_get_annotations (message);
  g_auto (GStrv) labels G_GNUC_UNUSED = ph_gmail_get_labels (find (self, PH_TYPE_GMAIL), message);
  g_autoptr (GDateTime) saved G_GNUC_UNUSED = ph_message_get_save_date (message);
  g_autofree char *email G_GNUC_UNUSED = ph_message_get_email_id (message);
  g_autofree char *thread G_GNUC_UNUSED = ph_message_get_thread_id (message);
  g_autofree char *preview G_GNUC_UNUSED = ph_message_get_preview (message);

  for (guint i = 0; i < notes->len; i++)
    g_free (ph_metadata_entry_dup_text (notes->pdata[i]));
  ph_message_get_gmail_id (message);
  ph_message_get_gmail_thread (message);
  fuzz_read_message (message);
}

static void
take_events (Talk *self)
{
  for (;;)
    {
      g_auto (PhEvent) event = { 0 };
      gpointer item;

      if (!ph_engine_take_event (self->engine, &event))
        return;
      if (event.kind == PH_EVENT_CAPABILITIES)
        add_extensions (self);
      if (event.kind == PH_EVENT_EXTENSION)
        ph_extension_deliver (event.extension, event.type, event.boxed);
      while (event.kind == PH_EVENT_ITEM && (item = ph_command_pop_item (event.command)) != NULL)
        {
          if (self->extensions->len > 0)
            read_message (self, item);
          ph_message_unref (item);
        }
      self->over |= event.kind == PH_EVENT_FAILED;
    }
}

static void
note_tag (Talk *self, const PhWant *want)
{
  const char *data = (const char *) want->data;
  gsize length = 0, size = (gsize) want->length;

  while (length < size && g_ascii_isalnum (data[length]))
    length++;
  if (length == 0 || length == size || data[length] != ' ')
    return;
  g_free (self->tag);
  self->tag = g_strndup (data, length);
}

/* Until it waits for the server */
static void
run (Talk *self)
{
  for (guint steps = 0; !self->over; steps++)
    {
      PhWant want = { 0 };

      g_assert_cmpuint (steps, <, 20000);
      take_events (self);
      ph_engine_poll (self->engine, &want, ++self->now);
      if (want.kind == PH_WANT_WRITE)
        note_tag (self, &want);
      else if (want.kind == PH_WANT_WRITE_BODY)
        ph_engine_body_written (self->engine, (guint64) MAX (want.length, 0), NULL, self->now);
      else if (want.kind == PH_WANT_FILTER || want.kind == PH_WANT_UNFILTER)
        ph_engine_upgraded (self->engine, NULL, self->now);
      else if (want.kind == PH_WANT_DIVERT)
        {
          gsize length = want.bytes != NULL ? 0 : MIN ((gsize) want.length, self->heard->len);

          if (length > 0)
            g_byte_array_remove_range (self->heard, 0, (guint) length);
          if (want.bytes == NULL && (gint64) length < want.length)
            self->over = TRUE;
          else
            ph_engine_diverted (self->engine, NULL, self->now);
        }
      else if (want.kind == PH_WANT_READ)
        {
          gsize taken = self->heard->len > 0 ? ph_engine_receive (self->engine, self->heard->data, self->heard->len, self->now) : 0;

          if (taken == 0)
            return;
          g_byte_array_remove_range (self->heard, 0, (guint) taken);
        }
      else if (want.kind != PH_WANT_WRITE_SECRET && want.kind != PH_WANT_PAUSE)
        self->over = TRUE;
    }
}

static void
say (Talk *self, const void *data, gsize size)
{
  g_byte_array_append (self->heard, data, (guint) size);
  run (self);
}

static void
reply (Talk *self, const char *before)
{
  g_autofree char *text = g_strdup_printf ("%s%s OK done\r\n", before, self->tag != NULL ? self->tag : "");

  say (self, text, strlen (text));
}

#define IFACE(Name) PH_##Name##_GET_IFACE (find (self, PH_TYPE_##Name))
#define MAKE(Name, function, ...) IFACE (Name)->function (find (self, PH_TYPE_##Name), __VA_ARGS__)
#define MAKE_BARE(Name, function) IFACE (Name)->function (find (self, PH_TYPE_##Name))

/* New ones come at the end: the corpus knows them by their numbers. NULL: there are no more */
static PhCommand *
make_command (Talk *self, guint which)
{
  const char *const words[] = { "/private/comment", "/shared/a", NULL };
  g_autoptr (PhQuery) query = ph_query_new ();
  g_autoptr (PhSortOrder) order = ph_sort_order_by (ph_sort_order_new (), PH_SORT_KEY_SUBJECT, FALSE);
  g_autoptr (PhSortOrder) noted = ph_sort_order_new ();
  g_autoptr (PhSearchScopes) scopes = ph_search_scopes_add (ph_search_scopes_new (), PH_SEARCH_IN_SUBTREE, words);
  g_autoptr (PhNotifyRequest) request = ph_notify_request_new ();
  g_autoptr (PhMessageSet) all = ph_message_set_new_from_string ("1:*", NULL);
  g_autoptr (GHashTable) fields = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *notes = MAKE (ANNOTATIONS, get_items, words);
  g_autofree char *items = g_strjoin (" ", notes, MAKE_BARE (GMAIL, get_items), MAKE_BARE (OBJECT_IDS, get_items), MAKE_BARE (SAVE_DATE, get_items),
                                      MAKE (PREVIEW, get_items, FALSE), NULL);
  PhStoreEngine *store = PH_STORE_ENGINE (self->engine);

  ph_notify_request_add (request, PH_NOTIFY_PERSONAL, NULL, PH_NOTIFY_MESSAGES);
  ph_annotations_sort_by (find (self, PH_TYPE_ANNOTATIONS), noted, "/shared/comment", TRUE, NULL);
  switch (which)
    {
    case 0: return PH_STORE_ENGINE_GET_IFACE (store)->make_fetch (store, all, PH_FETCH_UID, items, NULL);
    case 1: return MAKE (ACL, make_get, "INBOX");
    case 2: return MAKE (ACL, make_list_rights, "INBOX", "bob");
    case 3: return MAKE (ACL, make_get_my_rights, "INBOX");
    case 4: return MAKE (ACL, make_list_my_rights, "*");
    case 5: return MAKE (QUOTA, make_get, "");
    case 6: return MAKE (QUOTA, make_get_root, "INBOX");
    case 7: return MAKE (QUOTA, make_set, "", "STORAGE", 5);
    case 8: return MAKE (QUOTA, make_get_deleted, "INBOX");
    case 9: return MAKE (METADATA, make_get, "INBOX", words, PH_METADATA_DEPTH_ALL, 100);
    case 10: return MAKE (METADATA, make_list, "*", words);
    case 11: return MAKE_BARE (NAMESPACES, make_get);
    case 12: return MAKE (ID, make_exchange, fields);
    case 13: return MAKE_BARE (LANGUAGE, make_list);
    case 14: return MAKE (LANGUAGE, make_select, words);
    case 15: return MAKE_BARE (COMPARATOR, make_get);
    case 16: return MAKE (COMPARATOR, make_select, words);
    case 17: return MAKE (OBJECT_IDS, make_get_status, "INBOX");
    case 18: return MAKE (OBJECT_IDS, make_search, "a", "b");
    case 19: return MAKE (CONVERT, make_list, "image/gif", "*");
    case 20: return MAKE (CONVERT, make_part, 5, "1", "text/plain", words, PH_CONVERT_DATA, 0, 0);
    case 21: return MAKE (URL_AUTH, make_generate, words);
    case 22: return MAKE (URL_AUTH, make_fetch, words, PH_URL_FETCH_DECODED);
    case 23: return MAKE_BARE (JMAP_ACCESS, make_get_url);
    case 24: return MAKE (SORT, make_sort, order, query, TRUE, 0, 0, 0);
    case 25: return MAKE (SORT, make_sort, order, query, TRUE, PH_SEARCH_MIN | PH_SEARCH_MAX | PH_SEARCH_COUNT, 0, 0);
    case 26: return MAKE (THREAD, make_thread, PH_THREAD_ALGORITHM_REFS, query, TRUE);
    case 27: return MAKE (THREAD, make_thread, PH_THREAD_ALGORITHM_REFERENCES, query, TRUE);
    case 28: return MAKE (NOTIFY, make_set, request, TRUE);
    case 29: return MAKE (GMAIL, make_search, "a", "b", 1, 2);
    case 30: return MAKE (ANNOTATIONS, make_search, "/comment", "x");
    case 31: return MAKE (SORT, make_sort, noted, query, TRUE, PH_SEARCH_ALL, 0, 0);
    case 32: return MAKE (SIEVE, make_get_script, "INBOX");
    case 33: return PH_STORE_ENGINE_GET_IFACE (store)->make_list (store, "", "*", FALSE, NULL);
    case 34: return PH_STORE_ENGINE_GET_IFACE (store)->make_select (store, "x", FALSE);
    case 35: return MAKE (CONTEXTS, make_search, query);
    case 36: return MAKE (CONTEXTS, make_sort, order, query);
    case 37: return MAKE (MULTISEARCH, make_search, scopes, query);
    case 38: return MAKE (FUZZY, make_search, query);
    case 39: return MAKE (MAILBOX_REFERRALS, make_list, "", "*");
    case 40: return MAKE_BARE (UNAUTHENTICATE, make_run);
    default: return NULL;
    }
}

static void
read_result (PhCommand *command)
{
  const GValue *value = ph_command_get_result (command);
  GType type = value != NULL ? G_VALUE_TYPE (value) : G_TYPE_INVALID;
  gpointer result = type == PH_TYPE_METADATA_RESULT || type == PH_TYPE_SORT_RESULT ? ph_command_peek_result (command) : NULL;
  gsize n;

  if (type == PH_TYPE_METADATA_RESULT && result != NULL)
    for (guint i = 0; i < ph_metadata_result_get_entries (result)->len; i++)
      g_free (ph_metadata_entry_dup_text (g_ptr_array_index (ph_metadata_result_get_entries (result), i)));
  if (type == PH_TYPE_SORT_RESULT && result != NULL)
    ph_sort_result_get_numbers (result, &n);
}

static void
talk (Talk *self, guint which, const guint8 *answer, gsize size)
{
  PhStoreEngine *store = PH_STORE_ENGINE (self->engine);
  g_autoptr (PhCommand) select = PH_STORE_ENGINE_GET_IFACE (store)->make_select (store, "INBOX", FALSE);
  g_autoptr (PhCommand) command = NULL;

  ph_engine_submit (self->engine, select, self->now);
  run (self);
  reply (self, "* 9 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 40] x\r\n* OK [ANNOTATIONS 1000] x\r\n");
  command = make_command (self, which);
  if (command == NULL)
    return;
  ph_engine_submit (self->engine, command, self->now);
  run (self);
  say (self, answer, size);
  for (guint i = 0; i < ROUNDS && !self->over; i++)
    reply (self, "\r\n");
  read_result (command);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, size_t size)
{
  const PhLimits limits = { .line = 65536, .literal = 65536, .response = 262144, .nesting = 64, .values = 100000, .reply_lines = 100 };
  const PhTimeouts timeouts = { 30, 30, 300, 300, 180, 600, 1740 };
  const PhEngineSetup setup = { .scheme = "imap", .host = "mail.example.org", .hello_name = "client.example.org", .tls_mode = PH_TLS_PREFER,
                                .channel_secure = TRUE, .limits = &limits, .timeouts = &timeouts };
  Talk self = { .heard = g_byte_array_new () };
  g_autofree char *capabilities = list_capabilities ();
  g_autofree char *greeting = g_strdup_printf ("* PREAUTH [CAPABILITY IMAP4rev1 %s%s] hi\r\n", capabilities,
                                               size > 0 && (data[0] & 0x80) != 0 ? "" : " LIST-EXTENDED");

  g_random_set_seed (0);
  self.engine = fuzz_make_engine ("imap");
  self.extensions = g_ptr_array_new_with_free_func (g_object_unref);
  ph_engine_start (self.engine, &setup, self.now);
  say (&self, greeting, strlen (greeting));
  if (size > 0)
    talk (&self, data[0] & 0x7f, data + 1, size - 1);
  ph_engine_closed (self.engine, NULL);
  self.over = FALSE;
  take_events (&self);
  g_ptr_array_unref (self.extensions);
  g_object_unref (self.engine);
  g_byte_array_unref (self.heard);
  g_free (self.tag);
  return 0;
}
