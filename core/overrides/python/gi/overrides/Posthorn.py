# SPDX-License-Identifier: LGPL-2.1-or-later
"""What makes Posthorn read like Python: iteration, `with`, `in`, plain texts and dates for arguments.

PyGObject finds this file by its place and applies it when Posthorn is imported.
"""
import collections
import datetime

from gi.repository import GLib
from ..module import get_introspection_module

Posthorn = get_introspection_module('Posthorn')
__all__ = []

STAR = Posthorn.MESSAGE_SET_STAR


def _method(cls, name=None):
    """Puts a function into a class of the library, under its own name or another."""
    def put(function):
        setattr(cls, name or function.__name__, function)
        return function
    return put


# Arguments

def _body(value):
    """A message: text, bytes, a body."""
    if isinstance(value, str):
        return Posthorn.Body.new_for_text(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return Posthorn.Body.new_for_bytes(GLib.Bytes.new(bytes(value)))
    return value


def _set(value):
    """Messages: a set, one UID, the text of a set ("1:3,7"), any iterable of UIDs."""
    if value is None or isinstance(value, Posthorn.MessageSet):
        return value
    if isinstance(value, str):
        return Posthorn.MessageSet.new_from_string(value)
    uids = Posthorn.MessageSet.new(True)
    for uid in [value] if isinstance(value, int) else value:
        uids.add(uid)
    return uids


def _query(value):
    """A search: a query, or keys as RFC 9051 writes them."""
    return Posthorn.Query.new().raw(value) if isinstance(value, str) else value


def _day(value):
    """A day: GLib.DateTime, or Python's date or datetime."""
    if isinstance(value, datetime.date):
        return Posthorn.date(value.year, value.month, value.day)
    return value


def _converting(cls, names, index, keyword, convert):
    """Lets an argument of these methods, the index-th behind self, be what convert takes."""
    for name in names:
        plain = getattr(cls, name)

        def method(self, *args, _plain=plain, **kwargs):
            if len(args) > index:
                args = (*args[:index], convert(args[index]), *args[index + 1:])
            elif keyword in kwargs:
                kwargs[keyword] = convert(kwargs[keyword])
            return _plain(self, *args, **kwargs)

        method.__name__ = name
        method.__doc__ = plain.__doc__
        setattr(cls, name, method)


_converting(Posthorn.Transport, ['send', 'send_async', 'make_send'], 1, 'body', _body)
_converting(Posthorn.Store, ['append', 'append_async'], 1, 'body', _body)
_converting(Posthorn.Store, ['fetch', 'fetch_all', 'fetch_all_async', 'fetch_changed', 'fetch_page', 'store', 'store_async',
                             'store_unchanged', 'store_unchanged_async', 'copy', 'copy_async', 'copy_mapped', 'copy_mapped_async'],
            0, 'set', _set)
_converting(Posthorn.Store, ['expunge', 'expunge_async', 'move', 'move_async', 'move_mapped', 'move_mapped_async'], 0, 'uids', _set)
_converting(Posthorn.Store, ['search', 'search_async', 'search_numbers', 'search_numbers_async', 'search_for', 'search_for_async',
                             'search_page', 'search_page_async'], 0, 'query', _query)
_converting(Posthorn.Query, ['in_set'], 0, 'set', _set)
_converting(Posthorn.Query, ['since', 'before', 'on', 'sent_since', 'sent_before'], 0, 'day', _day)


# Sessions

@_method(Posthorn.Session)
def __enter__(self):
    return self


@_method(Posthorn.Session)
def __exit__(self, kind, value, traceback):
    """Says goodbye; what the block raised is not hidden by what the goodbye raises."""
    try:
        self.close()
    except GLib.Error:
        if kind is None:
            raise


# Messages one after the other

@_method(Posthorn.MessageIter)
def __iter__(self):
    return self


@_method(Posthorn.MessageIter)
def __next__(self):
    message = self.next()
    if message is None:
        raise StopIteration
    return message


# Sets

def _ranges(self):
    for index in range(self.get_n_ranges()):
        yield self.get_range(index)


@_method(Posthorn.MessageSet, '__iter__')
def _iterate_set(self):
    """Every value, ascending; of a range to "*" its two ends."""
    for first, last in _ranges(self):
        if last == STAR and first != STAR:
            yield first
            yield STAR
        else:
            yield from range(first, last + 1)


@_method(Posthorn.MessageSet)
def __len__(self):
    return self.get_count()


@_method(Posthorn.MessageSet)
def __bool__(self):
    """What the server keeps can't be counted, and isn't nothing."""
    return not self.is_empty()


@_method(Posthorn.MessageSet)
def __contains__(self, value):
    return isinstance(value, int) and 0 < value <= STAR and self.contains(value)


@_method(Posthorn.MessageSet, '__str__')
def _set_to_str(self):
    return self.to_string()


@_method(Posthorn.MessageSet, '__repr__')
def _set_repr(self):
    return f'<Posthorn.MessageSet of {"UIDs" if self.is_by_uid() else "numbers"} {self.to_string()!r}>'


# Which UID became which

@_method(Posthorn.UidMapping, '__len__')
def _count_pairs(self):
    return self.get_n_pairs()


@_method(Posthorn.UidMapping, '__iter__')
def _iterate_pairs(self):
    """(old, new) of each."""
    for index in range(self.get_n_pairs()):
        yield self.get_pair(index)[1:]


# Deliveries

DeliveryRow = collections.namedtuple('DeliveryRow', ['address', 'accepted', 'fate', 'phase', 'reply'])


@_method(Posthorn.Delivery, '__len__')
def _count_rows(self):
    return self.get_n_recipients()


@_method(Posthorn.Delivery)
def __getitem__(self, index):
    """One recipient's row; with its fields by name."""
    length = self.get_n_recipients()
    if not -length <= index < length:
        raise IndexError(index)
    index %= length
    return DeliveryRow(self.get_address(index), self.is_accepted(index), self.get_fate(index), self.get_phase(index),
                       self.get_reply(index))


# Texts

@_method(Posthorn.Reply, '__str__')
def _reply_to_str(self):
    return self.to_string()


@_method(Posthorn.Address, '__str__')
def _address_to_str(self):
    return self.to_string()


# Value trees

@_method(Posthorn.Value, '__iter__')
def _iterate_value(self):
    """The items of a list; nothing for anything else."""
    item = self.first()
    while item is not None:
        yield item
        item = item.next()


@_method(Posthorn.Value)
def unpack(self):
    """The tree as Python has it: None, str, int, bytes (literals) and lists."""
    kind = self.get_kind()
    if kind == Posthorn.ValueKind.NIL:
        return None
    if kind == Posthorn.ValueKind.LIST:
        return [unpack(item) for item in self]
    if kind == Posthorn.ValueKind.NUMBER:
        return self.get_number()[1]
    if kind == Posthorn.ValueKind.LITERAL:
        return self.dup_bytes().get_data()
    return self.dup_text()


def _pack(value):
    """A value tree out of None, str (a string, not an atom), int, bytes, lists and values."""
    if isinstance(value, Posthorn.Value):
        return value
    if value is None:
        return Posthorn.Value.new_nil()
    if isinstance(value, str):
        return Posthorn.Value.new_string(value)
    if isinstance(value, int):
        return Posthorn.Value.new_number(value)
    if isinstance(value, (bytes, bytearray)):
        return Posthorn.Value.new_bytes(GLib.Bytes.new(bytes(value)))
    return Posthorn.Value.new_list([_pack(item) for item in value])


Posthorn.Value.pack = staticmethod(_pack)
