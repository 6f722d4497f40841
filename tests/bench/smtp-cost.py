#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a message and a session cost over SMTP, counted by valgrind: instructions of the program, and system calls.

    smtp-cost.py SINK CLIENT NUMBERS

Two runs with different numbers of messages are compared, so that what is paid once does not count; both fill an outbox, whose memory is
then used again. NUMBERS has a line for each kind: its name and what it may cost at most. The test fails where one is exceeded: mend it, or raise the number in a commit that says why.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest

# kind: the client's word, what the sink offers, few, many
KINDS = {
    'message': ('many', ['--pipelining'], 600, 1400),
    'chunked': ('many', ['--pipelining', '--chunking'], 600, 1400),
    'session': ('connect', ['--pipelining'], 10, 50),
}


class Sink:
    def __init__(self, program, options):
        self.process = subprocess.Popen([program, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()


def run(programs, kind, count, valgrind):
    what, options, _few, _many = KINDS[kind]
    with Sink(programs[0], options) as sink:
        return subprocess.run(['valgrind', *valgrind, programs[1], what, sink.port, str(count), '4096'], check=True, capture_output=True,
                              text=True, errors='replace').stderr


def instructions(programs, kind, count):
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, 'out')
        run(programs, kind, count, ['--tool=callgrind', f'--callgrind-out-file={out}'])
        with open(out, encoding='utf-8', errors='replace') as lines:
            return int(re.search(r'^(?:totals|summary): (\d+)', lines.read(), re.MULTILINE).group(1))


def calls(programs, kind, count):
    """Without those that read the clock, which are no system calls outside of valgrind"""
    trace = run(programs, kind, count, ['--tool=none', '--trace-syscalls=yes'])
    return len(re.findall(r'^SYSCALL\[[\d,]+\]\( *\d+\) sys_(?!clock_gettime)', trace, re.MULTILINE))


class Cost(unittest.TestCase):
    pass


def add(programs, name, most):
    kind, _, unit = name.partition('-')
    count = calls if unit == 'calls' else instructions
    few, many = KINDS[kind][2:]

    def test(self):
        cost = (count(programs, kind, many) - count(programs, kind, few)) / (many - few)
        print(f'# {kind}: {cost:,.1f} {"system calls" if unit == "calls" else "instructions"}, at most {most}', flush=True)
        self.assertLessEqual(cost, most)
    setattr(Cost, f'test_{kind}_{unit or "instructions"}', test)


if __name__ == '__main__':
    import tap
    with open(sys.argv[3], encoding='utf-8') as numbers:
        for line in numbers:
            words = line.split('#')[0].split()
            if words:
                add(sys.argv[1:3], words[0], float(words[1]))
    sys.argv[1:] = []
    tap.main()
