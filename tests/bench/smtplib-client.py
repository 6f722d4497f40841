#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Python's smtplib: the same arguments and output as the other clients."""
import os
import resource
import smtplib
import ssl
import sys
import time

SENDER = 'alice@example.test'
LINE = b'A line of a message, seventy-eight octets long with its end, no dot in front.\r\n'
HEAD = b'From: alice@example.test\r\nTo: bob@example.test\r\nSubject: a benchmark\r\n\r\n'


def main():
    what, port, argument = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    size = int(sys.argv[4]) if len(sys.argv) > 4 else 4096
    message = HEAD + LINE * ((size - len(HEAD) - 1) // len(LINE) + 1)
    context = ssl.create_default_context(cafile=os.environ['CA_FILE']) if what == 'connect-tls' else None
    before = resource.getrusage(resource.RUSAGE_SELF)
    begin = time.monotonic()
    if what.startswith('connect'):
        for _ in range(int(argument)):
            smtp = smtplib.SMTP_SSL('127.0.0.1', port, context=context) if context else smtplib.SMTP('127.0.0.1', port)
            with smtp:
                smtp.login('alice', 'wonderland')
    else:
        with smtplib.SMTP('127.0.0.1', port) as smtp:
            if what == 'many':
                for _ in range(int(argument)):
                    smtp.sendmail(SENDER, ['bob@example.test'], message)
            elif what == 'recipients':
                smtp.sendmail(SENDER, [f'r{i}@example.test' for i in range(int(argument))], message)
            else:
                with open(argument, 'rb') as file:
                    smtp.sendmail(SENDER, ['bob@example.test'], file.read())
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(f'wall={wall:.6f} cpu={after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.6f} memory={after.ru_maxrss - before.ru_maxrss}')


if __name__ == '__main__':
    main()
