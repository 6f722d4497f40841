// SPDX-License-Identifier: LGPL-2.1-or-later
// Tests as functions, results as TAP: `run ({name: async () => …})`.

/* exported assertEqual, assertRejects, assertThrows, assertTrue, run */

const {GLib} = imports.gi;
const System = imports.system;

class AssertionError extends Error {}

function assertTrue(value, note = '') {
    if (!value)
        throw new AssertionError(`not true ${note}`);
}

function assertEqual(value, expected) {
    const [one, other] = [JSON.stringify(value), JSON.stringify(expected)];
    if (one !== other)
        throw new AssertionError(`${one} is not ${other}`);
}

function check(error, domain, code) {
    if (error instanceof AssertionError || !error.matches || !error.matches(domain, code))
        throw new AssertionError(`another error: ${error}`);
    return error;
}

function assertThrows(domain, code, call) {
    try {
        call();
    } catch (error) {
        return check(error, domain, code);
    }
    throw new AssertionError('no error');
}

async function assertRejects(domain, code, promise) {
    try {
        await promise;
    } catch (error) {
        return check(error, domain, code);
    }
    throw new AssertionError('no error');
}

async function runAll(tests) {
    const names = Object.keys(tests);
    let n = 0, failed = 0;
    print(`1..${names.length}`);
    for (const name of names) {
        let fault = null;
        try {
            await tests[name]();
        } catch (error) {
            fault = error;
            failed++;
        }
        print(`${fault ? 'not ok' : 'ok'} ${++n} ${name}`);
        if (fault)
            print(`${fault}\n${fault.stack}`.replace(/^/gm, '# '));
    }
    return failed;
}

function run(tests) {
    const loop = GLib.MainLoop.new(null, false);
    let failed = 1;
    runAll(tests).then(n => {
        failed = n;
    }).catch(logError).finally(() => loop.quit());
    loop.run();
    System.exit(failed ? 1 : 0);
}
