#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The ways to a server, for every protocol alike: proxies, source addresses, and how an address' servers are found."""
import os
import socket
import tempfile
import threading
import unittest

# GIO forgets what it keeps of a SOCKS4 server.
os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0'
from tool import NOINPUT, OK, PROTOCOL, Server, TEMPFAIL, UNAVAILABLE, USAGE, posthorn    # noqa: E402

import tap    # noqa: E402
from proxy import Proxy    # noqa: E402

SMTP = 'send 220 mail.test ESMTP\nprefix EHLO \nsend 250 mail.test\nexpect QUIT\nsend 221 bye\nclosed'
LMTP = 'send 220 mail.test LMTP\nprefix LHLO \nsend 250 mail.test\nexpect QUIT\nsend 221 bye\nclosed'
IMAP = r'''send * OK [CAPABILITY IMAP4rev1] hello
match (?P<tag>[^ ]+) LOGOUT
send * BYE bye
send ${tag} OK done
closed'''
PROTOCOLS = {'smtp': SMTP, 'lmtp': LMTP, 'imap': IMAP}
PLAIN = '--tls=never'
CERTIFICATES = os.environ['PH_TEST_CERTIFICATES']
CA = f'--ca={CERTIFICATES}/ca.pem'


class Proxies(unittest.TestCase):
    def test_every_protocol_goes_through_every_proxy(self):
        for kind in ('socks5', 'socks4a', 'http'):
            for scheme, script in PROTOCOLS.items():
                with self.subTest(kind=kind, scheme=scheme), Proxy() as proxy, Server(script) as server:
                    result = posthorn('probe', f'{scheme}://nowhere.invalid:{server.port}', PLAIN, f'--proxy={kind}://127.0.0.1:{proxy.port}')
                    self.assertEqual(result.status, OK, result)
                    self.assertEqual([request[:3] for request in proxy.requests], [(kind, 'nowhere.invalid', int(server.port))])

    def test_socks4_is_given_an_address(self):
        with Proxy() as proxy, Server(SMTP) as server:
            result = posthorn('probe', f'smtp://localhost:{server.port}', PLAIN, f'--proxy=socks4://127.0.0.1:{proxy.port}')
            self.assertEqual(result.status, OK, result)
            self.assertEqual(proxy.requests[0][:3], ('socks4', '127.0.0.1', int(server.port)))

    def test_a_proxy_knows_its_users(self):
        with tempfile.NamedTemporaryFile('w') as file:
            file.write('wonder:l@nd\n')
            file.flush()
            for kind in ('socks5', 'http'):
                with self.subTest(kind=kind), Proxy('alice', 'wonder:l@nd') as proxy, Server(SMTP) as server:
                    result = posthorn('probe', f'smtp://nowhere.invalid:{server.port}', PLAIN,
                                      f'--proxy={kind}://alice@127.0.0.1:{proxy.port}', f'--proxy-password-file={file.name}')
                    self.assertEqual(result.status, OK, result)
                    self.assertEqual(proxy.requests, [(kind, 'nowhere.invalid', int(server.port), 'alice')])

    def test_a_proxy_that_refuses_is_named(self):
        for kind in ('socks5', 'http'):
            with self.subTest(kind=kind), Proxy('alice', 'secret') as proxy:
                result = posthorn('probe', 'smtp://nowhere.invalid:25', PLAIN, f'--proxy={kind}://127.0.0.1:{proxy.port}')
                self.assertEqual(result.status, TEMPFAIL, result)
                self.assertIn('nowhere.invalid:25 could not be reached: ', result.errors)
                self.assertIn('proxy', result.errors.lower())
                self.assertEqual(proxy.requests, [])

    def test_tls_is_the_servers_not_the_proxys(self):
        with Proxy() as proxy, Server('no-tls') as server:
            result = posthorn('probe', f'smtps://nowhere.invalid:{server.port}', CA, '--user=alice', '--tls=required',
                              f'--proxy=socks5://127.0.0.1:{proxy.port}')
            self.assertEqual(result.status, PROTOCOL, result)
            self.assertIn('The certificate of nowhere.invalid is made out to another (localhost, 127.0.0.1, ::1)', result.errors)

    def test_a_password_is_never_an_argument(self):
        result = posthorn('probe', 'smtp://localhost', '--proxy=socks5://alice:secret@127.0.0.1')
        self.assertEqual(result.status, USAGE, result)
        self.assertNotIn('secret', result.errors)

    def test_what_is_no_proxy_is_said_so(self):
        for uri in ('gopher://127.0.0.1:70', 'nonsense', 'socks5://'):
            result = posthorn('probe', 'smtp://localhost', f'--proxy={uri}')
            self.assertEqual(result.status, USAGE, result)
            self.assertIn('proxy', result.errors)


class Sources(unittest.TestCase):
    def test_the_source_address_is_used(self):
        for scheme in PROTOCOLS:
            with self.subTest(scheme=scheme), socket.create_server(('127.0.0.1', 0)) as listener:
                listener.settimeout(30)
                port = listener.getsockname()[1]
                seen = []

                def serve():
                    client, address = listener.accept()
                    seen.append(address[0])
                    client.close()
                thread = threading.Thread(target=serve)
                thread.start()
                posthorn('probe', f'{scheme}://127.0.0.1:{port}', PLAIN, '--source-address=127.0.0.9')
                thread.join()
                self.assertEqual(seen, ['127.0.0.9'])

    def test_an_address_of_another_machine_is_refused(self):
        result = posthorn('probe', 'smtp://127.0.0.1:9', PLAIN, '--source-address=192.0.2.1')
        self.assertEqual(result.status, TEMPFAIL, result)
        result = posthorn('probe', 'smtp://127.0.0.1:9', '--source-address=here')
        self.assertEqual(result.status, USAGE, result)


