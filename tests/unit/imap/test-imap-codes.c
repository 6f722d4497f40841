/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every response code of RFC 3501, RFC 5530, RFC 9051 and of the extensions that the engine has: an error of its own, something typed, or
 * the program's to read. A code that is in none of the tables is forgotten: the lists of the RFCs stand at the end. */
#include "imap-engine-test.h"

/* Of a refusal, in a tagged NO and in a tagged BAD */
static const struct {
  const char *code;
  const char *arguments;
  PhError     error;
} refusals[] = {
  { "ALREADYEXISTS", "", PH_ERROR_ALREADY_EXISTS },
  { "BADEVENT", " (MessageNew MessageExpunge)", PH_ERROR_CANNOT },
  { "AUTHENTICATIONFAILED", "", PH_ERROR_AUTHENTICATION },
  { "AUTHORIZATIONFAILED", "", PH_ERROR_AUTHENTICATION },
  { "BADCHARSET", " (KOI8-R)", PH_ERROR_BAD_CHARSET },
  { "CANNOT", "", PH_ERROR_CANNOT },
  { "CLIENTBUG", "", PH_ERROR_CLIENT_BUG },
  { "CONTACTADMIN", "", PH_ERROR_CONTACT_ADMIN },
  { "CORRUPTION", "", PH_ERROR_CORRUPTION },
  { "EXPIRED", "", PH_ERROR_EXPIRED },
  { "EXPUNGEISSUED", "", PH_ERROR_EXPUNGED },
  { "HASCHILDREN", "", PH_ERROR_CANNOT },
  { "INUSE", "", PH_ERROR_IN_USE },
  { "LIMIT", "", PH_ERROR_THROTTLED },
  { "MESSAGELIMIT", " 1000", PH_ERROR_TOO_LARGE },
  { "MODIFIED", " 2", PH_ERROR_EXPUNGED },
  { "NEWNAME", " a b", PH_ERROR_NO_MAILBOX },
  { "NONEXISTENT", "", PH_ERROR_NO_MAILBOX },
  { "NOPERM", "", PH_ERROR_NO_PERMISSION },
  { "NOTIFICATIONOVERFLOW", "", PH_ERROR_THROTTLED },
  { "NOTSAVED", "", PH_ERROR_CANNOT },
  { "OVERQUOTA", "", PH_ERROR_OVER_QUOTA },
  { "PRIVACYREQUIRED", "", PH_ERROR_PRIVACY_REQUIRED },
  { "READ-ONLY", "", PH_ERROR_NO_PERMISSION },
  { "SERVERBUG", "", PH_ERROR_SERVER_BUG },
  { "TOOBIG", "", PH_ERROR_TOO_LARGE },
  { "TOOFEW", "", PH_ERROR_CANNOT },
  { "TOOMANY", "", PH_ERROR_CANNOT },
  { "TRYCREATE", "", PH_ERROR_NO_MAILBOX },
  { "UIDREQUIRED", "", PH_ERROR_CLIENT_BUG },
  { "UNAVAILABLE", "", PH_ERROR_UNAVAILABLE },
  { "UNKNOWN-CTE", "", PH_ERROR_CANNOT },
  { "USEATTR", "", PH_ERROR_CANNOT },
};

/* In an untagged OK of a selected mailbox: what the program hears of it */
static const struct {
  const char         *code;
  const char         *arguments;
  PhEventKind         event;
  PhMailboxChangeKind change;
  guint64             number;
} told[] = {
  { "ALERT", "", PH_EVENT_ALERT, 0, 0 },
  { "CAPABILITY", " IMAP4rev1", PH_EVENT_CAPABILITIES, 0, 0 },
  { "HIGHESTMODSEQ", " 715194045007", PH_EVENT_MAILBOX, PH_CHANGE_MOD_SEQ, 715194045007 },
  { "PERMANENTFLAGS", " (\\Deleted \\Seen \\*)", PH_EVENT_MAILBOX, PH_CHANGE_PERMANENT_FLAGS, 0 },
  { "READ-ONLY", "", PH_EVENT_MAILBOX, PH_CHANGE_READ_ONLY, 1 },
  { "READ-WRITE", "", PH_EVENT_MAILBOX, PH_CHANGE_READ_ONLY, 0 },
  { "UIDNEXT", " 4392", PH_EVENT_MAILBOX, PH_CHANGE_UID_NEXT, 4392 },
  { "UIDVALIDITY", " 3857529045", PH_EVENT_MAILBOX, PH_CHANGE_UID_VALIDITY, 3857529045 },
  { "UIDNOTSTICKY", "", PH_EVENT_MAILBOX, PH_CHANGE_UIDS_STICK, 0 },
  { "UNSEEN", " 12", PH_EVENT_MAILBOX, PH_CHANGE_UNSEEN, 12 },
  { "PARSE", "", PH_EVENT_WARNING, 0, 0 },
  /* nothing that the library could do about them */
  { "NEWNAME", " a b", PH_EVENT_RESPONSE, 0, 0 },
  { "XUNKNOWN", " (a (b)) c", PH_EVENT_RESPONSE, 0, 0 },
};

