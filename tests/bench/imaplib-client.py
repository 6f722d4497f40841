#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Python's imaplib, which hands over lines unread: the same arguments and output as the other clients."""
import imaplib
import os
import resource
import ssl
import sys
import tempfile
import time

imaplib._MAXLINE = 1 << 24


def connect(port, context, mailbox):
    imap = imaplib.IMAP4_SSL('127.0.0.1', port, ssl_context=context) if context else imaplib.IMAP4('127.0.0.1', port)
    imap.login('alice', 'wonderland')
    imap.select(f'"{mailbox}"')
    return imap


def main():
    what, port, argument = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    size = sys.argv[4] if len(sys.argv) > 4 else '0'
    context = ssl.create_default_context(cafile=os.environ['CA_FILE']) if '-' in what else None
    kind = what.split('-')[0]
    before = resource.getrusage(resource.RUSAGE_SELF)
    begin = time.monotonic()
    if kind == 'connect':
        for _ in range(int(argument)):
            connect(port, context, 'flags-1').logout()
    else:
        imap = connect(port, context, f'file-1-{argument}' if kind == 'file' else f'{kind}-{argument}-{size}')
        if kind == 'file':
            file = tempfile.TemporaryFile()   # closed by the end of the program, as the other clients' is
            file.write(imap.uid('FETCH', '1', '(BODY.PEEK[])')[1][0][1])
            file.flush()
        else:
            data = imap.uid('FETCH', '1:*', '(BODY.PEEK[])' if kind == 'bodies' else '(FLAGS)')[1]
            assert len(data) >= int(argument)
        imap.logout()
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(f'wall={wall:.6f} cpu={after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.6f} memory={after.ru_maxrss - before.ru_maxrss}')


if __name__ == '__main__':
    main()
