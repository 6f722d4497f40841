#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a server of the group "aside" of tools/packages, which is unpacked but not installed, as if it were.

    aside.py DIRECTORY COMMAND [ARGUMENT…]

COMMAND sees /usr with the unpacked packages laid over it, DIRECTORY/etc over /etc, DIRECTORY/dev over /dev, DIRECTORY/run in place of
/run, and DIRECTORY/var/NAME in place of each /var/NAME: paths that are compiled in and accounts that do not exist are its own.
What it writes to the system's log goes to DIRECTORY/syslog. With it, all of its processes end. Root only.
"""
import ctypes
import os
import select
import signal
import socket
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CACHE = os.path.join(os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache'), 'posthorn', 'servers')
CLONE_NEWNS, CLONE_NEWPID = 0x20000, 0x20000000
MS_RDONLY, MS_BIND, MS_REC, MS_PRIVATE = 1, 0x1000, 0x4000, 0x40000
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class Aside:
    """The directory of one such server, as the modules beside this one fill it."""

    def __init__(self, parent, name):
        self.directory = os.path.join(parent, name)
        for folder in ('etc', 'dev', 'run', 'var'):
            os.makedirs(self.path(folder))
        self.accounts = []

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def add_account(self, name, number):
        """An account and a group of their own, for this server alone."""
        self.accounts.append((name, number))
        for file, line in (('passwd', f'{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin\n'), ('group', f'{name}:x:{number}:\n')):
            path = self.path('etc', file)
            with open(path if os.path.exists(path) else f'/etc/{file}', encoding='utf-8') as old:
                text = old.read()
            with open(path, 'w', encoding='utf-8') as new:
                new.write(text + line)

    def make(self, *names, owner=0, mode=0o755):
        path = self.path(*names)
        os.makedirs(path, exist_ok=True)
        os.chown(path, owner, owner)
        os.chmod(path, mode)
        return path

    def command(self, *command):
        return [sys.executable, os.path.join(HERE, 'aside.py'), self.directory, *command]


def check(result, what):
    if result != 0:
        sys.exit(f'{what}: {os.strerror(ctypes.get_errno())}')


def mount(source, target, kind=None, flags=0, options=None):
    check(LIBC.mount(source.encode(), target.encode(), kind and kind.encode(), flags, options and options.encode()), f'mount {target}')


def overlay(upper, target):
    mount('overlay', target, 'overlay', MS_RDONLY, f'lowerdir={upper}:{target}')


def enter(directory):
    """The mounts are this process's own; the next child is the first process of its kind, and all others end with it."""
    check(LIBC.unshare(CLONE_NEWNS | CLONE_NEWPID), 'unshare')
    mount('none', '/', flags=MS_REC | MS_PRIVATE)
    overlay(os.path.join(CACHE, 'usr'), '/usr')
    for name in ('etc', 'dev'):
        overlay(os.path.join(directory, name), f'/{name}')
    for name in os.listdir(os.path.join(directory, 'var')):
        mount(os.path.join(directory, 'var', name), f'/var/{name}', flags=MS_BIND)
    mount(os.path.join(directory, 'run'), '/run', flags=MS_BIND)
    mount(os.path.join(directory, 'log.sock'), '/dev/log', flags=MS_BIND)    # a socket does not work through an overlay


def supervise(command):
    """The first process: starts the server, buries orphans, ends as the server does."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    server = os.fork()
    if server == 0:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execvp(command[0], command)
    while True:
        pid, status = os.wait()
        if pid == server:
            return os.waitstatus_to_exitcode(status) & 0xff


def write_log(log, path, ended):
    """Until a signal comes: that the child has ended, or that it shall."""
    with open(path, 'wb', buffering=0) as file:
        while True:
            ready, _, _ = select.select([log, ended], [], [])
            if log in ready:
                file.write(log.recv(65536).rstrip(b'\0\n') + b'\n')
            elif ended in ready:
                return


def main():
    directory, command = sys.argv[1], sys.argv[2:]
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    log.bind(os.path.join(directory, 'log.sock'))
    os.chmod(os.path.join(directory, 'log.sock'), 0o666)
    open(os.path.join(directory, 'dev', 'log'), 'wb').close()
    wakeup, ended = socket.socketpair()
    wakeup.setblocking(False)
    ended.setblocking(False)
    signal.set_wakeup_fd(wakeup.fileno())
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    enter(directory)
    child = os.fork()
    if child == 0:
        log.close()
        for number in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        os._exit(supervise(command))
    write_log(log, os.path.join(directory, 'syslog'), ended)
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xff


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main())
