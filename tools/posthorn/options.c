/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options that the commands share. */
#include "tool.h"

ToolOptions tool_options = { .timeout = -1 };

static const GOptionEntry output_entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &tool_options.json, "Print JSON, one object a line", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const GOptionEntry session_entries[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &tool_options.json, "Print JSON, one object a line", NULL },
  { "trace", 0, 0, G_OPTION_ARG_NONE, &tool_options.trace, "Show the conversation on standard error, secrets as ***", NULL },
  { "tls", 0, 0, G_OPTION_ARG_STRING, &tool_options.tls, "Demand TLS (the default), take it where it is offered, or do without",
    "required|prefer|never" },
  { "ca", 0, 0, G_OPTION_ARG_FILENAME, &tool_options.ca, "Trust these authorities (PEM) in place of the system's", "FILE" },
  { "cert", 0, 0, G_OPTION_ARG_STRING, &tool_options.cert, "Show this client certificate (PEM, with its key unless --key; or a PKCS#11 URI)", "FILE" },
  { "key", 0, 0, G_OPTION_ARG_STRING, &tool_options.key, "Private key of --cert (PEM, or a PKCS#11 URI)", "FILE" },
  { "pkcs12", 0, 0, G_OPTION_ARG_FILENAME, &tool_options.pkcs12, "Show the client certificate in this PKCS#12 file", "FILE" },
  { "key-password-file", 0, 0, G_OPTION_ARG_FILENAME, &tool_options.key_password_file,
    "The key's password, or the token's PIN, is the first line of FILE; otherwise it is asked for", "FILE" },
  { "pin", 0, 0, G_OPTION_ARG_STRING_ARRAY, &tool_options.pins,
    "Accept this certificate or key and no other: sha256:HEX or sha256//BASE64; may be repeated", "PIN" },
  { "crl", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &tool_options.crls, "Refuse the certificates in this list (PEM); may be repeated", "FILE" },
  { "tls-min", 0, 0, G_OPTION_ARG_STRING, &tool_options.tls_min, "Speak no older TLS than this (1.2)", "1.0|1.1|1.2|1.3" },
  { "dane", 0, 0, G_OPTION_ARG_STRING, &tool_options.dane, "Ask signed DNS for proof of the certificate", "prefer|required" },
  { "proxy", 0, 0, G_OPTION_ARG_STRING, &tool_options.proxy,
    "Connect by way of this proxy: socks5:, socks4a:, socks4:, http: or https://HOST:PORT; direct:// is none", "URI" },
  { "proxy-password-file", 0, 0, G_OPTION_ARG_FILENAME, &tool_options.proxy_password_file,
    "The proxy's password is the first line of FILE", "FILE" },
  { "source-address", 0, 0, G_OPTION_ARG_STRING, &tool_options.source_address, "Connect from this address of the machine", "ADDRESS" },
  { "user", 0, 0, G_OPTION_ARG_STRING, &tool_options.user, "Log in as NAME (otherwise: the URI's user)", "NAME" },
  { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &tool_options.password_file, "Take the password from FILE's first line", "FILE" },
  { "password-command", 0, 0, G_OPTION_ARG_STRING, &tool_options.password_command,
    "Take the password from the first line that COMMAND (run by sh) prints", "COMMAND" },
  { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &tool_options.token_file, "Take an OAuth 2 access token from FILE's first line", "FILE" },
  { "token-command", 0, 0, G_OPTION_ARG_STRING, &tool_options.token_command,
    "Take an OAuth 2 access token from the first line that COMMAND (run by sh) prints", "COMMAND" },
  { "credentials", 0, 0, G_OPTION_ARG_STRING, &tool_options.credentials,
    "Take user name, password or token from a plugin's source: netrc, secret-service, goa; posthorn plugins lists them", "NAME" },
  { "authorize-as", 0, 0, G_OPTION_ARG_STRING, &tool_options.authorize_as, "Log in, and act as NAME", "NAME" },
  { "mechanism", 0, 0, G_OPTION_ARG_STRING, &tool_options.mechanism,
    "Log in by this SASL mechanism only; \"*\": the protocol's own login command", "NAME" },
  { "compress", 0, 0, G_OPTION_ARG_NONE, &tool_options.compress, "Deflate the channel where the server can (COMPRESS of IMAP)", NULL },
  { "allow-plaintext", 0, 0, G_OPTION_ARG_NONE, &tool_options.allow_plaintext,
    "Let a password pass over a channel that others can read", NULL },
  { "timeout", 0, 0, G_OPTION_ARG_INT, &tool_options.timeout, "Wait at most so long for each answer; 0: without end", "SECONDS" },
  { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* The command's own options first. */
GOptionGroup *
tool_options_group_new (const ToolCommand *command)
{
  GOptionGroup *group = g_option_group_new (NULL, NULL, NULL, NULL, NULL);

  if (command->entries != NULL)
    g_option_group_add_entries (group, command->entries);
  if (command->more_entries != NULL)
    g_option_group_add_entries (group, command->more_entries);
  g_option_group_add_entries (group, command->has_session ? session_entries : output_entries);
  return group;
}

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, message);
  return FALSE;
}

/* What the parser can't see: values out of range and options that exclude each other. */
gboolean
tool_options_check (GError **error)
{
  if (tool_options.tls != NULL && !g_strv_contains ((const char *const[]){ "required", "prefer", "never", NULL }, tool_options.tls))
    return fail (error, "--tls takes one of required, prefer and never");
  if (tool_options.password_file != NULL && tool_options.password_command != NULL)
    return fail (error, "--password-file and --password-command exclude each other");
  if (tool_options.token_file != NULL && tool_options.token_command != NULL)
    return fail (error, "--token-file and --token-command exclude each other");
  if (tool_options.credentials != NULL && (tool_options.password_file != NULL || tool_options.password_command != NULL ||
                                           tool_options.token_file != NULL || tool_options.token_command != NULL))
    return fail (error, "--credentials excludes --password-file, --password-command, --token-file and --token-command");
  if (tool_options.key != NULL && tool_options.cert == NULL)
    return fail (error, "--key needs --cert");
  if (tool_options.pkcs12 != NULL && tool_options.cert != NULL)
    return fail (error, "--pkcs12 and --cert exclude each other");
  if (tool_options.tls_min != NULL && !g_strv_contains ((const char *const[]){ "1.0", "1.1", "1.2", "1.3", NULL }, tool_options.tls_min))
    return fail (error, "--tls-min takes one of 1.0, 1.1, 1.2 and 1.3");
  if (tool_options.dane != NULL && !g_strv_contains ((const char *const[]){ "prefer", "required", NULL }, tool_options.dane))
    return fail (error, "--dane takes one of prefer and required");
  if (tool_options.proxy_password_file != NULL && tool_options.proxy == NULL)
    return fail (error, "--proxy-password-file needs --proxy");
  if (tool_options.timeout < -1)
    return fail (error, "--timeout takes seconds, 0 for none");
  return TRUE;
}
