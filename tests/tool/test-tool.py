#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The posthorn command without a server: help, usage, plugins, passwords, exit codes, what never reaches a terminal."""
import base64
import os
import shutil
import tempfile
import unittest

from tool import (CONFIG, NOHOST, NOINPUT, NOPERM, OK, TEMPFAIL, UNAVAILABLE, USAGE, Server, posthorn)
import tap

COMMANDS = ['plugins', 'probe', 'send', 'mailboxes', 'fetch', 'search', 'sort', 'thread', 'append', 'flag', 'notify', 'quota', 'acl', 'metadata',
            'decode', 'password']
# What takes a URI, called rightly otherwise.
WITH_URI = {
    'probe': [], 'send': ['-f', 'a@example.test', '-t', 'b@example.test'], 'mailboxes': [], 'fetch': ['INBOX', '1'],
    'search': ['INBOX', 'ALL'], 'sort': ['INBOX'], 'thread': ['INBOX'], 'append': ['INBOX'], 'flag': ['INBOX', '1', '+seen'], 'notify': [], 'quota': [],
    'acl': ['INBOX'], 'metadata': ['INBOX'],
}


def uri_for(command, rest):
    return ('smtp://' if command == 'send' else 'imap://') + rest


class Usage(unittest.TestCase):
    def test_help_lists_the_commands(self):
        for arguments in (['--help'], ['help'], ['-h']):
            result = posthorn(*arguments)
            self.assertEqual(result.status, OK, result)
            for command in COMMANDS:
                self.assertIn(f'\n  {command} ', result.output)

    def test_every_command_teaches(self):
        for command in COMMANDS:
            for arguments in ([command, '--help'], ['help', command]):
                result = posthorn(*arguments)
                self.assertEqual(result.status, OK, result)
                self.assertIn(f'posthorn {command} [OPTION…]', result.output)
                self.assertGreaterEqual(result.output.split('Examples:')[1].count('posthorn '), 2)
                self.assertIn('Exit codes: 0', result.output)

    def test_the_version(self):
        result = posthorn('--version')
        self.assertRegex(result.output, r'^posthorn \d+\.\d+\.\d+\n$')

    def test_an_unknown_command_is_guessed(self):
        for wrong, right in (('snd', 'send'), ('mailboxs', 'mailboxes'), ('plug', 'plugins'), ('fetsh', 'fetch')):
            result = posthorn(wrong)
            self.assertEqual(result.status, USAGE, result)
            self.assertIn(f'did you mean {right}?', result.errors)
        self.assertNotIn('did you mean', posthorn('frobnicate').errors)

    def test_wrong_arguments_are_told_in_one_line(self):
        for arguments in ([], ['send'], ['send', 'smtp://h'], ['fetch', 'imap://h', 'INBOX'], ['probe', 'a', 'b'], ['decode'],
                          ['probe', '--nonsense', 'imap://h'], ['probe', '--tls=maybe', 'imap://h'],
                          ['probe', '--timeout=-5', 'imap://h'], ['probe', '--key', 'x', 'imap://h'],
                          ['search', 'imap://h', 'INBOX', 'FORM', 'bob'], ['search', 'imap://h', 'INBOX', 'SINCE', 'monday'],
                          ['sort', 'imap://h', 'INBOX', '--by=colour'], ['thread', 'imap://h', 'INBOX', '--algorithm=guess'],
                          ['search', 'imap://h', 'INBOX', 'NOT'], ['search', 'imap://h', 'INBOX', 'LARGER', '5000000000'],
                          ['quota', 'imap://h', '--set=STORAGE=1'], ['quota', 'imap://h', '--root=', '--set=STORAGE'],
                          ['quota', 'imap://h', 'INBOX', '--root=x'], ['acl', 'imap://h', 'INBOX', 'bob'],
                          ['acl', '--mine', 'imap://h', 'INBOX', 'bob'], ['acl', '--delete', 'imap://h', 'INBOX'],
                          ['metadata', '--delete', 'imap://h', 'INBOX'],
                          ['fetch', 'imap://h', 'INBOX', '1:b'], ['fetch', 'imap://h', 'INBOX', '1', 'nonsense'],
                          ['flag', 'imap://h', 'INBOX', '1', 'seen'],
                          *(['send', 'smtp://h', '-f', 'a@b', '-t', 'c@d', option, __file__] for option in (
                              '--dsn-notify=sometimes', '--dsn-return=half', '--deliver-by=soon', '--deliver-by=', '--deliver-by=2h,then',
                              '--deliver-by=999999d', '--hold-for=-1', '--hold-for=1w', '--hold-until=monday', '--priority=10',
                              '--priority-profile=MIXER', '--valid-since=once', '--body=9bit')),
                           ['append', 'imap://h', 'INBOX', '--date', 'monday']):
            result = posthorn(*arguments)
            self.assertEqual(result.status, USAGE, (arguments, result))
            self.assertRegex(result.errors, r'^posthorn: [^\n]+\n$', arguments)
            self.assertEqual(result.output, '')

    def test_a_dangerous_name_does_not_reach_the_terminal(self):
        result = posthorn('\x1b[31m\u202edecode')
        self.assertNotIn('\x1b', result.errors)
        self.assertNotIn('\u202e', result.errors)


