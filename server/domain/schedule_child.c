/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules that protect one child on one day: length of a lesson (R5), time
 * on a screen (R6), lessons a day (R7), breaks (R9), hours (R10), days of rest
 * (R11), and that a recommendation stands (R14). All on the child's own clock.
 */
#include "server/domain/schedule_inside.h"

#define MINUTES_PER_DAY 1440

int tighter(int limit, int other)
{
    if (limit == 0 || other == 0)
        return limit + other;
    return limit < other ? limit : other;
}

bool day_in(struct day_span span, int64_t day)
{
    return day >= span.first && day <= span.last;
}

/* What a norm says of the child's grade; 0: nothing. */
static int norm(const int norms[SCHEDULE_GRADES], int grade)
{
    return grade >= 1 && grade < SCHEDULE_GRADES ? norms[grade] : 0;
}

bool child_case_open(struct child_case *c, const struct booked_lesson *plan,
                     const struct child_facts *child, const struct schedule_policy *policy,
                     const struct booked_lesson *booked, size_t booked_n, struct findings *f)
{
    *c = (struct child_case){
        .plan = plan, .child = child, .policy = policy, .booked = booked, .booked_n = booked_n
    };
    c->span_n = local_spans(child->tz, stretch_of(plan), c->span);
    if (c->span_n == 0) {
        report_hard(f, (struct violation){ .rule = RULE_UNKNOWN_ZONE, .who = child->id });
        return false;
    }
    c->day = days_of(child->tz, c->span[0].day, 1);
    c->week = days_of(child->tz, monday_of(c->span[0].day), 7);
    return true;
}

/* Limits of the recommendations that hold on the lesson's day, the tightest of each. */
struct limits {
    int lesson_minutes, lessons_per_day, screen_lesson_minutes, screen_day_minutes;
    unsigned rest_weekdays;
};

static struct limits recommended(const struct child_case *c)
{
    struct limits l = { 0 };

    for (size_t i = 0; i < c->child->recommendations_n; i++) {
        const struct advice *r = &c->child->recommendations[i];

        if (!day_in(r->days, c->span[0].day))
            continue;
        l.lesson_minutes = tighter(l.lesson_minutes, r->lesson_minutes);
        l.lessons_per_day = tighter(l.lessons_per_day, r->lessons_per_day);
        l.screen_lesson_minutes = tighter(l.screen_lesson_minutes, r->screen_lesson_minutes);
        l.screen_day_minutes = tighter(l.screen_day_minutes, r->screen_day_minutes);
        l.rest_weekdays |= r->rest_weekdays;
    }
    return l;
}

static int month_of(int64_t day)
{
    int y, m, d;

    date_from_days(day, &y, &m, &d);
    return m;
}

static int64_t length_ms(const struct booked_lesson *b)
{
    return b->end_ms - b->start_ms;
}

static int length_limit(const struct child_case *c, const struct limits *l)
{
    int limit = norm(c->policy->lesson_minutes, c->child->grade);

    if (c->child->grade == 1 && month_of(c->span[0].day) >= 9)
        limit = c->policy->grade_1_autumn_minutes;
    return tighter(limit, l->lesson_minutes);
}

/* R5 */
static void check_length(const struct child_case *c, const struct limits *l, struct findings *f)
{
    int limit = length_limit(c, l);

    if (limit > 0 && length_ms(c->plan) > limit * MS_PER_MIN)
        report_hard(f, (struct violation){ .rule = RULE_LESSON_LENGTH,
                                           .limit = limit,
                                           .value = minutes_up(length_ms(c->plan)),
                                           .who = c->child->id });
}

int lesson_limit(const struct child_facts *child, const struct schedule_policy *policy,
                 int64_t at_ms)
{
    struct booked_lesson moment = { .start_ms = at_ms, .end_ms = sat_add(at_ms, 1) };
    struct findings unheard = { 0 };
    struct child_case c;
    struct limits l;

    if (!child_case_open(&c, &moment, child, policy, NULL, 0, &unheard))
        return 0;
    l = recommended(&c);
    return length_limit(&c, &l);
}

/* The child's other lessons of the day and the plan, summed up. */
#define FIRST_LESSONS 4
struct day_sum {
    int lessons;
    int on_screen;
    int64_t screen_ms; /* each lesson up to the limit at which the room pauses the screen */
    struct stretch first[FIRST_LESSONS]; /* by start */
};

