/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A message cut into what is written as it stands (header fields, boundaries) and contents that are read when their turn comes. */
#pragma once

#include "ph-mime-content.h"

G_BEGIN_DECLS

typedef struct {
  GBytes *text;           /* or */
  PhMimeContent *content;
} PhMimePiece;

typedef struct {
  gatomicrefcount refs;
  GArray *pieces;         /* of PhMimePiece */
  PhMimeScan scan;        /* of all; scan.octets is the size */
  gboolean is_local;      /* reading it waits for nobody */
} PhMimePlan;

/* @convert: contents that don't fit the form may be encoded. PH_ERROR_INVALID_ARGUMENT: a header field that can't be sent, parts
 * nested too deep. PH_ERROR_NOT_SUPPORTED: a content that doesn't fit. PH_ERROR_BODY: one that can't be read. (transfer full) */
PhMimePlan *ph_mime_plan_new   (GMimeMessage *message, PhMimeForm form, PhMimeFlags flags, GError **error);
PhMimePlan *ph_mime_plan_ref   (PhMimePlan *self);
void        ph_mime_plan_unref (PhMimePlan *self);
/* (transfer full); in memory where it is small */
PhBody     *ph_mime_plan_make_body (PhMimePlan *self, GError **error);

/* Octets of contents that must be gone through before the plan stands, about: to know whether to do it elsewhere */
guint64     ph_mime_plan_weigh (GMimeMessage *message);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PhMimePlan, ph_mime_plan_unref)

G_END_DECLS
