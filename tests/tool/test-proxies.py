#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Proxies as people run them: microsocks (SOCKS5), tinyproxy (HTTP CONNECT), one that is spoken to by TLS, and the system's settings."""
import contextlib
import os
import socket
import subprocess
import tempfile
import time
import unittest

# GIO forgets what it keeps of a proxy that it asks the system for.
os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
from tool import OK, Server, TEMPFAIL, posthorn    # noqa: E402

import tap    # noqa: E402
from proxy import Proxy    # noqa: E402

SMTP = 'send 220 mail.test ESMTP\nprefix EHLO \nsend 250 mail.test\nexpect QUIT\nsend 221 bye\nclosed'
LMTP = SMTP.replace('ESMTP', 'LMTP').replace('EHLO', 'LHLO')
IMAP = 'send * OK [CAPABILITY IMAP4rev1] hello\nmatch (?P<tag>[^ ]+) LOGOUT\nsend * BYE bye\nsend ${tag} OK done\nclosed'
PROTOCOLS = {'smtp': SMTP, 'lmtp': LMTP, 'imap': IMAP}
CERTIFICATES = os.environ['PH_TEST_CERTIFICATES']
SYSTEM_TRUST = '/etc/ssl/certs/ca-certificates.crt'
PLAIN = '--tls=never'


