#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The code that a page shows is the code that is built: check-code.py ROOT"""
import os
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'harness'))
import tap    # noqa: E402

ROOT = sys.argv.pop(1) if len(sys.argv) > 1 else os.path.join(HERE, '..', '..')
PAGE, FILE = 'docs/write-an-imap-extension.md', 'examples/third-party/plugins/imap-id.c'
MOST_LINES = 150


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as file:
        return file.read()


class Code(unittest.TestCase):
    maxDiff = None

    def test_the_page_shows_the_file(self):
        code = '\n'.join(re.findall(r'^```c\n(.*?)^```$', read(PAGE), re.MULTILINE | re.DOTALL))
        file = read(FILE)
        self.assertEqual(code.splitlines(), file[file.index('#include'):].splitlines())

    def test_it_is_as_short_as_promised(self):
        self.assertLess(len(read(FILE).splitlines()), MOST_LINES)


if __name__ == '__main__':
    tap.main()
