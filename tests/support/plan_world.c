/* SPDX-License-Identifier: Apache-2.0
 *
 * The planted generator, see plan_world.h.
 */
#include "tests/support/plan_world.h"

#include <stdlib.h>
#include <string.h>

#define SLOT PLAN_SLOT_MINUTES
#define NO_CHANGE (100 * 1440)
#define CHILD_LAYERS 4
#define CHILD_LESSONS_MAX 12
#define LINES_MAX 12
#define MENTOR_LESSONS_MAX 160
#define SCHOOLS_MAX 3

/* What a person has planted. */
struct booked {
    int start, length, day;
};

struct diary {
    struct booked *b;
    int n;
};

struct gen {
    struct world *w;
    struct rnd r;
    struct diary *child, *mentor;
    int *mentor_load, *employment_load; /* minutes */
    struct world_hours *child_base;     /* day window of each child before the cut */
    int lines_n, lessons_n, candidates_n;
};

static void *must(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);

    if (!p)
        abort();
    return p;
}

int world_offset(const struct world_zone *z, int instant_min)
{
    return instant_min >= z->changes_at_min ? z->offset_after_min : z->offset_min;
}

static int local_of(const struct world *w, int zone, int slot)
{
    return slot * SLOT + world_offset(&w->zones[zone], slot * SLOT);
}

struct world_knobs world_knobs_default(void)
{
    return (struct world_knobs){ .children = 2000,
                                 .mentors = 400,
                                 .schools = 60,
                                 .child_slack_min = 80,
                                 .mentor_slack_min = 30,
                                 .candidates = 1,
                                 .cap_slack_min = 600,
                                 .long_break_min = 20 };
}

static void make_places(struct gen *g)
{
    static const int offsets[WORLD_ZONES] = { 120, 180, 300, 420, 600 };
    struct world *w = g->w;

    for (int i = 0; i < WORLD_ZONES; i++)
        w->zones[i] = (struct world_zone){ offsets[i], NO_CHANGE, offsets[i] };
    if (w->knobs.clock_change) /* Wednesday 01:00 UTC, an hour back */
        w->zones[0] = (struct world_zone){ 120, 3 * 1440 + 60, 60 };
    for (int i = 0; i < w->knobs.schools; i++)
        w->schools[i] = (struct world_school){ i % WORLD_ZONES, 8 * 60, 19 * 60 };
}

static void make_mentor(struct gen *g, int i)
{
    struct world *w = g->w;
    struct world_mentor *m = &w->mentors[i];
    int zone = i % WORLD_ZONES, of_zone = (w->knobs.schools - zone + WORLD_ZONES - 1) / WORLD_ZONES;
    int n = (int)rnd_in(&g->r, 1, SCHOOLS_MAX);

    if (of_zone == 0) {
        zone = 0;
        of_zone = (w->knobs.schools + WORLD_ZONES - 1) / WORLD_ZONES;
    }
    m->zone = rnd_percent(&g->r, 20) ? (int)rnd_in(&g->r, 0, WORLD_ZONES - 1) : zone;
    m->subjects[0] = (int)rnd_in(&g->r, 0, WORLD_SUBJECTS - 1);
    m->subjects[1] = (m->subjects[0] + (int)rnd_in(&g->r, 1, WORLD_SUBJECTS - 1)) % WORLD_SUBJECTS;
    m->gap_min = 5;
    m->cap_min = 36 * 60;
    m->employment_at = w->employments_n;
    n = n < of_zone ? n : of_zone;
    for (int k = 0, first = (int)rnd_in(&g->r, 0, of_zone - 1); k < n; k++)
        w->employments[w->employments_n++] =
            (struct world_employment){ i, zone + (first + k) % of_zone * WORLD_ZONES, 36 * 60 };
    m->employment_n = n;
}

