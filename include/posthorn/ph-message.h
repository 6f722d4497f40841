/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a FETCH told of one message: a boxed view over the server's words. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

/**
 * PhFetch:
 * @PH_FETCH_UID: the UID (always fetched)
 * @PH_FETCH_FLAGS: system flags and keywords
 * @PH_FETCH_INTERNAL_DATE: when the server received it
 * @PH_FETCH_SIZE: RFC822.SIZE, octets
 * @PH_FETCH_ENVELOPE: the server's digest of the headers
 * @PH_FETCH_BODY_STRUCTURE: the tree of MIME parts
 * @PH_FETCH_HEADER: the header's octets, without setting \Seen
 * @PH_FETCH_BODY: the whole message's octets, without setting \Seen
 * @PH_FETCH_TEXT: the octets behind the header, without setting \Seen
 * @PH_FETCH_MOD_SEQ: the mod-sequence, where the server has CONDSTORE (RFC 7162)
 *
 * What to fetch of each message.
 */
typedef enum {
  PH_FETCH_UID            = 1 << 0,
  PH_FETCH_FLAGS          = 1 << 1,
  PH_FETCH_INTERNAL_DATE  = 1 << 2,
  PH_FETCH_SIZE           = 1 << 3,
  PH_FETCH_ENVELOPE       = 1 << 4,
  PH_FETCH_BODY_STRUCTURE = 1 << 5,
  PH_FETCH_HEADER         = 1 << 6,
  PH_FETCH_BODY           = 1 << 7,
  PH_FETCH_TEXT           = 1 << 8,
  PH_FETCH_MOD_SEQ        = 1 << 9
} PhFetch;

#define PH_TYPE_MESSAGE (ph_message_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_message_get_type           (void) G_GNUC_CONST;
/* For engines. @attributes: the FETCH response's list of name, value, name, value…; copied unless owned. */
PH_AVAILABLE_IN_1_0 PhMessage         *ph_message_new                (guint32 number, const PhValue *attributes);
PH_AVAILABLE_IN_1_0 PhMessage         *ph_message_ref                (PhMessage *self);
PH_AVAILABLE_IN_1_0 void               ph_message_unref              (PhMessage *self);
/* sequence number at the time of the response; 0 unknown */
PH_AVAILABLE_IN_1_0 guint32            ph_message_get_number         (PhMessage *self);
/* 0 where it was not told */
PH_AVAILABLE_IN_1_0 guint32            ph_message_get_uid            (PhMessage *self);
PH_AVAILABLE_IN_1_0 guint64            ph_message_get_size           (PhMessage *self);
PH_AVAILABLE_IN_1_0 guint64            ph_message_get_mod_seq        (PhMessage *self);
/* (transfer full) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 char             **ph_message_get_flags          (PhMessage *self);
PH_AVAILABLE_IN_1_0 gboolean           ph_message_has_flag           (PhMessage *self, const char *flag);
/* One of them without a copy, NULL behind the last: valid as long as the message. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const char        *ph_message_get_flag           (PhMessage *self, guint index);
/* (nullable) (transfer full): NULL where absent or not a date */
PH_AVAILABLE_IN_1_0 GDateTime         *ph_message_get_internal_date  (PhMessage *self);
/* The same without an object: seconds since 1970, and of the zone east of UTC (optional). FALSE where absent or not a date */
PH_AVAILABLE_IN_1_0 gboolean           ph_message_get_internal_time  (PhMessage *self, gint64 *time, int *offset);
/* (nullable) (transfer full), boxed, cheap: views of this message */
PH_AVAILABLE_IN_1_0 PhMessageEnvelope *ph_message_get_envelope       (PhMessage *self);
PH_AVAILABLE_IN_1_0 PhBodyPart        *ph_message_get_body_structure (PhMessage *self);
/* Octets of "", "HEADER", "TEXT", "1.2", "1.MIME" …; NULL where they weren't fetched. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 GBytes            *ph_message_get_section        (PhMessage *self, const char *section);
/* Octets of a part without its transfer encoding, BINARY.SIZE[…] (RFC 3516); FALSE where it wasn't told */
PH_AVAILABLE_IN_1_0 gboolean           ph_message_get_binary_size    (PhMessage *self, const char *section, guint64 *size);
/* Any attribute by its name, case-insensitive: "X-GM-MSGID". (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const PhValue     *ph_message_get_attribute      (PhMessage *self, const char *name);

/**
 * PhAddressField:
 * @PH_ADDRESS_FROM: who wrote the message
 * @PH_ADDRESS_SENDER: who sent it
 * @PH_ADDRESS_REPLY_TO: where answers go
 * @PH_ADDRESS_TO: to whom it was written
 * @PH_ADDRESS_CC: who got a copy
 * @PH_ADDRESS_BCC: who got a copy unseen by the others
 *
 * A field of an envelope that holds addresses.
 */
