/* SPDX-License-Identifier: Apache-2.0
 *
 * Consents of a family (DOMAIN 35): what each kind permits and, by the same
 * table, what stops when it is withdrawn; the states of 4.5 (asked, given or
 * refused, then withdrawn or expired); which step is possible from which. A
 * withdrawn consent blocks what it covers and nothing else.
 *
 * Instants are UTC ms. No text stands here: a kind has a version of its words,
 * and the words themselves are the pages'.
 */
#ifndef PARTA_DOMAIN_CONSENT_H
#define PARTA_DOMAIN_CONSENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONSENT_OPEN_MS INT64_MAX /* without an end */

/* code, name in the database and on the wire */
#define CONSENT_LIST(X)                                                                            \
    X(LESSONS, "lessons")     /* distance lessons at all */                                        \
    X(GROUP, "group")         /* lessons with other children (R18) */                              \
    X(RECORDING, "recording") /* sound and picture of a lesson are kept */                         \
    X(SECTIONS, "sections")   /* name and age go to the provider of a section (46) */

enum consent_kind {
#define X(code, name) CONSENT_##code,
    CONSENT_LIST(X)
#undef X
        CONSENT_KINDS
};

#define CONSENT_BIT(kind) (1u << (kind))

/* What a consent is about. All of the kinds needed must stand. code, name, kinds needed */
#define CONSENT_ACT_LIST(X)                                                                        \
    X(LESSON, "lesson", CONSENT_BIT(CONSENT_LESSONS)) /* a seat in a lesson of one child */        \
    X(GROUP_LESSON, "group_lesson",                                                                \
      CONSENT_BIT(CONSENT_LESSONS) | CONSENT_BIT(CONSENT_GROUP)) /* ... of several */              \
    X(RECORD, "record", CONSENT_BIT(CONSENT_LESSONS) | CONSENT_BIT(CONSENT_RECORDING))             \
    X(SECTION, "section", CONSENT_BIT(CONSENT_SECTIONS)) /* a choice, a visit, a place */

enum consent_act {
#define X(code, name, needs) CONSENT_TO_##code,
    CONSENT_ACT_LIST(X)
#undef X
        CONSENT_ACTS
};

/* standing: the kinds that are given now, as bits. Denied for an unknown act. */
bool consent_permits(unsigned standing, enum consent_act act);
/* The acts, as bits, that are permitted now and would not be without this kind. */
unsigned consent_stops(unsigned standing, enum consent_kind kind);

/* 4.5. EXPIRED and WITHDRAWN are told apart by which came first. */
#define CONSENT_STATE_LIST(X)                                                                      \
    X(NONE, "none") /* nobody has asked */                                                         \
    X(ASKED, "asked")                                                                              \
    X(GIVEN, "given")                                                                              \
    X(REFUSED, "refused")                                                                          \
    X(WITHDRAWN, "withdrawn")                                                                      \
    X(EXPIRED, "expired")

enum consent_state {
#define X(code, name) CONSENT_IS_##code,
    CONSENT_STATE_LIST(X)
#undef X
};

/* The newest question and the newest consent of a child and kind. Times of 0: it never was. */
struct consent_facts {
    int64_t asked_ms;
    int64_t refused_ms; /* the answer to that question */
    int64_t given_ms;
    int64_t expires_ms; /* CONSENT_OPEN_MS: until withdrawn */
    int64_t withdrawn_ms;
    int version; /* of the words that were agreed to; 0: none */
};

enum consent_state consent_state(const struct consent_facts *f, int64_t now_ms);

/* What is done: asked for by the centre, given or refused by a guardian, given on paper, withdrawn.
 */
enum consent_move { CONSENT_ASK, CONSENT_GIVE, CONSENT_REFUSE, CONSENT_WITHDRAW };

/* Why a step is not possible; the name is the gate of a refusal. */
#define CONSENT_VERDICT_LIST(X)                                                                    \
    X(OK, "ok")                                                                                    \
    X(GIVEN, "consent_given")         /* it stands already, to the words in force */               \
    X(NOT_GIVEN, "consent_not_given") /* there is nothing to withdraw */                           \
    X(NOT_ASKED, "consent_not_asked") /* there is no question to say no to */                      \
    X(ASKED, "consent_asked")         /* the question is out already */                            \
    X(WORDS, "consent_words")         /* the words have changed since they were read */

enum consent_verdict {
#define X(code, name) CONSENT_MAY_##code,
    CONSENT_VERDICT_LIST(X)
#undef X
};

/* read: the version of the words that the person saw (ASK and WITHDRAW do not look at it);
 * in_force: the one that counts now. */
enum consent_verdict consent_decide(const struct consent_facts *f, enum consent_move move, int read,
                                    int in_force, int64_t now_ms);

/* Every number of the rules; a centre's dated rows override it. */
struct consent_policy {
    int words[CONSENT_KINDS]; /* version of the words in force */
    int valid_days;           /* how long a consent holds; 0: until withdrawn */
    int paper_days;           /* how old a signed paper may be when it is entered */
    int ahead_days;           /* how far ahead a page names the lessons that would stop */
};

struct consent_setting {
    const char *key;
    size_t offset; /* of the int in struct consent_policy */
    int fallback, min, max;
    const char *source;
};
const struct consent_setting *consent_settings(size_t *n);
struct consent_policy consent_policy_default(void);

/* Why a signed paper cannot be entered, as the fault of its field; NULL: it can. The day of the
 * signature is [from_ms, to_ms) at the centre. A paper is no way around a later withdrawal. */
const char *consent_paper_fault(const struct consent_facts *f, int64_t from_ms, int64_t to_ms,
                                const struct consent_policy *p, int64_t now_ms);

/* When a consent of given_ms ends by the policy. */
int64_t consent_expires_ms(int64_t given_ms, const struct consent_policy *p);

const char *consent_name(enum consent_kind k);
bool consent_parse(const char *name, enum consent_kind *out);
const char *consent_act_name(enum consent_act a);
const char *consent_state_name(enum consent_state s);
const char *consent_verdict_name(enum consent_verdict v);

#endif
