#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A Python program against a real Dovecot and a real Postfix; first of all the one in the README, word for word."""
import contextlib
import io
import os
import re
import sys
import time
import unittest

import gi
gi.require_version('Posthorn', '1')
from gi.repository import Gio, GLib, Posthorn    # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'harness'))
import tap    # noqa: E402

ENVIRONMENT = os.environ
PATIENCE = 20

Posthorn.SecurityPolicy.get_default().set_ca_file(os.path.join(ENVIRONMENT['PH_TEST_CERTIFICATES'], 'ca.pem'))


def uri(scheme, user, port, host='localhost'):
    return f'{scheme}://{user}@{host}:{ENVIRONMENT[port]}'


def message(subject, text='It sounds.'):
    return f'From: alice@example.test\r\nTo: bob@example.test\r\nSubject: {subject}\r\n\r\n{text}\r\n'


class Live(unittest.TestCase):
    def session(self, scheme, port, user='bob', host='localhost'):
        session = Posthorn.Session.new(uri(scheme, user, port, host))
        session.set_password(ENVIRONMENT[f'PH_TEST_PASSWORD_{user.upper()}'])
        self.addCleanup(session.close)
        return session

    def store(self, user='bob'):
        return self.session('imaps', 'PH_TEST_IMAPS_PORT', user)

    def fresh_mailbox(self, store, name):
        """An empty mailbox of the test's own, selected."""
        with contextlib.suppress(GLib.Error):
            store.delete(name)
        store.create(name)
        return store.select(name)

    def assert_error(self, code, function, *arguments):
        with self.assertRaises(GLib.Error) as caught:
            function(*arguments)
        self.assertTrue(caught.exception.matches(Posthorn.error_quark(), code), caught.exception)
        return caught.exception


class Readme(Live):
    def test_the_lines_of_the_readme_run_as_written(self):
        store = self.store()
        store.append('INBOX', message('=?utf-8?q?Gr=C3=BC=C3=9Fe?='))
        with open(os.path.join(HERE, '..', '..', 'README.md'), encoding='utf-8') as file:
            code = re.search(r'```python\n(.*?)```', file.read(), re.DOTALL).group(1)
        code = code.replace('imaps://alice@mail.example.org', uri('imaps', 'bob', 'PH_TEST_IMAPS_PORT'))
        code = code.replace('"secret"', repr(ENVIRONMENT['PH_TEST_PASSWORD_BOB']))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, 'README.md', 'exec'), {})
        self.assertRegex(printed.getvalue(), r'(?m)^\d+ Grüße \[')

    def test_the_lines_of_the_api_page(self):
        session = self.store()
        session.open()
        mailbox = self.fresh_mailbox(session, 'Api')
        session.append('Api', message('found'))
        session.append('Api', message('other').replace('alice@', 'ldj@'))
        session.noop()
        self.assertEqual((mailbox.get_n_messages(), mailbox.get_uid_validity() > 0), (2, True))
        query = Posthorn.Query.new().unseen().from_('ldj').since(Posthorn.date(2020, 11, 1))
        subjects = [one.get_envelope().get_subject()
                    for one in session.fetch(session.search(query), Posthorn.Fetch.ENVELOPE | Posthorn.Fetch.FLAGS)]
        self.assertEqual(subjects, ['other'])
        reply = session.command('XYZZY')
        self.assertFalse(reply.is_ok())
        self.assertEqual(reply.get_status(), Posthorn.Status.BAD)


