#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Messages that posthorn wrote, through a real Postfix to a real Dovecot, read back by posthorn and by Python's email package."""
import email
import email.policy
import os
import tempfile
import time
import unittest

from tool import OK, posthorn
import tap

ENV = os.environ
CA = os.path.join(ENV['PH_TEST_CERTIFICATES'], 'ca.pem')
SMTP = f'smtp://localhost:{ENV["PH_TEST_SMTP_PORT"]}'
PATIENCE = 20


class Live(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def file(self, name, octets):
        path = os.path.join(self.directory.name, name)
        with open(path, 'wb', opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(octets)
        return path

    def read(self, command, *arguments, user='alice'):
        password = self.file('password', ENV[f'PH_TEST_PASSWORD_{user.upper()}'].encode() + b'\n')
        result = posthorn(command, f'imaps://{user}@localhost:{ENV["PH_TEST_IMAPS_PORT"]}', *arguments, f'--password-file={password}', f'--ca={CA}')
        self.assertEqual(result.status, OK, result)
        return result

    def receive(self, subject, user='alice'):
        """The message with that subject, once it has been delivered."""
        deadline = time.monotonic() + PATIENCE
        while not (found := self.read('search', 'INBOX', 'SUBJECT', subject, user=user).output.strip()):
            self.assertLess(time.monotonic(), deadline, f'{subject} has not arrived')
        return email.message_from_bytes(self.read('fetch', 'INBOX', found, 'body', user=user).octets, policy=email.policy.default)

    def send(self, *arguments, **options):
        result = posthorn('send', SMTP, '--tls=never', *arguments, **options)
        self.assertEqual(result.status, OK, result)
        return result

    def test_a_written_message(self):
        octets = bytes(range(256)) * 400
        result = self.send('-f', 'Bob Ä <bob@example.test>', '-t', 'Alice <alice@example.test>', '--bcc', 'bob@example.test', '-s', 'written1',
                           '-a', self.file('plän.bin', octets), '--html', self.file('x.html', '<p>Grüße</p>'.encode()), '--text', '-', stdin='Grüße\n.\n')
        self.assertEqual([row[:2] for row in result.rows], [['alice@example.test', 'accepted'], ['bob@example.test', 'accepted']])
        for user in ('alice', 'bob'):
            message = self.receive('written1', user)
            self.assertIsNone(message['Bcc'])
            self.assertEqual(message['From'].addresses[0].display_name, 'Bob Ä')
            self.assertEqual(message.get_body(('plain',)).get_content().splitlines(), ['Grüße', '.'])
            self.assertEqual(message.get_body(('html',)).get_content().strip(), '<p>Grüße</p>')
            attachment, = message.iter_attachments()
            self.assertEqual((attachment.get_filename(), attachment.get_content()), ('plän.bin', octets))

    def test_recipients_out_of_the_header(self):
        text = 'From: Bob <bob@example.test>\nTo: alice@example.test\nBcc: tiny@example.test\nSubject: taken2\n\ntext\n'
        self.send('-T', stdin=text)
        for user in ('alice', 'tiny'):
            message = self.receive('taken2', user)
            self.assertIsNone(message['Bcc'])
            self.assertTrue(message['Date'] and message['Message-ID'])


if __name__ == '__main__':
    tap.main()
