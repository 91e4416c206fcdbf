/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/schedule_*: random timetables of children, mentors and schools
 * in five zones. Each lesson that is offered is judged by the rules and by the
 * slow oracle of tests/support: what the rules let pass violates no hard rule,
 * what they refuse is refused by the same rules, about the same people and
 * lessons and with the same numbers, and nothing is left out.
 *
 *   schedule_random_test            100 000 lessons
 *   schedule_random_test 1000000    as many
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/now.h"
#include "tests/support/rnd.h"
#include "tests/support/timetable_oracle.h"

#define CHILDREN 4
#define SCHOOLS 3
#define MENTORS 3
#define SUBJECTS 3
#define OFFERS 40
#define SPANS_MAX 14

static int64_t cases = 100000;

/* Everything one timetable is made of. */
struct world {
    struct rnd r;
    const char *home; /* the zone of most */
    bool crowded;     /* all lessons are of one older child, on two days */
    int64_t monday;   /* local day number */
    struct schedule_policy policy;
    struct schedule_change change;
    struct week_span hours[SCHOOLS + MENTORS + CHILDREN][SPANS_MAX];
    int64_t holidays[SCHOOLS][2];
    struct school_facts schools[SCHOOLS];
    struct employment_fact jobs[MENTORS][SCHOOLS + 1];
    struct mentor_facts mentors[MENTORS];
    struct gate_span gates[CHILDREN][2];
    struct advice advice[CHILDREN][2];
    struct treatment_block treatments[CHILDREN][2];
    struct section_block sections[CHILDREN][2];
    struct approved_line lines[CHILDREN][SUBJECTS];
    struct child_facts children[CHILDREN];
    struct booked_lesson booked[OFFERS];
    struct schedule_facts facts;
};

static const char *zone(struct world *w)
{
    return rnd_percent(&w->r, 60) ? w->home : oracle_zones[rnd_in(&w->r, 0, ORACLE_ZONES - 1)];
}

static int pick(struct rnd *r, int percent, int64_t lo, int64_t hi, int otherwise)
{
    return rnd_percent(r, percent) ? (int)rnd_in(r, lo, hi) : otherwise;
}

/* One or two spans a weekday, now and then none, sometimes touching. */
static size_t some_hours(struct rnd *r, struct week_span *out)
{
    size_t n = 0;

    for (int d = 1; d <= 7 && rnd_percent(r, 98); d++) {
        int from = 60 * (int)rnd_in(r, 7, 10), to = 60 * (int)rnd_in(r, 15, 20), noon = 60 * 12;

        if (rnd_percent(r, 5))
            continue;
        if (rnd_percent(r, 60)) {
            out[n++] = (struct week_span){ d, 0, 1440 };
        } else if (rnd_percent(r, 30)) {
            out[n++] = (struct week_span){ d, noon + 30 * (int)rnd_in(r, 0, 1), to };
            out[n++] = (struct week_span){ d, from, noon };
        } else {
            out[n++] = (struct week_span){ d, from, to };
        }
    }
    return n;
}

/* A period around the week: mostly all of it, else beginning or ending within it. */
static struct day_span around(struct world *w, int percent)
{
    struct day_span s = { w->monday - 40, w->monday + 40 };

    if (rnd_percent(&w->r, percent))
        s.last = w->monday + rnd_in(&w->r, -1, 6);
    if (rnd_percent(&w->r, percent))
        s.first = w->monday + rnd_in(&w->r, 0, 6);
    if (rnd_percent(&w->r, 20))
        s.last = s.last > w->monday + 6 ? INT64_MAX : s.last;
    return s;
}

/* An instant of the week, on a whole five minutes. */
static int64_t instant(struct world *w)
{
    return (w->monday * 1440 + 5 * rnd_in(&w->r, -2 * 288, 9 * 288)) * MS_PER_MIN;
}

