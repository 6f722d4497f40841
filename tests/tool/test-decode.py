#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""posthorn decode: each reply of a recorded stream as it was understood, whatever its kind, and what wasn't understood."""
import base64
import json
import os
import resource
import subprocess
import threading
import unittest

from tool import COMMAND, DATAERR, NOINPUT, OK, USAGE, posthorn
import tap

IMAP_KEYS = {'type', 'tag', 'name', 'number', 'status', 'code', 'text', 'values'}


def atom(text):
    return {'atom': text}


def string(text):
    return {'string': text}


def imap(stream):
    return posthorn('decode', 'imap', stdin=stream)


class Imap(unittest.TestCase):
    def one(self, stream, **expected):
        """@stream is one reply, with all keys; those that @expected doesn't name are null, and values []."""
        result = imap(stream)
        self.assertEqual(result.status, OK, result)
        self.assertEqual(len(result.objects), 1, result)
        whole = {**dict.fromkeys(IMAP_KEYS), 'values': [], **expected}
        self.assertEqual(result.objects[0], whole)

    def test_a_greeting(self):
        self.one(b'* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n', type='untagged', name='OK', status='OK', text='ready',
                 code={'name': 'CAPABILITY', 'args': [atom('IMAP4rev1'), atom('IDLE')]})

    def test_a_number_in_front_is_told_even_where_it_is_zero(self):
        self.one(b'* 5 EXISTS\r\n', type='untagged', name='EXISTS', number=5)
        self.one(b'* 0 EXISTS\r\n', type='untagged', name='EXISTS', number=0)

    def test_a_tagged_reply_with_a_code(self):
        self.one(b'a7 NO [TRYCREATE] no such mailbox\r\n', type='tagged', tag='a7', name='NO', status='NO',
                 text='no such mailbox', code={'name': 'TRYCREATE', 'args': []})
        self.one(b'a8 OK [UIDNEXT 4392] done\r\n', type='tagged', tag='a8', name='OK', status='OK', text='done',
                 code={'name': 'UIDNEXT', 'args': [4392]})

    def test_a_continuation(self):
        self.one(b'+ idling\r\n', type='continuation', text='idling')

    def test_every_kind_of_value(self):
        self.one(b'* 3 FETCH (UID 17 FLAGS (\\Seen $Junk) X-A "a \\"b\\" \\\\" X-L {5}\r\nab\r\nc X-N NIL X-E () X-Q "")\r\n',
                 type='untagged', name='FETCH', number=3,
                 values=[[atom('UID'), 17, atom('FLAGS'), [atom('\\Seen'), atom('$Junk')], atom('X-A'), string('a "b" \\'),
                          atom('X-L'), {'literal': 'ab\r\nc'}, atom('X-N'), None, atom('X-E'), [], atom('X-Q'), string('')]])

    def test_octets_that_are_not_utf8_are_base64(self):
        self.one(b'* 1 FETCH (BODY[] {4}\r\n\xff\xfe\x00a)\r\n', type='untagged', name='FETCH', number=1,
                 values=[[atom('BODY[]'), {'base64': base64.b64encode(b'\xff\xfe\x00a').decode()}]])

    def test_a_long_octet_string_is_base64_in_one_piece(self):
        octets = bytes(range(256)) * 1000
        self.one(b'* 1 FETCH (BODY[] {%d}\r\n%s)\r\n' % (len(octets), octets), type='untagged', name='FETCH', number=1,
                 values=[[atom('BODY[]'), {'base64': base64.b64encode(octets).decode()}]])

    def test_utf8_stays_text(self):
        self.one('* 1 FETCH (X "Grüße €")\r\n'.encode(), type='untagged', name='FETCH', number=1,
                 values=[[atom('X'), string('Grüße €')]])

    def test_numbers_beyond_a_double_stay_exact(self):
        for number in (2**53 + 1, 2**63 - 1, 2**63 + 1, 2**64 - 1):
            result = imap(b'* 1 FETCH (MODSEQ (%d))\r\n' % number)
            self.assertEqual(result.objects[0]['values'], [[atom('MODSEQ'), [number]]], result)
            self.assertIn(str(number), result.output)

    def test_a_number_of_more_than_64_bits_is_an_atom(self):
        self.assertEqual(imap(b'* 1 FETCH (X 18446744073709551616)\r\n').objects[0]['values'],
                         [[atom('X'), atom('18446744073709551616')]])

    def test_deep_lists_have_their_depth(self):
        value = imap(b'* X %s%s\r\n' % (b'(' * 40, b')' * 40)).objects[0]['values']
        for _ in range(41):
            self.assertIsInstance(value, list)
            value = value[0] if value else None
        self.assertIsNone(value)

    def test_a_body_section_is_one_atom(self):
        self.assertEqual(imap(b'* 1 FETCH (BODY[HEADER.FIELDS (DATE FROM)]<0> "x")\r\n').objects[0]['values'],
                         [[atom('BODY[HEADER.FIELDS (DATE FROM)]<0>'), string('x')]])

    def test_one_object_a_line_in_order(self):
        result = imap(b'* 1 EXISTS\r\n* 2 EXISTS\r\na OK x\r\n+ \r\n')
        self.assertEqual([(o['type'], o['number']) for o in result.objects],
                         [('untagged', 1), ('untagged', 2), ('tagged', None), ('continuation', None)])

    def test_what_is_not_understood_is_told_and_the_rest_is_read(self):
        result = imap(b'* 1 EXISTS\r\n)(\r\n* 2 EXISTS\r\n')
        self.assertEqual(result.status, DATAERR, result)
        self.assertEqual([o['number'] for o in result.objects if o['name'] == 'EXISTS'], [1, 2])
        self.assertRegex(result.errors, r'(?m)^posthorn: octet 12: ')

    def test_a_stream_that_ends_in_a_reply_is_not_understood(self):
        for stream in (b'* 1 EXISTS\r\n* 2 EX', b'* 1 EXISTS\r\n* 1 FETCH (X {100}\r\nabc'):
            result = imap(stream)
            self.assertEqual(result.status, DATAERR, result)
            self.assertEqual(result.objects[0]['number'], 1)
            self.assertTrue(result.errors)

    def test_an_empty_stream_is_understood(self):
        self.assertEqual((imap(b'').status, imap(b'').output), (OK, ''))