static void make_child(struct gen *g, int i)
{
    struct world *w = g->w;
    struct world_child *c = &w->children[i];
    bool severe = rnd_percent(&g->r, 30);
    int from = (int)rnd_in(&g->r, 96, severe ? 150 : 114) * SLOT;

    c->school = (int)rnd_in(&g->r, 0, w->knobs.schools - 1);
    c->zone = rnd_percent(&g->r, 10) ? (int)rnd_in(&g->r, 0, WORLD_ZONES - 1)
                                     : w->schools[c->school].zone;
    c->gap_min = rnd_percent(&g->r, 50) ? 10 : 15;
    c->per_day = severe ? 3 : 4;
    c->long_break_min = w->knobs.long_break_min;
    c->rest_days = 0x3c1; /* Sunday, Saturday and what lies beyond */
    if (severe && rnd_percent(&g->r, 50))
        c->rest_days |= 1u << rnd_in(&g->r, 1, 5);
    if (rnd_percent(&g->r, 100)) {
        int at = (int)rnd_in(&g->r, 9, 15) * 60;

        c->treatment = (struct world_hours){ (int)rnd_in(&g->r, 1, 5), at, at + 60 };
    }
    g->child_base[i] =
        (struct world_hours){ 0, from,
                              severe ? from + (int)rnd_in(&g->r, 36, 60) * SLOT : 18 * 60 };
    if (g->child_base[i].to > 18 * 60 + 30)
        g->child_base[i].to = 18 * 60 + 30;
}

static bool free_of(const struct diary *d, int start, int length, int gap)
{
    for (int i = 0; i < d->n; i++)
        if (start < d->b[i].start + d->b[i].length + gap && start + length + gap > d->b[i].start)
            return false;
    return true;
}

static int compare_start(const void *a, const void *b)
{
    return ((const struct booked *)a)->start - ((const struct booked *)b)->start;
}

/* The generator's own idea of a child's day: count and long break, with one more at start. */
static bool day_holds(const struct world_child *c, const struct diary *d, int day, int start,
                      int length)
{
    struct booked s[CHILD_LESSONS_MAX + 1];
    int n = 0, need = c->long_break_min / SLOT;

    s[n++] = (struct booked){ start, length, day };
    for (int i = 0; i < d->n; i++)
        if (d->b[i].day == day)
            s[n++] = d->b[i];
    if (n > c->per_day)
        return false;
    qsort(s, (size_t)n, sizeof s[0], compare_start);
    return n < 3 || s[2].start - s[1].start - s[1].length >= need ||
           (n > 3 && s[3].start - s[2].start - s[2].length >= need);
}

/* May the pair have a lesson here: window, school, treatment, mentor's base hours, both free? */
static bool fits(struct gen *g, int child, int mentor, int start, int length)
{
    const struct world *w = g->w;
    const struct world_child *c = &w->children[child];
    const struct world_mentor *m = &w->mentors[mentor];
    int here = local_of(w, c->zone, start), day = here / 1440, from = here % 1440;
    int to = from + length * SLOT;
    int school = local_of(w, w->schools[c->school].zone, start) % 1440;
    int theirs = local_of(w, m->zone, start) % 1440;

    if (start < 0 || start + length > PLAN_SLOTS || c->rest_days >> day & 1u)
        return false;
    if (from < g->child_base[child].from || to > g->child_base[child].to || school < 8 * 60 ||
        school + length * SLOT > 19 * 60 || theirs < 6 * 60 || theirs + length * SLOT > 23 * 60)
        return false;
    if (c->treatment.day == day && from < c->treatment.to && to > c->treatment.from)
        return false;
    return free_of(&g->child[child], start, length, c->gap_min / SLOT) &&
           free_of(&g->mentor[mentor], start, length, m->gap_min / SLOT) &&
           day_holds(c, &g->child[child], day, start, length);
}

static int first_slot_of_day(const struct world *w, int zone, int day)
{
    int t = 0;

    while (local_of(w, zone, t) / 1440 < day)
        t++;
    return t;
}

