/* SPDX-License-Identifier: Apache-2.0
 *
 * The judge of planned weeks, see plan_judge.h: slow and obvious on purpose.
 */
#include "tests/support/plan_judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A lesson of the week, in minutes. */
struct held {
    int lesson, from, to; /* instants */
    int line, child, mentor, employment, subject;
    int day; /* of the child */
};

struct judge {
    const struct world *w;
    struct held *held;
    int held_n;
    int faults;
    char *why;
    size_t why_size;
};

__attribute__((format(printf, 2, 3))) static void fault(struct judge *j, const char *format, ...)
{
    va_list args;

    if (j->faults++ > 0)
        return;
    va_start(args, format);
    (void)vsnprintf(j->why, j->why_size, format, args);
    va_end(args);
}

static int local(const struct judge *j, int zone, int instant)
{
    const struct world_zone *z = &j->w->zones[zone];

    return instant + (instant < z->changes_at_min ? z->offset_min : z->offset_after_min);
}

static bool inside(const struct world_hours *h, int n, int local_minute)
{
    for (int i = 0; i < n; i++)
        if (local_minute / 1440 == h[i].day && local_minute % 1440 >= h[i].from &&
            local_minute % 1440 < h[i].to)
            return true;
    return false;
}

static void judge_minutes(struct judge *j, const struct held *h)
{
    const struct world *w = j->w;
    const struct world_child *c = &w->children[h->child];
    const struct world_mentor *m = &w->mentors[h->mentor];
    const struct world_school *s = &w->schools[c->school];

    for (int at = h->from; at < h->to; at++) {
        int here = local(j, c->zone, at), school = local(j, s->zone, at) % 1440;

        if (!inside(&w->hours[c->hours_at], c->hours_n, here))
            fault(j, "R10: lesson %d outside the child's hours", h->lesson);
        if (c->rest_days >> here / 1440 & 1u)
            fault(j, "R11: lesson %d on a rest day", h->lesson);
        if (inside(&c->treatment, 1, here))
            fault(j, "R12: lesson %d in a treatment", h->lesson);
        if (school < s->from || school >= s->to)
            fault(j, "R13: lesson %d outside the school's hours", h->lesson);
        if (!inside(&w->hours[m->hours_at], m->hours_n, local(j, m->zone, at)))
            fault(j, "R13: lesson %d outside the mentor's hours", h->lesson);
        if (here / 1440 != h->day)
            fault(j, "R10: lesson %d runs over midnight", h->lesson);
    }
}

static void judge_person(struct judge *j, const struct held *h)
{
    const struct world *w = j->w;
    const struct world_mentor *m = &w->mentors[h->mentor];

    if (w->employments[h->employment].school != w->children[h->child].school)
        fault(j, "R4: lesson %d by somebody employed elsewhere", h->lesson);
    if (m->subjects[0] != h->subject && m->subjects[1] != h->subject)
        fault(j, "R4: lesson %d by somebody who does not teach this", h->lesson);
}

static void judge_pair(struct judge *j, const struct held *a, const struct held *b)
{
    int between = a->from < b->from ? b->from - a->to : a->from - b->to;

    if (a->child == b->child && between < j->w->children[a->child].gap_min)
        fault(j, "R2, R9: lessons %d and %d of a child, %d minutes between", a->lesson, b->lesson,
              between);
    if (a->child == b->child && a->day == b->day && a->subject == b->subject)
        fault(j, "lessons %d and %d: a subject twice a day", a->lesson, b->lesson);
    if (a->mentor == b->mentor && between < j->w->mentors[a->mentor].gap_min)
        fault(j, "R3: lessons %d and %d of a mentor, %d minutes between", a->lesson, b->lesson,
              between);
}

static int by_child(const void *a, const void *b)
{
    const struct held *x = a, *y = b;

    return x->child != y->child ? x->child - y->child : x->from - y->from;
}

static int by_mentor(const void *a, const void *b)
{
    const struct held *x = a, *y = b;

    return x->mentor != y->mentor ? x->mentor - y->mentor : x->from - y->from;
}

