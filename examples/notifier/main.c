/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Watches the mailboxes of an account, lists its messages, and tells of new mail:
 *
 *   cc *.c -o posthorn-notifier $(pkg-config --cflags --libs gtk4 posthorn-1)
 *   ./posthorn-notifier imaps://alice@mail.example.org
 */
#include "notifier-application.h"

int
main (int argc, char **argv)
{
  g_autoptr (GtkApplication) application = notifier_application_new ();

  g_set_application_name ("Posthorn Notifier");
  return g_application_run (G_APPLICATION (application), argc, argv);
}
