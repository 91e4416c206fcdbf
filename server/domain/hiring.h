/* SPDX-License-Identifier: Apache-2.0
 *
 * May this mentor teach this child then? Every gate of items 13, 14, 21, 26
 * and 28-31 (rule R4) in one pure function that tells all of them at once:
 * which hold and until when, which fail, why, and who has to act. Planning,
 * assigning and joining ask it and nothing else. The principal's checklist and
 * the warnings before something expires are the same gates, asked otherwise.
 *
 * Instants are UTC ms; whatever is in force is a half-open term [from, to).
 */
#ifndef PARTA_DOMAIN_HIRING_H
#define PARTA_DOMAIN_HIRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TERM_OPEN_MS INT64_MAX /* a term without an end */
#define HIRING_ROWS_MAX 16     /* of each kind of fact; the newest ones are looked at */

/* The hiring set (item 28): code, name on the wire and in the database, required. Copies of awards
 * are welcome and never asked for (DOMAIN 11c). */
#define DOCUMENT_LIST(X)                                                                           \
    X(WORK_BOOK, "work_book", true)                                                                \
    X(APPLICATION, "application", true)                                                            \
    X(NO_RECORD, "no_record", true) /* the certificate of no criminal record */                    \
    X(COURSE, "course", true)       /* confirmation of the special course */                       \
    X(RATING_SHEET, "rating_sheet", true)                                                          \
    X(AWARD, "award", false)

enum document_kind {
#define X(code, name, required) DOCUMENT_##code,
    DOCUMENT_LIST(X)
#undef X
        DOCUMENT_COUNT
};

/* Who has to act. */
#define ACTOR_LIST(X)                                                                              \
    X(NONE, "none")                                                                                \
    X(MENTOR, "mentor")                                                                            \
    X(COORDINATOR, "coordinator")                                                                  \
    X(SCHOOL, "school") /* its principal or officer */                                             \
    X(GUARDIAN, "guardian")                                                                        \
    X(PROGRAM, "program") /* time alone */

enum actor {
#define X(code, name) ACTOR_##code,
    ACTOR_LIST(X)
#undef X
};

/* code, name on the wire, who acts when it is missing or over, who when it waits to be looked at */
#define TEACH_GATE_LIST(X)                                                                         \
    X(ACCOUNT, "account", COORDINATOR, COORDINATOR)       /* active, with a mentor's role */       \
    X(SUSPENSION, "suspension", COORDINATOR, COORDINATOR) /* not suspended at the school (4.2) */  \
    X(TRAINING, "training", MENTOR, COORDINATOR)          /* a course that stands (13) */          \
    X(TRAINING_TOPIC, "training_topic", MENTOR, COORDINATOR) /* ... on contact (14) */             \
    X(WORK_BOOK, "work_book", MENTOR, COORDINATOR)           /* the five documents (28) */         \
    X(APPLICATION, "application", MENTOR, COORDINATOR)                                             \
    X(NO_RECORD, "no_record", MENTOR, COORDINATOR)                                                 \
    X(NO_RECORD_AGE, "no_record_age", MENTOR, COORDINATOR) /* not older than the policy has it */  \
    X(COURSE, "course", MENTOR, COORDINATOR)                                                       \
    X(RATING_SHEET, "rating_sheet", MENTOR, COORDINATOR)                                           \
    X(QUALIFICATION, "qualification", MENTOR, COORDINATOR) /* subject and grade (21) */            \
    X(EMPLOYMENT, "employment", SCHOOL, SCHOOL)            /* at the child's school (26) */        \
    X(ORDER, "order", SCHOOL, SCHOOL)                      /* of that school's principal (29) */   \
    X(ACQUAINTED, "acquainted", MENTOR, MENTOR)            /* with the order (30) */               \
    X(INTRODUCTION, "introduction", COORDINATOR, COORDINATOR) /* to child and family (30) */       \
    X(ASSIGNMENT, "assignment", COORDINATOR, COORDINATOR)     /* to the child (20) */              \
    X(PROGRAMME, "programme", COORDINATOR, COORDINATOR)       /* an approved line (23) */          \
    X(CONSENT, "consent", GUARDIAN, GUARDIAN)                 /* to distance lessons (35) */       \
    X(GROUP_CONSENT, "group_consent", GUARDIAN, GUARDIAN)     /* to lessons with others (R18) */

enum teach_gate {
#define X(code, name, missing, waiting) TEACH_##code,
    TEACH_GATE_LIST(X)
#undef X
        TEACH_GATE_COUNT
};

#define TEACH_BIT(gate) (1u << (gate))

/* How a gate stands. */
#define GATE_CAUSE_LIST(X)                                                                         \
    X(NOT_ASKED, "not_asked") /* the question does not concern it */                               \
    X(HOLDS, "holds")                                                                              \
    X(MISSING, "missing") /* there is nothing */                                                   \
    X(EXPIRED, "expired") /* it held before */                                                     \
    X(NOT_YET, "not_yet") /* it begins later */                                                    \
    X(WAITING, "waiting") /* it is there and nobody has looked at it */

enum gate_cause {
#define X(code, name) CAUSE_##code,
    GATE_CAUSE_LIST(X)
#undef X
};

