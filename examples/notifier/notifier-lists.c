/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists: each label follows its row's properties by an expression, so that nothing is done by hand when a message comes or is read. */
#include "notifier-window.h"

/* ---- what is shown of a row; arguments are the row's properties ---- */

static char *
get_sender (GtkListItem *item, PhMessage *message, gpointer data)
{
  return notifier_get_sender (message);
}

static char *
get_subject (GtkListItem *item, PhMessage *message, gpointer data)
{
  return notifier_get_subject (message);
}

/* The hour today, the day otherwise */
static char *
get_date (GtkListItem *item, PhMessage *message, gpointer data)
{
  g_autoptr (GDateTime) date = message != NULL ? ph_message_get_internal_date (message) : NULL;
  g_autoptr (GDateTime) local = date != NULL ? g_date_time_to_local (date) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (local == NULL)
    return g_strdup ("");
  if (g_date_time_get_year (local) != g_date_time_get_year (now))
    return g_date_time_format (local, "%x");
  return g_date_time_format (local, g_date_time_get_day_of_year (local) == g_date_time_get_day_of_year (now) ? "%H:%M" : "%-d %b");
}

static gboolean
is_unread (GtkListItem *item, const char *const *flags, gpointer data)
{
  return flags != NULL && *flags != NULL ? !g_strv_contains (flags, "\\Seen") : TRUE;
}

static char **
get_classes (GtkListItem *item, const char *const *flags, gpointer data)
{
  static const char *const unread[] = { "heading", NULL }, *const seen[] = { NULL };

  return g_strdupv ((char **) (is_unread (item, flags, NULL) ? unread : seen));
}

static char *
get_count (GtkListItem *item, guint n, gpointer data)
{
  return n > 0 ? g_strdup_printf ("%u", n) : g_strdup ("");
}

static gboolean
has_any (GtkListItem *item, guint n, gpointer data)
{
  return n > 0;
}

/* @widget's @property is what @function makes of @row_property of the list item's row. */
static void
follow (GtkListItem *item, GType row_type, const char *row_property, GtkWidget *widget, const char *property, GType type, GCallback function)
{
  GtkExpression *row = gtk_property_expression_new (GTK_TYPE_LIST_ITEM, NULL, "item");
  GtkExpression *value = gtk_property_expression_new (row_type, row, row_property);

  if (function != NULL)
    value = gtk_cclosure_expression_new (type, NULL, 1, &value, function, NULL, NULL);
  gtk_expression_bind (value, widget, property, item);
}

static GtkWidget *
new_label (float align, const char *class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), align);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

/* ---- mailboxes ---- */

static void
set_up_mailbox (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *name = new_label (0, NULL), *count = new_label (0.5, "count");

  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_set_valign (count, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), count);
  gtk_list_item_set_child (item, box);
  follow (item, NOTIFIER_TYPE_MAILBOX, "name", name, "label", G_TYPE_STRING, NULL);
  follow (item, NOTIFIER_TYPE_MAILBOX, "n-unseen", count, "label", G_TYPE_STRING, G_CALLBACK (get_count));
  follow (item, NOTIFIER_TYPE_MAILBOX, "n-unseen", count, "visible", G_TYPE_BOOLEAN, G_CALLBACK (has_any));
}

static GtkListItemFactory *
new_factory (GCallback set_up)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", set_up, NULL);
  return factory;
}

GtkWidget *
notifier_mailbox_view_new (GListModel *mailboxes)
{
  GtkSingleSelection *selection = gtk_single_selection_new (g_object_ref (mailboxes));
  GtkWidget *view = gtk_list_view_new (GTK_SELECTION_MODEL (selection), new_factory (G_CALLBACK (set_up_mailbox)));

  gtk_widget_add_css_class (view, "navigation-sidebar");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, "Mailboxes", -1);
  return view;
}

/* ---- messages ---- */

static void
set_up_message (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9), *place = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *dot = gtk_image_new_from_icon_name ("media-record-symbolic");
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3), *first = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *sender = new_label (0, NULL), *date = new_label (1, "dim-label"), *subject = new_label (0, "dim-label");

  gtk_image_set_pixel_size (GTK_IMAGE (dot), 8);
  gtk_widget_add_css_class (dot, "unread");
  gtk_accessible_update_property (GTK_ACCESSIBLE (dot), GTK_ACCESSIBLE_PROPERTY_LABEL, "Unread", -1);
  gtk_widget_add_css_class (row, "message");
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_hexpand (sender, TRUE);
  gtk_box_append (GTK_BOX (first), sender);
  gtk_box_append (GTK_BOX (first), date);
  gtk_box_append (GTK_BOX (lines), first);
  gtk_box_append (GTK_BOX (lines), subject);
  gtk_widget_set_size_request (place, 8, -1);
  gtk_box_append (GTK_BOX (place), dot);
  gtk_box_append (GTK_BOX (row), place);
  gtk_box_append (GTK_BOX (row), lines);
  gtk_list_item_set_child (item, row);

  follow (item, PH_TYPE_MESSAGE_ROW, "message", sender, "label", G_TYPE_STRING, G_CALLBACK (get_sender));
  follow (item, PH_TYPE_MESSAGE_ROW, "message", subject, "label", G_TYPE_STRING, G_CALLBACK (get_subject));
  follow (item, PH_TYPE_MESSAGE_ROW, "message", date, "label", G_TYPE_STRING, G_CALLBACK (get_date));
  follow (item, PH_TYPE_MESSAGE_ROW, "flags", sender, "css-classes", G_TYPE_STRV, G_CALLBACK (get_classes));
  follow (item, PH_TYPE_MESSAGE_ROW, "flags", dot, "visible", G_TYPE_BOOLEAN, G_CALLBACK (is_unread));
}

GtkWidget *
notifier_message_view_new (void)
{
  GtkWidget *view = gtk_list_view_new (NULL, new_factory (G_CALLBACK (set_up_message)));

  gtk_list_view_set_show_separators (GTK_LIST_VIEW (view), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, "Messages", -1);
  return view;
}

/* Who looks at the newest messages sees the next one come. */
static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (data));

  if (position == 0 && added > 0 && gtk_adjustment_get_value (adjustment) < gtk_adjustment_get_page_increment (adjustment) / 4)
    gtk_widget_activate_action (data, "list.scroll-to-item", "u", 0);
}

void
notifier_message_view_set (GtkWidget *view, GListModel *messages)
{
  GtkSelectionModel *before = gtk_list_view_get_model (GTK_LIST_VIEW (view));
  g_autoptr (GtkSingleSelection) selection = NULL;

  if (before != NULL && gtk_single_selection_get_model (GTK_SINGLE_SELECTION (before)) == messages)
    return;
  if (messages != NULL)
    {
      selection = gtk_single_selection_new (g_object_ref (messages));
      gtk_single_selection_set_autoselect (selection, FALSE);
      gtk_single_selection_set_can_unselect (selection, TRUE);
    }
  gtk_list_view_set_model (GTK_LIST_VIEW (view), GTK_SELECTION_MODEL (selection));
  if (selection != NULL)
    g_signal_connect_object (selection, "items-changed", G_CALLBACK (on_items_changed), view, G_CONNECT_AFTER);
}
