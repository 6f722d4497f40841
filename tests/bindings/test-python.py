#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a Python program sees without a server: values, queries, sets, the registry, errors."""
import datetime
import os
import ssl
import sys
import tempfile
import unittest

import gi
gi.require_version('Posthorn', '1')
from gi.repository import Gio, GLib, GObject, Posthorn    # noqa: E402

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'harness'))
import tap    # noqa: E402


class Case(unittest.TestCase):
    def assert_error(self, code, function, *arguments):
        with self.assertRaises(GLib.Error) as caught:
            function(*arguments)
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), code), caught.exception)
        return caught.exception.message


class Sets(Case):
    def test_a_set_is_a_collection(self):
        uids = Posthorn.MessageSet.new_from_string('7,1:3')
        self.assertEqual(list(uids), [1, 2, 3, 7])
        self.assertEqual(len(uids), 4)
        self.assertIn(2, uids)
        self.assertNotIn(4, uids)
        self.assertNotIn('2', uids)
        self.assertNotIn(0, uids)
        self.assertNotIn(1 << 40, uids)
        self.assertEqual(str(uids), '1:3,7')
        self.assertEqual(uids.to_array(), [1, 2, 3, 7])
        self.assertEqual([tuple(uids.get_range(i)) for i in range(uids.get_n_ranges())], [(1, 3), (7, 7)])

    def test_an_empty_set_is_false(self):
        self.assertFalse(Posthorn.MessageSet.new(True))
        self.assertEqual(list(Posthorn.MessageSet.new(True)), [])

    def test_star_is_the_highest(self):
        self.assertEqual(Posthorn.MESSAGE_SET_STAR, 4294967295)
        self.assertEqual(list(Posthorn.MessageSet.new_from_string('5:*')), [5, Posthorn.MESSAGE_SET_STAR])

    def test_union_and_difference(self):
        uids = Posthorn.MessageSet.new_from_string('1:10')
        uids.add_set(Posthorn.MessageSet.new_from_string('20'))
        uids.remove_set(Posthorn.MessageSet.new_from_string('2:4,9'))
        uids.remove_range(6, 7)
        self.assertEqual(str(uids), '1,5,8,10,20')

    def test_a_broken_set_is_an_error(self):
        message = self.assert_error(Posthorn.Error.INVALID_ARGUMENT, Posthorn.MessageSet.new_from_string, '1,0')
        self.assertIn('0', message)

    def test_a_set_outlives_its_maker(self):
        sets = [Posthorn.MessageSet.new_uid(uid) for uid in range(1, 200)]
        copies = [one.copy() if hasattr(one, 'copy') else one for one in sets]
        del sets
        self.assertEqual([list(one)[0] for one in copies], list(range(1, 200)))