static void sum_lesson(struct day_sum *s, const struct booked_lesson *b, int screen_limit)
{
    int64_t screen = length_ms(b);
    struct stretch next = stretch_of(b);

    if (screen_limit > 0 && screen > screen_limit * MS_PER_MIN)
        screen = screen_limit * MS_PER_MIN;
    if (!b->in_person) {
        s->on_screen++;
        s->screen_ms = sat_add(s->screen_ms, screen);
    }
    for (int i = 0; i < s->lessons && i < FIRST_LESSONS; i++)
        if (next.start_ms < s->first[i].start_ms) {
            struct stretch later = s->first[i];

            s->first[i] = next;
            next = later;
        }
    if (s->lessons < FIRST_LESSONS)
        s->first[s->lessons] = next;
    s->lessons++;
}

static struct day_sum sum_day(const struct child_case *c, int screen_limit)
{
    struct day_sum s = { 0 };

    sum_lesson(&s, c->plan, screen_limit);
    for (size_t i = 0; i < c->booked_n; i++) {
        const struct booked_lesson *b = &c->booked[i];

        if (starts_in(b, c->day) && in_the_way(b, c->plan->id) && has_child(b, c->child->id))
            sum_lesson(&s, b, screen_limit);
    }
    return s;
}

/* R6 */
static void check_screen(const struct child_case *c, const struct limits *l, int screen_limit,
                         const struct day_sum *s, struct findings *f)
{
    int limit =
        tighter(norm(c->policy->screen_day_minutes, c->child->grade), l->screen_day_minutes);

    if (c->plan->in_person)
        return;
    if (screen_limit > 0 && length_ms(c->plan) > screen_limit * MS_PER_MIN)
        report_as(f, c->policy->screen_hard,
                  (struct violation){ .rule = RULE_SCREEN_LESSON,
                                      .limit = screen_limit,
                                      .value = minutes_up(length_ms(c->plan)),
                                      .who = c->child->id });
    if (limit > 0 && s->screen_ms > limit * MS_PER_MIN)
        report_as(f, c->policy->screen_hard,
                  (struct violation){ .rule = RULE_SCREEN_DAY,
                                      .limit = limit,
                                      .value = minutes_up(s->screen_ms),
                                      .who = c->child->id });
}

/* R7 */
static void check_count(const struct child_case *c, const struct limits *l, const struct day_sum *s,
                        struct findings *f)
{
    int month = month_of(c->span[0].day);
    int limit = norm(c->policy->lessons_per_day, c->child->grade);
    int on_screen = norm(c->policy->screen_lessons, c->child->grade);

    if (c->child->grade == 1 && (month == 9 || month == 10))
        limit = c->policy->grade_1_first_lessons;
    limit = tighter(tighter(limit, c->policy->per_day), l->lessons_per_day);
    if (s->lessons > limit)
        report_hard(f, (struct violation){ .rule = RULE_PER_DAY,
                                           .limit = limit,
                                           .value = s->lessons,
                                           .who = c->child->id });
    if (on_screen > 0 && !c->plan->in_person && s->on_screen > on_screen)
        report_soft(f, (struct violation){ .rule = RULE_SCREEN_PER_DAY,
                                           .limit = on_screen,
                                           .value = s->on_screen,
                                           .who = c->child->id });
}

/* R9 between the plan and each other lesson */
static void check_breaks(const struct child_case *c, struct findings *f)
{
    for (size_t i = 0; i < c->booked_n; i++) {
        const struct booked_lesson *b = &c->booked[i];
        int need = b->in_person || c->plan->in_person ? c->policy->break_minutes
                                                      : c->policy->online_break_minutes;
        int64_t between = between_ms(stretch_of(c->plan), stretch_of(b));

        if (between < need * MS_PER_MIN && common_ms(stretch_of(c->plan), stretch_of(b)) == 0 &&
            in_the_way(b, c->plan->id) && has_child(b, c->child->id))
            report_hard(f, (struct violation){ .rule = RULE_BREAK,
                                               .limit = need,
                                               .value = between / MS_PER_MIN,
                                               .other = b->id,
                                               .who = c->child->id });
    }
}

/* Between the latest end of the first n lessons and the start of the next, never negative. */
static int64_t break_after(const struct day_sum *s, int n)
{
    int64_t end = s->first[0].end_ms;

    for (int i = 1; i < n; i++)
        end = s->first[i].end_ms > end ? s->first[i].end_ms : end;
    return s->first[n].start_ms > end ? s->first[n].start_ms - end : 0;
}

/* R9, the long break of a full day: a longer one than asked for is one, too. */
static void check_long_break(const struct child_case *c, const struct day_sum *s,
                             struct findings *f)
{
    int64_t longest, after_third;

