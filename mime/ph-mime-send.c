/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A GMimeMessage through a PhTransport: what the server takes decides how it is written. */
#include "ph-mime-header.h"
#include "ph-mime-plan.h"

#include <string.h>

/* Above this an asynchronous call goes through the contents in a thread. */
#define HEAVY (1024 * 1024)

/* One message on its way */
typedef struct {
  PhTransport *transport;
  GMimeMessage *message;
  PhEnvelope *envelope;
  PhMimeFlags flags;

  PhMimeForm form;
  gboolean seven_bit;   /* the server takes nothing else */
  PhMimePlan *plan;
  PhCommand *command;
} Job;

static Job *
job_new (PhTransport *transport, GMimeMessage *message, PhEnvelope *envelope, PhMimeFlags flags)
{
  Job *self = g_new0 (Job, 1);

  self->transport = g_object_ref (transport);
  self->message = g_object_ref (message);
  self->envelope = envelope != NULL ? ph_envelope_select (envelope, NULL, 0) : NULL;
  self->flags = flags;
  return self;
}

static void
job_free (gpointer data)
{
  Job *self = data;

  g_object_unref (self->transport);
  g_object_unref (self->message);
  g_clear_pointer (&self->envelope, ph_envelope_unref);
  g_clear_pointer (&self->plan, ph_mime_plan_unref);
  g_clear_object (&self->command);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static gboolean
has_parameter (PhEnvelope *envelope, const char *keyword)
{
  const char *const *parameters = ph_envelope_get_parameters (envelope);
  gsize length = strlen (keyword);

  for (; *parameters != NULL; parameters++)
    if (g_ascii_strncasecmp (*parameters, keyword, length) == 0 && ((*parameters)[length] == '\0' || (*parameters)[length] == '='))
      return TRUE;
  return FALSE;
}

static void
add_parameter (PhEnvelope *envelope, const char *keyword, const char *parameter)
{
  if (!has_parameter (envelope, keyword))
    ph_envelope_add_parameter (envelope, parameter);
}

static PhMimeReach
envelope_reach (PhEnvelope *envelope)
{
  PhMimeReach reach = ph_mime_address_reach (ph_envelope_get_sender (envelope));

  for (guint i = 0; i < ph_envelope_get_n_recipients (envelope); i++)
    {
      PhMimeReach of_one = ph_mime_address_reach (ph_envelope_get_recipient (envelope, i));

      reach = MAX (reach, of_one);
    }
  return reach;
}

static gboolean
check_tls_required (GMimeMessage *message, PhEnvelope *envelope, PhMimeFlags flags, GError **error)
{
  if (ph_mime_count_fields (message, "TLS-Required") > 1)
    {
      g_propagate_error (error, ph_mime_error (PH_ERROR_INVALID_ARGUMENT, "the header field TLS-Required stands more than once (RFC 8689 section 3)"));
      return FALSE;
    }
  if ((flags & PH_MIME_TLS_OPTIONAL) == 0 || envelope == NULL
      || !(ph_envelope_get_require_tls (envelope) || has_parameter (envelope, "REQUIRETLS")))
    return TRUE;
  g_propagate_error (error, ph_mime_error (PH_ERROR_INVALID_ARGUMENT, "a message can't both require TLS (REQUIRETLS) and do without "
                                           "(TLS-Required: No)"));
  return FALSE;
}

/* Everything that doesn't need the server */
static gboolean
job_check (Job *self, GError **error)
{
  if (self->envelope == NULL && (self->envelope = ph_mime_make_envelope (self->message, error)) == NULL)
    return FALSE;
  return check_tls_required (self->message, self->envelope, self->flags, error)
         && ph_mime_header_check (GMIME_OBJECT (self->message), error);
}

/* Nothing but the local part of an address needs SMTPUTF8; all else has an ASCII form. */
static gboolean
job_choose_form (Job *self, GError **error)
{
  PhSession *session = PH_SESSION (self->transport);
  PhMimeReach of_envelope = envelope_reach (self->envelope);
  PhMimeReach reach = ph_mime_message_reach (self->message);
  gboolean utf8 = MAX (reach, of_envelope) == PH_MIME_REACH_LOCAL;

  if (utf8 && !ph_session_has_capability (session, "SMTPUTF8"))
    {
      g_propagate_error (error, ph_mime_error (PH_ERROR_NOT_SUPPORTED, "an address of the message is not ASCII before its “@”, and %s takes "
                                               "none such (it has no SMTPUTF8)", ph_session_get_host (session)));
      return FALSE;
    }
  self->seven_bit = !utf8 && !ph_session_has_capability (session, "8BITMIME");
  if (utf8)
    self->form = PH_MIME_FORM_UTF8;
  else
    self->form = self->seven_bit && (self->flags & PH_MIME_CONVERT) != 0 ? PH_MIME_FORM_SEVEN_BIT : PH_MIME_FORM_EIGHT_BIT;
  if (utf8)
    {
      add_parameter (self->envelope, "SMTPUTF8", "SMTPUTF8");
      add_parameter (self->envelope, "BODY", "BODY=8BITMIME");
    }
  return TRUE;
}

/* Any thread */
static gboolean
job_plan (Job *self, GError **error)
{
  self->plan = ph_mime_plan_new (self->message, self->form, self->flags, error);
  if (self->plan == NULL)
    return FALSE;
  if (!self->seven_bit || !self->plan->scan.eight_bit)
    return TRUE;
  g_propagate_error (error, ph_mime_error (PH_ERROR_NOT_SUPPORTED, "the message is 8-bit, and %s takes 7-bit only (it has no 8BITMIME); it was "
                                           "not allowed to encode it", ph_session_get_host (PH_SESSION (self->transport))));
  return FALSE;
}

static gboolean
job_make_command (Job *self, GError **error)
{
  g_autoptr (PhBody) body = ph_mime_plan_make_body (self->plan, error);

  if (body == NULL)
    return FALSE;
  self->command = ph_transport_make_send (self->transport, self->envelope, body);
  return TRUE;
}

static PhDelivery *
job_get_delivery (Job *self)
{
  PhDelivery *delivery = ph_command_peek_result (self->command);

  return ph_delivery_ref (delivery);
}

/**
 * ph_mime_make_body:
 * @message: a message; it must not be changed before it was sent
 * @form: how it is written
 * @flags: what may be done to it
 * @error: return location for an error
 *
 * Makes a body of @message, for [method@Posthorn.Transport.send] and whatever else takes one: lines end by CR LF, Bcc and
 * Resent-Bcc are left out, and what can't stand in @form is written otherwise. Attachments are read from where they lie when
 * it is sent, so a large one is never in memory whole; now they are gone through, for size and octets that don't fit.
 *
 * [func@send] does this by itself. Errors: %PH_ERROR_INVALID_ARGUMENT where a header field can't be sent, %PH_ERROR_NOT_SUPPORTED
 * where @message can't be brought into @form, %PH_ERROR_BODY where a content can't be read.
 *
 * Returns: (transfer full): the body, or %NULL
 */
PhBody *
ph_mime_make_body (GMimeMessage *message, PhMimeForm form, PhMimeFlags flags, GError **error)
{
  g_autoptr (PhMimePlan) plan = NULL;

  g_return_val_if_fail (GMIME_IS_MESSAGE (message), NULL);

  if (!check_tls_required (message, NULL, flags, error))
    return NULL;
  plan = ph_mime_plan_new (message, form, flags, error);
  return plan != NULL ? ph_mime_plan_make_body (plan, error) : NULL;
}

/**
 * ph_mime_make_send:
 * @transport: a transport that is open
 * @message: a message; it must not be changed before it was sent
 * @envelope: (nullable): from whom, to whom; %NULL: as the header says
 * @flags: what may be done to the message
 * @error: return location for an error
 *
 * The command that [func@send] runs, for [method@Posthorn.Session.run]. Its result is a [struct@Posthorn.Delivery], after failure too,
 * which is how bindings read each recipient's fate when all were refused.
 *
 * Fails as [func@send] does before anything is written, and with %PH_ERROR_WRONG_STATE where @transport isn't open: what its
 * server takes decides how the message is written.
 *
 * Returns: (transfer full): the command, or %NULL
 */
PhCommand *
ph_mime_make_send (PhTransport *transport, GMimeMessage *message, PhEnvelope *envelope, PhMimeFlags flags, GError **error)
{
  g_autoptr (Job) job = NULL;

  g_return_val_if_fail (PH_IS_TRANSPORT (transport), NULL);
  g_return_val_if_fail (GMIME_IS_MESSAGE (message), NULL);

  if (!ph_session_is_open (PH_SESSION (transport)))
    {
      g_propagate_error (error, ph_mime_error (PH_ERROR_WRONG_STATE, "the session with %s is not open", ph_session_get_host (PH_SESSION (transport))));
      return NULL;
    }
  job = job_new (transport, message, envelope, flags);
  if (!job_check (job, error) || !job_choose_form (job, error) || !job_plan (job, error) || !job_make_command (job, error))
    return NULL;
  return g_steal_pointer (&job->command);
}

/**
 * ph_mime_send:
 * @transport: a transport; opened when needed
 * @message: a message; it must not be changed before it was sent
 * @envelope: (nullable): from whom, to whom; %NULL: as the header says ([func@make_envelope])
 * @flags: what may be done to the message
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Sends @message: Bcc and Resent-Bcc are not transmitted, whoever gave the addresses. Where the part before the “@” of an address
 * is not ASCII, the server must have SMTPUTF8, and the header is written in UTF-8; a domain alone is written in its ASCII form.
 * @message itself is not changed.
 *
 * Fails as [method@Posthorn.Transport.send] does; and before anything is written with %PH_ERROR_NOT_SUPPORTED where the server doesn't
 * take such a message (see %PH_MIME_CONVERT), with %PH_ERROR_INVALID_ARGUMENT where a header field or an address can't be sent, and
 * with %PH_ERROR_BODY where a content can't be read.
 *
 * Returns: (transfer full): one row per recipient, or %NULL
 */
PhDelivery *
ph_mime_send (PhTransport *transport, GMimeMessage *message, PhEnvelope *envelope, PhMimeFlags flags, GCancellable *cancellable,
              GError **error)
{
  g_autoptr (Job) job = NULL;

  g_return_val_if_fail (PH_IS_TRANSPORT (transport), NULL);
  g_return_val_if_fail (GMIME_IS_MESSAGE (message), NULL);

  job = job_new (transport, message, envelope, flags);
  if (!job_check (job, error) || !ph_session_open (PH_SESSION (transport), cancellable, error) || !job_choose_form (job, error)
      || !job_plan (job, error) || !job_make_command (job, error)
      || !ph_session_run (PH_SESSION (transport), job->command, cancellable, error))
    return NULL;
  return job_get_delivery (job);
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (!ph_session_run_finish (PH_SESSION (source), result, &error))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, job_get_delivery (g_task_get_task_data (task)), (GDestroyNotify) ph_delivery_unref);
}