class Sources(Case):
    """Where passwords come from"""
    NEEDS = Posthorn.SaslNeeds.USER | Posthorn.SaslNeeds.SECRET

    def look_up(self, credentials, needs=NEEDS):
        context = Posthorn.SaslContext.new('PLAIN', 'imap', 'mail.example.org')
        loop = GLib.MainLoop()
        results = []
        credentials.lookup_async('imaps://mail.example.org', needs, context, None,
                                 lambda source, result: (results.append(result), loop.quit()))
        while not results:
            loop.run()
        credentials.lookup_finish(results[0])
        return context

    def test_fixed_ones(self):
        password = Posthorn.Credentials.new_password('alice', Posthorn.Secret.new('wonderland'))
        self.assertEqual(password.get_kinds('imaps://mail.example.org'), self.NEEDS)
        self.assertEqual(self.look_up(password).get_user(), 'alice')
        token = Posthorn.Credentials.new_token('alice', Posthorn.Secret.new('ya29'))
        self.assert_error(Posthorn.Error.NO_CREDENTIALS, self.look_up, token)
        self.assertIsNotNone(self.look_up(token, Posthorn.SaslNeeds.TOKEN).get_token())

    def test_a_function_answers_at_once_or_later(self):
        asked = []

        def answer(request, *data):
            asked.append((request.get_host(), request.get_needs() == self.NEEDS, request.is_retry()))
            request.set_user('alice')
            request.set_password('wonderland')
            if len(asked) == 1:
                request.complete()
            else:
                GLib.idle_add(request.complete)

        credentials = Posthorn.Credentials.new_function(self.NEEDS, answer)
        self.assertIsNotNone(self.look_up(credentials).get_secret())
        credentials.refused('imaps://mail.example.org', self.NEEDS, None)
        self.assertEqual(self.look_up(credentials).get_user(), 'alice')
        self.assertEqual(asked, [('mail.example.org', True, False), ('mail.example.org', True, True)])

    def test_a_function_may_give_up(self):
        credentials = Posthorn.Credentials.new_function(self.NEEDS, lambda request, *data: request.give_up('it is locked'))
        self.assertIn('it is locked', self.assert_error(Posthorn.Error.NO_CREDENTIALS, self.look_up, credentials))

    def test_whom_to_act_as_and_what_never_to_use(self):
        session = Posthorn.Session.new('imaps://alice@mail.example.org')
        self.assertIsNone(session.get_credentials())
        password = Posthorn.Credentials.new_password('alice', Posthorn.Secret.new('wonderland'))
        session.set_credentials(password)
        self.assertEqual(session.props.credentials, password)
        session.set_authorization('bob')
        self.assertEqual(session.get_authorization(), 'bob')
        policy = Posthorn.SecurityPolicy.new()
        policy.set_refused_mechanisms(['*-MD5'])
        self.assertTrue(policy.is_mechanism_refused('cram-md5'))
        self.assertFalse(policy.is_mechanism_refused('PLAIN'))

    def test_what_keeps_nothing_says_so(self):
        credentials = Posthorn.Credentials.new_password('alice', Posthorn.Secret.new('wonderland'))
        self.assertFalse(credentials.can_store())
        self.assert_error(Posthorn.Error.NOT_SUPPORTED, credentials.store, 'imaps://mail.example.org', 'alice', Posthorn.Secret.new('x'), None)
        self.assert_error(Posthorn.Error.NOT_SUPPORTED, credentials.clear, 'imaps://mail.example.org', 'alice', None)
        self.assertEqual(credentials.list_accounts(None), [])
        results = []
        credentials.clear_async('imaps://mail.example.org', None, None, lambda source, result, *data: results.append(result))
        while not results:
            GLib.MainContext.default().iteration(True)
        self.assert_error(Posthorn.Error.NOT_SUPPORTED, credentials.clear_finish, results[0])

    def test_an_account(self):
        account = Posthorn.Account.new('account_1', 'Alice', 'alice@example.org', ['imaps://alice@mail.example.org'], True)
        self.assertEqual((account.get_id(), account.get_label(), account.get_address()), ('account_1', 'Alice', 'alice@example.org'))
        self.assertEqual(account.get_uris(), ['imaps://alice@mail.example.org'])
        self.assertTrue(account.needs_attention())

    def test_a_plugin_that_is_not_there(self):
        self.assert_error(Posthorn.Error.PLUGIN, Posthorn.Credentials.new_named, 'nobodys-keyring')


class Queries(Case):
    def test_calls_chain(self):
        query = Posthorn.Query.new().unseen().from_('ldj').since(Posthorn.date(2026, 11, 1))
        self.assertEqual(query.to_value().unpack(), ['UNSEEN', 'FROM', 'ldj', 'SINCE', '1-Nov-2026'])

    def test_days_may_be_pythons(self):
        query = Posthorn.Query.new().before(datetime.date(2026, 2, 28)).on(datetime.datetime(2026, 3, 1, 23, 59))
        self.assertEqual(query.to_value().unpack(), ['BEFORE', '28-Feb-2026', 'ON', '1-Mar-2026'])

    def test_sets_may_be_anything_that_names_uids(self):
        query = Posthorn.Query.new().in_set([3, 1, 2]).in_set(9).in_set('4:*').in_set(Posthorn.MessageSet.new_numbers('5'))
        self.assertEqual(query.to_value().unpack(), ['UID', '1:3', 'UID', 9, 'UID', '4:*', 5])
        self.assertEqual(Posthorn.Query.new().in_set(set=[1, 2]).to_value().unpack(), ['UID', '1:2'])

    def test_not_and_or(self):
        seen = Posthorn.Query.new().seen()
        query = Posthorn.Query.new().not_(seen).or_(seen, Posthorn.Query.new().larger(1000))
        self.assertEqual(query.to_value().unpack(), ['NOT', ['SEEN'], 'OR', ['SEEN'], ['LARGER', 1000]])

    def test_there_is_no_such_day(self):
        self.assertIsNone(Posthorn.date(2026, 2, 30))


