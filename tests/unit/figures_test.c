/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/figures: which figures a row counts in. The causes add up, and
 * the sums are the totals of the month report over the same lines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/domain/figures.h"
#include "server/render/figures.h"
#include "tests/support/rnd.h"

#define OCTOBER_6 INT64_C(1791270000000) /* 2026, 10:00 in Moscow */

#define B(f) (UINT32_C(1) << FIGURE_##f)

static void every_kind_counts_where_it_should(void **state)
{
    static const struct {
        const char *kind;
        uint32_t bits;
    } want[] = {
        { "ahead", B(PLANNED) | B(AHEAD) },
        { "moved", B(MOVED) },
        { "cancelled_none", B(PLANNED) | B(CANCELLED) },
        { "cancelled_child", B(PLANNED) | B(CANCELLED) | B(CANCELLED_CHILD) },
        { "cancelled_mentor", B(PLANNED) | B(CANCELLED) | B(CANCELLED_MENTOR) },
        { "cancelled_school", B(PLANNED) | B(CANCELLED) | B(CANCELLED_SCHOOL) },
        { "cancelled_centre", B(PLANNED) | B(CANCELLED) | B(CANCELLED_CENTRE) },
        { "held", B(PLANNED) | B(HELD) },
        { "partial", B(PLANNED) | B(PARTIAL) },
        { "child_no_show", B(PLANNED) | B(NOT_HELD) | B(NO_SHOW) | B(CHILD_NO_SHOW) },
        { "teacher_no_show", B(PLANNED) | B(NOT_HELD) | B(NO_SHOW) | B(MENTOR_NO_SHOW) },
        { "both_no_show", B(PLANNED) | B(NOT_HELD) | B(NO_SHOW) | B(BOTH_NO_SHOW) },
        { "tech_child", B(PLANNED) | B(NOT_HELD) | B(TECHNICAL) | B(TECH_CHILD) },
        { "tech_teacher", B(PLANNED) | B(NOT_HELD) | B(TECHNICAL) | B(TECH_MENTOR) },
        { "tech_server", B(PLANNED) | B(NOT_HELD) | B(TECHNICAL) | B(TECH_SERVER) },
        { "no_overlap", B(PLANNED) | B(NOT_HELD) | B(NO_OVERLAP) },
        { "not_held", B(PLANNED) | B(NOT_HELD) | B(TOO_SHORT) },
    };
    size_t kinds = 0;

    (void)state;
    while (figure_kind((int)kinds))
        kinds++;
    assert_int_equal(kinds, sizeof want / sizeof want[0]);
    for (size_t i = 0; i < kinds; i++) {
        struct figure_row r = { .contact_ms = 0 };

        assert_true(figure_kind_parse(want[i].kind, &r));
        assert_int_equal(figures_of(&r), want[i].bits);
        r.contact_ms = 1;
        assert_int_equal(figures_of(&r),
                         want[i].bits | (r.status == LINE_OVER ? B(CONTACT) : UINT32_C(0)));
    }
    assert_null(figure_kind((int)kinds));
    assert_null(figure_kind(-1));
}

static void words_are_read_and_others_refused(void **state)
{
    struct figure_row r = { 0 };
    enum figure f;
    enum figures_by by;
    char kinds[FIGURE_KINDS_MAX];

    (void)state;
    for (int i = 0; i < FIGURE_COUNT; i++) {
        assert_true(figure_parse(figure_name((enum figure)i), &f));
        assert_int_equal(f, i);
        assert_true(figure_kinds((enum figure)i, kinds));
        assert_true(kinds[0] == ',' && strlen(kinds) > 2 && kinds[strlen(kinds) - 1] == ',');
    }
    for (int i = 0; i < FIGURES_BY_COUNT; i++) {
        assert_true(figures_by_parse(figures_by_name((enum figures_by)i), &by));
        assert_int_equal(by, i);
    }
    assert_false(figure_parse("holds", &f));
    assert_false(figures_by_parse("week", &by));
    assert_false(figure_kind_parse("cancelled", &r));
    assert_false(figure_kinds(FIGURE_COUNT, kinds));
    assert_true(figure_kinds(FIGURE_NO_SHOW, kinds));
    assert_string_equal(kinds, ",both_no_show,teacher_no_show,child_no_show,");
    assert_string_equal(figure_name(FIGURE_COUNT), "unknown");
    assert_string_equal(share_name(SHARE_COUNT), "unknown");
    assert_string_equal(figures_by_name(FIGURES_BY_COUNT), "unknown");
}

