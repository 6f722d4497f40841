// SPDX-License-Identifier: LGPL-2.1-or-later
// A JavaScript program against a real Dovecot and a real Postfix.

imports.gi.versions.Posthorn = '1';
const {Gio, GLib, Posthorn} = imports.gi;
imports.searchPath.unshift(GLib.path_get_dirname(imports.system.programPath));
const {assertEqual, assertRejects, assertTrue, run} = imports.tap;

const patience = 20;

Posthorn.SecurityPolicy.get_default().set_ca_file(`${GLib.getenv('PH_TEST_CERTIFICATES')}/ca.pem`);

function newSession(scheme, user, port) {
    const session = Posthorn.Session.new(`${scheme}://${user}@localhost:${GLib.getenv(port)}`);
    session.set_password(GLib.getenv(`PH_TEST_PASSWORD_${user.toUpperCase()}`));
    return session;
}

const newStore = () => newSession('imaps', 'bob', 'PH_TEST_IMAPS_PORT');
const newLmtp = () => Posthorn.Session.new(`lmtp+unix://${GLib.getenv('PH_TEST_LMTP_SOCKET')}`);
const newMessage = (subject, text = 'It sounds.') =>
    `From: alice@example.test\r\nTo: bob@example.test\r\nSubject: ${subject}\r\n\r\n${text}\r\n`;

function newEnvelope(...recipients) {
    const envelope = Posthorn.Envelope.new('alice@example.test');
    recipients.forEach(recipient => envelope.add_recipient(recipient));
    return envelope;
}

// An empty mailbox of the test's own, selected
async function freshMailbox(store, name) {
    try {
        await store.delete_async(name, null);
    } catch (error) {
        // there was none
    }
    await store.create_async(name, null);
    return store.select_async(name, null);
}

function pause(milliseconds) {
    return new Promise(resolve => GLib.timeout_add(GLib.PRIORITY_DEFAULT, milliseconds, () => {
        resolve();
        return GLib.SOURCE_REMOVE;
    }));
}

function inTime(promise) {
    return Promise.race([promise, pause(patience * 1000).then(() => {
        throw new Error('no answer in time');
    })]);
}

run({
    'a mailbox is worked with by promises': async () => {
        const store = newStore();
        await store.open_async(null);
        const mailbox = await freshMailbox(store, 'Gjs');
        for (const subject of ['one', '=?utf-8?q?Gr=C3=BC=C3=9Fe?='])
            assertEqual([...await store.append_async('Gjs', newMessage(subject), ['\\Seen'], null, null)].length, 1);
        await store.noop_async(null);
        assertEqual(mailbox.n_messages, 2);

        const query = Posthorn.Query.new().seen().from('alice').since(Posthorn.date(2020, 11, 1));
        const subjects = [];
        for await (const message of store.fetch(await store.search_async(query, null), Posthorn.Fetch.ENVELOPE, null))
            subjects.push(message.get_envelope().get_subject());
        assertEqual(subjects, ['one', 'Grüße']);

        const [uid] = await store.search_async(Posthorn.Query.new().subject('one'), null);
        const message = await store.fetch_one_async(uid, Posthorn.Fetch.BODY, null);
        assertEqual(new TextDecoder().decode(message.get_section('').toArray()), newMessage('one'));
        await store.close_async(null);
    },

    'a loop left early leaves the session usable': async () => {
        const store = newStore();
        await freshMailbox(store, 'GjsMany');
        for (let i = 0; i < 20; i++)
            await store.append_async('GjsMany', newMessage(`number ${i}`, 'x'.repeat(5000)), null, null, null);
        await store.noop_async(null);
        const everything = Posthorn.MessageSet.new_from_string('1:*');
        for await (const message of store.fetch(everything, Posthorn.Fetch.BODY, null)) {
            assertTrue(message.get_section('').get_size() > 5000);
            break;
        }
        assertEqual([...await inTime(store.search_async(Posthorn.Query.new(), null))].length, 20);
        await store.close_async(null);
    },

    'new mail is told': async () => {
        const watcher = newStore();
        const mailbox = await freshMailbox(watcher, 'GjsWatched');
        const news = new Promise(resolve => mailbox.connect('message-added', (_mailbox, number, uid) => resolve([number, uid])));
        watcher.set_watch(true);
        const other = newStore();
        await other.append_async('GjsWatched', newMessage('news'), null, null, null);
        assertEqual(await inTime(news), [1, 1]);
        await other.close_async(null);
        await watcher.close_async(null);
    },

    'a message is sent and read': async () => {
        const subject = `sent ${GLib.get_monotonic_time()}`;
        const transport = newSession('smtp', 'alice', 'PH_TEST_SUBMISSION_PORT');
        const delivery = await transport.send_async(newEnvelope('bob@example.test'), newMessage(subject), null);
        assertEqual([...delivery].map(row => [row.address, row.accepted, row.reply.get_code()]), [['bob@example.test', true, 250]]);
        await transport.close_async(null);

        const store = newStore();
        await store.select_async('INBOX', null);
        let found = [];
        for (let i = 0; i < patience * 20 && !found.length; i++) {
            await pause(50);
            await store.noop_async(null);
            found = [...await store.search_async(Posthorn.Query.new().subject(subject), null)];
        }
        assertEqual(found.length, 1);
        await store.close_async(null);
    },

    'partial refusal is a result': async () => {
        const lmtp = newLmtp();
        const delivery = await lmtp.send_async(newEnvelope('bob@example.test', 'nobody@example.test'), newMessage('lmtp'), null);
        assertEqual([...delivery].map(row => [row.accepted, row.reply.get_code()]), [[true, 250], [false, 550]]);
        await lmtp.close_async(null);
    },

    'all refused: each reply is read from the command': async () => {
        const lmtp = newLmtp();
        const command = lmtp.make_send(newEnvelope('nobody@example.test', 'nemo@example.test'), newMessage('no'));
        await assertRejects(Posthorn.Error, Posthorn.Error.RECIPIENTS_REFUSED, lmtp.run_async(command, null));
        assertEqual([...command.get_result()].map(row => [row.address, row.accepted, row.reply.get_code(), row.reply.get_enhanced_status()]),
            [['nobody@example.test', false, 550, '5.1.1'], ['nemo@example.test', false, 550, '5.1.1']]);
        await lmtp.close_async(null);
    },

    'the same with blocking calls': () => {
        const store = newStore();
        store.open(null);
        store.select('INBOX', null);
        const uids = store.search(Posthorn.Query.new(), null);
        let n = 0;
        for (const message of store.fetch(uids, Posthorn.Fetch.FLAGS, null))
            n += message.get_uid() > 0;
        assertEqual(n, [...uids].length);
        assertTrue(!store.command('XYZZY', null).is_ok());
        store.close(null);
    },

    'a wrong password is an error': async () => {
        const store = Posthorn.Session.new(`imaps://bob@localhost:${GLib.getenv('PH_TEST_IMAPS_PORT')}`);
        store.set_password('wrong');
        await assertRejects(Posthorn.Error, Posthorn.Error.AUTHENTICATION, store.open_async(null));
    },

    'a cancelled call leaves the session usable': async () => {
        const store = newStore();
        await freshMailbox(store, 'GjsCancelled');
        const cancellable = new Gio.Cancellable();
        cancellable.cancel();
        await assertRejects(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED, store.noop_async(cancellable));
        await store.noop_async(null);
        await store.close_async(null);
    },
});
