/* SPDX-License-Identifier: Apache-2.0
 *
 * The figures from the register: what the statement counts is what the rule
 * says of each row, looked up one by one; the rows behind a figure are as many
 * as it says; the sums are the totals of the month's reports; and no question
 * reads the whole timetable.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/zone.h"
#include "server/store/figures.h"
#include "server/store/report.h"
#include "tests/support/rnd.h"
#include "tests/support/world.h"

#define NOW INT64_C(1796500000000)   /* 5 December 2026 */
#define NOV_1 INT64_C(1793491200000) /* 1 November 2026, 00:00 UTC */
#define ROWS 400

static void ok(enum err e)
{
    assert_int_equal(e, ERR_OK);
}

static int setup(void **state)
{
    struct world *w = mem_zalloc(1, sizeof *w);

    world_open(w, NOW);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    mem_free(*state);
    return 0;
}

static void run(struct world *w, const char *sql)
{
    struct query q = query_on(w->db, sql);

    ok(query_run(&q));
}

static const char *const outcomes[] = {
#define X(code, name) name,
    OUTCOME_LIST(X)
#undef X
};

/* What was computed for a lesson: an older run that must not count, and the newest. */
static void computed(struct world *w, struct rnd *r, struct lesson_id lesson, int children)
{
    for (int n = 1; n <= 2; n++) {
        struct query q = query_on(
            w->db, "INSERT INTO attendance (lesson, run, algo_version, computed_ms, outcome, "
                   "contact_ms, percent_tenths, credit_quarters, waited, presence_ms, late_ms, "
                   "early_ms, overrun_ms, gaps, gaps_ms, gap_causes) VALUES ($1, $2, 1, 0, 'held', "
                   "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) RETURNING id");
        int64_t id;

        query_int(&q, lesson.v);
        query_int(&q, n);
        ok(query_insert(&q, &id));
        for (int k = 0; k < children; k++) {
            struct query c = query_on(
                w->db, "INSERT INTO attendance_child (attendance, child, outcome, auto_code, "
                       "contact_ms, percent_tenths, presence_ms, late_ms, early_ms, overrun_ms, "
                       "gaps, gaps_ms, gap_causes, uncertain_ms, screen_ms) "
                       "SELECT $1, child, $3, 'P', $4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM ("
                       "SELECT child FROM lesson_child WHERE lesson = $2 "
                       "ORDER BY child LIMIT 1 OFFSET $5)");

            query_int(&c, id);
            query_int(&c, lesson.v);
            query_text(&c, outcomes[rnd_in(r, 0, OUTCOME_COUNT - 1)]);
            query_int(&c, rnd_percent(r, 60) ? rnd_in(r, 1, 30 * MS_PER_MIN) : 0);
            query_int(&c, k);
            ok(query_run(&c));
        }
    }
}

static void set_state(struct world *w, struct lesson_id lesson, const char *state, const char *side)
{
    struct query q = query_on(w->db, "UPDATE lesson SET state = $2, side = $3 WHERE id = $1");

    query_int(&q, lesson.v);
    query_text(&q, state);
    query_text(&q, side);
    ok(query_run(&q));
}

