#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a Python program asks of a real Postfix beside the delivery: DSN, VERP, XCLIENT, XFORWARD, ETRN, SMTPUTF8; its hello and farewell;
and of Dovecot's submission service, which has the message already: BURL."""
import imaplib
import os
import re
import ssl
import sys
import time
import unittest

import gi
gi.require_version('Posthorn', '1')
from gi.repository import GLib, Posthorn    # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'harness'))
import tap    # noqa: E402

ENV = os.environ
PATIENCE = 20

Posthorn.SecurityPolicy.get_default().set_ca_file(os.path.join(ENV['PH_TEST_CERTIFICATES'], 'ca.pem'))


class Mail(unittest.TestCase):
    def begin(self, session):
        self.session = session
        self.sent = []
        session.connect('trace', self.note)
        self.addCleanup(session.close)

    def note(self, _session, direction, octets):
        if direction == Posthorn.TraceDirection.SENT:
            self.sent.append(octets.get_data().decode())

    def lines(self, verb):
        return [line for line in ''.join(self.sent).split('\r\n') if line.startswith(verb)]

    def envelope(self, sender='alice@example.test', *recipients):
        envelope = Posthorn.Envelope.new(sender)
        for address in recipients or ['bob@example.test']:
            envelope.add_recipient(address)
        return envelope

    def send(self, envelope, subject):
        text = f'From: alice@example.test\r\nTo: bob@example.test\r\nSubject: {subject}\r\n\r\nHello.\r\n'
        return self.session.send(envelope, text)

    def find(self, user, text):
        """The first message with that text, as it lies in the mailbox; waits for it to arrive."""
        store = Posthorn.Session.new(f'imaps://{user}@localhost:{ENV["PH_TEST_IMAPS_PORT"]}')
        store.set_password(ENV[f'PH_TEST_PASSWORD_{user.upper()}'])
        self.addCleanup(store.close)
        store.select('INBOX')
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            found = list(store.search(Posthorn.Query.new().text(text)))
            if found:
                return store.fetch_one(found[0], Posthorn.Fetch.BODY).get_section('').get_data().decode()
            store.noop()
        self.fail(f'no message with {text} came to {user}')

    def assert_error(self, code, function, *arguments):
        with self.assertRaises(GLib.Error) as caught:
            function(*arguments)
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), code), caught.exception)


class Sending(Mail):
    def setUp(self):
        session = Posthorn.Session.new(f'smtp://localhost:{ENV["PH_TEST_RELAY_PORT"]}')
        policy = Posthorn.SecurityPolicy.new()
        policy.set_tls_mode(Posthorn.TlsMode.NEVER)
        session.set_policy(policy)
        self.begin(session)

    def test_a_report_of_success_comes_back(self):
        envelope = self.envelope()
        envelope.set_envelope_id('posthorn +1=x')
        envelope.set_dsn_return(Posthorn.DsnReturn.HEADERS)
        envelope.set_recipient_notify(0, Posthorn.DsnNotify.SUCCESS | Posthorn.DsnNotify.FAILURE)
        envelope.set_recipient_original(0, None, 'first+hand@example.test')
        self.assertTrue(self.send(envelope, 'dsn')[0].accepted)
        self.assertEqual(self.lines('RCPT'), ['RCPT TO:<bob@example.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;first+2Bhand@example.test'])
        report = self.find('alice', 'posthorn +1=x')
        self.assertIn('Original-Envelope-Id: posthorn +1=x', report)
        self.assertIn('Original-Recipient: rfc822;first+hand@example.test', report)
        self.assertRegex(report, r'Action: (delivered|relayed)')

    def test_verp_gives_each_recipient_a_sender(self):
        envelope = self.envelope()
        envelope.set_verp('')
        self.send(envelope, 'verp-by-default')
        self.assertIn('<alice+bob=example.test@example.test>', self.find('bob', 'verp-by-default'))

    def test_etrn(self):
        reply = self.session.etrn('example.test')
        self.assertEqual(reply.get_code(), 250, str(reply))
        self.assertEqual(self.session.etrn('elsewhere.example').get_code(), 459)
        self.assert_error(Posthorn.Error.INVALID_ARGUMENT, self.session.etrn, 'a\r\nRSET')
        self.assertEqual(self.lines('RSET'), [])

    def test_xclient_begins_the_session_anew(self):
        self.session.open()
        first = self.session.get_hello()
        reply = self.session.xclient(['NAME=client.example', 'ADDR=192.0.2.9', 'HELO=proxied.example'])
        self.assertEqual(reply.get_code(), 250, str(reply))
        self.assertEqual(str(self.session.get_hello()), str(reply))
        self.assertEqual(reply.get_lines()[0], first.get_lines()[0])
        self.assertTrue(self.session.has_capability('pipelining'))
        self.send(self.envelope(), 'by-xclient')
        self.assertRegex(self.find('bob', 'by-xclient'), r'Received: from \S+ \(client\.example \[192\.0\.2\.9\]\)')
        self.assert_error(Posthorn.Error.NOT_SUPPORTED, self.session.xclient, ['NONSENSE=x'])

    def test_xforward_tells_where_it_came_from(self):
        reply = self.session.xforward(['NAME=forwarded.example', 'ADDR=2001:db8::7'])
        self.assertEqual(reply.get_code(), 250, str(reply))
        self.send(self.envelope(), 'by-xforward')
        self.find('bob', 'by-xforward')
        with open(os.path.join(ENV['PH_TEST_MAIL_DIR'], '..', 'log', 'postfix.log'), encoding='utf-8') as log:
            self.assertIn('orig_client=forwarded.example[2001:db8::7]', log.read())

    def test_smtputf8_where_an_address_needs_it(self):
        self.assertTrue(self.send(self.envelope('jörg@example.test'), 'utf8')[0].accepted)
        self.assertTrue(self.lines('MAIL')[0].startswith('MAIL FROM:<jörg@example.test> '))
        self.assertIn(' SMTPUTF8', self.lines('MAIL')[0])

    def test_what_postfix_does_not_offer_is_not_sent(self):
        for ask in (lambda e: e.set_deliver_by(120, Posthorn.DeliverBy.RETURN, False), lambda e: e.set_hold_for(60),
                    lambda e: e.set_priority(3), lambda e: e.set_conversion_permitted(True),
                    lambda e: e.set_recipient_valid_since(0, GLib.DateTime.new_now_utc(), True)):
            envelope = self.envelope()
            ask(envelope)
            self.assert_error(Posthorn.Error.NOT_SUPPORTED, self.send, envelope, 'no')
        envelope = self.envelope()
        envelope.set_require_tls(True)
        self.assert_error(Posthorn.Error.TLS_REQUIRED, self.send, envelope, 'no')
        self.assertEqual(self.lines('MAIL'), [])

    def test_hello_and_farewell(self):
        self.assertIsNone(self.session.get_hello())
        self.session.open()
        hello = self.session.get_hello()
        self.assertEqual(hello.get_code(), 250)
        self.assertEqual(hello.get_lines()[1:], self.session.get_capabilities())
        self.assertTrue(re.match(r'EHLO (\[.*\]|\S+\.\S+|localhost)$', self.lines('EHLO')[0]), self.sent)
        self.assertIsNone(self.session.get_farewell())
        self.session.close()
        self.assertEqual(self.session.get_farewell().get_code(), 221)


