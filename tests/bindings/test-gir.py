#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The GIR tells the truth: what it names exists, is documented, and can be used by a binding."""
import ctypes
import os
import re
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'harness'))
import tap    # noqa: E402

CORE = '{http://www.gtk.org/introspection/core/1.0}'
C = '{http://www.gtk.org/introspection/c/1.0}'
GLIB = '{http://www.gtk.org/introspection/glib/1.0}'
CALLABLES = [CORE + name for name in ('function', 'method', 'constructor')]


class Gir(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = ElementTree.parse(os.environ['PH_TEST_GIR']).getroot()
        cls.callables = [node for node in cls.root.iter() if node.tag in CALLABLES]

    def introspectable(self):
        return [node for node in self.callables if node.get('introspectable') != '0']

    def test_every_function_exists(self):
        library = ctypes.CDLL(os.environ['PH_TEST_LIBRARY'])
        missing = [name for name in (node.get(C + 'identifier') for node in self.callables) if not hasattr(library, name)]
        self.assertEqual(missing, [])
        self.assertGreater(len(self.callables), 300)

    def test_every_function_is_documented(self):
        bare = [node.get(C + 'identifier') for node in self.callables if node.find(CORE + 'doc') is None
                and node.find(CORE + 'return-value/' + CORE + 'doc') is None]
        self.assertEqual(bare, [])

    def test_arrays_that_free_their_items_are_containers(self):
        """With (transfer full) PyGObject and GJS free the items twice."""
        full = [node.get(C + 'identifier') for node in self.callables
                for array in node.findall(f'{CORE}return-value/{CORE}array')
                if array.get('name') == 'GLib.PtrArray' and node.find(CORE + 'return-value').get('transfer-ownership') == 'full']
        self.assertEqual(full, [])

    def test_every_asynchronous_call_has_its_finish(self):
        names = {node.get(C + 'identifier') for node in self.introspectable()}
        alone = [name for name in names if name.endswith('_async') and name.removesuffix('_async') + '_finish' not in names]
        self.assertEqual(alone, [])

    def test_no_public_name_is_left_out_by_accident(self):
        """What bindings cannot see is marked (skip) in its comment, and only such."""
        hidden = [node.get(C + 'identifier') for node in self.callables if node.get('introspectable') == '0']
        sources = os.environ['PH_TEST_SOURCES']
        marked = set()
        for directory, _, files in os.walk(sources):
            for name in files:
                if name.endswith('.c'):
                    with open(os.path.join(directory, name), encoding='utf-8') as file:
                        marked |= set(re.findall(r'^ \* (ph_\w+):.*\(skip\)', file.read(), re.MULTILINE))
        self.assertEqual([name for name in hidden if name not in marked], [])

    def test_errors_have_their_domain(self):
        error = self.root.find(f'.//{CORE}enumeration[@name="Error"]')
        self.assertIsNotNone(error.get(GLIB + 'error-domain'))


if __name__ == '__main__':
    tap.main()
