/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IMAP extension CONVERT (RFC 5259 section 10): the server converts a part into another media type, size or charset.
 *
 *   conversions     = "CONVERSIONS" SP astring SP astring
 *   conversion-data = "CONVERSION" SP source SP target [SP "(" name *(SP name) ")"]
 *   convert         = "UID CONVERT" SP set SP "(" (target / "NIL") [SP "(" 1*(name SP value) ")"] ")" SP "(" att *(SP att) ")"
 *   att             = ("BINARY" / "BINARY.SIZE" / "BODYPARTSTRUCTURE" / "AVAILABLECONVERSIONS") "[" part "]" / "BODY[" [part "."] ("HEADER" / "MIME") "]"
 *   converted       = number "CONVERTED" SP "(" "TAG" SP tag ")" SP "(" ["UID" SP uid SP] att SP value *(SP att SP value) ")"
 *
 * Servers may refuse to convert more than one part of one message at once (section 8.5), so no more is ever asked for.
 */
#include <posthorn/posthorn-plugin.h>

static gpointer
begin_list (PhCommand *command)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ph_conversion_unref);
}

static gboolean
receive_conversion (PhCommand *command, const PhResponse *response, gpointer *result)
{
  const PhValue   *source = ph_value_first (ph_response_get_values (response));
  const PhValue   *target = ph_value_next (source);
  g_autofree char *from = ph_value_dup_text (source);
  g_autofree char *to = ph_value_dup_text (target);
  g_auto (GStrv)   parameters = ph_value_dup_strings (ph_value_first (ph_value_next (target)));

  if (from != NULL && to != NULL)
    g_ptr_array_add (*result, ph_conversion_new (from, to, (const char *const *) parameters));
  return TRUE;
}

static gboolean
receive_converted (PhCommand *command, const PhResponse *response, gpointer *result)
{
  const PhValue *items = ph_value_get_child (ph_response_get_values (response), 1);

  if (ph_value_get_kind (items) != PH_VALUE_LIST)
    return FALSE;
  g_clear_pointer ((PhConverted **) result, ph_converted_unref);
  *result = ph_converted_new (items);
  return TRUE;
}

static gboolean
check_converted (PhCommand *command, PhReply *reply, gpointer *result, GError **error)
{
  if (*result != NULL)
    return ph_converted_check (*result, error);

  g_propagate_error (error, ph_error_new (PH_ERROR_NO_MESSAGE, reply, NULL, "There is no such message to convert a part of"));
  return FALSE;
}

/* What the server said of the part itself says more than its NO. */
static GError *
refuse_converted (PhCommand *command, PhReply *reply, gpointer *result)
{
  GError *reason = NULL;

  if (*result != NULL)
    ph_converted_check (*result, &reason);
  return reason;
}

enum { CONVERSIONS, UID_CONVERT, CONVERT };

#define OF_PART .get_type = ph_converted_get_type, .responses = "CONVERTED", .receive = receive_converted, .finish = check_converted, \
                .refuse = refuse_converted

static const PhVerb verbs[] = {
  [CONVERSIONS] = { .name = "CONVERSIONS", .arguments = "ss", .needs = "CONVERT", .get_type = g_ptr_array_get_type, .begin = begin_list,
                    .responses = "CONVERSION", .receive = receive_conversion },
  [UID_CONVERT] = { .name = "UID CONVERT", .arguments = "avv", .needs = "CONVERT", .flags = PH_COMMAND_SELECTED, OF_PART },
  [CONVERT] = { .name = "CONVERT", .arguments = "avv", .needs = "CONVERT", .flags = PH_COMMAND_ALONE | PH_COMMAND_SELECTED, OF_PART },
  { .name = NULL },
};

static PhCommand *
make_list (PhConvert *self, const char *source, const char *target)
{
  return ph_extension_make (PH_EXTENSION (self), &verbs[CONVERSIONS], source, target);
}

