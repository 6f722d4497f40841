#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Extensions of IMAP that no server of Debian's has, from Python: the RFCs' examples, played by a scripted server."""
import os
import re
import socket
import subprocess
import sys
import threading
import unittest
import zlib

import gi
gi.require_version('Posthorn', '1')
from gi.repository import GLib, Posthorn    # noqa: E402

HARNESS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'harness')
sys.path.insert(0, HARNESS)
import tap    # noqa: E402


def said(line, *answers, reply='OK done'):
    """A command of that line, a regular expression, and what answers it."""
    return '\n'.join([rf'match (?P<tag>\S+) {line}', *(f'send * {answer}' for answer in answers), f'send ${{tag}} {reply}', ''])


class Deflating(threading.Thread):
    """A server of one client, which answers a line by whatever stands for it, and deflates from COMPRESS to UNAUTHENTICATE (RFC 8437 section 4.1)."""

    def __init__(self, script):
        super().__init__(daemon=True)
        self.script, self.wrong = script, None
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        client, _ = self.listener.accept()
        packing = unpacking = None
        buffer = b''
        client.sendall(b'* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hi\r\n')
        for pattern, answer in self.script:
            while b'\r\n' not in buffer:
                data = client.recv(4096)
                if not data:
                    self.wrong = f'{pattern}: the client has gone'
                    return
                buffer += unpacking.decompress(data) if unpacking else data
            line, buffer = buffer.split(b'\r\n', 1)
            tag, command = line.decode().split(' ', 1)
            if not re.fullmatch(pattern, command):
                self.wrong = f'{pattern}: {command}'
                client.close()
                return
            text = answer.replace('TAG', tag).encode()
            client.sendall(packing.compress(text) + packing.flush(zlib.Z_SYNC_FLUSH) if packing else text)
            if command == 'COMPRESS DEFLATE':
                packing, unpacking = zlib.compressobj(wbits=-15), zlib.decompressobj(wbits=-15)
            elif command == 'UNAUTHENTICATE':
                packing = unpacking = None
        client.close()


