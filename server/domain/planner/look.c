/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking at all starts of one lesson at once: which are open, and what each would throw out. The
 * prices of the lessons in the way are painted over the starts that they forbid.
 */
#include <stdlib.h>
#include <string.h>

#include "server/domain/planner/state.h"

/* Words in which the child has no time stay empty, so they are not looked at. */
void look_starts(const struct plan *p, int line, int candidate, int length, struct slot_set *out)
{
    int child = p->in.lines[line].child;
    const struct slot_set *a = &p->child_free[child];
    const struct slot_set *b = &p->mentor_free[mentor_of(p, line, candidate)];
    const struct word_list *words = &p->child_words[child];

    memset(out, 0, sizeof *out);
    for (int i = 0; i < words->n; i++)
        out->w[words->at[i]] = a->w[words->at[i]] & b->w[words->at[i]];
    for (int have = 1; have < length;) {
        int k = length - have < have ? length - have : have;

        for (int i = 0; i < words->n; i++) {
            int at = words->at[i];
            uint64_t next = at + 1 < PLAN_WORDS ? out->w[at + 1] : 0;

            out->w[at] &= out->w[at] >> k | next << (64 - k);
        }
        have += k;
    }
}

/* Is one of the starts in [from, to)? Fewer than 64 of them, cut to the line. */
static bool touches(const struct slot_set *s, int from, int to)
{
    int at = from / 64, shift = from % 64;
    uint64_t w = s->w[at] >> shift;

    if (shift > 0 && at + 1 < PLAN_WORDS)
        w |= s->w[at + 1] << (64 - shift);
    return (w & ~(~(uint64_t)0 << (to - from))) != 0;
}

static void paint(struct look *k, int32_t *slate, int from, int to, int32_t price)
{
    from = from < 0 ? 0 : from;
    to = to > PLAN_SLOTS ? PLAN_SLOTS : to;
    if (from >= to ||
        (to - from < 64 ? !touches(&k->starts, from, to) : !slot_any(&k->starts, from, to)))
        return;
    for (int t = from; t < to; t++)
        slate[t] += price;
    if (k->painted_n + 2 <= (int)(sizeof k->painted / sizeof k->painted[0])) {
        k->painted[k->painted_n++] = from * 2 + (slate == k->by_mentor);
        k->painted[k->painted_n++] = to;
    } else {
        k->wipe_all = true;
    }
}

static void paint_child(struct plan *p, int lesson, int candidate, const int32_t *price)
{
    int line = p->in.lessons[lesson].line, child = p->in.lines[line].child;
    int mentor = mentor_of(p, line, candidate), length = p->length[lesson];
    const struct roster *r = &p->child_roster[child];

    for (int i = 0; i < r->n; i++) {
        int o = r->seats[i].lesson, other = p->in.lessons[o].line, gap = p->in.children[child].gap;
        int from = p->start[o], day = p->in.children[child].days->of[from];

        if (other == line && candidate != p->candidate[line])
            continue; /* goes anyway, and its price is counted apart */
        if (p->in.lines[other].subject == p->in.lines[line].subject) {
            paint(&p->look, p->look.by_child, p->child_days[child].from[day],
                  p->child_days[child].to[day], price[o]);
            continue;
        }
        if (mentor_of(p, other, p->candidate[other]) == mentor && p->in.mentors[mentor].gap > gap)
            gap = p->in.mentors[mentor].gap;
        paint(&p->look, p->look.by_child, from - length - gap + 1, from + p->length[o] + gap,
              price[o]);
    }
}

static void paint_mentor(struct plan *p, int lesson, int candidate, const int32_t *price)
{
    int line = p->in.lessons[lesson].line, child = p->in.lines[line].child;
    int mentor = mentor_of(p, line, candidate), length = p->length[lesson];
    int gap = p->in.mentors[mentor].gap;
    const struct roster *r = &p->mentor_roster[mentor];

    for (int i = 0; i < r->n; i++) {
        const struct seat *o = &r->seats[i];

        if (o->child != child)
            paint(&p->look, p->look.by_mentor, o->start - length - gap + 1, o->end + gap,
                  price[o->lesson]);
    }
}

static int32_t cheapest_price(const struct plan *p, const struct roster *r, int child, int day,
                              int employment, const int32_t *price)
{
    int o = state_cheapest(p, r, child, day, employment, price);

    return o < 0 ? PRICE_FIXED : price[o];
}

static bool over(int32_t used, int length, int limit)
{
    return limit > 0 && used + length > limit;
}

static void look_limits(struct plan *p, int lesson, int candidate, const int32_t *price)
{
    int line = p->in.lessons[lesson].line, child = p->in.lines[line].child;
    int length = p->length[lesson], mentor = mentor_of(p, line, candidate);
    int employment = p->in.lines[line].candidates[candidate].employment;
    const struct plan_child *c = &p->in.children[child];
    struct look *k = &p->look;

    for (int d = 0; d < PLAN_DAYS; d++) {
        k->day_extra[d] = 0;
        if (p->day_count[child * PLAN_DAYS + d] < c->per_day)
            continue;
        k->day_extra[d] = cheapest_price(p, &p->child_roster[child], child, d, -1, price);
    }
    k->week_extra = over(p->child_used[child], length, c->week_slots)
                        ? cheapest_price(p, &p->child_roster[child], child, -1, -1, price)
                        : 0;
    k->load_extra = 0;
    if (over(p->employment_used[employment], length, p->in.employments[employment].week_slots))
        k->load_extra = cheapest_price(p, &p->mentor_roster[mentor], child, -1, employment, price);
    else if (over(p->mentor_used[mentor], length, p->in.mentors[mentor].week_slots))
        k->load_extra = cheapest_price(p, &p->mentor_roster[mentor], child, -1, -1, price);
}

