#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Uses the extension and the connection from Python: PASSWORD=secret use-plugins.py imap://alice@localhost"""
import os
import sys

import gi
gi.require_version('Posthorn', '1')
gi.require_version('Recorder', '1')
from gi.repository import GLib, Posthorn, Recorder    # noqa: E402


def main(uri):
    recorder = Recorder.Connection.new(Posthorn.connection_open(uri, 30, None))
    session = Posthorn.Session.new(uri)
    session.set_connection(recorder)
    if 'PASSWORD' in os.environ:
        session.set_password(os.environ['PASSWORD'])
    if 'CA_FILE' in os.environ:
        session.get_policy().set_ca_file(os.environ['CA_FILE'])
    session.open(None)

    fields = [Posthorn.Value.new_string(text) for text in ('name', "a third party's program")]
    command = session.make_command('ID', Posthorn.Value.new_list([Posthorn.Value.new_list(fields)]))
    session.run(command, None)
    answer = command.get_result()
    for index in range(0, answer.get_length(), 2):
        print(answer.get_child(index).dup_text(), answer.get_child(index + 1).dup_text(), sep=': ')

    session.close(None)
    received = recorder.get_received().get_data()
    print(f'recorded: {len(received)} octets received, beginning with {received[:4].decode()}')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit('usage: use-plugins.py URI')
    try:
        main(sys.argv[1])
    except GLib.Error as error:
        sys.exit(error.message)
