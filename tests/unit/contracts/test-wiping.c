/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* After a secret was given up, its octets are nowhere in the process' memory. */
#include <posthorn/posthorn.h>

#include "contracts/ph-sasl-context-private.h"
#include "memory-search.h"

#define SECRET_LENGTH 64
/* free () writes into the first octets of what it gets */
#define COMPARED_FROM 16

/* The secret is computed, so that no copy of it stands anywhere but where the library put it. */
static char
secret_octet (gsize i)
{
  return (char) ('a' + (i * i * 7 + i * 3 + 5) % 23);
}

static void
write_secret (char buffer[SECRET_LENGTH + 1])
{
  for (gsize i = 0; i < SECRET_LENGTH; i++)
    buffer[i] = secret_octet (i);
  buffer[SECRET_LENGTH] = '\0';
}

static gsize
count_in_memory (void)
{
  char secret[SECRET_LENGTH + 1];
  MemoryPattern pattern;

  write_secret (secret);
  memory_pattern_set (&pattern, secret + COMPARED_FROM, SECRET_LENGTH - COMPARED_FROM);
  ph_wipe (secret, sizeof secret);
  return memory_pattern_count (&pattern);
}

static void
test_secret_is_wiped (void)
{
  char buffer[SECRET_LENGTH + 1];

  write_secret (buffer);
  PhSecret *secret = ph_secret_new (buffer);
  GBytes *bytes = ph_secret_bytes_new (buffer, SECRET_LENGTH);
  ph_wipe (buffer, sizeof buffer);
  g_assert_cmpuint (count_in_memory (), >=, 2);
  ph_secret_unref (secret);
  g_bytes_unref (bytes);
  g_assert_cmpuint (count_in_memory (), ==, 0);
}

static void
test_context_is_wiped (void)
{
  char buffer[SECRET_LENGTH + 1];
  g_autoptr (PhSaslContext) context = ph_sasl_context_new ("PLAIN", "imap", "mail.example.org");

  write_secret (buffer);
  PhSecret *secret = ph_secret_new (buffer);
  ph_sasl_context_set_user (context, buffer);
  ph_sasl_context_set_secret (context, secret);
  ph_sasl_context_set_token (context, secret);
  ph_secret_unref (secret);
  GBytes *reply = ph_sasl_context_reply (context, "", PH_SASL_NUL, buffer, PH_SASL_NUL, buffer, NULL);
  ph_wipe (buffer, sizeof buffer);
  g_assert_cmpuint (count_in_memory (), >=, 4);
  g_bytes_unref (reply);
  ph_sasl_context_clear (context);
  g_assert_cmpuint (count_in_memory (), ==, 0);
}

static void
pass_secret (PhByteQueue *queue, gsize around)
{
  g_autofree char *filler = g_strnfill (around, '.');
  char buffer[SECRET_LENGTH + 1];

  write_secret (buffer);
  ph_byte_queue_append (queue, filler, around);
  ph_byte_queue_append (queue, buffer, SECRET_LENGTH);
  ph_wipe (buffer, sizeof buffer);
  /* grows, and so moves the secret */
  ph_byte_queue_append (queue, filler, around);
  g_assert_cmpuint (count_in_memory (), >=, 1);
}

static void
test_queue_is_wiped (void)
{
  g_autoptr (PhByteQueue) queue = ph_byte_queue_new ();

  for (gsize around = 1; around < 10000; around *= 10)
    {
      ph_byte_queue_set_secret (queue);
      pass_secret (queue, around);
      ph_byte_queue_consume (queue, ph_byte_queue_get_length (queue));
      ph_byte_queue_wipe (queue);
      g_assert_cmpuint (count_in_memory (), ==, 0);
    }
}

static void
test_queue_is_wiped_where_it_moved (void)
{
  g_autoptr (PhByteQueue) queue = ph_byte_queue_new ();
  g_autoptr (PhByteQueue) target = ph_byte_queue_new ();

  ph_byte_queue_set_secret (queue);
  pass_secret (queue, 1000);
  ph_byte_queue_move (target, queue);
  ph_byte_queue_consume (target, ph_byte_queue_get_length (target));
  g_assert_cmpuint (count_in_memory (), ==, 0);
}

static void
test_command_line_is_wiped (void)
{
  char buffer[SECRET_LENGTH + 8] = "LOGIN ";

  write_secret (buffer + 6);
  PhCommand *command = ph_command_new_line (buffer);
  ph_command_set_flags (command, PH_COMMAND_SECRET);
  ph_wipe (buffer, sizeof buffer);
  g_assert_cmpuint (count_in_memory (), >=, 1);
  g_assert_cmpstr (ph_command_get_name (command), ==, "LOGIN");
  g_object_unref (command);
  g_assert_cmpuint (count_in_memory (), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wiping/secret", test_secret_is_wiped);
  g_test_add_func ("/wiping/context", test_context_is_wiped);
  g_test_add_func ("/wiping/queue", test_queue_is_wiped);
  g_test_add_func ("/wiping/queue-that-moved", test_queue_is_wiped_where_it_moved);
  g_test_add_func ("/wiping/command-line", test_command_line_is_wiped);

  return g_test_run ();
}
