/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * XLIST, which Gmail had before SPECIAL-USE (RFC 6154) and others took over: LIST that says what mailboxes are for. There is no RFC.
 *
 *   xlist        = "XLIST" SP mailbox SP list-mailbox
 *   xlist-resp   = "XLIST" SP mailbox-list
 *   mbx-list-oflag =/ "\Inbox" / "\AllMail" / "\Spam" / "\Starred" / "\Sent" / "\Drafts" / "\Trash" / "\Important"
 *
 * What the attributes stand for is read by PhMailboxInfo, whatever command brings them.
 */
#include <posthorn/posthorn-plugin.h>

PH_DEFINE_EXTENSION (PhImapXlist, ph_imap_xlist, G_TYPE_INVALID, NULL, klass->list_verb = "XLIST")

static const PhFeature features[] = {
  { .kind = PH_FEATURE_EXTENSION, .name = "XLIST", .summary = "What mailboxes are for, by servers without SPECIAL-USE", .rank = PH_RANK_PRIMARY,
    .protocol = "imap4", .get_type = ph_imap_xlist_get_type },
};

PH_DEFINE_PLUGIN (imap4_xlist, "imap4-xlist", "The IMAP extension XLIST", features)
