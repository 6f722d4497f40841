/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhReply: what ended a command. */
#include "ph-reply-private.h"
#include "ph-value-private.h"

#include <string.h>

/* Octets of a response code's arguments that ph_reply_to_string () shows */
#define SHOWN_ARGUMENTS 200

/**
 * PhReply:
 *
 * A server's last word on a command, in one shape for all protocols: a status, the three-digit code (SMTP, LMTP), the
 * enhanced status (RFC 3463), the response code (IMAP), and the text. Once shared a reply is not changed any more, and may be
 * read by any thread.
 */
struct _PhReply {
  gatomicrefcount ref_count;
  PhStatus        status;
  int             code;
  char           *enhanced;
  char            short_enhanced[12];    /* where it stands, unless somebody says more than RFC 3463 does */
  char           *response_code;
  PhValue        *arguments;
  GPtrArray      *responses;
  char            text[];
};

G_DEFINE_BOXED_TYPE (PhReply, ph_reply, ph_reply_ref, ph_reply_unref)

/* Mostly it is ASCII, which takes no decoding. */
static gboolean
is_valid (const char *text, gsize length)
{
  gsize i = 0;

  for (guint64 octets; i + sizeof octets <= length; i += sizeof octets)
    {
      memcpy (&octets, text + i, sizeof octets);
      if ((octets & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
        break;
    }
  return g_utf8_validate_len (text + i, length - i, NULL);
}

/**
 * ph_reply_new:
 * @status: what the reply comes to
 * @code: three digits, 0 where the protocol has none (IMAP)
 * @text: (nullable): the text, lines joined by "\n"; what is not UTF-8 is replaced
 *
 * Makes a reply.
 *
 * Returns: (transfer full): a reply
 */
PhReply *
ph_reply_new (PhStatus status, int code, const char *text)
{
  const char *kept = text != NULL ? text : "";
  gsize length = strlen (kept);
  g_autofree char *valid = NULL;

  if (!is_valid (kept, length))
    {
      kept = valid = g_utf8_make_valid (kept, (gssize) length);
      length = strlen (kept);
    }
  PhReply *self = g_malloc (sizeof (PhReply) + length + 1);
  *self = (PhReply) { .status = status, .code = code };
  g_atomic_ref_count_init (&self->ref_count);
  memcpy (self->text, kept, length + 1);
  return self;
}

/**
 * ph_reply_ref:
 * @self: a reply
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 */
PhReply *
ph_reply_ref (PhReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
ph_reply_forget_enhanced (PhReply *self)
{
  if (self->enhanced != self->short_enhanced)
    g_free (self->enhanced);
  self->enhanced = NULL;
}

/**
 * ph_reply_unref:
 * @self: (transfer full): a reply
 *
 * Gives up a reference.
 */
void
ph_reply_unref (PhReply *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  ph_reply_forget_enhanced (self);
  g_free (self->response_code);
  ph_value_free (self->arguments);
  g_clear_pointer (&self->responses, g_ptr_array_unref);
  g_free (self);
}

/**
 * ph_reply_get_status:
 * @self: a reply
 *
 * Tells what the reply comes to.
 *
 * Returns: the status
 */
PhStatus
ph_reply_get_status (PhReply *self)
{
  g_return_val_if_fail (self != NULL, PH_STATUS_NONE);

  return self->status;
}

/**
 * ph_reply_is_ok:
 * @self: a reply
 *
 * Tells whether the server did what it was asked for.
 *
 * Returns: %TRUE for %PH_STATUS_OK and %PH_STATUS_PREAUTH
 */
gboolean
ph_reply_is_ok (PhReply *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->status == PH_STATUS_OK || self->status == PH_STATUS_PREAUTH;
}

/* Large providers say it in words alone. */
static gboolean
speaks_of_load (const char *text)
{
  static const char *const words[] = { "backoff time", "too many simultaneous", "too many concurrent", "too many connections", "throttled",
                                       "exceeded command or bandwidth limits", "rate limit" };
  g_autofree char *folded = g_ascii_strdown (text, -1);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (folded, words[i]) != NULL)
      return TRUE;

  return FALSE;
}

/**
 * ph_reply_is_temporary:
 * @self: a reply
 *
 * Tells whether the same command may succeed later: a 4xx reply, or an IMAP refusal with one of the response codes
 * UNAVAILABLE, INUSE and LIMIT (RFC 5530), or without a code and in words that large providers have for it ("Too many simultaneous
 * connections", "Request is throttled").
 *
 * Returns: %TRUE where trying again makes sense
 */
gboolean
ph_reply_is_temporary (PhReply *self)
{
  static const char *const later[] = { "UNAVAILABLE", "INUSE", "LIMIT", NULL };

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->code != 0)
    return self->code >= 400 && self->code < 500;
  if (ph_reply_is_ok (self))
    return FALSE;
  return (self->response_code != NULL && g_strv_contains (later, self->response_code)) || speaks_of_load (self->text);
}

/**
 * ph_reply_get_code:
 * @self: a reply
 *
 * The three-digit code of SMTP and LMTP (RFC 5321 section 4.2).
 *
 * Returns: 200 to 599; 0 where the protocol has none
 */
int
ph_reply_get_code (PhReply *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->code;
}

/**
 * ph_reply_get_enhanced_status:
 * @self: a reply
 *
 * The enhanced status code (RFC 3463, RFC 2034).
 *
 * Returns: (nullable): "5.1.1"; %NULL where there is none
 */
const char *
ph_reply_get_enhanced_status (PhReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->enhanced;
}

/**
 * ph_reply_get_text:
 * @self: a reply
 *
 * The text for people, its lines joined by "\n".
 *
 * Returns: valid UTF-8, may be empty
 */
const char *
ph_reply_get_text (PhReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * ph_reply_get_lines:
 * @self: a reply
 *
 * The text, line by line.
 *
 * Returns: (transfer full) (array zero-terminated=1): the lines; none where the text is empty
 */
char **
ph_reply_get_lines (PhReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strsplit (self->text, "\n", -1);
}

/**
 * ph_reply_get_response_code:
 * @self: a reply
 *
 * The response code in brackets of an IMAP reply (RFC 9051 section 7.1).
 *
 * Returns: (nullable): upper case, "UIDNEXT" of "[UIDNEXT 5]"; %NULL where there is none
 */
const char *
ph_reply_get_response_code (PhReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->response_code;
}

/**
 * ph_reply_get_response_arguments:
 * @self: a reply
 *
 * What stands behind the response code's name.
 *
 * Returns: (transfer none) (nullable): a list; %NULL where there is no response code or nothing behind it
 */
const PhValue *
ph_reply_get_response_arguments (PhReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->arguments;
}

/**
 * ph_reply_get_responses:
 * @self: a reply
 *
 * What came before the reply: for a command of the raw door, every untagged response; for one that was made by name, those
 * of that name.
 *
 * Returns: (transfer none) (element-type PhResponse): the responses, in order; not to be changed
 */
GPtrArray *
ph_reply_get_responses (PhReply *self)
{
  static GPtrArray *none = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->responses != NULL)
    return self->responses;
  if (g_once_init_enter (&none))
    g_once_init_leave (&none, g_ptr_array_new ());
  return none;
}

/* Text of a server goes to terminals: neither line ends nor escape sequences may pass. */
static void
append_printable (GString *string, const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      g_string_append_unichar (string, c < 0x20 || (c >= 0x7f && c < 0xa0) ? ' ' : c);
    }
}

