/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/schedule and slots: each rule at its bounds, conflicts that
 * name the other lesson, and proposals that pass the rules themselves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/domain/schedule.h"
#include "tests/support/rnd.h"

#define MIN MS_PER_MIN

/* UTC ms. Monday 5 October 2026 is the day of most tests; Moscow is 3 h east. */
static int64_t utc(int y, int mo, int d, int h, int mi)
{
    return date_to_days(y, mo, d) * MS_PER_DAY + h * MS_PER_HOUR + mi * MIN;
}

static int64_t moscow(int h, int mi)
{
    return utc(2026, 10, 5, h, mi) - 3 * MS_PER_HOUR;
}

#define NOW utc(2026, 10, 1, 0, 0)

static struct booked_lesson lesson(int64_t id, int64_t start, int64_t minutes, int64_t mentor,
                                   int64_t child)
{
    return (struct booked_lesson){ .id = { id },
                                   .state = LESSON_SCHEDULED,
                                   .start_ms = start,
                                   .end_ms = start + minutes * MIN,
                                   .mentor = { mentor },
                                   .children = { { child } },
                                   .children_n = 1 };
}

/* The only violation of plan, or RULE_NONE; fails if there are several. */
static enum schedule_rule only(const struct booked_lesson *plan, const struct booked_lesson *booked,
                               size_t n, struct violation *v)
{
    struct schedule_policy policy = schedule_policy_default();
    struct violation found[4];
    size_t count = schedule_check(plan, booked, n, &policy, NOW, found, 4);

    assert_true(count <= 1);
    if (count == 0)
        return RULE_NONE;
    assert_true(found[0].hard);
    assert_int_equal(found[0].lesson.v, plan->id.v);
    *v = found[0];
    return v->rule;
}

static void lengths_and_starts_have_bounds(void **state)
{
    static const struct {
        int64_t start, end;
        enum schedule_rule want;
        int64_t limit, value;
    } t[] = {
        { 0, 10 * MIN, RULE_NONE, 0, 0 }, { 0, 10 * MIN - 1, RULE_TOO_SHORT, 10, 9 },
        { 0, 45 * MIN, RULE_NONE, 0, 0 }, { 0, 45 * MIN + 1, RULE_TOO_LONG, 45, 46 },
        { 0, 0, RULE_ORDER, 0, 0 },       { 0, -1, RULE_ORDER, 0, 0 },
    };
    struct booked_lesson p = lesson(1, moscow(10, 0), 40, 10, 20);
    struct violation v;

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        p.start_ms = moscow(10, 0) + t[i].start;
        p.end_ms = moscow(10, 0) + t[i].end;
        assert_int_equal(only(&p, NULL, 0, &v), t[i].want);
        if (t[i].want != RULE_NONE) {
            assert_int_equal(v.limit, t[i].limit);
            assert_int_equal(v.value, t[i].value);
            assert_int_equal(schedule_rule_number(v.rule), 1);
        }
    }
    p = lesson(1, NOW, 40, 10, 20);
    assert_int_equal(only(&p, NULL, 0, &v), RULE_PAST);
    p = lesson(1, NOW + 1, 40, 10, 20);
    assert_int_equal(only(&p, NULL, 0, &v), RULE_NONE);
    p.children_n = 0;
    assert_int_equal(only(&p, NULL, 0, &v), RULE_ORDER);
    p.children_n = LESSON_CHILDREN_MAX + 1;
    assert_int_equal(only(&p, NULL, 0, &v), RULE_ORDER);
    {
        /* more people than there is room for: nothing beyond the room is read */
        struct schedule_policy policy = schedule_policy_default();
        struct booked_lesson other = lesson(2, p.start_ms, 40, 11, 20);

        other.children_n = LESSON_CHILDREN_MAX + 1;
        for (int i = 0; i < LESSON_CHILDREN_MAX; i++)
            p.children[i].v = 20 + i;
        assert_int_equal(schedule_check(&p, &other, 1, &policy, NOW, NULL, 0), 2);
    }
    p = lesson(1, NOW + 1, 40, 10, 20);
    p.children_n = 1;
    p.start_ms = INT64_MIN;
    p.end_ms = INT64_MAX; /* must not wrap round to a short lesson */
    {
        struct schedule_policy policy = schedule_policy_default();
        struct violation found[4];

        assert_int_equal(schedule_check(&p, NULL, 0, &policy, NOW, found, 4), 2);
        assert_int_equal(found[0].rule, RULE_TOO_LONG);
        assert_int_equal(found[1].rule, RULE_PAST);
    }
}

