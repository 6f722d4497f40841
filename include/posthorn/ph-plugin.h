/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The descriptor by which a shared object says what it brings; read without calling any of its code. */
#pragma once

#include <posthorn/ph-command.h>
#include <posthorn/ph-engine.h>
#include <posthorn/ph-extension.h>
#include <posthorn/ph-sasl.h>

G_BEGIN_DECLS

/**
 * PhFeatureKind:
 * @PH_FEATURE_PROTOCOL: an engine (#PhEngine); name: the protocol ("imap4")
 * @PH_FEATURE_MECHANISM: a SASL mechanism (#PhSaslMechanism); name: "CRAM-MD5"
 * @PH_FEATURE_EXTENSION: an extension (#PhExtension) of the protocol that `protocol` names; name: a capability or a pattern of
 *   them ("QUOTA=RES-*")
 * @PH_FEATURE_CREDENTIALS: a source of credentials (#PhCredentials); name: "netrc", see ph_credentials_new_named()
 *
 * What a feature is.
 */
typedef enum {
  PH_FEATURE_PROTOCOL,
  PH_FEATURE_MECHANISM,
  PH_FEATURE_EXTENSION,
  PH_FEATURE_CREDENTIALS
} PhFeatureKind;

/**
 * PhExtensionFlags:
 * @PH_EXTENSION_NONE: made when the server lists its capability
 * @PH_EXTENSION_ALWAYS: for every session of the protocol, whatever the server lists: where the server can't, it answers by itself, and is made once it is asked for
 *
 * When an extension is made.
 */
typedef enum {
  PH_EXTENSION_NONE   = 0,
  PH_EXTENSION_ALWAYS = 1 << 0
} PhExtensionFlags;

/* Rank bands: orders equals, after policy. A negative rank is never chosen by itself. */
#define PH_RANK_NONE      0
#define PH_RANK_MARGINAL  64
#define PH_RANK_SECONDARY 128
#define PH_RANK_PRIMARY   256

/* A scheme that a protocol answers to */
typedef struct {
  const char *scheme;        /* "imaps" */
  guint16     port;          /* 993 */
  gboolean    implicit_tls;  /* TLS from the first octet */
  const char *service;       /* "imap": SASL service name */
  const char *alpn;          /* ALPN protocol, or NULL */
  const char *srv;           /* service label of its SRV records (RFC 6186, RFC 8314), or NULL: "imaps" of _imaps._tcp */
} PhScheme;

/**
 * PhFeature:
 * @kind: what it is
 * @name: its name or pattern, see #PhFeatureKind; for a provider, a pattern of all names it might bring
 * @summary: one line for people
 * @rank: see PH_RANK_PRIMARY
 * @flags: of a mechanism, #PhSaslFlags; of an extension, #PhExtensionFlags
 * @needs: of a mechanism, #PhSaslNeeds; of credentials, which of them may be had
 * @protocol: of an extension, the protocol's name; otherwise %NULL
 * @schemes: of a protocol, up to one without a name; otherwise %NULL
 * @get_type: registers and returns the type; called with the first use
 * @list: of a provider, the features that it finds, up to one without a name; called once, when no other feature matched. Otherwise %NULL
 * @missing: of what a provider knows and can't bring: what is lacking, "libsasl2 has no module for it". It is not installed, then, and
 *   errors say why. Otherwise %NULL
 *
 * One thing that a plugin brings. All of it is constant data.
 */
typedef struct _PhFeature PhFeature;
struct _PhFeature {
  PhFeatureKind     kind;
  const char       *name;
  const char       *summary;
  int               rank;
  guint             flags;
  guint             needs;
  const char       *protocol;
  const PhScheme   *schemes;
  GType           (*get_type) (void);
  const PhFeature *(*list)    (void);
  const char       *missing;
  gpointer          reserved[3];
};

#define PH_PLUGIN_MAGIC 0x50486f72u

/* The one symbol that a module exports: `const PhPlugin ph_plugin_<name>`, <name> its file's with '-' as '_'. */
typedef struct {
  guint32          magic;          /* PH_PLUGIN_MAGIC */
  guint16          major, minor;   /* of the library that it was built against */
  const char      *name;           /* the file's: "cram-md5" of cram-md5.so */
  const char      *version;
  const char      *summary;
  const char      *license;
  const char      *origin;         /* who made it */
  const PhFeature *features;
  gsize            n_features;
  gpointer         reserved[4];
} PhPlugin;

#define PH_PLUGIN_EXPORT __attribute__ ((visibility ("default")))

/*
 * A plugin may define these before it includes this header, or take the defaults.
 */
#ifndef PH_PLUGIN_VERSION
#define PH_PLUGIN_VERSION PH_VERSION_STRING
#endif
#ifndef PH_PLUGIN_LICENSE
#define PH_PLUGIN_LICENSE "LGPL-2.1-or-later"
#endif
#ifndef PH_PLUGIN_ORIGIN
#define PH_PLUGIN_ORIGIN ""
#endif

