/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a step can't do: done here, blocking for sync calls, in threads and by callbacks for async ones. */
#include "ph-session-private.h"

#include <gio/gfiledescriptorbased.h>

#include "transport/ph-security-policy-private.h"
#include "values/ph-body-private.h"

#define PIECE (32 * 1024)

struct _PhSessionJob {
  PhSession    *session;
  PhDriver     *driver;       /* a response in a thread uses it; ours once the session has dropped it */
  gboolean      orphan;
  GCancellable *cancellable;
  PhSecurityPolicy *policy;   /* that is being loaded */
};

static PhSessionJob *
job_begin (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhSessionJob *job = g_new0 (PhSessionJob, 1);

  job->session = g_object_ref (self);
  job->driver = priv->driver;
  job->cancellable = g_cancellable_new ();
  priv->job = job;
  return job;
}

/* TRUE where the driver still waits for it. */
static gboolean
job_end (PhSessionJob *job)
{
  PhSessionPrivate *priv = ph_session_get_private (job->session);
  gboolean wanted = priv->job == job;

  if (wanted)
    priv->job = NULL;
  if (job->orphan)
    ph_driver_free (job->driver);
  g_object_unref (job->cancellable);
  g_clear_object (&job->policy);
  g_free (job);
  return wanted;
}

/* --- blocking --- */

static void
load_policy (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhSessionJob *job = job_begin (self);
  g_autoptr (GError) error = NULL;
  gboolean loaded = ph_security_policy_load (priv->policy, &error);

  if (job_end (job))
    {
      if (loaded)
        ph_driver_policy_loaded (priv->driver);
      else
        ph_driver_abort (priv->driver, error);
    }
  g_object_unref (self);  /* the job's */
}

static void
look_up (PhSession    *self,
         GCancellable *cancellable)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = ph_driver_look_up (priv->driver, cancellable, &error);

  ph_driver_looked_up (priv->driver, records, error);
}

static void
shake_hands (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhSessionJob *job = job_begin (self);
  g_autoptr (GError) error = NULL;

  /* a person may be asked for a PIN, in a main loop */
  ph_driver_shake_hands (priv->driver, &error);
  if (job_end (job))
    ph_driver_hands_shaken (priv->driver, error);
  g_object_unref (self);  /* the job's */
}

/* The handler may run a main loop, in which the question must not be asked again: a job is under way. */
static void
decide_certificate (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhSessionJob *job = job_begin (self);
  gboolean accept = ph_session_ask_certificate (self);

  if (job_end (job))
    ph_driver_certificate_decided (priv->driver, accept);
  g_object_unref (self);  /* the job's */
}

/* The source may run a main loop, in which it must not be asked for the next one yet: a job is under way. */
void
ph_session_tell_refused (PhSession   *self,
                         PhSaslNeeds  refused,
                         PhReply     *refusal)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (PhCredentials) credentials = g_object_ref (ph_driver_get_credentials (priv->driver));
  PhSessionJob *job = job_begin (self);

  ph_credentials_refused (credentials, priv->uri, refused, refusal);
  job_end (job);
  g_object_unref (self);  /* the job's */
}

static void
lookup_credentials (PhSession    *self,
                    GCancellable *cancellable)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (PhCredentials) credentials = g_object_ref (ph_driver_get_credentials (priv->driver));
  g_autoptr (GError) error = NULL;

  ph_credentials_lookup (credentials, priv->uri, ph_driver_get_needs (priv->driver), ph_driver_get_sasl_context (priv->driver), cancellable,
                         &error);
  ph_driver_credentials_done (priv->driver, error);
}

static void
respond (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;
  GBytes *response = ph_driver_respond (priv->driver, &error);

  ph_driver_responded (priv->driver, response, error);
}

static void
read_body (PhSession    *self,
           GCancellable *cancellable)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autofree guint8 *buffer = g_malloc (PIECE);
  g_autoptr (GError) error = NULL;
  gssize got = ph_body_read_blocking (ph_driver_get_body (priv->driver), buffer, PIECE, cancellable, &error);
  g_autoptr (GBytes) bytes = got >= 0 ? g_bytes_new (buffer, got) : NULL;

  ph_driver_body_read (priv->driver, bytes, error);
}

static void
write_sink (PhSession    *self,
            GCancellable *cancellable)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  gsize length;
  const void *data = ph_driver_get_sink_data (priv->driver, &length);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (ph_driver_get_sink (priv->driver), data, length, NULL, cancellable, &error);
  ph_driver_sink_written (priv->driver, error);
}

