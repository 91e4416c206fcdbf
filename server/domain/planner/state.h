/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of a plan: the week as it stands, and the steps that change it. place and unplace
 * keep every counter; between two steps no two lessons clash and no limit is passed, except
 * that a pinned lesson is believed. Private to this folder.
 */
#ifndef PARTA_DOMAIN_PLANNER_STATE_H
#define PARTA_DOMAIN_PLANNER_STATE_H

#include "common/base/arena.h"
#include "server/domain/planner/plan.h"

#define PRICE_FIXED                                                                                \
    (1 << 24) /* of what may not be thrown out; sums of prices above it are no offer */
#define POLL_STEPS 256
#define GAP_MAX 48

/* Items of one owner: those of owner i are list[at[i]] .. list[at[i + 1] - 1]. */
struct csr {
    int32_t *at;
    int32_t *list;
};

/* First and last + 1 slot of each local day; from == to: no such day. */
struct day_map {
    int16_t from[PLAN_DAYS];
    int16_t to[PLAN_DAYS];
};

/* A placed lesson, with what is asked most often close at hand. */
struct seat {
    int32_t lesson, child;
    int16_t start, end; /* slots, [start, end) */
};

/* Placed lessons of one person, in no order. */
struct roster {
    struct seat *seats; /* into the plan's pool */
    int32_t n;
};

/* The words of a set that are not empty. */
struct word_list {
    uint8_t at[PLAN_WORDS];
    uint8_t n;
};

/* One lesson against one mentor: its starts, and what each would throw out. */
struct look {
    struct slot_set starts;
    int32_t by_child[PLAN_SLOTS]; /* price of the child's lessons in the way */
    int32_t by_mentor[PLAN_SLOTS];
    int32_t day_extra[PLAN_DAYS]; /* of a full day, where no lesson of the child is in the way */
    int32_t week_extra;           /* of a full week, likewise */
    int32_t load_extra;       /* of a full mentor, where no lesson of the mentor is in the way */
    int32_t painted[2 * 512]; /* from, to pairs that are to be wiped */
    int painted_n;
    bool wipe_all; /* there were more than the list holds */
};

/* Where a lesson could go. */
struct offer {
    int32_t price; /* of what it throws out; >= PRICE_FIXED: no offer */
    int32_t start;
    int32_t candidate;
    int32_t loose; /* sides on which it touches neither neighbour nor edge of the mentor's time */
    int32_t ties;  /* offers as good as this one */
};

/* One step that can be taken back. */
struct trail_step {
    int32_t lesson; /* or, for a change of candidate, -1 - line */
    int16_t old;    /* start or candidate before */
};

struct rng {
    uint64_t s;
};

/* Persons and lessons that hang together, and how far their search is. */
struct component {
    int64_t smallest_id; /* of its lessons: the seed */
    int32_t line_at, lines_n;
    int32_t lesson_at, lessons_n; /* into comp_lessons */
    int32_t bound;
    int32_t best; /* lessons placed in the snapshot */
    int32_t placed;
    int32_t queue_n; /* waiting, in the component's part of the queue */
    int64_t steps, steps_max, turn_end;
    struct rng rng;
    int phase;    /* turns so far */
    bool descent; /* or a turn */
};

struct flow_edge {
    int32_t to, next, cap;
};

struct flow {
    struct flow_edge *edges;
    int32_t *head, *level, *iter, *queue;
    int edges_n, nodes_n, edges_max, nodes_max;
};

struct plan {
    struct plan_problem in; /* borrowed */
    struct plan_options opt;
    struct arena arena;

    /* derived once */
    struct slot_set *child_free, *mentor_free; /* without pinned lessons and their gaps */
    struct day_map *child_days;
    struct word_list *child_words;
    int32_t *child;  /* of a lesson; these two close together, for speed */
    uint8_t *length; /* slots */
    struct csr line_lessons, child_lines, mentor_lines;
    struct component *comps;
    int32_t *comp_lines, *comp_lessons, *line_comp;
    int comps_n;
    uint8_t *pinned_line; /* pinned lessons of a line, and of a child's day */
    uint8_t *pinned_day;
    int32_t *pinned_child, *pinned_mentor; /* their slots */

    /* the week */
    int16_t *start;     /* of a lesson, -1: not placed */
    int16_t *candidate; /* of a line, -1: none chosen */
    struct roster *child_roster, *mentor_roster;
    struct seat *pool;
    int32_t *at_child, *at_mentor;                       /* index of a lesson in the rosters */
    int32_t *child_used, *mentor_used, *employment_used; /* slots */
    uint8_t *day_count;                                  /* [child * PLAN_DAYS + day] */
    int16_t *best_start, *best_candidate;
    uint8_t *lost; /* repair: the published place of the lesson is no longer possible */