class Passwords(unittest.TestCase):
    def test_a_uri_with_a_password_is_refused_and_not_repeated(self):
        for command, rest in WITH_URI.items():
            result = posthorn(command, uri_for(command, 'alice:hunter2@localhost:1'), *rest)
            self.assertEqual(result.status, USAGE, result)
            self.assertIn('password', result.errors)
            self.assertNotIn('hunter2', result.errors + result.output)

    def test_no_option_takes_a_password(self):
        for command in WITH_URI:
            self.assertNotIn('--password=', posthorn(command, '--help').output)

    def test_file_and_command_exclude_each_other(self):
        for options in (['--password-file=x', '--password-command=y'], ['--credentials=netrc', '--password-file=x'],
                        ['--credentials=netrc', '--token-command=x']):
            result = posthorn('probe', 'imap://h', *options)
            self.assertEqual(result.status, USAGE, result)

    def test_a_source_that_is_not_there(self):
        result = posthorn('probe', 'imap://localhost:1', '--credentials=nobodys-keyring')
        self.assertEqual(result.status, CONFIG, result)
        self.assertIn('nobodys-keyring', result.errors)

    def test_out_of_a_netrc_file(self):
        with tempfile.NamedTemporaryFile('w') as file:
            file.write('machine 127.0.0.1 login alice password "won der"\n')
            file.flush()
            with Server('''
                    send * OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready
                    match (?P<tag>\\S+) AUTHENTICATE PLAIN AGFsaWNlAHdvbiBkZXI=
                    send ${tag} OK [CAPABILITY IMAP4rev1] in
                    match (?P<tag>\\S+) STATUS .*
                    send * STATUS INBOX (MESSAGES 5)
                    send ${tag} OK done
                    match (?P<tag>\\S+) LOGOUT
                    send * BYE
                    send ${tag} OK bye
                    closed
                    ''') as server:
                result = posthorn('status', f'imap://127.0.0.1:{server.port}', 'INBOX', '--tls=never', '--credentials=netrc', NETRC=file.name)
            self.assertEqual(result.status, OK, result)


class Uris(unittest.TestCase):
    def test_an_unknown_scheme(self):
        result = posthorn('probe', 'gopher://localhost')
        self.assertEqual(result.status, USAGE, result)
        self.assertIn('gopher', result.errors)

    def test_what_is_no_uri(self):
        for uri in ('localhost', '', 'imap://', 'imap://[', 'imap://h:99999'):
            self.assertEqual(posthorn('probe', uri).status, USAGE, uri)

    def test_the_wrong_role(self):
        self.assertEqual(posthorn('mailboxes', 'smtp://localhost').status, USAGE)
        self.assertEqual(posthorn('send', 'imap://localhost', '-f', 'a@b', '-t', 'c@d').status, USAGE)

    def test_an_unknown_host(self):
        result = posthorn('probe', 'imap://no-such-host.invalid')
        self.assertEqual(result.status, NOHOST, result)
        self.assertIn('no-such-host.invalid', result.errors)

    def test_a_refused_port(self):
        with Server('send * OK x') as server:
            port = server.port
            server.process.kill()
            server.process.wait()
            server.process.returncode = 0
        result = posthorn('probe', f'imap://127.0.0.1:{port}')
        self.assertEqual(result.status, TEMPFAIL, result)
        self.assertRegex(result.errors, r'^posthorn: [^\n]+\n$')


