/* SPDX-License-Identifier: Apache-2.0
 *
 * Wall time and UTC. libical is asked one question only, and only while a zone
 * is loaded: "how far from UTC is it at this instant?". The answers become a
 * short list of changes. Which wall times are skipped or doubled follows from
 * the offsets on both sides of them; libical itself does not say.
 */
#include "server/domain/zone.h"

#include <libical/ical.h>
#include <libical/icaltz-util.h>
#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"

#define S_PER_DAY INT64_C(86400)

/* Calendar without zones: Gregorian, counted in days, with the year starting in March so that the
 * leap day is the last of it. */

bool date_valid(int year, int month, int day)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (month == 2 && leap);
}

int64_t date_to_days(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void date_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * of_year + 2) / 153;

    *day = (int)(of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

int date_weekday(int64_t days)
{
    /* 1970-01-01 was a Thursday. */
    return (int)(((days + 3) % 7 + 7) % 7) + 1;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* What a thread remembers: the one state of domain/, and only a copy of what the machine's files
 * say. A table of the thread needs no lock, and libical's own list of zones is no place to look:
 * loading a zone there frees the name that another thread may be comparing. */
#define KEPT 32
#define CHANGES_MAX 48

struct zone {
    char name[ZONE_NAME_MAX];
    int offset_s; /* before the first change */
    int changes_n;
    int64_t at_s[CHANGES_MAX]; /* instant of the change, seconds since 1970 */
    int to_s[CHANGES_MAX];     /* offset from then on */
};

static _Thread_local struct zone kept[KEPT];
static _Thread_local unsigned next_kept; /* the one to forget next */

/* Seconds east of UTC by libical's reading. */
static int ical_offset(icaltimezone *zone, int64_t utc_s)
{
    int64_t days = floor_div(utc_s, S_PER_DAY);
    int of_day = (int)(utc_s - days * S_PER_DAY);
    struct icaltimetype t = icaltime_null_time();

    date_from_days(days, &t.year, &t.month, &t.day);
    t.hour = of_day / 3600;
    t.minute = of_day / 60 % 60;
    t.second = of_day % 60;
    return icaltimezone_get_utc_offset_of_utc_time(zone, &t, NULL);
}

/* The first second in (from, to] that has not from's offset; one change is assumed in between. */
static int64_t ical_change(icaltimezone *zone, int64_t from, int64_t to)
{
    int before = ical_offset(zone, from);

    while (to - from > 1) {
        int64_t middle = from + (to - from) / 2;

        if (ical_offset(zone, middle) == before)
            from = middle;
        else
            to = middle;
    }
    return to;
}

/* Copies libical's rules. Offsets are compared a week apart: no zone changes back within one. */
static void copy_rules(struct zone *z, icaltimezone *from)
{
    int64_t s = date_to_days(ZONE_YEAR_MIN, 1, 1) * S_PER_DAY - 3 * S_PER_DAY;
    int64_t end = date_to_days(ZONE_YEAR_MAX + 1, 1, 1) * S_PER_DAY + 3 * S_PER_DAY;
    int offset = ical_offset(from, s);

    z->offset_s = offset;
    for (; s < end && z->changes_n < CHANGES_MAX; s += 7 * S_PER_DAY) {
        int next = ical_offset(from, s + 7 * S_PER_DAY);

        if (next == offset)
            continue;
        z->at_s[z->changes_n] = ical_change(from, s, s + 7 * S_PER_DAY);
        z->to_s[z->changes_n++] = next;
        offset = next;
    }
}

/* Only letters, digits and _ + - between single slashes, at least one of them: no way out of the
 * folder of zones, and no file that depends on the machine. */
static bool name_sane(const char *tz)
{
    bool area = false;
    char before = '/';

    if (strncmp(tz, "right/", 6) == 0 || strncmp(tz, "posix/", 6) == 0)
        return false;
    for (const char *p = tz; *p; before = *p++) {
        bool letter = (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') ||
                      (*p >= '0' && *p <= '9') || *p == '_' || *p == '+' || *p == '-';

        if (!letter && (*p != '/' || before == '/'))
            return false;
        area |= *p == '/';
    }
    return area && before != '/';
}

static bool load(struct zone *z, const char *tz)
{
    icalcomponent *rules = icaltzutil_fetch_timezone(tz);
    icaltimezone *zone = rules ? icaltimezone_new() : NULL;
    bool ok = zone && icaltimezone_set_component(zone, rules);

    if (ok)
        copy_rules(z, zone);
    else if (rules)
        icalcomponent_free(rules); /* else the zone owns them */
    if (zone)
        icaltimezone_free(zone, 1);
    return ok;
}

/* The zone, valid until the next call, or NULL. */
static const struct zone *find(const char *tz)
{
    struct zone fresh = { 0 };

    for (unsigned i = 0; tz && *tz && i < KEPT; i++)
        if (strcmp(kept[i].name, tz) == 0)
            return &kept[i];
    if (!tz || !str_copy(fresh.name, sizeof fresh.name, tz))
        return NULL;
    if (strcmp(tz, "UTC") != 0 && !(name_sane(tz) && load(&fresh, tz)))
        return NULL;
    kept[next_kept] = fresh;
    next_kept = (next_kept + 1) % KEPT;
    return &kept[(next_kept + KEPT - 1) % KEPT];
}

/* Seconds east of UTC at an instant in seconds since 1970. */
static int offset_at(const struct zone *z, int64_t utc_s)
{
    int offset = z->offset_s;

    for (int i = 0; i < z->changes_n && z->at_s[i] <= utc_s; i++)
        offset = z->to_s[i];
    return offset;
}

/* The first change after from; there is one. */
static int64_t change_after(const struct zone *z, int64_t from)
{
    int i = 0;

    while (i < z->changes_n - 1 && z->at_s[i] <= from)
        i++;
    return z->changes_n ? z->at_s[i] : from;
}

static bool local_valid(const struct local_time *t)
{
    return date_valid(t->year, t->month, t->day) && t->year >= ZONE_YEAR_MIN &&
           t->year <= ZONE_YEAR_MAX && t->hour >= 0 && t->hour <= 23 && t->minute >= 0 &&
           t->minute <= 59 && t->second >= 0 && t->second <= 59;
}

bool zone_known(const char *tz)
{
    return find(tz) != NULL;
}

enum zone_answer zone_to_utc(const char *tz, const struct local_time *local, int64_t *first_ms,
                             int64_t *second_ms)
{
    const struct zone *zone = find(tz);
    int64_t wall, early, late;
    int before, after;
    bool early_ok, late_ok;

    if (!zone || !local_valid(local))
        return ZONE_UNKNOWN;
    wall = date_to_days(local->year, local->month, local->day) * S_PER_DAY + local->hour * 3600 +
           local->minute * 60 + local->second;
    /* No zone is further than a day from UTC, so one of these two offsets holds at wall. */
    before = offset_at(zone, wall - S_PER_DAY);
    after = offset_at(zone, wall + S_PER_DAY);
    early = wall - before;
    late = wall - after;
    early_ok = offset_at(zone, early) == before;
    late_ok = offset_at(zone, late) == after;
    if (!early_ok && !late_ok) {
        *first_ms = change_after(zone, wall - S_PER_DAY) * MS_PER_S;
        *second_ms = *first_ms;
        return ZONE_SKIPPED;
    }
    *first_ms = (early_ok ? early : late) * MS_PER_S;
    *second_ms = (late_ok ? late : early) * MS_PER_S;
    return *first_ms == *second_ms ? ZONE_UNIQUE : ZONE_DOUBLED;
}

enum err zone_local(const char *tz, int64_t utc_ms, struct local_time *out)
{
    const struct zone *zone = find(tz);
    int64_t utc_s = floor_div(utc_ms, MS_PER_S);
    struct local_time t = { 0 };
    int64_t wall, days;
    int of_day;

    if (!zone)
        return ERR_NOTFOUND;
    if (utc_s < date_to_days(ZONE_YEAR_MIN, 1, 1) * S_PER_DAY ||
        utc_s >= date_to_days(ZONE_YEAR_MAX + 1, 1, 1) * S_PER_DAY)
        return ERR_INVAL;
    t.offset_s = offset_at(zone, utc_s);
    wall = utc_s + t.offset_s;
    days = floor_div(wall, S_PER_DAY);
    of_day = (int)(wall - days * S_PER_DAY);
    date_from_days(days, &t.year, &t.month, &t.day);
    t.hour = of_day / 3600;
    t.minute = of_day / 60 % 60;
    t.second = of_day % 60;
    t.weekday = date_weekday(days);
    *out = t;
    return ERR_OK;
}

enum err zone_day_start(const char *tz, int year, int month, int day, int64_t *utc_ms)
{
    struct local_time midnight = { .year = year, .month = month, .day = day };
    int64_t first, second;

    /* A skipped midnight: the day begins at the jump. A doubled one: at the first of the two. */
    if (zone_to_utc(tz, &midnight, &first, &second) == ZONE_UNKNOWN)
        return ERR_NOTFOUND;
    *utc_ms = first;
    return ERR_OK;
}

enum err zone_warm(const char *const *names, size_t n)
{
    enum err e = find("UTC") ? ERR_OK : ERR_NOTFOUND;

    for (size_t i = 0; i < n; i++)
        if (!find(names[i]))
            e = ERR_NOTFOUND;
    return e;
}
