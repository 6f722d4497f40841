#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Lists the unread messages of a mailbox: PASSWORD=secret ./read.py imaps://alice@mail.example.org INBOX"""
import os
import sys

import gi
gi.require_version('Posthorn', '1')
from gi.repository import GLib, Posthorn    # noqa: E402


def list_unread(uri, name):
    session = Posthorn.Session.new(uri)
    if 'PASSWORD' in os.environ:
        session.set_password(os.environ['PASSWORD'])
    if 'CA_FILE' in os.environ:
        session.get_policy().set_ca_file(os.environ['CA_FILE'])

    mailbox = session.select(name, None)
    unread = session.search(Posthorn.Query.new().unseen(), None)
    print(f'{mailbox.get_n_messages()} messages, {unread.get_count()} of them unread')
    messages = session.fetch(unread, Posthorn.Fetch.ENVELOPE, None)
    while message := messages.next(None):
        envelope = message.get_envelope()
        senders = [address.to_string() for address in envelope.get_from()]
        print(message.get_uid(), ', '.join(senders), envelope.get_subject(), sep='  ')
    session.close(None)


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit('usage: read.py URI MAILBOX')
    try:
        list_unread(*sys.argv[1:])
    except GLib.Error as error:
        sys.exit(error.message)
