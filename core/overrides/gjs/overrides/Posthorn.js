// SPDX-License-Identifier: LGPL-2.1-or-later
// What makes Posthorn read like JavaScript: promises, for…of, for await…of.
// GJS finds this file by its place and applies it when Posthorn is imported.

/* exported _init */

const {Gio, GLib} = imports.gi;

// Each x_async () has an x_finish (); without a callback it gives a promise.
const asyncMethods = {
    Session: ['open', 'log_in', 'close', 'run', 'command', 'noop', 'require_extension'],
    Connector: ['open'],
    Transport: ['send', 'verify', 'expand', 'help', 'reset', 'etrn', 'xclient', 'xforward'],
    TransportPool: ['send', 'drain'],
    Store: [
        'list', 'list_subscribed', 'list_with_status', 'status', 'select', 'examine', 'close_mailbox', 'create', 'delete', 'rename',
        'subscribe', 'unsubscribe', 'search', 'search_numbers', 'fetch_all', 'fetch_one', 'fetch_to_stream', 'store', 'copy', 'move', 'append',
        'expunge', 'get_changes', 'map_uids', 'search_for', 'search_page', 'get_uid_batches', 'resume', 'resume_examine', 'store_unchanged', 'append_all',
        'replace', 'copy_mapped', 'move_mapped', 'fetch_decoded_to_stream', 'create_for', 'list_selected',
    ],
    StorePool: ['lock'],
    MessageIter: ['next'],
    Outbox: ['push', 'send', 'flush'],
    Credentials: ['lookup', 'store', 'clear', 'list_accounts'],
    UrlAuth: ['generate', 'fetch', 'reset'],
    Acl: ['get', 'set', 'delete', 'list_rights', 'get_my_rights', 'list_my_rights'],
    Metadata: ['get', 'set', 'set_all', 'list'],
    Namespaces: ['get'],
    Id: ['exchange'],
    Language: ['list', 'select'],
    Comparator: ['get', 'select'],
    SaveDate: ['search'],
    ObjectIds: ['get_status', 'search'],
    Annotations: ['store', 'search', 'sort'],
    Sieve: ['get_script', 'set_script'],
    Gmail: ['search', 'store_labels'],
    Quota: ['get', 'get_root', 'set', 'set_limits', 'get_deleted'],
    Convert: ['list', 'part'],
    Compress: ['start'],
    JmapAccess: ['get_url'],
    Sort: ['messages', 'messages_for', 'page'],
    Thread: ['messages'],
    Notify: ['set', 'none'],
    Unauthenticate: ['run'],
    Contexts: ['search', 'sort', 'cancel'],
    Multisearch: ['search'],
    Fuzzy: ['search'],
    MailboxReferrals: ['list', 'list_subscribed'],
};

function promisify(target, name) {
    if (target[`${name}_async`])
        Gio._promisify(target, `${name}_async`, `${name}_finish`);
}

function* iterateSet(star) {
    const ranges = this.get_n_ranges();
    for (let i = 0; i < ranges; i++) {
        const [first, last] = this.get_range(i);
        if (last === star && first !== star) {
            yield first;
            yield star;
            continue;
        }
        for (let value = first; value <= last; value++)
            yield value;
    }
}

function* iterateValue() {
    for (let item = this.first(); item !== null; item = item.next())
        yield item;
}

function* iterateDelivery() {
    for (let i = 0; i < this.get_n_recipients(); i++) {
        yield {
            address: this.get_address(i),
            accepted: this.is_accepted(i),
            fate: this.get_fate(i),
            phase: this.get_phase(i),
            reply: this.get_reply(i),
        };
    }
}

function* iterateMessages() {
    try {
        for (let message = this.next(null); message !== null; message = this.next(null))
            yield message;
    } finally {
        this.run_dispose();
    }
}

// Left early, the command is cancelled at once and not when the garbage is collected: until then nothing else is read.
async function* awaitMessages() {
    try {
        for (let message = await this.next_async(null); message !== null; message = await this.next_async(null))
            yield message;
    } finally {
        this.run_dispose();
    }
}

function unpack() {
    const Posthorn = imports.gi.Posthorn;
    switch (this.get_kind()) {
    case Posthorn.ValueKind.NIL:
        return null;
    case Posthorn.ValueKind.LIST:
        return [...this].map(item => item.unpack());
    case Posthorn.ValueKind.NUMBER:
        return this.get_number()[1];
    case Posthorn.ValueKind.LITERAL:
        return this.dup_bytes().toArray();
    default:
        return this.dup_text();
    }
}

function toBody(Posthorn, message) {
    if (typeof message === 'string')
        return Posthorn.Body.new_for_text(message);
    if (message instanceof Uint8Array)
        return Posthorn.Body.new_for_bytes(new GLib.Bytes(message));
    return message;
}

function takeMessages(Posthorn, target, names) {
    for (const name of names) {
        const plain = target[name];
        target[name] = function (first, message, ...rest) {
            return plain.call(this, first, toBody(Posthorn, message), ...rest);
        };
    }
}

function _init() {
    const Posthorn = this;

    for (const [name, methods] of Object.entries(asyncMethods))
        methods.forEach(method => promisify(Posthorn[name].prototype, method));
    promisify(Posthorn.Connection, 'open');

    takeMessages(Posthorn, Posthorn.Transport.prototype, ['send', 'send_async', 'make_send']);
    takeMessages(Posthorn, Posthorn.Store.prototype, ['append', 'append_async']);

    Posthorn.MessageIter.prototype[Symbol.iterator] = iterateMessages;
    Posthorn.MessageIter.prototype[Symbol.asyncIterator] = awaitMessages;
    Posthorn.MessageSet.prototype[Symbol.iterator] = function () {
        return iterateSet.call(this, Posthorn.MESSAGE_SET_STAR);
    };
    Posthorn.Delivery.prototype[Symbol.iterator] = iterateDelivery;
    Posthorn.Value.prototype[Symbol.iterator] = iterateValue;
    Posthorn.Value.prototype.unpack = unpack;
}