class Stores(Live):
    def test_a_mailbox_is_worked_with(self):
        with self.store() as store:
            mailbox = self.fresh_mailbox(store, 'Work')
            when = GLib.DateTime.new_utc(2020, 2, 29, 12, 30, 15)
            first = store.append('Work', message('one'), ['\\Flagged', '$Work'], when)
            second = store.append('Work', message('two').encode())
            store.noop()
            self.assertEqual(mailbox.props.n_messages, 2)
            uids = list(first) + list(second)
            self.assertEqual(len(uids), 2)

            [one] = store.fetch_all(uids[0], Posthorn.Fetch.FLAGS | Posthorn.Fetch.INTERNAL_DATE | Posthorn.Fetch.BODY)
            self.assertTrue(one.has_flag('\\Flagged') and one.has_flag('$Work'))
            self.assertEqual(one.get_internal_date().to_unix(), when.to_unix())
            self.assertEqual(one.get_section('').get_data().decode(), message('one'))

            store.store(uids, Posthorn.StoreMode.ADD, ['\\Seen'])
            self.assertEqual(len(store.search('SEEN')), 2)
            self.assertEqual(list(store.search(Posthorn.Query.new().subject('two'))), uids[1:])
            self.assertEqual(list(store.search_numbers(Posthorn.Query.new().all())), [1, 2])

            self.assertEqual(len(store.copy(uids, 'Work')), 2)
            store.store(uids[0], Posthorn.StoreMode.ADD, ['\\Deleted'])
            store.expunge()
            self.assertEqual(mailbox.props.n_messages, 3)
            self.assert_error(Posthorn.Error.NO_MESSAGE, store.fetch_one, uids[0], Posthorn.Fetch.FLAGS)

    def test_a_large_message_goes_into_a_stream(self):
        store = self.store()
        self.fresh_mailbox(store, 'Large')
        text = message('large', 'x' * 70 + '\r\n' + ('0123456789' * 7 + '\r\n') * 20000)
        [uid] = store.append('Large', text)
        stream = Gio.MemoryOutputStream.new_resizable()
        store.fetch_to_stream(uid, '', stream)
        stream.close()
        self.assertEqual(stream.steal_as_bytes().get_data().decode(), text)

    def test_mailboxes_are_listed_with_their_counts(self):
        store = self.store()
        self.fresh_mailbox(store, 'Zähler')
        store.append('Zähler', message('counted'))
        rows = {info.get_name(): info for info in store.list_with_status('*', ['MESSAGES', 'UNSEEN'])}
        self.assertEqual(rows['Zähler'].get_status().get_n_messages(), 1)
        self.assertEqual(store.status('Zähler').get_item('UNSEEN'), (True, 1))
        self.assertIn('INBOX', {info.get_name() for info in store.list('*')})
        self.assertRaises(GLib.Error, store.select, 'No such mailbox')

    def test_a_loop_left_early_leaves_the_session_usable(self):
        store = self.store()
        self.fresh_mailbox(store, 'Many')
        for i in range(20):
            store.append('Many', message(f'number {i}', 'x' * 5000))
        store.noop()
        for one in store.fetch('1:*', Posthorn.Fetch.BODY):
            self.assertTrue(one.get_section('').get_data().startswith(b'From:'))
            break
        del one
        self.assertEqual(len(store.search('ALL')), 20)
        self.assertEqual(len([one.get_uid() for one in store.fetch('1:*', Posthorn.Fetch.UID)]), 20)

    def test_an_extension_is_found_by_its_type(self):
        store = self.store('tiny')
        store.open()
        quota = store.get_extension(Posthorn.Quota.__gtype__)
        self.assertIsNotNone(quota)
        [storage] = [one for one in quota.get_root('INBOX') if one.get_name() == 'STORAGE']
        self.assertGreater(storage.get_limit(), 0)

    def test_rights_are_given_and_taken(self):
        store = self.store()
        acl = store.require_extension(Posthorn.Acl.__gtype__)
        self.fresh_mailbox(store, 'Zu zweit')
        self.assertTrue(acl.set('Zu zweit', 'alice', 'lrs'))
        rights = {entry.get_identifier(): entry.get_rights() for entry in acl.get('Zu zweit')}
        self.assertEqual(rights['alice'], 'lrs')
        self.assertIn('a', acl.get_my_rights('Zu zweit'))
        self.assertIn('x', acl.get_added_rights())
        self.assertIn('w', ''.join(acl.list_rights('Zu zweit', 'alice').get_optional()))
        self.assertTrue(acl.delete('Zu zweit', 'alice'))
        self.assert_error(Posthorn.Error.NOT_SUPPORTED, acl.list_my_rights, '*')

    def test_metadata_is_kept(self):
        store = self.store()
        metadata = store.require_extension(Posthorn.Metadata.__gtype__)
        self.fresh_mailbox(store, 'Notiert')
        entries = [Posthorn.MetadataEntry.new('/private/comment', GLib.Bytes.new('Grüße'.encode())),
                   Posthorn.MetadataEntry.new('/shared/comment', None)]
        self.assertTrue(metadata.set_all('Notiert', entries))
        result = metadata.get('Notiert', ['/private/comment', '/shared/comment'], Posthorn.MetadataDepth.SELF, 0)
        self.assertEqual([(one.get_name(), one.dup_text()) for one in result.get_entries()], [('/private/comment', 'Grüße')])
        self.assertTrue(metadata.set('Notiert', '/private/comment', None))
        self.assertIsNone(metadata.get('Notiert', ['/private/comment'], Posthorn.MetadataDepth.ALL, 0).find('/private/comment'))

    def test_who_and_where(self):
        store = self.store()
        server = store.require_extension(Posthorn.Id.__gtype__).exchange({'name': 'test'})
        self.assertEqual(server['name'], 'Dovecot')
        [first, *_] = store.require_extension(Posthorn.Namespaces.__gtype__).get()
        self.assertEqual((first.get_kind(), first.get_prefix(), first.get_delimiter()), (Posthorn.NamespaceKind.PERSONAL, '', '/'))
        self.assertEqual(store.require_extension(Posthorn.Comparator.__gtype__).get_name(), 'I18NLEVEL=*')
        self.assert_error(Posthorn.Error.NOT_SUPPORTED, store.require_extension, Posthorn.Language.__gtype__)

    def test_facts_about_messages(self):
        store = self.store()
        self.fresh_mailbox(store, 'Facts')
        uids = store.append('Facts', message('facts', 'First words.'))
        [one] = store.require_extension(Posthorn.Preview.__gtype__).fetch(uids, False)
        self.assertTrue(one.get_preview().startswith('First words.'))
        dates = store.require_extension(Posthorn.SaveDate.__gtype__)
        [one] = dates.fetch(uids)
        self.assertLess(abs(one.get_save_date().to_unix() - time.time()), 3600)
        self.assertEqual(list(dates.search(Posthorn.date(2020, 1, 1), None)), list(uids))
        self.assert_error(Posthorn.Error.NOT_SUPPORTED, store.require_extension, Posthorn.ObjectIds.__gtype__)

    def test_limits_are_named(self):
        quota = self.store('tiny').require_extension(Posthorn.Quota.__gtype__)
        self.assertIsInstance(quota.get_resources(), list)
        limits = [Posthorn.QuotaResource.new('User quota', 'STORAGE', 0, 5)]
        self.assertRaises(GLib.Error, quota.set_limits, 'User quota', limits)

    def test_an_extension_is_required_before_the_session_is_open(self):
        quota = self.store('tiny').require_extension(Posthorn.Quota.__gtype__)
        self.assertEqual(quota.get_name(), 'QUOTA')
        self.assertTrue(quota.has_capability('quota'))
        self.assert_error(Posthorn.Error.NOT_SUPPORTED, self.store().require_extension, Posthorn.Transport.__gtype__)
    def test_the_server_tells_of_another_mailbox(self):
        store, other = self.store(), self.store()
        other.create('Told')
        store.open()
        notify = store.get_extension(Posthorn.Notify.__gtype__)
        request = Posthorn.NotifyRequest.new().add(Posthorn.NotifyScope.MAILBOXES, ['Told'], Posthorn.NotifyEvents.MESSAGES)
        self.assertEqual(request.get_mailboxes(0), ['Told'])
        [now] = notify.set(request, True)
        self.assertEqual((now.get_name(), now.get_n_messages()), ('Told', 0))
        told = []
        notify.connect('status', lambda _, status: told.append((status.get_name(), status.get_n_messages())))
        store.set_watch(True)
        other.append('Told', message('told of', 'x'))
        context = GLib.MainContext.default()
        while not told:
            context.iteration(True)
        self.assertEqual(told, [('Told', 1)])
        self.assertEqual(notify.get_request(), request)
        notify.none()
        self.assertIsNone(notify.get_request())

    def test_a_command_by_name_with_typed_arguments(self):
        store = self.store()
        store.open()
        command = store.make_command('STATUS', Posthorn.Value.new_list(
            [Posthorn.Value.new_string('INBOX'), Posthorn.Value.new_list([Posthorn.Value.new_atom('MESSAGES')])]))
        store.run(command)
        [response] = command.get_reply().get_responses()
        name, items = response.get_values().unpack()
        self.assertEqual((response.get_name(), name, items[0]), ('STATUS', 'INBOX', 'MESSAGES'))


