#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Which plugins are trusted in a user namespace, where root's files and everybody else's seem to be nobody's (Flatpak)."""
import os
import shutil
import subprocess
import tempfile
import unittest

from tool import OK, posthorn

import tap

STRANGER = 64999
# A user without root's number, whose own is 1000; the stranger has none.
INSIDE = ['unshare', '--user', '--map-user=1000']
READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'


def can_unshare():
    return os.geteuid() == 0 and subprocess.run(['unshare', '--mount', *INSIDE, 'true'], capture_output=True, check=False).returncode == 0


@unittest.skipUnless(can_unshare(), 'only root can give files away, and not everywhere may a namespace be made')
class Namespace(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        os.chmod(self.directory, 0o755)
        self.plugin = os.path.join(self.directory, 'plain.so')
        shutil.copy(os.path.join(os.environ['POSTHORN_PLUGIN_PATH'], 'plain.so'), self.plugin)

    def list(self, *wrapper):
        result = posthorn('plugins', 'PLAIN', '--json', wrapper=wrapper, POSTHORN_PLUGIN_PATH=self.directory)
        found = result.status == OK and any(entry.get('file') == self.plugin for entry in result.objects)
        return found, result.output + result.errors

    def give_away(self):
        for path in (self.directory, self.plugin):
            os.chown(path, STRANGER, STRANGER)

    def read_only(self):
        return ['unshare', '--mount', 'sh', '-c', READ_ONLY, 'sh', self.directory, *INSIDE]

    def test_ones_own_are_trusted(self):
        found, text = self.list(*INSIDE)
        self.assertTrue(found, text)

    def test_a_strangers_are_refused(self):
        self.give_away()
        found, text = self.list(*INSIDE)
        self.assertFalse(found, text)
        self.assertIn("in this user namespace its owner can't be told, and it is not mounted read-only", posthorn(
            'plugins', wrapper=INSIDE, POSTHORN_PLUGIN_PATH=self.directory).output)

    def test_what_is_mounted_read_only_is_trusted(self):
        self.give_away()
        found, text = self.list(*self.read_only())
        self.assertTrue(found, text)

    def test_what_everybody_may_write_is_not(self):
        self.give_away()
        os.chmod(self.plugin, 0o666)
        found, text = self.list(*self.read_only())
        self.assertFalse(found, text)

    def test_being_nobody_oneself_proves_nothing(self):
        self.give_away()
        found, text = self.list('unshare', '--user')
        self.assertFalse(found, text)


if __name__ == '__main__':
    tap.main()