void
ph_session_do_job (PhSession    *self,
                   GCancellable *cancellable)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  switch (ph_driver_get_job (priv->driver))
    {
    case PH_JOB_LOAD_POLICY:
      load_policy (self);
      break;
    case PH_JOB_DANE:
      look_up (self, cancellable);
      break;
    case PH_JOB_HANDSHAKE:
      shake_hands (self);
      break;
    case PH_JOB_CERTIFICATE:
      decide_certificate (self);
      break;
    case PH_JOB_CREDENTIALS:
      lookup_credentials (self, cancellable);
      break;
    case PH_JOB_RESPOND:
      respond (self);
      break;
    case PH_JOB_BODY:
      read_body (self, cancellable);
      break;
    case PH_JOB_SINK:
      write_sink (self, cancellable);
      break;
    case PH_JOB_NONE:
    default:
      break;
    }
}

/* --- with a main loop --- */

/* What the thread's last connection has left is freed while the next one's greeting is awaited. */
static GPrivate left = G_PRIVATE_INIT ((GDestroyNotify) ph_driver_free);

void
ph_session_clear_left (void)
{
  g_private_replace (&left, NULL);
}

/* The session's driver goes; a thread that still works on its login keeps it until it is done. */
void
ph_session_drop_driver (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (priv->job != NULL)
    {
      priv->job->orphan = TRUE;
      g_cancellable_cancel (priv->job->cancellable);
      priv->job = NULL;
      priv->driver = NULL;
      return;
    }
  /* an engine holds its extensions, which may be the program's */
  if (priv->driver == NULL || (priv->extensions != NULL && priv->extensions->len > 0))
    {
      g_clear_pointer (&priv->driver, ph_driver_free);
      return;
    }
  ph_driver_let_go (priv->driver);
  g_private_replace (&left, g_steal_pointer (&priv->driver));
}

static void
on_policy_loaded (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  PhSessionJob *job = user_data;
  g_autoptr (PhSession) self = job->session;
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;
  gboolean loaded = g_task_propagate_boolean (G_TASK (result), &error);

  if (!job_end (job))
    return;
  if (loaded)
    ph_driver_policy_loaded (priv->driver);
  else
    ph_driver_abort (priv->driver, error);
  ph_session_schedule (self);
}

static void
load_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  GError *error = NULL;

  ph_key_password_begin (g_task_get_context (task), cancellable);
  if (ph_security_policy_load (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  ph_key_password_end ();
}

static void
on_looked_up (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  PhSessionJob *job = user_data;
  g_autoptr (PhSession) self = job->session;
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) records = g_task_propagate_pointer (G_TASK (result), &error);

  if (!job_end (job))
    return;
  ph_driver_looked_up (priv->driver, records, error);
  ph_session_schedule (self);
}

static void
look_up_in_thread (GTask        *task,
                   gpointer      source,
                   gpointer      data,
                   GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *records = ph_driver_look_up (data, cancellable, &error);

  if (records != NULL)
    g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_hands_shaken (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  PhSessionJob *job = user_data;
  g_autoptr (PhSession) self = job->session;
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (!job_end (job))
    return;
  ph_driver_hands_shaken (priv->driver, error);
  ph_session_schedule (self);
}

static void
shake_in_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  GError *error = NULL;

  ph_key_password_begin (g_task_get_context (task), cancellable);
  if (ph_driver_shake_hands (data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
  ph_key_password_end ();
}

static void
on_lookup (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  PhSessionJob *job = user_data;
  g_autoptr (PhSession) self = job->session;
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;

  ph_credentials_lookup_finish (PH_CREDENTIALS (source), result, &error);
  if (!job_end (job))
    return;
  ph_driver_credentials_done (priv->driver, error);
  ph_session_schedule (self);
}

static void
on_responded (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  PhSessionJob *job = user_data;
  g_autoptr (PhSession) self = job->session;
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) response = g_task_propagate_pointer (G_TASK (result), &error);

  if (!job_end (job))
    return;
  ph_driver_responded (priv->driver, g_steal_pointer (&response), error);
  ph_session_schedule (self);
}

static void
respond_in_thread (GTask        *task,
                   gpointer      source,
                   gpointer      data,
                   GCancellable *cancellable)
{
  GError *error = NULL;
  GBytes *response = ph_driver_respond (data, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, response, (GDestroyNotify) g_bytes_unref);
}

static void
on_body (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  PhSessionJob *job = user_data;
  g_autoptr (PhSession) self = job->session;
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = ph_body_read_finish (PH_BODY (source), result, &error);

  if (!job_end (job))
    return;
  ph_driver_body_read (priv->driver, bytes, error);
  ph_session_schedule (self);
}

static gboolean
on_body_ready (gpointer user_data)
{
  PhSessionJob *job = user_data;
  g_autoptr (PhSession) self = job->session;
  PhSessionPrivate *priv = ph_session_get_private (self);

  if (job_end (job))
    {
      ph_driver_body_read (priv->driver, NULL, NULL);
      ph_session_schedule (self);
    }
  return G_SOURCE_REMOVE;
}

static void
read_body_async (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  PhBody *body = ph_driver_get_body (priv->driver);
  PhSessionJob *job = job_begin (self);
  GSource *source;

  if (ph_body_is_async (body))
    {
      ph_body_read_async (body, PIECE, job->cancellable, on_body, job);
      return;
    }
  source = ph_body_create_source (body);
  g_source_set_callback (source, on_body_ready, job, NULL);
  g_source_attach (source, priv->context);
  g_source_unref (source);
}

static void
on_sink (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  PhSessionJob *job = user_data;
  g_autoptr (PhSession) self = job->session;
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error);
  if (!job_end (job))
    return;
  ph_driver_sink_written (priv->driver, error);
  ph_session_schedule (self);
}