    /* search */
    int32_t *weight; /* of a lesson: how hard it is, so how dear to throw out */
    int32_t *evictions;
    int32_t *chain_price; /* 1, or PRICE_FIXED for who is locked */
    int32_t *queue;
    uint8_t *ruined; /* of a mentor: hops from a lesson that is left, + 1; 0: farther */
    int32_t *order;  /* a scratch list of lessons or lines */
    int64_t *key;    /* what order is sorted by */
    struct trail_step *trail;
    int trail_n, trail_max;
    bool trailing;
    struct look look;

    /* choice of mentors */
    int64_t *pair; /* price of each candidate of each line */
    int32_t *pair_at;
    int32_t *want_time, *want_teach, *want_employment;
    int32_t *time_slots; /* free time of a mentor */

    /* bounds */
    struct flow flow;
    int32_t *node_of_child, *node_of_mentor; /* -1 outside of bound_flow */
    int32_t *person_list, *person_shortest;

    /* where it stands */
    int64_t steps;
    int placed;
    bool stopped;
};

static inline int child_of(const struct plan *p, int lesson)
{
    return p->child[lesson];
}

static inline int mentor_of(const struct plan *p, int line, int candidate)
{
    return p->in.employments[p->in.lines[line].candidates[candidate].employment].mentor;
}

static inline uint64_t rng_next(struct rng *r)
{
    uint64_t z = (r->s += 0x9e3779b97f4a7c15u); /* splitmix64 */

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

bool problem_valid(const struct plan_problem *in);

/* All that is derived from p->in, and all memory. ERR_NOMEM: plan_free takes what there is. */
enum err setup_plan(struct plan *p) MUST_CHECK;

/* state.c */
void state_place(struct plan *p, int lesson, int start); /* its line has a candidate */
void state_unplace(struct plan *p, int lesson);
void state_choose(struct plan *p, int line, int candidate); /* none of its lessons is placed */
void state_rollback(struct plan *p, int trail_n);
bool state_day_ok(const struct plan *p, int lesson, int start, bool only_without_clash);
bool state_day_whole(const struct plan *p, int child, int day);
bool state_clash(const struct plan *p, int lesson, int start, int other);
int state_cheapest(const struct plan *p, const struct roster *r, int child, int day, int employment,
                   const int32_t *price);

/* look.c: starts of a lesson with a candidate and what they cost. look_end wipes the slate. */
void look_begin(struct plan *p, int lesson, int candidate, const int32_t *price);
void look_end(struct plan *p);
int32_t look_base(const struct plan *p, int lesson, int start); /* all but the long break */
int32_t look_break(const struct plan *p, int lesson, int start, const int32_t *price);
int32_t look_price(const struct plan *p, int lesson, int start, const int32_t *price);
int look_loose(const struct plan *p, int lesson, int candidate, int start);
void look_starts(const struct plan *p, int line, int candidate, int length, struct slot_set *out);

/* Throws out what stands in the way of lesson at start with the line's candidate; calls thrown for
 * each, until it says false. False: that, or something fixed is in the way; some may be out. */
typedef bool (*thrown_fn)(struct plan *p, int lesson, void *ctx);

/* Out with the lesson, and with more of its day while that lacks its long break without it: every
 * way out but taking back goes through here. False as for clear_way. */
bool throw_out(struct plan *p, int o, const int32_t *price, thrown_fn thrown, void *ctx);

bool clear_way(struct plan *p, int lesson, int start, const int32_t *price, thrown_fn thrown,
               void *ctx);

/* Counts a step; true: stop now. */
bool plan_step(struct plan *p);

void order_by_key(struct plan *p, int n); /* p->order[0..n) by p->key[item], ties by item */

void mentors_choose(struct plan *p, struct component *c);
void search_first(struct plan *p, struct component *c);
void search_slice(struct plan *p, struct component *c, int64_t steps);
void search_save(struct plan *p, struct component *c);
void search_descend(struct component *c);
void search_ruin(struct plan *p, struct component *c, int hops);
void search_restore(struct plan *p, struct component *c);
int chain_rescue(struct plan *p, struct component *c, int depth);
bool chain_place(struct plan *p, int lesson, int depth, bool open_candidates);
void exact_component(struct plan *p, struct component *c);
void bound_component(struct plan *p, struct component *c);
int bound_flow(struct plan *p, const int32_t *lines, int n, bool of_mentor);

#endif