class Plugins(unittest.TestCase):
    def test_the_list_has_protocols_mechanisms_and_extensions(self):
        rows = [row[:2] for row in posthorn('plugins').rows]
        for row in (['protocol', 'smtp'], ['protocol', 'lmtp'], ['protocol', 'imap4'], ['mechanism', 'PLAIN'], ['mechanism', 'LOGIN'],
                    ['mechanism', 'CRAM-MD5'], ['mechanism', 'SCRAM-SHA-256'], ['extension', 'QUOTA']):
            self.assertIn(row, rows)

    def test_json_has_the_same(self):
        objects = posthorn('plugins', '--json').objects
        plain = next(o for o in objects if o.get('name') == 'PLAIN')
        self.assertEqual(plain['kind'], 'mechanism')
        self.assertEqual(plain['flags'], ['plaintext', 'client-first', 'authorization'])
        self.assertEqual(plain['needs'], ['user', 'secret'])
        imap = next(o for o in objects if o.get('name') == 'imap4')
        self.assertIn('imaps', imap['schemes'])

    def test_one_in_full(self):
        result = posthorn('plugins', 'plain')
        self.assertEqual(result.status, OK, result)
        for word in ('PLAIN (mechanism)', 'rank', 'plaintext', 'user, secret', 'plugin'):
            self.assertIn(word, result.output)
        self.assertIn('port 993', posthorn('plugins', 'imap4').output)

    def test_one_that_a_provider_finds(self):
        result = posthorn('plugins', 'scram-sha-256')
        self.assertEqual(result.status, OK, result)
        self.assertIn('found at run time', result.output)

    def test_one_that_is_not_there(self):
        result = posthorn('plugins', 'X-NONE')
        self.assertEqual(result.status, UNAVAILABLE, result)
        self.assertIn('X-NONE', result.errors)

    def test_one_that_its_provider_lacks(self):
        result = posthorn('plugins', 'SRP')
        self.assertEqual(result.status, UNAVAILABLE, result)
        self.assertIn('libsasl2 lacks its module', result.errors)

    def test_the_list_says_what_each_needs(self):
        output = posthorn('plugins').output
        self.assertRegex(output, 'EXTERNAL .* needs certificate')
        self.assertRegex(output, 'PLAIN .* needs user secret')

    def test_a_refused_file_is_listed_with_its_reason(self):
        with tempfile.TemporaryDirectory() as directory:
            os.chmod(directory, 0o755)
            with open(os.path.join(directory, 'broken.so'), 'w', encoding='ascii') as file:
                file.write('this is no shared object')
            everything = posthorn('plugins', POSTHORN_PLUGIN_PATH=directory)
            one = posthorn('plugins', 'broken', POSTHORN_PLUGIN_PATH=directory)
            objects = posthorn('plugins', '--json', POSTHORN_PLUGIN_PATH=directory).objects
        self.assertRegex(everything.output, r'Refused:\n.*broken\.so: ')
        self.assertEqual(one.status, UNAVAILABLE)
        self.assertIn('broken.so', one.output)
        self.assertTrue(any(o.get('refused', '').endswith('broken.so') and o['reason'] for o in objects))


def encoded(text):
    return base64.b64encode(text.encode()).decode()


class Logins(unittest.TestCase):
    """Up to the server's no: what was said before is the script's to check."""

    def refused(self, offer, conversation, *options, **environment):
        with Server(f'''
                send * OK [CAPABILITY IMAP4rev1 SASL-IR {offer}] ready
                {conversation}
                gone
                ''') as server:
            result = posthorn('mailboxes', f'imap://alice@127.0.0.1:{server.port}', '--tls=never', *options, **environment)
        self.assertEqual(result.status, NOPERM, result)
        self.assertRegex(result.errors, r'^posthorn: [^\n]+\n$')
        return result

    def test_a_token_command_is_run_once_more_where_the_token_is_refused(self):
        turn = [rf'''
                match (?P<tag>\S+) AUTHENTICATE XOAUTH2 {encoded(f"user=alice{chr(1)}auth=Bearer token-{n}{chr(1)}{chr(1)}")}
                send + {encoded('{"status":"401"}')}
                expect
                send ${{tag}} NO no''' for n in (1, 2)]
        with tempfile.TemporaryDirectory() as directory:
            count = os.path.join(directory, 'count')
            result = self.refused('AUTH=XOAUTH2', ''.join(turn), '--token-command', f'echo >> {count}; echo token-$(wc -l < {count})')
        self.assertIn('status 401', result.errors)
        self.assertNotIn('token-', result.errors)

    def test_acting_as_another(self):
        plain = encoded('bob\0alice\0secret').replace('+', '\\+')
        self.refused('AUTH=LOGIN AUTH=PLAIN', rf'''
                match (?P<tag>\S+) AUTHENTICATE PLAIN {plain}
                send ${{tag}} NO no''', '--authorize-as=bob', POSTHORN_PASSWORD='secret')

    def test_secrets_of_the_environment(self):
        plain = encoded('\0alice\0secret').replace('+', '\\+')
        result = self.refused('AUTH=PLAIN', rf'''
                match (?P<tag>\S+) AUTHENTICATE PLAIN {plain}
                send ${{tag}} NO no''', POSTHORN_PASSWORD='secret')
        self.assertNotIn('secret', result.errors)
        bearer = encoded(f'user=alice{chr(1)}auth=Bearer token{chr(1)}{chr(1)}')
        self.refused('AUTH=XOAUTH2', rf'''
                match (?P<tag>\S+) AUTHENTICATE XOAUTH2 {bearer}
                send ${{tag}} NO no''', POSTHORN_TOKEN='token')

    def test_two_places_for_one_token(self):
        self.assertEqual(posthorn('probe', 'imap://127.0.0.1:1', '--token-file=a', '--token-command=b').status, USAGE)