    if (s->lessons < 3 || s->lessons < c->policy->long_break_lessons)
        return;
    longest = break_after(s, 2);
    after_third = s->lessons > 3 ? break_after(s, 3) : 0;
    if (after_third > longest)
        longest = after_third;
    if (longest < c->policy->long_break_minutes * MS_PER_MIN)
        report_hard(f, (struct violation){ .rule = RULE_LONG_BREAK,
                                           .limit = c->policy->long_break_minutes,
                                           .value = longest / MS_PER_MIN,
                                           .who = c->child->id });
}

/* R10 */
static void check_window(const struct child_case *c, struct findings *f)
{
    int to = c->plan->in_person ? c->policy->day_to_minute
                                : tighter(c->policy->day_to_minute, c->policy->distance_to_minute);
    int64_t first = c->span[0].from, last = c->span[0].to;

    for (size_t i = 1; i < c->span_n; i++) {
        int64_t days = (c->span[i].day - c->span[0].day) * MINUTES_PER_DAY;

        first = c->span[i].from + days < first ? c->span[i].from + days : first;
        last = c->span[i].to + days > last ? c->span[i].to + days : last;
    }
    if (first < c->policy->day_from_minute)
        report_hard(f, (struct violation){ .rule = RULE_DAY_WINDOW,
                                           .limit = c->policy->day_from_minute,
                                           .value = first,
                                           .who = c->child->id });
    if (last > to)
        report_hard(f,
                    (struct violation){
                        .rule = RULE_DAY_WINDOW, .limit = to, .value = last, .who = c->child->id });
}

/* R10, the recommendation's hours */
static bool allowed(const struct child_case *c, const struct local_span *piece)
{
    for (size_t i = 0; i < c->child->recommendations_n; i++) {
        const struct advice *r = &c->child->recommendations[i];

        if (r->hours_n > 0 && day_in(r->days, c->span[0].day) &&
            !spans_cover(r->hours, r->hours_n, piece))
            return false;
    }
    return true;
}

static void check_allowed_hours(const struct child_case *c, struct findings *f)
{
    size_t i = 0;

    while (i < c->span_n && allowed(c, &c->span[i]))
        i++;
    if (i < c->span_n)
        report_hard(f, (struct violation){ .rule = RULE_ALLOWED_HOURS,
                                           .value = c->span[i].from,
                                           .who = c->child->id });
}

/* R11, weekdays */
static void check_rest(const struct child_case *c, const struct limits *l, struct findings *f)
{
    unsigned rest = c->policy->rest_weekdays | l->rest_weekdays;
    size_t i = 0;

    if (c->child->grade == 1)
        rest |= c->policy->grade_1_rest;
    while (i < c->span_n && !(rest >> c->span[i].weekday & 1u))
        i++;
    if (i < c->span_n)
        report_hard(f, (struct violation){ .rule = RULE_REST_DAY,
                                           .value = c->span[i].weekday,
                                           .who = c->child->id });
}

/* R14: some recommendation holds on the day. */
static void check_recommended(const struct child_case *c, struct findings *f)
{
    int64_t day = c->span[0].day, last = 0;

    if (!c->child->recommendations)
        return;
    for (size_t i = 0; i < c->child->recommendations_n; i++) {
        struct day_span days = c->child->recommendations[i].days;

        if (day_in(days, day))
            return;
        if (days.last < day && days.last > last)
            last = days.last;
    }
    report_hard(
        f, (struct violation){
               .rule = RULE_NO_RECOMMENDATION, .limit = last, .value = day, .who = c->child->id });
}

void check_child(const struct child_case *c, struct findings *f)
{
    struct limits l = recommended(c);
    int screen_limit =
        tighter(norm(c->policy->screen_lesson_minutes, c->child->grade), l.screen_lesson_minutes);
    struct day_sum s = sum_day(c, screen_limit);

    check_length(c, &l, f);
    check_screen(c, &l, screen_limit, &s, f);
    check_count(c, &l, &s, f);
    check_breaks(c, f);
    check_long_break(c, &s, f);
    check_window(c, f);
    check_allowed_hours(c, f);
    check_rest(c, &l, f);
    check_recommended(c, f);
}

size_t schedule_check_day(const struct booked_lesson *plan, struct user_id child, const char *tz,
                          const struct booked_lesson *booked, size_t booked_n,
                          const struct schedule_policy *policy, struct violation *out, size_t cap)
{
    struct findings f = { out, cap, 0, plan->id };
    struct child_facts who = { .id = child, .tz = tz };
    struct child_case c;

    if (child_case_open(&c, plan, &who, policy, booked, booked_n, &f))
        check_child(&c, &f);
    return f.n;
}