/* What is shown of nothing is nothing, never 0 %. */
static void a_share_is_floored_and_never_of_nothing(void **state)
{
    struct figures f = { 0 };

    (void)state;
    assert_int_equal(figures_share(&f, SHARE_HELD), -1);
    f.n[FIGURE_PLANNED] = f.n[FIGURE_AHEAD] = 4;
    assert_int_equal(figures_share(&f, SHARE_HELD), -1);
    f.n[FIGURE_PLANNED] = 7;
    f.n[FIGURE_HELD] = 2;
    f.n[FIGURE_NO_SHOW] = 1;
    assert_int_equal(figures_share(&f, SHARE_HELD), 666);
    assert_int_equal(figures_share(&f, SHARE_NO_SHOW), 333);
    assert_int_equal(figures_share(&f, SHARE_TECHNICAL), 0);
    assert_int_equal(figures_share(&f, SHARE_COUNT), -1);
}

/* A line as a random month might have it. */
static struct report_line line(struct rnd *r, int i)
{
    struct report_line l = { .lesson = { i + 1 }, .start_ms = OCTOBER_6 + i * MS_PER_HOUR };

    l.end_ms = l.start_ms + 40 * MS_PER_MIN;
    l.status = (enum line_status)rnd_in(r, 0, LINE_MOVED);
    if (l.status == LINE_CANCELLED)
        l.side = (enum side)rnd_in(r, 1, SIDE_COUNT - 1);
    if (l.status == LINE_OVER) {
        l.outcome = (enum outcome)rnd_in(r, 0, OUTCOME_COUNT - 1);
        l.code = 'P';
        l.contact_ms = rnd_percent(r, 70) ? rnd_in(r, 0, 40 * MS_PER_MIN) : 0;
    }
    return l;
}

static void check_sums(const struct figures *f)
{
    const int64_t *n = f->n;

    assert_int_equal(n[FIGURE_PLANNED], n[FIGURE_AHEAD] + n[FIGURE_HELD] + n[FIGURE_PARTIAL] +
                                            n[FIGURE_NOT_HELD] + n[FIGURE_CANCELLED]);
    assert_int_equal(n[FIGURE_NOT_HELD], n[FIGURE_NO_SHOW] + n[FIGURE_TECHNICAL] +
                                             n[FIGURE_NO_OVERLAP] + n[FIGURE_TOO_SHORT]);
    assert_int_equal(n[FIGURE_NO_SHOW],
                     n[FIGURE_CHILD_NO_SHOW] + n[FIGURE_MENTOR_NO_SHOW] + n[FIGURE_BOTH_NO_SHOW]);
    assert_int_equal(n[FIGURE_TECHNICAL],
                     n[FIGURE_TECH_CHILD] + n[FIGURE_TECH_MENTOR] + n[FIGURE_TECH_SERVER]);
    assert_int_equal(n[FIGURE_CANCELLED], n[FIGURE_CANCELLED_CHILD] + n[FIGURE_CANCELLED_MENTOR] +
                                              n[FIGURE_CANCELLED_SCHOOL] +
                                              n[FIGURE_CANCELLED_CENTRE]);
}

