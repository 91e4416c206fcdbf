/* SPDX-License-Identifier: Apache-2.0
 *
 * The search for a whole week: hardest lessons first into free places, then weighted eviction. A
 * lesson that is left takes the place that throws out least, who is thrown out gets dearer and
 * waits in turn. Dearer without end freezes the search, so the weights have a ceiling that a fixed
 * schedule changes; each phase starts again from the best week found (PLANNER 3.2, stage 4).
 */
#include <string.h>

#include "server/domain/planner/state.h"

#define TURN_STEPS 40 /* per lesson that was taken apart */
/* Steps per lesson of a descent without a better week; with few lessons left, turns find them a
 * place sooner. */
#define PATIENCE 60
#define PATIENCE_FEW 12
#define FEW 2

#define NO_OFFER ((struct offer){ .price = PRICE_FIXED, .start = -1, .loose = 3 })

/* Above it a weight is halved: none for the descent, then turns with one now and then. */
static int32_t ceiling_of(const struct component *c)
{
    return c->phase % 4 == 3 ? 300 : 1 << 20;
}

/* On with the descent, as long as it finds better weeks. */
void search_descend(struct component *c)
{
    bool few = c->phase == 0 && c->bound - c->placed <= FEW;

    c->descent = true;
    c->turn_end = c->steps + (few ? PATIENCE_FEW : PATIENCE) * (int64_t)c->lessons_n;
}

static int compare(const struct offer *a, const struct offer *b)
{
    return a->price != b->price ? (a->price < b->price ? -1 : 1) : a->loose - b->loose;
}

/* Keeps the best of the offers, o's price being without the long break; among equals each has the
 * same chance. The break is dear to look at, so only who would win is asked for it. */
static void weigh(struct plan *p, int lesson, struct offer *best, struct offer o, struct rng *rng)
{
    int than_best = compare(&o, best);
    int32_t more;

    if (than_best > 0)
        return;
    if (than_best == 0 && rng_next(rng) % (uint64_t)(++best->ties) != 0)
        return;
    o.ties = than_best == 0 ? best->ties : 1;
    more = look_break(p, lesson, o.start, p->weight);
    if (more > 0) {
        o.price += more;
        o.loose = 2;
        o.ties = 1;
        if (compare(&o, best) >= 0)
            return;
    }
    *best = o;
}

/* Moving the line to another mentor takes all its lessons along. */
static int32_t price_of_change(const struct plan *p, int line, int candidate)
{
    int32_t sum = 0;

    if (candidate == p->candidate[line])
        return 0;
    for (int i = p->line_lessons.at[line]; i < p->line_lessons.at[line + 1]; i++) {
        int o = p->line_lessons.list[i];

        if (p->start[o] >= 0)
            sum += p->weight[o];
    }
    return sum;
}

static void offers_of(struct plan *p, int lesson, int candidate, struct rng *rng,
                      struct offer *best)
{
    int32_t change = price_of_change(p, p->in.lessons[lesson].line, candidate);

    if (change > best->price)
        return;
    look_begin(p, lesson, candidate, p->weight);
    for (int i = 0; i < PLAN_WORDS; i++)
        for (uint64_t w = p->look.starts.w[i]; w; w &= w - 1) {
            int t = i * 64 + __builtin_ctzll(w);
            struct offer o = { .start = t, .candidate = candidate };

            o.price = change + look_base(p, lesson, t);
            if (o.price > best->price)
                continue;
            o.loose = o.price == 0 ? look_loose(p, lesson, candidate, t) : 2;
            weigh(p, lesson, best, o, rng);
        }
    look_end(p);
}

static struct offer best_offer(struct plan *p, int lesson, struct rng *rng)
{
    int line = p->in.lessons[lesson].line;
    const struct plan_line *l = &p->in.lines[line];
    struct offer best = NO_OFFER;

    if (p->candidate[line] < 0)
        return best;
    offers_of(p, lesson, p->candidate[line], rng, &best);
    if (l->chosen < 0)
        for (int k = 0; k < l->candidates_n && best.price > 0; k++)
            if (k != p->candidate[line])
                offers_of(p, lesson, k, rng, &best);
    return best;
}

static void enqueue(struct plan *p, struct component *c, int lesson)
{
    p->queue[c->lesson_at + c->queue_n++] = lesson;
}

static bool thrown(struct plan *p, int lesson, void *ctx)
{
    struct component *c = ctx;

    p->evictions[lesson]++;
    p->weight[lesson]++;
    if (p->weight[lesson] > ceiling_of(c))
        p->weight[lesson] /= 2;
    enqueue(p, c, lesson);
    return true;
}

/* The line goes to another mentor; its lessons wait again. */
static bool change_mentor(struct plan *p, struct component *c, int line, int candidate)
{
    for (int i = p->line_lessons.at[line]; i < p->line_lessons.at[line + 1]; i++) {
        int o = p->line_lessons.list[i];

        if (p->start[o] >= 0 && !throw_out(p, o, p->weight, thrown, c))
            return false;
    }
    state_choose(p, line, candidate);
    return true;
}

void search_save(struct plan *p, struct component *c)
{
    for (int i = 0; i < c->lessons_n; i++) {
        int l = p->comp_lessons[c->lesson_at + i];

        p->best_start[l] = p->start[l];
    }
    for (int i = 0; i < c->lines_n; i++) {
        int line = p->comp_lines[c->line_at + i];

        p->best_candidate[line] = p->candidate[line];
    }
    if (c->placed > c->best && c->descent)
        search_descend(c);
    c->best = c->placed;
}