static void
write_sink_async (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  GOutputStream *sink = ph_driver_get_sink (priv->driver);
  PhSessionJob *job;
  gsize length;
  const void *data;

  /* memory and files don't wait for anybody */
  if (G_IS_MEMORY_OUTPUT_STREAM (sink) || G_IS_FILE_OUTPUT_STREAM (sink))
    {
      write_sink (self, NULL);
      ph_session_schedule (self);
      return;
    }
  job = job_begin (self);
  data = ph_driver_get_sink_data (priv->driver, &length);
  g_output_stream_write_all_async (sink, data, length, G_PRIORITY_DEFAULT, job->cancellable, on_sink, job);
}

/* The thread lets go of its task in its own time: what the task held would be finalized there. So the job alone holds it, and ends in the
 * session's thread. */
static GTask *
new_task (PhSessionJob        *job,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback)
{
  GTask *task = g_task_new (NULL, cancellable, callback, job);

  g_task_set_check_cancellable (task, FALSE);
  return task;
}

void
ph_session_do_job_async (PhSession *self)
{
  PhSessionPrivate *priv = ph_session_get_private (self);
  g_autoptr (GTask) task = NULL;
  PhSessionJob *job;

  switch (ph_driver_get_job (priv->driver))
    {
    case PH_JOB_LOAD_POLICY:
      job = job_begin (self);
      task = new_task (job, job->cancellable, on_policy_loaded);
      job->policy = g_object_ref (priv->policy);
      g_task_set_task_data (task, job->policy, NULL);
      g_task_run_in_thread (task, load_in_thread);
      break;
    case PH_JOB_DANE:
      job = job_begin (self);
      task = new_task (job, job->cancellable, on_looked_up);
      g_task_set_task_data (task, priv->driver, NULL);
      g_task_run_in_thread (task, look_up_in_thread);
      break;
    case PH_JOB_HANDSHAKE:
      job = job_begin (self);
      task = new_task (job, job->cancellable, on_hands_shaken);
      g_task_set_task_data (task, priv->driver, NULL);
      g_task_run_in_thread (task, shake_in_thread);
      break;
    case PH_JOB_CERTIFICATE:
      decide_certificate (self);
      ph_session_schedule (self);
      break;
    case PH_JOB_CREDENTIALS:
      job = job_begin (self);
      ph_credentials_lookup_async (ph_driver_get_credentials (priv->driver), priv->uri, ph_driver_get_needs (priv->driver),
                                   ph_driver_get_sasl_context (priv->driver), job->cancellable, on_lookup, job);
      break;
    case PH_JOB_RESPOND:
      task = new_task (job_begin (self), NULL, on_responded);
      g_task_set_task_data (task, priv->driver, NULL);
      g_task_run_in_thread (task, respond_in_thread);
      break;
    case PH_JOB_BODY:
      read_body_async (self);
      break;
    case PH_JOB_SINK:
      write_sink_async (self);
      break;
    case PH_JOB_NONE:
    default:
      break;
    }
}
