/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn password: keeps passwords in the user's keyring, shows and forgets them. */
#include "tool.h"

#include <string.h>

#define KEYRING "secret-service"

/* (transfer none) (nullable): the option's, else the URI's; @holder owns it */
static const char *
get_user (const char *uri, char **holder)
{
  if (tool_options.user != NULL)
    return tool_options.user;
  g_uri_split_with_user (uri, G_URI_FLAGS_NONE, NULL, holder, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
  return *holder;
}

static gboolean
store (PhCredentials *credentials, const char *uri, GError **error)
{
  g_autofree char *holder = NULL;
  const char *user = get_user (uri, &holder);
  g_autofree char *clean = tool_clean (uri);
  g_autofree char *prompt = g_strdup_printf ("Password of %s for %s: ", user != NULL ? user : "you", clean);
  g_autoptr (PhSecret) password = NULL;

  if (user == NULL || *user == '\0')
    return tool_set_error (error, PH_ERROR_INVALID_ARGUMENT, "whose password? use --user, or a URI such as imaps://alice@mail.example.org");
  password = tool_read_password (prompt, error);
  return password != NULL && ph_credentials_store (credentials, uri, user, password, tool_cancellable (), error);
}

static void
keep_result (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static gboolean
look_up (PhCredentials *credentials, const char *uri, GError **error)
{
  g_autofree char *holder = NULL;
  g_autofree char *host = NULL;
  g_autoptr (PhSaslContext) context = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  g_uri_split_network (uri, G_URI_FLAGS_NONE, NULL, &host, NULL, NULL);
  context = ph_sasl_context_new ("PLAIN", "password", host != NULL ? host : "");
  ph_sasl_context_set_user (context, get_user (uri, &holder));
  ph_credentials_lookup_async (credentials, uri, PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET, context, tool_cancellable (), keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!ph_credentials_lookup_finish (credentials, result, error))
    return FALSE;
  g_print ("%s\n", ph_secret_get (ph_sasl_context_get_secret (context), NULL));
  return TRUE;
}

static int
run (char **args)
{
  const char *name = tool_options.credentials != NULL ? tool_options.credentials : KEYRING;
  g_autoptr (GError) error = NULL;
  g_autoptr (PhCredentials) credentials = NULL;
  gboolean done;

  if (!g_strv_contains ((const char *const[]){ "store", "look-up", "clear", NULL }, args[0]))
    return tool_fail_usage ("password takes store, look-up or clear, not %.64s", args[0]);
  credentials = ph_credentials_new_named (name, &error);
  if (credentials == NULL)
    return tool_fail (error);
  if (strcmp (args[0], "store") == 0)
    done = store (credentials, args[1], &error);
  else if (strcmp (args[0], "look-up") == 0)
    done = look_up (credentials, args[1], &error);
  else
    done = ph_credentials_clear (credentials, args[1], tool_options.user, tool_cancellable (), &error);
  return done ? 0 : tool_fail (error);
}

const ToolCommand tool_password_command = {
  .name = "password",
  .arguments = "store|look-up|clear URI",
  .summary = "Keep a password in the keyring, show it, forget it",
  .help = "The keyring is the Secret Service's, which GNOME Keyring, KWallet and KeePassXC bring. The password to store is asked for, or\n"
          "comes from --password-file or --password-command. Other commands use it by --credentials=secret-service.\n"
          "With --credentials another source that can keep passwords takes the keyring's place.\n"
          "\n"
          "Examples:\n"
          "  posthorn password store imaps://alice@mail.example.org\n"
          "  posthorn mailboxes imaps://alice@mail.example.org --credentials=secret-service\n"
          "  posthorn password clear imaps://alice@mail.example.org\n"
          "\n"
          "Exit codes: 0 done, 78 (EX_CONFIG) nothing is kept, or the keyring is locked; man posthorn has all.",
  .min_args = 2,
  .max_args = 2,
  .has_session = TRUE,
  .run = run,
};
