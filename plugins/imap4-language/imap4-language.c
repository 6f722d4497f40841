/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension LANGUAGE (RFC 5255): in which language the server speaks to people.
 *
 *   language-cmd  = "LANGUAGE" *(SP lang-range-quoted)                    RFC 5255 section 3.5
 *   language-data = "LANGUAGE" SP "(" lang-tag-quoted *(SP lang-tag-quoted) ")"
 */
#include <posthorn/posthorn-plugin.h>

/* (transfer full) */
static char **
read_tags (const PhResponse *response)
{
  return ph_value_dup_strings (ph_value_first (ph_value_first (ph_response_get_values (response))));
}

static gboolean
receive_tags (PhCommand *command, const PhResponse *response, gpointer *result)
{
  g_strfreev (*result);
  *result = read_tags (response);
  return TRUE;
}

/* One tag is what was chosen; a NAMESPACE response with the names' translations may come beside it, for the program to see. */
static gboolean
receive_chosen (PhCommand *command, const PhResponse *response, gpointer *result)
{
  g_auto (GStrv) tags = read_tags (response);

  if (tags[0] != NULL)
    {
      g_free (*result);
      *result = g_strdup (tags[0]);
    }
  return TRUE;
}

enum { LIST, SELECT };

static const PhVerb verbs[] = {
  [LIST] = { .name = "LANGUAGE", .needs = "LANGUAGE", .get_type = g_strv_get_type, .receive = receive_tags },
  [SELECT] = { .name = "LANGUAGE", .arguments = "s*", .needs = "LANGUAGE", .get_type = ph_verb_get_string_type, .receive = receive_chosen },
  { .name = NULL },
};

static PhCommand *
make_list (PhLanguage *self)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[LIST]);
}

static PhCommand *
make_select (PhLanguage *self, const char *const *ranges)
{
  g_autoptr (PhValue) arguments = ph_value_new_strings (ranges);

  return ph_command_new_verb (&verbs[SELECT], PH_EXTENSION (self), arguments);
}

/* By its name it is the one or the other. */
static PhCommand *
make_command (PhExtension *self, const char *name, const PhValue *arguments)
{
  if (g_ascii_strcasecmp (name, "LANGUAGE") != 0)
    return NULL;
  return ph_command_new_verb (&verbs[ph_value_get_length (arguments) > 0 ? SELECT : LIST], self, arguments);
}

static void
ph_imap_language_describe (PhLanguageInterface *iface)
{
  iface->make_list = make_list;
  iface->make_select = make_select;
}

PH_DEFINE_EXTENSION (PhImapLanguage, ph_imap_language, PH_TYPE_LANGUAGE, ph_imap_language_describe, klass->make_command = make_command)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "LANGUAGE", .summary = "The language of texts for people (RFC 5255)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_language_get_type },
};

PH_DEFINE_PLUGIN (imap4_language, "imap4-language", "The IMAP extension LANGUAGE", features)
