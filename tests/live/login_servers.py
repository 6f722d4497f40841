#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private Dovecot that takes every kind of login, and a Kerberos realm, for as long as one command runs.

    login_servers.py run [--keep] [--with=…] -- COMMAND [ARGUMENT…]

What servers.py starts, with these in addition:

    PH_TEST_TOKEN_ALICE PH_TEST_TOKEN_EXPIRED PH_TEST_TOKEN_BOB    OAuth 2 tokens (signed by HS256, checked by Dovecot itself)
    PH_TEST_KRB5_CONFIG PH_TEST_KRB5CCNAME                         the realm, and alice's ticket for it
    PH_TEST_CERTIFICATES/client.pem                                is asked for, and names alice, for EXTERNAL
    the user "hashed", password "looking-glass"                    has a hash that no mechanism but the plain ones can use

GSSAPI is there where PH_TEST_KRB5_CONFIG is; PH_TEST_NO_KERBEROS says why it is not.
"""
import base64
import hashlib
import hmac
import json
import os
import sys
import time

import servers
from kdc import Kdc, KdcFailure

CLIENT = 'alice'
KEY = b'a key that only this test has'


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=')


def make_token(user, issued, expires):
    """RFC 7519, HS256"""
    parts = [{'typ': 'JWT', 'alg': 'HS256'}, {'sub': user, 'iat': issued, 'exp': expires}]
    signed = b'.'.join(encode(json.dumps(part).encode()) for part in parts)
    return (signed + b'.' + encode(hmac.new(KEY, signed, hashlib.sha256).digest())).decode()


class LoginServers(servers.Servers):
    def __init__(self, more=(), keep=False):
        super().__init__(more, keep)
        self.kdc = None
        self.kerberos = {}

    def start(self):
        self.start_kerberos()
        self.write_oauth()
        super().start()

    def stop(self):
        if self.kdc is not None:
            self.kdc.__exit__()
        super().stop()

    def start_kerberos(self):
        kdc = Kdc(self.path('kdc'), {CLIENT: servers.PASSWORDS[CLIENT]}, ['imap/localhost', 'smtp/localhost'], servers.end_with_parent)
        try:
            self.kdc = kdc.__enter__()
        except KdcFailure as failure:
            self.kerberos = {'PH_TEST_NO_KERBEROS': str(failure)}
            return
        os.chmod(self.kdc.keytab, 0o644)    # the authentication service has a user of its own
        self.kerberos = {'PH_TEST_' + name: value for name, value in self.kdc.ticket(CLIENT).items()}

    def passwd_line(self, user):
        """The user with the hash goes along with the last of the others."""
        line = super().passwd_line(user)
        if user == list(servers.PASSWORDS)[-1]:
            salt = b'saltsalt'
            line += 'hashed:{SSHA256}' + base64.b64encode(hashlib.sha256(b'looking-glass' + salt).digest() + salt).decode() + '::::::\n'
        return line

    def write_oauth(self):
        keys = self.path('keys', 'default', 'HS256')
        os.makedirs(keys)
        servers.write(os.path.join(keys, 'default'), base64.b64encode(KEY).decode())
        servers.write(self.path('oauth2.conf'), OAUTH_CONF.format(directory=self.directory))

    def environment(self):
        now = int(time.time())
        return {
            **super().environment(),
            **self.kerberos,
            'PH_TEST_TOKEN_ALICE': make_token('alice', now - 60, now + 3600),
            'PH_TEST_TOKEN_BOB': make_token('bob', now - 60, now + 3600),
            'PH_TEST_TOKEN_EXPIRED': make_token('alice', now - 7200, now - 3600),
        }

    def dovecot_conf(self, owner):
        text = super().dovecot_conf(owner) + DOVECOT_LOGINS.format(directory=self.directory, certificates=self.path('certificates'))
        return text + (DOVECOT_KERBEROS.format(keytab=self.kdc.keytab, config=self.kdc.path('krb5.conf')) if self.kdc is not None else '')


OAUTH_CONF = '''\
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={directory}/keys/
username_attribute = sub
username_format = %Ln
'''

DOVECOT_LOGINS = '''
auth_mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 xoauth2 oauthbearer external
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {directory}/oauth2.conf
}}
passdb {{
  driver = static
  args = nopassword=y
  mechanisms = gssapi gss-spnego external
}}
ssl_ca = <{certificates}/ca.pem
ssl_verify_client_cert = yes
ssl_require_crl = no
auth_ssl_username_from_cert = yes
ssl_cert_username_field = commonName
'''

DOVECOT_KERBEROS = '''
auth_mechanisms = $auth_mechanisms gssapi gss-spnego
auth_krb5_keytab = {keytab}
auth_gssapi_hostname = localhost
import_environment = $import_environment KRB5_CONFIG={config}
'''

if __name__ == '__main__':
    servers.Servers = LoginServers
    sys.exit(servers.main())
