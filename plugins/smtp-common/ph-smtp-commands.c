/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Commands that the server must offer: ETRN (RFC 1985), and Postfix's
 *
 *   XCLIENT 1*( SP attribute "=" xtext )
 *   XFORWARD 1*( SP attribute "=" xtext )
 *
 * of which each lists its attributes behind its keyword. Their words go through the writer as every command's do.
 */
#include "ph-smtp-commands.h"

#include "ph-smtp-encode.h"

#define MAX_LINE 12288    /* RFC 4954 section 4: AUTH's, the longest there is */

/* A command made here: the keyword that it needs */
static GQuark
needs_quark (void)
{
  static GQuark quark;

  /* two threads would find the same */
  if (quark == 0)
    quark = g_quark_from_static_string ("ph-smtp-needs");
  return quark;
}

static PhCommand *
make_needing (const char *verb, GPtrArray *words)
{
  g_autoptr (PhValue) arguments = ph_value_new_array (words);
  PhCommand *command = ph_command_new (verb, arguments);

  g_object_set_qdata ((GObject *) command, needs_quark (), (gpointer) verb);
  return command;
}

/* "@example.org" and "#queue", too; a domain that is not ASCII goes as IDNA A-labels. */
PhCommand *
ph_smtp_make_etrn (const char *node)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
  const char *name = node + (*node == '@' || *node == '#');
  g_autofree char *converted = g_str_is_ascii (node) ? NULL : g_hostname_to_ascii (name);
  g_autofree char *word = converted != NULL ? g_strdup_printf ("%.*s%s", (int) (name - node), node, converted) : g_strdup (node);

  g_ptr_array_add (words, ph_value_new_string (word));
  return make_needing ("ETRN", words);
}

/* Postfix wants "IPV6:" in front of such an address. */
static gboolean
is_ipv6 (const char *name, const char *value)
{
  g_autoptr (GInetAddress) address = g_str_has_suffix (name, "ADDR") ? g_inet_address_new_from_string (value) : NULL;

  return address != NULL && g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
}

static gboolean
has_control (const char *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text))
      return TRUE;
  return FALSE;
}

/* @attributes: "NAME=value", as given by the program. A line end could be encoded, but the server would have it in its log: it is left as
 * it is for the writer to refuse. */
PhCommand *
ph_smtp_make_attributes (const char *verb, const char *const *attributes)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);

  for (; attributes != NULL && *attributes != NULL; attributes++)
    {
      gsize length = strcspn (*attributes, "=");
      g_autofree char *name = g_ascii_strup (*attributes, (gssize) length);
      const char *value = *attributes + length + ((*attributes)[length] == '=');
      g_autoptr (GString) word = g_string_new (name);

      g_string_append (word, is_ipv6 (name, value) ? "=IPV6:" : "=");
      if (has_control (value))
        g_string_append (word, value);
      else
        ph_smtp_append_xtext (word, value);
      g_ptr_array_add (words, ph_value_new_string (word->str));
    }
  PhCommand *command = make_needing (verb, words);
  ph_command_set_flags (command, PH_COMMAND_ALONE);
  return command;
}

static gboolean G_GNUC_PRINTF (3, 4)
refuse (GError **error, PhError code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_propagate_error (error, ph_error_new (code, NULL, NULL, "%s", message));
  return FALSE;
}

/* Every attribute must be among those that the server lists behind @verb. */
static gboolean
check_attributes (PhSmtpCore *core, const char *verb, const char *line, const char *offered, GError **error)
{
  g_auto (GStrv) known = g_strsplit (offered, " ", -1);
  g_auto (GStrv) words = g_strsplit (line, " ", -1);

  if (words[1] == NULL)
    return refuse (error, PH_ERROR_INVALID_ARGUMENT, "%s needs an attribute", verb);
  for (char **word = words + 1; *word != NULL; word++)
    {
      (*word)[strcspn (*word, "=")] = '\0';
      if (!g_strv_contains ((const char *const *) known, *word))
        return refuse (error, PH_ERROR_NOT_SUPPORTED, "%s takes no such attribute: %s", core->host, *word);
    }
  return TRUE;
}

gboolean
ph_smtp_command_check (PhSmtpCore *core, PhCommand *command, const char *line, GError **error)
{
  const char *verb = g_object_get_qdata ((GObject *) command, needs_quark ());
  const char *offered = verb != NULL ? ph_smtp_features_find (&core->features, verb) : NULL;

  if (strlen (line) > MAX_LINE)
    return refuse (error, PH_ERROR_INVALID_ARGUMENT, "a command for %s is longer than 12288 octets", core->host);
  if (verb == NULL)
    return TRUE;
  if (offered == NULL)
    return refuse (error, PH_ERROR_NOT_SUPPORTED, "%s does not offer %s", core->host, verb);
  if (!g_str_is_ascii (line))
    return refuse (error, PH_ERROR_INVALID_ARGUMENT, "%s takes ASCII only", verb);
  return g_str_equal (verb, "ETRN") || check_attributes (core, verb, line, offered, error);
}
