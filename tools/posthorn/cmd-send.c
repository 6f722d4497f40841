/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn send: a message to a server, and what became of each recipient. */
#include "compose.h"

static ToolCompose compose;
static gboolean require_all;

static const GOptionEntry entries[] = {
  { "from", 'f', 0, G_OPTION_ARG_STRING, &compose.from, "The sender's address; \"\" is the null reverse-path of bounces", "ADDRESS" },
  { "to", 't', 0, G_OPTION_ARG_STRING_ARRAY, &compose.to, "A recipient's address; once for each", "ADDRESS" },
  { "take-recipients", 'T', 0, G_OPTION_ARG_NONE, &compose.from_header,
    "Sender and recipients as the message's header names them (sendmail's -t); Bcc isn't sent", NULL },
  { "subject", 's', 0, G_OPTION_ARG_STRING, &compose.subject, "Write a message with this subject", "TEXT" },
  { "cc", 0, 0, G_OPTION_ARG_STRING_ARRAY, &compose.cc, "Who gets a copy of the message that is written", "ADDRESS" },
  { "bcc", 0, 0, G_OPTION_ARG_STRING_ARRAY, &compose.bcc, "Who gets one without being named in it", "ADDRESS" },
  { "text", 0, 0, G_OPTION_ARG_FILENAME, &compose.text, "Its text, UTF-8; \"-\" is standard input, and what it is without --html", "FILE" },
  { "html", 0, 0, G_OPTION_ARG_FILENAME, &compose.html, "Its text as HTML, beside --text or alone", "FILE" },
  { "attach", 'a', 0, G_OPTION_ARG_FILENAME_ARRAY, &compose.attachments, "A file that goes with it, of any size; once for each", "FILE" },
  { "all", 0, 0, G_OPTION_ARG_NONE, &require_all, "Send to nobody unless every recipient is accepted", NULL },
  { "require-all", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &require_all, NULL, NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const char *
describe_fate (PhDeliveryFate fate)
{
  switch (fate)
    {
    case PH_FATE_ACCEPTED:
      return "accepted";
    case PH_FATE_UNKNOWN:
      return "unknown";
    case PH_FATE_REFUSED:
    default:
      return "refused";
    }
}

static void
print_table (PhDelivery *delivery)
{
  static const char *const headings[] = { "RECIPIENT", "RESULT", "PHASE", "REPLY", NULL };
  g_autoptr (ToolTable) table = tool_table_new (headings);

  for (guint i = 0; i < ph_delivery_get_n_recipients (delivery); i++)
    {
      PhReply *reply = ph_delivery_get_reply (delivery, i);
      g_autofree char *text = reply != NULL ? ph_reply_to_string (reply) : NULL;

      tool_table_add (table, ph_delivery_get_address (delivery, i), describe_fate (ph_delivery_get_fate (delivery, i)),
                      tool_enum_word (PH_TYPE_DELIVERY_PHASE, (int) ph_delivery_get_phase (delivery, i)), text, NULL);
    }
}

static void
print_json (PhDelivery *delivery)
{
  for (guint i = 0; i < ph_delivery_get_n_recipients (delivery); i++)
    {
      tool_json_open_object ();
      tool_json_member ("recipient", ph_delivery_get_address (delivery, i));
      tool_json_member ("result", describe_fate (ph_delivery_get_fate (delivery, i)));
      tool_json_member ("phase", tool_enum_word (PH_TYPE_DELIVERY_PHASE, (int) ph_delivery_get_phase (delivery, i)));
      tool_json_member_reply ("reply", ph_delivery_get_reply (delivery, i));
      tool_json_close_object ();
      tool_json_end ();
    }
}

static void
print_delivery (PhDelivery *delivery)
{
  if (tool_options.json)
    print_json (delivery);
  else
    print_table (delivery);
}

/* A later try helps where at least one recipient's refusal was temporary, or nobody knows what happened. */
static int
get_status (PhDelivery *delivery)
{
  int status = 0;

  for (guint i = 0; i < ph_delivery_get_n_recipients (delivery); i++)
    {
      PhReply *reply = ph_delivery_get_reply (delivery, i);

      if (ph_delivery_is_accepted (delivery, i))
        continue;
      if (reply == NULL || ph_reply_is_temporary (reply))
        return EX_TEMPFAIL;
      status = EX_UNAVAILABLE;
    }
  return status;
}

/* Where nothing came to the server, there is nothing to tell of each. */
static gboolean
was_asked (PhDelivery *delivery)
{
  for (guint i = 0; delivery != NULL && i < ph_delivery_get_n_recipients (delivery); i++)
    if (ph_delivery_get_phase (delivery, i) != PH_DELIVERY_PENDING)
      return TRUE;
  return FALSE;
}

static gboolean
is_written (void)
{
  return compose.subject != NULL || compose.cc != NULL || compose.bcc != NULL || compose.text != NULL || compose.html != NULL
         || compose.attachments != NULL;
}

/* What the parser can't see: 0, or the exit code. */
static int
check_options (const char *file)
{
  if (compose.from_header && (is_written () || compose.to != NULL))
    return tool_fail_usage ("-T takes the recipients out of the message's header; -t and what writes a header are for other messages");
  if (is_written () && file != NULL)
    return tool_fail_usage ("a message that is written by options has its text from --text or standard input, and no FILE");
  if (compose.text != NULL && compose.html != NULL && g_str_equal (compose.text, "-") && g_str_equal (compose.html, "-"))
    return tool_fail_usage ("--text and --html can't both be standard input");
  if (is_written () && (compose.from == NULL || *compose.from == '\0'))
    return tool_fail_usage ("a message that is written needs a sender (-f)");
  if (!compose.from_header && (compose.from == NULL || (compose.to == NULL && compose.cc == NULL && compose.bcc == NULL)))
    return tool_fail_usage ("send needs a sender (-f) and a recipient (-t) or more, or -T; posthorn send --help shows how");
  return 0;
}

static PhEnvelope *
make_envelope (void)
{
  PhEnvelope *envelope = ph_envelope_new (compose.from);

  for (char **address = compose.to; *address != NULL; address++)
    ph_envelope_add_recipient (envelope, *address);
  return envelope;
}

/* @envelope and either @body or @message, a GMimeMessage */
static gboolean
make_message (const char *file, PhEnvelope **envelope, PhBody **body, gpointer *message, GError **error)
{
  if (is_written () || compose.from_header)
    return tool_compose (&compose, file, envelope, message, error);
  *body = tool_message_open (file, error);
  *envelope = *body != NULL ? make_envelope () : NULL;
  return *body != NULL;
}

/* Over one session. NULL only where nothing is known of the recipients; @error tells why nobody got the message. (transfer full) */
static PhDelivery *
deliver_once (PhSession *session, PhEnvelope *envelope, PhBody *body, gpointer message, GError **error)
{
  g_autoptr (ToolProgress) progress G_GNUC_UNUSED = tool_progress_new (session, "sending", 1);
  GError *cause = NULL;
  PhDelivery *delivery = message != NULL ? tool_compose_send (PH_TRANSPORT (session), message, envelope, &cause)
                                         : ph_transport_send (PH_TRANSPORT (session), envelope, body, tool_cancellable (), &cause);

  if (delivery == NULL && ph_error_get_delivery (cause) != NULL)
    delivery = ph_delivery_ref (ph_error_get_delivery (cause));
  if (cause != NULL)
    g_propagate_error (error, cause);
  return delivery;
}

/* Those for whom the session had no room */
static GArray *
find_limited (PhDelivery *delivery)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < ph_delivery_get_n_recipients (delivery); i++)
    if (ph_delivery_get_phase (delivery, i) == PH_DELIVERY_LIMIT)
      g_array_append_val (rows, i);
  return rows;
}

