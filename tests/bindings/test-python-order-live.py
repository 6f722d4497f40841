#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sorting and threading: what the library makes of some thousand nasty messages is what Dovecot and Cyrus make of them."""
import base64
import os
import random
import re
import sys
import unittest

import gi
gi.require_version('Posthorn', '1')
from gi.repository import GLib, Posthorn    # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'harness'))
import tap    # noqa: E402

ENVIRONMENT = os.environ
N_MESSAGES = int(ENVIRONMENT.get('PH_TEST_N_MESSAGES', '3000'))
KEYS = {
    'ARRIVAL': Posthorn.SortKey.ARRIVAL, 'CC': Posthorn.SortKey.CC, 'DATE': Posthorn.SortKey.DATE, 'FROM': Posthorn.SortKey.FROM,
    'SIZE': Posthorn.SortKey.SIZE, 'SUBJECT': Posthorn.SortKey.SUBJECT, 'TO': Posthorn.SortKey.TO,
    'DISPLAYFROM': Posthorn.SortKey.DISPLAY_FROM, 'DISPLAYTO': Posthorn.SortKey.DISPLAY_TO,
}
ALGORITHMS = {
    'ORDEREDSUBJECT': Posthorn.ThreadAlgorithm.ORDERED_SUBJECT, 'REFERENCES': Posthorn.ThreadAlgorithm.REFERENCES,
    'REFS': Posthorn.ThreadAlgorithm.REFS,
}

Posthorn.SecurityPolicy.get_default().set_ca_file(os.path.join(ENVIRONMENT['PH_TEST_CERTIFICATES'], 'ca.pem'))