static void a_child_is_in_one_lesson_at_a_time(void **state)
{
    static const struct {
        int start_min, length;
        int64_t overlap_min; /* 0: fine */
    } t[] = {
        { -40, 40, 0 }, /* 09:20-10:00 touches 10:00-10:40 */
        { 40, 40, 0 },  /* 10:40-11:20 touches */
        { -39, 40, 1 }, { 39, 40, 1 }, { 0, 40, 40 }, { 10, 20, 20 }, /* inside */
        { -2, 45, 40 },                                               /* around */
        { 300, 40, 0 },
    };
    struct booked_lesson other = lesson(2, moscow(10, 0), 40, 11, 20);
    struct violation v;

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct booked_lesson p =
            lesson(1, moscow(10, 0) + t[i].start_min * MIN, t[i].length, 10, 20);

        if (t[i].overlap_min == 0) {
            assert_int_equal(only(&p, &other, 1, &v), RULE_NONE);
            continue;
        }
        assert_int_equal(only(&p, &other, 1, &v), RULE_CHILD_OVERLAP);
        assert_int_equal(v.value, t[i].overlap_min);
        assert_int_equal(v.other.v, 2);
        assert_int_equal(v.who.v, 20);
        assert_int_equal(schedule_rule_number(v.rule), 2);
        p.children[0].v = 21;
        assert_int_equal(only(&p, &other, 1, &v), RULE_NONE);
    }
}

static void a_mentor_needs_five_minutes_between_lessons(void **state)
{
    static const struct {
        int start_min;
        enum schedule_rule want;
        int64_t value;
    } t[] = {
        { 45, RULE_NONE, 0 },           { 44, RULE_TURN_ROUND, 4 },
        { 40, RULE_TURN_ROUND, 0 },     { 39, RULE_MENTOR_OVERLAP, 1 },
        { 0, RULE_MENTOR_OVERLAP, 40 }, { -39, RULE_MENTOR_OVERLAP, 1 },
        { -40, RULE_TURN_ROUND, 0 },    { -44, RULE_TURN_ROUND, 4 },
        { -45, RULE_NONE, 0 },
    };
    struct booked_lesson other = lesson(2, moscow(10, 0), 40, 10, 21);
    struct violation v;

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct booked_lesson p = lesson(1, moscow(10, 0) + t[i].start_min * MIN, 40, 10, 20);

        assert_int_equal(only(&p, &other, 1, &v), t[i].want);
        if (t[i].want == RULE_NONE)
            continue;
        assert_int_equal(v.value, t[i].value);
        assert_int_equal(v.limit, t[i].want == RULE_TURN_ROUND ? 5 : 0);
        assert_int_equal(v.other.v, 2);
        assert_int_equal(v.who.v, 10);
        assert_int_equal(schedule_rule_number(v.rule), 3);
        p.mentor.v = 11;
        assert_int_equal(only(&p, &other, 1, &v), RULE_NONE);
    }
}

