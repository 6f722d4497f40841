#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""docs/from-smtplib.md holds: all of smtplib is in it, and what it names exists.

    check-smtplib.py ROOT

Names of the module are asked of the module itself. Functions and constants must stand in the public headers, tests in the file that is
named with them. Its own tests run with it: a checker that can't fail is none.
"""
import smtplib
import sys
import unittest

from parity import headers, missing_symbols, missing_tests, names_of, read, rows, words
import tap

# attributes that objects get only when they are made or raised
OF_OBJECTS = {'user', 'password', 'esmtp_features', 'local_hostname', 'timeout=', 'source_address=', 'smtp_code', 'smtp_error', 'sender', 'recipients',
              'command_encoding', 'mail_options', 'rcpt_options', 'initial_response_ok'}


def missing_names(page):
    told = words(page, r'\w+=?')
    names = names_of(smtplib, smtplib.SMTP, smtplib.SMTP_SSL, smtplib.LMTP) | OF_OBJECTS
    return sorted(name for name in names if name not in told and name.rstrip('=') + '=' not in told)


class Page(unittest.TestCase):
    def setUp(self):
        self.page = read('docs', 'from-smtplib.md')

    def test_all_of_smtplib_is_in_it(self):
        self.assertEqual(missing_names(self.page), [])

    def test_what_it_names_exists(self):
        self.assertEqual(missing_symbols(self.page, headers()), [])

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
