#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A pool of sessions as a Python program uses it, against a scripted server."""
import os
import subprocess
import sys
import tempfile
import unittest

import gi
gi.require_version('Posthorn', '1')
from gi.repository import Gio, GLib, Posthorn    # noqa: E402

HARNESS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'harness')
sys.path.insert(0, HARNESS)
import tap    # noqa: E402

OPEN = 'send 220 hi\nprefix EHLO \nsend 250 hi\n'
SENT = 'prefix MAIL\nsend 250 ok\nprefix RCPT\nsend 250 ok\nexpect DATA\nsend 354 go\nuntil .\nsend 250 ok\n'
REFUSED = 'prefix MAIL\nsend 250 ok\nprefix RCPT\nsend 550 who?\nexpect RSET\nsend 250 ok\n'
QUIT = 'expect QUIT\nsend 221 bye\nclosed\n'


class Pool(unittest.TestCase):
    def serve(self, script):
        server = subprocess.Popen([sys.executable, os.path.join(HARNESS, 'scripted-server.py'), '--text', script],
                                  stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(lambda: (server.terminate(), server.wait()))
        pool = Posthorn.TransportPool.new(f'smtp://localhost:{server.stdout.readline().split()[1]}')
        pool.props.max_connections = 1
        pool.props.back_off = 1
        pool.connect('new-session', self.set_up_session)
        return pool, server

    def set_up_session(self, _pool, session):
        policy = Posthorn.SecurityPolicy.new()
        policy.set_tls_mode(Posthorn.TlsMode.NEVER)
        session.set_policy(policy)
        self.sessions = getattr(self, 'sessions', 0) + 1

    @staticmethod
    def envelope():
        envelope = Posthorn.Envelope.new('alice@example.org')
        envelope.add_recipient('bob@example.net')
        return envelope

    def test_many_and_drain(self):
        pool, server = self.serve(OPEN + SENT + 'close\naccept\n' + OPEN + SENT + REFUSED + QUIT)
        results = []

        def done(source, result):
            try:
                results.append(source.send_finish(result).get_n_accepted())
            except GLib.Error as error:
                results.append(error.matches(Posthorn.error_quark(), Posthorn.Error.RECIPIENTS_REFUSED))

        pool.props.in_flight = 1
        with tempfile.NamedTemporaryFile() as file:
            file.write(b'Subject: x\n\n')
            file.flush()
            for _ in range(3):
                pool.send_async(self.envelope(), Posthorn.Body.new_for_closed_file(Gio.File.new_for_path(file.name)), None, done)
            self.assertEqual(pool.get_n_messages(), 3)
            self.assertTrue(pool.drain(None))
        self.assertEqual(results, [1, 1, True])
        self.assertEqual(self.sessions, 2)
        self.assertEqual(server.wait(30), 0)

    def test_blocking(self):
        pool, server = self.serve('close\naccept\n' + OPEN + SENT + QUIT)
        delivery = pool.send(self.envelope(), Posthorn.Body.new_for_text('Subject: x\n\n'), None)
        self.assertTrue(delivery.is_accepted(0))
        self.assertEqual(pool.get_n_connections(), 1)
        pool.drain(None)
        self.assertEqual(server.wait(30), 0)

    def test_settings(self):
        pool = Posthorn.TransportPool.new('smtp://localhost')
        self.assertEqual((pool.props.max_connections, pool.props.max_messages, pool.props.rate), (5, 100, 0))
        self.assertEqual(pool.get_uri(), pool.props.uri)
        with self.assertRaises(GLib.Error):
            Posthorn.TransportPool.new('gopher://localhost')


if __name__ == '__main__':
    tap.main()
