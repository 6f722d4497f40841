#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private Dovecot and a private Postfix on loopback ports of their own, for as long as one command runs.

    servers.py run [--keep] [--with=exim,opensmtpd,cyrus,courier] -- COMMAND [ARGUMENT…]

starts both under a temporary directory, and those of --with beside them (each in a module of its own), runs COMMAND with the
variables below, stops all by process id, removes everything, and exits as COMMAND did; on a failure it shows the servers' logs
(--keep: leaves the directory for a look). As a library: `with Servers(('exim',)) as servers: servers.environment()`.

    PH_TEST_IMAP_PORT PH_TEST_IMAPS_PORT       Dovecot: STARTTLS is offered; TLS at once
    PH_TEST_LMTP_PORT PH_TEST_LMTP_SOCKET      Dovecot
    PH_TEST_SUBMISSION_PORT                    Postfix: STARTTLS, then SASL (by Dovecot), then mail; nothing without a login
    PH_TEST_SMTPS_PORT                         the same with TLS at once
    PH_TEST_SASL_PORT                          Postfix: the same by libsasl2 itself, where saslpasswd2 is installed
    PH_TEST_SMTP_PORT                          Postfix without TLS and SASL: takes mail for example.test, refuses strangers
    PH_TEST_RELAY_PORT                         the same, which trusts every client: XCLIENT, XFORWARD, VERP; ETRN for example.test
    PH_TEST_CERTIFICATES                       directory of ca.pem, client.pem, … (see ../harness/certificates.py)
    PH_TEST_MAIL_DIR                           USER/Maildir of each user
    PH_TEST_USERS                              "alice bob tiny", all @example.test; PH_TEST_PASSWORD_ALICE … have the passwords
    PH_TEST_IPV6                               1 where the servers listen on ::1, too
    PH_TEST_EXIM_SUBMISSION_PORT, _SMTPS_PORT, _SMTP_PORT      as Postfix's; passed on to Dovecot, too
    PH_TEST_OPENSMTPD_SMTP_PORT                                as Postfix's without TLS
    PH_TEST_CYRUS_IMAP_PORT, _IMAPS_PORT, _LMTP_PORT, _LMTP_SOCKET    mailboxes of its own for the same users
    PH_TEST_CYRUS_XLIST_PORT                   the same mailboxes, TLS at once, XLIST in place of SPECIAL-USE
    PH_TEST_MIDDLE_IMAPS_PORT                                  somebody between the client and Cyrus, whose certificate is believed
    PH_TEST_COURIER_IMAP_PORT, _IMAPS_PORT, _MAIL_DIR          the same

PH_TEST_WRAPPER, where set, is what the command runs under (`valgrind --quiet`).

Dovecot runs as any user, the others as root only. For others their variables are missing and PH_TEST_NO_POSTFIX says why.
The names expired.localhost and wrong.localhost lead to the same ports with a certificate that has expired or is another's.
"""
import argparse
import base64
import grp
import importlib
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'harness'))
from aside import CACHE    # noqa: E402
from certificates import make_certificates    # noqa: E402
from server import LIBC, PR_SET_CHILD_SUBREAPER, SIGNALS, Failure, Server, end_with_parent, write    # noqa: E402

DOMAIN = 'example.test'
PASSWORDS = {
    'alice': 'wonderland',
    'bob': 'Grüße: 100 % "quoted" \\ {5}',
    'tiny': 'small',
}
SMALL_QUOTA_KB = 20
MORE = ('exim', 'opensmtpd', 'cyrus', 'courier', 'middle')
DOVECOT = '/usr/sbin/dovecot'
SASLPASSWD = '/usr/sbin/saslpasswd2'
POSTFIX_MASTER = '/usr/lib/postfix/sbin/master'
POSTFIX_QUEUE = 'active bounce corrupt defer deferred flush hold incoming private saved trace'


def have_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.bind(('::1', 0))
        return True
    except OSError:
        return False


def free_ports(count, hosts):
    """Ports that are free on each of `hosts` now; all are held until the last is found."""
    held, ports = [], []
    try:
        while len(ports) < count:
            port = 0
            for host in hosts:
                sock = socket.socket(socket.AF_INET6 if ':' in host else socket.AF_INET)
                held.append(sock)
                try:
                    sock.bind((host, port))
                except OSError:
                    break
                port = sock.getsockname()[1]
            else:
                ports.append(port)
    finally:
        for sock in held:
            sock.close()
    return ports


def traversable(directory):
    """Whether the servers' own users can come to it."""
    while True:
        if not os.stat(directory).st_mode & 0o001:
            return False
        if directory == '/':
            return True
        directory = os.path.dirname(directory)


