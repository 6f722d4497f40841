/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PhReferral: an IMAP URL by which a server says where something is.
 *
 *   URL  = "imap://" [[user] [";AUTH=" ("*" / mechanism)] "@"] host [":" port] ["/" [mailbox [";" …]]]     (RFC 5092 section 11)
 *   code = "REFERRAL" 1*(SP URL)                                                                            (RFC 2193, RFC 2221)
 */
#include <posthorn/posthorn.h>

#include <string.h>

/* What is longer is no name of anything */
#define LONGEST_URL 8192
/* Of one reply */
#define MOST_REFERRALS 20

/**
 * PhReferral:
 *
 * What a server says is elsewhere: a mailbox (`ph_error_get_referrals ()` of what the call for it failed with, RFC 2193), or the user's own
 * mailboxes (of a refused login or greeting; [method@LoginReferrals.get_home] of one that succeeded, RFC 2221). Nothing is followed by itself: a
 * program that wants to calls [method@Referral.make_session]. Not changed once it is made.
 */
struct _PhReferral {
  gatomicrefcount refs;
  char           *url;
  char           *host;
  guint           port;
  char           *user;
  char           *mechanism;
  char           *mailbox;
};

G_DEFINE_BOXED_TYPE (PhReferral, ph_referral, ph_referral_ref, ph_referral_unref)

/**
 * ph_referral_ref:
 * @self: a referral
 *
 * Takes a reference; any thread may.
 *
 * Returns: (transfer full): @self
 */
PhReferral *
ph_referral_ref (PhReferral *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->refs);
  return self;
}

/**
 * ph_referral_unref:
 * @self: (transfer full): a referral
 *
 * Gives up a reference; any thread may.
 */
void
ph_referral_unref (PhReferral *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_free (self->url);
  g_free (self->host);
  g_free (self->user);
  g_free (self->mechanism);
  g_free (self->mailbox);
  g_free (self);
}

/* Text that is decoded already; FALSE: it can't be. An empty one is NULL. */
static gboolean
take_text (const char *text, char **piece)
{
  for (const char *at = text; at != NULL && *at != '\0'; at++)
    if (g_ascii_iscntrl (*at))
      return FALSE;
  *piece = text != NULL && *text != '\0' ? g_strdup (text) : NULL;
  return TRUE;
}

static gboolean
take_mechanism (PhReferral *self, const char *parameter)
{
  if (parameter == NULL)
    return TRUE;
  if (g_ascii_strncasecmp (parameter, "AUTH=", 5) != 0 || parameter[5] == '\0')
    return FALSE;
  return g_str_equal (parameter + 5, "*") || take_text (parameter + 5, &self->mechanism);
}

/* A port of none, "host:", is no port here */
static gboolean
take_host (PhReferral *self, GUri *uri, const char *authority)
{
  int   port = g_uri_get_port (uri);
  gsize length = strcspn (authority, "/");

  if (port == 0 || (length > 0 && authority[length - 1] == ':'))
    return FALSE;
  self->port = port > 0 ? (guint) port : 0;
  return take_text (g_uri_get_host (uri), &self->host) && self->host != NULL && strpbrk (self->host, " /@\\") == NULL &&
         (strchr (self->host, ':') == NULL || g_hostname_is_ip_address (self->host));
}

/* What stands behind the mailbox' name is about a message. */
static gboolean
take_path (PhReferral *self, const char *path)
{
  gsize            length = strcspn (path, ";");
  g_autofree char *mailbox = NULL;

  /* "INBOX/;UID=20" */
  if (path[length] == ';' && length > 0 && path[length - 1] == '/')
    length--;
  mailbox = g_uri_unescape_segment (path, path + length, NULL);
  return mailbox != NULL && g_utf8_validate (mailbox, -1, NULL) && take_text (mailbox, &self->mailbox);
}

