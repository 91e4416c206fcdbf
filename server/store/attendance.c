/* SPDX-License-Identifier: Apache-2.0
 *
 * From stored presence facts to stored attendance: gathers, lets the domain
 * fold, and adds a run to the register if the result is a new one.
 */
#include "server/store/attendance.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/audit.h"
#include "server/store/noshow.h"
#include "server/store/session.h"
#include "server/store/webhook.h"

/* ---- gathering -------------------------------------------------------------------------- */

struct gathered {
    struct attendance_input in;
    struct session_list sessions;
    struct presence *presences;
    struct try_list {
        struct join_try *items;
        size_t n;
    } tries;
    struct outage_list {
        struct outage *items;
        size_t n;
    } outages;
};

static void gathered_deinit(struct gathered *g)
{
    session_list_free(&g->sessions);
    mem_free(g->presences);
    mem_free(g->tries.items);
    mem_free(g->outages.items);
}

/* A refusal for a reason of rights or of the schedule proves no failed link; being early neither,
 * which the fold sees by the door's time. */
static enum err load_tries(struct db *db, struct lesson_id lesson, struct try_list *out)
{
    struct query q = query_on(db, "SELECT user_id, at_ms FROM join_attempt WHERE lesson = $1 "
                                  "AND result NOT IN ('consent', 'right_ended', 'cancelled', "
                                  "'moved', 'not_ready', 'too_early') ORDER BY at_ms");
    struct join_try *t;

    query_int(&q, lesson.v);
    while (QUERY_NEXT(&q, out, t)) {
        t->user.v = row_int(&q);
        t->at_ms = row_int(&q);
    }
    return query_end(&q);
}

static enum err load_outages(struct db *db, int64_t from_ms, int64_t to_ms, struct outage_list *out)
{
    struct query q = query_on(db, "SELECT from_ms, to_ms FROM outage WHERE to_ms > $1 "
                                  "AND from_ms < $2 ORDER BY from_ms");
    struct outage *o;

    query_int(&q, from_ms);
    query_int(&q, to_ms);
    while (QUERY_NEXT(&q, out, o)) {
        o->from_ms = row_int(&q);
        o->to_ms = row_int(&q);
    }
    return query_end(&q);
}

static enum err gather(struct db *db, const struct lesson *l, struct gathered *g)
{
    enum err e = session_list(db, l->facts.id, &g->sessions);

    if (!e)
        e = load_tries(db, l->facts.id, &g->tries);
    if (!e)
        e = load_outages(db, l->facts.start_ms, l->facts.end_ms, &g->outages);
    if (!e)
        e = policy_attendance(db, l->org, l->facts.start_ms, &g->in.policy);
    if (e)
        return e;
    g->presences = mem_zalloc(g->sessions.n, sizeof *g->presences);
    if (!g->presences)
        return ERR_NOMEM;
    for (size_t i = 0; i < g->sessions.n; i++) {
        const struct session *s = &g->sessions.items[i];

        g->presences[i] = (struct presence){
            .user = s->user, .join_ms = s->join_ms, .leave_ms = s->leave_ms, .cause = s->cause
        };
    }
    g->in.start_ms = l->facts.start_ms;
    g->in.end_ms = l->facts.end_ms;
    g->in.opens_ms = lesson_opens_ms(&l->facts);
    g->in.mentor = l->facts.mentor;
    g->in.children = l->facts.children;
    g->in.children_n = (size_t)l->facts.children_n;
    g->in.presences = g->presences;
    g->in.presences_n = g->sessions.n;
    g->in.tries = g->tries.items;
    g->in.tries_n = g->tries.n;
    g->in.outages = g->outages.items;
    g->in.outages_n = g->outages.n;
    return ERR_OK;
}

static void make_record(const struct lesson *l, const struct gathered *g,
                        const struct attendance_result *a, struct lesson_record *out)
{
    *out = (struct lesson_record){ .lesson = l->facts.id,
                                   .algo_version = a->algo_version,
                                   .outcome = a->outcome,
                                   .contact_ms = a->contact_ms,
                                   .percent_tenths = a->percent_tenths,
                                   .credit_quarters = a->credit_quarters,
                                   .waited = a->waited,
                                   .mentor = a->mentor,
                                   .children_n = l->seats_n };
    for (int i = 0; i < l->seats_n; i++) {
        const struct child_attendance *c = &a->children[i];
        struct child_record *r = &out->children[i];

        *r = (struct child_record){ .child = l->seats[i].child,
                                    .outcome = c->outcome,
                                    .auto_code = c->code,
                                    .code = c->code,
                                    .contact_ms = c->contact_ms,
                                    .first_contact_ms = c->first_contact_ms,
                                    .last_contact_ms = c->last_contact_ms,
                                    .percent_tenths = c->percent_tenths,
                                    .at = c->at };
        for (size_t s = 0; s < g->sessions.n; s++) {
            if (user_id_eq(g->sessions.items[s].user, c->child)) {
                r->uncertain_ms += g->sessions.items[s].uncertain_ms;
                r->screen_ms += g->sessions.items[s].screen_ms;
            }
        }
    }
}