class Values(Case):
    def test_trees_go_both_ways(self):
        tree = ['text', 5, None, [b'octets', []], 'Grüße']
        self.assertEqual(Posthorn.Value.pack(tree).unpack(), tree)

    def test_an_atom_is_told_from_a_string(self):
        tree = Posthorn.Value.new_list([Posthorn.Value.new_atom('A'), Posthorn.Value.new_string('A')])
        self.assertEqual([item.get_kind() for item in tree], [Posthorn.ValueKind.ATOM, Posthorn.ValueKind.STRING])

    def test_items_outlive_their_tree(self):
        items = list(Posthorn.Value.pack(['one', ['two', 'three']]))
        self.assertEqual(items[1].unpack(), ['two', 'three'])
        self.assertEqual(items[0].dup_text(), 'one')

    def test_a_message_is_read_from_what_a_server_said(self):
        atom = Posthorn.Value.new_atom
        address = [['=?utf-8?q?J=C3=B8rn?=', None, 'j', 'x.example']]
        message = Posthorn.Message.new(4, Posthorn.Value.pack([
            atom('UID'), 7, atom('FLAGS'), [atom('\\Seen'), atom('$Junk')], atom('RFC822.SIZE'), 4286,
            atom('INTERNALDATE'), '17-Jul-1996 02:44:25 -0700',
            atom('ENVELOPE'), ['date', '=?utf-8?b?R3LDvMOfZQ==?=', address, address, address, address, None, None, None, '<id@x>'],
            atom('BODYSTRUCTURE'), [['text', 'plain', ['charset', 'utf-8'], None, None, '7BIT', 10, 1],
                                    ['image', 'png', None, None, None, 'BASE64', 99], 'mixed'],
            atom('BODY[TEXT]'), b'a\r\nb'])
        )
        self.assertEqual((message.get_number(), message.get_uid(), message.get_size()), (4, 7, 4286))
        self.assertEqual(message.get_flags(), ['\\Seen', '$Junk'])
        self.assertTrue(message.has_flag('\\SEEN'))
        self.assertEqual(message.get_internal_date().to_unix(), 837596665)
        envelope = message.get_envelope()
        self.assertEqual(envelope.get_subject(), 'Grüße')
        self.assertEqual([str(one) for one in envelope.get_from()], ['Jørn <j@x.example>'])
        self.assertEqual(envelope.get_cc(), [])
        root = message.get_body_structure()
        parts = [root.get_part(i) for i in range(root.get_n_parts())]
        self.assertEqual([(one.get_section(), one.get_media_type(), one.get_size()) for one in parts],
                         [('1', 'text/plain', 10), ('2', 'image/png', 99)])
        self.assertEqual(root.find('2').get_encoding(), 'base64')
        self.assertIsNone(root.find('3'))
        self.assertEqual(root.find_text('plain').get_n_lines(), 1)
        self.assertEqual(envelope.get_address(Posthorn.AddressField.TO, 0).get_email(), 'j@x.example')
        self.assertEqual(message.get_section('TEXT').get_data(), b'a\r\nb')
        self.assertIsNone(message.get_section(''))
        self.assertIsNone(message.get_attribute('X-GM-MSGID'))


