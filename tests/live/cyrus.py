# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cyrus IMAP: IMAP with STARTTLS and with TLS at once, with TLS and XLIST in place of SPECIAL-USE, LMTP over TCP and a unix socket. Each user's INBOX is made at the first delivery."""
import os
import shutil
import subprocess

from aside import Aside
from server import Failure, Server, write

PORTS = ('cyrus_imap', 'cyrus_imaps', 'cyrus_xlist', 'cyrus_lmtp')
ACCOUNT, NUMBER = 'cyrus', 64921
SASLPASSWD = '/usr/sbin/saslpasswd2'


def start(servers):
    aside = Aside(servers.directory, 'cyrus')
    aside.add_account(ACCOUNT, NUMBER)
    for name in ('conf', 'conf/socket', 'conf/proc', 'conf/db', 'conf/log', 'conf/msg', 'conf/lock', 'conf/ptclient', 'mail', 'sieve', 'keys', 'run'):
        aside.make(name, owner=NUMBER)
    for name in ('server.key', 'server.pem'):
        shutil.chown(shutil.copy(servers.path('certificates', name), aside.path('keys')), NUMBER)
    make_passwords(aside, servers.passwords)
    settings = IMAPD_CONF.format(directory=aside.directory, account=ACCOUNT, domain=servers.domain, users=' '.join(servers.passwords))
    write(aside.path('etc', 'imapd.conf'), settings)
    write(aside.path('xlist.conf'), settings.replace('specialusealways: yes', 'specialusealways: no\nsuppress_capabilities: SPECIAL-USE LIST-EXTENDED'))
    write(aside.path('cyrus.conf'), CYRUS_CONF.format(directory=aside.directory, services=''.join(services(servers))))
    command = aside.command('/usr/lib/cyrus/bin/master', '-D', '-M', aside.path('cyrus.conf'),
                            '-p', aside.path('run', 'master.pid'))
    greetings = {('127.0.0.1', servers.ports['cyrus_imap']): b'* OK', ('127.0.0.1', servers.ports['cyrus_lmtp']): b'220 ',
                 aside.path('lmtp.sock'): b'220 '}
    return Server('Cyrus', command, aside.path('syslog'), greetings)


def variables(servers):
    return {'PH_TEST_CYRUS_LMTP_SOCKET': servers.path('cyrus', 'lmtp.sock')}


def services(servers):
    for name, program, port in (('imap', 'imapd', 'cyrus_imap'), ('imaps', 'imapd -s', 'cyrus_imaps'), ('lmtp', 'lmtpd -a', 'cyrus_lmtp'),
                                ('xlist', f'imapd -s -C {servers.path("cyrus", "xlist.conf")}', 'cyrus_xlist')):
        for number, host in enumerate(servers.hosts):
            address = f'[{host}]' if ':' in host else host
            yield f'  {name}{number or ""} cmd="{program}" listen="{address}:{servers.ports[port]}" proto="tcp{6 if ":" in host else 4}" prefork=0\n'


def make_passwords(aside, passwords):
    if not os.path.exists(SASLPASSWD):
        raise Failure('saslpasswd2 is not installed: tools/install-packages more-servers')
    path = aside.path('sasldb2')
    for user, password in passwords.items():
        subprocess.run([SASLPASSWD, '-p', '-c', '-f', path, '-u', 'localhost', user], input=password.encode(), check=True)
    shutil.chown(path, NUMBER)


IMAPD_CONF = '''
configdirectory: {directory}/conf
partition-default: {directory}/mail
sievedir: {directory}/sieve
cyrus_user: {account}
servername: localhost
defaultdomain: {domain}
virtdomains: off
unixhierarchysep: yes
altnamespace: yes
allowplaintext: no
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {directory}/sasldb2
sasl_mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-224 SCRAM-SHA-256 SCRAM-SHA-384 SCRAM-SHA-512
tls_server_cert: {directory}/keys/server.pem
tls_server_key: {directory}/keys/server.key
tls_client_ca_dir: /etc/ssl/certs
lmtpsocket: {directory}/lmtp.sock
lmtp_downcase_rcpt: yes
idlesocket: {directory}/conf/socket/idle
autocreate_post: yes
autocreate_users: {users}
autocreate_quota: 0
autocreate_inbox_folders: Drafts | Sent | Trash
autocreate_subscribe_folders: Drafts | Sent | Trash
xlist-drafts: Drafts
xlist-sent: Sent
xlist-trash: Trash
specialusealways: yes
duplicatesuppression: no
failedloginpause: 0
maxlogins_per_host: 0
'''

CYRUS_CONF = '''
START {{
  recover cmd="ctl_cyrusdb -r"
}}
SERVICES {{
{services}  lmtpunix cmd="lmtpd" listen="{directory}/lmtp.sock" prefork=0
}}
EVENTS {{
}}
DAEMON {{
  idled cmd="idled -d"
}}
'''
