/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhResponse: one thing that a server sent. */
#include "ph-reply-private.h"
#include "ph-value-private.h"

#include <string.h>

enum {
  TEXT_TAG,
  TEXT_NAME,
  TEXT_CODE,
  TEXT_TEXT,
  N_TEXTS
};

/**
 * PhResponse:
 *
 * One thing that a server sent: data, a status, or a request to go on. While an engine hands it round a response is
 * *transient*: it and its values are valid until the call returns, and its text is as it came. Whoever keeps it calls
 * [method@Posthorn.Response.copy], which repairs what is not UTF-8. An owned response is immutable and may be read by any thread.
 */
struct _PhResponse {
  gatomicrefcount ref_count;
  gboolean        transient;
  PhResponseType  type;
  PhStatus        status;
  gint64          number;
  const char     *texts[N_TEXTS]; /* of an owned one: in the same block */
  const PhValue  *code_arguments; /* of an owned one: owned */
  const PhValue  *values;
};

G_DEFINE_BOXED_TYPE (PhResponse, ph_response, ph_response_copy, ph_response_free)

static PhResponse *
ph_response_copy_transient (const PhResponse *self)
{
  char *repaired[N_TEXTS] = { NULL };
  gsize lengths[N_TEXTS] = { 0 };
  gsize size = sizeof (PhResponse);

  for (guint i = 0; i < N_TEXTS; i++)
    {
      if (self->texts[i] == NULL)
        continue;
      lengths[i] = strlen (self->texts[i]);
      if (!g_utf8_validate (self->texts[i], (gssize) lengths[i], NULL))
        {
          repaired[i] = g_utf8_make_valid (self->texts[i], (gssize) lengths[i]);
          lengths[i] = strlen (repaired[i]);
        }
      size += lengths[i] + 1;
    }

  PhResponse *copy = g_malloc (size);
  char *end = (char *) (copy + 1);

  *copy = *self;
  g_atomic_ref_count_init (&copy->ref_count);
  copy->transient = FALSE;
  for (guint i = 0; i < N_TEXTS; i++)
    {
      if (self->texts[i] == NULL)
        continue;
      copy->texts[i] = memcpy (end, repaired[i] != NULL ? repaired[i] : self->texts[i], lengths[i] + 1);
      end += lengths[i] + 1;
      g_clear_pointer (&repaired[i], g_free);
    }
  copy->code_arguments = ph_value_copy (self->code_arguments);
  copy->values = ph_value_copy (self->values);
  return copy;
}

/**
 * ph_response_copy:
 * @self: a response
 *
 * Keeps a response: a reference of an owned one, a compact copy of a transient one.
 *
 * Returns: (transfer full): the response to keep
 */
PhResponse *
ph_response_copy (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->transient)
    return ph_response_copy_transient (self);
  g_atomic_ref_count_inc (&((PhResponse *) self)->ref_count);
  return (PhResponse *) self;
}

/**
 * ph_response_free:
 * @self: (transfer full) (nullable): a response
 *
 * Gives up one hold on a response.
 */
void
ph_response_free (PhResponse *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (!self->transient)
    {
      ph_value_free ((PhValue *) self->code_arguments);
      ph_value_free ((PhValue *) self->values);
    }
  g_free (self);
}

gsize
ph_response_get_footprint (const PhResponse *self)
{
  gsize size = sizeof (PhResponse);

  for (guint i = 0; i < N_TEXTS; i++)
    size += self->texts[i] != NULL ? strlen (self->texts[i]) + 1 : 0;
  return size + ph_value_get_footprint (self->code_arguments) + ph_value_get_footprint (self->values);
}

/**
 * ph_response_get_response_type:
 * @self: a response
 *
 * Tells which of the three things that a server can send it is.
 *
 * Returns: the type
 */
PhResponseType
ph_response_get_response_type (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, PH_RESPONSE_UNTAGGED);

  return self->type;
}

/**
 * ph_response_get_tag:
 * @self: a response
 *
 * The tag of a tagged response.
 *
 * Returns: (nullable): the tag; %NULL where there is none
 */
const char *
ph_response_get_tag (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->texts[TEXT_TAG];
}

/**
 * ph_response_get_name:
 * @self: a response
 *
 * What kind of data or status it is.
 *
 * Returns: (nullable): upper case: "FETCH", "QUOTA", "OK"; %NULL for a continuation request
 */
const char *
ph_response_get_name (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->texts[TEXT_NAME];
}

