/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* After a secret was given up, its octets are nowhere in the process' memory. */
#include <posthorn/posthorn.h>

#include "contracts/ph-sasl-context-private.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

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
count_in_chunk (const char *chunk, gsize length)
{
  const char *end = chunk + length;
  gsize found = 0;

  for (const char *at = memchr (chunk, secret_octet (COMPARED_FROM), length); at != NULL;
       at = memchr (at + 1, secret_octet (COMPARED_FROM), (gsize) (end - at - 1)))
    {
      gsize i = COMPARED_FROM;
      if ((gsize) (end - at) < SECRET_LENGTH - COMPARED_FROM)
        break;
      while (i < SECRET_LENGTH && at[i - COMPARED_FROM] == secret_octet (i))
        i++;
      found += i == SECRET_LENGTH;
    }
  return found;
}

/* Most of what is mapped was never touched: with sanitizers, gigabytes of it. */
static gboolean
is_touched (int pagemap, guint64 from, gsize length)
{
  guint64 entries[32];
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize n_pages = (from % page + length + page - 1) / page;

  g_assert_cmpuint (n_pages, <=, G_N_ELEMENTS (entries));
  gssize n = pread (pagemap, entries, n_pages * sizeof entries[0], (off_t) (from / page * sizeof entries[0]));
  for (gsize i = 0; n > 0 && i < (gsize) n / sizeof entries[0]; i++)
    {
      if (entries[i] >> 62 != 0)
        return TRUE;
    }
  return n <= 0;
}

static gsize
count_in_mapping (int mem, int pagemap, guint64 from, guint64 to)
{
  static char chunk[65536];
  gsize found = 0;

  for (guint64 at = from; at < to; at += sizeof chunk - SECRET_LENGTH)
    {
      if (!is_touched (pagemap, at, MIN (sizeof chunk, to - at)))
        continue;
      gssize n = pread (mem, chunk, MIN (sizeof chunk, to - at), (off_t) at);
      if (n <= 0)
        break;
      found += count_in_chunk (chunk, (gsize) n);
      /* lest it be found here */
      memset (chunk, 0, sizeof chunk);
    }
  return found;
}

/* How often the secret stands in writable memory. Allocates nothing, lest it take the very memory that it is to look at. */
static gsize
count_in_memory (void)
{
  static char maps[1 << 18];
  gsize length = 0, found = 0;
  gssize n;
  int mem = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  int pagemap = open ("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
  int list = open ("/proc/self/maps", O_RDONLY | O_CLOEXEC);

  g_assert_true (mem >= 0 && pagemap >= 0 && list >= 0);
  while ((n = read (list, maps + length, sizeof maps - 1 - length)) > 0)
    length += (gsize) n;
  g_assert_cmpuint (length, <, sizeof maps - 1);
  maps[length] = '\0';
  for (const char *line = maps; line != NULL && *line != '\0'; line = strchr (line, '\n') != NULL ? strchr (line, '\n') + 1 : NULL)
    {
      char *end;
      guint64 from = g_ascii_strtoull (line, &end, 16);
      guint64 to = g_ascii_strtoull (end + 1, &end, 16);
      /* shadows of sanitizers and valgrind are huge, and hold no copies */
      if (strncmp (end, " rw", 3) == 0 && to - from < 16 << 20)
        found += count_in_mapping (mem, pagemap, from, to);
    }
  close (mem);
  close (pagemap);
  close (list);
  return found;
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
