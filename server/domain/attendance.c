/* SPDX-License-Identifier: Apache-2.0
 *
 * The fold of DOMAIN section 7: presences become spans of time, spans are
 * united per person and cut with one another, lengths are compared with the
 * policy. Spans are half-open, in ms of the server's clock, and united before
 * anything is measured, so that two devices never count twice.
 */
#include "server/domain/attendance.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/domain/sat.h"

struct span {
    int64_t from;
    int64_t to;
    enum leave_cause cause; /* why it ended */
};

/* Disjoint, not even touching, in order of time. The array is borrowed from the scratch memory. */
struct spans {
    struct span *at;
    size_t n;
};

static int by_start(const void *a, const void *b)
{
    const struct span *x = a, *y = b;

    return (x->from > y->from) - (x->from < y->from);
}

/* Appends [from, to) cut to [lo, hi); nothing if that is empty. */
static void add(struct spans *s, int64_t from, int64_t to, int64_t lo, int64_t hi,
                enum leave_cause cause)
{
    from = from > lo ? from : lo;
    to = to < hi ? to : hi;
    if (from < to)
        s->at[s->n++] = (struct span){ from, to, cause };
}

static void unite(struct spans *s)
{
    size_t n = 0;

    if (s->n == 0)
        return;
    qsort(s->at, s->n, sizeof s->at[0], by_start);
    for (size_t i = 1; i < s->n; i++) {
        struct span *last = &s->at[n];

        if (s->at[i].from > last->to) {
            s->at[++n] = s->at[i];
        } else if (s->at[i].to > last->to) {
            last->to = s->at[i].to;
            last->cause = s->at[i].cause;
        }
    }
    s->n = n + 1;
}

static int64_t length(const struct spans *s)
{
    int64_t sum = 0;

    for (size_t i = 0; i < s->n; i++)
        sum += s->at[i].to - s->at[i].from;
    return sum;
}

/* What two people have in common, and when it began and ended. */
static int64_t overlap(const struct spans *a, const struct spans *b, int64_t *first, int64_t *last)
{
    int64_t sum = 0;

    *first = *last = INT64_MIN;
    for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
        int64_t from = a->at[i].from > b->at[k].from ? a->at[i].from : b->at[k].from;
        int64_t to = a->at[i].to < b->at[k].to ? a->at[i].to : b->at[k].to;

        if (from < to) {
            if (sum == 0)
                *first = from;
            *last = to;
            sum += to - from;
        }
        if (a->at[i].to < b->at[k].to)
            i++;
        else
            k++;
    }
    return sum;
}

static bool is_child(const struct attendance_input *in, struct user_id user)
{
    for (size_t i = 0; i < in->children_n; i++)
        if (user_id_eq(in->children[i], user))
            return true;
    return false;
}

/* United presence of one user within [lo, hi). */
static void presence_of(const struct attendance_input *in, struct user_id user, int64_t lo,
                        int64_t hi, struct spans *out)
{
    out->n = 0;
    for (size_t i = 0; i < in->presences_n; i++) {
        const struct presence *p = &in->presences[i];

        if (user_id_eq(p->user, user))
            add(out, p->join_ms, p->leave_ms, lo, hi, p->cause);
    }
    unite(out);
}

/* Times within the lesson at which at least one child was present. */
static void presence_of_children(const struct attendance_input *in, struct spans *out)
{
    out->n = 0;
    for (size_t i = 0; i < in->presences_n; i++) {
        const struct presence *p = &in->presences[i];

        if (is_child(in, p->user))
            add(out, p->join_ms, p->leave_ms, in->start_ms, in->end_ms, p->cause);
    }
    unite(out);
}

/* Did this user knock in vain within [from, to)? */
static bool tried(const struct attendance_input *in, struct user_id user, int64_t from, int64_t to)
{
    for (size_t i = 0; i < in->tries_n; i++)
        if (user_id_eq(in->tries[i].user, user) && in->tries[i].at_ms >= from &&
            in->tries[i].at_ms < to)
            return true;
    return false;
}

/* Fills *p; leaves the user's spans within the lesson in *out. */
static void person(const struct attendance_input *in, struct user_id user, struct spans *out,
                   struct person_attendance *p)
{
    *p = (struct person_attendance){ .first_ms = INT64_MIN, .last_ms = INT64_MIN };
    presence_of(in, user, in->end_ms, sat_add(in->end_ms, MS_PER_DAY), out);
    p->overrun_ms = length(out);
    presence_of(in, user, in->start_ms, in->end_ms, out);
    if (out->n == 0)
        return;
    p->presence_ms = length(out);
    p->first_ms = out->at[0].from;
    p->last_ms = out->at[out->n - 1].to;
    p->gaps = (int)out->n - 1;
    p->gaps_ms = p->last_ms - p->first_ms - p->presence_ms;
    for (size_t i = 0; i + 1 < out->n; i++)
        p->gap_causes |= 1u << out->at[i].cause;
    if (p->first_ms - in->start_ms >= in->policy.late_ms)
        p->late_ms = p->first_ms - in->start_ms;
    if (in->end_ms - p->last_ms >= in->policy.late_ms)
        p->early_ms = in->end_ms - p->last_ms;
}

