#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""tools/packages names whatever the build links and the tests call: else a fresh machine has less than this one.

    check-packages.py SOURCE-DIRECTORY BUILD-DIRECTORY

Each file that is used (a .pc file, a program, a typelib) must belong to a package of the list, to one that the list pulls in, or to
the base system.
"""
import functools
import glob
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import unittest

import tap

# What scripts and tests run; what meson.build finds by find_program() is read from there.
PROGRAMS = {
    'build': ['cc', 'gcc', 'meson', 'ninja', 'nm', 'pkg-config'],
    'bindings': ['g-ir-scanner', 'g-ir-compiler', 'gjs', 'valac', 'vapigen', '/usr/bin/python3'],
    'servers': ['/usr/sbin/dovecot', '/usr/lib/postfix/sbin/master', '/usr/lib/dovecot/imap', '/usr/lib/dovecot/lmtp', 'openssl', '/usr/bin/python3',
                '/usr/sbin/krb5kdc', '/usr/sbin/kadmin.local', 'kinit'],
    'more-servers': ['saslpasswd2'],
    'test': ['clang', 'valgrind', 'saslpasswd2', 'dbus-daemon', 'gnome-keyring-daemon', 'Xvfb', 'microsocks', 'tinyproxy', '/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux/libclang_rt.fuzzer-x86_64.a'],
    'bench': ['strace', 'valgrind', 'openssl'],
    'docs': ['gi-docgen'],
}
# What the group "aside" brings: relative to where it is unpacked.
ASIDE = ['usr/sbin/exim4', 'usr/sbin/smtpd', 'usr/libexec/opensmtpd/mail.lmtp', 'usr/lib/cyrus/bin/master', 'usr/lib/cyrus/bin/imapd',
         'usr/lib/cyrus/bin/lmtpd', 'usr/lib/cyrus/bin/idled', 'usr/lib/cyrus/bin/ctl_cyrusdb', 'usr/bin/imapd', 'usr/bin/couriertls',
         'usr/sbin/couriertcpd', 'usr/sbin/userdbpw', 'usr/lib/courier/courier/imaplogin', 'usr/lib/courier/courier-authlib/authdaemond',
         'usr/lib/courier/courier-authlib/makedatprog', 'usr/lib/courier-authlib/libauthuserdb.so.0.0.0']
CACHE = os.path.join(os.environ.get('XDG_CACHE_HOME') or os.path.expanduser('~/.cache'), 'posthorn', 'servers')
# Commands that these scripts call and every Debian has.
BASE = ['awk', 'bash', 'comm', 'dpkg-query', 'grep', 'mktemp', 'sed', 'sort', 'apt-get', 'debconf-set-selections']


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@functools.cache
def installed():
    """{package: (packages it depends on, whether every Debian has it)}"""
    packages = {}
    fields = '${Package}\\t${Essential}\\t${Priority}\\t${Pre-Depends}, ${Depends}\\t${Provides}\\n'
    for line in output('dpkg-query', '-W', '-f', fields).splitlines():
        name, essential, priority, depends, provides = line.split('\t')
        # Of a choice apt takes the first.
        needs = [re.split(r'[ :(|]', choice.strip())[0] for choice in depends.split(',')]
        packages[name] = (needs, essential == 'yes' or priority == 'required')
        for virtual in filter(None, (re.split(r'[ (]', one.strip())[0] for one in provides.split(','))):
            packages.setdefault(virtual, ([], False))[0].append(name)
    return packages


def closure(names):
    """The packages, what they depend on, and the base system."""
    found, todo = set(), list(names) + [name for name, (_, base) in installed().items() if base]
    while todo:
        name = todo.pop()
        if name not in found and name in installed():
            found.add(name)
            todo += installed()[name][0]
    return found


@functools.cache
def owners():
    """{path: package} of every file that a package brought: asked once, since each question makes dpkg read all its lists."""
    lines = (line.partition(': ') for line in output('dpkg', '-S', '*').splitlines() if not line.startswith('diversion '))
    return {path: packages.split(',')[0].split(':')[0] for packages, _, path in lines}


def owner(path):
    """The package that a file came with, whichever of its names dpkg knows it by."""
    real = os.path.realpath(path)
    names = (path, real, real.removeprefix('/usr'), path.removeprefix('/usr'))
    return next((owners()[name] for name in names if name in owners()), None)


class Packages(unittest.TestCase):
    root = build = None

    def setUp(self):
        if not shutil.which('dpkg'):
            self.fail('only Debian can tell what a file belongs to')

    @functools.cache
    def listed(self, *groups):
        return output(os.path.join(self.root, 'tools', 'install-packages'), '--list', *groups).split()

    def assert_covered(self, path, *groups):
        self.assertTrue(path and os.path.exists(path), f'{path} is not there')
        package = owner(path)
        self.assertIsNotNone(package, f'{path} belongs to no package')
        self.assertIn(package, closure(self.listed(*groups)), f'{path} is of {package}, which tools/packages does not bring ({groups or "any group"})')

    def test_whatever_is_linked(self):
        dependencies = json.loads(output('meson', 'introspect', '--dependencies', self.build))
        files = [found for one in dependencies for found in self.pkg_config_file(one['name'])]
        self.assertTrue(files)
        for file in files:
            self.assert_covered(file, 'build', 'bindings', 'examples', 'bench')

    def pkg_config_file(self, name):
        done = subprocess.run(['pkg-config', '--variable=pcfiledir', name], capture_output=True, text=True, check=False)
        directory = done.stdout.strip()
        return [os.path.join(directory, name + '.pc')] if done.returncode == 0 and directory else []

    def test_whatever_is_called(self):
        for group, programs in PROGRAMS.items():
            groups = [group] if group in ('build', 'servers') else ['build', 'bindings', group]
            for program in programs:
                with self.subTest(program=program):
                    self.assert_covered(shutil.which(program) if '/' not in program else program, *groups)
        for program in BASE:
            self.assert_covered(shutil.which(program))

    @unittest.skipUnless(os.geteuid() == 0, 'only root has these servers')
    def test_whatever_is_called_aside(self):
        """These packages bring each program, and the list each library that it is linked with."""
        for name in ASIDE:
            program = os.path.join(CACHE, name)
            self.assertTrue(os.path.exists(program), f'{program} is not there')
            libraries = f'{CACHE}/usr/lib:{CACHE}/usr/lib/{platform.machine()}-linux-gnu'
            for line in subprocess.run(['ldd', program], env={'LD_LIBRARY_PATH': libraries}, capture_output=True, text=True, check=True).stdout.splitlines():
                with self.subTest(program=name, library=line):
                    self.assertNotIn('not found', line)
                    found = re.search(r'=> (/\S+)', line)
                    if found and not found[1].startswith(CACHE):
                        self.assert_covered(found[1], 'servers', 'more-servers')

    def test_whatever_meson_finds(self):
        for path in glob.glob(os.path.join(self.root, '**', 'meson.build'), recursive=True):
            with open(path, encoding='utf-8') as file:
                for program in re.findall(r"find_program\('([^']+)'", file.read()):
                    with self.subTest(file=path, program=program):
                        local = os.path.join(os.path.dirname(path), program)
                        if not os.path.exists(local):
                            self.assert_covered(shutil.which(program) if '/' not in program else program)

    def test_whatever_is_imported(self):
        wanted = set()
        for path in glob.glob(os.path.join(self.root, '**', '*.py'), recursive=True):
            with open(path, encoding='utf-8') as file:
                wanted.update(re.findall(r"require_version\('(\w+)', '([\d.]+)'\)", file.read()))
        ours = {('Posthorn', '1'), ('PosthornMime', '1'), ('Recorder', '1')}    # made by this tree
        for name, version in sorted(wanted - ours):
            files = glob.glob(f'/usr/lib/*/girepository-1.0/{name}-{version}.typelib') + glob.glob(f'/usr/lib/girepository-1.0/{name}-{version}.typelib')
            self.assert_covered(files[0] if files else f'{name}-{version}.typelib')
        self.assert_covered('/usr/lib/python3/dist-packages/gi/__init__.py', 'bindings')

    def test_no_name_is_wrong(self):
        for name in self.listed():
            self.assertIn(name, installed(), f'{name} of tools/packages is not installed')

    def test_notices_what_is_not_covered(self):
        with self.assertRaises(AssertionError):
            self.assert_covered('/usr/bin/valgrind', 'build')
        with self.assertRaises(AssertionError):
            self.assert_covered('/etc/hostname')


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    Packages.root, Packages.build = sys.argv[1:3]
    del sys.argv[1:3]
    tap.main()
