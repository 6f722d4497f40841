# SPDX-License-Identifier: LGPL-2.1-or-later
"""The cases of IMAP4: what is received from a server that plays the same responses again and again; and many sessions that only wait."""
import os
import re
import shutil
import statistics
import subprocess

PEERS = ('imaplib', 'libcurl', 'libetpan')
HERE = os.path.dirname(os.path.abspath(__file__))
BODY = 27500


def make_cases(case):
    """@case: the class of a case."""
    def imap(name, what, count, quick, goals, measures=('wall', 'cpu'), clients=PEERS, size=BODY, shares=None):
        return case(name, what, count, quick, ['--tls'] if '-' in what and what != 'connect-again' else [], goals, clients=clients, size=size, measures=measures,
                    shares=shares, server='imap-sink')

    body = [('wall', 'bare', 1.15), ('cpu', 'bare', 1.6)]
    body_tls = [('wall', 'bare', 1.1), ('cpu', 'bare', 1.15)]
    return {
        'imap-metadata': imap('100,000 × metadata (lines only: imaplib, libcurl)', 'metadata', 100000, 200,
                              [('wall', 'libetpan', 1 / 10), ('wall', 'libcurl', 1 / 4)], shares={'libetpan': 10}),
        'imap-flags': imap('1,000,000 × flags (lines only: imaplib, libcurl)', 'flags', 1000000, 1000,
                           [('wall', 'libetpan', 1 / 10), ('wall', 'libcurl', 1 / 10)]),
        'imap-bodies': imap('20,000 bodies, 550 MB', 'bodies', 20000, 50, body),
        'imap-bodies-tls': imap('20,000 bodies, 550 MB, TLS', 'bodies-tls', 20000, 50, body_tls),
        'imap-file': imap('one body of 1 GB to a file', 'file', 1 << 30, 1 << 20, [*body, ('memory', None, 16384)], measures=('wall', 'cpu', 'memory')),
        'imap-file-tls': imap('one body of 1 GB to a file, TLS', 'file-tls', 1 << 30, 1 << 20, [*body_tls, ('memory', None, 16384)],
                              measures=('wall', 'cpu', 'memory')),
        'imap-connect': imap('1,000 sessions to the first mailbox', 'connect', 1000, 10, [('wall', 'bare', 1.3)], measures=('wall',)),
        'imap-connect-again': imap('the same by one object', 'connect-again', 1000, 10, [('wall', 'bare', 1.3)], measures=('wall',), clients=()),
        'imap-connect-tls': imap('1,000 sessions to the first mailbox, TLS', 'connect-tls', 1000, 5, [('wall', 'bare', 1.3)], measures=('wall',),
                                 shares={'libetpan': 10}),
        'imap-connect-resumed': imap('1,000 sessions to the first mailbox, TLS resumed', 'connect-resumed', 1000, 5, [('wall', 'bare', 1.3)],
                                     measures=('wall',), clients=())   # no peer can,
    }


def program(build, client):
    own = os.path.join(build, 'tests', 'bench')
    if client == 'imaplib':
        return ['/usr/bin/python3', os.path.join(HERE, 'imaplib-client.py')]
    return [os.path.join(own, 'imap-bare' if client == 'bare' else f'imap-{client.removeprefix("lib")}-client')]


def complaint(case, client, count, came):
    """What is wrong with what the server tells of its connections, or None."""
    connects = case.what.startswith('connect')
    if came['sessions'] < (count if connects else 1):
        return f'the server has {came}'
    if not connects and came['fetched'] < (1 if case.what.startswith('file') else count):
        return f'the server has {came}'
    if case.what == 'connect-resumed' and came['resumed'] < count - 1:
        return f'not all were resumed: {came}'
    return None


# Sessions in IDLE on one thread, beside ten of them: no other client holds more than one.
IDLE_CASES = {'idle': False, 'idle-tls': True}
IDLE_SESSIONS, IDLE_QUICK, IDLE_GOAL = 10000, 100, 6 * 1024


def measure_idle(build, quick, certificates, environment):
    """What idle-sessions tells, in a sentence. @certificates: their directory, None without TLS"""
    count = IDLE_QUICK if quick else IDLE_SESSIONS
    files = [os.path.join(certificates, name) for name in ('server.pem', 'server.key', 'ca.pem')] if certificates else []
    done = subprocess.run([os.path.join(build, 'tests', 'bench', 'idle-sessions'), str(count), *files], env=environment, capture_output=True,
                          text=True, check=False, timeout=600)
    told = {name: int(value) for name, value in re.findall(r'(\w+)=(\d+)', done.stdout)}
    if done.returncode != 0 or 'gnutls' not in told:
        raise RuntimeError(f'idle-sessions: {(done.stderr.strip() or done.stdout.strip())[-300:]}')
    return describe_idle(told)


def describe_idle(told):
    fewer = f' ({told["asked"]:,} were asked for, but the limit of descriptors allows no more)' if told['sessions'] < told['asked'] else ''
    own = told['allocated'] - told['gnutls']
    beyond = f', where GnuTLS alone takes {told["gnutls"]:,}' if told['gnutls'] else ''
    missed = '' if own <= IDLE_GOAL else ' (missed)'
    return (f'{told["sessions"]:,} sessions in IDLE on one thread{", TLS" if told["gnutls"] else ""}{fewer}: {told["allocated"]:,} octets allocated for '
            f'each{beyond}, goal {IDLE_GOAL:,}{" beyond that" if told["gnutls"] else ""}{missed}; {told["resident"]:,} resident. An event of one of them '
            f'reaches the program after {told["among_all"]} µs, among {told["few"]} after {told["among_few"]} µs '
            f'({told["among_all"] / max(told["among_few"], 1):.2f} x)')


# What the extensions of IMAP cost a program that opens one session at a server that has all of them
EXTENSION_RUNS, EXTENSION_GOAL = 51, 0.005


def measure_extensions(build, quick, environment, sink):
    """How much longer a process' first session takes with all extensions, in a sentence. @sink: begins a server with options"""
    client = os.path.join(build, 'tests', 'bench', 'imap-posthorn-client')
    listed = subprocess.run([client, 'extensions'], env=environment, capture_output=True, text=True, check=True).stdout.split()
    capabilities = ' '.join(name.rstrip('*=') for name in listed)
    alone = os.path.join(build, 'plugins-without-extensions')
    shutil.rmtree(alone, ignore_errors=True)
    shutil.copytree(os.path.join(build, 'plugins'), alone, ignore=shutil.ignore_patterns('imap4-*', '*.p'))
    times = {}
    for _ in range(1 if quick else EXTENSION_RUNS):    # in turn: what else the machine does hits both
        for plugins in (os.path.join(build, 'plugins'), alone):
            with sink(build, 'imap-sink', [f'--capabilities={capabilities}'], None) as server:
                done = subprocess.run([client, 'first', server.port, '1'], env={**environment, 'POSTHORN_PLUGIN_PATH': plugins},
                                      capture_output=True, text=True, check=True)
            times.setdefault(plugins, []).append(float(re.search(r'wall=([\d.]+)', done.stdout)[1]))
    with_all, without = (statistics.median(some) for some in times.values())
    missed = '' if with_all - without < EXTENSION_GOAL else ' (missed)'
    return (f'A process\' first IMAP session with all {len(listed)} extensions, at a server that lists them: {with_all * 1000:.2f} ms, without any '
            f'{without * 1000:.2f} ms; {(with_all - without) * 1000:.2f} ms more, goal {EXTENSION_GOAL * 1000:.0f}{missed}')
