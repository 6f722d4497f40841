// SPDX-License-Identifier: LGPL-2.1-or-later
// What makes PosthornMime read like JavaScript: without a callback send_async () gives a promise.

/* exported _init */

const {Gio, GMime} = imports.gi;

function _init() {
    try {
        // GMime's typelib names functions that its library keeps to itself; only the first look at the class fails of that.
        GMime.Object;
    } catch (error) {
        // as expected
    }
    Gio._promisify(this, 'send_async', 'send_finish');
}
