#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The posthorn command and a keyring: kept, used for a login, shown, forgotten. Run by desktop.py --keyring."""
import unittest

from tool import CONFIG, OK, USAGE, Server, posthorn
import tap

URI = 'imaps://alice@mail.example.org'


class Keyring(unittest.TestCase):
    def store(self, uri, password='wonderland', *options):
        result = posthorn('password', 'store', uri, '--password-command', f'echo {password}', *options)
        self.assertEqual((result.status, result.output), (OK, ''), result)

    def test_kept_shown_and_forgotten(self):
        result = posthorn('password', 'look-up', URI)
        self.assertEqual(result.status, CONFIG, result)
        self.assertIn('no password for alice on mail.example.org', result.errors)
        self.store(URI)
        self.assertEqual(posthorn('password', 'look-up', URI).output, 'wonderland\n')
        self.assertEqual(posthorn('password', 'look-up', 'imap://mail.example.org', '--user=alice').output, 'wonderland\n')
        self.store('imap://mail.example.org', 'looking-glass', '--user=alice')
        self.assertEqual(posthorn('password', 'look-up', URI).output, 'looking-glass\n')
        self.assertEqual(posthorn('password', 'clear', URI).status, OK)
        self.assertEqual(posthorn('password', 'look-up', URI).status, CONFIG)
        self.assertEqual(posthorn('password', 'clear', URI).status, CONFIG)

    def test_a_login(self):
        with Server('''
                send * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                match (?P<tag>\\S+) AUTHENTICATE PLAIN AGFsaWNlAHdvbmRlcmxhbmQ=
                send ${tag} OK [CAPABILITY IMAP4rev1] in
                match (?P<tag>\\S+) STATUS .*
                send * STATUS INBOX (MESSAGES 5)
                send ${tag} OK done
                match (?P<tag>\\S+) LOGOUT
                send * BYE
                send ${tag} OK bye
                closed
                ''') as server:
            uri = f'imap://alice@127.0.0.1:{server.port}'
            self.store(uri)
            result = posthorn('status', uri, 'INBOX', '--tls=never', '--credentials=secret-service')
        self.assertEqual(result.status, OK, result)

    def test_refused_passwords_stay(self):
        with Server('''
                send * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN] ready
                match (?P<tag>\\S+) AUTHENTICATE PLAIN \\S+
                send ${tag} NO [AUTHENTICATIONFAILED] no
                gone
                ''') as server:
            uri = f'imap://alice@127.0.0.1:{server.port}'
            self.store(uri)
            result = posthorn('status', uri, 'INBOX', '--tls=never', '--credentials=secret-service')
            self.assertIn('AUTHENTICATIONFAILED', result.errors)
        self.assertEqual(posthorn('password', 'look-up', uri).output, 'wonderland\n')

    def test_called_wrongly(self):
        for arguments in (['forget', URI], ['store', 'imaps://mail.example.org', '--password-command=echo x'], ['store', 'gopher://alice@h',
                                                                                                                 '--password-command=echo x']):
            result = posthorn('password', *arguments)
            self.assertEqual(result.status, USAGE, result)

    def test_a_source_that_keeps_nothing(self):
        result = posthorn('password', 'clear', URI, '--credentials=netrc')
        self.assertIn('keeps no passwords', result.errors)

    def test_without_a_bus(self):
        result = posthorn('password', 'look-up', URI, DBUS_SESSION_BUS_ADDRESS='unix:path=/nonexistent/bus')
        self.assertEqual(result.status, CONFIG, result)
        self.assertRegex(result.errors, r"^posthorn: The keyring can't be asked: [^\n]+\n$")


if __name__ == '__main__':
    tap.main()