/* Once more to @rows, over another session. FALSE where that brought nothing new */
static gboolean
deliver_rest (PhSession *session, PhEnvelope *envelope, PhBody *body, gpointer message, PhDelivery *all, GArray *rows, GError **error)
{
  g_autoptr (PhEnvelope) rest = ph_envelope_select (envelope, (const guint *) (gpointer) rows->data, rows->len);
  g_autoptr (PhDelivery) delivery = NULL;
  gboolean is_news = FALSE;

  ph_session_close (session, tool_cancellable (), NULL);
  if (body != NULL && !ph_body_rewind (body))
    return tool_set_error (error, PH_ERROR_BODY, "the message can't be read a second time");
  delivery = deliver_once (session, rest, body, message, error);
  for (guint i = 0; delivery != NULL && i < rows->len; i++)
    {
      is_news |= ph_delivery_get_phase (delivery, i) != PH_DELIVERY_LIMIT;
      ph_delivery_set (all, g_array_index (rows, guint, i), ph_delivery_get_fate (delivery, i), ph_delivery_get_phase (delivery, i),
                       ph_delivery_get_reply (delivery, i));
    }
  return is_news;
}

/* What the server takes in one session (LIMITS, RFC 9422) is kept to. */
static PhDelivery *
deliver (PhSession *session, PhEnvelope *envelope, PhBody *body, gpointer message, GError **error)
{
  g_autoptr (PhDelivery) all = NULL;
  g_autoptr (GError) cause = NULL;
  gboolean more, left = FALSE;

  ph_envelope_set_require_all (envelope, require_all);
  all = deliver_once (session, envelope, body, message, &cause);
  do
    {
      g_autoptr (GArray) rows = all != NULL ? find_limited (all) : NULL;

      more = rows != NULL && rows->len > 0;
      if (more)
        {
          g_clear_error (&cause);
          more = deliver_rest (session, envelope, body, message, all, rows, &cause);
          left = !more;
        }
    }
  while (more);
  if (all != NULL && ph_delivery_get_n_accepted (all) > 0)
    {
      if (left && cause != NULL)
        tool_note ("another session for the rest: %s", cause->message);
      return g_steal_pointer (&all);
    }
  if (all != NULL && cause->domain == PH_ERROR)
    g_propagate_error (error, ph_error_new (cause->code, ph_error_get_reply (cause), all, "%s", cause->message));
  else
    g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSession) session = NULL;
  g_autoptr (PhEnvelope) envelope = NULL;
  g_autoptr (PhBody) body = NULL;
  g_autoptr (PhDelivery) delivery = NULL;
  g_autoptr (GObject) message = NULL;
  int status = check_options (args[1]);

  if (status != 0)
    return status;
  session = tool_session_new (args[0], PH_TYPE_TRANSPORT, &error);
  if (session == NULL || !make_message (args[1], &envelope, &body, (gpointer *) &message, &error))
    return tool_fail (error);
  if (!tool_envelope_ask (envelope, &error))
    return tool_fail (error);
  delivery = deliver (session, envelope, body, message, &error);
  if (delivery == NULL)
    {
      if (was_asked (ph_error_get_delivery (error)))
        print_delivery (ph_error_get_delivery (error));
      return tool_fail (error);
    }
  print_delivery (delivery);
  return get_status (delivery);
}

