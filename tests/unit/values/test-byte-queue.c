/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The queue against a model of it, and what it does with secrets. */
#include <posthorn/posthorn.h>

#include <string.h>

static void
assert_same (PhByteQueue *queue, GByteArray *model)
{
  gsize length;
  const guint8 *data = ph_byte_queue_peek (queue, &length);

  g_assert_cmpuint (ph_byte_queue_get_length (queue), ==, model->len);
  g_assert_cmpmem (data, length, model->data, model->len);
}

static gsize
random_length (void)
{
  return (gsize) g_test_rand_int_range (0, g_test_rand_int_range (0, 4) == 0 ? 3000 : 60);
}

static void
fill_random (guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) g_test_rand_int ();
}

static void
random_step (PhByteQueue *queues[2], GByteArray *models[2])
{
  guint8 data[3000];
  gsize length = random_length ();
  guint which = (guint) g_test_rand_int_range (0, 2);
  PhByteQueue *queue = queues[which];
  GByteArray *model = models[which];

  fill_random (data, length);
  switch (g_test_rand_int_range (0, 20))
    {
    case 0:
      ph_byte_queue_move (queue, queues[1 - which]);
      g_byte_array_append (model, models[1 - which]->data, models[1 - which]->len);
      g_byte_array_set_size (models[1 - which], 0);
      break;
    case 1:
      if (length % 2 == 0)
        ph_byte_queue_set_secret (queue);
      ph_byte_queue_wipe (queue);
      g_byte_array_set_size (model, 0);
      break;
    case 19:
      ph_byte_queue_set_secret (queue);
      break;
    case 2:
    case 3:
    case 4:
    case 5:
      {
        guint8 *room = ph_byte_queue_reserve (queue, length + 100);
        memset (room, 0xee, length + 100);
        memcpy (room, data, length);
        ph_byte_queue_commit (queue, length);
        g_byte_array_append (model, data, (guint) length);
        break;
      }
    case 6:
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
    case 12:
      length = MIN (length * 2, model->len);
      ph_byte_queue_consume (queue, length);
      g_byte_array_remove_range (model, 0, (guint) length);
      break;
    default:
      ph_byte_queue_append (queue, data, length);
      g_byte_array_append (model, data, (guint) length);
    }
}

static void
test_a_random_walk_does_what_an_array_does (void)
{
  PhByteQueue *queues[2] = { ph_byte_queue_new (), ph_byte_queue_new () };
  GByteArray *models[2] = { g_byte_array_new (), g_byte_array_new () };

  for (guint i = 0; i < 20000; i++)
    {
      random_step (queues, models);
      assert_same (queues[0], models[0]);
      assert_same (queues[1], models[1]);
    }
  for (guint i = 0; i < 2; i++)
    {
      ph_byte_queue_unref (queues[i]);
      g_byte_array_unref (models[i]);
    }
}

static void
test_an_empty_queue_answers_everything (void)
{
  g_autoptr (PhByteQueue) queue = ph_byte_queue_new ();
  g_autoptr (PhByteQueue) other = ph_byte_queue_new ();
  gsize length = 1;

  ph_byte_queue_peek (queue, &length);
  g_assert_cmpuint (length, ==, 0);
  ph_byte_queue_append (queue, NULL, 0);
  ph_byte_queue_consume (queue, 0);
  ph_byte_queue_move (queue, other);
  ph_byte_queue_wipe (queue);
  g_assert_nonnull (ph_byte_queue_reserve (queue, 0));
  ph_byte_queue_commit (queue, 0);
  g_assert_cmpuint (ph_byte_queue_get_length (queue), ==, 0);
}

static void
test_moving_into_an_empty_queue_copies_nothing (void)
{
  g_autoptr (PhByteQueue) queue = ph_byte_queue_new ();
  g_autoptr (PhByteQueue) other = ph_byte_queue_new ();

  ph_byte_queue_append (other, "hello, world", 12);
  ph_byte_queue_consume (other, 7);
  const guint8 *before = ph_byte_queue_peek (other, NULL);
  ph_byte_queue_move (queue, other);
  g_assert_true (ph_byte_queue_peek (queue, NULL) == before);
  g_assert_cmpmem (ph_byte_queue_peek (queue, NULL), ph_byte_queue_get_length (queue), "world", 5);
  g_assert_cmpuint (ph_byte_queue_get_length (other), ==, 0);
}

