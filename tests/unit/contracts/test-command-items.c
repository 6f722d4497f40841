/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A running command's items: values, and messages, which wait in memory of their own. */
#include "contracts/ph-command-private.h"

#include <posthorn/ph-value-builder.h>

static void
test_items_come_out_in_order (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("FETCH", NULL);
  guint64 in = 0, out = 0, number;

  for (guint round = 0; round < 1000; round++)
    {
      for (int n = g_test_rand_int_range (0, 20); n > 0; n--)
        ph_command_push_item (command, PH_TYPE_VALUE, ph_value_new_number (in++));
      for (int n = g_test_rand_int_range (0, 20); n > 0 && out < in; n--)
        {
          g_autoptr (PhValue) item = ph_command_pop_item (command);
          g_assert_true (ph_value_get_number (item, &number));
          g_assert_cmpuint (number, ==, out++);
        }
      g_assert_cmpuint (ph_command_get_n_items (command), ==, in - out);
    }
  /* what nobody took goes with the command, of either kind of type */
  ph_command_push_item (command, PH_TYPE_COMMAND, ph_command_new ("X", NULL));
}

/* Small messages wait elsewhere than large ones and other items; all come in the order in which they were pushed. */
static void
test_messages_come_out_in_order (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("FETCH", NULL);
  g_autofree char *large = g_strnfill (3000, 'x');
  guint32 in = 0, out = 0;

  for (guint round = 0; round < 1000; round++)
    {
      for (int n = g_test_rand_int_range (0, 20); n > 0; n--)
        {
          g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
          g_autoptr (PhValue) owned = NULL;
          guint32 kind = in % 7;

          ph_value_builder_add (builder, PH_VALUE_ATOM, "X", 1);
          ph_value_builder_add (builder, PH_VALUE_STRING, large, kind == 6 ? 3000 : kind * 450);
          owned = in % 2 == 0 ? ph_value_copy (ph_value_builder_peek (builder)) : NULL;
          in++;
          if (kind == 3)
            ph_command_push_item (command, PH_TYPE_MESSAGE, ph_message_new (in, ph_value_builder_peek (builder)));
          else
            ph_command_push_message (command, in, in + 5, owned != NULL ? owned : ph_value_builder_peek (builder));
        }
      for (int n = g_test_rand_int_range (0, 20); n > 0 && out < in; n--)
        {
          g_autoptr (PhMessage) item = ph_command_pop_item (command);
          guint32 kind = out % 7;

          g_assert_cmpuint (ph_message_get_number (item), ==, ++out);
          g_assert_cmpuint (ph_message_get_uid (item), ==, kind == 3 ? 0 : out + 5);
          g_assert_cmpuint (strlen (ph_value_get_data (ph_message_get_attribute (item, "X"), NULL)), ==, kind == 6 ? 3000 : kind * 450);
        }
    }
  g_assert_cmpuint (ph_command_get_n_items (command), ==, in - out);
}

/* A list of "X" and a string, as a parser writes it */
static const PhValue *
write_attributes (guint8 *room, const char *text, gsize length)
{
  PhValueBuilderHead head = { .end = room, .list = room - PH_VALUE_LIST_HEAD };

  ph_value_builder_open_at (&head);
  head.end[2] = 'X';
  ph_value_builder_finish_word_at (&head, PH_VALUE_ATOM, 1);
  memcpy (head.end + 2, text, length);
  ph_value_builder_finish_word_at (&head, PH_VALUE_STRING, length);
  ph_value_builder_close_at (&head);
  return (const PhValue *) room;
}

/* Some are written where the next one is to be, some elsewhere, and some are not pushed. */
static void
test_messages_may_be_written_in_place (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("FETCH", NULL);
  g_autofree char *text = g_strnfill (200, 'x');
  guint8 elsewhere[300];
  guint32 in = 0, out = 0;

  for (guint round = 0; round < 1000; round++)
    {
      for (int n = g_test_rand_int_range (0, 20); n > 0; n--)
        {
          gsize size = 0;
          guint8 *room = ph_command_reserve_message (command, &size);
          const PhValue *attributes;

          g_assert_cmpuint (size, >=, 16 * 1024);
          attributes = write_attributes (room, text, in % 200);
          if (in % 3 == 0)
            attributes = write_attributes (elsewhere + PH_VALUE_LIST_HEAD, text, in % 200);
          in++;
          ph_command_push_message (command, in, in + 5, attributes);
        }
      for (int n = g_test_rand_int_range (0, 20); n > 0 && out < in; n--)
        {
          g_autoptr (PhMessage) item = ph_command_pop_item (command);
          gsize length = out % 200;

          g_assert_cmpuint (ph_message_get_number (item), ==, ++out);
          g_assert_cmpuint (ph_message_get_uid (item), ==, out + 5);
          g_assert_cmpuint (strlen (ph_value_get_data (ph_message_get_attribute (item, "X"), NULL)), ==, length);
        }
    }
  g_assert_cmpuint (ph_command_get_n_items (command), ==, in - out);
}

