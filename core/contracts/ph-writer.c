/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhWriter: where commands write typed arguments. */
#include "values/ph-value-private.h"

#include <string.h>

/**
 * PhWriter:
 *
 * Where a command writes its name and arguments as what they are; the protocol's engine decides on blanks, quoting, literals
 * and charset. So no argument can carry a CR, LF or NUL on to the wire: the first value that can't be sent makes the command fail
 * with %PH_ERROR_INVALID_ARGUMENT before a byte of it leaves, and what is written after that is ignored.
 *
 * Engines implement it; commands use it from their virtual functions.
 */
G_DEFINE_INTERFACE (PhWriter, ph_writer, G_TYPE_OBJECT)

static void
ph_writer_default_init (PhWriterInterface *iface)
{
}

/**
 * ph_writer_atom:
 * @self: a writer
 * @word: a word that by its grammar needs no quoting: a name, a flag, a sequence set, a date
 *
 * Writes a word as it is. One with blanks or control characters is an error.
 */
void
ph_writer_atom (PhWriter *self, const char *word)
{
  g_return_if_fail (PH_IS_WRITER (self) && word != NULL);

  PH_WRITER_GET_IFACE (self)->atom (self, word);
}

/**
 * ph_writer_string:
 * @self: a writer
 * @text: any text, UTF-8
 *
 * Writes text: an atom, quoted or a literal, as it needs (RFC 9051's `astring`). In SMTP a word; blanks are an error there.
 */
void
ph_writer_string (PhWriter *self, const char *text)
{
  g_return_if_fail (PH_IS_WRITER (self) && text != NULL);

  PH_WRITER_GET_IFACE (self)->string (self, text);
}

/**
 * ph_writer_mailbox:
 * @self: a writer
 * @name: a mailbox name, UTF-8
 *
 * Writes a mailbox name, encoded as the server wants it (modified UTF-7 of RFC 3501 section 5.1.3, or UTF-8).
 */
void
ph_writer_mailbox (PhWriter *self, const char *name)
{
  g_return_if_fail (PH_IS_WRITER (self) && name != NULL);

  PH_WRITER_GET_IFACE (self)->mailbox (self, name);
}

/**
 * ph_writer_number:
 * @self: a writer
 * @number: any
 *
 * Writes a number in decimal digits.
 */
void
ph_writer_number (PhWriter *self, guint64 number)
{
  g_return_if_fail (PH_IS_WRITER (self));

  PH_WRITER_GET_IFACE (self)->number (self, number);
}

/**
 * ph_writer_bytes:
 * @self: a writer
 * @bytes: any octets
 *
 * Writes octets, quoted or as a literal.
 */
void
ph_writer_bytes (PhWriter *self, GBytes *bytes)
{
  g_return_if_fail (PH_IS_WRITER (self) && bytes != NULL);

  PH_WRITER_GET_IFACE (self)->bytes (self, bytes);
}

/**
 * ph_writer_body:
 * @self: a writer
 * @body: octets of known size
 *
 * Writes a literal that is streamed from @body when its turn comes. A body of unknown size is an error.
 */
void
ph_writer_body (PhWriter *self, PhBody *body)
{
  g_return_if_fail (PH_IS_WRITER (self) && body != NULL);

  PH_WRITER_GET_IFACE (self)->body (self, body);
}

/**
 * ph_writer_secret:
 * @self: a writer
 * @secret: a password or token
 *
 * Writes text as ph_writer_string() does; traces show `***`, and the memory is wiped once it is written.
 */
void
ph_writer_secret (PhWriter *self, PhSecret *secret)
{
  g_return_if_fail (PH_IS_WRITER (self) && secret != NULL);

  PH_WRITER_GET_IFACE (self)->secret (self, secret);
}

/**
 * ph_writer_line:
 * @self: a writer
 * @text: text of one line, without its end
 *
 * Writes text as it is: the raw door. CR, LF and NUL are an error.
 */
void
ph_writer_line (PhWriter *self, const char *text)
{
  g_return_if_fail (PH_IS_WRITER (self) && text != NULL);

  PH_WRITER_GET_IFACE (self)->line (self, text);
}

/**
 * ph_writer_open:
 * @self: a writer
 *
 * Begins a parenthesized list.
 */
void
ph_writer_open (PhWriter *self)
{
  g_return_if_fail (PH_IS_WRITER (self));

  PH_WRITER_GET_IFACE (self)->open (self);
}

/**
 * ph_writer_close:
 * @self: a writer
 *
 * Ends a parenthesized list.
 */
void
ph_writer_close (PhWriter *self)
{
  g_return_if_fail (PH_IS_WRITER (self));

  PH_WRITER_GET_IFACE (self)->close (self);
}

/**
 * ph_writer_fail:
 * @self: a writer
 * @error: (transfer full): why
 *
 * Makes the command fail with @error, unsent. The first error stays.
 */
void
ph_writer_fail (PhWriter *self, GError *error)
{
  g_return_if_fail (PH_IS_WRITER (self) && error != NULL);

  PH_WRITER_GET_IFACE (self)->fail (self, error);
}

