/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A message's octets, wherever they are; read once, a piece at a time. */
#pragma once

#include <posthorn/ph-types.h>

G_BEGIN_DECLS

#define PH_TYPE_BODY (ph_body_get_type ())
PH_AVAILABLE_IN_1_0 G_DECLARE_FINAL_TYPE (PhBody, ph_body, PH, BODY, GObject)

PH_AVAILABLE_IN_1_0 PhBody *ph_body_new_for_bytes  (GBytes *bytes);
/* copies; UTF-8 text of a message, for bindings and examples */
PH_AVAILABLE_IN_1_0 PhBody *ph_body_new_for_text   (const char *text);
/* @size: in octets, -1 where it isn't known (then it can't become an IMAP literal) */
PH_AVAILABLE_IN_1_0 PhBody *ph_body_new_for_stream (GInputStream *stream, gint64 size);
PH_AVAILABLE_IN_1_0 PhBody *ph_body_new_for_file   (GFile *file, GError **error);
/* opened when it is sent and closed behind its end: for many that wait. Not there or not to be read: PH_ERROR_BODY when it is sent */
PH_AVAILABLE_IN_1_0 PhBody *ph_body_new_for_closed_file (GFile *file);
/* @fd is duplicated; read from where it stands */
PH_AVAILABLE_IN_1_0 PhBody *ph_body_new_for_fd     (int fd, GError **error);
/* Octets that a server fetches by @url itself ("imap://…;urlauth=…"), alone or among parts; they can't be read here */
PH_AVAILABLE_IN_1_0 PhBody *ph_body_new_for_url    (const char *url);
/* @parts one behind the other; referenced. Those that are no URLs must know their size */
PH_AVAILABLE_IN_1_0 PhBody *ph_body_new_for_parts  (PhBody **parts, gsize n_parts);
/* NULL where it is none */
PH_AVAILABLE_IN_1_0 const char *ph_body_get_url    (PhBody *self);
/* 0 where it was not made of parts; NULL behind the last. (transfer none) */
PH_AVAILABLE_IN_1_0 guint   ph_body_get_n_parts    (PhBody *self);
PH_AVAILABLE_IN_1_0 PhBody *ph_body_get_part       (PhBody *self, guint index);
/* octets from the start, -1 where it isn't known */
PH_AVAILABLE_IN_1_0 gint64  ph_body_get_size       (PhBody *self);

/* For engines: to look at it before it is read, and to send it more than once. */
PH_AVAILABLE_IN_1_0 GBytes  *ph_body_get_bytes     (PhBody *self);
PH_AVAILABLE_IN_1_0 gssize   ph_body_peek          (PhBody *self, guint64 offset, void *buffer, gsize count);
PH_AVAILABLE_IN_1_0 gboolean ph_body_can_rewind    (PhBody *self);
PH_AVAILABLE_IN_1_0 gboolean ph_body_rewind        (PhBody *self);

G_END_DECLS