static void every_conflict_is_named(void **state)
{
    struct schedule_policy policy = schedule_policy_default();
    struct booked_lesson booked[] = {
        lesson(2, moscow(10, 0), 40, 10, 20), /* mentor and child */
        lesson(3, moscow(10, 20), 40, 11, 21),
        lesson(4, moscow(11, 0), 40, 12, 22), /* nobody of the plan */
        lesson(5, moscow(10, 43), 40, 10, 23),
    };
    struct booked_lesson p = lesson(1, moscow(10, 0), 40, 10, 20);
    struct violation v[8];

    (void)state;
    p.children[1].v = 21;
    p.children_n = 2;
    assert_int_equal(schedule_check(&p, booked, 4, &policy, NOW, v, 8), 4);
    assert_int_equal(v[0].rule, RULE_CHILD_OVERLAP);
    assert_int_equal(v[0].other.v, 2);
    assert_int_equal(v[1].rule, RULE_MENTOR_OVERLAP);
    assert_int_equal(v[1].other.v, 2);
    assert_int_equal(v[2].rule, RULE_CHILD_OVERLAP);
    assert_int_equal(v[2].other.v, 3);
    assert_int_equal(v[2].who.v, 21);
    assert_int_equal(v[2].value, 20);
    assert_int_equal(v[3].rule, RULE_TURN_ROUND);
    assert_int_equal(v[3].other.v, 5);
    assert_int_equal(v[3].value, 3);
    /* More than fits is counted and not written. */
    memset(v, 0, sizeof v);
    assert_int_equal(schedule_check(&p, booked, 4, &policy, NOW, v, 1), 4);
    assert_int_equal(v[1].rule, RULE_NONE);
    assert_int_equal(schedule_check(&p, booked, 4, &policy, NOW, NULL, 0), 4);
}

static void what_is_off_the_schedule_is_in_nobodys_way(void **state)
{
    struct booked_lesson p = lesson(7, moscow(10, 0), 40, 10, 20);
    struct booked_lesson other = lesson(7, moscow(10, 5), 40, 10, 20);
    struct violation v;

    (void)state;
    assert_int_equal(only(&p, &other, 1, &v), RULE_NONE); /* itself, being moved */
    for (int s = LESSON_PLANNED; s <= LESSON_RESCHEDULED; s++) {
        struct schedule_policy policy = schedule_policy_default();
        bool gone = s == LESSON_CANCELLED || s == LESSON_RESCHEDULED;

        other.id.v = 8;
        other.state = (enum lesson_state)s;
        assert_int_equal(schedule_check(&p, &other, 1, &policy, NOW, NULL, 0), gone ? 0 : 2);
    }
    other.state = LESSON_SCHEDULED;
    other.mentor.v = p.mentor.v = 0; /* nobody is in nobody's way */
    {
        struct schedule_policy policy = schedule_policy_default();

        assert_int_equal(schedule_check(&p, &other, 1, &policy, NOW, NULL, 0), 1);
    }
    other.mentor.v = p.mentor.v = 10;
    /* Two plans without a row are still two lessons. */
    p.id.v = other.id.v = 0;
    other.state = LESSON_SCHEDULED;
    {
        struct schedule_policy policy = schedule_policy_default();

        assert_int_equal(schedule_check(&p, &other, 1, &policy, NOW, NULL, 0), 2);
    }
}

static void a_series_meets_itself_across_daylight_saving(void **state)
{
    /* Tuesday 09:00 in Berlin is 10:00 in Moscow on 20 October and 11:00 on 27 October 2026. */
    struct booked_lesson booked = lesson(2, utc(2026, 10, 27, 8, 0), 40, 10, 21); /* 11:00 Moscow */
    struct booked_lesson p = lesson(1, 0, 0, 10, 20);
    struct local_time nine = { .year = 2026, .month = 10, .day = 20, .hour = 9 };
    struct violation v;

    (void)state;
    assert_int_equal(schedule_local("Europe/Berlin", &nine, WHICH_ASK, &p.start_ms, &v), RULE_NONE);
    p.end_ms = p.start_ms + 40 * MIN;
    assert_int_equal(p.start_ms, utc(2026, 10, 20, 7, 0));
    assert_int_equal(only(&p, &booked, 1, &v), RULE_NONE);
    nine.day = 27;
    assert_int_equal(schedule_local("Europe/Berlin", &nine, WHICH_ASK, &p.start_ms, &v), RULE_NONE);
    p.end_ms = p.start_ms + 40 * MIN;
    assert_int_equal(only(&p, &booked, 1, &v), RULE_MENTOR_OVERLAP);
}

