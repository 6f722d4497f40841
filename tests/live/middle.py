#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Somebody between a client and Cyrus IMAP, with a certificate that the client believes: two channels of TLS, and everything is passed on."""
import os
import socket
import ssl
import sys
import threading

PORTS = ('middle_imaps',)


def start(servers):
    from server import Server
    command = [sys.executable, __file__, str(servers.ports['middle_imaps']), str(servers.ports['cyrus_imaps']), servers.path('certificates')]
    return Server('The one between', command, servers.path('middle.log'), {})


def copy(source, target):
    try:
        while octets := source.recv(65536):
            target.sendall(octets)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def pass_on(client, port, near, far):
    try:
        client = near.wrap_socket(client, server_side=True)
        server = far.wrap_socket(socket.create_connection(('127.0.0.1', port)))
    except OSError:
        client.close()
        return
    threading.Thread(target=copy, args=(client, server), daemon=True).start()
    copy(server, client)


def main(port, target, certificates):
    near = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    near.load_cert_chain(os.path.join(certificates, 'server.pem'), os.path.join(certificates, 'server.key'))
    far = ssl.create_default_context()
    far.check_hostname = False
    far.verify_mode = ssl.CERT_NONE
    far.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_server(('127.0.0.1', int(port))) as listener:
        while True:
            client, _ = listener.accept()
            threading.Thread(target=pass_on, args=(client, int(target), near, far), daemon=True).start()


if __name__ == '__main__':
    main(*sys.argv[1:])
