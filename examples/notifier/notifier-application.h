/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* NotifierApplication: stays when its window is closed, and tells of new mail. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define NOTIFIER_TYPE_APPLICATION (notifier_application_get_type ())
G_DECLARE_FINAL_TYPE (NotifierApplication, notifier_application, NOTIFIER, APPLICATION, GtkApplication)

GtkApplication *notifier_application_new (void);

G_END_DECLS
