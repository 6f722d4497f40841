#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
r"""Plays a written conversation with one client: the tests' server for what no real server does.

    scripted-server.py [OPTION…] FILE | --text SCRIPT

Listens on a free loopback port, prints `port N` (or `path P`), then plays the script. Its exit status is 0 where the
conversation went as written, 1 where it did not (one sentence on standard error says where), 2 where the script is wrong.
TLS is OpenSSL's, through Python's ssl: code that nobody here wrote.

One instruction a line; `#` begins a comment line; blanks around a line do not count (\x20 does). TEXT knows \r \n \t \\ \0
\xHH, and ${name} is what an earlier `match` or `read` kept under that name. The first instruction waits for the first client.

    send TEXT          sends TEXT and CRLF
    raw TEXT           sends TEXT as it is, in one write
    single TEXT        sends TEXT octet by octet, each in a segment of its own
    repeat N TEXT      sends TEXT N times
    endless N TEXT     sends TEXT again and again until the client closes; a mismatch where it still takes more after N octets
    file PATH          sends the file as it is
    expect TEXT        the next line is TEXT
    prefix TEXT        the next line begins with TEXT
    match REGEX        the next line matches the whole regular expression; named groups are kept
    until TEXT         skips lines up to the one that is TEXT
    read N [NAME]      takes N octets (N may be ${name}), kept under NAME
    quiet              nothing is waiting to be read at this moment
    starttls           the TLS handshake, as the server; a mismatch where the client sent something before it
    no-tls             the client begins a handshake and gives it up, or fails it
    sni TEXT, alpn TEXT   what the client asked for in its handshake
    closed             the client closes (octets before that are a mismatch)
    gone               the client closes, whatever it still sends
    hang               reads what comes and answers nothing until the client closes
    stall              reads nothing until the client closes
    close              closes; under TLS with close_notify
    cut                closes; under TLS without close_notify
    reset              closes with a TCP reset
    accept             waits for the client's next connection
    tell NAME          prints `NAME` on standard output, for the test to wait for
    wait NAME          waits until the test wrote a line `NAME` to standard input
"""
import argparse
import os
import re
import select
import signal
import socket
import ssl
import struct
import sys
import tempfile

ESCAPE = re.compile(rb'\\(?:x([0-9a-fA-F]{2})|(.))', re.DOTALL)
PLAIN_ESCAPES = {b'r': b'\r', b'n': b'\n', b't': b'\t', b'\\': b'\\', b'0': b'\0'}
LONGEST_LINE = 1 << 26


class Mismatch(Exception):
    """The client did not do what the script says."""


class ScriptError(Exception):
    """The script itself cannot be read."""


def unescape(text):
    def one(found):
        if found.group(1):
            return bytes([int(found.group(1), 16)])
        if found.group(2) not in PLAIN_ESCAPES:
            raise ScriptError(f'unknown escape \\{found.group(2).decode()}')
        return PLAIN_ESCAPES[found.group(2)]
    return ESCAPE.sub(one, text)


def show(octets):
    text = octets if len(octets) <= 200 else octets[:200] + b'...'
    return repr(bytes(text))[1:]


class Peer:
    """One accepted connection: buffered lines over a plain or TLS socket."""

    def __init__(self, sock, record):
        self.sock = sock
        self.record = record
        self.buffer = bytearray()
        self.seen = 0
        self.sni = None
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fill(self):
        """Reads once; false at the end of the stream."""
        try:
            chunk = self.sock.recv(65536)
        except (ConnectionError, ssl.SSLError) as error:
            if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
                raise Mismatch(f'TLS failed: {error}') from error
            chunk = b''
        self.buffer += chunk
        if self.record:
            self.record.write(chunk)
            self.record.flush()
        return bool(chunk)

    def line(self):
        while (end := self.buffer.find(b'\n', self.seen)) < 0:
            self.seen = len(self.buffer)
            if self.seen > LONGEST_LINE:
                raise Mismatch('the client sent a line without an end')
            if not self.fill():
                raise Mismatch(f'the client closed; unfinished: {show(self.buffer)}')
        self.seen = 0
        line = bytes(self.buffer[:end + 1])
        del self.buffer[:end + 1]
        if not line.endswith(b'\r\n'):
            raise Mismatch(f'a line that does not end in CRLF: {show(line)}')
        return line[:-2]

    def octets(self, count):
        while len(self.buffer) < count:
            if not self.fill():
                raise Mismatch(f'the client closed after {len(self.buffer)} of {count} octets')
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def send(self, octets):
        try:
            self.sock.sendall(octets)
        except (ConnectionError, ssl.SSLError) as error:
            raise Mismatch(f'the client closed while {show(octets)} was sent to it') from error

    def waiting(self):
        pending = self.sock.pending() if isinstance(self.sock, ssl.SSLSocket) else 0
        return bool(self.buffer or pending or select.select([self.sock], [], [], 0)[0])

    def start_tls(self, context):
        if self.buffer:
            raise Mismatch(f'sent before the handshake: {show(self.buffer)}')
        self.sock = context.wrap_socket(self.sock, server_side=True)
        self.sni = getattr(self.sock, 'asked_name', None)

    def close(self, notify):
        if notify and isinstance(self.sock, ssl.SSLSocket):
            try:
                self.sock.setblocking(False)
                self.sock.unwrap()
            except (OSError, ValueError):
                pass    # close_notify is on its way; the client's own is not waited for
        self.sock.close()


