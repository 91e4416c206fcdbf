/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of the timetable at the moment of a change: asks domain/schedule
 * and, when something is in the way, answers 409 with every rule that is
 * broken, both lessons, and times that are free for everybody. Desk thread.
 */
#ifndef PARTA_API_CONFLICT_H
#define PARTA_API_CONFLICT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/api/body.h"
#include "server/api/call.h"
#include "server/store/lesson.h"
#include "server/store/mentor.h"

/* A lesson that is wanted. */
struct wanted {
    struct lesson_id id; /* being changed; 0: new */
    struct org_id org;
    char subject[81];
    struct mentor mentor;
    struct child_id children[LESSON_CHILDREN_MAX];
    struct user_id users[LESSON_CHILDREN_MAX];
    int children_n;
    char tz[ZONE_NAME_MAX];
    int64_t start_ms, end_ms;
    bool introduction;     /* the lesson is the introduction itself */
    bool make_up;          /* of a lost lesson: the week's hours were that one's (R16) */
    struct lesson_id lost; /* that one, which gave none; 0: none, or not known yet */
};

/* The lesson as it stands, with m as its mentor. (lesson_edit.c) */
enum err wanted_of(const struct lesson *l, const struct mentor *m, struct wanted *w) MUST_CHECK;

/* Wall time to start_ms and end_ms. *refused: answered 409 (skipped, doubled, unknown zone). */
enum err conflict_when(struct call *c, struct wanted *w, const struct body_when *when,
                       bool *refused) MUST_CHECK;

/* The hard ones of R1-R19 for which the records hold facts, but for R4 and consents
 * (conflict_gates). same_time: the time is kept (a substitute), so R1's "in the past" of a lesson
 * whose door is still closed cannot come up. *refused: answered 409. */
enum err conflict_check(struct call *c, const struct wanted *w, bool *refused) MUST_CHECK;

/* Violations of stored lessons, the hard or the soft ones, as a list of Conflict. */
enum err conflict_list(const struct call *c, const struct violation *v, size_t n, bool hard,
                       json_t **out) MUST_CHECK;

/* Times from the wanted lesson on at which the plan would fit, as a list of Slot. t reaches
 * CONFLICT_SLOT_DAYS and a week further. */
#define CONFLICT_SLOT_DAYS 14
struct timetable;
enum err conflict_slots(const struct wanted *w, const struct timetable *t,
                        const struct booked_lesson *plan, json_t **out) MUST_CHECK;

/* R4, R17, R18: who may teach these children, and with which consents: can_teach for every child
 * at the lesson's beginning. *refused: answered 409 with every gate that fails. absent: the mentor
 * who is replaced, 0 if none. */
enum err conflict_gates(struct call *c, const struct wanted *w, bool substitute,
                        struct mentor_id absent, bool *refused) MUST_CHECK;

/* The same question, without an answer to the person. */
enum err conflict_ask(struct call *c, const struct wanted *w, bool substitute,
                      struct teach_verdict *out) MUST_CHECK;

/* The same two questions about a substitute, without an answer to the person: what the gates say,
 * and the hard rules that are broken, into found[0..cap); *n: how many there are. The rules are not
 * asked of a mentor who may not teach at all: *n is 0 then. */
enum err conflict_look(struct call *c, const struct wanted *w, struct teach_verdict *gates,
                       enum schedule_rule *found, size_t cap, size_t *n) MUST_CHECK;

#endif
