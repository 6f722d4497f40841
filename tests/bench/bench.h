/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the clients of the benchmarks share: the message, and what is measured between begin and end. */
#pragma once

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define SENDER "alice@example.test"
#define LINE "A line of a message, seventy-eight octets long with its end, no dot in front.\r\n"

static struct timespec bench_start;
static struct rusage bench_usage;
static long bench_idle;

static inline void
bench_fail (const char *what)
{
  fprintf (stderr, "%s failed\n", what);
  exit (1);
}

/* Kilobytes: the most so far. */
static inline long
bench_peak (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

static inline void
bench_begin (void)
{
  bench_idle = bench_peak ();
  getrusage (RUSAGE_SELF, &bench_usage);
  clock_gettime (CLOCK_MONOTONIC, &bench_start);
}

static inline double
bench_seconds (struct timeval until, struct timeval since)
{
  return (double) (until.tv_sec - since.tv_sec) + (double) (until.tv_usec - since.tv_usec) / 1e6;
}

static inline void
bench_end (void)
{
  struct timespec end;
  struct rusage usage;

  clock_gettime (CLOCK_MONOTONIC, &end);
  getrusage (RUSAGE_SELF, &usage);
  printf ("wall=%.6f cpu=%.6f memory=%ld\n", (double) (end.tv_sec - bench_start.tv_sec) + (double) (end.tv_nsec - bench_start.tv_nsec) / 1e9,
          bench_seconds (usage.ru_utime, bench_usage.ru_utime) + bench_seconds (usage.ru_stime, bench_usage.ru_stime), bench_peak () - bench_idle);
}

/* A message of about @size octets. Free with free (). */
static inline char *
bench_message (size_t size, size_t *length)
{
  const char head[] = "From: alice@example.test\r\nTo: bob@example.test\r\nSubject: a benchmark\r\n\r\n";
  size_t lines = size > sizeof head ? (size - sizeof head) / (sizeof LINE - 1) + 1 : 1;
  char *message = malloc (sizeof head + lines * (sizeof LINE - 1) + 1);
  char *end = message + sizeof head - 1;

  memcpy (message, head, sizeof head - 1);
  for (size_t i = 0; i < lines; i++, end += sizeof LINE - 1)
    memcpy (end, LINE, sizeof LINE - 1);
  *end = '\0';
  *length = (size_t) (end - message);
  return message;
}

/* A file without a name on the disk that all clients write to. It is the program's end that closes it: to give back a gigabyte takes long,
 * and belongs to no client. */
static inline FILE *
bench_file (void)
{
  const char *directory = getenv ("TMPDIR");
  char path[4096];
  int fd;

  snprintf (path, sizeof path, "%s/posthorn-bench-XXXXXX", directory != NULL ? directory : "/tmp");
  fd = mkstemp (path);
  if (fd < 0 || unlink (path) != 0)
    bench_fail (path);
  return fdopen (fd, "w");
}