class Servers:
    """The servers and their directory."""

    domain = DOMAIN
    passwords = PASSWORDS

    def __init__(self, more=(), keep=False):
        self.keep = keep
        self.root = os.geteuid() == 0
        self.running = []
        self.hosts = ['127.0.0.1', '::1'] if have_ipv6() else ['127.0.0.1']
        self.directory = None
        self.ports = {}
        self.more = [importlib.import_module(name) for name in more] if self.root else []

    # -- life

    def __enter__(self):
        base = tempfile.gettempdir()
        self.directory = tempfile.mkdtemp(prefix='posthorn-', dir=base if traversable(base) else '/tmp')
        try:
            os.chmod(self.directory, 0o755)
            os.mkdir(self.path('certificates'))
            make_certificates(self.path('certificates'))
            self.start()
        except BaseException:
            self.show_logs()
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        held = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)    # what has begun to be cleaned up is cleaned up whole
        try:
            self.stop()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)

    def stop(self):
        for server in reversed(self.running):
            server.stop()
        self.running.clear()
        if self.keep:
            print(f'kept: {self.directory}', file=sys.stderr)
        else:
            shutil.rmtree(self.directory, ignore_errors=True)

    def start(self):
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
        names = ['imap', 'imaps', 'lmtp', 'submission', 'smtps', 'smtp', 'relay', 'burl', 'sasl', *(name for module in self.more for name in module.PORTS)]
        self.ports = dict(zip(names, free_ports(len(names), self.hosts)))
        starters = [self.start_dovecot] + ([self.start_postfix] if self.root else [])
        for starter in starters:
            self.running.append(starter())
        if self.more and not os.path.exists(os.path.join(CACHE, 'packages')):
            raise Failure('the other servers are not there: tools/install-packages more-servers aside')
        for module in self.more:
            self.running.append(module.start(self))
        for server in self.running:
            server.wait_until_ready()

    def show_logs(self):
        for server in self.running:
            server.show_log()

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def environment(self):
        env = {
            'PH_TEST_CERTIFICATES': self.path('certificates'),
            'PH_TEST_MAIL_DIR': self.path('mail'),
            'PH_TEST_LMTP_SOCKET': self.path('lmtp.sock'),
            'PH_TEST_USERS': ' '.join(PASSWORDS),
            'PH_TEST_IPV6': str(int(len(self.hosts) > 1)),
        }
        for module in self.more:
            env.update(getattr(module, 'variables', lambda _: {})(self))
        env.update({f'PH_TEST_PASSWORD_{user.upper()}': password for user, password in PASSWORDS.items()})
        postfix = ('submission', 'smtps', 'smtp', 'relay', 'burl', 'sasl')
        env.update({f'PH_TEST_{name.upper()}_PORT': str(port) for name, port in self.ports.items() if self.root or name not in postfix})
        if not self.root:
            env['PH_TEST_NO_POSTFIX'] = 'Postfix can be started by root only: run the tests as root or with sudo'
        return env

    # -- Dovecot

    def start_dovecot(self):
        if not os.path.exists(DOVECOT):
            raise Failure('Dovecot is not installed: tools/install-packages servers')
        for name in ('run', 'state', 'mail'):
            os.mkdir(self.path(name))
        owner = pwd.getpwnam('mail') if self.root else pwd.getpwuid(os.geteuid())
        if self.root:
            os.chown(self.path('mail'), owner.pw_uid, owner.pw_gid)
        write(self.path('passwd'), ''.join(self.passwd_line(user) for user in PASSWORDS))
        write(self.path('dovecot.conf'), self.dovecot_conf(owner))
        greetings = {('127.0.0.1', self.ports['imap']): b'* OK', ('127.0.0.1', self.ports['lmtp']): b'220 ', self.path('lmtp.sock'): b'220 '}
        return Server('Dovecot', [DOVECOT, '-F', '-c', self.path('dovecot.conf')], self.path('dovecot.log'), greetings)

    def passwd_line(self, user):
        secret = base64.b64encode(PASSWORDS[user].encode()).decode()
        extra = f'userdb_quota_rule=*:storage={SMALL_QUOTA_KB}K' if user == 'tiny' else ''
        return f'{user}:{{PLAIN.b64}}{secret}::::::{extra}\n'

    def dovecot_conf(self, owner):
        certificates = self.path('certificates')
        group = grp.getgrgid(owner.pw_gid).gr_name
        text = DOVECOT_CONF.format(directory=self.directory, certificates=certificates, listen=', '.join(self.hosts),
                                   mail_user=owner.pw_name, mail_group=group, **self.ports)
        if self.root:
            text += DOVECOT_SUBMISSION.format(**self.ports)
        else:
            text += DOVECOT_UNPRIVILEGED.format(user=owner.pw_name, group=group)
        return text

    # -- Postfix

    def start_postfix(self):
        if not os.path.exists(POSTFIX_MASTER):
            raise Failure('Postfix is not installed: tools/install-packages servers')
        postfix, postdrop = pwd.getpwnam('postfix').pw_uid, grp.getgrnam('postdrop').gr_gid
        for name in ('etc', 'queue', 'data', 'log', 'queue/pid'):
            os.mkdir(self.path(name), 0o755)
        os.chown(self.path('data'), postfix, -1)
        for name in POSTFIX_QUEUE.split():
            os.mkdir(self.path('queue', name), 0o700)
            os.chown(self.path('queue', name), postfix, -1)
        for name, mode in (('maildrop', 0o730), ('public', 0o710)):
            os.mkdir(self.path('queue', name))
            os.chmod(self.path('queue', name), mode)
            os.chown(self.path('queue', name), postfix, postdrop)
        protocols = 'all' if len(self.hosts) > 1 else 'ipv4'
        hosts = ', '.join(f'[{host}]' if ':' in host else host for host in self.hosts)
        write(self.path('etc', 'main.cf'), MAIN_CF.format(directory=self.directory, domain=DOMAIN, hosts=hosts, protocols=protocols))
        write(self.path('etc', 'master.cf'), MASTER_CF.format(directory=self.directory, **self.ports))
        write(self.path('etc', 'mailboxes'), ''.join(f'{user}@{DOMAIN} x\n' for user in PASSWORDS))
        self.write_sasl()
        past = time.time() - 60    # Postfix waits for files that have just changed
        for name in os.listdir(self.path('etc')):
            os.utime(self.path('etc', name), (past, past))
        greetings = {('127.0.0.1', self.ports[name]): b'220 ' for name in ('submission', 'smtp', 'relay')}
        environment = {'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'MAIL_CONFIG': self.path('etc')}
        return Server('Postfix', [POSTFIX_MASTER, '-d', '-c', self.path('etc')], self.path('log', 'postfix.log'), greetings, environment)

    def write_sasl(self):
        """What libsasl2's server side in Postfix takes passwords from."""
        os.mkdir(self.path('etc', 'sasl'))
        database = self.path('etc', 'sasl', 'sasldb2')
        write(self.path('etc', 'sasl', 'smtpd.conf'), SASL_CONF.format(database=database))
        if not os.path.exists(SASLPASSWD):
            return
        for user, password in PASSWORDS.items():
            subprocess.run([SASLPASSWD, '-p', '-c', '-f', database, '-u', 'localhost', user], input=password.encode(), check=True)
        shutil.chown(database, 'postfix')


DOVECOT_CONF = r'''
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/dovecot.log
listen = {listen}
protocols = imap lmtp
ssl = yes
ssl_cert = <{certificates}/server.pem
ssl_key = <{certificates}/server.key
local_name expired.localhost {{
  ssl_cert = <{certificates}/expired.pem
  ssl_key = <{certificates}/server.key
}}
local_name wrong.localhost {{
  ssl_cert = <{certificates}/wrong-name.pem
  ssl_key = <{certificates}/server.key
}}
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
auth_username_format = %Ln
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = username_format=%n {directory}/passwd
}}
userdb {{
  driver = passwd-file
  args = username_format=%n {directory}/passwd
  override_fields = uid={mail_user} gid={mail_group} home={directory}/mail/%n
}}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 0
mail_plugins = quota zlib acl
mail_attribute_dict = file:%h/dovecot-attributes
protocol imap {{
  mail_plugins = $mail_plugins imap_quota imap_zlib imap_acl
  imap_metadata = yes
}}
plugin {{
  acl = vfile
  quota = count:User quota
  quota_rule = *:storage=500M:messages=100000
  quota_vsizes = yes
  quota_max_mail_size = 200M
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    special_use = \Drafts
    auto = subscribe
  }}
  mailbox Sent {{
    special_use = \Sent
    auto = subscribe
  }}
  mailbox Trash {{
    special_use = \Trash
    auto = subscribe
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
  unix_listener {directory}/lmtp.sock {{
    mode = 0666
  }}
}}
service auth {{
  unix_listener {directory}/auth-client.sock {{
    mode = 0666
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
'''

# BURL (RFC 4468): it fetches messages out of the mailboxes itself, by URLs of GENURLAUTH, and hands them to Postfix
DOVECOT_SUBMISSION = '''
protocols = $protocols submission
imap_urlauth_host = localhost
imap_urlauth_port = {imap}
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_relay_trusted = yes
service submission-login {{
  inet_listener submission {{
    port = {burl}
  }}
}}
'''

DOVECOT_UNPRIVILEGED = '''
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
service imap-login {{
  chroot =
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
'''

MAIN_CF = '''
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {directory}/log/postfix.log
maillog_file_prefixes = {directory}
myhostname = localhost
mydestination =
mynetworks =
inet_interfaces = {hosts}
inet_protocols = {protocols}
local_recipient_maps =
alias_maps =
alias_database =
default_transport = error:5.7.1 no mail leaves this machine
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 100
message_size_limit = 67108864
virtual_mailbox_domains = {domain}
fast_flush_domains = {domain}
virtual_mailbox_maps = texthash:{directory}/etc/mailboxes
virtual_transport = lmtp:unix:{directory}/lmtp.sock
smtpd_tls_chain_files = {directory}/certificates/server.key, {directory}/certificates/server.pem
smtpd_sasl_type = dovecot
smtpd_sasl_path = {directory}/auth-client.sock
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
'''

SASL_CONF = '''
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {database}
mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-224 SCRAM-SHA-256 SCRAM-SHA-384 SCRAM-SHA-512
'''

MASTER_CF = '''
{sasl} inet n - n - - smtpd
  -o smtpd_tls_security_level=may
  -o smtpd_tls_auth_only=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_type=cyrus
  -o smtpd_sasl_path=smtpd
  -o smtpd_sasl_local_domain=localhost
  -o cyrus_sasl_config_path={directory}/etc/sasl
{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=may
  -o smtpd_tls_auth_only=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
  -o smtpd_reject_unlisted_recipient=yes
{smtps} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
{smtp} inet n - n - - smtpd
{relay} inet n - n - - smtpd
  -o smtpd_authorized_xclient_hosts=static:all
  -o smtpd_authorized_xforward_hosts=static:all
  -o smtpd_authorized_verp_clients=static:all
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
'''


def run(command, more, keep):
    """The command's exit status, as a shell would say it."""
    def interrupted(number, _frame):
        for each in SIGNALS:    # one is enough: a second must not stop the cleaning up
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)
    for number in SIGNALS:
        signal.signal(number, interrupted)

    with Servers(more, keep) as servers:
        wrapper = shlex.split(os.environ.get('PH_TEST_WRAPPER', ''))
        process = subprocess.Popen(wrapper + command, env={**os.environ, **servers.environment()}, preexec_fn=end_with_parent)
        try:
            status = process.wait()
        except SystemExit:
            process.terminate()
            process.wait()
            raise
        if status != 0:
            servers.show_logs()
        return status if status >= 0 else 128 - status


def names_of_servers(text):
    names = text.split(',')
    for name in names:
        if name not in MORE:
            raise argparse.ArgumentTypeError(f'no server {name}: there are {", ".join(MORE)}')
    return names


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest='action', required=True)
    action = actions.add_parser('run', help='run a command with the servers')
    action.add_argument('--keep', action='store_true', help='leave the directory with configuration, mail and logs')
    action.add_argument('--with', dest='more', metavar='NAME,…', type=names_of_servers, default=[], help=f'also start {", ".join(MORE)}')
    action.add_argument('command', nargs='+')
    options = parser.parse_args()
    try:
        return run(options.command, options.more, options.keep)
    except Failure as failure:
        print(f'servers: {failure}', file=sys.stderr)
        return 1


if __name__ == '__main__':
    sys.exit(main())