static void random_policy(struct world *w)
{
    struct rnd *r = &w->r;
    struct schedule_policy *p = &w->policy;

    *p = schedule_policy_default();
    p->day_from_minute = pick(r, 20, 0, 600, p->day_from_minute);
    p->day_to_minute = pick(r, 20, 900, 1440, p->day_to_minute);
    p->distance_to_minute = pick(r, 20, 840, 1440, p->distance_to_minute);
    p->online_break_minutes = pick(r, 50, 0, 20, p->online_break_minutes);
    p->long_break_lessons = pick(r, 50, 3, 5, p->long_break_lessons);
    p->turn_round_minutes = pick(r, 20, 0, 15, p->turn_round_minutes);
    p->rest_weekdays = rnd_percent(r, 20) ? (unsigned)rnd_in(r, 0, 127) * 2u : 0;
    p->hours_hard = pick(r, 50, 0, 1, 0);
    p->screen_hard = pick(r, 20, 0, 1, 0);
    for (int g = 1; g < SCHEDULE_GRADES && rnd_percent(r, 50); g++) /* a centre of its own mind */
        p->lesson_minutes[g] = p->screen_lesson_minutes[g] = 45;
    p->norm_week_minutes = pick(r, 30, 100, 400, p->norm_week_minutes);
    p->part_time_percent = pick(r, 20, 5, 100, p->part_time_percent);
    p->group_max = pick(r, 20, 2, 3, p->group_max);
    p->late_change_minutes = pick(r, 30, 0, 6000, p->late_change_minutes);
}

static void random_people(struct world *w)
{
    struct rnd *r = &w->r;
    size_t h = 0;

    for (int s = 0; s < SCHOOLS; s++, h++) {
        w->holidays[s][0] = w->monday + rnd_in(r, -20, 20);
        w->holidays[s][1] = w->monday + rnd_in(r, 0, 20);
        w->schools[s] = (struct school_facts){ .id = { 50 + s },
                                               .tz = zone(w),
                                               .hours = w->hours[h],
                                               .hours_n = some_hours(r, w->hours[h]),
                                               .holidays = w->holidays[s],
                                               .holidays_n = 2,
                                               .year = { w->monday - rnd_in(r, 0, 30),
                                                         w->monday + rnd_in(r, 5, 30) } };
    }
    for (int m = 0; m < MENTORS; m++, h++) {
        size_t n = 0;

        for (int s = 0; s < SCHOOLS; s++)
            if (rnd_percent(r, 95))
                w->jobs[m][n++] = (struct employment_fact){
                    { 50 + s }, around(w, 8), (int)rnd_in(r, 3, 40) * 20, rnd_percent(r, 70)
                };
        if (rnd_percent(r, 20))
            w->jobs[m][n++] =
                (struct employment_fact){ { 50 }, around(w, 20), 60, rnd_percent(r, 50) };
        w->mentors[m] = (struct mentor_facts){ .id = { 10 + m },
                                               .tz = zone(w),
                                               .hours = w->hours[h],
                                               .hours_n = some_hours(r, w->hours[h]),
                                               .employments = w->jobs[m],
                                               .employments_n = n };
    }
}

static struct advice random_advice(struct world *w, struct week_span *hours)
{
    struct rnd *r = &w->r;

    return (struct advice){
        .days = around(w, 8),
        .lesson_minutes = pick(r, 20, 20, 45, 0),
        .lessons_per_day = pick(r, 20, 1, 5, 0),
        .week_minutes = pick(r, 30, 60, 300, 0),
        .screen_lesson_minutes = pick(r, 30, 15, 30, 0),
        .screen_day_minutes = pick(r, 30, 30, 120, 0),
        .rest_weekdays = rnd_percent(r, 30) ? 1u << rnd_in(r, 1, 7) : 0,
        .hours = hours,
        .hours_n = rnd_percent(r, 20) ? some_hours(r, hours) : 0,
    };
}

