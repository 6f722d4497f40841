/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhCompress: the typed interface of extensions that compress the channel (RFC 4978). */
#include <posthorn/posthorn.h>

/**
 * PhCompress:
 *
 * A deflated channel (RFC 4978). A program has it from `ph_session_get_extension (session, PH_TYPE_COMPRESS)`, which is %NULL where the server does
 * not compress. It is begun with the session where [method@Session.use] asked for `COMPRESS=DEFLATE`, or by [method@Compress.start] when
 * there is something worth it, and ends with the connection or with the login ([method@Unauthenticate.run]).
 *
 * Two streams of zlib take some 300 KB of address space for each session, of which it touches about a third. Inside of TLS, remember that
 * whoever chooses part of what is sent may learn the rest from its length.
 */
G_DEFINE_INTERFACE (PhCompress, ph_compress, PH_TYPE_EXTENSION)

static void
ph_compress_default_init (PhCompressInterface *iface)
{
}

/**
 * ph_compress_set_level:
 * @self: a session's compression
 * @level: 1, the fastest, to 9, the smallest; -1: zlib's own choice, which is 6
 *
 * Says how hard to try. It counts for what is sent, and from the next [method@Compress.start] on; how what is received is compressed, the
 * server decides.
 */
void
ph_compress_set_level (PhCompress *self, int level)
{
  g_return_if_fail (PH_IS_COMPRESS (self));
  g_return_if_fail (level == -1 || (level >= 1 && level <= 9));

  PH_COMPRESS_GET_IFACE (self)->set_level (self, level);
}

/**
 * ph_compress_get_level:
 * @self: a session's compression
 *
 * Returns: 1 to 9, or -1 for zlib's own choice
 */
int
ph_compress_get_level (PhCompress *self)
{
  g_return_val_if_fail (PH_IS_COMPRESS (self), -1);

  return PH_COMPRESS_GET_IFACE (self)->get_level (self);
}

/**
 * ph_compress_get_octets:
 * @self: a session's compression
 * @sent: (out) (optional): octets of commands and messages, as they were
 * @sent_deflated: (out) (optional): as they went over the line, inside of TLS
 * @received: (out) (optional): octets of responses, as they are read
 * @received_deflated: (out) (optional): as they came over the line, inside of TLS
 *
 * Tells what compression saves, since it began.
 *
 * Returns: %FALSE where nothing is compressed now; what was told last then stands
 */
gboolean
ph_compress_get_octets (PhCompress *self, guint64 *sent, guint64 *sent_deflated, guint64 *received, guint64 *received_deflated)
{
  guint64 unwanted[4];

  g_return_val_if_fail (PH_IS_COMPRESS (self), FALSE);

  return PH_COMPRESS_GET_IFACE (self)->get_octets (self, sent != NULL ? sent : &unwanted[0], sent_deflated != NULL ? sent_deflated : &unwanted[1],
                                                   received != NULL ? received : &unwanted[2],
                                                   received_deflated != NULL ? received_deflated : &unwanted[3]);
}
