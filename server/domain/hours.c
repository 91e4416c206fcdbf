/* SPDX-License-Identifier: Apache-2.0
 *
 * See hours.h.
 */
#include "server/domain/hours.h"

#include <string.h>

#include "common/base/now.h"
#include "server/domain/zone.h"

static const char *const kinds[HOURS_KIND_COUNT] = {
#define X(code, name) [HOURS_##code] = name,
    HOURS_KIND_LIST(X)
#undef X
};

const char *hours_kind_name(enum hours_kind k)
{
    return (unsigned)k < HOURS_KIND_COUNT ? kinds[k] : "none";
}

bool hours_kind_parse(const char *name, enum hours_kind *out)
{
    for (unsigned i = 0; i < HOURS_KIND_COUNT; i++) {
        if (strcmp(kinds[i], name) == 0) {
            *out = (enum hours_kind)i;
            return true;
        }
    }
    return false;
}

const char *hours_fault_name(enum hours_fault f)
{
    static const char *const names[] = {
#define X(code, name) [HOURS_FAULT_##code] = name,
        HOURS_FAULT_LIST(X)
#undef X
    };

    return (size_t)f < sizeof names / sizeof names[0] ? names[f] : "none";
}

static enum hours_fault check_row(const struct hours_row *r, bool mentor)
{
    const struct week_span *s = &r->span;

    if (s->weekday < 1 || s->weekday > 7 || s->from_minute < 0 || s->to_minute > 1440 ||
        s->to_minute <= s->from_minute)
        return HOURS_FAULT_SPAN;
    if (r->days.last < r->days.first)
        return HOURS_FAULT_DAYS;
    return mentor && r->kind != HOURS_FREE ? HOURS_FAULT_KIND : HOURS_FAULT_NONE;
}

static bool clash(const struct hours_row *a, const struct hours_row *b)
{
    return (a->kind == HOURS_FREE) == (b->kind == HOURS_FREE) &&
           a->span.weekday == b->span.weekday && a->span.from_minute < b->span.to_minute &&
           b->span.from_minute < a->span.to_minute && a->days.first <= b->days.last &&
           b->days.first <= a->days.last;
}

enum hours_fault hours_check(const struct hours_row *rows, size_t n, bool mentor, size_t *at)
{
    if (n > HOURS_ROWS_MAX) {
        *at = HOURS_ROWS_MAX;
        return HOURS_FAULT_COUNT;
    }
    for (size_t i = 0; i < n; i++) {
        enum hours_fault f = check_row(&rows[i], mentor);

        for (size_t k = 0; !f && k < i; k++)
            if (clash(&rows[i], &rows[k]))
                f = HOURS_FAULT_OVERLAP;
        if (f) {
            *at = i;
            return f;
        }
    }
    return HOURS_FAULT_NONE;
}

/* The first instant at which the clocks show this minute of the day, or have jumped over it. */
static bool instant(const char *tz, int64_t day, int minute, int64_t *out)
{
    struct local_time t = { 0 };
    int64_t second;

    date_from_days(minute == 1440 ? day + 1 : day, &t.year, &t.month, &t.day);
    t.hour = minute / 60 % 24;
    t.minute = minute % 60;
    return zone_to_utc(tz, &t, out, &second) != ZONE_UNKNOWN;
}

bool hours_on_day(const struct hours_row *row, const char *tz, int64_t day, int64_t *start_ms,
                  int64_t *end_ms)
{
    int64_t start, end;

    if (date_weekday(day) != row->span.weekday || day < row->days.first || day > row->days.last ||
        !instant(tz, day, row->span.from_minute, &start) ||
        !instant(tz, day, row->span.to_minute, &end) || end <= start)
        return false;
    *start_ms = start;
    *end_ms = end;
    return true;
}