/* Results of commands, each with a test of its own */
static const char *const results[] = { "APPENDUID", "COPYUID", "MODIFIED", "MESSAGELIMIT", "INPROGRESS", "NOMODSEQ", "CLOSED" };

static void
test_refusals (gconstpointer data)
{
  const char *const words[] = { "NO", "BAD" };

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    for (guint j = 0; j < G_N_ELEMENTS (words); j++)
      {
        g_autoptr (PhHarness) harness = imap_harness_open ("");
        g_autoptr (PhCommand) command = imap_make (harness, create, "x");
        g_autofree char *reply = g_strdup_printf ("A1 %s [%s%s] x\r\n", words[j], refusals[i].code, refusals[i].arguments);

        ph_harness_submit (harness, command);
        ph_harness_push (harness, reply);
        ph_harness_expect_error (harness, command, (int) refusals[i].error);
        g_assert_cmpstr (ph_reply_get_response_code (ph_command_get_reply (command)), ==, refusals[i].code);
      }
}

static void
test_without_a_code (gconstpointer data)
{
  g_autoptr (PhHarness) harness = imap_harness_open ("");
  g_autoptr (PhCommand) command = imap_make (harness, create, "x");
  g_autoptr (PhCommand) again = imap_make (harness, create, "x");

  ph_harness_submit (harness, command);
  ph_harness_push (harness, "A1 NO [XUNKNOWN] x\r\n");
  ph_harness_expect_error (harness, command, PH_ERROR_REFUSED);
  ph_harness_submit (harness, again);
  ph_harness_push (harness, "A2 BAD x\r\n");
  ph_harness_expect_error (harness, again, PH_ERROR_BAD_COMMAND);
}

static void
test_told (gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    {
      g_autoptr (PhHarness) harness = imap_harness_select ("");
      g_autofree char *line = g_strdup_printf ("* OK [%s%s] x\r\n", told[i].code, told[i].arguments);
      PhEvent *event;

      ph_harness_push (harness, line);
      event = ph_harness_expect_event (harness, told[i].event);
      if (told[i].event == PH_EVENT_RESPONSE)
        g_assert_cmpstr (ph_response_get_code (event->response), ==, told[i].code);
      else
        ph_harness_expect_no_event (harness, PH_EVENT_RESPONSE);
      if (told[i].event != PH_EVENT_MAILBOX)
        continue;
      g_assert_cmpint (event->change.kind, ==, told[i].change);
      g_assert_cmpuint (told[i].change == PH_CHANGE_MOD_SEQ ? event->change.mod_seq : event->change.number, ==, told[i].number);
    }
}

static gboolean
is_known (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    if (g_str_equal (refusals[i].code, code))
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    if (g_str_equal (told[i].code, code))
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    if (g_str_equal (results[i], code))
      return TRUE;

  return FALSE;
}

static void
test_none_is_forgotten (void)
{
  static const char *const codes[] = {
    /* RFC 2060 and RFC 3501 section 7.1 */
    "ALERT", "BADCHARSET", "CAPABILITY", "NEWNAME", "PARSE", "PERMANENTFLAGS", "READ-ONLY", "READ-WRITE", "TRYCREATE", "UIDNEXT",
    "UIDVALIDITY", "UNSEEN",
    /* RFC 5530 section 3 */
    "UNAVAILABLE", "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED", "CONTACTADMIN", "NOPERM", "INUSE",
    "EXPUNGEISSUED", "CORRUPTION", "SERVERBUG", "CLIENTBUG", "CANNOT", "LIMIT", "OVERQUOTA", "ALREADYEXISTS", "NONEXISTENT",
    /* what RFC 9051 section 7.1 has more */
    "APPENDUID", "CLOSED", "COPYUID", "HASCHILDREN", "UIDNOTSTICKY", "UNKNOWN-CTE",
    /* RFC 4469, 5182, 5465, 6154, 7162, 9585, 9586, 9738, 10022 */
    "TOOBIG", "NOTSAVED", "BADEVENT", "NOTIFICATIONOVERFLOW", "USEATTR", "HIGHESTMODSEQ", "NOMODSEQ", "MODIFIED", "INPROGRESS", "UIDREQUIRED", "MESSAGELIMIT", "TOOFEW", "TOOMANY",
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (!is_known (codes[i]))
      g_error ("%s is in no table", codes[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  /* whole: sixty replies of the same form */
  g_test_add_data_func ("/imap/codes/refusals", NULL, test_refusals);
  imap_test ("codes/without-a-code", test_without_a_code);
  imap_test ("codes/told", test_told);
  g_test_add_func ("/imap/codes/none-is-forgotten", test_none_is_forgotten);

  return g_test_run ();
}
