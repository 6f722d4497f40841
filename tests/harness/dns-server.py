#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A name server for tests, for one signed zone: `dns-server.py ZONE ANCHOR NAME=RECORD…`.

Answers TLSA, DNSKEY, SOA and NS of ZONE on a free loopback port by UDP and TCP, each answer signed by a key that it makes, and
prints `port N`. The key that a client has to trust is written to the file ANCHOR. RECORD is a TLSA record's text, "3 1 1 00ff…",
or one of these words: `nothing` (the name exists, and has no TLSA record), `forged` (the signature is wrong), `broken` (SERVFAIL).
Ends with its standard input.
"""
import selectors
import socket
import struct
import sys
import time

import dns.dnssec
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
from cryptography.hazmat.primitives.asymmetric import ec

WORDS = {'nothing', 'forged', 'broken'}
SECONDS = 3600


class Zone:
    def __init__(self, name, records):
        self.name = dns.name.from_text(name)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.dnskey = dns.dnssec.make_dnskey(self.key.public_key(), 'ECDSAP256SHA256', flags=257)
        self.words = {}
        self.tlsa = {}
        for name, text in records:
            if text in WORDS:
                self.words[dns.name.from_text(name)] = text
            else:
                self.tlsa.setdefault(dns.name.from_text(name), []).append(text)
        for name, word in self.words.items():
            if word == 'forged':
                self.tlsa[name] = ['3 1 1 ' + '00' * 32]
        self.owners = sorted({self.name, *self.tlsa, *self.words})

    def sign(self, rrset, forge=False):
        signature = dns.dnssec.sign(rrset, self.key, self.name, self.dnskey, inception=time.time() - SECONDS, lifetime=10 * SECONDS)
        if forge:
            signature = signature.replace(signature=bytes([signature.signature[0] ^ 1]) + signature.signature[1:])
        return [rrset, dns.rrset.from_rdata(rrset.name, SECONDS, signature)]

    def soa(self):
        return dns.rrset.from_text(self.name, SECONDS, 'IN', 'SOA', f'ns.{self.name} root.{self.name} 1 3600 600 86400 60')

    def nsec(self, name):
        """Denies every type but those that are there; @name exists."""
        following = self.owners[(self.owners.index(name) + 1) % len(self.owners)]
        kinds = 'SOA NS DNSKEY RRSIG NSEC' if name == self.name else 'RRSIG NSEC'
        if name in self.tlsa:
            kinds += ' TLSA'
        return dns.rrset.from_text(name, SECONDS, 'IN', 'NSEC', f'{following} {kinds}')

    def find(self, name, kind):
        if name == self.name and kind == dns.rdatatype.DNSKEY:
            return dns.rrset.from_rdata(name, SECONDS, self.dnskey)
        if name == self.name and kind == dns.rdatatype.SOA:
            return self.soa()
        if name == self.name and kind == dns.rdatatype.NS:
            return dns.rrset.from_text(name, SECONDS, 'IN', 'NS', f'ns.{self.name}')
        if name in self.tlsa and kind == dns.rdatatype.TLSA:
            return dns.rrset.from_text(name, SECONDS, 'IN', 'TLSA', *self.tlsa[name])
        return None

    def deny(self, response, name):
        """RFC 4035 section 3.1.3: no such type, or no such name and no wildcard."""
        response.authority += self.sign(self.soa())
        if name in self.owners:
            response.authority += self.sign(self.nsec(name))
            return
        response.set_rcode(dns.rcode.NXDOMAIN)
        before = [owner for owner in self.owners if owner < name] or [self.owners[-1]]
        for owner in {before[-1], self.name}:
            response.authority += self.sign(self.nsec(owner))

    def answer(self, octets):
        query = dns.message.from_wire(octets)
        response = dns.message.make_response(query)
        response.flags |= dns.flags.AA | dns.flags.RA
        question = query.question[0]
        word = self.words.get(question.name)
        found = self.find(question.name, question.rdtype)
        if word == 'broken' or not question.name.is_subdomain(self.name):
            response.set_rcode(dns.rcode.SERVFAIL)
        elif found is not None:
            response.answer += self.sign(found, word == 'forged' and question.rdtype == dns.rdatatype.TLSA)
        else:
            self.deny(response, question.name)
        return response.to_wire()


def serve_udp(server, zone):
    octets, address = server.recvfrom(65536)
    server.sendto(zone.answer(octets), address)


def serve_tcp(listener, zone):
    client, _ = listener.accept()
    with client, client.makefile('rb') as stream:
        while len(head := stream.read(2)) == 2:
            answer = zone.answer(stream.read(struct.unpack('!H', head)[0]))
            client.sendall(struct.pack('!H', len(answer)) + answer)


def main():
    zone = Zone(sys.argv[1], [argument.split('=', 1) for argument in sys.argv[3:]])
    with open(sys.argv[2], 'w', encoding='ascii') as file:
        file.write(f'{zone.name} IN DNSKEY {zone.dnskey.to_text()}\n')
    tcp = socket.create_server(('127.0.0.1', 0))
    port = tcp.getsockname()[1]
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(('127.0.0.1', port))
    print(f'port {port}', flush=True)
    with selectors.DefaultSelector() as ready:
        ready.register(udp, selectors.EVENT_READ, serve_udp)
        ready.register(tcp, selectors.EVENT_READ, serve_tcp)
        ready.register(sys.stdin, selectors.EVENT_READ, None)
        while True:
            for key, _ in ready.select():
                if key.data is None:
                    return
                key.data(key.fileobj, zone)


main()
