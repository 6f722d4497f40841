#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A proxy for tests: SOCKS4, SOCKS4a, SOCKS5 (RFC 1928, RFC 1929) and HTTP CONNECT (RFC 9110), each only what a client needs.

    with Proxy(user='alice', password='secret') as proxy: … proxy.port, proxy.requests

Whatever name it is given it connects to 127.0.0.1, so that a name which nobody here could look up is reached. Each request is
noted as (kind, host, port, user).
"""
import base64
import contextlib
import os
import selectors
import socket
import ssl
import struct
import threading


class Refused(Exception):
    """The client asked for what it may not have."""


def read_exactly(client, n):
    octets = b''
    while len(octets) < n:
        more = client.recv(n - len(octets))
        if not more:
            raise Refused('ended early')
        octets += more
    return octets


def read_until(client, end):
    octets = b''
    while not octets.endswith(end):
        octets += read_exactly(client, 1)
    return octets[:-len(end)]


def pump(one, other):
    with selectors.DefaultSelector() as ready:
        ready.register(one, selectors.EVENT_READ, other)
        ready.register(other, selectors.EVENT_READ, one)
        while True:
            for key, _ in ready.select():
                octets = key.fileobj.recv(65536)
                if not octets:
                    return
                key.data.sendall(octets)
                while getattr(key.fileobj, 'pending', int)():
                    key.data.sendall(key.fileobj.recv(65536))


class Proxy:
    """@certificate: one of the zoo, by which TLS is spoken with the client."""

    def __init__(self, user=None, password=None, certificate=None):
        self.user, self.password = user, password
        self.context = None
        if certificate is not None:
            directory = os.environ['PH_TEST_CERTIFICATES']
            self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.context.load_cert_chain(os.path.join(directory, certificate + '.pem'), os.path.join(directory, 'server.key'))
        self.requests = []
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.threads = []

    def __enter__(self):
        thread = threading.Thread(target=self.accept, daemon=True)
        thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with contextlib.ExitStack() as stack:
            stack.callback(client.close)
            try:
                if self.context is not None:
                    client = stack.enter_context(self.context.wrap_socket(client, server_side=True))
                first = read_exactly(client, 1)
                handler = {b'\x04': self.socks4, b'\x05': self.socks5, b'C': self.connect}.get(first)
                if handler is not None:
                    handler(client)
            except (Refused, OSError):
                pass

    def reach(self, kind, host, port, user):
        self.requests.append((kind, host, port, user))
        return socket.create_connection(('127.0.0.1', port))

    def socks4(self, client):
        command, port, address = struct.unpack('!BH4s', read_exactly(client, 7))
        user = read_until(client, b'\0').decode()
        kind, host = 'socks4', socket.inet_ntoa(address)
        if address[:3] == b'\0\0\0' and address[3] != 0:
            kind, host = 'socks4a', read_until(client, b'\0').decode()
        if command != 1 or (self.user is not None and user != self.user):
            client.sendall(b'\0\x5b' + bytes(6))
            return
        with self.reach(kind, host, port, user) as server:
            client.sendall(b'\0\x5a' + bytes(6))
            pump(client, server)

    def socks5(self, client):
        offered = read_exactly(client, read_exactly(client, 1)[0])
        wanted = 0 if self.user is None else 2
        if wanted not in offered:
            client.sendall(b'\x05\xff')
            return
        client.sendall(bytes([5, wanted]))
        user = None
        if wanted == 2:
            read_exactly(client, 1)
            user = read_exactly(client, read_exactly(client, 1)[0]).decode()
            password = read_exactly(client, read_exactly(client, 1)[0]).decode()
            right = (user, password) == (self.user, self.password)
            client.sendall(bytes([1, 0 if right else 1]))
            if not right:
                return
        _, command, _, kind = read_exactly(client, 4)
        if kind == 3:
            host = read_exactly(client, read_exactly(client, 1)[0]).decode()
        else:
            host = socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6, read_exactly(client, 4 if kind == 1 else 16))
        port, = struct.unpack('!H', read_exactly(client, 2))
        if command != 1:
            client.sendall(b'\x05\x07\0\x01' + bytes(6))
            return
        with self.reach('socks5', host, port, user) as server:
            client.sendall(b'\x05\0\0\x01' + bytes(6))
            pump(client, server)

    def connect(self, client):
        lines = read_until(client, b'\r\n\r\n').decode().split('\r\n')
        host, port = lines[0].split()[1].rsplit(':', 1)
        fields = dict(line.split(': ', 1) for line in lines[1:])
        user = None
        if self.user is not None:
            credentials = base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()
            if fields.get('Proxy-Authorization') != f'Basic {credentials}':
                client.sendall(b'HTTP/1.0 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="test"\r\n\r\n')
                return
            user = self.user
        with self.reach('http', host, int(port), user) as server:
            client.sendall(b'HTTP/1.0 200 Connection established\r\n\r\n')
            pump(client, server)
