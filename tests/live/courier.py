# SPDX-License-Identifier: LGPL-2.1-or-later
"""Courier IMAP: STARTTLS and TLS at once, an empty Maildir for each user."""
import os
import subprocess

from aside import CACHE, Aside
from server import Server, write

PORTS = ('courier_imap', 'courier_imaps')
ACCOUNT, NUMBER = 'courier', 64931
MECHANISMS = 'AUTH=CRAM-MD5 AUTH=CRAM-SHA1 AUTH=CRAM-SHA256'


def start(servers):
    aside = Aside(servers.directory, 'courier')
    aside.add_account(ACCOUNT, NUMBER)
    aside.make('run', 'courier', 'authdaemon', owner=NUMBER)
    aside.make('etc', 'courier')
    aside.make('mail')
    write(aside.path('etc', 'courier', 'authdaemonrc'), AUTHDAEMONRC)
    make_users(aside, servers.passwords)
    certificate = aside.path('server.pem')
    write(certificate, '', 0o600)
    with open(certificate, 'w', encoding='ascii') as file:
        for name in ('server.key', 'server.pem'):
            with open(servers.path('certificates', name), encoding='ascii') as part:
                file.write(part.read())
    os.chown(certificate, NUMBER, NUMBER)
    write(aside.path('start'), START.format(mechanisms=MECHANISMS, certificate=certificate, address=servers.hosts[0], **servers.ports))
    greetings = {('127.0.0.1', servers.ports['courier_imap']): b'* OK'}
    return Server('Courier', aside.command('/bin/sh', aside.path('start')), aside.path('syslog'), greetings)


def variables(servers):
    return {'PH_TEST_COURIER_MAIL_DIR': servers.path('courier', 'mail')}


def make_users(aside, passwords):
    """What userdb, userdbpw and makeuserdb would do, into the private directory."""
    lines, shadow = [], []
    for user, password in passwords.items():
        aside.make('mail', user, owner=NUMBER, mode=0o700)
        for name in ('', 'new', 'cur', 'tmp'):
            aside.make('mail', user, 'Maildir', name, owner=NUMBER, mode=0o700)
        home = aside.path('mail', user)
        lines.append(f'{user}\thome={home}|uid={NUMBER}|gid={NUMBER}|mail={home}/Maildir|_=\n')
        secrets = [f'{name}pw={userdbpw(option, password)}' for name, option in (('imap', '-md5'), ('hmac-md5', '-hmac-md5'))]
        shadow.append(f'{user}\t{"|".join(secrets)}\n')
    for name, content in (('userdb', lines), ('userdbshadow', shadow)):
        path = aside.path('etc', 'courier', f'{name}.dat')
        unpacked('lib/courier/courier-authlib/makedatprog', '-', path + '.new', path, text=''.join(content) + '.\n')
        os.chmod(path, 0o644 if name == 'userdb' else 0o600)
        os.chown(path, NUMBER, NUMBER)
    write(aside.path('etc', 'courier', 'userdb'), '')


def userdbpw(option, password):
    return unpacked('sbin/userdbpw', option, text=password + '\n').strip()


def unpacked(program, *arguments, text):
    libraries = os.path.join(CACHE, 'usr', 'lib')
    return subprocess.run([os.path.join(CACHE, 'usr', program), *arguments], input=text, capture_output=True, text=True, check=True,
                          env={'LD_LIBRARY_PATH': libraries}).stdout


AUTHDAEMONRC = '''
authmodulelist="authuserdb"
authmodulelistorig="authuserdb"
daemons=2
authdaemonvar=/run/courier/authdaemon
DEBUG_LOGIN=0
'''

START = '''
export MAILDIRPATH=Maildir IMAP_USELOCKS=1 IMAP_KEYWORDS=1 IMAP_ACL=1 IMAP_IDLE_TIMEOUT=1 IMAP_TRASHFOLDERNAME=Trash IMAP_UMASK=077
export IMAP_MAILBOX_SANITY_CHECK=1 IMAP_CHECK_ALL_FOLDERS=0 IMAP_DISABLETHREADSORT=0 IMAP_OBSOLETE_CLIENT=0 IMAP_ENHANCEDIDLE=1
export IMAP_CAPABILITY="IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA {mechanisms} IDLE"
export IMAP_CAPABILITY_TLS="$IMAP_CAPABILITY AUTH=PLAIN" IMAP_CAPABILITY_ORIG="$IMAP_CAPABILITY" IMAP_CAPABILITY_TLS_ORIG="$IMAP_CAPABILITY AUTH=PLAIN"
export COURIERTLS=/usr/bin/couriertls IMAP_TLS_REQUIRED=1 TLS_CERTFILE={certificate} TLS_VERIFYPEER=NONE
login=/usr/lib/courier/courier/imaplogin
tcpd() {{
  /usr/sbin/couriertcpd -address={address} -maxprocs=100 -maxperip=100 -nodnslookup -noidentlookup "$@" /usr/bin/imapd Maildir
}}

/usr/lib/courier/courier-authlib/authdaemond &
until [ -S /run/courier/authdaemon/socket ]; do
  sleep 0.02
done
IMAP_TLS=1 tcpd {courier_imaps} /usr/bin/couriertls -server -tcpd $login &
IMAP_STARTTLS=YES tcpd {courier_imap} $login
'''
