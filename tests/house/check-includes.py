#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The walls of the house hold: who includes what, which layer calls which, that core speaks no protocol, and nothing the locale.

    check-includes.py SOURCE-DIRECTORY OBJECT-DIRECTORY

The last is where the objects of libposthorn are: a layer that calls up shows in them, whatever it includes.
"""
import os
import re
import subprocess
import sys
import tempfile
import unittest

import tap

LAYERS = ['values', 'contracts', 'plugins', 'transport', 'driving']
OUTSIDE = ['plugins', 'auth', 'examples', 'tools', 'mime']
GLIB = {'glib.h', 'glib-object.h', 'gio/gio.h', 'gmodule.h', 'glib/gstdio.h', 'gio/gunixfdlist.h'}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|("(?:\\.|[^"\\\n])*")', re.DOTALL)
LOCALE = re.compile(r'(?<![a-z0-9_])(?:strn?casecmp|strcasestr|to(?:lower|upper)|is(?:alpha|alnum|upper|lower|space|punct)|strto[dfl]|ato[ifl]|'
                    r'strcoll|strftime|strptime)[ \t]*\(')
PROTOCOL = re.compile(r'imap|smtp|lmtp|ehlo|lhlo|starttls|(?<![a-z])rcpt|maildir|mail from', re.IGNORECASE)

SPOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|PH_IMAP_\w+')
ENGINE_WORDS = {'IMAP4rev2', 'ESEARCH', 'UID SEARCH', 'UID STORE'}
EXTENSION_WORDS = ['CONTEXT', 'CONTEXT=SEARCH', 'CONTEXT=SORT', 'CANCELUPDATE', 'UPDATE', 'ADDTO', 'REMOVEFROM', 'NOUPDATE', 'FUZZY', 'RELEVANCY', 'ESORT',
                   'SORT=DISPLAY', 'ANNOTATE', 'ANNOTATION', 'ANNOTATIONS', 'FILTERS', 'FILTER', 'COMPRESS', 'I18NLEVEL', 'RIGHTS', 'LIST-MYRIGHTS',
                   'LIST-METADATA', 'REFERRAL', 'URLMECH', 'X-GM-LABELS', 'EMAILID', 'THREADID', 'MAILBOXID']


def sources(root, *folders):
    """The C files below the folders, relative to the root."""
    for folder in folders:
        for directory, _, names in sorted(os.walk(os.path.join(root, folder))):
            for name in sorted(names):
                if name.endswith(('.c', '.h', '.c.in', '.h.in')):
                    yield os.path.relpath(os.path.join(directory, name), root)


def read(root, path):
    with open(os.path.join(root, path), encoding='utf-8') as file:
        return file.read()


def without_comments(text):
    """Strings stay; line numbers, too."""
    return COMMENT.sub(lambda found: found.group(1) or '\n' * found.group(0).count('\n'), text)


def includes(root, path):
    """(line, bracket, name) of each."""
    text = without_comments(read(root, path))
    for found in INCLUDE.finditer(text):
        yield text.count('\n', 0, found.start()) + 1, found.group(1), found.group(2)


def layer_of(path):
    """core/values/x.c → 0"""
    return LAYERS.index(path.split('/')[1])


def public_headers(root):
    """The contract, and the one plain C header for GLib's own."""
    faults = []
    for path in sources(root, 'include'):
        for line, bracket, name in includes(root, path):
            if bracket != '<' or not (name.startswith('posthorn/') or name in GLIB or '@' in name):
                faults.append(f'{path}:{line}: {name}: a public header includes <posthorn/…> and GLib only')
    return faults


def outsiders(root):
    """Plugins, mechanisms, tools and examples live on the contract."""
    faults = []
    for path in sources(root, *OUTSIDE):
        home = os.path.dirname(path)
        for line, bracket, name in includes(root, path):
            target = os.path.normpath(os.path.join(home, name))
            inside = os.path.dirname(target) == home or (in_tests(path) and '/' not in name)
            if bracket == '"' and not inside and not is_shared(home, name):
                faults.append(f'{path}:{line}: "{name}": only <posthorn/…>, system headers and those of the own folder')
            elif bracket == '<' and name.startswith(('core/', 'plugins/', 'ph-', *(f'{layer}/' for layer in LAYERS))):
                faults.append(f'{path}:{line}: <{name}> is not part of the contract')
    return faults


def in_tests(path):
    """A plugin's own test finds the harness beside what it tests."""
    return os.path.basename(path).startswith('test-') or '/tests/' in path


def is_shared(home, name):
    """plugins/smtp and plugins/lmtp stand on the plain C of plugins/smtp-common."""
    return home in ('plugins/smtp', 'plugins/lmtp') and os.path.normpath(os.path.join(home, name)).startswith('plugins/smtp-common/')


