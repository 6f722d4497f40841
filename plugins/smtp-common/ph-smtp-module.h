/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The types of a module: named by it, since two modules can't register the same; filled by what they share. */
#pragma once

#include "ph-smtp-core.h"
#include "ph-smtp-dot.h"
#include "ph-smtp-send.h"
#include "ph-smtp-writer.h"

#define PH_SMTP_DEFINE_TYPE(TypeName, type_name, Instance, ParentClass, PARENT_TYPE, INTERFACE_TYPE, describe, initialize, finish) \
  typedef Instance TypeName; \
  typedef ParentClass TypeName##Class; \
  GType type_name##_get_type (void); \
  static void type_name##_init (TypeName *self); \
  PH_DEFINE_PLUGIN_TYPE (TypeName, type_name, PARENT_TYPE, INTERFACE_TYPE, describe) \
  static void type_name##_init (TypeName *self) \
  { \
    initialize; \
  } \
  static void type_name##_finalize (GObject *object) \
  { \
    finish; \
    G_OBJECT_CLASS (type_name##_parent_class)->finalize (object); \
  } \
  static void type_name##_class_init (TypeName##Class *klass) \
  { \
    G_OBJECT_CLASS (klass)->finalize = type_name##_finalize; \
  }

/* Engine, transaction, writer and coder of a module, and its flavor: PhSmtp, ph_smtp, "SMTP", "EHLO", FALSE. The engine's type is
 * given its second interface when it is first asked for, by <prefix>_engine_register (). */
#define PH_SMTP_DEFINE_TYPES(Prefix, prefix, protocol, hello_verb, lmtp) \
  static const PhSmtpFlavor prefix##_flavor; \
  PH_SMTP_DEFINE_TYPE (Prefix##MessageSend, prefix##_message_send, PhSmtpSend, PhCommandClass, PH_TYPE_COMMAND, G_TYPE_INVALID, NULL, \
                       ph_smtp_send_init (self), ph_smtp_send_finalize (object)) \
  PH_SMTP_DEFINE_TYPE (Prefix##LineWriter, prefix##_line_writer, PhSmtpWriter, GObjectClass, G_TYPE_OBJECT, PH_TYPE_WRITER, \
                       ph_smtp_writer_describe, ph_smtp_writer_init (self), ph_smtp_writer_finalize (object)) \
  PH_SMTP_DEFINE_TYPE (Prefix##ContentCoder, prefix##_content_coder, PhSmtpCoder, GObjectClass, G_TYPE_OBJECT, G_TYPE_CONVERTER, \
                       ph_smtp_coder_describe, (void) self, (void) 0) \
  PH_SMTP_DEFINE_TYPE (Prefix##Engine, prefix##_engine, PhSmtpCore, GObjectClass, G_TYPE_OBJECT, PH_TYPE_ENGINE, ph_smtp_core_describe, \
                       ph_smtp_core_init (self, &prefix##_flavor), ph_smtp_core_finalize (object)) \
  static const PhSmtpFlavor prefix##_flavor = { \
    .name = protocol, \
    .hello = hello_verb, \
    .is_lmtp = lmtp, \
    .get_send_type = prefix##_message_send_get_type, \
    .get_writer_type = prefix##_line_writer_get_type, \
    .get_coder_type = prefix##_content_coder_get_type, \
  }; \
  GType prefix##_engine_register (void); \
  GType prefix##_engine_register (void) \
  { \
    return ph_smtp_core_register (prefix##_engine_get_type ()); \
  }
