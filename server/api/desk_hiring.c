/* SPDX-License-Identifier: Apache-2.0
 *
 * What time alone does to mentors and to the lessons planned with them; once a
 * minute. Every step is the application machine's, with the program as the one
 * who acts. Lessons ahead are looked through a few at a time, so that no round
 * is long. Desk thread.
 */
#include <string.h>

#include "common/base/now.h"
#include "server/api/desk_internal.h"
#include "server/store/audit.h"
#include "server/store/lesson.h"
#include "server/store/mentor.h"
#include "server/store/org.h"
#include "server/store/staff.h"

#define LESSONS_A_ROUND 64
#define AHEAD_MS (14 * MS_PER_DAY)

static const struct user_id program = { 0 }; /* nobody: time itself */

/* One application with what is known of it. */
struct look {
    struct application a;
    struct mentor mentor;
    struct hiring_policy policy;
    struct employment_order order;
    struct teach_verdict papers;
};

static enum err load(struct desk *d, const struct application *a, struct look *out)
{
    static const struct teach_question papers = { 0 };
    const struct teach_who who = { .mentor = a->mentor };
    enum err e = mentor_load(d->db, a->mentor, &out->mentor);

    out->a = *a;
    if (!e)
        e = policy_hiring(d->db, out->mentor.centre, d->now.unix_ms, &out->policy);
    if (!e)
        e = order_of(d->db, a->id, &out->order);
    return e ? e : teach_ask(d->db, &who, &papers, d->now.unix_ms, &out->papers);
}

static bool something_expired(const struct teach_verdict *papers)
{
    for (enum teach_gate g = 0; g < TEACH_GATE_COUNT; g++)
        if (papers->gates[g].cause == CAUSE_EXPIRED)
            return true;
    return false;
}

/* Which step is due by time. False: none. */
static bool due(const struct look *l, int64_t now_ms, enum application_step *step,
                const char **reason)
{
    *reason = "";
    if (l->order.to_ms <= now_ms) {
        *step = STEP_END;
        *reason = "order_over";
    } else if (l->a.state == APPLICATION_ACQUAINTED && l->order.from_ms <= now_ms) {
        *step = STEP_EMPLOY;
    } else if (l->a.state == APPLICATION_EMPLOYED && something_expired(&l->papers)) {
        *step = STEP_SUSPEND;
        *reason = "document_expired";
    } else {
        return false;
    }
    return true;
}

static enum err go(struct desk *d, const struct look *l)
{
    enum application_step step;
    enum application_state to;
    const char *reason;
    enum err e;

    if (!due(l, d->now.unix_ms, &step, &reason) ||
        application_step(l->a.state, step, ACTOR_PROGRAM, reason[0] != '\0', &l->papers, &to) !=
            STEP_ANSWER_OK)
        return ERR_OK;
    e = application_go(d->db, &l->a, step, to, reason, d->now.unix_ms, program);
    if (!e && step == STEP_END)
        e = order_end(d->db, l->a.id, d->now.unix_ms);
    if (!e && step == STEP_END)
        e = assignment_end_at(d->db, l->a.mentor, l->a.school, d->now.unix_ms);
    return e ? e
             : audit_add(d->db, d->now.unix_ms, program, "application.step", "application", l->a.id,
                         "", "");
}

static enum err warn_of(struct desk *d, const struct look *l, struct org_id school,
                        const struct teach_verdict *v)
{
    enum err e = ERR_OK;

    for (enum teach_gate g = 0; !e && g < TEACH_GATE_COUNT; g++) {
        int days = v->gates[g].cause == CAUSE_HOLDS
                       ? hiring_warning(v->gates[g].until_ms, &l->policy, d->now.unix_ms)
                       : 0;
        bool fresh;

        if (days > 0)
            e = expiry_tell(d->db, l->a.mentor, school, teach_gate_name(g), v->gates[g].until_ms,
                            days, d->now.unix_ms, &fresh);
    }
    return e;
}

/* The papers once, whatever the school; what hangs on the school for each. */
static enum err warn(struct desk *d, const struct look *l)
{
    static const struct teach_question hired = { .hired = true };
    static const struct org_id any = { 0 };
    const struct teach_who who = { .mentor = l->a.mentor, .school = l->a.school };
    struct teach_verdict v;
    enum err e = warn_of(d, l, any, &l->papers);

    if (!e)
        e = teach_ask(d->db, &who, &hired, d->now.unix_ms, &v);
    for (enum teach_gate g = 0; !e && g < TEACH_GATE_COUNT; g++)
        if (l->papers.gates[g].cause != CAUSE_NOT_ASKED)
            v.gates[g].cause = CAUSE_NOT_ASKED;
    return e ? e : warn_of(d, l, l->a.school, &v);
}

static enum err look_at_applications(struct desk *d)
{
    struct application_list l = { 0 };
    enum err e = application_list_live(d->db, &l);

    for (size_t i = 0; !e && i < l.n; i++) {
        struct look one;

        e = load(d, &l.items[i], &one);
        if (!e)
            e = go(d, &one);
        if (!e)
            e = warn(d, &one);
    }
    application_list_free(&l);
    return e;
}

static enum err look_at_lesson(struct desk *d, struct desk_run *run, const struct upcoming *u)
{
    bool may = false;
    enum err e = teach_ask_lesson(d->db, u->lesson, u->start_ms, &may);

    if (e || may)
        return e;
    e = lesson_needs_substitute(d->db, u->lesson, "may_teach", d->now.unix_ms);
    if (!e)
        e = audit_add(d->db, d->now.unix_ms, program, "lesson.needs_substitute", "lesson",
                      u->lesson.v, "", "");
    if (!e)
        desk_queue_lesson(d, run, u->lesson);
    return e;
}

static enum err look_at_lessons(struct desk *d, struct desk_run *run)
{
    struct upcoming next[LESSONS_A_ROUND];
    int n = 0;
    enum err e = lesson_upcoming(d->db, &d->looked_at, d->now.unix_ms, d->now.unix_ms + AHEAD_MS,
                                 next, LESSONS_A_ROUND, &n);

    for (int i = 0; !e && i < n; i++)
        e = look_at_lesson(d, run, &next[i]);
    if (!e)
        d->looked_at = n == LESSONS_A_ROUND ? next[n - 1] : (struct upcoming){ 0 };
    return e;
}

/* In a savepoint of its own: a row that cannot be read here keeps no lesson from being closed. */
enum err desk_do_hiring(struct desk *d, struct desk_run *run)
{
    enum err e = db_savepoint(d->db);

    if (e)
        return e;
    e = look_at_applications(d);
    if (!e)
        e = look_at_lessons(d, run);
    if (!e)
        return db_release(d->db);
    db_undo(d->db);
    if (!db_in_transaction(d->db))
        return e;
    if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
        log_error("desk.hiring", "error=%s", err_name(e));
    return ERR_OK;
}
