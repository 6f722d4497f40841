/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libcurl: lines as they come, not read any further; a body by its URL, one after the other, by one handle and so one connection. Of lines it
 * takes no more than some to a command ("Too large response headers").
 */
#include "bench.h"

#include <curl/curl.h>

#define LINES 16

static size_t octets;

static size_t
count_octets (char *from, size_t size, size_t count, void *file)
{
  octets += size * count;
  return file != NULL ? fwrite (from, size, count, file) : count;
}

static CURL *
handle_new (void)
{
  CURL *curl = curl_easy_init ();

  curl_easy_setopt (curl, CURLOPT_USERNAME, "alice");
  curl_easy_setopt (curl, CURLOPT_PASSWORD, "wonderland");
  curl_easy_setopt (curl, CURLOPT_SASL_IR, 1L);
  curl_easy_setopt (curl, CURLOPT_CAINFO, getenv ("CA_FILE"));
  curl_easy_setopt (curl, CURLOPT_CAPATH, NULL);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, count_octets);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, NULL);
  curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, count_octets);
  return curl;
}

static void
perform (CURL *curl)
{
  CURLcode done = curl_easy_perform (curl);

  if (done != CURLE_OK)
    bench_fail (curl_easy_strerror (done));
}

int
main (int argc, char **argv)
{
  const char *what = argc > 3 ? argv[1] : "", *scheme = strchr (what, '-') != NULL ? "imaps" : "imap", *port = argc > 2 ? argv[2] : "";
  unsigned long count = argc > 3 ? strtoul (argv[3], NULL, 10) : 0;
  FILE *file = strncmp (what, "file", 4) == 0 ? bench_file () : NULL;
  CURLSH *share = curl_share_init ();
  CURL *curl;
  char url[128];

  curl_global_init (CURL_GLOBAL_DEFAULT);
  curl_share_setopt (share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  curl = handle_new ();
  bench_begin ();
  if (strncmp (what, "connect", 7) == 0)
    for (unsigned long i = 0; i < count; i++)
      {
        CURL *one = handle_new ();

        snprintf (url, sizeof url, "%s://127.0.0.1:%s/flags-1", scheme, port);
        if (strcmp (what, "connect-resumed") == 0)
          curl_easy_setopt (one, CURLOPT_SHARE, share);
        curl_easy_setopt (one, CURLOPT_URL, url);
        curl_easy_setopt (one, CURLOPT_CUSTOMREQUEST, "NOOP");
        perform (one);
        curl_easy_cleanup (one);
      }
  else if (strncmp (what, "bodies", 6) == 0 || file != NULL)
    for (unsigned long i = 1; i <= (file != NULL ? 1 : count); i++)
      {
        snprintf (url, sizeof url, "%s://127.0.0.1:%s/%s-1-%s/;UID=%lu", scheme, port, file != NULL ? "file" : "bodies",
                  file != NULL ? argv[3] : argv[4], i);
        curl_easy_setopt (curl, CURLOPT_WRITEDATA, file);
        curl_easy_setopt (curl, CURLOPT_URL, url);
        perform (curl);
      }
  else
    {
      snprintf (url, sizeof url, "%s://127.0.0.1:%s/%s-%d", scheme, port, what, LINES);
      curl_easy_setopt (curl, CURLOPT_URL, url);
      curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, "UID FETCH 1:* (FLAGS)");
      for (unsigned long i = 0; i < count; i += LINES)
        perform (curl);
    }
  curl_easy_cleanup (curl);
  if (file != NULL && fflush (file) != 0)
    bench_fail ("file");
  if (strncmp (what, "connect", 7) != 0 && octets < count)
    bench_fail ("reading");
  bench_end ();
  return 0;
}