/* One lesson of random people, kind and fate; some near the ends of the month. */
static void random_lesson(struct world *w, struct rnd *r, int i)
{
    static const char *const sides[] = { "child", "mentor", "school", "centre" };
    static const char *const kinds[] = { "lesson", "introduction", "practice", "lesson" };
    int64_t hour = rnd_percent(r, 30) ? rnd_in(r, -24, 24) + (rnd_percent(r, 50) ? 30 * 24 : 0)
                                      : rnd_in(r, -20 * 24, 50 * 24);
    bool both = rnd_percent(r, 20);
    struct lesson_plan p = {
        .org = w->centre,
        .subject_id = w->subject,
        .mentor = w->mentors[rnd_in(r, 0, 1)],
        .children = { w->children[both ? 0 : rnd_in(r, 0, 1)], w->children[1] },
        .children_n = both ? 2 : 1,
        .start_ms = NOV_1 + hour * MS_PER_HOUR + i * 1000, /* nobody twice at once: see below */
        .tz = "Europe/Moscow",
        .kind = both ? "group" : kinds[rnd_in(r, 0, 3)],
        .state = LESSON_PLANNED
    };
    struct lesson_id id;

    p.end_ms = p.start_ms + 1000; /* a second, so that no two of them overlap */
    ok(lesson_add(w->db, &p, NOW, w->coordinator, &id));
    switch (rnd_in(r, 0, 9)) {
    case 0: /* stays a draft */
        break;
    case 1:
        set_state(w, id, "rescheduled", "none");
        break;
    case 2:
    case 3:
        set_state(w, id, "cancelled", sides[rnd_in(r, 0, 3)]);
        break;
    case 4:
        set_state(w, id, "scheduled", "none");
        break;
    default:
        set_state(w, id, "computed", "none");
        computed(w, r, id, p.children_n);
    }
}

static void random_month(struct world *w, uint64_t seed)
{
    struct rnd r = { seed };

    run(w, "UPDATE org SET tz = 'Asia/Kamchatka' WHERE id = (SELECT MAX(id) FROM org "
           "WHERE type = 'school')");
    ok(db_begin(w->db));
    for (int i = 0; i < ROWS; i++)
        random_lesson(w, &r, i);
    ok(db_commit(w->db));
}

/* ---- the same, slowly: each row looked up by itself and put to the rule ------------------ */

static enum line_status status_of(struct db *db, int64_t lesson, int64_t child,
                                  struct figure_row *row)
{
    struct query q = query_on(db, "SELECT ac.outcome, ac.contact_ms FROM attendance a "
                                  "JOIN attendance_child ac ON ac.attendance = a.id "
                                  "WHERE a.lesson = $1 AND ac.child = $2 ORDER BY a.run");
    enum line_status s = LINE_AHEAD;
    char word[24];

    query_int(&q, lesson);
    query_int(&q, child);
    while (query_row(&q)) { /* the last one counts */
        row_text(&q, word, sizeof word);
        row->contact_ms = row_int(&q);
        for (int o = 0; o < OUTCOME_COUNT; o++)
            if (strcmp(outcomes[o], word) == 0)
                row->outcome = (enum outcome)o;
        s = LINE_OVER;
    }
    ok(query_end(&q));
    return s;
}

static struct figures slowly(struct world *w, const struct figures_query *f, int64_t mentor_only)
{
    struct query q = query_on(w->db, "SELECT l.id, lc.child, l.mentor, lc.school, l.start_ms, "
                                     "l.state, l.side, l.kind, o.tz FROM lesson_child lc "
                                     "JOIN lesson l ON l.id = lc.lesson "
                                     "JOIN org o ON o.id = lc.school");
    struct figures sum = { 0 };

    while (query_row(&q)) {
        int64_t lesson = row_int(&q), child = row_int(&q), mentor = row_int(&q),
                school = row_int(&q), start = row_int(&q);
        struct figure_row row = { .status = LINE_AHEAD };
        char state[24], side[12], kind[16], tz[ZONE_NAME_MAX];
        struct local_time at;

        row_text(&q, state, sizeof state);
        row_text(&q, side, sizeof side);
        row_text(&q, kind, sizeof kind);
        row_text(&q, tz, sizeof tz);
        ok(zone_local(tz, start, &at));
        if (strcmp(state, "planned") == 0 || strcmp(kind, "practice") == 0 ||
            (f->school.v && f->school.v != school) || (mentor_only && mentor_only != mentor) ||
            at.year * 12 + at.month < f->year * 12 + f->month ||
            at.year * 12 + at.month >= f->year * 12 + f->month + f->months)
            continue;
        if (strcmp(state, "cancelled") == 0) {
            row.status = LINE_CANCELLED;
            assert_true(side_parse(side, &row.side));
        } else if (strcmp(state, "rescheduled") == 0) {
            row.status = LINE_MOVED;
        } else {
            row.status = status_of(w->db, lesson, child, &row);
        }
        figures_add(&sum, &row, 1);
    }
    ok(query_end(&q));
    return sum;
}

