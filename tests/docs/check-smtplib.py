#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""docs/from-smtplib.md holds: all of smtplib is in it, and what it names exists.

    check-smtplib.py ROOT

Names of the module are asked of the module itself. Functions and constants must stand in the public headers, tests in the file that is
named with them. Its own tests run with it: a checker that can't fail is none.
"""
import inspect
import os
import re
import smtplib
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'harness'))
import tap    # noqa: E402

ROOT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, '..', '..')
HEADERS = ('include/posthorn', 'mime/posthorn-mime')
# attributes that objects get only when they are made or raised
OF_OBJECTS = {'user', 'password', 'esmtp_features', 'local_hostname', 'timeout=', 'source_address=', 'smtp_code', 'smtp_error', 'sender', 'recipients',
              'command_encoding', 'mail_options', 'rcpt_options', 'initial_response_ok'}


def read(*names):
    with open(os.path.join(ROOT, *names), encoding='utf-8') as file:
        return file.read()


def rows(page):
    """(smtplib, ours, test) of each row, headings left out."""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip('|').split(' | ')]
        if line.startswith('| ') and len(cells) == 3 and cells[0] != 'smtplib' and not cells[0].startswith('---'):
            yield cells


def names_of_smtplib():
    """What the module defines, and what its classes do."""
    names = {name for name, value in vars(smtplib).items() if not name.startswith('__') and not inspect.ismodule(value)}
    for each in (smtplib.SMTP, smtplib.SMTP_SSL, smtplib.LMTP):
        names.update(name for name in vars(each) if not name.startswith('__'))
    return names | OF_OBJECTS


def words(text):
    """Identifiers that stand in backquotes."""
    return set(re.findall(r'\w+=?', ' '.join(re.findall(r'`([^`]*)`', text))))


def missing_names(page):
    told = set().union(*(words(first) for first, _, _ in rows(page)))
    return sorted(name for name in names_of_smtplib() if name not in told and name.rstrip('=') + '=' not in told)


def missing_symbols(page, headers):
    named = re.findall(r'\b(?:ph|PH)_\w+', page)
    return sorted({name for name in named if not re.search(rf'\b{name}\b', headers)})


def missing_tests(page):
    faults = []
    for first, _, test in rows(page):
        found = re.fullmatch(r'`([\w./-]+): ([\w.-]+)`', test)
        if not found or not os.path.exists(os.path.join(ROOT, found.group(1))):
            faults.append(f'{first}: no such file: {test}')
        elif not re.search(rf'(?<![\w-]){re.escape(found.group(2))}(?![\w-])', read(found.group(1))):
            faults.append(f'{first}: no such test: {test}')
    return faults


class Page(unittest.TestCase):
    def setUp(self):
        self.page = read('docs', 'from-smtplib.md')
        self.headers = '\n'.join(read(folder, name) for folder in HEADERS for name in os.listdir(os.path.join(ROOT, folder))
                                 if name.endswith('.h'))

    def test_all_of_smtplib_is_in_it(self):
        self.assertEqual(missing_names(self.page), [])

    def test_what_it_names_exists(self):
        self.assertEqual(missing_symbols(self.page, self.headers), [])

    def test_every_row_has_a_test_that_exists(self):
        self.assertGreater(len(list(rows(self.page))), 70)
        self.assertEqual(missing_tests(self.page), [])


class Check(unittest.TestCase):
    """Each fault, once made, is reported."""
    ROW = '| `quit()` | `ph_session_close ()` | `tests/docs/check-smtplib.py: test_sees_a_missing_test` |\n'

    def test_sees_a_missing_name(self):
        self.assertIn('sendmail', missing_names(self.ROW))
        self.assertNotIn('quit', missing_names(self.ROW))

    def test_sees_a_missing_symbol(self):
        self.assertEqual(missing_symbols(self.ROW, 'ph_session_close_async'), ['ph_session_close'])
        self.assertEqual(missing_symbols(self.ROW, 'x ph_session_close ('), [])

    def test_sees_a_missing_test(self):
        self.assertEqual(missing_tests(self.ROW), [])
        self.assertEqual(len(missing_tests(self.ROW.replace('test_sees', 'never_' + 'sees'))), 1)
        self.assertEqual(len(missing_tests(self.ROW.replace('check-smtplib.py', 'none.py'))), 1)
        self.assertEqual(len(missing_tests(self.ROW.replace('`tests', 'tests'))), 1)


if __name__ == '__main__':
    del sys.argv[1:]
    tap.main()