static GPtrArray *
new_items (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ph_value_free);
}

static PhValue *
new_parameters (const char *target, const char *const *parameters)
{
  g_autoptr (GPtrArray) outer = new_items ();
  g_autoptr (GPtrArray) inner = new_items ();

  g_ptr_array_add (outer, target != NULL ? ph_value_new_string (target) : ph_value_new_nil ());
  for (; parameters != NULL && *parameters != NULL; parameters++)
    g_ptr_array_add (inner, ph_value_new_string (*parameters));
  if (inner->len > 0)
    g_ptr_array_add (outer, ph_value_new_array (inner));
  return ph_value_new_array (outer);
}

static char *
new_range (guint64 offset, guint64 length)
{
  if (offset == 0 && length == 0)
    return g_strdup ("");
  return g_strdup_printf ("<%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT ">", offset, length > 0 ? length : G_MAXUINT32);
}

/* In the order that makes it easy to read: what it is before its octets (section 8.2) */
static PhValue *
new_attributes (const char *section, PhConvertItem items, guint64 offset, guint64 length)
{
  static const struct { PhConvertItem item; const char *name; } names[] = {
    { PH_CONVERT_TARGETS, "AVAILABLECONVERSIONS" }, { PH_CONVERT_STRUCTURE, "BODYPARTSTRUCTURE" }, { PH_CONVERT_SIZE, "BINARY.SIZE" },
    { PH_CONVERT_DATA, "BINARY" },
  };
  g_autoptr (GPtrArray) attributes = new_items ();
  g_autofree char *range = new_range (offset, length);
  const char *dot = section != NULL && *section != '\0' ? "." : "";

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if ((items & names[i].item) != 0)
      {
        g_autofree char *text = g_strdup_printf ("%s[%s]%s", names[i].name, section != NULL ? section : "",
                                                 names[i].item == PH_CONVERT_DATA ? range : "");

        g_ptr_array_add (attributes, ph_value_new_atom (text));
      }
  if ((items & (PH_CONVERT_HEADER | PH_CONVERT_MIME)) != 0)
    {
      g_autofree char *text = g_strdup_printf ("BODY[%s%s%s]", section != NULL ? section : "", dot,
                                               (items & PH_CONVERT_HEADER) != 0 ? "HEADER" : "MIME");

      g_ptr_array_add (attributes, ph_value_new_atom (text));
    }
  return ph_value_new_array (attributes);
}

static guint
count (const char *const *strings)
{
  return strings != NULL ? g_strv_length ((char **) strings) : 0;
}

static PhCommand *
make_part (PhConvert *self, guint32 uid, const char *section, const char *target, const char *const *parameters, PhConvertItem items,
           guint64 offset, guint64 length)
{
  gboolean            sound = uid > 0 && items != 0 && count (parameters) % 2 == 0;
  g_autofree char    *set = sound ? g_strdup_printf ("%u", uid) : NULL; /* without, the command fails unsent */
  g_autoptr (PhValue) how = new_parameters (target, parameters);
  g_autoptr (PhValue) what = new_attributes (section, items, offset, length);

  return ph_extension_make (PH_EXTENSION (self), &verbs[UID_CONVERT], set, how, what);
}

static void
ph_imap_convert_describe (PhConvertInterface *iface)
{
  iface->make_list = make_list;
  iface->make_part = make_part;
}

PH_DEFINE_EXTENSION (PhImapConvert, ph_imap_convert, PH_TYPE_CONVERT, ph_imap_convert_describe, klass->verbs = verbs)

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "CONVERT", .summary = "Parts of messages converted by the server (RFC 5259)",
    .rank = PH_RANK_PRIMARY, .protocol = "imap4", .get_type = ph_imap_convert_get_type },
};

PH_DEFINE_PLUGIN (imap4_convert, "imap4-convert", "The IMAP extension CONVERT", features)
