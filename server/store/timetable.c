/* SPDX-License-Identifier: Apache-2.0
 *
 * See timetable.h.
 */
#include "server/store/timetable_inside.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/day.h"
#include "server/store/paper.h"

#define WEEK_MINUTES (7 * 24 * 60)

static enum err load_child(struct db *db, struct timetable *t, int i, struct child_id id)
{
    struct query q = query_on(db, "SELECT c.user_id, u.tz, c.grade, c.org_school FROM child c "
                                  "JOIN \"user\" u ON u.id = c.user_id WHERE c.id = $1");
    struct child_facts *c = &t->children[i];

    query_int(&q, id.v);
    if (query_row(&q)) {
        c->id.v = row_int(&q);
        row_text(&q, t->child_tz[i], sizeof t->child_tz[i]);
        c->grade = (int)row_int(&q);
        c->school.v = row_int(&q);
    }
    c->tz = t->child_tz[i];
    c->gates = &t->open;
    c->gates_n = 1;
    c->group_from_ms = INT64_MIN;
    c->group_to_ms = INT64_MAX;
    return query_end_found(&q);
}

struct advice timetable_advice(const struct recommendation *r, const struct schedule_policy *p,
                               struct week_span hours[7])
{
    int minutes = r->lesson_minutes > 0 ? r->lesson_minutes : p->academic_hour_minutes;
    struct advice a = { .days = { r->from_day, r->to_day },
                        .lesson_minutes = r->lesson_minutes,
                        .lessons_per_day = r->lessons_per_day,
                        .week_minutes = r->lessons_per_week * minutes,
                        .screen_lesson_minutes = r->screen_minutes,
                        .rest_weekdays = r->rest_weekdays };

    if (r->to_minute > 0) {
        for (int day = 1; day <= 7; day++)
            hours[day - 1] = (struct week_span){ day, r->from_minute, r->to_minute };
        a.hours = hours;
        a.hours_n = 7;
    }
    return a;
}

static enum err load_advice(struct db *db, struct timetable *t, int i, struct child_id id)
{
    struct recommendation_list list;
    enum err err = recommendations_of_child(db, id, &list);

    if (err)
        return err;
    for (size_t k = 0; k < list.n && k < TIMETABLE_ADVICE; k++) {
        t->advice[i][k] =
            timetable_advice(&list.items[k].limits, &t->policy, t->advised_hours[i][k]);
        t->children[i].recommendations = t->advice[i];
        t->children[i].recommendations_n = k + 1;
    }
    recommendation_list_free(&list);
    return ERR_OK;
}

/* R2 and R12: the meetings of the sections in which the child has a place. */
static enum err load_sections(struct db *db, const struct timetable_query *q, struct timetable *t,
                              int i)
{
    struct section_blocks *b = &t->sections[i];
    enum err err = section_blocks_child(db, q->children[i], q->from_ms, q->to_ms, b);

    t->children[i].sections = b->items;
    t->children[i].sections_n = b->n;
    return err;
}

/* day_ms: in the school year that counts. */
static enum err load_school(struct db *db, struct timetable *t, struct org_id id, int64_t day_ms)
{
    size_t i = t->facts.schools_n;
    struct school_calendar *c = &t->calendars[i];
    struct school_facts *s = &t->schools[i];
    int64_t day;
    struct org org;
    enum err err = org_load(db, id, &org);

    for (size_t k = 0; k < i; k++)
        if (org_id_eq(t->schools[k].id, id))
            return ERR_OK;
    if (!err)
        err = calendar_of_school(db, id, c);
    if (err)
        return err;
    t->facts.schools_n++;
    *s = (struct school_facts){ .id = id,
                                .tz = t->school_tz[i],
                                .hours = c->bells,
                                .hours_n = c->bells_n,
                                .holidays = c->holidays,
                                .holidays_n = c->holidays_n };
    if (day_in_zone(org.tz, day_ms, &day) == ERR_OK)
        s->year = calendar_year(c, day, t->programme.year_first_month);
    return str_copy(t->school_tz[i], sizeof t->school_tz[i], org.tz) ? ERR_OK : ERR_DB;
}

/* The local day of an instant at the mentor's own place: orders are dated, not timed. */
static int64_t order_day(const char *tz, int64_t ms, int64_t otherwise)
{
    struct local_time l;

    if (ms == FOREVER_MS || zone_local(tz, ms, &l) != ERR_OK)
        return otherwise;
    return date_to_days(l.year, l.month, l.day);
}

static enum err load_employments(struct db *db, struct timetable *t, struct mentor_id id)
{
    struct query q = query_on(db, "SELECT e.school, e.from_ms, e.to_ms, e.week_minutes, o.tz "
                                  "FROM employment e JOIN org o ON o.id = e.school "
                                  "WHERE e.mentor = $1 ORDER BY e.from_ms DESC LIMIT 16");
    size_t n = 0;

