// SPDX-License-Identifier: LGPL-2.1-or-later
// A Vala program against a real Dovecot and a real Postfix: blocking, and with yield.

Posthorn.Store new_store () throws Error {
  var session = new Posthorn.Session ("imaps://bob@localhost:" + Environment.get_variable ("PH_TEST_IMAPS_PORT"));
  session.set_password (Environment.get_variable ("PH_TEST_PASSWORD_BOB"));
  return (Posthorn.Store) session;
}

Posthorn.Transport new_lmtp () throws Error {
  return (Posthorn.Transport) new Posthorn.Session ("lmtp+unix://" + Environment.get_variable ("PH_TEST_LMTP_SOCKET"));
}

Posthorn.Body new_message (string subject) {
  return new Posthorn.Body.for_text (@"From: alice@example.test\r\nSubject: $subject\r\n\r\nIt sounds.\r\n");
}

Posthorn.Mailbox fresh_mailbox (Posthorn.Store store, string name) throws Error {
  try {
    store.delete (name);
  } catch (Error error) {
    // there was none
  }
  store.create (name);
  return store.select (name);
}

void test_store () throws Error {
  var store = new_store ();
  var mailbox = fresh_mailbox (store, "Vala");
  store.append ("Vala", new_message ("one"), { "\\Seen" }, null);
  store.append ("Vala", new_message ("two"), null, null);
  store.noop ();
  assert_cmpuint (mailbox.n_messages, CompareOperator.EQ, 2);

  string[] subjects = {};
  var messages = store.fetch (store.search (new Posthorn.Query ()), Posthorn.Fetch.ENVELOPE | Posthorn.Fetch.FLAGS, null);
  Posthorn.Message? message;
  while ((message = messages.next ()) != null)
    subjects += message.get_envelope ().get_subject ();
  assert_cmpstr (string.joinv (",", subjects), CompareOperator.EQ, "one,two");

  var all = store.fetch_all (store.search (new Posthorn.Query ().seen ()), Posthorn.Fetch.FLAGS, null);
  assert_cmpuint (all.length, CompareOperator.EQ, 1);
  assert_true (all[0].has_flag ("\\Seen"));
  store.close ();
}

void test_all_refused () throws Error {
  var lmtp = new_lmtp ();
  var envelope = new Posthorn.Envelope ("alice@example.test");
  envelope.add_recipient ("nobody@example.test");
  var command = lmtp.make_send (envelope, new_message ("no"));
  try {
    lmtp.run (command);
    assert_not_reached ();
  } catch (Posthorn.Error.RECIPIENTS_REFUSED error) {
    unowned Posthorn.Delivery delivery = (Posthorn.Delivery) command.get_result ().get_boxed ();
    assert_cmpint (delivery.get_reply (0).get_code (), CompareOperator.EQ, 550);
  }
  lmtp.close ();
}

async string send_and_count () throws Error {
  var envelope = new Posthorn.Envelope ("alice@example.test");
  envelope.add_recipient ("bob@example.test");
  var lmtp = new_lmtp ();
  var delivery = yield lmtp.send_async (envelope, new_message ("async"), null);
  yield lmtp.close_async ();

  var store = new_store ();
  yield store.open_async ();
  yield store.select_async ("INBOX", null);
  var found = yield store.search_async (new Posthorn.Query ().subject ("async"), null);
  yield store.close_async (null);
  return @"$(delivery.get_n_accepted ()) accepted, found: $(!found.is_empty ())";
}

void test_async () throws Error {
  var loop = new MainLoop ();
  string? told = null;
  Error? failed = null;
  send_and_count.begin ((source, result) => {
    try {
      told = send_and_count.end (result);
    } catch (Error error) {
      failed = error;
    }
    loop.quit ();
  });
  loop.run ();
  if (failed != null)
    throw failed;
  assert_cmpstr (told, CompareOperator.EQ, "1 accepted, found: true");
}

delegate void Body () throws Error;

void add (string name, owned Body body) {
  Test.add_data_func (name, () => {
    try {
      body ();
    } catch (Error error) {
      Test.message ("%s", error.message);
      Test.fail ();
    }
  });
}

int main (string[] args) {
  Test.init (ref args);
  Posthorn.SecurityPolicy.get_default ().set_ca_file (Environment.get_variable ("PH_TEST_CERTIFICATES") + "/ca.pem");
  add ("/vala-live/store", test_store);
  add ("/vala-live/all-refused", test_all_refused);
  add ("/vala-live/async", test_async);
  return Test.run ();
}
