// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the reference of each library that ours names is read; nothing is fetched while ours is built.
baseURLs = [
  [ 'GLib', 'https://docs.gtk.org/glib/' ],
  [ 'GObject', 'https://docs.gtk.org/gobject/' ],
  [ 'Gio', 'https://docs.gtk.org/gio/' ],
  [ 'GMime', 'https://developer-old.gnome.org/gmime/stable/' ],
  [ 'Posthorn', '../posthorn-1/' ],
];