class Messages(unittest.TestCase):
    def test_a_message_that_can_not_be_read(self):
        for command, uri in (('send', 'smtp://localhost:1'), ('append', 'imap://localhost:1')):
            arguments = [uri] + WITH_URI[command]
            result = posthorn(command, *arguments, '/nonexistent/letter')
            self.assertEqual(result.status, NOINPUT, result)
            self.assertIn('/nonexistent/letter', result.errors)

    def test_nothing_bad_leaves(self):
        """Whatever text an option of send takes to the wire: the server hears the hello, if that, and the farewell."""
        offers = ['AUTH PLAIN', 'DSN', 'DELIVERBY', 'MT-PRIORITY X', 'NO-SOLICITING', 'XVERP', '8BITMIME', 'SMTPUTF8', 'MTRK']
        session = ['send 220 hi', 'prefix EHLO ', 'send 250-hi', *(f'send 250-{offer}' for offer in offers), 'send 250 SIZE',
                   'expect QUIT', 'send 221 bye', 'closed']
        options = [('-f',), ('-t',), ('--envelope-id',), ('--submitter',), ('--solicitation',), ('--verp',), ('--parameter',),
                   ('--recipient-parameter',)]
        bad = ['a\r\nRSET', 'a\x01b', 'x' * 13000]
        runs = [(option, text) for option, in options for text in bad]
        with Server('\naccept\n'.join('\n'.join(session) for _ in runs)) as server:
            for option, text in runs:
                arguments = ['-t', 'b@example.test'] if option == '-f' else ['-f', 'a@example.test']
                arguments += [] if option in ('-f', '-t') else ['-t', 'b@example.test']
                result = posthorn('send', f'smtp://127.0.0.1:{server.port}', '--tls=never', *arguments, option, text, stdin='Subject: x\n\n')
                with self.subTest(option=option, text=text[:20]):
                    self.assertEqual((result.status, result.output), (USAGE, ''), result)
                    self.assertRegex(result.errors, r'^posthorn: [^\n]{1,400}\n$')

    def test_what_one_session_takes_is_kept_to(self):
        """RFC 9422: a session for each domain, and one table of what became of all."""
        def session(recipient, answer):
            taken = f'expect DATA\nsend 354 go\nexpect Subject: x\nexpect \nexpect .\nsend {answer}\n' if answer else 'expect RSET\nsend 250 ok\n'
            return ('send 220 hi\nprefix EHLO \nsend 250-hi\nsend 250 LIMITS RCPTDOMAINMAX=1\nexpect MAIL FROM:<a@example.test>\nsend 250 ok\n'
                    f'expect RCPT TO:<{recipient}>\nsend {"250 ok" if answer else "550 no"}\n{taken}expect QUIT\nsend 221 bye\nclosed\n')
        script = 'accept\n'.join([session('b@one.test', '250 taken'), session('c@two.test', ''), session('d@three.test', '250 taken, too')])
        with Server(script) as server:
            result = posthorn('send', f'smtp://127.0.0.1:{server.port}', '--tls=never', '-f', 'a@example.test', '-t', 'b@one.test',
                              '-t', 'c@two.test', '-t', 'd@three.test', stdin='Subject: x\n\n')
        self.assertEqual([row[:3] for row in result.rows], [['b@one.test', 'accepted', 'data'], ['c@two.test', 'refused', 'recipient'],
                                                            ['d@three.test', 'accepted', 'data']], result)
        self.assertEqual(result.status, UNAVAILABLE)

    def test_no_message_at_all(self):
        result = posthorn('send', 'smtp://localhost:1', *WITH_URI['send'])
        self.assertEqual(result.status, NOINPUT, result)

    def test_a_login_without_a_way_to_a_password(self):
        with Server('''
                send * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready
                gone
                ''') as server:
            result = posthorn('mailboxes', f'imap://alice@127.0.0.1:{server.port}', '--tls=never')
        self.assertIn(result.status, (CONFIG, UNAVAILABLE), result)
        self.assertRegex(result.errors, r'^posthorn: [^\n]+\n$')


class Output(unittest.TestCase):
    @unittest.skipUnless(os.path.exists('/dev/full'), 'there is no /dev/full')
    def test_a_full_disk_is_an_error(self):
        shell = shutil.which('sh')
        result = posthorn('plugins', wrapper=(shell, '-c', 'exec "$@" > /dev/full', 'sh'))
        self.assertEqual(result.status, 74, result)
        self.assertIn('standard output', result.errors)


if __name__ == '__main__':
    tap.main()