static void the_sums_are_the_totals_of_the_report(void **state)
{
    struct rnd r = { rnd_seed(20261130) };

    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct report_line lines[40];
        struct report_totals t;
        struct figures f = { 0 }, twice = { 0 };
        size_t n = (size_t)rnd_in(&r, 0, 39);

        for (size_t i = 0; i < n; i++) {
            struct figure_row row;

            lines[i] = line(&r, (int)i);
            row = (struct figure_row){ .status = lines[i].status,
                                       .side = lines[i].side,
                                       .outcome = lines[i].outcome,
                                       .contact_ms = lines[i].contact_ms };
            figures_add(&f, &row, 1);
        }
        assert_int_equal(month_report_totals(lines, n, "Europe/Moscow", &t), ERR_OK);
        check_sums(&f);
        assert_int_equal(f.n[FIGURE_PLANNED], t.planned);
        assert_int_equal(f.n[FIGURE_AHEAD], t.ahead);
        assert_int_equal(f.n[FIGURE_HELD], t.held);
        assert_int_equal(f.n[FIGURE_PARTIAL], t.partial);
        assert_int_equal(f.n[FIGURE_NOT_HELD], t.not_held);
        assert_int_equal(f.n[FIGURE_CHILD_NO_SHOW], t.by_outcome[OUTCOME_CHILD_NO_SHOW]);
        assert_int_equal(f.n[FIGURE_TECH_SERVER], t.by_outcome[OUTCOME_TECH_SERVER]);
        assert_int_equal(f.n[FIGURE_CANCELLED], t.cancelled);
        assert_int_equal(f.n[FIGURE_CANCELLED_SCHOOL], t.cancelled_by[SIDE_SCHOOL]);
        assert_int_equal(f.n[FIGURE_MOVED], t.moved);
        assert_int_equal(f.n[FIGURE_CONTACT], t.contact_ms);
        figures_sum(&twice, &f);
        figures_sum(&twice, &f);
        assert_int_equal(twice.n[FIGURE_PLANNED], 2 * t.planned);
    }
}

/* Each has a name and a sentence of its own in both languages; the table prints them all, and a
 * name that a spreadsheet would take for a formula is none. */
static void definitions_stand_beside_the_figures(void **state)
{
    static const char *const langs[] = { "ru", "en" };
    struct figures
        f = { .n = { [FIGURE_PLANNED] = 3, [FIGURE_HELD] = 2, [FIGURE_CONTACT] = 90 * 1000 } },
        none = { 0 };
    const struct figures_line lines[] = { { "=HYPERLINK(1)", &f }, { NULL, &none } };
    uint8_t *bytes;
    size_t len;

    (void)state;
    for (size_t l = 0; l < 2; l++) {
        assert_int_equal(figures_csv(FIGURES_BY_SCHOOL, lines, 2, langs[l], &bytes, &len), ERR_OK);
        for (int i = 0; i < FIGURE_WORDS; i++) {
            const struct figure_words *w = figure_words(langs[l], i);

            assert_true(w->name && w->name[0] && w->about && w->about[0]);
            assert_non_null(memmem(bytes, len, w->name, strlen(w->name)));
            assert_non_null(memmem(bytes, len, w->about, strlen(w->about)));
            for (int k = 0; k < i; k++)
                assert_string_not_equal(w->about, figure_words(langs[l], k)->about);
        }
        assert_non_null(memmem(bytes, len, "\r\n'=HYPERLINK(1),3,0,2,", 23));
        assert_non_null(memmem(bytes, len, ",1.5,66.6,0.0,0.0\r\n", 19));
        assert_non_null(memmem(bytes, len, ",0.0,,,\r\n", 9)); /* shares of nothing */
        mem_free(bytes);
    }
    assert_ptr_equal(figure_words("de", 0), figure_words("en", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_counts_where_it_should),
        cmocka_unit_test(words_are_read_and_others_refused),
        cmocka_unit_test(a_share_is_floored_and_never_of_nothing),
        cmocka_unit_test(the_sums_are_the_totals_of_the_report),
        cmocka_unit_test(definitions_stand_beside_the_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