static void skipped_times_are_refused_and_doubled_ones_asked_about(void **state)
{
    struct local_time t = { .year = 2026, .month = 3, .day = 29, .hour = 2, .minute = 30 };
    int64_t at = 77;
    struct violation v;

    (void)state;
    assert_int_equal(schedule_local("Europe/Berlin", &t, WHICH_ASK, &at, &v), RULE_SKIPPED_TIME);
    assert_int_equal(v.value, utc(2026, 3, 29, 1, 0));
    assert_int_equal(schedule_local("Europe/Berlin", &t, WHICH_FIRST, &at, NULL),
                     RULE_SKIPPED_TIME);
    t.month = 10;
    t.day = 25;
    assert_int_equal(schedule_local("Europe/Berlin", &t, WHICH_ASK, &at, &v), RULE_DOUBLED_TIME);
    assert_int_equal(v.limit, utc(2026, 10, 25, 0, 30));
    assert_int_equal(v.value, utc(2026, 10, 25, 1, 30));
    assert_int_equal(at, 77);
    assert_int_equal(schedule_local("Europe/Berlin", &t, WHICH_FIRST, &at, &v), RULE_NONE);
    assert_int_equal(at, utc(2026, 10, 25, 0, 30));
    assert_int_equal(schedule_local("Europe/Berlin", &t, WHICH_SECOND, &at, &v), RULE_NONE);
    assert_int_equal(at, utc(2026, 10, 25, 1, 30));
    t.hour = 12;
    assert_int_equal(schedule_local("Europe/Berlin", &t, WHICH_SECOND, &at, &v), RULE_NONE);
    assert_int_equal(at, utc(2026, 10, 25, 11, 30));
    assert_int_equal(schedule_local("Europe/Nowhere", &t, WHICH_ASK, &at, &v), RULE_UNKNOWN_ZONE);
    t.month = 13;
    assert_int_equal(schedule_local("Europe/Berlin", &t, WHICH_ASK, &at, &v), RULE_UNKNOWN_ZONE);
}

static enum schedule_rule only_of_day(const struct booked_lesson *plan, const char *tz,
                                      const struct booked_lesson *booked, size_t n,
                                      struct violation *v)
{
    struct schedule_policy policy = schedule_policy_default();
    struct violation found[4];
    size_t count =
        schedule_check_day(plan, (struct user_id){ 20 }, tz, booked, n, &policy, found, 4);

    assert_true(count <= 1);
    if (count == 0)
        return RULE_NONE;
    *v = found[0];
    return v->rule;
}

static void the_day_window_is_the_childs_own(void **state)
{
    struct violation v = { 0 };
    struct booked_lesson p = lesson(1, moscow(8, 0), 40, 10, 20);

    (void)state;
    assert_int_equal(only_of_day(&p, "Europe/Moscow", NULL, 0, &v), RULE_NONE);
    p = lesson(1, moscow(7, 59), 40, 10, 20);
    assert_int_equal(only_of_day(&p, "Europe/Moscow", NULL, 0, &v), RULE_DAY_WINDOW);
    assert_int_equal(v.value, 479);
    assert_int_equal(only_of_day(&p, "Asia/Kamchatka", NULL, 0, &v), RULE_NONE); /* 16:59 there */
    p = lesson(1, moscow(17, 20), 40, 10, 20);
    assert_int_equal(only_of_day(&p, "Europe/Moscow", NULL, 0, &v), RULE_NONE);
    p = lesson(1, moscow(17, 21), 40, 10, 20);
    assert_int_equal(only_of_day(&p, "Europe/Moscow", NULL, 0, &v), RULE_DAY_WINDOW);
    assert_int_equal(v.limit, 1080);
    assert_int_equal(v.value, 1081);
    p = lesson(1, moscow(18, 20), 40, 10, 20);
    p.in_person = true;
    assert_int_equal(only_of_day(&p, "Europe/Moscow", NULL, 0, &v), RULE_NONE);
    p = lesson(1, moscow(18, 21), 40, 10, 20);
    p.in_person = true;
    assert_int_equal(only_of_day(&p, "Europe/Moscow", NULL, 0, &v), RULE_DAY_WINDOW);
    assert_int_equal(v.limit, 1140);
    assert_int_equal(v.value, 1141);
    assert_int_equal(schedule_rule_number(v.rule), 10);
    p = lesson(1, moscow(23, 40), 40, 10, 20); /* over midnight */
    assert_int_equal(only_of_day(&p, "Europe/Moscow", NULL, 0, &v), RULE_DAY_WINDOW);
    assert_int_equal(v.value, 1460);
    p = lesson(1, utc(2026, 10, 4, 7, 0), 40, 10, 20);
    assert_int_equal(only_of_day(&p, "Europe/Moscow", NULL, 0, &v), RULE_REST_DAY);
    assert_int_equal(v.value, 7);
    assert_int_equal(only_of_day(&p, "Mars/Olympus", NULL, 0, &v), RULE_UNKNOWN_ZONE);
}

