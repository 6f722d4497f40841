#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a Python program asks of a real Postfix beside the delivery: DSN, VERP, XCLIENT, XFORWARD, ETRN, SMTPUTF8; and its hello and farewell."""
import os
import re
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


class Sending(unittest.TestCase):
    def setUp(self):
        self.session = Posthorn.Session.new(f'smtp://localhost:{ENV["PH_TEST_RELAY_PORT"]}')
        policy = Posthorn.SecurityPolicy.new()
        policy.set_tls_mode(Posthorn.TlsMode.NEVER)
        self.session.set_policy(policy)
        self.sent = []
        self.session.connect('trace', self.note)
        self.addCleanup(self.session.close)

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


if __name__ == '__main__':
    tap.main()
