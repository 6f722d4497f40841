#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The servers of the live tests do what those tests count on, and leave nothing behind."""
import base64
import hmac
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
from servers import MORE, PASSWORDS, Servers    # noqa: E402

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


def cram_md5(user):
    return lambda challenge: f'{user} {hmac.new(PASSWORDS[user].encode(), challenge, "md5").hexdigest()}'


class Others(unittest.TestCase):
    """Those that are started only when they are asked for."""

    @classmethod
    def setUpClass(cls):
        cls.servers = Servers(MORE).__enter__()
        cls.addClassCleanup(cls.servers.__exit__)
        cls.tls = ssl.create_default_context(cafile=cls.servers.path('certificates', 'ca.pem'))

    def setUp(self):
        self.assertTrue(self.servers.root, 'these servers can be started by root only')

    def imap(self, name, user):
        imap = imaplib.IMAP4('localhost', self.servers.ports[f'{name}_imap'])
        self.addCleanup(imap.shutdown)
        imap.starttls(self.tls)
        imap.authenticate('PLAIN', lambda _: b'\0' + user.encode() + b'\0' + PASSWORDS[user].encode())
        return imap

    def assert_sends_to_all_but_nobody(self, smtp):
        refused = smtp.sendmail('alice@example.test', ['bob@example.test', 'nobody@example.test'], MESSAGE)
        self.assertEqual([(address, reply[0]) for address, reply in refused.items()], [('nobody@example.test', 550)])

    def test_exim_takes_mail_by_starttls_and_each_mechanism(self):
        with smtplib.SMTP('localhost', self.servers.ports['exim_submission']) as smtp:
            smtp.ehlo()
            self.assertFalse(smtp.has_extn('auth'))
            self.assertRaises(smtplib.SMTPRecipientsRefused, smtp.sendmail, 'alice@example.test', ['bob@example.test'], MESSAGE)
        for mechanism in ('PLAIN', 'LOGIN', 'CRAM-MD5'):
            for user in ('alice', 'bob'):
                with self.subTest(mechanism=mechanism, user=user), smtplib.SMTP('localhost', self.servers.ports['exim_submission']) as smtp:
                    smtp.starttls(context=self.tls)
                    smtp.ehlo()
                    self.assertIn(mechanism, smtp.esmtp_features['auth'].split())
                    self.assertTrue(smtp.has_extn('chunking') and smtp.has_extn('pipelining'))
                    self.assertEqual(self.login(smtp, mechanism, user)[0], 235)
                    self.assert_sends_to_all_but_nobody(smtp)

    @staticmethod
    def login(smtp, mechanism, user):
        """smtplib's own sends ASCII passwords only."""
        secret = PASSWORDS[user].encode()
        if mechanism == 'PLAIN':
            return smtp.docmd('AUTH PLAIN', encoded(b'\0' + user.encode() + b'\0' + secret))
        if mechanism == 'LOGIN':
            smtp.docmd('AUTH LOGIN', encoded(user.encode()))
            return smtp.docmd(encoded(secret))
        challenge = base64.b64decode(smtp.docmd('AUTH CRAM-MD5')[1])
        return smtp.docmd(encoded(cram_md5(user)(challenge).encode()))

    def test_exim_takes_mail_by_tls_at_once_and_without(self):
        with smtplib.SMTP_SSL('localhost', self.servers.ports['exim_smtps'], context=self.tls) as smtp:
            smtp.login('alice', PASSWORDS['alice'])
            self.assert_sends_to_all_but_nobody(smtp)
        with smtplib.SMTP('localhost', self.servers.ports['exim_smtp']) as smtp:
            self.assert_sends_to_all_but_nobody(smtp)
            self.assertFalse(smtp.has_extn('starttls'))

    def test_opensmtpd_takes_mail(self):
        with smtplib.SMTP('localhost', self.servers.ports['opensmtpd_smtp']) as smtp:
            self.assert_sends_to_all_but_nobody(smtp)

    def test_cyrus_delivers_and_shows_it(self):
        for where in (('localhost', self.servers.ports['cyrus_lmtp']), (self.servers.path('cyrus', 'lmtp.sock'),)):
            with smtplib.LMTP(*where) as lmtp:
                self.assert_sends_to_all_but_nobody(lmtp)
        self.assertEqual(self.imap('cyrus', 'bob').select()[1], [b'2'])
        for mechanism in ('CRAM-MD5', 'DIGEST-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'):
            self.assertIn(f'AUTH={mechanism}', self.imap('cyrus', 'alice').capabilities + self.plain_capabilities('cyrus'))

    def plain_capabilities(self, name):
        imap = imaplib.IMAP4('localhost', self.servers.ports[f'{name}_imap'])
        self.addCleanup(imap.shutdown)
        self.assertIn('STARTTLS', imap.capabilities)
        return imap.capabilities

    def test_cyrus_and_courier_take_tls_at_once_and_cram_md5(self):
        for name in ('cyrus', 'courier'):
            for user in ('alice', 'bob'):
                with self.subTest(name=name, user=user):
                    imap = imaplib.IMAP4_SSL('localhost', self.servers.ports[f'{name}_imaps'], ssl_context=self.tls)
                    self.addCleanup(imap.shutdown)
                    imap.authenticate('CRAM-MD5', cram_md5(user))
                    self.assertEqual(imap.select()[0], 'OK')

    def test_courier_keeps_a_message(self):
        imap = self.imap('courier', 'alice')
        self.assertIn('UTF8=ACCEPT', imap.capabilities)
        self.assertEqual(imap.append('INBOX', None, None, MESSAGE)[0], 'OK')
        self.assertEqual(imap.select()[1], [b'1'])

    def test_a_wrong_password_is_refused(self):
        for name in ('cyrus', 'courier'):
            imap = imaplib.IMAP4_SSL('localhost', self.servers.ports[f'{name}_imaps'], ssl_context=self.tls)
            self.addCleanup(imap.shutdown)
            self.assertRaises(imaplib.IMAP4.error, imap.login, 'alice', 'wrong')
        with smtplib.SMTP_SSL('localhost', self.servers.ports['exim_smtps'], context=self.tls) as smtp:
            self.assertRaises(smtplib.SMTPAuthenticationError, smtp.login, 'alice', 'wrong')


def encoded(octets):
    return base64.b64encode(octets).decode()


class Life(unittest.TestCase):
    """Of the command."""

    def start(self, *command, options=()):
        """Its standard input stays open, for commands that wait."""
        return subprocess.Popen([sys.executable, os.path.join(HERE, 'servers.py'), 'run', *options, '--', *command], stdin=subprocess.PIPE,
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
        self.check_end(())

    def test_ends_with_a_signal_and_all_the_others(self):
        self.check_end(('--with=' + ','.join(MORE),))

    def check_end(self, options):
        process = self.start('sh', '-c', 'dirname "$PH_TEST_MAIL_DIR"; cat', options=options)
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
