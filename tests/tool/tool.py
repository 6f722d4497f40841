# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the posthorn command for tests, and a scripted server for it to talk to."""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HARNESS = os.path.join(HERE, '..', 'harness')
sys.path.insert(0, HARNESS)
COMMAND = sys.argv.pop(1)
PATIENCE = 30

OK, USAGE, DATAERR, NOINPUT, NOHOST, UNAVAILABLE = 0, 64, 65, 66, 68, 69
SOFTWARE, CANTCREAT, IOERR, TEMPFAIL, PROTOCOL, NOPERM, CONFIG = 70, 73, 74, 75, 76, 77, 78


class Result:
    """What a run of the command left."""

    def __init__(self, process):
        self.status = process.returncode
        self.octets = process.stdout
        self.output = process.stdout.decode()
        self.errors = process.stderr.decode()

    def __repr__(self):
        return f'exit status {self.status}\nstdout: {self.output}\nstderr: {self.errors}'

    @property
    def rows(self):
        """The words of each line below a table's head."""
        return [line.split() for line in self.output.splitlines()[1:]]

    @property
    def objects(self):
        return [json.loads(line) for line in self.output.splitlines()]


def posthorn(*arguments, stdin=b'', wrapper=(), **environment):
    """@stdin: octets or a file. No terminal is at hand unless a test brings one."""
    text = isinstance(stdin, (bytes, str))
    octets = (stdin.encode() if isinstance(stdin, str) else stdin) if text else None
    process = subprocess.run([*wrapper, COMMAND, *arguments], input=octets, stdin=None if text else stdin, capture_output=True,
                             timeout=PATIENCE, start_new_session=True, check=False,
                             env={**os.environ, 'LC_ALL': 'C.UTF-8', **environment})
    return Result(process)


class Server:
    """`with Server(script) as server: … server.port`; leaving it checks that the conversation went as written."""

    def __init__(self, script, *options):
        self.script = '\n'.join(line.strip() for line in script.strip().splitlines())
        self.options = options

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HARNESS, 'scripted-server.py'), *self.options, '--text', self.script],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        kind, self.port = self.process.stdout.readline().split()
        assert kind == 'port', kind
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.process.kill()
        _, errors = self.process.communicate(timeout=PATIENCE)
        if kind is None and self.process.returncode != 0:
            raise AssertionError(f'the conversation did not go as written: {errors}')