static void same(const struct figures *a, const struct figures *b)
{
    for (int i = 0; i < FIGURE_COUNT; i++) {
        if (a->n[i] != b->n[i])
            print_error("%s\n", figure_name((enum figure)i));
        assert_int_equal(a->n[i], b->n[i]);
    }
}

static void the_statement_agrees_with_the_rule_row_by_row(void **state)
{
    struct world *w = *state;
    uint64_t seed = rnd_seed(20261101);

    print_message("           seed %llu\n", (unsigned long long)seed);
    random_month(w, seed);
    for (int by = 0; by < FIGURES_BY_COUNT; by++) {
        struct figures_query f = {
            .centre = w->centre, .year = 2026, .month = 10, .months = 3, .by = (enum figures_by)by
        };
        struct figures_list l;
        struct figures all;

        ok(figures_load(w->db, &f, &l));
        all = slowly(w, &f, 0);
        same(&l.total, &all);
        assert_int_equal(l.n, by == FIGURES_BY_CENTRE || by == FIGURES_BY_SUBJECT ? 1
                              : by == FIGURES_BY_MONTH                            ? 3
                                                                                  : 2);
        for (size_t i = 0; i < l.n; i++) {
            struct figures_query one = f;
            int64_t mentor = by == FIGURES_BY_MENTOR ? l.items[i].key : 0;

            if (by == FIGURES_BY_SCHOOL)
                one.school.v = l.items[i].key;
            if (by == FIGURES_BY_MONTH) {
                one.months = 1;
                one.month = (int)(l.items[i].key % 12) + 1;
                assert_int_equal(l.items[i].key / 12, 2026);
            }
            all = slowly(w, &one, mentor);
            same(&l.items[i].figures, &all);
        }
        figures_list_free(&l);
    }
}

/* Every number opens the rows that it is made of: as many, each once, all of its kinds. */
static void the_rows_behind_a_figure_are_as_many_as_it_says(void **state)
{
    struct world *w = *state;
    struct figures_query f = { .centre = w->centre, .year = 2026, .month = 11, .months = 1 };
    struct figures_list l;

    random_month(w, 7);
    ok(figures_load(w->db, &f, &l));
    for (int i = 0; i < FIGURE_COUNT; i++) {
        int64_t n = 0, contact_ms = 0;
        bool more = true;

        for (size_t page = 0; more; page++) {
            struct figures_items rows;

            ok(figures_rows(w->db, &f, (enum figure)i, page * 7, 7, &rows));
            for (size_t k = 0; k < rows.n; k++) {
                assert_true(figures_of(&rows.items[k].row) & UINT32_C(1) << i);
                contact_ms += rows.items[k].row.contact_ms;
            }
            n += (int64_t)rows.n;
            more = rows.more;
            figures_items_free(&rows);
        }
        assert_true(n > 0);
        assert_int_equal(i == FIGURE_CONTACT ? contact_ms : n, l.total.n[i]);
    }
    figures_list_free(&l);
}