/* A start on the child's day: next to a lesson of the mentor if there is one, else the first. */
static int plant_on(struct gen *g, int child, int mentor, int day, int length)
{
    const struct world *w = g->w;
    const struct diary *d = &g->mentor[mentor];
    int gap = w->mentors[mentor].gap_min / SLOT, zone = w->children[child].zone;
    int from = first_slot_of_day(w, zone, day), to = first_slot_of_day(w, zone, day + 1);

    for (int i = 0; i < d->n; i++) {
        int after = d->b[i].start + d->b[i].length + gap, ahead = d->b[i].start - gap - length;

        if (after >= from && after < to && fits(g, child, mentor, after, length))
            return after;
        if (ahead >= from && ahead < to && fits(g, child, mentor, ahead, length))
            return ahead;
    }
    for (int t = from; t < to; t++)
        if (fits(g, child, mentor, t, length))
            return t;
    return -1;
}

static void note(struct diary *d, int start, int length, int day)
{
    d->b[d->n++] = (struct booked){ start, length, day };
}

/* One line with one mentor: as many of its hours as fit, each on a day of its own. */
static int plant_line(struct gen *g, int child, int employment, int subject, int hours, int length)
{
    struct world *w = g->w;
    int mentor = w->employments[employment].mentor, planted = 0;
    int days[5] = { 1, 2, 3, 4, 5 };

    for (int i = 4; i > 0; i--) {
        int k = (int)rnd_in(&g->r, 0, i), swap = days[i];

        days[i] = days[k];
        days[k] = swap;
    }
    for (int i = 0; i < 5 && planted < hours; i++) {
        int t = -1;

        if (g->mentor_load[mentor] + length * SLOT <= 36 * 60 &&
            g->mentor[mentor].n < MENTOR_LESSONS_MAX && g->child[child].n < CHILD_LESSONS_MAX)
            t = plant_on(g, child, mentor, days[i], length);
        if (t < 0)
            continue;
        note(&g->child[child], t, length, days[i]);
        note(&g->mentor[mentor], t, length, days[i]);
        g->mentor_load[mentor] += length * SLOT;
        g->employment_load[employment] += length * SLOT;
        w->planted_start[g->lessons_n] = t;
        w->plan_lessons[g->lessons_n] =
            (struct plan_lesson){ g->lessons_n + 1, g->lines_n, length, -1, false };
        g->lessons_n++;
        planted++;
    }
    if (planted > 0)
        w->plan_lines[g->lines_n++] =
            (struct plan_line){ g->lines_n + 1, child, subject, NULL, employment, -1 };
    return planted;
}

static bool teaches(const struct world_mentor *m, int subject)
{
    return m->subjects[0] == subject || m->subjects[1] == subject;
}

static void plant_child(struct gen *g, int child)
{
    struct world *w = g->w;
    int hours = (int)rnd_in(&g->r, 7, CHILD_LESSONS_MAX);
    int subject = (int)rnd_in(&g->r, 0, WORLD_SUBJECTS - 1);

    for (int line = 0; line < WORLD_SUBJECTS && hours > 0; line++) {
        int want = (int)rnd_in(&g->r, 1, 4), length = (int)rnd_in(&g->r, 4, 8), got = 0;
        int first = (int)rnd_in(&g->r, 0, w->employments_n - 1);

        want = want < hours ? want : hours;
        subject = (subject + 1) % WORLD_SUBJECTS;
        for (int k = 0; k < w->employments_n && got == 0; k++) {
            int e = (first + k) % w->employments_n;

            if (w->employments[e].school == w->children[child].school &&
                teaches(&w->mentors[w->employments[e].mentor], subject))
                got = plant_line(g, child, e, subject, want, length);
        }
        hours -= got;
    }
}

static int widen(struct gen *g, int slack_min)
{
    return (int)rnd_in(&g->r, 0, slack_min / SLOT) * SLOT;
}

/* What is left of a person's week: something round each planted lesson, or the day's window from
 * the first of these edges to the last. Returns the minutes of the lessons. */
