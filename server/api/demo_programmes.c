/* SPDX-License-Identifier: Apache-2.0
 *
 * The demo's catalogue, the approved programme of every child with one line
 * for each of its mentors' subjects, one proposal that waits for an answer,
 * the free times and the interviews of the mentors; see demo_world.h.
 */
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/demo_world.h"
#include "server/domain/day.h"
#include "server/store/child.h"
#include "server/store/hours.h"
#include "server/store/org.h"
#include "server/store/programme.h"

#define LESSON_MINUTES 40
#define DAYS_AHEAD 250
#define WAITS 2 /* whose next programme waits for the coordinator */
#define MUSIC (DEMO_SUBJECTS - 1)

static enum err add_catalogue(struct demo_world *w, int subject, int grade)
{
    static const struct programme_topic topics[] = { { "Повторение", 80 },
                                                     { "Новый материал", 800 },
                                                     { "Итоги года", 120 } };
    struct programme p = { .centre = w->centre,
                           .subject_id = w->subjects[subject],
                           .grade = grade,
                           .week_minutes = 2 * LESSON_MINUTES,
                           .year_minutes = 34 * 2 * LESSON_MINUTES };
    int64_t id;

    if (!str_format(p.title, sizeof p.title, "Индивидуальный план, %d класс", grade))
        return ERR_INVAL;
    return programme_add(w->db, &p, topics, sizeof topics / sizeof topics[0], w->now_ms,
                         w->coordinator, &id);
}

/* Lines of the subjects of the child's mentors, as many hours each as the norm of the grade has. */
static void fill_lines(const struct demo_world *w, int child, const struct programme_limits *limits,
                       struct child_programme *p)
{
    bool drawing = demo_teaches(DEMO_MENTORS - 1, child);
    int n = drawing ? 4 : 3, week = limits->week_minutes / n / LESSON_MINUTES * LESSON_MINUTES;

    for (int m = 0; m < DEMO_MENTORS; m++)
        if (demo_teaches(m, child))
            p->lines[p->lines_n++].subject = w->subjects[demo_subject_of(m)];
    if (drawing) /* whoever teaches it teaches music, too */
        p->lines[p->lines_n++].subject = w->subjects[MUSIC];
    for (size_t i = 0; i < p->lines_n; i++) {
        p->lines[i].week_minutes = week;
        p->lines[i].year_minutes = 35 * week;
        p->lines[i].lesson_minutes = LESSON_MINUTES;
    }
}

/* Proposed by the first mentor of the child; approved by the coordinator if it is to be. */
static enum err add_programme(struct demo_world *w, int child, int64_t first, int64_t last,
                              bool approve)
{
    struct schedule_policy rules = schedule_policy_default();
    struct child_programme p = { .child = w->children[child], .days = { first, last } };
    struct programme_limits limits;
    struct child c;
    int64_t id;
    enum err err = child_load(w->db, w->children[child], &c);

    if (err)
        return err;
    limits = programme_limits_on(&p.days, c.grade, NULL, 0, &rules);
    fill_lines(w, child, &limits, &p);
    err = child_programme_add(w->db, &p, w->now_ms, w->mentor_users[child % DEMO_MENTORS], &id);
    if (!err)
        err = child_programme_load(w->db, id, &p);
    if (!err)
        err = child_programme_move(w->db, &p, PROGRAMME_PROPOSED, "", w->now_ms - 3 * MS_PER_DAY,
                                   w->mentor_users[child % DEMO_MENTORS]);
    if (err || !approve)
        return err;
    err = child_programme_load(w->db, id, &p);
    return err ? err
               : child_programme_move(w->db, &p, PROGRAMME_APPROVED, "", w->now_ms, w->coordinator);
}

static enum err add_hours(struct demo_world *w, int mentor, int64_t first)
{
    struct hours_row rows[6];

    for (int i = 0; i < 6; i++)
        rows[i] = (struct hours_row){ .span = { i + 1, 9 * 60, 18 * 60 },
                                      .kind = HOURS_FREE,
                                      .days = { first, INT64_MAX } };
    return hours_save_mentor(w->db, w->mentors[mentor], 0, rows, 6, w->now_ms, w->coordinator);
}

static enum err add_all(struct demo_world *w, int64_t first, int64_t today)
{
    enum err err = ERR_OK;

    for (int s = 0; !err && s < DEMO_SUBJECTS; s++)
        for (int grade = 1; !err && grade <= 11; grade++)
            err = add_catalogue(w, s, grade);
    for (int i = 0; !err && i < DEMO_MENTORS; i++)
        err = add_hours(w, i, first);
    for (int i = 0; !err && i < DEMO_CHILDREN; i++)
        err = add_programme(w, i, first, today + DAYS_AHEAD, true);
    return err ? err : add_programme(w, WAITS, today + 7, today + DAYS_AHEAD, false);
}

enum err demo_programmes(struct demo_world *w, int64_t from_ms)
{
    int64_t first, today;
    bool there = false;
    enum err err = child_programme_stands(w->db, w->children[0], &there);

    if (err || there)
        return err;
    err = day_in_zone(DEMO_CENTRE_TZ, from_ms, &first);
    if (!err)
        err = day_in_zone(DEMO_CENTRE_TZ, w->now_ms, &today);
    return err ? err : add_all(w, first, today);
}