void search_restore(struct plan *p, struct component *c)
{
    for (int i = 0; i < c->lessons_n; i++) {
        int l = p->comp_lessons[c->lesson_at + i];

        if (p->start[l] >= 0)
            state_unplace(p, l);
    }
    for (int i = 0; i < c->lines_n; i++) {
        int line = p->comp_lines[c->line_at + i];

        state_choose(p, line, p->best_candidate[line]);
    }
    c->queue_n = 0;
    for (int i = 0; i < c->lessons_n; i++) {
        int l = p->comp_lessons[c->lesson_at + i];

        if (p->best_start[l] >= 0)
            state_place(p, l, p->best_start[l]);
        else
            enqueue(p, c, l);
    }
}

/* Mentors of the child's lines come one hop nearer. */
static void mark_mentors(struct plan *p, int child, int hop)
{
    for (int i = p->child_lines.at[child]; i < p->child_lines.at[child + 1]; i++) {
        int line = p->child_lines.list[i];
        uint8_t *mark;

        if (p->candidate[line] < 0)
            continue;
        mark = &p->ruined[mentor_of(p, line, p->candidate[line])];
        if (*mark == 0)
            *mark = (uint8_t)(hop + 1);
    }
}

static bool taken_apart(struct plan *p, int lesson, void *ctx)
{
    p->weight[lesson] = 1;
    enqueue(p, ctx, lesson);
    return true;
}

/* Takes apart the neighbourhood of one lesson that is left: the lessons of its child's mentors, and
 * of the mentors that these share children with, so many hops far. They start again with nothing
 * learnt, and have a turn of their own. */
void search_ruin(struct plan *p, struct component *c, int hops)
{
    int n = 0;

    if (c->queue_n == 0)
        return;
    memset(p->ruined, 0, (size_t)p->in.mentors_n);
    mark_mentors(
        p, child_of(p, p->queue[c->lesson_at + (int)(rng_next(&c->rng) % (uint64_t)c->queue_n)]),
        0);
    for (int hop = 1; hop < hops; hop++)
        for (int i = 0; i < c->lines_n; i++) {
            int line = p->comp_lines[c->line_at + i];

            if (p->candidate[line] >= 0 && p->ruined[mentor_of(p, line, p->candidate[line])] == hop)
                mark_mentors(p, p->in.lines[line].child, hop);
        }
    for (int i = 0; i < c->lessons_n; i++) {
        int l = p->comp_lessons[c->lesson_at + i];

        if (p->start[l] < 0 || p->in.lessons[l].pinned ||
            !p->ruined[mentor_of(p, p->in.lessons[l].line, p->candidate[p->in.lessons[l].line])])
            continue;
        (void)throw_out(p, l, p->weight, taken_apart, c);
        n++;
    }
    c->descent = false;
    c->turn_end = c->steps + TURN_STEPS * n;
}

/* Fewest starts first, ties by id; into free places only. */
void search_first(struct plan *p, struct component *c)
{
    struct slot_set starts;

    for (int i = 0; i < c->lessons_n; i++) {
        int l = p->comp_lessons[c->lesson_at + i], line = p->in.lessons[l].line;

        p->order[i] = l;
        p->key[l] = 0;
        if (p->candidate[line] < 0)
            continue;
        look_starts(p, line, p->candidate[line], p->in.lessons[l].length, &starts);
        p->key[l] = slot_count(&starts);
    }
    order_by_key(p, c->lessons_n);
    c->queue_n = 0;
    for (int i = 0; i < c->lessons_n && !p->stopped; i++) {
        int l = p->order[i];
        struct offer o;

        if (p->start[l] >= 0)
            continue;
        c->steps++;
        if (plan_step(p))
            break;
        o = best_offer(p, l, &c->rng);
        if (o.price == 0 && o.candidate == p->candidate[p->in.lessons[l].line])
            state_place(p, l, o.start);
        else
            enqueue(p, c, l);
    }
    search_save(p, c);
    search_descend(c);
}

static void search_one(struct plan *p, struct component *c)
{
    int at = (int)(rng_next(&c->rng) % (uint64_t)c->queue_n);
    int lesson = p->queue[c->lesson_at + at], line = p->in.lessons[lesson].line;
    struct offer o = best_offer(p, lesson, &c->rng);

    p->queue[c->lesson_at + at] = p->queue[c->lesson_at + --c->queue_n];
    if (o.price >= PRICE_FIXED)
        return; /* no place whatever is moved */
    if (o.price > 0 && c->placed > c->best)
        search_save(p, c);
    if ((o.candidate == p->candidate[line] || change_mentor(p, c, line, o.candidate)) &&
        clear_way(p, lesson, o.start, p->weight, thrown, c))
        state_place(p, lesson, o.start);
    else
        enqueue(p, c, lesson);
}

void search_slice(struct plan *p, struct component *c, int64_t steps)
{
    int64_t end = c->turn_end < c->steps_max ? c->turn_end : c->steps_max;

    for (int64_t i = 0; i < steps && c->queue_n > 0 && c->steps < end; i++) {
        c->steps++;
        if (plan_step(p))
            break;
        search_one(p, c);
        if (c->placed == c->bound)
            break;
    }
    if (c->placed > c->best)
        search_save(p, c);
}
