#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Extensions of IMAP that no server of Debian's has, from Python: the RFCs' examples, played by a scripted server."""
import os
import subprocess
import sys
import unittest

import gi
gi.require_version('Posthorn', '1')
from gi.repository import GLib, Posthorn    # noqa: E402

HARNESS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'harness')
sys.path.insert(0, HARNESS)
import tap    # noqa: E402


def said(line, *answers, reply='OK done'):
    """A command of that line, a regular expression, and what answers it."""
    return '\n'.join([rf'match (?P<tag>\S+) {line}', *(f'send * {answer}' for answer in answers), f'send ${{tag}} {reply}', ''])


class Extensions(unittest.TestCase):
    def open(self, capabilities, *script):
        text = '\n'.join([f'send * PREAUTH [CAPABILITY IMAP4rev1 {capabilities}] hi', *script, said('LOGOUT', 'BYE bye'), 'gone'])
        server = subprocess.Popen([sys.executable, os.path.join(HARNESS, 'scripted-server.py'), '--text', text], stdout=subprocess.PIPE,
                                  stdin=subprocess.DEVNULL, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(lambda: (server.terminate(), server.wait()))
        session = Posthorn.Session.new(f'imap://localhost:{server.stdout.readline().split()[1]}')
        policy = Posthorn.SecurityPolicy.new()
        policy.set_tls_mode(Posthorn.TlsMode.NEVER)
        session.set_policy(policy)
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
