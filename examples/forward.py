#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Forwards a message that never comes here: PASSWORD=secret ./forward.py imap://alice@mail.example.org INBOX 42 \\
    smtp://alice@mail.example.org bob@example.net

The mail server puts the new message together out of a note and the old message (CATENATE, RFC 4469) and lends it to the submission
server (URLAUTH, RFC 4467), which fetches it and sends it on (BURL, RFC 4468). What goes over this line is a kilobyte, whatever is attached.
"""
import email.message
import email.policy
import email.utils
import os
import re
import sys

import gi
gi.require_version('Posthorn', '1')
from gi.repository import GLib, Posthorn    # noqa: E402

BOUNDARY = f'forwarded-{GLib.uuid_string_random()}'


def open_session(uri):
    session = Posthorn.Session.new(uri)
    if 'PASSWORD' in os.environ:
        session.set_password(os.environ['PASSWORD'])
    if 'CA_FILE' in os.environ:
        session.get_policy().set_ca_file(os.environ['CA_FILE'])
    session.open(None)
    return session


def headers(sender, recipient, subject):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message['From'], message['To'], message['Subject'] = sender, recipient, f'Fwd: {subject}'
    message['Date'], message['Message-ID'] = email.utils.localtime(), email.utils.make_msgid(domain='example.invalid')
    message['MIME-Version'], message['Content-Type'] = '1.0', f'multipart/mixed; boundary="{BOUNDARY}"'
    return message.as_bytes().rstrip().decode('ascii')


def draft(store, mailbox, uid, sender, recipient):
    """Puts the new message into Drafts and returns its UID there."""
    validity = store.select(mailbox, None).get_uid_validity()
    subject = store.fetch_one(uid, Posthorn.Fetch.ENVELOPE, None).get_envelope().get_subject()
    head = (f'{headers(sender, recipient, subject)}\r\n\r\n'
            f'--{BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n'
            f'--{BOUNDARY}\r\nContent-Type: message/rfc822\r\n\r\n')
    body = Posthorn.Body.new_for_parts([
        Posthorn.Body.new_for_text(head),
        Posthorn.Body.new_for_url(Posthorn.url_for_message(None, mailbox, validity, uid, None)),
        Posthorn.Body.new_for_text(f'\r\n--{BOUNDARY}--\r\n'),
    ])
    return store.append('Drafts', body, ['\\Draft', '\\Seen'], None, None).get_range(0)[0]


def lend(store, base, uid, user):
    """The URL by which the submission server may fetch the draft."""
    auth = store.get_extension(Posthorn.UrlAuth.__gtype__)
    if auth is None:
        sys.exit('The server lends no messages (URLAUTH)')
    validity = store.status('Drafts', ['UIDVALIDITY'], None).get_uid_validity()
    message = Posthorn.url_for_message(base, 'Drafts', validity, uid, None)
    return auth.generate([Posthorn.url_with_access(message, None, f'submit+{user}')], None)[0]


def forward(store_uri, mailbox, uid, transport_uri, recipient):
    user = re.match(r'\w+://([^@;]+)', store_uri)[1]
    sender = user if '@' in user else f'{user}@example.test'
    store = open_session(store_uri)
    copy = draft(store, mailbox, int(uid), sender, recipient)
    url = lend(store, re.sub(r'^imaps?', 'imap', store_uri), copy, user)

    transport = open_session(transport_uri)
    envelope = Posthorn.Envelope.new(sender)
    envelope.add_recipient(recipient)
    delivery = transport.send(envelope, Posthorn.Body.new_for_url(url), None)
    print(f'{delivery.get_address(0)}: {delivery.get_reply(0).to_string()}')
    transport.close(None)
    store.close(None)


if __name__ == '__main__':
    if len(sys.argv) != 6:
        sys.exit('usage: forward.py STORE MAILBOX UID TRANSPORT RECIPIENT')
    try:
        forward(*sys.argv[1:])
    except GLib.Error as error:
        sys.exit(error.message)