class Smtp(unittest.TestCase):
    def one(self, stream, **expected):
        result = posthorn('decode', 'smtp', stdin=stream)
        self.assertEqual(result.status, OK, result)
        self.assertEqual(result.objects, [expected])

    def test_a_line(self):
        self.one(b'220 mail.example.org ESMTP\r\n', code=220, enhanced=None, lines=['mail.example.org ESMTP'])

    def test_lines(self):
        self.one(b'250-mail.example.org\r\n250-SIZE 1000\r\n250 PIPELINING\r\n', code=250, enhanced=None,
                 lines=['mail.example.org', 'SIZE 1000', 'PIPELINING'])

    def test_an_enhanced_status(self):
        result = posthorn('decode', 'smtp', stdin=b'550 5.1.1 no such user\r\n')
        self.assertEqual(result.objects[0]['code'], 550)
        self.assertEqual(result.objects[0]['enhanced'], '5.1.1')
        self.assertIn('no such user', result.objects[0]['lines'][0])

    def test_lmtp_is_the_same(self):
        self.assertEqual(posthorn('decode', 'lmtp', stdin=b'250 ok\r\n').objects,
                         [{'code': 250, 'enhanced': None, 'lines': ['ok']}])

    def test_garbage_is_told(self):
        result = posthorn('decode', 'smtp', stdin=b'220 hello\r\nwhat is this\r\n221 bye\r\n')
        self.assertEqual(result.status, DATAERR, result)
        self.assertEqual([o['code'] for o in result.objects][0], 220)
        self.assertTrue(result.errors.startswith('posthorn: '))


class Input(unittest.TestCase):
    def test_a_file_is_read(self):
        path = os.path.join(os.environ.get('TMPDIR', '/tmp'), f'posthorn-test-{os.getpid()}')
        try:
            with open(path, 'wb') as file:
                file.write(b'* 5 EXISTS\r\n')
            self.assertEqual(posthorn('decode', 'imap', path).objects[0]['number'], 5)
        finally:
            os.unlink(path)

    def test_a_file_that_is_not_there(self):
        result = posthorn('decode', 'imap', '/nonexistent/file')
        self.assertEqual(result.status, NOINPUT, result)
        self.assertIn('/nonexistent/file', result.errors)

    def test_a_directory(self):
        self.assertEqual(posthorn('decode', 'imap', '/').status, NOINPUT)

    def test_an_unknown_protocol(self):
        result = posthorn('decode', 'gopher')
        self.assertEqual(result.status, USAGE, result)
        self.assertIn('gopher', result.errors)

    def test_a_reply_is_printed_while_the_stream_goes_on(self):
        with subprocess.Popen([COMMAND, 'decode', 'imap'], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            watchdog = threading.Timer(20, process.kill)
            watchdog.start()
            for number in (1, 2):
                process.stdin.write(b'* %d EXISTS\r\n' % number)
                process.stdin.flush()
                self.assertEqual(json.loads(process.stdout.readline())['number'], number)
            process.stdin.close()
            self.assertEqual(process.wait(), OK)
            watchdog.cancel()

    def test_an_endless_stream_is_decoded_in_bounded_memory(self):
        piece = b'* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n' * 10000
        with subprocess.Popen([COMMAND, 'decode', 'imap'], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            for _ in range(100):    # 33 MB
                process.stdin.write(piece)
            process.stdin.flush()
            with open(f'/proc/{process.pid}/status', encoding='ascii') as file:
                peak = next(int(line.split()[1]) for line in file if line.startswith('VmHWM'))
            process.stdin.close()
            self.assertEqual(process.wait(), OK)
        if 'PH_TEST_SANITIZED' not in os.environ:
            self.assertLess(peak, 24 * 1024)

    def test_a_closed_pipe_ends_it(self):
        with subprocess.Popen([COMMAND, 'decode', 'imap'], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            process.stdout.close()
            try:
                process.stdin.write(b'* 1 EXISTS\r\n' * 100000)
                process.stdin.close()
            except BrokenPipeError:
                pass
            self.assertNotEqual(process.wait(timeout=20), OK)


if __name__ == '__main__':
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tap.main()
