#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes the certificates of the tests with openssl: `certificates.py DIRECTORY`.

ca.pem            the authority that tests trust
server.pem/.key   for localhost, 127.0.0.1 and ::1 (server first, then the authority)
expired.pem       the same names and expired.localhost, valid in 2001 alone; same key
not-yet-valid.pem the same names, valid from 2048 on; same key
wrong-name.pem    for mail.example.org; same key
self-signed.pem   for localhost, by nobody; same key
client.pem/.key   a person's, CN=alice; client.p12 holds both, its password is "wonderland"
wildcard.pem      for *.zoo.test; same key
address.pem       for 127.0.0.1 alone; same key
common-name.pem   for localhost by its common name alone; same key
other-name.pem    for mail.example.org, common name localhost; same key
service.pem       for the service _imaps.zoo.test, common name localhost; same key
service-nul.pem   for the service _imaps.zoo.test, a NUL and more; service-utf8.pem for one in the wrong kind of string; same key
fragment.pem      for m*.zoo.test; middle.pem for mail.*.test; same key
international.pem for bücher.test, in its ASCII form; same key
short-key.pem/.key the names of server.pem, an RSA key of 1024 bits
sha1.pem          the names of server.pem, signed with SHA-1; same key
intermediate.pem  the names of server.pem, by an authority between; incomplete.pem leaves that one out; same key
client-only.pem   the names of server.pem, not meant for servers; same key
stapled.pem       the names of server.pem; a staple (OCSP) has to come with it; same key
revoked.pem       the names of server.pem, revoked; same key
crl.pem           the list of what is revoked; stale.crl.pem is one that is out of date
good.ocsp, revoked.ocsp   staples (DER) of stapled.pem and revoked.pem; stale.ocsp is the first one out of date, changed.ocsp falsified
plain.ocsp, plain-stale.ocsp   the same two of server.pem, which can do without
"""
import os
import re
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
[client]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
[stapled]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
tlsfeature = status_request
[ended-early]
extendedKeyUsage = serverAuth
subjectAltName = DER:302aa02806082b06010505070807a01c161a5f696d6170732e7a6f6f2e74657374002e6576696c2e74657374
[no-name]
extendedKeyUsage = serverAuth
subjectAltName = otherName:1.3.6.1.5.5.7.8.7;UTF8:_imaps.zoo.test
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
'''


def split(der):
    """One DER value: its tag, its content, and what follows."""
    size, start = der[1], 2
    if size > 127:
        start += size & 127
        size = int.from_bytes(der[2:start], 'big')
    return der[0], der[start:start + size], der[start + size:]


def join(tag, content):
    size = len(content)
    octets = b'' if size < 128 else size.to_bytes((size.bit_length() + 7) // 8, 'big')
    return bytes([tag, 128 + len(octets)]) + octets + content if octets else bytes([tag, size]) + content


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

    def issue(self, name, key, common_name, alternatives=None, dates=DECADE, extensions='leaf', digest='sha256', by=None):
        """@by: the certificate and key of another authority."""
        request = os.path.join(self.state, 'request.pem')
        extra = ['-addext', f'subjectAltName={alternatives}'] if alternatives else []
        certificate, authority_key = by or (self.path('ca.pem'), self.key)
        self.openssl('req', '-new', '-key', self.path(key), '-subj', f'/CN={common_name}', *extra, '-out', request)
        self.openssl('ca', '-batch', '-notext', '-cert', certificate, '-keyfile', authority_key, '-in', request,
                     '-startdate', dates[0], '-enddate', dates[1], '-extensions', extensions, '-md', digest, '-out', self.path(name))
        if not by:
            self.append(name, self.path('ca.pem'))

    def append(self, name, path):
        with open(path, encoding='ascii') as more, open(self.path(name), 'a', encoding='ascii') as leaf:
            leaf.write(more.read())

    def list_revoked(self, name, update, following):
        self.openssl('ca', '-gencrl', '-cert', self.path('ca.pem'), '-keyfile', self.key, '-crl_lastupdate', update,
                     '-crl_nextupdate', following, '-out', self.path(name))

    def staple(self, name, certificate):
        self.openssl('ocsp', '-index', os.path.join(self.state, 'index.txt'), '-CA', self.path('ca.pem'), '-rsigner',
                     self.path('ca.pem'), '-rkey', self.key, '-issuer', self.path('ca.pem'), '-cert', self.path(certificate),
                     '-ndays', '9000', '-respout', self.path(name))

    def age_staple(self, name, original):
        """The same statement, signed anew, as it would have been in 2020 (RFC 6960 section 4.2.1)."""
        with open(self.path(original), 'rb') as file:
            status, wrapped = split(split(file.read())[1])[1:]
        oid, octets = split(split(split(wrapped)[1])[1])[1:]
        basic = split(split(octets)[1])[1]
        data, rest = split(basic)[1:]
        data = join(0x30, re.sub(rb'\x18\x0f20[0-9]{12}Z', b'\x18\x0f20200101000000Z', data))
        algorithm, rest = split(rest)[1:]
        rest = split(rest)[2]
        scratch = os.path.join(self.state, 'statement')
        with open(scratch, 'wb') as file:
            file.write(data)
        self.openssl('dgst', '-sha256', '-sign', self.key, '-out', scratch + '.signed', scratch)
        with open(scratch + '.signed', 'rb') as file:
            signature = join(0x03, b'\0' + file.read())
        basic = join(0x30, data + join(0x30, algorithm) + signature + rest)
        with open(self.path(name), 'wb') as file:
            file.write(join(0x30, join(0x0a, status) + join(0xa0, join(0x30, join(0x06, oid) + join(0x04, basic)))))

    def falsify(self, name, original):
        with open(self.path(original), 'rb') as file:
            octets = bytearray(file.read())
        at = octets.index(b'\x18\x0f20') + 10
        octets[at] ^= 1
        with open(self.path(name), 'wb') as file:
            file.write(octets)


def make_zoo(authority):
    """What a server may do wrong, beside dates and names."""
    between = os.path.join(authority.state, 'between.pem'), os.path.join(authority.state, 'between.key')
    authority.issue('wildcard.pem', 'server.key', 'the zoo', 'DNS:*.zoo.test')
    authority.issue('address.pem', 'server.key', 'an address', 'IP:127.0.0.1')
    authority.issue('common-name.pem', 'server.key', 'localhost')
    authority.issue('other-name.pem', 'server.key', 'localhost', 'DNS:mail.example.org')
    authority.issue('service.pem', 'server.key', 'localhost', 'otherName:1.3.6.1.5.5.7.8.7;IA5STRING:_imaps.zoo.test')
    authority.issue('service-nul.pem', 'server.key', 'localhost', extensions='ended-early')
    authority.issue('service-utf8.pem', 'server.key', 'localhost', extensions='no-name')
    authority.issue('fragment.pem', 'server.key', 'the zoo', 'DNS:m*.zoo.test')
    authority.issue('middle.pem', 'server.key', 'the zoo', 'DNS:mail.*.test')
    authority.issue('international.pem', 'server.key', 'books', 'DNS:xn--bcher-kva.test')
    authority.openssl('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024', '-out', authority.path('short-key.key'))
    authority.issue('short-key.pem', 'short-key.key', 'localhost', LOOPBACK)
    authority.issue('sha1.pem', 'server.key', 'localhost', LOOPBACK, digest='sha1')
    authority.issue('client-only.pem', 'server.key', 'localhost', LOOPBACK, extensions='client')
    authority.issue('stapled.pem', 'server.key', 'localhost', LOOPBACK, extensions='stapled')
    authority.issue('revoked.pem', 'server.key', 'localhost', LOOPBACK)
    authority.make_key(between[1])
    authority.issue(between[0], between[1], 'Posthorn test authority between', extensions='authority')
    authority.issue('incomplete.pem', 'server.key', 'localhost', LOOPBACK, by=between)
    authority.issue('intermediate.pem', 'server.key', 'localhost', LOOPBACK, by=between)
    authority.append('intermediate.pem', between[0])
    authority.openssl('ca', '-cert', authority.path('ca.pem'), '-keyfile', authority.key, '-revoke', authority.path('revoked.pem'))
    authority.list_revoked('crl.pem', '20200101000000Z', '20491231000000Z')
    authority.list_revoked('stale.crl.pem', '20200101000000Z', '20200102000000Z')
    authority.staple('good.ocsp', 'stapled.pem')
    authority.staple('revoked.ocsp', 'revoked.pem')
    authority.staple('plain.ocsp', 'server.pem')
    authority.age_staple('stale.ocsp', 'good.ocsp')
    authority.age_staple('plain-stale.ocsp', 'plain.ocsp')
    authority.falsify('changed.ocsp', 'good.ocsp')
    authority.openssl('pkcs12', '-export', '-inkey', authority.path('client.key'), '-in', authority.path('client.pem'),
                      '-passout', 'pass:wonderland', '-out', authority.path('client.p12'))


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
        make_zoo(authority)


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    os.makedirs(sys.argv[1], exist_ok=True)
    make_certificates(sys.argv[1])