/**
 * ph_response_get_number:
 * @self: a response
 *
 * The number before the name: 5 of "* 5 EXISTS". In SMTP, the reply's code.
 *
 * Returns: the number; 0 without one, which [method@Posthorn.Response.has_number] tells from "* 0 EXISTS"
 */
guint32
ph_response_get_number (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->number >= 0 ? (guint32) self->number : 0;
}

/**
 * ph_response_has_number:
 * @self: a response
 *
 * Tells whether a number stood before the name.
 *
 * Returns: %TRUE where one did
 */
gboolean
ph_response_has_number (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->number >= 0;
}

/**
 * ph_response_get_status:
 * @self: a response
 *
 * The status of a status response (RFC 9051 section 7.1).
 *
 * Returns: the status; %PH_STATUS_NONE for data and continuation requests
 */
PhStatus
ph_response_get_status (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, PH_STATUS_NONE);

  return self->status;
}

/**
 * ph_response_get_code:
 * @self: a response
 *
 * The name of the response code in brackets.
 *
 * Returns: (nullable): upper case, "UIDNEXT" of "[UIDNEXT 5]"; %NULL where there is none
 */
const char *
ph_response_get_code (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->texts[TEXT_CODE];
}

/**
 * ph_response_get_code_arguments:
 * @self: a response
 *
 * What stands behind the response code's name.
 *
 * Returns: (transfer none) (nullable): a list; %NULL without a response code
 */
const PhValue *
ph_response_get_code_arguments (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->code_arguments;
}

/**
 * ph_response_get_text:
 * @self: a response
 *
 * The text of a status response or a continuation request. In a transient response it is as it came; in an owned one it is
 * valid UTF-8.
 *
 * Returns: (nullable): the text; %NULL where there is none
 */
const char *
ph_response_get_text (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->texts[TEXT_TEXT];
}

/**
 * ph_response_get_values:
 * @self: a response
 *
 * What stands behind the name.
 *
 * Returns: (transfer none): a list, empty for a status response
 */
const PhValue *
ph_response_get_values (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->values != NULL ? self->values : ph_value_empty_list;
}

/**
 * ph_response_to_reply:
 * @self: a response
 *
 * The status, response code and text as a reply. A tagged response that has a number is SMTP's: the number is the reply's code,
 * and the name its enhanced status.
 *
 * Returns: (transfer full): a reply
 */
PhReply *
ph_response_to_reply (const PhResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  int code = self->type == PH_RESPONSE_TAGGED && self->number > 0 && self->number < 1000 ? (int) self->number : 0;
  PhReply *reply = ph_reply_new (self->status, code, self->texts[TEXT_TEXT]);

  if (code != 0)
    ph_reply_set_enhanced_status (reply, self->texts[TEXT_NAME]);
  if (self->texts[TEXT_CODE] != NULL)
    ph_reply_set_response_code (reply, self->texts[TEXT_CODE], self->code_arguments);
  return reply;
}

/**
 * ph_response_new_transient: (skip)
 *
 * For engines: a response to be filled again and again by ph_response_fill(), so that handing one round allocates nothing.
 *
 * Returns: (transfer full): a response
 */
PhResponse *
ph_response_new_transient (void)
{
  PhResponse *self = g_new0 (PhResponse, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->transient = TRUE;
  self->number = -1;
  return self;
}

/**
 * ph_response_fill: (skip)
 * @self: a transient response
 * @type: which of the three it is
 * @tag: (nullable): its tag
 * @name: (nullable): its name, upper case
 * @number: the number before the name, -1 for none; in SMTP the reply's code
 * @status: its status
 * @code: (nullable): the response code's name, upper case
 * @code_arguments: (nullable): a list
 * @text: (nullable): its text
 * @values: (nullable): a list
 *
 * For engines: strings and trees are borrowed until the next fill.
 */
void
ph_response_fill (PhResponse *self, PhResponseType type, const char *tag, const char *name, gint64 number, PhStatus status,
                  const char *code, const PhValue *code_arguments, const char *text, const PhValue *values)
{
  g_return_if_fail (self != NULL && self->transient);

  self->type = type;
  self->status = status;
  self->number = number >= 0 && number <= G_MAXUINT32 ? number : -1;
  self->texts[TEXT_TAG] = tag;
  self->texts[TEXT_NAME] = name;
  self->texts[TEXT_CODE] = code;
  self->texts[TEXT_TEXT] = text;
  self->code_arguments = code_arguments;
  self->values = values;
}
