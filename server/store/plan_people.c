/* SPDX-License-Identifier: Apache-2.0
 *
 * Mentors of a plan: their hours, what they are bound to already, and how much
 * of their employments' weeks is left. See plan_inside.h.
 */
#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/plan_inside.h"

#define WEEK_MINUTES (7 * 24 * 60)

static bool has_school(const struct booked_lesson *l, struct org_id school)
{
    for (int i = 0; i < l->children_n; i++)
        if (org_id_eq(l->schools[i], school))
            return true;
    return false;
}

/* Lessons that stay where they are, with the turn-round about them; their minutes in the week. */
static int mentor_fixed(struct builder *b, struct mentor_box *m, const struct timetable *t,
                        const struct slot_clock *clock, const struct org_id *school)
{
    int64_t gap = b->policy.turn_round_minutes * MS_PER_MIN, sum = 0;

    for (size_t i = 0; i < t->booked.n; i++) {
        const struct booked_lesson *l = &t->booked.items[i];
        int from, to;

        if (!facts_stands(l) || facts_may_move(b, l->id) || (school && !has_school(l, *school)))
            continue;
        if (slots_touched(&b->f->line, l->start_ms - gap, l->end_ms + gap, &from, &to))
            slot_drop_range(&m->events, from, to);
        if (l->children_n > 0 && slots_touched(&b->f->line, l->start_ms, l->end_ms, &from, &to) &&
            clock->days.of[from] >= 1 && clock->days.of[from] <= 7)
            sum += l->end_ms - l->start_ms;
    }
    return (int)((sum + MS_PER_MIN - 1) / MS_PER_MIN);
}

/* Slots left of minutes; 0 is "no limit" for the planner, so nothing left is one, too short for a
 * lesson. */
static int slots_left(int minutes, int used)
{
    int left = (minutes - used) / PLAN_SLOT_MINUTES;

    return left > 0 ? left : 1;
}

static enum err mentor_jobs(struct builder *b, struct mentor_box *m, const struct timetable *t,
                            const struct slot_clock *clock)
{
    const struct mentor_facts *facts = &t->mentor;
    int cap = b->policy.norm_week_minutes * b->policy.part_time_percent / 100;

    for (size_t i = 0; i < facts->employments_n; i++) {
        struct org_id school = facts->employments[i].school;
        struct plan_employment *e;
        int minutes = 0, k = 0;
        bool part_time = true;

        while (k < m->jobs_n && !org_id_eq(m->jobs[k].school, school))
            k++;
        if (k < m->jobs_n)
            continue;
        for (size_t n = i; n < facts->employments_n; n++) {
            const struct employment_fact *f = &facts->employments[n];

            if (!org_id_eq(f->school, school) || f->days.first > b->q->monday ||
                f->days.last < b->q->monday + 6)
                continue;
            minutes += f->week_minutes;
            part_time = part_time && f->part_time;
        }
        e = ADD(b->in->employments);
        if (!e)
            return ERR_NOMEM;
        if (part_time && minutes > cap)
            minutes = cap;
        *e = (struct plan_employment){ .id = school.v, .mentor = m->index };
        e->week_slots = slots_left(minutes > WEEK_MINUTES ? WEEK_MINUTES : minutes,
                                   mentor_fixed(b, m, t, clock, &school));
        m->jobs[m->jobs_n++] = (struct job){ school, (int)b->in->employments.n - 1 };
    }
    return ERR_OK;
}

static enum err mentor_hours(struct builder *b, struct mentor_box *m, const struct timetable *t,
                             const struct slot_clock *clock)
{
    struct hours_list rows;
    struct slot_set s;
    bool any;
    enum err err = hours_of_mentor(b->db, m->id, &rows);

    if (err)
        return err;
    mentor_openings_of(&t->mentor, clock, &m->hours);
    s = facts_times(&rows, HOURS_FREE, clock, &any);
    if (any)
        slot_and(&m->hours, &s);
    hours_list_free(&rows);
    return ERR_OK;
}

static enum err fill_mentor(struct builder *b, struct mentor_box *m, const struct timetable *t)
{
    const struct slot_clock *clock;
    struct plan_mentor *p = ADD(b->in->mentors);
    enum err err = p ? facts_clock(b, t->mentor_tz, &clock) : ERR_NOMEM;

    if (err)
        return err;
    m->index = (int)b->in->mentors.n - 1;
    slot_fill(&m->events);
    m->layers[0] = (struct plan_layer){ PLAN_MENTOR_HOURS, &m->hours };
    m->layers[1] = (struct plan_layer){ PLAN_MENTOR_EVENTS, &m->events };
    *p = (struct plan_mentor){ .id = m->id.v,
                               .layers = m->layers,
                               .layers_n = 2,
                               .days = &clock->days,
                               .gap = facts_slots_up(b->policy.turn_round_minutes),
                               .week_slots = slots_left(b->policy.norm_week_minutes,
                                                        mentor_fixed(b, m, t, clock, NULL)) };
    err = mentor_hours(b, m, t, clock);
    return err ? err : mentor_jobs(b, m, t, clock);
}

enum err facts_mentor(struct builder *b, struct mentor_id id, struct mentor_box **out)
{
    struct mentor_box *m, **place;
    struct timetable *t = NULL;
    enum err err;

    for (size_t i = 0; i < b->in->mentor_boxes.n; i++)
        if (mentor_id_eq(b->in->mentor_boxes.items[i]->id, id)) {
            *out = b->in->mentor_boxes.items[i];
            return ERR_OK;
        }
    place = ADD(b->in->mentor_boxes);
    m = place ? mem_zalloc(1, sizeof *m) : NULL;
    if (!m) {
        b->in->mentor_boxes.n -= place != NULL;
        return ERR_NOMEM;
    }
    *place = m;
    m->id = id;
    err = facts_timetable(b, id, NULL, &t);
    if (!err)
        err = fill_mentor(b, m, t);
    timetable_close(t);
    *out = m;
    return err;
}

int facts_job(const struct mentor_box *m, struct org_id school)
{
    for (int i = 0; i < m->jobs_n; i++)
        if (org_id_eq(m->jobs[i].school, school))
            return m->jobs[i].index;
    return -1;
}
