#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts what a `meson test` ran: `count-results.py [--strict] testlog.json`.

Names each test that failed or was skipped, then prints `PASSED FAILED SKIPPED` as the last line: TAP subtests singly, other
programs as one. --strict: a skipped test counts as failed, except those of ALLOWED_SKIPS.
"""
import argparse
import json
import re
import sys

# {"test/subtest": "why it cannot run there"}
ALLOWED_SKIPS = {}

TAP = re.compile(r'^(ok|not ok)\b\s*\d*\s*-?\s*([^#\n]*?)\s*(?:#\s*(SKIP|TODO)\b\s*(.*))?$', re.MULTILINE | re.IGNORECASE)
GOOD = ('OK', 'EXPECTEDFAIL')


def verdicts(test):
    """(name, 'passed' | 'failed' | 'skipped', note) of a program and each of its subtests."""
    name, result = test['name'].split(' / ')[-1], test['result']
    found = [(f'{name}{"" if sub.startswith("/") else "/"}{sub}', verdict, (directive or '').upper(), note or '')
             for verdict, sub, directive, note in TAP.findall(test.get('stdout', ''))]
    for sub, verdict, directive, note in found:
        yield sub, 'skipped' if directive == 'SKIP' else 'passed' if verdict == 'ok' else 'failed', note
    if result == 'SKIP' and not found:
        yield name, 'skipped', ''
    elif result not in GOOD + ('SKIP',) and not any(verdict == 'not ok' for _, verdict, _, _ in found):
        yield name, 'failed', f'{result.lower()}, status {test.get("returncode")}'
    elif result in GOOD and not found:
        yield name, 'passed', ''


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--strict', action='store_true')
    parser.add_argument('log')
    options = parser.parse_args()
    counts = dict.fromkeys(('passed', 'failed', 'skipped'), 0)
    with open(options.log, encoding='utf-8') as file:
        for test in map(json.loads, file):
            for name, verdict, note in verdicts(test):
                if verdict == 'skipped' and options.strict and name not in ALLOWED_SKIPS:
                    verdict, note = 'failed', f'skipped: {note}'
                counts[verdict] += 1
                if verdict != 'passed':
                    print(f'  {verdict}: {name} {f"({note})" if note else ""}'.rstrip())
    print(*counts.values())


if __name__ == '__main__':
    sys.exit(main())