static void random_child(struct world *w, int c)
{
    struct rnd *r = &w->r;
    struct child_facts *k = &w->children[c];
    int64_t split = rnd_percent(r, 10) ? instant(w) : INT64_MAX / 2;

    *k = (struct child_facts){ .id = { 20 + c },
                               .school = { 50 + rnd_in(r, 0, SCHOOLS - 1) },
                               .grade = (int)rnd_in(r, w->crowded ? 7 : 1, 11),
                               .gates = w->gates[c],
                               .gates_n = 2,
                               .recommendations = w->advice[c],
                               .recommendations_n = (size_t)rnd_in(r, 1, 2),
                               .treatments = w->treatments[c],
                               .treatments_n = (size_t)rnd_in(r, 0, 2),
                               .sections = w->sections[c],
                               .sections_n = (size_t)rnd_in(r, 0, 2),
                               .lines = w->lines[c],
                               .lines_n = (size_t)pick(r, 20, 1, 2, SUBJECTS),
                               .group_to_ms = rnd_percent(r, 85) ? INT64_MAX : instant(w) };
    k->tz = rnd_percent(r, 60) ? w->schools[k->school.v - 50].tz : zone(w);
    /* Two spans with or without a hole between them, the second perhaps with a gate down. */
    w->gates[c][0] = (struct gate_span){ 0, split, rnd_percent(r, 3) ? 1 : 0 };
    w->gates[c][1] =
        (struct gate_span){ split < INT64_MAX / 2 && rnd_percent(r, 50) ? split + MS_PER_HOUR
                                                                        : split,
                            INT64_MAX, rnd_percent(r, 50) ? 2 : 0 };
    w->advice[c][0] = random_advice(w, w->hours[SCHOOLS + MENTORS + c]);
    w->advice[c][1] = (struct advice){ .days = around(w, 30),
                                       .lessons_per_day = pick(r, 30, 1, 5, 0),
                                       .lesson_minutes = pick(r, 30, 20, 45, 0) };
    for (int i = 0; i < 2; i++) {
        int64_t t = instant(w), s = instant(w);
        bool online = rnd_percent(r, 40);

        w->treatments[c][i] =
            (struct treatment_block){ 200 + c * 2 + i, t, t + rnd_in(r, 1, 5) * MS_PER_HOUR };
        w->sections[c][i] = (struct section_block){ 300 + c * 2 + i, s, s + MS_PER_HOUR, online,
                                                    online ? 0 : (int)rnd_in(r, 0, 8) * 5 };
    }
    for (int i = 0; i < SUBJECTS; i++)
        w->lines[c][i] =
            (struct approved_line){ 7 + i, around(w, 8), (int)rnd_in(r, 1, 8) * 40,
                                    (int)rnd_in(r, 2, 20) * 40,
                                    rnd_percent(r, 30) ? 5 * rnd_in(r, 0, 60) * MS_PER_MIN : 0 };
}

static void random_world(struct world *w)
{
    /* Mondays about the changes of the clocks, and the turn of the year. */
    static const int64_t mondays[] = {
        20703, 20745, 20752, 20759, 20780, 20815, 20885, 20892, 20913
    };

    w->crowded = rnd_percent(&w->r, 25);
    w->home = oracle_zones[rnd_in(&w->r, 0, ORACLE_ZONES - 1)];
    w->monday = mondays[rnd_in(&w->r, 0, 8)];
    random_policy(w);
    random_people(w);
    for (int c = 0; c < CHILDREN; c++)
        random_child(w, c);
    w->facts =
        (struct schedule_facts){ .policy = &w->policy,
                                 .now_ms = rnd_percent(&w->r, 10) ? instant(w)
                                                                  : (w->monday - 3) * MS_PER_DAY,
                                 .booked = w->booked,
                                 .children = w->children,
                                 .children_n = CHILDREN,
                                 .schools = w->schools,
                                 .schools_n = SCHOOLS };
}

/* The start is mostly a likely hour of the first child's day. */
static int64_t random_start(struct world *w, const struct child_facts *c)
{
    int64_t days = w->crowded ? 2 : 7;
    int64_t utc = w->monday * 1440 + rnd_in(&w->r, 0, days * 288 - 1) * 5;

    if (rnd_percent(&w->r, 85)) {
        struct oracle_wall wall = oracle_wall(c->tz, utc);

        utc += 5 * rnd_in(&w->r, 94, 206) - wall.minute / 5 * 5; /* 07:50 to 17:10 */
    }
    return (utc + (rnd_percent(&w->r, 20) ? rnd_in(&w->r, 0, 4) : 0)) * MS_PER_MIN;
}

static struct booked_lesson random_lesson(struct world *w, int64_t id)
{
    struct rnd *r = &w->r;
    int first = w->crowded ? 0 : (int)rnd_in(r, 0, CHILDREN - 1);
    int64_t length = rnd_percent(r, 90) ? 5 * rnd_in(r, 3, 8) : rnd_in(r, 5, 60);
    struct booked_lesson l = { .id = { id },
                               .state = LESSON_SCHEDULED,
                               .mentor = { 10 + rnd_in(r, 0, MENTORS - 1) },
                               .children_n = w->crowded ? 1 : pick(r, 20, 2, 3, 1),
                               .subject = 7 + rnd_in(r, 0, SUBJECTS - 1),
                               .in_person = rnd_percent(r, 15),
                               .make_up = rnd_percent(r, 10) };

