// SPDX-License-Identifier: LGPL-2.1-or-later
// What a Vala program sees without a server: it compiles against the generated API and runs.

void test_set () throws Error {
  var uids = new Posthorn.MessageSet.from_string ("7,1:3");
  assert_cmpstr (uids.to_string (), CompareOperator.EQ, "1:3,7");
  assert_cmpuint ((uint) uids.get_count (), CompareOperator.EQ, 4);
  assert_true (uids.contains (2));
  uint32 first, last;
  uids.get_range (0, out first, out last);
  assert_cmpuint (first, CompareOperator.EQ, 1);
  assert_cmpuint (last, CompareOperator.EQ, 3);
}

void test_query () {
  var query = new Posthorn.Query ();
  query.unseen ().from ("ldj").since (Posthorn.date (2026, 11, 1));
  var keys = query.to_value ();
  assert_cmpuint (keys.get_length (), CompareOperator.EQ, 5);
  assert_cmpstr (keys.get_child (4).dup_text (), CompareOperator.EQ, "1-Nov-2026");
}

Posthorn.Value list (Posthorn.Value[] items) {
  return new Posthorn.Value.list (items);
}

void test_message () {
  Posthorn.Value[] ann = { new Posthorn.Value.string ("Ann"), new Posthorn.Value.nil (), new Posthorn.Value.string ("ann"),
                           new Posthorn.Value.string ("example.org") };
  Posthorn.Value[] from = { list (ann) };
  Posthorn.Value[] envelope = { new Posthorn.Value.nil (), new Posthorn.Value.string ("Hello"), list (from) };
  Posthorn.Value[] attributes = { new Posthorn.Value.atom ("UID"), new Posthorn.Value.number (7),
                                  new Posthorn.Value.atom ("ENVELOPE"), list (envelope) };
  var message = new Posthorn.Message (1, list (attributes));
  assert_cmpuint (message.get_uid (), CompareOperator.EQ, 7);
  assert_cmpstr (message.get_envelope ().get_subject (), CompareOperator.EQ, "Hello");
  var addresses = message.get_envelope ().get_from ();
  assert_cmpuint (addresses.length, CompareOperator.EQ, 1);
  assert_cmpstr (addresses[0].to_string (), CompareOperator.EQ, "Ann <ann@example.org>");
  assert_null (message.get_internal_date ());
}

void test_envelope () {
  var envelope = new Posthorn.Envelope ("alice@example.org");
  envelope.add_recipient ("bob@example.net");
  var delivery = new Posthorn.Delivery (envelope);
  delivery.set (0, Posthorn.DeliveryFate.ACCEPTED, Posthorn.DeliveryPhase.DATA, new Posthorn.Reply (Posthorn.Status.OK, 250, "fine"));
  assert_true (delivery.is_accepted (0));
  assert_cmpint (delivery.get_reply (0).get_code (), CompareOperator.EQ, 250);
}

void test_error () {
  try {
    new Posthorn.Session ("gopher://example.org");
    assert_not_reached ();
  } catch (Posthorn.Error.UNKNOWN_SCHEME error) {
    assert_true ("gopher" in error.message);
  } catch (Error error) {
    assert_not_reached ();
  }
}

async void open_nowhere (out string? refused) {
  refused = null;
  try {
    var session = new Posthorn.Session ("smtp://127.0.0.1:1");
    yield session.open_async (null);
  } catch (Posthorn.Error.CONNECT error) {
    refused = error.message;
  } catch (Error error) {
    assert_not_reached ();
  }
}

void test_async () {
  var loop = new MainLoop ();
  string? refused = null;
  open_nowhere.begin ((source, result) => {
    open_nowhere.end (result, out refused);
    loop.quit ();
  });
  loop.run ();
  assert_nonnull (refused);
}

void test_plugins () {
  var found = false;
  var features = Posthorn.Registry.get_default ().list (false);
  features.foreach ((feature) => {
    if (feature.get_name () == "PLAIN")
      found = true;
  });
  assert_true (found);
}

void test_scopes_and_orders () {
  var scopes = new Posthorn.SearchScopes ();
  scopes.add (Posthorn.SearchScope.PERSONAL, null).add (Posthorn.SearchScope.SUBTREE, { "Lists", "News" });
  assert_true (scopes.get_n_scopes () == 2);
  assert_null (scopes.get_mailboxes (0));
  assert_cmpstr (scopes.get_mailboxes (1)[1], CompareOperator.EQ, "News");

  var order = new Posthorn.SortOrder ();
  var name = new Posthorn.Value.atom ("RELEVANCY");
  order.extended ("SEARCH=FUZZY", new Posthorn.Value.list ({ name }), false).by (Posthorn.SortKey.DISPLAY_TO, true);
  assert_true (order.is_extended ());
  assert_cmpstr (string.joinv (" ", order.get_needs ()), CompareOperator.EQ, "SEARCH=FUZZY SORT=DISPLAY");
}

int main (string[] args) {
  Test.init (ref args);
  Test.add_func ("/vala/set", () => {
    try {
      test_set ();
    } catch (Error error) {
      assert_not_reached ();
    }
  });
  Test.add_func ("/vala/query", test_query);
  Test.add_func ("/vala/message", test_message);
  Test.add_func ("/vala/envelope-and-delivery", test_envelope);
  Test.add_func ("/vala/error-has-its-code", test_error);
  Test.add_func ("/vala/async", test_async);
  Test.add_func ("/vala/plugins", test_plugins);
  Test.add_func ("/vala/scopes-and-orders", test_scopes_and_orders);
  return Test.run ();
}