static void
test_a_lent_message_may_be_kept (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("FETCH", NULL);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_message_unref);
  g_autofree char *large = g_strnfill (3000, 'x');
  PhMessage *lent = NULL;
  gboolean roomy = FALSE;

  for (guint32 i = 1; i <= 200; i++)
    {
      g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();

      ph_value_builder_add (builder, PH_VALUE_ATOM, "X", 1);
      ph_value_builder_add (builder, PH_VALUE_STRING, large, i % 9 == 0 ? 3000 : i % 9 * 250);
      if (i % 5 == 0)
        ph_command_push_item (command, PH_TYPE_MESSAGE, ph_message_new (i, ph_value_builder_peek (builder)));
      else
        g_assert_true (ph_command_push_message (command, i, 0, ph_value_builder_peek (builder)));
    }
  while ((lent = ph_command_pop_message (command, lent, &roomy)) != NULL)
    if (ph_message_get_number (lent) % 3 == 0)
      g_ptr_array_add (kept, ph_message_ref (lent));

  g_assert_cmpuint (kept->len, ==, 66);
  for (guint32 i = 0; i < kept->len; i++)
    {
      PhMessage *message = g_ptr_array_index (kept, i);
      guint32 number = 3 * (i + 1);

      g_assert_cmpuint (ph_message_get_number (message), ==, number);
      g_assert_cmpuint (strlen (ph_value_get_data (ph_message_get_attribute (message, "X"), NULL)), ==, number % 9 == 0 ? 3000 : number % 9 * 250);
    }
}

static void
test_a_command_is_full_at_256_items (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("FETCH", NULL);

  g_assert_null (ph_command_pop_item (command));
  for (guint i = 0; i < 256; i++)
    {
      g_assert_false (ph_command_is_full (command));
      ph_command_push_item (command, PH_TYPE_VALUE, ph_value_new_nil ());
    }
  g_assert_true (ph_command_is_full (command));
  ph_command_push_item (command, PH_TYPE_VALUE, ph_value_new_nil ());
  g_assert_cmpuint (ph_command_get_n_items (command), ==, 257);
}

/* Messages are as large as the server likes: 256 of them would be no bound. */
static void
test_a_command_is_full_at_a_mebibyte_of_messages (void)
{
  g_autoptr (PhCommand) command = ph_command_new ("FETCH", NULL);
  g_autoptr (PhValueBuilder) builder = ph_value_builder_new ();
  g_autofree char *large = g_strnfill (300 * 1024, 'x');

  ph_value_builder_add (builder, PH_VALUE_ATOM, "BODY[]", 6);
  ph_value_builder_add (builder, PH_VALUE_STRING, large, 300 * 1024);
  for (guint round = 0; round < 3; round++)
    {
      for (guint32 i = 1; i <= 3; i++)
        g_assert_true (ph_command_push_message (command, i, i, ph_value_builder_peek (builder)));
      g_assert_false (ph_command_is_full (command));
      if (round == 1)
        ph_command_push_item (command, PH_TYPE_MESSAGE, ph_message_new (4, ph_value_builder_peek (builder)));
      else
        g_assert_false (ph_command_push_message (command, 4, 4, ph_value_builder_peek (builder)));
      g_assert_true (ph_command_is_full (command));
      for (guint32 i = 1; i <= 4; i++)
        {
          g_autoptr (PhMessage) message = ph_command_pop_item (command);

          g_assert_cmpuint (ph_message_get_number (message), ==, i);
          g_assert_false (ph_command_is_full (command));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/command/items-come-out-in-order", test_items_come_out_in_order);
  g_test_add_func ("/command/messages-come-out-in-order", test_messages_come_out_in_order);
  g_test_add_func ("/command/messages-may-be-written-in-place", test_messages_may_be_written_in_place);
  g_test_add_func ("/command/a-lent-message-may-be-kept", test_a_lent_message_may_be_kept);
  g_test_add_func ("/command/is-full-at-256-items", test_a_command_is_full_at_256_items);
  g_test_add_func ("/command/is-full-at-a-mebibyte-of-messages", test_a_command_is_full_at_a_mebibyte_of_messages);

  return g_test_run ();
}
