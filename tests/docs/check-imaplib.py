#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""docs/from-imaplib.md holds: all of imaplib is in it, and what it names exists.

    check-imaplib.py ROOT

Names of the module are asked of the module itself; those of newer Pythons stand below. Functions and constants must stand in the public
headers, each row's test in the tests: by its path where GLib runs it, by file and name elsewhere. Its own tests run with it: a checker
that can't fail is none.
"""
import imaplib
import itertools
import os
import re
import sys
import unittest

from parity import ROOT, headers, missing_symbols, missing_tests, names_of, read, rows, stands_in_file, words
import tap

# what Debian 12's module doesn't have yet (3.13 to 3.16), and what objects get only when they are made
NEWER = {'idle', 'burst', 'id', 'move', 'login_plain', 'params', 'translate_line_endings'}
OF_OBJECTS = {'capabilities', 'state', 'welcome', 'is_readonly', 'utf8_enabled', 'host', 'port', 'file', 'tagpre', 'tagnum', 'literal',
              'untagged_responses', 'continuation_response', 'tagged_commands', 'PROTOCOL_VERSION', 'debug', 'mo', 'sock', 'certfile',
              'keyfile', 'ssl_context', 'timeout', 'process', 'readfile', 'writefile', 'mustquote'}
# paths that a macro completes
MACROS = {'imap_test': '/imap/', 'live_add': ''}


def missing_names(page):
    names = names_of(imaplib, imaplib.IMAP4, imaplib.IMAP4_SSL, imaplib.IMAP4_stream)
    names -= {'datetime', 'timedelta', 'timezone', 'DEFAULT_BUFFER_SIZE'}
    return sorted((names | NEWER | OF_OBJECTS) - words(page, r'\w+'))


def paths_of_tests():
    """Where GLib finds its tests."""
    paths = set()
    for directory, _, files in itertools.chain.from_iterable(os.walk(os.path.join(ROOT, folder)) for folder in ('tests', 'plugins')):
        for name in files:
            if name.endswith('.c'):
                text = read(directory, name)
                paths.update(re.findall(r'"(/[\w/-]+)"', text))
                for macro, prefix in MACROS.items():
                    paths.update(prefix + path for path in re.findall(rf'\b{macro} \("([\w/-]+)"', text))
    return paths


def untested(page, paths):
    return missing_tests(page, lambda test: stands_in_file(test) or (test.startswith('`/') and test.strip('`') in paths))


class Page(unittest.TestCase):
    def setUp(self):
        self.page = read('docs', 'from-imaplib.md')

    def test_all_of_imaplib_is_in_it(self):
        self.assertEqual(missing_names(self.page), [])

    def test_what_it_names_exists(self):
        self.assertEqual(missing_symbols(self.page, headers()), [])

    def test_every_row_has_a_test_that_exists(self):
        self.assertGreater(len(list(rows(self.page))), 60)
        self.assertEqual(untested(self.page, paths_of_tests()), [])


class Check(unittest.TestCase):
    """Each fault, once made, is reported."""
    ROW = '| `logout` | `ph_session_close ()` | `tests/docs/check-imaplib.py: test_sees_a_missing_test` |\n'
    PATH = '| `logout` | `ph_session_close ()` | `/imap/session/logout` |\n'

    def test_sees_a_missing_name(self):
        self.assertIn('select', missing_names(self.ROW))
        self.assertIn('burst', missing_names(self.ROW))
        self.assertNotIn('logout', missing_names(self.ROW))

    def test_sees_a_missing_symbol(self):
        self.assertEqual(missing_symbols(self.ROW, 'ph_session_close_async'), ['ph_session_close'])
        self.assertEqual(missing_symbols(self.ROW, 'x ph_session_close ('), [])

    def test_sees_a_missing_test(self):
        paths = {'/imap/session/logout'}
        self.assertEqual(untested(self.ROW + self.PATH, paths), [])
        self.assertEqual(len(untested(self.ROW.replace('test_sees', 'never_' + 'sees'), paths)), 1)
        self.assertEqual(len(untested(self.PATH.replace('logout`', 'log-out`'), paths)), 1)
        self.assertEqual(len(untested(self.ROW.replace('check-imaplib.py', 'none.py'), paths)), 1)

    def test_finds_the_paths(self):
        paths = paths_of_tests()
        self.assertIn('/imap/session/logout', paths)
        self.assertIn('/live/imap/quota', paths)


if __name__ == '__main__':
    del sys.argv[1:]
    tap.main()