class Deliveries(Case):
    def test_a_delivery_is_a_list_of_rows(self):
        envelope = Posthorn.Envelope.new('alice@example.org')
        envelope.add_recipient('bob@example.net')
        envelope.add_recipient('eve@example.net')
        envelope.add_recipient_parameter(1, 'NOTIFY=NEVER')
        delivery = Posthorn.Delivery.new(envelope)
        delivery.set(1, Posthorn.DeliveryFate.ACCEPTED, Posthorn.DeliveryPhase.DATA, Posthorn.Reply.new(Posthorn.Status.OK, 250, 'fine'))
        self.assertEqual(len(delivery), 2)
        self.assertEqual([(row.address, row.accepted, row.phase) for row in delivery], [
            ('bob@example.net', False, Posthorn.DeliveryPhase.PENDING), ('eve@example.net', True, Posthorn.DeliveryPhase.DATA)])
        self.assertIsNone(delivery[0].reply)
        self.assertEqual(str(delivery[-1].reply), '250 fine')
        self.assertRaises(IndexError, lambda: delivery[2])
        self.assertEqual(envelope.get_recipient_parameters(1), ['NOTIFY=NEVER'])


    def test_what_an_envelope_asks_for_is_kept_as_given(self):
        envelope = Posthorn.Envelope.new('alice@example.org')
        envelope.add_recipient('bob@example.net')
        self.assertEqual(envelope.get_priority(), (False, 0))
        since = GLib.DateTime.new_utc(2014, 4, 3, 23, 1, 0)
        envelope.set_best_effort(Posthorn.EnvelopeOption.DSN | Posthorn.EnvelopeOption.TRACKING)
        envelope.set_dsn_return(Posthorn.DsnReturn.FULL)
        envelope.set_envelope_id('a\nb')
        envelope.set_recipient_notify(0, Posthorn.DsnNotify.NEVER)
        envelope.set_recipient_original(0, 'x400', '/S=b/')
        envelope.set_auth('')
        envelope.set_require_tls(True)
        envelope.set_deliver_by(-5, Posthorn.DeliverBy.NOTIFY, True)
        envelope.set_hold_for(60)
        envelope.set_hold_until(since)
        envelope.set_priority(12)
        envelope.set_priority_profile('MIXER')
        envelope.set_recipient_valid_since(0, since, True)
        envelope.set_body_type(Posthorn.BodyType.BINARY)
        envelope.set_utf8_headers(True)
        envelope.set_solicitation(['net.example:ADV'])
        envelope.set_tracking(GLib.Bytes.new(b'secret'), 7)
        envelope.set_conversion_permitted(True)
        envelope.set_verp('+=')
        copy = envelope.select(None)
        del envelope
        self.assertEqual(copy.get_best_effort(), Posthorn.EnvelopeOption.DSN | Posthorn.EnvelopeOption.TRACKING)
        self.assertEqual((copy.get_dsn_return(), copy.get_envelope_id()), (Posthorn.DsnReturn.FULL, 'a\nb'))
        self.assertEqual(copy.get_recipient_notify(0), Posthorn.DsnNotify.NEVER)
        self.assertEqual(copy.get_recipient_original(0), ('/S=b/', 'x400'))
        self.assertEqual((copy.get_auth(), copy.get_require_tls()), ('', True))
        self.assertEqual(copy.get_deliver_by(), (Posthorn.DeliverBy.NOTIFY, -5, True))
        self.assertEqual((copy.get_hold_for(), copy.get_hold_until().to_unix()), (60, since.to_unix()))
        self.assertEqual((copy.get_priority(), copy.get_priority_profile()), ((True, 12), 'MIXER'))
        self.assertEqual([copy.get_recipient_valid_since(0)[0].to_unix(), copy.get_recipient_valid_since(0)[1]], [since.to_unix(), True])
        self.assertEqual((copy.get_body_type(), copy.get_utf8_headers()), (Posthorn.BodyType.BINARY, True))
        self.assertEqual(copy.get_solicitation(), ['net.example:ADV'])
        self.assertEqual((copy.get_tracking()[0].get_data(), copy.get_tracking()[1]), (b'secret', 7))
        self.assertEqual((copy.get_conversion_permitted(), copy.get_verp()), (True, '+='))


class Bodies(Case):
    def test_every_kind_knows_its_size(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b'12345')
            file.flush()
            bodies = [
                Posthorn.Body.new_for_text('12345'), Posthorn.Body.new_for_bytes(GLib.Bytes.new(b'12345')),
                Posthorn.Body.new_for_file(Gio.File.new_for_path(file.name)), Posthorn.Body.new_for_stream(Gio.MemoryInputStream.new_from_data(b'12345'), -1),
            ]
        self.assertEqual([body.get_size() for body in bodies], [5] * 4)

    def test_a_missing_file_is_an_error(self):
        message = self.assert_error(Posthorn.Error.BODY, Posthorn.Body.new_for_file, Gio.File.new_for_path('/missing/file'))
        self.assertIn('/missing/file', message)