static void the_sums_are_the_totals_of_the_reports(void **state)
{
    struct world *w = *state;
    struct figures_query f = { .centre = w->centre, .year = 2026, .month = 11, .months = 1 };
    struct report_filter filter = { .centre = w->centre, .year = 2026, .month = 11 };
    struct report_totals sum = { 0 };
    struct report_head_list heads;
    struct figures_list l;

    random_month(w, 11);
    ok(report_list(w->db, &filter, &heads));
    assert_int_equal(heads.n, 4); /* two mentors, two children */
    for (size_t i = 0; i < heads.n; i++) {
        struct month_report r;

        ok(report_load(w->db, &heads.items[i].key, NOW, &r));
        sum.planned += r.totals.planned;
        sum.ahead += r.totals.ahead;
        sum.held += r.totals.held;
        sum.partial += r.totals.partial;
        sum.not_held += r.totals.not_held;
        sum.cancelled += r.totals.cancelled;
        sum.moved += r.totals.moved;
        sum.contact_ms += r.totals.contact_ms;
        for (int o = 0; o < OUTCOME_COUNT; o++)
            sum.by_outcome[o] += r.totals.by_outcome[o];
        month_report_deinit(&r);
    }
    report_head_list_free(&heads);
    ok(figures_load(w->db, &f, &l));
    assert_true(sum.held > 0 && sum.moved > 0 && sum.cancelled > 0);
    assert_int_equal(l.total.n[FIGURE_PLANNED], sum.planned);
    assert_int_equal(l.total.n[FIGURE_AHEAD], sum.ahead);
    assert_int_equal(l.total.n[FIGURE_HELD], sum.held);
    assert_int_equal(l.total.n[FIGURE_PARTIAL], sum.partial);
    assert_int_equal(l.total.n[FIGURE_NOT_HELD], sum.not_held);
    assert_int_equal(l.total.n[FIGURE_CANCELLED], sum.cancelled);
    assert_int_equal(l.total.n[FIGURE_MOVED], sum.moved);
    assert_int_equal(l.total.n[FIGURE_CONTACT], sum.contact_ms);
    assert_int_equal(l.total.n[FIGURE_MENTOR_NO_SHOW], sum.by_outcome[OUTCOME_TEACHER_NO_SHOW]);
    assert_int_equal(l.total.n[FIGURE_TECH_CHILD], sum.by_outcome[OUTCOME_TECH_CHILD]);
    figures_list_free(&l);
}

/* Each table is found by an index: nothing is read from end to end. */
static void no_question_reads_the_whole_timetable(void **state)
{
    const char *const sql[] = { figures_count_sql, figures_rows_sql };
    struct world *w = *state;

    for (int i = 0; i < 2; i++) {
        char text[4096], line[400];
        struct query q;
        bool by_time = false;

        assert_true(str_format(text, sizeof text, "EXPLAIN QUERY PLAN %s", sql[i]));
        q = query_on(w->db, text);
        for (int p = 0; p < (i ? 8 : 9); p++)
            query_int(&q, 1);
        while (query_row(&q)) {
            row_skip(&q);
            row_skip(&q);
            row_skip(&q);
            row_text(&q, line, sizeof line);
            if (strncmp(line, "SCAN", 4) == 0)
                print_error("%s\n", line);
            assert_true(strncmp(line, "SCAN", 4) != 0);
            by_time =
                by_time || strstr(line, "lesson_org_time (org=? AND start_ms>? AND start_ms<?)");
        }
        ok(query_end(&q));
        assert_true(by_time);
    }
}

static void bad_stretches_are_refused(void **state)
{
    struct world *w = *state;
    struct figures_query f = { .centre = w->centre, .year = 2026, .month = 11, .months = 0 };
    struct figures_items rows;
    struct figures_list l;

    assert_int_equal(figures_load(w->db, &f, &l), ERR_INVAL);
    f.months = FIGURES_MONTHS_MAX + 1;
    assert_int_equal(figures_load(w->db, &f, &l), ERR_INVAL);
    assert_int_equal(figures_rows(w->db, &f, FIGURE_HELD, 0, 1, &rows), ERR_INVAL);
    f.months = FIGURES_MONTHS_MAX; /* over the end of the year */
    ok(figures_load(w->db, &f, &l));
    assert_int_equal(l.n, 0);
    assert_int_equal(l.total.n[FIGURE_PLANNED], 0);
    figures_list_free(&l);
    f.month = 13;
    assert_int_equal(figures_load(w->db, &f, &l), ERR_INVAL);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(the_statement_agrees_with_the_rule_row_by_row),
        T(the_rows_behind_a_figure_are_as_many_as_it_says),
        T(the_sums_are_the_totals_of_the_reports),
        T(no_question_reads_the_whole_timetable),
        T(bad_stretches_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