static int cut_person(struct gen *g, const struct diary *d, int zone, int slack_min, int least,
                      int most)
{
    struct world *w = g->w;
    int first = w->hours_n, minutes = 0;

    for (int i = 0; i < d->n; i++) {
        int local = local_of(w, zone, d->b[i].start), day = local / 1440, k = first;
        int from = local % 1440 - widen(g, slack_min);
        int to = local % 1440 + d->b[i].length * SLOT + widen(g, slack_min);

        from = from > least ? from : least;
        to = to < most ? to : most;
        minutes += d->b[i].length * SLOT;
        while (k < w->hours_n && (w->knobs.pieces || w->hours[k].day != day))
            k++;
        if (k == w->hours_n) {
            w->hours[w->hours_n++] = (struct world_hours){ day, from, to };
            continue;
        }
        w->hours[k].from = from < w->hours[k].from ? from : w->hours[k].from;
        w->hours[k].to = to > w->hours[k].to ? to : w->hours[k].to;
    }
    return minutes;
}

static void cut_hours(struct gen *g)
{
    struct world *w = g->w;
    const struct world_knobs *k = &w->knobs;

    for (int i = 0; i < k->children; i++) {
        struct world_child *c = &w->children[i];

        c->hours_at = w->hours_n;
        c->week_min = cut_person(g, &g->child[i], c->zone, k->child_slack_min,
                                 g->child_base[i].from, g->child_base[i].to);
        c->hours_n = w->hours_n - c->hours_at;
    }
    for (int i = 0; i < k->mentors; i++) {
        struct world_mentor *m = &w->mentors[i];

        m->hours_at = w->hours_n;
        (void)cut_person(g, &g->mentor[i], m->zone, k->mentor_slack_min, 0, 1440);
        m->hours_n = w->hours_n - m->hours_at;
        m->cap_min = g->mentor_load[i] + widen(g, k->cap_slack_min);
    }
    for (int i = 0; i < w->employments_n; i++)
        w->employments[i].cap_min = g->employment_load[i] + widen(g, k->cap_slack_min);
}

/* The slots of a zone whose local day and minutes lie in [from, to) of the hours. */
static void open_hours(const struct world *w, int zone, const struct world_hours *h,
                       struct slot_set *out)
{
    int earliest = h->day * 1440 + h->from - w->zones[zone].offset_min - 60;

    for (int t = earliest > 0 ? earliest / SLOT : 0; t < PLAN_SLOTS; t++) {
        int local = local_of(w, zone, t);

        if (local >= h->day * 1440 + h->to)
            break;
        if (local >= h->day * 1440 + h->from)
            slot_add(out, t);
    }
}

static void derive_mentor(struct world *w, int i)
{
    const struct world_mentor *m = &w->mentors[i];
    struct slot_set *open = &w->sets[w->knobs.schools + 3 * w->knobs.children + i];
    struct plan_layer *layer = &w->layers[CHILD_LAYERS * w->knobs.children + i];

    memset(open, 0, sizeof *open);
    for (int k = 0; k < m->hours_n; k++)
        open_hours(w, m->zone, &w->hours[m->hours_at + k], open);
    *layer = (struct plan_layer){ PLAN_MENTOR_HOURS, open };
    w->plan_mentors[i] = (struct plan_mentor){
        i + 1, layer, 1, &w->days[m->zone], m->gap_min / SLOT, m->cap_min / SLOT
    };
}

static void derive_child(struct world *w, int i)
{
    const struct world_child *c = &w->children[i];
    struct slot_set *window = &w->sets[w->knobs.schools + 3 * i], *rest = window + 1;
    struct slot_set *blocks = window + 2, treatment = { { 0 } };
    struct plan_layer *layer = &w->layers[CHILD_LAYERS * i];

    for (int k = 0; k < c->hours_n; k++)
        open_hours(w, c->zone, &w->hours[c->hours_at + k], window);
    for (int t = 0; t < PLAN_SLOTS; t++)
        if (!(c->rest_days >> w->days[c->zone].of[t] & 1u))
            slot_add(rest, t);
    open_hours(w, c->zone, &c->treatment, &treatment);
    for (int k = 0; k < PLAN_WORDS; k++)
        blocks->w[k] = ~treatment.w[k];
    layer[0] = (struct plan_layer){ PLAN_WINDOW, window };
    layer[1] = (struct plan_layer){ PLAN_REST, rest };
    layer[2] = (struct plan_layer){ PLAN_BLOCKS, blocks };
    layer[3] = (struct plan_layer){ PLAN_SCHOOL, &w->sets[c->school] };
    w->plan_children[i] = (struct plan_child){ i + 1,
                                               layer,
                                               CHILD_LAYERS,
                                               &w->days[c->zone],
                                               c->gap_min / SLOT,
                                               c->per_day,
                                               c->week_min / SLOT,
                                               c->long_break_min / SLOT };
}

