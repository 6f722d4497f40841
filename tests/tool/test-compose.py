#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""posthorn send where it reads or writes the header: what arrives is read by Python's own email package."""
import email
import email.policy
import os
import socket
import tempfile
import threading
import unittest

from tool import NOINPUT, OK, USAGE, posthorn
import tap


class Sink:
    """Takes one message by SMTP; `with Sink() as sink: … sink.message`."""

    def __init__(self, *capabilities):
        self.capabilities = capabilities
        self.sender, self.recipients, self.octets = None, [], b''
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.listener.settimeout(30)
        self.uri = f'smtp://127.0.0.1:{self.listener.getsockname()[1]}'

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.thread.join(30)
        self.listener.close()

    @property
    def message(self):
        return email.message_from_bytes(self.octets, policy=email.policy.default)

    def serve(self):
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return
        with connection, connection.makefile('rwb') as file:
            self.say(file, '220 sink')
            for line in iter(file.readline, b''):
                if not self.answer(file, line.decode().rstrip('\r\n')):
                    return

    @staticmethod
    def say(file, text):
        file.write(text.encode() + b'\r\n')
        file.flush()

    def answer(self, file, line):
        verb = line.upper()
        if verb.startswith('EHLO'):
            words = ['sink', *self.capabilities]
            self.say(file, '\r\n'.join(f'250{"-" if i + 1 < len(words) else " "}{word}' for i, word in enumerate(words)))
        elif verb == 'DATA':
            self.say(file, '354 go')
            lines = iter(file.readline, b'.\r\n')
            self.octets = b''.join(one[1:] if one.startswith(b'.') else one for one in lines)
            self.say(file, '250 taken')
        else:
            if verb.startswith('MAIL FROM:'):
                self.sender = line[10:].split('>')[0].strip(' <')
            elif verb.startswith('RCPT TO:'):
                self.recipients.append(line[8:].split('>')[0].strip(' <'))
            self.say(file, '221 bye' if verb == 'QUIT' else '250 ok')
        return verb != 'QUIT'


def send(sink, *arguments, **options):
    return posthorn('send', sink.uri, '--tls=never', *arguments, **options)


class TakeRecipients(unittest.TestCase):
    def test_the_header_names_them(self):
        with Sink() as sink:
            result = send(sink, '-T', stdin='From: Alice <alice@x>\nTo: bob@x, g: carol@x;\nCc: dave@x\nBcc: eve@x\nSubject: hi\n\n.text\n')
        self.assertEqual(result.status, OK, result)
        self.assertEqual((sink.sender, sink.recipients), ('alice@x', ['bob@x', 'carol@x', 'dave@x', 'eve@x']))
        self.assertIsNone(sink.message['Bcc'])
        self.assertTrue(sink.message['Date'].datetime)
        self.assertIn('@', sink.message['Message-ID'])
        self.assertEqual(sink.message.get_content().splitlines(), ['.text'])

    def test_what_is_there_is_left(self):
        text = b'From: alice@x\r\nTo: bob@x\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@x>\r\nX-Odd :  odd\r\n\r\ntext\r\n'
        with Sink() as sink:
            self.assertEqual(send(sink, '-T', stdin=text).status, OK)
        self.assertEqual(sink.octets, text)

    def test_another_sender(self):
        with Sink() as sink:
            self.assertEqual(send(sink, '-T', '-f', 'bounces@x', stdin='From: alice@x\nTo: bob@x\n\n').status, OK)
        self.assertEqual(sink.sender, 'bounces@x')

    def test_nobody_is_named(self):
        result = posthorn('send', 'smtp://127.0.0.1:1', '-T', stdin='From: alice@x\n\n')
        self.assertEqual(result.status, USAGE, result)
        self.assertIn('names no recipient', result.errors)

    def test_options_that_contradict(self):
        for arguments in (['-T', '-t', 'bob@x'], ['-T', '--subject', 'x'], ['-f', 'a@x', '-t', 'b@x', '-s', 'x', 'file'], ['-f', 'a@x'],
                          ['-t', 'b@x', '-s', 'x'], ['-f', 'a@x', '-t', 'b@x', '--text=-', '--html=-']):
            with self.subTest(arguments=arguments):
                self.assertEqual(posthorn('send', 'smtp://127.0.0.1:1', *arguments).status, USAGE)