def free_port():
    with socket.create_server(('127.0.0.1', 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def running(port, *command):
    """The proxy listens on @port."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while True:
                try:
                    socket.create_connection(('127.0.0.1', port)).close()
                    break
                except OSError:
                    if process.poll() is not None:
                        raise
                    time.sleep(0.02)
            yield port
        finally:
            process.terminate()


@contextlib.contextmanager
def microsocks(*options):
    port = free_port()
    with running(port, 'microsocks', '-i', '127.0.0.1', '-p', str(port), *options):
        yield f'socks5://127.0.0.1:{port}'


@contextlib.contextmanager
def tinyproxy(*lines):
    port = free_port()
    with tempfile.NamedTemporaryFile('w') as file:
        file.write('\n'.join([f'Port {port}', 'Listen 127.0.0.1', 'Timeout 30', 'MaxClients 10', *lines, '']))
        file.flush()
        with running(port, 'tinyproxy', '-d', '-c', file.name):
            yield f'http://127.0.0.1:{port}'


KINDS = {'socks5': (microsocks, ['-u', 'alice', '-P', 'secret']), 'http': (tinyproxy, ['BasicAuth alice secret'])}


@contextlib.contextmanager
def password_file(password):
    with tempfile.NamedTemporaryFile('w') as file:
        file.write(password + '\n')
        file.flush()
        yield f'--proxy-password-file={file.name}'


class RealProxies(unittest.TestCase):
    def test_every_protocol_goes_through(self):
        for kind, (start, _) in KINDS.items():
            with start() as proxy:
                for scheme, script in PROTOCOLS.items():
                    with self.subTest(kind=kind, scheme=scheme), Server(script) as server:
                        result = posthorn('probe', f'{scheme}://localhost:{server.port}', PLAIN, f'--proxy={proxy}')
                        self.assertEqual(result.status, OK, result)

    def test_tls_goes_through(self):
        for kind, (start, _) in KINDS.items():
            with self.subTest(kind=kind), start() as proxy, Server(SMTP + '\naccept\n' + SMTP, '--tls') as server:
                result = posthorn('probe', f'smtps://localhost:{server.port}', f'--proxy={proxy}', f'--ca={CERTIFICATES}/ca.pem')
                self.assertEqual(result.status, OK, result)
                self.assertIn('CN=localhost', result.output)

    def test_passwords(self):
        for kind, (start, options) in KINDS.items():
            with start(*options) as proxy:
                proxy = proxy.replace('://', '://alice@')
                with self.subTest(kind=kind), Server(SMTP) as server, password_file('secret') as option:
                    result = posthorn('probe', f'smtp://localhost:{server.port}', PLAIN, f'--proxy={proxy}', option)
                    self.assertEqual(result.status, OK, result)
                with self.subTest(kind=kind, password='wrong'), password_file('not-the-secret') as option:
                    result = posthorn('probe', 'smtp://localhost:9', PLAIN, f'--proxy={proxy}', option)
                    self.assertEqual(result.status, TEMPFAIL, result)
                    self.assertRegex(result.errors, r'^posthorn: localhost:9 could not be reached: .*(password|proxy)')
                    self.assertNotIn('not-the-secret', result.errors)

    def test_a_server_that_the_proxy_does_not_reach(self):
        for kind, (start, _) in KINDS.items():
            with self.subTest(kind=kind), start() as proxy:
                result = posthorn('probe', f'smtp://localhost:{free_port()}', PLAIN, f'--proxy={proxy}')
                self.assertEqual(result.status, TEMPFAIL, result)
                self.assertRegex(result.errors, r'^posthorn: localhost:\d+ could not be reached: .')


class SystemSettings(unittest.TestCase):
    """What GIO's own resolver finds where nothing was said; libproxy reads the environment."""

    def test_the_systems_proxy_is_used(self):
        with Proxy() as proxy, Server(SMTP) as server:
            result = posthorn('probe', f'smtp://nowhere.invalid:{server.port}', PLAIN, GIO_USE_PROXY_RESOLVER='libproxy',
                              http_proxy=f'socks5://127.0.0.1:{proxy.port}')
            self.assertEqual(result.status, OK, result)
            self.assertEqual([request[:3] for request in proxy.requests], [('socks5', 'nowhere.invalid', int(server.port))])

    def test_it_is_not_used_where_it_is_not_meant(self):
        with Proxy() as proxy, Server(SMTP + '\naccept\n' + SMTP) as server:
            settings = {'GIO_USE_PROXY_RESOLVER': 'libproxy', 'http_proxy': f'socks5://127.0.0.1:{proxy.port}'}
            for option, more in (('--proxy=direct://', {}), (None, {'no_proxy': 'localhost'})):
                result = posthorn('probe', f'smtp://localhost:{server.port}', PLAIN, *filter(None, [option]), **settings, **more)
                self.assertEqual(result.status, OK, result)
            self.assertEqual(proxy.requests, [])

    def test_this_machine_is_not_looked_for_behind_it(self):
        hosts = ('127.0.0.1', 'localhost')
        with Proxy() as proxy, Server('\naccept\n'.join([SMTP] * len(hosts))) as server:
            for host in hosts:
                result = posthorn('probe', f'smtp://{host}:{server.port}', PLAIN, GIO_USE_PROXY_RESOLVER='libproxy',
                                  http_proxy=f'socks5://127.0.0.1:{proxy.port}')
                self.assertEqual(result.status, OK, result)
            self.assertEqual(proxy.requests, [])


class ProxyByTls(unittest.TestCase):
    def test_an_untrusted_one_is_refused(self):
        with Proxy(certificate='self-signed') as proxy:
            result = posthorn('probe', 'smtp://nowhere.invalid:25', PLAIN, f'--proxy=https://localhost:{proxy.port}')
            self.assertEqual(result.status, TEMPFAIL, result)
            self.assertIn('TLS certificate', result.errors)
            self.assertEqual(proxy.requests, [])

    @unittest.skipUnless(os.geteuid() == 0 and os.path.exists(SYSTEM_TRUST), 'it takes root to lay another trust store over the system\'s')
    def test_a_trusted_one_is_used(self):
        wrapper = ('unshare', '--mount', 'sh', '-c', f'mount --bind {CERTIFICATES}/ca.pem {SYSTEM_TRUST} && exec "$@"', 'sh')
        for scheme, script in PROTOCOLS.items():
            with self.subTest(scheme=scheme), Proxy(certificate='server') as proxy, Server(script) as server:
                result = posthorn('probe', f'{scheme}://nowhere.invalid:{server.port}', PLAIN, f'--proxy=https://localhost:{proxy.port}', wrapper=wrapper)
                self.assertEqual(result.status, OK, result)
                self.assertEqual([request[:3] for request in proxy.requests], [('http', 'nowhere.invalid', int(server.port))])


if __name__ == '__main__':
    tap.main()
