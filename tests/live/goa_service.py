#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Stands in for GNOME Online Accounts on the session bus: its interfaces, with accounts of a test's.

account_1: alice@example.test, with tokens; its IMAP server is localhost, at PH_TEST_IMAP_PORT where that is set (by STARTTLS)
account_2: bob@example.org, with passwords, TLS from the first octet; the host is written with a port
account_3: carol's, without mail

A test says what is to happen at /org/posthorn/Test, interface org.posthorn.Test: Reset (tokens, whether alice's account needs attention,
whether ensuring its credentials helps); Calls () tells which methods were called.
"""
import os

from gi.repository import Gio, GLib

NAME, PATH = 'org.gnome.OnlineAccounts', '/org/gnome/OnlineAccounts'
METHODS = '''
<node>
  <interface name="org.freedesktop.DBus.ObjectManager">
    <method name="GetManagedObjects"><arg type="a{oa{sa{sv}}}" direction="out"/></method>
  </interface>
  <interface name="org.gnome.OnlineAccounts.Account">
    <method name="EnsureCredentials"><arg type="i" direction="out"/></method>
  </interface>
  <interface name="org.gnome.OnlineAccounts.OAuth2Based">
    <method name="GetAccessToken"><arg type="s" direction="out"/><arg type="i" direction="out"/></method>
  </interface>
  <interface name="org.gnome.OnlineAccounts.PasswordBased">
    <method name="GetPassword"><arg type="s" direction="in"/><arg type="s" direction="out"/></method>
  </interface>
  <interface name="org.posthorn.Test">
    <method name="Reset">
      <arg type="as" direction="in"/><arg type="b" direction="in"/><arg type="b" direction="in"/>
    </method>
    <method name="Calls"><arg type="as" direction="out"/></method>
  </interface>
</node>'''


class Accounts:
    def __init__(self, connection):
        self.connection = connection
        self.calls = []
        self.reset(['first', 'second'], False, True)
        self.serve(PATH, 'org.freedesktop.DBus.ObjectManager', self.get_managed_objects)
        self.serve('/org/posthorn/Test', 'org.posthorn.Test', self.control)
        for path, interfaces in self.objects().items():
            for interface in interfaces:
                if interface.rpartition('.')[2] in ('Account', 'OAuth2Based', 'PasswordBased'):
                    self.serve(path, interface, self.call)

    def serve(self, path, interface, function):
        def on_call(_connection, _sender, path, _interface, method, arguments, invocation):
            try:
                invocation.return_value(function(path, method, arguments.unpack()))
            except PermissionError as error:
                invocation.return_dbus_error('org.gnome.OnlineAccounts.Error.NotAuthorized', str(error))

        self.connection.register_object(path, Gio.DBusNodeInfo.new_for_xml(METHODS).lookup_interface(interface), on_call, None, None)

    def reset(self, tokens, attention, helps):
        self.tokens, self.attention, self.helps = tokens, attention, helps

    def objects(self):
        port = os.environ.get('PH_TEST_IMAP_PORT')
        base = f'{PATH}/Accounts/account_'
        alice = {'EmailAddress': 'alice@example.test', 'Name': 'Alice', 'ImapSupported': True, 'ImapHost': f'localhost:{port}' if port else 'localhost',
                 'ImapUseSsl': False, 'ImapUseTls': True, 'ImapUserName': 'alice', 'SmtpSupported': True, 'SmtpHost': 'smtp.example.test',
                 'SmtpUseAuth': True, 'SmtpUseSsl': True, 'SmtpUseTls': False, 'SmtpUserName': ''}
        bob = {'EmailAddress': 'bob@example.org', 'ImapSupported': True, 'ImapHost': 'IMAP.example.org:imaps', 'ImapUseSsl': True, 'ImapUserName': 'bob',
               'SmtpSupported': False, 'SmtpHost': '', 'SmtpUserName': ''}
        return {
            base + '1': {'org.gnome.OnlineAccounts.Account': self.account('1', 'alice@example.test', self.attention),
                         'org.gnome.OnlineAccounts.Mail': alice, 'org.gnome.OnlineAccounts.OAuth2Based': {'ClientId': 'x', 'ClientSecret': 'y'}},
            base + '2': {'org.gnome.OnlineAccounts.Account': self.account('2', 'bob@example.org', False),
                         'org.gnome.OnlineAccounts.Mail': bob, 'org.gnome.OnlineAccounts.PasswordBased': {}},
            base + '3': {'org.gnome.OnlineAccounts.Account': self.account('3', 'carol', False), 'org.gnome.OnlineAccounts.PasswordBased': {}},
        }

    @staticmethod
    def account(number, identity, attention):
        return {'Id': f'account_{number}', 'Identity': identity, 'PresentationIdentity': identity, 'ProviderType': 'test', 'ProviderName': 'Test',
                'AttentionNeeded': attention}

    def get_managed_objects(self, _path, _method, _arguments):
        objects = {path: {interface: {name: GLib.Variant('b' if isinstance(value, bool) else 's', value) for name, value in properties.items()}
                          for interface, properties in interfaces.items()} for path, interfaces in self.objects().items()}
        return GLib.Variant('(a{oa{sa{sv}}})', (objects,))

    def control(self, _path, method, arguments):
        if method == 'Reset':
            self.reset(*arguments)
            self.calls = []
            return None
        return GLib.Variant('(as)', (self.calls,))

    def call(self, path, method, arguments):
        self.calls.append(' '.join([path[-1], method, *arguments]))
        if method == 'GetAccessToken':
            if self.attention:
                raise PermissionError('The session has expired')
            return GLib.Variant('(si)', (self.tokens[0], 3600))
        if method == 'GetPassword':
            return GLib.Variant('(s)', (f'{arguments[0]} of bob',))
        if not self.helps:
            self.attention = True
            raise PermissionError('The session has expired')
        self.attention = False
        self.tokens = self.tokens[1:] or self.tokens
        return GLib.Variant('(i)', (3600,))


def main():
    connection = Gio.bus_get_sync(Gio.BusType.SESSION)
    accounts = Accounts(connection)    # its closures live as long as it does
    Gio.bus_own_name_on_connection(connection, NAME, Gio.BusNameOwnerFlags.NONE, None, None)
    GLib.MainLoop().run()
    return accounts


if __name__ == '__main__':
    main()
