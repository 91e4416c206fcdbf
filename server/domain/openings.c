/* SPDX-License-Identifier: Apache-2.0
 *
 * See openings.h.
 */
#include "server/domain/openings.h"

#include "server/domain/schedule_inside.h"

#define WEEK_DAYS 7
#define HALF_DAY_MS (12 * MS_PER_HOUR)

enum err week_line_of(const char *centre_tz, int64_t monday, struct week_line *out)
{
    struct stretch day;

    if (date_weekday(monday) != 1)
        return ERR_INVAL;
    if (!zone_known(centre_tz))
        return ERR_NOTFOUND;
    day = days_of(centre_tz, monday, 1);
    if (day.start_ms == INT64_MIN)
        return ERR_INVAL;
    out->monday = monday;
    out->slot0_ms = day.start_ms - HALF_DAY_MS;
    out->slot0_ms -= out->slot0_ms % SLOT_MS;
    return ERR_OK;
}

bool slots_touched(const struct week_line *l, int64_t from_ms, int64_t to_ms, int *from, int *to)
{
    int64_t end = l->slot0_ms + PLAN_SLOTS * SLOT_MS;

    if (to_ms <= from_ms || to_ms <= l->slot0_ms || from_ms >= end)
        return false;
    *from = from_ms <= l->slot0_ms ? 0 : (int)((from_ms - l->slot0_ms) / SLOT_MS);
    *to = to_ms >= end ? PLAN_SLOTS : (int)((to_ms - l->slot0_ms + SLOT_MS - 1) / SLOT_MS);
    return true;
}

/* Where clocks fall back over midnight the day does not: the planner's days never fall. */
enum err slot_clock_read(struct slot_clock *c, const char *tz, const struct week_line *l)
{
    int64_t reached = 0;

    c->monday = l->monday;
    for (int t = 0; t < PLAN_SLOTS; t++) {
        struct local_time at;
        enum err err = zone_local(tz, slot_ms(l, t), &at);
        int64_t day;

        if (err)
            return err;
        day = date_to_days(at.year, at.month, at.day) - l->monday + 1;
        day = day < reached ? reached : day >= PLAN_DAYS ? PLAN_DAYS - 1 : day;
        reached = day;
        c->days.of[t] = (uint8_t)day;
        c->minute[t] = (int16_t)(at.hour * 60 + at.minute);
    }
    return ERR_OK;
}

static bool in_week(const struct slot_clock *c, int t)
{
    return c->days.of[t] >= 1 && c->days.of[t] <= WEEK_DAYS;
}

/* The slot as a piece of its local day. */
static struct local_span piece_of(const struct slot_clock *c, int t)
{
    return (struct local_span){ .day = c->monday + c->days.of[t] - 1,
                                .weekday = date_weekday(c->monday + c->days.of[t] - 1),
                                .from = c->minute[t],
                                .to = c->minute[t] + PLAN_SLOT_MINUTES };
}

static void close_range(struct slot_set *s, const struct week_line *l, int64_t from_ms,
                        int64_t to_ms)
{
    int from, to;

    if (slots_touched(l, from_ms, to_ms, &from, &to))
        slot_drop_range(s, from, to);
}

static bool hours_allow(const struct child_facts *child, const struct local_span *piece)
{
    for (size_t i = 0; i < child->recommendations_n; i++) {
        const struct advice *r = &child->recommendations[i];

        if (r->hours_n > 0 && day_in(r->days, piece->day) &&
            !spans_cover(r->hours, r->hours_n, piece))
            return false;
    }
    return true;
}

static bool recommended_on(const struct child_facts *child, int64_t day)
{
    for (size_t i = 0; i < child->recommendations_n; i++)
        if (day_in(child->recommendations[i].days, day))
            return true;
    return child->recommendations == NULL;
}

static bool rests_on(const struct child_facts *child, const struct schedule_policy *policy,
                     const struct local_span *piece)
{
    unsigned rest = policy->rest_weekdays | (child->grade == 1 ? policy->grade_1_rest : 0);

    for (size_t i = 0; i < child->recommendations_n; i++)
        if (day_in(child->recommendations[i].days, piece->day))
            rest |= child->recommendations[i].rest_weekdays;
    return rest >> piece->weekday & 1u;
}

static void open_days(const struct child_facts *child, const struct slot_clock *clock,
                      const struct schedule_policy *policy, struct child_openings *out)
{
    int to = tighter(policy->day_to_minute, policy->distance_to_minute);

    for (int t = 0; t < PLAN_SLOTS; t++) {
        struct local_span piece = piece_of(clock, t);

        if (!in_week(clock, t))
            continue;
        if (piece.from >= policy->day_from_minute && piece.to <= to && hours_allow(child, &piece))
            slot_add(&out->window, t);
        if (!rests_on(child, policy, &piece))
            slot_add(&out->rest, t);
        if (recommended_on(child, piece.day))
            slot_add(&out->validity, t);
    }
}