class Messages:
    """Reproducible ones: what people, lists, gateways and spammers write."""
    LEADERS = ['Re: ', 'RE:', 're :', 'Fwd: ', 'fw: ', 'FWD[4]: ', 'Re[2]: ', '[list] ', '[a][b]', '[list] Re: ', 'Re: [list] Re: ', '  ', 'Aw: ', '']
    TRAILERS = ['', '', '', ' (fwd)', '(FWD) (fwd)', '   ', ' (fwd) x']
    BASES = ['apple', 'Apple', 'APPLE pie', 'banana', '[only a blob]', '[x] [y]', 'zebra', '', 'a', 'B', 'c [d]', 're', 'fwd', '(fwd)', '[fwd: inner]',
             '[Fwd: Re: inner (fwd)]', '[unclosed', 'x] y', '10', '9', '~tilde', '_under', 'three  blanks   here', 'tab\there']
    WORDS = ['Grüße', 'GRÜSSE', 'grüße', 'éclair', 'Eclair', 'Ångström', 'ångström', 'Жук', 'жук', '日本', 'naïve', 'ﬁsh', 'İstanbul', 'ıslak', 'ſoft', '½']

    def __init__(self, seed, with_words):
        self.random = random.Random(seed)
        self.with_words = with_words
        self.ids = []

    def pick(self, *items):
        return self.random.choice(items)

    def encode(self, word):
        if self.random.random() < 0.5:
            return '=?utf-8?B?' + base64.b64encode(word.encode()).decode() + '?='
        return '=?UTF-8?q?' + ''.join(f'={octet:02X}' for octet in word.encode()) + '?='

    def subject(self):
        text = ''.join(self.random.choice(self.LEADERS) for _ in range(self.random.randrange(4)))
        if self.with_words and self.random.random() < 0.3:
            text += self.encode(self.random.choice(self.WORDS))
            return text
        text += self.random.choice(self.BASES) + self.random.choice(self.TRAILERS)
        return text if self.with_words else re.sub(' +', ' ', text)

    def address(self):
        local = self.pick('alice', 'Bob', 'bob', 'carol.x', '"d e"', 'ALICE', 'z')
        address = f'{local}@{self.pick("example.org", "EXAMPLE.net")}'
        return self.pick(address, f'Carol <{address}>', f'"Q, R" <{address}>', f'<{address}>', f'{address}, other@example.com', f'bert <{address}>')

    def date(self):
        day, hour, minute = self.random.randint(1, 28), self.random.randint(0, 23), self.random.randint(0, 59)
        month = self.pick('Jan', 'Feb', 'Dec')
        year = self.random.randint(1999, 2001)
        zone = self.pick('+0000', '-0800', '+0530', '+1345', 'GMT', 'EST', 'PDT', '-0000')
        time = f'{hour:02}:{minute:02}:{self.random.randint(0, 59):02}'
        return self.pick(f'Mon, {day} {month} {year} {time} {zone}', f'{day:02} {month} {year} {time} {zone}',
                         f'Tue, {day} {month} {year} {hour:02}:{minute:02} {zone} (a comment)', f'  {day} {month} {year} {time} {zone}')

    def message_id(self, number):
        chance = self.random.random()
        if chance < 0.05:
            return None
        if chance < 0.1 and self.ids:
            return self.random.choice(self.ids)
        if chance < 0.13:
            return f'<"quoted{number}"@example.org>'
        if chance < 0.15:
            return 'no id at all'
        return f'<{number}.x@example.org>'

    def references(self):
        if not self.ids or self.random.random() < 0.35:
            return []
        near = self.ids[-40:]
        chosen = [self.random.choice(near) for _ in range(self.random.randint(1, 4))]
        if self.random.random() < 0.15:
            chosen.insert(self.random.randrange(len(chosen) + 1), f'<gone{self.random.randrange(60)}@example.org>')
        return [one.replace('"', '') if self.random.random() < 0.5 else one for one in chosen]

    def make(self, number):
        lines = []
        identifier = self.message_id(number)
        references = self.references()
        if identifier is not None:
            lines.append(f'Message-ID: {identifier}')
            if identifier.startswith('<'):
                self.ids.append(identifier)
        if references and self.random.random() < 0.7:
            lines.append('References: ' + self.pick(' ', '\r\n ').join(references))
        if references and self.random.random() < 0.6:
            lines.append(f'In-Reply-To: {references[-1]}' + self.pick('', ' from alice'))
        if self.random.random() < 0.95:
            lines.append(f'Subject: {self.subject()}')
        if self.random.random() < 0.95:
            lines.append(f'Date: {self.date()}')
        for field, chance in (('From', 0.97), ('To', 0.9), ('Cc', 0.3)):
            if self.random.random() < chance:
                lines.append(f'{field}: {self.address()}')
        self.random.shuffle(lines)
        return '\r\n'.join(lines) + '\r\n\r\n' + 'x' * self.random.randrange(50) + '\r\n'


