#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes the certificates of the tests with openssl: `certificates.py DIRECTORY`.

ca.pem            the authority that tests trust
server.pem/.key   for localhost, 127.0.0.1 and ::1 (server first, then the authority)
expired.pem       the same names and expired.localhost, valid in 2001 alone; same key
not-yet-valid.pem the same names, valid from 2048 on; same key
wrong-name.pem    for mail.example.org; same key
self-signed.pem   for localhost, by nobody; same key
client.pem/.key   a person's, CN=alice
"""
import os
import subprocess
import sys
import tempfile

LOOPBACK = 'DNS:localhost,IP:127.0.0.1,IP:::1'
DECADE = ('20200101000000Z', '20491231235959Z')

CONFIG = '''
[ca]
default_ca = test
[test]
dir = {state}
database = {state}/index.txt
new_certs_dir = {state}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
x509_extensions = leaf
[any]
commonName = supplied
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth,clientAuth
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
'''


class Authority:
    """An authority whose files lie in `directory`; its scratch files in `state`."""

    def __init__(self, directory, state):
        self.directory = directory
        self.state = state
        self.config = os.path.join(state, 'openssl.cnf')
        with open(self.config, 'w', encoding='ascii') as file:
            file.write(CONFIG.format(state=state))
        open(os.path.join(state, 'index.txt'), 'w', encoding='ascii').close()
        self.key = os.path.join(state, 'ca.key')
        self.make_key(self.key)
        self.openssl('req', '-x509', '-new', '-key', self.key, '-subj', '/CN=Posthorn test authority', '-days', '9000',
                     '-extensions', 'authority', '-out', self.path('ca.pem'))

    def path(self, name):
        return os.path.join(self.directory, name)

    def openssl(self, *arguments):
        command = ['openssl', *arguments]
        if arguments[0] in ('req', 'ca'):
            command += ['-config', self.config]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f'{" ".join(command)} failed:\n{done.stderr}')

    def make_key(self, path):
        self.openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', path)

    def issue(self, name, key, common_name, alternatives=None, dates=DECADE):
        request = os.path.join(self.state, 'request.pem')
        extra = ['-addext', f'subjectAltName={alternatives}'] if alternatives else []
        self.openssl('req', '-new', '-key', self.path(key), '-subj', f'/CN={common_name}', *extra, '-out', request)
        self.openssl('ca', '-batch', '-notext', '-cert', self.path('ca.pem'), '-keyfile', self.key, '-in', request,
                     '-startdate', dates[0], '-enddate', dates[1], '-out', self.path(name))
        with open(self.path('ca.pem'), encoding='ascii') as ca, open(self.path(name), 'a', encoding='ascii') as leaf:
            leaf.write(ca.read())


def make_certificates(directory):
    """Writes all of them into `directory`, which exists."""
    with tempfile.TemporaryDirectory() as state:
        authority = Authority(directory, state)
        authority.make_key(authority.path('server.key'))
        authority.make_key(authority.path('client.key'))
        authority.issue('server.pem', 'server.key', 'localhost', LOOPBACK)
        authority.issue('expired.pem', 'server.key', 'localhost', LOOPBACK + ',DNS:expired.localhost',
                        ('20010101000000Z', '20011231235959Z'))
        authority.issue('not-yet-valid.pem', 'server.key', 'localhost', LOOPBACK, ('20480101000000Z', '20491231235959Z'))
        authority.issue('wrong-name.pem', 'server.key', 'mail.example.org', 'DNS:mail.example.org')
        authority.issue('client.pem', 'client.key', 'alice')
        authority.openssl('req', '-x509', '-new', '-key', authority.path('server.key'), '-subj', '/CN=localhost', '-days', '9000',
                          '-addext', f'subjectAltName={LOOPBACK}', '-out', authority.path('self-signed.pem'))


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    os.makedirs(sys.argv[1], exist_ok=True)
    make_certificates(sys.argv[1])