static bool reaches(int64_t part, int percent, int64_t whole)
{
    return part * 100 >= percent * whole;
}

/* What the outcome depends on: of the lesson, or of one child as if alone. */
struct judged {
    int64_t planned_ms;
    int64_t contact_ms;
    int64_t outage_ms;
    bool mentor_came;
    bool child_came;
    bool mentor_tried;
    bool child_tried;
};

/* Rule 6: the first line that fits. */
static enum outcome outcome_of(const struct judged *j, const struct attendance_policy *policy)
{
    if (reaches(j->contact_ms, policy->held_percent, j->planned_ms))
        return OUTCOME_HELD;
    if (reaches(j->outage_ms, policy->outage_percent, j->planned_ms))
        return OUTCOME_TECH_SERVER;
    if (!j->mentor_came && !j->child_came)
        return OUTCOME_BOTH_NO_SHOW;
    if (!j->mentor_came)
        return j->mentor_tried ? OUTCOME_TECH_TEACHER : OUTCOME_TEACHER_NO_SHOW;
    if (!j->child_came)
        return j->child_tried ? OUTCOME_TECH_CHILD : OUTCOME_CHILD_NO_SHOW;
    if (j->contact_ms == 0)
        return OUTCOME_NO_OVERLAP;
    if (reaches(j->contact_ms, policy->partial_percent, j->planned_ms))
        return OUTCOME_PARTIAL;
    return OUTCOME_NOT_HELD;
}

/* Is there proof that the child's own link or device failed? A timeout or a logged try in vain, at
 * the place where time is missing: before a late start, after an early end, or in the gaps when
 * they cost the lesson. */
static bool own_failure(const struct attendance_input *in, struct user_id child,
                        const struct spans *s, const struct person_attendance *p)
{
    bool short_of_time =
        !reaches(p->presence_ms, in->policy.held_percent, in->end_ms - in->start_ms);

    if (p->late_ms > 0 && tried(in, child, in->start_ms, p->first_ms))
        return true;
    if (p->early_ms > 0 &&
        (s->at[s->n - 1].cause == LEAVE_TIMEOUT || tried(in, child, p->last_ms, in->end_ms)))
        return true;
    for (size_t i = 0; short_of_time && i + 1 < s->n; i++)
        if (s->at[i].cause == LEAVE_TIMEOUT || tried(in, child, s->at[i].to, s->at[i + 1].from))
            return true;
    return false;
}

/* Would the child have been in time, or stayed to the end, had the server not failed? Then what is
 * over the limit is the server's. */
static bool server_failure(const struct attendance_input *in, const struct person_attendance *p,
                           const struct spans *outages)
{
    int64_t before = 0, after = 0, limit = in->policy.late_ms;

    for (size_t i = 0; i < outages->n; i++) {
        const struct span *o = &outages->at[i];

        if (o->from < p->first_ms)
            before += (o->to < p->first_ms ? o->to : p->first_ms) - o->from;
        if (o->to > p->last_ms)
            after += o->to - (o->from > p->last_ms ? o->from : p->last_ms);
    }
    return (p->late_ms > 0 && p->late_ms - before < limit) ||
           (p->early_ms > 0 && p->early_ms - after < limit);
}

/* Rule 7. */
static char code_of(const struct attendance_input *in, const struct child_attendance *c,
                    const struct judged *j, const struct spans *s, const struct spans *outages)
{
    if (c->outcome == OUTCOME_TECH_SERVER)
        return 'S';
    if (!j->child_came)
        return j->child_tried ? 'T' : 'N';
    if (!j->mentor_came)
        return 'W';
    if (server_failure(in, &c->at, outages))
        return 'S';
    if (own_failure(in, c->child, s, &c->at))
        return 'T';
    if (c->at.late_ms > 0)
        return 'L';
    return c->at.early_ms > 0 ? 'E' : 'P';
}

static int percent_tenths(int64_t part, int64_t whole)
{
    return (int)(part * PERCENT_TENTHS_MAX / whole);
}

static int credit_of(enum outcome outcome, int64_t contact_ms, const struct attendance_policy *p)
{
    int64_t quarters;

    if (outcome == OUTCOME_HELD)
        return 4;
    if (outcome != OUTCOME_PARTIAL || p->credit_step_ms <= 0)
        return 0;
    quarters = contact_ms / p->credit_step_ms;
    return quarters < 4 ? (int)quarters : 4;
}

