#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private session bus and, where it is asked for, a GNOME Keyring of its own, for as long as one command runs.

    desktop.py run [--keyring] [--accounts] [--display] -- COMMAND [ARGUMENT…]

    DBUS_SESSION_BUS_ADDRESS    the bus; nothing can be activated on it
    HOME XDG_…                  empty directories
    DISPLAY                     a screen of nobody's (Xvfb)

The keyring is unlocked; --accounts starts goa_service.py in the place of GNOME Online Accounts. All processes are ended by their ids, and the directory is removed. As a library: `with Desktop(keyring=True)`.
PH_TEST_WRAPPER, where set, is what the command runs under (`valgrind --quiet`).
"""
import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from server import PATIENCE, SIGNALS, Failure, end_with_parent, write

HERE = os.path.dirname(os.path.abspath(__file__))
CONFIGURATION = '''\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={directory}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
'''


def bus_daemon():
    return shutil.which('dbus-daemon')


def keyring_daemon():
    return shutil.which('gnome-keyring-daemon')


def display_server():
    return shutil.which('Xvfb')


class Desktop:
    def __init__(self, keyring=False, accounts=False, display=False):
        self.keyring = keyring
        self.accounts = accounts
        self.display = display
        self.number = None
        self.processes = []
        self.directory = None

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix='posthorn-desktop-')
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def environment(self):
        folders = {'HOME': 'home', 'XDG_RUNTIME_DIR': 'run', 'XDG_DATA_HOME': 'data', 'XDG_CONFIG_HOME': 'config', 'XDG_CACHE_HOME': 'cache'}
        for name in folders.values():
            os.makedirs(self.path(name), mode=0o700, exist_ok=True)
        environment = {variable: self.path(name) for variable, name in folders.items()}
        environment['DBUS_SESSION_BUS_ADDRESS'] = f'unix:path={self.path("bus")}'
        if self.number is not None:
            # drawn by the processor; no bus for assistive technologies
            environment |= {'DISPLAY': f':{self.number}', 'GDK_BACKEND': 'x11', 'GSK_RENDERER': 'cairo', 'GTK_A11Y': 'none'}
        # neither a running desktop's nor its keyring's
        return {**{name: value for name, value in os.environ.items() if not name.startswith(('GNOME_KEYRING', 'DBUS_', 'WAYLAND_'))}, **environment}

    def spawn(self, *command, **options):
        with open(self.path('log'), 'ab') as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=self.environment(), preexec_fn=end_with_parent, **options)
        self.processes.append(process)
        return process

    def start(self):
        write(self.path('bus.conf'), CONFIGURATION.format(directory=self.directory))
        self.spawn(bus_daemon(), f'--config-file={self.path("bus.conf")}', '--nofork', '--nopidfile', stdin=subprocess.DEVNULL)
        self.wait('the bus', lambda: os.path.exists(self.path('bus')))
        if self.keyring:
            daemon = self.spawn(keyring_daemon(), '--foreground', '--components=secrets', '--unlock', f'--control-directory={self.path("control")}',
                                stdin=subprocess.PIPE)
            daemon.stdin.write(b'the keyring of a test')
            daemon.stdin.close()
            self.wait_for_name('org.freedesktop.secrets')
        if self.accounts:
            self.spawn(sys.executable, os.path.join(HERE, 'goa_service.py'), stdin=subprocess.DEVNULL)
            self.wait_for_name('org.gnome.OnlineAccounts')

        if self.display:
            self.start_display()

    def start_display(self):
        reading, writing = os.pipe()
        self.spawn(display_server(), '-displayfd', str(writing), '-screen', '0', '1024x768x24', '-nolisten', 'tcp', stdin=subprocess.DEVNULL,
                   pass_fds=[writing])
        os.close(writing)
        with open(reading, encoding='ascii') as file:
            self.number = file.readline().strip()
        if not self.number:
            raise Failure('Xvfb does not come up')

    def wait(self, what, test):
        deadline = time.monotonic() + PATIENCE
        while not test():
            if time.monotonic() > deadline or any(process.poll() is not None for process in self.processes):
                with open(self.path('log'), encoding='utf-8', errors='replace') as log:
                    raise Failure(f'{what} does not come up:\n{log.read()}')
            time.sleep(0.01)

    def wait_for_name(self, name):
        from gi.repository import Gio, GLib
        flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
        connection = Gio.DBusConnection.new_for_address_sync(self.environment()['DBUS_SESSION_BUS_ADDRESS'], flags, None, None)
        self.wait(name, lambda: connection.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'NameHasOwner',
                                                     GLib.Variant('(s)', (name,)), None, Gio.DBusCallFlags.NONE, -1, None).unpack()[0])
        connection.close_sync()

    def run(self, command):
        wrapper = shlex.split(os.environ.get('PH_TEST_WRAPPER', ''))
        return subprocess.run([*wrapper, *command], env=self.environment(), check=False).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = parser.add_subparsers(dest='action', required=True)
    action = actions.add_parser('run', help='run a command on the bus')
    action.add_argument('--keyring', action='store_true', help='with a keyring')
    action.add_argument('--accounts', action='store_true', help='with accounts')
    action.add_argument('--display', action='store_true', help='with a screen')
    action.add_argument('command', nargs='+')
    options = parser.parse_args()
    if bus_daemon() is None or (options.keyring and keyring_daemon() is None) or (options.display and display_server() is None):
        print('1..0 # SKIP there is no dbus-daemon, gnome-keyring-daemon or Xvfb')
        return 0
    for number in SIGNALS:
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))    # nothing is left behind then, either
    try:
        with Desktop(options.keyring, options.accounts, options.display) as desktop:
            return desktop.run(options.command)
    except Failure as failure:
        print(f'desktop: {failure}', file=sys.stderr)
        return 1


if __name__ == '__main__':
    sys.exit(main())