class Burl(Mail):
    """RFC 4468: alice sends what lies in her mailbox, and it goes to Dovecot and from there, not over this line."""
    def setUp(self):
        session = Posthorn.Session.new(f'smtp://alice@localhost:{ENV["PH_TEST_BURL_PORT"]}')
        session.set_password(ENV['PH_TEST_PASSWORD_ALICE'])
        self.begin(session)
        context = ssl.create_default_context(cafile=os.path.join(ENV['PH_TEST_CERTIFICATES'], 'ca.pem'))
        self.imap = imaplib.IMAP4_SSL('localhost', int(ENV['PH_TEST_IMAPS_PORT']), ssl_context=context)
        self.addCleanup(self.imap.logout)
        self.imap.login('alice', ENV['PH_TEST_PASSWORD_ALICE'])

    def url(self, text, section=''):
        """Of a message that lies in Drafts, for alice to submit (RFC 4467)."""
        status, [answer] = self.imap.append('Drafts', '', '', text.encode())
        self.assertEqual(status, 'OK', answer)
        validity, uid = re.search(rb'APPENDUID (\d+) (\d+)', answer).groups()
        rump = (f'imap://alice@localhost:{ENV["PH_TEST_IMAP_PORT"]}/Drafts;UIDVALIDITY={validity.decode()}/;UID={uid.decode()}{section}'
                ';URLAUTH=submit+alice')
        imaplib.Commands.setdefault('GENURLAUTH', ('AUTH', 'SELECTED'))
        self.imap._simple_command('GENURLAUTH', f'"{rump}"', 'INTERNAL')
        return self.imap.response('GENURLAUTH')[1][0].decode().strip('"')

    def test_the_server_fetches_the_message(self):
        url = self.url('From: alice@example.test\r\nTo: bob@example.test\r\nSubject: burl-whole\r\n\r\nfetched\r\n')
        self.assertTrue(self.session.send(self.envelope(), Posthorn.Body.new_for_url(url))[0].accepted)
        self.assertEqual(self.lines('BURL'), [f'BURL {url} LAST'])
        self.assertNotIn('fetched', ''.join(self.sent))
        self.assertTrue(self.find('bob', 'burl-whole').endswith('\r\n\r\nfetched\r\n'))

    def test_the_server_fetches_a_part(self):
        url = self.url('Subject: draft\r\n\r\nfetched\r\n', '/;SECTION=TEXT')
        head = Posthorn.Body.new_for_bytes(GLib.Bytes.new(b'From: alice@example.test\r\nSubject: burl-part\r\n\r\n>>\r\n'))
        tail = Posthorn.Body.new_for_bytes(GLib.Bytes.new(b'<<\r\n'))
        body = Posthorn.Body.new_for_parts([head, Posthorn.Body.new_for_url(url), tail])
        self.assertTrue(self.session.send(self.envelope(), body)[0].accepted)
        self.assertEqual([line[:8] for line in self.lines('B')], ['BDAT 52', 'BURL ima', 'BDAT 4 L'])
        self.assertTrue(self.find('bob', 'burl-part').endswith('\r\n\r\n>>\r\nfetched\r\n<<\r\n'))

    def test_what_it_may_not_fetch_refuses_the_message(self):
        url = self.url('Subject: secret\r\n\r\nsecret\r\n')
        forged = url[:-4] + ('0000' if url[-4:] != '0000' else '1111')
        self.assert_error(Posthorn.Error.DATA_REFUSED, self.session.send, self.envelope(), Posthorn.Body.new_for_url(forged))
        self.assertTrue(self.session.send(self.envelope(), Posthorn.Body.new_for_url(url))[0].accepted)

    def test_what_is_no_url_is_not_sent(self):
        for bad in ('imap://x y', 'no-scheme', 'imap://a\r\nRSET', 'imap://ä', 'imap:' + 'x' * 12000):
            self.assert_error(Posthorn.Error.INVALID_ARGUMENT, self.session.send, self.envelope(), Posthorn.Body.new_for_url(bad))
        self.assertEqual(self.lines('MAIL'), [])


if __name__ == '__main__':
    tap.main()
