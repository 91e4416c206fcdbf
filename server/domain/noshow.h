/* SPDX-License-Identifier: Apache-2.0
 *
 * A side of a lesson that has not come, while there is still time to call, and
 * the cause that a coordinator writes down for it. Whoever was in and was lost
 * is not missing: the live board shows that. Pure.
 */
#ifndef PARTA_DOMAIN_NOSHOW_H
#define PARTA_DOMAIN_NOSHOW_H

#include <stdbool.h>
#include <stdint.h>

#include "server/domain/attendance.h"
#include "server/domain/lesson.h"

#define NOSHOW_LIST(X)                                                                             \
    X(NOBODY, "")                                                                                  \
    X(MENTOR, "mentor")                                                                            \
    X(CHILD, "child")                                                                              \
    X(BOTH, "both")

enum noshow {
#define X(code, name) NOSHOW_##code,
    NOSHOW_LIST(X)
#undef X
};

/* Policy key noshow.after_min, the centre's; the default is Parta's proposal: late by DOMAIN 7 (5),
 * the same minutes that the live board turns red after. */
struct noshow_policy {
    int64_t after_ms;
};
struct noshow_policy noshow_policy_default(void);

struct noshow_facts {
    enum lesson_state state;
    bool gathering; /* adults who were invited: nobody is missed */
    int64_t start_ms, end_ms;
    bool mentor_came, child_came; /* at any time in this lesson; child: any of a group */
};

/* Who is missing now: from after_ms behind the start until the end, of a lesson that is on. */
enum noshow noshow_now(const struct noshow_facts *f, const struct noshow_policy *p, int64_t now_ms);

/* The same, and behind the end too, until attendance is computed: so long a cause can be noted. */
enum noshow noshow_missed(const struct noshow_facts *f, const struct noshow_policy *p,
                          int64_t now_ms);

/* Who did not come, by what was computed; a technical failure is that side's, too (DOMAIN 7.6). */
enum noshow noshow_of_outcome(enum outcome outcome);

/* Human codes of DOMAIN 7.8, in its order: ill, medical procedure, excused, unexcused, cancelled by
 * the centre, holiday. */
#define NOSHOW_CAUSES "IMCUXH"

/* May this cause stand for who is missing? A child that came and waited is never made absent (7.7,
 * W): then only the centre's own causes, X and H. */
bool noshow_cause_may(enum noshow who, char cause);

/* Does a cause noted during the lesson become the human code over this automatic one? Not if the
 * child came after all, nor over a failure of technology. */
bool noshow_cause_settles(char auto_code, char cause);

const char *noshow_name(enum noshow n);

#endif