static gboolean
parse (PhReferral *self, const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_HAS_AUTH_PARAMS | G_URI_FLAGS_ENCODED_PATH, NULL);
  const char *path;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return FALSE;
  path = g_uri_get_path (uri);
  return take_text (g_uri_get_user (uri), &self->user) && take_mechanism (self, g_uri_get_auth_params (uri)) &&
         take_host (self, uri, strstr (url, "://") + strlen ("://")) && (*path == '\0' || take_path (self, path + 1));
}

/**
 * ph_referral_new:
 * @url: an IMAP URL: `imap://alice;AUTH=*@mail.example.org/Team`
 * @error: return location for an error
 *
 * Reads a referral. Fails with %PH_ERROR_INVALID_URI.
 *
 * Returns: (transfer full): a referral
 */
PhReferral *
ph_referral_new (const char *url, GError **error)
{
  g_return_val_if_fail (url != NULL, NULL);

  g_autoptr (PhReferral) self = g_new0 (PhReferral, 1);
  g_atomic_ref_count_init (&self->refs);
  self->url = g_utf8_make_valid (url, -1);
  if (strlen (url) <= LONGEST_URL && parse (self, url))
    return g_steal_pointer (&self);

  g_propagate_error (error, ph_error_new (PH_ERROR_INVALID_URI, NULL, NULL, "“%.200s” refers to no server", self->url));
  return NULL;
}

/**
 * ph_referral_get_url:
 * @self: a referral
 *
 * Returns: as the server wrote it
 */
const char *
ph_referral_get_url (PhReferral *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->url;
}

/**
 * ph_referral_get_host:
 * @self: a referral
 *
 * Returns: a host name, or an address
 */
const char *
ph_referral_get_host (PhReferral *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->host;
}

/**
 * ph_referral_get_user:
 * @self: a referral
 *
 * Returns: (nullable): who is to log in there; %NULL: not said
 */
const char *
ph_referral_get_user (PhReferral *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->user;
}

/**
 * ph_referral_get_mechanism:
 * @self: a referral
 *
 * Returns: (nullable): how to log in there; %NULL: not said, or any
 */
const char *
ph_referral_get_mechanism (PhReferral *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->mechanism;
}

/**
 * ph_referral_get_mailbox:
 * @self: a referral
 *
 * Returns: (nullable): the mailbox there, UTF-8; %NULL: none is named
 */
const char *
ph_referral_get_mailbox (PhReferral *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->mailbox;
}

/**
 * ph_referral_get_port:
 * @self: a referral
 *
 * Returns: the port, or 0 for the protocol's own
 */
guint
ph_referral_get_port (PhReferral *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->port;
}

/**
 * ph_reply_get_referrals:
 * @self: a reply
 *
 * What the reply says is elsewhere (REFERRAL). What is no URL of a server is left out.
 *
 * Returns: (transfer container) (element-type PhReferral): referrals, the best first; often none
 */
GPtrArray *
ph_reply_get_referrals (PhReply *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  GPtrArray     *referrals = g_ptr_array_new_with_free_func ((GDestroyNotify) ph_referral_unref);
  const PhValue *url = NULL;
  if (g_strcmp0 (ph_reply_get_response_code (self), "REFERRAL") == 0)
    url = ph_value_first (ph_reply_get_response_arguments (self));
  for (; url != NULL && referrals->len < MOST_REFERRALS; url = ph_value_next (url))
    {
      g_autofree char *text = ph_value_dup_text (url);
      PhReferral      *referral = text != NULL ? ph_referral_new (text, NULL) : NULL;

      if (referral != NULL)
        g_ptr_array_add (referrals, referral);
    }
  return referrals;
}

/**
 * ph_error_get_referrals:
 * @error: an error of any domain
 *
 * What the reply in an error says is elsewhere: of a mailbox that is refused (RFC 2193), a login or a greeting (RFC 2221).
 *
 * Returns: (transfer container) (element-type PhReferral): referrals, the best first; often none
 */
GPtrArray *
ph_error_get_referrals (const GError *error)
{
  PhReply *reply = error != NULL ? ph_error_get_reply (error) : NULL;

  return reply != NULL ? ph_reply_get_referrals (reply) : g_ptr_array_new_with_free_func ((GDestroyNotify) ph_referral_unref);
}