static void
run (GTask *task)
{
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (!job_make_command (job, &error))
    g_task_return_error (task, error);
  else
    ph_session_run_async (PH_SESSION (job->transport), job->command, g_task_get_cancellable (task), on_run, g_object_ref (task));
}

static void
plan_in_thread (GTask *task, gpointer source G_GNUC_UNUSED, gpointer data, GCancellable *cancellable G_GNUC_UNUSED)
{
  GError *error = NULL;

  if (job_plan (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_planned (GObject *source G_GNUC_UNUSED, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    run (task);
  else
    g_task_return_error (task, error);
}

static void
on_open (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (!ph_session_open_finish (PH_SESSION (source), result, &error) || !job_choose_form (job, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (ph_mime_plan_weigh (job->message) > HEAVY)
    {
      g_autoptr (GTask) planning = g_task_new (NULL, g_task_get_cancellable (task), on_planned, g_object_ref (task));

      g_task_set_task_data (planning, job, NULL);
      g_task_run_in_thread (planning, plan_in_thread);
      return;
    }
  if (job_plan (job, &error))
    run (task);
  else
    g_task_return_error (task, error);
}

/**
 * ph_mime_send_async:
 * @transport: a transport; opened when needed
 * @message: a message; it must not be changed nor used otherwise before the call is done: it may be read in a thread
 * @envelope: (nullable): from whom, to whom; %NULL: as the header says ([func@make_envelope])
 * @flags: what may be done to the message
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called when it is done
 * @user_data: for @callback
 *
 * [func@send] without blocking.
 */
void
ph_mime_send_async (PhTransport *transport, GMimeMessage *message, PhEnvelope *envelope, PhMimeFlags flags, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;
  GError *error = NULL;

  g_return_if_fail (PH_IS_TRANSPORT (transport));
  g_return_if_fail (GMIME_IS_MESSAGE (message));

  /* No source: a binding would look for send_finish () there, and find the transport's. */
  task = g_task_new (NULL, cancellable, callback, user_data);
  job = job_new (transport, message, envelope, flags);
  g_task_set_source_tag (task, ph_mime_send_async);
  g_task_set_task_data (task, job, job_free);
  if (job_check (job, &error))
    ph_session_open_async (PH_SESSION (transport), cancellable, on_open, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

/**
 * ph_mime_send_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): one row per recipient, or %NULL
 */
PhDelivery *
ph_mime_send_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
