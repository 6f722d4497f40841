#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What one FETCH response costs from a connection's octets to the fields that a program reads: instructions, counted by callgrind,
and octets that a kept message takes.

    imap-cost.py PROGRAM NUMBERS BUILD

Two runs with different numbers of responses are compared, so that what a session costs once does not count. NUMBERS has a line for each
kind: its name and what it may cost at most, in the builds "default" and "release". The test fails where one is exceeded: mend it, or raise the number in a commit that says why.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest

FEW, MANY = 200, 1200


def instructions(program, kind, count):
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, 'out')
        subprocess.run(['valgrind', '--tool=callgrind', f'--callgrind-out-file={out}', program, kind, str(count)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(out, encoding='utf-8', errors='replace') as lines:
            return int(re.search(r'^summary: (\d+)', lines.read(), re.MULTILINE).group(1))


def octets(program, kind):
    return int(subprocess.run([program, kind, str(MANY)], check=True, capture_output=True, text=True).stdout)


class Cost(unittest.TestCase):
    pass


def add(program, kind, most):
    def test(self):
        if kind == 'kept':
            cost, unit = octets(program, kind), 'octets'
        else:
            cost = (instructions(program, kind, MANY) - instructions(program, kind, FEW)) // (MANY - FEW)
            unit = 'instructions'
        print(f'# {kind}: {cost} {unit}, at most {most}', flush=True)
        self.assertLessEqual(cost, most)
    setattr(Cost, f'test_{kind}', test)


if __name__ == '__main__':
    import tap
    with open(sys.argv[2], encoding='utf-8') as numbers:
        for line in numbers:
            words = line.split('#')[0].split()
            if words:
                add(sys.argv[1], words[0], int(words[2 if sys.argv[3] == 'release' else 1]))
    sys.argv[1:] = []
    tap.main()
