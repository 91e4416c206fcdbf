/* SPDX-License-Identifier: Apache-2.0
 *
 * Lessons on local calendars, for the timetable's rules. A lesson is cut where
 * the wall clock jumps and at midnight, so that each piece is a plain run of
 * minutes of one day, also in the night in which the clocks change.
 */
#include "server/domain/schedule_inside.h"

#define MINUTES_PER_DAY 1440

/* The first instant in (from, to] whose offset is not from's; there is one, on a whole second. */
static int64_t jump_between(const char *tz, int64_t from, int64_t to, int offset_s)
{
    from -= from % MS_PER_S;
    while (to - from > MS_PER_S) {
        int64_t middle = from + (to - from) / 2 / MS_PER_S * MS_PER_S;
        struct local_time l = { 0 };
        enum err err = zone_local(tz, middle, &l); /* both ends are known, so this is */

        if (!err & (l.offset_s == offset_s))
            from = middle;
        else
            to = middle;
    }
    return to;
}

static int64_t day_number(const struct local_time *l)
{
    return date_to_days(l->year, l->month, l->day);
}

size_t local_spans(const char *tz, struct stretch s, struct local_span out[LOCAL_SPANS_MAX])
{
    int64_t at = s.start_ms;
    size_t n = 0;

    while (at < s.end_ms && n < LOCAL_SPANS_MAX) {
        struct local_time l, last;
        struct stretch day;
        int64_t to, of_day;

        if (zone_local(tz, at, &l) != ERR_OK)
            return 0;
        day = days_of(tz, day_number(&l), 1);
        to = s.end_ms < day.end_ms ? s.end_ms : day.end_ms;
        if (zone_local(tz, to - 1, &last) != ERR_OK)
            return 0;
        if (last.offset_s != l.offset_s)
            to = jump_between(tz, at, to - 1, l.offset_s);
        of_day = (l.hour * 3600 + l.minute * 60 + l.second) * MS_PER_S + at % MS_PER_S;
        out[n++] = (struct local_span){ .day = day_number(&l),
                                        .weekday = l.weekday,
                                        .from = (int)(of_day / MS_PER_MIN),
                                        .to = (int)minutes_up(of_day + (to - at)) };
        at = to;
    }
    return n;
}

bool spans_cover(const struct week_span *spans, size_t n, const struct local_span *piece)
{
    int reached = piece->from;
    bool more = true;

    while (more && reached < piece->to) {
        more = false;
        for (size_t i = 0; i < n; i++)
            if (spans[i].weekday == piece->weekday && spans[i].from_minute <= reached &&
                spans[i].to_minute > reached) {
                reached = spans[i].to_minute;
                more = true;
            }
    }
    return reached >= piece->to;
}

struct stretch days_of(const char *tz, int64_t day, int64_t n)
{
    struct stretch s = { INT64_MIN, INT64_MAX };
    int y, m, d;

    date_from_days(day, &y, &m, &d);
    if (zone_day_start(tz, y, m, d, &s.start_ms) != ERR_OK)
        s.start_ms = INT64_MIN;
    date_from_days(day + n, &y, &m, &d);
    if (zone_day_start(tz, y, m, d, &s.end_ms) != ERR_OK)
        s.end_ms = INT64_MAX;
    return s;
}

int64_t monday_of(int64_t day)
{
    return day - (date_weekday(day) - 1);
}

bool starts_in(const struct booked_lesson *b, struct stretch s)
{
    return b->start_ms >= s.start_ms && b->start_ms < s.end_ms;
}
