/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every type's forward declaration, and the enumerations that more than one header uses. */
#pragma once

#include <gio/gio.h>
#include <posthorn/ph-version.h>

G_BEGIN_DECLS

/* values: boxed, cheap, immutable once shared */
typedef struct _PhValue           PhValue;
typedef struct _PhValueBuilder    PhValueBuilder;
typedef struct _PhReply           PhReply;
typedef struct _PhResponse        PhResponse;
typedef struct _PhSecret          PhSecret;
typedef struct _PhEnvelope        PhEnvelope;
typedef struct _PhDelivery        PhDelivery;
typedef struct _PhMessageSet      PhMessageSet;
typedef struct _PhMessage         PhMessage;
typedef struct _PhMessageEnvelope PhMessageEnvelope;
typedef struct _PhAddress         PhAddress;
typedef struct _PhBodyPart        PhBodyPart;
typedef struct _PhMailboxInfo     PhMailboxInfo;
typedef struct _PhMailboxStatus   PhMailboxStatus;
typedef struct _PhCertificate     PhCertificate;
typedef struct _PhMailboxState    PhMailboxState;
typedef struct _PhDelta           PhDelta;
typedef struct _PhSearchResult    PhSearchResult;
typedef struct _PhSortOrder       PhSortOrder;
typedef struct _PhSortResult      PhSortResult;
typedef struct _PhThreadTree      PhThreadTree;
typedef struct _PhUidMapping      PhUidMapping;
typedef struct _PhNewMessage      PhNewMessage;
typedef struct _PhTlsInfo         PhTlsInfo;
typedef struct _PhServer          PhServer;
typedef struct _PhAccount         PhAccount;
typedef struct _PhByteQueue       PhByteQueue;

/* objects */
typedef struct _PhBody            PhBody;
typedef struct _PhCommand         PhCommand;
typedef struct _PhQuery           PhQuery;
typedef struct _PhMailbox         PhMailbox;
typedef struct _PhMessageIter     PhMessageIter;
typedef struct _PhMessageRow      PhMessageRow;
typedef struct _PhMessageList     PhMessageList;
typedef struct _PhMailboxLock     PhMailboxLock;
typedef struct _PhStorePool       PhStorePool;
typedef struct _PhSession         PhSession;
typedef struct _PhTransport       PhTransport;
typedef struct _PhOutbox          PhOutbox;
typedef struct _PhStore           PhStore;
typedef struct _PhSecurityPolicy  PhSecurityPolicy;
typedef struct _PhConnector       PhConnector;
typedef struct _PhExtension       PhExtension;
typedef struct _PhSaslContext     PhSaslContext;
typedef struct _PhRegistry        PhRegistry;

/* interfaces */
typedef struct _PhConnection      PhConnection;
typedef struct _PhFilter          PhFilter;
typedef struct _PhWriter          PhWriter;
typedef struct _PhEngine          PhEngine;
typedef struct _PhTransportEngine PhTransportEngine;
typedef struct _PhStoreEngine     PhStoreEngine;
typedef struct _PhSaslMechanism   PhSaslMechanism;
typedef struct _PhCredentials     PhCredentials;

/**
 * PhStatus:
 * @PH_STATUS_NONE: no status (a continuation request, an untagged data response)
 * @PH_STATUS_OK: success; in SMTP every 2xx and 3xx reply
 * @PH_STATUS_NO: refused; in SMTP 4xx and 5xx replies other than 500 to 504
 * @PH_STATUS_BAD: not understood; in SMTP 500 to 504
 * @PH_STATUS_BYE: the server is closing; in SMTP 421
 * @PH_STATUS_PREAUTH: an IMAP greeting of a session that is already logged in
 *
 * What a server's reply comes to, in one vocabulary for all protocols.
 */
typedef enum {
  PH_STATUS_NONE,
  PH_STATUS_OK,
  PH_STATUS_NO,
  PH_STATUS_BAD,
  PH_STATUS_BYE,
  PH_STATUS_PREAUTH
} PhStatus;

/**
 * PhTlsMode:
 * @PH_TLS_REQUIRED: no login and no mail without TLS (unix sockets, child processes and
 *   handed-in local connections count as secure); the default
 * @PH_TLS_PREFER: STARTTLS where it is offered, otherwise plain. An attacker on the network
 *   can take the offer away
 * @PH_TLS_NEVER: plain, even where STARTTLS is offered
 *
 * What a session demands of its channel on schemes that start in plain text.
 */
typedef enum {
  PH_TLS_REQUIRED,
  PH_TLS_PREFER,
  PH_TLS_NEVER
} PhTlsMode;

G_END_DECLS