/* @symbol: the name with '-' as '_'; @features: an array. Under -Dbuiltin_plugins the same symbol is linked in. */
#define PH_DEFINE_PLUGIN(symbol, name_string, summary_string, features_array) \
  extern PH_PLUGIN_EXPORT const PhPlugin ph_plugin_##symbol; \
  const PhPlugin ph_plugin_##symbol = { \
    .magic = PH_PLUGIN_MAGIC, .major = PH_MAJOR_VERSION, .minor = PH_MINOR_VERSION, \
    .name = name_string, .version = PH_PLUGIN_VERSION, .summary = summary_string, \
    .license = PH_PLUGIN_LICENSE, .origin = PH_PLUGIN_ORIGIN, \
    .features = features_array, .n_features = G_N_ELEMENTS (features_array), \
  };

/*
 * G_DEFINE_TYPE for plugins: the type's name is looked up before it is registered, since a second registration of a name hangs
 * the process. Where another module has taken it, get_type returns G_TYPE_INVALID, and the registry refuses the feature.
 */
PH_AVAILABLE_IN_1_0 GType ph_plugin_register_type (gsize *once, GType parent, const char *name, guint class_size,
                                                   GClassInitFunc class_init, guint instance_size, GInstanceInitFunc init,
                                                   GType interface_type, GInterfaceInitFunc interface_init);

#define PH_DEFINE_PLUGIN_TYPE(TypeName, type_name, PARENT_TYPE, INTERFACE_TYPE, interface_init_function) \
  static void type_name##_init (TypeName *self); \
  static void type_name##_class_init (TypeName##Class *klass); \
  static gpointer type_name##_parent_class = NULL; \
  static void type_name##_class_intern_init (gpointer klass, gpointer data G_GNUC_UNUSED) \
  { \
    type_name##_parent_class = g_type_class_peek_parent (klass); \
    type_name##_class_init ((TypeName##Class *) klass); \
  } \
  GType type_name##_get_type (void) \
  { \
    static gsize once = 0; \
    return ph_plugin_register_type (&once, PARENT_TYPE, #TypeName, sizeof (TypeName##Class), \
                                    type_name##_class_intern_init, sizeof (TypeName), \
                                    (GInstanceInitFunc) (void (*) (void)) type_name##_init, INTERFACE_TYPE, \
                                    (GInterfaceInitFunc) (void (*) (void)) interface_init_function); \
  }

/*
 * An extension without a state of its own. @code: what of PhExtensionClass it sets, "klass->verbs = verbs". @INTERFACE_TYPE: G_TYPE_INVALID and
 * NULL for none.
 */
#define PH_DEFINE_EXTENSION(TypeName, type_name, INTERFACE_TYPE, interface_init_function, code) \
  typedef struct { PhExtension parent; } TypeName; \
  typedef PhExtensionClass TypeName##Class; \
  GType type_name##_get_type (void); \
  PH_DEFINE_PLUGIN_TYPE (TypeName, type_name, PH_TYPE_EXTENSION, INTERFACE_TYPE, interface_init_function) \
  static void type_name##_init (TypeName *self G_GNUC_UNUSED) {} \
  static void type_name##_class_init (TypeName##Class *klass) { code; }

/*
 * A whole mechanism plugin: write <name>_respond, point to it in <name>_describe (PhSaslMechanismInterface *), and name the file
 * <name>.so with '_' as '-'. Needs user and secret. _FULL: say which needs, and the plugin's name.
 */
#define PH_DEFINE_SASL_MECHANISM_FULL(TypeName, type_name, plugin_name, MECHANISM, sasl_flags, sasl_needs, sasl_rank, summary_string) \
  typedef struct { GObject parent; } TypeName##Mechanism; \
  typedef GObjectClass TypeName##MechanismClass; \
  static void type_name##_mechanism_init (TypeName##Mechanism *self G_GNUC_UNUSED) {} \
  static void type_name##_mechanism_class_init (TypeName##MechanismClass *klass G_GNUC_UNUSED) {} \
  GType type_name##_mechanism_get_type (void); \
  PH_DEFINE_PLUGIN_TYPE (TypeName##Mechanism, type_name##_mechanism, G_TYPE_OBJECT, PH_TYPE_SASL_MECHANISM, type_name##_describe) \
  static const PhFeature type_name##_features[] = { \
    { .kind = PH_FEATURE_MECHANISM, .name = MECHANISM, .summary = summary_string, .rank = sasl_rank, .flags = sasl_flags, \
      .needs = sasl_needs, .get_type = type_name##_mechanism_get_type }, \
  }; \
  PH_DEFINE_PLUGIN (type_name, plugin_name, summary_string, type_name##_features)

#define PH_DEFINE_SASL_MECHANISM(TypeName, type_name, MECHANISM, sasl_flags, sasl_rank) \
  PH_DEFINE_SASL_MECHANISM_FULL (TypeName, type_name, #type_name, MECHANISM, sasl_flags, \
                                 PH_SASL_NEEDS_USER | PH_SASL_NEEDS_SECRET, sasl_rank, "SASL mechanism " MECHANISM)

G_END_DECLS
