# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the pages "From smtplib" and "From imaplib" have in common: tables of three columns (theirs, ours, test), and names that must exist."""
import inspect
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'harness'))
ROOT = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, '..', '..')
HEADERS = ('include/posthorn', 'mime/posthorn-mime')


def read(*names):
    with open(os.path.join(ROOT, *names), encoding='utf-8') as file:
        return file.read()


def headers():
    return '\n'.join(read(folder, name) for folder in HEADERS for name in os.listdir(os.path.join(ROOT, folder)) if name.endswith('.h'))


def rows(page):
    """(theirs, ours, test) of each row, headings left out."""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip('|').split(' | ')]
        if line.startswith('| ') and len(cells) == 3 and cells[0] not in ('smtplib', 'imaplib') and not cells[0].startswith('---'):
            yield cells


def names_of(module, *classes):
    """What the module defines, and what its classes do."""
    names = {name for name, value in vars(module).items() if not name.startswith('__') and not inspect.ismodule(value)}
    return names.union(*({name for name in vars(each) if not name.startswith('__')} for each in classes))


def words(page, pattern):
    """Identifiers that stand in backquotes in the first column."""
    return {word for first, _, _ in rows(page) for quoted in re.findall(r'`([^`]*)`', first) for word in re.findall(pattern, quoted)}


def missing_symbols(page, text):
    named = re.findall(r'\b(?:ph|PH)_\w+', page)
    return sorted({name for name in named if not re.search(rf'\b{name}\b', text)})


def stands_in_file(test):
    """Whether the file of `file: name` is there, and the name in it."""
    found = re.fullmatch(r'`([\w./-]+): ([\w.-]+)`', test)
    return found is not None and os.path.exists(os.path.join(ROOT, found.group(1))) and \
        re.search(rf'(?<![\w-]){re.escape(found.group(2))}(?![\w-])', read(found.group(1))) is not None


def missing_tests(page, is_test=stands_in_file):
    return [f'{first}: no such test: {test}' for first, _, test in rows(page) if not is_test(test)]
