#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Many messages at once: how often the server is asked, in which order they come, and what becomes of one that can't be had.

The conversations are the scripts' to check: each `match` is one round trip.
"""
import os
import tempfile
import unittest

from tool import CANTCREAT, PROTOCOL, TEMPFAIL, UNAVAILABLE, Server, posthorn

import tap

LARGE = 600000    # octets of a message that is streamed


def text(uid):
    return f'Subject: {uid}\\r\\n\\r\\n'


def length(uid):
    return len(f'Subject: {uid}\r\n\r\n')


def opening(uids):
    return f'''
        send * PREAUTH [CAPABILITY IMAP4rev1] hello
        match (?P<t>\\S+) EXAMINE "INBOX"
        send * {len(uids)} EXISTS
        send * OK [UIDVALIDITY 7] x
        send * OK [UIDNEXT 900] x
        send ${{t}} OK [READ-ONLY] x
        match (?P<t>\\S+) UID SEARCH .*
        send * SEARCH {' '.join(map(str, uids))}
        send ${{t}} OK x
        '''


def sizes(asked, uids, large=()):
    told = '\n'.join(f'send * {n} FETCH (UID {uid} FLAGS () INTERNALDATE "17-Nov-2026 02:44:25 +0000" RFC822.SIZE '
                     f'{LARGE if uid in large else length(uid)})' for n, uid in enumerate(uids, 1))
    return f'match (?P<t>\\S+) UID FETCH {asked} \\(UID FLAGS INTERNALDATE RFC822\\.SIZE\\)\n{told}\nsend ${{t}} OK x\n'


def bodies(asked, uids, answer='OK x'):
    told = '\n'.join(f'raw * 1 FETCH (UID {uid} BODY[] {{{length(uid)}}}\\r\\n{text(uid)})\\r\\n' for uid in uids)
    return f'match (?P<t>\\S+) UID FETCH {asked} \\(UID BODY\\.PEEK\\[\\]\\)\n{told}\nsend ${{t}} {answer}\n'


def streamed(uid):
    return f'''match (?P<t>\\S+) UID FETCH {uid} \\(UID BODY\\.PEEK\\[\\]\\)
        send * 1 FETCH (UID {uid} BODY[] {{{LARGE}}}
        repeat {LARGE // 10} 12345678\\r\\n
        send )
        send ${{t}} OK x
        '''


BYE = '''match (?P<t>\\S+) LOGOUT
    send * BYE x
    send ${t} OK x
    closed
    '''


class Fetching(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = os.path.join(place.name, 'mails', '')

    def fetch(self, script, *arguments):
        with Server(script) as server:
            return posthorn('fetch', '--tls=never', f'imap://127.0.0.1:{server.port}', 'INBOX', '1:*', *arguments)

    def keep(self, script, *arguments):
        return self.fetch(script, '-o', self.place, *arguments)

    def kept(self):
        return sorted(int(name.removesuffix('.eml')) for name in os.listdir(self.place))

    def test_one_question_brings_two_hundred_messages(self):
        uids = list(range(1, 201))
        result = self.keep(opening(uids) + sizes('1:200', uids) + bodies('1:200', uids) + BYE)
        self.assertEqual((result.status, result.errors), (0, ''), result)
        self.assertEqual(self.kept(), uids)
        self.assertEqual([int(line.split()[0]) for line in result.output.splitlines()], uids)
        for uid in uids:
            with open(os.path.join(self.place, f'{uid}.eml'), 'rb') as file:
                self.assertEqual(file.read(), f'Subject: {uid}\r\n\r\n'.encode())

    def test_the_order_is_kept_whatever_the_server_does(self):
        uids = [3, 5, 6, 9]
        result = self.keep(opening(uids) + sizes('3,5:6,9', [9, 3, 6, 5]) + bodies('3,5:6,9', [9, 5, 3, 6, 5]) + BYE)
        self.assertEqual(result.status, 0, result)
        self.assertEqual([int(line.split()[0]) for line in result.output.splitlines()], uids)

    def test_a_large_message_is_streamed_between_the_others(self):
        uids = [1, 2, 3, 4]
        result = self.keep(opening(uids) + sizes('1:4', uids, large=[3]) + bodies('1:2', [1, 2]) + streamed(3) + bodies('4', [4]) + BYE)
        self.assertEqual(result.status, 0, result)
        self.assertEqual([int(line.split()[0]) for line in result.output.splitlines()], uids)
        self.assertEqual(os.path.getsize(os.path.join(self.place, '3.eml')), LARGE)

    def test_a_group_that_is_refused_for_one_message_brings_the_others(self):
        uids = [1, 2, 3, 4]
        result = self.keep(opening(uids) + sizes('1:4', uids) + bodies('1:4', [1, 3], 'NO [SERVERBUG] a broken one') +
                           bodies('2', [], 'NO [SERVERBUG] broken') + bodies('4', [4]) + BYE)
        self.assertEqual(self.kept(), [1, 3, 4])
        self.assertEqual(result.status, PROTOCOL, result)
        self.assertRegex(result.errors, r'^posthorn: UID 2: [^\n]*broken\n$')

    def test_a_message_that_is_gone_is_told_of(self):
        uids = [1, 2, 3]
        result = self.keep(opening(uids) + sizes('1:3', uids, large=[3]) + bodies('1:2', [2]) + bodies('3', []) + BYE)
        self.assertEqual(self.kept(), [2])
        self.assertEqual(result.status, UNAVAILABLE, result)
        self.assertRegex(result.errors, r'^posthorn: UID 1: [^\n]*gone[^\n]*\nposthorn: UID 3: [^\n]*no message[^\n]*\n$')

    def test_what_is_there_already_is_not_asked_for(self):
        uids = [1, 2, 3]
        os.mkdir(self.place)
        with open(os.path.join(self.place, '2.eml'), 'w', encoding='ascii') as file:
            file.write('mine')
        result = self.keep(opening(uids) + sizes('1:3', uids) + bodies('1,3', [1, 3]) + BYE)
        self.assertEqual(result.status, 0, result)
        self.assertEqual(self.kept(), uids)

    def test_a_session_that_is_lost_ends_it(self):
        uids = [1, 2, 3]
        result = self.keep(opening(uids) + sizes('1:3', uids) + f'''match .*
            raw * 1 FETCH (UID 1 BODY[] {{{length(1)}}}\\r\\n{text(1)})\\r\\n
            close
            ''')
        self.assertEqual(self.kept(), [1])
        self.assertEqual(result.status, TEMPFAIL, result)

    def test_a_file_that_can_not_be_made_ends_it(self):
        uids = [1, 2]
        os.mkdir(self.place, 0o700)
        os.symlink('nowhere', os.path.join(self.place, '1.eml'))
        result = self.keep(opening(uids) + sizes('1:2', uids) + bodies('1:2', uids) + BYE)
        self.assertEqual(result.status, CANTCREAT, result)

    def test_sections_are_printed_in_one_go(self):
        uids = [1, 2, 3]
        result = self.fetch(opening(uids) + sizes('1:3', uids) + bodies('1:3', uids) + BYE, 'body')
        self.assertEqual(result.status, 0, result)
        self.assertEqual(result.octets, b''.join(f'--- UID {uid} ---\nSubject: {uid}\r\n\r\n'.encode() for uid in uids))


if __name__ == '__main__':
    tap.main()