    query_int(&q, id.v);
    while (n < TIMETABLE_EMPLOYMENTS && query_row(&q)) {
        struct employment_fact *e = &t->employments[n++];
        char tz[ZONE_NAME_MAX];
        int64_t from, to;

        e->school.v = row_int(&q);
        from = row_int(&q);
        to = row_int_or(&q, FOREVER_MS);
        e->week_minutes = (int)row_int(&q);
        row_text(&q, tz, sizeof tz);
        if (e->week_minutes == 0) /* the order does not say */
            e->week_minutes = WEEK_MINUTES;
        e->days.first = order_day(tz, from, INT64_MIN);
        e->days.last = order_day(tz, to == FOREVER_MS ? to : to - 1, INT64_MAX);
    }
    t->mentor.employments = t->employments;
    t->mentor.employments_n = n;
    return query_end(&q);
}

static enum err load_mentor(struct db *db, struct timetable *t, struct mentor_id id)
{
    struct query q = query_on(db, "SELECT m.user_id, u.tz FROM mentor m "
                                  "JOIN \"user\" u ON u.id = m.user_id WHERE m.id = $1");
    enum err err;

    query_int(&q, id.v);
    if (query_row(&q)) {
        t->mentor.id.v = row_int(&q);
        row_text(&q, t->mentor_tz, sizeof t->mentor_tz);
    }
    t->mentor.tz = t->mentor_tz;
    err = query_end_found(&q);
    return err ? err : load_employments(db, t, id);
}

static enum err load(struct db *db, const struct timetable_query *q, struct timetable *t)
{
    enum err err = policy_schedule(db, q->centre, q->at_ms, &t->policy);

    t->open = (struct gate_span){ INT64_MIN, INT64_MAX, 0 };
    if (!err)
        err = policy_programme(db, q->centre, q->at_ms, &t->programme);
    if (!err && q->mentor.v)
        err = load_mentor(db, t, q->mentor);
    if (!err && q->mentor.v)
        err = timetable_mentor_hours(db, q, t);
    for (int i = 0; !err && i < q->children_n && i < LESSON_CHILDREN_MAX; i++) {
        err = load_child(db, t, i, q->children[i]);
        if (!err)
            err = load_advice(db, t, i, q->children[i]);
        if (!err)
            err = load_school(db, t, t->children[i].school, q->at_ms);
        if (!err)
            err = timetable_lines(db, q, t, i);
        if (!err)
            err = timetable_treatments(db, q, t, i);
        if (!err)
            err = load_sections(db, q, t, i);
        t->facts.children_n++;
    }
    if (!err)
        err = booked_with_draft(db, q->draft, q->mentor, q->children, q->children_n, q->from_ms,
                                q->to_ms, &t->booked);
    t->facts.policy = &t->policy;
    t->facts.now_ms = q->now_ms;
    t->facts.booked = t->booked.items;
    t->facts.booked_n = t->booked.n;
    t->facts.children = t->children;
    t->facts.schools = t->schools;
    t->facts.mentor = q->mentor.v ? &t->mentor : NULL;
    return err;
}

enum err timetable_open(struct db *db, const struct timetable_query *q, struct timetable **out)
{
    struct timetable *t = mem_zalloc(1, sizeof *t);
    enum err err = t ? load(db, q, t) : ERR_NOMEM;

    if (err)
        timetable_close(t);
    else
        *out = t;
    return err;
}

void timetable_close(struct timetable *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < LESSON_CHILDREN_MAX; i++) {
        school_calendar_free(&t->calendars[i]);
        mem_free(t->treatments[i]);
        mem_free(t->lines[i]);
        section_blocks_free(&t->sections[i]);
    }
    booked_list_free(&t->booked);
    mem_free(t);
}

void timetable_no_lines(struct timetable *t)
{
    for (size_t i = 0; i < t->facts.children_n; i++)
        t->children[i].lines = NULL;
}

void timetable_lost(struct timetable *t, struct lesson_id lesson)
{
    for (size_t i = 0; i < t->booked.n; i++)
        if (lesson_id_eq(t->booked.items[i].id, lesson))
            t->booked.items[i].lost = true;
}

struct booked_lesson timetable_plan(const struct timetable *t, struct lesson_id id, int64_t subject,
                                    int64_t start_ms, int64_t end_ms)
{
    struct booked_lesson plan = { .id = id,
                                  .state = LESSON_SCHEDULED,
                                  .start_ms = start_ms,
                                  .end_ms = end_ms,
                                  .mentor = t->mentor.id,
                                  .children_n = (int)t->facts.children_n,
                                  .subject = subject };

    for (size_t i = 0; i < t->facts.children_n; i++) {
        plan.children[i] = t->children[i].id;
        plan.schools[i] = t->children[i].school;
    }
    return plan;
}
