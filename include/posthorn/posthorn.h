/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program includes. */
#pragma once

#include <posthorn/ph-body.h>
#include <posthorn/ph-byte-queue.h>
#include <posthorn/ph-certificate.h>
#include <posthorn/ph-command.h>
#include <posthorn/ph-connection.h>
#include <posthorn/ph-credentials.h>
#include <posthorn/ph-delivery.h>
#include <posthorn/ph-delta.h>
#include <posthorn/ph-engine.h>
#include <posthorn/ph-enum-types.h>
#include <posthorn/ph-envelope.h>
#include <posthorn/ph-error.h>
#include <posthorn/ph-extension.h>
#include <posthorn/ph-filter.h>
#include <posthorn/ph-mailbox.h>
#include <posthorn/ph-message.h>
#include <posthorn/ph-message-list.h>
#include <posthorn/ph-message-set.h>
#include <posthorn/ph-outbox.h>
#include <posthorn/ph-query.h>
#include <posthorn/ph-quota.h>
#include <posthorn/ph-registry.h>
#include <posthorn/ph-reply.h>
#include <posthorn/ph-sasl.h>
#include <posthorn/ph-secret.h>
#include <posthorn/ph-security-policy.h>
#include <posthorn/ph-session.h>
#include <posthorn/ph-store.h>
#include <posthorn/ph-store-pool.h>
#include <posthorn/ph-transport.h>
#include <posthorn/ph-types.h>
#include <posthorn/ph-value.h>
#include <posthorn/ph-version.h>
#include <posthorn/ph-writer.h>
