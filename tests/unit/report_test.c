/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/report: totals from lines, refusal of unequal ones, the month
 * of a lesson, lack of memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/domain/report.h"
#include "server/domain/zone.h"
#include "tests/support/rnd.h"

static int64_t utc(int y, int mo, int d, int h, int mi)
{
    return date_to_days(y, mo, d) * MS_PER_DAY + h * MS_PER_HOUR + mi * MS_PER_MIN;
}

/* A report of October 2026, Moscow. */
static void report_of_october(struct month_report *r)
{
    month_report_init(r);
    r->year = 2026;
    r->month = 10;
    assert_int_equal(report_text(&r->tz, "Europe/Moscow"), ERR_OK);
}

static struct report_line *add(struct month_report *r, int day, int hour, enum outcome outcome,
                               char code, int contact_min)
{
    struct report_line *l;

    assert_int_equal(month_report_add(r, &l), ERR_OK);
    l->lesson.v = (int64_t)r->lines_n;
    l->start_ms = utc(2026, 10, day, hour, 0);
    l->end_ms = l->start_ms + 40 * MS_PER_MIN;
    l->status = LINE_OVER;
    l->outcome = outcome;
    l->code = code;
    l->contact_ms = contact_min * MS_PER_MIN;
    return l;
}

static struct report_line *add_off(struct month_report *r, int day, enum line_status status,
                                   enum side side)
{
    struct report_line *l = add(r, day, 9, OUTCOME_HELD, 0, 0);

    l->status = status;
    l->side = side;
    return l;
}

/* A month with one of each: 16 lines. */
static void a_full_month(struct month_report *r)
{
    struct report_line *l;

    report_of_october(r);
    add(r, 1, 8, OUTCOME_HELD, 'P', 40)->credit_quarters = 4;
    l = add(r, 1, 10, OUTCOME_HELD, 'L', 33);
    l->late_ms = 7 * MS_PER_MIN;
    l->credit_quarters = 4;
    l->screen_ms = 30 * MS_PER_MIN;
    add(r, 2, 8, OUTCOME_PARTIAL, 'E', 18)->credit_quarters = 1;
    add(r, 5, 8, OUTCOME_CHILD_NO_SHOW, 'N', 0)->waited = true;
    add(r, 5, 10, OUTCOME_CHILD_NO_SHOW, 'I', 0); /* the whole of the 5th is missed */
    add(r, 6, 8, OUTCOME_CHILD_NO_SHOW, 'M', 0);
    add(r, 6, 10, OUTCOME_HELD, 'P', 40)->credit_quarters = 4; /* not the whole of the 6th */
    add(r, 7, 8, OUTCOME_TECH_SERVER, 'S', 5);
    add(r, 8, 8, OUTCOME_TEACHER_NO_SHOW, 'W', 0)->make_up_by.v = 99;
    add(r, 9, 8, OUTCOME_TECH_CHILD, 'T', 0);
    l = add(r, 9, 10, OUTCOME_HELD, 'P', 38);
    l->make_up_of.v = 77;
    l->credit_quarters = 4;
    add_off(r, 12, LINE_CANCELLED, SIDE_CHILD);
    add_off(r, 13, LINE_CANCELLED, SIDE_MENTOR);
    add_off(r, 14, LINE_CANCELLED, SIDE_MENTOR)->make_up_by.v = 98;
    add_off(r, 15, LINE_MOVED, SIDE_NONE);
    add_off(r, 30, LINE_AHEAD, SIDE_NONE);
    assert_int_equal(month_report_close(r), ERR_OK);
}

static void totals_follow_from_the_lines(void **state)
{
    struct month_report r;
    const struct report_totals *t = &r.totals;

    (void)state;
    a_full_month(&r);
    assert_int_equal(t->planned, 15);
    assert_int_equal(t->ahead, 1);
    assert_int_equal(t->held, 4);
    assert_int_equal(t->partial, 1);
    assert_int_equal(t->not_held, 6);
    assert_int_equal(t->cancelled, 3);
    assert_int_equal(t->planned, t->ahead + t->held + t->partial + t->not_held + t->cancelled);
    assert_int_equal(t->moved, 1);
    assert_int_equal(t->by_outcome[OUTCOME_CHILD_NO_SHOW], 3);
    assert_int_equal(t->by_outcome[OUTCOME_TECH_SERVER], 1);
    assert_int_equal(t->cancelled_by[SIDE_CHILD], 1);
    assert_int_equal(t->cancelled_by[SIDE_MENTOR], 2);
    assert_int_equal(t->make_ups_done, 1);
    assert_int_equal(t->make_ups_owed, 3); /* server, child's technique, one of the mentor's */
    assert_int_equal(t->missed, 3);
    assert_int_equal(t->missed_ill, 1);
    assert_int_equal(t->days_missed, 1);
    assert_int_equal(t->late, 1);
    assert_int_equal(t->contact_ms, (40 + 33 + 18 + 40 + 5 + 38) * MS_PER_MIN);
    assert_int_equal(t->screen_ms, 30 * MS_PER_MIN);
    assert_int_equal(t->credit_quarters, 17);
    assert_int_equal(t->waited, 1);
    assert_int_equal(month_report_check(&r, NULL), REPORT_FINE);
    month_report_deinit(&r);
}

