/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhBodyPart: finding parts, by number or by what they are for. Nothing here recurses. */
#include "ph-body-part-private.h"

/* Parts that are looked at; a message with more is nobody's */
#define MAX_PARTS 100000

/**
 * ph_body_part_find:
 * @self: a part
 * @section: "1.2": as ph_body_part_get_section() writes it; "" for the root of a multipart message
 *
 * Finds a part by its number, among @self and what is below.
 *
 * Returns: (transfer full) (nullable): the part; %NULL where there is none of that number
 */
PhBodyPart *
ph_body_part_find (PhBodyPart *self, const char *section)
{
  g_autoptr (PhBodyPart) part = NULL;
  gsize length;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (section != NULL, NULL);

  part = ph_body_part_ref (self);
  length = strlen (part->section);
  if (strncmp (section, part->section, length) != 0)
    return NULL;
  while (section[length] != '\0')
    {
      PhBodyPart *child = NULL;
      const char *p = section + length;
      char *end;
      guint64 number;

      if (length > 0 && *p++ != '.')
        return NULL;
      if (!g_ascii_isdigit (*p))
        return NULL;
      number = g_ascii_strtoull (p, &end, 10);
      if (number > 0 && number <= ph_body_part_get_n_parts (part))
        child = ph_body_part_get_part (part, (guint) number - 1);
      if (child == NULL)
        return NULL;
      ph_body_part_unref (part);
      part = child;
      length = (gsize) (end - section);
    }
  return g_steal_pointer (&part);
}

/**
 * ph_body_part_is_attachment:
 * @self: a part
 *
 * Tells whether a program would list the part beside the text rather than show it: what says so itself, what has a file name and
 * isn't said to be inline, and embedded messages. A multipart is none.
 *
 * Returns: whether it is an attachment
 */
gboolean
ph_body_part_is_attachment (PhBodyPart *self)
{
  g_autofree char *disposition = NULL;
  g_autofree char *filename = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->multipart)
    return FALSE;
  disposition = ph_body_part_get_disposition (self);
  if (g_strcmp0 (disposition, "attachment") == 0)
    return TRUE;
  if (g_strcmp0 (disposition, "inline") == 0)
    return FALSE;
  if (self->embeds)
    return TRUE;
  filename = ph_body_part_get_filename (self);
  return filename != NULL;
}

typedef gboolean (*Visit) (PhBodyPart *part, gpointer data);

/* @visit for each part that is no multipart, in order, until it returns TRUE: that one. What is in an embedded message stays out. */
static PhBodyPart *
visit_leaves (PhBodyPart *self, Visit visit, gpointer data)
{
  g_autoptr (GPtrArray) waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_body_part_unref);
  guint left = MAX_PARTS;

  g_ptr_array_add (waiting, ph_body_part_ref (self));
  while (waiting->len > 0 && left-- > 0)
    {
      g_autoptr (PhBodyPart) part = g_ptr_array_steal_index (waiting, waiting->len - 1);

      if (!part->multipart)
        {
          if (visit (part, data))
            return g_steal_pointer (&part);
          continue;
        }
      for (guint i = MIN (ph_body_part_get_n_parts (part), MAX_PARTS); i > 0; i--)
        g_ptr_array_add (waiting, ph_body_part_get_part (part, i - 1));
    }
  return NULL;
}

static gboolean
is_text (PhBodyPart *part, gpointer subtype)
{
  if (!g_str_has_prefix (part->media_type, "text/") || ph_body_part_is_attachment (part))
    return FALSE;
  return subtype == NULL || g_ascii_strcasecmp (part->media_type + strlen ("text/"), subtype) == 0;
}

/**
 * ph_body_part_find_text:
 * @self: a part, usually the root
 * @subtype: (nullable): "plain", "html"; %NULL: any text
 *
 * Finds what to show of a message: the first text that is no attachment and in no embedded message.
 *
 * Returns: (transfer full) (nullable): the part; %NULL where there is none
 */
PhBodyPart *
ph_body_part_find_text (PhBodyPart *self, const char *subtype)
{
  g_return_val_if_fail (self != NULL, NULL);

  return visit_leaves (self, is_text, (gpointer) subtype);
}

static gboolean
collect (PhBodyPart *part, gpointer attachments)
{
  if (ph_body_part_is_attachment (part))
    g_ptr_array_add (attachments, ph_body_part_ref (part));
  return FALSE;
}

/**
 * ph_body_part_get_attachments:
 * @self: a part, usually the root
 *
 * Lists what ph_body_part_is_attachment(), in order; an embedded message as one, whatever is in it.
 *
 * Returns: (transfer container) (element-type PhBodyPart): the attachments
 */
GPtrArray *
ph_body_part_get_attachments (PhBodyPart *self)
{
  GPtrArray *attachments = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_body_part_unref);

  g_return_val_if_fail (self != NULL, attachments);

  visit_leaves (self, collect, attachments);
  return attachments;
}
