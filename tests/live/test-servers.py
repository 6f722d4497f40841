#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The servers of the live tests do what those tests count on, and leave nothing behind."""
import imaplib
import os
import signal
import smtplib
import ssl
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'harness'))
import tap    # noqa: E402
from servers import PASSWORDS, Servers    # noqa: E402

MESSAGE = b'From: alice@example.test\r\nTo: bob@example.test\r\nSubject: a post horn\r\n\r\nIt sounds.\r\n'


class Conversations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = Servers().__enter__()
        cls.addClassCleanup(cls.servers.__exit__)
        cls.tls = ssl.create_default_context(cafile=cls.servers.path('certificates', 'ca.pem'))

    def imap(self, user):
        imap = imaplib.IMAP4_SSL('localhost', self.servers.ports['imaps'], ssl_context=self.tls)
        self.addCleanup(imap.shutdown)
        imap.authenticate('PLAIN', lambda _: b'\0' + user.encode() + b'\0' + PASSWORDS[user].encode())
        return imap

    def test_mail_goes_from_submission_to_mailbox(self):
        self.assertTrue(self.servers.root, 'Postfix can be started by root only')
        reader = self.imap('bob')
        with smtplib.SMTP('localhost', self.servers.ports['submission']) as smtp:
            smtp.starttls(context=self.tls)
            self.assertRaises(smtplib.SMTPRecipientsRefused, smtp.sendmail, 'alice@example.test', ['bob@example.test'], MESSAGE)
            smtp.login('alice', PASSWORDS['alice'])
            refused = smtp.sendmail('alice@example.test', ['bob@example.test', 'nobody@example.test'], MESSAGE)
        self.assertEqual(refused['nobody@example.test'][0], 550)
        reader.select('INBOX')
        found = [b'']
        while found == [b'']:
            reader.noop()
            found = reader.search(None, 'SUBJECT', '"a post horn"')[1]
        self.assertEqual(found, [b'1'])

    def test_a_wrong_password_costs_no_time(self):
        imap = imaplib.IMAP4_SSL('localhost', self.servers.ports['imaps'], ssl_context=self.tls)
        self.addCleanup(imap.shutdown)
        self.assertRaises(imaplib.IMAP4.error, imap.login, 'alice', 'wrong')
        imap.login('alice', PASSWORDS['alice'])

    def test_imap_has_what_the_tests_use(self):
        imap = self.imap('alice')
        words = imap.capability()[1][0].decode().split()
        for word in ('QUOTA', 'COMPRESS=DEFLATE', 'IDLE', 'SPECIAL-USE', 'LITERAL+', 'UIDPLUS', 'MOVE', 'CONDSTORE'):
            self.assertIn(word, words)
        self.assertTrue(any(b'\\Sent' in line for line in imap.list()[1]))

    def test_a_quota_can_be_exceeded(self):
        imap = self.imap('tiny')
        kind, answer = imap.append('INBOX', None, None, MESSAGE + b'x' * 60 * 1024)
        self.assertEqual((kind, answer[0][:11]), ('NO', b'[OVERQUOTA]'))

    def test_names_show_bad_certificates(self):
        for name, word in (('expired.localhost', 'expired'), ('wrong.localhost', 'mismatch')):
            imap = imaplib.IMAP4('127.0.0.1', self.servers.ports['imap'])
            imap.host = name
            with self.assertRaises(ssl.SSLCertVerificationError) as caught:
                imap.starttls(ssl_context=self.tls)
            self.assertIn(word, str(caught.exception))

    def test_lmtp_answers_for_each_recipient(self):
        with smtplib.LMTP(self.servers.path('lmtp.sock')) as lmtp:
            refused = lmtp.sendmail('', ['alice@example.test', 'nobody@example.test'], MESSAGE)
        self.assertEqual(list(refused), ['nobody@example.test'])


class Life(unittest.TestCase):
    """Of the command."""

    def start(self, *command):
        """Its standard input stays open, for commands that wait."""
        return subprocess.Popen([sys.executable, os.path.join(HERE, 'servers.py'), 'run', '--', *command], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def assert_gone(self, directory):
        self.assertFalse(os.path.exists(directory))
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                with open(f'/proc/{pid}/cmdline', encoding='utf-8', errors='replace') as file:
                    self.assertNotIn(directory, file.read())
            except OSError:
                pass    # it has ended meanwhile

    def test_exits_as_its_command_and_shows_the_logs(self):
        process = self.start('sh', '-c', 'dirname "$PH_TEST_MAIL_DIR"; exit 7')
        output, errors = process.communicate()
        self.assertEqual(process.returncode, 7)
        self.assertIn('--- Dovecot', errors)
        self.assert_gone(output.strip())

    def test_ends_with_a_signal(self):
        process = self.start('sh', '-c', 'dirname "$PH_TEST_MAIL_DIR"; cat')
        directory = process.stdout.readline().strip()
        process.send_signal(signal.SIGTERM)
        process.communicate()
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)
        self.assert_gone(directory)

    def test_a_signal_while_it_stops_leaves_nothing_behind(self):
        process = self.start('sh', '-c', 'dirname "$PH_TEST_MAIL_DIR"')
        directory = process.stdout.readline().strip()
        while process.poll() is None and os.path.exists(os.path.join(directory, 'run', 'master.pid')):
            process.send_signal(signal.SIGTERM)
        process.communicate()
        self.assertIn(process.returncode, (0, 128 + signal.SIGTERM))
        self.assert_gone(directory)


if __name__ == '__main__':
    tap.main()
