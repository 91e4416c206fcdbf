/* SPDX-License-Identifier: Apache-2.0
 *
 * How long each kind of data is kept (DOMAIN 2.5), what is due at an instant,
 * what is held back and why; and the walk of a run, which never deletes what a
 * second person has not confirmed. Pure: rows and deleting are store/retention's.
 *
 *   listing ──list complete──▶ listed ──confirmed by another──▶ running ──▶ done
 *      └───────withdrawn───────────┴──▶ withdrawn
 */
#ifndef PARTA_DOMAIN_RETENTION_H
#define PARTA_DOMAIN_RETENTION_H

#include <stdbool.h>
#include <stdint.h>

/* Why something that is old enough stays. The names are sent and stored. */
#define RETENTION_HOLD_LIST(X)                                                                     \
    X(LEGAL, "legal")     /* somebody has forbidden it, with a reason, until it is lifted */       \
    X(DISPUTE, "dispute") /* a lesson is disputed */                                               \
    X(CASE, "case")       /* the child's case is open */                                           \
    X(REPORT, "report")   /* a month report is not accepted, or its school has not acknowledged */ \
    X(ACTIVE, "active")   /* the person has a right, a lesson ahead or an employment */

enum retention_hold {
#define X(code, name) RETENTION_HOLD_##code,
    RETENTION_HOLD_LIST(X)
#undef X
        RETENTION_HOLDS
};

#define RETENTION_HOLD_BIT(code) (1u << RETENTION_HOLD_##code)

/* Each a dated policy row of the centre, in days: kind, its name and field, key, default, where it
 * stands. What an item is and from when its days count:
 *   chat, presence  a lesson's written words; hands, rests, screens - from its end
 *   medical         what a doctor wrote, with the scans, of an accepted referral - from the day
 *                   when the child's last case closed
 *   report          the frozen copies of a month's report - from its acceptance. The hash stays
 *   sheet           the same of a mark sheet
 *   staff_paper     a scan of a hiring set - from the end of the last employment
 *   child           who the child is - from the last lesson or the case's end, the later
 *   family          who a guardian is - from the instant when the last child has got an alias
 *   staff           who a member of the staff is - from the end of the last right */
#define RETENTION_LIST(X)                                                                          \
    X(CHAT, chat, "retention.chat_days", 365, "DOMAIN 2.5: chat 1 year (proposal)")                \
    X(PRESENCE, presence, "retention.presence_days", 365,                                          \
      "proposal: what the register does not need is kept as long as the chat")                     \
    X(MEDICAL, medical, "retention.medical_days", 365,                                             \
      "proposal: as long as a refused referral (DOMAIN 2.5), from the end of the case on")         \
    X(REPORT, report, "retention.report_days", 2192,                                               \
      "DOMAIN 2.5: lesson and attendance 6 years from entry")                                      \
    X(SHEET, sheet, "retention.sheet_days", 9131, "DOMAIN 2.5: final marks 25 years, unconfirmed") \
    X(STAFF_PAPER, staff_paper, "retention.staff_paper_days", 18263,                               \
      "DOMAIN 2.5: staff papers per labour law; 50 years, unconfirmed")                            \
    X(CHILD, child, "retention.child_days", 2192,                                                  \
      "DOMAIN 2.5: lesson and attendance 6 years from entry")                                      \
    X(FAMILY, family, "retention.family_days", 30,                                                 \
      "proposal: a guardian is known as long as a child is")                                       \
    X(STAFF, staff, "retention.staff_days", 2192,                                                  \
      "DOMAIN 2.5: lesson and attendance 6 years from entry")

enum retention_kind {
#define X(code, name, key, days, source) RETENTION_##code,
    RETENTION_LIST(X)
#undef X
        RETENTION_KINDS
};

/* Bounds of a period in days: a week at least, so that a slip of the keyboard empties nothing. */
#define RETENTION_DAYS_MIN 7
#define RETENTION_DAYS_MAX 36525

#define RETENTION_CONFIRM_KEY "retention.confirm_days"
#define RETENTION_CONFIRM_DAYS 14
#define RETENTION_CONFIRM_SOURCE "proposal: a list older than two weeks is drawn up anew"

struct retention_policy {
    int64_t days[RETENTION_KINDS];
    int64_t confirm_days; /* a list is good for so long */
};

struct retention_policy retention_policy_default(void);

struct retention_setting {
    const char *key;
    int64_t days; /* default */
    const char *source;
};
const struct retention_setting *retention_setting(enum retention_kind k);

/* One thing as the records have it. */
struct retention_facts {
    int64_t item;     /* lesson, referral, month report, document or user: what the kind says */
    int64_t since_ms; /* from when the days count; 0: they have not begun */
    unsigned holds;   /* RETENTION_HOLD_BIT of what stands in its way */
};

enum retention_verdict {
    RETENTION_KEEP, /* its time has not come */
    RETENTION_DUE,
    RETENTION_HELD, /* its time has come, and a hold stands in the way */
};

/* Due from since_ms + days on. A time that would overflow is never due. */
enum retention_verdict retention_judge(const struct retention_policy *p, enum retention_kind k,
                                       const struct retention_facts *f, int64_t now_ms);

/* True for the kinds whose items are people. */
bool retention_of_person(enum retention_kind k);

#define RETENTION_STATE_LIST(X)                                                                    \
    X(LISTING, "listing")                                                                          \
    X(LISTED, "listed")                                                                            \
    X(RUNNING, "running")                                                                          \
    X(DONE, "done")                                                                                \
    X(WITHDRAWN, "withdrawn")

enum retention_state {
#define X(code, name) RETENTION_STATE_##code,
    RETENTION_STATE_LIST(X)
#undef X
        RETENTION_STATES
};

#define RETENTION_ANSWER_LIST(X)                                                                   \
    X(OK, "ok")                                                                                    \
    X(NOT_NOW, "not_now")   /* the run is not where this could be done */                          \
    X(OWN, "own_run")       /* whoever asked for the list does not confirm it */                   \
    X(TOO_OLD, "run_old")   /* drawn up too long ago */                                            \
    X(NOTHING, "run_empty") /* nothing is due */

enum retention_answer {
#define X(code, name) RETENTION_ANSWER_##code,
    RETENTION_ANSWER_LIST(X)
#undef X
};

struct retention_ask {
    enum retention_state state;
    int64_t asked_by, by; /* users */
    int64_t listed_ms;
    int64_t due; /* items that are due */
};

/* May this person confirm the run now? The first that fits: NOT_NOW, OWN, TOO_OLD, NOTHING. */
enum retention_answer retention_confirm(const struct retention_policy *p,
                                        const struct retention_ask *a, int64_t now_ms);

/* May the run be withdrawn? Anybody who may ask may; not once it has begun to delete. */
bool retention_may_withdraw(enum retention_state s);

const char *retention_kind_name(enum retention_kind k);
bool retention_kind_parse(const char *name, enum retention_kind *out);
const char *retention_hold_name(enum retention_hold h);
const char *retention_state_name(enum retention_state s);
bool retention_state_parse(const char *name, enum retention_state *out);
const char *retention_answer_name(enum retention_answer a);

#define RETENTION_ALIAS_CHARS 10

/* The alias that 5 random bytes make: "P-" and their eight digits of Crockford's base 32, which has
 * no I, L, O and U. Nobody's name looks so. */
void retention_alias(const uint8_t random[5], char out[RETENTION_ALIAS_CHARS + 1]);

#endif