const ToolCommand tool_send_command = {
  .name = "send",
  .arguments = "URI -f FROM -t TO… [FILE] | URI -T [FILE] | URI -f FROM -t TO… -s SUBJECT [--attach FILE]…",
  .summary = "Deliver a message by SMTP or LMTP; a row per recipient",
  .help = "The message, with its header, comes from FILE or standard input. The addresses are the envelope's; the header isn't\n"
          "looked at, unless -T says so. With --subject, --cc, --bcc, --text, --html or --attach posthorn writes the message\n"
          "itself, and -f and -t stand in its header, too. Date and Message-ID are added where they are missing.\n"
          "Some recipients may be refused while others get the message: each has its own row.\n"
          "\n"
          "Examples:\n"
          "  posthorn send smtp://alice@mail.example.org -f alice@example.org -t bob@example.net letter.eml\n"
          "  posthorn send lmtp+unix:///run/dovecot/lmtp -f '' -t alice -t bob < letter.eml\n"
          "  posthorn send smtps://mail.example.org -f a@example.org -t b@example.net --dsn-notify failure,delay letter.eml\n"
          "  posthorn send smtp://alice@mail.example.org -T letter.eml\n"
          "  echo 'See the plan.' | posthorn send smtp://alice@mail.example.org -f 'Alice <alice@example.org>' \\\n"
          "      -t bob@example.net --cc carol@example.net -s 'The plan' --attach plan.pdf\n"
          "\n"
          "Exit codes: 0 all recipients were accepted, 69 (EX_UNAVAILABLE) one or more were refused for good,\n"
          "75 (EX_TEMPFAIL) try those that were refused again later, 77 (EX_NOPERM) wrong password; man posthorn has all.",
  .min_args = 1,
  .max_args = 2,
  .entries = entries,
  .more_entries = tool_envelope_entries,
  .has_session = TRUE,
  .run = run,
};
