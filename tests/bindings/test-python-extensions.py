#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Extensions of IMAP that no server of Debian's has, from Python: the RFCs' examples, played by a scripted server."""
import os
import subprocess
import sys
import unittest

import gi
gi.require_version('Posthorn', '1')
from gi.repository import GLib, Posthorn    # noqa: E402

HARNESS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'harness')
sys.path.insert(0, HARNESS)
import tap    # noqa: E402


def said(line, *answers, reply='OK done'):
    """A command of that line, a regular expression, and what answers it."""
    return '\n'.join([rf'match (?P<tag>\S+) {line}', *(f'send * {answer}' for answer in answers), f'send ${{tag}} {reply}', ''])


class Extensions(unittest.TestCase):
    def open(self, capabilities, *script):
        text = '\n'.join([f'send * PREAUTH [CAPABILITY IMAP4rev1 {capabilities}] hi', *script, said('LOGOUT', 'BYE bye'), 'gone'])
        server = subprocess.Popen([sys.executable, os.path.join(HARNESS, 'scripted-server.py'), '--text', text], stdout=subprocess.PIPE,
                                  stdin=subprocess.DEVNULL, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(lambda: (server.terminate(), server.wait()))
        session = Posthorn.Session.new(f'imap://localhost:{server.stdout.readline().split()[1]}')
        policy = Posthorn.SecurityPolicy.new()
        policy.set_tls_mode(Posthorn.TlsMode.NEVER)
        session.set_policy(policy)
        session.open()
        return session, server

    def close(self, session, server):
        session.close()
        self.assertEqual(server.wait(20), 0)

    def test_conversions(self):
        session, server = self.open('BINARY CONVERT', said('SELECT "INBOX"', '3 EXISTS'),
                                    said(r'CONVERSIONS "image/gif" "\*"', 'CONVERSION "image/gif" "image/jpeg" ("pix-y" "pix-x" "image-interleave")'),
                                    said(r'UID CONVERT 100 \("IMAGE/JPEG" \("PIX-X" "128" "PIX-Y" "96"\)\) \(BINARY\[2\]\)',
                                         r'2 CONVERTED (TAG "e001") (UID 100 BINARY[2] ~{4}\r\nJFIF)', reply='OK UID CONVERT COMPLETED'),
                                    said(r'UID CONVERT 100 .*', '2 CONVERTED (tag "b001") (BINARY[3] (ERROR "Source text has non us-ascii" '
                                         'BADPARAMETERS "text/html" "text/plain" ("charset" "us-ascii")))', reply='NO All conversions failed'))
        session.select('INBOX')
        convert = session.get_extension(Posthorn.Convert.__gtype__)
        [conversion] = convert.list('image/gif', '*')
        self.assertEqual((conversion.get_target(), conversion.get_parameters()), ('image/jpeg', ['pix-y', 'pix-x', 'image-interleave']))
        picture = convert.part(100, '2', 'IMAGE/JPEG', ['PIX-X', '128', 'PIX-Y', '96'], Posthorn.ConvertItem.DATA, 0, 0)
        self.assertEqual(picture.get_data().get_data(), b'JFIF')
        with self.assertRaises(GLib.Error) as caught:    # what the server says of the part, rather than its NO
            convert.part(100, '3', 'text/plain', ['charset', 'us-ascii'], Posthorn.ConvertItem.DATA, 0, 0)
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.CANNOT), caught.exception)
        self.assertIn('Source text has non us-ascii', caught.exception.message)
        self.close(session, server)

    def test_a_server_without(self):
        session, server = self.open('BINARY')
        self.assertIsNone(session.get_extension(Posthorn.Convert.__gtype__))
        self.assertIsNone(session.get_extension(Posthorn.UrlAuth.__gtype__))
        self.close(session, server)

    def test_namespaces_of_rev2(self):    # RFC 9051 section 6.3.10, example 3; nobody lists NAMESPACE beside IMAP4rev2
        session, server = self.open('IMAP4rev2', said('NAMESPACE', 'NAMESPACE (("" "/")) NIL (("Public Folders/" "/"))'))
        namespaces = session.get_extension(Posthorn.Namespaces.__gtype__).get()
        self.assertEqual([namespace.get_prefix() for namespace in namespaces], ['', 'Public Folders/'])
        self.close(session, server)

    def test_urls_and_what_they_stand_for(self):
        url = 'imap://joe@example.com/INBOX/;uid=20/;section=1.2;urlauth=anonymous:internal:91354a473744909de610943775f92038'
        session, server = self.open('URLAUTH', said('GENURLAUTH .* INTERNAL', f'GENURLAUTH "{url}"'),
                                    said(f'URLFETCH "{url}"', rf'URLFETCH "{url}" {{28}}\r\nSi vis pacem, para bellum.\r\n'), said('RESETKEY'))
        auth = session.get_extension(Posthorn.UrlAuth.__gtype__)
        rump = Posthorn.url_with_access(Posthorn.url_for_message('imap://joe@example.com', 'INBOX', 0, 20, '1.2'), None, 'anonymous')
        self.assertEqual(auth.generate([rump]), [url])
        [row] = auth.fetch([url], Posthorn.UrlFetch.PLAIN)
        self.assertEqual((row.get_url(), row.get_data().get_data()), (url, b'Si vis pacem, para bellum.\r\n'))
        self.assertIsNone(row.get_structure())
        self.assertTrue(auth.reset(None))
        self.close(session, server)


if __name__ == '__main__':
    tap.main()