static void children_have_breaks_and_enough_is_enough(void **state)
{
    struct booked_lesson booked[8];
    struct booked_lesson p = lesson(1, moscow(10, 55), 40, 10, 20);
    struct violation v = { 0 };

    (void)state;
    booked[0] = lesson(2, moscow(10, 0), 40, 11, 20);
    assert_int_equal(only_of_day(&p, "Europe/Moscow", booked, 1, &v), RULE_NONE);
    p = lesson(1, moscow(10, 54), 40, 10, 20);
    assert_int_equal(only_of_day(&p, "Europe/Moscow", booked, 1, &v), RULE_BREAK);
    assert_int_equal(v.value, 14);
    assert_int_equal(v.limit, 15);
    assert_int_equal(v.other.v, 2);
    booked[0].in_person = true; /* from the table to the screen: ten minutes */
    p = lesson(1, moscow(10, 50), 40, 10, 20);
    assert_int_equal(only_of_day(&p, "Europe/Moscow", booked, 1, &v), RULE_NONE);
    p = lesson(1, moscow(10, 49), 40, 10, 20);
    assert_int_equal(only_of_day(&p, "Europe/Moscow", booked, 1, &v), RULE_BREAK);
    assert_int_equal(v.value, 9);
    assert_int_equal(v.limit, 10);
    booked[0].in_person = false;
    p = lesson(1, moscow(9, 6), 40, 10, 20);
    assert_int_equal(only_of_day(&p, "Europe/Moscow", booked, 1, &v), RULE_BREAK);
    for (int i = 0; i < 7; i++)
        booked[i] = lesson(2 + i, moscow(8 + i, 0), 40, 11, 20);
    booked[6].state = LESSON_CANCELLED;
    p = lesson(1, moscow(16, 0), 40, 10, 20);
    assert_int_equal(only_of_day(&p, "Europe/Moscow", booked, 7, &v), RULE_NONE);
    booked[6].state = LESSON_SCHEDULED;
    assert_int_equal(only_of_day(&p, "Europe/Moscow", booked, 7, &v), RULE_PER_DAY);
    assert_int_equal(v.value, 8);
    assert_int_equal(v.limit, 7);
    booked[6].children[0].v = 21; /* another child's */
    assert_int_equal(only_of_day(&p, "Europe/Moscow", booked, 7, &v), RULE_NONE);
}

static struct slot_query query(void)
{
    return (struct slot_query){ .mentor = { 10 },
                                .children = { { 20 } },
                                .children_n = 1,
                                .duration_ms = 40 * MIN,
                                .from_ms = moscow(10, 0),
                                .now_ms = NOW,
                                .step_ms = 5 * MIN,
                                .days = 3,
                                .tz = "Europe/Moscow" };
}

