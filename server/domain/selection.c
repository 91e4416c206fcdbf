/* SPDX-License-Identifier: Apache-2.0
 *
 * See selection.h.
 */
#include "server/domain/selection.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/now.h"

struct selection_policy selection_policy_default(void)
{
    return (struct selection_policy){
#define X(field, key, min, max, fallback, source) .field = (fallback),
        SELECTION_SETTING_LIST(X)
#undef X
    };
}

/* ---- standing --------------------------------------------------------------------------- */

unsigned selection_case_gates(void)
{
    return TEACH_BIT(TEACH_PROGRAMME) | TEACH_BIT(TEACH_CONSENT) | TEACH_BIT(TEACH_GROUP_CONSENT) |
           TEACH_BIT(TEACH_ASSIGNMENT) | TEACH_BIT(TEACH_INTRODUCTION);
}

unsigned selection_hiring_gates(void)
{
    return TEACH_BIT(TEACH_WORK_BOOK) | TEACH_BIT(TEACH_APPLICATION) | TEACH_BIT(TEACH_NO_RECORD) |
           TEACH_BIT(TEACH_NO_RECORD_AGE) | TEACH_BIT(TEACH_COURSE) |
           TEACH_BIT(TEACH_RATING_SHEET) | TEACH_BIT(TEACH_EMPLOYMENT) | TEACH_BIT(TEACH_ORDER) |
           TEACH_BIT(TEACH_ACQUAINTED);
}

enum selection_standing selection_standing_of(unsigned failed)
{
    unsigned own = failed & ~selection_case_gates();

    if (own == 0)
        return SELECTION_READY;
    return own & ~selection_hiring_gates() ? SELECTION_BARRED : SELECTION_AFTER_HIRING;
}

/* ---- rank ------------------------------------------------------------------------------- */

/* The share value/of of the weight, rounded down; over the whole is the whole. */
static struct selection_part share(int weight, int64_t value, int64_t of, bool known)
{
    struct selection_part p = { .known = known, .weight = weight, .value = value, .of = of };

    if (known && of > 0 && value > 0)
        p.points = (int)((value < of ? value : of) * weight / of);
    return p;
}

static struct selection_part distance(const struct candidate *c, const struct selection_policy *p)
{
    int near = c->apart_minutes < p->far_minutes ? p->far_minutes - c->apart_minutes : 0;
    struct selection_part part = share(p->weight_distance, near, p->far_minutes, true);

    part.value = c->apart_minutes;
    return part;
}

static void rank_one(struct candidate *c, int need, const struct selection_policy *p)
{
    int spare = c->order_minutes - c->booked_minutes;

    c->standing = selection_standing_of(c->gates.failed);
    c->parts[SELECTION_QUALIFICATION] = share(p->weight_qualification, c->qualified, 2, true);
    c->parts[SELECTION_PSYCHOLOGY] =
        share(p->weight_psychology, c->interview < 0 ? 0 : c->interview, 100, c->interview >= 0);
    c->parts[SELECTION_HOURS] = share(p->weight_hours, c->free_minutes, need, c->hours_known);
    c->parts[SELECTION_LOAD] =
        share(p->weight_load, spare > 0 ? spare : 0, c->order_minutes, c->order_minutes > 0);
    c->parts[SELECTION_DISTANCE] = distance(c, p);
    c->parts[SELECTION_CONTINUITY] =
        share(p->weight_continuity, c->lessons, p->known_lessons, true);
    c->score = 0;
    for (int i = 0; i < SELECTION_PART_COUNT; i++)
        c->score += c->parts[i].points;
}

static int bits(unsigned v)
{
    int n = 0;

    for (; v; v &= v - 1)
        n++;
    return n;
}

static unsigned own_gates(const struct candidate *c)
{
    return c->gates.failed & ~selection_case_gates();
}

/* Never 0 for two mentors, so the order does not depend on that of the rows. */
static int compare(const void *va, const void *vb)
{
    const struct candidate *a = va, *b = vb;

    if (a->standing != b->standing)
        return (int)a->standing - (int)b->standing;
    if (a->score != b->score)
        return b->score - a->score;
    if (bits(own_gates(a)) != bits(own_gates(b)))
        return bits(own_gates(a)) - bits(own_gates(b));
    if (a->booked_minutes != b->booked_minutes)
        return a->booked_minutes - b->booked_minutes;
    return (a->mentor.v > b->mentor.v) - (a->mentor.v < b->mentor.v);
}

