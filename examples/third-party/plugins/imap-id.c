/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension ID (RFC 2971): client and server tell each other who they are. docs/write-an-imap-extension.md goes through it.
 *
 *   id             = "ID" SP id-params-list
 *   id-response    = "ID" SP id-params-list
 *   id-params-list = "(" #(string SP nstring) ")" / nil
 */
#include <posthorn/posthorn-plugin.h>

#define MOST_FIELDS 30 /* RFC 2971 section 3.3 */

static gboolean
check_fields (PhCommand *command, GError **error)
{
  guint n = ph_value_get_length (ph_value_first (ph_command_get_arguments (command)));

  if (n <= 2 * MOST_FIELDS && n % 2 == 0)
    return TRUE;

  g_set_error (error, PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "ID takes pairs of a name and a value, at most %d", MOST_FIELDS);
  return FALSE;
}

static gboolean
receive_fields (PhCommand *command, const PhResponse *response, gpointer *result)
{
  ph_value_free (*result);
  *result = ph_value_copy (ph_value_first (ph_response_get_values (response)));
  return TRUE;
}

static const PhVerb verbs[] = {
  { .name = "ID", .arguments = "v", .needs = "ID", .get_type = ph_value_get_type, .check = check_fields, .receive = receive_fields },
  { .name = NULL },
};

/* After the login, where the program wants it. */
static PhCommand *
example_id_make_step (PhExtension *extension, PhStage stage)
{
  if (stage != PH_STAGE_AUTHENTICATED || !ph_extension_is_requested (extension))
    return NULL;
  return ph_extension_make (extension, &verbs[0], NULL);
}

PH_DEFINE_EXTENSION (ExampleId, example_id, G_TYPE_INVALID, NULL, klass->verbs = verbs; klass->make_step = example_id_make_step)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "ID", .summary = "Who is there, client and server (RFC 2971)", .rank = PH_RANK_PRIMARY + 1,
    .protocol = "imap4", .get_type = example_id_get_type },
};

PH_DEFINE_PLUGIN (imap_id, "imap-id", "The IMAP extension ID", features)
