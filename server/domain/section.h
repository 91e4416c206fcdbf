/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections (clubs, circles, schools of further education) and a child's choice
 * among them (DOMAIN 42, 44-48): who may choose what, who gets a place and who
 * waits, and when a group meets. Whether the meetings fit the lessons is rule
 * R12 of schedule_facts.h.
 *
 * Of health there is one bit: a paper is needed, and somebody has seen it.
 * Instants are UTC ms, wall times minutes of a local day.
 */
#ifndef PARTA_DOMAIN_SECTION_H
#define PARTA_DOMAIN_SECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/domain/schedule_facts.h"

/* code, name in the database and on the wire */
#define SECTION_KIND_LIST(X)                                                                       \
    X(SPORT, "sport")                                                                              \
    X(MUSIC, "music")                                                                              \
    X(DANCE, "dance")                                                                              \
    X(ART, "art")                                                                                  \
    X(SCIENCE, "science")                                                                          \
    X(LANGUAGE, "language")                                                                        \
    X(CRAFT, "craft")                                                                              \
    X(CORRESPONDENCE, "correspondence") /* a correspondence school (59) */                         \
    X(VOCATIONAL, "vocational")                                                                    \
    X(OTHER, "other")

enum section_kind {
#define X(code, name) SECTION_##code,
    SECTION_KIND_LIST(X)
#undef X
        SECTION_KINDS
};
const char *section_kind_name(enum section_kind k);
bool section_kind_parse(const char *name, enum section_kind *out);

/* How a child gets to know a section (45). */
#define VISIT_KIND_LIST(X)                                                                         \
    X(TOUR, "tour")                                                                                \
    X(TALK, "talk")                                                                                \
    X(TRIAL, "trial")

enum visit_kind {
#define X(code, name) VISIT_##code,
    VISIT_KIND_LIST(X)
#undef X
        VISIT_KINDS
};
const char *visit_kind_name(enum visit_kind k);
bool visit_kind_parse(const char *name, enum visit_kind *out);

/* ---- settings ----------------------------------------------------------------------------- */

struct section_policy {
    int visit_days;  /* how long a visit makes a choice an informed one */
    int offer_hours; /* how long a place is kept for the first of the waiting list */
    int ahead_days;  /* how far ahead meetings are compared with lessons */
};
struct section_setting {
    const char *key;
    size_t offset; /* of the int in struct section_policy */
    int fallback, min, max;
    const char *source;
};
const struct section_setting *section_settings(size_t *n);
struct section_policy section_policy_default(void);

/* ---- may it be chosen? -------------------------------------------------------------------- */

/* code, name: the gate of a refusal */
#define CHOICE_FAULT_LIST(X)                                                                       \
    X(FEW, "choice_few")               /* fewer sections than the least (46) */                    \
    X(MANY, "choice_many")             /* more than the most */                                    \
    X(TWICE, "choice_twice")           /* two groups of one section */                             \
    X(CLOSED, "choice_closed")         /* the section takes nobody any more */                     \
    X(AGE, "choice_age")               /* too young, too old, or the day of birth is not known */  \
    X(PAPER, "choice_paper")           /* the paper it asks for has not been seen, or ran out */   \
    X(UNINFORMED, "choice_uninformed") /* no tour, talk or trial was attended */                   \
    X(CONSENT, "choice_consent")       /* the family's consent (35) does not stand */              \
    X(OVERLAP, "choice_overlap")       /* two of the chosen meet at the same time */               \
    X(CLASH, "choice_clash")           /* R12: a lesson is in the way */

enum choice_fault {
#define X(code, name) CHOICE_##code,
    CHOICE_FAULT_LIST(X)
#undef X
        CHOICE_FAULTS
};
const char *choice_fault_name(enum choice_fault f);
#define CHOICE_BIT(fault) (1u << (fault))

/* One section that is wanted, with what is known of the child and it. */
struct choice_facts {
    bool open;
    int age_from, age_to; /* full years, both included */
    int64_t birth_day;    /* local day; INT64_MIN: not known */
    bool paper_needed;
    int64_t paper_to_ms; /* the seen paper holds until then; 0: none was seen */
    int64_t informed_ms; /* the latest visit that was attended; 0: none */
    bool consent;        /* consent_permits(.., CONSENT_TO_SECTION) */
    bool overlap, clash; /* of the group's meetings */
};

/* Everything that stands against it, as bits of CHOICE_BIT. today: the local day at the centre. */
unsigned choice_check(const struct choice_facts *f, int64_t today, int64_t now_ms,
                      const struct section_policy *p);
/* FEW, MANY or none for so many sections: those the child has or waits for, and those it wants. */
unsigned choice_count_check(int sections, const struct schedule_policy *p);

/* Full years on a local day. */
int section_age(int64_t birth_day, int64_t today);

/* ---- places and the waiting list ---------------------------------------------------------- */

/* wished ──guardian──▶ active | waiting ──a place──▶ offered ──guardian──▶ active
 *                                                      └──time──▶ lapsed
 * From every state to left. */
#define CHOICE_STATE_LIST(X)                                                                       \
    X(WISHED, "wished") /* by the child; holds no place */                                         \
    X(ACTIVE, "active")                                                                            \
    X(WAITING, "waiting")                                                                          \
    X(OFFERED, "offered") /* a place is kept until the offer ends */                               \
    X(LAPSED, "lapsed")   /* the offer ended unanswered */                                         \
    X(LEFT, "left")

enum choice_state {
#define X(code, name) CHOICE_IS_##code,
    CHOICE_STATE_LIST(X)
#undef X
        CHOICE_STATES
};
const char *choice_state_name(enum choice_state s);
bool choice_state_parse(const char *name, enum choice_state *out);

struct place {
    int64_t id;
    enum choice_state state;
    int64_t offer_to_ms; /* OFFERED: until when */
    bool changed;        /* out */
};

/* Lets ended offers lapse and offers what is free to those who wait, in the order of the list (who
 * waited longest first). Marks what it changed and returns how many. */
size_t places_settle(struct place *places, size_t n, int capacity, int64_t now_ms,
                     const struct section_policy *p);
/* A place for one more, with nobody waiting before: ACTIVE, else WAITING. */
enum choice_state places_enter(const struct place *places, size_t n, int capacity);

/* ---- meetings ----------------------------------------------------------------------------- */

/* One weekly meeting of a group, wall time of the section's zone. */
struct section_slot {
    int weekday; /* ISO, 1 Monday .. 7 */
    int from_minute;
    int minutes;
};

struct section_place {
    int64_t section; /* becomes the block's id */
    const char *tz;
    bool online;
    int travel_minutes;
};

/* The meetings that begin in [from_ms, to_ms), in order of the slots; a wall time that a change of
 * clocks skips has none, a doubled one is its first. Returns how many there are, writes the first
 * cap. 0 for an unknown zone. */
size_t section_meetings(const struct section_place *at, const struct section_slot *slots,
                        size_t slots_n, int64_t from_ms, int64_t to_ms, struct section_block *out,
                        size_t cap);

/* Do two of them touch each other's time, each with the way to it? */
bool section_blocks_overlap(const struct section_block *a, size_t a_n,
                            const struct section_block *b, size_t b_n);

#endif
