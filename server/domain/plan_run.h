/* SPDX-License-Identifier: Apache-2.0
 *
 * A run of the planner for one week of a centre: its words, its numbers and
 * what comes out of it. The search itself stands in planner/plan.h; what it
 * proposes is a draft of the schedule, judged by the rules as any other.
 */
#ifndef PARTA_DOMAIN_PLAN_RUN_H
#define PARTA_DOMAIN_PLAN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "server/domain/planner/plan.h"

/* fresh: what is approved and not on the timetable yet. repair: the same, and what is published and
 * cannot stay is put elsewhere, with as few others moved as possible. */
#define PLAN_MODE_LIST(X)                                                                          \
    X(FRESH, "fresh")                                                                              \
    X(REPAIR, "repair")

enum plan_mode {
#define X(code, name) PLAN_MODE_##code,
    PLAN_MODE_LIST(X)
#undef X
};

/* queued → running → done | stopped | failed; stopped keeps the best week so far. */
#define PLAN_STATE_LIST(X)                                                                         \
    X(QUEUED, "queued")                                                                            \
    X(RUNNING, "running")                                                                          \
    X(DONE, "done")                                                                                \
    X(STOPPED, "stopped")                                                                          \
    X(FAILED, "failed")

enum plan_state {
#define X(code, name) PLAN_STATE_##code,
    PLAN_STATE_LIST(X)
#undef X
};

/* Why it did not run to its end. */
#define PLAN_CAUSE_LIST(X)                                                                         \
    X(NONE, "none")                                                                                \
    X(ASKED, "asked")     /* stopped by a person */                                                \
    X(TIME, "time")       /* stopped by the policy's time */                                       \
    X(RESTART, "restart") /* failed: the server stopped while it ran */                            \
    X(RECORDS, "records") /* failed: a row or a setting could not be read or written */

enum plan_cause {
#define X(code, name) PLAN_CAUSE_##code,
    PLAN_CAUSE_LIST(X)
#undef X
};

/* Each a dated policy row of the centre: field, key, least, most, default, where it stands. */
#define PLAN_SETTING_LIST(X)                                                                       \
    X(seconds_max, "plan.seconds_max", 1, 600, 60,                                                 \
      "proposal of the programme's makers: the longest a plan is searched for")                    \
    X(steps_per_lesson, "plan.steps_per_lesson", 1, 100000, 400,                                   \
      "measured: with more steps invented networks were not filled better")                        \
    X(moves_per_rescue, "plan.moves_per_rescue", 0, 10, 2,                                         \
      "the planner's brief: at most two lessons moved for one that is put elsewhere")

struct plan_policy {
#define X(field, key, min, max, fallback, source) int64_t field;
    PLAN_SETTING_LIST(X)
#undef X
};

struct plan_policy plan_policy_default(void);

const char *plan_mode_name(enum plan_mode m);
bool plan_mode_parse(const char *name, enum plan_mode *out);
const char *plan_state_name(enum plan_state s);
bool plan_state_parse(const char *name, enum plan_state *out);
const char *plan_cause_name(enum plan_cause c);
bool plan_cause_parse(const char *name, enum plan_cause *out);
bool plan_rule_parse(const char *name, enum plan_rule *out);

#endif