void selection_rank(struct candidate *c, size_t n, int need_minutes,
                    const struct selection_policy *policy)
{
    for (size_t i = 0; i < n; i++)
        rank_one(&c[i], need_minutes > 0 ? need_minutes : policy->need_minutes, policy);
    if (n > 0)
        qsort(c, n, sizeof *c, compare);
}

/* ---- blocked ---------------------------------------------------------------------------- */

static unsigned barring(const struct candidate *c)
{
    return own_gates(c) & ~selection_hiring_gates();
}

static void count(struct selection_owed *out, size_t *n, enum teach_gate g, enum actor actor)
{
    size_t i = 0;

    while (i < *n && out[i].gate != g)
        i++;
    if (i == *n)
        out[(*n)++] = (struct selection_owed){ g, actor, 0 };
    out[i].mentors++;
}

bool selection_blocked(const struct candidate *c, size_t n,
                       struct selection_owed out[TEACH_GATE_COUNT], size_t *out_n)
{
    int least = TEACH_GATE_COUNT;

    *out_n = 0;
    for (size_t i = 0; i < n; i++) {
        if (c[i].standing != SELECTION_BARRED)
            return false;
        if (bits(barring(&c[i])) < least)
            least = bits(barring(&c[i]));
    }
    for (size_t i = 0; i < n; i++)
        for (enum teach_gate g = 0; g < TEACH_GATE_COUNT && bits(barring(&c[i])) == least; g++)
            if (barring(&c[i]) & TEACH_BIT(g))
                count(out, out_n, g, c[i].gates.gates[g].actor);
    return true;
}

/* ---- common free time ------------------------------------------------------------------- */

#define STEPS ((size_t)(SELECTION_DAYS * MS_PER_DAY / SELECTION_STEP_MS))

/* Sets bit in every step of the spans: those that are whole inside (within), or touched. */
static void paint(const struct free_span *s, size_t n, int64_t week_ms, bool within, uint8_t bit,
                  uint8_t steps[STEPS])
{
    for (size_t i = 0; i < n; i++) {
        int64_t from = s[i].start_ms - week_ms, to = s[i].end_ms - week_ms;
        int64_t round_from = within ? SELECTION_STEP_MS - 1 : 0;
        int64_t round_to = within ? 0 : SELECTION_STEP_MS - 1;
        int64_t k = from <= 0 ? 0 : (from + round_from) / SELECTION_STEP_MS;
        int64_t end = to <= 0 ? 0 : (to + round_to) / SELECTION_STEP_MS;

        for (; k < end && k < (int64_t)STEPS; k++)
            steps[k] |= bit;
    }
}

int selection_common(const struct free_span *mentor, size_t mentor_n, const struct free_span *child,
                     size_t child_n, const struct free_span *busy, size_t busy_n, int64_t week_ms)
{
    uint8_t steps[STEPS] = { 0 };
    int n = 0;

    paint(mentor, mentor_n, week_ms, true, 1, steps);
    paint(child, child_n, week_ms, true, 2, steps);
    paint(busy, busy_n, week_ms, false, 4, steps);
    for (size_t i = 0; i < STEPS; i++)
        n += steps[i] == 3;
    return n * (int)(SELECTION_STEP_MS / MS_PER_MIN);
}

/* ---- names ------------------------------------------------------------------------------ */

const char *selection_part_name(enum selection_part_kind k)
{
    static const char *const names[SELECTION_PART_COUNT] = {
#define X(code, name) [SELECTION_##code] = name,
        SELECTION_PART_LIST(X)
#undef X
    };

    return (unsigned)k < SELECTION_PART_COUNT ? names[k] : "none";
}

const char *selection_standing_name(enum selection_standing s)
{
    static const char *const names[] = {
#define X(code, name) [SELECTION_##code] = name,
        SELECTION_STANDING_LIST(X)
#undef X
    };

    return (size_t)s < sizeof names / sizeof names[0] ? names[s] : "barred";
}