static void close_school(const struct school_facts *school, const struct slot_clock *clock,
                         const struct schedule_policy *policy, struct child_openings *out)
{
    for (int t = 0; t < PLAN_SLOTS; t++) {
        struct local_span piece = piece_of(clock, t);

        for (size_t i = 0; i < school->holidays_n; i++)
            if (school->holidays[i] == piece.day)
                slot_drop_range(&out->rest, t, t + 1);
        if (policy->hours_hard && school->hours &&
            !spans_cover(school->hours, school->hours_n, &piece))
            slot_drop_range(&out->school, t, t + 1);
    }
}

/* As check_section has it: a rest and the way there before a section, the way home after it. */
static void close_blocks(const struct child_facts *child, const struct schedule_policy *policy,
                         const struct week_line *line, struct slot_set *out)
{
    for (size_t i = 0; i < child->treatments_n; i++)
        close_range(out, line, child->treatments[i].start_ms, child->treatments[i].end_ms);
    for (size_t i = 0; i < child->sections_n; i++) {
        const struct section_block *s = &child->sections[i];
        int rest = s->on_screen ? policy->section_screen_gap_minutes : policy->section_gap_minutes;

        close_range(out, line, s->start_ms - (s->travel_minutes + rest) * MS_PER_MIN,
                    s->end_ms + s->travel_minutes * MS_PER_MIN);
    }
}

static int norm(const int norms[SCHEDULE_GRADES], int grade)
{
    return grade >= 1 && grade < SCHEDULE_GRADES ? norms[grade] : 0;
}

static int month_of(int64_t day)
{
    int y, m, d;

    date_from_days(day, &y, &m, &d);
    return m;
}

/* The numbers of one day. */
static void tighten(const struct child_facts *child, const struct schedule_policy *policy,
                    int64_t day, struct child_openings *out)
{
    int length = norm(policy->lesson_minutes, child->grade);
    int screen = norm(policy->screen_lesson_minutes, child->grade);
    int screen_day = norm(policy->screen_day_minutes, child->grade);
    int count = norm(policy->lessons_per_day, child->grade);

    if (child->grade == 1 && month_of(day) >= 9)
        length = policy->grade_1_autumn_minutes;
    if (child->grade == 1 && (month_of(day) == 9 || month_of(day) == 10))
        count = policy->grade_1_first_lessons;
    for (size_t i = 0; i < child->recommendations_n; i++) {
        const struct advice *r = &child->recommendations[i];

        if (!day_in(r->days, day))
            continue;
        length = tighter(length, r->lesson_minutes);
        screen = tighter(screen, r->screen_lesson_minutes);
        screen_day = tighter(screen_day, r->screen_day_minutes);
        count = tighter(count, r->lessons_per_day);
        out->week_minutes = tighter(out->week_minutes, r->week_minutes);
    }
    if (policy->screen_hard)
        length = tighter(length, screen);
    out->lesson_minutes = tighter(out->lesson_minutes, length);
    if (policy->screen_hard && screen_day > 0)
        count =
            tighter(count, screen_day < out->lesson_minutes ? 1 : screen_day / out->lesson_minutes);
    out->per_day = tighter(out->per_day, count);
}

void child_openings_of(const struct child_facts *child, const struct school_facts *school,
                       const struct slot_clock *clock, const struct slot_clock *school_clock,
                       const struct schedule_policy *policy, const struct week_line *line,
                       int64_t now_ms, struct child_openings *out)
{
    *out = (struct child_openings){ .lesson_minutes = policy->max_minutes,
                                    .per_day = policy->per_day,
                                    .week_minutes = norm(policy->week_hours_max, child->grade) *
                                                    policy->academic_hour_minutes };
    slot_fill(&out->future);
    slot_fill(&out->blocks);
    slot_fill(&out->school);
    close_range(&out->future, line, line->slot0_ms, now_ms + 1); /* a start that is now is past */
    open_days(child, clock, policy, out);
    if (school && school_clock)
        close_school(school, school_clock, policy, out);
    close_blocks(child, policy, line, &out->blocks);
    for (int d = 0; d < WEEK_DAYS; d++)
        tighten(child, policy, line->monday + d, out);
    if (out->per_day > PLAN_PER_DAY_MAX)
        out->per_day = PLAN_PER_DAY_MAX;
}

void mentor_openings_of(const struct mentor_facts *mentor, const struct slot_clock *clock,
                        struct slot_set *out)
{
    *out = (struct slot_set){ 0 };
    for (int t = 0; t < PLAN_SLOTS; t++) {
        struct local_span piece = piece_of(clock, t);

        if (in_week(clock, t) &&
            (!mentor->hours || spans_cover(mentor->hours, mentor->hours_n, &piece)))
            slot_add(out, t);
    }
}

void slots_keep_days(struct slot_set *s, const struct slot_clock *clock, struct day_span days)
{
    for (int t = 0; t < PLAN_SLOTS; t++)
        if (!day_in(days, clock->monday + clock->days.of[t] - 1))
            slot_drop_range(s, t, t + 1);
}
