#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The scripted server does what a script says, and notices a client that does not."""
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest

import tap

HERE = os.path.dirname(os.path.abspath(__file__))
IGNORE_EOF = getattr(ssl, 'OP_IGNORE_UNEXPECTED_EOF', 0x80)
CERTIFICATES = os.environ.get('PH_TEST_CERTIFICATES')


class Server:
    """One scripted-server.py at work."""

    def __init__(self, script, *options):
        command = [sys.executable, os.path.join(HERE, 'scripted-server.py'), '--timeout', '20', '--text', script, *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.where = self.process.stdout.readline().strip().partition(' ')[2]

    def connect(self):
        return socket.create_connection(('127.0.0.1', int(self.where)), timeout=20)

    def end(self):
        with self.process:
            _, errors = self.process.communicate()
        return self.process.returncode, errors


def everything(sock):
    received = b''
    while chunk := sock.recv(65536):
        received += chunk
    return received


class Scripts(unittest.TestCase):
    def play(self, script, sends=b'', *options):
        """What a client gets that sends `sends` and ends; the server's exit status and sentence."""
        server = Server(script, *options)
        with server.connect() as sock:
            sock.sendall(sends)
            sock.shutdown(socket.SHUT_WR)
            received = everything(sock)
        return (received, *server.end())

    def test_sends_what_is_written(self):
        received, status, _ = self.play(r'raw a\x00\r\n' '\nsend b c\nsingle xyz\nrepeat 3 \\x20ab\nclosed\nclose')
        self.assertEqual((received, status), (b'a\0\r\nb c\r\nxyz ab ab ab', 0))

    def test_takes_what_is_expected(self):
        script = 'expect EHLO a\nprefix MAIL\nmatch (?P<tag>\\w+) NOOP\nsend ${tag} OK\nuntil .\nread 3 size\nread ${size} body\nraw ${body}'
        received, status, _ = self.play(script, b'EHLO a\r\nMAIL FROM:<>\r\na7 NOOP\r\nx\r\ny\r\n.\r\n004body')
        self.assertEqual((received, status), (b'a7 OK\r\nbody', 0))

    def test_names_the_line_that_differs(self):
        _, status, errors = self.play('send hello\n\n# a comment\nexpect NOOP', b'QUIT\r\n')
        self.assertEqual(status, 1)
        self.assertIn("line 4, `expect NOOP`: got 'QUIT'", errors)

    def test_refuses_a_bare_line_feed(self):
        self.assertEqual(self.play('expect NOOP', b'NOOP\n')[1], 1)

    def test_notices_an_early_close(self):
        self.assertEqual(self.play('expect NOOP\nexpect QUIT', b'NOOP\r\nQU')[1], 1)

    def test_notices_octets_before_the_close(self):
        self.assertEqual(self.play('closed')[1], 0)
        self.assertEqual(self.play('closed', b'x')[1], 1)
        self.assertEqual(self.play('gone', b'x')[1], 0)

    def test_endless_ends_with_the_client_or_as_a_mismatch(self):
        self.assertEqual(self.play('endless 100000 aaa')[1], 1)
        server = Server('endless 100000000 aaa')
        server.connect().close()
        self.assertEqual(server.end()[0], 0)

    def test_resets(self):
        server = Server('expect NOOP\nreset')
        with server.connect() as sock:
            sock.sendall(b'NOOP\r\n')
            self.assertRaises(ConnectionResetError, sock.recv, 10)
        self.assertEqual(server.end()[0], 0)

    def test_plays_several_connections(self):
        server = Server('send one\nclose\naccept\nsend two')
        for wanted in (b'one\r\n', b'two\r\n'):
            with server.connect() as sock:
                self.assertEqual(everything(sock), wanted)
        self.assertEqual(server.end()[0], 0)

    def test_waits_for_the_test(self):
        server = Server('tell here\nwait go\nsend later')
        self.assertEqual(server.process.stdout.readline(), 'here\n')
        with server.connect() as sock:
            server.process.stdin.write('go\n')
            server.process.stdin.flush()
            self.assertEqual(everything(sock), b'later\r\n')
        self.assertEqual(server.end()[0], 0)

    def test_a_wrong_script_is_another_status(self):
        for script in ('send ${nobody}', 'repeat x y', r'raw \q'):
            self.assertEqual(self.play(script)[1], 2, script)

    def test_an_unknown_instruction_is_told_before_it_listens(self):
        server = Server('send x\nsned y')
        self.assertEqual(server.where, '')
        self.assertEqual(server.end(), (2, 'scripted server: line 2: unknown instruction sned\n'))

    def test_listens_on_a_unix_socket(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, 's')
            server = Server('send here', '--unix', path)
            self.assertEqual(server.where, path)
            with socket.socket(socket.AF_UNIX) as sock:
                sock.connect(path)
                self.assertEqual(everything(sock), b'here\r\n')
            self.assertEqual(server.end()[0], 0)
            self.assertFalse(os.path.exists(path))


class Tls(unittest.TestCase):
    def context(self):
        context = ssl.create_default_context(cafile=os.path.join(CERTIFICATES, 'ca.pem'))
        context.set_alpn_protocols(['imap'])
        context.options &= ~IGNORE_EOF
        return context

    def test_at_once(self):
        server = Server('sni localhost\nalpn imap\nsend over TLS\nexpect bye\nclose', '--tls', '--alpn', 'imap')
        with self.context().wrap_socket(server.connect(), server_hostname='localhost') as sock:
            sock.sendall(b'bye\r\n')
            self.assertEqual(everything(sock), b'over TLS\r\n')
        self.assertEqual(server.end()[0], 0)

    def test_by_starttls(self):
        server = Server('expect STARTTLS\nsend 220 go\nstarttls\nexpect EHLO a', '--tls-version', '1.2')
        plain = server.connect()
        plain.sendall(b'STARTTLS\r\n')
        self.assertEqual(plain.recv(100), b'220 go\r\n')
        with self.context().wrap_socket(plain, server_hostname='127.0.0.1') as sock:
            self.assertEqual(sock.version(), 'TLSv1.2')
            sock.sendall(b'EHLO a\r\n')
        self.assertEqual(server.end()[0], 0)

    def test_notices_what_comes_before_the_handshake(self):
        server = Server('expect STARTTLS\nstarttls')
        with server.connect() as sock:
            sock.sendall(b'STARTTLS\r\nEHLO a\r\n')
            status, errors = server.end()
        self.assertEqual(status, 1)
        self.assertIn('sent before the handshake', errors)

    def test_shows_the_certificate_that_was_asked_for(self):
        for certificate, word in (('expired', 'expired'), ('wrong-name', 'match'), ('self-signed', 'self-signed')):
            server = Server('no-tls', '--certificate', certificate)
            with self.assertRaises(ssl.SSLCertVerificationError) as caught:
                self.context().wrap_socket(server.connect(), server_hostname='localhost')
            self.assertIn(word, str(caught.exception))
            self.assertEqual(server.end()[0], 0)

    def test_no_tls_notices_a_client_that_goes_on(self):
        server = Server('no-tls')
        with self.context().wrap_socket(server.connect(), server_hostname='localhost') as sock:
            sock.sendall(b'LOGIN alice wonderland\r\n')
            self.assertEqual(server.end()[0], 1)

    def test_cut_ends_without_close_notify(self):
        for ending, complete in (('close', True), ('cut', False)):
            server = Server(f'send x\n{ending}', '--tls')
            sock = self.context().wrap_socket(server.connect(), server_hostname='localhost', suppress_ragged_eofs=False)
            self.assertEqual(sock.recv(10), b'x\r\n')
            if complete:
                self.assertEqual(sock.recv(10), b'')
            else:
                self.assertRaises(ssl.SSLError, sock.recv, 10)
            sock.close()
            self.assertEqual(server.end()[0], 0)


if __name__ == '__main__':
    tap.main()
