#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private MIT Kerberos realm on a loopback port of its own, for as long as one command runs. Needs no rights.

    kdc.py run -- COMMAND [ARGUMENT…]

runs COMMAND with a ticket for alice, and with the keys of imap@mail.example.test, by the variables of Kerberos itself.
PH_TEST_WRAPPER, where set, is what the command runs under (`valgrind --quiet`).

As a library: `with Kdc(directory, users, services) as kdc: kdc.environment()`. The realm is TEST.INVALID; `users` is {name: password},
`services` are principals such as imap/localhost, whose keys are in kdc.keytab. kdc.ticket(user) gets a ticket and returns the
variables by which a program finds it; the program's own environment, and whatever tickets its user has, are left alone.
"""
import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time

REALM = 'TEST.INVALID'
PATIENCE = 20

KRB5_CONF = '''\
[libdefaults]
  default_realm = {realm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  {realm} = {{
    kdc = 127.0.0.1:{port}
  }}
[domain_realm]
  localhost = {realm}
'''

KDC_CONF = '''\
[kdcdefaults]
  kdc_listen = 127.0.0.1:{port}
  kdc_tcp_listen = 127.0.0.1:{port}
[realms]
  {realm} = {{
    database_name = {directory}/principal
    key_stash_file = {directory}/stash
    acl_file = {directory}/kadm5.acl
  }}
'''


class KdcFailure(Exception):
    """The realm could not be made."""


def find(program):
    path = shutil.which(program, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')
    if path is None:
        raise KdcFailure(f'{program} is not installed: tools/install-packages servers')
    return path


def free_port():
    with socket.socket() as sock:
        sock.bind(('127.0.0.1', 0))
        return sock.getsockname()[1]


class Kdc:
    def __init__(self, directory, users, services, preexec=None):
        self.directory = directory
        self.users = users
        self.services = services
        self.preexec = preexec
        self.process = None
        self.keytab = self.path('services.keytab')
        self.port = free_port()

    def path(self, name):
        return os.path.join(self.directory, name)

    def environment(self):
        """For clients and servers of the realm; no ticket."""
        return {'KRB5_CONFIG': self.path('krb5.conf'), 'KRB5CCNAME': 'FILE:' + self.path('no-tickets')}

    def run(self, *command, text=''):
        env = {**os.environ, **self.environment(), 'KRB5_KDC_PROFILE': self.path('kdc.conf')}
        done = subprocess.run([find(command[0]), *command[1:]], input=text, env=env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise KdcFailure(f'{command[0]}: {done.stderr.strip() or done.stdout.strip()}')

    def __enter__(self):
        os.makedirs(self.directory, exist_ok=True)
        for name, content in (('krb5.conf', KRB5_CONF), ('kdc.conf', KDC_CONF), ('kadm5.acl', '')):
            with open(self.path(name), 'w', encoding='utf-8') as file:
                file.write(content.format(realm=REALM, port=self.port, directory=self.directory))
        self.run('kdb5_util', 'create', '-s', '-r', REALM, '-P', 'master')
        for user, password in self.users.items():
            self.run('kadmin.local', '-q', f'addprinc -pw {password} {user}')
            self.run('kadmin.local', '-q', f'ktadd -norandkey -k {self.path(user)}.keytab {user}')
        for service in self.services:
            self.run('kadmin.local', '-q', f'addprinc -randkey {service}')
            self.run('kadmin.local', '-q', f'ktadd -k {self.keytab} {service}')
        self.start()
        return self

    def start(self):
        env = {**os.environ, **self.environment(), 'KRB5_KDC_PROFILE': self.path('kdc.conf')}
        with open(self.path('kdc.log'), 'wb') as log:
            self.process = subprocess.Popen([find('krb5kdc'), '-n', '-r', REALM], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=env, preexec_fn=self.preexec)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(('127.0.0.1', self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.__exit__()
                    with open(self.path('kdc.log'), encoding='utf-8', errors='replace') as log:
                        raise KdcFailure('krb5kdc did not come up: ' + log.read()[-500:]) from None
                time.sleep(0.01)

    def __exit__(self, *_):
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def ticket(self, user):
        cache = 'FILE:' + self.path(user + '.cc')
        self.run('kinit', '-k', '-t', self.path(user + '.keytab'), '-c', cache, user)
        return {**self.environment(), 'KRB5CCNAME': cache}


def main():
    if sys.argv[1:3] != ['run', '--'] or len(sys.argv) < 4:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix='posthorn-') as directory:
        try:
            with Kdc(directory, {'alice': 'wonderland'}, ['imap/mail.example.test']) as kdc:
                env = {**os.environ, **kdc.ticket('alice'), 'KRB5_KTNAME': kdc.keytab}
                return subprocess.run([*shlex.split(os.environ.get('PH_TEST_WRAPPER', '')), *sys.argv[3:]], env=env, check=False).returncode
        except KdcFailure as failure:
            print(f'kdc: {failure}', file=sys.stderr)
            return 1


if __name__ == '__main__':
    sys.exit(main())
