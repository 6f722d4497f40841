/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of PhBodyPart share. */
#pragma once

#include "ph-message-private.h"

G_BEGIN_DECLS

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
  PH_PART_EMBEDDED_LINES,
  PH_PART_N_KEPT = PH_PART_LINES + 1
};

/* One block, with the leaves among its parts, the parts' values and the words behind it */
struct _PhBodyPart {
  gatomicrefcount refs;       /* of what owns itself */
  guint           n_parts;
  guint           n_leaves;
  guint8          multipart;
  guint8          embeds;     /* is message/rfc822 or message/global */
  guint8          text;       /* is text/… */
  PhBodyPart     *owner;      /* in whose block it lies, perhaps itself; holds the message */
  PhMessage      *message;
  const PhValue  *value;
  const PhValue  *subtype;    /* of a multipart */
  const PhValue  *fields[PH_PART_N_KEPT]; /* of another; NULL behind the last */
  const PhValue **parts;
  PhBodyPart     *leaves;     /* the first parts, as far as they hold none */
  const char     *section;
  const char     *media_type;
  const char     *encoding;   /* NULL where it isn't known */
};

/* What the media type is followed by (body-ext-1part, body-ext-mpart) */
typedef enum {
  PH_PART_MD5,
  PH_PART_DISPOSITION,
  PH_PART_LANGUAGE,
  PH_PART_LOCATION
} PhPartExtension;

const PhValue *ph_body_part_get_field     (PhBodyPart *self, guint field);
const PhValue *ph_body_part_get_parameters (PhBodyPart *self);
const PhValue *ph_body_part_get_extension (PhBodyPart *self, PhPartExtension field);
/* One of name, value, name, value…; also where it was split or encoded (RFC 2231). (transfer full) (nullable) */
char          *ph_body_part_read_parameter (const PhValue *parameters, const char *name);

G_END_DECLS
