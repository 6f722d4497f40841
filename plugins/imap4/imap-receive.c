/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Octets to responses. What the driver has is read where it is: the engine takes whole responses only, and remembers how far it looked,
 * so that nothing is copied and nothing looked at twice. Only where a literal was diverted does the engine hold what came before it.
 */
#include "imap-engine.h"

/* Responses in a row that can't be read: then it's no IMAP any more. */
#define MAX_FLAWS 1000

static const PhLimits decode_limits = {
  .line = 16 << 20, .literal = 1 << 30, .response = 1 << 30, .nesting = 1000, .values = 16000000
};

/* Literals are looked at one by one only where one of them may go to a stream, or to nowhere. */
static PhImapEntry *
find_diverting (PhImapEngine *self)
{
  for (GList *link = self->running.head; link != NULL; link = link->next)
    {
      PhImapEntry *entry = link->data;

      if (ph_imap_entry_is (entry, &ph_imap_fetch_kind) && (entry->own->sink != NULL || entry->own->discard))
        return entry;
    }

  return NULL;
}

static void
process (PhImapEngine *self, const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  PhImapName  name;
  PhResponse *response = ph_imap_parser_parse (self->parser, data, length, &name, &error);

  if (response != NULL)
    {
      self->n_flaws = 0;
      ph_imap_engine_dispatch (self, response, name);
      return;
    }
  if (error == NULL)
    return;

  if (self->phase == PH_IMAP_PHASE_GREETING)
    {
      g_autofree char *excerpt = ph_imap_excerpt (data, length);

      ph_imap_engine_fail (self, ph_error_new (PH_ERROR_PROTOCOL, NULL, NULL, "%s does not greet as an IMAP server does: %s", self->host, excerpt));
    }
  else if (++self->n_flaws > MAX_FLAWS)
    {
      ph_imap_engine_fail (self, g_steal_pointer (&error));
    }
  else
    {
      ph_imap_engine_warn (self, g_steal_pointer (&error));
    }
}

/* The literal that was just announced goes elsewhere; the response is held up to it, with an empty string in its place. */
static void
divert (PhImapEngine *self, PhImapEntry *entry, const char *unit)
{
  if (self->held->len == 0)
    g_byte_array_append (self->held, (const guint8 *) unit, self->framer.header);
  else
    g_byte_array_set_size (self->held, self->framer.header);
  g_byte_array_append (self->held, (const guint8 *) "\"\"", 2);
  ph_imap_framer_divert (&self->framer, self->held->len);

  self->diverting = TRUE;
  self->divert_length = self->framer.literal;
  self->divert_entry = entry->own->discard ? NULL : entry;
}

/* A literal was announced; FALSE where the session is over because of it. */
static gboolean
judge_literal (PhImapEngine *self, const char *unit, gsize end)
{
  PhImapEntry *entry = find_diverting (self);
  guint64      literal = self->framer.literal;

  if (literal > 0 && entry != NULL && ph_imap_fetch_wants_literal (entry->own, unit, self->framer.header))
    {
      divert (self, entry, unit);
      return TRUE;
    }
  if (literal <= self->limits.literal && literal <= self->limits.response - end)
    return TRUE;

  ph_imap_engine_fail (self, ph_error_new (PH_ERROR_LIMIT, NULL, NULL,
                                           "%s sends a literal of %" G_GUINT64_FORMAT " octets, which is beyond the limit", self->host, literal));
  return FALSE;
}

/* Looks for one response at the start of @unit. TRUE where one more may follow; @taken: octets that are done with. */
static gboolean
take_one (PhImapEngine *self, const char *unit, gsize length, gsize *taken)
{
  g_autoptr (GError) error = NULL;
  gsize end = 0;

  *taken = 0;
  switch (ph_imap_framer_scan (&self->framer, unit, length, &end, &error))
    {
    case PH_IMAP_FRAME_WHOLE:
      *taken = end;
      process (self, unit, end);
      return TRUE;
    case PH_IMAP_FRAME_LITERAL:
      if (judge_literal (self, unit, end) && self->diverting)
        *taken = end;
      return TRUE;
    case PH_IMAP_FRAME_ERROR:
      g_prefix_error (&error, "%s: ", self->host);
      ph_imap_engine_fail (self, g_steal_pointer (&error));
      return FALSE;
    case PH_IMAP_FRAME_MORE:
    default:
      return FALSE;
    }
}

