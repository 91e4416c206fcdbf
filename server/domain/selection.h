/* SPDX-License-Identifier: Apache-2.0
 *
 * Choosing a mentor for a child (items 20, 21): every mentor of the centre with
 * all gates that fail, ranked, and the why of the rank in parts. Subject and
 * grade are hard, all else ranks. Pure.
 *
 * What stands in the way of a choice is asked of can_teach as for a substitute
 * (no assignment yet, no introduction). The founding order of events hires
 * after the choice, so gates that the hiring settles leave a mentor eligible;
 * no lesson can be held before they hold. What the case itself lacks
 * (programme, consents) is no mentor's fault and bars nobody.
 */
#ifndef PARTA_DOMAIN_SELECTION_H
#define PARTA_DOMAIN_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/ids.h"
#include "server/domain/hiring.h"

/* Weights and scales; dated policy rows of the centre: field, key, least, most, default, source. */
#define SELECTION_SETTING_LIST(X)                                                                  \
    X(weight_qualification, "selection.weight_qualification", 0, 100, 25,                          \
      "P; item 21: professional competence")                                                       \
    X(weight_psychology, "selection.weight_psychology", 0, 100, 20,                                \
      "P; item 21: he should be a good psychologist")                                              \
    X(weight_hours, "selection.weight_hours", 0, 100, 25, "P: common free hours in the week")      \
    X(weight_load, "selection.weight_load", 0, 100, 10, "P: hours of the orders that are free")    \
    X(weight_distance, "selection.weight_distance", 0, 100, 5, "P: one clock for both")            \
    X(weight_continuity, "selection.weight_continuity", 0, 100, 15, "P: they know each other")     \
    X(need_minutes, "selection.need_minutes", 10, 10080, 120,                                      \
      "P: hours a week that are looked for while no line of the subject is written")               \
    X(far_minutes, "selection.far_minutes", 1, 1440, 240, "P: clocks this far apart give nothing") \
    X(known_lessons, "selection.known_lessons", 1, 1000, 10,                                       \
      "P: after so many lessons they know each other")

struct selection_policy {
#define X(field, key, min, max, fallback, source) int field;
    SELECTION_SETTING_LIST(X)
#undef X
};

struct selection_policy selection_policy_default(void);

/* Parts of the rank. value, of: what was found and what gives all points. */
#define SELECTION_PART_LIST(X)                                                                     \
    X(QUALIFICATION, "qualification") /* 2 verified, 1 to be looked at, of 2 */                    \
    X(PSYCHOLOGY, "psychology")       /* interview's score, of 100 */                              \
    X(HOURS, "hours")                 /* common free minutes a week, of those needed */            \
    X(LOAD, "load")                   /* free minutes of the orders' week, of all */               \
    X(DISTANCE, "distance")           /* minutes between the clocks, of those that give nothing */ \
    X(CONTINUITY, "continuity")       /* lessons together, of those that count */

enum selection_part_kind {
#define X(code, name) SELECTION_##code,
    SELECTION_PART_LIST(X)
#undef X
        SELECTION_PART_COUNT
};

struct selection_part {
    bool known; /* nothing is stored: no points */
    int points, weight;
    int64_t value, of;
};

#define SELECTION_STANDING_LIST(X)                                                                 \
    X(READY, "ready")               /* could teach tomorrow, if the case is in order */            \
    X(AFTER_HIRING, "after_hiring") /* may be chosen; hiring comes before the first lesson */      \
    X(BARRED, "barred")

enum selection_standing {
#define X(code, name) SELECTION_##code,
    SELECTION_STANDING_LIST(X)
#undef X
};

struct candidate {
    /* facts */
    struct mentor_id mentor;
    struct user_id user;
    struct teach_verdict gates;
    int qualified;       /* as SELECTION_QUALIFICATION's value */
    int interview;       /* -1: none */
    bool hours_known;    /* the mentor has entered free times */
    int free_minutes;    /* common with the child, a week, not booked */
    int order_minutes;   /* a week, of all orders; 0: none */
    int booked_minutes;  /* in the week looked at */
    int apart_minutes;   /* between both clocks, >= 0 */
    int lessons;         /* held together */
    int64_t assignments; /* to this child that stand */
    /* the rank */
    enum selection_standing standing;
    int score; /* sum of the points */
    struct selection_part parts[SELECTION_PART_COUNT];
};

/* Gates of the case and of the hiring, as bits. */
unsigned selection_case_gates(void);
unsigned selection_hiring_gates(void);
enum selection_standing selection_standing_of(unsigned failed);

/* Fills the rank of each and sorts: standing, score, fewer failed gates, less booked, the older
 * file. need_minutes: of the line that is to be taught, 0: the policy's. */
void selection_rank(struct candidate *c, size_t n, int need_minutes,
                    const struct selection_policy *policy);

/* When nobody may be chosen: of those who lack least, which gates how many lack and who acts. */
struct selection_owed {
    enum teach_gate gate;
    enum actor actor;
    int mentors;
};
/* True: blocked; *n rows of out, at most TEACH_GATE_COUNT; none if there is no mentor at all, and
 * then the coordinator has to find one. c is ranked. */
bool selection_blocked(const struct candidate *c, size_t n,
                       struct selection_owed out[TEACH_GATE_COUNT], size_t *out_n);

/* Half-open, UTC ms. */
struct free_span {
    int64_t start_ms, end_ms;
};
#define SELECTION_STEP_MS INT64_C(300000)
#define SELECTION_DAYS 9 /* a week and what zones add */

/* Minutes of [week_ms, week_ms + SELECTION_DAYS) in both lists and not busy, in steps of five
 * minutes that are free as a whole. */
int selection_common(const struct free_span *mentor, size_t mentor_n, const struct free_span *child,
                     size_t child_n, const struct free_span *busy, size_t busy_n, int64_t week_ms);

const char *selection_part_name(enum selection_part_kind k);
const char *selection_standing_name(enum selection_standing s);

#endif
