#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A message of GMime's through a transport, as a Python program does it."""
import os
import subprocess
import sys
import unittest

import gi
gi.require_version('GMime', '3.0')
gi.require_version('Posthorn', '1')
gi.require_version('PosthornMime', '1')
from gi.repository import GLib, GMime, Posthorn, PosthornMime    # noqa: E402

HARNESS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'harness')
sys.path.insert(0, HARNESS)
import tap    # noqa: E402

SCRIPT = r'''
send 220 mail.example.org
prefix EHLO
raw 250-mail.example.org\r\n250 8BITMIME\r\n
match MAIL FROM:<alice@example.org>.*
send 250 ok
expect RCPT TO:<bob@example.net>
send {bob}
until RCPT TO:<hidden@example.net>
send {hidden}
'''
DATA = '''
expect DATA
send 354 go
until Subject: Hello
until .
send 250 taken
'''


class Server:
    """A scripted server for as long as the block runs."""

    def __init__(self, script):
        self.script = script

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, os.path.join(HARNESS, 'scripted-server.py'), '--text', self.script],
                                        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.port = int(self.process.stdout.readline().split()[1])
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def open(self):
        session = Posthorn.Session.new(f'smtp://localhost:{self.port}')
        policy = Posthorn.SecurityPolicy.new()
        policy.set_tls_mode(Posthorn.TlsMode.NEVER)
        session.set_policy(policy)
        return session


def hello():
    message = GMime.Message.new(True)
    message.add_mailbox(GMime.AddressType.FROM, 'Alice', 'alice@example.org')
    message.add_mailbox(GMime.AddressType.TO, 'Bob', 'bob@example.net')
    message.add_mailbox(GMime.AddressType.BCC, 'Hidden', 'hidden@example.net')
    message.set_subject('Hello', 'utf-8')
    part = GMime.TextPart.new_with_subtype('plain')
    part.set_text('Hello, Bob.\n')
    message.set_mime_part(part)
    return message


class Mime(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        GMime.init()

    def test_envelope_and_body(self):
        envelope = PosthornMime.make_envelope(hello())
        self.assertEqual(envelope.get_sender(), 'alice@example.org')
        self.assertEqual([envelope.get_recipient(i) for i in range(envelope.get_n_recipients())], ['bob@example.net', 'hidden@example.net'])
        body = PosthornMime.make_body(hello(), PosthornMime.Form.SEVEN_BIT, PosthornMime.Flags.NONE)
        self.assertGreater(body.get_size(), 100)

    def test_send(self):
        with Server(SCRIPT.format(bob='250 ok', hidden='550 5.1.1 who?') + DATA) as server:
            delivery = PosthornMime.send(server.open(), hello(), None, PosthornMime.Flags.NONE, None)
            self.assertEqual([delivery.is_accepted(0), delivery.is_accepted(1)], [True, False])

    def test_send_async(self):
        with Server(SCRIPT.format(bob='250 ok', hidden='250 ok') + DATA) as server:
            loop, results = GLib.MainLoop(), []

            def done(_transport, result):
                results.append(PosthornMime.send_finish(result))
                loop.quit()

            PosthornMime.send_async(server.open(), hello(), None, PosthornMime.Flags.CONVERT, None, done)
            loop.run()
            self.assertEqual(results[0].get_n_accepted(), 2)

    def test_refused_rows(self):
        with Server(SCRIPT.format(bob='550 5.1.1 no', hidden='550 5.1.1 who?') + 'expect RSET\nsend 250 ok\n') as server:
            session = server.open()
            session.open()
            command = PosthornMime.make_send(session, hello(), None, PosthornMime.Flags.NONE)
            with self.assertRaises(GLib.Error) as caught:
                session.run(command)
            self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.RECIPIENTS_REFUSED))
            self.assertEqual(command.get_result().get_reply(1).get_code(), 550)

    def test_errors(self):
        session = Posthorn.Session.new('smtp://localhost:1')
        with self.assertRaises(GLib.Error) as caught:
            PosthornMime.send(session, GMime.Message.new(True), None, PosthornMime.Flags.NONE, None)
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.INVALID_ARGUMENT))


if __name__ == '__main__':
    tap.main()
