/* SPDX-License-Identifier: Apache-2.0
 *
 * See timetable_oracle.h. Nothing here is clever: where a rule speaks of time,
 * the minutes are walked one by one.
 */
#include "tests/support/timetable_oracle.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const oracle_zones[ORACLE_ZONES] = { "Europe/Moscow", "Europe/Berlin",
                                                 "America/New_York", "Asia/Kamchatka",
                                                 "Australia/Lord_Howe" };

#define QUARTERS ((ORACLE_LAST_DAY - ORACLE_FIRST_DAY + 1) * 96)
static int offset_minutes[ORACLE_ZONES][QUARTERS];

void oracle_init(void)
{
    for (int z = 0; z < ORACLE_ZONES; z++) {
        setenv("TZ", oracle_zones[z], 1);
        tzset();
        for (int q = 0; q < QUARTERS; q++) {
            time_t t = ((time_t)ORACLE_FIRST_DAY * 96 + q) * 900;
            struct tm tm;

            localtime_r(&t, &tm);
            offset_minutes[z][q] = (int)(tm.tm_gmtoff / 60);
        }
    }
    setenv("TZ", "UTC", 1);
    tzset();
}

struct oracle_wall oracle_wall(const char *tz, int64_t utc_minute)
{
    int z = 0;
    int64_t local;

    while (strcmp(oracle_zones[z], tz) != 0)
        z++;
    local = utc_minute + offset_minutes[z][utc_minute / 15 - ORACLE_FIRST_DAY * 96];
    return (struct oracle_wall){ .day = local / 1440,
                                 .weekday = (int)((local / 1440 + 3) % 7) + 1,
                                 .minute = (int)(local % 1440) };
}

static int64_t first_of(const struct booked_lesson *b)
{
    return b->start_ms / 60000;
}

static int64_t end_of(const struct booked_lesson *b)
{
    return b->end_ms / 60000;
}

static int64_t length_of(const struct booked_lesson *b)
{
    return end_of(b) - first_of(b);
}

/* 1 January 2026 is day 20454. */
static int month_of(int64_t day)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int64_t left = day >= 20454 + 365 ? day - 20454 - 365 : day - 20454;
    int month = 0;

    while (left >= lengths[month])
        left -= lengths[month++];
    return month + 1;
}

static void found(struct oracle_answer *a, struct oracle_found f)
{
    a->found[a->n++] = f;
}

static bool standing(const struct booked_lesson *b, const struct booked_lesson *plan)
{
    if (b->state == LESSON_CANCELLED || b->state == LESSON_RESCHEDULED)
        return false;
    return plan->id.v == 0 || b->id.v != plan->id.v;
}

static bool is_of(const struct booked_lesson *b, int64_t child)
{
    bool yes = false;

    for (int i = 0; i < b->children_n; i++)
        yes |= b->children[i].v == child;
    return yes;
}

static bool is_at(const struct booked_lesson *b, int64_t school)
{
    bool yes = false;

    for (int i = 0; i < b->children_n; i++)
        yes |= b->schools[i].v == school;
    return yes;
}

static bool on_at(int64_t minute, int64_t from, int64_t to)
{
    return minute >= from && minute < to;
}

/* Minutes that two times have in common. */
static int64_t shared(int64_t a, int64_t a_end, int64_t b, int64_t b_end)
{
    int64_t n = 0;

    for (int64_t m = a; m < a_end; m++)
        n += on_at(m, b, b_end);
    return n;
}

/* Free minutes between two times that share none, walked; stops at most. */
static int64_t free_between(int64_t a, int64_t a_end, int64_t b, int64_t b_end, int64_t most)
{
    int64_t from = a < b ? a_end : b_end, to = a < b ? b : a, n = 0;

    for (int64_t m = from; m < to && n < most; m++)
        n++;
    return n;
}

static bool valid_on(struct day_span s, int64_t day)
{
    return !(day < s.first) && !(day > s.last);
}

static bool open_at(const struct week_span *s, size_t n, struct oracle_wall w)
{
    for (size_t i = 0; i < n; i++)
        if (s[i].weekday == w.weekday && w.minute >= s[i].from_minute && w.minute < s[i].to_minute)
            return true;
    return false;
}