class Features(Live):
    def test_several_at_once_counted_and_mapped(self):
        store = self.store()
        store.use('QRESYNC')
        with contextlib.suppress(GLib.Error):
            store.delete('Several')
        store.create('Several')
        bodies = [Posthorn.Body.new_for_text(message(subject)) for subject in ('one', 'two')]
        uids = store.append_all('Several', [Posthorn.NewMessage.new(bodies[0], ['\\Seen'], None),
                                            Posthorn.NewMessage.new(bodies[1], None, None)])
        self.assertEqual(str(uids), '1:2')
        self.assertIn('QRESYNC', store.get_enabled())
        self.assertEqual(str(store.resume('Several', None).get_added()), '1:2')
        self.assertEqual(store.get_selected().get_name(), 'Several')
        found = store.search_for('UNSEEN', Posthorn.SearchReturn.COUNT | Posthorn.SearchReturn.SAVE)
        self.assertEqual((found.get_count(), found.get_set()), (1, None))
        page = store.search_page(Posthorn.Query.new(), -1, -1)
        self.assertEqual((str(page.get_set()), page.get_count()), ('2', 2))
        saved = Posthorn.MessageSet.new_saved()
        self.assertTrue(saved)
        self.assertEqual(list(store.copy_mapped(saved, 'Several')), [(2, 3)])
        self.assertEqual([str(batch) for batch in store.get_uid_batches(500)], ['1:3'])
        listed = store.list_selected(['Several', 'Nowhere'], Posthorn.ListSelect.ALL, ['MESSAGES'])
        self.assertEqual([box.get_status().get_n_messages() for box in listed], [3])
        self.assertEqual(str(store.store_unchanged([1, 2], Posthorn.StoreMode.ADD, ['\\Flagged'], 1)), '1:2')
        self.assertEqual([each.get_uid() for each in store.fetch_page('1:*', Posthorn.Fetch.FLAGS, None, -1, -2)], [2, 3])


