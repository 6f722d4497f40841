/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What posthorn probe says of a TLS channel: its protection, its certificates, and every weakness of theirs. */
#include "tool.h"

#include <string.h>

#define SOON_DAYS 21

static void warn (GPtrArray *warnings, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
warn (GPtrArray *warnings, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (warnings, g_strdup_vprintf (format, args));
  va_end (args);
}

static const char *
or_unknown (const char *text)
{
  return text != NULL ? text : "?";
}

static void
check_channel (PhTlsInfo *tls, GPtrArray *warnings)
{
  const char *protocol = ph_tls_info_get_protocol (tls);
  const char *cipher = ph_tls_info_get_cipher (tls);
  const char *const *bindings = ph_tls_info_get_bindings (tls);

  if (g_str_equal (protocol, "TLS1.0") || g_str_equal (protocol, "TLS1.1"))
    warn (warnings, "the newest version that the server speaks is %s, which is broken", protocol);
  if (g_str_has_suffix (cipher, "-CBC") || g_str_has_prefix (cipher, "3DES") || g_str_has_prefix (cipher, "ARCFOUR"))
    warn (warnings, "the cipher %s is weak by today's standards", cipher);
  if (!g_strv_contains (bindings, "tls-exporter") && !g_strv_contains (bindings, "tls-unique"))
    warn (warnings, "the channel has no extended master secret: a login can only be bound to the certificate, not to the channel");
}

static void
check_certificate (PhTlsInfo *tls, GPtrArray *warnings)
{
  GDateTime *expiry = ph_tls_info_get_expiry (tls);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  if (ph_tls_info_get_explanation (tls) != NULL)
    {
      g_ptr_array_add (warnings, g_strdup (ph_tls_info_get_explanation (tls)));
      return;
    }
  if (expiry != NULL && g_date_time_difference (expiry, now) < SOON_DAYS * G_TIME_SPAN_DAY)
    warn (warnings, "the certificate expires in less than %d days", SOON_DAYS);
}

void
tool_probe_check_tls (PhTlsInfo *tls, GPtrArray *warnings)
{
  check_certificate (tls, warnings);
  check_channel (tls, warnings);
}

static char *
describe_certificate (PhCertificate *certificate)
{
  return g_strdup_printf ("%s (%s, %u bits; %s)", or_unknown (ph_certificate_get_subject (certificate)),
                          or_unknown (ph_certificate_get_key_algorithm (certificate)), ph_certificate_get_key_size (certificate),
                          or_unknown (ph_certificate_get_signature_algorithm (certificate)));
}

static void
print_certificates (GPtrArray *certificates)
{
  PhCertificate *own = certificates->len > 0 ? g_ptr_array_index (certificates, 0) : NULL;
  GDateTime *expiry = own != NULL ? ph_certificate_get_expiry (own) : NULL;
  g_autofree char *until = expiry != NULL ? g_date_time_format (expiry, "%Y-%m-%d %H:%M %Z") : NULL;
  g_autofree char *names = own != NULL ? g_strjoinv (", ", (char **) ph_certificate_get_names (own)) : NULL;

  for (guint i = 0; i < certificates->len; i++)
    {
      g_autofree char *line = describe_certificate (g_ptr_array_index (certificates, i));

      tool_print_line (i == 0 ? "certificate" : i == 1 ? "chain" : "", line);
    }
  if (own == NULL)
    return;
  tool_print_line ("made out to", names);
  tool_print_line ("issued by", ph_certificate_get_issuer (own));
  tool_print_line ("valid until", until);
  tool_print_line ("pins", ph_certificate_get_fingerprint (own));
  tool_print_line ("", ph_certificate_get_key_fingerprint (own));
}

static const char *
resumption_words (ToolResumption resumption)
{
  switch (resumption)
    {
    case TOOL_RESUMES:
      return "a second session went on from the first";
    case TOOL_RESUMES_NOT:
      return "a second session had to begin anew";
    case TOOL_RESUMPTION_UNKNOWN:
    default:
      return "";
    }
}

void
tool_probe_print_tls (PhTlsInfo *tls, ToolResumption resumption)
{
  const char *alpn = ph_tls_info_get_alpn (tls);
  g_autofree char *channel = g_strdup_printf ("%s, %s%s%s", ph_tls_info_get_protocol (tls), ph_tls_info_get_cipher (tls),
                                              alpn != NULL ? ", ALPN " : "", alpn != NULL ? alpn : "");
  g_autofree char *bindings = g_strjoinv (", ", (char **) ph_tls_info_get_bindings (tls));

  tool_print_line ("TLS", channel);
  print_certificates (ph_tls_info_get_certificates (tls));
  if (ph_tls_info_has_staple (tls))
    tool_print_line ("revocation", "the authority says that it is not revoked (stapled)");
  if (ph_tls_info_get_dane (tls) != PH_DANE_NOT_ASKED)
    tool_print_line ("DANE", tool_enum_word (PH_TYPE_DANE_RESULT, (int) ph_tls_info_get_dane (tls)));
  tool_print_line ("binding", bindings);
  tool_print_line ("resumption", resumption_words (resumption));
}

static void
json_certificate (PhCertificate *certificate)
{
  tool_json_open_object ();
  tool_json_member ("subject", ph_certificate_get_subject (certificate));
  tool_json_member ("issuer", ph_certificate_get_issuer (certificate));
  tool_json_member_words ("names", ph_certificate_get_names (certificate));
  tool_json_member_date ("activation", ph_certificate_get_activation (certificate));
  tool_json_member_date ("expiry", ph_certificate_get_expiry (certificate));
  tool_json_member ("key_algorithm", ph_certificate_get_key_algorithm (certificate));
  tool_json_member_number ("key_size", ph_certificate_get_key_size (certificate));
  tool_json_member ("signature_algorithm", ph_certificate_get_signature_algorithm (certificate));
  tool_json_member ("fingerprint", ph_certificate_get_fingerprint (certificate));
  tool_json_member ("key_fingerprint", ph_certificate_get_key_fingerprint (certificate));
  tool_json_close_object ();
}

void
tool_probe_json_tls (PhTlsInfo *tls, ToolResumption resumption)
{
  GPtrArray *certificates = ph_tls_info_get_certificates (tls);

  tool_json_open_object ();
  tool_json_member ("protocol", ph_tls_info_get_protocol (tls));
  tool_json_member ("cipher", ph_tls_info_get_cipher (tls));
  tool_json_member ("alpn", ph_tls_info_get_alpn (tls));
  tool_json_member ("subject", ph_tls_info_get_subject (tls));
  tool_json_member ("issuer", ph_tls_info_get_issuer (tls));
  tool_json_member_date ("expiry", ph_tls_info_get_expiry (tls));
  tool_json_member_flags ("errors", G_TYPE_TLS_CERTIFICATE_FLAGS, (guint) ph_tls_info_get_errors (tls));
  tool_json_member ("explanation", ph_tls_info_get_explanation (tls));
  tool_json_key ("certificates");
  tool_json_open_array ();
  for (guint i = 0; i < certificates->len; i++)
    json_certificate (g_ptr_array_index (certificates, i));
  tool_json_close_array ();
  tool_json_member_boolean ("staple", ph_tls_info_has_staple (tls));
  tool_json_member ("dane", tool_enum_word (PH_TYPE_DANE_RESULT, (int) ph_tls_info_get_dane (tls)));
  tool_json_member_words ("bindings", ph_tls_info_get_bindings (tls));
  tool_json_key ("resumption");
  if (resumption == TOOL_RESUMPTION_UNKNOWN)
    tool_json_null ();
  else
    tool_json_boolean (resumption == TOOL_RESUMES);
  tool_json_close_object ();
}