typedef enum {
  PH_ADDRESS_FROM,
  PH_ADDRESS_SENDER,
  PH_ADDRESS_REPLY_TO,
  PH_ADDRESS_TO,
  PH_ADDRESS_CC,
  PH_ADDRESS_BCC
} PhAddressField;

/* RFC 9051 7.5.2 ENVELOPE. Text getters return decoded UTF-8 (RFC 2047 words included), valid as long as the envelope. (transfer none) (nullable) */
#define PH_TYPE_MESSAGE_ENVELOPE (ph_message_envelope_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_message_envelope_get_type        (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhMessageEnvelope *ph_message_envelope_ref             (PhMessageEnvelope *self);
PH_AVAILABLE_IN_1_0 void               ph_message_envelope_unref           (PhMessageEnvelope *self);
PH_AVAILABLE_IN_1_0 const char        *ph_message_envelope_get_date        (PhMessageEnvelope *self);
PH_AVAILABLE_IN_1_0 const char        *ph_message_envelope_get_subject     (PhMessageEnvelope *self);
PH_AVAILABLE_IN_1_0 const char        *ph_message_envelope_get_in_reply_to (PhMessageEnvelope *self);
PH_AVAILABLE_IN_1_0 const char        *ph_message_envelope_get_message_id  (PhMessageEnvelope *self);
/* (element-type PhAddress) (transfer container): empty where NIL; group syntax (RFC 9051) gives its members */
PH_AVAILABLE_IN_1_0 GPtrArray         *ph_message_envelope_get_from        (PhMessageEnvelope *self);
PH_AVAILABLE_IN_1_0 GPtrArray         *ph_message_envelope_get_sender      (PhMessageEnvelope *self);
PH_AVAILABLE_IN_1_0 GPtrArray         *ph_message_envelope_get_reply_to    (PhMessageEnvelope *self);
PH_AVAILABLE_IN_1_0 GPtrArray         *ph_message_envelope_get_to          (PhMessageEnvelope *self);
PH_AVAILABLE_IN_1_0 GPtrArray         *ph_message_envelope_get_cc          (PhMessageEnvelope *self);
PH_AVAILABLE_IN_1_0 GPtrArray         *ph_message_envelope_get_bcc         (PhMessageEnvelope *self);

/* The same without an array: how many, and one of them, valid as long as the envelope. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 guint              ph_message_envelope_get_n_addresses (PhMessageEnvelope *self, PhAddressField field);
PH_AVAILABLE_IN_1_0 PhAddress         *ph_message_envelope_get_address     (PhMessageEnvelope *self, PhAddressField field, guint index);

#define PH_TYPE_ADDRESS (ph_address_get_type ())
PH_AVAILABLE_IN_1_0 GType       ph_address_get_type     (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhAddress  *ph_address_new          (const char *name, const char *email);
PH_AVAILABLE_IN_1_0 PhAddress  *ph_address_ref          (PhAddress *self);
PH_AVAILABLE_IN_1_0 void        ph_address_unref        (PhAddress *self);
/* decoded display name; NULL without one */
PH_AVAILABLE_IN_1_0 const char *ph_address_get_name     (PhAddress *self);
/* "local@domain" */
PH_AVAILABLE_IN_1_0 const char *ph_address_get_email    (PhAddress *self);
/* "Ann Ex <ann@example.org>" (transfer full) */
PH_AVAILABLE_IN_1_0 char       *ph_address_to_string    (PhAddress *self);

