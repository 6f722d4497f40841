/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The responses that are measured: after RFC 9051's example, in the length that a mailing list's messages have; and the shortest that are useful. */
#pragma once

static const char replay_metadata[] =
  "* 12345 FETCH (UID 67890 FLAGS (\\Seen $Forwarded) INTERNALDATE \"17-Nov-2026 02:44:25 -0700\" RFC822.SIZE 44827 "
  "ENVELOPE (\"Tue, 17 Nov 2026 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg summary and minutes\" "
  "((\"Terry Gray\" NIL \"gray\" \"cac.example.edu\")) ((\"Terry Gray\" NIL \"gray\" \"cac.example.edu\")) "
  "((\"Terry Gray\" NIL \"gray\" \"cac.example.edu\")) ((NIL NIL \"imap\" \"cac.example.edu\")) "
  "((NIL NIL \"minutes\" \"cnri.reston.example.us\")(\"John Klensin\" NIL \"klensin\" \"mit.example.edu\")) NIL "
  "\"<b27390-0099999.20261116.17@cac.example.edu>\" \"<b27397-0100000.20261117.9@cac.example.edu>\") "
  "BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" (\"CHARSET\" \"UTF-8\") NIL NIL \"QUOTED-PRINTABLE\" 1152 23 NIL NIL NIL NIL)"
  "(\"TEXT\" \"HTML\" (\"CHARSET\" \"UTF-8\") NIL NIL \"QUOTED-PRINTABLE\" 4554 73 NIL NIL NIL NIL) \"ALTERNATIVE\" "
  "(\"BOUNDARY\" \"0000000000001f\") NIL NIL NIL))\r\n";
static const char replay_flags[] = "* 123456 FETCH (UID 654321 FLAGS (\\Seen $Junk))\r\n";

_Static_assert (sizeof replay_metadata - 1 == 815, "the length that README names");
_Static_assert (sizeof replay_flags - 1 == 49, "the length that README names");