static int64_t outage_of(const struct attendance_input *in, struct spans *scratch)
{
    scratch->n = 0;
    for (size_t i = 0; i < in->outages_n; i++)
        add(scratch, in->outages[i].from_ms, in->outages[i].to_ms, in->start_ms, in->end_ms,
            LEAVE_SERVER_RESTART);
    unite(scratch);
    return length(scratch);
}

/* The fold itself; the three scratch arrays hold as many spans as there are facts. all holds the
 * outages first and the children's common presence last. */
static void fold(const struct attendance_input *in, struct attendance_result *r,
                 struct spans *mentor, struct spans *child, struct spans *all)
{
    struct judged whole = { .planned_ms = in->end_ms - in->start_ms };
    int64_t first, last;

    whole.outage_ms = outage_of(in, all);
    person(in, in->mentor, mentor, &r->mentor);
    whole.mentor_came = mentor->n > 0;
    whole.mentor_tried = tried(in, in->mentor, in->opens_ms, in->end_ms);
    for (size_t i = 0; i < in->children_n; i++) {
        struct child_attendance *c = &r->children[i];
        struct judged one = whole;

        c->child = in->children[i];
        person(in, c->child, child, &c->at);
        c->contact_ms = overlap(mentor, child, &c->first_contact_ms, &c->last_contact_ms);
        c->percent_tenths = percent_tenths(c->contact_ms, one.planned_ms);
        one.contact_ms = c->contact_ms;
        one.child_came = child->n > 0;
        one.child_tried = tried(in, c->child, in->opens_ms, in->end_ms);
        c->outcome = outcome_of(&one, &in->policy);
        c->code = code_of(in, c, &one, child, all);
        whole.child_came |= one.child_came;
        whole.child_tried |= one.child_tried;
    }
    presence_of_children(in, all);
    whole.contact_ms = overlap(mentor, all, &first, &last);
    r->contact_ms = whole.contact_ms;
    r->percent_tenths = percent_tenths(r->contact_ms, whole.planned_ms);
    r->outcome = outcome_of(&whole, &in->policy);
    r->credit_quarters = credit_of(r->outcome, r->contact_ms, &in->policy);
    r->waited = (r->outcome == OUTCOME_CHILD_NO_SHOW || r->outcome == OUTCOME_TECH_CHILD) &&
                r->mentor.presence_ms >= in->policy.mentor_wait_ms;
}

enum err attendance_compute(const struct attendance_input *in, struct attendance_result *out)
{
    struct attendance_result r = { .algo_version = ATTENDANCE_ALGO_VERSION };
    size_t facts = (in->presences_n > in->outages_n ? in->presences_n : in->outages_n) + 1;
    struct spans mentor = { 0 }, child = { 0 }, all = { 0 };
    enum err e = ERR_NOMEM;

    if (in->end_ms <= in->start_ms || sat_sub(in->end_ms, in->start_ms) > MS_PER_DAY ||
        in->children_n == 0)
        return ERR_INVAL;
    r.children_n = in->children_n;
    r.children = mem_zalloc(in->children_n, sizeof r.children[0]);
    mentor.at = mem_zalloc(facts, sizeof mentor.at[0]);
    child.at = mem_zalloc(facts, sizeof child.at[0]);
    all.at = mem_zalloc(facts, sizeof all.at[0]);
    if (r.children && mentor.at && child.at && all.at) {
        fold(in, &r, &mentor, &child, &all);
        *out = r;
        r.children = NULL;
        e = ERR_OK;
    }
    mem_free(all.at);
    mem_free(child.at);
    mem_free(mentor.at);
    mem_free(r.children);
    return e;
}

void attendance_deinit(struct attendance_result *r)
{
    mem_free(r->children);
    *r = (struct attendance_result){ 0 };
}

struct attendance_policy attendance_policy_default(void)
{
    return (struct attendance_policy){
        .held_percent = 75,
        .partial_percent = 25,
        .outage_percent = 20,
        .late_ms = 5 * MS_PER_MIN,
        .mentor_wait_ms = 15 * MS_PER_MIN,
        .credit_step_ms = 15 * MS_PER_MIN,
    };
}

const char *outcome_name(enum outcome o)
{
    static const char *const names[] = {
#define X(code, name) [OUTCOME_##code] = name,
        OUTCOME_LIST(X)
#undef X
    };

    return (size_t)o < sizeof names / sizeof names[0] ? names[o] : "unknown";
}

bool outcome_parse(const char *name, enum outcome *out)
{
    for (int o = OUTCOME_HELD; o <= OUTCOME_NOT_HELD; o++) {
        if (strcmp(name, outcome_name((enum outcome)o)) == 0) {
            *out = (enum outcome)o;
            return true;
        }
    }
    return false;
}

const char *leave_cause_name(enum leave_cause c)
{
    static const char *const names[] = {
#define X(code, name) [LEAVE_##code] = name,
        LEAVE_CAUSE_LIST(X)
#undef X
    };

    return (size_t)c < sizeof names / sizeof names[0] ? names[c] : "unknown";
}