/* Lessons i.. of one child on one day. */
static void judge_day(struct judge *j, const struct held *h, int n)
{
    const struct world_child *c = &j->w->children[h->child];

    if (n > c->per_day)
        fault(j, "R7: %d lessons on a day of child %d", n, h->child);
    if (n >= 3 && h[2].from - h[1].to < c->long_break_min &&
        !(n >= 4 && h[3].from - h[2].to >= c->long_break_min))
        fault(j, "R9: no long break on a day of child %d", h->child);
}

static void judge_children(struct judge *j)
{
    qsort(j->held, (size_t)j->held_n, sizeof j->held[0], by_child);
    for (int i = 0, n; i < j->held_n; i += n) {
        int minutes = 0;

        for (n = 0; i + n < j->held_n && j->held[i + n].child == j->held[i].child; n++)
            minutes += j->held[i + n].to - j->held[i + n].from;
        if (minutes > j->w->children[j->held[i].child].week_min)
            fault(j, "R8: %d minutes in the week of child %d", minutes, j->held[i].child);
        for (int a = i; a < i + n; a++)
            for (int b = a + 1; b < i + n; b++)
                judge_pair(j, &j->held[a], &j->held[b]);
        for (int a = i, k; a < i + n; a += k) {
            for (k = 0; a + k < i + n && j->held[a + k].day == j->held[a].day; k++)
                ;
            judge_day(j, &j->held[a], k);
        }
    }
}

static void judge_mentors(struct judge *j)
{
    int *load = calloc((size_t)j->w->employments_n + 1, sizeof *load);

    if (!load)
        abort();
    qsort(j->held, (size_t)j->held_n, sizeof j->held[0], by_mentor);
    for (int i = 0, n; i < j->held_n; i += n) {
        int minutes = 0;

        for (n = 0; i + n < j->held_n && j->held[i + n].mentor == j->held[i].mentor; n++) {
            minutes += j->held[i + n].to - j->held[i + n].from;
            load[j->held[i + n].employment] += j->held[i + n].to - j->held[i + n].from;
        }
        if (minutes > j->w->mentors[j->held[i].mentor].cap_min)
            fault(j, "R15: %d minutes of mentor %d", minutes, j->held[i].mentor);
        for (int a = i; a < i + n; a++)
            for (int b = a + 1; b < i + n; b++)
                if (j->held[a].child != j->held[b].child)
                    judge_pair(j, &j->held[a], &j->held[b]);
    }
    for (int i = 0; i < j->w->employments_n; i++)
        if (load[i] > j->w->employments[i].cap_min)
            fault(j, "R15: %d minutes of employment %d", load[i], i);
    free(load);
}

int judge_week(const struct world *w, const struct judged_week *week, char *why, size_t why_size)
{
    struct judge j = { .w = w, .why = why, .why_size = why_size };

    j.held = calloc((size_t)w->problem.lessons_n + 1, sizeof *j.held);
    if (!j.held)
        abort();
    if (why_size > 0)
        why[0] = '\0';
    for (int i = 0; i < w->problem.lessons_n; i++) {
        const struct plan_lesson *l = &w->problem.lessons[i];
        const struct plan_line *line = &w->problem.lines[l->line];
        struct held *h = &j.held[j.held_n];

        if (week->start[i] < 0)
            continue;
        h->lesson = i;
        h->from = week->start[i] * 5;
        h->to = h->from + l->length * 5;
        h->line = l->line;
        h->child = line->child;
        h->subject = line->subject;
        h->employment = line->candidates[week->candidate[l->line]].employment;
        h->mentor = w->employments[h->employment].mentor;
        h->day = local(&j, w->children[h->child].zone, h->from) / 1440;
        judge_minutes(&j, h);
        judge_person(&j, h);
        j.held_n++;
    }
    judge_children(&j);
    judge_mentors(&j);
    free(j.held);
    return j.faults;
}