/* Something in force, or asserted to be. */
struct term {
    int64_t from_ms, to_ms;
    bool checked; /* verified by who has to; an unchecked one only waits */
};

struct document_facts {
    enum document_kind kind;
    bool verified; /* one that was returned is no fact */
    int64_t issued_ms, expires_ms;
};

struct training_facts {
    bool verified;
    bool contact_psychology; /* its topics include it */
    int64_t issued_ms, expires_ms;
};

struct qualification_facts {
    bool verified;
    int64_t subject; /* row id */
    int grade_from, grade_to;
    int64_t issued_ms;
};

struct order_facts {
    int64_t from_ms, to_ms;
    int64_t acquainted_ms; /* by the mentor's own login; 0: not */
};

/* Terms of one kind, in any order. */
struct term_facts {
    struct term items[HIRING_ROWS_MAX];
    size_t n;
};

/* What is known of a mentor, a school and a child; all zero: nothing. Filled by the store. */
struct teach_facts {
    bool account_active;     /* neither locked nor ended */
    struct term_facts roles; /* grants of the mentor's role */
    int64_t suspended_ms;    /* since when at this school; TERM_OPEN_MS: not */
    struct training_facts trainings[HIRING_ROWS_MAX];
    size_t trainings_n;
    struct document_facts documents[2 * HIRING_ROWS_MAX];
    size_t documents_n;
    struct qualification_facts qualifications[HIRING_ROWS_MAX];
    size_t qualifications_n;
    struct term_facts employment; /* at the child's school */
    struct order_facts orders[HIRING_ROWS_MAX];
    size_t orders_n;
    int64_t introduced_ms; /* end of the first introduction held or still to come; 0: none */
    struct term_facts assignment, consent, group_consent;
    struct term_facts programme; /* approved lines of the subject asked for */
};

/* What is asked. All false: the papers alone. */
struct teach_question {
    bool hired;        /* with the school: employment, order, acquaintance, suspension */
    bool child;        /* with the child: introduction, assignment, programme */
    bool consents;     /* with the family's consents */
    bool group;        /* there are other children in the lesson */
    bool substitute;   /* stands in for another: no assignment, no introduction (R17) */
    bool introduction; /* the lesson is the introduction: nothing of 23 and 30 comes before it */
    int64_t subject;   /* 0: any */
    int grade;         /* 0: any */
};

/* Figures of the rules; each is a dated policy row of the centre: field, key, least, most, default,
 * where it stands. P: our own proposal, K: general knowledge, neither confirmed by a source. */
#define HIRING_SETTING_LIST(X)                                                                     \
    X(certificate_days, "hiring.certificate_days", 1, 3650, 365,                                   \
      "P: the certificate's greatest age")                                                         \
    X(warn_first_days, "hiring.warn_first_days", 1, 365, 30, "DOMAIN 1, item 10")                  \
    X(warn_second_days, "hiring.warn_second_days", 1, 365, 14, "DOMAIN 1, item 10")                \
    X(warn_last_days, "hiring.warn_last_days", 1, 365, 3, "DOMAIN 1, item 10")                     \
    X(part_time_minutes, "hiring.part_time_minutes", 1, 10080, 1080,                               \
      "R15, decree 41: half of 36 h")                                                              \
    X(week_minutes, "hiring.week_minutes", 1, 10080, 2160, "R15: 36 h in all")                     \
    X(part_time_percent, "hiring.part_time_percent", 1, 100, 50, "R15, decree 41: half a rate")    \
    X(document_kib, "hiring.document_kib", 1, 10240, 10240, "item 28: 10 MB")

struct hiring_policy {
#define X(field, key, min, max, fallback, source) int64_t field;
    HIRING_SETTING_LIST(X)
#undef X
};

struct hiring_policy hiring_policy_default(void);

struct gate_state {
    enum gate_cause cause;
    enum actor actor; /* who has to act now; ACTOR_NONE if it holds */
    int64_t until_ms; /* holds: until then without a gap, TERM_OPEN_MS for ever; else 0 */
};

struct teach_verdict {
    struct gate_state gates[TEACH_GATE_COUNT];
    unsigned failed;  /* TEACH_BIT of every gate that fails; 0: may teach */
    int64_t until_ms; /* nothing fails until then if nothing changes; 0 if something fails now */
};

/* Rule R4. Total and deterministic; looks at the facts at at_ms only. */
struct teach_verdict can_teach(const struct teach_facts *facts, const struct teach_question *q,
                               const struct hiring_policy *policy, int64_t at_ms);

/* Is everything of the hiring set there, if only to be looked at? (the step "submit", 4.2) */
bool hiring_complete(const struct teach_verdict *papers);

/* Days of the warning that is due for a gate that holds until until_ms: the tightest of the three
 * that has been reached, 0 if none (or it is over already, or never ends). */
int hiring_warning(int64_t until_ms, const struct hiring_policy *policy, int64_t now_ms);

const char *document_name(enum document_kind k);
bool document_parse(const char *name, enum document_kind *out);
bool document_required(enum document_kind k);
const char *teach_gate_name(enum teach_gate g);
const char *gate_cause_name(enum gate_cause c);
const char *actor_name(enum actor a);

#endif