static void free_slots_fit_between_lessons(void **state)
{
    struct schedule_policy policy = schedule_policy_default();
    struct booked_lesson booked[] = {
        lesson(2, moscow(10, 0), 40, 10, 21),  /* the mentor's: 5 min */
        lesson(3, moscow(11, 35), 40, 11, 20), /* the child's: 15 min */
    };
    struct slot_query q = query();
    int64_t out[4];

    (void)state;
    assert_int_equal(schedule_free_slots(&q, booked, 2, &policy, out, 4), 4);
    /* 10:45-11:25 would leave only 10 min to the child's 11:35. */
    assert_int_equal(out[0], moscow(12, 30));
    assert_int_equal(out[1], moscow(13, 10));
    q.duration_ms = 35 * MIN;
    assert_int_equal(schedule_free_slots(&q, booked, 2, &policy, out, 4), 4);
    assert_int_equal(out[0], moscow(10, 45));
    q.ignore.v = 2; /* moving that very lesson frees its time */
    assert_int_equal(schedule_free_slots(&q, booked, 2, &policy, out, 4), 4);
    assert_int_equal(out[0], moscow(10, 0));
}

static void whoever_is_not_asked_about_is_not_in_the_way(void **state)
{
    struct schedule_policy policy = schedule_policy_default();
    struct booked_lesson other = lesson(2, moscow(10, 0), 40, 0, 99);
    struct slot_query q = query();
    int64_t out[1];

    (void)state;
    q.mentor.v = 0;
    other.children_n = LESSON_CHILDREN_MAX + 1; /* of the twelfth nothing is known */
    assert_int_equal(schedule_free_slots(&q, &other, 1, &policy, out, 1), 1);
    assert_int_equal(out[0], moscow(10, 0));
    q.lesson = &other; /* without the facts of people it says only whether it is on a screen */
    other.children_n = 1;
    other.in_person = true;
    q.from_ms = moscow(18, 20);
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 1), 1);
    assert_int_equal(out[0], moscow(18, 20));
}

static void free_slots_skip_the_night_and_the_day_of_rest(void **state)
{
    struct schedule_policy policy = schedule_policy_default();
    struct slot_query q = query();
    int64_t out[3];

    (void)state;
    q.from_ms = utc(2026, 10, 3, 14, 21); /* Saturday 17:21: nothing of 40 min fits before 18:00 */
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 3), 3);
    assert_int_equal(out[0], moscow(8, 0)); /* Monday */
    assert_int_equal(out[1], moscow(8, 40));
    q.from_ms = utc(2026, 10, 3, 14, 20);
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 3), 3);
    assert_int_equal(out[0], utc(2026, 10, 3, 14, 20));
    q.days = 1;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 3), 1);
    q.now_ms = moscow(10, 2);
    q.from_ms = 0;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 3), 3);
    assert_int_equal(out[0], moscow(10, 5)); /* the future only */
}

static void senseless_queries_offer_nothing(void **state)
{
    struct schedule_policy policy = schedule_policy_default();
    struct slot_query q;
    int64_t out[2];

    (void)state;
    q = query(), q.duration_ms = 0;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
    q = query(), q.duration_ms = INT64_MAX;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
    q = query(), q.step_ms = 0;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
    q = query(), q.days = 0;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
    q = query(), q.children_n = 0;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
    q = query(), q.tz = "Mars/Olympus";
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
    q = query(), q.step_ms = MS_PER_DAY + 1;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
    q = query(), q.children_n = LESSON_CHILDREN_MAX + 1;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
    q = query(), q.now_ms = INT64_MAX;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
    q = query();
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, NULL, 0), 0);
    /* a window that is shut, and the end of the known years */
    policy.day_from_minute = policy.day_to_minute;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
    policy = schedule_policy_default();
    policy.rest_weekdays = 0;
    policy.day_to_minute = policy.distance_to_minute = 1440;
    q.from_ms = utc(2037, 12, 31, 10, 0);
    q.tz = "UTC";
    q.days = 1000;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
    q.from_ms = utc(2037, 12, 30, 23, 10);
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 1);
    q.days = 63;
    policy.rest_weekdays = 254;
    q.from_ms = moscow(10, 0);
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &policy, out, 2), 0);
}

