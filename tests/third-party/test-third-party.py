#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is installed is enough: examples/ builds against it by pkg-config alone, and its plugins work, from C and from Python.

    test-third-party.py SOURCE-DIRECTORY BUILD-DIRECTORY

Runs with the live servers. The build is installed below a temporary directory, which its .pc file is then told.
"""
import base64
import glob
import imaplib
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
HARNESS = os.path.join(HERE, '..', 'harness')
sys.path.insert(0, HARNESS)
import tap    # noqa: E402

SOURCE, BUILD = (os.path.abspath(sys.argv.pop(1)) for _ in range(2))
PATIENCE = 120
CERTIFICATES = os.environ['PH_TEST_CERTIFICATES']
IMAP_PORT = int(os.environ['PH_TEST_IMAP_PORT'])
IMAP = f'imap://alice@localhost:{IMAP_PORT}'
LMTP = f'lmtp+unix://{os.environ["PH_TEST_LMTP_SOCKET"]}'
SECRETS = {'PASSWORD': os.environ['PH_TEST_PASSWORD_ALICE'], 'CA_FILE': os.path.join(CERTIFICATES, 'ca.pem')}


def run(*command, env=None, **options):
    result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False,
                            env={**os.environ, **(env or {})}, **options)
    if result.returncode != 0:
        raise AssertionError(f'{" ".join(command)} ended with status {result.returncode}:\n{result.stdout[-4000:]}\n{result.stderr}')
    return result.stdout


class ThirdParty(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Below a folder that only its owner may write: plugins elsewhere are refused.
        cls.work = tempfile.mkdtemp(prefix='third-party-', dir=BUILD)
        cls.addClassCleanup(shutil.rmtree, cls.work)
        cls.install()
        cls.build()

    @classmethod
    def install(cls):
        root = os.path.join(cls.work, 'root')
        run('meson', 'install', '-C', BUILD, '--no-rebuild', '--quiet', '--destdir', root)
        pkgconfig, = glob.glob(f'{root}/**/pkgconfig', recursive=True)
        cls.move(os.path.join(pkgconfig, 'posthorn-1.pc'), root)
        library = os.path.dirname(pkgconfig)
        prefix, plugins = (run('pkg-config', f'--variable={name}', 'posthorn-1', env={'PKG_CONFIG_PATH': pkgconfig}).strip()
                           for name in ('prefix', 'plugindir'))
        cls.built = os.path.join(cls.work, 'build')
        cls.env = {
            'PKG_CONFIG_PATH': pkgconfig,
            'LD_LIBRARY_PATH': f'{library}:{cls.built}',
            'LIBRARY_PATH': library,
            'GI_TYPELIB_PATH': f'{library}/girepository-1.0:{cls.built}',
            'XDG_DATA_DIRS': f'{prefix}/share:/usr/local/share:/usr/share',
            'POSTHORN_PLUGIN_PATH': f'{plugins}:{cls.built}/plugins',
            'PATH': f'{prefix}/bin:{os.environ["PATH"]}',
        }

    @staticmethod
    def move(path, root):
        with open(path, encoding='utf-8') as file:
            text = file.read()
        with open(path, 'w', encoding='utf-8') as file:
            file.write(re.sub('(?m)^prefix=', f'prefix={root}', text))

    @classmethod
    def build(cls):
        examples = os.path.join(cls.work, 'examples')
        shutil.copytree(os.path.join(SOURCE, 'examples'), examples)
        run('meson', 'setup', '-Dwerror=true', cls.built, os.path.join(examples, 'third-party'), env=cls.env)
        run('meson', 'compile', '-C', cls.built, env=cls.env)
        for name in ('send', 'read'):    # as the files themselves say
            run('sh', '-c', f'cc -Wall -Werror {name}.c -o {name} $(pkg-config --cflags --libs posthorn-1)',
                cwd=examples, env=cls.env)
        cls.examples = examples

    def posthorn(self, *arguments):
        return run('posthorn', *arguments, env=self.env)

    def program(self, *command):
        return run(*command, env={**self.env, **SECRETS})

    def test_the_plugins_are_seen_as_any_other(self):
        mechanism = self.posthorn('plugins', 'X-REVERSE')
        self.assertIn('X-REVERSE (mechanism)', mechanism)
        self.assertIn(os.path.join(self.built, 'plugins', 'x-reverse.so'), mechanism)
        self.assertIn('ID (extension)', self.posthorn('plugins', 'ID'))
        # what else is installed on this machine may be shadowed, and is listed so
        self.assertNotIn(os.path.join(self.built, 'plugins'), self.posthorn('plugins').partition('Refused')[2])

    def test_the_mechanism_logs_in(self):
        response = base64.b64encode(b'alice\0' + SECRETS['PASSWORD'][::-1].encode()).decode()
        script = f'''send 220 there
            prefix EHLO
            send 250-there
            send 250 AUTH PLAIN X-REVERSE
            expect AUTH X-REVERSE {response}
            send 235 2.7.0 in
            prefix EHLO
            send 250 there
            expect QUIT
            send 221 bye
            closed'''
        script = '\n'.join(line.strip() for line in script.splitlines())
        with subprocess.Popen([sys.executable, os.path.join(HARNESS, 'scripted-server.py'), '--text', script], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
            self.addCleanup(server.kill)
            port = server.stdout.readline().split()[1]
            secret = os.path.join(self.work, 'secret')
            with open(secret, 'w', opener=lambda path, flags: os.open(path, flags, 0o600), encoding='ascii') as file:
                file.write(SECRETS['PASSWORD'])
            output = self.posthorn('probe', f'smtp://alice@127.0.0.1:{port}', '--tls=never', '--mechanism=X-REVERSE',
                                   f'--password-file={secret}')
            self.assertRegex(output, r'(?m)^logged in by +X-REVERSE$')
            self.assertEqual(server.wait(PATIENCE), 0, server.stderr.read())

    def test_the_extension_and_the_connection_from_c(self):
        output = self.program(os.path.join(self.built, 'use-plugins'), IMAP)
        self.assertIn('name: Dovecot', output)
        self.assertRegex(output, r'recorded: \d{3,} octets received, beginning with \* OK')

    def test_the_extension_and_the_connection_from_python(self):
        output = self.program('/usr/bin/python3', os.path.join(self.examples, 'third-party', 'use-plugins.py'), IMAP)
        self.assertIn('name: Dovecot', output)
        self.assertRegex(output, r'recorded: \d{3,} octets received, beginning with \* OK')

    def test_the_examples_send_and_read(self):
        sent = run(os.path.join(self.examples, 'send'), LMTP, 'bob@example.test', 'alice@example.test', env=self.env)
        self.assertIn('alice@example.test: accepted: 250 ', sent)
        for reader in ([os.path.join(self.examples, 'read')], ['/usr/bin/python3', os.path.join(self.examples, 'read.py')]):
            self.assertIn('An example', self.program(*reader, IMAP, 'INBOX'))

    def test_the_example_forwards_without_fetching(self):
        large = f'From: carol@example.test\r\nSubject: large\r\n\r\n{"x" * 70 + chr(13) + chr(10)}' * 4000
        with self.mailbox() as imap:
            uid = re.search(rb'APPENDUID \d+ (\d+)', imap.append('INBOX', '', None, large.encode())[1][0])[1].decode()
        said = self.program('/usr/bin/python3', os.path.join(self.examples, 'forward.py'), IMAP, 'INBOX', uid,
                            f'smtp://alice@localhost:{os.environ["PH_TEST_BURL_PORT"]}', 'alice@example.test')
        self.assertRegex(said, r'^alice@example\.test: 2')
        self.assertIn('\r\nSubject: large\r\n', self.find('Fwd: large'))

    def mailbox(self):
        imap = imaplib.IMAP4('localhost', IMAP_PORT)
        imap.starttls(ssl.create_default_context(cafile=SECRETS['CA_FILE']))
        imap.login('alice', SECRETS['PASSWORD'])
        imap.select('INBOX')
        return imap

    def find(self, subject):
        with self.mailbox() as imap:
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                found = imap.search(None, 'SUBJECT', f'"{subject}"')[1][0].split()
                if found:
                    return imap.fetch(found[-1].decode(), 'BODY[]')[1][0][1].decode()
                imap.noop()
                time.sleep(0.1)
        self.fail(f'{subject} did not come')


if __name__ == '__main__':
    tap.main()
