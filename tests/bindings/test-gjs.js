// SPDX-License-Identifier: LGPL-2.1-or-later
// What a JavaScript program sees without a server: values, queries, sets, the registry, promises, errors.

imports.gi.versions.Posthorn = '1';
const {Gio, GLib, Posthorn} = imports.gi;
imports.searchPath.unshift(GLib.path_get_dirname(imports.system.programPath));
const {assertEqual, assertRejects, assertThrows, assertTrue, run} = imports.tap;

const nowhere = 'smtp://127.0.0.1:1';

function newMessage() {
    const value = text => Posthorn.Value.new_string(text);
    const atom = text => Posthorn.Value.new_atom(text);
    const list = items => Posthorn.Value.new_list(items);
    const nil = () => Posthorn.Value.new_nil();
    const ann = list([list([value('=?utf-8?q?J=C3=B8rn?='), nil(), value('j'), value('x.example')])]);
    return Posthorn.Message.new(4, list([
        atom('UID'), Posthorn.Value.new_number(7), atom('FLAGS'), list([atom('\\Seen')]),
        atom('ENVELOPE'), list([value('date'), value('=?utf-8?b?R3LDvMOfZQ==?='), ann, ann, ann, ann]),
        atom('BODY[]'), Posthorn.Value.new_bytes(new GLib.Bytes('a\r\nb')),
    ]));
}

// name → names of its methods that end with _async, out of the GIR
function asyncMethods() {
    const [, octets] = GLib.file_get_contents(GLib.getenv('PH_TEST_GIR'));
    const classes = {};
    let name = null;
    for (const line of new TextDecoder().decode(octets).split('\n')) {
        const start = line.match(/^ {4}<(?:class|interface) name="(\w+)"/);
        const method = line.match(/<method name="(\w+)_async"/);
        if (start)
            classes[name = start[1]] = [];
        if (method)
            classes[name].push(method[1]);
    }
    return classes;
}

run({
    'a set is iterable': () => {
        const uids = Posthorn.MessageSet.new_from_string('7,1:3');
        assertEqual([...uids], [1, 2, 3, 7]);
        assertEqual([...Posthorn.MessageSet.new_from_string('5:*')], [5, Posthorn.MESSAGE_SET_STAR]);
        assertEqual(Posthorn.MESSAGE_SET_STAR, 4294967295);
        assertEqual(uids.to_string(), '1:3,7');
        assertTrue(uids.contains(2));
    },

    'a broken set is an error': () => {
        assertThrows(Posthorn.Error, Posthorn.Error.INVALID_ARGUMENT, () => Posthorn.MessageSet.new_from_string('0'));
    },

    'calls of a query chain': () => {
        const query = Posthorn.Query.new().unseen().from('ldj').since(Posthorn.date(2026, 11, 1));
        query.not(Posthorn.Query.new().seen());
        assertEqual(query.to_value().unpack(), ['UNSEEN', 'FROM', 'ldj', 'SINCE', '1-Nov-2026', 'NOT', ['SEEN']]);
    },

    'a message is read from what a server said': () => {
        const message = newMessage();
        assertEqual(message.get_uid(), 7);
        assertEqual(message.get_flags(), ['\\Seen']);
        assertEqual(message.get_envelope().get_subject(), 'Grüße');
        assertEqual(message.get_envelope().get_from().map(one => one.to_string()), ['Jørn <j@x.example>']);
        assertEqual(new TextDecoder().decode(message.get_section('').toArray()), 'a\r\nb');
        assertEqual(message.get_body_structure(), null);
    },

    'a delivery is iterable': () => {
        const envelope = Posthorn.Envelope.new('a@example.org');
        envelope.add_recipient('b@example.net');
        const delivery = Posthorn.Delivery.new(envelope);
        delivery.set(0, Posthorn.DeliveryFate.REFUSED, Posthorn.DeliveryPhase.RECIPIENT,
            Posthorn.Reply.new(Posthorn.Status.NO, 550, 'no such user'));
        assertEqual([...delivery].map(row => [row.address, row.accepted, row.reply.get_code()]), [['b@example.net', false, 550]]);
    },

    'what is installed is listed': () => {
        const names = Posthorn.Registry.get_default().list(false).map(feature => feature.get_name());
        assertTrue(names.includes('smtp') && names.includes('PLAIN'), names);
    },

    'an unknown scheme is an error': () => {
        assertThrows(Posthorn.Error, Posthorn.Error.UNKNOWN_SCHEME, () => Posthorn.Session.new('gopher://example.org'));
    },

    'every asynchronous call gives a promise': () => {
        const missing = [];
        let n = 0;
        for (const [name, methods] of Object.entries(asyncMethods())) {
            for (const method of methods) {
                n++;
                if (!Posthorn[name].prototype[`_original_${method}_async`])
                    missing.push(`${name}.${method}_async`);
            }
        }
        assertEqual(missing, []);
        assertTrue(n > 20, n);
    },

    'a promise is rejected with the error': async () => {
        const session = Posthorn.Session.new(nowhere);
        await assertRejects(Posthorn.Error, Posthorn.Error.CONNECT, session.open_async(null));
        await assertRejects(Posthorn.Error, Posthorn.Error.CONNECT, Posthorn.Connection.open_async(nowhere, 5, null));
        await session.close_async(null);
    },

    'a message may be a string or bytes': async () => {
        const transport = Posthorn.Session.new(nowhere);
        const envelope = Posthorn.Envelope.new('a@example.org');
        envelope.add_recipient('b@example.net');
        assertTrue(transport.make_send(envelope, 'Subject: x\r\n\r\ny') instanceof Posthorn.Command);
        assertTrue(transport.make_send(envelope, new Uint8Array([65])) instanceof Posthorn.Command);
        await assertRejects(Posthorn.Error, Posthorn.Error.CONNECT, transport.send_async(envelope, 'x', null));
    },

    'a callback still works': async () => {
        const error = await new Promise(resolve => {
            Posthorn.Session.new(nowhere).open_async(null, (session, result) => {
                try {
                    session.open_finish(result);
                } catch (caught) {
                    resolve(caught);
                }
            });
        });
        assertTrue(error.matches(Posthorn.Error, Posthorn.Error.CONNECT));
    },

    'cancelled is GIO’s error': async () => {
        const cancellable = new Gio.Cancellable();
        const promise = Posthorn.Session.new(nowhere).open_async(cancellable);
        cancellable.cancel();
        await assertRejects(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED, promise);
    },
});