class Transports(Live):
    def transport(self):
        return self.session('smtp', 'PH_TEST_SUBMISSION_PORT', 'alice')

    def envelope(self, *recipients):
        envelope = Posthorn.Envelope.new('alice@example.test')
        for recipient in recipients:
            envelope.add_recipient(recipient)
        return envelope

    def test_a_message_is_sent_and_read(self):
        subject = f'sent {time.monotonic_ns()}'
        delivery = self.transport().send(self.envelope('bob@example.test'), message(subject))
        self.assertEqual([(row.address, row.accepted) for row in delivery], [('bob@example.test', True)])
        self.assertEqual(delivery[0].reply.get_code(), 250)
        store = self.store()
        store.select('INBOX')
        deadline = time.monotonic() + PATIENCE
        while not store.search(Posthorn.Query.new().subject(subject)) and time.monotonic() < deadline:
            GLib.usleep(50000)
            store.noop()
        self.assertEqual(len(store.search(Posthorn.Query.new().subject(subject))), 1)

    def test_partial_refusal_is_a_result(self):
        lmtp = Posthorn.Session.new(f'lmtp+unix://{ENVIRONMENT["PH_TEST_LMTP_SOCKET"]}')
        self.addCleanup(lmtp.close)
        delivery = lmtp.send(self.envelope('bob@example.test', 'nobody@example.test'), message('lmtp').encode())
        self.assertEqual([row.accepted for row in delivery], [True, False])
        self.assertEqual(delivery[1].reply.get_code(), 550)
        self.assertEqual(delivery.get_n_accepted(), 1)

    def test_all_refused_each_reply_is_read_from_the_command(self):
        transport = Posthorn.Session.new(f'lmtp+unix://{ENVIRONMENT["PH_TEST_LMTP_SOCKET"]}')
        self.addCleanup(transport.close)
        envelope = self.envelope('nobody@example.test', 'nemo@example.test')
        error = self.assert_error(Posthorn.Error.RECIPIENTS_REFUSED, transport.send, envelope, message('no'))
        self.assertIn('nobody@example.test', error.message)

        command = transport.make_send(envelope, message('no'))
        self.assert_error(Posthorn.Error.RECIPIENTS_REFUSED, transport.run, command)
        delivery = command.get_result()
        self.assertIsInstance(delivery, Posthorn.Delivery)
        self.assertEqual([row.address for row in delivery], ['nobody@example.test', 'nemo@example.test'])
        for row in delivery:
            self.assertFalse(row.accepted)
            self.assertEqual(row.phase, Posthorn.DeliveryPhase.RECIPIENT)
            self.assertEqual((row.reply.get_code(), row.reply.get_enhanced_status()), (550, '5.1.1'))
            self.assertIn(row.address, row.reply.get_text())

    def test_an_address_with_a_line_end_never_leaves(self):
        error = self.assert_error(Posthorn.Error.INVALID_ARGUMENT, self.transport().send,
                                  self.envelope('bob@example.test>\r\nRCPT TO:<eve@example.test'), message('no'))
        self.assertNotIn('\n', error.message)

    def test_progress_and_trace(self):
        transport = self.transport()
        steps, trace = [], []
        transport.connect('progress', lambda session, command, done, total: steps.append((done, total)))
        transport.connect('trace', lambda session, direction, octets: trace.append(octets.get_data()))
        body = message('progress', ('0123456789' * 7 + '\r\n') * 10000)
        transport.send(self.envelope('bob@example.test'), body)
        self.assertTrue(steps)
        self.assertEqual(steps, sorted(steps))
        self.assertEqual(steps[-1], (len(body), len(body)))
        self.assertIn(b'STARTTLS', b''.join(trace))
        self.assertNotIn(ENVIRONMENT['PH_TEST_PASSWORD_ALICE'].encode(), b''.join(trace))


