#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""docs/from-imaplib.md holds: all of imaplib is in it, and what it names exists.

    check-imaplib.py ROOT

Names of the module are asked of the module itself; those of newer Pythons stand below. Functions and constants must stand in the public
headers, each row's test in the tests: by its path where GLib runs it, by file and name elsewhere. Its own tests run with it: a checker
that can't fail is none.
"""
import imaplib
import inspect
import os
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'harness'))
import tap    # noqa: E402

ROOT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, '..', '..')
# what Debian 12's module doesn't have yet (3.13 to 3.16), and what objects get only when they are made
NEWER = {'idle', 'burst', 'id', 'move', 'login_plain', 'params', 'translate_line_endings'}
OF_OBJECTS = {'capabilities', 'state', 'welcome', 'is_readonly', 'utf8_enabled', 'host', 'port', 'file', 'tagpre', 'tagnum', 'literal',
              'untagged_responses', 'continuation_response', 'tagged_commands', 'PROTOCOL_VERSION', 'debug', 'mo', 'sock', 'certfile',
              'keyfile', 'ssl_context', 'timeout', 'process', 'readfile', 'writefile', 'mustquote'}
# paths that a macro completes
MACROS = {'imap_test': '/imap/', 'live_add': ''}


def read(*names):
    with open(os.path.join(ROOT, *names), encoding='utf-8') as file:
        return file.read()


def rows(page):
    """(imaplib, ours, test) of each row, headings left out."""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip('|').split(' | ')]
        if line.startswith('| ') and len(cells) == 3 and cells[0] != 'imaplib' and not cells[0].startswith('---'):
            yield cells


def names_of_imaplib():
    names = {name for name, value in vars(imaplib).items() if not name.startswith('__') and not inspect.ismodule(value)}
    for each in (imaplib.IMAP4, imaplib.IMAP4_SSL, imaplib.IMAP4_stream):
        names.update(name for name in vars(each) if not name.startswith('__'))
    return names - {'datetime', 'timedelta', 'timezone', 'DEFAULT_BUFFER_SIZE'} | NEWER | OF_OBJECTS


def words(text):
    """Identifiers that stand in backquotes."""
    return set(re.findall(r'\w+', ' '.join(re.findall(r'`([^`]*)`', text))))


def missing_names(page):
    told = set().union(*(words(first) for first, _, _ in rows(page)))
    return sorted(names_of_imaplib() - told)


def missing_symbols(page, headers):
    named = re.findall(r'\b(?:ph|PH)_\w+', page)
    return sorted({name for name in named if not re.search(rf'\b{name}\b', headers)})


def paths_of_tests():
    """Where GLib finds its tests."""
    paths = set()
    for directory, _, files in os.walk(os.path.join(ROOT, 'tests')):
        for name in files:
            if name.endswith('.c'):
                text = read(directory, name)
                paths.update(re.findall(r'"(/[\w/-]+)"', text))
                for macro, prefix in MACROS.items():
                    paths.update(prefix + path for path in re.findall(rf'\b{macro} \("([\w/-]+)"', text))
    return paths


def is_test(test, paths):
    found = re.fullmatch(r'`([\w./-]+): ([\w.-]+)`', test)
    if not found:
        return test.strip('`') in paths and test.startswith('`/')
    return os.path.exists(os.path.join(ROOT, found.group(1))) and \
        re.search(rf'(?<![\w-]){re.escape(found.group(2))}(?![\w-])', read(found.group(1))) is not None


def missing_tests(page, paths):
    return [f'{first}: no such test: {test}' for first, _, test in rows(page) if not is_test(test, paths)]


class Page(unittest.TestCase):
    def setUp(self):
        self.page = read('docs', 'from-imaplib.md')
        folder = os.path.join(ROOT, 'include', 'posthorn')
        self.headers = '\n'.join(read(folder, name) for name in os.listdir(folder) if name.endswith('.h'))

    def test_all_of_imaplib_is_in_it(self):
        self.assertEqual(missing_names(self.page), [])

    def test_what_it_names_exists(self):
        self.assertEqual(missing_symbols(self.page, self.headers), [])

    def test_every_row_has_a_test_that_exists(self):
        self.assertGreater(len(list(rows(self.page))), 60)
        self.assertEqual(missing_tests(self.page, paths_of_tests()), [])


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
        self.assertEqual(missing_tests(self.ROW + self.PATH, paths), [])
        self.assertEqual(len(missing_tests(self.ROW.replace('test_sees', 'never_' + 'sees'), paths)), 1)
        self.assertEqual(len(missing_tests(self.PATH.replace('logout`', 'log-out`'), paths)), 1)
        self.assertEqual(len(missing_tests(self.ROW.replace('check-imaplib.py', 'none.py'), paths)), 1)

    def test_finds_the_paths(self):
        paths = paths_of_tests()
        self.assertIn('/imap/session/logout', paths)
        self.assertIn('/live/imap/quota', paths)


if __name__ == '__main__':
    del sys.argv[1:]
    tap.main()