class Mailboxes(Case):
    def test_properties_and_signals(self):
        mailbox = Posthorn.Mailbox.new('INBOX')
        names = {spec.name for spec in Posthorn.Mailbox.list_properties()}
        self.assertLessEqual({'name', 'n-messages', 'uid-validity', 'permanent-flags', 'read-only', 'selected'}, names)
        self.assertEqual((mailbox.props.name, mailbox.props.n_messages, mailbox.props.flags), ('INBOX', 0, []))
        for signal in 'message-added', 'message-removed', 'flags-changed':
            self.assertNotEqual(GObject.signal_lookup(signal, Posthorn.Mailbox), 0)

    def test_a_row_of_list(self):
        info = Posthorn.MailboxInfo.new('Gesendet', '/', ['\\HasNoChildren', '\\SENT'])
        self.assertEqual((info.get_name(), info.get_delimiter(), info.get_special_use()), ('Gesendet', '/', '\\Sent'))
        status = Posthorn.MailboxStatus.new('x', Posthorn.Value.pack(['SIZE', 1 << 40]))
        self.assertEqual(status.get_item('size'), (True, 1 << 40))


class Plugins(Case):
    def test_what_is_installed_is_listed(self):
        features = {(feature.get_kind(), feature.get_name()) for feature in Posthorn.Registry.get_default().list(False)}
        self.assertLessEqual({
            (Posthorn.FeatureKind.PROTOCOL, 'imap4'), (Posthorn.FeatureKind.PROTOCOL, 'smtp'), (Posthorn.FeatureKind.PROTOCOL, 'lmtp'),
            (Posthorn.FeatureKind.MECHANISM, 'PLAIN'), (Posthorn.FeatureKind.MECHANISM, 'CRAM-MD5'),
        }, features)

    def test_one_is_described(self):
        feature = Posthorn.Registry.get_default().find(Posthorn.FeatureKind.MECHANISM, 'plain')
        self.assertEqual(feature.get_name(), 'PLAIN')
        self.assertTrue(feature.get_flags() & Posthorn.SaslFlags.PLAINTEXT)
        self.assertIsNone(Posthorn.Registry.get_default().find(Posthorn.FeatureKind.MECHANISM, 'X-NO-SUCH'))

    def test_refused_files_are_told(self):
        # what is installed on this machine is shadowed by what was built, and told so
        built = os.environ['POSTHORN_PLUGIN_PATH']
        failures = Posthorn.Registry.get_default().list_failures()
        self.assertEqual([f.get_reason() for f in failures if f.get_path().startswith(built)], [])

    def test_unknown_scheme_is_an_error(self):
        self.assertIn('gopher', self.assert_error(Posthorn.Error.UNKNOWN_SCHEME, Posthorn.Session.new, 'gopher://example.org'))

    def test_broken_uri_is_an_error(self):
        self.assert_error(Posthorn.Error.INVALID_URI, Posthorn.Session.new, 'not a uri')

    def test_a_session_has_its_role(self):
        self.assertIsInstance(Posthorn.Session.new('imaps://example.org'), Posthorn.Store)
        self.assertIsInstance(Posthorn.Session.new('smtp://example.org'), Posthorn.Transport)