static void
write_word (PhWriter *self, const PhValue *value)
{
  gsize length;
  const char *data = ph_value_get_data (value, &length);
  guint64 number;

  /* "007" is written as it is; only what number () would write the same way is left to it */
  if (ph_value_get_number (value, &number) && (data[0] != '0' || length == 1))
    {
      ph_writer_number (self, number);
      return;
    }

  g_autofree char *text = g_strndup (data, length);
  if (strlen (text) != length)
    ph_writer_fail (self, g_error_new_literal (PH_ERROR, PH_ERROR_INVALID_ARGUMENT, "A word with a NUL in it can't be sent"));
  else
    ph_writer_atom (self, text);
}

static void
write_string (PhWriter *self, const PhValue *value)
{
  gsize length;
  const char *data = ph_value_get_data (value, &length);

  if (g_utf8_validate (data, (gssize) length, NULL))
    {
      g_autofree char *text = g_strndup (data, length);
      ph_writer_string (self, text);
      return;
    }

  g_autoptr (GBytes) bytes = ph_value_dup_bytes (value);
  ph_writer_bytes (self, bytes);
}

static void
write_leaf (PhWriter *self, const PhValue *value)
{
  switch (ph_value_get_kind (value))
    {
    case PH_VALUE_ATOM:
    case PH_VALUE_NUMBER:
      write_word (self, value);
      break;
    case PH_VALUE_STRING:
      write_string (self, value);
      break;
    case PH_VALUE_LITERAL:
      {
        g_autoptr (GBytes) bytes = ph_value_dup_bytes (value);
        ph_writer_bytes (self, bytes);
        break;
      }
    case PH_VALUE_LIST:
    case PH_VALUE_NIL:
    default:
      ph_writer_atom (self, "NIL");
    }
}

/**
 * ph_writer_value:
 * @self: a writer
 * @value: (nullable): a tree; %NULL for NIL
 *
 * Writes a tree: lists in parentheses, atoms and numbers as they are, strings as ph_writer_string() does, literals as
 * ph_writer_bytes() does.
 */
void
ph_writer_value (PhWriter *self, const PhValue *value)
{
  g_return_if_fail (PH_IS_WRITER (self));

  g_autoptr (GPtrArray) open = NULL;
  const PhValue *node = value;

  while (TRUE)
    {
      const PhValue *first = ph_value_first (node);
      if (first != NULL)
        {
          if (open == NULL)
            open = g_ptr_array_new ();
          ph_writer_open (self);
          g_ptr_array_add (open, (gpointer) node);
          node = first;
          continue;
        }
      if (ph_value_get_kind (node) == PH_VALUE_LIST)
        {
          ph_writer_open (self);
          ph_writer_close (self);
        }
      else
        write_leaf (self, node);

      while (open != NULL && open->len > 0 && ph_value_next (node) == NULL)
        {
          node = g_ptr_array_steal_index (open, open->len - 1);
          ph_writer_close (self);
        }
      if (open == NULL || open->len == 0)
        return;
      node = ph_value_next (node);
    }
}

/* A word may be several: what the program wrote by hand. */
static void
write_key (PhWriter *self, const PhValue *node)
{
  g_autofree char *text = ph_value_dup_text (node);

  if (ph_value_get_kind (node) == PH_VALUE_STRING || ph_value_get_kind (node) == PH_VALUE_LITERAL)
    ph_writer_string (self, text);
  else if (text != NULL)
    ph_writer_line (self, text);
}

/**
 * ph_writer_query: (skip)
 * @self: a writer
 * @keys: what [method@Posthorn.Query.to_value] gives
 *
 * Writes the keys of a search, of which the charset, where one has to be told, is UTF-8.
 */
void
ph_writer_query (PhWriter *self, const PhValue *keys)
{
  g_return_if_fail (PH_IS_WRITER (self));

  g_autoptr (GPtrArray) open = g_ptr_array_new ();
  const PhValue *node = ph_value_first (keys);
  while (node != NULL || open->len > 0)
    {
      if (node == NULL)
        {
          ph_writer_close (self);
          node = ph_value_next (g_ptr_array_steal_index (open, open->len - 1));
        }
      else if (ph_value_get_kind (node) == PH_VALUE_LIST)
        {
          ph_writer_open (self);
          g_ptr_array_add (open, (gpointer) node);
          node = ph_value_first (node);
        }
      else
        {
          write_key (self, node);
          node = ph_value_next (node);
        }
    }
}

/**
 * ph_writer_search: (skip)
 * @self: a writer
 * @keys: what [method@Posthorn.Query.to_value] gives
 *
 * Writes the keys of a search as SEARCH has them: with the charset in front where they have one to be told, and failing with
 * %PH_ERROR_NOT_SUPPORTED where the server lacks what a key needs.
 */
void
ph_writer_search (PhWriter *self, const PhValue *keys)
{
  g_return_if_fail (PH_IS_WRITER (self));

  PhWriterInterface *iface = PH_WRITER_GET_IFACE (self);
  if (iface->search != NULL)
    iface->search (self, keys);
  else
    ph_writer_query (self, keys);
}
