/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* posthorn send: a message to a server, and what became of each recipient. */
#include "tool.h"

static char *sender;
static char **recipients;
static gboolean require_all;

static const GOptionEntry entries[] = {
  { "from", 'f', 0, G_OPTION_ARG_STRING, &sender, "The sender's address; \"\" is the null reverse-path of bounces", "ADDRESS" },
  { "to", 't', 0, G_OPTION_ARG_STRING_ARRAY, &recipients, "A recipient's address; once for each", "ADDRESS" },
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

static PhEnvelope *
make_envelope (void)
{
  PhEnvelope *envelope = ph_envelope_new (sender);

  for (char **address = recipients; *address != NULL; address++)
    ph_envelope_add_recipient (envelope, *address);
  ph_envelope_set_require_all (envelope, require_all);
  return envelope;
}

static int
run (char **args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PhSession) session = NULL;
  g_autoptr (PhEnvelope) envelope = NULL;
  g_autoptr (PhBody) body = NULL;
  g_autoptr (PhDelivery) delivery = NULL;

  if (sender == NULL || recipients == NULL)
    return tool_fail_usage ("send needs a sender (-f) and a recipient (-t) or more; posthorn send --help shows how");
  session = tool_session_new (args[0], PH_TYPE_TRANSPORT, &error);
  if (session == NULL || (body = tool_message_open (args[1], &error)) == NULL)
    return tool_fail (error);
  envelope = make_envelope ();
  if (!tool_envelope_ask (envelope, &error))
    return tool_fail (error);
  {
    g_autoptr (ToolProgress) progress G_GNUC_UNUSED = tool_progress_new (session, "sending", 1);

    delivery = ph_transport_send (PH_TRANSPORT (session), envelope, body, tool_cancellable (), &error);
  }
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
  .arguments = "URI -f FROM -t TO… [FILE]",
  .summary = "Deliver a message by SMTP or LMTP; a row per recipient",
  .help = "The message, with its headers, comes from FILE or standard input. The addresses are the envelope's; headers\n"
          "aren't looked at. Some recipients may be refused while others get the message: each has its own row.\n"
          "\n"
          "Examples:\n"
          "  posthorn send smtp://alice@mail.example.org -f alice@example.org -t bob@example.net letter.eml\n"
          "  posthorn send lmtp+unix:///run/dovecot/lmtp -f '' -t alice -t bob < letter.eml\n"
          "  posthorn send smtps://mail.example.org -f a@example.org -t b@example.net --dsn-notify failure,delay letter.eml\n"
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