def layers(root):
    """A folder of core includes its own headers and those of the folders below."""
    faults = []
    for path in sources(root, 'core'):
        if path.count('/') < 2:
            continue
        for line, bracket, name in includes(root, path):
            if bracket == '<':
                if name.startswith(('ph-', *(f'{layer}/' for layer in LAYERS))):
                    faults.append(f'{path}:{line}: <{name}>: private headers are included with quotes')
                continue
            folder = os.path.dirname(name) or path.split('/')[1]
            if folder not in LAYERS or LAYERS.index(folder) > layer_of(path):
                faults.append(f'{path}:{line}: "{name}" is not below {os.path.dirname(path)}')
    return faults


def protocol_words(root):
    """core knows no protocol's grammar: no such word in its code or strings."""
    faults = []
    for path in sources(root, 'core'):
        for number, line in enumerate(without_comments(read(root, path)).split('\n'), 1):
            if found := PROTOCOL.search(line):
                faults.append(f'{path}:{number}: core knows no “{found.group(0)}”: {line.strip()}')
    return faults


def extension_words(root):
    """What the extensions' features and commands are called, but for what the engine says itself."""
    words = set(EXTENSION_WORDS)
    for path in sources(root, 'plugins'):
        if os.path.dirname(path).startswith('plugins/imap4-') and not in_tests(path):
            text = without_comments(read(root, path))
            defined = dict(re.findall(r'#define (\w+) "([^"]+)"', text))
            for name, macro in re.findall(r'\.name = (?:"([^"]+)"|(\w+)),', text):
                words.add((name or defined.get(macro, '')).rstrip('*='))
    return words - ENGINE_WORDS - {''}


def named_extensions(root):
    """The engine names none of what extends it, neither in what it sends and reads nor in the names of its own flags."""
    faults, words = [], sorted(extension_words(root), key=len, reverse=True)
    named = re.compile('(?<![A-Za-z0-9-])(?:' + '|'.join(map(re.escape, words)) + ')(?![A-Za-z0-9-])')
    for path in sources(root, 'plugins/imap4'):
        text = without_comments(read(root, path))
        for found in SPOKEN.finditer(text):
            if word := named.search(found.group(0).removeprefix('PH_IMAP_').replace('_', ' ')):
                faults.append(f'{path}:{text.count(chr(10), 0, found.start()) + 1}: the engine knows no “{word.group(0)}”: {found.group(0)}')
    return faults


def locale_words(root):
    """What a server says means the same in Turkish, where “i” is no “I”: GLib's g_ascii_ functions, not C's."""
    faults = []
    for path in sources(root, 'core', 'plugins', 'auth', 'mime'):
        for number, line in enumerate(without_comments(read(root, path)).split('\n'), 1):
            if found := LOCALE.search(line):
                faults.append(f'{path}:{number}: {found.group(0)} depends on the locale: {line.strip()}')
    return faults


def symbols(path):
    """(defined, wanted) global ph_ names of an object file."""
    defined, wanted = set(), set()
    for line in subprocess.run(['nm', '-g', path], capture_output=True, text=True, check=True).stdout.splitlines():
        *_, kind, name = line.split()
        if name.startswith(('ph_', '_ph_')):
            (wanted if kind in 'Uvw' else defined).add(name)
    return defined, wanted


def calls(objects):
    """An object of a layer wants only what its own layer and those below define. `objects`: {layer: [file…]}."""
    home, faults = {}, []
    tables = [(layer, path, *symbols(path)) for layer, paths in objects.items() for path in paths]
    for layer, _, defined, _ in tables:
        home.update(dict.fromkeys(defined, layer))
    for layer, path, _, wanted in tables:
        for name in sorted(wanted):
            where = home.get(name)
            if where is not None and LAYERS.index(where) > LAYERS.index(layer):
                faults.append(f'{os.path.basename(path)}: calls {name} of core/{where}, a layer above its own')
    return faults


def objects_of_core(directory):
    """meson names the object of core/values/x.c values_x.c.o."""
    found = {layer: [] for layer in LAYERS}
    for name in sorted(os.listdir(directory)):
        layer = name.partition('_')[0]
        if layer in found and name.endswith('.o'):
            found[layer].append(os.path.join(directory, name))
    return found


