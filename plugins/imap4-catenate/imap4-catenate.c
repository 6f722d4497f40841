/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension CATENATE (RFC 4469 section 5): a new message's parts may be what the server has already.
 *
 *   append-data  =/ "CATENATE" SP "(" cat-part *(SP cat-part) ")"
 *   cat-part     = text-literal / url
 *   text-literal = "TEXT" SP literal
 *   url          = "URL" SP astring
 */
#include <posthorn/posthorn-plugin.h>

static void
write_part (PhBody *part, PhWriter *writer)
{
  const char *url = ph_body_get_url (part);

  ph_writer_atom (writer, url != NULL ? "URL" : "TEXT");
  if (url != NULL)
    ph_writer_string (writer, url);
  else
    ph_writer_body (writer, part);
}

static gboolean
ph_imap_catenate_write_body (PhExtension *self, PhBody *body, PhWriter *writer)
{
  ph_writer_atom (writer, "CATENATE");
  ph_writer_open (writer);
  if (ph_body_get_n_parts (body) == 0)
    write_part (body, writer);
  for (guint i = 0; i < ph_body_get_n_parts (body); i++)
    write_part (ph_body_get_part (body, i), writer);
  ph_writer_close (writer);
  return TRUE;
}

PH_DEFINE_EXTENSION (PhImapCatenate, ph_imap_catenate, G_TYPE_INVALID, NULL, klass->write_body = ph_imap_catenate_write_body)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "CATENATE", .summary = "Messages made of what the server has already (RFC 4469)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_catenate_get_type },
};

PH_DEFINE_PLUGIN (imap4_catenate, "imap4-catenate", "The IMAP extension CATENATE", features)
