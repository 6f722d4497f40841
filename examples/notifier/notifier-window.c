/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The window: a page to log in, a page of mail, and a bar for what went wrong. */
#include "notifier-window.h"

struct _NotifierWindow {
  GtkApplicationWindow parent;

  NotifierAccount *account;
  GtkWidget *pages;

  /* "login" */
  GtkWidget *refusal;
  GtkWidget *password;
  GtkWidget *keep;

  /* "mail" */
  GtkWidget *trouble;
  GtkWidget *trouble_label;
  GtkWidget *again;
  GtkWidget *messages;
};

G_DEFINE_FINAL_TYPE (NotifierWindow, notifier_window, GTK_TYPE_APPLICATION_WINDOW)

static const char style[] =
  ".count { font-size: smaller; font-weight: bold; font-feature-settings: 'tnum'; padding: 1px 7px; border-radius: 9px;"
  "         background: alpha(currentColor, 0.12); }"
  ".message { padding: 9px 9px; }"
  ".unread { color: @theme_selected_bg_color; }"
  ".heading { font-weight: bold; }"
  ".login { font-size: large; font-weight: bold; }";

/* ---- what the account says ---- */

static void
show_trouble (NotifierWindow *self, NotifierState state)
{
  const char *message = notifier_account_get_message (self->account);
  g_autofree char *text = NULL;

  if (state == NOTIFIER_TRYING)
    text = g_strdup_printf ("The connection was lost, and is tried again. %s", message != NULL ? message : "");
  else if (state == NOTIFIER_FAILED)
    text = g_strdup (message);
  gtk_label_set_label (GTK_LABEL (self->trouble_label), text != NULL ? text : "");
  gtk_widget_set_visible (self->again, state == NOTIFIER_FAILED);
  gtk_info_bar_set_message_type (GTK_INFO_BAR (self->trouble), state == NOTIFIER_FAILED ? GTK_MESSAGE_ERROR : GTK_MESSAGE_WARNING);
  gtk_info_bar_set_revealed (GTK_INFO_BAR (self->trouble), text != NULL);
}

static void
show_login (NotifierWindow *self)
{
  const char *message = notifier_account_get_message (self->account);

  gtk_label_set_label (GTK_LABEL (self->refusal), message != NULL ? message : "");
  gtk_widget_set_visible (self->refusal, message != NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->password), "");
  gtk_stack_set_visible_child_name (GTK_STACK (self->pages), "login");
  gtk_widget_grab_focus (self->password);
}

static void
on_changed (NotifierAccount *account, gpointer data)
{
  NotifierWindow *self = data;
  NotifierState state = notifier_account_get_state (account);

  show_trouble (self, state);
  notifier_message_view_set (self->messages, notifier_account_get_messages (account));
  if (state == NOTIFIER_NEEDS_PASSWORD)
    show_login (self);
  else if (state == NOTIFIER_OPENING && notifier_account_get_messages (account) == NULL)
    gtk_stack_set_visible_child_name (GTK_STACK (self->pages), "opening");
  else
    gtk_stack_set_visible_child_name (GTK_STACK (self->pages), "mail");
}

/* ---- what the person does ---- */

static void
on_log_in (GtkWidget *widget, gpointer data)
{
  NotifierWindow *self = data;

  notifier_account_log_in (self->account, gtk_editable_get_text (GTK_EDITABLE (self->password)),
                           gtk_check_button_get_active (GTK_CHECK_BUTTON (self->keep)));
}

static void
on_again (GtkWidget *button, gpointer data)
{
  notifier_account_open (NOTIFIER_WINDOW (data)->account);
}

static void
on_mailbox_chosen (GtkSingleSelection *selection, GParamSpec *spec, gpointer data)
{
  NotifierWindow *self = data;
  NotifierMailbox *mailbox = gtk_single_selection_get_selected_item (selection);

  if (mailbox != NULL && notifier_account_get_messages (self->account) != NULL)
    notifier_account_show (self->account, notifier_mailbox_get_name (mailbox));
}

/* ---- what it is made of ---- */

static GtkWidget *
make_login (NotifierWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12), *heading = gtk_label_new (notifier_account_get_title (self->account));
  GtkWidget *button = gtk_button_new_with_mnemonic ("_Log In");

  self->refusal = gtk_label_new (NULL);
  self->password = gtk_password_entry_new ();
  self->keep = gtk_check_button_new_with_mnemonic ("_Keep the password in the keyring");
  gtk_label_set_wrap (GTK_LABEL (self->refusal), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (self->refusal), 50);
  gtk_widget_add_css_class (self->refusal, "error");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->password), GTK_ACCESSIBLE_PROPERTY_LABEL, "Password", -1);
  g_object_set (self->password, "placeholder-text", "Password", "activates-default", FALSE, "show-peek-icon", TRUE, NULL);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->keep), TRUE);
  gtk_widget_add_css_class (heading, "login");
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request (box, 320, -1);
  gtk_box_append (GTK_BOX (box), heading);
  gtk_box_append (GTK_BOX (box), self->refusal);
  gtk_box_append (GTK_BOX (box), self->password);
  gtk_box_append (GTK_BOX (box), self->keep);
  gtk_box_append (GTK_BOX (box), button);
  g_signal_connect (self->password, "activate", G_CALLBACK (on_log_in), self);
  g_signal_connect (button, "clicked", G_CALLBACK (on_log_in), self);
  return box;
}