class House(unittest.TestCase):
    """The tree as it is."""
    root = objects = None

    def assert_none(self, faults):
        self.assertEqual(faults, [], '\n' + '\n'.join(faults))

    def test_public_headers_include_the_contract_only(self):
        self.assert_none(public_headers(self.root))

    def test_plugins_and_tools_include_the_contract_only(self):
        self.assert_none(outsiders(self.root))

    def test_layers_include_downward_only(self):
        self.assert_none(layers(self.root))

    def test_layers_call_downward_only(self):
        objects = objects_of_core(self.objects)
        self.assertTrue(all(objects.values()), f'no objects of some layer in {self.objects}')
        self.assert_none(calls(objects))

    def test_the_engine_names_no_extension(self):
        self.assert_none(named_extensions(self.root))

    def test_nothing_depends_on_the_locale(self):
        self.assert_none(locale_words(self.root))

    def test_core_knows_no_protocol(self):
        self.assert_none(protocol_words(self.root))


class Check(unittest.TestCase):
    """The check itself: each wall, once broken, is reported."""

    def tree(self, **files):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        for path, text in files.items():
            path = os.path.join(directory.name, path.replace('__', '/').replace('_c', '.c').replace('_h', '.h'))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
        return directory.name

    def assert_fault(self, check, text, **files):
        faults = check(self.tree(**files))
        self.assertEqual(len(faults), 1, faults)
        self.assertIn(text, faults[0])

    def test_sees_a_private_header_in_a_public_one(self):
        self.assert_fault(public_headers, 'ph-a.h:2', **{'include__posthorn__ph-a_h': '\n#include "ph-b.h"\n'})
        self.assert_fault(public_headers, 'gnutls', **{'include__posthorn__a_h': '#include <gnutls/gnutls.h>\n#include <posthorn/b.h>'})

    def test_sees_a_plugin_that_reaches_into_core(self):
        for line in ('#include "values/ph-a.h"', '# include "../../core/values/ph-a.h"', '#include <core/values/ph-a.h>', '#include "../imap4/x.h"'):
            self.assert_fault(outsiders, 'a.c:1', plugins__smtp__a_c=line)
        self.assertEqual(outsiders(self.tree(auth__x__a_c='#include "x.h"\n#include <posthorn/posthorn.h>\n#include <sasl/sasl.h>')), [])

    def test_sees_a_layer_that_looks_up(self):
        self.assert_fault(layers, 'not below', core__values__a_c='#include "driving/ph-b.h"')
        self.assert_fault(layers, 'with quotes', core__values__a_c='#include <values/ph-b.h>')
        self.assertEqual(layers(self.tree(core__driving__a_c='#include "values/b.h"\n#include "own.h"\n/* #include "../x.h" */')), [])

    def test_sees_a_protocol_in_core(self):
        self.assert_fault(protocol_words, 'a.c:2', core__driving__a_c='/* imap */\nif (is_imap)')
        self.assert_fault(protocol_words, 'STARTTLS', core__driving__a_c='f ("STARTTLS"); // smtp')

    def test_sees_an_extension_in_the_engine(self):
        other = {'plugins__imap4-x__b_c': '#define OWN "XMACRO=*"\nf = { .name = OWN, }, { .name = "XTHING", }, { .name = "ESEARCH", };'}
        for line, word in (('f ("CONTEXT");', 'CONTEXT'), ('PH_IMAP_CONTEXT_SEARCH = 1', 'CONTEXT'), ('"XTHING"', 'XTHING'), ('"UID XMACRO=A"', 'XMACRO')):
            self.assert_fault(named_extensions, f'“{word}', plugins__imap4__a_c='/* CONTEXT */\n' + line, **other)
        self.assertEqual(named_extensions(self.tree(plugins__imap4__a_c='// XTHING\ng ("ESEARCH", "XTHINGS", XTHING);', **other)), [])

    def test_sees_a_call_that_depends_on_the_locale(self):
        self.assert_fault(locale_words, 'strcasecmp', plugins__imap4__a_c='f (strcasecmp (a, "INBOX"));')
        self.assertEqual(locale_words(self.tree(core__values__a_c='f (g_ascii_strcasecmp (a, b) + g_ascii_tolower (*a)); /* tolower (c) */')), [])

    def test_sees_a_call_to_a_layer_above(self):
        tree = self.tree(low_c='void ph_low (void); void ph_high (void); void ph_low (void) { ph_high (); }',
                         high_c='void ph_low (void); void ph_high (void); void ph_high (void) { ph_low (); }')
        objects = {}
        for layer, name in (('values', 'low'), ('driving', 'high')):
            path = os.path.join(tree, name)
            subprocess.run(['cc', '-c', path + '.c', '-o', path + '.o'], check=True)
            objects[layer] = [path + '.o']
        faults = calls(objects)
        self.assertEqual(len(faults), 1, faults)
        self.assertIn('low.o: calls ph_high of core/driving', faults[0])


if __name__ == '__main__':
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    House.root, House.objects = sys.argv[1:3]
    del sys.argv[1:3]
    tap.main()
