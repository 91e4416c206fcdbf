/* SPDX-License-Identifier: Apache-2.0
 *
 * The facts about candidates; see selection.h. Assignments, interviews and
 * lists of who waits stand in assignment.c.
 */
#include "server/store/selection.h"

#include <stdlib.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/domain/day.h"
#include "server/domain/papers.h"
#include "server/store/hiring.h"
#include "server/store/hours.h"
#include "server/store/mentor.h"
#include "server/store/org.h"
#include "server/store/paper.h"
#include "server/store/programme.h"

enum err policy_selection(struct db *db, struct org_id org, int64_t at_ms,
                          struct selection_policy *out)
{
    struct selection_policy p = selection_policy_default();
    int64_t value;
    enum err e = ERR_OK;

#define X(field, key, min, max, fallback, source)                                                  \
    if (!e)                                                                                        \
        e = policy_int(db, org, key, at_ms, min, max, fallback, &value);                           \
    if (!e)                                                                                        \
        p.field = (int)value;
    SELECTION_SETTING_LIST(X)
#undef X
    if (!e)
        *out = p;
    return e;
}

/* ---- spans of a week -------------------------------------------------------------------- */

struct spans {
    struct free_span *items;
    size_t n;
};

static enum err add_span(struct spans *l, int64_t start_ms, int64_t end_ms)
{
    struct free_span *grown = store_grow(l->items, l->n, sizeof *l->items);

    if (!grown)
        return ERR_NOMEM;
    l->items = grown;
    l->items[l->n++] = (struct free_span){ start_ms, end_ms };
    return ERR_OK;
}

static enum err add_row(struct spans *l, const struct hours_row *row, const char *tz, int64_t first,
                        int64_t last)
{
    enum err e = ERR_OK;

    for (int64_t day = first; !e && day <= last; day++) {
        int64_t start, end;

        if (hours_on_day(row, tz, day, &start, &end))
            e = add_span(l, start, end);
    }
    return e;
}

/* The child and its next whole week. */
struct week {
    const struct child *child;
    int64_t monday;     /* local to the child */
    int64_t from_ms;    /* a day earlier: other zones */
    struct spans open;  /* when lessons may be */
    struct spans busy;  /* treatment, rest, lessons of the child */
    struct spans taken; /* busy, and the lessons of the mentor in question */
};