static GtkWidget *
make_opening (void)
{
  GtkWidget *spinner = gtk_spinner_new ();

  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (spinner, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spinner), GTK_ACCESSIBLE_PROPERTY_LABEL, "Connecting", -1);
  return spinner;
}

static GtkWidget *
make_trouble (NotifierWindow *self)
{
  self->trouble = gtk_info_bar_new ();
  self->trouble_label = gtk_label_new (NULL);
  self->again = gtk_button_new_with_mnemonic ("_Try Again");
  gtk_label_set_wrap (GTK_LABEL (self->trouble_label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (self->trouble_label), 0);
  gtk_widget_set_hexpand (self->trouble_label, TRUE);
  gtk_info_bar_add_child (GTK_INFO_BAR (self->trouble), self->trouble_label);
  gtk_info_bar_add_child (GTK_INFO_BAR (self->trouble), self->again);
  gtk_info_bar_set_revealed (GTK_INFO_BAR (self->trouble), FALSE);
  g_signal_connect (self->again, "clicked", G_CALLBACK (on_again), self);
  return self->trouble;
}

static GtkWidget *
scroll (GtkWidget *child, int width)
{
  GtkWidget *window = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (window), child);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (window), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_size_request (window, width, -1);
  return window;
}

static GtkWidget *
make_mail (NotifierWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *paned = gtk_paned_new (GTK_ORIENTATION_HORIZONTAL);
  GtkWidget *mailboxes = notifier_mailbox_view_new (notifier_account_get_mailboxes (self->account));

  self->messages = notifier_message_view_new ();
  g_signal_connect (gtk_list_view_get_model (GTK_LIST_VIEW (mailboxes)), "notify::selected-item", G_CALLBACK (on_mailbox_chosen), self);
  gtk_paned_set_start_child (GTK_PANED (paned), scroll (mailboxes, 180));
  gtk_paned_set_end_child (GTK_PANED (paned), scroll (self->messages, 320));
  gtk_paned_set_resize_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_start_child (GTK_PANED (paned), FALSE);
  gtk_paned_set_shrink_end_child (GTK_PANED (paned), FALSE);
  gtk_widget_set_vexpand (paned, TRUE);
  gtk_box_append (GTK_BOX (box), make_trouble (self));
  gtk_box_append (GTK_BOX (box), paned);
  return box;
}

static void
fill (NotifierWindow *self)
{
  GtkWidget *bar = gtk_header_bar_new (), *title = gtk_label_new (notifier_account_get_title (self->account));
  GtkWidget *refresh = gtk_button_new_from_icon_name ("view-refresh-symbolic");

  gtk_widget_add_css_class (title, "title");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (refresh), "app.refresh");
  gtk_widget_set_tooltip_text (refresh, "Refresh");
  gtk_accessible_update_property (GTK_ACCESSIBLE (refresh), GTK_ACCESSIBLE_PROPERTY_LABEL, "Refresh", -1);
  gtk_header_bar_pack_start (GTK_HEADER_BAR (bar), refresh);
  gtk_header_bar_set_title_widget (GTK_HEADER_BAR (bar), title);
  gtk_window_set_titlebar (GTK_WINDOW (self), bar);
  gtk_window_set_title (GTK_WINDOW (self), notifier_account_get_title (self->account));
  gtk_window_set_default_size (GTK_WINDOW (self), 760, 506);
  self->pages = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->pages), make_opening (), "opening");
  gtk_stack_add_named (GTK_STACK (self->pages), make_login (self), "login");
  gtk_stack_add_named (GTK_STACK (self->pages), make_mail (self), "mail");
  gtk_window_set_child (GTK_WINDOW (self), self->pages);
}

static void
notifier_window_dispose (GObject *object)
{
  g_clear_object (&NOTIFIER_WINDOW (object)->account);
  G_OBJECT_CLASS (notifier_window_parent_class)->dispose (object);
}

static void
notifier_window_class_init (NotifierWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = notifier_window_dispose;
}

static void
notifier_window_init (NotifierWindow *self)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_data (provider, style, -1);
  gtk_style_context_add_provider_for_display (gtk_widget_get_display (GTK_WIDGET (self)), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

NotifierWindow *
notifier_window_new (GtkApplication *application, NotifierAccount *account)
{
  NotifierWindow *self = g_object_new (NOTIFIER_TYPE_WINDOW, "application", application, NULL);

  self->account = g_object_ref (account);
  fill (self);
  g_signal_connect_object (account, "changed", G_CALLBACK (on_changed), self, 0);
  on_changed (account, self);
  return self;
}