/* A reader that stays one octet behind must not make the queue move everything each time. */
static void
test_a_queue_that_never_drains_stays_small (void)
{
  g_autoptr (PhByteQueue) queue = ph_byte_queue_new ();
  const guint8 *lowest = NULL, *highest = NULL;

  ph_byte_queue_append (queue, "x", 1);
  for (guint i = 0; i < 100000; i++)
    {
      ph_byte_queue_append (queue, "0123456789", 10);
      ph_byte_queue_consume (queue, 10);
      const guint8 *at = ph_byte_queue_peek (queue, NULL);
      lowest = lowest == NULL ? at : MIN (lowest, at);
      highest = MAX (highest, at);
    }
  g_assert_cmpuint ((gsize) (highest - lowest), <, 256);
}

static void
test_a_million_single_octets_pass (void)
{
  g_autoptr (PhByteQueue) queue = ph_byte_queue_new ();

  for (guint i = 0; i < 1000000; i++)
    {
      guint8 octet = (guint8) i;
      ph_byte_queue_append (queue, &octet, 1);
    }
  for (guint i = 0; i < 1000000; i++)
    {
      g_assert_cmpuint (*ph_byte_queue_peek (queue, NULL), ==, (guint8) i);
      ph_byte_queue_consume (queue, 1);
    }
  g_assert_cmpuint (ph_byte_queue_get_length (queue), ==, 0);
}

static void
test_boxed_type_references (void)
{
  g_autoptr (PhByteQueue) queue = ph_byte_queue_new ();
  PhByteQueue *same = g_boxed_copy (PH_TYPE_BYTE_QUEUE, queue);

  g_assert_true (same == queue);
  g_boxed_free (PH_TYPE_BYTE_QUEUE, same);
  g_assert_cmpuint (ph_byte_queue_get_length (queue), ==, 0);
}

static void
test_secret_keeps_its_octets (void)
{
  g_autoptr (PhSecret) text = ph_secret_new ("geheim");
  g_autoptr (PhSecret) octets = ph_secret_new_len ("a\0b", 3);
  g_autoptr (PhSecret) empty = ph_secret_new_len (NULL, 0);
  g_autoptr (PhSecret) same = g_boxed_copy (PH_TYPE_SECRET, text);
  gsize length;

  g_assert_true (same == text);
  g_assert_cmpstr (ph_secret_get (text, &length), ==, "geheim");
  g_assert_cmpuint (length, ==, 6);
  g_assert_cmpmem (ph_secret_get (octets, NULL), 4, "a\0b\0", 4);
  g_assert_cmpstr (ph_secret_get (empty, &length), ==, "");
  g_assert_cmpuint (length, ==, 0);

  g_autoptr (GBytes) bytes = ph_secret_bytes_new ("a\0b", 3);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "a\0b", 3);
  g_autoptr (GBytes) nothing = ph_secret_bytes_new (NULL, 0);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
}

static void
test_wipe_overwrites (void)
{
  char buffer[] = "secret";

  ph_wipe (buffer, 3);
  g_assert_cmpmem (buffer, 7, "\0\0\0ret\0", 7);
  ph_wipe (buffer, 0);
  ph_wipe (NULL, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/byte-queue/a-random-walk-does-what-an-array-does", test_a_random_walk_does_what_an_array_does);
  g_test_add_func ("/byte-queue/an-empty-queue-answers-everything", test_an_empty_queue_answers_everything);
  g_test_add_func ("/byte-queue/moving-into-an-empty-queue-copies-nothing", test_moving_into_an_empty_queue_copies_nothing);
  g_test_add_func ("/byte-queue/a-queue-that-never-drains-stays-small", test_a_queue_that_never_drains_stays_small);
  g_test_add_func ("/byte-queue/a-million-single-octets-pass", test_a_million_single_octets_pass);
  g_test_add_func ("/byte-queue/boxed-type-references", test_boxed_type_references);
  g_test_add_func ("/secret/keeps-its-octets", test_secret_keeps_its_octets);
  g_test_add_func ("/secret/wipe-overwrites", test_wipe_overwrites);

  return g_test_run ();
}
