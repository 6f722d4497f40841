/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension URLAUTH (RFC 4467 section 9), with URLAUTH=BINARY (RFC 5524 section 5); URL-PARTIAL (RFC 5550) is in the URLs alone.
 *
 *   genurlauth      = "GENURLAUTH" 1*(SP url-rump SP mechanism)
 *   genurlauth-data = "GENURLAUTH" 1*(SP url-full)
 *   resetkey        = "RESETKEY" [SP mailbox *(SP mechanism)]
 *   urlfetch        = "URLFETCH" 1*(SP (url-full / "(" url-full *(SP url-fetch-param) ")"))
 *   url-fetch-param = "BODY" / "BINARY" / "BODYPARTSTRUCTURE"
 *   urlfetch-data   = "URLFETCH" 1*(SP url-full SP (nstring / 1*("(" item SP value ")")))
 */
#include <posthorn/posthorn-plugin.h>

/* --- GENURLAUTH --- */

static gboolean
receive_urls (PhCommand *command, const PhResponse *response, gpointer *result)
{
  g_strfreev (*result);
  *result = ph_value_dup_strings (ph_value_first (ph_response_get_values (response)));
  return TRUE;
}

/* Fewer than were asked for can't be told apart. */
static gboolean
check_urls (PhCommand *command, PhReply *reply, gpointer *result, GError **error)
{
  if (*result == NULL || g_strv_length (*result) * 2 == ph_value_get_length (ph_command_get_arguments (command)))
    return TRUE;

  g_propagate_error (error, ph_error_new (PH_ERROR_PROTOCOL, reply, NULL, "The server made %u URLs of %u", g_strv_length (*result),
                                          ph_value_get_length (ph_command_get_arguments (command)) / 2));
  return FALSE;
}

/* --- URLFETCH --- */

static gpointer
begin_data (PhCommand *command)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ph_url_data_unref);
}

static GBytes *
read_octets (const PhValue *value)
{
  gsize length;
  const char *data = ph_value_get_data (value, &length);

  return data != NULL ? g_bytes_new (data, length) : NULL;
}

/* The items of one URL. Returns what stands behind them. */
static const PhValue *
read_items (const PhValue *item, GBytes **data, const PhValue **structure)
{
  for (; ph_value_get_kind (item) == PH_VALUE_LIST; item = ph_value_next (item))
    {
      g_autofree char *name = ph_value_dup_text (ph_value_first (item));

      if (g_strcmp0 (name, "BODYPARTSTRUCTURE") == 0)
        *structure = ph_value_get_child (item, 1);
      else if (*data == NULL && (g_strcmp0 (name, "BODY") == 0 || g_strcmp0 (name, "BINARY") == 0))
        *data = read_octets (ph_value_get_child (item, 1));
    }
  return item;
}

static gboolean
receive_data (PhCommand *command, const PhResponse *response, gpointer *result)
{
  const PhValue *url = ph_value_first (ph_response_get_values (response));

  while (url != NULL)
    {
      const PhValue     *value = ph_value_next (url);
      const PhValue     *structure = NULL;
      g_autofree char   *name = ph_value_dup_text (url);
      g_autoptr (GBytes) data = NULL;

      if (ph_value_get_kind (value) == PH_VALUE_LIST)
        url = read_items (value, &data, &structure);
      else
        {
          data = read_octets (value);
          url = ph_value_next (value);
        }
      if (name != NULL)
        g_ptr_array_add (*result, ph_url_data_new (name, data, structure));
    }
  return TRUE;
}

enum { GENURLAUTH, URLFETCH, RESETKEY };

static const PhVerb verbs[] = {
  [GENURLAUTH] = { .name = "GENURLAUTH", .arguments = "sa*", .needs = "URLAUTH", .get_type = g_strv_get_type, .receive = receive_urls,
                   .finish = check_urls },
  [URLFETCH] = { .name = "URLFETCH", .arguments = "v*", .needs = "URLAUTH", .get_type = g_ptr_array_get_type, .begin = begin_data,
                 .receive = receive_data },
  [RESETKEY] = { .name = "RESETKEY", .arguments = "m?*", .needs = "URLAUTH" },
  { .name = NULL },
};

static PhCommand *
make_generate (PhUrlAuth *self, const char *const *urls)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue) arguments = NULL;

  for (; *urls != NULL; urls++)
    {
      g_ptr_array_add (items, ph_value_new_string (*urls));
      g_ptr_array_add (items, ph_value_new_atom ("INTERNAL"));
    }
  arguments = ph_value_new_array (items);
  return ph_command_new_verb (&verbs[GENURLAUTH], PH_EXTENSION (self), arguments);
}

static PhValue *
new_fetch_argument (const char *url, PhUrlFetch what)
{
  static const struct { PhUrlFetch flag; const char *name; } parameters[] = {
    { PH_URL_FETCH_BODY, "BODY" }, { PH_URL_FETCH_DECODED, "BINARY" }, { PH_URL_FETCH_STRUCTURE, "BODYPARTSTRUCTURE" },
  };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);

  if (what == PH_URL_FETCH_PLAIN)
    return ph_value_new_string (url);
  g_ptr_array_add (items, ph_value_new_string (url));
  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    if ((what & parameters[i].flag) != 0)
      g_ptr_array_add (items, ph_value_new_atom (parameters[i].name));
  return ph_value_new_array (items);
}

static PhCommand *
make_fetch (PhUrlAuth *self, const char *const *urls, PhUrlFetch what)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  g_autoptr (PhValue) arguments = NULL;
  PhCommand *command;

  for (; *urls != NULL; urls++)
    g_ptr_array_add (items, new_fetch_argument (*urls, what));
  arguments = ph_value_new_array (items);
  command = ph_command_new_verb (&verbs[URLFETCH], PH_EXTENSION (self), arguments);
  if (what != PH_URL_FETCH_PLAIN)
    ph_command_set_needs (command, "URLAUTH=BINARY");
  return command;
}

static PhCommand *
make_reset (PhUrlAuth *self, const char *mailbox)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[RESETKEY], mailbox);
}

static void
ph_imap_url_auth_describe (PhUrlAuthInterface *iface)
{
  iface->make_generate = make_generate;
  iface->make_fetch = make_fetch;
  iface->make_reset = make_reset;
}

PH_DEFINE_EXTENSION (PhImapUrlAuth, ph_imap_url_auth, PH_TYPE_URL_AUTH, ph_imap_url_auth_describe, klass->verbs = verbs)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "URLAUTH", .summary = "URLs that let others fetch messages (RFC 4467, RFC 5524)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_url_auth_get_type },
};

PH_DEFINE_PLUGIN (imap4_urlauth, "imap4-urlauth", "The IMAP extension URLAUTH", features)