AUTOCONFIG = '''<clientConfig version="1.1"><emailProvider id="x">
<incomingServer type="imap"><hostname>localhost</hostname><port>{imap}</port><socketType>SSL</socketType>
<username>%EMAILADDRESS%</username></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.hoster.test</hostname><port>587</port><socketType>STARTTLS</socketType></outgoingServer>
</emailProvider></clientConfig>'''


class Discovery(unittest.TestCase):
    def probe(self, *options):
        with Server(IMAP + '\naccept\n' + IMAP, '--tls') as server, tempfile.NamedTemporaryFile('w') as file:
            file.write(AUTOCONFIG.format(imap=server.port))
            file.flush()
            result = posthorn('probe', 'alice@localhost', f'--autoconfig={file.name}', CA, *options)
            return server.port, result

    def test_an_address_is_enough(self):
        port, result = self.probe()
        self.assertEqual(result.status, OK, result)
        self.assertIn(f'server         imaps://alice%40localhost@localhost:{port}', result.output)
        self.assertIn('server         smtp://smtp.hoster.test', result.output)
        self.assertIn('it is in another domain', result.output)

    def test_in_json(self):
        port, result = self.probe('--json')
        self.assertEqual(result.status, OK, result)
        good, foreign = result.objects
        self.assertEqual(good['uri'], f'imaps://localhost:{port}')
        self.assertEqual(foreign, {'uri': 'smtp://smtp.hoster.test', 'foreign': True})
        tls = good['tls']
        self.assertEqual(tls['protocol'], 'TLS1.3')
        self.assertEqual([c['subject'] for c in tls['certificates']], ['CN=localhost', 'CN=Posthorn test authority'])
        self.assertEqual(tls['bindings'], ['tls-exporter', 'tls-server-end-point'])
        self.assertEqual((tls['staple'], tls['dane'], tls['explanation']), (False, 'not-asked', None))
        self.assertIn(tls['resumption'], (True, False))
        self.assertRegex(tls['certificates'][0]['fingerprint'], '^sha256(:[0-9A-F]{2}){32}$')

    def test_bad_files_and_addresses(self):
        self.assertEqual(posthorn('probe', 'alice@localhost', '--autoconfig=/nonexistent').status, NOINPUT)
        with tempfile.NamedTemporaryFile('w') as file:
            file.write('<clientConfig/>')
            file.flush()
            self.assertEqual(posthorn('probe', 'alice@localhost', f'--autoconfig={file.name}').status, UNAVAILABLE)
        self.assertEqual(posthorn('probe', 'alice@').status, USAGE)


class Certificates(unittest.TestCase):
    """What a person reads; all of the zoo is in the library's own tests."""

    def probe(self, certificate, *options, status=OK, script=SMTP + '\naccept\n' + SMTP, server_options=()):
        tls = [] if script in ('gone', 'no-tls') else ['--tls']
        with Server(script, *tls, '--certificate', certificate, *server_options) as server:
            result = posthorn('probe', f'smtps://localhost:{server.port}', CA, *options)
            self.assertEqual(result.status, status, result)
            return result

    def test_weaknesses_are_said_in_words(self):
        for certificate, sentence in {
                'expired': 'The certificate of localhost has expired (on 2001-12-31)',
                'self-signed': 'The certificate of localhost is signed by itself, and not trusted',
                'incomplete': 'The certificate of localhost comes from an authority that is not trusted (CN=Posthorn test authority '
                              'between), whose own certificate the server did not send',
                'wrong-name': 'The certificate of localhost is made out to another (mail.example.org)'}.items():
            with self.subTest(certificate=certificate):
                self.assertIn(f'WARNING        {sentence}\n', self.probe(certificate).output)

    def test_a_login_refuses_what_a_look_reports(self):
        result = self.probe('expired', '--user=alice', status=PROTOCOL, script='no-tls')
        self.assertIn('The certificate of localhost has expired (on 2001-12-31)', result.errors)

    def test_a_list_and_pins(self):
        result = self.probe('revoked', f'--crl={CERTIFICATES}/crl.pem')
        self.assertIn('WARNING        The certificate of localhost was revoked\n', result.output)
        pin = self.probe('self-signed', '--json').objects[0]['tls']['certificates'][0]
        for name in ('fingerprint', 'key_fingerprint'):
            result = self.probe('self-signed', f'--pin={pin[name]}')
            self.assertNotIn('WARNING        The certificate', result.output)
        result = self.probe('wildcard', f'--pin={pin["fingerprint"]}')
        self.assertIn('WARNING        The certificate of localhost is not the one that is expected there (it is sha256:', result.output)

    def test_a_client_certificate_of_a_file(self):
        with tempfile.NamedTemporaryFile('w') as file:
            file.write('wonderland\n')
            file.flush()
            self.probe('server', f'--pkcs12={CERTIFICATES}/client.p12', f'--key-password-file={file.name}',
                       server_options=('--client-certificate',))
        result = self.probe('server', f'--pkcs12={CERTIFICATES}/client.p12', status=PROTOCOL, script='gone')
        self.assertIn('it needs a password', result.errors)

    def test_options_that_are_wrong(self):
        for options in (['--tls-min=1.4'], ['--dane=maybe'], ['--pin=x'], ['--pkcs12=a', '--cert=b'], ['--proxy-password-file=x']):
            self.assertEqual(posthorn('probe', 'smtps://localhost:9', *options).status, USAGE, options)


if __name__ == '__main__':
    tap.main()
