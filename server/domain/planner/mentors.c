/* SPDX-License-Identifier: Apache-2.0
 *
 * A mentor for each line that has none (PLANNER 3.2, stage 2): largest lines first to where the
 * whole gets least dear, then lines move or swap while it gets cheaper. The price of a mentor
 * grows with the square of the load, the price of a pair with how few common starts it has. The
 * search may still move a line; this is where it starts from.
 */
#include "server/domain/planner/state.h"

#define FULL 1000            /* a load of exactly the mentor's limit */
#define OVER_PRICE 20000     /* of a thousandth above it */
#define NO_DAY_PRICE 4000000 /* of a lesson without a day of its own */
#define SCARCE_PRICE 400000
#define COST_PRICE 1000 /* of one unit of plan_candidate.cost */
#define PASSES 30

/* What a line asks of a mentor, in slots: teaching, and with the turn-rounds. */
struct want {
    int32_t teach;
    int32_t time;
};

static struct want want_of(const struct plan *p, int line, int mentor)
{
    struct want w = { 0, 0 };

    for (int i = p->line_lessons.at[line]; i < p->line_lessons.at[line + 1]; i++) {
        int length = p->in.lessons[p->line_lessons.list[i]].length;

        w.teach += length;
        w.time += length + p->in.mentors[mentor].gap;
    }
    return w;
}

static int64_t load_price(int64_t used, int64_t limit)
{
    int64_t load = limit > 0 ? used * FULL / limit : used > 0 ? 2 * FULL : 0;

    return load * load + (load > FULL ? (load - FULL) * OVER_PRICE : 0);
}

/* Of what mentor and employment carry, with more on top. */
static int64_t carry_price(const struct plan *p, int employment, struct want more)
{
    const struct plan_employment *e = &p->in.employments[employment];
    int64_t price = load_price(p->want_time[e->mentor] + more.time, p->time_slots[e->mentor]);

    if (p->in.mentors[e->mentor].week_slots > 0)
        price +=
            load_price(p->want_teach[e->mentor] + more.teach, p->in.mentors[e->mentor].week_slots);
    if (e->week_slots > 0)
        price += load_price(p->want_employment[employment] + more.teach, e->week_slots);
    return price;
}

static void carry(struct plan *p, int line, int candidate, int sign)
{
    int employment = p->in.lines[line].candidates[candidate].employment;
    int mentor = p->in.employments[employment].mentor;
    struct want w = want_of(p, line, mentor);

    p->want_time[mentor] += sign * w.time;
    p->want_teach[mentor] += sign * w.teach;
    p->want_employment[employment] += sign * w.teach;
}

/* Of the pair itself: continuity, and how many days and starts the two have in common. */
static int64_t pair_price(const struct plan *p, int line, int candidate)
{
    const uint8_t *day = p->in.children[p->in.lines[line].child].days->of;
    int hours = p->line_lessons.at[line + 1] - p->line_lessons.at[line], days = 0, n;
    struct slot_set starts;
    unsigned seen = 0;

    if (hours == 0)
        return 0;
    look_starts(p, line, candidate,
                p->in.lessons[p->line_lessons.list[p->line_lessons.at[line]]].length, &starts);
    for (int t = slot_next(&starts, 0); t < PLAN_SLOTS; t = slot_next(&starts, t + 1))
        seen |= 1u << day[t];
    days = __builtin_popcount(seen);
    n = slot_count(&starts);
    return (int64_t)p->in.lines[line].candidates[candidate].cost * COST_PRICE +
           (int64_t)(days < hours ? hours - days : 0) * NO_DAY_PRICE +
           (int64_t)SCARCE_PRICE * hours / (n + 1);
}

/* The candidate that makes the whole least dear, the line being carried by nobody. */
static int cheapest_candidate(const struct plan *p, int line, int64_t *price)
{
    const struct plan_line *l = &p->in.lines[line];
    int best = -1;

    for (int k = 0; k < l->candidates_n; k++) {
        int e = l->candidates[k].employment;
        int64_t cost = p->pair[p->pair_at[line] + k] +
                       carry_price(p, e, want_of(p, line, p->in.employments[e].mentor)) -
                       carry_price(p, e, (struct want){ 0, 0 });

        if (best < 0 || cost < *price) {
            best = k;
            *price = cost;
        }
    }
    return best;
}