/* Behind a diverted literal the response is put together in the engine's own memory. Returns what of @data belongs to it. */
static gsize
take_held (PhImapEngine *self, const guint8 *data, gsize length)
{
  g_autoptr (GByteArray) held = g_byte_array_ref (self->held);
  gsize    before = held->len;
  gsize    taken;
  gboolean more;

  g_byte_array_append (held, data, length);
  do
    more = take_one (self, (const char *) held->data, held->len, &taken);
  while (more && taken == 0 && self->phase != PH_IMAP_PHASE_ENDED);

  /* a quoted section that still goes to the stream is a copy: the response itself is done */
  if ((!self->diverting || self->divert_bytes != NULL) && (taken > 0 || self->phase == PH_IMAP_PHASE_ENDED))
    g_byte_array_set_size (held, 0);
  return taken > 0 ? taken - before : length;
}

/* The FETCH that runs, where nobody is asked before it */
static PhImapCommand *
find_fetch (PhImapEngine *self)
{
  PhImapEntry *entry = g_queue_peek_head (&self->running);

  if (self->phase != PH_IMAP_PHASE_OPEN || entry == NULL || entry->cancelled || entry->whole != NULL || !ph_imap_entry_is (entry, &ph_imap_fetch_kind))
    return NULL;
  return ph_imap_fetch_takes_plain (entry->own) ? entry->own : NULL;
}

static gboolean
may_take_flags (PhImapEngine *self)
{
  return self->limits.line >= PH_IMAP_FLAGS_LONGEST && self->limits.response >= PH_IMAP_FLAGS_LONGEST && self->limits.nesting >= 2 &&
         self->limits.values >= PH_IMAP_FLAGS_LONGEST;
}

/* As many responses as are at the start of @data and of nothing but flags; how many octets they are */
static gsize
take_flags (PhImapEngine *self, PhImapCommand *command, const char *data, gsize length)
{
  PhCommand  *owner = (PhCommand *) command;
  gboolean    more = TRUE;
  gboolean    wants_uids = ph_imap_engine_wants_uids (self);
  gsize       taken = 0, some;
  guint32     first, last;
  PhImapFlags flags;

  ph_imap_flags_begin (&flags, ph_imap_parser_get_builder (self->parser));
  ph_imap_fetch_get_range (command, &first, &last);
  while (more && (some = ph_imap_flags_read (&flags, data + taken, length - taken)) > 0)
    {
      guint32 asked = command->by_uid ? flags.uid : flags.number;

      if (G_UNLIKELY (asked < first || asked > last) && !ph_imap_fetch_claims (command, flags.number, flags.uid))
        break;
      if (G_UNLIKELY (wants_uids))
        ph_imap_engine_learn_uid (self, flags.number, flags.uid);
      more = ph_command_push_message (owner, flags.number, flags.uid, flags.attributes);
      if (G_UNLIKELY (wants_uids || taken == 0))
        ph_imap_engine_push_item (self, owner);
      taken += some;
    }

  return taken;
}

/* The same of whatever the command asked for */
static gsize
take_messages (PhImapEngine *self, PhImapCommand *command, const char *data, gsize length)
{
  PhCommand    *owner = (PhCommand *) command;
  gsize         most = MIN (self->limits.line, self->limits.response);
  gboolean      more = !ph_imap_engine_wants_uids (self);
  gsize         taken = 0, some;
  guint32       first, last;
  PhImapFetched fetched;

  ph_imap_fetch_get_range (command, &first, &last);
  while (more)
    {
      guint32 asked;

      fetched.room = ph_command_reserve_message (owner, &fetched.size);
      some = ph_imap_parser_read_fetch (self->parser, data + taken, length - taken, most, &fetched);
      if (some == 0 || !ph_imap_fetch_told (command, &fetched))
        break;
      asked = command->by_uid ? fetched.uid : fetched.number;
      if (G_UNLIKELY (asked < first || asked > last) && !ph_imap_fetch_claims (command, fetched.number, fetched.uid))
        break;
      more = ph_command_push_message (owner, fetched.number, fetched.uid, fetched.attributes);
      if (taken == 0)
        ph_imap_engine_push_item (self, owner);
      taken += some;
    }

  return taken;
}

/* Answers of the FETCH that runs, without a frame, a response and a dispatch for each */
static gsize
take_fetched (PhImapEngine *self, const char *data, gsize length)
{
  PhImapCommand *command = find_fetch (self);
  gsize          taken = 0;

  if (command != NULL && !ph_imap_fetch_is_for_flags (command))
    taken = take_messages (self, command, data, length);
  else if (command != NULL && may_take_flags (self))
    taken = take_flags (self, command, data, length);
  if (taken > 0)
    self->n_flaws = 0;
  return taken;
}

