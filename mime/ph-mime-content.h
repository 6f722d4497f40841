/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One part's content, read a piece at a time from where it lies, in the encoding that goes out. */
#pragma once

#include <posthorn-mime/posthorn-mime.h>

G_BEGIN_DECLS

/* What was found in octets as they go out */
typedef struct {
  guint64 octets;
  gsize column;           /* of the line that isn't ended */
  gboolean eight_bit;
  gboolean binary;        /* NUL, or a line of more than 998 octets: DATA can't carry it */
} PhMimeScan;

void     ph_mime_scan                 (PhMimeScan *self, const char *data, gsize length);

typedef struct _PhMimeContent PhMimeContent;
typedef struct _PhMimeReader PhMimeReader;

/* @encoding: what it goes out as; @is_text: its lines may be ended otherwise before they are encoded */
PhMimeContent *ph_mime_content_new        (GMimeDataWrapper *wrapper, GMimeContentEncoding encoding, gboolean is_text);
PhMimeContent *ph_mime_content_ref        (PhMimeContent *self);
void           ph_mime_content_unref      (PhMimeContent *self);
/* Octets as they lie there, -1 where nobody knows */
gint64         ph_mime_content_get_length (PhMimeContent *self);
/* Reading it waits for nobody: memory, or a file of this machine */
gboolean       ph_mime_content_is_local   (PhMimeContent *self);
/* Goes through all of it, or computes what a base64 content comes to. PH_ERROR_BODY where it can't be read */
gboolean       ph_mime_content_scan       (PhMimeContent *self, PhMimeScan *scan, GError **error);

/* From its start; any number at a time. The content's own position isn't used. */
PhMimeReader  *ph_mime_reader_new         (PhMimeContent *content);
/* 0: the end; -1: an error of G_IO_ERROR */
gssize         ph_mime_reader_read        (PhMimeReader *self, void *buffer, gsize count, GError **error);
void           ph_mime_reader_free        (PhMimeReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMimeContent, ph_mime_content_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMimeReader, ph_mime_reader_free)

G_END_DECLS