/* Price of the line with its present mentor, as part of the whole. */
static int64_t present_price(struct plan *p, int line)
{
    int k = p->candidate[line], e = p->in.lines[line].candidates[k].employment;
    int64_t with = carry_price(p, e, (struct want){ 0, 0 });

    carry(p, line, k, -1);
    with -= carry_price(p, e, (struct want){ 0, 0 });
    carry(p, line, k, 1);
    return with + p->pair[p->pair_at[line] + k];
}

static bool move_line(struct plan *p, int line)
{
    int old = p->candidate[line], best;
    int64_t before = present_price(p, line), after = 0;

    carry(p, line, old, -1);
    best = cheapest_candidate(p, line, &after);
    if (after >= before)
        best = old;
    carry(p, line, best, 1);
    state_choose(p, line, best);
    return best != old;
}

static int candidate_with(const struct plan *p, int line, int mentor)
{
    for (int k = 0; k < p->in.lines[line].candidates_n; k++)
        if (mentor_of(p, line, k) == mentor)
            return k;
    return -1;
}

/* Price of giving a to candidate ka and b to kb, the two being with ja and jb. Applied if it is
 * less. */
static bool swap_if_cheaper(struct plan *p, int a, int ka, int b, int kb)
{
    int ja = p->candidate[a], jb = p->candidate[b];
    int64_t before = present_price(p, a), after;

    carry(p, a, ja, -1);
    before += present_price(p, b);
    carry(p, b, jb, -1);
    carry(p, a, ka, 1);
    state_choose(p, a, ka);
    after = present_price(p, a);
    carry(p, b, kb, 1);
    state_choose(p, b, kb);
    after += present_price(p, b);
    if (after < before)
        return true;
    carry(p, a, ka, -1);
    carry(p, b, kb, -1);
    carry(p, a, ja, 1);
    carry(p, b, jb, 1);
    state_choose(p, a, ja);
    state_choose(p, b, jb);
    return false;
}

static bool swap_line(struct plan *p, int a)
{
    int from = mentor_of(p, a, p->candidate[a]);

    for (int ka = 0; ka < p->in.lines[a].candidates_n; ka++) {
        int to = mentor_of(p, a, ka);

        if (to == from)
            continue;
        for (int i = p->mentor_lines.at[to]; i < p->mentor_lines.at[to + 1]; i++) {
            int b = p->mentor_lines.list[i], kb = candidate_with(p, b, from);

            if (kb >= 0 && p->in.lines[b].chosen < 0 && mentor_of(p, b, p->candidate[b]) == to &&
                swap_if_cheaper(p, a, ka, b, kb))
                return true;
        }
    }
    return false;
}

/* Chosen candidates stand; the open lines, largest first, into p->order. Returns how many. */
static int open_lines(struct plan *p, struct component *c)
{
    int n = 0;

    for (int i = 0; i < c->lines_n; i++) {
        int line = p->comp_lines[c->line_at + i];
        const struct plan_line *l = &p->in.lines[line];

        if (l->candidates_n == 0)
            continue;
        if (l->chosen >= 0) {
            carry(p, line, l->chosen, 1);
            continue;
        }
        for (int k = 0; k < l->candidates_n; k++)
            p->pair[p->pair_at[line] + k] = pair_price(p, line, k);
        p->order[n++] = line;
        p->key[line] = -(int64_t)want_of(p, line, mentor_of(p, line, 0)).teach;
    }
    order_by_key(p, n);
    return n;
}

void mentors_choose(struct plan *p, struct component *c)
{
    int n = open_lines(p, c);
    bool changed = true;

    for (int i = 0; i < n; i++) {
        int64_t price = 0;
        int k = cheapest_candidate(p, p->order[i], &price);

        state_choose(p, p->order[i], k);
        carry(p, p->order[i], k, 1);
    }
    for (int pass = 0; pass < PASSES && changed; pass++) {
        changed = false;
        for (int i = 0; i < n; i++)
            changed |= move_line(p, p->order[i]) || swap_line(p, p->order[i]);
    }
}
