#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The posthorn command on a real Dovecot and a real Postfix: what each command prints, writes and returns."""
import base64
import datetime
import glob
import json
import mailbox
import os
import pty
import re
import select
import shlex
import subprocess
import tempfile
import unittest

from tool import COMMAND, CANTCREAT, CONFIG, NOINPUT, NOPERM, OK, PATIENCE, PROTOCOL, TEMPFAIL, UNAVAILABLE, USAGE, posthorn
import tap

ENV = os.environ
CA = os.path.join(ENV['PH_TEST_CERTIFICATES'], 'ca.pem')
MANY = 20000
LMTP = f'lmtp+unix://{ENV["PH_TEST_LMTP_SOCKET"]}'
WRAPPER = shlex.split(ENV.get('PH_TEST_WRAPPER', ''))


def letter(subject, body='Hello\n', sender='Bob Example <bob@example.test>'):
    return f'From: {sender}\nTo: alice@example.test\nSubject: {subject}\nMessage-ID: <{subject}@example.test>\n\n{body}'


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.directory = directory.name
        for user in ('alice', 'bob', 'tiny'):
            with open(cls.path(user), 'w', encoding='utf-8', opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(ENV[f'PH_TEST_PASSWORD_{user.upper()}'] + '\n')

    @classmethod
    def path(cls, *names):
        return os.path.join(cls.directory, *names)

    @staticmethod
    def imap(user='alice', host='localhost'):
        return f'imap://{user}@{host}:{ENV["PH_TEST_IMAP_PORT"]}'

    @staticmethod
    def imaps(user='alice', host='localhost'):
        return f'imaps://{user}@{host}:{ENV["PH_TEST_IMAPS_PORT"]}'

    def posthorn(self, command, *arguments, user='alice', ca=CA, **options):
        return posthorn(command, *arguments, f'--password-file={self.path(user)}', f'--ca={ca}', wrapper=WRAPPER, **options)

    def good(self, *arguments, **options):
        result = self.posthorn(*arguments, **options)
        self.assertEqual(result.status, OK, result)
        return result

    def deliver(self, subject, *recipients, body='Hello\n', **options):
        recipients = [f'-t{address}' for address in recipients or ('alice@example.test',)]
        result = posthorn('send', LMTP, '-f', 'bob@example.test', *recipients, stdin=letter(subject, body, **options), wrapper=WRAPPER)
        self.assertEqual(result.status, OK, result)

    def find(self, subject, mailbox='INBOX', user='alice'):
        return self.good('search', self.imaps(user), mailbox, 'SUBJECT', subject, user=user).output.strip()


class Sending(Live):
    def test_lmtp_gives_each_recipient_a_row(self):
        result = posthorn('send', LMTP, '-f', '', '-t', 'alice@example.test', '-t', 'nobody@example.test', stdin=letter('rows'))
        self.assertEqual(result.status, UNAVAILABLE, result)
        self.assertEqual([row[:4] for row in result.rows], [['alice@example.test', 'accepted', 'data', '250'],
                                                            ['nobody@example.test', 'refused', 'recipient', '550']])

    def test_all_refused_is_an_error_with_its_rows(self):
        result = posthorn('send', LMTP, '-f', '', '-t', 'nobody@example.test', '--json', stdin=letter('none'))
        self.assertEqual(result.status, UNAVAILABLE, result)
        self.assertEqual(result.objects[0]['reply']['code'], 550)
        self.assertEqual(result.objects[0]['reply']['enhanced'], '5.1.1')
        self.assertIn('nobody@example.test', result.errors)

    def test_all_or_none(self):
        result = posthorn('send', f'smtp://localhost:{ENV["PH_TEST_SMTP_PORT"]}', '--tls=never', '--all', '-f', 'bob@example.test',
                          '-t', 'alice@example.test', '-t', 'nobody@example.test', stdin=letter('allornone'))
        self.assertEqual(result.status, UNAVAILABLE, result)
        self.assertNotIn('accepted', result.output)

    def test_what_is_asked_of_the_server(self):
        relay = f'smtp://localhost:{ENV["PH_TEST_RELAY_PORT"]}'
        common = ['send', relay, '--tls=never', '--trace', '-f', 'alice@example.test', '-t', 'bob@example.test']
        result = posthorn(*common, '--dsn-notify', 'failure,delay', '--dsn-return', 'headers', '--envelope-id', 'a b', '--verp', '+=',
                          '--body=8bit', '--recipient-parameter', 'ORCPT=rfc822;b@x', '--priority=3', '--deliver-by=2h,notify',
                          '--best-effort', stdin=letter('asked'))
        self.assertEqual(result.status, OK, result)
        self.assertRegex(result.errors, r'(?m)^C: MAIL FROM:<alice@example.test> SIZE=\d+ BODY=8BITMIME RET=HDRS ENVID=a\+20b XVERP=\+=$')
        self.assertRegex(result.errors, r'(?m)^C: RCPT TO:<bob@example.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b@x$')
        for option, keyword in (('--priority=3', 'MT-PRIORITY'), ('--deliver-by=2h', 'DELIVERBY'), ('--hold-for=1d', 'FUTURERELEASE'),
                                ('--hold-until=2040-01-01T00:00:00Z', 'FUTURERELEASE'), ('--valid-since=2020-01-01T00:00:00Z', 'RRVS'),
                                ('--body=binary', 'BINARYMIME'), ('--solicitation=a:b', 'NO-SOLICITING'),
                                ('--allow-conversion', 'CONPERM')):
            result = posthorn(*common, option, stdin=letter('unsupported'))
            self.assertEqual(result.status, UNAVAILABLE, result)
            self.assertIn(f'does not offer {keyword}', result.errors)
            self.assertNotIn('C: MAIL', result.errors)
        result = posthorn(*common, '--require-tls', stdin=letter('plain'))
        self.assertNotEqual(result.status, OK)
        self.assertNotIn('C: MAIL', result.errors)
        result = posthorn(*common, '--parameter', 'X=1\r\nRSET', stdin=letter('crlf'))
        self.assertEqual(result.status, USAGE, result)
        self.assertNotIn('C: MAIL', result.errors)

    def test_submission_by_starttls_and_login(self):
        uri = f'smtp://alice@localhost:{ENV["PH_TEST_SUBMISSION_PORT"]}'
        result = self.posthorn('send', uri, '-f', 'alice@example.test', '-t', 'bob@example.test', '--trace', stdin=letter('submission'))
        self.assertEqual(result.status, OK, result)
        self.assertRegex(result.errors, r'(?m)^S: 220 ')
        self.assertRegex(result.errors, r'(?m)^C: STARTTLS$')
        self.assertRegex(result.errors, r'(?m)^\* TLS is on')
        self.assert_hidden(result)

    def assert_hidden(self, result, user='alice'):
        password = ENV[f'PH_TEST_PASSWORD_{user.upper()}']
        for secret in (password, base64.b64encode(password.encode()).decode(),
                       base64.b64encode(f'\0{user}\0{password}'.encode()).decode()):
            self.assertNotIn(secret, result.errors + result.output)
        self.assertIn('***', result.errors)

    def test_every_mechanism_hides_its_secret(self):
        uri = f'smtps://alice@localhost:{ENV["PH_TEST_SMTPS_PORT"]}'
        for mechanism in ('PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256'):
            result = self.posthorn('probe', uri, '--trace', f'--mechanism={mechanism}')
            self.assertEqual(result.status, OK, result)
            self.assertRegex(result.output, rf'(?m)^logged in by +{mechanism}$')
            self.assert_hidden(result)

    def test_a_wrong_password(self):
        for uri in (f'smtps://bob@localhost:{ENV["PH_TEST_SMTPS_PORT"]}', self.imaps('bob')):
            result = self.posthorn('probe', uri)    # alice's password
            self.assertEqual(result.status, NOPERM, result)
            self.assertRegex(result.errors, r'^posthorn: [^\n]+\n$')

    def test_an_address_that_can_not_be_sent(self):
        result = posthorn('send', LMTP, '-f', '', '-t', 'alice@example.test>\r\nRCPT TO:<bob@example.test', stdin=letter('crlf'))
        self.assertEqual(result.status, USAGE, result)
        self.assertEqual(result.output, '')

    def test_tls_is_required_unless_told_otherwise(self):
        uri = f'smtp://localhost:{ENV["PH_TEST_SMTP_PORT"]}'
        arguments = ('send', uri, '-f', 'bob@example.test', '-t', 'alice@example.test')
        self.assertEqual(posthorn(*arguments, stdin=letter('plain')).status, UNAVAILABLE)
        self.assertEqual(posthorn(*arguments, '--tls=prefer', stdin=letter('plain')).status, OK)

    def test_a_refusal_for_now(self):
        filler = 'x' * 70 + '\n'
        result = posthorn('send', LMTP, '-f', '', '-t', 'tiny@example.test', '-t', 'alice@example.test',
                          stdin=letter('toolarge', body=filler * 600))
        self.assertIn(result.status, (TEMPFAIL, UNAVAILABLE), result)
        self.assertEqual([row[1] for row in result.rows], ['refused', 'accepted'])


class Reading(Live):
    def test_the_tree_of_mailboxes(self):
        self.deliver('tree')
        rows = {row[0]: row[1:] for row in self.good('mailboxes', self.imap()).rows}
        self.assertGreaterEqual(int(rows['INBOX'][0]), 1)
        self.assertIn('\\Sent', rows['Sent'])

    def test_mailboxes_for_a_use(self):
        rows = self.good('mailboxes', self.imaps(), '--special').rows
        self.assertIn('Sent', [row[0] for row in rows])
        self.assertNotIn('INBOX', [row[0] for row in rows])

    def test_search_counts_and_pages(self):
        for _ in range(3):
            self.deliver('paged')
        search = ('search', self.imaps(), 'INBOX')
        uids = [int(uid) for part in self.find('paged').split(',') for uid in
                (lambda ends: range(ends[0], ends[-1] + 1))([int(end) for end in part.split(':')])]
        self.assertEqual(self.good(*search, '--count', 'SUBJECT', 'paged', 'YOUNGER', '3600').output, '3\n')
        self.assertEqual(self.good(*search, '--page', '-1:-1', 'SUBJECT', 'paged').output, f'{uids[-1]}\n')
        page, = self.good(*search, '--page=1:1', '--json', 'SUBJECT', 'paged').objects
        self.assertEqual(page, {'uids': str(uids[0]), 'count': 3})
        for wrong in ('1:-1', '0:5', 'x', '5'):
            self.assertEqual(self.posthorn(*search, f'--page={wrong}', 'ALL').status, USAGE, wrong)
        self.assertEqual(self.posthorn(*search, '--page=1:2', '--numbers', 'ALL').status, USAGE)

    def test_several_at_once_and_which_became_which(self):
        with tempfile.TemporaryDirectory() as folder:
            names = [os.path.join(folder, f'{n}.eml') for n in range(3)]
            for name in names:
                with open(name, 'w', encoding='utf-8') as file:
                    file.write(letter('severalatonce'))
            missing = self.posthorn('append', self.imaps(), 'Drafts', *names, os.path.join(folder, 'none.eml'))
            self.assertNotEqual(missing.status, OK)
            self.assertEqual(self.find('severalatonce', 'Drafts'), '')
            result = self.good('append', self.imaps(), 'Drafts', *names)
        self.assertRegex(result.output, r'^appended to Drafts as UID \d+:\d+\n$')
        uids = self.find('severalatonce', 'Drafts')
        pairs = [line.split() for line in self.good('copy', self.imaps(), 'Drafts', uids, 'Sent', '--map').output.splitlines()]
        self.assertEqual(len(pairs), 3)
        self.assertEqual(f'{pairs[0][0]}:{pairs[-1][0]}', uids)
        moved = self.good('move', self.imaps(), 'Drafts', uids, 'Sent', '--map', '--json').objects
        self.assertEqual([pair['old'] for pair in moved], [int(old) for old, _ in pairs])
        self.assertEqual(self.find('severalatonce', 'Drafts'), '')

    def test_mailboxes_as_json(self):
        boxes = {o['name']: o for o in self.good('mailboxes', self.imaps(), '--json').objects}
        self.assertEqual(boxes['Sent']['special-use'], '\\Sent')
        for key in ('messages', 'unseen', 'uid-next', 'uid-validity'):
            self.assertIsInstance(boxes['INBOX'][key], int)

    def test_search_prints_a_set_that_fetch_takes(self):
        for body in ('one\n', 'two\n'):
            self.deliver('settaken', body=body)
        uids = self.find('settaken')
        self.assertRegex(uids, r'^\d+[:,]\d+$')
        rows = self.good('fetch', self.imaps(), 'INBOX', uids).rows
        self.assertEqual([row[5] for row in rows], ['settaken', 'settaken'])

    def test_search_keys(self):
        self.deliver('keyed', body='a needle\n')
        uid = self.find('keyed')
        for keys in (['BODY', 'needle', 'SUBJECT', 'keyed'], ['SUBJECT keyed UNSEEN'], ['OR', 'SUBJECT', 'keyed', 'SUBJECT', 'no such'],
                     ['NOT', 'SEEN', 'SUBJECT', 'keyed'], ['UID', uid], ['HEADER', 'Message-ID', 'keyed@', 'SINCE', '2020-01-01'],
                     ['SUBJECT', 'keyed', 'SMALLER', '100000', 'BEFORE', '1-Jan-2090'], ['--raw', 'UID', uid, 'UNDELETED']):
            self.assertEqual(self.good('search', self.imaps(), 'INBOX', *keys).output.strip(), uid, keys)
        self.assertEqual(self.good('search', self.imaps(), 'INBOX', 'SUBJECT', 'not there').output, '')
        self.assertEqual(self.good('search', self.imaps(), 'INBOX', 'UID', uid, '--json').objects, [{'uids': uid, 'count': 1}])

    def test_keys_of_extensions_are_refused_unsent_where_there_are_none(self):
        for keys, capability in ((['FUZZY', 'SUBJECT', 'x'], 'SEARCH=FUZZY'), (['NOT', 'FILTER', 'mine'], 'FILTERS')):
            result = self.posthorn('search', self.imaps(), 'INBOX', '--trace', *keys)
            self.assertEqual(result.status, UNAVAILABLE, result)
            self.assertIn(f'needs {capability}', result.errors)
            self.assertNotIn('SEARCH NOT', result.errors)
            self.assertNotIn('SEARCH FUZZY', result.errors)
        self.assertEqual(self.posthorn('search', self.imaps(), 'INBOX', 'FUZZY').status, USAGE)

    def test_a_text_that_is_not_ascii_is_found(self):
        self.deliver('=?utf-8?q?Gr=C3=BC=C3=9Fe?=')
        self.assertTrue(self.find('Grüße'))
        uid = self.find('Grüße')
        self.assertIn('Grüße', self.good('fetch', self.imaps(), 'INBOX', uid).output)

    def test_a_dangerous_subject_does_not_reach_the_terminal(self):
        self.deliver('=?utf-8?b?' + base64.b64encode('evil\x1b[2J\u202edoc'.encode()).decode() + '?=')
        output = self.good('fetch', self.imaps(), 'INBOX', self.find('evil')).output
        self.assertIn('evil', output)
        self.assertNotIn('\x1b', output)
        self.assertNotIn('\u202e', output)

    def test_the_body_is_the_octets(self):
        self.deliver('octets', body='.\n..dots\nplain\n')
        result = self.good('fetch', self.imaps(), 'INBOX', self.find('octets'), 'body')
        self.assertTrue(result.octets.endswith(b'\r\n\r\n.\r\n..dots\r\nplain\r\n'), result)
        headers = self.good('fetch', self.imaps(), 'INBOX', self.find('octets'), 'headers').octets
        text = self.good('fetch', self.imaps(), 'INBOX', self.find('octets'), 'text').octets
        self.assertEqual(headers + text, result.octets)

    def test_items(self):
        self.deliver('items')
        uid = self.find('items')
        result = self.good('fetch', self.imaps(), 'INBOX', uid, 'envelope', 'structure,size,date,flags')
        for word in ('From: Bob Example <bob@example.test>', 'Subject: items', 'Message-ID: <items@example.test>', 'text/plain', 'size: '):
            self.assertIn(word, result.output)
        message, = self.good('fetch', self.imaps(), 'INBOX', uid, 'envelope,structure,size,flags,headers,body', 'BODY.PEEK[TEXT]<0.3>',
                             '--json').objects
        self.assertEqual(message['envelope']['from'], [{'name': 'Bob Example', 'email': 'bob@example.test'}])
        self.assertEqual(message['structure'][0]['type'], 'text/plain')
        self.assertEqual(message['size'], len(message['body']))
        self.assertTrue(message['body'].startswith(message['headers']))

    def test_reading_does_not_set_seen(self):
        self.deliver('unseen')
        uid = self.find('unseen')
        self.good('fetch', self.imaps(), 'INBOX', uid, 'body')
        self.assertEqual(self.good('search', self.imaps(), 'INBOX', 'UID', uid, 'UNSEEN').output.strip(), uid)

    def test_messages_into_files(self):
        for body in ('one\n', 'two\n'):
            self.deliver('filed', body=body)
        uids = self.find('filed')
        directory = self.path('mails', '')
        self.good('fetch', self.imaps(), 'INBOX', uids, '--output', directory)
        files = sorted(glob.glob(os.path.join(directory, '*')), key=lambda path: int(os.path.basename(path)[:-4]))
        self.assertEqual(len(files), 2)
        for path, body in zip(files, (b'one\r\n', b'two\r\n')):
            with open(path, 'rb') as file:
                self.assertTrue(file.read().endswith(body))
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertEqual(self.posthorn('fetch', self.imaps(), 'INBOX', uids, '-o', self.path('one.eml')).status, USAGE)
        self.assertFalse(os.path.exists(self.path('one.eml')))
        self.assertEqual(self.posthorn('fetch', self.imaps(), 'INBOX', uids.split(':')[0].split(',')[0], '-o',
                                       '/nonexistent/directory/x.eml').status, CANTCREAT)

    def kept(self, subject, *options):
        """Two messages with lines that look like an mbox' own, one of them flagged."""
        for number in (1, 2):
            self.deliver(subject, body=f'From the first\n>From the second\n>>> From afar\nThe end of {number}')
        uids = self.find(subject)
        self.good('flag', self.imaps(), 'INBOX', uids.replace(':', ',').split(',')[0], '+seen', '+flagged')
        return uids

    def test_messages_into_a_maildir(self):
        uids = self.kept('maildir')
        directory = self.path('Maildir')
        self.good('fetch', self.imaps(), 'INBOX', uids, '-o', directory, '--as=maildir')
        box = mailbox.Maildir(directory, create=False)
        messages = sorted((message.get_payload(), message.get_flags(), message.get_subdir()) for message in box)
        text = 'From the first\n>From the second\n>>> From afar\nThe end of '
        self.assertEqual(messages, [(text + '1', 'FS', 'cur'), (text + '2', '', 'new')])
        self.assertEqual(os.listdir(os.path.join(directory, 'tmp')), [])
        before = sorted(glob.glob(os.path.join(directory, '*', '*')))
        received = self.good('fetch', self.imaps(), 'INBOX', uids, 'date', '--json').objects
        self.assertEqual(sorted(int(os.stat(path).st_mtime) for path in before),
                         sorted(int(datetime.datetime.fromisoformat(o['received'].replace('Z', '+00:00')).timestamp()) for o in received))
        # again: what is there stays, whatever its flags are by now; what is not, comes
        os.rename(before[0], before[0] + 'R')
        os.unlink(before[1])
        result = self.good('fetch', self.imaps(), 'INBOX', uids, '-o', directory, '--as=maildir')
        self.assertIn('is there already', result.errors)
        self.assertEqual(sorted(glob.glob(os.path.join(directory, '*', '*'))), sorted([before[0] + 'R', before[1]]))

    def test_messages_into_an_mbox(self):
        uids = self.kept('mboxrd')
        path = self.path('kept.mbox')
        self.good('fetch', self.imaps(), 'INBOX', uids, '-o', path, '--as=mbox')
        with open(path, 'rb') as file:
            octets = file.read()
        self.assertNotIn(b'\r', octets)
        self.assertTrue(octets.startswith(b'From bob@example.test '), octets[:60])
        for number in (1, 2):
            self.assertIn(f'\n\n>From the first\n>>From the second\n>>> From afar\nThe end of {number}\n\n'.encode(), octets)
        self.assertEqual([message['Subject'] for message in mailbox.mbox(path, create=False)], ['mboxrd', 'mboxrd'])
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertEqual(self.posthorn('fetch', self.imaps(), 'INBOX', uids, '-o', path, '--as=mbox').status, CANTCREAT)
        with open(path, 'rb') as file:
            self.assertEqual(file.read(), octets)
        for arguments in (('--as=mbox',), ('-o', self.path('x'), '--as=tar')):
            self.assertEqual(self.posthorn('fetch', self.imaps(), 'INBOX', uids, *arguments).status, USAGE)

    def test_files_that_are_there_stay(self):
        self.deliver('stays')
        uid = self.find('stays')
        path = self.path(f'{uid}.eml')
        with open(path, 'w', encoding='ascii') as file:
            file.write('mine')
        result = self.good('fetch', self.imaps(), 'INBOX', uid, '-o', self.directory)
        self.assertIn('is there already', result.errors)
        self.assertEqual(self.posthorn('fetch', self.imaps(), 'INBOX', uid, '-o', path).status, CANTCREAT)
        with open(path, encoding='ascii') as file:
            self.assertEqual(file.read(), 'mine')
        self.assertEqual(glob.glob(path + '.*'), [])

    def test_many_messages(self):
        self.good('mailboxes', self.imaps())    # Dovecot makes the Maildir
        folder = os.path.join(ENV['PH_TEST_MAIL_DIR'], 'alice', 'Maildir', '.Many')
        owner = os.stat(os.path.join(ENV['PH_TEST_MAIL_DIR'], 'alice', 'Maildir'))
        for name in ('', 'tmp', 'new', 'cur'):
            os.mkdir(os.path.join(folder, name), 0o700)
            os.chown(os.path.join(folder, name), owner.st_uid, owner.st_gid)
        letters = os.path.join(folder, 'letter')
        with open(letters, 'w', encoding='ascii') as file:
            file.write('Subject: one of many\n\n')
        for number in range(MANY):
            os.link(letters, os.path.join(folder, 'cur', f'1600000000.M{number:06}.localhost:2,S'))
        self.assertEqual(len(self.good('fetch', self.imaps(), 'Many', '1:*', 'flags', '--json').objects), MANY)
        self.assertEqual(len(self.good('fetch', self.imaps(), 'Many', '1:1000').rows), 1000)
        self.assertEqual(self.good('search', self.imaps(), 'Many', 'SEEN').output.strip(), f'1:{MANY}')
        self.good('fetch', self.imaps(), 'Many', f'{MANY - 519}:*', '-o', self.path('many', ''), '--as=maildir')
        self.assertEqual(len(os.listdir(self.path('many', 'cur'))), 520)

    def test_what_is_not_there(self):
        self.assertEqual(self.posthorn('fetch', self.imaps(), 'INBOX', '4000000000').status, UNAVAILABLE)
        result = self.posthorn('fetch', self.imaps(), 'No such mailbox', '1')
        self.assertEqual(result.status, UNAVAILABLE, result)
        self.assertIn('No such mailbox', result.errors)

    def test_an_order_and_conversations(self):
        for subject in ('pear', 'Apple', 'Re: pear'):
            with open(self.path('message.eml'), 'w', encoding='utf-8', newline='') as file:
                file.write(f'Date: 1 Jan 2001 00:00:00 +0000\r\nFrom: bob@example.test\r\nSubject: {subject}\r\n\r\nx\r\n')
            self.good('append', self.imaps(), 'INBOX', self.path('message.eml'))
        keys = ('FROM', 'bob@example.test', 'SMALLER', '110')
        uids = self.good('search', self.imaps(), 'INBOX', '--json', *keys).objects[0]['uids']
        first, last = (int(end) for end in uids.split(':'))
        self.assertEqual(self.good('sort', self.imaps(), 'INBOX', '--by=subject', *keys).output.split(), [str(first + 1), str(first), str(last)])
        self.assertEqual(self.good('sort', self.imaps(), 'INBOX', '--by=-subject', '--json', *keys).objects, [{'uids': [first, last, first + 1]}])
        drawn = self.good('thread', self.imaps(), 'INBOX', *keys).output
        self.assertIn(f'{first} bob@example.test: pear\n└─ {last} bob@example.test: Re: pear\n', drawn)
        depths = {row['uid']: row['depth'] for row in self.good('thread', self.imaps(), 'INBOX', '--json', '--algorithm=subject', *keys).objects}
        self.assertEqual(depths, {first: 0, first + 1: 0, last: 1})

    def test_a_compressed_channel_tells_what_it_saves(self):
        self.deliver('compressed', body='the same words\n' * 2000)
        result = self.good('fetch', self.imaps(), 'INBOX', self.find('compressed'), '-o', self.path('compressed.eml'), '--compress')
        sent, sent_as, came, came_as = (int(word) for word in re.findall(r'\d+', result.errors))
        self.assertGreater(came, 30000)
        self.assertLess(came_as, came / 10)

    def test_a_quota(self):
        rows = self.good('quota', self.imaps('tiny'), user='tiny').rows
        self.assertTrue(any('STORAGE' in row for row in rows), rows)
        resource = next(o for o in self.good('quota', self.imaps('tiny'), '--json', user='tiny').objects if o['resource'] == 'STORAGE')
        self.assertEqual(resource['limit'], 20)


    def test_access_control(self):
        self.good('mailboxes', self.imaps())
        for rights, told in (('lr', 'lr'), ('+s', 'lrs'), ('-r', 'ls')):
            objects = self.good('acl', self.imaps(), 'Drafts', 'bob', rights, '--json').objects
            self.assertIn({'identifier': 'bob', 'rights': told}, objects)
        self.assertIn('a', self.good('acl', '--mine', self.imaps(), 'Drafts').output)
        self.assertIn('possible', self.good('acl', '--possible', self.imaps(), 'Drafts', 'bob').output)
        self.assertIn({'identifier': '-bob', 'rights': 'w'},
                      self.good('acl', '--denied', self.imaps(), 'Drafts', 'bob', 'w', '--json').objects)
        self.good('acl', '--delete', '--denied', self.imaps(), 'Drafts', 'bob')
        self.assertFalse(any('bob' in row for row in self.good('acl', '--delete', self.imaps(), 'Drafts', 'bob').rows))
        self.assertEqual(self.posthorn('acl', self.imaps(), 'No such mailbox').status, UNAVAILABLE)

    def test_metadata(self):
        self.good('mailboxes', self.imaps())
        self.good('metadata', self.imaps(), 'Drafts', '/private/comment', 'ask Bob\nfirst')
        entry = {'entry': '/private/comment', 'value': 'ask Bob\nfirst'}
        self.assertIn(entry, self.good('metadata', self.imaps(), 'Drafts', '--json').objects)
        self.assertIn('/private/comment', self.good('metadata', self.imaps(), 'Drafts', '/private/comment').output)
        self.good('metadata', '--delete', self.imaps(), 'Drafts', '/private/comment')
        self.assertNotIn(entry, self.good('metadata', self.imaps(), 'Drafts', '--json').objects)

    def test_a_quota_root(self):
        self.assertTrue(self.good('quota', self.imaps('tiny'), '--root=User quota', user='tiny').rows)
        self.assertNotEqual(self.posthorn('quota', self.imaps('tiny'), '--root=User quota', '--set=STORAGE=5', user='tiny').status, 0)


class Changing(Live):
    def test_append_and_flags(self):
        result = self.good('append', self.imaps(), 'Sent', '--flag=seen', '--flag=$Label1', '--date=2020-02-03T04:05:06Z',
                           stdin=letter('appended'))
        self.assertRegex(result.output, r'^appended to Sent as UID \d+\n$')
        uid = self.find('appended', 'Sent')
        message, = self.good('fetch', self.imaps(), 'Sent', uid, 'flags,date', '--json').objects
        self.assertIn('\\Seen', message['flags'])
        self.assertIn('$Label1', message['flags'])
        self.assertTrue(message['received'].startswith('2020-02-03T'), message)
        flagged = self.good('flag', self.imaps(), 'Sent', uid, '+flagged', '-seen', '--json').objects
        self.assertEqual(set(flagged[0]['flags']) - {'\\Recent'}, {'\\Flagged', '$Label1'})
        exact = self.good('flag', self.imaps(), 'Sent', uid, '=answered').output
        self.assertIn('\\Answered', exact)
        self.assertNotIn('\\Flagged', exact)
        self.assertNotIn('\\', self.good('flag', self.imaps(), 'Sent', uid, '=').output.replace('\\Recent', ''))

    def test_a_maildir_and_an_mbox_go_back(self):
        directory, path = self.path('Outgoing'), self.path('outgoing.mbox')
        self.good('append', self.imaps(), 'Sent', '--flag=flagged', '--flag=answered', '--date=2020-02-03T04:05:06Z',
                  stdin=letter('going back', body='From here\n>From there\n\nFrom an empty line\n\n'))
        self.good('append', self.imaps(), 'Sent', '--date=2021-02-03T04:05:06Z', stdin=letter('going back', body='no end'))
        uids = self.find('going back', 'Sent')
        items = ('flags,date,body', '--json')
        first = [{k: v for k, v in o.items() if k != 'uid'} for o in self.good('fetch', self.imaps(), 'Sent', uids, *items).objects]
        for place, form, flags, box in ((directory, 'maildir', True, 'Drafts'), (path, 'mbox', False, 'Trash')):
            self.good('fetch', self.imaps(), 'Sent', uids, '-o', place, f'--as={form}')
            result = self.good('append', self.imaps(), box, place)
            self.assertIn(f'appended to {box}', result.output)
            back = [{k: v for k, v in o.items() if k != 'uid'}
                    for o in self.good('fetch', self.imaps(), box, self.find('going back', box), *items).objects]
            self.assertEqual([o['received'] for o in back], [o['received'] for o in first])
            self.assertEqual([sorted(f for f in o['flags'] if f != '\\Recent') for o in back],
                             [sorted(f for f in o['flags'] if f != '\\Recent') if flags else [] for o in first])
            bodies = [[o['body'] for o in objects] for objects in (back, first)]
            ends = '' if flags else '\r\n'    # an mbox' messages end in a line's end
            self.assertEqual(bodies[0], [bodies[1][0], bodies[1][1] + ends])
        self.assertEqual(self.posthorn('append', self.imaps(), 'Sent', '--as=mbox', stdin=letter('x')).status, NOINPUT)
        self.assertEqual(self.posthorn('append', self.imaps(), 'Sent', '--as=tar', path).status, USAGE)

    def test_messages_go_elsewhere_and_go(self):
        uid = self.good('append', self.imaps(), 'Sent', stdin=letter('Wanders')).output.split()[-1]
        copied = self.good('copy', self.imaps(), 'Sent', uid, 'INBOX', '--json').objects[0]['uids']
        before = self.good('status', self.imaps(), 'INBOX', '--json').objects[0]
        moved = self.good('move', self.imaps(), 'INBOX', copied, 'Sent').output.strip()
        after = self.good('status', self.imaps(), 'INBOX', '--json').objects[0]
        self.assertEqual((after['messages'], after['uidnext']), (before['messages'] - 1, before['uidnext']))
        self.good('flag', self.imaps(), 'Sent', f'{uid},{moved}', '+deleted')
        self.good('expunge', self.imaps(), 'Sent', moved)
        self.assertEqual(self.find('Wanders', 'Sent'), uid)
        self.good('expunge', self.imaps(), 'Sent')
        self.assertEqual(self.find('Wanders', 'Sent'), '')

    def test_a_letter_keeps_its_lines(self):
        body = 'unix\nlines\n\nlast without an end'
        self.good('append', self.imaps(), 'Sent', stdin=letter('lines', body=body))
        octets = self.good('fetch', self.imaps(), 'Sent', self.find('lines', 'Sent'), 'text').octets
        self.assertEqual(octets, body.replace('\n', '\r\n').encode())

    def test_a_large_letter_in_both_directions(self):
        body = 'The quick brown fox jumps over the lazy dog, and so on and on.\n' * 60000    # 3.8 MB
        self.good('append', self.imaps(), 'Sent', stdin=letter('large', body=body))
        octets = self.good('fetch', self.imaps(), 'Sent', self.find('large', 'Sent'), 'text').octets
        self.assertEqual(octets, body.replace('\n', '\r\n').encode())

    def test_a_mailbox_that_is_not_there(self):
        result = self.posthorn('append', self.imaps(), 'No such mailbox', stdin=letter('lost'))
        self.assertEqual(result.status, UNAVAILABLE, result)


class Probing(Live):
    def test_a_good_server(self):
        result = self.good('probe', self.imaps())
        for pattern in (r'greeting +OK ', r'TLS +TLS1\.3, ', r'certificate +.*localhost', r'capabilities +', r'mechanisms +PLAIN: plaintext',
                        r'logged in by +SCRAM-SHA-256'):
            self.assertRegex(result.output, rf'(?m)^{pattern}')

    def test_bad_certificates_are_reported_without_a_login(self):
        for host, ca, word in (('expired.localhost', CA, 'expired'), ('wrong.localhost', CA, 'made out to another'),
                               ('localhost', os.path.join(ENV['PH_TEST_CERTIFICATES'], 'self-signed.pem'), 'not trusted')):
            for uri in (f'imaps://{host}:{ENV["PH_TEST_IMAPS_PORT"]}', f'imap://{host}:{ENV["PH_TEST_IMAP_PORT"]}'):
                result = posthorn('probe', uri, f'--ca={ca}')
                self.assertEqual(result.status, OK, result)
                self.assertRegex(result.output, rf'(?m)^WARNING .*{word}')
                report, = posthorn('probe', uri, f'--ca={ca}', '--json').objects
                self.assertTrue(report['tls']['errors'])

    def test_bad_certificates_end_a_login(self):
        for host in ('expired.localhost', 'wrong.localhost'):
            for command, arguments in (('probe', ()), ('mailboxes', ())):
                result = self.posthorn(command, self.imaps(host=host), *arguments)
                self.assertEqual(result.status, PROTOCOL, result)
                self.assertIn(host, result.errors)

    def test_a_server_without_tls_gets_a_warning(self):
        result = posthorn('probe', f'smtp://localhost:{ENV["PH_TEST_SMTP_PORT"]}')
        self.assertEqual(result.status, OK, result)
        self.assertRegex(result.output, r'(?m)^WARNING .*no TLS')


class Passwords(Live):
    def test_from_a_command(self):
        for command, status in ((f'cat {shlex.quote(self.path("alice"))}', OK), ('echo wrong', NOPERM), ('exit 3', CONFIG), ('true', CONFIG)):
            result = posthorn('mailboxes', self.imaps(), f'--ca={CA}', f'--password-command={command}')
            self.assertEqual(result.status, status, (command, result))

    def test_a_file_that_is_not_there(self):
        result = posthorn('mailboxes', self.imaps(), f'--ca={CA}', '--password-file=/nonexistent')
        self.assertEqual(result.status, CONFIG, result)
        self.assertIn('/nonexistent', result.errors)

    def test_no_terminal_to_ask_on(self):
        result = posthorn('mailboxes', self.imaps(), f'--ca={CA}')
        self.assertIn(result.status, (CONFIG, UNAVAILABLE), result)
        self.assertRegex(result.errors, r'^posthorn: [^\n]+\n$')

    def test_asked_for_on_the_terminal_without_echo(self):
        password = ENV['PH_TEST_PASSWORD_ALICE']
        process, terminal = pty.fork()
        if process == 0:
            os.execv(COMMAND, [COMMAND, 'mailboxes', self.imaps(), f'--ca={CA}'])
        shown = b''
        asked = False
        while True:
            if not select.select([terminal], [], [], PATIENCE)[0]:
                os.kill(process, 9)
                break
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            shown += piece
            if b'Password of alice' in shown and not asked:
                asked = True
                os.write(terminal, password.encode() + b'\n')
        _, status = os.waitpid(process, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), OK, shown)
        self.assertTrue(asked)
        self.assertIn(b'INBOX', shown)
        self.assertNotIn(password.encode(), shown)

    def test_a_user_that_the_uri_does_not_have(self):
        uri = f'imaps://localhost:{ENV["PH_TEST_IMAPS_PORT"]}'
        self.assertEqual(self.posthorn('mailboxes', uri, '--user=alice').status, OK)