class Extensions(unittest.TestCase):
    def open(self, capabilities, *script, user=None):
        text = '\n'.join([f'send * {"OK" if user else "PREAUTH"} [CAPABILITY IMAP4rev1 {capabilities}] hi', *script, said('LOGOUT', 'BYE bye'), 'gone'])
        server = subprocess.Popen([sys.executable, os.path.join(HARNESS, 'scripted-server.py'), '--text', text], stdout=subprocess.PIPE,
                                  stdin=subprocess.DEVNULL, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(lambda: (server.terminate(), server.wait()))
        session = Posthorn.Session.new(f'imap://localhost:{server.stdout.readline().split()[1]}')
        policy = Posthorn.SecurityPolicy.new()
        policy.set_tls_mode(Posthorn.TlsMode.NEVER)
        session.set_policy(policy)
        if user:
            session.set_user(user)
            session.set_password('secret')
        session.open()
        return session, server

    def close(self, session, server):
        session.close()
        self.assertEqual(server.wait(20), 0)

    def test_conversions(self):
        session, server = self.open('BINARY CONVERT', said('SELECT "INBOX"', '3 EXISTS'),
                                    said(r'CONVERSIONS "image/gif" "\*"', 'CONVERSION "image/gif" "image/jpeg" ("pix-y" "pix-x" "image-interleave")'),
                                    said(r'UID CONVERT 100 \("IMAGE/JPEG" \("PIX-X" "128" "PIX-Y" "96"\)\) \(BINARY\[2\]\)',
                                         r'2 CONVERTED (TAG "e001") (UID 100 BINARY[2] ~{4}\r\nJFIF)', reply='OK UID CONVERT COMPLETED'),
                                    said(r'UID CONVERT 100 .*', '2 CONVERTED (tag "b001") (BINARY[3] (ERROR "Source text has non us-ascii" '
                                         'BADPARAMETERS "text/html" "text/plain" ("charset" "us-ascii")))', reply='NO All conversions failed'))
        session.select('INBOX')
        convert = session.get_extension(Posthorn.Convert.__gtype__)
        [conversion] = convert.list('image/gif', '*')
        self.assertEqual((conversion.get_target(), conversion.get_parameters()), ('image/jpeg', ['pix-y', 'pix-x', 'image-interleave']))
        picture = convert.part(100, '2', 'IMAGE/JPEG', ['PIX-X', '128', 'PIX-Y', '96'], Posthorn.ConvertItem.DATA, 0, 0)
        self.assertEqual(picture.get_data().get_data(), b'JFIF')
        with self.assertRaises(GLib.Error) as caught:    # what the server says of the part, rather than its NO
            convert.part(100, '3', 'text/plain', ['charset', 'us-ascii'], Posthorn.ConvertItem.DATA, 0, 0)
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.CANNOT), caught.exception)
        self.assertIn('Source text has non us-ascii', caught.exception.message)
        self.close(session, server)

    def test_one_user_after_another(self):
        inside = 'TAG OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE UNAUTHENTICATE] in\r\n'
        server = Deflating([
            ('AUTHENTICATE PLAIN AGFsaWNlAG9uZQ==', inside),                   # alice, one
            ('COMPRESS DEFLATE', 'TAG OK deflating\r\n'),
            ('SELECT "INBOX"', '* 3 EXISTS\r\nTAG OK [READ-WRITE] done\r\n'),
            ('UNAUTHENTICATE', 'TAG OK out\r\n'),
            ('CAPABILITY', '* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\nTAG OK done\r\n'),
            ('AUTHENTICATE PLAIN AGJvYgB3cm9uZw==', 'TAG NO [AUTHENTICATIONFAILED] no\r\n'),
            ('AUTHENTICATE PLAIN AGJvYgB0d28=', inside),                       # bob, two
            ('COMPRESS DEFLATE', 'TAG OK deflating again\r\n'),
            ('NOOP', 'TAG OK done\r\n'),
            ('LOGOUT', '* BYE bye\r\nTAG OK done\r\n'),
        ])
        session = Posthorn.Session.new(f'imap://alice@localhost:{server.port}')
        policy = Posthorn.SecurityPolicy.new()
        policy.set_tls_mode(Posthorn.TlsMode.NEVER)
        policy.set_allow_plaintext(True)
        session.set_policy(policy)
        session.set_password('one')
        session.use('COMPRESS=DEFLATE')
        session.open()
        mailbox = session.select('INBOX')
        unauthenticate = session.get_extension(Posthorn.Unauthenticate.__gtype__)
        compress = session.get_extension(Posthorn.Compress.__gtype__)
        self.assertTrue(compress.get_octets()[0])
        with self.assertRaises(GLib.Error) as caught:
            session.log_in()
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.WRONG_STATE), caught.exception)
        self.assertTrue(unauthenticate.run())
        self.assertFalse(mailbox.is_selected())
        self.assertFalse(compress.get_octets()[0])
        self.assertFalse(session.has_capability('UNAUTHENTICATE'))
        session.set_user('bob')
        session.set_password('wrong')
        with self.assertRaises(GLib.Error) as caught:
            session.log_in()
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.AUTHENTICATION), caught.exception)
        self.assertTrue(session.is_open())
        session.set_password('two')
        self.assertTrue(session.log_in())
        self.assertTrue(compress.get_octets()[0])
        session.noop()
        session.close()
        server.join(20)
        self.assertIsNone(server.wrong)

    def test_a_search_kept_true(self):
        session, server = self.open('CONTEXT=SEARCH', said('SELECT "INBOX"', '3 EXISTS'),
                                    said(r'UID SEARCH RETURN \(ALL UPDATE\) UNSEEN', 'ESEARCH (TAG "${tag}") UID ALL 2734:2735')
                                    .replace('(?P<tag>', '(?P<first>').replace('${tag}', '${first}'),
                                    said('NOOP', 'ESEARCH (TAG "${first}") UID ADDTO (1 2731:2733)', 'ESEARCH (TAG "${first}") UID REMOVEFROM (0 2735)'),
                                    said('CANCELUPDATE "${first}"').replace('CANCELUPDATE "${first}"', 'CANCELUPDATE "[A-Z0-9]+"'))
        session.select('INBOX')
        contexts = session.get_extension(Posthorn.Contexts.__gtype__)
        context = contexts.search(Posthorn.Query.new().unseen())
        told = []
        context.connect('items-changed', lambda _, *change: told.append(change))
        context.connect('ended', lambda _: told.append('ended'))
        self.assertEqual([context.get_uid(i) for i in range(context.get_n_uids())], [2734, 2735])
        session.noop()
        self.assertEqual(context.get_set().to_string(), '2731:2734')
        self.assertEqual(told, [(0, 0, 3), (4, 1, 0)])
        contexts.cancel(context)
        self.assertFalse(context.is_live())
        self.assertEqual(told[-1], 'ended')
        self.close(session, server)

    def test_searches(self):
        session, server = self.open('ESEARCH MULTISEARCH SEARCH=FUZZY', said('SELECT "INBOX"', '3 EXISTS'),
                                    said(r'ESEARCH IN \(personal subtree "folder2"\) UNSEEN', 'ESEARCH (TAG "${tag}" MAILBOX "folder2/banana" '
                                         'UIDVALIDITY 503) UID ALL 3002,4004', reply='OK [LIMIT] enough'),
                                    said(r'UID SEARCH RETURN \(RELEVANCY ALL\) FUZZY \(TEXT "Helo"\)',
                                         'ESEARCH (TAG "${tag}") UID ALL 1,5,10 RELEVANCY (4 99 42)'))
        session.select('INBOX')
        multisearch = session.get_extension(Posthorn.Multisearch.__gtype__)
        scopes = Posthorn.SearchScopes.new().add(Posthorn.SearchScope.PERSONAL, None).add(Posthorn.SearchScope.SUBTREE, ['folder2'])
        result = multisearch.search(scopes, Posthorn.Query.new().unseen())
        self.assertTrue(result.is_partial())
        [row] = result.get_matches()
        self.assertEqual((row.get_mailbox(), row.get_uid_validity(), row.get_uids().to_string()), ('folder2/banana', 503, '3002,4004'))
        found = session.get_extension(Posthorn.Fuzzy.__gtype__).search(Posthorn.Query.new().text('Helo'))
        self.assertEqual([(found.get_uid(i), found.get_score(i)) for i in range(found.get_n_messages())], [(1, 4), (5, 99), (10, 42)])
        self.close(session, server)

    def test_sorted_by_extensions(self):
        session, server = self.open('SORT ANNOTATE-EXPERIMENT-1 SEARCH=FUZZY', said('SELECT "INBOX"', '3 EXISTS'),
                                    said(r'UID SORT \(ANNOTATION "/comment" value.shared REVERSE RELEVANCY DATE\) UTF-8 FUZZY \(TEXT "Helo"\)', 'SORT 3 1 2'),
                                    said(r'UID SORT \(REVERSE ANNOTATION "/comment" value.priv\) UTF-8 UNSEEN', 'SORT 2 1'))
        session.select('INBOX')
        notes, sort = (session.get_extension(kind.__gtype__) for kind in (Posthorn.Annotations, Posthorn.Sort))
        order = Posthorn.SortOrder.new()
        self.assertTrue(notes.sort_by(order, '/shared/comment', False))
        order.extended('SEARCH=FUZZY', Posthorn.Value.new_list([Posthorn.Value.new_atom('RELEVANCY')]), True).by(Posthorn.SortKey.DATE, False)
        self.assertEqual((order.get_n_keys(), order.is_extended(), order.get_needs()), (3, True, ['ANNOTATE-EXPERIMENT-1', 'SEARCH=FUZZY']))
        about = Posthorn.Query.new().fuzzy(Posthorn.Query.new().text('Helo'))
        self.assertEqual(sort.messages(order, about, True).get_numbers(), [3, 1, 2])
        self.assertEqual(notes.sort('/private/comment', True, Posthorn.Query.new().unseen()).get_numbers(), [2, 1])
        with self.assertRaises(GLib.Error) as caught:
            notes.sort('/comment', True, Posthorn.Query.new())
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.INVALID_ARGUMENT), caught.exception)
        lacking = Posthorn.SortOrder.new().extended('X-SORT', Posthorn.Value.new_list([Posthorn.Value.new_atom('XKEY')]), False)
        with self.assertRaises(GLib.Error) as caught:
            sort.messages(lacking, about, True)
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.NOT_SUPPORTED), caught.exception)
        self.close(session, server)

    def test_referrals(self):
        session, server = self.open('MAILBOX-REFERRALS', said('RLIST "" "[*]"', 'LIST () "/" REMOTE'),
                                    said('SELECT "REMOTE"', reply='NO [REFERRAL IMAP://user;AUTH=*@SERVER2/REMOTE IMAP://user;AUTH=*@SERVER3/REMOTE] '
                                         'Remote mailbox. Try SERVER2 or SERVER3.'))
        [remote] = session.get_extension(Posthorn.MailboxReferrals.__gtype__).list('', '*')
        self.assertEqual(remote.get_name(), 'REMOTE')
        first, second = session.command('SELECT "REMOTE"').get_referrals()
        self.assertEqual((first.get_host(), first.get_user(), first.get_mailbox(), second.get_host()), ('SERVER2', 'user', 'REMOTE', 'SERVER3'))
        session.set_password('secret')
        other = first.make_session(session)
        self.assertEqual((other.get_uri(), other.get_user(), other.get_credentials(), other.is_open()), ('imap://SERVER2', 'user', None, False))
        self.assertEqual(other.get_policy(), session.get_policy())
        for url in ('http://h/', 'smtp://h/', 'netrc://h'):
            with self.assertRaises(GLib.Error) as caught:
                Posthorn.Referral.new(url).make_session(session)
            self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.UNKNOWN_SCHEME), caught.exception)
        for hop in range(9):    # and so on: ten are followed, one behind the other
            other = first.make_session(other)
        with self.assertRaises(GLib.Error) as caught:
            first.make_session(other)
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.LIMIT), caught.exception)
        self.close(session, server)

    def test_a_home_elsewhere(self):    # RFC 2221 section 4.1
        session, server = self.open('SASL-IR AUTH=PLAIN LOGIN-REFERRALS', said('AUTHENTICATE PLAIN .*', reply="OK [REFERRAL IMAP://MATTHEW@SERVER2/] Specified user's "
                                    'personal mailboxes located on Server2, but public mailboxes are available.'),
                                    said('CAPABILITY', 'CAPABILITY IMAP4rev1 LOGIN-REFERRALS'), user='MATTHEW')
        home = session.get_extension(Posthorn.LoginReferrals.__gtype__).get_home()
        self.assertEqual((home.get_host(), home.get_user()), ('SERVER2', 'MATTHEW'))
        self.close(session, server)

    def test_filters_and_messages_of_parts(self):    # RFC 5466 section 3.1, RFC 4469 section 3
        session, server = self.open('FILTERS CATENATE UIDPLUS', said('SELECT "INBOX"', '3 EXISTS'),
                                    said('UID SEARCH FILTER on-the-road SUBJECT "X"', 'SEARCH 3'),
                                    said(r'APPEND "Drafts" CATENATE \(URL "/INBOX;UIDVALIDITY=385759045/;UID=20/;SECTION=1" URL "/INBOX;UIDVALIDITY=385759045/;UID=21"\)',
                                         reply='OK [APPENDUID 385759046 45] append Completed'))
        session.select('INBOX')
        self.assertEqual(session.search(Posthorn.Query.new().filter('on-the-road').subject('X')).to_string(), '3')
        urls = [Posthorn.url_for_message(None, 'INBOX', 385759045, uid, section) for uid, section in ((20, '1'), (21, None))]
        body = Posthorn.Body.new_for_parts([Posthorn.Body.new_for_url(url) for url in urls])
        self.assertEqual(session.append('Drafts', body, None, None).to_string(), '45')
        self.close(session, server)

    def test_a_server_without(self):
        session, server = self.open('BINARY')
        self.assertIsNone(session.get_extension(Posthorn.Convert.__gtype__))
        self.assertIsNone(session.get_extension(Posthorn.UrlAuth.__gtype__))
        self.close(session, server)

    def test_namespaces_of_rev2(self):    # RFC 9051 section 6.3.10, example 3; nobody lists NAMESPACE beside IMAP4rev2
        session, server = self.open('IMAP4rev2', said('NAMESPACE', 'NAMESPACE (("" "/")) NIL (("Public Folders/" "/"))'))
        namespaces = session.get_extension(Posthorn.Namespaces.__gtype__).get()
        self.assertEqual([namespace.get_prefix() for namespace in namespaces], ['', 'Public Folders/'])
        self.close(session, server)

    def test_urls_and_what_they_stand_for(self):
        url = 'imap://joe@example.com/INBOX/;uid=20/;section=1.2;urlauth=anonymous:internal:91354a473744909de610943775f92038'
        session, server = self.open('URLAUTH', said('GENURLAUTH .* INTERNAL', f'GENURLAUTH "{url}"'),
                                    said(f'URLFETCH "{url}"', rf'URLFETCH "{url}" {{28}}\r\nSi vis pacem, para bellum.\r\n'), said('RESETKEY'))
        auth = session.get_extension(Posthorn.UrlAuth.__gtype__)
        rump = Posthorn.url_with_access(Posthorn.url_for_message('imap://joe@example.com', 'INBOX', 0, 20, '1.2'), None, 'anonymous')
        self.assertEqual(auth.generate([rump]), [url])
        [row] = auth.fetch([url], Posthorn.UrlFetch.PLAIN)
        self.assertEqual((row.get_url(), row.get_data().get_data()), (url, b'Si vis pacem, para bellum.\r\n'))
        self.assertIsNone(row.get_structure())
        self.assertTrue(auth.reset(None))
        self.close(session, server)

    def require(self, session, interface):
        return session.require_extension(interface.__gtype__)

    def test_gmail(self):
        session, server = self.open('X-GM-EXT-1 XLIST', said('SELECT "INBOX"', '3 EXISTS'),
                                    said(r'UID SEARCH X-GM-RAW "has:attachment in:unread" X-GM-THRID 1266894439832287888', 'SEARCH 4'),
                                    said(r'UID FETCH 4 \(UID X-GM-MSGID X-GM-THRID X-GM-LABELS\)',
                                         r'2 FETCH (UID 4 X-GM-MSGID 1278455344230334865 X-GM-THRID 1266894439832287888 '
                                         r'X-GM-LABELS (\\Inbox \\Sent Important "Muy Importante" &BdMF2QXoBdQ-))'),
                                    said(r'UID STORE 4 \+X-GM-LABELS \("foo" \\Starred\)'),
                                    said(r'XLIST "" "\*"', r'XLIST (\\HasNoChildren \\Inbox) "/" "Inbox"', r'XLIST (\\HasNoChildren \\Spam) "/" "[Gmail]/Spam"'))
        session.select('INBOX')
        gmail = self.require(session, Posthorn.Gmail)
        uids = gmail.search('has:attachment in:unread', None, 0, 1266894439832287888)
        [message] = gmail.fetch(uids)
        self.assertEqual((message.get_gmail_id(), message.get_gmail_thread()), (1278455344230334865, 1266894439832287888))
        self.assertEqual(gmail.get_labels(message), ['\\Inbox', '\\Sent', 'Important', 'Muy Importante', 'דירה'])
        self.assertTrue(gmail.store_labels(uids, Posthorn.StoreMode.ADD, ['foo', '\\Starred']))
        rows = session.list('*')
        self.assertEqual([(row.get_name(), row.get_special_use()) for row in rows], [('INBOX', None), ('[Gmail]/Spam', '\\Junk')])
        self.close(session, server)

    def test_annotations(self):
        session, server = self.open('ANNOTATE-EXPERIMENT-1 SORT LITERAL+', said('SELECT "INBOX"', '3 EXISTS', 'OK [ANNOTATIONS 20480 NOPRIVATE] ok'),
                                    said(r'UID STORE 5 ANNOTATION \("/comment" \(value.shared "foo\'s bar"\)\)', '1 FETCH (ANNOTATION (/altsubject))'),
                                    said(r'UID FETCH 5 \(UID ANNOTATION \(\("/comment"\) value\)\)',
                                         '1 FETCH (UID 5 ANNOTATION (/comment (value.priv "My comment" value.shared NIL)))'),
                                    said('UID SEARCH ANNOTATION "/comment" value.shared "IMAP4"', 'SEARCH 2 3'),
                                    said(r'UID SORT \(REVERSE ANNOTATION "/altsubject" value.shared\) UTF-8 ALL', 'SORT 3 2'),
                                    r'match (?P<tag>\S+) APPEND "x" ANNOTATION \("/comment" \(value.priv "later"\)\) \{7\+\}', 'read 7', 'expect ',
                                    'send ${tag} OK done')
        session.select('INBOX')
        notes, told = self.require(session, Posthorn.Annotations), []
        notes.connect('changed', lambda _, number, entries: told.append((number, entries)))
        self.assertEqual(notes.get_support(), (Posthorn.AnnotationsSupport.READABLE | Posthorn.AnnotationsSupport.WRITABLE, 20480))
        uids = Posthorn.MessageSet.new_uid(5)
        self.assertTrue(notes.store(uids, [Posthorn.MetadataEntry.new('/shared/comment', GLib.Bytes(b"foo's bar"))]))
        self.assertEqual(told, [(1, ['/altsubject'])])
        [message] = notes.fetch(uids, ['/comment'])
        self.assertEqual([(entry.get_name(), entry.dup_text()) for entry in message.get_annotations()], [('/private/comment', 'My comment')])
        self.assertEqual(notes.search('/shared/comment', 'IMAP4').get_count(), 2)
        self.assertEqual(notes.sort('/shared/altsubject', True, Posthorn.Query.new()).get_numbers(), [3, 2])
        plain = Posthorn.NewMessage.new(Posthorn.Body.new_for_bytes(GLib.Bytes(b'a:b\r\n\r\n')), None, None)
        noted = notes.annotate(plain, [Posthorn.MetadataEntry.new('/private/comment', GLib.Bytes(b'later'))])
        session.append_all('x', [noted])
        with self.assertRaises(GLib.Error) as caught:
            notes.store(uids, [Posthorn.MetadataEntry.new('/comment', None)])
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.INVALID_ARGUMENT), caught.exception)
        self.close(session, server)

    def test_scripts_and_what_is_kept(self):
        session, server = self.open('METADATA IMAPSIEVE=sieve://sieve.example.com',
                                    said(r'GETMETADATA "INBOX" \("/shared/imapsieve/script"\)', 'METADATA "INBOX" (/shared/imapsieve/script "flagged")'),
                                    said(r'GETMETADATA "" \("/shared/imapsieve/script"\)'),
                                    said(r'SETMETADATA "INBOX" \("/shared/imapsieve/script" NIL\)', 'METADATA "INBOX" /shared/imapsieve/script'))
        sieve, told = self.require(session, Posthorn.Sieve), []
        self.require(session, Posthorn.Metadata).connect('changed', lambda _, mailbox, entries: told.append((mailbox, entries)))
        self.assertEqual(sieve.get_url(), 'sieve://sieve.example.com')
        self.assertEqual(sieve.get_script('INBOX'), 'flagged')
        self.assertIsNone(sieve.get_script(''))
        self.assertTrue(sieve.set_script('INBOX', None))
        self.assertEqual(told, [('INBOX', ['/shared/imapsieve/script'])])
        self.close(session, server)

    def test_before_metadata(self):    # the draft's example
        session, server = self.open('ANNOTATEMORE', said(r'GETANNOTATION "INBOX" \("/comment"\) \("value.shared"\)',
                                                         'ANNOTATION "INBOX" "/comment" ("value.shared" "Group note")'),
                                    said(r'SETANNOTATION "INBOX" "/comment" \("value.priv" "My comment"\)'))
        metadata = self.require(session, Posthorn.Metadata)
        found = metadata.get('INBOX', ['/shared/comment'], Posthorn.MetadataDepth.SELF, 0)
        self.assertEqual(found.find('/shared/comment').dup_text(), 'Group note')
        self.assertTrue(metadata.set('INBOX', '/private/comment', GLib.Bytes(b'My comment')))
        self.close(session, server)

    def test_languages_and_jmap(self):    # RFC 5255 section 3.2, RFC 9698
        session, server = self.open('LANGUAGE JMAPACCESS', said('LANGUAGE', 'LANGUAGE (en de it i-default)'), said('LANGUAGE "de"', 'LANGUAGE (de)'),
                                    said('GETJMAPACCESS', 'JMAPACCESS "https://example.com/.well-known/jmap"'))
        language = self.require(session, Posthorn.Language)
        self.assertEqual(language.list(), ['en', 'de', 'it', 'i-default'])
        self.assertEqual(language.select(['de']), 'de')
        self.assertEqual(self.require(session, Posthorn.JmapAccess).get_url(), 'https://example.com/.well-known/jmap')
        self.close(session, server)


if __name__ == '__main__':
    tap.main()