static void unequal_totals_are_refused(void **state)
{
    struct month_report r;
    struct report_totals good;
    unsigned char *bytes = (unsigned char *)&r.totals;
    size_t refused = 0;
    int line = 7;

    (void)state;
    a_full_month(&r);
    good = r.totals;
    /* Whatever number is changed, it is noticed. (The struct has no padding.) */
    for (size_t i = 0; i < sizeof r.totals; i++) {
        r.totals = good;
        bytes[i] ^= 1;
        refused += month_report_check(&r, &line) == REPORT_TOTALS;
        assert_int_equal(line, 0);
    }
    assert_int_equal(refused, sizeof r.totals);
    r.totals = good;
    r.lines[0].contact_ms -= 1;
    assert_int_equal(month_report_check(&r, NULL), REPORT_TOTALS);
    month_report_deinit(&r);
}

static void impossible_lines_are_named(void **state)
{
    struct month_report r;
    int line;

    (void)state;
    for (int n = 0; n < 11; n++) {
        enum report_fault want = REPORT_LINE;
        struct report_line *l;

        a_full_month(&r);
        l = &r.lines[2];
        switch (n) {
        case 0:
            l->contact_ms = 41 * MS_PER_MIN;
            break;
        case 1:
            l->code = 'Z';
            break;
        case 2:
            l->code = 0;
            break;
        case 3:
            l->end_ms = l->start_ms;
            break;
        case 4:
            l->status = LINE_CANCELLED; /* nobody's side */
            break;
        case 5:
            l->status = LINE_AHEAD; /* with a code */
            break;
        case 6:
            l->outcome = (enum outcome)OUTCOME_COUNT;
            break;
        case 7:
            l->credit_quarters = 5;
            break;
        case 8:
            l->start_ms -= 40 * MS_PER_DAY;
            l->end_ms -= 40 * MS_PER_DAY;
            want = REPORT_MONTH;
            break;
        case 9:
            l->no = 4;
            want = REPORT_ORDER;
            break;
        default:
            l->start_ms = r.lines[0].start_ms;
            l->end_ms = r.lines[0].end_ms;
            want = REPORT_ORDER;
        }
        assert_int_equal(month_report_check(&r, &line), want);
        assert_int_equal(line, 3);
        month_report_deinit(&r);
    }
}

static void an_empty_month_needs_a_reason(void **state)
{
    struct month_report r;

    (void)state;
    report_of_october(&r);
    assert_int_equal(month_report_close(&r), ERR_OK);
    assert_int_equal(month_report_check(&r, NULL), REPORT_EMPTY);
    assert_int_equal(report_text(&r.empty_reason, "hospital"), ERR_OK);
    assert_int_equal(month_report_check(&r, NULL), REPORT_FINE);
    r.month = 13;
    assert_int_equal(month_report_check(&r, NULL), REPORT_ZONE);
    r.month = 10;
    assert_int_equal(report_text(&r.tz, ""), ERR_OK);
    assert_null(r.tz);
    assert_int_equal(month_report_check(&r, NULL), REPORT_ZONE);
    assert_int_equal(month_report_close(&r), ERR_NOTFOUND);
    month_report_deinit(&r);
}

static void lines_are_ordered_by_time(void **state)
{
    struct month_report r;

    (void)state;
    report_of_october(&r);
    add(&r, 9, 8, OUTCOME_HELD, 'P', 40);
    add(&r, 3, 8, OUTCOME_HELD, 'P', 40);
    add(&r, 3, 7, OUTCOME_HELD, 'P', 40);
    assert_int_equal(month_report_check(&r, NULL), REPORT_ORDER);
    assert_int_equal(month_report_close(&r), ERR_OK);
    assert_int_equal(r.lines[0].lesson.v, 3);
    assert_int_equal(r.lines[1].lesson.v, 2);
    assert_int_equal(r.lines[2].lesson.v, 1);
    assert_int_equal(r.lines[2].no, 3);
    assert_int_equal(month_report_check(&r, NULL), REPORT_FINE);
    month_report_deinit(&r);
}

static void days_are_the_schools(void **state)
{
    struct month_report r;
    struct report_totals t;

    (void)state;
    /* 20:00Z and 22:00Z of the 5th: one day in UTC, two in Moscow (23:00 and 01:00). */
    report_of_october(&r);
    add(&r, 5, 20, OUTCOME_CHILD_NO_SHOW, 'N', 0);
    add(&r, 5, 22, OUTCOME_HELD, 'P', 40);
    assert_int_equal(month_report_totals(r.lines, 2, "UTC", &t), ERR_OK);
    assert_int_equal(t.days_missed, 0);
    assert_int_equal(month_report_totals(r.lines, 2, "Europe/Moscow", &t), ERR_OK);
    assert_int_equal(t.days_missed, 1);
    assert_int_equal(month_report_totals(r.lines, 2, "Mars/Olympus", &t), ERR_NOTFOUND);
    month_report_deinit(&r);
}