class Pipes(Live):
    def test_interrupting_ends_in_an_orderly_way(self):
        with subprocess.Popen([COMMAND, 'append', self.imaps(), 'Sent', f'--ca={CA}', f'--password-file={self.path("alice")}'],
                              stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            process.stdin.write('x\n')
            process.stdin.flush()
            process.send_signal(2)
            process.stdin.close()
            self.assertIn(process.wait(PATIENCE), (130, -2))


class Watching(Live):
    def watch(self, *arguments, uri=None):
        process = subprocess.Popen([*WRAPPER, COMMAND, 'watch', uri or self.imaps(), *arguments, f'--password-file={self.path("alice")}',
                                    f'--ca={CA}'], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                                   env={**ENV, 'LC_ALL': 'C.UTF-8'})
        self.addCleanup(process.kill)
        self.assertIn('watching', process.stderr.readline())
        return process

    def test_new_mail_is_a_line(self):
        watching = self.watch('--events=1')
        self.deliver('as it comes')
        output, errors = watching.communicate(timeout=PATIENCE)
        self.assertEqual(watching.returncode, OK, errors)
        self.assertRegex(output, r'^added \d+  Bob Example <bob@example.test>  as it comes\n$')

    def test_flags_and_removals_as_json(self):
        self.deliver('watched')
        uid = self.find('watched').split(',')[-1].split(':')[-1]
        watching = self.watch('INBOX', '--json', '--events=2')
        self.good('flag', self.imaps(), 'INBOX', uid, '+flagged')
        first = json.loads(watching.stdout.readline())
        self.assertEqual((first['event'], first['mailbox'], first['uid']), ('flags', 'INBOX', int(uid)))
        self.assertIn('\\Flagged', first['flags'])
        self.good('flag', self.imaps(), 'INBOX', uid, '+deleted')
        second = json.loads(watching.stdout.readline())
        self.assertIn('\\Deleted', second['flags'])
        self.assertEqual(watching.wait(PATIENCE), OK)

    def test_a_mailbox_that_is_not_there(self):
        self.assertEqual(self.posthorn('watch', self.imaps(), 'none such').status, UNAVAILABLE)


class Notified(Live):
    def notify(self, *arguments):
        process = subprocess.Popen([*WRAPPER, COMMAND, 'notify', self.imaps(), *arguments, f'--password-file={self.path("alice")}', f'--ca={CA}'],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                                   env={**ENV, 'LC_ALL': 'C.UTF-8'})
        self.addCleanup(process.kill)
        self.assertIn('listening', process.stderr.readline())
        return process

    def test_mail_in_a_mailbox_that_is_not_selected(self):
        told = self.notify('Drafts', 'INBOX', '--events=3')
        self.deliver('told of')
        output, errors = told.communicate(timeout=PATIENCE)
        self.assertEqual(told.returncode, OK, errors)
        lines = output.splitlines()
        self.assertEqual(sorted(line.split()[1] for line in lines[:2]), ['Drafts', 'INBOX'])
        self.assertRegex(lines[2], r'^status INBOX  messages \d+ .*uidnext \d+')

    def test_mailboxes_that_come_and_go_as_json(self):
        told = self.notify('--subtree', 'Told', '--json', '--events=2')
        self.good('shell', self.imaps(), stdin='CREATE Told\n')
        first = json.loads(told.stdout.readline())    # the server joins what comes close together
        self.assertEqual((first['event'], first['mailbox']), ('listed', 'Told'))
        self.good('shell', self.imaps(), stdin='DELETE Told\n')
        output, errors = told.communicate(timeout=PATIENCE)
        self.assertEqual(told.returncode, OK, errors)
        second = json.loads(output)
        self.assertEqual((second['event'], second['mailbox']), ('gone', 'Told'))
        self.assertIn('\\NonExistent', second['attributes'])


class Shell(Live):
    def test_lines_and_their_answers(self):
        result = self.good('shell', self.imaps(), stdin='STATUS INBOX (UIDNEXT)\n\nXYZZY\n')
        lines = result.output.splitlines()
        self.assertRegex(lines[0], r'^\* STATUS INBOX \(UIDNEXT \d+\)$')
        self.assertRegex(lines[1], r'^\S+ OK ')
        self.assertRegex(lines[2], r'^\S+ BAD ')

    def test_goodbye_ends_it(self):
        result = self.good('shell', self.imaps(), stdin='LOGOUT\nNOOP\n')
        self.assertIn('* BYE', result.output)
        self.assertEqual(len(result.output.splitlines()), 2)

    def test_the_password_is_not_shown(self):
        result = self.posthorn('shell', self.imaps(), stdin='LOGIN alice wonderful\n')
        self.assertNotIn('wonderful', result.output + result.errors)


if __name__ == '__main__':
    tap.main()