static const char *
status_to_string (PhStatus status)
{
  static const char *const names[] = {
    [PH_STATUS_NONE] = "", [PH_STATUS_OK] = "OK",   [PH_STATUS_NO] = "NO",
    [PH_STATUS_BAD] = "BAD", [PH_STATUS_BYE] = "BYE", [PH_STATUS_PREAUTH] = "PREAUTH",
  };

  return (guint) status < G_N_ELEMENTS (names) ? names[status] : "";
}

/**
 * ph_reply_to_string:
 * @self: a reply
 *
 * The reply in one line, as a person reads it: "550 5.1.1 no such user", "NO [TRYCREATE] no such mailbox". Control
 * characters become blanks.
 *
 * Returns: (transfer full): valid UTF-8
 */
char *
ph_reply_to_string (PhReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_autoptr (GString) raw = g_string_new (NULL);

  if (self->code != 0)
    g_string_append_printf (raw, "%03d", self->code);
  else
    g_string_append (raw, status_to_string (self->status));
  if (self->enhanced != NULL && !g_str_has_prefix (self->text, self->enhanced))
    g_string_append_printf (raw, " %s", self->enhanced);
  if (self->response_code != NULL)
    {
      g_string_append_printf (raw, " [%s", self->response_code);
      for (const PhValue *value = ph_value_first (self->arguments); value != NULL; value = ph_value_next (value))
        {
          g_string_append_c (raw, ' ');
          ph_value_append_to (value, raw, SHOWN_ARGUMENTS);
        }
      g_string_append_c (raw, ']');
    }
  if (self->text[0] != '\0')
    g_string_append_printf (raw, "%s%s", raw->len > 0 ? " " : "", self->text);

  GString *line = g_string_sized_new (raw->len);
  append_printable (line, raw->str);
  return g_string_free (line, FALSE);
}

/**
 * ph_reply_set_enhanced_status: (skip)
 * @self: a reply that is not shared yet
 * @enhanced: (nullable): "5.1.1"
 *
 * For engines: sets the enhanced status.
 */
void
ph_reply_set_enhanced_status (PhReply *self, const char *enhanced)
{
  g_return_if_fail (self != NULL);

  ph_reply_forget_enhanced (self);
  if (enhanced == NULL)
    return;
  if (strlen (enhanced) < sizeof self->short_enhanced && g_str_is_ascii (enhanced))
    self->enhanced = strcpy (self->short_enhanced, enhanced);
  else
    self->enhanced = g_utf8_make_valid (enhanced, -1);
}

/**
 * ph_reply_set_response_code: (skip)
 * @self: a reply that is not shared yet
 * @name: (nullable): the code's name, in any case
 * @arguments: (nullable): a list; copied unless owned
 *
 * For engines: sets the response code.
 */
void
ph_reply_set_response_code (PhReply *self, const char *name, const PhValue *arguments)
{
  g_return_if_fail (self != NULL);

  g_autofree char *upper = name != NULL ? g_ascii_strup (name, -1) : NULL;
  g_free (self->response_code);
  self->response_code = upper != NULL ? g_utf8_make_valid (upper, -1) : NULL;
  ph_value_free (self->arguments);
  self->arguments = ph_value_get_length (arguments) > 0 ? ph_value_copy (arguments) : NULL;
}

/**
 * ph_reply_add_response: (skip)
 * @self: a reply that is not shared yet
 * @response: what came before it; copied unless owned
 *
 * For engines: adds to ph_reply_get_responses().
 */
void
ph_reply_add_response (PhReply *self, const PhResponse *response)
{
  g_return_if_fail (self != NULL && response != NULL);

  if (self->responses == NULL)
    self->responses = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_response_free);
  g_ptr_array_add (self->responses, ph_response_copy (response));
}

void
ph_reply_take_responses (PhReply *self, GPtrArray *responses)
{
  g_return_if_fail (self != NULL && responses != NULL);

  if (self->responses == NULL)
    self->responses = responses;
  else
    g_ptr_array_extend_and_steal (self->responses, responses);
}