static void a_lesson_belongs_to_the_month_of_its_school(void **state)
{
    /* 1 October 08:00 in Kamchatka is 30 September 23:00 in Moscow. */
    int64_t at = utc(2026, 9, 30, 20, 0), from, to;

    (void)state;
    assert_true(report_in_month("Asia/Kamchatka", at, 2026, 10));
    assert_false(report_in_month("Asia/Kamchatka", at, 2026, 9));
    assert_true(report_in_month("Europe/Moscow", at, 2026, 9));
    assert_false(report_in_month("Europe/Moscow", at, 2026, 10));
    assert_false(report_in_month("Mars/Olympus", at, 2026, 9));
    assert_int_equal(report_month_bounds("Asia/Kamchatka", 2026, 10, &from, &to), ERR_OK);
    assert_int_equal(from, utc(2026, 9, 30, 12, 0));
    assert_int_equal(to, utc(2026, 10, 31, 12, 0));
    assert_int_equal(report_month_bounds("Europe/Berlin", 2026, 10, &from, &to), ERR_OK);
    assert_int_equal(from, utc(2026, 9, 30, 22, 0));
    assert_int_equal(to, utc(2026, 10, 31, 23, 0)); /* an hour longer: the clocks go back */
    assert_int_equal(report_month_bounds("UTC", 2026, 12, &from, &to), ERR_OK);
    assert_int_equal(to, utc(2027, 1, 1, 0, 0));
    assert_int_equal(report_month_bounds("UTC", 2026, 13, &from, &to), ERR_NOTFOUND);
    assert_int_equal(report_month_bounds("UTC", 2026, 0, &from, &to), ERR_NOTFOUND);
}

static void bounds_and_membership_agree(void **state)
{
    static const char *const zones[] = { "Europe/Moscow", "Asia/Kamchatka", "America/New_York",
                                         "Asia/Beirut" };
    struct rnd r = { rnd_seed(0x5eed06) };

    (void)state;
    for (int i = 0; i < 2000; i++) {
        const char *tz = zones[rnd_in(&r, 0, 3)];
        int year = (int)rnd_in(&r, 2024, 2030), month = (int)rnd_in(&r, 1, 12);
        int64_t from, to, at;

        assert_int_equal(report_month_bounds(tz, year, month, &from, &to), ERR_OK);
        at = rnd_percent(&r, 50) ? from + rnd_in(&r, -1, 1) : to + rnd_in(&r, -1, 1);
        assert_int_equal(report_in_month(tz, at, year, month), at >= from && at < to);
    }
}

static void lack_of_memory_is_survived(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        long before = mem_live();
        struct report_line *l = NULL;
        struct month_report r;
        enum err e;

        month_report_init(&r);
        r.year = 2026;
        r.month = 10;
        mem_fail_after(n);
        e = report_text(&r.tz, "UTC");
        for (int i = 0; i < 40 && e == ERR_OK; i++) {
            e = month_report_add(&r, &l);
            if (e == ERR_OK) {
                l->start_ms = utc(2026, 10, 1 + i % 28, 8, 0);
                e = report_text(&l->topic, "Дроби");
            }
        }
        if (e == ERR_OK)
            e = report_text(&r.signs[SIGN_SCHOOL].name, "X");
        if (e == ERR_OK)
            e = month_report_close(&r);
        mem_fail_after(-1);
        month_report_deinit(&r);
        assert_int_equal(mem_live(), before);
        if (e == ERR_OK) {
            assert_true(n > 40);
            return;
        }
        assert_int_equal(e, ERR_NOMEM);
    }
}

static void names_are_stable(void **state)
{
    enum side s = SIDE_NONE;

    (void)state;
    assert_string_equal(line_status_name(LINE_CANCELLED), "cancelled");
    assert_string_equal(line_status_name((enum line_status)9), "unknown");
    assert_string_equal(family_word_name(FAMILY_SILENT), "silent");
    assert_string_equal(side_name(SIDE_CENTRE), "centre");
    assert_true(side_parse("mentor", &s));
    assert_int_equal(s, SIDE_MENTOR);
    assert_false(side_parse("none", &s));
    assert_false(side_parse(NULL, &s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_follow_from_the_lines),
        cmocka_unit_test(unequal_totals_are_refused),
        cmocka_unit_test(impossible_lines_are_named),
        cmocka_unit_test(an_empty_month_needs_a_reason),
        cmocka_unit_test(lines_are_ordered_by_time),
        cmocka_unit_test(days_are_the_schools),
        cmocka_unit_test(a_lesson_belongs_to_the_month_of_its_school),
        cmocka_unit_test(bounds_and_membership_agree),
        cmocka_unit_test(lack_of_memory_is_survived),
        cmocka_unit_test(names_are_stable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