void look_begin(struct plan *p, int lesson, int candidate, const int32_t *price)
{
    struct look *k = &p->look;

    k->painted_n = 0;
    k->wipe_all = false;
    look_starts(p, p->in.lessons[lesson].line, candidate, p->length[lesson], &k->starts);
    paint_child(p, lesson, candidate, price);
    paint_mentor(p, lesson, candidate, price);
    look_limits(p, lesson, candidate, price);
}

void look_end(struct plan *p)
{
    struct look *k = &p->look;

    if (k->wipe_all) {
        memset(k->by_child, 0, sizeof k->by_child);
        memset(k->by_mentor, 0, sizeof k->by_mentor);
    }
    for (int i = 0; i < k->painted_n; i += 2) {
        int from = k->painted[i] / 2;
        int32_t *slate = k->painted[i] % 2 ? k->by_mentor : k->by_child;

        memset(slate + from, 0, (size_t)(k->painted[i + 1] - from) * sizeof slate[0]);
    }
}

int32_t look_base(const struct plan *p, int lesson, int start)
{
    const struct look *k = &p->look;
    int32_t sum = k->by_child[start] + k->by_mentor[start];

    if (k->by_mentor[start] == 0)
        sum += k->load_extra;
    if (k->by_child[start] == 0) {
        int32_t of_day = k->day_extra[p->in.children[child_of(p, lesson)].days->of[start]];

        sum += k->week_extra > of_day ? k->week_extra : of_day;
    }
    return sum;
}

int32_t look_break(const struct plan *p, int lesson, int start, const int32_t *price)
{
    int child = child_of(p, lesson), day;

    if (state_day_ok(p, lesson, start, true))
        return 0;
    day = p->in.children[child].days->of[start];
    return cheapest_price(p, &p->child_roster[child], child, day, -1, price);
}

int32_t look_price(const struct plan *p, int lesson, int start, const int32_t *price)
{
    int32_t sum = look_base(p, lesson, start);

    return sum < PRICE_FIXED ? sum + look_break(p, lesson, start, price) : sum;
}

/* Sides (0..2) on which the lesson would leave a piece of the mentor's time between itself and the
 * next lesson or the edge of the free time. */
int look_loose(const struct plan *p, int lesson, int candidate, int start)
{
    const struct look *k = &p->look;
    int end = start + p->length[lesson];
    const struct slot_set *open =
        &p->mentor_free[mentor_of(p, p->in.lessons[lesson].line, candidate)];
    bool before = slot_has(open, start - 1) && k->by_mentor[start - 1] == 0;
    bool after = slot_has(open, end) && start + 1 < PLAN_SLOTS && k->by_mentor[start + 1] == 0;

    return before + after;
}

bool throw_out(struct plan *p, int o, const int32_t *price, thrown_fn thrown, void *ctx)
{
    while (o >= 0 && price[o] < PRICE_FIXED) {
        int child = child_of(p, o), day = p->in.children[child].days->of[p->start[o]];

        state_unplace(p, o);
        if (!thrown(p, o, ctx))
            return false;
        if (state_day_whole(p, child, day))
            return true;
        o = state_cheapest(p, &p->child_roster[child], child, day, -1, price);
    }
    return false;
}

static bool clear_roster(struct plan *p, const struct roster *r, int lesson, int start,
                         const int32_t *price, thrown_fn thrown, void *ctx)
{
    /* Two with a child in common may clash all day; others only where they are near. */
    for (int i = r->n - 1; i >= 0; i = i < r->n ? i - 1 : r->n - 1)
        if ((r->seats[i].child == child_of(p, lesson) ||
             abs(r->seats[i].start - start) < PLAN_LENGTH_MAX + GAP_MAX) &&
            state_clash(p, lesson, start, r->seats[i].lesson) &&
            !throw_out(p, r->seats[i].lesson, price, thrown, ctx))
            return false;
    return true;
}

bool clear_way(struct plan *p, int lesson, int start, const int32_t *price, thrown_fn thrown,
               void *ctx)
{
    int line = p->in.lessons[lesson].line, child = p->in.lines[line].child;
    int length = p->length[lesson];
    int mentor = mentor_of(p, line, p->candidate[line]);
    int employment = p->in.lines[line].candidates[p->candidate[line]].employment;
    const struct plan_child *c = &p->in.children[child];
    int day = c->days->of[start];
    struct roster *of_child = &p->child_roster[child], *of_mentor = &p->mentor_roster[mentor];

    if (!clear_roster(p, of_child, lesson, start, price, thrown, ctx) ||
        !clear_roster(p, of_mentor, lesson, start, price, thrown, ctx))
        return false;
    while (over(p->child_used[child], length, c->week_slots))
        if (!throw_out(p, state_cheapest(p, of_child, child, -1, -1, price), price, thrown, ctx))
            return false;
    while (over(p->employment_used[employment], length, p->in.employments[employment].week_slots))
        if (!throw_out(p, state_cheapest(p, of_mentor, child, -1, employment, price), price, thrown,
                       ctx))
            return false;
    while (over(p->mentor_used[mentor], length, p->in.mentors[mentor].week_slots))
        if (!throw_out(p, state_cheapest(p, of_mentor, child, -1, -1, price), price, thrown, ctx))
            return false;
    /* last, for whoever goes above may go from this day */
    while (p->day_count[child * PLAN_DAYS + day] >= c->per_day ||
           !state_day_ok(p, lesson, start, false))
        if (!throw_out(p, state_cheapest(p, of_child, child, day, -1, price), price, thrown, ctx))
            return false;
    return true;
}
