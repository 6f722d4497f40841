/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of PhBodyPart share. */
#pragma once

#include "ph-message-private.h"

G_BEGIN_DECLS

struct _PhBodyPart {
  gatomicrefcount refs;
  gboolean        multipart;
  PhMessage      *message;
  const PhValue  *value;
  const PhValue  *subtype;    /* of a multipart */
  const char     *media_type; /* in the same block */
  const char     *encoding;   /* the same; NULL where it isn't known */
  GPtrArray      *parts;      /* values; NULL without parts */
  char            section[];
};

/* Of a part that is no multipart */
enum {
  PH_PART_TYPE,
  PH_PART_SUBTYPE,
  PH_PART_PARAMETERS,
  PH_PART_ID,
  PH_PART_DESCRIPTION,
  PH_PART_ENCODING,
  PH_PART_SIZE,
  PH_PART_LINES,                  /* of a text */
  PH_PART_ENVELOPE = PH_PART_LINES, /* of an embedded message */
  PH_PART_EMBEDDED,
  PH_PART_EMBEDDED_LINES
};

/* What the media type is followed by (body-ext-1part, body-ext-mpart) */
typedef enum {
  PH_PART_MD5,
  PH_PART_DISPOSITION,
  PH_PART_LANGUAGE,
  PH_PART_LOCATION
} PhPartExtension;

/* Whether it is message/rfc822 or message/global */
gboolean       ph_body_part_is_message    (PhBodyPart *self);
const PhValue *ph_body_part_get_field     (PhBodyPart *self, guint field);
const PhValue *ph_body_part_get_parameters (PhBodyPart *self);
const PhValue *ph_body_part_get_extension (PhBodyPart *self, PhPartExtension field);
/* One of name, value, name, value…; also where it was split or encoded (RFC 2231). (transfer full) (nullable) */
char          *ph_body_part_read_parameter (const PhValue *parameters, const char *name);

G_END_DECLS
