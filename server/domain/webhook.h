/* SPDX-License-Identifier: Apache-2.0
 *
 * What another program may be told of a centre, and how long it is tried. A
 * message says what happened, to which row, and when: numbers and words of
 * this file, never a name, a mark, a cause or a text. Pure.
 *
 *   waiting ──claimed──▶ sending ──2xx──▶ sent
 *      ▲                    │  └──410, or tried enough──▶ failed (the dead letters)
 *      └──anything else─────┘                               │
 *      ▲                                                    │
 *      └──────────────────── by hand ───────────────────────┘
 */
#ifndef PARTA_DOMAIN_WEBHOOK_H
#define PARTA_DOMAIN_WEBHOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/domain/attendance.h"
#include "server/domain/notify.h"

#define WEBHOOK_KIND_MAX 24
#define WEBHOOK_BODY_MAX 240
#define WEBHOOK_URL_MAX 500
#define WEBHOOKS_MAX 10 /* of one centre */

/* The name is stored and sent; data: what the message names besides. */
#define WEBHOOK_LIST(X)                                                                            \
    X(LESSON_HELD, "lesson.held")                 /* lesson */                                     \
    X(LESSON_NO_SHOW, "lesson.no_show")           /* lesson: a side did not come */                \
    X(LESSON_NOT_HELD, "lesson.not_held")         /* lesson: for any other reason */               \
    X(ATTENDANCE_AMENDED, "attendance.amended")   /* lesson, amendment */                          \
    X(SCHEDULE_PUBLISHED, "schedule.published")   /* version */                                    \
    X(REPORT_DELIVERED, "report.delivered")       /* delivery, school */                           \
    X(REPORT_ACKNOWLEDGED, "report.acknowledged") /* delivery, school */                           \
    X(SHEET_DELIVERED, "sheet.delivered")         /* delivery, school: a sheet of marks */         \
    X(SHEET_ACKNOWLEDGED, "sheet.acknowledged")   /* delivery, school */

enum webhook_kind {
#define X(code, name) WEBHOOK_##code,
    WEBHOOK_LIST(X)
#undef X
        WEBHOOK_COUNT
};

const char *webhook_name(enum webhook_kind k);
bool webhook_parse(const char *name, enum webhook_kind *out);

/* Held, even in part; a side that did not come (a failure of its technology too, DOMAIN 7.6); else
 * not held. */
enum webhook_kind webhook_of_outcome(enum outcome o);

/* What happened. Numbers of rows, 0: the message does not name it. */
struct webhook_event {
    enum webhook_kind kind;
    int64_t at_ms;
    int64_t lesson, amendment, version, delivery, school;
};

/* {"type":..,"timestamp":..,"data":{..}} as Standard Webhooks advises: the instant in UTC by ISO
 * 8601 to the millisecond, the data in the order of the struct. ERR_INVAL: no such kind, or an
 * instant out of 1970..9999. */
enum err webhook_body(const struct webhook_event *e, char out[WEBHOOK_BODY_MAX + 1]) MUST_CHECK;

/* Why an address is refused, by the names of the API's field faults. */
#define WEBHOOK_URL_LIST(X)                                                                        \
    X(OK, "")                                                                                      \
    X(LONG, "too_long")      /* over WEBHOOK_URL_MAX bytes */                                      \
    X(HTTPS, "not_https")    /* it does not begin with https:// */                                 \
    X(LETTERS, "not_url")    /* not printable ASCII, a space, a quote, a bracket, a backslash */   \
    X(NAMED, "with_name")    /* a user or a password stands in it */                               \
    X(HOST, "bad_host")      /* no host with a dot, or a port that is none */                      \
    X(FRAGMENT, "with_hash") /* a # is sent to nobody */

enum webhook_url {
#define X(code, name) WEBHOOK_URL_##code,
    WEBHOOK_URL_LIST(X)
#undef X
};

/* RFC 3986 section 3, only as far as a receiver needs it. Whom a name leads to, is looked at when a
 * line is opened (sys/hook.h). loose: a host without a dot is one, too (a test's localhost). */
enum webhook_url webhook_url_check(const char *url, bool loose);
const char *webhook_url_fault(enum webhook_url u);

/* The host alone, for registers: what stands behind it may be a secret of the receiver's. */
void webhook_host(const char *url, char out[WEBHOOK_URL_MAX + 1]);

/* Policy keys webhook.*, of the centre. The waits are Parta's proposal; Standard Webhooks
 * ("Retries") asks for rests that grow over some days, and for switching a dead receiver off. */
struct webhook_policy {
    int tries_max; /* of one message: then it is a dead letter */
    int64_t
        first_wait_ms; /* of a message, after its first try that failed; doubled by each further */
    int64_t most_wait_ms; /* no wait is longer */
    int64_t rest_ms; /* of the receiver, after a failure: no other message is tried meanwhile */
    int64_t most_rest_ms;  /* doubled by each further failure in a row up to this */
    int64_t off_after_ms;  /* of failures without a success: then it is switched off */
    int64_t keep_ms;       /* of a message, sent or not */
    int64_t old_secret_ms; /* how long the secret before signs beside a new one */
};

struct webhook_policy webhook_policy_default(void);

/* What becomes of a message; the waits are those of domain/notify.h. */
enum notify_end webhook_after(const struct webhook_policy *p, int tries, enum notify_try said,
                              uint32_t random, int64_t now_ms, int64_t *next_ms);

/* What becomes of the receiver. */
struct webhook_health {
    int fails;          /* in a row */
    int64_t failing_ms; /* the first of them, 0: none */
    int64_t rest_ms;    /* nothing is tried before */
    bool off;           /* switched off: failing too long, or it said that it is gone (410) */
};
struct webhook_health webhook_health_after(const struct webhook_policy *p,
                                           const struct webhook_health *before,
                                           enum notify_try said, int64_t now_ms);

#endif