class Order:
    """The same tests of each server; a class for each below."""
    WITH_WORDS = True
    HAS_RIGHT_ESORT = True
    HAS_FUZZY = False

    @classmethod
    def setUpClass(cls):
        cls.store = Posthorn.Session.new(f'imaps://bob@localhost:{ENVIRONMENT[cls.PORT]}')
        cls.store.set_password(ENVIRONMENT['PH_TEST_PASSWORD_BOB'])
        cls.store.create('Nasty')
        messages = Messages(4, cls.WITH_WORDS)
        start = GLib.DateTime.new_utc(2002, 1, 1, 0, 0, 0)
        made = []
        for number in range(N_MESSAGES):
            body = Posthorn.Body.new_for_bytes(GLib.Bytes.new(messages.make(number).encode()))
            made.append(Posthorn.NewMessage.new(body, None, start.add_seconds(messages.random.randrange(500000))))
        for first in range(0, N_MESSAGES, 250):
            cls.store.append_all('Nasty', made[first:first + 250])
        cls.store.select('Nasty')
        cls.sort = cls.store.get_extension(Posthorn.Sort.__gtype__)
        cls.thread = cls.store.get_extension(Posthorn.Thread.__gtype__)

    @classmethod
    def tearDownClass(cls):
        cls.store.close_mailbox(False)
        cls.store.delete('Nasty')
        cls.store.close()

    def query(self, here):
        """What is too long for one line is sorted here, whatever the server has."""
        return Posthorn.Query.new().raw(' '.join(['ALL'] * (2500 if here else 1)))

    def order(self, text):
        order = Posthorn.SortOrder.new()
        reverse = False
        for word in text.split():
            if word == 'REVERSE':
                reverse = True
            else:
                order.by(KEYS[word], reverse)
                reverse = False
        return order

    def describe(self, uid):
        message = self.store.fetch_one(uid, Posthorn.Fetch.HEADER | Posthorn.Fetch.INTERNAL_DATE)
        return f'{uid}: {message.get_section("HEADER").get_data()} {message.get_internal_date().format("%F %T")}'

    def assert_same_order(self, text, by_uid=True):
        here = self.sort.messages(self.order(text), self.query(True), by_uid).get_numbers()
        there = self.sort.messages(self.order(text), self.query(False), by_uid).get_numbers()
        self.assertEqual(len(here), N_MESSAGES)
        if here == there:
            return
        differing = [place for place in range(N_MESSAGES) if here[place] != there[place]]
        place = differing[0]
        self.fail(f'{text}: {len(differing)} differ, first at {place}:\n' + '\n'.join(
            f'  {self.describe(here[i])}\n  {self.describe(there[i])}' for i in range(max(place - 1, 0), min(place + 3, N_MESSAGES))))

    def test_each_key_gives_the_server_s_order(self):
        for key in self.SORT_KEYS:
            with self.subTest(key):
                self.assert_same_order(key)
                self.assert_same_order(f'REVERSE {key}')

    def test_several_keys_give_the_server_s_order(self):
        self.assert_same_order('SUBJECT REVERSE DATE')
        self.assert_same_order('FROM REVERSE SUBJECT SIZE', by_uid=False)

    def test_the_server_s_line_by_hand_is_the_same(self):
        [response] = [one for one in self.store.command('UID SORT (SUBJECT DATE) UTF-8 ALL').get_responses() if one.get_name() == 'SORT']
        raw = [response.get_values().get_child(i).get_number()[1] for i in range(response.get_values().get_length())]
        self.assertEqual(raw, self.sort.messages(self.order('SUBJECT DATE'), self.query(True), True).get_numbers())

    def test_pages_and_counts(self):
        whole = self.sort.messages(self.order('SUBJECT'), self.query(False), True).get_numbers()
        for here in (False, True):
            all_of_it = Posthorn.SearchReturn.MIN | Posthorn.SearchReturn.MAX | Posthorn.SearchReturn.COUNT
            result = self.sort.messages_for(self.order('SUBJECT'), self.query(here), True, all_of_it)
            if here or self.HAS_RIGHT_ESORT:
                self.assertEqual((result.get_min(), result.get_max()), (whole[0], whole[-1]))
            self.assertEqual(result.get_count(), N_MESSAGES)
            self.assertEqual(result.get_numbers(), [])
            page = self.sort.page(self.order('SUBJECT'), self.query(here), True, 11, 20)
            self.assertEqual(page.get_numbers(), whole[10:20])
            page = self.sort.page(self.order('SUBJECT'), self.query(here), True, -1, -10)
            self.assertEqual(page.get_numbers(), whole[-10:])

    def forest(self, name, here, by_uid=True):
        tree = self.thread.messages(ALGORITHMS[name], self.query(here), by_uid)
        return [(tree.get_depth(i), tree.get_message(i)) for i in range(tree.get_n_nodes())]

    def assert_same_threads(self, name, by_uid=True):
        here, there = self.forest(name, True, by_uid), self.forest(name, False, by_uid)
        self.assertEqual(len({message for _, message in here if message != 0}), N_MESSAGES)
        if here == there:
            return
        [place] = [i for i in range(min(len(here), len(there))) if here[i] != there[i]][:1] or [min(len(here), len(there)) - 1]
        self.fail(f'{name}: {len(here)} and {len(there)} nodes, first different at {place}:\n here {here[max(place - 5, 0):place + 8]}\n'
                  f'there {there[max(place - 5, 0):place + 8]}\n' + '\n'.join(self.describe(m) for _, m in here[place - 1:place + 2] if m))

    def test_each_algorithm_gives_the_server_s_threads(self):
        for name in self.THREADS:
            with self.subTest(name):
                self.assert_same_threads(name)
        self.assert_same_threads(self.THREADS[-1], by_uid=False)


    def test_a_fuzzy_search_where_there_is_one(self):
        exact = Posthorn.Query.new().subject('banana')
        fuzzy = Posthorn.Query.new().fuzzy(exact)
        self.assertEqual(fuzzy.get_needs(), ['SEARCH=FUZZY'])
        if self.HAS_FUZZY:
            # taken, and nothing found, for want of an index
            self.assertEqual(self.store.search(fuzzy).to_array(), [])
            self.assertGreater(len(self.store.search(exact).to_array()), 0)
        else:
            with self.assertRaises(GLib.Error) as caught:
                self.store.search(fuzzy)
            self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.NOT_SUPPORTED), caught.exception)

    def test_a_compressed_channel(self):
        text = 'Subject: a\r\n\r\n' + 'the same words again and again\r\n' * 3000
        for early in (True, False):
            store = Posthorn.Session.new(f'imaps://bob@localhost:{ENVIRONMENT[self.PORT]}')
            store.set_password(ENVIRONMENT['PH_TEST_PASSWORD_BOB'])
            if early:
                store.use('COMPRESS=DEFLATE')
            store.open()
            compress = store.get_extension(Posthorn.Compress.__gtype__)
            self.assertEqual(compress.get_octets()[0], early)
            if not early:
                compress.set_level(1)
                self.assertEqual(compress.get_level(), 1)
                self.assertTrue(compress.start())
            with self.assertRaises(GLib.Error) as caught:
                compress.start()
            self.assertTrue(caught.exception.matches(Posthorn.error_quark(), Posthorn.Error.WRONG_STATE), caught.exception)
            # the server has the last word
            self.assertFalse(store.command('COMPRESS DEFLATE').is_ok())
            store.select('INBOX')
            store.append('INBOX', text)
            [uid] = store.search(Posthorn.Query.new().larger(90000)).to_array()[-1:]
            self.assertEqual(store.fetch_one(uid, Posthorn.Fetch.BODY).get_section('').get_data().decode(), text)
            active, sent, sent_deflated, received, received_deflated = compress.get_octets()
            self.assertTrue(active)
            self.assertGreater(sent, 90000)
            self.assertLess(sent_deflated, sent / 20)
            self.assertGreater(received, 90000)
            self.assertLess(received_deflated, received / 20)
            store.close()
            self.assertFalse(compress.get_octets()[0])


class Dovecot(Order, unittest.TestCase):
    PORT = 'PH_TEST_IMAPS_PORT'
    SORT_KEYS = ('ARRIVAL', 'CC', 'DATE', 'FROM', 'SIZE', 'SUBJECT', 'TO', 'DISPLAYFROM', 'DISPLAYTO')
    THREADS = ('REFS', 'REFERENCES')


class Cyrus(Order, unittest.TestCase):
    # Cyrus 3.6 compares what it searches in, without accents and with other folding than i;unicode-casemap, leaves several blanks as they
    # are (RFC 5256 section 2.1: step 1), and tells the lowest and
    # highest UID for MIN and MAX (RFC 5267 section 3.1: the first and last in order).
    WITH_WORDS = False
    HAS_RIGHT_ESORT = False
    HAS_FUZZY = True
    PORT = 'PH_TEST_CYRUS_IMAPS_PORT'
    SORT_KEYS = ('ARRIVAL', 'CC', 'DATE', 'FROM', 'SIZE', 'SUBJECT', 'TO', 'DISPLAYFROM', 'DISPLAYTO')
    THREADS = ('ORDEREDSUBJECT', 'REFERENCES')


if __name__ == '__main__':
    tap.main()