class Player:
    """Plays one script."""

    def __init__(self, options):
        self.options = options
        self.names = {}
        self.listener = None
        self.peer = None
        self.record = open(options.record, 'wb') if options.record else None
        self.alpn_asked = None

    # -- listening and TLS

    def listen(self):
        if self.options.unix:
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(self.options.unix)
        else:
            family = socket.AF_INET6 if ':' in self.options.address else socket.AF_INET
            self.listener = socket.socket(family)
            self.listener.bind((self.options.address, 0))
        self.listener.listen(16)
        where = self.options.unix or self.listener.getsockname()[1]
        print(f'{"path" if self.options.unix else "port"} {where}', flush=True)

    def tls_context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificates = self.options.certificates
        context.load_cert_chain(os.path.join(certificates, self.options.certificate + '.pem'), os.path.join(certificates, 'server.key'))
        if self.options.tls_version:
            version = {'1.2': ssl.TLSVersion.TLSv1_2, '1.3': ssl.TLSVersion.TLSv1_3}[self.options.tls_version]
            context.minimum_version = context.maximum_version = version
        if self.options.alpn:
            context.set_alpn_protocols(self.options.alpn.split(','))
        if self.options.client_certificate:
            context.load_verify_locations(os.path.join(certificates, 'ca.pem'))
            context.verify_mode = ssl.CERT_REQUIRED

        def remember(sock, name, _context):
            sock.asked_name = name
        context.sni_callback = remember
        return context

    def accept(self):
        if self.peer:
            self.peer.close(True)
        self.peer = Peer(self.listener.accept()[0], self.record)
        if self.options.tls:
            self.do_starttls()

    # -- the script

    def text(self, argument):
        """The octets that an argument stands for."""
        return re.sub(rb'\$\{(\w+)\}', lambda found: self.kept(found.group(1).decode()), unescape(argument.encode()))

    def kept(self, name):
        if name not in self.names:
            raise ScriptError(f'nothing was kept under the name {name}')
        return self.names[name]

    def count_and_text(self, argument):
        count, _, rest = argument.partition(' ')
        return int(count), self.text(rest)

    def play(self, script):
        steps = list(self.read(script))
        self.listen()
        for number, word, argument, action in steps:
            try:
                if self.peer is None and word not in ('no-tls', 'accept', 'tell', 'wait'):
                    self.accept()
                action(*([argument] if argument else []))
            except Mismatch as mismatch:
                raise Mismatch(f'line {number}, `{word} {argument}`: {mismatch}') from mismatch
            except (ScriptError, ValueError, TypeError) as error:
                raise ScriptError(f'line {number}, `{word} {argument}`: {error}') from error

    def read(self, script):
        for number, line in enumerate(script.splitlines(), 1):
            word, _, argument = line.strip().partition(' ')
            if not word or word.startswith('#'):
                continue
            action = getattr(self, 'do_' + word.replace('-', '_'), None)
            if action is None:
                raise ScriptError(f'line {number}: unknown instruction {word}')
            yield number, word, argument, action

    # -- instructions: sending

    def do_send(self, argument=''):
        self.peer.send(self.text(argument) + b'\r\n')

    def do_raw(self, argument):
        self.peer.send(self.text(argument))

    def do_single(self, argument):
        for octet in self.text(argument):
            self.peer.send(bytes([octet]))

    def do_repeat(self, argument):
        count, text = self.count_and_text(argument)
        batch = max(1, 65536 // max(1, len(text)))
        for done in range(0, count, batch):
            self.peer.send(text * min(batch, count - done))

    def do_endless(self, argument):
        count, text = self.count_and_text(argument)
        chunk = text * max(1, 16384 // len(text))
        for _ in range(0, count, len(chunk)):
            try:
                self.peer.sock.sendall(chunk)
            except (ConnectionError, ssl.SSLError):
                return
        raise Mismatch(f'the client took {count} octets and wants more')

    def do_file(self, argument):
        with open(argument, 'rb') as file:
            while chunk := file.read(65536):
                self.peer.send(chunk)

    # -- instructions: expecting

    def do_expect(self, argument=''):
        line, wanted = self.peer.line(), self.text(argument)
        if line != wanted:
            raise Mismatch(f'got {show(line)}')

    def do_prefix(self, argument):
        line = self.peer.line()
        if not line.startswith(self.text(argument)):
            raise Mismatch(f'got {show(line)}')

    def do_match(self, argument):
        line = self.peer.line()
        found = re.fullmatch(argument.encode(), line, re.DOTALL)
        if found is None:
            raise Mismatch(f'got {show(line)}')
        self.names.update({name: value for name, value in found.groupdict().items() if value is not None})

    def do_until(self, argument):
        wanted = self.text(argument)
        while self.peer.line() != wanted:
            pass

    def do_read(self, argument):
        count, _, name = argument.partition(' ')
        taken = self.peer.octets(int(self.text(count)))
        if name:
            self.names[name] = taken

    def do_quiet(self):
        if self.peer.waiting():
            self.peer.fill()
            raise Mismatch(f'there is {show(self.peer.buffer)}')

    # -- instructions: TLS

    def do_starttls(self):
        try:
            self.peer.start_tls(self.tls_context())
        except OSError as error:
            raise Mismatch(f'the handshake failed: {error}') from error

    def do_no_tls(self):
        if not self.peer:
            self.peer = Peer(self.listener.accept()[0], self.record)
        try:
            self.peer.start_tls(self.tls_context())
        except OSError:
            return
        # In TLS 1.3 the client's verdict comes after our side of the handshake is done.
        try:
            if not self.peer.fill():
                return
        except Mismatch:
            return
        raise Mismatch(f'the handshake was completed, and the client sent {show(self.peer.buffer)}')

    def do_sni(self, argument=''):
        if (self.peer.sni or '') != argument:
            raise Mismatch(f'the client asked for {self.peer.sni!r}')

    def do_alpn(self, argument=''):
        chosen = self.peer.sock.selected_alpn_protocol()
        if (chosen or '') != argument:
            raise Mismatch(f'{chosen!r} was agreed on')

    # -- instructions: the connection

    def do_closed(self):
        if self.peer.buffer or self.peer.fill():
            raise Mismatch(f'the client sent {show(self.peer.buffer)}')

    def do_gone(self):
        while self.peer.fill():
            self.peer.buffer.clear()

    do_hang = do_gone

    def do_stall(self):
        poll = select.poll()
        poll.register(self.peer.sock, select.POLLRDHUP)
        poll.poll()

    def do_close(self):
        self.peer.close(True)

    def do_cut(self):
        self.peer.close(False)

    def do_reset(self):
        self.peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.peer.close(False)

    def do_accept(self):
        self.accept()

    # -- instructions: the test program

    def do_tell(self, argument):
        print(argument, flush=True)

    def do_wait(self, argument):
        while (line := sys.stdin.readline()):
            if line.strip() == argument:
                return
        raise Mismatch('the test ended')


def arguments():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('file', nargs='?', metavar='FILE', help='the script')
    parser.add_argument('--text', help='the script itself')
    parser.add_argument('--tls', action='store_true', help='TLS from the first octet')
    parser.add_argument('--certificates', metavar='DIRECTORY', default=os.environ.get('PH_TEST_CERTIFICATES'),
                        help='of certificates.py; $PH_TEST_CERTIFICATES by default, else made for this run')
    parser.add_argument('--certificate', metavar='NAME', default='server', help='server, expired, wrong-name or self-signed')
    parser.add_argument('--tls-version', choices=['1.2', '1.3'])
    parser.add_argument('--alpn', metavar='NAME,…', help='what the server agrees to')
    parser.add_argument('--client-certificate', action='store_true', help='the client must show one')
    parser.add_argument('--address', default='127.0.0.1')
    parser.add_argument('--unix', metavar='PATH', help='listen there instead')
    parser.add_argument('--record', metavar='FILE', help='write down what the client sent')
    parser.add_argument('--timeout', type=int, default=60, metavar='SECONDS', help='a mismatch after that (60)')
    options = parser.parse_args()
    if (options.file is None) == (options.text is None):
        parser.error('one script: FILE or --text')
    return options, here


def run(options, here):
    script = options.text
    if script is None:
        with open(options.file, encoding='utf-8') as file:
            script = file.read()
    if options.certificates:
        Player(options).play(script)
        return
    sys.path.insert(0, here)
    from certificates import make_certificates
    with tempfile.TemporaryDirectory() as options.certificates:
        if options.tls or 'tls' in script:
            make_certificates(options.certificates)
        Player(options).play(script)


def main():
    options, here = arguments()

    def too_late(_signal, _frame):
        raise Mismatch(f'no end after {options.timeout} s')
    signal.signal(signal.SIGALRM, too_late)
    signal.alarm(options.timeout)
    try:
        run(options, here)
    except Mismatch as mismatch:
        print(f'scripted server: {mismatch}', file=sys.stderr)
        return 1
    except ScriptError as error:
        print(f'scripted server: {error}', file=sys.stderr)
        return 2
    finally:
        if options.unix and os.path.exists(options.unix):
            os.unlink(options.unix)
    return 0


if __name__ == '__main__':
    sys.exit(main())
