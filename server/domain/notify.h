/* SPDX-License-Identifier: Apache-2.0
 *
 * When a notification may leave, and what becomes of it after a try: quiet
 * hours of the person, waits that grow and are jittered, an end of trying. It
 * decides about times alone; words and addresses are somebody else's.
 *
 *   waiting ──claimed──▶ sending ──done──▶ sent
 *      ▲                    │  └──refused for good, or tried enough──▶ failed
 *      └──────later─────────┘
 */
#ifndef PARTA_DOMAIN_NOTIFY_H
#define PARTA_DOMAIN_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"

/* What a person is told of. quiet: it waits for the end of the person's quiet hours; an answer to
 * what somebody has just asked for, and what cannot wait for the morning, does not. */
#define NOTIFY_LIST(X)                                                                             \
    X(INVITATION, "invitation", false)             /* an account is offered */                     \
    X(PASSWORD_RESET, "password_reset", false)     /* somebody asked for a new password */         \
    X(PASSWORD_CHANGED, "password_changed", false) /* it was changed: was it you? */               \
    X(SECOND_STEP, "second_step", false)           /* set up or taken away: was it you? */         \
    X(EXPIRY, "expiry", true)                      /* a paper of a mentor runs out */              \
    X(REPORT_DUE, "report_due", true)              /* a month report is due */                     \
    X(SHEET_DUE, "sheet_due", true)                /* a term's mark sheet is due */                \
    X(EVENT, "event", true)                        /* invited, moved, called off */                \
    X(WEBHOOK_OFF, "webhook_off", true)            /* another program is not told any more */      \
    X(NO_SHOW, "no_show", false)                   /* a side of a running lesson is missing */

enum notify_kind {
#define X(code, name, quiet) NOTIFY_##code,
    NOTIFY_LIST(X)
#undef X
        NOTIFY_COUNT
};

const char *notify_name(enum notify_kind k);
bool notify_parse(const char *name, enum notify_kind *out);

/* Policy keys notify.*, of the centre; the defaults are Parta's proposal. */
struct notify_policy {
    int quiet_from_min, quiet_to_min; /* minutes of the local day; equal: no quiet hours */
    int tries_max;                    /* then it has failed */
    int64_t first_wait_ms;            /* after the first try that failed; doubled by each further */
    int64_t most_wait_ms;             /* no wait is longer */
    /* What ended stays so long. It is also what keeps a second letter about the same thing from
     * being written, so it is not less than a quarter. */
    int64_t keep_ms;
};

struct notify_policy notify_policy_default(void);

/* The first instant from now_ms on at which this kind may leave to a person in tz: now_ms itself,
 * or the end of the quiet hours. A zone that nobody knows, or a year out of range, has no quiet
 * hours. Where the clocks jump over the end, it is the jump. */
int64_t notify_due_ms(const struct notify_policy *p, enum notify_kind kind, const char *tz,
                      int64_t now_ms);

/* What the other side said to a try. */
enum notify_try {
    NOTIFY_DONE,  /* taken: 250, or 2xx */
    NOTIFY_LATER, /* nobody there, no line, "try again": 4xx of SMTP; 5xx, 408, 429 of HTTP */
    NOTIFY_NEVER, /* refused for good: 5xx of SMTP; other 4xx of HTTP */
};

enum notify_end { NOTIFY_SENT, NOTIFY_WAITS, NOTIFY_FAILED };

/* tries: those made, this one too (1..). random: 32 bits of chance for the jitter. *next_ms is
 * written for NOTIFY_WAITS: between half a wait and a whole one from now_ms on, so that what failed
 * together does not come back together. */
enum notify_end notify_after(const struct notify_policy *p, int tries, enum notify_try said,
                             uint32_t random, int64_t now_ms, int64_t *next_ms);

/* A mail address as this program takes one: one @, a local part of 1-64 and a domain of labels
 * with a dot between, printable ASCII without spaces, quotes, brackets, commas and angle brackets
 * (RFC 5321 4.1.2 without its quoted strings; 254 bytes at most, 4.5.3.1.3 with erratum 1690). */
bool notify_address_ok(const char *address);

#endif
