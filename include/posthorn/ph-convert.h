/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhConvert: parts of messages in another media type, converted by the server (RFC 5259); found by ph_session_get_extension (). */
#pragma once

#include <posthorn/ph-extension.h>

G_BEGIN_DECLS

/**
 * PhConvertItem:
 * @PH_CONVERT_DATA: the converted octets
 * @PH_CONVERT_SIZE: how many these are
 * @PH_CONVERT_STRUCTURE: what they are
 * @PH_CONVERT_TARGETS: into which media types the part can be converted
 * @PH_CONVERT_HEADER: the header of the message or of the message in the part, its encoded words in the parameter `charset`; alone
 * @PH_CONVERT_MIME: the part's own header, likewise; alone
 *
 * What to ask of a conversion.
 */
typedef enum {
  PH_CONVERT_DATA      = 1 << 0,
  PH_CONVERT_SIZE      = 1 << 1,
  PH_CONVERT_STRUCTURE = 1 << 2,
  PH_CONVERT_TARGETS   = 1 << 3,
  PH_CONVERT_HEADER    = 1 << 4,
  PH_CONVERT_MIME      = 1 << 5
} PhConvertItem;

/* A conversion that the server can do. Boxed. */
typedef struct _PhConversion PhConversion;
#define PH_TYPE_CONVERSION (ph_conversion_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_conversion_get_type       (void) G_GNUC_CONST;
PH_AVAILABLE_IN_1_0 PhConversion      *ph_conversion_new            (const char *source, const char *target, const char *const *parameters);
PH_AVAILABLE_IN_1_0 PhConversion      *ph_conversion_ref            (PhConversion *self);
PH_AVAILABLE_IN_1_0 void               ph_conversion_unref          (PhConversion *self);
/* "image/gif", "image/jpeg" */
PH_AVAILABLE_IN_1_0 const char        *ph_conversion_get_source     (PhConversion *self);
PH_AVAILABLE_IN_1_0 const char        *ph_conversion_get_target     (PhConversion *self);
/* "pix-x", "charset": the names it takes. (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 const char *const *ph_conversion_get_parameters (PhConversion *self);

/* What became of a part. Boxed. */
typedef struct _PhConverted PhConverted;
#define PH_TYPE_CONVERTED (ph_converted_get_type ())
PH_AVAILABLE_IN_1_0 GType              ph_converted_get_type      (void) G_GNUC_CONST;
/* @items: what stands in a CONVERTED response: a list of names and values; copied */
PH_AVAILABLE_IN_1_0 PhConverted       *ph_converted_new           (const PhValue *items);
PH_AVAILABLE_IN_1_0 PhConverted       *ph_converted_ref           (PhConverted *self);
PH_AVAILABLE_IN_1_0 void               ph_converted_unref         (PhConverted *self);
/* NULL where it wasn't asked for. (transfer full) (nullable) */
PH_AVAILABLE_IN_1_0 GBytes            *ph_converted_get_data      (PhConverted *self);
/* -1 where it wasn't asked for */
PH_AVAILABLE_IN_1_0 gint64             ph_converted_get_size      (PhConverted *self);
/* BODYPARTSTRUCTURE as the server wrote it. (transfer none) (nullable) */
PH_AVAILABLE_IN_1_0 const PhValue     *ph_converted_get_structure (PhConverted *self);
/* (transfer full) (nullable) (array zero-terminated=1) */
PH_AVAILABLE_IN_1_0 char             **ph_converted_get_targets   (PhConverted *self);
/* FALSE where the server could not convert it: PH_ERROR_UNAVAILABLE, PH_ERROR_CANNOT */
PH_AVAILABLE_IN_1_0 gboolean           ph_converted_check         (PhConverted *self, GError **error);

#define PH_TYPE_CONVERT (ph_convert_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_INTERFACE (PhConvert, ph_convert, PH, CONVERT, PhExtension)

/* make commands only; their results are those of the calls below */
struct _PhConvertInterface {
  GTypeInterface g_iface;

  PhCommand *(*make_list) (PhConvert *self, const char *source, const char *target);
  PhCommand *(*make_part) (PhConvert *self, guint32 uid, const char *section, const char *target, const char *const *parameters,
                           PhConvertItem items, guint64 offset, guint64 length);

  gpointer reserved[8];
};

/* @source, @target: "image/gif", "image/" followed by a star, or a star. (element-type PhConversion) (transfer container) */
PH_AVAILABLE_IN_1_0 GPtrArray   *ph_convert_list        (PhConvert *self, const char *source, const char *target, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void         ph_convert_list_async  (PhConvert *self, const char *source, const char *target, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 GPtrArray   *ph_convert_list_finish (PhConvert *self, GAsyncResult *result, GError **error);
/* @target: NULL: the server chooses. @parameters: names and values in turn, or NULL. @length: 0: to the end. (transfer full) */
PH_AVAILABLE_IN_1_0 PhConverted *ph_convert_part        (PhConvert *self, guint32 uid, const char *section, const char *target, const char *const *parameters, PhConvertItem items, guint64 offset, guint64 length, GCancellable *cancellable, GError **error);
PH_AVAILABLE_IN_1_0 void         ph_convert_part_async  (PhConvert *self, guint32 uid, const char *section, const char *target, const char *const *parameters, PhConvertItem items, guint64 offset, guint64 length, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PH_AVAILABLE_IN_1_0 PhConverted *ph_convert_part_finish (PhConvert *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhConversion, ph_conversion_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhConverted, ph_converted_unref)

G_END_DECLS
