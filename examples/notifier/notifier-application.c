/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The application: one instance, one account, a notification for each message that arrives. */
#include "notifier-application.h"

#include "notifier-window.h"

struct _NotifierApplication {
  GtkApplication parent;

  NotifierAccount *account;
};

G_DEFINE_FINAL_TYPE (NotifierApplication, notifier_application, GTK_TYPE_APPLICATION)

static void
on_arrived (NotifierAccount *account, const char *id, const char *title, const char *body, gpointer data)
{
  g_autoptr (GNotification) notification = g_notification_new (title);
  g_autoptr (GIcon) icon = g_themed_icon_new ("mail-unread");

  g_notification_set_body (notification, body);
  g_notification_set_icon (notification, icon);
  g_notification_set_category (notification, "email.arrived");
  g_notification_set_default_action (notification, "app.show");
  g_application_send_notification (G_APPLICATION (data), id, notification);
}

static void
show (NotifierApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL && self->account != NULL)
    window = GTK_WINDOW (notifier_window_new (GTK_APPLICATION (self), self->account));
  if (window != NULL)
    gtk_window_present (window);
}

static void
on_show (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  show (data);
}

static void
on_refresh (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  NotifierApplication *self = data;

  if (self->account != NULL)
    notifier_account_refresh (self->account);
}

static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  NotifierApplication *self = data;

  if (self->account != NULL)
    notifier_account_close (self->account);
  g_application_quit (G_APPLICATION (self));
}

static void
notifier_application_startup (GApplication *application)
{
  static const GActionEntry actions[] = {
    { .name = "show", .activate = on_show },
    { .name = "refresh", .activate = on_refresh },
    { .name = "quit", .activate = on_quit },
  };

  G_APPLICATION_CLASS (notifier_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.quit", (const char *const[]){ "<Control>q", NULL });
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.refresh", (const char *const[]){ "F5", "<Control>r", NULL });
}

static void
notifier_application_activate (GApplication *application)
{
  show (NOTIFIER_APPLICATION (application));
}

/* The account's URI is what it "opens". */
static int
notifier_application_command_line (GApplication *application, GApplicationCommandLine *line)
{
  NotifierApplication *self = NOTIFIER_APPLICATION (application);
  GVariantDict *options = g_application_command_line_get_options_dict (line);
  g_autofree const char **words = NULL;
  const char *ca_file = NULL;
  g_autoptr (GError) error = NULL;

  g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&s", &words);
  g_variant_dict_lookup (options, "ca", "^&ay", &ca_file);
  if (self->account == NULL && words == NULL)
    {
      g_application_command_line_printerr (line, "Whose mail? posthorn-notifier imaps://alice@mail.example.org\n");
      return 64;
    }
  if (self->account == NULL)
    {
      self->account = notifier_account_new (words[0], ca_file, &error);
      if (self->account == NULL)
        {
          g_application_command_line_printerr (line, "%s\n", error->message);
          return 64;
        }
      g_application_hold (application); /* it goes on without a window */
      g_signal_connect_object (self->account, "arrived", G_CALLBACK (on_arrived), self, 0);
      notifier_account_open (self->account);
    }
  g_application_activate (application);
  return 0;
}

static void
notifier_application_finalize (GObject *object)
{
  g_clear_object (&NOTIFIER_APPLICATION (object)->account);
  G_OBJECT_CLASS (notifier_application_parent_class)->finalize (object);
}

static void
notifier_application_class_init (NotifierApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = notifier_application_finalize;
  application_class->startup = notifier_application_startup;
  application_class->activate = notifier_application_activate;
  application_class->command_line = notifier_application_command_line;
}

static void
notifier_application_init (NotifierApplication *self)
{
  const GOptionEntry entries[] = {
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, NULL, "Trust these authorities (PEM) in place of the system's", "FILE" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, NULL, "URI" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), NULL);
  g_application_set_option_context_summary (G_APPLICATION (self), "Watches the mailboxes of an account, and tells of new mail.");
}

GtkApplication *
notifier_application_new (void)
{
  return g_object_new (NOTIFIER_TYPE_APPLICATION, "application-id", "org.posthorn.Notifier", "flags", G_APPLICATION_HANDLES_COMMAND_LINE, NULL);
}