/* RFC 9051 7.5.2 BODYSTRUCTURE */
#define PH_TYPE_BODY_PART (ph_body_part_get_type ())
PH_AVAILABLE_IN_1_0 GType       ph_body_part_get_type     (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhBodyPart *ph_body_part_ref          (PhBodyPart *self);
PH_AVAILABLE_IN_1_0 void        ph_body_part_unref        (PhBodyPart *self);
/* "1.2", "" for the root of a multipart */
PH_AVAILABLE_IN_1_0 const char *ph_body_part_get_section  (PhBodyPart *self);
/* lower case, "text/plain" */
PH_AVAILABLE_IN_1_0 const char *ph_body_part_get_media_type (PhBodyPart *self);
/* "charset", "name"; case-insensitive (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char       *ph_body_part_get_parameter  (PhBodyPart *self, const char *name);
/* The same in place, where nothing needs decoding; NULL where it does, too. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const char *ph_body_part_peek_parameter (PhBodyPart *self, const char *name);
/* lower case, "base64"; NULL where it isn't known */
PH_AVAILABLE_IN_1_0 const char *ph_body_part_get_encoding   (PhBodyPart *self);
/* octets as it is transferred */
PH_AVAILABLE_IN_1_0 guint64     ph_body_part_get_size       (PhBodyPart *self);
/* of a text or an embedded message; 0 where it wasn't told */
PH_AVAILABLE_IN_1_0 guint64     ph_body_part_get_n_lines    (PhBodyPart *self);
/* lower case, "attachment", "inline"; NULL where none was told (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char       *ph_body_part_get_disposition (PhBodyPart *self);
/* of the disposition, else the media type's "name": UTF-8, as the sender wrote it. Never use it as a path. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char       *ph_body_part_get_filename   (PhBodyPart *self);
/* Content-ID, with its angle brackets; Content-Description; Content-MD5; Content-Location (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 char       *ph_body_part_get_id          (PhBodyPart *self);
PH_AVAILABLE_IN_1_0 char       *ph_body_part_get_description (PhBodyPart *self);
PH_AVAILABLE_IN_1_0 char       *ph_body_part_get_md5         (PhBodyPart *self);
PH_AVAILABLE_IN_1_0 char       *ph_body_part_get_location    (PhBodyPart *self);
/* Content-Language (transfer full) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 char      **ph_body_part_get_languages  (PhBodyPart *self);
/* of an embedded message (message/rfc822) (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 PhMessageEnvelope *ph_body_part_get_envelope (PhBodyPart *self);
PH_AVAILABLE_IN_1_0 guint       ph_body_part_get_n_parts    (PhBodyPart *self);
/* (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 PhBodyPart *ph_body_part_get_part       (PhBodyPart *self, guint index);
/* By its number, "1.2"; of @self and what is below. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 PhBodyPart *ph_body_part_find           (PhBodyPart *self, const char *section);
/* The part to show: the first text of @subtype ("plain", "html", NULL: any) that is no attachment. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 PhBodyPart *ph_body_part_find_text      (PhBodyPart *self, const char *subtype);
/* Whether a program would list it beside the text */
PH_AVAILABLE_IN_1_0 gboolean    ph_body_part_is_attachment  (PhBodyPart *self);
/* In order; embedded messages as a whole. (element-type PhBodyPart) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray  *ph_body_part_get_attachments (PhBodyPart *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMessage, ph_message_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMessageEnvelope, ph_message_envelope_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhAddress, ph_address_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhBodyPart, ph_body_part_unref)

G_END_DECLS
