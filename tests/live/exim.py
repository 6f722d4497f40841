# SPDX-License-Identifier: LGPL-2.1-or-later
"""Exim: STARTTLS and TLS at once, PLAIN, LOGIN, CRAM-MD5, EXTERNAL, CHUNKING, PIPELINING. What it accepts goes to Dovecot."""
import shutil

from aside import Aside
from server import Server, write

PORTS = ('exim_submission', 'exim_smtps', 'exim_smtp')
ACCOUNT, NUMBER = 'Debian-exim', 64901


def start(servers):
    aside = Aside(servers.directory, 'exim')
    aside.add_account(ACCOUNT, NUMBER)
    for name in ('spool', 'log'):
        aside.make(name, owner=NUMBER, mode=0o700)
    aside.make('etc', 'exim4')
    aside.make('var', 'spool')
    aside.make('keys', owner=NUMBER, mode=0o700)
    for name in ('server.key', 'server.pem', 'ca.pem'):
        shutil.chown(shutil.copy(servers.path('certificates', name), aside.path('keys')), NUMBER)
    write(aside.path('passwords'), ''.join(f'{user}: {password}\n' for user, password in servers.passwords.items()))
    hosts = ' ; '.join(servers.hosts)
    write(aside.path('etc', 'exim4', 'exim4.conf'), CONFIGURATION.format(
        directory=aside.directory, hosts=hosts, account=ACCOUNT, domain=servers.domain, users=' : '.join(servers.passwords),
        socket=servers.path('lmtp.sock'), **servers.ports))
    greetings = {('127.0.0.1', servers.ports[name]): b'220 ' for name in ('exim_submission', 'exim_smtp')}
    return Server('Exim', aside.command('/usr/sbin/exim4', '-bdf', '-q10s'), aside.path('log', 'mainlog'), greetings)


CONFIGURATION = r'''
primary_hostname = localhost
spool_directory = {directory}/spool
log_file_path = {directory}/log/%slog
pid_file_path = {directory}/run/exim.pid
exim_user = {account}
exim_group = {account}
deliver_drop_privilege = true
keep_environment =
local_interfaces = <; {hosts}
daemon_smtp_ports = {exim_submission} : {exim_smtps} : {exim_smtp}
tls_on_connect_ports = {exim_smtps}
tls_advertise_hosts = ${{if eq{{$received_port}}{{{exim_smtp}}}{{}}{{*}}}}
tls_certificate = {directory}/keys/server.pem
tls_privatekey = {directory}/keys/server.key
tls_verify_certificates = {directory}/keys/ca.pem
tls_try_verify_hosts = *
auth_advertise_hosts = ${{if def:tls_in_cipher{{*}}{{}}}}
chunking_advertise_hosts = *
dsn_advertise_hosts = *
smtputf8_advertise_hosts = *
host_lookup =
rfc1413_hosts =
recipients_max = 5000
message_size_limit = 64M
smtp_accept_max = 200
smtp_accept_max_per_connection = 100000
remote_max_parallel = 4
acl_smtp_mail = acl_mail
acl_smtp_rcpt = acl_rcpt
acl_smtp_vrfy = acl_vrfy
acl_smtp_data = acl_data

begin acl

acl_mail:
  accept

acl_vrfy:
  require verify = recipient
  accept

acl_rcpt:
  deny !authenticated = *
       condition = ${{if !eq{{$received_port}}{{{exim_smtp}}}}}
       message = 5.7.1 a login is required
  require verify = recipient
  accept

acl_data:
  accept

begin routers

users:
  driver = accept
  domains = {domain}
  local_parts = {users}
  transport = dovecot
  cannot_route_message = 5.1.1 no such user

begin transports

dovecot:
  driver = lmtp
  socket = {socket}
  batch_max = 100

begin retry

* * F,1h,1m

begin authenticators

external:
  driver = external
  public_name = EXTERNAL
  server_advertise_condition = ${{if eq{{$tls_in_certificate_verified}}{{1}}}}
  server_param2 = ${{certextract{{subject,CN}}{{$tls_in_peercert}}}}
  server_condition = ${{if or{{{{eq{{$auth1}}{{}}}}{{eq{{$auth1}}{{$auth2}}}}}}}}
  server_set_id = $auth2

plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth3}}{{${{lookup{{$auth2}}lsearch{{{directory}/passwords}}{{$value}}fail}}}}}}
  server_set_id = $auth2

login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = ${{if eq{{$auth2}}{{${{lookup{{$auth1}}lsearch{{{directory}/passwords}}{{$value}}fail}}}}}}
  server_set_id = $auth1

cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = ${{lookup{{$auth1}}lsearch{{{directory}/passwords}}{{$value}}fail}}
  server_set_id = $auth1
'''
