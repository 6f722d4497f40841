/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Header fields as they go out: checked, folded, ended by CR LF. */
#pragma once

#include <posthorn-mime/posthorn-mime.h>

G_BEGIN_DECLS

/* RFC 5322 section 2.1.1, without CR LF */
#define PH_MIME_MAX_LINE 998

/* How far from ASCII addresses are: the domain alone has an ASCII form (IDNA). */
typedef enum {
  PH_MIME_REACH_ASCII,
  PH_MIME_REACH_DOMAIN,
  PH_MIME_REACH_LOCAL
} PhMimeReach;

/* What is left out of the message's own header, and what is put in another's place */
typedef struct {
  PhMimeForm form;
  gboolean top;             /* the message that is sent, not one inside of it */
  gboolean tls_optional;
  const char *encoding;     /* in place of Content-Transfer-Encoding; NULL: as it is */
} PhMimeHeaderStyle;

/* FALSE and PH_ERROR_INVALID_ARGUMENT where a field would become two, is longer than a line may be, or has no proper name */
gboolean    ph_mime_header_check   (GMimeObject *object, GError **error);
/* Every field of @object with its CR LF, without the empty line; "" is possible. (transfer full) */
char       *ph_mime_header_write   (GMimeObject *object, const PhMimeHeaderStyle *style, GError **error);

/* Of one address, and of all in the fields that are transmitted */
PhMimeReach ph_mime_address_reach  (const char *address);
PhMimeReach ph_mime_list_reach     (InternetAddressList *list);
PhMimeReach ph_mime_message_reach  (GMimeMessage *message);
/* How many fields of that name */
guint       ph_mime_count_fields   (GMimeMessage *message, const char *name);
/* All occurrences of an address field, in order. (transfer full) */
InternetAddressList *ph_mime_read_addresses (GMimeMessage *message, const char *name);

GError     *ph_mime_error          (PhError code, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
