/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension PREVIEW (RFC 8970): the first words of messages.
 *
 *   fetch-att    = "PREVIEW" [SP "(" "LAZY" ")"]                          RFC 8970 section 6
 *   msg-att      = "PREVIEW" SP nstring
 */
#include <posthorn/posthorn-plugin.h>

static const char *
get_items (PhPreview *self, gboolean lazy)
{
  return lazy ? "PREVIEW (LAZY)" : "PREVIEW";
}

static void
ph_imap_preview_describe (PhPreviewInterface *iface)
{
  iface->get_items = get_items;
}

PH_DEFINE_EXTENSION (PhImapPreview, ph_imap_preview, PH_TYPE_PREVIEW, ph_imap_preview_describe, (void) klass)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "PREVIEW", .summary = "The first words of messages (RFC 8970)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_preview_get_type },
};

PH_DEFINE_PLUGIN (imap4_preview, "imap4-preview", "The IMAP extension PREVIEW", features)
