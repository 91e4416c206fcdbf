/* SPDX-License-Identifier: Apache-2.0
 *
 * The week as it stands: placing, taking out, and taking back, see state.h.
 */
#include "server/domain/planner/state.h"

static void roster_add(struct roster *r, int32_t *at, struct seat seat)
{
    at[seat.lesson] = r->n;
    r->seats[r->n++] = seat;
}

static void roster_drop(struct roster *r, int32_t *at, int lesson)
{
    struct seat last = r->seats[--r->n];

    r->seats[at[lesson]] = last;
    at[last.lesson] = at[lesson];
}

static void remember(struct plan *p, int lesson, int old)
{
    if (p->trailing && p->trail_n < p->trail_max)
        p->trail[p->trail_n++] = (struct trail_step){ lesson, (int16_t)old };
}

/* Counters of a lesson that comes (sign 1) or goes (-1). */
static void count(struct plan *p, int lesson, int start, int sign)
{
    int line = p->in.lessons[lesson].line, child = p->in.lines[line].child;
    int employment = p->in.lines[line].candidates[p->candidate[line]].employment;
    int length = sign * p->length[lesson];
    uint8_t *day = &p->day_count[child * PLAN_DAYS + p->in.children[child].days->of[start]];

    *day = (uint8_t)(*day + sign);
    p->child_used[child] += length;
    p->employment_used[employment] += length;
    p->mentor_used[p->in.employments[employment].mentor] += length;
    p->placed += sign;
    p->comps[p->line_comp[line]].placed += sign;
}

void state_place(struct plan *p, int lesson, int start)
{
    int line = p->in.lessons[lesson].line;
    struct seat seat = { lesson, p->child[lesson], (int16_t)start,
                         (int16_t)(start + p->length[lesson]) };

    remember(p, lesson, p->start[lesson]);
    p->start[lesson] = (int16_t)start;
    roster_add(&p->child_roster[seat.child], p->at_child, seat);
    roster_add(&p->mentor_roster[mentor_of(p, line, p->candidate[line])], p->at_mentor, seat);
    count(p, lesson, start, 1);
}

void state_unplace(struct plan *p, int lesson)
{
    int line = p->in.lessons[lesson].line, start = p->start[lesson];

    remember(p, lesson, start);
    count(p, lesson, start, -1);
    roster_drop(&p->child_roster[p->in.lines[line].child], p->at_child, lesson);
    roster_drop(&p->mentor_roster[mentor_of(p, line, p->candidate[line])], p->at_mentor, lesson);
    p->start[lesson] = -1;
}

void state_choose(struct plan *p, int line, int candidate)
{
    remember(p, -1 - line, p->candidate[line]);
    p->candidate[line] = (int16_t)candidate;
}

void state_rollback(struct plan *p, int trail_n)
{
    p->trailing = false;
    while (p->trail_n > trail_n) {
        struct trail_step s = p->trail[--p->trail_n];

        if (s.lesson < 0)
            state_choose(p, -1 - s.lesson, s.old);
        else if (s.old < 0)
            state_unplace(p, s.lesson);
        else
            state_place(p, s.lesson, s.old);
    }
    p->trailing = true;
}

static bool too_near(const struct plan *p, int lesson, int start, int other, int gap)
{
    int from = p->start[other];

    return start < from + p->length[other] + gap && start + p->length[lesson] + gap > from;
}

/* Would the lesson, at start with its line's candidate, stand against the other that is placed?
 * R2, R3, R9, and one lesson of a subject a day. Limits of counts are no matter of two. */
bool state_clash(const struct plan *p, int lesson, int start, int other)
{
    int child = child_of(p, lesson), line = p->in.lessons[lesson].line, other_line, mentor;
    bool same_child = child_of(p, other) == child;

    if (same_child && too_near(p, lesson, start, other, p->in.children[child].gap))
        return true;
    other_line = p->in.lessons[other].line;
    if (same_child && p->in.lines[line].subject == p->in.lines[other_line].subject &&
        p->in.children[child].days->of[start] == p->in.children[child].days->of[p->start[other]])
        return true;
    mentor = mentor_of(p, line, p->candidate[line]);
    return too_near(p, lesson, start, other, p->in.mentors[mentor].gap) &&
           mentor_of(p, other_line, p->candidate[other_line]) == mentor;
}

struct stretch {
    int from, to;
};

static void insert_stretch(struct stretch *s, int *n, int from, int length)
{
    int k = (*n)++;

    for (; k > 0 && s[k - 1].from > from; k--)
        s[k] = s[k - 1];
    s[k] = (struct stretch){ from, from + length };
}

/* R9: on a day of three lessons or more, the break after the second or after the third is long. */
static bool has_long_break(const struct stretch *s, int n, int need)
{
    return n < 3 || s[2].from - s[1].to >= need || (n > 3 && s[3].from - s[2].to >= need);
}

/* The child's day with this lesson at start. only_without_clash: and with those that could stay. */
bool state_day_ok(const struct plan *p, int lesson, int start, bool only_without_clash)
{
    int child = child_of(p, lesson), n = 0, need = p->in.children[child].long_break;
    const uint8_t *day = p->in.children[child].days->of;
    const struct roster *r = &p->child_roster[child];
    struct stretch s[PLAN_PER_DAY_MAX + 2];

    if (need == 0 || p->day_count[child * PLAN_DAYS + day[start]] < 2)
        return true;
    insert_stretch(s, &n, start, p->length[lesson]);
    for (int i = 0; i < r->n && n <= PLAN_PER_DAY_MAX; i++) {
        int o = r->seats[i].lesson;

        if (day[p->start[o]] == day[start] &&
            !(only_without_clash && state_clash(p, lesson, start, o)))
            insert_stretch(s, &n, p->start[o], p->length[o]);
    }
    return has_long_break(s, n, need);
}

/* The child's day as it stands. */
bool state_day_whole(const struct plan *p, int child, int day)
{
    int n = 0, need = p->in.children[child].long_break;
    const struct roster *r = &p->child_roster[child];
    struct stretch s[PLAN_PER_DAY_MAX + 2];

    if (need == 0 || p->day_count[child * PLAN_DAYS + day] < 3)
        return true;
    for (int i = 0; i < r->n && n <= PLAN_PER_DAY_MAX; i++)
        if (p->in.children[child].days->of[r->seats[i].start] == day)
            insert_stretch(s, &n, r->seats[i].start, (r->seats[i].end - r->seats[i].start));
    return has_long_break(s, n, need);
}

/* The lesson of the roster with the lowest price, ties by id; -1: none. day and employment: -1 any.
 */
int state_cheapest(const struct plan *p, const struct roster *r, int child, int day, int employment,
                   const int32_t *price)
{
    int best = -1;

    for (int i = 0; i < r->n; i++) {
        int o = r->seats[i].lesson, line = p->in.lessons[o].line;

        if (day >= 0 && p->in.children[child].days->of[p->start[o]] != day)
            continue;
        if (employment >= 0 &&
            p->in.lines[line].candidates[p->candidate[line]].employment != employment)
            continue;
        if (best < 0 || price[o] < price[best] ||
            (price[o] == price[best] && p->in.lessons[o].id < p->in.lessons[best].id))
            best = o;
    }
    return best;
}