/* ---- comparing -------------------------------------------------------------------------- */

static bool same_person(const struct person_attendance *a, const struct person_attendance *b)
{
    return a->presence_ms == b->presence_ms && a->first_ms == b->first_ms &&
           a->last_ms == b->last_ms && a->late_ms == b->late_ms && a->early_ms == b->early_ms &&
           a->overrun_ms == b->overrun_ms && a->gaps == b->gaps && a->gaps_ms == b->gaps_ms &&
           a->gap_causes == b->gap_causes;
}

static bool same_child(const struct child_record *a, const struct child_record *b)
{
    return child_id_eq(a->child, b->child) && a->outcome == b->outcome &&
           a->auto_code == b->auto_code && a->contact_ms == b->contact_ms &&
           a->first_contact_ms == b->first_contact_ms && a->last_contact_ms == b->last_contact_ms &&
           a->percent_tenths == b->percent_tenths && same_person(&a->at, &b->at) &&
           a->uncertain_ms == b->uncertain_ms && a->screen_ms == b->screen_ms;
}

static bool same_result(const struct lesson_record *a, const struct lesson_record *b)
{
    if (a->algo_version != b->algo_version || a->outcome != b->outcome ||
        a->contact_ms != b->contact_ms || a->percent_tenths != b->percent_tenths ||
        a->credit_quarters != b->credit_quarters || a->waited != b->waited ||
        !same_person(&a->mentor, &b->mentor) || a->children_n != b->children_n)
        return false;
    for (int i = 0; i < a->children_n; i++)
        if (!same_child(&a->children[i], &b->children[i]))
            return false;
    return true;
}

/* ---- writing ---------------------------------------------------------------------------- */

static void bind_person(struct query *q, const struct person_attendance *p)
{
    query_int(q, p->presence_ms);
    query_int_or_null(q, p->first_ms, INT64_MIN);
    query_int_or_null(q, p->last_ms, INT64_MIN);
    query_int(q, p->late_ms);
    query_int(q, p->early_ms);
    query_int(q, p->overrun_ms);
    query_int(q, p->gaps);
    query_int(q, p->gaps_ms);
    query_int(q, p->gap_causes);
}

static enum err enter_row(struct db *db, struct query *q, const char *kind, int64_t now_ms,
                          int64_t *out_id)
{
    enum err e;

    if (query_row(q))
        *out_id = row_int(q);
    e = query_end_found(q);
    return e ? e : chain_enter(db, kind, *out_id, now_ms);
}

static enum err insert_child(struct db *db, int64_t attendance, const struct child_record *c,
                             int64_t now_ms)
{
    struct query q = query_on(
        db, "INSERT INTO attendance_child (attendance, child, outcome, auto_code, contact_ms, "
            "first_contact_ms, last_contact_ms, percent_tenths, uncertain_ms, screen_ms, "
            "presence_ms, first_ms, last_ms, late_ms, early_ms, overrun_ms, gaps, gaps_ms, "
            "gap_causes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
            "$15, $16, $17, $18, $19) RETURNING id");
    const char code[2] = { c->auto_code, '\0' };
    int64_t id = 0;

    query_int(&q, attendance);
    query_int(&q, c->child.v);
    query_text(&q, outcome_name(c->outcome));
    query_text(&q, code);
    query_int(&q, c->contact_ms);
    query_int_or_null(&q, c->first_contact_ms, INT64_MIN);
    query_int_or_null(&q, c->last_contact_ms, INT64_MIN);
    query_int(&q, c->percent_tenths);
    query_int(&q, c->uncertain_ms);
    query_int(&q, c->screen_ms);
    bind_person(&q, &c->at);
    return enter_row(db, &q, "attendance_child", now_ms, &id);
}

