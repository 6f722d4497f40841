/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where commands write typed arguments; the protocol's engine decides on quoting, literals and charset. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_WRITER (ph_writer_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhWriter, ph_writer, PH, WRITER, GObject)

/*
 * A blank between elements is the writer's business. The first error sticks (PH_ERROR_INVALID_ARGUMENT: CR, LF or NUL where
 * they can't be, an atom with blanks) and the command fails before a byte of it leaves.
 *
 * atom: a word that needs no quoting by its grammar (names, flags, sets, dates)
 * string: any text, UTF-8: atom, quoted or literal, as it needs (IMAP astring); in SMTP a word, refused if it holds blanks
 * mailbox: a mailbox name in UTF-8, encoded as the server wants it
 * number: decimal
 * bytes: octets: quoted or a literal
 * body: a literal streamed from a PhBody of known size
 * secret: as string, hidden in traces
 * line: text as it is (the raw door)
 * open, close: a parenthesized list
 * value: any tree; lists become parenthesized
 * search: the keys of a search, behind the charset where they need one; NULL: as query
 */
struct _PhWriterInterface {
  GTypeInterface g_iface;

  void (*atom)    (PhWriter *self, const char *word);
  void (*string)  (PhWriter *self, const char *text);
  void (*mailbox) (PhWriter *self, const char *name);
  void (*number)  (PhWriter *self, guint64 number);
  void (*bytes)   (PhWriter *self, GBytes *bytes);
  void (*body)    (PhWriter *self, PhBody *body);
  void (*secret)  (PhWriter *self, PhSecret *secret);
  void (*line)    (PhWriter *self, const char *text);
  void (*open)    (PhWriter *self);
  void (*close)   (PhWriter *self);
  void (*fail)    (PhWriter *self, GError *error);
  void (*search)  (PhWriter *self, const PhValue *keys);

  gpointer reserved[7];
};

PH_AVAILABLE_IN_1_0 void ph_writer_atom    (PhWriter *self, const char *word);
PH_AVAILABLE_IN_1_0 void ph_writer_string  (PhWriter *self, const char *text);
PH_AVAILABLE_IN_1_0 void ph_writer_mailbox (PhWriter *self, const char *name);
PH_AVAILABLE_IN_1_0 void ph_writer_number  (PhWriter *self, guint64 number);
PH_AVAILABLE_IN_1_0 void ph_writer_bytes   (PhWriter *self, GBytes *bytes);
PH_AVAILABLE_IN_1_0 void ph_writer_body    (PhWriter *self, PhBody *body);
PH_AVAILABLE_IN_1_0 void ph_writer_secret  (PhWriter *self, PhSecret *secret);
PH_AVAILABLE_IN_1_0 void ph_writer_line    (PhWriter *self, const char *text);
PH_AVAILABLE_IN_1_0 void ph_writer_open    (PhWriter *self);
PH_AVAILABLE_IN_1_0 void ph_writer_close   (PhWriter *self);
PH_AVAILABLE_IN_1_0 void ph_writer_value   (PhWriter *self, const PhValue *value);
/* @keys: what ph_query_to_value () gives: the keys behind SEARCH's and SORT's charset, UTF-8 */
PH_AVAILABLE_IN_1_0 void ph_writer_query   (PhWriter *self, const PhValue *keys);
/* The same with CHARSET in front, where the server must be told; what it lacks for a key fails */
PH_AVAILABLE_IN_1_0 void ph_writer_search  (PhWriter *self, const PhValue *keys);
/* @error (transfer full): the command fails with it, unsent */
PH_AVAILABLE_IN_1_0 void ph_writer_fail    (PhWriter *self, GError *error);

G_END_DECLS