/* Lessons that stand, of a child (kind 0) or a mentor, in [from_ms, to_ms). */
static enum err add_lessons(struct db *db, struct mentor_id mentor, struct child_id child,
                            int64_t from_ms, int64_t to_ms, struct spans *out, int64_t *sum_ms)
{
    struct query q = query_on(db, "SELECT l.start_ms, l.end_ms FROM lesson l "
                                  "WHERE l.start_ms < $4 AND l.end_ms > $3 AND (l.mentor = $1 "
                                  "OR EXISTS (SELECT 1 FROM lesson_child k WHERE k.lesson = l.id "
                                  "AND k.child = $2)) AND l.state NOT IN ('planned', 'cancelled', "
                                  "'rescheduled')");

    query_id_or_null(&q, mentor.v);
    query_id_or_null(&q, child.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    while (query_row(&q)) {
        int64_t start = row_int(&q), end = row_int(&q);

        *sum_ms += end - start;
        q.err = q.err ? q.err : add_span(out, start, end);
    }
    return query_end(&q);
}

/* A day of the child: its own free times if it has entered any, else the day window; within the
 * recommendation's hours. */
static enum err open_day(struct week *w, const struct hours_list *own, bool has_free,
                         const struct schedule_policy *p, const struct recommendation *r,
                         int64_t day)
{
    struct hours_row window = { .span = { date_weekday(day), p->day_from_minute,
                                          p->distance_to_minute },
                                .days = { day, day } };
    unsigned rest = w->child->grade == 1 ? p->grade_1_rest : p->rest_weekdays;
    enum err e = ERR_OK;

    if ((rest | r->rest_weekdays) >> window.span.weekday & 1u)
        return ERR_OK;
    if (r->to_minute > 0 && r->from_minute > window.span.from_minute)
        window.span.from_minute = r->from_minute;
    if (r->to_minute > 0 && r->to_minute < window.span.to_minute)
        window.span.to_minute = r->to_minute;
    if (!has_free)
        return add_row(&w->open, &window, w->child->tz, day, day);
    for (size_t i = 0; !e && i < own->n; i++) {
        struct hours_row row = own->items[i];

        if (row.kind != HOURS_FREE || row.span.weekday != window.span.weekday)
            continue;
        if (row.span.from_minute < window.span.from_minute)
            row.span.from_minute = window.span.from_minute;
        if (row.span.to_minute > window.span.to_minute)
            row.span.to_minute = window.span.to_minute;
        if (row.span.to_minute > row.span.from_minute)
            e = add_row(&w->open, &row, w->child->tz, day, day);
    }
    return e;
}

static enum err fill_week(struct db *db, struct week *w, const struct schedule_policy *p)
{
    struct recommendation_row r;
    struct hours_list own;
    bool has_free = false;
    int64_t sum = 0;
    enum err e = hours_of_child(db, w->child->id, &own);

    if (e)
        return e;
    for (size_t i = 0; i < own.n; i++)
        has_free = has_free || own.items[i].kind == HOURS_FREE;
    e = recommendation_of_child(db, w->child->id, w->monday, &r);
    for (int64_t d = w->monday; !e && d < w->monday + 7; d++)
        e = open_day(w, &own, has_free, p, &r.limits, d);
    for (size_t i = 0; !e && i < own.n; i++)
        if (own.items[i].kind != HOURS_FREE)
            e = add_row(&w->busy, &own.items[i], w->child->tz, w->monday, w->monday + 6);
    hours_list_free(&own);
    return e ? e
             : add_lessons(db, (struct mentor_id){ 0 }, w->child->id, w->from_ms,
                           w->from_ms + SELECTION_DAYS * MS_PER_DAY, &w->busy, &sum);
}

static enum err open_week(struct db *db, const struct child *child, int64_t now_ms, struct week *w)
{
    struct schedule_policy policy;
    int64_t today;
    int y, m, d;
    enum err e = policy_schedule(db, child->centre, now_ms, &policy);

    *w = (struct week){ .child = child };
    if (!e)
        e = day_in_zone(child->tz, now_ms, &today);
    if (e)
        return e;
    w->monday = today + 8 - date_weekday(today);
    date_from_days(w->monday - 1, &y, &m, &d);
    e = zone_day_start(child->tz, y, m, d, &w->from_ms);
    return e ? e : fill_week(db, w, &policy);
}

static void close_week(struct week *w)
{
    mem_free(w->open.items);
    mem_free(w->busy.items);
    mem_free(w->taken.items);
}

/* ---- a mentor --------------------------------------------------------------------------- */

static enum err load_numbers(struct db *db, const struct child *child, int64_t now_ms,
                             struct candidate *c)
{
    struct query q =
        query_on(db, "SELECT COALESCE((SELECT i.score * 20 FROM interview i WHERE i.mentor = $1 "
                     "ORDER BY i.held_ms DESC, i.id DESC LIMIT 1), -1), "
                     "COALESCE((SELECT sum(e.week_minutes) FROM employment e WHERE e.mentor = $1 "
                     "AND e.from_ms <= $3 AND (e.to_ms IS NULL OR e.to_ms > $3)), 0), "
                     "(SELECT count(*) FROM lesson_child k JOIN lesson l ON l.id = k.lesson "
                     "WHERE k.child = $2 AND l.mentor = $1 AND l.state IN ('ended', 'computed', "
                     "'disputed', 'confirmed', 'locked')), "
                     "(SELECT count(*) FROM assignment a WHERE a.child = $2 AND a.mentor = $1 "
                     "AND a.from_ms <= $3 AND (a.to_ms IS NULL OR a.to_ms > $3))");

    query_int(&q, c->mentor.v);
    query_int(&q, child->id.v);
    query_int(&q, now_ms);
    if (query_row(&q)) {
        c->interview = (int)row_int(&q);
        c->order_minutes = (int)row_int(&q);
        c->lessons = (int)row_int(&q);
        c->assignments = row_int(&q);
    }
    return query_end_found(&q);
}

static enum err load_times(struct db *db, const struct mentor *m, struct week *w,
                           struct candidate *c)
{
    struct spans free_times = { 0 };
    struct hours_list hours;
    int64_t booked = 0;
    enum err e = hours_of_mentor(db, m->id, &hours);

    if (e)
        return e;
    c->hours_known = hours.n > 0;
    for (size_t i = 0; !e && i < hours.n; i++)
        e = add_row(&free_times, &hours.items[i], m->tz, w->monday - 1, w->monday + 7);
    hours_list_free(&hours);
    w->taken.n = 0;
    for (size_t i = 0; !e && i < w->busy.n; i++)
        e = add_span(&w->taken, w->busy.items[i].start_ms, w->busy.items[i].end_ms);
    if (!e)
        e = add_lessons(db, m->id, (struct child_id){ 0 }, w->from_ms + MS_PER_DAY,
                        w->from_ms + 8 * MS_PER_DAY, &w->taken, &booked);
    if (!e)
        c->free_minutes = selection_common(free_times.items, free_times.n, w->open.items, w->open.n,
                                           w->taken.items, w->taken.n, w->from_ms);
    c->booked_minutes = (int)(booked / MS_PER_MIN);
    mem_free(free_times.items);
    return e;
}

static enum err apart(const struct child *child, const char *tz, int64_t now_ms, int *out)
{
    struct local_time a, b;
    enum err e = zone_local(child->tz, now_ms, &a);

    if (!e)
        e = zone_local(tz, now_ms, &b);
    if (!e)
        *out = abs(a.offset_s - b.offset_s) / 60;
    return e;
}

/* Stored rows of a zone that is not known any more do not take the whole list away. */
static enum err load_one(struct db *db, const struct mentor *m, int64_t subject, int64_t now_ms,
                         struct week *w, struct candidate *c)
{
    const struct teach_question q = {
        .hired = true, .child = true, .consents = true, .substitute = true, .subject = subject
    };
    enum gate_cause cause;
    enum err e;

    *c = (struct candidate){ .mentor = m->id, .user = m->user };
    e = teach_ask(db, &(struct teach_who){ m->id, w->child->school, w->child->id }, &q, now_ms,
                  &c->gates);
    if (e)
        return e;
    cause = c->gates.gates[TEACH_QUALIFICATION].cause;
    c->qualified = cause == CAUSE_HOLDS ? 2 : cause == CAUSE_WAITING ? 1 : 0;
    e = load_numbers(db, w->child, now_ms, c);
    if (!e)
        e = load_times(db, m, w, c);
    return e ? e : apart(w->child, m->tz, now_ms, &c->apart_minutes);
}

/* Minutes a week of the subject's line that holds on the week's Monday; 0: none. */
static enum err needed(struct db *db, const struct week *w, int64_t subject, int *out)
{
    struct approved_list l;
    enum err e = approved_lines(db, w->child->id, &l);

    *out = 0;
    for (size_t i = 0; !e && i < l.n; i++)
        if ((subject == 0 || l.items[i].line.subject == subject) &&
            l.items[i].line.days.first <= w->monday && l.items[i].line.days.last >= w->monday)
            *out += l.items[i].line.week_minutes;
    if (!e)
        approved_list_free(&l);
    return e;
}

static enum err load_all(struct db *db, const struct mentor_list *mentors, int64_t subject,
                         int64_t now_ms, struct week *w, struct candidate_list *out)
{
    enum err e = ERR_OK;

    out->items = mem_zalloc(mentors->n + 1, sizeof *out->items);
    if (!out->items)
        return ERR_NOMEM;
    for (size_t i = 0; !e && i < mentors->n; i++) {
        e = load_one(db, &mentors->items[i], subject, now_ms, w, &out->items[i]);
        out->n++;
    }
    return e;
}

enum err candidates_of(struct db *db, const struct child *child, int64_t subject, int64_t now_ms,
                       struct candidate_list *out)
{
    struct mentor_list mentors = { 0 };
    struct candidate_list l = { 0 };
    struct selection_policy policy;
    struct week w;
    enum err e = open_week(db, child, now_ms, &w);

    if (!e)
        e = policy_selection(db, child->centre, now_ms, &policy);
    if (!e)
        e = needed(db, &w, subject, &l.need_minutes);
    if (!e)
        e = mentor_list(db, child->centre, &mentors);
    if (!e)
        e = load_all(db, &mentors, subject, now_ms, &w, &l);
    mentor_list_free(&mentors);
    close_week(&w);
    if (e) {
        candidate_list_free(&l);
        return e;
    }
    if (l.need_minutes == 0)
        l.need_minutes = policy.need_minutes;
    selection_rank(l.items, l.n, l.need_minutes, &policy);
    *out = l;
    return ERR_OK;
}

void candidate_list_free(struct candidate_list *l)
{
    mem_free(l->items);
    *l = (struct candidate_list){ 0 };
}