static size_t faults(const struct slot_query *q, const struct booked_lesson *booked, size_t n,
                     const struct schedule_policy *policy, int64_t at)
{
    struct booked_lesson p = { .start_ms = at,
                               .end_ms = at + q->duration_ms,
                               .mentor = q->mentor,
                               .children_n = q->children_n };
    size_t found;

    memcpy(p.children, q->children, sizeof p.children);
    found = schedule_check(&p, booked, n, policy, q->now_ms, NULL, 0);
    for (int i = 0; i < p.children_n; i++)
        found += schedule_check_day(&p, p.children[i], q->tz, booked, n, policy, NULL, 0);
    return found;
}

/* Proposals must pass the rules, and no start that would have passed earlier may be left out. */
static void proposals_are_exactly_what_the_rules_allow(void **state)
{
    struct schedule_policy policy = schedule_policy_default();
    uint64_t seed = rnd_seed(0x5eed05);
    struct rnd r = { seed };

    (void)state;
    print_message("           seed %#llx\n", (unsigned long long)seed);
    policy.per_day = 100; /* what a whole day says is no matter of free time */
    policy.long_break_lessons = 100;
    for (int round = 0; round < 60; round++) {
        static const char *const zones[] = { "Europe/Moscow", "Europe/Berlin", "Asia/Kamchatka" };
        struct booked_lesson booked[30];
        struct slot_query q = query();
        int64_t out[6], at, day;
        size_t n, k = 0;

        q.tz = zones[rnd_in(&r, 0, 2)];
        q.from_ms = utc(2026, 10, 23, 0, 0) + rnd_in(&r, 0, 2000) * MIN; /* clocks go back */
        q.duration_ms = rnd_in(&r, 2, 9) * 5 * MIN;
        q.children[1].v = 21;
        q.children_n = (int)rnd_in(&r, 1, 2);
        for (int i = 0; i < 30; i++)
            booked[i] = lesson(100 + i, q.from_ms + rnd_in(&r, -60, 4000) * MIN, rnd_in(&r, 10, 45),
                               rnd_in(&r, 10, 11), rnd_in(&r, 20, 22));
        n = schedule_free_slots(&q, booked, 30, &policy, out, 6);
        assert_true(n > 0);
        /* Starts are multiples of the step from 08:00 local, which falls on whole 5 minutes. */
        at = q.from_ms;
        for (day = at; k < n; at += MIN) {
            struct local_time l;

            assert_int_equal(zone_local(q.tz, at, &l), ERR_OK);
            if (l.minute % 5 != 0 || faults(&q, booked, 30, &policy, at) > 0)
                continue;
            if (out[k] != at)
                fail_msg("seed %#llx round %d proposal %zu", (unsigned long long)seed, round, k);
            k++;
            at += q.duration_ms - MIN;
        }
        assert_true(at > day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_and_starts_have_bounds),
        cmocka_unit_test(a_child_is_in_one_lesson_at_a_time),
        cmocka_unit_test(a_mentor_needs_five_minutes_between_lessons),
        cmocka_unit_test(every_conflict_is_named),
        cmocka_unit_test(what_is_off_the_schedule_is_in_nobodys_way),
        cmocka_unit_test(a_series_meets_itself_across_daylight_saving),
        cmocka_unit_test(skipped_times_are_refused_and_doubled_ones_asked_about),
        cmocka_unit_test(the_day_window_is_the_childs_own),
        cmocka_unit_test(children_have_breaks_and_enough_is_enough),
        cmocka_unit_test(free_slots_fit_between_lessons),
        cmocka_unit_test(whoever_is_not_asked_about_is_not_in_the_way),
        cmocka_unit_test(free_slots_skip_the_night_and_the_day_of_rest),
        cmocka_unit_test(senseless_queries_offer_nothing),
        cmocka_unit_test(proposals_are_exactly_what_the_rules_allow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
