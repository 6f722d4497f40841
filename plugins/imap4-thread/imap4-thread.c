/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The IMAP extensions THREAD=ORDEREDSUBJECT, THREAD=REFERENCES (RFC 5256) and THREAD=REFS, which answer from any server. */
#include "imap4-thread.h"

typedef PhExtensionClass PhImapThreadClass;

static void ph_imap_thread_describe (PhThreadInterface *iface);

GType ph_imap_thread_get_type (void);
PH_DEFINE_PLUGIN_TYPE (PhImapThread, ph_imap_thread, PH_TYPE_EXTENSION, PH_TYPE_THREAD, ph_imap_thread_describe)

static PhCommand *
ph_imap_thread_make_thread (PhThread *self, PhThreadAlgorithm algorithm, PhQuery *query, gboolean by_uid)
{
  return ph_imap_thread_command_make ((PhImapThread *) self, algorithm, query, by_uid);
}

static void
ph_imap_thread_describe (PhThreadInterface *iface)
{
  iface->make_thread = ph_imap_thread_make_thread;
}

/* In RFC 5256's form; an algorithm that is not known here is the server's */
static PhCommand *
ph_imap_thread_make_command (PhExtension *self, const char *name, const PhValue *arguments)
{
  gboolean            by_uid = g_ascii_strcasecmp (name, "UID THREAD") == 0;
  const PhValue      *word = ph_value_first (arguments);
  g_autoptr (PhQuery) query = NULL;
  PhThreadAlgorithm   algorithm;

  if ((!by_uid && g_ascii_strcasecmp (name, "THREAD") != 0) || !ph_imap_thread_read_algorithm (word, &algorithm))
    return NULL;
  query = ph_order_read_query (self, ph_value_next (word));
  return query != NULL ? ph_imap_thread_command_make ((PhImapThread *) self, algorithm, query, by_uid) : NULL;
}

static void
ph_imap_thread_reset (PhExtension *self)
{
  ((PhImapThread *) self)->is_broken = FALSE;
}

static void
ph_imap_thread_class_init (PhImapThreadClass *klass)
{
  klass->make_command = ph_imap_thread_make_command;
  klass->reset = ph_imap_thread_reset;
}

static void
ph_imap_thread_init (PhImapThread *self)
{
}

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "THREAD", .summary = "Messages as conversations, by any server (RFC 5256)",
    .rank = PH_RANK_PRIMARY, .flags = PH_EXTENSION_ALWAYS, .protocol = "imap4", .get_type = ph_imap_thread_get_type },
};

PH_DEFINE_PLUGIN (imap4_thread, "imap4-thread", "The IMAP extension THREAD", features)
