/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PhConversion: what a server can convert into what. */
#include <posthorn/posthorn.h>

/**
 * PhConversion:
 *
 * A conversion that a server can do (CONVERSION, RFC 5259 section 5.2). It never changes, so that any thread may use it.
 */
struct _PhConversion {
  gatomicrefcount ref_count;
  char  *source;
  char  *target;
  char **parameters;
};

G_DEFINE_BOXED_TYPE (PhConversion, ph_conversion, ph_conversion_ref, ph_conversion_unref)

/**
 * ph_conversion_new:
 * @source: a media type
 * @target: a media type
 * @parameters: (nullable) (array zero-terminated=1): the names of the parameters that it takes
 *
 * For extensions.
 *
 * Returns: (transfer full): a conversion
 */
PhConversion *
ph_conversion_new (const char *source, const char *target, const char *const *parameters)
{
  static const char *const none[] = { NULL };

  g_return_val_if_fail (source != NULL && target != NULL, NULL);

  PhConversion *self = g_new0 (PhConversion, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->source = g_strdup (source);
  self->target = g_strdup (target);
  self->parameters = g_strdupv ((char **) (parameters != NULL ? parameters : none));
  return self;
}

/**
 * ph_conversion_ref:
 * @self: a conversion
 *
 * Returns: (transfer full): @self
 */
PhConversion *
ph_conversion_ref (PhConversion *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ph_conversion_unref:
 * @self: a conversion
 *
 * Lets go of a reference.
 */
void
ph_conversion_unref (PhConversion *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->source);
  g_free (self->target);
  g_strfreev (self->parameters);
  g_free (self);
}

/**
 * ph_conversion_get_source:
 * @self: a conversion
 *
 * Returns: what is converted: `image/gif`
 */
const char *
ph_conversion_get_source (PhConversion *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->source;
}

/**
 * ph_conversion_get_target:
 * @self: a conversion
 *
 * Returns: what it becomes: `image/jpeg`
 */
const char *
ph_conversion_get_target (PhConversion *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->target;
}

/**
 * ph_conversion_get_parameters:
 * @self: a conversion
 *
 * Returns: (array zero-terminated=1): the names of the parameters that it takes: `charset`, `pix-x`…
 */
const char *const *
ph_conversion_get_parameters (PhConversion *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->parameters;
}
