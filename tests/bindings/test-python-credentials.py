#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sources of credentials from Python: a netrc file, the keyring, GNOME Online Accounts. Run by desktop.py --keyring --accounts."""
import os
import tempfile
import unittest

import gi
gi.require_version('Posthorn', '1')
from gi.repository import Gio, GLib, Posthorn    # noqa: E402

import tap    # noqa: E402

PASSWORD = Posthorn.SaslNeeds.USER | Posthorn.SaslNeeds.SECRET
TOKEN = Posthorn.SaslNeeds.USER | Posthorn.SaslNeeds.TOKEN
URI = 'imaps://alice@mail.example.org'


def look_up(credentials, uri, needs, user=None):
    """(user, whether there is a password, a token): what they are stays with the library"""
    context = Posthorn.SaslContext.new('PLAIN', 'imap', GLib.Uri.parse(uri, GLib.UriFlags.NONE).get_host())
    context.set_user(user)
    results = []
    credentials.lookup_async(uri, needs, context, None, lambda source, result, *data: results.append(result))
    while not results:
        GLib.MainContext.default().iteration(True)
    credentials.lookup_finish(results[0])
    return context.get_user(), *(secret is not None for secret in (context.get_secret(), context.get_token()))


class Credentials(unittest.TestCase):
    def assert_lacks(self, *arguments):
        with self.assertRaises(GLib.Error) as raised:
            look_up(*arguments)
        self.assertTrue(raised.exception.matches(Posthorn.error_quark(), Posthorn.Error.NO_CREDENTIALS), raised.exception)
        return raised.exception.message

    def test_a_netrc_file(self):
        credentials = Posthorn.Credentials.new_named('netrc')
        with tempfile.NamedTemporaryFile('w') as file:
            file.write('machine mail.example.org login alice password wonderland\n')
            file.flush()
            credentials.set_property('path', file.name)
            self.assertEqual(look_up(credentials, 'imaps://mail.example.org', PASSWORD)[:2], ('alice', True))
            os.chmod(file.name, 0o644)
            self.assertIn('chmod 600', self.assert_lacks(credentials, 'imaps://mail.example.org', PASSWORD))

    def test_the_keyring(self):
        keyring = Posthorn.Credentials.new_named('secret-service')
        self.assertTrue(keyring.can_store())
        self.assert_lacks(keyring, URI, PASSWORD, 'alice')
        self.assertTrue(keyring.store(URI, None, Posthorn.Secret.new('wonderland'), None))
        self.assertEqual(look_up(keyring, 'imaps://mail.example.org', PASSWORD)[:2], ('alice', True))
        keyring.refused('imaps://mail.example.org', PASSWORD, None)
        self.assert_lacks(keyring, 'imaps://mail.example.org', PASSWORD)
        self.assertTrue(keyring.clear(URI, None, None))

    def test_online_accounts(self):
        goa = Posthorn.Credentials.new_named('goa')
        self.assertFalse(goa.can_store())
        accounts = {account.get_label(): account for account in goa.list_accounts(None)}
        self.assertEqual(sorted(accounts), ['alice@example.test', 'bob@example.org'])
        bob = accounts['bob@example.org']
        self.assertEqual((bob.get_address(), bob.get_uris(), bob.needs_attention()), ('bob@example.org', ['imaps://bob@imap.example.org:993'], False))
        session = Posthorn.Session.new(bob.get_uris()[0])
        goa.set_property('account', bob.get_id())
        session.set_credentials(goa)
        self.assertEqual(look_up(goa, session.get_uri(), PASSWORD, session.get_user()), ('bob', True, False))
        goa.set_property('account', None)
        self.assertEqual(look_up(goa, accounts['alice@example.test'].get_uris()[1], TOKEN), ('alice@example.test', False, True))

    def test_listing_can_wait(self):
        goa = Posthorn.Credentials.new_named('goa')
        cancellable = Gio.Cancellable()
        results = []
        goa.list_accounts_async(cancellable, lambda source, result, *data: results.append(result))
        cancellable.cancel()
        while not results:
            GLib.MainContext.default().iteration(True)
        with self.assertRaises(GLib.Error) as raised:
            goa.list_accounts_finish(results[0])
        self.assertTrue(raised.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))


if __name__ == '__main__':
    tap.main()
