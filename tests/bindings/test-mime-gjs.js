// SPDX-License-Identifier: LGPL-2.1-or-later
// A message of GMime's through a transport, as a JavaScript program does it.

imports.gi.versions.GMime = '3.0';
imports.gi.versions.Posthorn = '1';
imports.gi.versions.PosthornMime = '1';
const {Gio, GLib, GMime, Posthorn, PosthornMime} = imports.gi;
imports.searchPath.unshift(GLib.path_get_dirname(imports.system.programPath));
const {assertEqual, assertRejects, assertThrows, assertTrue, run} = imports.tap;

GMime.init();

const harness = `${GLib.path_get_dirname(imports.system.programPath)}/../harness`;
const hello = String.raw`send 220 mail.example.org
prefix EHLO
raw 250-mail.example.org\r\n250 8BITMIME\r\n
`;
const taken = `${hello}match MAIL FROM:<alice@example.org>.*
send 250 ok
expect RCPT TO:<bob@example.net>
send 250 ok
expect DATA
send 354 go
until .
send 250 taken
`;

function serve(script) {
    const process = Gio.Subprocess.new(['/usr/bin/python3', `${harness}/scripted-server.py`, '--text', script], Gio.SubprocessFlags.STDOUT_PIPE);
    const [line] = Gio.DataInputStream.new(process.get_stdout_pipe()).read_line_utf8(null);
    const policy = Posthorn.SecurityPolicy.new();
    policy.set_tls_mode(Posthorn.TlsMode.NEVER);
    const session = Posthorn.Session.new(`smtp://localhost:${line.split(' ')[1]}`);
    session.set_policy(policy);
    return {session, end: () => process.force_exit()};
}

function newMessage(from = 'alice@example.org') {
    const message = GMime.Message.new(true);
    message.add_mailbox(GMime.AddressType.FROM, 'Alice', from);
    message.add_mailbox(GMime.AddressType.TO, 'Bob', 'bob@example.net');
    const part = GMime.TextPart.new_with_subtype('plain');
    part.set_text('Hello, Bob.\n');
    message.set_mime_part(part);
    return message;
}

run({
    'the header is the envelope': async () => {
        const envelope = PosthornMime.make_envelope(newMessage());
        assertEqual([envelope.get_sender(), envelope.get_recipient(0)], ['alice@example.org', 'bob@example.net']);
        assertTrue(PosthornMime.make_body(newMessage(), PosthornMime.Form.UTF8, PosthornMime.Flags.NONE).get_size() > 50);
    },
    'send blocks': async () => {
        const {session, end} = serve(taken);
        assertTrue(PosthornMime.send(session, newMessage(), null, PosthornMime.Flags.NONE, null).is_accepted(0));
        end();
    },
    'send_async is a promise': async () => {
        const {session, end} = serve(taken);
        const delivery = await PosthornMime.send_async(session, newMessage(), null, PosthornMime.Flags.CONVERT, null);
        assertEqual(delivery.get_n_accepted(), 1);
        end();
    },
    'an address that the server does not take': async () => {
        const {session, end} = serve(hello);
        await assertRejects(Posthorn.error_quark(), Posthorn.Error.NOT_SUPPORTED,
            PosthornMime.send_async(session, newMessage('jörg@example.org'), null, PosthornMime.Flags.NONE, null));
        end();
    },
    'an empty message': async () => {
        assertThrows(Posthorn.error_quark(), Posthorn.Error.INVALID_ARGUMENT, () => PosthornMime.make_envelope(GMime.Message.new(true)));
    },
});
