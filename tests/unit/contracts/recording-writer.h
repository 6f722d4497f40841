/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A PhWriter that writes down what it is told, as one line per call. */
#pragma once

#include <posthorn/posthorn.h>

G_BEGIN_DECLS

G_DECLARE_FINAL_TYPE (RecordingWriter, recording_writer, RECORDING, WRITER, GObject)

PhWriter   *recording_writer_new   (void);
/* What was written since the last call, "atom FETCH; open; …" */
char       *recording_writer_take  (PhWriter *self);

G_END_DECLS