class Mailboxes(Case):
    def test_a_state_and_a_delta(self):
        state = Posthorn.MailboxState.new(7, 9)
        state.add(5, ['\\Seen', 'x'])
        state.add(9, None)
        copy = Posthorn.MailboxState.new_from_bytes(state.to_bytes())
        self.assertEqual(copy.get_uids().to_string(), '5,9')
        self.assertEqual(copy.get_flags(5), ['\\Seen', 'x'])
        self.assertEqual(copy.get_flags(9), [])
        self.assertEqual((copy.get_uid_validity(), copy.get_mod_seq(), copy.get_n_messages()), (7, 9, 2))
        self.assert_error(Posthorn.Error.INVALID_ARGUMENT, Posthorn.MailboxState.new_from_bytes, GLib.Bytes(b'x'))
        self.assertEqual(Posthorn.DeltaMethod.QRESYNC.value_nick, 'qresync')

    def test_a_mailbox_has_no_uids_before_it_is_asked_to(self):
        mailbox = Posthorn.Mailbox.new('INBOX')
        self.assertEqual((mailbox.get_uid(1), mailbox.get_number(1), mailbox.get_uids().to_string()), (0, 0, ''))
        self.assertTrue(mailbox.keeps_flag('\\Deleted'))

    def test_a_pool_and_a_store_that_restores(self):
        store = Posthorn.Session.new('imap://127.0.0.1:1')
        store.set_restore(True)
        self.assertTrue(store.props.restore)
        self.assertFalse(store.props.restoring)
        pool = Posthorn.StorePool.new(store)
        pool.set_max_connections(2)
        self.assertEqual((pool.get_max_connections(), pool.get_n_connections()), (2, 0))
        self.assert_error(Posthorn.Error.CONNECT, pool.lock, 'INBOX', None)


class Channels(Case):
    """What is said of the channel, and of the way to the server."""

    PIN = 'sha256//' + 'A' * 43 + '='

    def certificate(self, name):
        with open(os.path.join(os.environ['PH_TEST_CERTIFICATES'], name), encoding='ascii') as file:
            der = ssl.PEM_cert_to_DER_cert(file.read().split('-----END')[0] + '-----END CERTIFICATE-----\n')
        return Posthorn.Certificate.new(GLib.Bytes.new(der))

    def test_a_session_is_told_whose_mail_it_is(self):
        session = Posthorn.Session.new('imap://mx.hosting.example')
        session.set_domain('Bücher.example')
        self.assertEqual(session.get_domain(), 'xn--bcher-kva.example')
        with self.assertRaises(GLib.Error) as caught:
            session.set_domain('bücher example')
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.INVALID_ARGUMENT))
        session.set_domain(None)
        self.assertIsNone(session.get_domain())

    def test_a_policy_is_set_up(self):
        policy = Posthorn.SecurityPolicy.new()
        self.assertEqual(policy.get_minimum_version(), Posthorn.TlsVersion.BY_PRIORITY)
        for version in (Posthorn.TlsVersion.V1_0, Posthorn.TlsVersion.V1_1, Posthorn.TlsVersion.V1_2, Posthorn.TlsVersion.V1_3):
            policy.set_minimum_version(version)
            self.assertEqual(policy.get_minimum_version(), version)
        policy.set_pkcs12('/tmp/client.p12')
        self.assertEqual(policy.get_pkcs12(), '/tmp/client.p12')
        policy.add_crl_file('/tmp/crl.pem')
        policy.set_dane(Posthorn.DaneMode.PREFER)
        self.assertEqual(policy.get_dane(), Posthorn.DaneMode.PREFER)
        policy.set_resumption(False)
        self.assertFalse(policy.get_resumption())
        self.assertTrue(policy.add_pin('mail.example.org', self.PIN))
        self.assert_error(Posthorn.Error.INVALID_ARGUMENT, policy.add_pin, None, 'sha1:00')

    def test_a_password_is_asked_for(self):
        policy = Posthorn.SecurityPolicy.new()
        policy.connect('ask-key-password', lambda policy, what, attempt: Posthorn.Secret.new(what))
        self.assertIsInstance(policy.emit('ask-key-password', 'token', 0), Posthorn.Secret)

    def test_a_certificate_in_words(self):
        certificate = self.certificate('server.pem')
        self.assertEqual(certificate.get_subject(), 'CN=localhost')
        self.assertEqual(certificate.get_names(), ['localhost', '127.0.0.1', '::1'])
        self.assertEqual(certificate.get_key_size(), 256)
        self.assertEqual(certificate.get_expiry().get_year(), 2049)
        self.assertTrue(Posthorn.SecurityPolicy.new().add_pin(None, certificate.get_fingerprint()))
        self.assert_error(Posthorn.Error.INVALID_ARGUMENT, Posthorn.Certificate.new, GLib.Bytes.new(b'garbage'))

    def test_a_connector_says_by_which_way(self):
        connector = Posthorn.Connector.new()
        connector.set_proxy('socks5://127.0.0.1')
        connector.set_source_address('127.0.0.1')
        self.assertEqual((connector.get_proxy(), connector.get_source_address()), ('socks5://127.0.0.1:1080', '127.0.0.1'))
        self.assert_error(Posthorn.Error.INVALID_ARGUMENT, connector.set_proxy, 'gopher://127.0.0.1')
        session = Posthorn.Session.new('smtp://localhost')
        session.set_connector(connector)
        self.assertIs(session.get_connector(), connector)

    def test_a_program_is_a_server(self):
        script = 'echo 220 hi; read hello; echo 250 mail; read quit; echo 221 bye'
        session = Posthorn.Session.new_for_command('smtp', ['/bin/sh', '-c', script])
        for _ in range(2):
            session.open()
            session.close()
        missing = Posthorn.Session.new_for_command('smtp', ['/nonexistent/program'])
        self.assert_error(Posthorn.Error.CONNECT, missing.open)
        self.assert_error(Posthorn.Error.INVALID_URI, Posthorn.Session.new, 'smtp+exec:///bin/sh')

    def test_servers_come_out_of_a_file(self):
        xml = (b'<clientConfig><incomingServer type="imap"><hostname>imap.example.net</hostname><port>993</port>'
               b'<socketType>SSL</socketType><username>%EMAILADDRESS%</username></incomingServer></clientConfig>')
        server, = Posthorn.Server.read_autoconfig(GLib.Bytes.new(xml), 'alice@example.org')
        self.assertEqual(server.get_uri(), 'imaps://alice%40example.org@imap.example.net')
        self.assertTrue(server.is_foreign())
        self.assert_error(Posthorn.Error.INVALID_ARGUMENT, Posthorn.Server.find, 'alice@', None)