    for (int i = 0; i < l.children_n; i++) {
        const struct child_facts *c = &w->children[(first + i) % CHILDREN];

        l.children[i] = c->id;
        l.schools[i] = c->school;
    }
    l.start_ms = random_start(w, &w->children[first]);
    l.end_ms = l.start_ms + length * MS_PER_MIN;
    return l;
}

static void random_change(struct world *w)
{
    struct rnd *r = &w->r;

    w->facts.change = rnd_percent(r, 15) ? &w->change : NULL;
    w->change = (struct schedule_change){ .absent = { pick(r, 50, 10, 12, 0) },
                                          .was_start_ms = rnd_percent(r, 30) ? instant(w) : 0,
                                          .reason = rnd_percent(r, 70),
                                          .family_told = rnd_percent(r, 80),
                                          .all_told = rnd_percent(r, 70) };
}

static bool agree(const struct violation *v, const struct oracle_found *f)
{
    return v->rule == f->rule && v->hard == f->hard && v->who.v == f->who &&
           v->other.v == f->other && v->block == f->block &&
           (f->limit == -1 || v->limit == f->limit) && (f->value == -1 || v->value == f->value);
}

struct tally {
    int64_t cases, accepted;
    int64_t seen[RULE_COUNT];
};

static void explain(const char *what, const struct booked_lesson *p, enum schedule_rule rule,
                    int64_t who, int64_t other, int64_t limit, int64_t value)
{
    fail_msg("%s R%d %s who %lld other %lld limit %lld value %lld; start %lld, %lld min", what,
             schedule_rule_number(rule), schedule_rule_name(rule), (long long)who, (long long)other,
             (long long)limit, (long long)value, (long long)(p->start_ms / MS_PER_MIN),
             (long long)((p->end_ms - p->start_ms) / MS_PER_MIN));
}

/* Rules and oracle on one lesson. Returns whether it is accepted. */
static bool offer(struct world *w, const struct booked_lesson *p, struct tally *t)
{
    static struct violation v[ORACLE_MAX];
    static struct oracle_answer a;
    size_t n = schedule_judge(p, &w->facts, v, ORACLE_MAX);

    oracle_judge(p, &w->facts, &a);
    assert_in_range(n, 0, ORACLE_MAX);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;

        while (k < a.n && !agree(&v[i], &a.found[k]))
            k++;
        if (k == a.n)
            explain("not confirmed:", p, v[i].rule, v[i].who.v, v[i].other.v, v[i].limit,
                    v[i].value);
        t->seen[v[i].rule]++;
    }
    for (size_t k = 0; k < a.n; k++) {
        size_t i = 0;

        while (i < n && !agree(&v[i], &a.found[k]))
            i++;
        if (i == n)
            explain("passed over:", p, a.found[k].rule, a.found[k].who, a.found[k].other,
                    a.found[k].limit, a.found[k].value);
    }
    t->cases++;
    t->accepted += schedule_hard(v, n) == 0;
    return schedule_hard(v, n) == 0;
}

static bool oracle_accepts(struct world *w, const struct booked_lesson *p)
{
    static struct oracle_answer a;

    oracle_judge(p, &w->facts, &a);
    for (size_t i = 0; i < a.n; i++)
        if (a.found[i].hard)
            return false;
    return true;
}

