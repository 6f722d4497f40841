#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whatever text a program hands in for SMTP: no line end, control character or endless text of it reaches a real Postfix.

Which calls take texts is read from the GIR, so that one that is added must be added here, too.
"""
import os
import sys
import unittest
import xml.etree.ElementTree

import gi
gi.require_version('Posthorn', '1')
from gi.repository import GLib, Posthorn    # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'harness'))
import tap    # noqa: E402

ENV = os.environ
CORE = '{http://www.gtk.org/introspection/core/1.0}'
BAD = ['a\r\nRSET', 'a\nRSET', 'a\rRSET', '\r\n', 'a\x01b', 'a\x7fb', 'a\tb', 'x' * 13000]
# Texts that are looked up or compared or started, go to no server, or in base64 only
NOT_SENT = {
    'Session.new.uri', 'Session.new_for_command.argv', 'Session.new_for_command.scheme', 'Session.set_authorization.authorization',
    'Session.set_user.user', 'Session.set_password.password', 'Session.use.feature', 'Session.uses.feature',
    'Session.get_capability.name', 'Session.has_capability.name', 'Session.make_command.name', 'Envelope.set_priority_profile.profile',
    'Envelope.set_recipient_original.type', 'Body.new_for_text.text', 'Session.set_domain.domain',
    'TransportPool.new.uri',
}
ASCII_ONLY = {'Envelope.set_envelope_id.id', 'Envelope.set_solicitation.keywords', 'Envelope.set_verp.delimiters',
              'Session.set_hello_name.name', 'Transport.etrn.node'}


def is_text(parameter):
    element = parameter.find(f'{CORE}type')
    if element is None:
        element = parameter.find(f'{CORE}array/{CORE}type')
    return element is not None and element.get('name') in ('utf8', 'filename') and parameter.get('direction') != 'out'


def texts_of_the_library():
    """"Class.method.argument" of every text that these classes take; the async twins take the same."""
    root = xml.etree.ElementTree.parse(ENV['PH_TEST_GIR']).getroot()
    found = set()
    for each in root.iter():
        name = each.get('name')
        if each.tag not in (f'{CORE}class', f'{CORE}record') or name not in ('Body', 'Envelope', 'Session', 'Transport', 'TransportPool'):
            continue
        for kind in ('constructor', 'method', 'function'):
            for call in each.findall(f'{CORE}{kind}'):
                for parameter in call.findall(f'{CORE}parameters/{CORE}parameter'):
                    if is_text(parameter) and not call.get('name').endswith('_async'):
                        found.add(f'{name}.{call.get("name")}.{parameter.get("name")}')
    return found


class BadInput(unittest.TestCase):
    def setUp(self):
        self.sent = []
        self.session = self.new_session()

    def new_session(self):
        session = Posthorn.Session.new(f'smtp://localhost:{ENV["PH_TEST_RELAY_PORT"]}')
        policy = Posthorn.SecurityPolicy.new()
        policy.set_tls_mode(Posthorn.TlsMode.NEVER)
        session.set_policy(policy)
        session.connect('trace', self.note)
        self.addCleanup(session.close)
        return session

    def note(self, _session, direction, octets):
        if direction == Posthorn.TraceDirection.SENT:
            self.sent.append(octets.get_data().decode())

    def send(self, change=lambda envelope: None, sender='alice@example.test', body='Subject: x\r\n\r\n'):
        envelope = Posthorn.Envelope.new(sender)
        envelope.add_recipient('bob@example.test')
        change(envelope)
        self.session.send(envelope, body)

    def say_hello(self, name):
        session = self.new_session()
        session.set_hello_name(name)
        session.open()

    def drivers(self):
        """How each text comes near the wire."""
        def on_envelope(call):
            return lambda text: self.send(lambda envelope: call(envelope, text))
        return {
            'Envelope.new.sender': lambda text: self.send(sender=text),
            'Envelope.add_recipient.address': on_envelope(Posthorn.Envelope.add_recipient),
            'Envelope.add_parameter.parameter': on_envelope(Posthorn.Envelope.add_parameter),
            'Envelope.add_recipient_parameter.parameter': on_envelope(lambda e, text: e.add_recipient_parameter(0, text)),
            'Envelope.set_envelope_id.id': on_envelope(Posthorn.Envelope.set_envelope_id),
            'Envelope.set_recipient_original.address': on_envelope(lambda e, text: e.set_recipient_original(0, None, text)),
            'Envelope.set_auth.mailbox': on_envelope(Posthorn.Envelope.set_auth),
            'Envelope.set_solicitation.keywords': on_envelope(lambda e, text: e.set_solicitation([text])),
            'Envelope.set_verp.delimiters': on_envelope(Posthorn.Envelope.set_verp),
            'Body.new_for_url.url': lambda text: self.send(body=Posthorn.Body.new_for_url(text)),
            'Session.command.line': self.session.command,
            'Session.set_hello_name.name': self.say_hello,
            'Transport.verify.address': self.session.verify,
            'Transport.expand.list': self.session.expand,
            'Transport.help.topic': self.session.help,
            'Transport.etrn.node': self.session.etrn,
            'Transport.xclient.attributes': lambda text: self.session.xclient([f'NAME={text}']),
            'Transport.xforward.attributes': lambda text: self.session.xforward([f'NAME={text}']),
        }

    def assert_refused(self, name, call, text):
        with self.assertRaises(GLib.Error, msg=f'{name}: {text[:20]!r}') as caught:
            call(text)
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.INVALID_ARGUMENT), (name, text[:20], caught.exception))
        self.assertLess(len(caught.exception.message), 400, name)
        self.assertNotRegex(caught.exception.message, r'[\x00-\x1f\x7f]', name)

    def test_every_text_is_driven(self):
        self.assertEqual(texts_of_the_library() - NOT_SENT - set(self.drivers()), set())
        self.assertEqual(set(self.drivers()) - texts_of_the_library(), set())

    def test_nothing_bad_leaves(self):
        self.session.open()
        self.sent.clear()
        for name, call in self.drivers().items():
            for text in BAD:
                if text == 'a\tb' and name.split('.')[0] != 'Envelope':
                    continue    # a tab ends no word there
                self.assert_refused(name, call, text)
        self.assertEqual([line for line in self.sent if not line.startswith('QUIT')], [])

    def test_what_is_ascii_stays_ascii(self):
        self.session.open()
        self.sent.clear()
        for name, call in self.drivers().items():
            if name in ASCII_ONLY:
                self.assert_refused(name, call, 'ü_ ü')
        self.assertEqual([line for line in self.sent if not line.startswith('QUIT')], [])


if __name__ == '__main__':
    tap.main()