class Sessions(Case):
    def test_a_refused_port_is_an_error_and_with_closes(self):
        with Posthorn.Session.new('smtp://127.0.0.1:1') as session:
            self.assert_error(Posthorn.Error.CONNECT, session.open)
        self.assertFalse(session.is_open())

    def test_closing_what_was_never_open_succeeds(self):
        self.assertTrue(Posthorn.Session.new('smtp://127.0.0.1:1').close())

    def test_cancelled_is_gios_error(self):
        cancellable = Gio.Cancellable.new()
        cancellable.cancel()
        with self.assertRaises(GLib.Error) as caught:
            Posthorn.Session.new('smtp://127.0.0.1:1').open(cancellable)
        self.assertTrue(caught.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))

    def test_the_async_pair(self):
        loop = GLib.MainLoop()
        errors = []

        def opened(session, result):
            try:
                session.open_finish(result)
            except GLib.Error as error:
                errors.append(error)
            loop.quit()

        Posthorn.Session.new('smtp://127.0.0.1:1').open_async(None, opened)
        loop.run()
        self.assertTrue(errors[0].matches(Posthorn.error_quark(), Posthorn.Error.CONNECT), errors)


class Outboxes(Case):
    def test_an_outbox_tells_of_each_end(self):
        session = Posthorn.Session.new('smtp://127.0.0.1:1')
        outbox = Posthorn.Outbox.new(session)
        outbox.set_max_pending(10)
        ended = []
        outbox.connect('finished', lambda _outbox, command: ended.append(command))
        envelope = Posthorn.Envelope.new('alice@example.org')
        envelope.add_recipient('bob@example.net')
        command = session.make_send(envelope, Posthorn.Body.new_for_text('x'))
        self.assert_error(Posthorn.Error.CONNECT, outbox.push, command, None)
        self.assertEqual(ended, [command])
        self.assert_error(Posthorn.Error.WRONG_STATE, outbox.push, command, None)
        self.assertTrue(outbox.flush(None))
        self.assertEqual((outbox.get_n_pending(), outbox.props.max_pending), (0, 10))
        self.assertEqual(outbox.get_session(), session)


if __name__ == '__main__':
    tap.main()