class Compose(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def file(self, name, octets):
        path = os.path.join(self.directory.name, name)
        with open(path, 'wb') as file:
            file.write(octets)
        return path

    def test_a_text(self):
        with Sink() as sink:
            result = send(sink, '-f', 'Alice Ä <alice@x>', '-t', 'Bob <bob@x>', '--cc', 'carol@x', '--bcc', 'eve@x', '-s', 'Grüße',
                          stdin='Schöne Grüße.\n')
        self.assertEqual(result.status, OK, result)
        self.assertEqual((sink.sender, sink.recipients), ('alice@x', ['bob@x', 'carol@x', 'eve@x']))
        message = sink.message
        self.assertEqual((message['Subject'], message['To'], message['Cc'], message['Bcc']), ('Grüße', 'Bob <bob@x>', 'carol@x', None))
        self.assertEqual(message['From'].addresses[0].display_name, 'Alice Ä')
        self.assertEqual(message.get_content(), 'Schöne Grüße.\n')
        self.assertTrue(all(octet < 128 for octet in sink.octets))
        self.assertFalse(message.defects)

    def test_text_and_html(self):
        with Sink() as sink:
            result = send(sink, '-f', 'alice@x', '-t', 'bob@x', '-s', 'two', '--text', '-', '--html', self.file('a.html', b'<p>yes</p>\n'),
                          stdin='yes\n')
        self.assertEqual(result.status, OK, result)
        self.assertEqual(sink.message.get_content_type(), 'multipart/alternative')
        self.assertEqual([part.get_content_type() for part in sink.message.iter_parts()], ['text/plain', 'text/html'])

    def test_attachments(self):
        octets = bytes(range(256)) * 1000
        inner = b'From: x@x\r\nSubject: inner\r\n\r\ninner text\r\n'
        with Sink() as sink:
            result = send(sink, '-f', 'alice@x', '-t', 'bob@x', '--attach', self.file('dätä.bin', octets), '-a', self.file('letter.eml', inner),
                          '-a', self.file('page.html', b'<html></html>'), stdin='see there\n')
        self.assertEqual(result.status, OK, result)
        first, second, third = sink.message.iter_attachments()
        self.assertEqual((first.get_filename(), first.get_content()), ('dätä.bin', octets))
        self.assertEqual((second.get_content_type(), second.get_content()['Subject']), ('message/rfc822', 'inner'))
        self.assertEqual(third.get_content_type(), 'text/html')
        self.assertEqual(sink.message.get_body().get_content().splitlines(), ['see there'])

    def test_a_file_of_any_size(self):
        path = self.file('large.bin', b'')
        os.truncate(path, 24 << 20)
        with Sink('SIZE 100000000') as sink:
            result = send(sink, '-f', 'alice@x', '-t', 'bob@x', '-s', 'large', '-a', path, stdin='')
        self.assertEqual(result.status, OK, result)
        self.assertEqual(len(next(sink.message.iter_attachments()).get_content()), 24 << 20)

    def test_too_large_is_known_before(self):
        path = self.file('large.bin', bytes(10000))
        with Sink('SIZE 10000') as sink:
            result = send(sink, '-f', 'alice@x', '-t', 'bob@x', '-s', 'large', '-a', path, stdin='')
        self.assertNotEqual(result.status, OK)
        self.assertIsNone(sink.sender)

    def test_bad_arguments(self):
        for arguments, status, said in ((['-t', 'bob@x', '-a', '/nonexistent'], NOINPUT, "can't open"),
                                        (['-t', 'bob@x', '-a', '/tmp'], NOINPUT, 'not a regular file'),
                                        (['-t', 'a\nBcc: b@x'], USAGE, 'no address'), (['-t', ';'], USAGE, 'no address'),
                                        (['-t', 'bob@x', '--text', self.file('latin', b'\xe4')], NOINPUT, 'not UTF-8')):
            with self.subTest(arguments=arguments):
                result = posthorn('send', 'smtp://127.0.0.1:1', '-f', 'alice@x', '-s', 'x', *arguments)
                self.assertEqual(result.status, status, result)
                self.assertIn(said, result.errors)

    def test_a_subject_is_one_field(self):
        with Sink() as sink:
            self.assertEqual(send(sink, '-f', 'alice@x', '-t', 'bob@x', '-s', 'one\r\nBcc: eve@x\r\n\r\ntwo', stdin='').status, OK)
        self.assertEqual(sink.recipients, ['bob@x'])
        self.assertIsNone(sink.message['Bcc'])


if __name__ == '__main__':
    tap.main()