/* What is offered instead: exactly the starts that the oracle accepts, first come first served. */
static void offer_slots(struct world *w)
{
    struct booked_lesson p = random_lesson(w, 0);
    const struct child_facts *c = &w->children[p.children[0].v - 20];
    struct slot_query q = { .mentor = p.mentor,
                            .children_n = p.children_n,
                            .duration_ms = 5 * rnd_in(&w->r, 3, 8) * MS_PER_MIN,
                            .from_ms = p.start_ms,
                            .now_ms = w->facts.now_ms,
                            .step_ms = 5 * MS_PER_MIN,
                            .days = 2,
                            .tz = c->tz,
                            .facts = &w->facts,
                            .lesson = &p };
    int from = w->policy.day_from_minute;
    int64_t out[6], start = p.start_ms > q.now_ms ? p.start_ms : q.now_ms + MS_PER_MIN;
    int64_t day = oracle_wall(c->tz, start / MS_PER_MIN).day, last = day + 1;
    size_t n, k = 0;

    q.mentor.v = p.mentor.v = 10;
    memcpy(q.children, p.children, sizeof q.children);
    n = schedule_free_slots(&q, w->booked, w->facts.booked_n, &w->policy, out, 6);
    for (int64_t at = start; k < 6; at += MS_PER_MIN) {
        struct oracle_wall wall = oracle_wall(c->tz, at / MS_PER_MIN);

        if (wall.day > last)
            break;
        p.start_ms = at;
        p.end_ms = at + q.duration_ms;
        if (wall.minute < from || (wall.minute - from) % 5 != 0 || !oracle_accepts(w, &p))
            continue;
        if (k >= n || out[k] != at)
            fail_msg("free slot %zu of %zu: %lld expected", k, n, (long long)(at / MS_PER_MIN));
        k++;
        at = p.end_ms - MS_PER_MIN;
    }
    assert_int_equal(k, n);
}

static void one_timetable(uint64_t seed, struct tally *t)
{
    static struct world w;

    memset(&w, 0, sizeof w);
    w.r.s = seed;
    random_world(&w);
    for (int i = 0; i < OFFERS; i++) {
        struct booked_lesson p = random_lesson(&w, 100 + i);
        bool fits;

        random_change(&w);
        w.facts.mentor = &w.mentors[p.mentor.v - 10];
        if (w.facts.booked_n > 0 && rnd_percent(&w.r, 10))
            p.id = w.booked[rnd_in(&w.r, 0, (int64_t)w.facts.booked_n - 1)].id; /* a move */
        fits = offer(&w, &p, t);
        /* Most of what fits is kept; also some that does not, for the rows may be old. */
        if (p.id.v == 100 + i && (fits || rnd_percent(&w.r, 8))) {
            p.lost = rnd_percent(&w.r, 10);
            if (rnd_percent(&w.r, 5))
                p.state = rnd_percent(&w.r, 50) ? LESSON_CANCELLED : LESSON_RESCHEDULED;
            if (rnd_percent(&w.r, 5))
                p.children_n = 0; /* a seminar */
            w.booked[w.facts.booked_n++] = p;
        }
    }
    if (seed % 4 == 0) {
        w.facts.change = NULL;
        w.facts.mentor = &w.mentors[0];
        for (int i = 0; i < MENTORS; i++)
            w.mentors[i].id.v = 10; /* whoever is asked for: */
        for (size_t i = 0; i < w.facts.booked_n; i++)
            w.booked[i].mentor.v = 10;
        offer_slots(&w);
    }
}

static void rules_and_oracle_agree(void **state)
{
    /* Only a whole week, a section's own fitting and wall time have these; unit tests do. */
    static const enum schedule_rule elsewhere[] = {
        RULE_NONE,     RULE_ORDER,     RULE_SKIPPED_TIME, RULE_DOUBLED_TIME,  RULE_UNKNOWN_ZONE,
        RULE_WEEK_MIN, RULE_LIGHT_DAY, RULE_LINE_OWED,    RULE_SECTION_COUNT,
    };
    uint64_t seed = rnd_seed(0x5eed08);
    struct tally t = { 0 };

    (void)state;
    oracle_init();
    for (uint64_t i = 0; t.cases < cases; i++) {
        if (i % 1000 == 0)
            print_message("           %lld lessons, seed %#llx\n", (long long)t.cases,
                          (unsigned long long)(seed + i));
        one_timetable(seed + i, &t);
    }
    for (int r = 0; r < RULE_COUNT; r++) {
        bool expected = true;

        for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
            expected = expected && elsewhere[i] != (enum schedule_rule)r;
        if (expected && t.seen[r] == 0)
            fail_msg("no timetable violates %s", schedule_rule_name((enum schedule_rule)r));
        if (getenv("PARTA_TEST_TALLY"))
            print_message("           %8lld %s\n", (long long)t.seen[r],
                          schedule_rule_name((enum schedule_rule)r));
    }
    print_message("           %lld lessons, %lld accepted\n", (long long)t.cases,
                  (long long)t.accepted);
    assert_true(t.accepted > t.cases / 20);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_and_oracle_agree),
    };

    if (argc > 1)
        cases = strtoll(argv[1], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