/* The planted employment, which plant_line left in candidates_n, and others of school and subject.
 */
static void derive_line(struct gen *g, int i)
{
    struct world *w = g->w;
    struct plan_line *l = &w->plan_lines[i];
    int planted = l->candidates_n, n = 0, at = (int)rnd_in(&g->r, 0, w->knobs.candidates - 1);
    struct plan_candidate *out = &w->plan_candidates[g->candidates_n];
    int first = (int)rnd_in(&g->r, 0, w->employments_n - 1), others = 0;

    for (int k = 0; k < w->employments_n && others < w->knobs.candidates - 1; k++) {
        int e = (first + k) % w->employments_n;

        if (e != planted && w->employments[e].school == w->children[l->child].school &&
            teaches(&w->mentors[w->employments[e].mentor], l->subject)) {
            if (n == at)
                out[n++] = (struct plan_candidate){ planted, 0 };
            out[n++] = (struct plan_candidate){ e, 0 };
            others++;
        }
    }
    if (others <= at)
        out[n++] = (struct plan_candidate){ planted, 0 };
    l->candidates = out;
    l->candidates_n = n;
    l->chosen = w->knobs.candidates == 1 ? 0 : -1;
    g->candidates_n += n;
}

static void derive(struct gen *g)
{
    struct world *w = g->w;

    for (int z = 0; z < WORLD_ZONES; z++)
        for (int t = 0; t < PLAN_SLOTS; t++)
            w->days[z].of[t] = (uint8_t)(local_of(w, z, t) / 1440);
    for (int i = 0; i < w->knobs.schools; i++)
        for (int d = 0; d < 9; d++)
            open_hours(w, w->schools[i].zone,
                       &(struct world_hours){ d, w->schools[i].from, w->schools[i].to },
                       &w->sets[i]);
    for (int i = 0; i < w->knobs.children; i++)
        derive_child(w, i);
    for (int i = 0; i < w->knobs.mentors; i++)
        derive_mentor(w, i);
    for (int i = 0; i < w->employments_n; i++)
        w->plan_employments[i] = (struct plan_employment){ i + 1, w->employments[i].mentor,
                                                           w->employments[i].cap_min / SLOT };
    for (int i = 0; i < g->lines_n; i++)
        derive_line(g, i);
    w->problem = (struct plan_problem){ w->plan_children, w->plan_mentors,  w->plan_employments,
                                        w->plan_lines,    w->plan_lessons,  w->knobs.children,
                                        w->knobs.mentors, w->employments_n, g->lines_n,
                                        g->lessons_n };
}

static void measure_fill(struct gen *g)
{
    struct world *w = g->w;
    int64_t child = 0, mentor = 0, child_open = 0, mentor_open = 0;

    for (int i = 0; i < w->knobs.children; i++) {
        struct slot_set s = *w->plan_children[i].layers[0].open;

        for (int k = 1; k < CHILD_LAYERS; k++)
            slot_and(&s, w->plan_children[i].layers[k].open);
        child_open += slot_count(&s);
        for (int k = 0; k < g->child[i].n; k++)
            child += g->child[i].b[k].length + w->children[i].gap_min / SLOT;
    }
    for (int i = 0; i < w->knobs.mentors; i++) {
        mentor_open += slot_count(w->plan_mentors[i].layers[0].open);
        for (int k = 0; k < g->mentor[i].n; k++)
            mentor += g->mentor[i].b[k].length + 1;
    }
    w->child_fill = (int)(child * 1000 / (child_open ? child_open : 1));
    w->mentor_fill = (int)(mentor * 1000 / (mentor_open ? mentor_open : 1));
}

