/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The octets of a plan as a GInputStream: pollable where nothing in it waits, and able to begin again. */
#pragma once

#include "ph-mime-plan.h"

G_BEGIN_DECLS

#define PH_MIME_TYPE_STREAM (ph_mime_stream_get_type ())
G_DECLARE_FINAL_TYPE (PhMimeStream, ph_mime_stream, PH_MIME, STREAM, GInputStream)

GInputStream *ph_mime_stream_new (PhMimePlan *plan);

G_END_DECLS