static gboolean
may_take (PhImapEngine *self)
{
  return self->phase != PH_IMAP_PHASE_ENDED && !self->want_tls && self->want_filter == NULL && !self->want_unfilter && !self->diverting &&
         self->sasl == PH_WANT_READ && !ph_imap_engine_is_full (self);
}

/* A session that has nothing to do, or just listens, needs no parser until the server says something. */
static void
rest (PhImapEngine *self)
{
  PhImapEntry *entry = g_queue_peek_head (&self->running);

  if (self->phase == PH_IMAP_PHASE_OPEN && self->held->len == 0 && !ph_imap_framer_is_busy (&self->framer) &&
      (entry == NULL || (entry->is_idle && self->running.length == 1)))
    g_clear_pointer (&self->parser, ph_imap_parser_free);
}

gsize
ph_imap_engine_receive (PhEngine *engine, const guint8 *data, gsize length, gint64 now)
{
  PhImapEngine *self = (PhImapEngine *) engine;
  gsize         taken = 0;

  if (self->parser == NULL)
    self->parser = ph_imap_parser_new (self->limits.nesting, self->limits.values);
  self->last_activity = now;
  while (taken < length && may_take (self))
    {
      gsize    some;
      gboolean more = TRUE;

      self->framer.stop_at_literals = find_diverting (self) != NULL;
      if (self->held->len > 0)
        some = take_held (self, data + taken, length - taken);
      else if (!self->framer.stop_at_literals && !ph_imap_framer_is_busy (&self->framer) &&
               (some = take_fetched (self, (const char *) data + taken, length - taken)) > 0)
        more = TRUE;
      else
        more = take_one (self, (const char *) data + taken, length - taken, &some);
      taken += some;
      if (!more)
        break;
    }

  rest (self);
  /* what comes behind the end is nobody's */
  return self->phase == PH_IMAP_PHASE_ENDED ? length : taken;
}

void
ph_imap_engine_diverted (PhEngine *engine, const GError *error, gint64 now)
{
  PhImapEngine *self = (PhImapEngine *) engine;

  if (!self->diverting)
    return;

  self->diverting = FALSE;
  self->last_activity = now;
  if (error != NULL && self->divert_entry != NULL && self->divert_entry->own->failure == NULL)
    self->divert_entry->own->failure = g_error_copy (error);
  self->divert_entry = NULL;
  g_clear_pointer (&self->divert_bytes, g_bytes_unref);
}

static gsize
find_unit (const guint8 *data, gsize length, gboolean end, GError **error)
{
  PhImapFramer framer;
  gsize        unit = 0;

  ph_imap_framer_init (&framer, &decode_limits);
  switch (ph_imap_framer_scan (&framer, (const char *) data, length, &unit, error))
    {
    case PH_IMAP_FRAME_WHOLE:
      return unit;
    case PH_IMAP_FRAME_ERROR:
      return unit;
    case PH_IMAP_FRAME_LITERAL:
    case PH_IMAP_FRAME_MORE:
    default:
      break;
    }

  if (!end || length == 0)
    return 0;
  g_set_error_literal (error, PH_ERROR, PH_ERROR_CLOSED, "the data ends in the middle of a response");
  return length;
}

gsize
ph_imap_engine_decode (PhEngine *engine, const guint8 *data, gsize length, gboolean end, PhResponse **response, GError **error)
{
  g_autoptr (PhImapParser) parser = ph_imap_parser_new (decode_limits.nesting, decode_limits.values);
  gsize   taken = 0;
  GError *local = NULL;

  *response = NULL;
  /* an empty line between responses is none */
  while (*response == NULL && local == NULL)
    {
      gsize       unit = find_unit (data + taken, length - taken, end, &local);
      PhResponse *transient = NULL;
      PhImapName  name;

      taken += unit;
      if (unit > 0 && local == NULL)
        transient = ph_imap_parser_parse (parser, (const char *) data + taken - unit, unit, &name, &local);
      if (transient != NULL)
        *response = ph_response_copy (transient);
      if (unit == 0)
        break;
    }

  if (local == NULL && *response == NULL)
    return 0;
  if (local != NULL)
    g_propagate_error (error, local);
  return taken;
}
