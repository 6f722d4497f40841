/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A table on standard output: aligned, fitted to a terminal's width, printed in blocks so that it can be endless. */
#include "tool.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BLOCK 256
#define NARROWEST 8

struct _ToolTable
{
  guint n_columns;
  int *widths;     /* of the widest cell so far */
  GPtrArray *rows; /* of char **, not yet printed */
  int terminal;    /* its width, 0: not a terminal */
};

static int
get_terminal_width (void)
{
  struct winsize size;

  if (!isatty (STDOUT_FILENO) || ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
    return 0;
  return size.ws_col;
}

static void
take_row (ToolTable *self, char **cells)
{
  for (guint i = 0; i < self->n_columns; i++)
    self->widths[i] = MAX (self->widths[i], tool_text_width (cells[i]));
  g_ptr_array_add (self->rows, cells);
}

/* @headings: up to NULL; their number is the table's. */
ToolTable *
tool_table_new (const char *const *headings)
{
  ToolTable *self = g_new0 (ToolTable, 1);

  self->n_columns = g_strv_length ((char **) headings);
  self->widths = g_new0 (int, self->n_columns);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->terminal = get_terminal_width ();
  take_row (self, g_strdupv ((char **) headings));
  return self;
}

/* Takes from the widest columns what the terminal is too narrow for. */
static void
fit (ToolTable *self, int *widths)
{
  int total = 0;

  for (guint i = 0; i < self->n_columns; i++)
    total += (widths[i] = self->widths[i]) + 2;
  if (self->terminal == 0)
    return;
  for (total -= 2; total > self->terminal; total--)
    {
      guint widest = 0;

      for (guint i = 1; i < self->n_columns; i++)
        if (widths[i] > widths[widest])
          widest = i;
      if (widths[widest] <= NARROWEST)
        return;
      widths[widest]--;
    }
}

static void
print_cell (const char *text, int width, gboolean last)
{
  g_autoptr (GString) cell = g_string_new (NULL);
  gboolean cut = tool_text_width (text) > width;
  int used = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      int own = g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;

      if (used + own > width - (cut ? 1 : 0))
        break;
      g_string_append_unichar (cell, c);
      used += own;
    }
  if (cut)
    {
      g_string_append (cell, "…");
      used++;
    }
  g_print ("%s%*s", cell->str, last ? 0 : width - used + 2, "");
}

static void
print_block (ToolTable *self)
{
  g_autofree int *widths = g_new0 (int, self->n_columns);

  fit (self, widths);
  for (guint i = 0; i < self->rows->len; i++)
    {
      char **cells = g_ptr_array_index (self->rows, i);
      guint n = self->n_columns;

      while (n > 1 && *cells[n - 1] == '\0')
        n--;
      for (guint column = 0; column < n; column++)
        print_cell (cells[column], widths[column], column == n - 1);
      g_print ("\n");
    }
  g_ptr_array_set_size (self->rows, 0);
}

/* One text for each column, then NULL; made safe for a terminal here. A NULL in between ends the row early. */
void
tool_table_add (ToolTable *self, const char *first, ...)
{
  char **cells = g_new0 (char *, self->n_columns + 1);
  const char *text = first;
  va_list rest;

  va_start (rest, first);
  for (guint i = 0; i < self->n_columns; i++)
    {
      cells[i] = tool_clean (text);
      if (text != NULL)
        text = va_arg (rest, const char *);
    }
  va_end (rest);
  take_row (self, cells);
  if (self->rows->len >= BLOCK)
    print_block (self);
}

/* Prints what is left and frees the table. */
void
tool_table_end (ToolTable *self)
{
  print_block (self);
  g_ptr_array_unref (self->rows);
  g_free (self->widths);
  g_free (self);
}
