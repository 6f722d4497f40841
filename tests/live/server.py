# SPDX-License-Identifier: LGPL-2.1-or-later
"""One server of the live tests: started in the foreground, waited for, stopped by process id."""
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time

PATIENCE = 20


class Failure(Exception):
    """A server did not come up."""


LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def end_with_parent():
    """In the child: SIGTERM when the fixture dies, however it dies."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def write(path, text, mode=0o644):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    os.chmod(path, mode)


class Server:
    """One server in the foreground: a process group of its own, a log, greetings to wait for."""

    def __init__(self, name, command, log, greetings, environment=None):
        self.name = name
        self.log = log
        self.output = open(log + '.out', 'wb')
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output, env=environment,
                                        start_new_session=True, preexec_fn=end_with_parent)
        self.greetings = greetings

    def wait_until_ready(self):
        deadline = time.monotonic() + PATIENCE
        for address, greeting in self.greetings.items():
            while not self.greets(address, greeting, deadline):
                if self.process.poll() is not None:
                    raise Failure(f'{self.name} ended at once, status {self.process.returncode}')
                if time.monotonic() > deadline:
                    raise Failure(f'{self.name} gives no greeting at {address}')
                time.sleep(0.01)

    def greets(self, address, greeting, deadline):
        """A port accepts before its server works: only the greeting counts."""
        try:
            with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as sock:
                sock.settimeout(max(0.1, deadline - time.monotonic()))
                sock.connect(address)
                return sock.recv(200).startswith(greeting)
        except OSError:
            return False

    def stop(self):
        try:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.reap()
        self.output.close()

    def reap(self):
        """Its orphans come to us, where init may be slow to look after them."""
        try:
            while True:
                os.waitpid(-self.process.pid, 0)
        except ChildProcessError:
            pass

    def show_log(self):
        for path in (self.log, self.log + '.out'):
            if not os.path.exists(path):
                continue
            with open(path, encoding='utf-8', errors='replace') as file:
                lines = file.readlines()[-60:]
            if lines:
                print(f'--- {self.name}: end of {os.path.basename(path)}', *(line.rstrip() for line in lines), sep='\n', file=sys.stderr)
