# SPDX-License-Identifier: LGPL-2.1-or-later
"""OpenSMTPD, in plain text only: Debian 12's completes no TLS handshake, and it offers AUTH only under TLS. It delivers to Dovecot."""
from aside import Aside
from server import Server, write

PORTS = ('opensmtpd_smtp',)
ACCOUNTS = {'opensmtpd': 64911, 'opensmtpq': 64912}


def start(servers):
    aside = Aside(servers.directory, 'opensmtpd')
    for name, number in ACCOUNTS.items():
        aside.add_account(name, number)
    aside.make('var', 'spool')
    aside.make('var', 'lib', 'opensmtpd', 'empty')
    recipients = [f'{user}@{servers.domain}' for user in servers.passwords]
    write(aside.path('recipients'), ''.join(f'{address}\n' for address in recipients))
    write(aside.path('users'), ''.join(f'{address} mail\n' for address in recipients))    # it wants a user of the machine for each
    port = servers.ports['opensmtpd_smtp']
    listeners = ''.join(f'listen on {host} port {port}\n' for host in servers.hosts)
    write(aside.path('smtpd.conf'), listeners + CONFIGURATION.format(directory=aside.directory, socket=servers.path('lmtp.sock'), domain=servers.domain))
    command = aside.command('/usr/sbin/smtpd', '-d', '-f', aside.path('smtpd.conf'))
    return Server('OpenSMTPD', command, aside.path('syslog'), {('127.0.0.1', port): b'220 '})


CONFIGURATION = '''
table recipients file:{directory}/recipients
table users file:{directory}/users
smtp max-message-size 64M
queue ttl 1h
action dovecot lmtp "{socket}" rcpt-to virtual <users>
match from any for domain "{domain}" rcpt-to <recipients> action dovecot
'''
