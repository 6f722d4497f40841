/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libcurl: one easy handle, so one connection; the message by its read callback. */
#include "bench.h"

#include <curl/curl.h>

typedef struct {
  const char *octets;
  size_t left;
} Source;

static size_t
read_message (char *to, size_t size, size_t count, void *data)
{
  Source *source = data;
  size_t part = size * count < source->left ? size * count : source->left;

  memcpy (to, source->octets, part);
  source->octets += part;
  source->left -= part;
  return part;
}

static size_t
read_file (char *to, size_t size, size_t count, void *file)
{
  return fread (to, size, count, file);
}

static void
perform (CURL *curl)
{
  CURLcode done = curl_easy_perform (curl);

  if (done != CURLE_OK)
    bench_fail (curl_easy_strerror (done));
}

static void
send_to (CURL *curl, struct curl_slist *recipients, const char *message, size_t length)
{
  Source source = { message, length };

  curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (curl, CURLOPT_MAIL_FROM, "<" SENDER ">");
  curl_easy_setopt (curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt (curl, CURLOPT_READFUNCTION, read_message);
  curl_easy_setopt (curl, CURLOPT_READDATA, &source);
  perform (curl);
}

static void
send_file (CURL *curl, struct curl_slist *recipients, const char *path)
{
  FILE *file = fopen (path, "rb");

  if (file == NULL)
    bench_fail (path);
  curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (curl, CURLOPT_MAIL_FROM, "<" SENDER ">");
  curl_easy_setopt (curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt (curl, CURLOPT_READFUNCTION, read_file);
  curl_easy_setopt (curl, CURLOPT_READDATA, file);
  perform (curl);
  fclose (file);
}

static void
connect_once (const char *url)
{
  CURL *curl = curl_easy_init ();

  curl_easy_setopt (curl, CURLOPT_URL, url);
  curl_easy_setopt (curl, CURLOPT_USERNAME, "alice");
  curl_easy_setopt (curl, CURLOPT_PASSWORD, "wonderland");
  curl_easy_setopt (curl, CURLOPT_SASL_IR, 1L);
  curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, "NOOP");
  curl_easy_setopt (curl, CURLOPT_NOBODY, 1L);
  curl_easy_setopt (curl, CURLOPT_CAINFO, getenv ("CA_FILE"));
  curl_easy_setopt (curl, CURLOPT_CAPATH, NULL);
  perform (curl);
  curl_easy_cleanup (curl);
}

int
main (int argc, char **argv)
{
  const char *what = argc > 3 ? argv[1] : "";
  size_t count = argc > 3 ? strtoul (argv[3], NULL, 10) : 0, length;
  char *message = bench_message (argc > 4 ? strtoul (argv[4], NULL, 10) : 4096, &length);
  int with_tls = strcmp (what, "connect-tls") == 0;
  struct curl_slist *recipients = NULL;
  char url[64], address[64];
  CURL *curl;

  snprintf (url, sizeof url, "%s://127.0.0.1:%s/bench", with_tls ? "smtps" : "smtp", argc > 2 ? argv[2] : "");
  curl_global_init (CURL_GLOBAL_DEFAULT);
  curl = curl_easy_init ();
  curl_easy_setopt (curl, CURLOPT_URL, url);
  bench_begin ();
  if (strcmp (what, "recipients") == 0)
    for (size_t i = 0; i < count; i++)
      {
        snprintf (address, sizeof address, "<r%zu@example.test>", i);
        recipients = curl_slist_append (recipients, address);
      }
  else
    recipients = curl_slist_append (NULL, "<bob@example.test>");
  if (strncmp (what, "connect", 7) == 0)
    for (size_t i = 0; i < count; i++)
      connect_once (url);
  else if (strcmp (what, "many") == 0)
    for (size_t i = 0; i < count; i++)
      send_to (curl, recipients, message, length);
  else if (strcmp (what, "recipients") == 0)
    send_to (curl, recipients, message, length);
  else
    send_file (curl, recipients, argv[3]);
  curl_easy_cleanup (curl);
  bench_end ();
  curl_slist_free_all (recipients);
  free (message);
  return 0;
}