/* Monday of the local week in which the lesson starts. */
static int64_t week_in(const struct booked_lesson *b, const char *tz)
{
    struct oracle_wall w = oracle_wall(tz, first_of(b));

    return w.day - w.weekday + 1;
}

static int64_t day_in_zone(const struct booked_lesson *b, const char *tz)
{
    return oracle_wall(tz, first_of(b)).day;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

#define UNLIMITED 1000000

static void rule_1(const struct booked_lesson *p, const struct schedule_facts *f,
                   struct oracle_answer *a)
{
    int64_t length = length_of(p);

    if (length < f->policy->min_minutes)
        found(a, (struct oracle_found){ RULE_TOO_SHORT, true, 0, 0, 0, f->policy->min_minutes,
                                        length });
    if (length > f->policy->max_minutes)
        found(a, (struct oracle_found){ RULE_TOO_LONG, true, 0, 0, 0, f->policy->max_minutes,
                                        length });
    if (!(p->start_ms > f->now_ms))
        found(a, (struct oracle_found){ RULE_PAST, true, 0, 0, 0, f->now_ms, p->start_ms });
}

static void rules_2_and_3(const struct booked_lesson *p, const struct schedule_facts *f,
                          struct oracle_answer *a)
{
    for (size_t i = 0; i < f->booked_n; i++) {
        const struct booked_lesson *b = &f->booked[i];
        int64_t both = shared(first_of(p), end_of(p), first_of(b), end_of(b));
        int64_t turn = f->policy->turn_round_minutes;
        int64_t gap = free_between(first_of(p), end_of(p), first_of(b), end_of(b), turn);

        if (!standing(b, p))
            continue;
        for (int c = 0; c < p->children_n; c++)
            if (both > 0 && is_of(b, p->children[c].v))
                found(a, (struct oracle_found){ RULE_CHILD_OVERLAP, true, p->children[c].v, b->id.v,
                                                0, 0, both });
        if (b->mentor.v == p->mentor.v && both > 0)
            found(a, (struct oracle_found){ RULE_MENTOR_OVERLAP, true, p->mentor.v, b->id.v, 0, 0,
                                            both });
        if (b->mentor.v == p->mentor.v && both == 0 && gap < turn)
            found(a, (struct oracle_found){ RULE_TURN_ROUND, true, p->mentor.v, b->id.v, 0, turn,
                                            gap });
    }
}

static void rule_4(const struct booked_lesson *p, const struct child_facts *c,
                   struct oracle_answer *a)
{
    unsigned failed = 0;

    for (int64_t m = first_of(p); m < end_of(p); m++) {
        bool known = false;

        for (size_t i = 0; i < c->gates_n; i++)
            if (on_at(m, c->gates[i].from_ms / 60000, c->gates[i].to_ms / 60000)) {
                known = true;
                failed |= c->gates[i].failed;
            }
        if (!known)
            failed |= SCHEDULE_GATES_UNKNOWN;
    }
    if (failed)
        found(a, (struct oracle_found){ RULE_GATES, true, c->id.v, 0, 0, 0, failed });
}

/* A number of all recommendations of the day, or of none. */
static int64_t advised(const struct child_facts *c, int64_t day, size_t offset)
{
    int64_t limit = UNLIMITED;

    for (size_t i = 0; i < c->recommendations_n; i++) {
        int n;

        memcpy(&n, (const char *)&c->recommendations[i] + offset, sizeof n);
        if (valid_on(c->recommendations[i].days, day) && n != 0)
            limit = least(limit, n);
    }
    return limit;
}
#define ADVISED(c, day, field) advised(c, day, offsetof(struct advice, field))

static void rule_5(const struct booked_lesson *p, const struct child_facts *c,
                   const struct schedule_policy *policy, struct oracle_answer *a)
{
    int64_t day = day_in_zone(p, c->tz);
    int month = month_of(day);
    int64_t limit = policy->lesson_minutes[c->grade];

    if (c->grade == 1 && (month == 9 || month == 10 || month == 11 || month == 12))
        limit = policy->grade_1_autumn_minutes;
    limit = least(limit, ADVISED(c, day, lesson_minutes));
    if (length_of(p) > limit)
        found(a, (struct oracle_found){ RULE_LESSON_LENGTH, true, c->id.v, 0, 0, limit,
                                        length_of(p) });
}

static bool same_day(const struct booked_lesson *b, const struct booked_lesson *p,
                     const struct child_facts *c)
{
    return standing(b, p) && is_of(b, c->id.v) && day_in_zone(b, c->tz) == day_in_zone(p, c->tz);
}

static void rules_6_and_7(const struct booked_lesson *p, const struct child_facts *c,
                          const struct schedule_facts *f, struct oracle_answer *a)
{
    const struct schedule_policy *policy = f->policy;
    int64_t day = day_in_zone(p, c->tz);
    int64_t once =
        least(policy->screen_lesson_minutes[c->grade], ADVISED(c, day, screen_lesson_minutes));
    int64_t in_all =
        least(policy->screen_day_minutes[c->grade], ADVISED(c, day, screen_day_minutes));
    int64_t limit = policy->lessons_per_day[c->grade];
    int64_t lessons = 1, on_screen = p->in_person ? 0 : 1, minutes = least(length_of(p), once);

    for (size_t i = 0; i < f->booked_n; i++) {
        const struct booked_lesson *b = &f->booked[i];

        if (!same_day(b, p, c))
            continue;
        lessons++;
        on_screen += b->in_person ? 0 : 1;
        minutes += b->in_person ? 0 : least(length_of(b), once);
    }
    if (!p->in_person && length_of(p) > once)
        found(a, (struct oracle_found){ RULE_SCREEN_LESSON, policy->screen_hard, c->id.v, 0, 0,
                                        once, length_of(p) });
    if (!p->in_person && minutes > in_all)
        found(a, (struct oracle_found){ RULE_SCREEN_DAY, policy->screen_hard, c->id.v, 0, 0, in_all,
                                        minutes });
    if (c->grade == 1 && (month_of(day) == 9 || month_of(day) == 10))
        limit = policy->grade_1_first_lessons;
    limit = least(least(limit, policy->per_day), ADVISED(c, day, lessons_per_day));
    if (lessons > limit)
        found(a, (struct oracle_found){ RULE_PER_DAY, true, c->id.v, 0, 0, limit, lessons });
    if (!p->in_person && on_screen > policy->screen_lessons[c->grade])
        found(a, (struct oracle_found){ RULE_SCREEN_PER_DAY, false, c->id.v, 0, 0,
                                        policy->screen_lessons[c->grade], on_screen });
}

static void rule_8(const struct booked_lesson *p, const struct child_facts *c,
                   const struct schedule_facts *f, struct oracle_answer *a)
{
    int64_t minutes = length_of(p);
    int64_t limit = f->policy->week_hours_max[c->grade] * f->policy->academic_hour_minutes;

    for (size_t i = 0; i < f->booked_n; i++)
        if (standing(&f->booked[i], p) && is_of(&f->booked[i], c->id.v) &&
            week_in(&f->booked[i], c->tz) == week_in(p, c->tz))
            minutes += length_of(&f->booked[i]);
    limit = least(limit, ADVISED(c, day_in_zone(p, c->tz), week_minutes));
    if (minutes > limit)
        found(a, (struct oracle_found){ RULE_WEEK_MAX, true, c->id.v, 0, 0, limit, minutes });
}

static int by_start(const void *a, const void *b)
{
    int64_t x = first_of(a), y = first_of(b);

    return (x > y) - (x < y);
}

/* Free minutes before lesson k of the day, with none of the k before it going on. */
static int64_t rest_before(const struct booked_lesson *day, int k)
{
    int64_t n = 0, m = first_of(&day[k]);

    for (;; m--, n++) {
        if (n > 1440)
            return n;
        for (int i = 0; i < k; i++)
            if (on_at(m, first_of(&day[i]), end_of(&day[i])))
                return n > 0 ? n - 1 : 0;
    }
}

static void rule_9(const struct booked_lesson *p, const struct child_facts *c,
                   const struct schedule_facts *f, struct oracle_answer *a)
{
    static struct booked_lesson day[100];
    int n = 0;
    int64_t rest = 0;

    day[n++] = *p;
    for (size_t i = 0; i < f->booked_n; i++) {
        const struct booked_lesson *b = &f->booked[i];
        int64_t need = f->policy->break_minutes;
        int64_t gap;

        if (!b->in_person && !p->in_person)
            need = f->policy->online_break_minutes;
        gap = free_between(first_of(p), end_of(p), first_of(b), end_of(b), need);
        if (standing(b, p) && is_of(b, c->id.v) && gap < need &&
            shared(first_of(p), end_of(p), first_of(b), end_of(b)) == 0)
            found(a, (struct oracle_found){ RULE_BREAK, true, c->id.v, b->id.v, 0, need, gap });
        if (same_day(b, p, c))
            day[n++] = *b;
    }
    if (n < f->policy->long_break_lessons)
        return;
    qsort(day, (size_t)n, sizeof day[0], by_start);
    rest = rest_before(day, 2);
    if (n > 3 && rest_before(day, 3) > rest)
        rest = rest_before(day, 3);
    if (rest < f->policy->long_break_minutes)
        found(a, (struct oracle_found){ RULE_LONG_BREAK, true, c->id.v, 0, 0,
                                        f->policy->long_break_minutes, rest });
}

static void rules_10_and_11(const struct booked_lesson *p, const struct child_facts *c,
                            const struct schedule_facts *f, struct oracle_answer *a)
{
    int64_t day = day_in_zone(p, c->tz);
    int to = f->policy->day_to_minute;
    bool early = false, late = false, forbidden = false, rest = false;

    if (!p->in_person && f->policy->distance_to_minute < to)
        to = f->policy->distance_to_minute;
    for (int64_t m = first_of(p); m < end_of(p); m++) {
        struct oracle_wall w = oracle_wall(c->tz, m);

        early |= w.minute < f->policy->day_from_minute && w.day == day;
        late |= w.minute >= to || w.day > day;
        rest |= (f->policy->rest_weekdays & (1u << w.weekday)) != 0;
        rest |= c->grade == 1 && (f->policy->grade_1_rest & (1u << w.weekday)) != 0;
        for (size_t i = 0; i < c->recommendations_n; i++) {
            const struct advice *r = &c->recommendations[i];

            if (!valid_on(r->days, day))
                continue;
            forbidden |= r->hours_n > 0 && !open_at(r->hours, r->hours_n, w);
            rest |= (r->rest_weekdays & (1u << w.weekday)) != 0;
        }
    }
    if (early || late)
        found(a, (struct oracle_found){ RULE_DAY_WINDOW, true, c->id.v, 0, 0, -1, -1 });
    if (forbidden)
        found(a, (struct oracle_found){ RULE_ALLOWED_HOURS, true, c->id.v, 0, 0, 0, -1 });
    if (rest)
        found(a, (struct oracle_found){ RULE_REST_DAY, true, c->id.v, 0, 0, 0, -1 });
}

static void rules_2_and_12_of_blocks(const struct booked_lesson *p, const struct child_facts *c,
                                     const struct schedule_policy *policy, struct oracle_answer *a)
{
    for (size_t i = 0; i < c->treatments_n; i++) {
        const struct treatment_block *t = &c->treatments[i];
        int64_t both = shared(first_of(p), end_of(p), t->start_ms / 60000, t->end_ms / 60000);

        if (both > 0)
            found(a, (struct oracle_found){ RULE_TREATMENT_OVERLAP, true, c->id.v, 0, t->id, 0,
                                            both });
    }
    for (size_t i = 0; i < c->sections_n; i++) {
        const struct section_block *s = &c->sections[i];
        int64_t from = s->start_ms / 60000, to = s->end_ms / 60000;
        int64_t both = shared(first_of(p), end_of(p), from, to);
        int64_t need = s->travel_minutes;

        if (from > first_of(p))
            need += s->on_screen ? policy->section_screen_gap_minutes : policy->section_gap_minutes;
        if (both > 0)
            found(a,
                  (struct oracle_found){ RULE_SECTION_OVERLAP, true, c->id.v, 0, s->id, 0, both });
        else if (free_between(first_of(p), end_of(p), from, to, need) < need)
            found(a, (struct oracle_found){ RULE_SECTION_GAP, true, c->id.v, 0, s->id, need,
                                            free_between(first_of(p), end_of(p), from, to, need) });
    }
}

static void rule_16(const struct booked_lesson *p, const struct child_facts *c,
                    const struct school_facts *school, const struct schedule_facts *f,
                    struct oracle_answer *a)
{
    const struct approved_line *line = NULL;
    int64_t week = length_of(p), year = length_of(p);

    for (size_t i = 0; i < c->lines_n; i++)
        if (!line && c->lines[i].subject == p->subject &&
            valid_on(c->lines[i].days, day_in_zone(p, school->tz)))
            line = &c->lines[i];
    if (!line) {
        found(a, (struct oracle_found){ RULE_NO_LINE, true, c->id.v, 0, 0, 0, p->subject });
        return;
    }
    year += line->year_other_ms / 60000;
    for (size_t i = 0; i < f->booked_n; i++) {
        const struct booked_lesson *b = &f->booked[i];

        if (!standing(b, p) || !is_of(b, c->id.v) || b->subject != p->subject)
            continue;
        if (week_in(b, school->tz) == week_in(p, school->tz) && !b->make_up)
            week += length_of(b);
        if (valid_on(school->year, day_in_zone(b, school->tz)) && !b->lost)
            year += length_of(b);
    }
    if (week > line->week_minutes && !p->make_up)
        found(a, (struct oracle_found){ RULE_LINE_WEEK, true, c->id.v, 0, 0, line->week_minutes,
                                        week });
    if (year > line->year_minutes)
        found(a, (struct oracle_found){ RULE_LINE_YEAR, true, c->id.v, 0, 0, line->year_minutes,
                                        year });
}

static void rules_of_school(const struct booked_lesson *p, const struct school_facts *s,
                            int64_t first_child, const struct schedule_facts *f,
                            struct oracle_answer *a)
{
    bool holiday = false, closed = false, employed = false, full_time = false;
    int64_t ordered = 0, minutes = length_of(p), day = day_in_zone(p, s->tz);
    int64_t half = (int64_t)f->policy->norm_week_minutes * f->policy->part_time_percent / 100;

    for (int64_t m = first_of(p); m < end_of(p); m++) {
        struct oracle_wall w = oracle_wall(s->tz, m);

        for (size_t i = 0; i < s->holidays_n; i++)
            holiday |= s->holidays[i] == w.day;
        closed |= !open_at(s->hours, s->hours_n, w);
    }
    if (holiday)
        found(a, (struct oracle_found){ RULE_HOLIDAY, true, first_child, 0, 0, 0, -1 });
    if (closed)
        found(a, (struct oracle_found){ RULE_SCHOOL_HOURS, f->policy->hours_hard, first_child, 0, 0,
                                        0, -1 });
    for (size_t i = 0; i < f->mentor->employments_n; i++) {
        const struct employment_fact *e = &f->mentor->employments[i];

        if (e->school.v != s->id.v || !valid_on(e->days, day))
            continue;
        employed = true;
        ordered += e->week_minutes;
        full_time |= !e->part_time;
    }
    if (!employed) {
        found(a, (struct oracle_found){ RULE_NOT_EMPLOYED, true, f->mentor->id.v, 0, 0, -1, day });
        return;
    }
    for (size_t i = 0; i < f->booked_n; i++) {
        const struct booked_lesson *b = &f->booked[i];

        if (standing(b, p) && b->mentor.v == p->mentor.v && is_at(b, s->id.v) &&
            week_in(b, s->tz) == week_in(p, s->tz))
            minutes += length_of(b);
    }
    if (minutes > ordered)
        found(a, (struct oracle_found){ RULE_EMPLOYMENT_HOURS, true, f->mentor->id.v, 0, 0, ordered,
                                        minutes });
    if (!full_time && minutes > half)
        found(a,
              (struct oracle_found){ RULE_PART_TIME, true, f->mentor->id.v, 0, 0, half, minutes });
}

static void rules_of_mentor(const struct booked_lesson *p, const struct schedule_facts *f,
                            struct oracle_answer *a)
{
    const struct mentor_facts *t = f->mentor;
    bool off = false;
    int64_t minutes = length_of(p);

    for (int64_t m = first_of(p); m < end_of(p); m++)
        off |= !open_at(t->hours, t->hours_n, oracle_wall(t->tz, m));
    if (off)
        found(a, (struct oracle_found){ RULE_MENTOR_HOURS, f->policy->hours_hard, t->id.v, 0, 0, 0,
                                        -1 });
    for (size_t i = 0; i < f->booked_n; i++) {
        const struct booked_lesson *b = &f->booked[i];

        if (standing(b, p) && b->mentor.v == p->mentor.v && b->children_n > 0 &&
            week_in(b, t->tz) == week_in(p, t->tz))
            minutes += length_of(b);
    }
    if (minutes > f->policy->norm_week_minutes)
        found(a, (struct oracle_found){ RULE_MENTOR_WEEK, true, t->id.v, 0, 0,
                                        f->policy->norm_week_minutes, minutes });
}

static void rules_17_to_19(const struct booked_lesson *p, const struct schedule_facts *f,
                           struct oracle_answer *a)
{
    const struct schedule_change *c = f->change;
    int64_t soonest = p->start_ms;

    if (p->children_n > f->policy->group_max)
        found(a, (struct oracle_found){ RULE_GROUP_SIZE, true, 0, 0, 0, f->policy->group_max,
                                        p->children_n });
    if (!c)
        return;
    if (c->absent.v && c->absent.v == p->mentor.v)
        found(a, (struct oracle_found){ RULE_SAME_MENTOR, true, p->mentor.v, 0, 0, 0, 0 });
    if (c->absent.v && !c->family_told)
        found(a, (struct oracle_found){ RULE_FAMILY_UNTOLD, true, p->mentor.v, 0, 0, 0, 0 });
    if (c->was_start_ms)
        soonest = least(soonest, c->was_start_ms);
    if ((!c->reason || !c->all_told) &&
        soonest < f->now_ms + f->policy->late_change_minutes * INT64_C(60000))
        found(a, (struct oracle_found){ RULE_LATE_CHANGE, false, 0, 0, 0,
                                        f->policy->late_change_minutes, -1 });
}

static void rules_of_child(const struct booked_lesson *p, const struct child_facts *c,
                           const struct schedule_facts *f, struct oracle_answer *a)
{
    bool advised_day = false;

    rule_4(p, c, a);
    rule_5(p, c, f->policy, a);
    rules_6_and_7(p, c, f, a);
    rule_8(p, c, f, a);
    rule_9(p, c, f, a);
    rules_10_and_11(p, c, f, a);
    rules_2_and_12_of_blocks(p, c, f->policy, a);
    for (size_t i = 0; i < c->recommendations_n; i++)
        advised_day |= valid_on(c->recommendations[i].days, day_in_zone(p, c->tz));
    if (!advised_day)
        found(a, (struct oracle_found){ RULE_NO_RECOMMENDATION, true, c->id.v, 0, 0, -1,
                                        day_in_zone(p, c->tz) });
    for (size_t i = 0; i < f->schools_n; i++)
        if (f->schools[i].id.v == c->school.v)
            rule_16(p, c, &f->schools[i], f, a);
    if (p->children_n > 1 && !(c->group_from_ms <= p->start_ms && c->group_to_ms >= p->end_ms))
        found(a, (struct oracle_found){ RULE_GROUP_CONSENT, true, c->id.v, 0, 0, 0, 0 });
}

void oracle_judge(const struct booked_lesson *plan, const struct schedule_facts *facts,
                  struct oracle_answer *out)
{
    out->n = 0;
    rule_1(plan, facts, out);
    rules_2_and_3(plan, facts, out);
    for (int i = 0; i < plan->children_n; i++)
        for (size_t k = 0; k < facts->children_n; k++)
            if (facts->children[k].id.v == plan->children[i].v)
                rules_of_child(plan, &facts->children[k], facts, out);
    for (size_t s = 0; s < facts->schools_n; s++)
        for (int i = 0; i < plan->children_n; i++)
            if (plan->schools[i].v == facts->schools[s].id.v) {
                rules_of_school(plan, &facts->schools[s], plan->children[i].v, facts, out);
                break;
            }
    rules_of_mentor(plan, facts, out);
    rules_17_to_19(plan, facts, out);
}