static enum err insert_run(struct db *db, const struct lesson_record *r, int64_t now_ms)
{
    struct query q = query_on(
        db, "INSERT INTO attendance (lesson, run, algo_version, computed_ms, outcome, contact_ms, "
            "percent_tenths, credit_quarters, waited, presence_ms, first_ms, last_ms, late_ms, "
            "early_ms, overrun_ms, gaps, gaps_ms, gap_causes) VALUES ($1, $2, $3, $4, $5, $6, $7, "
            "$8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING id");
    int64_t id = 0;
    enum err e;

    query_int(&q, r->lesson.v);
    query_int(&q, r->run);
    query_int(&q, r->algo_version);
    query_int(&q, now_ms);
    query_text(&q, outcome_name(r->outcome));
    query_int(&q, r->contact_ms);
    query_int(&q, r->percent_tenths);
    query_int(&q, r->credit_quarters);
    query_int(&q, r->waited);
    bind_person(&q, &r->mentor);
    e = enter_row(db, &q, "attendance", now_ms, &id);
    for (int i = 0; !e && i < r->children_n; i++)
        e = insert_child(db, id, &r->children[i], now_ms);
    return e;
}

/* What a lesson came to, when that is known first and when a later run sees it otherwise. */
static enum err tell_outcome(struct db *db, const struct lesson *l,
                             const struct lesson_record *next, const struct lesson_record *before,
                             int64_t now_ms)
{
    const struct webhook_event told = { .kind = webhook_of_outcome(next->outcome),
                                        .at_ms = now_ms,
                                        .lesson = l->facts.id.v };

    if (before->run > 0 && webhook_of_outcome(before->outcome) == told.kind)
        return ERR_OK;
    return webhook_tell(db, l->org, &told, now_ms);
}

static enum err fold_lesson(struct db *db, const struct lesson *l, int64_t now_ms, bool *changed)
{
    struct gathered g = { .presences = NULL };
    struct attendance_result result = { 0 };
    struct lesson_record next, before = { .run = 0 };
    enum err e = gather(db, l, &g);

    if (!e)
        e = attendance_compute(&g.in, &result);
    if (!e)
        e = attendance_load(db, l->facts.id, &before);
    if (e == ERR_NOTFOUND)
        e = ERR_OK;
    if (!e) {
        make_record(l, &g, &result, &next);
        *changed = before.run == 0 || !same_result(&before, &next);
        next.run = before.run + 1;
        if (*changed)
            e = insert_run(db, &next, now_ms);
        if (!e && *changed)
            e = tell_outcome(db, l, &next, &before, now_ms);
        if (!e && next.run == 1)
            e = noshow_causes_settle(db, &next);
    }
    attendance_deinit(&result);
    gathered_deinit(&g);
    return e;
}

enum err attendance_recompute(struct db *db, struct lesson_id lesson, int64_t now_ms, bool *changed)
{
    struct lesson l;
    bool new_run = false;
    enum err e = lesson_load(db, lesson, &l);

    if (e)
        return e;
    switch (l.facts.state) {
    case LESSON_ENDED:
    case LESSON_COMPUTED:
    case LESSON_DISPUTED:
    case LESSON_CONFIRMED:
        e = fold_lesson(db, &l, now_ms, &new_run);
        break;
    default: /* not over, never held, or locked: nothing to compute */
        break;
    }
    if (!e && l.facts.state == LESSON_ENDED)
        e = lesson_set_state(db, lesson, LESSON_COMPUTED, now_ms);
    if (!e && changed)
        *changed = new_run;
    return e;
}

enum err attendance_due(struct db *db, int64_t now_ms, struct lesson_id *out, int max, int *n)
{
    /* The end of the window is attendance_close's to look at; here the planned end is enough. */
    struct query q =
        query_on(db, "SELECT l.id FROM lesson l WHERE l.state IN ('scheduled', 'open', 'running', "
                     "'interrupted', 'ended') AND (l.end_ms <= $1 OR l.state = 'ended') "
                     "AND NOT (l.state = 'ended' AND EXISTS (SELECT 1 FROM gathering g "
                     "WHERE g.lesson = l.id)) "
                     "AND NOT EXISTS (SELECT 1 FROM session s WHERE s.lesson = l.id "
                     "AND s.leave_ms IS NULL) ORDER BY l.end_ms, l.id LIMIT $2");
    int found = 0;
    enum err e;

    query_int(&q, now_ms);
    query_int(&q, max);
    while (found < max && query_row(&q))
        out[found++].v = row_int(&q);
    e = query_end(&q);
    if (!e)
        *n = found;
    return e;
}