class Refusals(Live):
    def test_a_wrong_password(self):
        session = Posthorn.Session.new(uri('imaps', 'bob', 'PH_TEST_IMAPS_PORT'))
        session.set_password('wrong')
        self.assert_error(Posthorn.Error.AUTHENTICATION, session.open)

    def test_an_expired_certificate(self):
        self.assert_error(Posthorn.Error.BAD_CERTIFICATE, self.session('imaps', 'PH_TEST_IMAPS_PORT', host='expired.localhost').open)

    def test_a_person_may_accept_it(self):
        session = self.session('imaps', 'PH_TEST_IMAPS_PORT', host='expired.localhost')
        asked = []

        def accept(session, tls):
            asked.append((tls.get_errors(), tls.get_subject(), len(tls.get_chain())))
            return True

        session.connect('accept-certificate', accept)
        session.open()
        self.assertTrue(asked[0][0] & Gio.TlsCertificateFlags.EXPIRED)
        self.assertTrue(session.get_tls_info().get_protocol().startswith('TLS'))


class Asynchronous(Live):
    def run_loop(self, start):
        """Runs a loop until the callback that start is given was called with a result, or raised."""
        loop, answer = GLib.MainLoop(), []
        timeout = GLib.timeout_source_new_seconds(PATIENCE)
        timeout.set_callback(lambda _: loop.quit())
        timeout.attach()
        start(lambda value: (answer.append(value), loop.quit()))
        loop.run()
        timeout.destroy()
        self.assertTrue(answer, 'no answer in time')
        return answer[0]

    def call(self, function, finish, *arguments):
        def done(source, result):
            try:
                self.answer(finish(result))
            except GLib.Error as error:
                self.answer(error)

        def start(answer):
            self.answer = answer
            function(*arguments, None, done)

        return self.run_loop(start)

    def test_the_same_without_blocking(self):
        store = self.store()
        self.fresh_mailbox(store, 'Async')
        store.close()
        store = self.store()
        self.assertIs(self.call(store.open_async, store.open_finish), True)
        mailbox = self.call(store.select_async, store.select_finish, 'Async')
        self.assertEqual(mailbox.props.n_messages, 0)
        for subject in 'one', 'two':
            uids = self.call(store.append_async, store.append_finish, 'Async', message(subject), None, None)
            self.assertEqual(len(uids), 1)
        uids = self.call(store.search_async, store.search_finish, Posthorn.Query.new().all())
        messages = store.fetch(uids, Posthorn.Fetch.ENVELOPE)
        subjects = []
        while (one := self.call(messages.next_async, messages.next_finish)) is not None:
            subjects.append(one.get_envelope().get_subject())
        self.assertEqual(subjects, ['one', 'two'])
        self.assertIs(self.call(store.close_async, store.close_finish), True)

    def test_new_mail_is_told(self):
        store = self.store()
        self.fresh_mailbox(store, 'Watched')
        store.close()
        watcher = self.store()
        self.assertIs(self.call(watcher.open_async, watcher.open_finish), True)
        mailbox = self.call(watcher.select_async, watcher.select_finish, 'Watched')
        watcher.set_watch(True)
        other = self.store()
        other.append('Watched', message('news'))

        def start(answer):
            mailbox.connect('message-added', lambda mailbox, number, uid: answer((number, uid)))

        number, uid = self.run_loop(start)
        self.assertEqual(number, 1)
        self.assertEqual(mailbox.props.n_messages, 1)

    def test_a_list_shows_what_is_looked_at(self):
        store = self.store()
        self.fresh_mailbox(store, 'Listed')
        for subject in 'one', 'two':
            store.append('Listed', message(subject))
        store.close()
        store = self.store()
        self.assertIs(self.call(store.open_async, store.open_finish), True)
        mailbox = self.call(store.select_async, store.select_finish, 'Listed')
        rows = Posthorn.MessageList.new(store, mailbox, Posthorn.Fetch.ENVELOPE, True)
        self.run_loop(lambda answer: rows.connect('notify::loading', lambda *_: answer(True)))
        self.assertEqual(rows.get_n_items(), 2)
        row = rows.get_item(0)
        self.run_loop(lambda answer: row.connect('notify::message', lambda *_: answer(True)))
        self.assertEqual(row.get_message().get_envelope().get_subject(), 'two')
        self.assertIs(rows.get_item(0), row)
        self.assertEqual(rows.find(row.get_uid()), (True, 0))
        delta = self.call(store.get_changes_async, store.get_changes_finish, None)
        self.assertEqual(delta.get_added().to_string(), '1:2')

    def test_all_refused(self):
        transport = Posthorn.Session.new(f'lmtp+unix://{ENVIRONMENT["PH_TEST_LMTP_SOCKET"]}')
        self.addCleanup(transport.close)
        envelope = Posthorn.Envelope.new('alice@example.test')
        envelope.add_recipient('nobody@example.test')
        command = transport.make_send(envelope, message('no'))
        error = self.call(transport.run_async, transport.run_finish, command)
        self.assertTrue(error.matches(Posthorn.error_quark(), Posthorn.Error.RECIPIENTS_REFUSED), error)
        self.assertEqual([row.reply.get_code() for row in command.get_result()], [550])


if __name__ == '__main__':
    tap.main()