static void allocate(struct world *w)
{
    size_t c = (size_t)w->knobs.children, m = (size_t)w->knobs.mentors;
    size_t s = (size_t)w->knobs.schools, lessons = c * CHILD_LESSONS_MAX;

    w->schools = must(s, sizeof *w->schools);
    w->children = must(c, sizeof *w->children);
    w->mentors = must(m, sizeof *w->mentors);
    w->employments = must(m * SCHOOLS_MAX, sizeof *w->employments);
    w->hours = must(2 * lessons, sizeof *w->hours);
    w->planted_start = must(lessons, sizeof *w->planted_start);
    w->plan_children = must(c, sizeof *w->plan_children);
    w->plan_mentors = must(m, sizeof *w->plan_mentors);
    w->plan_employments = must(m * SCHOOLS_MAX, sizeof *w->plan_employments);
    w->plan_lines = must(lessons, sizeof *w->plan_lines);
    w->plan_candidates = must(lessons * (size_t)w->knobs.candidates, sizeof *w->plan_candidates);
    w->plan_lessons = must(lessons, sizeof *w->plan_lessons);
    w->layers = must(CHILD_LAYERS * c + m, sizeof *w->layers);
    w->sets = must(s + 3 * c + m, sizeof *w->sets);
}

struct world *world_new(const struct world_knobs *knobs, uint64_t seed)
{
    struct world *w = must(1, sizeof *w);
    struct gen g = { .w = w, .r = { seed } };
    size_t c = (size_t)knobs->children, m = (size_t)knobs->mentors;

    w->knobs = *knobs;
    allocate(w);
    g.child = must(c, sizeof *g.child);
    g.mentor = must(m, sizeof *g.mentor);
    g.mentor_load = must(m, sizeof *g.mentor_load);
    g.employment_load = must(m * SCHOOLS_MAX, sizeof *g.employment_load);
    g.child_base = must(c, sizeof *g.child_base);
    make_places(&g);
    for (int i = 0; i < knobs->mentors; i++) {
        make_mentor(&g, i);
        g.mentor[i].b = must(MENTOR_LESSONS_MAX, sizeof *g.mentor[i].b);
    }
    for (int i = 0; i < knobs->children; i++) {
        make_child(&g, i);
        g.child[i].b = must(CHILD_LESSONS_MAX, sizeof *g.child[i].b);
        plant_child(&g, i);
    }
    cut_hours(&g);
    derive(&g);
    measure_fill(&g);
    for (int i = 0; i < knobs->mentors; i++)
        free(g.mentor[i].b);
    for (int i = 0; i < knobs->children; i++)
        free(g.child[i].b);
    free(g.child);
    free(g.mentor);
    free(g.mentor_load);
    free(g.employment_load);
    free(g.child_base);
    return w;
}

void world_free(struct world *w)
{
    if (!w)
        return;
    free(w->schools);
    free(w->children);
    free(w->mentors);
    free(w->employments);
    free(w->hours);
    free(w->planted_start);
    free(w->plan_children);
    free(w->plan_mentors);
    free(w->plan_employments);
    free(w->plan_lines);
    free(w->plan_candidates);
    free(w->plan_lessons);
    free(w->layers);
    free(w->sets);
    free(w);
}

void world_cut_days(struct world *w, int n, uint64_t seed)
{
    struct rnd r = { seed };

    for (int tries = 0; n > 0 && tries < 1000; tries++) {
        int i = (int)rnd_in(&r, 0, w->knobs.mentors - 1), day, kept = 0;
        struct world_mentor *m = &w->mentors[i];
        struct world_hours *h = &w->hours[m->hours_at];

        if (m->hours_n == 0)
            continue;
        day = h[rnd_in(&r, 0, m->hours_n - 1)].day;
        for (int k = 0; k < m->hours_n; k++)
            if (h[k].day != day)
                h[kept++] = h[k];
        m->hours_n = kept;
        derive_mentor(w, i);
        n--;
    }
}