enum err attendance_close(struct db *db, struct lesson_id lesson, int64_t now_ms)
{
    struct lesson_facts f;
    enum err e = lesson_facts_load(db, lesson, &f);

    if (e)
        return e;
    if (f.state != LESSON_ENDED) {
        if (now_ms < lesson_closes_ms(&f))
            return ERR_OK; /* somebody may still come back */
        e = lesson_set_state(db, lesson, LESSON_ENDED, now_ms);
    }
    /* Of a gathering the rows of presence are the log: nobody's hours are counted. */
    return e || f.gathering ? e : attendance_recompute(db, lesson, now_ms, NULL);
}

/* ---- reading ---------------------------------------------------------------------------- */

static void read_outcome(struct query *q, enum outcome *out)
{
    char name[24];

    row_text(q, name, sizeof name);
    if (!outcome_parse(name, out))
        query_blame(q);
}

static void read_person(struct query *q, struct person_attendance *p)
{
    p->presence_ms = row_int(q);
    p->first_ms = row_int_or(q, INT64_MIN);
    p->last_ms = row_int_or(q, INT64_MIN);
    p->late_ms = row_int(q);
    p->early_ms = row_int(q);
    p->overrun_ms = row_int(q);
    p->gaps = (int)row_int(q);
    p->gaps_ms = row_int(q);
    p->gap_causes = (unsigned)row_int(q);
}

static enum err load_children(struct db *db, int64_t attendance, struct lesson_record *r)
{
    struct query q = query_on(
        db, "SELECT c.id, c.child, c.outcome, c.auto_code, (SELECT a.new_code FROM amendment a "
            "WHERE a.lesson = $2 AND a.child = c.child ORDER BY a.id DESC LIMIT 1), c.contact_ms, "
            "c.first_contact_ms, c.last_contact_ms, c.percent_tenths, c.uncertain_ms, "
            "c.screen_ms, c.presence_ms, c.first_ms, c.last_ms, c.late_ms, c.early_ms, "
            "c.overrun_ms, c.gaps, c.gaps_ms, c.gap_causes FROM attendance_child c "
            "WHERE c.attendance = $1 ORDER BY c.child");

    query_int(&q, attendance);
    query_int(&q, r->lesson.v);
    while (r->children_n < LESSON_CHILDREN_MAX && query_row(&q)) {
        struct child_record *c = &r->children[r->children_n++];
        char automatic[2], human[2];

        c->id = row_int(&q);
        c->child.v = row_int(&q);
        read_outcome(&q, &c->outcome);
        row_text(&q, automatic, sizeof automatic);
        row_text(&q, human, sizeof human);
        c->auto_code = automatic[0];
        c->code = human[0] ? human[0] : automatic[0];
        c->contact_ms = row_int(&q);
        c->first_contact_ms = row_int_or(&q, INT64_MIN);
        c->last_contact_ms = row_int_or(&q, INT64_MIN);
        c->percent_tenths = (int)row_int(&q);
        c->uncertain_ms = row_int(&q);
        c->screen_ms = row_int(&q);
        read_person(&q, &c->at);
    }
    return query_end(&q);
}

enum err attendance_load(struct db *db, struct lesson_id lesson, struct lesson_record *out)
{
    struct query q = query_on(
        db, "SELECT id, run, algo_version, computed_ms, outcome, contact_ms, percent_tenths, "
            "credit_quarters, waited, presence_ms, first_ms, last_ms, late_ms, early_ms, "
            "overrun_ms, gaps, gaps_ms, gap_causes FROM attendance WHERE lesson = $1 "
            "ORDER BY run DESC LIMIT 1");
    struct lesson_record r = { .lesson = lesson };
    int64_t id = 0;
    enum err e;

    query_int(&q, lesson.v);
    if (query_row(&q)) {
        id = row_int(&q);
        r.run = (int)row_int(&q);
        r.algo_version = (int)row_int(&q);
        r.computed_ms = row_int(&q);
        read_outcome(&q, &r.outcome);
        r.contact_ms = row_int(&q);
        r.percent_tenths = (int)row_int(&q);
        r.credit_quarters = (int)row_int(&q);
        r.waited = row_bool(&q);
        read_person(&q, &r.mentor);
    }
    e = query_end_found(&q);
    if (!e)
        e = load_children(db, id, &r);
    if (!e)
        *out = r;
    return e;
}
